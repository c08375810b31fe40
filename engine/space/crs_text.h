/* What the text of a reference system may be, and which well-known system it names. */
#ifndef PLEIN_SPACE_CRS_TEXT_H
#define PLEIN_SPACE_CRS_TEXT_H

#include "engine/core/base.h"

enum { CRS_CODE_SIZE = 32 };

/* The text without a byte order mark and blanks around it, and a URN
 * ("urn:ogc:def:crs:EPSG::28992") as a code; the caller frees it. NULL and ERROR_DATA when it is
 * anything but a code (EPSG:28992), a PROJ string of plain parameters or the WKT of a system: PROJ
 * would open files and addresses that such a text names. */
char *crs_text_clean(const char *text, struct error *error);

/* Writes into code[CRS_CODE_SIZE] the code of the system that a clean text names, when that can be
 * read without a database: EPSG:4326, EPSG:4258, RD New, ETRS89 or WGS 84 / UTM, by code or by WKT
 * 1 of GDAL's and ESRI's kind; else "". */
void crs_text_code(char *code, const char *clean);

#endif

/* Reads the reference system that stands beside a shapefile (.prj). */
#ifndef PLEIN_FORMATS_PRJ_H
#define PLEIN_FORMATS_PRJ_H

#include "engine/core/files.h"

/* True when the text is one WKT definition of a reference system and nothing else: a known keyword,
 * brackets and quotes that close, printable characters. */
bool prj_is_wkt(const char *text);
/* The .prj's text in UTF-8, without its BOM and the blanks around it. The caller frees it. NULL:
 * with an error of kind ERROR_DATA that names --boundaries-crs when there is no .prj (no bytes) or
 * it is no WKT. */
char *prj_text(const struct file_bytes *prj, const char *path, struct error *error);

#endif

/* Reads a sheet of an Excel workbook (ECMA-376) as a table, row by row. */
#ifndef PLEIN_FORMATS_XLSX_READ_H
#define PLEIN_FORMATS_XLSX_READ_H

#include "engine/formats/features.h"

/* The sheet that input->layer names, else the first that is not hidden. Its header is the first row
 * with two cells that are filled. Days and times are told by the cells' formats and written
 * 2024-05-31T23:59:00; truths are true and false, errors (#N/A) nothing. Empty rows are passed
 * over. ERROR_DATA: no workbook, damaged, no such sheet, no header. */
bool xlsx_read(struct features *into, struct input *input, const struct features_wish *wish,
               struct error *error);

#endif

/* Writes layers as the sheets of an Excel workbook, with real numbers and dates. */
#ifndef PLEIN_FORMATS_XLSX_WRITE_H
#define PLEIN_FORMATS_XLSX_WRITE_H

#include "engine/core/layer.h"

/* The header row stays in sight, columns are as wide as what is in them. A MOMENT whose day is
 * known is a date, with its time of day where that is known; another is a text. Areas are left out.
 * The same layers give the same bytes. ERROR_CANNOT_WRITE: more rows than a sheet has; ERROR_USAGE
 * for standard output. */
bool xlsx_write(const char *path, const struct layer *layers, size_t count, struct error *error);

#endif

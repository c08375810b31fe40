/* Writes a layer's columns as CSV that a spreadsheet can open without harm. */
#ifndef PLEIN_FORMATS_CSV_WRITE_H
#define PLEIN_FORMATS_CSV_WRITE_H

#include "engine/core/layer.h"

/* RFC 4180: commas, CR LF, UTF-8, quotes where they must be. Excel's way: semicolons, decimal
 * commas and a byte order mark. A text that begins with = + - @, a tab, CR or LF, which a
 * spreadsheet would take for a formula, gets an apostrophe before it; numbers never do. Areas are
 * left out. NULL or "-" is standard output. */
bool csv_write(const char *path, const struct layer *layer, bool excel, struct error *error);

#endif

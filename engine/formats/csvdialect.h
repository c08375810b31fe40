/* Looks at the start of a file of delimited text: is it text, and which signs part its fields and
 * rows? */
#ifndef PLEIN_FORMATS_CSVDIALECT_H
#define PLEIN_FORMATS_CSVDIALECT_H

#include "engine/formats/csvscan.h"

enum { CSV_HEAD = 256 << 10 }; /* bytes of a file that are enough to know it by */

struct csv_head {
    struct csv_dialect dialect;
    bool has_bom, is_utf8;
    const char *first; /* where the first row that is not blank begins */
    size_t line;       /* of that row */
};

/* The delimiter is the one of , ; and tab that parts the first rows into the same number of fields;
 * a first line `sep=;`, as spreadsheets write it, is believed and passed over. ERROR_DATA names
 * `path`: empty, UTF-16, a zip or gzip file, NUL bytes. */
bool csv_head_look(struct csv_head *head, const struct csv_text *text, const char *path,
                   struct error *error);

#endif

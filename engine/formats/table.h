/* Small tables, such as a vocabulary: a whole file of delimited text as rows of cells. */
#ifndef PLEIN_FORMATS_TABLE_H
#define PLEIN_FORMATS_TABLE_H

#include "engine/core/base.h"

/* A whole file as rows of UTF-8 cells, the header among them. A cell is as it stands in the file,
 * without its quotes; blanks around it are kept. A zeroed struct is empty. */
struct table {
    char ***rows;  /* row_count arrays of column_count cells; a missing cell is "" */
    size_t *lines; /* the file's line on which each row begins */
    size_t row_count, column_count;
    size_t capacity;
    char *bytes, **cells; /* what the rows point into */
};
/* Reads `,` `;` or tab (found by looking), UTF-8 or Windows-1252, with or without a BOM, quotes as
 * in RFC 4180; blank lines are left out. ERROR_NO_INPUT; ERROR_DATA: empty, over 16 MB, NUL bytes,
 * UTF-16, a quote that never closes. */
bool table_read(struct table *table, const char *path, struct error *error);
/* The same of a file that is in memory; the name is for errors. */
struct table_bytes {
    const char *name, *bytes;
    size_t size;
};
bool table_parse(struct table *table, const struct table_bytes *bytes, struct error *error);
void table_free(struct table *table);

#endif

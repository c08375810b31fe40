/* Finds the fields of ordinary rows from an index of where delimiters, line ends and quotes stand,
 * made 64 bytes at a time. */
#ifndef PLEIN_FORMATS_CSVINDEX_H
#define PLEIN_FORMATS_CSVINDEX_H

#include "engine/formats/csvscan.h"

enum { CSV_MARKS = 4096 };

/* The index runs ahead of the rows by what its marks have room for. */
struct csv_index {
    const char *base;
    size_t length;  /* bytes of whole rows; CSV_PADDING behind them may be read */
    size_t indexed; /* so far */
    struct csv_dialect dialect;
    bool has_quotes;
    uint32_t head, tail;
    uint32_t marks[CSV_MARKS];
};

/* `index` is large, so it is filled in place. */
void csv_index_start(struct csv_index *index, const char *base, size_t length,
                     const struct csv_dialect *dialect);
/* Fills row->spans and row->next when the row at row->begin is an ordinary one: exactly
 * row->field_count fields and no quotes but around a whole field, on one line. False: csv_scan_row
 * has to look, and then csv_index_skip. */
bool csv_index_row(struct csv_index *index, struct csv_row *row);
/* Rows go on at `next`. */
void csv_index_skip(struct csv_index *index, const char *next);

#endif

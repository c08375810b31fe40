/* Lists that people keep in a spreadsheet: a table whose columns are known by their names. */
#ifndef PLEIN_FORMATS_LISTING_H
#define PLEIN_FORMATS_LISTING_H

#include "engine/core/dates.h"
#include "engine/formats/table.h"

enum { LISTING_MOST = 16, LISTING_NAMES = 3 };

/* What may stand in a list. */
struct listing_kind {
    const char *what;   /* "measures", to be translated where it is shown: N_ */
    const char *header; /* its first line, as an error shows it */
    /* Of each column, folded as text_fold does; the first is its own, the rest NULL or others. */
    const char *const (*names)[LISTING_NAMES];
    size_t column_count, required; /* the first so many must be there, with something in each row */
    enum error_kind fault;         /* of what is wrong in it */
};

/* An opened list; zeroed is closed. Rows 1 to table.row_count - 1 hold it. */
struct listing {
    const struct listing_kind *kind;
    const char *path;
    struct table table;
    int columns[LISTING_MOST]; /* -1: the table has none */
};

/* As table_read; and the kind's fault for a column that is required and not there. */
bool listing_open(struct listing *listing, const char *path, const struct listing_kind *kind,
                  struct error *error);
void listing_close(struct listing *listing);

/* A cell without the blanks around it; empty where the table has no such column. */
struct listing_cell {
    const char *begin, *end;
};
struct listing_cell listing_cell(const struct listing *listing, size_t row, size_t column);
bool listing_is_empty(struct listing_cell cell);
/* As much of a cell as an error shows: for "%.*s". */
int listing_shown(struct listing_cell cell);
bool listing_row_is_blank(const struct listing *listing, size_t row);
/* The cell's text, the caller's to free; the kind's fault for an empty one that is required. */
bool listing_copy(char **into, const struct listing *listing, size_t row, size_t column,
                  struct error *error);
/* MOMENT_UNKNOWN for an empty cell that is not required. */
bool listing_date(moment *when, const struct listing *listing, size_t row, size_t column,
                  struct error *error);

#endif

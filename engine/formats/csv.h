/* Reads incidents from delimited text: looks at the file to learn its dialect, then parses it in
 * parallel slices. */
#ifndef PLEIN_FORMATS_CSV_H
#define PLEIN_FORMATS_CSV_H

#include "engine/core/incidents.h"

/* The roles a column can have. occurred and reported may be made of two columns (date and time) or
 * of year, month and day columns. */
enum csv_role {
    ROLE_ID,
    ROLE_LON,
    ROLE_LAT,
    ROLE_X,
    ROLE_Y,
    ROLE_CATEGORY,
    ROLE_OCCURRED,
    ROLE_OCCURRED_TIME,
    ROLE_YEAR,
    ROLE_MONTH,
    ROLE_DAY,
    ROLE_REPORTED,
    ROLE_UNTIL,
    ROLE_SOURCE,
    ROLE_WEIGHT,
};
enum { CSV_ROLES = 15 };

struct csv_options {
    const char *columns; /* --columns x=FIELD,occurred_at=DATE+TIME,category=:litter; NULL: by the
                            usual names */
    unsigned wanted;     /* COLUMN_... bits */
    const struct zone *zone; /* for stamps with Z or an offset; NULL: the first such stamp is an
                                error that names --timezone */
    struct notes *notes;     /* NULL: not wanted */
    int thread_count;
};

/* What was found out about a file by looking; for `check` and for errors. */
struct csv_layout {
    char delimiter; /* ',' ';' or '\t' */
    bool decimal_comma, has_bom, is_utf8;
    size_t column_count;
    char **names;               /* the header's, UTF-8 */
    int roles[CSV_ROLES];       /* index of the column that serves, -1: none */
    char *constants[CSV_ROLES]; /* the value of `category=:litter`, NULL: none */
    bool has_degrees;           /* places come from lon and lat */
};

struct csv; /* an opened file */

/* `path` "-" is standard input. ERROR_NO_INPUT; ERROR_DATA: empty, no table, a named field that is
 * not there, no columns for a place, a field of more than 16 MB, NUL bytes (a binary file). */
struct csv *csv_open(const char *path, const struct csv_options *options, struct error *error);
void csv_close(struct csv *csv); /* NULL is fine */
const struct csv_layout *csv_layout(const struct csv *csv);

/* Reads the next window of the file (some megabytes, whole rows) and cuts it into slices of whole
 * rows, at most INCIDENTS_BATCH rows each. Slices stay valid until the next call. *slice_count 0:
 * the file has ended. */
bool csv_next(struct csv *csv, size_t *slice_count, struct error *error);
/* Parses one slice into an empty batch made with the wanted columns. Threads may call at one time
 * for different slices. Fills x, y (degrees or metres as in the file), reported, when (the event's
 * time: occurred_at, else reported_at), weight, id, source (indexes into source_names) when a
 * column has it, row and report. */
bool csv_parse(struct incidents *batch, const struct csv *csv, size_t slice, struct error *error);

/* For the vocabulary and other small tables: a whole file as rows of UTF-8 cells. */
struct table {
    char ***rows;  /* row_count arrays of column_count cells; a missing cell is "" */
    size_t *lines; /* the file's line on which each row begins */
    size_t row_count, column_count;
};
bool table_read(struct table *table, const char *path, struct error *error);
void table_free(struct table *table);

#endif

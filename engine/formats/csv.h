/* Reads incidents from delimited text, or what becomes such text on its way in: looks at the file
 * to learn its dialect, then parses it in parallel slices. */
#ifndef PLEIN_FORMATS_CSV_H
#define PLEIN_FORMATS_CSV_H

#include "engine/core/incidents.h"
#include "engine/formats/csvlayout.h"

/* How ordinary rows are read; the result is the same. */
enum csv_pace {
    CSV_FASTEST,  /* as fast as this processor can */
    CSV_PORTABLE, /* as fast as any processor can */
    CSV_CAREFUL,  /* the way that odd rows are read */
};

struct csv_options {
    const char *columns; /* --columns x=FIELD,occurred_at=DATE+TIME,category=:litter; NULL: by the
                            usual names */
    unsigned wanted;     /* COLUMN_... bits */
    const struct zone *zone; /* for stamps with Z or an offset; NULL: the first such stamp is an
                                error that names --timezone */
    struct notes *notes;     /* NULL: not wanted */
    int thread_count;
    size_t window_bytes; /* 0: as suits this machine; another size changes no result */
    enum csv_pace pace;  /* for tests */
};

struct csv; /* an opened file */

/* `path` is FILE or FILE:layer; "-" is standard input. ERROR_NO_INPUT; ERROR_DATA: empty, no table,
 * a named field that is not there, no columns for a place, a row of more than 16 MB, NUL bytes (a
 * binary file); ERROR_USAGE: columns that cannot be read. */
struct csv *csv_open(const char *path, const struct csv_options *options, struct error *error);
void csv_close(struct csv *csv); /* NULL is fine */
const struct csv_layout *csv_layout(const struct csv *csv);
/* The reference system that the file's format carries, of the columns that serve as places;
 * NULL: none. */
const char *csv_crs(const struct csv *csv);

struct csv_extent {
    size_t read; /* bytes, up to the end of the window */
    size_t size; /* of the file; 0: not known, as of a pipe */
};
/* Not while csv_next runs. */
struct csv_extent csv_extent(const struct csv *csv);

/* Reads the next window of the file (some megabytes, whole rows) and cuts it into slices of whole
 * rows, at most INCIDENTS_BATCH rows each. Slices stay valid until the next call. *slice_count 0:
 * the file has ended. */
bool csv_next(struct csv *csv, size_t *slice_count, struct error *error);
/* Parses one slice into an empty batch made with the wanted columns. Threads may call at one time
 * for different slices. Fills x, y (degrees or metres as in the file), reported, when (the event's
 * time: occurred_at, else reported_at), weight, id (empty without such a column), source (indexes
 * into source_names; when no column has it 0, and there are no source_names), holder (indexes into
 * holder_names), row, first_row and report. */
bool csv_parse(struct incidents *batch, const struct csv *csv, size_t slice, struct error *error);

#endif

/* Reads the fields of one row into a batch, whatever way they are written, and notes what is wrong
 * with them. */
#ifndef PLEIN_FORMATS_CSVFIELDS_H
#define PLEIN_FORMATS_CSVFIELDS_H

#include "engine/core/incidents.h"
#include "engine/core/simd.h"
#include "engine/core/text.h"
#include "engine/formats/csvlayout.h"
#include "engine/formats/csvwords.h"

struct feed;

/* What a file is read by. */
struct csv_reading {
    const char *path; /* for messages */
    const struct csv_layout *layout;
    const struct csv_window *window;
    struct csv_dialect dialect;
    unsigned wanted;         /* COLUMN_... bits */
    const struct zone *zone; /* NULL: a stamp with Z or an offset is an error */
    struct feed *feed; /* that numbers the rows; NULL: they are told by the line they are on */
    bool careful;      /* ordinary rows are read the way that odd rows are */
    bool wide;         /* with the instructions of SIMD_WIDE */
};

/* Where the event's time comes from. */
enum csv_time_from { CSV_TIME_NONE, CSV_TIME_STAMP, CSV_TIME_PARTS };

/* A row, and all that its fields are read by. */
struct csv_fields {
    const struct csv_reading *reading;
    const struct csv_layout *layout;
    struct incidents *batch;
    struct error *error;
    size_t i; /* of the batch's row that is filled */
    const char *row;
    size_t line;            /* on which it begins; of a feed: which row it is */
    const uint32_t *starts; /* of its fields, counted from there, each one behind the end of the one
                               before; one more than there are columns */
    bool has_quotes;        /* there are some in the slice */
    char *scratch;          /* as long as the slice, for fields with doubled quotes */
    enum csv_role x_role, y_role;
    enum csv_time_from time_from;
    struct date_style occurred_style, reported_style;
    bool has[CSV_ROLES];
    int columns[CSV_ROLES];                /* -1: none */
    struct csv_piece constants[CSV_ROLES]; /* in `padded` */
    struct text padded;
    struct csv_words categories, sources, holders[HOLDER_ROLES];
};

/* Sets up what follows from the reading, the batch and the error, which stand in a zeroed struct.
 * Free it in any case. */
bool csv_fields_start(struct csv_fields *fields);
void csv_fields_free(struct csv_fields *fields); /* starts and scratch are their maker's */

/* Notes a problem of the row, with what stands there. */
void csv_fields_note(struct csv_fields *fields, enum row_problem problem, struct csv_piece piece);

/* Each reads into the batch's row. The place and the weight: false when the row is passed over,
 * which is noted; the others: false for an error. */
bool csv_fields_place(struct csv_fields *fields);
bool csv_fields_weight(struct csv_fields *fields);
bool csv_fields_time(struct csv_fields *fields);
bool csv_fields_category(struct csv_fields *fields);
bool csv_fields_source(struct csv_fields *fields);
bool csv_fields_holders(struct csv_fields *fields);
bool csv_fields_id(struct csv_fields *fields);
/* The weight without a note of what is wrong with it. */
bool csv_fields_read_weight(struct csv_fields *fields);
/* Adds the time of day that a column of its own may have. */
void csv_fields_add_clock(moment *when, struct csv_fields *fields);

/* The field of a role, or its constant, or nothing. */
struct csv_piece csv_fields_piece(const struct csv_fields *fields, enum csv_role role);

#endif

/* Incidents in columns: one array a field, in batches. */
#ifndef PLEIN_CORE_INCIDENTS_H
#define PLEIN_CORE_INCIDENTS_H

#include "engine/core/dates.h"
#include "engine/core/geometry.h"

enum { INCIDENTS_BATCH = 131072 }; /* rows at most */

/* Columns that can be asked for; those nobody asked for stay NULL and are not read. The place
 * always is. */
enum incident_column {
    COLUMN_ID = 1,
    COLUMN_CATEGORY = 2,
    COLUMN_TIME = 4,
    COLUMN_SOURCE = 8,
    COLUMN_WEIGHT = 16,
    COLUMN_DISTRICT = 32,
    COLUMN_REPORTED_TO = 64, /* of a file that does not tell, it stays NULL too */
    COLUMN_RESPONSIBLE = 128,
};

/* What a file tells of who has an incident: to whom it was reported, who is to deal with it. */
enum holder_role { HOLDER_REPORTED_TO, HOLDER_RESPONSIBLE };
enum { HOLDER_ROLES = 2 };
unsigned holder_column(enum holder_role role); /* its COLUMN_... bit */

/* Domains in the order in which they are shown. */
enum domain { DOMAIN_SOCIAL, DOMAIN_PHYSICAL, DOMAIN_SAFETY, DOMAIN_UNMAPPED };
enum { DOMAIN_COUNT = 4 };

/* Texts of a column, end to end: text i is bytes[starts[i]] .. bytes[starts[i + 1]] - 1. */
struct text_column {
    char *bytes;
    size_t *starts; /* one more than there are texts */
    size_t length, capacity;
};

/* A row that was passed over, or kept with a loss. */
enum row_problem {
    ROW_SHORT,          /* skipped: fewer fields than the header */
    ROW_LONG,           /* skipped: more fields than the header */
    ROW_BAD_COORDINATE, /* skipped: a coordinate that is no number */
    ROW_BAD_WEIGHT,     /* skipped: a weight that is no whole number >= 1 */
    ROW_BAD_QUOTES,     /* skipped: a quote that never closes */
    ROW_BAD_DATE,       /* kept, time unknown */
    ROW_NO_PLACE,       /* kept, no place: empty coordinates */
    ROW_ZERO_PLACE,     /* kept, no place: 0,0 */
    ROW_OUT_OF_RANGE,   /* kept, no place: no such longitude or latitude */
};
enum { ROW_PROBLEMS = 9 };
enum { ROW_EXAMPLES = 8 }; /* how many line numbers of each are remembered */

struct row_report {
    size_t rows_read; /* data rows, skipped ones included */
    size_t counts[ROW_PROBLEMS];
    size_t lines[ROW_PROBLEMS][ROW_EXAMPLES]; /* the first ones, 1 is the file's first line */
    char examples[ROW_PROBLEMS][64];          /* the first offending text, UTF-8 */
};
bool row_problem_skips(enum row_problem problem);
size_t row_report_skipped(const struct row_report *report);
void row_report_note(struct row_report *report, enum row_problem problem, size_t line,
                     const char *text);
/* Adds `more`, whose rows come after those of `into`. */
void row_report_merge(struct row_report *into, const struct row_report *more);

/* One batch. Arrays hold `capacity` rows and belong to the batch; stages fill them from left to
 * right: read: x, y, reported, when, source, holder, weight, id; project: x, y in metres, grid;
 * locate: owner, district; classify: category, domain, also. */
struct incidents {
    size_t count, capacity;
    size_t first_row; /* data row number (from 1) of the slice this batch was read from */
    uint32_t *row; /* data row of each row, counted from first_row as 0; skipped rows leave holes */
    double *x, *y; /* as in the file (degrees: x is the longitude), then metres; NaN: no place */
    int32_t *grid_x, *grid_y;       /* the study's grid */
    int32_t *owner;                 /* index of a jurisdiction, OUTSIDE or NO_PLACE */
    int32_t *district;              /* index of a district, or OUTSIDE */
    uint32_t *reported;             /* index into reported_names */
    uint32_t *category;             /* number in the study's dictionary of categories */
    uint8_t *domain;                /* enum domain */
    uint8_t *also;                  /* bit d set: domain d too, as a secondary one */
    uint32_t *source;               /* number in the study's dictionary of sources */
    uint32_t *holder[HOLDER_ROLES]; /* number among the study's holders */
    uint32_t *weight;               /* >= 1 */
    moment *when;
    struct text_column id;
    char **reported_names; /* of this batch alone, UTF-8, trimmed; "" is one too */
    size_t reported_count, reported_capacity;
    char **source_names; /* of this batch alone, when a column names the source */
    size_t source_count, source_capacity;
    char **holder_names[HOLDER_ROLES]; /* of this batch alone */
    size_t holder_count[HOLDER_ROLES], holder_capacity[HOLDER_ROLES];
    struct row_report report;
};

/* Makes room for INCIDENTS_BATCH rows of the place and the wanted columns (COLUMN_... bits). */
bool incidents_new(struct incidents *incidents, unsigned columns, struct error *error);
/* Empties the batch; its arrays stay for the next one. */
void incidents_clear(struct incidents *incidents);
void incidents_free(struct incidents *incidents);
/* Keeps only the rows whose keep[i] is not 0, in their order. */
void incidents_keep(struct incidents *incidents, const uint8_t *keep);

#endif

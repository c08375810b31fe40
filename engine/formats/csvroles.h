/* Which column of a table plays which role: by the usual names in Dutch, English and German, and by
 * --columns. */
#ifndef PLEIN_FORMATS_CSVROLES_H
#define PLEIN_FORMATS_CSVROLES_H

#include "engine/core/base.h"

/* The roles a column can have. The event's time can be a stamp, a date and a time of day, or a
 * year, a month and a day. */
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
    ROLE_REPORTED_TO, /* in the order of enum holder_role */
    ROLE_RESPONSIBLE,
};
enum { CSV_ROLES = 17 };

/* As --columns writes it: "lon", "occurred_at", ...; ROLE_OCCURRED_TIME is "time". */
const char *csv_role_name(enum csv_role role);

/* Zeroed is empty, but for columns. */
struct csv_roles {
    int columns[CSV_ROLES];     /* index of the column that serves, -1: none */
    char *constants[CSV_ROLES]; /* the value of `category=:litter`, NULL: none */
    bool given[CSV_ROLES];      /* named by --columns */
};

/* The header of a file. */
struct csv_header {
    const char *path; /* for messages */
    char **names;     /* UTF-8, trimmed */
    size_t count;
    int names_cut;  /* names of so many bytes may have been cut off; 0: none is */
    bool has_place; /* the last two are the places: longitude and latitude, or x and y */
    bool place_in_degrees;
};

/* Finds columns by name: of a role's usual names the earlier one in our list goes first, of two
 * columns with that name the first. `columns` is the text of --columns, or NULL: a field is matched
 * exactly first, then folded; it may stand in quotes, with "" for a quote. ERROR_USAGE when that
 * text cannot be read or names no role; ERROR_DATA when it names a field that is not there. */
bool csv_roles_find(struct csv_roles *roles, const struct csv_header *header, const char *columns,
                    struct error *error);
void csv_roles_free(struct csv_roles *roles);
/* The names of the header as one text for messages, cut when it is long; the caller frees it. NULL
 * when memory is out. */
char *csv_header_list(const struct csv_header *header);

#endif

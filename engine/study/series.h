/* The selected incidents divided by one key, such as the part of the day: what a series of maps
 * shows. */
#ifndef PLEIN_STUDY_SERIES_H
#define PLEIN_STUDY_SERIES_H

#include "engine/study/gather.h"

/* In the order of the choices of --small-multiples. */
enum series_key {
    SERIES_NONE,
    SERIES_DOMAIN,
    SERIES_CATEGORY,
    SERIES_SOURCE,
    SERIES_YEAR,
    SERIES_QUARTER,
    SERIES_MONTH,
    SERIES_WEEKDAY,
    SERIES_DAYPART
};
enum { SERIES_MOST = 24 }; /* values: more maps on a sheet nobody can read */

/* One value and its incidents. */
struct series_value {
    /* A domain, a number in a dictionary, a year, 4 * year + quarter (0-3), 12 * year + month
     * (0-11), a weekday (Monday 0), or a part of the day (night 0, six hours each). */
    int64_t code;
    size_t incidents;
    /* All its incidents are organised crime, which is not shown on its own: it has no rows. */
    bool is_hidden;
    size_t first, count; /* rows */
};

/* Zeroed is empty. Values of a time are in its order and without a gap, also where nothing was
 * reported; domains in theirs; categories and sources by their number of incidents, then by name.
 * Of domains, categories and sources, those of fewer incidents than --min-count have no map. */
struct series {
    enum series_key key;
    struct series_value items[SERIES_MOST];
    size_t count;
    size_t unknown;               /* incidents whose value is not known */
    size_t hidden;                /* incidents of a domain, category or source left out since it
                                     holds organised crime alone */
    size_t others, others_values; /* incidents of the values that are too small for a map or beyond
                                     the most, and how many those are */
    int32_t *grid_x, *grid_y;     /* rows, value by value */
    uint32_t *weight;             /* NULL when every row counts once */
};

/* The columns that gather_run has to be asked for. */
unsigned series_columns(enum series_key key);
/* Divides what was gathered. ERROR_DATA: the value of none of the incidents is known, or there are
 * none; ERROR_USAGE: a time has more values than a sheet can hold. */
bool series_split(struct series *series, const struct gathered *gathered, enum series_key key,
                  struct error *error);
void series_free(struct series *series);

/* The word by which the key is asked for. */
const char *series_key_name(enum series_key key);
/* The incidents of one value as if they were all that was gathered; borrows, and has neither owners
 * nor times. */
struct gathered series_part(const struct series *series, const struct gathered *gathered,
                            size_t value);

#endif

/* Incidents of different sources that may be one: alike in place, time and category. */
#ifndef PLEIN_ANALYSIS_DUPLICATES_H
#define PLEIN_ANALYSIS_DUPLICATES_H

#include "engine/core/dates.h"

struct duplicates_incident {
    moment when;
    int32_t x, y; /* any unit; GRID_NOWHERE and GRID_FAR are no place */
    uint32_t category, source, row;
};
enum { DUPLICATES_SECONDS = 3600, DUPLICATES_EXAMPLES = 8 };

/* Pairs of one incident of the first source and one of the second, the lower number first. */
struct duplicates_pair {
    uint32_t first, second;
    size_t count;
    uint32_t rows[DUPLICATES_EXAMPLES][2]; /* the lowest, by the first source's and the second's */
};
struct duplicates {
    struct duplicates_pair *items; /* by first, then second */
    size_t count;
    bool too_many; /* so many are alike that they were not counted: no items */
};

/* Two incidents make a pair when their categories are the same, their sources not, they lie at most
 * `reach` from one another, and their times at most an hour; where a time of day is not known, on
 * the same day. Without a day, no pair. The order of the incidents changes nothing. Time O(count),
 * for sorting, and what lies within reach in space and time; over 2^28 such neighbours: too_many.
 */
bool duplicates_find(struct duplicates *found, const struct duplicates_incident *incidents,
                     size_t count, int32_t reach, struct error *error);
void duplicates_free(struct duplicates *found);

#endif

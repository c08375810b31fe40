/* The boundaries of a study: read, projected, repaired, merged by code and put on the grid. */
#ifndef PLEIN_STUDY_BOUNDARIES_H
#define PLEIN_STUDY_BOUNDARIES_H

#include "engine/core/jurisdictions.h"
#include "engine/study/options.h"

/* What was found on the way, for `check`. */
struct boundary_findings {
    size_t records;  /* with a polygon, as read */
    size_t repaired; /* of them, invalid ones */
    size_t without_code;
    double area_m2;    /* of all records as they stand in the file, in its own system */
    char system[128];  /* the file's own reference system */
    double accuracy_m; /* of the way into the study's system */
    bool projected;    /* whether there was such a way */
};

struct boundaries {
    struct jurisdictions jurisdictions; /* in the study's order, metres on the grid */
    struct jurisdictions exact;         /* not put on the grid; empty unless options->keep_exact */
    struct grid grid;
    char *crs; /* the study's reference system */
    struct boundary_findings findings;
};

/* Fills *boundaries from options->boundaries; what is odd goes into notes. */
bool boundaries_read(struct boundaries *boundaries, const struct options *options,
                     struct notes *notes, struct error *error);
/* The same with coordinates as they are, not put on the grid: a millimetre along a border of some
 * kilometres is an overlap of square metres. */
bool boundaries_read_exact(struct boundaries *boundaries, const struct options *options,
                           struct notes *notes, struct error *error);
void boundaries_free(struct boundaries *boundaries);

#endif

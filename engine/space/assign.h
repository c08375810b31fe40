/* Puts every incident in the jurisdiction that owns it, exactly, on the study's grid. */
#ifndef PLEIN_SPACE_ASSIGN_H
#define PLEIN_SPACE_ASSIGN_H

#include "engine/core/jurisdictions.h"

struct assignment;

struct assignment_options {
    struct grid grid;
    double gap_m;     /* a point in none, and within this of two, goes to the nearer; 0: no gap is
                         closed */
    int thread_count; /* for setting up; 0: as many as there are processors */
};

/* Jurisdictions must be in the study's order and snapped to the grid; they are copied. */
struct assignment *assignment_open(const struct jurisdictions *jurisdictions,
                                   const struct assignment_options *options, struct error *error);
void assignment_close(struct assignment *assignment); /* NULL is fine */

/* Writes the owner of each point: an index into the jurisdictions, OUTSIDE or NO_PLACE (for
 * GRID_NOWHERE). A point in or on the line of one jurisdiction only is that one's. Of several
 * (shared line, overlap), and for a point in none but within gap_m of at least two, the nearer by
 * squared distance in whole mm^2 has it, then the lower index. Threads may call at one time. Exact:
 * no floating point decides. */
void assignment_owners(int32_t *owners, const struct assignment *assignment,
                       const struct points *points);
/* The slow path: every edge of every jurisdiction, the same predicate. For tests. */
int32_t assignment_owner_plain(const struct assignment *assignment, int32_t x, int32_t y);

struct owned_points {
    struct points points;
    const int32_t *owners;
};
/* Writes the distance in metres to the nearest other jurisdiction's area: 0 in an overlap, NaN for
 * a point that is outside, has no place, or when there is one jurisdiction only. Distances above
 * limit_m may be given as INFINITY (limit_m INFINITY: all are exact). */
void assignment_border_m(double *border_m, const struct assignment *assignment,
                         const struct owned_points *points, double limit_m);

#endif

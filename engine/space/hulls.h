/* Draws the concave hull of places on a lattice. */
#ifndef PLEIN_SPACE_HULLS_H
#define PLEIN_SPACE_HULLS_H

#include "engine/space/ticks.h"

/* Zeroed is empty. */
struct hull {
    struct tick *corners; /* counter-clockwise, each once; two when all places are on one line */
    size_t count;
};

/* The convex hull, from whose triangles (Delaunay) those are taken away that have an outer side
 * longer than the square root of longest2: the longest side first, of equally long ones the larger
 * triangle, and never one that would leave out a place or cut the hull in two (Duckham et al.
 * 2008). Holes are not made. The places must be sorted by x, then y, each once. */
bool hull_trace(struct hull *hull, const struct ticks *places, int64_t longest2,
                struct error *error);
void hull_free(struct hull *hull);

#endif

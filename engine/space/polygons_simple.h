/* Tells at once, for nearly every boundary there is, that its rings neither touch nor cross. */
#ifndef PLEIN_SPACE_POLYGONS_SIMPLE_H
#define PLEIN_SPACE_POLYGONS_SIMPLE_H

#include "engine/core/geometry.h"

/* Sets *simple when no two sides of the rings meet but neighbours at their common corner: then they
 * are the outlines of a valid multipolygon. Sure: what rounding could hide is not called simple,
 * and then the rings may be fine all the same (one that touches another in a corner, say). The
 * rings are closed, without repeated corners. Time O(corners) where sides are short. */
bool rings_are_simple(bool *simple, const struct shape *rings, struct error *error);

/* 1 for a place within a ring, -1 for one outside it, 0 for one that is too near a side to tell.
 * The place is not on the line. */
int ring_side(const struct shape *rings, size_t ring, double x, double y);

#endif

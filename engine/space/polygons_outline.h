/* The outlines of clusters. */
#ifndef PLEIN_SPACE_POLYGONS_OUTLINE_H
#define PLEIN_SPACE_POLYGONS_OUTLINE_H

#include "engine/core/geometry.h"

struct polygons;

struct outlined {
    struct points points; /* all of them on the grid */
    struct grid grid;
    double buffer_m;
};
/* The outline of a cluster as one ring: the concave hull whose sides are at most four times
 * buffer_m where that leaves it in one piece, widened by buffer_m (at least 1 m) with round joins,
 * on whole decimetres. Every point lies inside, and no corner of the outline is a point's place:
 * points are first moved to a lattice of an eighth of buffer_m, so the outline comes within a tenth
 * of buffer_m of its name. One point gives a circle, points on a line a capsule, none an empty
 * shape. The order of the points changes nothing. Beyond some 20 ns a point the time goes with the
 * length of the outline. */
bool polygons_outline(struct polygons *polygons, struct shape *outline,
                      const struct outlined *outlined, struct error *error);

#endif

/* Lines of equal density, by marching squares (Lorensen and Cline 1987, in two dimensions). */
#ifndef PLEIN_DRAW_CONTOURS_H
#define PLEIN_DRAW_CONTOURS_H

#include "engine/core/geometry.h"
#include "engine/draw/resample.h"

struct contour_source {
    const struct raster *density;
    const struct raster *support; /* NULL: all may be shown */
    double least_support;         /* no line runs where fewer stand behind the density */
    struct lattice lattice;
};

/* Fills a zeroed shape with the line along which the density is `value`, as pieces of two points
 * each, in metres; pieces that go on from one another have an end in common to the last bit. The
 * density is read from the lattice as heat pictures read it, and straight in between. Time
 * O(lattice). */
bool contours_find(struct shape *pieces, const struct contour_source *source, double value,
                   struct error *error);

#endif

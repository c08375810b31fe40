/* Points near a point: points sorted into square cells, and the cells within reach of a cell. */
#ifndef PLEIN_SPACE_NEIGHBOURS_H
#define PLEIN_SPACE_NEIGHBOURS_H

#include "engine/space/neighbour_cells.h"

struct neighbours_options {
    double radius; /* in units of the points' grid, 0 or more */
    /* Points of a cell that holds so many, as do all cells near it, may be left out: of such a
     * cell its size and box are known. 0: none is. */
    size_t crowd;
    int thread_count;
};

/* Every point must be on the grid. Fails above 2^31 - 1 points. Time O(points). Memory on a dense
 * grid: up to 16 bytes a point to work with, 12 a point that is kept, 12 a cell; else 24 bytes a
 * point while it works and 12 after. */
bool neighbours_new(struct neighbours *neighbours, const struct points *points,
                    const struct neighbours_options *options, struct error *error);
void neighbours_free(struct neighbours *neighbours);

/* The squared distance up to which two points are neighbours: floor(radius^2), where a radius that
 * is whole but for the rounding of decimal text counts as whole. */
int64_t neighbours_reach2(double radius);

#endif

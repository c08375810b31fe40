/* Sorts points into a grid of cells by counting, and leaves out those that lie deep in a crowd. */
#ifndef PLEIN_SPACE_NEIGHBOURS_DENSE_H
#define PLEIN_SPACE_NEIGHBOURS_DENSE_H

#include "engine/space/neighbour_cells.h"

struct dense_options {
    size_t crowd; /* see neighbours_options */
    int thread_count;
};
/* Fills neighbours whose frame is set and has fewer than 2^31 cells; frees nothing when it fails.
 */
bool neighbours_fill_dense(struct neighbours *neighbours, const struct points *points,
                           const struct dense_options *options, struct error *error);

/* On a dense grid: the cell of each of the points, whether it was kept or left out. */
void neighbours_cells(uint32_t *cells, const struct neighbours *neighbours,
                      const struct points *points);

#endif

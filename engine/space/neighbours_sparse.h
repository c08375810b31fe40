/* Sorts points into the cells that hold any, by their keys: for grids of too many cells. */
#ifndef PLEIN_SPACE_NEIGHBOURS_SPARSE_H
#define PLEIN_SPACE_NEIGHBOURS_SPARSE_H

#include "engine/space/neighbour_cells.h"

/* Fills neighbours whose frame is set; frees nothing when it fails. */
bool neighbours_fill_sparse(struct neighbours *neighbours, const struct points *points,
                            int thread_count, struct error *error);

#endif

/* Divides the map into the squares of cells.h, finer where borders run, in one sweep. */
#ifndef PLEIN_SPACE_CELLS_BUILD_H
#define PLEIN_SPACE_CELLS_BUILD_H

#include "engine/space/cells.h"
#include "engine/space/edge_tree.h"

/* Time and memory are a small multiple of the edges', also where every edge crosses everything:
 * squares are then left with many edges. cells_free frees. */
bool cells_build(struct cells *cells, const struct edge_tree *tree, int threads,
                 struct error *error);

#endif

/* Sums of a kernel over the nodes of a mesh, at the centres of a raster's cells. */
#ifndef PLEIN_ANALYSIS_SPREAD_H
#define PLEIN_ANALYSIS_SPREAD_H

#include "engine/analysis/mesh.h"

/* Writes into values (columns * rows) the sum of weight times kernel_shape over the nodes, times
 * factor; for any kernel but the uniform one, whose rim is a step. The mesh is one of the frame. A
 * row of nodes goes to the rows of the raster within reach as the sums along a chord of the kernel:
 * a polynomial's grow from the shortest chord to the longest, the Gaussian's are all one. Time
 * O(nodes * reach in nodes), for the triangular kernel with the square of it. */
bool spread_run(double *values, const struct mesh *mesh, const struct frame *frame, double factor,
                struct error *error);

#endif

/* How far each cell of a raster lies from a shape's outline, up to a limit. */
#ifndef PLEIN_SPACE_REACH_H
#define PLEIN_SPACE_REACH_H

#include "engine/core/raster.h"

/* Writes into distances (one a cell of the frame, whose values are not used) how many metres the
 * cell's centre lies from the nearest point of the shape's rings or lines; INFINITY above limit_m.
 * Time O(cells + segments * (limit + length)^2 / cell^2). */
void reach_of_shape(double *distances, const struct raster *frame, const struct shape *shape,
                    double limit_m);

#endif

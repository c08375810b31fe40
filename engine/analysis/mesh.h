/* A mesh of nodes that stand for the points around them. */
#ifndef PLEIN_ANALYSIS_MESH_H
#define PLEIN_ANALYSIS_MESH_H

#include "engine/analysis/field.h"
#include "engine/analysis/sums.h"

/* A node lies at each cell's centre of the frame's raster, and parts - 1 between two of them, and
 * as far around the raster as a kernel reaches. Node (column, row) is at the south-western corner
 * of the field's cell. */
struct mesh {
    struct field field;
    size_t parts;
    size_t margin; /* the first cell's centre is node (margin, margin) */
    size_t reach;  /* nodes at least so far off add nothing */
};
struct mesh mesh_of(const struct frame *frame, size_t parts);
/* Nodes that mesh_of makes, as a double so that nothing overflows. */
double mesh_nodes(const struct frame *frame, size_t parts);

/* Shares each point out over the 4 x 4 nodes around it by cubic interpolation (Lagrange): any
 * polynomial of the third degree, summed over nodes, is then what it is at the point. A weight of 1
 * is `unit`, at most MESH_UNIT; it is that without weights. Time O(points). */
bool mesh_add(struct mesh *mesh, const struct points *points, const double *weights, double unit,
              int thread_count, struct error *error);
#define MESH_UNIT 1073741824.0 /* 2^30 */

#endif

/* Cells joined into clusters: those whose core points are neighbours. */
#ifndef PLEIN_ANALYSIS_CELL_UNION_H
#define PLEIN_ANALYSIS_CELL_UNION_H

#include "engine/analysis/core_points.h"

#include <stdatomic.h>

/* The core points of one cell are neighbours of one another, so a cluster is a set of cells. */
struct cell_union {
    const struct core_points *points;
    _Atomic uint32_t *parents;  /* by cell: the lower cell it was joined to, itself for a root */
    _Atomic uint8_t *near_core; /* by cell */
    atomic_bool doubt;
};

/* On failure it must be freed as well. */
bool cell_union_new(struct cell_union *joined, const struct core_points *points,
                    struct error *error);
void cell_union_free(struct cell_union *joined);

/* The lowest cell of the cluster; of a cell without core points, itself. */
uint32_t cell_union_root(const struct cell_union *joined, size_t cell);
/* Whether a cell that is not core as a whole has, or lies within reach of, a cell with core points.
 */
bool cell_union_near_core(const struct cell_union *joined, size_t cell);
/* Whether a cell whose points are left out is in another cluster than a cell near it: then only
 * the points can tell whether that is right. */
bool cell_union_is_doubtful(struct cell_union *joined);

#endif

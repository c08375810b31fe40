/* The sums of an axis that lie within one another, and what that tells. */
#ifndef PLEIN_ANALYSIS_DISCLOSURE_NEST_H
#define PLEIN_ANALYSIS_DISCLOSURE_NEST_H

#include "engine/analysis/disclosure.h"

/* Adds a line for each sum of the axis that holds any of these nodes: those within it that do not
 * overlap, the largest first, and the leaves beside them. Without it, that a sum leaves little
 * beside another one within it would not be seen, as long as their leaves are all unknown. Leaves
 * among the nodes are passed over, and numbers that are no nodes; NULL: all sums. Leaves the nodes
 * and their counts as they are. Time O(sums * (nodes + lines)). */
bool disclosure_nest(struct disclosure_axis *axis, const size_t *nodes, size_t count,
                     struct error *error);

#endif

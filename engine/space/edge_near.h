/* What lies near a place: the owner of a gap, and how far the others are. */
#ifndef PLEIN_SPACE_EDGE_NEAR_H
#define PLEIN_SPACE_EDGE_NEAR_H

#include "engine/space/edge_tree.h"

/* The nearest of at least two that lie within the gap of a place in no jurisdiction, else
 * OUTSIDE. */
int32_t edge_near_gap_owner(const struct edge_tree *tree, struct place place);
/* Whether at least two jurisdictions have an edge within the gap of the box (where that
 * takes long to tell, true). */
bool edge_near_two(const struct edge_tree *tree, struct grid_box box);
struct nearest_query {
    struct place place;
    int32_t own;
    double limit; /* further is not looked */
};
/* Distance in units to the nearest edge of another jurisdiction than `own`, exactly the least that
 * edge_distance gives; INFINITY when there is none within the limit. *nearest is that edge's number
 * or EDGE_NONE; set before, it is looked at first: the one of a place near by saves half the time.
 */
double edge_near_other(const struct edge_tree *tree, const struct nearest_query *query,
                       uint32_t *nearest);
static const uint32_t EDGE_NONE = UINT32_MAX;

#endif

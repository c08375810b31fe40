/* Every edge of every jurisdiction on the whole-number grid, with exact arithmetic on them. */
#ifndef PLEIN_SPACE_EDGES_H
#define PLEIN_SPACE_EDGES_H

#include "engine/core/jurisdictions.h"

/* One side of a ring. `a` lies below `b`; of a level edge `a` is the left end. */
struct edge {
    int32_t ax, ay, bx, by;
    int32_t jurisdiction;
};

struct place {
    int32_t x, y; /* units of the grid */
};

/* Whole units, all four sides included. */
struct grid_box {
    int32_t x_min, y_min, x_max, y_max;
};

struct grid_box grid_box_both(struct grid_box a, struct grid_box b);
static inline bool grid_boxes_meet(struct grid_box a, struct grid_box b)
{
    return a.x_min <= b.x_max && b.x_min <= a.x_max && a.y_min <= b.y_max && b.y_min <= a.y_max;
}

struct edges {
    struct edge *items; /* by jurisdiction, in the order of its rings */
    size_t count;
    size_t *starts; /* edges of jurisdiction j: starts[j] .. starts[j + 1] - 1 */
    size_t jurisdiction_count;
    struct grid_box box;
    int64_t gap_mm;
    int unit_mm;
};

/* Copies the jurisdictions' edges; sides of no length are left out, open rings are closed. Fails
 * when a vertex lies beyond the grid. gap_mm is at most GRID_LIMIT. */
bool edges_new(struct edges *edges, const struct jurisdictions *jurisdictions,
               const struct grid *grid, struct error *error);
void edges_free(struct edges *edges);

/* Positive when the place lies to the right of the edge (which runs upwards), 0 on its line. Exact
 * in 64 bits, since |coordinate| < GRID_LIMIT. */
static inline int64_t edge_side(const struct edge *edge, struct place place)
{
    return ((int64_t)place.x - edge->ax) * ((int64_t)edge->by - edge->ay)
           - ((int64_t)place.y - edge->ay) * ((int64_t)edge->bx - edge->ax);
}
struct grid_box edge_extent(const struct edge *edge);
/* Whether the place lies on the edge, its ends included. */
bool edge_holds(const struct edge *edge, struct place place);
/* Whether any of the edge lies in the box. */
bool edge_meets(const struct edge *edge, struct grid_box box);
/* Distance in units, to a few parts in 10^16. */
double edge_distance(const struct edge *edge, struct place place);

/* Gathers who is near a place that lies in no jurisdiction. */
struct gap_search {
    int32_t owner, seen; /* the nearest, and any other that is near; OUTSIDE until found */
    int64_t nearest_mm2;
    bool two;
};
void gap_search_begin(struct gap_search *search);
/* Exact: within the gap counts as near, and near ones compare by whole square millimetres. */
void gap_search_edge(struct gap_search *search, const struct edges *edges, const struct edge *edge,
                     struct place place);
/* The nearest of at least two, else OUTSIDE. */
int32_t gap_search_end(const struct gap_search *search);

#endif

/* Every edge of every jurisdiction on the whole-number grid, with exact arithmetic on them. */
#include "engine/space/edges.h"

#include <math.h>
#include <stdlib.h>

__extension__ typedef unsigned __int128 wide;

/* ---- copying ---- */

static void edge_put(struct edges *edges, struct place from, struct place to, int32_t jurisdiction)
{
    if (from.x == to.x && from.y == to.y)
        return;
    bool rises = from.y < to.y || (from.y == to.y && from.x < to.x);
    struct place a = rises ? from : to, b = rises ? to : from;
    edges->items[edges->count++] = (struct edge){a.x, a.y, b.x, b.y, jurisdiction};
}

static bool place_of(struct place *place, const struct shape *shape, size_t i,
                     const struct grid *grid)
{
    *place = (struct place){grid_x(grid, shape->x[i]), grid_y(grid, shape->y[i])};
    return place->x > -GRID_LIMIT && place->x < GRID_LIMIT && place->y > -GRID_LIMIT
           && place->y < GRID_LIMIT;
}

static bool ring_put(struct edges *edges, const struct shape *shape, size_t ring,
                     const struct grid *grid)
{
    int32_t jurisdiction = (int32_t)edges->jurisdiction_count;
    size_t first = shape->ring_starts[ring], end = shape->ring_starts[ring + 1];
    struct place start, previous, here;
    if (first == end)
        return true;
    if (!place_of(&start, shape, first, grid))
        return false;
    previous = start;
    for (size_t i = first + 1; i < end; i++, previous = here) {
        if (!place_of(&here, shape, i, grid))
            return false;
        edge_put(edges, previous, here, jurisdiction);
    }
    edge_put(edges, previous, start, jurisdiction);
    return true;
}

static bool copy_edges(struct edges *edges, const struct jurisdictions *from,
                       const struct grid *grid, struct error *error)
{
    for (size_t j = 0; j < from->count; j++) {
        const struct shape *shape = &from->items[j].shape;
        edges->starts[j] = edges->count;
        for (size_t r = 0; r < shape->ring_count; r++)
            if (!ring_put(edges, shape, r, grid))
                return error_set(error, ERROR_DATA,
                                 "the boundary of '%s' reaches beyond the study's grid; is its "
                                 "reference system right?",
                                 jurisdiction_key(&from->items[j]));
        edges->jurisdiction_count++;
    }
    edges->starts[from->count] = edges->count;
    return true;
}

/* ---- boxes ---- */

static int32_t smaller(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

static int32_t larger(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

struct grid_box grid_box_both(struct grid_box a, struct grid_box b)
{
    return (struct grid_box){smaller(a.x_min, b.x_min), smaller(a.y_min, b.y_min),
                             larger(a.x_max, b.x_max), larger(a.y_max, b.y_max)};
}

struct grid_box edge_extent(const struct edge *edge)
{
    return (struct grid_box){smaller(edge->ax, edge->bx), edge->ay, larger(edge->ax, edge->bx),
                             edge->by};
}

static void find_box(struct edges *edges)
{
    if (edges->count > 0)
        edges->box = edge_extent(&edges->items[0]);
    for (size_t i = 1; i < edges->count; i++)
        edges->box = grid_box_both(edges->box, edge_extent(&edges->items[i]));
}

bool edges_new(struct edges *edges, const struct jurisdictions *jurisdictions,
               const struct grid *grid, struct error *error)
{
    size_t sides = 0;
    for (size_t j = 0; j < jurisdictions->count; j++)
        sides += jurisdictions->items[j].shape.point_count;
    if (sides >= UINT32_MAX / 4 || jurisdictions->count >= INT32_MAX / 4)
        return error_set(error, ERROR_DATA, "the boundaries have too many vertices (%zu)", sides);
    edges->unit_mm = grid->unit_mm;
    if (array_new_raw(&edges->items, sides, sizeof *edges->items, error)
        && array_new(&edges->starts, jurisdictions->count + 1, sizeof *edges->starts, error)
        && copy_edges(edges, jurisdictions, grid, error)) {
        find_box(edges);
        return true;
    }
    edges_free(edges);
    return false;
}

void edges_free(struct edges *edges)
{
    array_free(&edges->items);
    array_free(&edges->starts);
    *edges = (struct edges){0};
}

/* ---- one edge ---- */

bool edge_holds(const struct edge *edge, struct place place)
{
    return place.y >= edge->ay && place.y <= edge->by && place.x >= smaller(edge->ax, edge->bx)
           && place.x <= larger(edge->ax, edge->bx) && edge_side(edge, place) == 0;
}

bool edge_meets(const struct edge *edge, struct grid_box box)
{
    if (!grid_boxes_meet(edge_extent(edge), box))
        return false;
    int64_t sides[4] = {edge_side(edge, (struct place){box.x_min, box.y_min}),
                        edge_side(edge, (struct place){box.x_min, box.y_max}),
                        edge_side(edge, (struct place){box.x_max, box.y_min}),
                        edge_side(edge, (struct place){box.x_max, box.y_max})};
    bool left = false, right = false;
    for (int i = 0; i < 4; i++) {
        left = left || sides[i] <= 0;
        right = right || sides[i] >= 0;
    }
    return left && right;
}

/* How far the place's foot lies along the edge, from 0 to the squared length where it has one. */
static int64_t foot(const struct edge *edge, struct place place)
{
    return ((int64_t)place.x - edge->ax) * ((int64_t)edge->bx - edge->ax)
           + ((int64_t)place.y - edge->ay) * ((int64_t)edge->by - edge->ay);
}

static int64_t squared(int64_t dx, int64_t dy)
{
    return dx * dx + dy * dy;
}

static int64_t squared_length(const struct edge *edge)
{
    return squared((int64_t)edge->bx - edge->ax, (int64_t)edge->by - edge->ay);
}

double edge_distance(const struct edge *edge, struct place place)
{
    int64_t along = foot(edge, place), length2 = squared_length(edge);
    if (along <= 0)
        return sqrt((double)squared((int64_t)place.x - edge->ax, (int64_t)place.y - edge->ay));
    if (along >= length2)
        return sqrt((double)squared((int64_t)place.x - edge->bx, (int64_t)place.y - edge->by));
    return fabs((double)edge_side(edge, place)) / sqrt((double)length2);
}

/* ---- gaps ---- */

/* Squared distance in mm^2, rounded down; -1 beyond the gap. The foot of the place lies within the
 * edge: then it is side^2 / length^2. */
static int64_t beside_mm2(const struct edges *edges, const struct edge *edge, struct place place)
{
    int64_t side = edge_side(edge, place);
    wide across = side < 0 ? (wide)-side : (wide)side, length2 = (wide)squared_length(edge);
    wide limit = (wide)edges->gap_mm * (wide)edges->gap_mm;
    wide unit = (wide)(edges->unit_mm * edges->unit_mm);
    across *= across;
    /* Far ones leave here, so that nothing below can overflow. */
    if (across / length2 > limit / unit || across * unit > limit * length2)
        return -1;
    return (int64_t)(across * unit / length2);
}

static int64_t apart_mm2(const struct edges *edges, int64_t dx, int64_t dy)
{
    int64_t unit = edges->unit_mm * edges->unit_mm, apart = squared(dx, dy);
    return apart > edges->gap_mm * edges->gap_mm / unit ? -1 : apart * unit;
}

static int64_t distance_mm2(const struct edges *edges, const struct edge *edge, struct place place)
{
    int64_t along = foot(edge, place);
    if (along <= 0)
        return apart_mm2(edges, (int64_t)place.x - edge->ax, (int64_t)place.y - edge->ay);
    if (along >= squared_length(edge))
        return apart_mm2(edges, (int64_t)place.x - edge->bx, (int64_t)place.y - edge->by);
    return beside_mm2(edges, edge, place);
}

void gap_search_begin(struct gap_search *search)
{
    *search = (struct gap_search){.owner = OUTSIDE, .seen = OUTSIDE};
}

void gap_search_edge(struct gap_search *search, const struct edges *edges, const struct edge *edge,
                     struct place place)
{
    int64_t apart = distance_mm2(edges, edge, place);
    if (apart < 0)
        return;
    if (search->seen != OUTSIDE && search->seen != edge->jurisdiction)
        search->two = true;
    search->seen = edge->jurisdiction;
    if (search->owner != OUTSIDE
        && (apart > search->nearest_mm2
            || (apart == search->nearest_mm2 && edge->jurisdiction >= search->owner)))
        return;
    search->nearest_mm2 = apart;
    search->owner = edge->jurisdiction;
}

int32_t gap_search_end(const struct gap_search *search)
{
    return search->two ? search->owner : OUTSIDE;
}

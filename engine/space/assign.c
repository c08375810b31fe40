/* Puts every incident in the jurisdiction that owns it, exactly, on the study's grid. */
#include "engine/space/assign.h"

#include "engine/space/cells_build.h"
#include "engine/space/edge_near.h"
#include "engine/space/radix.h"

#include <math.h>
#include <stdlib.h>

struct assignment {
    struct edges edges;
    struct edge_tree tree;
    struct cells cells;
    size_t with_area; /* jurisdictions that have an edge at all */
};

static int64_t gap_in_mm(double gap_m)
{
    if (!(gap_m > 0))
        return 0;
    return gap_m * 1000 < GRID_LIMIT ? llround(gap_m * 1000) : GRID_LIMIT;
}

struct assignment *assignment_open(const struct jurisdictions *jurisdictions,
                                   const struct assignment_options *options, struct error *error)
{
    struct assignment *assignment;
    if (!array_new(&assignment, 1, sizeof *assignment, error))
        return NULL;
    if (!edges_new(&assignment->edges, jurisdictions, &options->grid, error)
        || !edge_tree_new(&assignment->tree, &assignment->edges, error)) {
        assignment_close(assignment);
        return NULL;
    }
    assignment->edges.gap_mm = gap_in_mm(options->gap_m);
    for (size_t j = 0; j < jurisdictions->count; j++)
        assignment->with_area += assignment->edges.starts[j] < assignment->edges.starts[j + 1];
    if (!cells_build(&assignment->cells, &assignment->tree, options->thread_count, error)) {
        assignment_close(assignment);
        return NULL;
    }
    return assignment;
}

void assignment_close(struct assignment *assignment)
{
    if (assignment == NULL)
        return;
    edge_tree_free(&assignment->tree);
    edges_free(&assignment->edges);
    cells_free(&assignment->cells);
    free(assignment);
}

void assignment_owners(int32_t *owners, const struct assignment *assignment,
                       const struct points *points)
{
    if (cells_owners(owners, &assignment->cells, points) == 0)
        return;
    for (size_t i = 0; i < points->count; i++)
        if (owners[i] == CELLS_PERHAPS_GAP)
            owners[i] =
                edge_near_gap_owner(&assignment->tree, (struct place){points->x[i], points->y[i]});
}

/* Even-odd, and on a line is in. */
static bool holds_plain(const struct edges *edges, size_t jurisdiction, struct place place)
{
    bool inside = false;
    for (size_t i = edges->starts[jurisdiction]; i < edges->starts[jurisdiction + 1]; i++) {
        const struct edge *edge = &edges->items[i];
        if (edge_holds(edge, place))
            return true;
        if (place.y >= edge->ay && place.y < edge->by && edge_side(edge, place) > 0)
            inside = !inside;
    }
    return inside;
}

static bool off_grid(int32_t coordinate)
{
    return coordinate <= -GRID_LIMIT || coordinate >= GRID_LIMIT;
}

int32_t assignment_owner_plain(const struct assignment *assignment, int32_t x, int32_t y)
{
    const struct edges *edges = &assignment->edges;
    struct place place = {x, y};
    struct gap_search search;
    if (x == GRID_NOWHERE || y == GRID_NOWHERE)
        return NO_PLACE;
    if (off_grid(x) || off_grid(y))
        return OUTSIDE;
    for (size_t j = 0; j < edges->jurisdiction_count; j++)
        if (holds_plain(edges, j, place))
            return (int32_t)j;
    gap_search_begin(&search);
    for (size_t i = 0; i < edges->count && edges->gap_mm > 0; i++)
        gap_search_edge(&search, edges, &edges->items[i], place);
    return gap_search_end(&search);
}

/* ---- distances to others ---- */

/* Points that need a search, so many at one time that what is kept of them stays small. */
enum { SEARCHES = 131072, AHEAD = 4 };

struct searching {
    const struct assignment *assignment;
    const struct owned_points *points;
    double *border_m;
    double limit, unit_m;
    struct keyed *order; /* NULL: there was no memory, and they go as they come */
    size_t count;
};

static struct place place_at(const struct owned_points *points, size_t i)
{
    return (struct place){points->points.x[i], points->points.y[i]};
}

/* Bits of a number, one apart: in pairs they are places along Morton's curve. */
static uint64_t spread(uint32_t bits)
{
    uint64_t x = bits & 0xFFFF;
    x = (x | x << 8) & 0x00FF00FF;
    x = (x | x << 4) & 0x0F0F0F0F;
    x = (x | x << 2) & 0x33333333;
    return (x | x << 1) & 0x55555555;
}

/* Squares of the grid of cells, along Morton's curve. */
static uint64_t search_key(const struct cells *cells, struct place place)
{
    uint32_t x = (uint32_t)place.x - (uint32_t)cells->x, y = (uint32_t)place.y - (uint32_t)cells->y;
    return spread(x >> cells->shift_x) | spread(y >> cells->shift_y) << 1;
}

static void search(struct searching *searching, size_t i, uint32_t *nearest)
{
    const struct nearest_query query = {place_at(searching->points, i),
                                        searching->points->owners[i], searching->limit};
    if (cells_overlap(&searching->assignment->cells, query.place))
        searching->border_m[i] = 0;
    else
        searching->border_m[i] =
            edge_near_other(&searching->assignment->tree, &query, nearest) * searching->unit_m;
}

/* In the order of the curve each search begins with what the one before it found, and memory that
 * is needed has just been used. */
static void search_listed(struct searching *searching)
{
    uint32_t nearest = EDGE_NONE;
    radix_sort(searching->order, searching->count, NULL); /* without memory they stay as they are */
    for (size_t k = 0; k < searching->count; k++) {
        size_t ahead = searching->order[k + AHEAD < searching->count ? k + AHEAD : k].carried;
        __builtin_prefetch(&searching->points->points.x[ahead]);
        __builtin_prefetch(&searching->points->points.y[ahead]);
        __builtin_prefetch(&searching->points->owners[ahead]);
        __builtin_prefetch(&searching->border_m[ahead], 1);
        search(searching, searching->order[k].carried, &nearest);
    }
    searching->count = 0;
}

/* False when the distance is yet to be searched for. */
static bool knows_border(const struct searching *searching, size_t i)
{
    const struct assignment *assignment = searching->assignment;
    if (searching->points->owners[i] < 0 || assignment->with_area < 2)
        searching->border_m[i] = NAN;
    else if (isfinite(searching->limit)
             && cells_clear(&assignment->cells, place_at(searching->points, i), searching->limit))
        searching->border_m[i] = INFINITY;
    else
        return false;
    return true;
}

void assignment_border_m(double *border_m, const struct assignment *assignment,
                         const struct owned_points *points, double limit_m)
{
    struct searching searching = {.assignment = assignment, .points = points, .border_m = border_m};
    searching.unit_m = assignment->edges.unit_mm / 1000.0;
    searching.limit = limit_m / searching.unit_m;
    size_t most = points->points.count < SEARCHES ? points->points.count : SEARCHES;
    if (!array_new_raw(&searching.order, most, sizeof *searching.order, NULL))
        searching.order = NULL;
    for (size_t i = 0; i < points->points.count; i++) {
        if (knows_border(&searching, i))
            continue;
        if (searching.order == NULL) {
            uint32_t nearest = EDGE_NONE;
            search(&searching, i, &nearest);
            continue;
        }
        searching.order[searching.count++] =
            (struct keyed){search_key(&assignment->cells, place_at(points, i)), i};
        if (searching.count == most)
            search_listed(&searching);
    }
    search_listed(&searching);
    array_free(&searching.order);
}

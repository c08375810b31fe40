/* Puts every incident in the jurisdiction that owns it, exactly, on the study's grid. */
#include "engine/space/assign.h"

#include "engine/space/cells_build.h"

#include <math.h>
#include <stdlib.h>

struct assignment {
    struct edges edges;
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
    if (!edges_new(&assignment->edges, jurisdictions, &options->grid, error)) {
        assignment_close(assignment);
        return NULL;
    }
    assignment->edges.gap_mm = gap_in_mm(options->gap_m);
    for (size_t j = 0; j < jurisdictions->count; j++)
        assignment->with_area += assignment->edges.starts[j] < assignment->edges.starts[j + 1];
    if (!cells_build(&assignment->cells, &assignment->edges, options->thread_count, error)) {
        assignment_close(assignment);
        return NULL;
    }
    return assignment;
}

void assignment_close(struct assignment *assignment)
{
    if (assignment == NULL)
        return;
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
                edges_gap_owner(&assignment->edges, (struct place){points->x[i], points->y[i]});
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

static double border_of(const struct assignment *assignment, struct place place, int32_t owner,
                        double limit)
{
    if (owner < 0 || assignment->with_area < 2)
        return NAN;
    if (cells_clear(&assignment->cells, place, limit))
        return INFINITY;
    if (cells_overlap(&assignment->cells, place))
        return 0;
    return edges_nearest_other(&assignment->edges, place, owner, limit);
}

void assignment_border_m(double *border_m, const struct assignment *assignment,
                         const struct owned_points *points, double limit_m)
{
    double unit_m = assignment->edges.unit_mm / 1000.0;
    for (size_t i = 0; i < points->points.count; i++) {
        struct place place = {points->points.x[i], points->points.y[i]};
        border_m[i] = border_of(assignment, place, points->owners[i], limit_m / unit_m) * unit_m;
    }
}

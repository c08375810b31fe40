/* Which points are core: they have enough points, weights counted, within the radius. */
#include "engine/analysis/core_points.h"

#include <string.h>

bool core_points_for_cells(const struct core_points *points, parallel_work *work, void *state,
                           struct error *error)
{
    struct parallel_job job = {work, state, points->cells.cell_count / CORE_CELLS_CHUNK + 1,
                               points->thread_count};
    return parallel_for(&job, error);
}

size_t core_points_chunk_end(const struct core_points *points, size_t chunk)
{
    size_t end = (chunk + 1) * CORE_CELLS_CHUNK;
    return end < points->cells.cell_count ? end : points->cells.cell_count;
}

static uint64_t weight_between(const struct core_points *points, size_t first, size_t end)
{
    uint64_t sum = 0;
    if (points->weights == NULL)
        return end - first;
    for (size_t i = first; i < end; i++)
        sum += points->weights[i];
    return sum;
}

static uint64_t count_in_block(const struct core_points *points, size_t position,
                               const struct crowd_block *block)
{
    const struct neighbours *cells = &points->cells;
    int64_t x = cells->x[position], y = cells->y[position];
    uint64_t sum = 0;
    for (size_t i = block->first; i < block->end; i++) {
        int64_t dx = cells->x[i] - x, dy = cells->y[i] - y;
        bool within = dx * dx + dy * dy <= cells->reach2;
        sum += points->weights == NULL ? within : within ? points->weights[i] : 0;
    }
    return sum;
}

/* Adds to the sum of each asking point what it finds in a block: all, nothing, or what it counts.
 */
static void add_in_block(uint64_t *sums, const struct core_points *points,
                         const struct crowd_block *asking, const struct crowd_block *block)
{
    int64_t reach2 = points->cells.reach2;
    if (block->box != NULL && place_box_nearest2(block->box, asking->box) > reach2)
        return;
    bool all = block->box != NULL && place_box_farthest2(block->box, asking->box) <= reach2;
    uint64_t weight = all ? weight_between(points, block->first, block->end) : 0;
    for (size_t i = asking->first; i < asking->end; i++)
        sums[i - asking->first] += all ? weight : count_in_block(points, i, block);
}

static void add_in_cell(uint64_t *sums, const struct core_points *points,
                        const struct crowd_block *asking, size_t cell)
{
    const struct neighbours *cells = &points->cells;
    const struct place_box *whole = crowds_box(&points->crowds, cell);
    struct crowd_block all = {cells->starts[cell], cells->starts[cell + 1], whole};
    if (whole == NULL || place_box_nearest2(whole, asking->box) > cells->reach2
        || place_box_farthest2(whole, asking->box) <= cells->reach2) {
        add_in_block(sums, points, asking, &all);
        return;
    }
    for (size_t b = 0; b < crowds_block_count(&points->crowds, cells, cell); b++) {
        struct crowd_block block = crowds_block(&points->crowds, cells, cell, b);
        add_in_block(sums, points, asking, &block);
    }
}

static uint64_t least_of(const uint64_t *sums, size_t count)
{
    uint64_t least = sums[0];
    for (size_t i = 1; i < count; i++)
        least = sums[i] < least ? sums[i] : least;
    return least;
}

/* Marks at most CROWD_BLOCK points that lie together; true when one of them is core. `own` is the
 * weight of their cell, all of which lies within the radius of each. */
static bool mark_block(struct core_points *points, const struct crowd_block *asking, uint64_t own,
                       const struct vicinity *near)
{
    uint64_t sums[CROWD_BLOCK];
    size_t count = asking->end - asking->first;
    bool any = false;
    for (size_t i = 0; i < count; i++)
        sums[i] = own;
    for (size_t k = 0; k < near->count && least_of(sums, count) < points->min_points; k++)
        add_in_cell(sums, points, asking, near->cells[k]);
    for (size_t i = 0; i < count; i++) {
        points->core[asking->first + i] = sums[i] >= points->min_points;
        any = any || sums[i] >= points->min_points;
    }
    return any;
}

/* The way for most points: few, each with few others in the cells near it. */
static bool mark_point(struct core_points *points, size_t position, uint64_t own,
                       const struct vicinity *near)
{
    struct place_box here = core_points_box(points, position);
    struct crowd_block asking = {position, position + 1, &here};
    uint64_t sum = own;
    for (size_t k = 0; k < near->count && sum < points->min_points; k++) {
        uint32_t cell = near->cells[k];
        struct crowd_block all = {points->cells.starts[cell], points->cells.starts[cell + 1], NULL};
        if (crowds_box(&points->crowds, cell) != NULL)
            add_in_cell(&sum, points, &asking, cell);
        else
            sum += count_in_block(points, position, &all);
    }
    points->core[position] = sum >= points->min_points;
    return sum >= points->min_points;
}

static bool mark_points(struct core_points *points, const struct crowd_block *block, uint64_t own,
                        const struct vicinity *near)
{
    bool any = false;
    for (size_t i = block->first; i < block->end; i++) {
        if (i > block->first && core_points_same(points, i, i - 1))
            points->core[i] = points->core[i - 1];
        else
            any |= mark_point(points, i, own, near);
    }
    return any;
}

/* Finds the cells within reach; what they hold together is the most that any count can come to. */
static uint64_t weight_near(const struct core_points *points, size_t cell,
                            struct neighbour_walk *walk, struct vicinity *near)
{
    uint64_t sum = 0;
    near->count = neighbours_near(near->cells, walk, &points->cells, cell);
    for (size_t k = 0; k < near->count; k++)
        sum += weight_between(points, points->cells.starts[near->cells[k]],
                              points->cells.starts[near->cells[k] + 1]);
    return sum;
}

static void mark_cell(struct core_points *points, size_t cell, struct neighbour_walk *walk)
{
    size_t first = points->cells.starts[cell], end = points->cells.starts[cell + 1];
    uint64_t own = weight_between(points, first, end);
    struct vicinity near;
    bool whole = own >= points->min_points;
    points->has_core[cell] = whole;
    memset(points->core + first, whole, end - first);
    if (whole || own + weight_near(points, cell, walk, &near) < points->min_points)
        return;
    for (size_t b = 0; b < crowds_block_count(&points->crowds, &points->cells, cell); b++) {
        struct crowd_block block = crowds_block(&points->crowds, &points->cells, cell, b);
        bool any = block.box != NULL ? mark_block(points, &block, own, &near)
                                     : mark_points(points, &block, own, &near);
        points->has_core[cell] |= any;
    }
}

static bool mark_cells(void *state, size_t chunk, int worker, struct error *error)
{
    struct core_points *points = state;
    struct neighbour_walk walk;
    (void)worker, (void)error;
    neighbours_walk(&walk, &points->cells, chunk * CORE_CELLS_CHUNK);
    for (size_t c = chunk * CORE_CELLS_CHUNK; c < core_points_chunk_end(points, chunk); c++)
        mark_cell(points, c, &walk);
    return true;
}

static bool gather_weights(struct core_points *points, const uint32_t *weights, struct error *error)
{
    if (weights == NULL)
        return true;
    if (!array_new_raw(&points->weights, points->cells.count, sizeof *points->weights, error))
        return false;
    for (size_t i = 0; i < points->cells.count; i++)
        points->weights[i] = weights[points->cells.index[i]];
    return true;
}

bool core_points_mark(struct core_points *points, const struct weighted_points *from,
                      const struct core_options *options, struct error *error)
{
    struct neighbours *cells = &points->cells;
    struct neighbours_options near = {options->radius, options->thread_count};
    *points = (struct core_points){.min_points = options->min_points,
                                   .thread_count = options->thread_count};
    if (neighbours_new(cells, &from->points, &near, error)
        && crowds_new(&points->crowds, cells, options->thread_count, error)
        && gather_weights(points, from->weights, error)
        && array_new_raw(&points->core, cells->count, sizeof *points->core, error)
        && array_new_raw(&points->has_core, cells->cell_count, sizeof *points->has_core, error)
        && core_points_for_cells(points, mark_cells, points, error))
        return true;
    core_points_free(points);
    return false;
}

void core_points_free(struct core_points *points)
{
    neighbours_free(&points->cells);
    crowds_free(&points->crowds);
    array_free(&points->weights);
    array_free(&points->core);
    array_free(&points->has_core);
    *points = (struct core_points){0};
}

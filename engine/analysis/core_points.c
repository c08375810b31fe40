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

bool core_points_crowded(const struct core_points *points, const struct cell_run *runs,
                         size_t count)
{
    const uint32_t *starts = points->cells.starts;
    if (points->crowds.first == NULL)
        return false;
    for (size_t r = 0; r < count; r++) {
        if (starts[runs[r].end] - starts[runs[r].first] < CROWD_LEAST)
            continue;
        for (size_t c = runs[r].first; c < runs[r].end; c++)
            if (crowds_box(&points->crowds, c) != NULL)
                return true;
    }
    return false;
}

/* Positions first .. end - 1. */
struct stretch {
    size_t first, end;
};

/* The cells within reach of one, and itself. */
struct vicinity {
    struct cell_run runs[NEAR_RUNS];
    size_t count, cell;
    uint64_t own;                         /* weight of the cell's points, all of them neighbours */
    struct stretch others[NEAR_RUNS + 1]; /* of the points of the other cells, nearer ones first */
    size_t other_count;
    uint64_t weight; /* of all: the most that any count can come to */
};

/* Adds what a stretch within the radius weighs; stops when there is enough. */
static uint64_t add_between(uint64_t sum, const struct core_points *points, struct spot here,
                            struct stretch stretch)
{
    const struct spot *spots = points->cells.spots;
    int64_t reach2 = points->cells.frame.reach2;
    uint64_t enough = points->min_points;
    if (points->weights_before == NULL)
        for (size_t i = stretch.first; i < stretch.end && sum < enough; i++)
            sum += neighbours_distance2(spots[i], here) <= reach2;
    else
        for (size_t i = stretch.first; i < stretch.end && sum < enough; i++)
            if (neighbours_distance2(spots[i], here) <= reach2)
                sum += core_points_weight(points, i, i + 1);
    return sum;
}

/* ---- few points with few near them: the way for most ---- */

/* Gives up when what is left is too little. */
static bool is_core(const struct core_points *points, size_t position, const struct vicinity *near)
{
    struct spot here = points->cells.spots[position];
    uint64_t sum = near->own, left = near->weight - near->own;
    for (size_t s = 0; s < near->other_count && sum < points->min_points; s++) {
        struct stretch stretch = near->others[s];
        if (sum + left < points->min_points)
            return false;
        left -= core_points_weight(points, stretch.first, stretch.end);
        sum = add_between(sum, points, here, stretch);
    }
    return sum >= points->min_points;
}

static bool mark_each(struct core_points *points, const struct vicinity *near)
{
    const struct neighbours *cells = &points->cells;
    size_t first = cells->starts[near->cell];
    bool any = false;
    for (size_t i = first; i < cells->starts[near->cell + 1]; i++) {
        bool again = i > first && core_points_same(points, i, i - 1);
        points->core[i] = again ? points->core[i - 1] : is_core(points, i, near);
        any = any || points->core[i];
    }
    return any;
}

/* ---- many near them: by blocks, whose boxes answer for all at once where they can ---- */

static struct crowd_block block_of(const struct core_points *points, size_t cell, size_t number,
                                   struct place_box *box)
{
    struct crowd_block block = crowds_block(&points->crowds, &points->cells, cell, number);
    if (block.box == NULL) {
        *box = place_box_around(&points->cells, block.first, block.end);
        block.box = box;
    }
    return block;
}

/* Adds to the sum of each asking point what it finds in a block: all, nothing, or what it counts.
 */
static void add_in_block(uint64_t *sums, const struct core_points *points,
                         const struct crowd_block *asking, const struct crowd_block *block)
{
    int64_t reach2 = points->cells.frame.reach2;
    if (place_box_nearest2(block->box, asking->box) > reach2)
        return;
    bool all = place_box_farthest2(block->box, asking->box) <= reach2;
    uint64_t weight = all ? core_points_weight(points, block->first, block->end) : 0;
    for (size_t i = asking->first; i < asking->end; i++)
        if (all)
            sums[i - asking->first] += weight;
        else
            sums[i - asking->first] =
                add_between(sums[i - asking->first], points, points->cells.spots[i],
                            (struct stretch){block->first, block->end});
}

static void add_in_cell(uint64_t *sums, const struct core_points *points,
                        const struct crowd_block *asking, size_t cell)
{
    const struct neighbours *cells = &points->cells;
    const struct place_box *whole = crowds_box(&points->crowds, cell);
    if (whole != NULL
        && (place_box_nearest2(whole, asking->box) > cells->frame.reach2
            || place_box_farthest2(whole, asking->box) <= cells->frame.reach2)) {
        add_in_block(sums, points, asking,
                     &(struct crowd_block){cells->starts[cell], cells->starts[cell + 1], whole});
        return;
    }
    for (size_t b = 0; b < crowds_block_count(&points->crowds, cells, cell); b++) {
        struct place_box box;
        struct crowd_block block = block_of(points, cell, b, &box);
        if (block.first < block.end)
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

/* Marks at most CROWD_BLOCK points that lie together; true when one of them is core. */
static bool mark_block(struct core_points *points, const struct crowd_block *asking,
                       const struct vicinity *near)
{
    uint64_t sums[CROWD_BLOCK];
    size_t count = asking->end - asking->first;
    bool any = false;
    for (size_t i = 0; i < count; i++)
        sums[i] = near->own;
    for (size_t r = 0; r < near->count; r++)
        for (size_t c = near->runs[r].first; c < near->runs[r].end; c++)
            if (c != near->cell && least_of(sums, count) < points->min_points)
                add_in_cell(sums, points, asking, c);
    for (size_t i = 0; i < count; i++) {
        points->core[asking->first + i] = sums[i] >= points->min_points;
        any = any || sums[i] >= points->min_points;
    }
    return any;
}

static bool mark_blocks(struct core_points *points, const struct vicinity *near)
{
    size_t end = points->cells.starts[near->cell + 1];
    bool any = false;
    for (size_t first = points->cells.starts[near->cell]; first < end; first += CROWD_BLOCK) {
        size_t last = first + CROWD_BLOCK < end ? first + CROWD_BLOCK : end;
        struct place_box box = place_box_around(&points->cells, first, last);
        any |= mark_block(points, &(struct crowd_block){first, last, &box}, near);
    }
    return any;
}

/* ---- cells ---- */

static void add_others(struct vicinity *near, size_t first, size_t end)
{
    if (first < end)
        near->others[near->other_count++] = (struct stretch){first, end};
}

static void look_round(struct vicinity *near, const struct core_points *points, size_t cell,
                       struct neighbour_walk *walk)
{
    const uint32_t *starts = points->cells.starts;
    near->cell = cell;
    near->count = neighbours_near(near->runs, walk, &points->cells, cell);
    near->weight = 0;
    for (size_t r = 0; r < near->count; r++)
        near->weight +=
            core_points_weight(points, starts[near->runs[r].first], starts[near->runs[r].end]);
}

static void list_others(struct vicinity *near, const struct core_points *points)
{
    const uint32_t *starts = points->cells.starts;
    near->other_count = 0;
    add_others(near, starts[near->runs[0].first], starts[near->cell]);
    add_others(near, starts[near->cell + 1], starts[near->runs[0].end]);
    for (size_t r = 1; r < near->count; r++)
        add_others(near, starts[near->runs[r].first], starts[near->runs[r].end]);
}

static enum core_share mark_cell(struct core_points *points, size_t cell,
                                 struct neighbour_walk *walk)
{
    size_t first = points->cells.starts[cell], end = points->cells.starts[cell + 1];
    struct vicinity near;
    near.own = core_points_cell_weight(points, cell);
    if (near.own >= points->min_points) {
        memset(points->core + first, 1, end - first);
        return CORE_ALL;
    }
    if (first == end)
        return CORE_NONE;
    look_round(&near, points, cell, walk);
    if (near.weight < points->min_points) {
        memset(points->core + first, 0, end - first);
        return CORE_NONE;
    }
    list_others(&near, points);
    bool any = core_points_crowded(points, near.runs, near.count) ? mark_blocks(points, &near)
                                                                  : mark_each(points, &near);
    return any ? CORE_SOME : CORE_NONE;
}

static bool mark_cells(void *state, size_t chunk, int worker, struct error *error)
{
    struct core_points *points = state;
    struct neighbour_walk walk;
    size_t end = core_points_chunk_end(points, chunk);
    (void)worker, (void)error;
    neighbours_walk(&walk, &points->cells, chunk * CORE_CELLS_CHUNK);
    for (size_t c = chunk * CORE_CELLS_CHUNK; c < end; c++)
        points->shares[c] = (uint8_t)mark_cell(points, c, &walk);
    return true;
}

static bool sum_weights(struct core_points *points, const uint32_t *weights, struct error *error)
{
    size_t count = points->cells.count;
    if (weights == NULL)
        return true;
    if (!array_new_raw(&points->weights_before, count + 1, sizeof *points->weights_before, error))
        return false;
    points->weights_before[0] = 0;
    for (size_t i = 0; i < count; i++)
        points->weights_before[i + 1] =
            points->weights_before[i] + weights[points->cells.spots[i].index];
    return true;
}

/* Points that are left out are core and have only core points near them. */
bool core_points_mark(struct core_points *points, const struct weighted_points *from,
                      const struct core_options *options, struct error *error)
{
    struct neighbours *cells = &points->cells;
    bool all = options->all || from->weights != NULL || options->min_points > SIZE_MAX;
    const struct neighbours_options near = {options->radius, all ? 0 : (size_t)options->min_points,
                                            options->thread_count};
    *points = (struct core_points){.min_points = options->min_points,
                                   .thread_count = options->thread_count};
    if (neighbours_new(cells, &from->points, &near, error)
        && crowds_new(&points->crowds, cells, options->thread_count, error)
        && sum_weights(points, from->weights, error)
        && array_new_raw(&points->core, cells->count, sizeof *points->core, error)
        && array_new_raw(&points->shares, cells->cell_count, sizeof *points->shares, error)
        && core_points_for_cells(points, mark_cells, points, error))
        return true;
    core_points_free(points);
    return false;
}

void core_points_free(struct core_points *points)
{
    neighbours_free(&points->cells);
    crowds_free(&points->crowds);
    array_free(&points->weights_before);
    array_free(&points->core);
    array_free(&points->shares);
    *points = (struct core_points){0};
}

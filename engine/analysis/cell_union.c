/* Cells joined into clusters: those whose core points are neighbours. */
#include "engine/analysis/cell_union.h"

static bool for_cells(struct cell_union *joined, parallel_work *work, struct error *error)
{
    return core_points_for_cells(joined->points, work, joined, error);
}

/* ---- union-find ---- */

/* Every root is the lowest cell of its own, so that the roots at the end depend on the points
 * alone. */

static uint32_t parent_of(const struct cell_union *joined, size_t cell)
{
    return atomic_load_explicit(&joined->parents[cell], memory_order_relaxed);
}

static uint32_t root_of(struct cell_union *joined, uint32_t cell)
{
    for (;;) {
        uint32_t parent = parent_of(joined, cell);
        if (parent == cell)
            return cell;
        uint32_t above = parent_of(joined, parent);
        if (above != parent) /* halve the path; losing the race to another thread does no harm */
            atomic_compare_exchange_weak_explicit(&joined->parents[cell], &parent, above,
                                                  memory_order_relaxed, memory_order_relaxed);
        cell = above;
    }
}

static void join(struct cell_union *joined, uint32_t a, uint32_t b)
{
    for (;;) {
        a = root_of(joined, a);
        b = root_of(joined, b);
        if (a == b)
            return;
        uint32_t high = a > b ? a : b, low = a > b ? b : a, expected = high;
        if (atomic_compare_exchange_strong_explicit(&joined->parents[high], &expected, low,
                                                    memory_order_relaxed, memory_order_relaxed))
            return;
    }
}

static bool are_joined(struct cell_union *joined, uint32_t a, uint32_t b)
{
    return parent_of(joined, a) == parent_of(joined, b) || root_of(joined, a) == root_of(joined, b);
}

/* ---- whether two cells touch ---- */

static bool blocks_touch(const struct cell_union *joined, const struct crowd_block *a,
                         const struct crowd_block *b)
{
    const struct neighbours *cells = &joined->points->cells;
    for (size_t i = a->first; i < a->end; i++) {
        struct place_box here = core_points_box(joined->points, i);
        if (!joined->points->core[i]
            || (b->box != NULL && place_box_nearest2(b->box, &here) > cells->frame.reach2))
            continue;
        for (size_t j = b->first; j < b->end; j++)
            if (joined->points->core[j]
                && neighbours_distance2(cells->spots[i], cells->spots[j]) <= cells->frame.reach2)
                return true;
    }
    return false;
}

static bool boxes_apart(const struct cell_union *joined, const struct place_box *a,
                        const struct place_box *b)
{
    return a != NULL && b != NULL && place_box_nearest2(a, b) > joined->points->cells.frame.reach2;
}

/* Whether a core point of one cell has a core point of the other within the radius. */
static bool cells_touch(const struct cell_union *joined, size_t a, size_t b)
{
    const struct crowds *crowds = &joined->points->crowds;
    if (boxes_apart(joined, crowds_box(crowds, a), crowds_box(crowds, b)))
        return false;
    size_t b_blocks = crowds_block_count(crowds, &joined->points->cells, b);
    for (size_t i = 0; i < crowds_block_count(crowds, &joined->points->cells, a); i++) {
        struct crowd_block of_a = crowds_block(crowds, &joined->points->cells, a, i);
        if (boxes_apart(joined, of_a.box, crowds_box(crowds, b)))
            continue;
        for (size_t j = 0; j < b_blocks; j++) {
            struct crowd_block of_b = crowds_block(crowds, &joined->points->cells, b, j);
            if (!boxes_apart(joined, of_a.box, of_b.box) && blocks_touch(joined, &of_a, &of_b))
                return true;
        }
    }
    return false;
}

static struct place_box box_of(const struct cell_union *joined, size_t cell)
{
    const struct neighbours *cells = &joined->points->cells;
    const struct left_out *left_out = neighbours_left_out(cells, cell);
    return left_out != NULL ? left_out->box
                            : place_box_around(cells, cells->starts[cell], cells->starts[cell + 1]);
}

static int64_t squared(int64_t a, int64_t b)
{
    return (a - b) * (a - b);
}

/* Whether two boxes, each side of which has a point on it, must have points that are near: one on
 * a side of each, wherever they lie along it. */
static bool must_touch(const struct place_box *a, const struct place_box *b, int64_t reach2)
{
    int64_t wide = squared(a->x_max > b->x_max ? a->x_max : b->x_max,
                           a->x_min < b->x_min ? a->x_min : b->x_min);
    int64_t high = squared(a->y_max > b->y_max ? a->y_max : b->y_max,
                           a->y_min < b->y_min ? a->y_min : b->y_min);
    return squared(a->x_max, b->x_min) + high <= reach2
           || squared(a->x_min, b->x_max) + high <= reach2
           || squared(a->y_max, b->y_min) + wide <= reach2
           || squared(a->y_min, b->y_max) + wide <= reach2;
}

/* The same of two cells that are core as a whole, of which at least one is left out; raises a doubt
 * where the boxes do not say yes. */
static bool boxes_touch(struct cell_union *joined, size_t a, size_t b)
{
    struct place_box box_a = box_of(joined, a), box_b = box_of(joined, b);
    if (must_touch(&box_a, &box_b, joined->points->cells.frame.reach2))
        return true;
    atomic_store_explicit(&joined->doubt, true, memory_order_relaxed);
    return false;
}

static void join_if_touching(struct cell_union *joined, uint32_t a, uint32_t b)
{
    bool left_out = neighbours_left_out(&joined->points->cells, a) != NULL
                    || neighbours_left_out(&joined->points->cells, b) != NULL;
    if (left_out ? boxes_touch(joined, a, b) : cells_touch(joined, a, b))
        join(joined, a, b);
}

/* ---- all cells ---- */

static void join_lower(struct cell_union *joined, uint32_t cell, const struct cell_run *run)
{
    for (size_t other = run->first; other < run->end && other < cell; other++)
        if (core_points_share(joined->points, other) != CORE_NONE
            && !are_joined(joined, cell, (uint32_t)other))
            join_if_touching(joined, cell, (uint32_t)other);
}

/* Cells side by side first: nearly always they touch at once, and most others are then joined. */
static bool join_adjacent(void *state, size_t chunk, int worker, struct error *error)
{
    struct cell_union *joined = state;
    const struct neighbours *cells = &joined->points->cells;
    struct neighbour_walk walk;
    size_t end = core_points_chunk_end(joined->points, chunk);
    (void)worker, (void)error;
    neighbours_walk(&walk, cells, chunk * CORE_CELLS_CHUNK);
    for (size_t c = chunk * CORE_CELLS_CHUNK; c < end; c++) {
        struct cell_run runs[NEAR_RUNS];
        if (core_points_share(joined->points, c) == CORE_NONE)
            continue;
        size_t count = neighbours_adjacent_lower(runs, &walk, cells, c);
        for (size_t r = 0; r < count; r++)
            join_lower(joined, (uint32_t)c, &runs[r]);
    }
    return true;
}

/* Several threads may find the same cell to be near a core point. */
static void mark_near_core(struct cell_union *joined, const struct cell_run *run)
{
    for (size_t c = run->first; c < run->end; c++)
        if (core_points_share(joined->points, c) != CORE_ALL
            && atomic_load_explicit(&joined->near_core[c], memory_order_relaxed) == 0)
            atomic_store_explicit(&joined->near_core[c], 1, memory_order_relaxed);
}

static bool join_all(void *state, size_t chunk, int worker, struct error *error)
{
    struct cell_union *joined = state;
    const struct neighbours *cells = &joined->points->cells;
    struct neighbour_walk walk;
    size_t end = core_points_chunk_end(joined->points, chunk);
    (void)worker, (void)error;
    neighbours_walk(&walk, cells, chunk * CORE_CELLS_CHUNK);
    for (size_t c = chunk * CORE_CELLS_CHUNK; c < end; c++) {
        struct cell_run runs[NEAR_RUNS];
        if (core_points_share(joined->points, c) == CORE_NONE)
            continue;
        size_t count = neighbours_near(runs, &walk, cells, c);
        for (size_t r = 0; r < count; r++) {
            join_lower(joined, (uint32_t)c, &runs[r]);
            if (neighbours_left_out(cells, c) == NULL)
                mark_near_core(joined, &runs[r]);
        }
    }
    return true;
}

static bool flatten(void *state, size_t chunk, int worker, struct error *error)
{
    struct cell_union *joined = state;
    size_t end = core_points_chunk_end(joined->points, chunk);
    (void)worker, (void)error;
    for (size_t c = chunk * CORE_CELLS_CHUNK; c < end; c++)
        if (core_points_share(joined->points, c) != CORE_NONE)
            atomic_store_explicit(&joined->parents[c], root_of(joined, (uint32_t)c),
                                  memory_order_relaxed);
    return true;
}

bool cell_union_new(struct cell_union *joined, const struct core_points *points,
                    struct error *error)
{
    size_t cell_count = points->cells.cell_count;
    *joined = (struct cell_union){.points = points};
    if (!array_new_raw(&joined->parents, cell_count, sizeof *joined->parents, error)
        || !array_new(&joined->near_core, cell_count, sizeof *joined->near_core, error))
        return false;
    for (size_t c = 0; c < cell_count; c++)
        atomic_init(&joined->parents[c], (uint32_t)c);
    if (!for_cells(joined, join_adjacent, error) || !for_cells(joined, flatten, error))
        return false;
    atomic_store(&joined->doubt, false); /* what was not sure may be joined by now */
    return for_cells(joined, join_all, error) && for_cells(joined, flatten, error);
}

void cell_union_free(struct cell_union *joined)
{
    array_free(&joined->parents);
    array_free(&joined->near_core);
}

uint32_t cell_union_root(const struct cell_union *joined, size_t cell)
{
    return parent_of(joined, cell);
}

bool cell_union_near_core(const struct cell_union *joined, size_t cell)
{
    return atomic_load_explicit(&joined->near_core[cell], memory_order_relaxed) != 0;
}

/* All cells near one that is left out are core as a whole. */
bool cell_union_is_doubtful(struct cell_union *joined)
{
    struct neighbour_walk walk;
    if (!atomic_load(&joined->doubt))
        return false;
    neighbours_walk(&walk, &joined->points->cells, 0);
    for (size_t c = 0; c < joined->points->cells.cell_count; c++) {
        struct cell_run runs[NEAR_RUNS];
        if (neighbours_left_out(&joined->points->cells, c) == NULL)
            continue;
        size_t count = neighbours_near(runs, &walk, &joined->points->cells, c);
        for (size_t r = 0; r < count; r++)
            for (size_t other = runs[r].first; other < runs[r].end; other++)
                if (!are_joined(joined, (uint32_t)c, (uint32_t)other))
                    return true;
    }
    return false;
}

/* Density-connected groups of points: exact DBSCAN on a grid (Ester et al. 1996). */
#include "engine/analysis/dbscan.h"

#include "engine/analysis/core_points.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { POINTS_CHUNK = 1 << 16 };
#define NO_CELL UINT32_MAX

/* The core points of one cell are neighbours of one another, so a cluster is a set of cells. */
struct scan {
    struct core_points points;
    _Atomic uint32_t *parents; /* by cell: the lower cell it was joined to, itself for a root */
    uint32_t *home;            /* by position: the cell whose cluster it is in, or NO_CELL */
    uint32_t *numbers;         /* by cell with core points: its cluster, counted from 0 */
    struct found *found;       /* by cluster */
    size_t found_count;
    struct dbscan_labels *labels;
};

/* What clusters are numbered by. */
struct found {
    _Atomic uint64_t size;  /* weights counted */
    _Atomic uint64_t place; /* of its westernmost, then southernmost member */
    uint32_t at;            /* before the numbering */
};

static int64_t distance2(const struct scan *scan, size_t a, size_t b)
{
    return neighbours_distance2(scan->points.cells.x[a], scan->points.cells.y[a],
                                scan->points.cells.x[b], scan->points.cells.y[b]);
}

static bool for_cells(struct scan *scan, parallel_work *work, struct error *error)
{
    return core_points_for_cells(&scan->points, work, scan, error);
}

/* Cells joined: union-find in which every root is the lowest cell of its own, so that the roots at
 * the end depend on the points alone. */

static uint32_t root_of(struct scan *scan, uint32_t cell)
{
    for (;;) {
        uint32_t parent = atomic_load_explicit(&scan->parents[cell], memory_order_relaxed);
        if (parent == cell)
            return cell;
        uint32_t above = atomic_load_explicit(&scan->parents[parent], memory_order_relaxed);
        if (above != parent) /* halve the path; losing the race to another thread does no harm */
            atomic_compare_exchange_weak_explicit(&scan->parents[cell], &parent, above,
                                                  memory_order_relaxed, memory_order_relaxed);
        cell = above;
    }
}

static void join(struct scan *scan, uint32_t a, uint32_t b)
{
    for (;;) {
        a = root_of(scan, a);
        b = root_of(scan, b);
        if (a == b)
            return;
        uint32_t high = a > b ? a : b, low = a > b ? b : a, expected = high;
        if (atomic_compare_exchange_strong_explicit(&scan->parents[high], &expected, low,
                                                    memory_order_relaxed, memory_order_relaxed))
            return;
    }
}

static bool blocks_touch(const struct scan *scan, const struct crowd_block *a,
                         const struct crowd_block *b)
{
    for (size_t i = a->first; i < a->end; i++) {
        struct place_box here = core_points_box(&scan->points, i);
        if (!scan->points.core[i]
            || (b->box != NULL && place_box_nearest2(b->box, &here) > scan->points.cells.reach2))
            continue;
        for (size_t j = b->first; j < b->end; j++)
            if (scan->points.core[j] && distance2(scan, i, j) <= scan->points.cells.reach2)
                return true;
    }
    return false;
}

static bool boxes_apart(const struct scan *scan, const struct place_box *a,
                        const struct place_box *b)
{
    return a != NULL && b != NULL && place_box_nearest2(a, b) > scan->points.cells.reach2;
}

/* Whether a core point of one cell has a core point of the other within the radius. */
static bool cells_touch(const struct scan *scan, size_t a, size_t b)
{
    const struct crowds *crowds = &scan->points.crowds;
    if (boxes_apart(scan, crowds_box(crowds, a), crowds_box(crowds, b)))
        return false;
    size_t b_blocks = crowds_block_count(crowds, &scan->points.cells, b);
    for (size_t i = 0; i < crowds_block_count(crowds, &scan->points.cells, a); i++) {
        struct crowd_block of_a = crowds_block(crowds, &scan->points.cells, a, i);
        if (boxes_apart(scan, of_a.box, crowds_box(crowds, b)))
            continue;
        for (size_t j = 0; j < b_blocks; j++) {
            struct crowd_block of_b = crowds_block(crowds, &scan->points.cells, b, j);
            if (!boxes_apart(scan, of_a.box, of_b.box) && blocks_touch(scan, &of_a, &of_b))
                return true;
        }
    }
    return false;
}

static void join_chunk(struct scan *scan, size_t chunk, bool adjacent)
{
    struct neighbour_walk walk;
    neighbours_walk(&walk, &scan->points.cells, chunk * CORE_CELLS_CHUNK);
    for (size_t c = chunk * CORE_CELLS_CHUNK; c < core_points_chunk_end(&scan->points, chunk);
         c++) {
        struct vicinity near;
        if (!scan->points.has_core[c])
            continue;
        near.count = neighbours_near_lower(near.cells, &walk, &scan->points.cells, c);
        for (size_t k = 0; k < near.count; k++) {
            uint32_t other = near.cells[k];
            if (scan->points.has_core[other]
                && neighbours_adjacent(&scan->points.cells, c, other) == adjacent
                && root_of(scan, (uint32_t)c) != root_of(scan, other)
                && cells_touch(scan, c, other))
                join(scan, (uint32_t)c, other);
        }
    }
}

/* Cells side by side first: nearly always they touch at once, and most others are then joined. */
static bool join_adjacent(void *state, size_t chunk, int worker, struct error *error)
{
    (void)worker, (void)error;
    join_chunk(state, chunk, true);
    return true;
}

static bool join_farther(void *state, size_t chunk, int worker, struct error *error)
{
    (void)worker, (void)error;
    join_chunk(state, chunk, false);
    return true;
}

/* Members */

struct nearest {
    int64_t distance2; /* the radius squared + 1 until one is found */
    uint64_t place;
    uint32_t cell;
};

/* Orders places from west to east, then from south to north. */
static uint64_t place_at(const struct scan *scan, size_t position)
{
    uint32_t x = (uint32_t)scan->points.cells.x[position] ^ 0x80000000u;
    uint32_t y = (uint32_t)scan->points.cells.y[position] ^ 0x80000000u;
    return (uint64_t)x << 32 | y;
}

static void nearest_in_cell(struct nearest *best, const struct scan *scan, size_t position,
                            size_t cell)
{
    struct place_box here = core_points_box(&scan->points, position);
    for (size_t b = 0; b < crowds_block_count(&scan->points.crowds, &scan->points.cells, cell);
         b++) {
        struct crowd_block block = crowds_block(&scan->points.crowds, &scan->points.cells, cell, b);
        if (block.box != NULL && place_box_nearest2(block.box, &here) > best->distance2)
            continue;
        for (size_t i = block.first; i < block.end; i++) {
            int64_t distance = distance2(scan, i, position);
            if (!scan->points.core[i] || distance > best->distance2)
                continue;
            uint64_t place = place_at(scan, i);
            if (distance < best->distance2 || place < best->place)
                *best = (struct nearest){distance, place, (uint32_t)cell};
        }
    }
}

static uint32_t home_of(const struct scan *scan, size_t position, size_t cell,
                        const struct vicinity *near)
{
    /* With no place yet, only a core point at most the radius away is lower than UINT64_MAX. */
    struct nearest best = {scan->points.cells.reach2, UINT64_MAX, NO_CELL};
    if (scan->points.has_core[cell])
        nearest_in_cell(&best, scan, position, cell);
    for (size_t k = 0; k < near->count; k++)
        if (scan->points.has_core[near->cells[k]])
            nearest_in_cell(&best, scan, position, near->cells[k]);
    return best.cell;
}

static void home_cell(struct scan *scan, size_t cell, struct neighbour_walk *walk)
{
    struct vicinity near = {.count = 0};
    bool looked = false;
    size_t first = scan->points.cells.starts[cell];
    for (size_t i = first; i < scan->points.cells.starts[cell + 1]; i++) {
        if (scan->points.core[i]) {
            scan->home[i] = (uint32_t)cell;
            continue;
        }
        if (!looked)
            near.count = neighbours_near(near.cells, walk, &scan->points.cells, cell);
        looked = true;
        scan->home[i] =
            i > first && !scan->points.core[i - 1] && core_points_same(&scan->points, i, i - 1)
                ? scan->home[i - 1]
                : home_of(scan, i, cell, &near);
    }
}

static bool home_cells(void *state, size_t chunk, int worker, struct error *error)
{
    struct scan *scan = state;
    struct neighbour_walk walk;
    (void)worker, (void)error;
    neighbours_walk(&walk, &scan->points.cells, chunk * CORE_CELLS_CHUNK);
    for (size_t c = chunk * CORE_CELLS_CHUNK; c < core_points_chunk_end(&scan->points, chunk); c++)
        home_cell(scan, c, &walk);
    return true;
}

/* Numbers */

static bool number_roots(struct scan *scan, struct error *error)
{
    for (size_t c = 0; c < scan->points.cells.cell_count; c++) {
        if (!scan->points.has_core[c])
            continue;
        uint32_t root = root_of(scan, (uint32_t)c); /* lower than c, so it has its number */
        scan->numbers[c] = root == c ? (uint32_t)scan->found_count++ : scan->numbers[root];
    }
    if (!array_new(&scan->found, scan->found_count, sizeof *scan->found, error))
        return false;
    for (size_t f = 0; f < scan->found_count; f++) {
        atomic_init(&scan->found[f].place, UINT64_MAX);
        scan->found[f].at = (uint32_t)f;
    }
    return true;
}

static void found_add(struct found *found, uint64_t size, uint64_t place)
{
    uint64_t lowest = atomic_load_explicit(&found->place, memory_order_relaxed);
    atomic_fetch_add_explicit(&found->size, size, memory_order_relaxed);
    while (place < lowest
           && !atomic_compare_exchange_weak_explicit(&found->place, &lowest, place,
                                                     memory_order_relaxed, memory_order_relaxed))
        continue;
}

static void measure_cell(struct scan *scan, size_t cell)
{
    uint64_t size = 0, lowest = UINT64_MAX;
    for (size_t i = scan->points.cells.starts[cell]; i < scan->points.cells.starts[cell + 1]; i++) {
        uint64_t place = place_at(scan, i);
        if (scan->points.core[i]) {
            size += core_points_weight(&scan->points, i);
            lowest = place < lowest ? place : lowest;
        } else if (scan->home[i] != NO_CELL) {
            found_add(&scan->found[scan->numbers[scan->home[i]]],
                      core_points_weight(&scan->points, i), place);
        }
    }
    if (size > 0)
        found_add(&scan->found[scan->numbers[cell]], size, lowest);
}

static bool measure_cells(void *state, size_t chunk, int worker, struct error *error)
{
    struct scan *scan = state;
    (void)worker, (void)error;
    for (size_t c = chunk * CORE_CELLS_CHUNK; c < core_points_chunk_end(&scan->points, chunk); c++)
        measure_cell(scan, c);
    return true;
}

static int by_size_then_place(const void *left, const void *right)
{
    const struct found *a = left, *b = right;
    if (a->size != b->size)
        return a->size > b->size ? -1 : 1;
    return a->place < b->place ? -1 : a->place > b->place;
}

static bool number_clusters(struct scan *scan, struct error *error)
{
    uint32_t *final = NULL;
    if (!array_new_raw(&final, scan->found_count, sizeof *final, error))
        return false;
    if (scan->found_count > 1)
        qsort(scan->found, scan->found_count, sizeof *scan->found, by_size_then_place);
    for (size_t f = 0; f < scan->found_count; f++)
        final[scan->found[f].at] = (uint32_t)f;
    for (size_t c = 0; c < scan->points.cells.cell_count; c++)
        if (scan->points.has_core[c])
            scan->numbers[c] = final[scan->numbers[c]];
    array_free(&final);
    scan->labels->cluster_count = (int32_t)scan->found_count;
    return true;
}

static bool write_labels(void *state, size_t chunk, int worker, struct error *error)
{
    struct scan *scan = state;
    size_t end = (chunk + 1) * POINTS_CHUNK;
    (void)worker, (void)error;
    for (size_t i = chunk * POINTS_CHUNK; i < end && i < scan->points.cells.count; i++) {
        uint32_t to = scan->points.cells.index[i];
        scan->labels->core[to] = scan->points.core[i];
        scan->labels->cluster[to] =
            scan->home[i] == NO_CELL ? 0 : (int32_t)scan->numbers[scan->home[i]] + 1;
    }
    return true;
}

static bool label(struct scan *scan, struct error *error)
{
    struct dbscan_labels *labels = scan->labels;
    struct parallel_job job = {write_labels, scan, scan->points.cells.count / POINTS_CHUNK + 1,
                               scan->points.thread_count};
    return array_new_raw(&scan->home, scan->points.cells.count, sizeof *scan->home, error)
           && array_new_raw(&scan->numbers, scan->points.cells.cell_count, sizeof *scan->numbers,
                            error)
           && for_cells(scan, home_cells, error) && number_roots(scan, error)
           && for_cells(scan, measure_cells, error) && number_clusters(scan, error)
           && array_new_raw(&labels->cluster, scan->points.cells.count, sizeof *labels->cluster,
                            error)
           && array_new_raw(&labels->core, scan->points.cells.count, sizeof *labels->core, error)
           && parallel_for(&job, error);
}

static bool connect(struct scan *scan, struct error *error)
{
    size_t cell_count = scan->points.cells.cell_count;
    if (!array_new_raw(&scan->parents, cell_count, sizeof *scan->parents, error))
        return false;
    for (size_t c = 0; c < cell_count; c++)
        atomic_init(&scan->parents[c], (uint32_t)c);
    return for_cells(scan, join_adjacent, error) && for_cells(scan, join_farther, error);
}

static void scan_free(struct scan *scan)
{
    core_points_free(&scan->points);
    array_free(&scan->parents);
    array_free(&scan->home);
    array_free(&scan->numbers);
    array_free(&scan->found);
}

bool dbscan_run(struct dbscan_labels *labels, const struct weighted_points *points,
                const struct dbscan_options *options, struct error *error)
{
    *labels = (struct dbscan_labels){.count = points->points.count};
    if (!(options->radius_m >= 0 && isfinite(options->radius_m)))
        return error_set(error, ERROR_USAGE,
                         "a radius of %g m is no distance; give metres, such as 35",
                         options->radius_m);
    struct scan scan = {.labels = labels};
    int unit_mm = options->unit_mm > 0 ? options->unit_mm : 1;
    struct core_options core = {.radius = options->radius_m * 1000 / unit_mm,
                                .min_points = options->min_points > 0 ? options->min_points : 1,
                                .thread_count = options->thread_count};
    bool done = core_points_mark(&scan.points, points, &core, error) && connect(&scan, error)
                && label(&scan, error);
    scan_free(&scan);
    if (!done)
        dbscan_free(labels);
    return done;
}

void dbscan_free(struct dbscan_labels *labels)
{
    array_free(&labels->cluster);
    array_free(&labels->core);
    *labels = (struct dbscan_labels){0};
}

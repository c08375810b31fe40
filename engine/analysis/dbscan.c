/* Density-connected groups of points: exact DBSCAN on a grid (Ester et al. 1996). */
#include "engine/analysis/dbscan.h"

#include "engine/analysis/cell_union.h"
#include "engine/space/neighbours_dense.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { POINTS_CHUNK = 1 << 16, POINTS_BLOCK = 1024 };
#define NO_CELL UINT32_MAX

struct scan {
    struct core_points points;
    struct cell_union joined;
    uint32_t *home;      /* by position: the cell whose cluster it is in, or NO_CELL; only
                            where not all of a cell is core */
    uint32_t *numbers;   /* by cell with core points: its cluster, counted from 0 */
    int32_t *whole;      /* by cell: its cluster, counted from 1, where all of it is core */
    struct found *found; /* by cluster */
    size_t found_count;
    const struct points *from;
    struct dbscan_labels *labels;
};

/* What clusters are numbered by. */
struct found {
    _Atomic uint64_t size;  /* weights counted */
    _Atomic uint64_t place; /* of its westernmost, then southernmost member; found out for those
                               of one size alone */
    uint32_t at;            /* before the numbering */
    bool tied;
};

static const struct neighbours *cells_of(const struct scan *scan)
{
    return &scan->points.cells;
}

static enum core_share share_of(const struct scan *scan, size_t cell)
{
    return core_points_share(&scan->points, cell);
}

static bool for_cells(struct scan *scan, parallel_work *work, struct error *error)
{
    return core_points_for_cells(&scan->points, work, scan, error);
}

/* ---- members ---- */

/* The cells within reach of one, and itself. */
struct vicinity {
    struct cell_run runs[NEAR_RUNS];
    size_t count, cell;
};

struct nearest {
    int64_t distance2; /* the radius squared until one is found */
    uint64_t place;    /* UINT64_MAX until one is found */
    uint32_t cell;     /* NO_CELL until one is found */
};

/* Orders places from west to east, then from south to north. */
static uint64_t place_at(const struct scan *scan, size_t position)
{
    struct spot spot = cells_of(scan)->spots[position];
    return (uint64_t)((uint32_t)spot.x ^ 0x80000000u) << 32 | ((uint32_t)spot.y ^ 0x80000000u);
}

static void nearest_in_block(struct nearest *best, const struct scan *scan, struct spot here,
                             const struct crowd_block *block)
{
    const struct spot *spots = cells_of(scan)->spots;
    for (size_t i = block->first; i < block->end; i++) {
        int64_t distance2 = neighbours_distance2(spots[i], here);
        if (distance2 > best->distance2 || !scan->points.core[i])
            continue;
        uint64_t place = place_at(scan, i);
        if (distance2 < best->distance2 || place < best->place) {
            best->distance2 = distance2;
            best->place = place;
        }
    }
}

static void nearest_in_cell(struct nearest *best, const struct scan *scan, struct spot here,
                            size_t cell)
{
    const struct neighbours *cells = cells_of(scan);
    const struct crowds *crowds = &scan->points.crowds;
    const struct place_box box = {here.x, here.y, here.x, here.y};
    uint64_t before = best->place;
    for (size_t b = 0; b < crowds_block_count(crowds, cells, cell); b++) {
        struct crowd_block block = crowds_block(crowds, cells, cell, b);
        if (block.box == NULL || place_box_nearest2(block.box, &box) <= best->distance2)
            nearest_in_block(best, scan, here, &block);
    }
    if (best->place != before)
        best->cell = (uint32_t)cell;
}

/* Cells that lie farther away than a core point already found are passed over. */
static uint32_t home_of(const struct scan *scan, size_t position, const struct vicinity *near)
{
    const struct neighbours *cells = cells_of(scan);
    struct spot here = cells->spots[position];
    struct nearest best = {cells->frame.reach2, UINT64_MAX, NO_CELL};
    struct cell_gaps gaps;
    neighbours_gaps(&gaps, cells, here);
    nearest_in_cell(&best, scan, here, near->cell);
    for (size_t r = 0; r < near->count; r++) {
        int row = near->runs[r].row;
        int64_t middle = neighbours_key(cells, near->cell) + row * cells->frame.stride;
        for (size_t c = near->runs[r].first; c < near->runs[r].end; c++) {
            int64_t gap2 =
                gaps.rows2[row + 2] + gaps.columns2[neighbours_key(cells, c) - middle + 2];
            if (c != near->cell && share_of(scan, c) != CORE_NONE && gap2 <= best.distance2)
                nearest_in_cell(&best, scan, here, c);
        }
    }
    return best.cell;
}

static void home_cell(struct scan *scan, size_t cell, struct neighbour_walk *walk)
{
    const struct neighbours *cells = cells_of(scan);
    size_t first = cells->starts[cell], end = cells->starts[cell + 1];
    struct vicinity near;
    if (first == end || share_of(scan, cell) == CORE_ALL)
        return;
    bool cores = cell_union_near_core(&scan->joined, cell);
    near.cell = cell;
    near.count = cores ? neighbours_near(near.runs, walk, cells, cell) : 0;
    for (size_t i = first; i < end; i++) {
        if (!cores)
            scan->home[i] = NO_CELL;
        else if (scan->points.core[i])
            scan->home[i] = (uint32_t)cell;
        else if (i > first && !scan->points.core[i - 1]
                 && core_points_same(&scan->points, i, i - 1))
            scan->home[i] = scan->home[i - 1];
        else
            scan->home[i] = home_of(scan, i, &near);
    }
}

static bool home_cells(void *state, size_t chunk, int worker, struct error *error)
{
    struct scan *scan = state;
    struct neighbour_walk walk;
    size_t end = core_points_chunk_end(&scan->points, chunk);
    (void)worker, (void)error;
    neighbours_walk(&walk, cells_of(scan), chunk * CORE_CELLS_CHUNK);
    for (size_t c = chunk * CORE_CELLS_CHUNK; c < end; c++)
        home_cell(scan, c, &walk);
    return true;
}

/* ---- numbers ---- */

static bool number_roots(struct scan *scan, struct error *error)
{
    for (size_t c = 0; c < cells_of(scan)->cell_count; c++) {
        if (share_of(scan, c) == CORE_NONE)
            continue;
        uint32_t root = cell_union_root(&scan->joined, c); /* lower than c, so it has its number */
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

/* Sums of one cluster after another; cells of one cluster mostly follow one another. */
struct tally {
    struct scan *scan;
    uint32_t number;
    uint64_t size;
};

static void tally_close(struct tally *tally)
{
    if (tally->size > 0)
        atomic_fetch_add_explicit(&tally->scan->found[tally->number].size, tally->size,
                                  memory_order_relaxed);
    tally->size = 0;
}

static void tally_add(struct tally *tally, uint32_t number, uint64_t size)
{
    if (number != tally->number)
        tally_close(tally);
    tally->number = number;
    tally->size += size;
}

static bool size_cells(void *state, size_t chunk, int worker, struct error *error)
{
    struct scan *scan = state;
    const uint32_t *starts = cells_of(scan)->starts;
    struct tally tally = {.scan = scan};
    size_t end = core_points_chunk_end(&scan->points, chunk);
    (void)worker, (void)error;
    for (size_t c = chunk * CORE_CELLS_CHUNK; c < end; c++) {
        if (share_of(scan, c) == CORE_ALL) {
            tally_add(&tally, scan->numbers[c], core_points_cell_weight(&scan->points, c));
            continue;
        }
        if (!cell_union_near_core(&scan->joined, c))
            continue;
        for (size_t i = starts[c]; i < starts[c + 1]; i++)
            if (scan->home[i] != NO_CELL)
                tally_add(&tally, scan->numbers[scan->home[i]],
                          core_points_weight(&scan->points, i, i + 1));
    }
    tally_close(&tally);
    return true;
}

static void found_place(struct found *found, uint64_t place)
{
    uint64_t lowest = atomic_load_explicit(&found->place, memory_order_relaxed);
    while (place < lowest
           && !atomic_compare_exchange_weak_explicit(&found->place, &lowest, place,
                                                     memory_order_relaxed, memory_order_relaxed))
        continue;
}

/* Points that are left out are passed over: the cell west of theirs is core as a whole and of the
 * same cluster, or there would have been a doubt. */
static void place_cell(struct scan *scan, size_t cell)
{
    const uint32_t *starts = cells_of(scan)->starts;
    bool whole = share_of(scan, cell) == CORE_ALL;
    if (whole ? !scan->found[scan->numbers[cell]].tied : !cell_union_near_core(&scan->joined, cell))
        return;
    for (size_t i = starts[cell]; i < starts[cell + 1]; i++) {
        uint32_t home = whole ? (uint32_t)cell : scan->home[i];
        if (home != NO_CELL && scan->found[scan->numbers[home]].tied)
            found_place(&scan->found[scan->numbers[home]], place_at(scan, i));
    }
}

static bool place_cells(void *state, size_t chunk, int worker, struct error *error)
{
    struct scan *scan = state;
    size_t end = core_points_chunk_end(&scan->points, chunk);
    (void)worker, (void)error;
    for (size_t c = chunk * CORE_CELLS_CHUNK; c < end; c++)
        place_cell(scan, c);
    return true;
}

static int by_size_then_place(const void *left, const void *right)
{
    const struct found *a = left, *b = right;
    if (a->size != b->size)
        return a->size > b->size ? -1 : 1;
    return a->place < b->place ? -1 : a->place > b->place;
}

static int by_number(const void *left, const void *right)
{
    const struct found *a = left, *b = right;
    return a->at < b->at ? -1 : a->at > b->at;
}

static void sort_found(struct scan *scan, int (*order)(const void *, const void *))
{
    if (scan->found_count > 1)
        qsort(scan->found, scan->found_count, sizeof *scan->found, order);
}

/* Only clusters of one size need to be told apart by place. */
static bool settle_ties(struct scan *scan, struct error *error)
{
    bool any = false;
    sort_found(scan, by_size_then_place);
    for (size_t f = 1; f < scan->found_count; f++)
        if (scan->found[f].size == scan->found[f - 1].size)
            any = scan->found[f].tied = scan->found[f - 1].tied = true;
    if (!any)
        return true;
    sort_found(scan, by_number);
    if (!for_cells(scan, place_cells, error))
        return false;
    sort_found(scan, by_size_then_place);
    return true;
}

static bool number_clusters(struct scan *scan, struct error *error)
{
    uint32_t *final = NULL;
    if (!settle_ties(scan, error)
        || !array_new_raw(&final, scan->found_count, sizeof *final, error))
        return false;
    for (size_t f = 0; f < scan->found_count; f++)
        final[scan->found[f].at] = (uint32_t)f;
    for (size_t c = 0; c < cells_of(scan)->cell_count; c++) {
        if (share_of(scan, c) != CORE_NONE)
            scan->numbers[c] = final[scan->numbers[c]];
        scan->whole[c] = share_of(scan, c) == CORE_ALL ? (int32_t)scan->numbers[c] + 1 : 0;
    }
    array_free(&final);
    scan->labels->cluster_count = (int32_t)scan->found_count;
    return true;
}

/* ---- labels ---- */

/* On a dense grid a point's cell is found again faster than the point. */
static bool label_whole_cells(void *state, size_t chunk, int worker, struct error *error)
{
    struct scan *scan = state;
    const struct points *from = scan->from;
    uint32_t cells[POINTS_BLOCK];
    size_t end =
        (chunk + 1) * POINTS_CHUNK < from->count ? (chunk + 1) * POINTS_CHUNK : from->count;
    (void)worker, (void)error;
    for (size_t at = chunk * POINTS_CHUNK; at < end; at += POINTS_BLOCK) {
        size_t count = end - at < POINTS_BLOCK ? end - at : POINTS_BLOCK;
        neighbours_cells(cells, cells_of(scan),
                         &(struct points){from->x + at, from->y + at, count});
        for (size_t i = 0; i < count; i++) {
            int32_t cluster = scan->whole[cells[i]];
            scan->labels->cluster[at + i] = cluster;
            scan->labels->core[at + i] = cluster > 0;
        }
    }
    return true;
}

static void label_position(struct scan *scan, size_t position, uint32_t home)
{
    uint32_t to = cells_of(scan)->spots[position].index;
    if (home == NO_CELL && cells_of(scan)->keys == NULL)
        return; /* the same */
    scan->labels->core[to] = scan->points.core[position];
    scan->labels->cluster[to] = home == NO_CELL ? 0 : (int32_t)scan->numbers[home] + 1;
}

static bool label_cells(void *state, size_t chunk, int worker, struct error *error)
{
    struct scan *scan = state;
    const uint32_t *starts = cells_of(scan)->starts;
    bool dense = cells_of(scan)->keys == NULL;
    size_t end = core_points_chunk_end(&scan->points, chunk);
    (void)worker, (void)error;
    for (size_t c = chunk * CORE_CELLS_CHUNK; c < end; c++) {
        bool whole = share_of(scan, c) == CORE_ALL;
        if (dense && (whole || !cell_union_near_core(&scan->joined, c)))
            continue; /* labelled already, the others as noise */
        for (size_t i = starts[c]; i < starts[c + 1]; i++)
            label_position(scan, i, whole ? (uint32_t)c : scan->home[i]);
    }
    return true;
}

static bool write_labels(struct scan *scan, struct error *error)
{
    struct dbscan_labels *labels = scan->labels;
    size_t count = scan->from->count;
    struct parallel_job job = {label_whole_cells, scan, count / POINTS_CHUNK + 1,
                               scan->points.thread_count};
    return array_new_raw(&labels->cluster, count, sizeof *labels->cluster, error)
           && array_new_raw(&labels->core, count, sizeof *labels->core, error)
           && (cells_of(scan)->keys != NULL || count == 0 || parallel_for(&job, error))
           && for_cells(scan, label_cells, error);
}

static bool label(struct scan *scan, struct error *error)
{
    const struct neighbours *cells = cells_of(scan);
    return array_new_raw(&scan->home, cells->count, sizeof *scan->home, error)
           && array_new_raw(&scan->numbers, cells->cell_count, sizeof *scan->numbers, error)
           && array_new_raw(&scan->whole, cells->cell_count, sizeof *scan->whole, error)
           && for_cells(scan, home_cells, error) && number_roots(scan, error)
           && for_cells(scan, size_cells, error) && number_clusters(scan, error)
           && write_labels(scan, error);
}

/* ---- all together ---- */

static void scan_free(struct scan *scan)
{
    core_points_free(&scan->points);
    cell_union_free(&scan->joined);
    array_free(&scan->home);
    array_free(&scan->numbers);
    array_free(&scan->whole);
    array_free(&scan->found);
}

/* Leaves points out that most probably need not be looked at; in case of doubt all over again. */
static bool find_clusters(struct scan *scan, const struct weighted_points *points,
                          const struct core_options *options, struct error *error)
{
    if (!core_points_mark(&scan->points, points, options, error)
        || !cell_union_new(&scan->joined, &scan->points, error))
        return false;
    if (!cell_union_is_doubtful(&scan->joined))
        return true;
    struct core_options all = *options;
    all.all = true;
    core_points_free(&scan->points);
    cell_union_free(&scan->joined);
    return core_points_mark(&scan->points, points, &all, error)
           && cell_union_new(&scan->joined, &scan->points, error);
}

bool dbscan_run(struct dbscan_labels *labels, const struct weighted_points *points,
                const struct dbscan_options *options, struct error *error)
{
    *labels = (struct dbscan_labels){.count = points->points.count};
    if (!(options->radius_m >= 0 && isfinite(options->radius_m)))
        return error_set(error, ERROR_USAGE,
                         "a radius of %g m is no distance; give metres, such as 35",
                         options->radius_m);
    struct scan scan = {.labels = labels, .from = &points->points};
    int unit_mm = options->unit_mm > 0 ? options->unit_mm : 1;
    struct core_options core = {.radius = options->radius_m * 1000 / unit_mm,
                                .min_points = options->min_points > 0 ? options->min_points : 1,
                                .thread_count = options->thread_count};
    bool done = find_clusters(&scan, points, &core, error) && label(&scan, error);
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

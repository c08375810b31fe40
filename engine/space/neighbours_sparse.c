/* Sorts points into the cells that hold any, by their keys: for grids of too many cells. */
#include "engine/space/neighbours_sparse.h"

#include "engine/core/parallel.h"
#include "engine/space/partition.h"
#include "engine/space/radix.h"

enum {
    BUCKETS_MOST = 512,
    BUCKET_POINTS = 16384, /* what fits in a processor's own cache */
};

/* Bucket b is the run of keys from b << shift. */
struct building {
    struct neighbours *into;
    const struct points *points;
    struct partition parts;
    size_t bucket_count;
    int shift;
    int thread_count;
    size_t *cells; /* in each bucket, then the first of each */
};

static int64_t key_of(const struct neighbours *neighbours, int32_t x, int32_t y)
{
    return cell_frame_key(&neighbours->frame, x, y);
}

static void choose_buckets(struct building *building)
{
    const struct cell_frame *frame = &building->into->frame;
    uint64_t last = (uint64_t)(frame->rows * frame->stride - 1);
    size_t wanted = building->points->count / BUCKET_POINTS + 1;
    if (wanted > BUCKETS_MOST)
        wanted = BUCKETS_MOST;
    while (last >> building->shift >= wanted)
        building->shift++;
    building->bucket_count = (size_t)(last >> building->shift) + 1;
}

static void bucket_of(uint32_t *buckets, const void *state, const struct points *points)
{
    const struct building *building = state;
    for (size_t i = 0; i < points->count; i++)
        buckets[i] =
            (uint32_t)(key_of(building->into, points->x[i], points->y[i]) >> building->shift);
}

static void move_point(struct building *building, size_t from, size_t to)
{
    building->into->spots[to] = (struct spot){building->parts.x[from], building->parts.y[from],
                                              building->parts.index[from]};
}

static bool sort_sparse(struct building *building, size_t first, size_t count, struct error *error)
{
    struct keyed *items = NULL;
    if (!array_new_raw(&items, count, sizeof *items, error))
        return false;
    for (size_t i = first; i < first + count; i++)
        items[i - first] = (struct keyed){
            (uint64_t)key_of(building->into, building->parts.x[i], building->parts.y[i]), i};
    bool done = radix_sort(items, count, error);
    for (size_t i = 0; done && i < count; i++)
        move_point(building, items[i].carried, first + i);
    array_free(&items);
    return done;
}

static bool sort_dense(struct building *building, size_t first, size_t count, struct error *error)
{
    size_t range = (size_t)1 << building->shift;
    uint32_t *next = NULL, *local = NULL;
    bool done = array_new(&next, range + 1, sizeof *next, error)
                && array_new_raw(&local, count, sizeof *local, error);
    if (done) {
        for (size_t i = 0; i < count; i++) {
            int64_t key =
                key_of(building->into, building->parts.x[first + i], building->parts.y[first + i]);
            local[i] = (uint32_t)((uint64_t)key & (range - 1));
            next[local[i] + 1]++;
        }
        for (size_t k = 0; k < range; k++)
            next[k + 1] += next[k];
        for (size_t i = 0; i < count; i++)
            move_point(building, first + i, first + next[local[i]]++);
    }
    array_free(&next);
    array_free(&local);
    return done;
}

static size_t count_cells(const struct neighbours *neighbours, size_t first, size_t end)
{
    size_t cells = 0;
    int64_t last = -1;
    for (size_t i = first; i < end; i++) {
        int64_t key = key_of(neighbours, neighbours->spots[i].x, neighbours->spots[i].y);
        cells += key != last;
        last = key;
    }
    return cells;
}

static bool sort_bucket(void *state, size_t bucket, int worker, struct error *error)
{
    struct building *building = state;
    size_t first = building->parts.starts[bucket], end = building->parts.starts[bucket + 1];
    size_t count = end - first;
    (void)worker;
    if (count == 0)
        return true;
    bool dense = building->shift < 31 && (size_t)1 << building->shift <= 4 * count + 1024;
    if (!(dense ? sort_dense(building, first, count, error)
                : sort_sparse(building, first, count, error)))
        return false;
    building->cells[bucket] = count_cells(building->into, first, end);
    return true;
}

static bool list_cells(void *state, size_t bucket, int worker, struct error *error)
{
    struct building *building = state;
    struct neighbours *into = building->into;
    size_t cell = building->cells[bucket];
    int64_t last = -1;
    (void)worker, (void)error;
    for (size_t i = building->parts.starts[bucket]; i < building->parts.starts[bucket + 1]; i++) {
        int64_t key = key_of(into, into->spots[i].x, into->spots[i].y);
        if (key != last) {
            into->keys[cell] = key;
            into->starts[cell++] = (uint32_t)i;
        }
        last = key;
    }
    return true;
}

static bool sort_buckets(struct building *building, struct error *error)
{
    struct neighbours *into = building->into;
    struct parallel_job job = {sort_bucket, building, building->bucket_count,
                               building->thread_count};
    if (!array_new_raw(&into->spots, into->count, sizeof *into->spots, error)
        || !array_new(&building->cells, building->bucket_count, sizeof *building->cells, error)
        || !parallel_for(&job, error))
        return false;
    for (size_t b = 0; b < building->bucket_count; b++) {
        size_t cells = building->cells[b];
        building->cells[b] = into->cell_count;
        into->cell_count += cells;
    }
    job.work = list_cells;
    if (!array_new_raw(&into->keys, into->cell_count, sizeof *into->keys, error)
        || !array_new_raw(&into->starts, into->cell_count + 1, sizeof *into->starts, error)
        || !parallel_for(&job, error))
        return false;
    into->starts[into->cell_count] = (uint32_t)into->count;
    return true;
}

static bool build(struct building *building, struct error *error)
{
    choose_buckets(building);
    struct partition_rule rule = {.choose = bucket_of,
                                  .state = building,
                                  .bucket_count = building->bucket_count,
                                  .thread_count = building->thread_count};
    return partition_points(&building->parts, building->points, &rule, error)
           && sort_buckets(building, error);
}

bool neighbours_fill_sparse(struct neighbours *neighbours, const struct points *points,
                            int thread_count, struct error *error)
{
    struct building building = {.into = neighbours, .points = points, .thread_count = thread_count};
    neighbours->count = points->count;
    bool done = build(&building, error);
    partition_free(&building.parts);
    array_free(&building.cells);
    return done;
}

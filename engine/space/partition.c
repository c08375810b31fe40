/* Sorts points into numbered buckets, in parallel, keeping their order within each. */
#include "engine/space/partition.h"

#include "engine/core/parallel.h"

enum { BLOCK = 1024, CHUNKS_MOST = 64, CHUNK_LEAST = 32768 };

struct sorting {
    const struct points *points;
    const struct partition_rule *rule;
    struct partition *partition;
    size_t chunk_count;
    size_t *counts; /* of each chunk, bucket_count + 1; then where the chunk's next one goes */
};

typedef void take_block(struct sorting *sorting, size_t chunk, size_t first,
                        const uint32_t *buckets, size_t count);

static void count_block(struct sorting *sorting, size_t chunk, size_t first,
                        const uint32_t *buckets, size_t count)
{
    size_t *counts = sorting->counts + chunk * (sorting->rule->bucket_count + 1);
    (void)first;
    for (size_t i = 0; i < count; i++)
        counts[buckets[i]]++;
}

static void move_block(struct sorting *sorting, size_t chunk, size_t first, const uint32_t *buckets,
                       size_t count)
{
    size_t left_out = sorting->rule->bucket_count;
    size_t *next = sorting->counts + chunk * (left_out + 1);
    const struct points *points = sorting->points;
    struct partition *into = sorting->partition;
    for (size_t i = 0; i < count; i++) {
        if (buckets[i] == left_out)
            continue;
        size_t to = next[buckets[i]]++;
        into->x[to] = points->x[first + i];
        into->y[to] = points->y[first + i];
        into->index[to] = (uint32_t)(first + i);
    }
}

static void for_blocks(struct sorting *sorting, size_t chunk, take_block *take)
{
    const struct points *points = sorting->points;
    size_t at = points->count * chunk / sorting->chunk_count;
    size_t end = points->count * (chunk + 1) / sorting->chunk_count;
    uint32_t buckets[BLOCK];
    while (at < end) {
        size_t count = end - at < BLOCK ? end - at : BLOCK;
        struct points block = {.x = points->x + at, .y = points->y + at, .count = count};
        sorting->rule->choose(buckets, sorting->rule->state, &block);
        take(sorting, chunk, at, buckets, count);
        at += count;
    }
}

static bool count_chunk(void *state, size_t chunk, int worker, struct error *error)
{
    (void)worker, (void)error;
    for_blocks(state, chunk, count_block);
    return true;
}

static bool move_chunk(void *state, size_t chunk, int worker, struct error *error)
{
    (void)worker, (void)error;
    for_blocks(state, chunk, move_block);
    return true;
}

static void place_chunks(struct sorting *sorting)
{
    size_t buckets = sorting->rule->bucket_count, at = 0;
    for (size_t b = 0; b < buckets; b++) {
        sorting->partition->starts[b] = at;
        for (size_t c = 0; c < sorting->chunk_count; c++) {
            size_t *count = &sorting->counts[c * (buckets + 1) + b];
            size_t held = *count;
            *count = at;
            at += held;
        }
    }
    sorting->partition->starts[buckets] = at;
}

static bool sort_chunks(struct sorting *sorting, struct error *error)
{
    struct parallel_job job = {.work = count_chunk,
                               .state = sorting,
                               .chunk_count = sorting->chunk_count,
                               .thread_count = sorting->rule->thread_count};
    if (!parallel_for(&job, error))
        return false;
    place_chunks(sorting);
    struct partition *into = sorting->partition;
    size_t kept = into->starts[sorting->rule->bucket_count];
    job.work = move_chunk;
    return array_new_raw(&into->x, kept, sizeof *into->x, error)
           && array_new_raw(&into->y, kept, sizeof *into->y, error)
           && array_new_raw(&into->index, kept, sizeof *into->index, error)
           && parallel_for(&job, error);
}

static size_t chunks_of(size_t count)
{
    size_t chunks = count / CHUNK_LEAST;
    return chunks < 1 ? 1 : chunks > CHUNKS_MOST ? CHUNKS_MOST : chunks;
}

bool partition_points(struct partition *partition, const struct points *points,
                      const struct partition_rule *rule, struct error *error)
{
    *partition = (struct partition){0};
    if (points->count > INT32_MAX)
        return error_set(error, ERROR_DATA,
                         "%zu points are more than can be taken at one time; select a part of them",
                         points->count);
    struct sorting sorting = {.points = points,
                              .rule = rule,
                              .partition = partition,
                              .chunk_count = chunks_of(points->count)};
    bool done =
        array_new(&sorting.counts, sorting.chunk_count * (rule->bucket_count + 1),
                  sizeof *sorting.counts, error)
        && array_new(&partition->starts, rule->bucket_count + 1, sizeof *partition->starts, error)
        && sort_chunks(&sorting, error);
    array_free(&sorting.counts);
    if (!done)
        partition_free(partition);
    return done;
}

void partition_free(struct partition *partition)
{
    array_free(&partition->x);
    array_free(&partition->y);
    array_free(&partition->index);
    array_free(&partition->starts);
    *partition = (struct partition){0};
}

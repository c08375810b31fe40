/* Points as distinct places, from south to north, each with its weight: an order that depends on
 * nothing but the places. */
#include "engine/analysis/places.h"

#include "engine/core/parallel.h"
#include "engine/space/partition.h"
#include "engine/space/radix.h"

#include <string.h>

enum { BUCKETS_MOST = 512, BUCKET_POINTS = 16384 };

struct sorting {
    const struct weighted_points *points;
    struct places *into;
    struct partition parts;
    size_t bucket_count;
    int shift;
    int32_t y_min, y_max;
    size_t *counts; /* places of each bucket */
};

static bool is_place(int32_t x)
{
    return x != GRID_NOWHERE && x != GRID_FAR;
}

static bool find_span(struct sorting *sorting)
{
    const struct points *points = &sorting->points->points;
    sorting->y_min = INT32_MAX;
    sorting->y_max = INT32_MIN;
    for (size_t i = 0; i < points->count; i++) {
        int32_t y = points->y[i];
        if (!is_place(points->x[i]) || !is_place(y))
            continue;
        sorting->y_min = y < sorting->y_min ? y : sorting->y_min;
        sorting->y_max = y > sorting->y_max ? y : sorting->y_max;
    }
    return sorting->y_min <= sorting->y_max;
}

static void bucket_of(uint32_t *buckets, const void *state, const struct points *points)
{
    const struct sorting *sorting = state;
    uint32_t south = (uint32_t)sorting->y_min;
    for (size_t i = 0; i < points->count; i++)
        buckets[i] = is_place(points->x[i]) && is_place(points->y[i])
                         ? ((uint32_t)points->y[i] - south) >> sorting->shift
                         : (uint32_t)sorting->bucket_count;
}

static uint64_t key_of(int32_t x, int32_t y)
{
    return (uint64_t)((uint32_t)y ^ 0x80000000u) << 32 | ((uint32_t)x ^ 0x80000000u);
}

/* Writes the bucket's places from `first` on and returns how many there are. */
static size_t merge_equal(struct places *into, const struct keyed *items, size_t count,
                          size_t first)
{
    size_t at = first;
    for (size_t i = 0; i < count; i++) {
        bool again = i > 0 && items[i].key == items[i - 1].key;
        if (again) {
            into->weights[at - 1] += (double)items[i].carried;
            continue;
        }
        into->x[at] = (int32_t)((uint32_t)items[i].key ^ 0x80000000u);
        into->y[at] = (int32_t)((uint32_t)(items[i].key >> 32) ^ 0x80000000u);
        into->weights[at++] = (double)items[i].carried;
    }
    return at - first;
}

static bool sort_bucket(void *state, size_t bucket, int worker, struct error *error)
{
    struct sorting *sorting = state;
    const struct partition *parts = &sorting->parts;
    size_t first = parts->starts[bucket], count = parts->starts[bucket + 1] - first;
    const uint32_t *weights = sorting->points->weights;
    struct keyed *items = NULL;
    (void)worker;
    if (!array_new_raw(&items, count, sizeof *items, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        uint64_t weight = weights != NULL ? weights[parts->index[first + i]] : 1;
        items[i] = (struct keyed){key_of(parts->x[first + i], parts->y[first + i]), weight};
    }
    bool done = radix_sort(items, count, error);
    if (done)
        sorting->counts[bucket] = merge_equal(sorting->into, items, count, first);
    array_free(&items);
    return done;
}

static void close_gaps(struct sorting *sorting)
{
    struct places *into = sorting->into;
    for (size_t b = 0; b < sorting->bucket_count; b++) {
        size_t from = sorting->parts.starts[b], count = sorting->counts[b], to = into->count;
        if (from != to) {
            memmove(into->x + to, into->x + from, count * sizeof *into->x);
            memmove(into->y + to, into->y + from, count * sizeof *into->y);
            memmove(into->weights + to, into->weights + from, count * sizeof *into->weights);
        }
        into->count += count;
    }
}

static bool sort_points(struct sorting *sorting, int thread_count, struct error *error)
{
    struct places *into = sorting->into;
    struct partition_rule rule = {.choose = bucket_of,
                                  .state = sorting,
                                  .bucket_count = sorting->bucket_count,
                                  .thread_count = thread_count};
    struct parallel_job job = {sort_bucket, sorting, sorting->bucket_count, thread_count};
    if (!partition_points(&sorting->parts, &sorting->points->points, &rule, error))
        return false;
    size_t kept = sorting->parts.starts[sorting->bucket_count];
    if (!array_new_raw(&into->x, kept, sizeof *into->x, error)
        || !array_new_raw(&into->y, kept, sizeof *into->y, error)
        || !array_new_raw(&into->weights, kept, sizeof *into->weights, error)
        || !array_new(&sorting->counts, sorting->bucket_count, sizeof *sorting->counts, error)
        || !parallel_for(&job, error))
        return false;
    close_gaps(sorting);
    return true;
}

bool places_new(struct places *places, const struct weighted_points *points, int thread_count,
                struct error *error)
{
    *places = (struct places){0};
    struct sorting sorting = {.points = points, .into = places};
    if (!find_span(&sorting))
        return true;
    size_t wanted = points->points.count / BUCKET_POINTS + 1;
    if (wanted > BUCKETS_MOST)
        wanted = BUCKETS_MOST;
    uint32_t height = (uint32_t)sorting.y_max - (uint32_t)sorting.y_min;
    while (height >> sorting.shift >= wanted)
        sorting.shift++;
    sorting.bucket_count = (height >> sorting.shift) + 1;
    bool done = sort_points(&sorting, thread_count, error);
    partition_free(&sorting.parts);
    array_free(&sorting.counts);
    if (!done)
        places_free(places);
    return done;
}

void places_free(struct places *places)
{
    array_free(&places->x);
    array_free(&places->y);
    array_free(&places->weights);
    *places = (struct places){0};
}

size_t places_from_y(const struct places *places, double y)
{
    size_t low = 0, high = places->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (places->y[middle] < y)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

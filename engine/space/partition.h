/* Sorts points into numbered buckets, in parallel, keeping their order within each. */
#ifndef PLEIN_SPACE_PARTITION_H
#define PLEIN_SPACE_PARTITION_H

#include "engine/core/geometry.h"

/* Writes the bucket of each of `count` points; the rule's bucket_count means: leave it out. */
typedef void partition_choose(uint32_t *buckets, const void *state, const struct points *points);

struct partition_rule {
    partition_choose *choose;
    const void *state;
    size_t bucket_count; /* a few thousand at most: each is a stream of memory */
    int thread_count;
};

/* Bucket b holds the positions starts[b] .. starts[b + 1] - 1. Zeroed is empty. */
struct partition {
    int32_t *x, *y;
    uint32_t *index; /* where the point stood; rising within a bucket */
    size_t *starts;  /* bucket_count + 1 */
};

/* Time O(points + buckets), memory 12 bytes a point. Fails above 2^31 - 1 points. */
bool partition_points(struct partition *partition, const struct points *points,
                      const struct partition_rule *rule, struct error *error);
void partition_free(struct partition *partition);

#endif

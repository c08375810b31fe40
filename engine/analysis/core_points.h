/* Which points are core: they have enough points, weights counted, within the radius. */
#ifndef PLEIN_ANALYSIS_CORE_POINTS_H
#define PLEIN_ANALYSIS_CORE_POINTS_H

#include "engine/core/parallel.h"
#include "engine/space/crowds.h"

/* Cells are cut so narrow that all points of one are neighbours (Gunawan 2013): a cell that holds
 * min_points is core as a whole. Arrays by position are in the order of `cells`. */
struct core_points {
    struct neighbours cells;
    struct crowds crowds;
    uint64_t min_points;
    int thread_count;
    uint32_t *weights; /* by position; NULL: 1 each */
    uint8_t *core;     /* by position */
    uint8_t *has_core; /* by cell */
};

struct core_options {
    double radius;       /* units of the points' grid */
    uint64_t min_points; /* 1 or more */
    int thread_count;
};
/* Sorts the points into cells and marks the core ones. */
bool core_points_mark(struct core_points *points, const struct weighted_points *from,
                      const struct core_options *options, struct error *error);
void core_points_free(struct core_points *points);

/* The cells within reach of one. */
struct vicinity {
    uint32_t cells[NEAR_MOST];
    size_t count;
};

static inline uint64_t core_points_weight(const struct core_points *points, size_t position)
{
    return points->weights != NULL ? points->weights[position] : 1;
}

static inline struct place_box core_points_box(const struct core_points *points, size_t position)
{
    int32_t x = points->cells.x[position], y = points->cells.y[position];
    return (struct place_box){x, y, x, y};
}

static inline bool core_points_same(const struct core_points *points, size_t a, size_t b)
{
    return points->cells.x[a] == points->cells.x[b] && points->cells.y[a] == points->cells.y[b];
}

/* Work over all cells goes by chunks of so many. */
enum { CORE_CELLS_CHUNK = 512 };
bool core_points_for_cells(const struct core_points *points, parallel_work *work, void *state,
                           struct error *error);
size_t core_points_chunk_end(const struct core_points *points, size_t chunk);

#endif

/* Which points are core: they have enough points, weights counted, within the radius. */
#ifndef PLEIN_ANALYSIS_CORE_POINTS_H
#define PLEIN_ANALYSIS_CORE_POINTS_H

#include "engine/core/parallel.h"
#include "engine/space/crowds.h"

/* How many points of a cell are core. */
enum core_share { CORE_NONE, CORE_SOME, CORE_ALL };

/* Cells are cut so narrow that all points of one are neighbours (Gunawan 2013): a cell that holds
 * min_points is core as a whole. Arrays by position are in the order of `cells`. */
struct core_points {
    struct neighbours cells;
    struct crowds crowds;
    uint64_t min_points;
    int thread_count;
    uint64_t *weights_before; /* by position, and one more: what those before it weigh together;
                                 NULL: 1 each */
    uint8_t *core;            /* by position */
    uint8_t *shares;          /* by cell: enum core_share */
};

struct core_options {
    double radius;       /* units of the points' grid */
    uint64_t min_points; /* 1 or more */
    bool all;            /* leave out no points (neighbours.h) */
    int thread_count;
};
/* Sorts the points into cells and marks the core ones. */
bool core_points_mark(struct core_points *points, const struct weighted_points *from,
                      const struct core_options *options, struct error *error);
void core_points_free(struct core_points *points);

static inline enum core_share core_points_share(const struct core_points *points, size_t cell)
{
    return (enum core_share)points->shares[cell];
}

/* What positions first .. end - 1 weigh. */
static inline uint64_t core_points_weight(const struct core_points *points, size_t first,
                                          size_t end)
{
    return points->weights_before != NULL
               ? points->weights_before[end] - points->weights_before[first]
               : end - first;
}

/* What the points of a cell weigh, also when they are left out. */
static inline uint64_t core_points_cell_weight(const struct core_points *points, size_t cell)
{
    return points->weights_before != NULL ? core_points_weight(points, points->cells.starts[cell],
                                                               points->cells.starts[cell + 1])
                                          : neighbours_size(&points->cells, cell);
}

static inline bool core_points_same(const struct core_points *points, size_t a, size_t b)
{
    return points->cells.spots[a].x == points->cells.spots[b].x
           && points->cells.spots[a].y == points->cells.spots[b].y;
}

static inline struct place_box core_points_box(const struct core_points *points, size_t position)
{
    struct spot spot = points->cells.spots[position];
    return (struct place_box){spot.x, spot.y, spot.x, spot.y};
}

/* Work over all cells goes by chunks of so many. */
enum { CORE_CELLS_CHUNK = 2048 };
bool core_points_for_cells(const struct core_points *points, parallel_work *work, void *state,
                           struct error *error);
static inline size_t core_points_chunk_end(const struct core_points *points, size_t chunk)
{
    size_t end = (chunk + 1) * CORE_CELLS_CHUNK;
    return end < points->cells.cell_count ? end : points->cells.cell_count;
}

/* Whether one of the cells is so crowded that its points are sorted into blocks. */
bool core_points_crowded(const struct core_points *points, const struct cell_run *runs,
                         size_t count);

#endif

/* Points near a point: points sorted into square cells, and the cells within reach of a cell. */
#ifndef PLEIN_SPACE_NEIGHBOURS_H
#define PLEIN_SPACE_NEIGHBOURS_H

#include "engine/core/geometry.h"

/* Cells are as wide as they can be so that any two points of one lie within the radius (side
 * radius / sqrt 2); only occupied ones are kept, so that the extent costs nothing. Cell c holds the
 * positions starts[c] .. starts[c + 1] - 1. Zeroed is empty. */
struct neighbours {
    size_t count, cell_count;
    int32_t *x, *y;   /* the points, by cell */
    uint32_t *index;  /* where each stood; rising within a cell */
    int64_t *keys;    /* of each cell: row * stride + column, rising */
    uint32_t *starts; /* cell_count + 1 */
    int64_t reach2;   /* the radius squared, rounded down */
    int64_t stride;
    int spans[3]; /* how many columns away a cell 0, 1 or 2 rows away may be; -1: none */
    int32_t x_min, y_min;
    uint32_t side;
};

struct neighbours_options {
    double radius; /* in units of the points' grid, 0 or more */
    int thread_count;
};

/* Every point must be on the grid. Time O(points), memory 24 bytes a point while it works and 12
 * after. */
bool neighbours_new(struct neighbours *neighbours, const struct points *points,
                    const struct neighbours_options *options, struct error *error);
void neighbours_free(struct neighbours *neighbours);

/* The squared distance up to which two points are neighbours: floor(radius^2), where a radius that
 * is whole but for the rounding of decimal text counts as whole. */
int64_t neighbours_reach2(double radius);
static inline int64_t neighbours_distance2(int32_t ax, int32_t ay, int32_t bx, int32_t by)
{
    int64_t x = (int64_t)ax - bx, y = (int64_t)ay - by;
    return x * x + y * y;
}

/* Where a walk over rising cells stands; start it at the first cell that is asked about. */
struct neighbour_walk {
    size_t at[5];
};
enum { NEAR_MOST = 24 };
void neighbours_walk(struct neighbour_walk *walk, const struct neighbours *neighbours, size_t cell);
/* Writes the other cells that may hold a point within the radius of one of this cell's, nearer rows
 * first, and returns how many. Cells must be asked about in rising order. */
size_t neighbours_near(uint32_t near[NEAR_MOST], struct neighbour_walk *walk,
                       const struct neighbours *neighbours, size_t cell);
/* The same, of the cells below this one in number alone: each pair of cells once. */
size_t neighbours_near_lower(uint32_t near[NEAR_MOST], struct neighbour_walk *walk,
                             const struct neighbours *neighbours, size_t cell);
/* Whether two cells share a side or a corner. */
bool neighbours_adjacent(const struct neighbours *neighbours, size_t a, size_t b);

#endif

/* Points, rings and shapes on the plane, and the whole-millimetre grid that every number starts
 * from. */
#ifndef PLEIN_CORE_GEOMETRY_H
#define PLEIN_CORE_GEOMETRY_H

#include "engine/core/base.h"

struct box {
    double x_min, y_min, x_max, y_max; /* empty while x_min > x_max */
};

/* One or more polygons with holes, as closed rings (the first point again at the end), in any order
 * and orientation: what lies within an odd number of rings is inside. Also used for lines, whose
 * parts are then not closed. A zeroed struct is empty. */
struct shape {
    double *x, *y;       /* point_count each */
    size_t *ring_starts; /* ring_count + 1 indexes: ring r is ring_starts[r] .. ring_starts[r + 1] -
                            1 */
    size_t point_count, ring_count;
};

bool shape_new(struct shape *shape, size_t point_count, size_t ring_count, struct error *error);
bool shape_copy(struct shape *into, const struct shape *from, struct error *error);
/* Adds the rings of `from` behind those of `into`. */
bool shape_append(struct shape *into, const struct shape *from, struct error *error);
void shape_free(struct shape *shape);
struct box shape_box(const struct shape *shape);
/* Twice the signed area of one ring (shoelace): positive when counter-clockwise. */
double shape_ring_area2(const struct shape *shape, size_t ring);
/* Plain even-odd test in doubles, for drawing and masks; ownership has its own exact one. */
bool shape_holds(const struct shape *shape, double x, double y);

/* From one place to another; both may be the same. */
struct segment {
    double x[2], y[2];
};
/* The squared distance from a place to the nearest point of a segment. */
double segment_distance2(const struct segment *segment, double x, double y);
/* The distance from a place to the nearest point of the shape's rings or lines; INFINITY when it
 * has none. */
double shape_line_distance(const struct shape *shape, double x, double y);

/* The smaller and the larger of two numbers, in line where fmin() and fmax() are calls; `b` when
 * `a` is NaN. */
static inline double lesser(double a, double b)
{
    return a < b ? a : b;
}
static inline double greater(double a, double b)
{
    return a > b ? a : b;
}

/* sqrt(x^2 + y^2), which unlike hypot() is the same to the last bit on every machine. */
double vector_length(double x, double y);

struct box box_empty(void);
void box_add(struct box *box, double x, double y);
struct box box_union(struct box a, struct box b);
bool box_is_empty(struct box box);

/* The study's grid: whole units from an origin. A unit is 1 mm, or 10 mm for a very wide study. */
struct grid {
    double origin_x, origin_y; /* metres, multiples of 100 km */
    int unit_mm;               /* 1 or 10 */
};

enum {
    GRID_LIMIT = 1 << 30,     /* |coordinate| stays below this: orientation then fits in 64 bits */
    GRID_NOWHERE = INT32_MIN, /* no usable place */
    GRID_FAR = INT32_MAX,     /* a place, but beyond the grid: outside every jurisdiction */
};

/* The grid whose origin is the multiple of 100 km nearest to the box's centre; a 10 mm unit when
 * the box does not fit in 1 mm units. */
struct grid grid_around(struct box box);
/* The coordinate in whole units, rounded half away from zero; GRID_NOWHERE for NaN, GRID_FAR beyond
 * the limit. */
int32_t grid_x(const struct grid *grid, double x);
int32_t grid_y(const struct grid *grid, double y);
/* The same for a column of them. */
void grid_x_column(int32_t *units, const struct grid *grid, const double *x, size_t count);
void grid_y_column(int32_t *units, const struct grid *grid, const double *y, size_t count);
double grid_metres_x(const struct grid *grid, int32_t x);
double grid_metres_y(const struct grid *grid, int32_t y);
/* Moves every vertex of the shape onto the grid (still in metres). */
void grid_snap(const struct grid *grid, struct shape *shape);

/* Points on the grid. Either coordinate GRID_NOWHERE or GRID_FAR means that both are. The arrays
 * belong to whoever made them. */
struct points {
    const int32_t *x, *y; /* units of the grid */
    size_t count;
};

/* The same, some of which count more than once. */
struct weighted_points {
    struct points points;
    const uint32_t *weights; /* NULL: each counts once */
};

#endif

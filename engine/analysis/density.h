/* Kernel density of points on a raster, in points per square metre (Silverman 1986; edge correction
 * by Diggle 1985 and Jones 1993). */
#ifndef PLEIN_ANALYSIS_DENSITY_H
#define PLEIN_ANALYSIS_DENSITY_H

#include "engine/core/raster.h"

/* With u = d/h: quartic 3/(pi h^2)(1-u^2)^2; Epanechnikov 2/(pi h^2)(1-u^2); triweight 4/(pi
 * h^2)(1-u^2)^3; triangular 3/(pi h^2)(1-u); uniform 1/(pi h^2); Gaussian with sd h/sqrt(8) per
 * axis, cut where it is below 1e-10 of its peak. */
enum kernel {
    KERNEL_QUARTIC,
    KERNEL_GAUSSIAN,
    KERNEL_EPANECHNIKOV,
    KERNEL_TRIANGULAR,
    KERNEL_TRIWEIGHT,
    KERNEL_UNIFORM
};
enum { KERNEL_COUNT = 6 };

enum edge_correction { EDGE_NONE, EDGE_UNIFORM, EDGE_DIGGLE };

struct density_options {
    enum kernel kernel;
    double bandwidth_m;
    enum edge_correction edge;
    const struct shape *window; /* for an edge correction: the union of the boundaries, metres */
    int thread_count;
};

/* Writes the density at every cell's centre into raster (made by raster_new; the extent limits what
 * is written, not which points count). Sums are taken in an order fixed by place, so that neither
 * the order of the points nor the threads change a bit. NaN where an edge correction has no mass.
 * Points that are GRID_NOWHERE or GRID_FAR do not count. */
bool density_run(struct raster *raster, const struct weighted_points *points,
                 const struct grid *grid, const struct density_options *options,
                 struct error *error);
/* How many points (weights counted) lie within the kernel's support of each cell's centre: what
 * --min-count blanks by. */
bool density_support(struct raster *raster, const struct weighted_points *points,
                     const struct grid *grid, const struct density_options *options,
                     struct error *error);

/* The kernel's value at a distance. */
double kernel_value(enum kernel kernel, double bandwidth_m, double distance_m);
/* How far from its centre a kernel is not 0 (for the Gaussian: where it is cut). */
double kernel_reach_m(enum kernel kernel, double bandwidth_m);
const char *kernel_name(enum kernel kernel);
bool kernel_parse(enum kernel *kernel, const char *text);

#endif

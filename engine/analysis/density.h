/* Kernel density of points on a raster, in points per square metre (Silverman 1986; edge correction
 * by Diggle 1985 and Jones 1993). */
#ifndef PLEIN_ANALYSIS_DENSITY_H
#define PLEIN_ANALYSIS_DENSITY_H

#include "engine/analysis/kernels.h"
#include "engine/core/raster.h"

enum edge_correction { EDGE_NONE, EDGE_UNIFORM, EDGE_DIGGLE };

struct density_options {
    enum kernel kernel;
    double bandwidth_m;
    enum edge_correction edge;
    const struct shape *window; /* for an edge correction: the union of the boundaries, metres */
    int thread_count;
};

/* Writes the density at every cell's centre into raster (made by raster_new; the extent limits what
 * is written, not which points count). EDGE_UNIFORM divides by the kernel's mass inside the window
 * at the cell; EDGE_DIGGLE weights each point by 1 over the mass at the point, so that the surface
 * integrates to the number of points inside. NaN where the window has no mass. Points that are
 * GRID_NOWHERE or GRID_FAR do not count.
 * Sums are taken in an order fixed by place, so that neither the order of the points nor the
 * threads change a bit. Points times cells within reach up to DENSITY_BUDGET are summed one by one,
 * to 1e-12 of the value; above it, where quicker, and with a bandwidth of DENSITY_FINE cells,
 * source cells stand for their points (spread.h): within 2e-4 of the raster's peak. Which, depends
 * on the input only. */
bool density_run(struct raster *raster, const struct weighted_points *points,
                 const struct grid *grid, const struct density_options *options,
                 struct error *error);
#define DENSITY_BUDGET 3e8
#define DENSITY_FINE 8

/* How many points (weights counted) lie less than the bandwidth from each cell's centre: what
 * --min-count blanks by. That is the kernel's support; of the Gaussian's, which is wider, the part
 * that holds 98 % of it, so that a bump of few is not hidden by others far off. Exact. */
bool density_support(struct raster *raster, const struct weighted_points *points,
                     const struct grid *grid, const struct density_options *options,
                     struct error *error);

#endif

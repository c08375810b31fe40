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
    double enough; /* of density_support only: counts that matter no longer; 0: all matter */
};

/* The sum that a density is, over points that come in batches and may be forgotten once they are
 * added. Points that are GRID_NOWHERE or GRID_FAR do not count, nor those too far off to be seen.
 * Whatever the batches, the order of the points and the threads, not a bit of it changes.
 * Few points are kept and summed one by one (sums.h), to 1e-12 of the value: while points times
 * cells within reach are at most DENSITY_BUDGET, and also where that is quicker. More go into a
 * tally (tally.h), in memory that does not grow with them: for a million points spread like
 * incidents the surface is within 1e-4 of its peak, and one point alone within 1.3e-3 of its own
 * (Gaussian and triweight 2e-4). Epanechnikov's and the triangular kernel have kinks: 5e-4, and
 * 2.5 %. Which of the two, depends on the input only. */
struct density_sum;
#define DENSITY_BUDGET 1e8

/* For rasters like this one, whose extent limits what is written, not which points count. The
 * options' window must stay as long as the sum. */
struct density_sum *density_open(const struct raster *raster, const struct grid *grid,
                                 const struct density_options *options, struct error *error);
bool density_add(struct density_sum *sum, const struct weighted_points *points,
                 struct error *error);
/* Writes the density at every cell's centre, times factor, into raster (made by raster_new).
 * EDGE_UNIFORM divides by the kernel's mass inside the window at the cell; EDGE_DIGGLE weights each
 * point by 1 over the mass at the point, so that the surface integrates to the number of points
 * inside. NaN where the window has no mass. */
bool density_finish(struct raster *raster, struct density_sum *sum, double factor,
                    struct error *error);
void density_close(struct density_sum *sum); /* NULL is fine */

/* All of it over points that are all there, times 1. */
bool density_run(struct raster *raster, const struct weighted_points *points,
                 const struct grid *grid, const struct density_options *options,
                 struct error *error);

/* A sum whose density_finish writes what density_support does, times factor. */
struct density_sum *density_open_support(const struct raster *raster, const struct grid *grid,
                                         const struct density_options *options,
                                         struct error *error);

/* How many points (weights counted) lie less than the bandwidth from each cell's centre: what
 * --min-count blanks by. That is the kernel's support; of the Gaussian's, which is wider, the part
 * that holds 98 % of it, so that a bump of few is not hidden by others far off. Exact; but cells
 * farther than the bandwidth from every one that counts less than `enough` may be given that
 * instead, so that where there are many points most need not be counted. */
bool density_support(struct raster *raster, const struct weighted_points *points,
                     const struct grid *grid, const struct density_options *options,
                     struct error *error);

#endif

/* Kernel density of counts that are known by squares, each spread evenly over its square. */
#ifndef PLEIN_ANALYSIS_SQUARE_DENSITY_H
#define PLEIN_ANALYSIS_SQUARE_DENSITY_H

#include "engine/analysis/density.h"
#include "engine/analysis/squares.h"

struct counted_square {
    struct square square;
    uint32_t incidents;
};
struct counted_squares {
    const struct counted_square *items;
    size_t count;
};

/* A square's density is the kernel's convolution with the square, times its count over its area
 * (the same as if its incidents lay spread over it evenly, however many they are). It is summed
 * over a lattice of points at the centres of n x n parts of each 100 m, which weigh alike: whole
 * numbers, so that neither the order of the squares nor the threads change a bit (density.h). n is
 * 10, 20, 50 or 100, so that parts are at most a tenth of the bandwidth wide (of the uniform
 * kernel, which is not continuous, a hundredth): the midpoint rule is then within 0.15 % of the
 * peak, and 0.5 % for the uniform kernel. Below a bandwidth of 10 m (100 m) parts stay 1 m wide,
 * and are that rough. The integral is the sum of the counts. */

/* Adds to the raster, made by raster_new, in incidents per square metre, or with `is_support` how
 * many of them lie less than the bandwidth from each cell's centre. ERROR_DATA: counts beyond four
 * thousand million. */
bool square_density_add(struct raster *raster, const struct counted_squares *squares,
                        const struct grid *grid, const struct density_options *options,
                        bool is_support, struct error *error);
/* n. */
int square_density_parts(const struct counted_squares *squares, enum kernel kernel,
                         double bandwidth_m);

#endif

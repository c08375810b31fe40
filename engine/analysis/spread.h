/* Sums of a kernel over places too many to take one by one: source cells stand for their points. */
#ifndef PLEIN_ANALYSIS_SPREAD_H
#define PLEIN_ANALYSIS_SPREAD_H

#include "engine/analysis/sums.h"

/* Like sums_run, for any kernel but the uniform one (whose rim is a step). A source cell is at most
 * an eighth of the bandwidth wide and gives its points' count, mean and spread; the kernel over it
 * is the quadratic that fits it best. For points spread like incidents the result is within 2e-4 of
 * the raster's peak; a single point's may be off by 0.3 % of its own peak, 3 % for the triangular
 * kernel (the cell under its tip). Time O(places + cells * (bandwidth / source cell)^2), for the
 * Gaussian without the square. */
bool spread_run(double *values, const struct places *places, const struct frame *frame,
                struct error *error);

#endif

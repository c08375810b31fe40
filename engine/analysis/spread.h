/* Sums of a kernel over places too many to take one by one: source cells stand for their points. */
#ifndef PLEIN_ANALYSIS_SPREAD_H
#define PLEIN_ANALYSIS_SPREAD_H

#include "engine/analysis/sums.h"

/* Like sums_run, for any kernel but the uniform one (whose rim is a step). A source cell is at most
 * an eighth of the bandwidth wide and gives its points' count, mean and spread; the kernel over it
 * is the quadratic that fits it best, so that errors within a cell cancel out: for a million points
 * spread like incidents the result is within 2e-5 of the raster's peak (Epanechnikov and
 * triangular, which have a kink: 1.5e-4). One point alone may be off by 0.5 % of its own peak
 * (Epanechnikov and triangular 3 %). Time O(places + cells * (bandwidth / source cell)^2), for the
 * Gaussian without the square. */
bool spread_run(double *values, const struct places *places, const struct frame *frame,
                struct error *error);

/* What spread_run takes, in cells that sums_run would add to in the same time. */
double spread_cost(const struct frame *frame);

#endif

/* Takes points for the sums of a kernel at the centres of a raster's cells, as many as come, in
 * memory that does not grow with them. */
#ifndef PLEIN_ANALYSIS_TALLY_H
#define PLEIN_ANALYSIS_TALLY_H

#include "engine/analysis/sums.h"

/* How, depends on the frame only. The uniform kernel's sums are counts, and exact. Another kernel
 * that reaches only a few cells is summed point by point in whole numbers (stamps.h). Else a mesh
 * stands for the points (mesh.h), with a node for each cell; with more where the bandwidth is less
 * than TALLY_FINE cells, and fewer where it is over twice TALLY_COARSE of them (refine.h). */
struct tally;
#define TALLY_FINE 16
#define TALLY_COARSE 20

struct tally_options {
    bool fractions; /* weights are not whole numbers, but 1 or more (or 0) */
    double enough;  /* of the uniform kernel's counts: see counts_open */
};
struct tally *tally_open(const struct frame *frame, const struct tally_options *options,
                         struct error *error);
void tally_close(struct tally *tally); /* NULL is fine */
/* Sums are of whole numbers, so that any order of the points and any batches of them give the same.
 * Weights are one for each point; NULL: each counts once. */
bool tally_add(struct tally *tally, const struct points *points, const double *weights,
               struct error *error);
/* Writes into values (columns * rows) the sum of weight times kernel_shape, times factor. */
bool tally_sum(double *values, struct tally *tally, double factor, struct error *error);

/* How far from the raster a point can lie and still change a sum: more than the kernel's reach. */
double tally_reach(const struct frame *frame);
/* What tally_sum takes, in cells that sums_run would add to in the same time. */
double tally_cost(const struct frame *frame);

#endif

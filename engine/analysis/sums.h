/* Sums of a kernel over places at the centres of a raster's cells, one place after the other. */
#ifndef PLEIN_ANALYSIS_SUMS_H
#define PLEIN_ANALYSIS_SUMS_H

#include "engine/analysis/kernels.h"
#include "engine/analysis/places.h"
#include "engine/core/raster.h"

/* A raster and a kernel in units of the points' grid, whose halves then are whole numbers nearly
 * always, so that distances are exact. */
struct frame {
    enum kernel kernel;
    double x_min, y_min, cell; /* of the raster */
    double bandwidth, reach2;  /* a place counts where its squared distance is less than reach2 */
    size_t columns, rows;
    int thread_count;
};
struct frame_options {
    const struct grid *grid;
    enum kernel kernel;
    double bandwidth_m;
    int thread_count;
};
struct frame frame_of(const struct raster *raster, const struct frame_options *options);
static inline double frame_centre_x(const struct frame *frame, size_t column)
{
    return frame->x_min + ((double)column + 0.5) * frame->cell;
}
static inline double frame_centre_y(const struct frame *frame, size_t row)
{
    return frame->y_min + ((double)row + 0.5) * frame->cell;
}

/* Writes into values (columns * rows) the sum of weight times kernel_shape over all places, in
 * their order. Time O(places * cells within reach). */
bool sums_run(double *values, const struct places *places, const struct frame *frame,
              struct error *error);

#endif

/* A kernel seen from a source cell: for each cell of the raster near it, the quadratic that fits
 * the kernel best over the source cell. */
#ifndef PLEIN_ANALYSIS_FITS_H
#define PLEIN_ANALYSIS_FITS_H

#include "engine/analysis/sources.h"

/* A raster cell has a phase along each axis: its place within its source cell, 0 .. step - 1. */

/* For kernels that end at the bandwidth: the coefficients, on the moments, of the source cell that
 * lies `row` and `column` (0 .. 2 margin) from the south-west of what can reach. Least squares over
 * the source cell, so that the mean error over it is 0, also where the kernel's rim crosses it. */
struct fits {
    double *values;       /* [phase_y][phase_x][row][column][MOMENTS] */
    uint32_t *from, *end; /* [phase_y][phase_x][row]: columns that are not 0 */
    size_t width;         /* 2 margin + 1 */
};
bool fits_new(struct fits *fits, const struct sources *sources, struct error *error);
void fits_free(struct fits *fits);
const double *fits_row(const struct fits *fits, size_t phase, size_t row);

/* For the Gaussian, which is a factor in x times a factor in y: the coefficients of 1, s and P2(s)
 * along one axis. */
enum { AXIS_MOMENTS = 3 };
bool fits_axis(double **values, const struct sources *sources, struct error *error);

#endif

/* Brings a surface from a coarse lattice of cells to a fine one. */
#ifndef PLEIN_ANALYSIS_REFINE_H
#define PLEIN_ANALYSIS_REFINE_H

#include "engine/analysis/sums.h"

/* The frame of cells `step` times as wide, of which every step-th centre of the fine frame is one,
 * with a cell more on the west and south and two on the east and north. */
struct frame refine_coarse(const struct frame *fine, size_t step);
/* Writes the fine values from the coarse ones by cubic interpolation (Lagrange), none below 0.
 * Time O(cells). */
bool refine_run(double *values, const struct frame *fine, const double *coarse, size_t step,
                struct error *error);

#endif

/* Sums of a kernel that reaches a few of a raster's cells, point by point, in whole numbers. */
#ifndef PLEIN_ANALYSIS_STAMPS_H
#define PLEIN_ANALYSIS_STAMPS_H

#include "engine/analysis/field.h"
#include "engine/analysis/sums.h"

struct stamps {
    struct frame frame;
    struct field field; /* the raster, and what a stamp of a point near it can touch around it */
    size_t margin;      /* columns and rows of the field before the raster */
    size_t reach;       /* cells from a point's own to the last that can be within reach */
    double unit;        /* a weight of 1 at a kernel's centre; at most 2^31 */
};

/* For any kernel but the uniform one. */
struct stamps stamps_of(const struct frame *frame, double unit);
/* Adds to each cell the kernel's shape at its centre times the weight, rounded to whole units. Time
 * O(points * cells within reach). */
bool stamps_add(struct stamps *stamps, const struct points *points, const double *weights,
                struct error *error);
/* Writes the sums into values (columns * rows), as numbers of units times factor. */
bool stamps_sum(double *values, const struct stamps *stamps, double factor, struct error *error);

#endif

/* A raster of numbers over a rectangle of ground. */
#ifndef PLEIN_CORE_RASTER_H
#define PLEIN_CORE_RASTER_H

#include "engine/core/geometry.h"

/* Row 0 is the southernmost; the value at (column, row) is values[row * columns + column] and
 * stands for the cell's centre: x = x_min + (column + 0.5) * cell_m. What is not known is NaN. */
struct raster {
    double *values;
    size_t columns, rows;
    double x_min, y_min; /* the outer corner of the first cell, metres in the study's system */
    double cell_m;
};

/* A zeroed raster over the box: x_min and y_min are its corner, a part cell at the top or right is
 * a whole one. */
bool raster_new(struct raster *raster, struct box box, double cell_m, struct error *error);
void raster_free(struct raster *raster);
/* Columns times rows that raster_new would make, as a double so that nothing overflows. */
double raster_cells(struct box box, double cell_m);
struct box raster_box(const struct raster *raster);
/* The largest value; NaN when there is none. */
double raster_peak(const struct raster *raster);
/* The value at a place by bilinear interpolation between cell centres; NaN outside. */
double raster_at(const struct raster *raster, double x, double y);

#endif

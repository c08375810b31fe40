/* Reads a raster between its cells, along the rows of a finer lattice. */
#ifndef PLEIN_DRAW_RESAMPLE_H
#define PLEIN_DRAW_RESAMPLE_H

#include "engine/core/raster.h"

/* Cells around a place along one axis, and how much each counts. */
struct taps {
    size_t cells[4];
    double weights[4];
    bool outside;
};

/* The lattice of samples, from its upper left. */
struct lattice {
    double x, y, step; /* metres */
    size_t columns, rows;
};

/* One raster, to be read along rows of the lattice: by Catmull and Rom's spline, or between the
 * nearest cells when `linear`. Zeroed is empty. */
struct sampler {
    const struct raster *raster;
    struct taps *across; /* of each sample in a row */
    double *shares;      /* of each sample: how far past its cell's centre */
    bool linear;
};
bool sampler_open(struct sampler *sampler, const struct raster *raster,
                  const struct lattice *lattice, struct error *error);
void sampler_free(struct sampler *sampler);

/* Samples begin .. end - 1 of every row of a band. */
struct span {
    size_t begin, end;
};

/* A row of the lattice, and where on it. */
struct sampling {
    const struct lattice *lattice;
    size_t row;
    const struct span *spans;
    size_t span_count;
};
/* Fills values in the spans; 0 off the raster, NaN no further than half a cell from what is not
 * known. `mixed` is room for a row of the raster. */
void sampler_row(double *values, const struct sampler *sampler, const struct sampling *row,
                 double *mixed);

#endif

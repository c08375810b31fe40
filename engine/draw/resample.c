/* Reads a raster between its cells, along the rows of a finer lattice. */
#include "engine/draw/resample.h"

#include <math.h>
#include <string.h>

/* Catmull and Rom's spline through the cell centres: limits come out round, and at the centres
 * stands what the raster says. Beyond the outer centres the edge cell goes on. */
static struct taps taps_at(double cell, size_t count)
{
    struct taps taps = {.outside = !(cell >= -0.5 && cell <= (double)count - 0.5)};
    if (taps.outside)
        return taps;
    double whole = floor(cell), t = cell - whole;
    for (int i = 0; i < 4; i++)
        taps.cells[i] = (size_t)fmin(fmax(whole + i - 1, 0), (double)count - 1);
    taps.weights[0] = ((2 - t) * t - 1) * t / 2;
    taps.weights[1] = ((3 * t - 5) * t * t + 2) / 2;
    taps.weights[2] = ((4 - 3 * t) * t + 1) * t / 2;
    taps.weights[3] = (t - 1) * t * t / 2;
    return taps;
}

/* What is not known does not spread further than half a cell. */
static double weigh(const double values[4], const struct taps *taps)
{
    double sum = 0;
    for (int i = 0; i < 4; i++)
        sum += values[i] * taps->weights[i];
    if (!isnan(sum))
        return sum;
    return taps->weights[1] >= taps->weights[2] ? values[1] : values[2];
}

/* Between the two nearest cells only: a count must not overshoot. */
static double weigh_linear(const double values[4], double t)
{
    return values[1] * (1 - t) + values[2] * t;
}

void sampler_free(struct sampler *sampler)
{
    array_free(&sampler->across);
    array_free(&sampler->shares);
}

bool sampler_open(struct sampler *sampler, const struct raster *raster,
                  const struct lattice *lattice, struct error *error)
{
    sampler->raster = raster;
    if (!array_new(&sampler->across, lattice->columns, sizeof *sampler->across, error)
        || !array_new(&sampler->shares, lattice->columns, sizeof *sampler->shares, error))
        return false;
    for (size_t i = 0; i < lattice->columns; i++) {
        double x = lattice->x + (double)i * lattice->step;
        double cell = (x - raster->x_min) / raster->cell_m - 0.5;
        sampler->across[i] = taps_at(cell, raster->columns);
        sampler->shares[i] = cell - floor(cell);
    }
    return true;
}

/* The same of the raster: the columns that the samples of a span read. Samples off the raster lie
 * at the ends only. */
static struct span columns_of(const struct sampler *sampler, struct span span)
{
    const struct taps *across = sampler->across;
    while (span.begin < span.end && across[span.begin].outside)
        span.begin++;
    while (span.begin < span.end && across[span.end - 1].outside)
        span.end--;
    return span.begin < span.end
               ? (struct span){across[span.begin].cells[0], across[span.end - 1].cells[3] + 1}
               : (struct span){0, 0};
}

/* Fills mixed with the raster between its rows. */
static void mix_rows(double *mixed, const struct sampler *sampler, const struct taps *down,
                     struct span columns, double share)
{
    const struct raster *raster = sampler->raster;
    const double *rows[4];
    for (int i = 0; i < 4; i++)
        rows[i] = raster->values + down->cells[i] * raster->columns;
    for (size_t c = columns.begin; c < columns.end; c++) {
        const double four[4] = {rows[0][c], rows[1][c], rows[2][c], rows[3][c]};
        mixed[c] = sampler->linear ? weigh_linear(four, share) : weigh(four, down);
    }
}

static void sample_span(double *values, const struct sampler *sampler, const double *mixed,
                        struct span span)
{
    for (size_t i = span.begin; i < span.end; i++) {
        const struct taps *across = &sampler->across[i];
        if (across->outside)
            continue;
        const double four[4] = {mixed[across->cells[0]], mixed[across->cells[1]],
                                mixed[across->cells[2]], mixed[across->cells[3]]};
        values[i] = sampler->linear ? weigh_linear(four, sampler->shares[i]) : weigh(four, across);
    }
}

void sampler_row(double *values, const struct sampler *sampler, const struct sampling *row,
                 double *mixed)
{
    const struct raster *raster = sampler->raster;
    double y = row->lattice->y - (double)row->row * row->lattice->step;
    double cell = (y - raster->y_min) / raster->cell_m - 0.5, share = cell - floor(cell);
    struct taps down = taps_at(cell, raster->rows);
    for (size_t s = 0; s < row->span_count; s++) {
        struct span span = row->spans[s];
        memset(values + span.begin, 0, (span.end - span.begin) * sizeof *values);
        if (down.outside)
            continue;
        mix_rows(mixed, sampler, &down, columns_of(sampler, span), share);
        sample_span(values, sampler, mixed, span);
    }
}

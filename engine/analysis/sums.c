/* Sums of a kernel over places at the centres of a raster's cells, one place after the other. */
#include "engine/analysis/sums.h"

#include "engine/analysis/elementary.h"
#include "engine/core/clones.h"
#include "engine/core/parallel.h"

#include <math.h>
#include <string.h>

enum {
    ROWS_CHUNK = 32,
    STEP = 8, /* cells taken at once, past the last one that counts: those add 0 */
};

/* What is but for the rounding of decimal text a whole number of half units is taken as one. */
static double nearly_half(double units)
{
    double halves = rint(units * 2) / 2;
    return fabs(units - halves) < 1e-6 ? halves : units;
}

struct frame frame_of(const struct raster *raster, const struct frame_options *options)
{
    double per_metre = 1000.0 / options->grid->unit_mm;
    struct frame frame = {.kernel = options->kernel,
                          .columns = raster->columns,
                          .rows = raster->rows,
                          .thread_count = options->thread_count};
    frame.x_min = nearly_half((raster->x_min - options->grid->origin_x) * per_metre);
    frame.y_min = nearly_half((raster->y_min - options->grid->origin_y) * per_metre);
    frame.cell = nearly_half(raster->cell_m * per_metre);
    frame.bandwidth = nearly_half(options->bandwidth_m * per_metre);
    double reach = kernel_reach_m(options->kernel, frame.bandwidth);
    frame.reach2 = reach * reach;
    return frame;
}

struct summing {
    const struct frame *frame;
    const struct places *places;
    double *values;
    double *centres; /* x of each column's centre, and STEP more */
};

/* The rows of one chunk, each with STEP cells more. */
struct band {
    const struct summing *summing;
    double *cells;
    double *across;        /* for the Gaussian: its factor in x, by column */
    double up[ROWS_CHUNK]; /* and in y, by row */
    size_t first_row, row_count, stride;
};

/* A place, and the columns in which it may count. */
struct stamp {
    double x, y, weight;
    size_t first, count; /* count: a multiple of STEP */
};

struct stretch {
    long first, last; /* empty when first > last */
};

/* Cells first .. last along one axis of which every centre less than `reach` away is one. */
static struct stretch stretch_of(double from_begin, double reach, double cell, size_t cells)
{
    double first = floor((from_begin - reach) / cell - 0.5);
    double last = ceil((from_begin + reach) / cell - 0.5);
    double most = (double)cells - 1;
    if (!(last >= 0 && first <= most))
        return (struct stretch){0, -1};
    return (struct stretch){(long)fmax(first, 0), (long)fmin(last, most)};
}

typedef void add_row(double *restrict row, const struct stamp *stamp, const struct band *band,
                     double dy2);

/* 0 where x is less: without a branch, and exact. */
static inline double positive(double x)
{
    return (x + fabs(x)) * 0.5;
}

/* One function a kernel, whose inner loop is of fixed length and has no branch, so that compilers
 * take several cells in one step. The Gaussian is a factor in x times one in y, which is in the
 * weight; it ends where it is cut. */
#define ADD_ROW(name, value)                                                                       \
    WIDE_CLONES static void name(double *restrict row, const struct stamp *stamp,                  \
                                 const struct band *band, double dy2)                              \
    {                                                                                              \
        const double *restrict centres = band->summing->centres + stamp->first;                    \
        const double *restrict across = band->across;                                              \
        double reach2 = band->summing->frame->reach2, part = 1 / reach2;                           \
        double x = stamp->x, weight = stamp->weight;                                               \
        for (size_t c = 0; c < stamp->count; c += STEP)                                            \
            for (size_t l = 0; l < STEP; l++) {                                                    \
                double dx = centres[c + l] - x, d2 = dx * dx + dy2;                                \
                double rest = positive(1 - d2 * part), factor = across[c + l];                     \
                row[c + l] += weight * (value);                                                    \
                (void)factor, (void)rest, (void)d2;                                                \
            }                                                                                      \
    }

ADD_ROW(add_quartic, rest *rest)
ADD_ROW(add_epanechnikov, rest)
ADD_ROW(add_triweight, rest *rest *rest)
ADD_ROW(add_triangular, positive(1 - sqrt(d2 * part)))
ADD_ROW(add_uniform, d2 < reach2 ? 1.0 : 0.0)
ADD_ROW(add_gaussian, factor *(d2 < reach2 ? 1.0 : 0.0))

static add_row *adder_of(enum kernel kernel)
{
    static add_row *const ADDERS[KERNEL_COUNT] = {
        [KERNEL_QUARTIC] = add_quartic,           [KERNEL_GAUSSIAN] = add_gaussian,
        [KERNEL_EPANECHNIKOV] = add_epanechnikov, [KERNEL_TRIANGULAR] = add_triangular,
        [KERNEL_TRIWEIGHT] = add_triweight,       [KERNEL_UNIFORM] = add_uniform,
    };
    return ADDERS[kernel];
}

/* The Gaussian's factors, for the rows first .. last of the raster. */
static void prepare_gaussian(struct band *band, const struct stamp *stamp, long first, long last)
{
    const struct frame *frame = band->summing->frame;
    const double *centres = band->summing->centres + stamp->first;
    double rate = -4 / (frame->bandwidth * frame->bandwidth);
    double *up = band->up + ((size_t)first - band->first_row);
    for (size_t c = 0; c < stamp->count; c++) {
        double dx = centres[c] - stamp->x;
        band->across[c] = rate * dx * dx;
    }
    for (long r = first; r <= last; r++) {
        double dy = frame_centre_y(frame, (size_t)r) - stamp->y;
        up[r - first] = rate * (dy * dy);
    }
    elementary_exp_all(band->across, stamp->count);
    elementary_exp_all(up, (size_t)(last - first) + 1);
}

static void add_place(struct band *band, const struct stamp *stamp, add_row *add)
{
    const struct frame *frame = band->summing->frame;
    double reach = sqrt(frame->reach2);
    struct stretch rows = stretch_of(stamp->y - frame->y_min, reach, frame->cell, frame->rows);
    long first = (long)band->first_row, last = first + (long)band->row_count - 1;
    bool gaussian = frame->kernel == KERNEL_GAUSSIAN;
    struct stamp of_row = *stamp;
    if (rows.first > first)
        first = rows.first;
    if (rows.last < last)
        last = rows.last;
    if (gaussian && first <= last)
        prepare_gaussian(band, stamp, first, last);
    for (long r = first; r <= last; r++) {
        double dy = frame_centre_y(frame, (size_t)r) - stamp->y;
        double dy2 = dy * dy;
        size_t in_band = (size_t)r - band->first_row;
        if (gaussian)
            of_row.weight = stamp->weight * band->up[in_band];
        if (dy2 < frame->reach2)
            add(band->cells + in_band * band->stride + stamp->first, &of_row, band, dy2);
    }
}

/* The first and last + 1 place that can reach the band. */
static void places_of_band(size_t *first, size_t *end, const struct band *band)
{
    const struct frame *frame = band->summing->frame;
    double reach = sqrt(frame->reach2) + frame->cell;
    double south = frame_centre_y(frame, band->first_row);
    double north = frame_centre_y(frame, band->first_row + band->row_count - 1);
    *first = places_from_y(band->summing->places, south - reach);
    *end = places_from_y(band->summing->places, north + reach);
}

static void add_places(struct band *band)
{
    const struct frame *frame = band->summing->frame;
    const struct places *places = band->summing->places;
    add_row *add = adder_of(frame->kernel);
    double reach = sqrt(frame->reach2);
    size_t first, end;
    places_of_band(&first, &end, band);
    for (size_t p = first; p < end; p++) {
        struct stretch columns =
            stretch_of(places->x[p] - frame->x_min, reach, frame->cell, frame->columns);
        if (columns.first > columns.last)
            continue;
        size_t count = (size_t)(columns.last - columns.first) + 1;
        struct stamp stamp = {.x = places->x[p],
                              .y = places->y[p],
                              .weight = places->weights[p],
                              .first = (size_t)columns.first,
                              .count = (count + STEP - 1) / STEP * STEP};
        add_place(band, &stamp, add);
    }
}

static struct band band_of(const struct summing *summing, size_t chunk)
{
    const struct frame *frame = summing->frame;
    struct band band = {.summing = summing,
                        .first_row = chunk * ROWS_CHUNK,
                        .row_count = ROWS_CHUNK,
                        .stride = frame->columns + STEP};
    if (band.first_row + band.row_count > frame->rows)
        band.row_count = frame->rows - band.first_row;
    return band;
}

static bool sum_rows(void *state, size_t chunk, int worker, struct error *error)
{
    struct summing *summing = state;
    struct band band = band_of(summing, chunk);
    size_t columns = summing->frame->columns;
    (void)worker;
    bool done = array_new(&band.cells, band.row_count * band.stride, sizeof *band.cells, error)
                && array_new(&band.across, band.stride, sizeof *band.across, error);
    if (done)
        add_places(&band);
    for (size_t r = 0; done && r < band.row_count; r++)
        memcpy(summing->values + (band.first_row + r) * columns, band.cells + r * band.stride,
               columns * sizeof *band.cells);
    array_free(&band.cells);
    array_free(&band.across);
    return done;
}

static bool run_bands(struct summing *summing, parallel_work *work, struct error *error)
{
    const struct frame *frame = summing->frame;
    struct parallel_job job = {work, summing, (frame->rows + ROWS_CHUNK - 1) / ROWS_CHUNK,
                               frame->thread_count};
    bool done =
        array_new(&summing->centres, frame->columns + STEP, sizeof *summing->centres, error);
    for (size_t c = 0; done && c < frame->columns + STEP; c++)
        summing->centres[c] = frame_centre_x(frame, c);
    done = done && parallel_for(&job, error);
    array_free(&summing->centres);
    return done;
}

bool sums_run(double *values, const struct places *places, const struct frame *frame,
              struct error *error)
{
    struct summing summing = {.frame = frame, .places = places, .values = values};
    return run_bands(&summing, sum_rows, error);
}

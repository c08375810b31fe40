/* Sums of a kernel over places too many to take one by one: source cells stand for their points. */
#include "engine/analysis/spread.h"

#include "engine/analysis/fits.h"
#include "engine/core/parallel.h"

#include <string.h>

enum { ROWS_CHUNK = 64 };

struct spreading {
    double *values;
    const struct places *places;
    const struct frame *frame;
    struct sources sources;
    struct fits fits;
    double *axis; /* the Gaussian's fits */
    size_t chunk_rows;
};

/* A tile of one row of the raster: every step-th cell, SOURCES_TILE of them. */
struct tile {
    double sums[SOURCES_TILE];
};

/* What stands in the tile goes to the raster's cells of this phase. */
static void write_tile(const struct spreading *spreading, const struct tile *tile, size_t row,
                       size_t column)
{
    const struct frame *frame = spreading->frame;
    size_t step = spreading->sources.step;
    const double *sums = tile->sums;
    for (size_t k = 0; k < SOURCES_TILE && column + k * step < frame->columns; k++)
        spreading->values[row * frame->columns + column + k * step] =
            sums[k] > 0 ? sums[k] : 0; /* a fit may dip below 0 near the rim */
}

/* Kernels that end at the bandwidth */

/* The inner loop is of fixed length, so that compilers take several cells in one step. */
static void add_row(struct tile *restrict tile, const struct source_moments *moments, size_t at,
                    const double *restrict fits, size_t count)
{
    const double *restrict one = moments->sums[OF_ONE] + at;
    const double *restrict s = moments->sums[OF_S] + at;
    const double *restrict t = moments->sums[OF_T] + at;
    const double *restrict ss = moments->sums[OF_SS] + at;
    const double *restrict st = moments->sums[OF_ST] + at;
    const double *restrict tt = moments->sums[OF_TT] + at;
    for (size_t i = 0; i < count; i++, fits += MOMENTS)
        for (size_t k = 0; k < SOURCES_TILE; k++)
            tile->sums[k] += (fits[OF_ONE] * one[i + k] + fits[OF_S] * s[i + k])
                             + (fits[OF_T] * t[i + k] + fits[OF_SS] * ss[i + k])
                             + (fits[OF_ST] * st[i + k] + fits[OF_TT] * tt[i + k]);
}

/* One tile: source cells from the row and column in which the reach begins. */
static void spread_tile(struct tile *tile, const struct spreading *spreading,
                        const struct source_moments *moments, const size_t place[3])
{
    const struct fits *fits = &spreading->fits;
    size_t phase = place[0];
    *tile = (struct tile){0};
    for (size_t j = 0; j < fits->width; j++) {
        size_t from = fits->from[phase * fits->width + j], end = fits->end[phase * fits->width + j];
        if (from >= end
            || !sources_any(moments, place[1] + j, place[2] + from,
                            place[2] + end + SOURCES_TILE - 2))
            continue;
        add_row(tile, moments, (place[1] + j) * moments->stride + place[2] + from,
                fits_row(fits, phase, j) + from * MOMENTS, end - from);
    }
}

static void spread_rows(const struct spreading *spreading, const struct source_moments *moments,
                        const struct sources_span *span)
{
    const struct sources *sources = &spreading->sources;
    size_t step = sources->step;
    for (size_t column = 0; column < sources->columns; column += SOURCES_TILE)
        for (size_t row = 0; row < span->row_count * step; row++)
            for (size_t x = 0; x < step; x++) {
                size_t raster_row = span->first_row * step + row;
                struct tile tile;
                if (raster_row >= spreading->frame->rows)
                    continue;
                spread_tile(&tile, spreading, moments,
                            (const size_t[]){row % step * step + x, row / step, column});
                write_tile(spreading, &tile, raster_row, column * step + x);
            }
}

/* The Gaussian: along the rows first, then up the columns. */

struct strips {
    double *sums[AXIS_MOMENTS]; /* what is left to be done along y: [row][phase][column] */
    size_t stride;
};

static void strips_free(struct strips *strips)
{
    for (int b = 0; b < AXIS_MOMENTS; b++)
        array_free(&strips->sums[b]);
}

static bool strips_new(struct strips *strips, const struct spreading *spreading, size_t rows,
                       struct error *error)
{
    size_t tiles = (spreading->sources.columns + SOURCES_TILE - 1) / SOURCES_TILE;
    *strips = (struct strips){.stride = tiles * SOURCES_TILE};
    for (int b = 0; b < AXIS_MOMENTS; b++)
        if (!array_new(&strips->sums[b], rows * spreading->sources.step * strips->stride,
                       sizeof *strips->sums[b], error)) {
            strips_free(strips);
            return false;
        }
    return true;
}

static void add_times(struct tile *restrict tile, const double *restrict from, double factor)
{
    for (size_t k = 0; k < SOURCES_TILE; k++)
        tile->sums[k] += factor * from[k];
}

/* Which moment takes part, by its power along x and then along y; those of a higher order do not.
 */
static const int MOMENT_OF[AXIS_MOMENTS][AXIS_MOMENTS] = {
    {OF_ONE, OF_T, OF_TT}, {OF_S, OF_ST, 0}, {OF_SS, 0, 0}};

static void spread_along(struct strips *strips, const struct spreading *spreading,
                         const struct source_moments *moments, const size_t place[3])
{
    size_t width = 2 * spreading->sources.margin + 1;
    const double *fits = spreading->axis + place[0] * width * AXIS_MOMENTS;
    size_t from = place[1] * moments->stride + place[2];
    size_t to = (place[1] * spreading->sources.step + place[0]) * strips->stride + place[2];
    if (!sources_any(moments, place[1], place[2], place[2] + width + SOURCES_TILE - 2))
        return;
    for (int b = 0; b < AXIS_MOMENTS; b++) {
        struct tile tile = {0};
        for (size_t i = 0; i < width; i++)
            for (int a = 0; a + b < AXIS_MOMENTS; a++)
                add_times(&tile, moments->sums[MOMENT_OF[a][b]] + from + i,
                          fits[i * AXIS_MOMENTS + (size_t)a]);
        memcpy(strips->sums[b] + to, tile.sums, sizeof tile.sums);
    }
}

static void spread_up(struct tile *tile, const struct spreading *spreading,
                      const struct strips *strips, const size_t place[4])
{
    size_t step = spreading->sources.step, width = 2 * spreading->sources.margin + 1;
    const double *fits = spreading->axis + place[0] * width * AXIS_MOMENTS;
    *tile = (struct tile){0};
    for (size_t j = 0; j < width; j++) {
        size_t from = ((place[1] + j) * step + place[2]) * strips->stride + place[3];
        for (int b = 0; b < AXIS_MOMENTS; b++)
            add_times(tile, strips->sums[b] + from, fits[j * AXIS_MOMENTS + (size_t)b]);
    }
}

static bool spread_axes(const struct spreading *spreading, const struct source_moments *moments,
                        const struct sources_span *span, struct error *error)
{
    const struct sources *sources = &spreading->sources;
    size_t step = sources->step;
    struct strips strips;
    if (!strips_new(&strips, spreading, moments->rows, error))
        return false;
    for (size_t row = 0; row < moments->rows; row++)
        for (size_t x = 0; x < step; x++)
            for (size_t column = 0; column < sources->columns; column += SOURCES_TILE)
                spread_along(&strips, spreading, moments, (const size_t[]){x, row, column});
    for (size_t column = 0; column < sources->columns; column += SOURCES_TILE)
        for (size_t row = 0; row < span->row_count * step; row++)
            for (size_t x = 0; x < step && span->first_row * step + row < spreading->frame->rows;
                 x++) {
                struct tile tile;
                spread_up(&tile, spreading, &strips,
                          (const size_t[]){row % step, row / step, x, column});
                write_tile(spreading, &tile, span->first_row * step + row, column * step + x);
            }
    strips_free(&strips);
    return true;
}

static bool spread_chunk(void *state, size_t chunk, int worker, struct error *error)
{
    const struct spreading *spreading = state;
    struct sources_span span = {chunk * spreading->chunk_rows, spreading->chunk_rows};
    struct source_moments moments;
    bool done = true;
    (void)worker;
    if (span.first_row + span.row_count > spreading->sources.rows)
        span.row_count = spreading->sources.rows - span.first_row;
    if (!sources_sum(&moments, &spreading->sources, spreading->places, &span, error))
        return false;
    if (spreading->axis != NULL)
        done = spread_axes(spreading, &moments, &span, error);
    else
        spread_rows(spreading, &moments, &span);
    sources_free(&moments);
    return done;
}

double spread_cost(const struct frame *frame)
{
    const double a_moment = 0.25; /* measured against one cell of sums_run */
    struct sources sources = sources_of(frame);
    double width = 2 * (double)sources.margin + 1;
    double taps = frame->kernel == KERNEL_GAUSSIAN ? 9 * width : 0.8 * MOMENTS * width * width;
    return a_moment * taps * (double)frame->columns * (double)frame->rows;
}

bool spread_run(double *values, const struct places *places, const struct frame *frame,
                struct error *error)
{
    struct spreading spreading = {
        .values = values, .places = places, .frame = frame, .sources = sources_of(frame)};
    spreading.chunk_rows =
        spreading.sources.step < ROWS_CHUNK / 2 ? ROWS_CHUNK / spreading.sources.step : 2;
    size_t chunks = (spreading.sources.rows + spreading.chunk_rows - 1) / spreading.chunk_rows;
    struct parallel_job job = {spread_chunk, &spreading, chunks, frame->thread_count};
    bool ready = frame->kernel == KERNEL_GAUSSIAN
                     ? fits_axis(&spreading.axis, &spreading.sources, error)
                     : fits_new(&spreading.fits, &spreading.sources, error);
    bool done = ready && parallel_for(&job, error);
    fits_free(&spreading.fits);
    array_free(&spreading.axis);
    return done;
}

/* Sums of a kernel that reaches a few of a raster's cells, point by point, in whole numbers. */
#include "engine/analysis/stamps.h"

#include "engine/analysis/elementary.h"
#include "engine/core/clones.h"
#include "engine/core/parallel.h"

#include <math.h>

enum {
    REACH_MOST = 16,
    STEP = 4, /* cells taken at once, past the last one that counts: those add 0 */
    WIDE_MOST = 2 * REACH_MOST + 1 + STEP,
    ROWS_CHUNK = 64,
};

struct stamps stamps_of(const struct frame *frame, double unit)
{
    struct stamps stamps = {.frame = *frame, .unit = unit};
    stamps.reach = (size_t)ceil(sqrt(frame->reach2) / frame->cell + 0.5);
    stamps.margin = 2 * stamps.reach;
    stamps.field.columns = frame->columns + 2 * stamps.margin + STEP;
    stamps.field.rows = frame->rows + 2 * stamps.margin;
    stamps.field.side = frame->cell;
    stamps.field.x_min = frame->x_min - (double)stamps.margin * frame->cell;
    stamps.field.y_min = frame->y_min - (double)stamps.margin * frame->cell;
    return stamps;
}

/* A point and the cells about its own: the squares of their centres' distances along each axis, and
 * for the Gaussian its factors. */
struct stamp {
    double across[WIDE_MOST], up[WIDE_MOST];
    double units; /* of the weight */
    int64_t *cells;
};

static int64_t *cells_of(const struct field *field, size_t column, size_t row)
{
    return field->cells + row * field->stride + column;
}

static void square_distances(double squares[WIDE_MOST], double first, double side)
{
    for (size_t k = 0; k < WIDE_MOST; k++) {
        double d = first + (double)k * side;
        squares[k] = d * d;
    }
}

static struct stamp stamp_at(struct field *field, const struct stamps *stamps,
                             struct field_point point)
{
    double per = field_per_unit(field), from_west = point.x - field->x_min;
    double from_south = point.y - field->y_min;
    double column = floor(from_west * per) - (double)stamps->reach;
    double row = floor(from_south * per) - (double)stamps->reach;
    struct stamp stamp = {.units = stamps->unit,
                          .cells = cells_of(field, (size_t)column, (size_t)row)};
    square_distances(stamp.across, (column + 0.5) * field->side - from_west, field->side);
    square_distances(stamp.up, (row + 0.5) * field->side - from_south, field->side);
    return stamp;
}

/* One function a kernel, whose loop has no branch, so that compilers take several cells in one
 * step. */
#define ADD_STAMP(name, value)                                                                     \
    WIDE_CLONES static void name(int64_t *restrict cells, const struct stamp *restrict stamp,      \
                                 double reach2, size_t row, size_t count)                          \
    {                                                                                              \
        double part = 1 / reach2, dy2 = stamp->up[row], units = stamp->units;                      \
        for (size_t k = 0; k < count; k++) {                                                       \
            double d2 = stamp->across[k] + dy2, rest = 1 - d2 * part;                              \
            rest = rest > 0 ? rest : 0;                                                            \
            cells[k] += (int64_t)(units * (value) + 0.5);                                          \
            (void)rest;                                                                            \
        }                                                                                          \
    }

ADD_STAMP(add_quartic, rest *rest)
ADD_STAMP(add_epanechnikov, rest)
ADD_STAMP(add_triweight, rest *rest *rest)
ADD_STAMP(add_triangular, d2 < reach2 ? 1 - sqrt(d2 * part) : 0)
ADD_STAMP(add_uniform, d2 < reach2 ? 1.0 : 0.0)
ADD_STAMP(add_gaussian, stamp->across[k] * dy2)

typedef void add_stamp(int64_t *restrict cells, const struct stamp *restrict stamp, double reach2,
                       size_t row, size_t count);

static add_stamp *adder_of(enum kernel kernel)
{
    static add_stamp *const ADDERS[KERNEL_COUNT] = {
        [KERNEL_QUARTIC] = add_quartic,           [KERNEL_GAUSSIAN] = add_gaussian,
        [KERNEL_EPANECHNIKOV] = add_epanechnikov, [KERNEL_TRIANGULAR] = add_triangular,
        [KERNEL_TRIWEIGHT] = add_triweight,       [KERNEL_UNIFORM] = add_uniform,
    };
    return ADDERS[kernel];
}

/* The Gaussian is a factor in x times one in y. */
static void make_factors(struct stamp *stamp, const struct frame *frame, size_t count)
{
    double rate = -4 / (frame->bandwidth * frame->bandwidth);
    for (size_t k = 0; k < count; k++) {
        stamp->across[k] *= rate;
        stamp->up[k] *= rate;
    }
    elementary_exp_all(stamp->across, count);
    elementary_exp_all(stamp->up, count);
}

static void add_points(struct field *field, const void *state, const struct field_points *points)
{
    const struct stamps *stamps = state;
    const struct frame *frame = &stamps->frame;
    add_stamp *add = adder_of(frame->kernel);
    size_t rows = 2 * stamps->reach + 1, count = (rows + STEP - 1) / STEP * STEP;
    for (size_t i = 0; i < points->count; i++) {
        struct stamp stamp = stamp_at(field, stamps, points->points[i]);
        if (points->weights != NULL)
            stamp.units *= points->weights[i];
        if (frame->kernel == KERNEL_GAUSSIAN)
            make_factors(&stamp, frame, count);
        for (size_t row = 0; row < rows; row++)
            if (frame->kernel == KERNEL_GAUSSIAN || stamp.up[row] < frame->reach2)
                add(stamp.cells + row * field->stride, &stamp, frame->reach2, row, count);
    }
}

bool stamps_add(struct stamps *stamps, const struct points *points, const double *weights,
                struct error *error)
{
    const struct frame *frame = &stamps->frame;
    double around = (double)stamps->reach, margin = (double)stamps->margin;
    struct field_rule rule = {.add = add_points,
                              .state = stamps,
                              .low_column = margin - around,
                              .end_column = margin + (double)frame->columns + around,
                              .low_row = margin - around,
                              .end_row = margin + (double)frame->rows + around,
                              .reach_rows = stamps->reach,
                              .thread_count = frame->thread_count};
    return field_add_points(&stamps->field, &rule, points, weights, error);
}

struct summing {
    double *values;
    const struct stamps *stamps;
    double factor;
};

static bool sum_rows(void *state, size_t chunk, int worker, struct error *error)
{
    const struct summing *summing = state;
    const struct stamps *stamps = summing->stamps;
    const struct frame *frame = &stamps->frame;
    size_t end = (chunk + 1) * ROWS_CHUNK;
    (void)worker, (void)error;
    for (size_t row = chunk * ROWS_CHUNK; row < end && row < frame->rows; row++) {
        const int64_t *cells = cells_of(&stamps->field, stamps->margin, row + stamps->margin);
        double *values = summing->values + row * frame->columns;
        for (size_t c = 0; c < frame->columns; c++)
            values[c] = (double)cells[c] * summing->factor;
    }
    return true;
}

bool stamps_sum(double *values, const struct stamps *stamps, double factor, struct error *error)
{
    struct summing summing = {values, stamps, factor};
    struct parallel_job job = {sum_rows, &summing, stamps->frame.rows / ROWS_CHUNK + 1,
                               stamps->frame.thread_count};
    return parallel_for(&job, error);
}

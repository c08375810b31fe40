/* Brings a surface from a coarse lattice of cells to a fine one. */
#include "engine/analysis/refine.h"

#include "engine/core/parallel.h"

enum { AROUND = 4, BEFORE = 1, ROWS_CHUNK = 32 };

struct refining {
    double *values;
    const struct frame *fine;
    const double *coarse;
    size_t step, coarse_columns;
    double *weights; /* AROUND for each of `step` places between two coarse centres */
};

static size_t coarse_count(size_t fine, size_t step)
{
    return (fine - 1) / step + AROUND;
}

struct frame refine_coarse(const struct frame *fine, size_t step)
{
    struct frame coarse = *fine;
    coarse.cell = fine->cell * (double)step;
    coarse.columns = coarse_count(fine->columns, step);
    coarse.rows = coarse_count(fine->rows, step);
    coarse.x_min = frame_centre_x(fine, 0) - (BEFORE + 0.5) * coarse.cell;
    coarse.y_min = frame_centre_y(fine, 0) - (BEFORE + 0.5) * coarse.cell;
    return coarse;
}

static void fill_weights(const struct refining *refining)
{
    for (size_t place = 0; place < refining->step; place++) {
        double f = (double)place / (double)refining->step,
               *weights = refining->weights + place * AROUND;
        weights[0] = -f * (1 - f) * (2 - f) / 6;
        weights[1] = (1 + f) * (1 - f) * (2 - f) / 2;
        weights[2] = f * (1 + f) * (2 - f) / 2;
        weights[3] = -f * (1 - f) * (1 + f) / 6;
    }
}

static void refine_row(const struct refining *refining, size_t row, double *restrict between)
{
    size_t columns = refining->coarse_columns, step = refining->step;
    const double *w = refining->weights + row % step * AROUND;
    const double *restrict from = refining->coarse + row / step * columns;
    for (size_t c = 0; c < columns; c++)
        between[c] = (w[0] * from[c] + w[1] * from[columns + c])
                     + (w[2] * from[2 * columns + c] + w[3] * from[3 * columns + c]);
    double *values = refining->values + row * refining->fine->columns;
    for (size_t c = 0, left = refining->fine->columns; left > 0; c++) {
        size_t places = left < step ? left : step;
        for (size_t place = 0; place < places; place++) {
            const double *v = refining->weights + place * AROUND, *four = between + c;
            double value = (v[0] * four[0] + v[1] * four[1]) + (v[2] * four[2] + v[3] * four[3]);
            *values++ = value > 0 ? value : 0;
        }
        left -= places;
    }
}

static bool refine_rows(void *state, size_t chunk, int worker, struct error *error)
{
    const struct refining *refining = state;
    size_t end = (chunk + 1) * ROWS_CHUNK;
    double *between;
    (void)worker;
    if (!array_new(&between, refining->coarse_columns, sizeof *between, error))
        return false;
    for (size_t row = chunk * ROWS_CHUNK; row < end && row < refining->fine->rows; row++)
        refine_row(refining, row, between);
    array_free(&between);
    return true;
}

bool refine_run(double *values, const struct frame *fine, const double *coarse, size_t step,
                struct error *error)
{
    struct refining refining = {.values = values,
                                .fine = fine,
                                .coarse = coarse,
                                .step = step,
                                .coarse_columns = coarse_count(fine->columns, step)};
    struct parallel_job job = {refine_rows, &refining, fine->rows / ROWS_CHUNK + 1,
                               fine->thread_count};
    bool done = array_new(&refining.weights, step * AROUND, sizeof *refining.weights, error);
    if (done) {
        fill_weights(&refining);
        done = parallel_for(&job, error);
    }
    array_free(&refining.weights);
    return done;
}

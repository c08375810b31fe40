/* A kernel seen from a source cell: for each cell of the raster near it, the quadratic that fits
 * the kernel best over the source cell. */
#include "engine/analysis/fits.h"

#include "engine/analysis/elementary.h"
#include "engine/core/parallel.h"

#include <math.h>
#include <string.h>

enum { PANELS = 6, NODES = 4, SAMPLES = PANELS * NODES };

/* Places -1 to 1 in the source cell, and what each counts for in a mean over it. */
struct samples {
    double at[SAMPLES], share[SAMPLES];
};

static void samples_fill(struct samples *samples)
{
    static const double AT[NODES] = {-0.86113631159405258, -0.33998104358485626,
                                     0.33998104358485626, 0.86113631159405258};
    static const double SHARES[NODES] = {0.34785484513745386, 0.65214515486254614,
                                         0.65214515486254614, 0.34785484513745386};
    for (int i = 0; i < SAMPLES; i++) {
        samples->at[i] = (2.0 * (i / NODES) + 1 + AT[i % NODES]) / PANELS - 1;
        samples->share[i] = SHARES[i % NODES] / (2 * PANELS);
    }
}

static double second(double s)
{
    return 1.5 * s * s - 0.5;
}

/* How far a raster cell's centre lies from the centre of source cell `index` of those in reach. */
static double offset_of(const struct sources *sources, size_t phase, size_t index)
{
    double in_source = ((double)phase + 0.5) / (double)sources->step - 0.5;
    return (in_source + (double)sources->margin - (double)index) * sources->cell;
}

static bool out_of_reach(const struct sources *sources, double x, double y)
{
    double half = sources->cell / 2;
    double dx = fmax(fabs(x) - half, 0), dy = fmax(fabs(y) - half, 0);
    return dx * dx + dy * dy >= sources->frame->reach2;
}

/* Legendre's polynomials are orthogonal, so each coefficient is a mean of its own. */
static void fit_source(double fit[MOMENTS], const struct sources *sources,
                       const struct samples *samples, const double centre[2])
{
    const struct frame *frame = sources->frame;
    double h2 = frame->bandwidth * frame->bandwidth, half = sources->cell / 2;
    static const double NORMS[MOMENTS] = {1, 3, 3, 5, 9, 5};
    double sums[MOMENTS] = {0};
    for (int j = 0; j < SAMPLES; j++)
        for (int i = 0; i < SAMPLES; i++) {
            double s = samples->at[i], t = samples->at[j];
            double dx = centre[0] - s * half, dy = centre[1] - t * half;
            double value = kernel_shape(frame->kernel, (dx * dx + dy * dy) / h2) * samples->share[i]
                           * samples->share[j];
            const double basis[MOMENTS] = {1, s, t, second(s), s * t, second(t)};
            for (int m = 0; m < MOMENTS; m++)
                sums[m] += value * basis[m];
        }
    for (int m = 0; m < MOMENTS; m++)
        fit[m] = sums[m] * NORMS[m];
}

struct fitting {
    struct fits *fits;
    const struct sources *sources;
    struct samples samples;
};

static bool fit_phase(void *state, size_t phase, int worker, struct error *error)
{
    struct fitting *fitting = state;
    const struct sources *sources = fitting->sources;
    size_t width = fitting->fits->width;
    (void)worker, (void)error;
    for (size_t row = 0; row < width; row++) {
        double *values = fitting->fits->values + (phase * width + row) * width * MOMENTS;
        uint32_t from = (uint32_t)width, end = 0;
        for (size_t column = 0; column < width; column++) {
            const double centre[2] = {offset_of(sources, phase % sources->step, column),
                                      offset_of(sources, phase / sources->step, row)};
            if (out_of_reach(sources, centre[0], centre[1]))
                continue;
            fit_source(values + column * MOMENTS, sources, &fitting->samples, centre);
            from = column < from ? (uint32_t)column : from;
            end = (uint32_t)column + 1;
        }
        fitting->fits->from[phase * width + row] = from;
        fitting->fits->end[phase * width + row] = end;
    }
    return true;
}

bool fits_new(struct fits *fits, const struct sources *sources, struct error *error)
{
    *fits = (struct fits){.width = 2 * sources->margin + 1};
    size_t phases = sources->step * sources->step, rows = phases * fits->width;
    struct fitting fitting = {.fits = fits, .sources = sources};
    struct parallel_job job = {fit_phase, &fitting, phases, sources->frame->thread_count};
    samples_fill(&fitting.samples);
    if (array_new(&fits->values, rows * fits->width * MOMENTS, sizeof *fits->values, error)
        && array_new(&fits->from, rows, sizeof *fits->from, error)
        && array_new(&fits->end, rows, sizeof *fits->end, error) && parallel_for(&job, error))
        return true;
    fits_free(fits);
    return false;
}

void fits_free(struct fits *fits)
{
    array_free(&fits->values);
    array_free(&fits->from);
    array_free(&fits->end);
    *fits = (struct fits){0};
}

const double *fits_row(const struct fits *fits, size_t phase, size_t row)
{
    return fits->values + (phase * fits->width + row) * fits->width * MOMENTS;
}

bool fits_axis(double **values, const struct sources *sources, struct error *error)
{
    size_t width = 2 * sources->margin + 1;
    double h2 = sources->frame->bandwidth * sources->frame->bandwidth;
    struct samples samples;
    samples_fill(&samples);
    if (!array_new(values, sources->step * width * AXIS_MOMENTS, sizeof **values, error))
        return false;
    for (size_t f = 0; f < sources->step * width; f++)
        for (int i = 0; i < SAMPLES; i++) {
            double s = samples.at[i];
            double d = offset_of(sources, f / width, f % width) - s * sources->cell / 2;
            double value = elementary_exp(-4 * d * d / h2) * samples.share[i];
            (*values)[f * AXIS_MOMENTS] += value;
            (*values)[f * AXIS_MOMENTS + 1] += 3 * value * s;
            (*values)[f * AXIS_MOMENTS + 2] += 5 * value * second(s);
        }
    return true;
}

/* Kernel density of points on a raster, in points per square metre (Silverman 1986; edge correction
 * by Diggle 1985 and Jones 1993). */
#include "engine/analysis/density.h"

#include "engine/analysis/spread.h"
#include "engine/analysis/sums.h"
#include "engine/analysis/window.h"
#include "engine/core/parallel.h"

#include <math.h>

enum { PLACES_CHUNK = 1024, ROWS_CHUNK = 64 };

static bool check(const struct raster *raster, const struct density_options *options,
                  struct error *error)
{
    if (!(options->bandwidth_m > 0 && isfinite(options->bandwidth_m)))
        return error_set(error, ERROR_USAGE,
                         "a bandwidth of %g m is no width; give metres, such as 100",
                         options->bandwidth_m);
    if (!(options->bandwidth_m >= 0.001 && options->bandwidth_m < 1e7))
        return error_set(error, ERROR_USAGE,
                         "a bandwidth of %g m is out of range; take 0.001 m to 10,000 km",
                         options->bandwidth_m);
    if (options->edge != EDGE_NONE && options->window == NULL)
        return error_set(error, ERROR_INTERNAL, "an edge correction was asked without a window");
    return raster->values != NULL
           || error_set(error, ERROR_INTERNAL, "a density was asked without a raster");
}

/* Diggle and Jones: a point that is nearly all outside counts for what it loses there. */

struct weighing {
    struct places *places;
    const struct grid *grid;
    const struct window *window;
};

static bool weigh_chunk(void *state, size_t chunk, int worker, struct error *error)
{
    struct weighing *weighing = state;
    struct places *places = weighing->places;
    size_t end = (chunk + 1) * PLACES_CHUNK;
    (void)worker, (void)error;
    for (size_t p = chunk * PLACES_CHUNK; p < end && p < places->count; p++) {
        double mass = window_mass(weighing->window, grid_metres_x(weighing->grid, places->x[p]),
                                  grid_metres_y(weighing->grid, places->y[p]));
        places->weights[p] = mass > WINDOW_NO_MASS ? places->weights[p] / mass : 0;
    }
    return true;
}

static bool weigh(struct weighing *weighing, int thread_count, struct error *error)
{
    struct parallel_job job = {weigh_chunk, weighing, weighing->places->count / PLACES_CHUNK + 1,
                               thread_count};
    return parallel_for(&job, error);
}

/* The kernel's value is its shape times its peak. */

struct scaling {
    struct raster *raster;
    double factor;
};

static bool scale_rows(void *state, size_t chunk, int worker, struct error *error)
{
    const struct scaling *scaling = state;
    const struct raster *raster = scaling->raster;
    size_t end = (chunk + 1) * ROWS_CHUNK < raster->rows ? (chunk + 1) * ROWS_CHUNK : raster->rows;
    (void)worker, (void)error;
    for (size_t i = chunk * ROWS_CHUNK * raster->columns; i < end * raster->columns; i++)
        raster->values[i] *= scaling->factor;
    return true;
}

static bool scale(struct raster *raster, const struct density_options *options, struct error *error)
{
    struct scaling scaling = {raster, kernel_peak(options->kernel, options->bandwidth_m)};
    struct parallel_job job = {scale_rows, &scaling, raster->rows / ROWS_CHUNK + 1,
                               options->thread_count};
    return parallel_for(&job, error);
}

static bool sum(struct raster *raster, const struct places *places, const struct frame *frame,
                struct error *error)
{
    double cells = M_PI * frame->reach2 / (frame->cell * frame->cell);
    bool whole = frame->kernel == KERNEL_UNIFORM;
    for (size_t p = 0; whole && p < places->count; p++)
        whole = places->weights[p] == floor(places->weights[p]);
    if (whole)
        return sums_count(raster->values, places, frame, error);
    cells *= (double)places->count;
    if (frame->kernel != KERNEL_UNIFORM && frame->bandwidth >= DENSITY_FINE * frame->cell
        && cells > DENSITY_BUDGET && cells > spread_cost(frame))
        return spread_run(raster->values, places, frame, error);
    return sums_run(raster->values, places, frame, error);
}

static bool run(struct raster *raster, struct places *places, const struct grid *grid,
                const struct density_options *options, struct error *error)
{
    struct frame_options frame_options = {grid, options->kernel, options->bandwidth_m,
                                          options->thread_count};
    struct window_options window_options = {options->window, options->kernel, options->bandwidth_m};
    struct frame frame = frame_of(raster, &frame_options);
    if (options->edge == EDGE_NONE)
        return sum(raster, places, &frame, error) && scale(raster, options, error);
    struct window *window = window_open(&window_options, error);
    struct weighing weighing = {places, grid, window};
    bool done = window != NULL
                && (options->edge != EDGE_DIGGLE || weigh(&weighing, options->thread_count, error))
                && sum(raster, places, &frame, error) && scale(raster, options, error)
                && window_correct(raster, window,
                                  options->edge == EDGE_UNIFORM ? WINDOW_DIVIDE : WINDOW_BLANK,
                                  options->thread_count, error);
    window_close(window);
    return done;
}

bool density_run(struct raster *raster, const struct weighted_points *points,
                 const struct grid *grid, const struct density_options *options,
                 struct error *error)
{
    struct places places;
    if (!check(raster, options, error)
        || !places_new(&places, points, options->thread_count, error))
        return false;
    bool done = run(raster, &places, grid, options, error);
    places_free(&places);
    return done;
}

bool density_support(struct raster *raster, const struct weighted_points *points,
                     const struct grid *grid, const struct density_options *options,
                     struct error *error)
{
    struct frame_options frame_options = {grid, KERNEL_UNIFORM, options->bandwidth_m,
                                          options->thread_count};
    struct density_options none = *options;
    struct places places;
    none.edge = EDGE_NONE;
    if (!check(raster, &none, error) || !places_new(&places, points, none.thread_count, error))
        return false;
    struct frame frame = frame_of(raster, &frame_options);
    bool done = sums_count(raster->values, &places, &frame, error);
    places_free(&places);
    return done;
}

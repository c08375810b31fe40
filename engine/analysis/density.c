/* Kernel density of points on a raster, in points per square metre (Silverman 1986; edge correction
 * by Diggle 1985 and Jones 1993). */
#include "engine/analysis/density.h"

#include "engine/analysis/sums.h"
#include "engine/analysis/tally.h"
#include "engine/analysis/window.h"
#include "engine/core/parallel.h"

#include <math.h>

enum { POINTS_CHUNK = 1024, ROWS_CHUNK = 64, SLICE = 1 << 18, KEPT_MOST = 1 << 18 };

/* Points that are kept. */
struct kept {
    int32_t *x, *y;
    uint32_t *weights;
    size_t count, held;
    double reach;      /* how far off the raster they lie at most */
    size_t seen, most; /* how many points were within the kernel's reach, and for how many of them
                          points are kept; seen may be less once it is more than that */
};

struct density_sum {
    struct density_options options;
    struct grid grid;
    struct frame frame;
    struct window *window;
    bool is_support;
    struct kept kept;
    struct tally *tally; /* NULL until it may be needed */
};

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

/* Whether points are summed one by one: by what came, not by how. */
static bool is_few(const struct density_sum *sum)
{
    return sum->kept.most > 0 && sum->kept.seen <= sum->kept.most;
}

static bool is_diggle(const struct density_sum *sum)
{
    return sum->options.edge == EDGE_DIGGLE;
}

/* Opening */

/* So many that summing them one by one is quick, or quicker than a tally. */
static size_t most_to_keep(const struct density_sum *sum)
{
    const struct frame *frame = &sum->frame;
    double cells_each = fmax(M_PI * frame->reach2 / (frame->cell * frame->cell), 1);
    double cells = fmax(DENSITY_BUDGET, tally_cost(frame));
    double most = fmax(KEPT_MOST, (double)frame->columns * (double)frame->rows / 8);
    if (frame->kernel == KERNEL_UNIFORM && !is_diggle(sum))
        return 0; /* a tally is exact too */
    return (size_t)fmin(cells / cells_each, most);
}

static bool open_window(struct density_sum *sum, struct error *error)
{
    const struct density_options *options = &sum->options;
    struct window_options window = {options->window, options->kernel, options->bandwidth_m};
    if (options->edge == EDGE_NONE)
        return true;
    sum->window = window_open(&window, error);
    return sum->window != NULL;
}

static struct density_sum *open_sum(const struct raster *raster, const struct grid *grid,
                                    const struct density_options *options, bool is_support,
                                    struct error *error)
{
    struct density_sum *sum;
    struct frame_options frame = {grid, options->kernel, options->bandwidth_m,
                                  options->thread_count};
    if (!check(raster, options, error) || !array_new(&sum, 1, sizeof *sum, error))
        return NULL;
    sum->options = *options;
    sum->grid = *grid;
    sum->is_support = is_support;
    sum->frame = frame_of(raster, &frame);
    sum->kept.most = most_to_keep(sum);
    sum->kept.reach = tally_reach(&sum->frame);
    if (open_window(sum, error))
        return sum;
    density_close(sum);
    return NULL;
}

struct density_sum *density_open(const struct raster *raster, const struct grid *grid,
                                 const struct density_options *options, struct error *error)
{
    return open_sum(raster, grid, options, false, error);
}

struct density_sum *density_open_support(const struct raster *raster, const struct grid *grid,
                                         const struct density_options *options, struct error *error)
{
    struct density_options counting = *options;
    counting.kernel = KERNEL_UNIFORM;
    counting.edge = EDGE_NONE;
    return open_sum(raster, grid, &counting, true, error);
}

static void kept_free(struct kept *kept)
{
    array_free(&kept->x);
    array_free(&kept->y);
    array_free(&kept->weights);
    *kept = (struct kept){.seen = kept->seen, .most = kept->most};
}

void density_close(struct density_sum *sum)
{
    if (sum == NULL)
        return;
    kept_free(&sum->kept);
    window_close(sum->window);
    tally_close(sum->tally);
    array_free(&sum);
}

/* Diggle and Jones: a point that is nearly all outside counts for what it loses there. */

struct weighing {
    const struct density_sum *sum;
    const int32_t *x, *y;
    double *weights;
    size_t count;
};

static bool weigh_chunk(void *state, size_t chunk, int worker, struct error *error)
{
    const struct weighing *weighing = state;
    const struct grid *grid = &weighing->sum->grid;
    size_t end = (chunk + 1) * POINTS_CHUNK;
    (void)worker, (void)error;
    for (size_t p = chunk * POINTS_CHUNK; p < end && p < weighing->count; p++) {
        double mass = window_mass(weighing->sum->window, grid_metres_x(grid, weighing->x[p]),
                                  grid_metres_y(grid, weighing->y[p]));
        weighing->weights[p] = mass > WINDOW_NO_MASS ? weighing->weights[p] / mass : 0;
    }
    return true;
}

static bool weigh(const struct weighing *weighing, struct error *error)
{
    struct weighing copy = *weighing;
    struct parallel_job job = {weigh_chunk, &copy, weighing->count / POINTS_CHUNK + 1,
                               weighing->sum->options.thread_count};
    return parallel_for(&job, error);
}

/* Adding */

static bool tally_slice(struct density_sum *sum, const struct weighted_points *slice,
                        double *weights, struct error *error)
{
    const struct points *points = &slice->points;
    struct weighing weighing = {sum, points->x, points->y, weights, points->count};
    for (size_t i = 0; i < points->count; i++)
        weights[i] = slice->weights != NULL ? slice->weights[i] : 1;
    return (!is_diggle(sum) || weigh(&weighing, error))
           && tally_add(sum->tally, points, weights, error);
}

static bool tally_points(struct density_sum *sum, const struct weighted_points *points,
                         struct error *error)
{
    double *weights;
    bool done = true;
    if (points->weights == NULL && !is_diggle(sum))
        return tally_add(sum->tally, &points->points, NULL, error);
    if (!array_new_raw(&weights, SLICE, sizeof *weights, error))
        return false;
    for (size_t at = 0; done && at < points->points.count; at += SLICE) {
        struct weighted_points slice = *points;
        slice.points.x += at;
        slice.points.y += at;
        slice.points.count = points->points.count - at < SLICE ? points->points.count - at : SLICE;
        slice.weights = points->weights != NULL ? points->weights + at : NULL;
        done = tally_slice(sum, &slice, weights, error);
    }
    array_free(&weights);
    return done;
}

static bool open_tally(struct density_sum *sum, struct error *error)
{
    struct kept *kept = &sum->kept;
    struct weighted_points points = {{kept->x, kept->y, kept->count}, kept->weights};
    struct tally_options options = {is_diggle(sum), sum->is_support ? sum->options.enough : 0};
    sum->tally = tally_open(&sum->frame, &options, error);
    return sum->tally != NULL && tally_points(sum, &points, error);
}

static bool is_within(const struct frame *frame, double reach, int32_t x, int32_t y)
{
    return x != GRID_NOWHERE && x != GRID_FAR && y != GRID_NOWHERE && y != GRID_FAR
           && x > frame->x_min - reach && y > frame->y_min - reach
           && x < frame->x_min + reach + (double)frame->columns * frame->cell
           && y < frame->y_min + reach + (double)frame->rows * frame->cell;
}

/* Counts no further than to one more than `most`. */
static size_t count_within(const struct frame *frame, double reach, const struct points *points,
                           size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < points->count && count <= most; i++)
        count += is_within(frame, reach, points->x[i], points->y[i]);
    return count;
}

static bool kept_reserve(struct kept *kept, size_t needed, struct error *error)
{
    struct capacity x = {kept->held, sizeof *kept->x}, y = {kept->held, sizeof *kept->y};
    struct capacity weights = {kept->held, sizeof *kept->weights};
    if (!array_reserve(&kept->x, &x, needed, error) || !array_reserve(&kept->y, &y, needed, error)
        || !array_reserve(&kept->weights, &weights, needed, error))
        return false;
    kept->held = x.held;
    return true;
}

static bool keep(struct density_sum *sum, const struct weighted_points *points, size_t count,
                 struct error *error)
{
    struct kept *kept = &sum->kept;
    if (!kept_reserve(kept, kept->count + count, error))
        return false;
    for (size_t i = 0; i < points->points.count; i++) {
        int32_t x = points->points.x[i], y = points->points.y[i];
        if (!is_within(&sum->frame, kept->reach, x, y))
            continue;
        kept->x[kept->count] = x;
        kept->y[kept->count] = y;
        kept->weights[kept->count++] = points->weights != NULL ? points->weights[i] : 1;
    }
    return true;
}

/* A tally has all points, from the first on: also those too far off to be seen one by one, whose
 * shares it divides between nodes that are not. That is why they are kept; when they are too many
 * for that, the tally begins, in case that it is needed. */
static bool take_few(struct density_sum *sum, const struct weighted_points *points,
                     struct error *error)
{
    struct kept *kept = &sum->kept;
    size_t most = kept->most > KEPT_MOST ? kept->most : KEPT_MOST;
    size_t count = count_within(&sum->frame, kept->reach, &points->points, points->points.count);
    if (sum->tally == NULL && kept->count + count > 2 * most) {
        if (!open_tally(sum, error))
            return false;
        kept->reach = sqrt(sum->frame.reach2);
        count = count_within(&sum->frame, kept->reach, &points->points, points->points.count);
    }
    return keep(sum, points, count, error)
           && (sum->tally == NULL || tally_points(sum, points, error));
}

bool density_add(struct density_sum *sum, const struct weighted_points *points, struct error *error)
{
    struct kept *kept = &sum->kept;
    if (kept->most > 0 && kept->seen <= kept->most)
        kept->seen += count_within(&sum->frame, sqrt(sum->frame.reach2), &points->points,
                                   kept->most - kept->seen);
    if (is_few(sum))
        return take_few(sum, points, error);
    if (sum->tally == NULL && !open_tally(sum, error))
        return false;
    kept_free(kept);
    return tally_points(sum, points, error);
}

/* Finishing */

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

static bool sum_kept(struct raster *raster, const struct density_sum *sum, double factor,
                     struct error *error)
{
    const struct kept *kept = &sum->kept;
    const struct weighted_points points = {{kept->x, kept->y, kept->count}, kept->weights};
    struct scaling scaling = {raster, factor};
    struct parallel_job job = {scale_rows, &scaling, raster->rows / ROWS_CHUNK + 1,
                               sum->options.thread_count};
    struct places places;
    if (!places_new(&places, &points, sum->options.thread_count, error))
        return false;
    struct weighing weighing = {sum, places.x, places.y, places.weights, places.count};
    bool done = (!is_diggle(sum) || weigh(&weighing, error))
                && sums_run(raster->values, &places, &sum->frame, error)
                && parallel_for(&job, error);
    places_free(&places);
    return done;
}

bool density_finish(struct raster *raster, struct density_sum *sum, double factor,
                    struct error *error)
{
    const struct density_options *options = &sum->options;
    if (!sum->is_support)
        factor *= kernel_peak(options->kernel, options->bandwidth_m);
    if (sum->tally == NULL && !is_few(sum) && !open_tally(sum, error))
        return false; /* no point came, but this sum is no other for that */
    bool done = is_few(sum) ? sum_kept(raster, sum, factor, error)
                            : tally_sum(raster->values, sum->tally, factor, error);
    return done
           && (sum->window == NULL
               || window_correct(raster, sum->window,
                                 options->edge == EDGE_UNIFORM ? WINDOW_DIVIDE : WINDOW_BLANK,
                                 options->thread_count, error));
}

static bool run(struct raster *raster, const struct weighted_points *points,
                struct density_sum *sum, struct error *error)
{
    bool done =
        sum != NULL && density_add(sum, points, error) && density_finish(raster, sum, 1, error);
    density_close(sum);
    return done;
}

bool density_run(struct raster *raster, const struct weighted_points *points,
                 const struct grid *grid, const struct density_options *options,
                 struct error *error)
{
    return run(raster, points, density_open(raster, grid, options, error), error);
}

bool density_support(struct raster *raster, const struct weighted_points *points,
                     const struct grid *grid, const struct density_options *options,
                     struct error *error)
{
    return run(raster, points, density_open_support(raster, grid, options, error), error);
}

/* The strip of a handover: who sends to whom, and the squares along their border. */
#include "engine/study/handover_strip.h"

#include "engine/core/raster.h"
#include "engine/space/reach.h"
#include "engine/study/study.h"

#include <math.h>
#include <stdlib.h>

static const double HALF_DIAGONAL_M = 70.72;

/* ---- who hands over to whom ---- */

static bool find_receiver(struct handover *handover, struct error *error)
{
    const struct jurisdictions *all = &handover->study->boundaries.jurisdictions;
    for (size_t i = 0; i < all->count; i++)
        if (selection_is_called(&all->items[i], handover->options.receiver)) {
            handover->receiver = i;
            return true;
        }
    return selection_unknown_jurisdiction(all, handover->options.receiver, error);
}

static bool may_send(const struct handover *handover, size_t i)
{
    const bool *owner_in = handover->study->selection.owner_in;
    return i != handover->receiver && (owner_in == NULL || owner_in[i]);
}

static bool find_sender(struct handover *handover, struct error *error)
{
    const struct jurisdictions *all = &handover->study->boundaries.jurisdictions;
    size_t found = 0;
    for (size_t i = 0; i < all->count; i++)
        if (may_send(handover, i)) {
            handover->sender = i;
            found++;
        }
    if (found == 1)
        return true;
    return error_set(error, ERROR_USAGE,
                     "who hands over to %s? name one jurisdiction with --jurisdiction",
                     all->items[handover->receiver].name);
}

/* ---- the squares of the strip ---- */

/* A raster of squares of 100 m: how far their centres lie from both grounds. */
struct strip {
    struct raster frame;
    double *to_sender, *to_receiver;
    int32_t *owners;
};

static void strip_free(struct strip *strip)
{
    array_free(&strip->to_sender);
    array_free(&strip->to_receiver);
    array_free(&strip->owners);
    raster_free(&strip->frame);
}

static struct box whole_squares(struct box box)
{
    return (struct box){
        floor(box.x_min / SQUARE_M) * SQUARE_M, floor(box.y_min / SQUARE_M) * SQUARE_M,
        ceil(box.x_max / SQUARE_M) * SQUARE_M, ceil(box.y_max / SQUARE_M) * SQUARE_M};
}

static struct box strip_box(const struct handover *handover)
{
    const struct jurisdiction *items = handover->study->boundaries.jurisdictions.items;
    struct box own = shape_box(&items[handover->sender].shape);
    struct box other = shape_box(&items[handover->receiver].shape);
    double wide = handover->options.depth_m;
    return whole_squares(
        (struct box){fmax(own.x_min, other.x_min - wide), fmax(own.y_min, other.y_min - wide),
                     fmin(own.x_max, other.x_max + wide), fmin(own.y_max, other.y_max + wide)});
}

static bool find_owners(struct strip *strip, const struct study *study, struct error *error)
{
    const struct raster *frame = &strip->frame;
    const struct grid *grid = &study->boundaries.grid;
    size_t count = frame->columns * frame->rows;
    int32_t *x = NULL, *y = NULL;
    bool done = array_new_raw(&x, count, sizeof *x, error)
                && array_new_raw(&y, count, sizeof *y, error)
                && array_new_raw(&strip->owners, count, sizeof *strip->owners, error);
    for (size_t i = 0; done && i < count; i++) {
        x[i] = grid_x(grid, frame->x_min + ((double)(i % frame->columns) + 0.5) * frame->cell_m);
        y[i] = grid_y(grid, frame->y_min + ((double)(i / frame->columns) + 0.5) * frame->cell_m);
    }
    if (done) {
        const struct points centres = {x, y, count};
        assignment_owners(strip->owners, study->assignment, &centres);
    }
    array_free(&x);
    array_free(&y);
    return done;
}

static bool measure_strip(struct strip *strip, const struct handover *handover, struct error *error)
{
    const struct jurisdiction *items = handover->study->boundaries.jurisdictions.items;
    struct box box = strip_box(handover);
    if (!(box.x_min < box.x_max && box.y_min < box.y_max))
        return true; /* they are far apart: no square at all */
    if (!raster_new(&strip->frame, box, SQUARE_M, error))
        return false;
    size_t count = strip->frame.columns * strip->frame.rows;
    if (!array_new_raw(&strip->to_sender, count, sizeof *strip->to_sender, error)
        || !array_new_raw(&strip->to_receiver, count, sizeof *strip->to_receiver, error))
        return false;
    reach_of_shape(strip->to_sender, &strip->frame, &items[handover->sender].shape,
                   HALF_DIAGONAL_M);
    reach_of_shape(strip->to_receiver, &strip->frame, &items[handover->receiver].shape,
                   handover->options.depth_m);
    return find_owners(strip, handover->study, error);
}

static bool is_in_strip(const struct strip *strip, const struct handover *handover, size_t cell)
{
    int32_t owner = strip->owners[cell];
    bool on_sender = owner == (int32_t)handover->sender;
    bool on_receiver = owner == (int32_t)handover->receiver;
    return (on_sender || strip->to_sender[cell] <= HALF_DIAGONAL_M)
           && (on_receiver || strip->to_receiver[cell] <= handover->options.depth_m);
}

static bool list_squares(struct handover *handover, const struct strip *strip, struct error *error)
{
    const struct raster *frame = &strip->frame;
    size_t count = frame->columns * frame->rows;
    if (!array_new(&handover->squares, count, sizeof *handover->squares, error))
        return false;
    for (size_t i = 0; i < count; i++)
        if (is_in_strip(strip, handover, i))
            handover->squares[handover->square_count++] =
                square_at(frame->x_min + ((double)(i % frame->columns) + 0.5) * frame->cell_m,
                          frame->y_min + ((double)(i / frame->columns) + 0.5) * frame->cell_m);
    if (handover->square_count == 0)
        return error_set(error, ERROR_DATA,
                         "no ground of %s lies within %g m of %s; --depth sets how far to look",
                         handover->study->boundaries.jurisdictions.items[handover->sender].name,
                         handover->options.depth_m,
                         handover->study->boundaries.jurisdictions.items[handover->receiver].name);
    qsort(handover->squares, handover->square_count, sizeof *handover->squares, square_compare);
    return true;
}

bool handover_find_squares(struct handover *handover, struct error *error)
{
    struct strip strip = {0};
    bool done = measure_strip(&strip, handover, error) && list_squares(handover, &strip, error);
    strip_free(&strip);
    return done;
}

bool handover_find_parties(struct handover *handover, struct error *error)
{
    return find_receiver(handover, error) && find_sender(handover, error);
}

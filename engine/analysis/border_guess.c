/* What each side of a border would guess of the joint density by edge correction, and how wrong. */
#include "engine/analysis/border_guess.h"

#include "engine/analysis/window.h"
#include "engine/core/parallel.h"

#include <math.h>

enum { BLOCK = 16 }; /* rows and columns of cells that look at the windows together */

struct guessing {
    const struct border_guess *guess;
    struct window *own[SIDES], *both; /* both is NULL where outer borders are far off */
    double reach_m;
};

/* The windows as a block of cells sees them. */
struct outlook {
    struct window_view own[SIDES], both;
};

struct block {
    size_t row, row_end, column, column_end;
};

static double column_x(const struct raster *frame, size_t column)
{
    return frame->x_min + ((double)column + 0.5) * frame->cell_m;
}

static double row_y(const struct raster *frame, size_t row)
{
    return frame->y_min + ((double)row + 0.5) * frame->cell_m;
}

/* Whether a guess for the cell needs to know what is cut off. */
static bool is_cut_short(const struct guessing *guessing, size_t cell)
{
    const struct border_guess *guess = guessing->guess;
    return guess->ground[cell] < SIDES && guess->other_m[cell] < guessing->reach_m
           && guess->together[cell] != 0;
}

static void guess_cut_short(const struct guessing *guessing, const struct outlook *outlook,
                            size_t cell)
{
    const struct border_guess *guess = guessing->guess;
    const struct raster *frame = guess->frame;
    size_t side = guess->ground[cell];
    double x = column_x(frame, cell % frame->columns), y = row_y(frame, cell / frame->columns);
    double own = window_view_mass(&outlook->own[side], x, y);
    double both = guessing->both != NULL ? window_view_mass(&outlook->both, x, y) : 1;
    if (!(own > WINDOW_NO_MASS && both > WINDOW_NO_MASS))
        return;
    guess->joint[cell] = guess->together[cell] / both;
    guess->error[cell] = guess->alone[side][cell] / own - guess->joint[cell];
}

static void guess_at(const struct guessing *guessing, const struct outlook *outlook, size_t cell)
{
    const struct border_guess *guess = guessing->guess;
    double *error = &guess->error[cell];
    size_t side = guess->ground[cell];
    *error = guess->joint[cell] = NAN;
    if (side >= SIDES)
        return;
    if (!(guess->other_m[cell] < guessing->reach_m)) /* nothing of its own ground is cut off */
        *error = 0 - guess->alone[1 - side][cell];
    else if (guess->together[cell] == 0) /* whatever is cut off: nothing is guessed */
        *error = guess->joint[cell] = 0;
    else
        guess_cut_short(guessing, outlook, cell);
}

static bool any_is_cut_short(const struct guessing *guessing, const struct block *block)
{
    size_t columns = guessing->guess->frame->columns;
    for (size_t r = block->row; r < block->row_end; r++)
        for (size_t c = block->column; c < block->column_end; c++)
            if (is_cut_short(guessing, r * columns + c))
                return true;
    return false;
}

static bool look_out(struct outlook *outlook, const struct guessing *guessing,
                     const struct block *block, struct error *error)
{
    const struct raster *frame = guessing->guess->frame;
    struct box centres = {column_x(frame, block->column), row_y(frame, block->row),
                          column_x(frame, block->column_end - 1), row_y(frame, block->row_end - 1)};
    return !any_is_cut_short(guessing, block)
           || (window_look(&outlook->own[0], guessing->own[0], centres, error)
               && window_look(&outlook->own[1], guessing->own[1], centres, error)
               && (guessing->both == NULL
                   || window_look(&outlook->both, guessing->both, centres, error)));
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool guess_rows(void *state, size_t chunk, int worker, struct error *error)
{
    const struct guessing *guessing = state;
    const struct raster *frame = guessing->guess->frame;
    struct outlook outlook = {0};
    struct block block = {.row = chunk * BLOCK, .row_end = least((chunk + 1) * BLOCK, frame->rows)};
    bool done = true;
    (void)worker;
    for (; done && block.column < frame->columns; block.column = block.column_end) {
        block.column_end = least(block.column + BLOCK, frame->columns);
        done = look_out(&outlook, guessing, &block, error);
        for (size_t r = block.row; done && r < block.row_end; r++)
            for (size_t c = block.column; c < block.column_end; c++)
                guess_at(guessing, &outlook, r * frame->columns + c);
    }
    window_view_free(&outlook.own[0]);
    window_view_free(&outlook.own[1]);
    window_view_free(&outlook.both);
    return done;
}

static bool open_windows(struct guessing *guessing, struct error *error)
{
    const struct density_options *density = guessing->guess->density;
    const struct border_guess *guess = guessing->guess;
    struct window_options options = {guess->grounds[0], density->kernel, density->bandwidth_m};
    guessing->own[0] = window_open(&options, error);
    options.shape = guess->grounds[1];
    guessing->own[1] = guessing->own[0] != NULL ? window_open(&options, error) : NULL;
    if (guessing->own[1] == NULL || guess->both == NULL)
        return guessing->own[1] != NULL;
    options.shape = guess->both;
    guessing->both = window_open(&options, error);
    return guessing->both != NULL;
}

bool border_guess(const struct border_guess *guess, struct error *error)
{
    const struct density_options *density = guess->density;
    struct guessing guessing = {.guess = guess,
                                .reach_m = kernel_reach_m(density->kernel, density->bandwidth_m)};
    struct parallel_job job = {guess_rows, &guessing, (guess->frame->rows + BLOCK - 1) / BLOCK,
                               density->thread_count};
    bool done = open_windows(&guessing, error) && parallel_for(&job, error);
    window_close(guessing.own[0]);
    window_close(guessing.own[1]);
    window_close(guessing.both);
    return done;
}

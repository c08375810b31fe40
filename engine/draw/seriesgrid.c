/* How a number of small maps best fills a rectangle: so many beside and so many below one another.
 */
#include "engine/draw/seriesgrid.h"

#include <math.h>

static bool divides(size_t part, size_t whole)
{
    return part > 0 && whole % part == 0;
}

static size_t cells_left(const struct map_grid *grid, size_t count)
{
    return grid->columns * grid->rows - count;
}

/* A row of four, of six or of all twelve months reads as a year does; one of five does not. */
static double readability(const struct map_grid *grid, const struct grid_room *room)
{
    double worth = 1;
    bool one_row = grid->rows == 1;
    if (room->whole > 0 && !one_row && !divides(grid->columns, room->whole)
        && !divides(room->whole, grid->columns))
        worth *= 0.8;
    size_t left = cells_left(grid, room->count);
    if (left > 0 && !grid->legend_in_cell)
        worth *= 1 - 0.15 * (double)left / (double)grid->columns;
    double caption = fmin(grid->frame[0] / room->caption, 1);
    return worth * caption * caption;
}

static void fit_frames(struct map_grid *grid, const struct grid_room *room, double height)
{
    double columns = (double)grid->columns, rows = (double)grid->rows;
    double gap = fmin(fmax(room->width / columns * 0.07, room->least_gap), room->gap);
    double wide = (room->width - gap * (columns - 1)) / columns;
    double high = (height - room->row_gap * (rows - 1)) / rows - room->title;
    grid->frame[0] = fmin(wide, high * room->broadest);
    grid->frame[1] = fmin(high, grid->frame[0] / room->narrowest);
    /* What is left between them is spread, so that the last column ends where the page does. */
    double spare = columns > 1 ? (wide - grid->frame[0]) * columns / (columns - 1) : 0;
    grid->step[0] = grid->frame[0] + gap + spare;
    grid->step[1] = grid->frame[1] + room->title + room->row_gap;
}

/* How large the ground is shown, and how well the grid reads. */
static double worth_of(const struct map_grid *grid, const struct grid_room *room)
{
    double scale = fmin(grid->frame[0] / room->shape, grid->frame[1]);
    double frames = (double)room->count * grid->frame[0] * (grid->frame[1] + room->title);
    double used = frames / (room->width * room->height);
    return scale * readability(grid, room) * (0.7 + 0.3 * fmin(used, 1));
}

static bool legend_fits(const struct map_grid *grid, const struct grid_room *room)
{
    size_t left = cells_left(grid, room->count);
    return left > 0 && grid->frame[0] + grid->step[0] * (double)(left - 1) >= room->legend_cell[0]
           && grid->frame[1] + room->title >= room->legend_cell[1];
}

struct map_grid seriesgrid_choose(const struct grid_room *room)
{
    struct map_grid best = {.columns = 1, .rows = room->count};
    double most = -INFINITY;
    for (size_t columns = 1; columns <= room->count; columns++)
        for (int in_cell = 0; in_cell < 2; in_cell++) {
            struct map_grid grid = {.columns = columns,
                                    .rows = (room->count + columns - 1) / columns,
                                    .legend_in_cell = in_cell == 1};
            fit_frames(&grid, room, room->height - (in_cell == 1 ? 0 : room->legend_strip));
            bool fits = grid.frame[0] > 0 && grid.frame[1] > 0;
            if (!fits || (grid.legend_in_cell && !legend_fits(&grid, room)))
                continue;
            double worth = worth_of(&grid, room);
            if (worth > most) {
                most = worth;
                best = grid;
            }
        }
    return best;
}

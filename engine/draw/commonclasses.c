/* One set of limits between the classes of several maps, so that a colour means the same on each.
 */
#include "engine/draw/commonclasses.h"

#include <math.h>

/* The columns or rows of a raster whose centres lie between two bounds. */
struct stretch {
    size_t first, end;
};

static struct stretch stretch_of(double origin, double cell_m, size_t count, const double bounds[2])
{
    double first = ceil((bounds[0] - origin) / cell_m - 0.5);
    double end = floor((bounds[1] - origin) / cell_m - 0.5) + 1;
    first = fmin(fmax(first, 0), (double)count);
    end = fmin(fmax(end, first), (double)count);
    return (struct stretch){(size_t)first, (size_t)end};
}

/* The part of a raster that counts. */
struct window {
    struct stretch columns, rows;
};

static struct window window_of(const struct raster *raster, const struct box *within)
{
    if (!(within->x_max > within->x_min) || !(within->y_max > within->y_min))
        return (struct window){{0, raster->columns}, {0, raster->rows}};
    return (struct window){stretch_of(raster->x_min, raster->cell_m, raster->columns,
                                      (double[2]){within->x_min, within->x_max}),
                           stretch_of(raster->y_min, raster->cell_m, raster->rows,
                                      (double[2]){within->y_min, within->y_max})};
}

static size_t cells_in(const struct window *window)
{
    return (window->columns.end - window->columns.first) * (window->rows.end - window->rows.first);
}

static void add_cells(struct raster *joined, const struct raster *raster,
                      const struct window *window)
{
    for (size_t row = window->rows.first; row < window->rows.end; row++)
        for (size_t column = window->columns.first; column < window->columns.end; column++)
            joined->values[joined->columns++] = raster->values[row * raster->columns + column];
}

bool commonclasses_join(struct raster *joined, const struct class_rasters *rasters,
                        struct error *error)
{
    size_t cells = 0;
    for (size_t i = 0; i < rasters->count; i++) {
        struct window window = window_of(&rasters->items[i], &rasters->within);
        cells += cells_in(&window);
    }
    *joined = (struct raster){.rows = 1, .cell_m = 1};
    if (!array_new_raw(&joined->values, cells, sizeof *joined->values, error))
        return false;
    for (size_t i = 0; i < rasters->count; i++) {
        struct window window = window_of(&rasters->items[i], &rasters->within);
        add_cells(joined, &rasters->items[i], &window);
    }
    return true;
}

bool commonclasses_choose(struct classes *classes, const struct class_rasters *rasters,
                          size_t count, struct error *error)
{
    struct raster joined;
    bool done = commonclasses_join(&joined, rasters, error)
                && classes_choose(classes, &joined, count, error);
    raster_free(&joined);
    return done;
}

/* A raster of numbers over a rectangle of ground. */
#include "engine/core/raster.h"

#include "engine/core/clones.h"

#include <math.h>

/* A width of 30.000000001 cells is 30 cells: the extent came from decimal text or from millimetres.
 */
static double cells_along(double length, double cell_m)
{
    return fmax(1, ceil(length / cell_m - 1e-6));
}

double raster_cells(struct box box, double cell_m)
{
    return cells_along(box.x_max - box.x_min, cell_m) * cells_along(box.y_max - box.y_min, cell_m);
}

bool raster_new(struct raster *raster, struct box box, double cell_m, struct error *error)
{
    const double most = 1e9;
    *raster = (struct raster){.x_min = box.x_min, .y_min = box.y_min, .cell_m = cell_m};
    if (box_is_empty(box) || !(cell_m > 0) || !(raster_cells(box, cell_m) <= most))
        return error_set(error, ERROR_USAGE,
                         "a raster of %.0f cells is more than can be made; take a larger --cell",
                         raster_cells(box, cell_m));
    raster->columns = (size_t)cells_along(box.x_max - box.x_min, cell_m);
    raster->rows = (size_t)cells_along(box.y_max - box.y_min, cell_m);
    return array_new(&raster->values, raster->columns * raster->rows, sizeof *raster->values,
                     error);
}

void raster_free(struct raster *raster)
{
    array_free(&raster->values);
    *raster = (struct raster){0};
}

struct box raster_box(const struct raster *raster)
{
    return (struct box){raster->x_min, raster->y_min,
                        raster->x_min + (double)raster->columns * raster->cell_m,
                        raster->y_min + (double)raster->rows * raster->cell_m};
}

/* In lanes; what is not known is larger than nothing. */
WIDE_CLONES static double largest_of(const double *values, size_t count)
{
    enum { LANES = 8 };
    double lanes[LANES], largest = -INFINITY;
    size_t whole = count / LANES * LANES;
    for (size_t i = 0; i < LANES; i++)
        lanes[i] = -INFINITY;
    for (size_t at = 0; at < whole; at += LANES)
        for (size_t i = 0; i < LANES; i++)
            lanes[i] = values[at + i] > lanes[i] ? values[at + i] : lanes[i];
    for (size_t i = 0; i < LANES; i++)
        largest = lanes[i] > largest ? lanes[i] : largest;
    for (size_t i = whole; i < count; i++)
        largest = values[i] > largest ? values[i] : largest;
    return largest;
}

double raster_peak(const struct raster *raster)
{
    double peak = largest_of(raster->values, raster->columns * raster->rows);
    return peak == -INFINITY ? NAN : peak;
}

double raster_at(const struct raster *raster, double x, double y)
{
    double column = (x - raster->x_min) / raster->cell_m - 0.5;
    double row = (y - raster->y_min) / raster->cell_m - 0.5;
    if (!(column >= -0.5 && row >= -0.5 && column <= (double)raster->columns - 0.5
          && row <= (double)raster->rows - 0.5))
        return NAN;
    column = fmin(fmax(column, 0), (double)raster->columns - 1);
    row = fmin(fmax(row, 0), (double)raster->rows - 1);
    size_t c = (size_t)column, r = (size_t)row;
    size_t right = c + 1 < raster->columns ? 1 : 0, up = r + 1 < raster->rows ? raster->columns : 0;
    double u = column - (double)c, v = row - (double)r;
    const double *cell = raster->values + r * raster->columns + c;
    return (cell[0] * (1 - u) + cell[right] * u) * (1 - v)
           + (cell[up] * (1 - u) + cell[up + right] * u) * v;
}

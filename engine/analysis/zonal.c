/* Zonal statistics: sums of rasters over the cells that lie in a polygon. */
#include "engine/analysis/zonal.h"

#include <math.h>
#include <stdlib.h>

static int by_x(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

/* Where a row's line crosses the polygon, from west to east, by the same arithmetic as shape_holds.
 */
static size_t cross(double *crossings, const struct shape *shape, double y)
{
    size_t count = 0;
    for (size_t r = 0; r < shape->ring_count; r++)
        for (size_t i = shape->ring_starts[r]; i + 1 < shape->ring_starts[r + 1]; i++) {
            double x0 = shape->x[i], y0 = shape->y[i], x1 = shape->x[i + 1], y1 = shape->y[i + 1];
            if ((y0 > y) != (y1 > y))
                crossings[count++] = x0 + (y - y0) / (y1 - y0) * (x1 - x0);
        }
    if (count > 1)
        qsort(crossings, count, sizeof *crossings, by_x);
    return count;
}

static double column_x(const struct raster *frame, size_t column)
{
    return frame->x_min + ((double)column + 0.5) * frame->cell_m;
}

/* The first column, and likewise row, whose centre may lie at or beyond `at`. */
static size_t first_beyond(double at, double begin, double cell_m, size_t count)
{
    double first = floor((at - begin) / cell_m - 0.5);
    return first <= 0 ? 0 : first >= (double)count ? count : (size_t)first;
}

static void add_between(struct zonal *zonal, size_t row, const double ends[2], double *sums)
{
    const struct raster *frame = zonal->rasters[0];
    size_t column = first_beyond(ends[0], frame->x_min, frame->cell_m, frame->columns);
    while (column < frame->columns && column_x(frame, column) < ends[0])
        column++;
    for (; column < frame->columns && column_x(frame, column) < ends[1]; column++) {
        zonal->cells++;
        for (size_t i = 0; i < zonal->count; i++)
            sums[i] += zonal->rasters[i]->values[row * frame->columns + column];
    }
}

bool zonal_sum(struct zonal *zonal, const struct shape *shape, double *sums, struct error *error)
{
    const struct raster *frame = zonal->rasters[0];
    struct capacity capacity = {zonal->capacity, sizeof *zonal->crossings};
    struct box box = shape_box(shape);
    if (!array_reserve(&zonal->crossings, &capacity, shape->point_count, error))
        return false;
    zonal->capacity = capacity.held;
    zonal->cells = 0;
    for (size_t i = 0; i < zonal->count; i++)
        sums[i] = 0;
    size_t row = first_beyond(box.y_min, frame->y_min, frame->cell_m, frame->rows);
    for (; row < frame->rows; row++) {
        double y = frame->y_min + ((double)row + 0.5) * frame->cell_m;
        if (y > box.y_max)
            break;
        size_t count = cross(zonal->crossings, shape, y);
        for (size_t c = 0; c + 1 < count; c += 2)
            add_between(zonal, row, zonal->crossings + c, sums);
    }
    return true;
}

void zonal_free(struct zonal *zonal)
{
    array_free(&zonal->crossings);
    zonal->capacity = 0;
}

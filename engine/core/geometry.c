/* Points, rings and shapes on the plane, and the whole-millimetre grid that every number starts
 * from. */
#include "engine/core/geometry.h"

#include "engine/core/clones.h"

#include <math.h>
#include <string.h>

bool shape_new(struct shape *shape, size_t point_count, size_t ring_count, struct error *error)
{
    *shape = (struct shape){0};
    if (array_new(&shape->x, point_count, sizeof *shape->x, error)
        && array_new(&shape->y, point_count, sizeof *shape->y, error)
        && array_new(&shape->ring_starts, ring_count + 1, sizeof *shape->ring_starts, error)) {
        shape->point_count = point_count;
        shape->ring_count = ring_count;
        return true;
    }
    shape_free(shape);
    return false;
}

static void copy_behind(struct shape *into, const struct shape *from, size_t points, size_t rings)
{
    if (from->point_count > 0) {
        memcpy(into->x + points, from->x, from->point_count * sizeof *from->x);
        memcpy(into->y + points, from->y, from->point_count * sizeof *from->y);
    }
    for (size_t r = 0; r < from->ring_count; r++)
        into->ring_starts[rings + r] = points + from->ring_starts[r];
    into->ring_starts[rings + from->ring_count] = points + from->point_count;
}

bool shape_copy(struct shape *into, const struct shape *from, struct error *error)
{
    if (!shape_new(into, from->point_count, from->ring_count, error))
        return false;
    copy_behind(into, from, 0, 0);
    return true;
}

bool shape_append(struct shape *into, const struct shape *from, struct error *error)
{
    struct shape both;
    if (!shape_new(&both, into->point_count + from->point_count,
                   into->ring_count + from->ring_count, error))
        return false;
    copy_behind(&both, into, 0, 0);
    copy_behind(&both, from, into->point_count, into->ring_count);
    shape_free(into);
    *into = both;
    return true;
}

void shape_free(struct shape *shape)
{
    array_free(&shape->x);
    array_free(&shape->y);
    array_free(&shape->ring_starts);
    *shape = (struct shape){0};
}

struct box shape_box(const struct shape *shape)
{
    struct box box = box_empty();
    for (size_t i = 0; i < shape->point_count; i++)
        box_add(&box, shape->x[i], shape->y[i]);
    return box;
}

double shape_ring_area2(const struct shape *shape, size_t ring)
{
    size_t first = shape->ring_starts[ring], end = shape->ring_starts[ring + 1];
    double sum = 0;
    for (size_t i = first; i + 1 < end;
         i++) /* from the first point, so that large coordinates cancel */
        sum += (shape->x[i] - shape->x[first]) * (shape->y[i + 1] - shape->y[first])
               - (shape->x[i + 1] - shape->x[first]) * (shape->y[i] - shape->y[first]);
    return sum;
}

bool shape_holds(const struct shape *shape, double x, double y)
{
    bool inside = false;
    for (size_t r = 0; r < shape->ring_count; r++)
        for (size_t i = shape->ring_starts[r]; i + 1 < shape->ring_starts[r + 1]; i++) {
            double x0 = shape->x[i], y0 = shape->y[i], x1 = shape->x[i + 1], y1 = shape->y[i + 1];
            if ((y0 > y) != (y1 > y) && x < x0 + (y - y0) / (y1 - y0) * (x1 - x0))
                inside = !inside;
        }
    return inside;
}

double segment_distance2(const struct segment *segment, double x, double y)
{
    double dx = segment->x[1] - segment->x[0], dy = segment->y[1] - segment->y[0];
    double length2 = dx * dx + dy * dy;
    double along =
        length2 > 0 ? ((x - segment->x[0]) * dx + (y - segment->y[0]) * dy) / length2 : 0;
    along = along < 0 ? 0 : along > 1 ? 1 : along; /* plain, for it is asked millions of times */
    double away_x = segment->x[0] + along * dx - x, away_y = segment->y[0] + along * dy - y;
    return away_x * away_x + away_y * away_y;
}

double shape_line_distance(const struct shape *shape, double x, double y)
{
    double nearest2 = INFINITY;
    for (size_t r = 0; r < shape->ring_count; r++)
        for (size_t i = shape->ring_starts[r]; i + 1 < shape->ring_starts[r + 1]; i++) {
            const struct segment segment = {{shape->x[i], shape->x[i + 1]},
                                            {shape->y[i], shape->y[i + 1]}};
            nearest2 = fmin(nearest2, segment_distance2(&segment, x, y));
        }
    return sqrt(nearest2);
}

double vector_length(double x, double y)
{
    return sqrt(x * x + y * y);
}

struct box box_empty(void)
{
    return (struct box){INFINITY, INFINITY, -INFINITY, -INFINITY};
}

/* fmin and fmax would be calls; a comparison with NaN, which is passed over, is false as well. */
void box_add(struct box *box, double x, double y)
{
    box->x_min = x < box->x_min ? x : box->x_min;
    box->y_min = y < box->y_min ? y : box->y_min;
    box->x_max = x > box->x_max ? x : box->x_max;
    box->y_max = y > box->y_max ? y : box->y_max;
}

struct box box_union(struct box a, struct box b)
{
    return (struct box){fmin(a.x_min, b.x_min), fmin(a.y_min, b.y_min), fmax(a.x_max, b.x_max),
                        fmax(a.y_max, b.y_max)};
}

bool box_is_empty(struct box box)
{
    return !(box.x_min <= box.x_max && box.y_min <= box.y_max);
}

struct grid grid_around(struct box box)
{
    const double step = 100000;
    struct grid grid = {.unit_mm = 1};
    if (box_is_empty(box))
        return grid;
    grid.origin_x = round((box.x_min + box.x_max) / 2 / step) * step;
    grid.origin_y = round((box.y_min + box.y_max) / 2 / step) * step;
    double reach = fmax(fmax(grid.origin_x - box.x_min, box.x_max - grid.origin_x),
                        fmax(grid.origin_y - box.y_min, box.y_max - grid.origin_y));
    if (reach * 1000 >= GRID_LIMIT)
        grid.unit_mm = 10;
    return grid;
}

static int32_t to_units(double metres, int unit_mm)
{
    if (isnan(metres))
        return GRID_NOWHERE;
    double units = round(metres * 1000 / unit_mm);
    return fabs(units) < GRID_LIMIT ? (int32_t)units : GRID_FAR;
}

int32_t grid_x(const struct grid *grid, double x)
{
    return to_units(x - grid->origin_x, grid->unit_mm);
}

int32_t grid_y(const struct grid *grid, double y)
{
    return to_units(y - grid->origin_y, grid->unit_mm);
}

/* One side of a grid. */
struct axis {
    double origin, unit_mm;
};

/* As to_units, in steps that a compiler does side by side. */
WIDE_CLONES static void column_to_units(int32_t *restrict units, const double *restrict metres,
                                        size_t count, const struct axis *axis)
{
    double origin = axis->origin, unit_mm = axis->unit_mm;
    for (size_t i = 0; i < count; i++) {
        double exact = (metres[i] - origin) * 1000 / unit_mm, size = fabs(exact);
        double whole = floor(size);
        whole = size - whole >= 0.5 ? whole + 1 : whole;
        bool is_near = whole < GRID_LIMIT; /* not for NaN either */
        int32_t near = (int32_t)(is_near ? copysign(whole, exact) : 0);
        int32_t far = exact != exact ? GRID_NOWHERE : GRID_FAR;
        units[i] = is_near ? near : far;
    }
}

void grid_x_column(int32_t *units, const struct grid *grid, const double *x, size_t count)
{
    column_to_units(units, x, count, &(struct axis){grid->origin_x, grid->unit_mm});
}

void grid_y_column(int32_t *units, const struct grid *grid, const double *y, size_t count)
{
    column_to_units(units, y, count, &(struct axis){grid->origin_y, grid->unit_mm});
}

double grid_metres_x(const struct grid *grid, int32_t x)
{
    return grid->origin_x + (double)x * grid->unit_mm / 1000;
}

double grid_metres_y(const struct grid *grid, int32_t y)
{
    return grid->origin_y + (double)y * grid->unit_mm / 1000;
}

void grid_snap(const struct grid *grid, struct shape *shape)
{
    for (size_t i = 0; i < shape->point_count; i++) {
        shape->x[i] = grid_metres_x(grid, grid_x(grid, shape->x[i]));
        shape->y[i] = grid_metres_y(grid, grid_y(grid, shape->y[i]));
    }
}

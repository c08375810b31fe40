/* How far each cell of a raster lies from a shape's outline, up to a limit. */
#include "engine/space/reach.h"

#include "engine/core/clones.h"
#include "engine/core/simd.h"

#include <math.h>

struct stretch {
    size_t first, end;
};

/* Cells along one axis whose centres lie in low .. high. */
static struct stretch cells_within(double low, double high, double begin, double cell_m,
                                   size_t count)
{
    double first = ceil((low - begin) / cell_m - 0.5), last = floor((high - begin) / cell_m - 0.5);
    if (!(last >= 0 && first < (double)count && first <= last))
        return (struct stretch){0, 0};
    return (struct stretch){(size_t)fmax(first, 0), (size_t)fmin(last, (double)count - 1) + 1};
}

enum { LANES = 8 }; /* cells that are done abreast */

/* A row of cells and a segment. */
struct stripe {
    double x_min, cell_m, y;
    double x0, y0, dx, dy, length2;
};

/* By the same steps as segment_distance2, whose bits these are; a segment of no length gives NaN
 * along it, which is not above 0. */
SIMD_INLINE double nearer(double distance2, const struct stripe *stripe, int column)
{
    double x = stripe->x_min + ((double)column + 0.5) * stripe->cell_m;
    double along =
        ((x - stripe->x0) * stripe->dx + (stripe->y - stripe->y0) * stripe->dy) / stripe->length2;
    along = along > 0 ? along : 0;
    along = along < 1 ? along : 1;
    double away_x = stripe->x0 + along * stripe->dx - x;
    double away_y = stripe->y0 + along * stripe->dy - stripe->y;
    double away2 = away_x * away_x + away_y * away_y;
    return away2 < distance2 ? away2 : distance2;
}

WIDE_CLONES static void lower(double *restrict distances, const struct stripe *restrict given,
                              int column, int end)
{
    const struct stripe stripe = *given;
    for (; column + LANES <= end; column += LANES, distances += LANES)
        for (int i = 0; i < LANES; i++)
            distances[i] = nearer(distances[i], &stripe, column + i);
    for (; column < end; column++, distances++)
        *distances = nearer(*distances, &stripe, column);
}

static void reach_of_segment(double *distances, const struct raster *frame,
                             const struct segment *segment, double limit_m)
{
    double west = fmin(segment->x[0], segment->x[1]), east = fmax(segment->x[0], segment->x[1]);
    double south = fmin(segment->y[0], segment->y[1]), north = fmax(segment->y[0], segment->y[1]);
    struct stretch rows =
        cells_within(south - limit_m, north + limit_m, frame->y_min, frame->cell_m, frame->rows);
    struct stretch columns =
        cells_within(west - limit_m, east + limit_m, frame->x_min, frame->cell_m, frame->columns);
    double dx = segment->x[1] - segment->x[0], dy = segment->y[1] - segment->y[0];
    for (size_t r = rows.first; r < rows.end; r++) {
        double y = frame->y_min + ((double)r + 0.5) * frame->cell_m;
        struct stripe stripe = {frame->x_min, frame->cell_m,    y, segment->x[0], segment->y[0], dx,
                                dy,           dx * dx + dy * dy};
        lower(distances + r * frame->columns + columns.first, &stripe, (int)columns.first,
              (int)columns.end);
    }
}

void reach_of_shape(double *distances, const struct raster *frame, const struct shape *shape,
                    double limit_m)
{
    for (size_t i = 0; i < frame->columns * frame->rows; i++)
        distances[i] = INFINITY;
    for (size_t r = 0; r < shape->ring_count; r++)
        for (size_t i = shape->ring_starts[r]; i + 1 < shape->ring_starts[r + 1]; i++) {
            const struct segment segment = {{shape->x[i], shape->x[i + 1]},
                                            {shape->y[i], shape->y[i + 1]}};
            reach_of_segment(distances, frame, &segment, limit_m);
        }
    for (size_t i = 0; i < frame->columns * frame->rows; i++) {
        double distance = sqrt(distances[i]);
        distances[i] = distance <= limit_m ? distance : INFINITY;
    }
}

/* How far each cell of a raster lies from a shape's outline, up to a limit. */
#include "engine/space/reach.h"

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

static void reach_of_segment(double *distances, const struct raster *frame,
                             const struct segment *segment, double limit_m)
{
    double west = fmin(segment->x[0], segment->x[1]), east = fmax(segment->x[0], segment->x[1]);
    double south = fmin(segment->y[0], segment->y[1]), north = fmax(segment->y[0], segment->y[1]);
    struct stretch rows =
        cells_within(south - limit_m, north + limit_m, frame->y_min, frame->cell_m, frame->rows);
    struct stretch columns =
        cells_within(west - limit_m, east + limit_m, frame->x_min, frame->cell_m, frame->columns);
    for (size_t r = rows.first; r < rows.end; r++)
        for (size_t c = columns.first; c < columns.end; c++) {
            double x = frame->x_min + ((double)c + 0.5) * frame->cell_m;
            double y = frame->y_min + ((double)r + 0.5) * frame->cell_m;
            double *distance = &distances[r * frame->columns + c];
            double distance2 = segment_distance2(segment, x, y);
            *distance = distance2 < *distance ? distance2 : *distance;
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

/* Source cells that stand for the points in them: how many there are, where they lie and how wide
 * they are spread. */
#include "engine/analysis/sources.h"

#include <math.h>

enum { SOURCES_A_BANDWIDTH = 10, STEP_MOST = 32, PARTS = 2048 /* of a source cell */ };

struct sources sources_of(const struct frame *frame)
{
    struct sources sources = {.frame = frame};
    double step = floor(frame->bandwidth / frame->cell / SOURCES_A_BANDWIDTH);
    sources.step = (size_t)fmin(fmax(step, 1), STEP_MOST);
    sources.cell = frame->cell * (double)sources.step;
    sources.columns = (frame->columns + sources.step - 1) / sources.step;
    sources.rows = (frame->rows + sources.step - 1) / sources.step;
    sources.margin = (size_t)ceil(sqrt(frame->reach2) / sources.cell + 0.5);
    return sources;
}

/* Where a place lies along one axis: the source cell, and s within it. */
struct along {
    long cell;
    double s;
};

static struct along along_axis(double from_begin, double cell)
{
    double at = from_begin / cell, whole = floor(at);
    double part = floor((at - whole) * PARTS);
    return (struct along){(long)whole, (2 * part + 1) / PARTS - 1};
}

static void add_place(struct source_moments *moments, size_t row, size_t column,
                      const double values[MOMENTS])
{
    size_t at = row * moments->stride + column;
    for (int m = 0; m < MOMENTS; m++)
        moments->sums[m][at] += values[m];
    moments->used[row * moments->tile_count + column / SOURCES_TILE] = 1;
}

static void add_places(struct source_moments *moments, const struct sources *sources,
                       const struct places *places, long south)
{
    const struct frame *frame = sources->frame;
    double low = frame->y_min + ((double)south - 1) * sources->cell;
    double high = frame->y_min + ((double)south + (double)moments->rows + 1) * sources->cell;
    size_t end = places_from_y(places, high);
    for (size_t p = places_from_y(places, low); p < end; p++) {
        double from_west = places->x[p] - frame->x_min;
        if (!(fabs(from_west) < 4e15 * sources->cell))
            continue;
        struct along x = along_axis(from_west, sources->cell);
        struct along y = along_axis(places->y[p] - frame->y_min, sources->cell);
        long column = x.cell + (long)sources->margin, row = y.cell - south;
        if (row < 0 || row >= (long)moments->rows || column < 0
            || column >= (long)(sources->columns + 2 * sources->margin))
            continue;
        double w = places->weights[p], s = x.s, t = y.s;
        const double values[MOMENTS] = {
            w, w * s, w * t, w * (1.5 * s * s - 0.5), w * s * t, w * (1.5 * t * t - 0.5)};
        add_place(moments, (size_t)row, (size_t)column, values);
    }
}

bool sources_sum(struct source_moments *moments, const struct sources *sources,
                 const struct places *places, const struct sources_span *span, struct error *error)
{
    *moments = (struct source_moments){.rows = span->row_count + 2 * sources->margin};
    size_t columns = sources->columns + 2 * sources->margin;
    moments->tile_count = columns / SOURCES_TILE + 2;
    moments->stride = moments->tile_count * SOURCES_TILE; /* a tile may run past the last column */
    bool done = array_new(&moments->used, moments->rows * moments->tile_count,
                          sizeof *moments->used, error);
    for (int m = 0; m < MOMENTS; m++)
        done = done
               && array_new(&moments->sums[m], moments->rows * moments->stride,
                            sizeof *moments->sums[m], error);
    if (!done) {
        sources_free(moments);
        return false;
    }
    add_places(moments, sources, places, (long)span->first_row - (long)sources->margin);
    return true;
}

void sources_free(struct source_moments *moments)
{
    for (int m = 0; m < MOMENTS; m++)
        array_free(&moments->sums[m]);
    array_free(&moments->used);
    *moments = (struct source_moments){0};
}

bool sources_any(const struct source_moments *moments, size_t row, size_t first, size_t last)
{
    const uint8_t *used = moments->used + row * moments->tile_count;
    for (size_t tile = first / SOURCES_TILE; tile <= last / SOURCES_TILE; tile++)
        if (used[tile])
            return true;
    return false;
}

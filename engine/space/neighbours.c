/* Points near a point: points sorted into square cells, and the cells within reach of a cell. */
#include "engine/space/neighbours.h"

#include "engine/core/parallel.h"
#include "engine/space/neighbours_dense.h"
#include "engine/space/neighbours_sparse.h"

#include <math.h>

enum {
    BOUND_CHUNK = 1 << 18,
    CELLS_A_POINT = 4, /* more would take longer to look at than the occupied ones to sort */
    CELLS_ANYHOW = 1 << 12,
};

/* ---- the frame ---- */

int64_t neighbours_reach2(double radius)
{
    double whole = round(radius);
    if (fabs(radius - whole) < 1e-6)
        radius = whole;
    if (!(radius < 3.0e9))
        return INT64_MAX;
    if (radius == floor(radius))
        return (int64_t)radius * (int64_t)radius;
    return (int64_t)floor(radius * radius);
}

static const struct place_box NO_BOX = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};

static void box_include(struct place_box *box, const struct place_box *more)
{
    box->x_min = more->x_min < box->x_min ? more->x_min : box->x_min;
    box->y_min = more->y_min < box->y_min ? more->y_min : box->y_min;
    box->x_max = more->x_max > box->x_max ? more->x_max : box->x_max;
    box->y_max = more->y_max > box->y_max ? more->y_max : box->y_max;
}

struct bounding {
    const struct points *points;
    struct place_box *boxes; /* of each chunk */
};

static bool bound_chunk(void *state, size_t chunk, int worker, struct error *error)
{
    struct bounding *bounding = state;
    const struct points *points = bounding->points;
    size_t first = chunk * BOUND_CHUNK;
    size_t end = first + BOUND_CHUNK < points->count ? first + BOUND_CHUNK : points->count;
    struct place_box box = NO_BOX;
    (void)worker, (void)error;
    for (size_t i = first; i < end; i++) {
        int32_t x = points->x[i], y = points->y[i];
        box_include(&box, &(struct place_box){x, y, x, y});
    }
    bounding->boxes[chunk] = box;
    return true;
}

static bool find_bounds(struct place_box *bounds, const struct points *points, int thread_count,
                        struct error *error)
{
    struct bounding bounding = {.points = points};
    size_t chunks = (points->count + BOUND_CHUNK - 1) / BOUND_CHUNK;
    struct parallel_job job = {bound_chunk, &bounding, chunks, thread_count};
    bool done = array_new(&bounding.boxes, chunks, sizeof *bounding.boxes, error)
                && parallel_for(&job, error);
    *bounds = NO_BOX;
    for (size_t c = 0; done && c < chunks; c++)
        box_include(bounds, &bounding.boxes[c]);
    array_free(&bounding.boxes);
    return done;
}

/* The widest cell of which any two points are neighbours: 2 (side - 1)^2 <= reach2. */
static int64_t side_of(int64_t reach2)
{
    int64_t half = reach2 / 2, root = (int64_t)sqrt((double)half);
    while (root * root > half)
        root--;
    while (root < INT32_MAX && (root + 1) * (root + 1) <= half)
        root++;
    return root + 1 < INT32_MAX ? root + 1 : INT32_MAX;
}

/* The least squared distance between points of cells so many columns and rows apart. */
static bool cells_near(const struct cell_frame *frame, int64_t columns, int64_t rows)
{
    int64_t x = columns > 0 ? (columns - 1) * (int64_t)frame->side + 1 : 0;
    int64_t y = rows > 0 ? (rows - 1) * (int64_t)frame->side + 1 : 0;
    return x * x <= frame->reach2 && y * y <= frame->reach2 - x * x;
}

static void choose_cells(struct cell_frame *frame, const struct place_box *bounds)
{
    frame->side = (uint32_t)side_of(frame->reach2);
    frame->x_min = bounds->x_min;
    frame->y_min = bounds->y_min;
    int64_t width = (int64_t)bounds->x_max - bounds->x_min;
    int64_t height = (int64_t)bounds->y_max - bounds->y_min;
    frame->stride = width / frame->side + 1 + (int64_t)2 * CELL_MARGIN;
    frame->rows = height / frame->side + 1 + (int64_t)2 * CELL_MARGIN;
    for (int rows = 0; rows < 3; rows++) {
        frame->spans[rows] = -1;
        for (int columns = 0; columns < 3; columns++)
            if (cells_near(frame, columns, rows))
                frame->spans[rows] = columns;
    }
}

static bool is_dense(const struct cell_frame *frame, size_t points)
{
    double cells = (double)frame->stride * (double)frame->rows;
    return cells <= CELLS_A_POINT * (double)points + CELLS_ANYHOW && cells < INT32_MAX;
}

bool neighbours_new(struct neighbours *neighbours, const struct points *points,
                    const struct neighbours_options *options, struct error *error)
{
    struct cell_frame *frame = &neighbours->frame;
    struct place_box bounds;
    *neighbours = (struct neighbours){.frame.reach2 = neighbours_reach2(options->radius)};
    if (points->count == 0)
        return array_new(&neighbours->starts, 1, sizeof *neighbours->starts, error);
    if (!find_bounds(&bounds, points, options->thread_count, error))
        return false;
    choose_cells(frame, &bounds);
    bool done = is_dense(frame, points->count)
                    ? neighbours_fill_dense(
                        neighbours, points,
                        &(struct dense_options){options->crowd, options->thread_count}, error)
                    : neighbours_fill_sparse(neighbours, points, options->thread_count, error);
    if (!done)
        neighbours_free(neighbours);
    return done;
}

void neighbours_free(struct neighbours *neighbours)
{
    array_free(&neighbours->spots);
    array_free(&neighbours->starts);
    array_free(&neighbours->keys);
    array_free(&neighbours->left_numbers);
    array_free(&neighbours->left_out);
    *neighbours = (struct neighbours){0};
}

/* Points near a point: points sorted into square cells, and the cells within reach of a cell. */
#include "engine/space/neighbours.h"

#include "engine/core/parallel.h"
#include "engine/space/neighbours_build.h"

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
                    ? neighbours_build_dense(neighbours, points, options, error)
                    : neighbours_build_sparse(neighbours, points, options, error);
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

/* ---- what is near ---- */

static size_t first_from(const struct neighbours *neighbours, int64_t key)
{
    size_t low = 0, high = neighbours->cell_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (neighbours->keys[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int span_of(const struct neighbours *neighbours, int row)
{
    return neighbours->frame.spans[row < 0 ? -row : row];
}

void neighbours_walk(struct neighbour_walk *walk, const struct neighbours *neighbours, size_t cell)
{
    *walk = (struct neighbour_walk){0};
    if (neighbours->keys == NULL || cell >= neighbours->cell_count)
        return;
    for (int row = -2; row <= 2; row++)
        walk->at[row + 2] =
            first_from(neighbours, neighbours->keys[cell] + row * neighbours->frame.stride
                                       - span_of(neighbours, row));
}

/* The cells of one row up to `span` columns away; false when there are none. */
static bool near_in_row(struct cell_run *run, struct neighbour_walk *walk,
                        const struct neighbours *neighbours, size_t cell, const int row_span[2])
{
    const int64_t *keys = neighbours->keys;
    int row = row_span[0], span = row_span[1];
    if (span < 0)
        return false;
    int64_t begin =
        (keys != NULL ? keys[cell] : (int64_t)cell) + row * neighbours->frame.stride - span;
    if (keys == NULL) {
        *run = (struct cell_run){(size_t)begin, (size_t)(begin + 2 * span + 1), row};
        return true;
    }
    size_t *at = &walk->at[row + 2], end;
    while (*at < neighbours->cell_count && keys[*at] < begin)
        ++*at;
    for (end = *at; end < neighbours->cell_count && keys[end] <= begin + 2 * span;)
        end++;
    *run = (struct cell_run){*at, end, row};
    return end > *at;
}

size_t neighbours_near_sparse(struct cell_run runs[NEAR_RUNS], struct neighbour_walk *walk,
                              const struct neighbours *neighbours, size_t cell)
{
    static const int ROWS[NEAR_RUNS] = {0, -1, 1, -2, 2};
    size_t count = 0;
    for (size_t r = 0; r < NEAR_RUNS; r++)
        count += near_in_row(&runs[count], walk, neighbours, cell,
                             (int[]){ROWS[r], span_of(neighbours, ROWS[r])});
    return count;
}

size_t neighbours_near_lower(struct cell_run runs[NEAR_RUNS], struct neighbour_walk *walk,
                             const struct neighbours *neighbours, size_t cell, bool adjacent)
{
    size_t count = 0;
    for (int row = 0; row >= (adjacent ? -1 : -2); row--) {
        int span = span_of(neighbours, row);
        int least = adjacent && span > 1 ? 1 : span;
        count += near_in_row(&runs[count], walk, neighbours, cell, (int[]){row, least});
        if (row == 0)
            runs[0].end = cell;
    }
    return count;
}

static void measure_gaps(int64_t gaps2[5], uint32_t within, uint32_t side)
{
    for (int away = 0; away <= 2; away++) {
        int64_t before = away > 0 ? (int64_t)within + 1 + (away - 1) * (int64_t)side : 0;
        int64_t after = away > 0 ? away * (int64_t)side - within : 0;
        gaps2[2 - away] = before * before;
        gaps2[2 + away] = after * after;
    }
}

void neighbours_gaps(struct cell_gaps *gaps, const struct neighbours *neighbours, struct spot spot)
{
    const struct cell_frame *frame = &neighbours->frame;
    measure_gaps(gaps->columns2, ((uint32_t)spot.x - (uint32_t)frame->x_min) % frame->side,
                 frame->side);
    measure_gaps(gaps->rows2, ((uint32_t)spot.y - (uint32_t)frame->y_min) % frame->side,
                 frame->side);
}

/* Points near a point: points sorted into square cells, and the cells within reach of a cell. */
#include "engine/space/neighbours.h"

#include "engine/core/parallel.h"
#include "engine/space/partition.h"
#include "engine/space/radix.h"

#include <math.h>

enum {
    BOUND_CHUNK = 1 << 18,
    BUCKETS_MOST = 512,
    BUCKET_POINTS = 16384, /* what fits in a processor's own cache */
    MARGIN = 2, /* empty columns on both sides: a row's reach never enters the next row */
};

struct bounds {
    int32_t x_min, y_min, x_max, y_max;
};

/* Bucket b is the run of keys from b << shift. */
struct building {
    struct neighbours *into;
    const struct points *points;
    struct partition parts;
    size_t bucket_count;
    int shift;
    int thread_count;
    size_t *cells;         /* in each bucket, then the first of each */
    struct bounds *bounds; /* of each chunk */
};

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

static void bounds_add(struct bounds *bounds, const struct bounds *more)
{
    bounds->x_min = more->x_min < bounds->x_min ? more->x_min : bounds->x_min;
    bounds->y_min = more->y_min < bounds->y_min ? more->y_min : bounds->y_min;
    bounds->x_max = more->x_max > bounds->x_max ? more->x_max : bounds->x_max;
    bounds->y_max = more->y_max > bounds->y_max ? more->y_max : bounds->y_max;
}

static const struct bounds NO_BOUNDS = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};

static bool bound_chunk(void *state, size_t chunk, int worker, struct error *error)
{
    struct building *building = state;
    const struct points *points = building->points;
    size_t first = chunk * BOUND_CHUNK;
    size_t end = first + BOUND_CHUNK < points->count ? first + BOUND_CHUNK : points->count;
    struct bounds bounds = NO_BOUNDS;
    (void)worker, (void)error;
    for (size_t i = first; i < end; i++) {
        int32_t x = points->x[i], y = points->y[i];
        bounds_add(&bounds, &(struct bounds){x, y, x, y});
    }
    building->bounds[chunk] = bounds;
    return true;
}

static bool find_bounds(struct building *building, struct bounds *bounds, struct error *error)
{
    size_t chunks = (building->points->count + BOUND_CHUNK - 1) / BOUND_CHUNK;
    struct parallel_job job = {bound_chunk, building, chunks, building->thread_count};
    if (!array_new(&building->bounds, chunks, sizeof *building->bounds, error)
        || !parallel_for(&job, error))
        return false;
    *bounds = NO_BOUNDS;
    for (size_t c = 0; c < chunks; c++)
        bounds_add(bounds, &building->bounds[c]);
    return true;
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
static bool cells_near(const struct neighbours *neighbours, int64_t columns, int64_t rows)
{
    int64_t x = columns > 0 ? (columns - 1) * (int64_t)neighbours->side + 1 : 0;
    int64_t y = rows > 0 ? (rows - 1) * (int64_t)neighbours->side + 1 : 0;
    return x * x <= neighbours->reach2 && y * y <= neighbours->reach2 - x * x;
}

static void choose_cells(struct neighbours *neighbours, const struct bounds *bounds)
{
    neighbours->side = (uint32_t)side_of(neighbours->reach2);
    neighbours->x_min = bounds->x_min;
    neighbours->y_min = bounds->y_min;
    int64_t width = (int64_t)bounds->x_max - bounds->x_min;
    neighbours->stride = width / neighbours->side + 1 + 2 * MARGIN;
    for (int rows = 0; rows < 3; rows++) {
        neighbours->spans[rows] = -1;
        for (int columns = 0; columns < 3; columns++)
            if (cells_near(neighbours, columns, rows))
                neighbours->spans[rows] = columns;
    }
}

static int64_t key_of(const struct neighbours *neighbours, int32_t x, int32_t y)
{
    uint32_t column = ((uint32_t)x - (uint32_t)neighbours->x_min) / neighbours->side;
    uint32_t row = ((uint32_t)y - (uint32_t)neighbours->y_min) / neighbours->side;
    return (int64_t)row * neighbours->stride + column + MARGIN;
}

static void choose_buckets(struct building *building, const struct bounds *bounds)
{
    uint64_t last = (uint64_t)key_of(building->into, bounds->x_max, bounds->y_max);
    size_t wanted = building->points->count / BUCKET_POINTS + 1;
    if (wanted > BUCKETS_MOST)
        wanted = BUCKETS_MOST;
    while (last >> building->shift >= wanted)
        building->shift++;
    building->bucket_count = (size_t)(last >> building->shift) + 1;
}

static void bucket_of(uint32_t *buckets, const void *state, const struct points *points)
{
    const struct building *building = state;
    for (size_t i = 0; i < points->count; i++)
        buckets[i] =
            (uint32_t)(key_of(building->into, points->x[i], points->y[i]) >> building->shift);
}

static void move_point(struct building *building, size_t from, size_t to)
{
    building->into->x[to] = building->parts.x[from];
    building->into->y[to] = building->parts.y[from];
    building->into->index[to] = building->parts.index[from];
}

static bool sort_sparse(struct building *building, size_t first, size_t count, struct error *error)
{
    struct keyed *items = NULL;
    if (!array_new_raw(&items, count, sizeof *items, error))
        return false;
    for (size_t i = first; i < first + count; i++)
        items[i - first] = (struct keyed){
            (uint64_t)key_of(building->into, building->parts.x[i], building->parts.y[i]), i};
    bool done = radix_sort(items, count, error);
    for (size_t i = 0; done && i < count; i++)
        move_point(building, items[i].carried, first + i);
    array_free(&items);
    return done;
}

static bool sort_dense(struct building *building, size_t first, size_t count, struct error *error)
{
    size_t range = (size_t)1 << building->shift;
    uint32_t *next = NULL, *local = NULL;
    bool done = array_new(&next, range + 1, sizeof *next, error)
                && array_new_raw(&local, count, sizeof *local, error);
    if (done) {
        for (size_t i = 0; i < count; i++) {
            int64_t key =
                key_of(building->into, building->parts.x[first + i], building->parts.y[first + i]);
            local[i] = (uint32_t)((uint64_t)key & (range - 1));
            next[local[i] + 1]++;
        }
        for (size_t k = 0; k < range; k++)
            next[k + 1] += next[k];
        for (size_t i = 0; i < count; i++)
            move_point(building, first + i, first + next[local[i]]++);
    }
    array_free(&next);
    array_free(&local);
    return done;
}

static size_t count_cells(const struct neighbours *neighbours, size_t first, size_t end)
{
    size_t cells = 0;
    int64_t last = -1;
    for (size_t i = first; i < end; i++) {
        int64_t key = key_of(neighbours, neighbours->x[i], neighbours->y[i]);
        cells += key != last;
        last = key;
    }
    return cells;
}

static bool sort_bucket(void *state, size_t bucket, int worker, struct error *error)
{
    struct building *building = state;
    size_t first = building->parts.starts[bucket], end = building->parts.starts[bucket + 1];
    size_t count = end - first;
    (void)worker;
    if (count == 0)
        return true;
    bool dense = building->shift < 31 && (size_t)1 << building->shift <= 4 * count + 1024;
    if (!(dense ? sort_dense(building, first, count, error)
                : sort_sparse(building, first, count, error)))
        return false;
    building->cells[bucket] = count_cells(building->into, first, end);
    return true;
}

static bool list_cells(void *state, size_t bucket, int worker, struct error *error)
{
    struct building *building = state;
    struct neighbours *into = building->into;
    size_t cell = building->cells[bucket];
    int64_t last = -1;
    (void)worker, (void)error;
    for (size_t i = building->parts.starts[bucket]; i < building->parts.starts[bucket + 1]; i++) {
        int64_t key = key_of(into, into->x[i], into->y[i]);
        if (key != last) {
            into->keys[cell] = key;
            into->starts[cell++] = (uint32_t)i;
        }
        last = key;
    }
    return true;
}

static bool sort_buckets(struct building *building, struct error *error)
{
    struct neighbours *into = building->into;
    struct parallel_job job = {sort_bucket, building, building->bucket_count,
                               building->thread_count};
    if (!array_new_raw(&into->x, into->count, sizeof *into->x, error)
        || !array_new_raw(&into->y, into->count, sizeof *into->y, error)
        || !array_new_raw(&into->index, into->count, sizeof *into->index, error)
        || !array_new(&building->cells, building->bucket_count, sizeof *building->cells, error)
        || !parallel_for(&job, error))
        return false;
    for (size_t b = 0; b < building->bucket_count; b++) {
        size_t cells = building->cells[b];
        building->cells[b] = into->cell_count;
        into->cell_count += cells;
    }
    job.work = list_cells;
    if (!array_new_raw(&into->keys, into->cell_count, sizeof *into->keys, error)
        || !array_new_raw(&into->starts, into->cell_count + 1, sizeof *into->starts, error)
        || !parallel_for(&job, error))
        return false;
    into->starts[into->cell_count] = (uint32_t)into->count;
    return true;
}

static bool build(struct building *building, struct error *error)
{
    struct bounds bounds;
    if (!find_bounds(building, &bounds, error))
        return false;
    choose_cells(building->into, &bounds);
    choose_buckets(building, &bounds);
    struct partition_rule rule = {.choose = bucket_of,
                                  .state = building,
                                  .bucket_count = building->bucket_count,
                                  .thread_count = building->thread_count};
    return partition_points(&building->parts, building->points, &rule, error)
           && sort_buckets(building, error);
}

bool neighbours_new(struct neighbours *neighbours, const struct points *points,
                    const struct neighbours_options *options, struct error *error)
{
    *neighbours =
        (struct neighbours){.count = points->count, .reach2 = neighbours_reach2(options->radius)};
    if (points->count == 0)
        return array_new(&neighbours->starts, 1, sizeof *neighbours->starts, error);
    struct building building = {
        .into = neighbours, .points = points, .thread_count = options->thread_count};
    bool done = build(&building, error);
    partition_free(&building.parts);
    array_free(&building.cells);
    array_free(&building.bounds);
    if (!done)
        neighbours_free(neighbours);
    return done;
}

void neighbours_free(struct neighbours *neighbours)
{
    array_free(&neighbours->x);
    array_free(&neighbours->y);
    array_free(&neighbours->index);
    array_free(&neighbours->keys);
    array_free(&neighbours->starts);
    *neighbours = (struct neighbours){0};
}

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

static int64_t row_begin(const struct neighbours *neighbours, size_t cell, int row)
{
    int span = neighbours->spans[row < 0 ? -row : row];
    return neighbours->keys[cell] + row * neighbours->stride - span;
}

void neighbours_walk(struct neighbour_walk *walk, const struct neighbours *neighbours, size_t cell)
{
    *walk = (struct neighbour_walk){0};
    if (cell < neighbours->cell_count)
        for (int row = -2; row <= 2; row++)
            walk->at[row + 2] = first_from(neighbours, row_begin(neighbours, cell, row));
}

static size_t near_in_row(uint32_t *near, struct neighbour_walk *walk,
                          const struct neighbours *neighbours, size_t cell, int row)
{
    const int64_t *keys = neighbours->keys;
    int span = neighbours->spans[row < 0 ? -row : row];
    size_t count = 0, cell_count = neighbours->cell_count;
    if (span < 0)
        return 0;
    int64_t begin = keys[cell] + row * neighbours->stride - span, end = begin + 2 * span;
    size_t *at = &walk->at[row + 2];
    while (*at < cell_count && keys[*at] < begin)
        ++*at;
    for (size_t c = *at; c < cell_count && keys[c] <= end; c++)
        if (c != cell)
            near[count++] = (uint32_t)c;
    return count;
}

size_t neighbours_near(uint32_t near[NEAR_MOST], struct neighbour_walk *walk,
                       const struct neighbours *neighbours, size_t cell)
{
    static const int ROWS[] = {0, -1, 1, -2, 2};
    size_t count = 0;
    for (size_t r = 0; r < sizeof ROWS / sizeof *ROWS; r++)
        count += near_in_row(near + count, walk, neighbours, cell, ROWS[r]);
    return count;
}

size_t neighbours_near_lower(uint32_t near[NEAR_MOST], struct neighbour_walk *walk,
                             const struct neighbours *neighbours, size_t cell)
{
    size_t count = near_in_row(near, walk, neighbours, cell, 0);
    while (count > 0 && near[count - 1] > cell)
        count--;
    count += near_in_row(near + count, walk, neighbours, cell, -1);
    return count + near_in_row(near + count, walk, neighbours, cell, -2);
}

bool neighbours_adjacent(const struct neighbours *neighbours, size_t a, size_t b)
{
    int64_t apart = neighbours->keys[a] > neighbours->keys[b]
                        ? neighbours->keys[a] - neighbours->keys[b]
                        : neighbours->keys[b] - neighbours->keys[a];
    return apart <= 1 || (apart >= neighbours->stride - 1 && apart <= neighbours->stride + 1);
}

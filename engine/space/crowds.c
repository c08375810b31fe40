/* Blocks of points that lie together, within cells that hold so many that looking at each would
 * take too long. */
#include "engine/space/crowds.h"

#include "engine/core/parallel.h"

#include <math.h>
#include <string.h>

enum { CELLS_CHUNK = 4096, POINTS_A_SQUARE = 16 };

struct sorting {
    struct crowds *crowds;
    struct neighbours *neighbours;
};

static size_t cell_size(const struct neighbours *neighbours, size_t cell)
{
    return neighbours->starts[cell + 1] - neighbours->starts[cell];
}

static bool is_crowded(const struct crowds *crowds, size_t cell)
{
    return crowds->first != NULL && crowds->first[cell] != CROWD_NONE;
}

static size_t blocks_of(size_t points)
{
    return (points + CROWD_BLOCK - 1) / CROWD_BLOCK;
}

struct place_box place_box_around(const struct neighbours *neighbours, size_t first, size_t end)
{
    struct place_box box = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};
    for (size_t i = first; i < end; i++) {
        int32_t x = neighbours->spots[i].x, y = neighbours->spots[i].y;
        box.x_min = x < box.x_min ? x : box.x_min;
        box.y_min = y < box.y_min ? y : box.y_min;
        box.x_max = x > box.x_max ? x : box.x_max;
        box.y_max = y > box.y_max ? y : box.y_max;
    }
    return box;
}

/* Squares over the box, about POINTS_A_SQUARE points each, as wide as high where the box allows. */
struct squares {
    struct place_box box;
    double width, height; /* of the box, in units */
    size_t columns, rows;
};

static struct squares squares_over(const struct place_box *box, size_t points)
{
    struct squares squares = {.box = *box};
    squares.width = (double)box->x_max - box->x_min + 1;
    squares.height = (double)box->y_max - box->y_min + 1;
    double wanted = (double)points / POINTS_A_SQUARE;
    double columns = ceil(sqrt(wanted * squares.width / squares.height));
    squares.columns = (size_t)fmin(fmax(columns, 1), ceil(wanted));
    squares.rows = (size_t)ceil(wanted / (double)squares.columns);
    return squares;
}

static size_t square_of(const struct squares *squares, struct spot spot)
{
    double column =
        ((double)spot.x - squares->box.x_min) * (double)squares->columns / squares->width;
    double row = ((double)spot.y - squares->box.y_min) * (double)squares->rows / squares->height;
    return (size_t)row * squares->columns + (size_t)column;
}

/* What the points of one cell are sorted through. */
struct scratch {
    struct spot *spots;
    size_t *next; /* per square, where its next point goes */
};

static void scratch_free(struct scratch *scratch)
{
    array_free(&scratch->spots);
    array_free(&scratch->next);
}

static void move_to_squares(struct neighbours *into, size_t first, struct scratch *from,
                            const struct squares *squares, size_t count)
{
    for (size_t i = 0; i < count; i++)
        from->next[square_of(squares, from->spots[i]) + 1]++;
    for (size_t s = 0; s < squares->columns * squares->rows; s++)
        from->next[s + 1] += from->next[s];
    for (size_t i = 0; i < count; i++) {
        size_t to = first + from->next[square_of(squares, from->spots[i])]++;
        into->spots[to] = from->spots[i];
    }
}

static bool sort_cell(struct neighbours *neighbours, size_t cell, const struct place_box *box,
                      struct error *error)
{
    size_t first = neighbours->starts[cell], count = cell_size(neighbours, cell);
    struct squares squares = squares_over(box, count);
    struct scratch scratch = {0};
    bool done = array_new_raw(&scratch.spots, count, sizeof *scratch.spots, error)
                && array_new(&scratch.next, squares.columns * squares.rows + 1,
                             sizeof *scratch.next, error);
    if (done) {
        memcpy(scratch.spots, neighbours->spots + first, count * sizeof *scratch.spots);
        move_to_squares(neighbours, first, &scratch, &squares, count);
    }
    scratch_free(&scratch);
    return done;
}

static bool sort_cells(void *state, size_t chunk, int worker, struct error *error)
{
    struct sorting *sorting = state;
    struct neighbours *neighbours = sorting->neighbours;
    size_t end = (chunk + 1) * CELLS_CHUNK;
    (void)worker;
    for (size_t c = chunk * CELLS_CHUNK; c < end && c < neighbours->cell_count; c++) {
        if (!is_crowded(sorting->crowds, c))
            continue;
        struct place_box *boxes = sorting->crowds->boxes + sorting->crowds->first[c];
        boxes[0] = place_box_around(neighbours, neighbours->starts[c], neighbours->starts[c + 1]);
        if (!sort_cell(neighbours, c, &boxes[0], error))
            return false;
        for (size_t b = 0; b < blocks_of(cell_size(neighbours, c)); b++) {
            struct crowd_block block = crowds_block(sorting->crowds, neighbours, c, b);
            boxes[1 + b] = place_box_around(neighbours, block.first, block.end);
        }
    }
    return true;
}

static bool any_is_crowded(const struct neighbours *neighbours)
{
    for (size_t c = 0; c < neighbours->cell_count; c++)
        if (cell_size(neighbours, c) >= CROWD_LEAST)
            return true;
    return false;
}

static size_t number_boxes(uint32_t *first, const struct neighbours *neighbours)
{
    size_t boxes = 0;
    for (size_t c = 0; c < neighbours->cell_count; c++) {
        size_t points = cell_size(neighbours, c);
        first[c] = points < CROWD_LEAST ? CROWD_NONE : (uint32_t)boxes;
        boxes += points < CROWD_LEAST ? 0 : 1 + blocks_of(points);
    }
    return boxes;
}

bool crowds_new(struct crowds *crowds, struct neighbours *neighbours, int thread_count,
                struct error *error)
{
    *crowds = (struct crowds){0};
    if (!any_is_crowded(neighbours))
        return true;
    struct sorting sorting = {crowds, neighbours};
    struct parallel_job job = {sort_cells, &sorting, neighbours->cell_count / CELLS_CHUNK + 1,
                               thread_count};
    bool done = array_new_raw(&crowds->first, neighbours->cell_count, sizeof *crowds->first, error)
                && array_new_raw(&crowds->boxes, number_boxes(crowds->first, neighbours),
                                 sizeof *crowds->boxes, error)
                && parallel_for(&job, error);
    if (!done)
        crowds_free(crowds);
    return done;
}

void crowds_free(struct crowds *crowds)
{
    array_free(&crowds->boxes);
    array_free(&crowds->first);
    *crowds = (struct crowds){0};
}

const struct place_box *crowds_box(const struct crowds *crowds, size_t cell)
{
    return is_crowded(crowds, cell) ? crowds->boxes + crowds->first[cell] : NULL;
}

size_t crowds_block_count(const struct crowds *crowds, const struct neighbours *neighbours,
                          size_t cell)
{
    return is_crowded(crowds, cell) ? blocks_of(cell_size(neighbours, cell)) : 1;
}

struct crowd_block crowds_block(const struct crowds *crowds, const struct neighbours *neighbours,
                                size_t cell, size_t block)
{
    size_t first = neighbours->starts[cell], end = neighbours->starts[cell + 1];
    if (!is_crowded(crowds, cell))
        return (struct crowd_block){first, end, NULL};
    first += block * CROWD_BLOCK;
    return (struct crowd_block){first, first + CROWD_BLOCK < end ? first + CROWD_BLOCK : end,
                                crowds->boxes + crowds->first[cell] + 1 + block};
}

static int64_t gap(int64_t a_min, int64_t a_max, int64_t b_min, int64_t b_max)
{
    return a_min > b_max ? a_min - b_max : b_min > a_max ? b_min - a_max : 0;
}

static int64_t span(int64_t a_min, int64_t a_max, int64_t b_min, int64_t b_max)
{
    return a_max - b_min > b_max - a_min ? a_max - b_min : b_max - a_min;
}

int64_t place_box_nearest2(const struct place_box *a, const struct place_box *b)
{
    int64_t x = gap(a->x_min, a->x_max, b->x_min, b->x_max);
    int64_t y = gap(a->y_min, a->y_max, b->y_min, b->y_max);
    return x * x + y * y;
}

int64_t place_box_farthest2(const struct place_box *a, const struct place_box *b)
{
    int64_t x = span(a->x_min, a->x_max, b->x_min, b->x_max);
    int64_t y = span(a->y_min, a->y_max, b->y_min, b->y_max);
    return x * x + y * y;
}

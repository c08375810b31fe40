/* Tells which edges come into which squares of a block. */
#include "engine/space/cells_listing.h"

#include <string.h>

struct span {
    int64_t low, high;
};

/* Squares of a block: the last ones included, none when low > high. */
struct squares {
    struct span columns, rows;
    bool full; /* the edge comes into all of these columns in each row */
};

struct grid_box block_square(const struct block *block, struct place square)
{
    int32_t width = (int32_t)1 << block->shift_x, height = (int32_t)1 << block->shift_y;
    return (struct grid_box){square.x, square.y, square.x + width - 1, square.y + height - 1};
}

struct edge_list listing_square(const struct listing *listing, size_t square)
{
    return (struct edge_list){listing->items + listing->starts[square],
                              listing->starts[square + 1] - listing->starts[square]};
}

void listing_free(struct listing *listing)
{
    array_free(&listing->starts);
    array_free(&listing->items);
    *listing = (struct listing){0};
}

static struct span squares_of(struct span span, int32_t from, int shift, uint32_t count)
{
    int64_t low = span.low - from, high = span.high - from;
    int64_t last = ((int64_t)count << shift) - 1;
    if (high < 0 || low > last)
        return (struct span){1, 0};
    return (struct span){(low > 0 ? low : 0) >> shift, (high < last ? high : last) >> shift};
}

/* The squares that the edge's box comes within a unit or two of. */
static struct squares squares_around(const struct edge *edge, const struct block *block)
{
    bool leans_right = edge->ax < edge->bx;
    int64_t left = (leans_right ? edge->ax : edge->bx) - INT64_C(2);
    int64_t right = (leans_right ? edge->bx : edge->ax) + INT64_C(2);
    struct squares squares = {
        squares_of((struct span){left, right}, block->x, block->shift_x, block->columns),
        squares_of((struct span){(int64_t)edge->ay - 1, edge->by}, block->y, block->shift_y,
                   block->rows),
        false};
    squares.full = squares.rows.low >= squares.rows.high
                   || (left - block->x) >> block->shift_x == (right - block->x) >> block->shift_x;
    return squares;
}

/* What x the edge takes between two heights, to the next whole numbers outwards. */
static struct span edge_span(const struct edge *edge, int64_t low, int64_t high)
{
    int64_t run = (int64_t)edge->bx - edge->ax, rise = (int64_t)edge->by - edge->ay;
    int64_t from = edge->ax, to = edge->bx;
    if (low > edge->ay)
        from = edge->ax + (low - edge->ay) * run / rise;
    if (high < edge->by)
        to = edge->ax + (high - edge->ay) * run / rise;
    return from < to ? (struct span){from - 1, to + 1} : (struct span){to - 1, from + 1};
}

/* The columns of one row that an edge of several rows comes within a unit of. */
static struct span columns_of(const struct edge *edge, const struct block *block, int64_t row)
{
    int64_t low = block->y + (row << block->shift_y);
    struct span span = edge_span(edge, low, low + ((int64_t)1 << block->shift_y));
    span.low--;
    span.high++;
    return squares_of(span, block->x, block->shift_x, block->columns);
}

/* Counting first, when there are no items; then listing, which moves each start up to the next
 * one's. */
struct filling {
    uint32_t *starts, *items;
    size_t count;
};

static inline void fill_columns(struct filling *filling, size_t row, struct span columns,
                                uint32_t number)
{
    for (int64_t column = columns.low; column <= columns.high; column++) {
        size_t square = row + (size_t)column;
        if (filling->items != NULL)
            filling->items[filling->starts[square]++] = number;
        else
            filling->starts[square + 1]++;
        filling->count++;
    }
}

static void fill_rows(struct filling *filling, const struct listing_task *task, uint32_t number)
{
    const struct edge *edge = &task->edges->items[number];
    const struct block *block = &task->block;
    struct squares squares = squares_around(edge, block);
    for (int64_t row = squares.rows.low; row <= squares.rows.high; row++)
        fill_columns(filling, (size_t)row * block->columns,
                     squares.full ? squares.columns : columns_of(edge, block, row), number);
}

/* Most edges are short and lie in one square, far enough from its sides. */
static inline void fill_edge(struct filling *filling, const struct listing_task *task,
                             uint32_t number)
{
    const struct edge *edge = &task->edges->items[number];
    const struct block *block = &task->block;
    int64_t ax = (int64_t)edge->ax - block->x, bx = (int64_t)edge->bx - block->x;
    int64_t y = (int64_t)edge->ay - 1 - block->y, top = (int64_t)edge->by - block->y;
    int64_t column = (ax - 2) >> block->shift_x, row = y >> block->shift_y;
    bool one = (((bx - 2) >> block->shift_x ^ column) | ((ax + 2) >> block->shift_x ^ column)
                | ((bx + 2) >> block->shift_x ^ column) | (top >> block->shift_y ^ row))
               == 0;
    bool inside =
        (uint64_t)column < block->columns && (uint64_t)row < block->rows; /* not below 0 either */
    if (one && inside)
        fill_columns(filling, (size_t)row * block->columns, (struct span){column, column}, number);
    else
        fill_rows(filling, task, number);
}

static bool make_room(struct listing *listing, size_t squares, size_t items, struct error *error)
{
    struct capacity starts = {listing->starts_held, sizeof *listing->starts};
    struct capacity held = {listing->items_held, sizeof *listing->items};
    bool done = array_reserve(&listing->starts, &starts, squares + 2, error)
                && array_reserve(&listing->items, &held, items, error);
    listing->starts_held = starts.held;
    listing->items_held = held.held;
    return done;
}

bool listing_fill(struct listing *listing, bool *fits, const struct listing_task *task,
                  struct error *error)
{
    size_t squares = (size_t)task->block.columns * task->block.rows;
    *fits = false;
    if (!make_room(listing, squares, task->list.count, error))
        return false;
    memset(listing->starts, 0, (squares + 2) * sizeof *listing->starts);
    struct filling counting = {.starts = listing->starts + 1};
    for (size_t i = 0; i < task->list.count && counting.count <= task->most; i++)
        fill_edge(&counting, task, task->list.items[i]);
    if (counting.count > task->most)
        return true;
    if (!make_room(listing, squares, counting.count, error))
        return false;
    uint32_t *starts = listing->starts + 1;
    for (size_t s = 0; s < squares; s++)
        starts[s + 1] += starts[s];
    struct filling filling = {.starts = starts, .items = listing->items};
    for (size_t i = 0; i < task->list.count; i++)
        fill_edge(&filling, task, task->list.items[i]);
    *fits = true;
    return true;
}

/* Divides the map into the squares of cells.h, finer where borders run, in one sweep. */
#include "engine/space/cells_build.h"

#include <stdlib.h>
#include <string.h>

enum { LEAF_EDGES = 6 };  /* so few are looked at faster than one more block */
enum { LEAST_SHIFT = 7 }; /* a square of 128 units is not divided */
enum { PAGE_SLOTS = 30 }; /* jurisdictions of a page: bits of a word, but for two */
enum { DEEPEST = 12 };    /* 2^(LEAST_SHIFT + BLOCK_SHIFT * DEEPEST) is wider than the grid */
enum { TWINS_BACK = 16 }; /* how far back a leaf looks for the same edge of a neighbour */
enum { SIDE_LEAST = 64, SIDE_MOST = 1024 }; /* rows and columns of the grid */

/* ---- who holds a spot ---- */

/* Jurisdictions in rising order. */
struct holders {
    int32_t *items;
    size_t count;
};

static bool holders_have(const struct holders *holders, int32_t jurisdiction)
{
    for (size_t i = 0; i < holders->count; i++)
        if (holders->items[i] == jurisdiction)
            return true;
    return false;
}

static void holders_toggle(struct holders *holders, int32_t jurisdiction)
{
    size_t at = 0;
    while (at < holders->count && holders->items[at] < jurisdiction)
        at++;
    size_t behind = (holders->count - at) * sizeof *holders->items;
    if (at < holders->count && holders->items[at] == jurisdiction) {
        memmove(&holders->items[at], &holders->items[at + 1], behind - sizeof *holders->items);
        holders->count--;
        return;
    }
    memmove(&holders->items[at + 1], &holders->items[at], behind);
    holders->items[at] = jurisdiction;
    holders->count++;
}

static void holders_copy(struct holders *into, const struct holders *from)
{
    if (from->count > 0)
        memcpy(into->items, from->items, from->count * sizeof *from->items);
    into->count = from->count;
}

/* ---- edges and spots ---- */

__extension__ typedef __int128 wide;

/* Whether the edge crosses the level line through the spot of (x, y) to its left. Where it passes
 * straight under the hair, the way it leans decides. */
static bool ray(const struct edge *edge, int32_t x, int32_t y)
{
    if (y < edge->ay || y >= edge->by)
        return false;
    int64_t rise = (int64_t)edge->by - edge->ay, run = (int64_t)edge->bx - edge->ax;
    wide side =
        (wide)(2 * ((int64_t)x - edge->ax) - 1) * rise - (wide)(2 * ((int64_t)y - edge->ay)) * run;
    return side > 0 || (side == 0 && run < 0);
}

static bool corner_left(int32_t corner_x, int32_t corner_y, struct place square)
{
    return corner_y > square.y && corner_x < square.x;
}

/* Whether the edge is crossed on the way up from the spot of `square` to that of (square.x, y). */
static bool crosses_up(const struct edge *edge, struct place square, int32_t y)
{
    bool a = corner_left(edge->ax, edge->ay, square) && y >= edge->ay;
    bool b = corner_left(edge->bx, edge->by, square) && y >= edge->by;
    return ray(edge, square.x, square.y) ^ ray(edge, square.x, y) ^ a ^ b;
}

/* ---- building ---- */

/* A grid of squares, or a block. */
struct block {
    int32_t x, y;
    int shift_x, shift_y;
    uint32_t columns, rows;
    size_t at; /* its first entry */
    int depth;
};

/* Edge numbers per square of a block. */
struct listing {
    uint32_t *starts, *items; /* those of square s: items[starts[s]] .. items[starts[s + 1] - 1] */
};

struct edge_list {
    const uint32_t *items;
    size_t count;
};

struct builder {
    struct cells *cells;
    const struct edges *edges;
    struct holders row[DEEPEST + 1], square[DEEPEST + 1]; /* scratch of the blocks under way */
    struct holders slots;                                 /* scratch of one leaf */
    size_t leaf_edges, leaf_edges_most; /* keeps memory within a small multiple of the edges */
    struct error *error;
};

struct span {
    int64_t low, high;
};

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

/* The squares of a side that a span touches; none when low > high. */
static struct span squares_of(struct span span, int32_t from, int shift, uint32_t count)
{
    int64_t low = span.low - from, high = span.high - from;
    int64_t last = ((int64_t)count << shift) - 1;
    if (high < 0 || low > last)
        return (struct span){1, 0};
    return (struct span){(low > 0 ? low : 0) >> shift, (high < last ? high : last) >> shift};
}

/* The columns of one row that an edge comes within a unit of. */
static struct span columns_of(const struct edge *edge, const struct block *block, int64_t row)
{
    int64_t low = block->y + (row << block->shift_y);
    struct span span = edge_span(edge, low, low + ((int64_t)1 << block->shift_y));
    span.low--;
    span.high++;
    return squares_of(span, block->x, block->shift_x, block->columns);
}

static struct span rows_of(const struct edge *edge, const struct block *block)
{
    return squares_of((struct span){(int64_t)edge->ay - 1, edge->by}, block->y, block->shift_y,
                      block->rows);
}

/* Counts the squares each edge touches into starts[square + 1]; gives up above `most`. */
static bool count_squares(uint32_t *starts, const struct builder *builder,
                          const struct block *block, struct edge_list list)
{
    size_t total = 0, most = builder->leaf_edges_most;
    for (size_t i = 0; i < list.count; i++) {
        const struct edge *edge = &builder->edges->items[list.items[i]];
        struct span rows = rows_of(edge, block);
        for (int64_t row = rows.low; row <= rows.high; row++) {
            struct span columns = columns_of(edge, block, row);
            for (int64_t column = columns.low; column <= columns.high; column++)
                starts[row * block->columns + column + 1]++;
            total += columns.low <= columns.high ? (size_t)(columns.high - columns.low + 1) : 0;
        }
        if (total > most)
            return false;
    }
    return true;
}

static void list_squares(struct listing *listing, const struct builder *builder,
                         const struct block *block, struct edge_list list)
{
    for (size_t i = 0; i < list.count; i++) {
        const struct edge *edge = &builder->edges->items[list.items[i]];
        struct span rows = rows_of(edge, block);
        for (int64_t row = rows.low; row <= rows.high; row++) {
            struct span columns = columns_of(edge, block, row);
            for (int64_t column = columns.low; column <= columns.high; column++)
                listing->items[listing->starts[row * block->columns + column]++] = list.items[i];
        }
    }
}

static void listing_free(struct listing *listing)
{
    array_free(&listing->starts);
    array_free(&listing->items);
}

/* *fits false: the squares would hold too many edges together; nothing is listed. */
static bool listing_new(struct listing *listing, const struct builder *builder,
                        const struct block *block, struct edge_list list)
{
    size_t squares = (size_t)block->columns * block->rows;
    *listing = (struct listing){0};
    if (!array_new(&listing->starts, squares + 2, sizeof *listing->starts, builder->error))
        return false;
    uint32_t *starts = listing->starts + 1; /* filling moves each start up to the next one's */
    if (!count_squares(starts, builder, block, list))
        return true;
    for (size_t s = 0; s < squares; s++)
        starts[s + 1] += starts[s];
    if (!array_new_raw(&listing->items, starts[squares], sizeof *listing->items, builder->error))
        return false;
    struct listing moving = {starts, listing->items};
    list_squares(&moving, builder, block, list);
    return true;
}

/* ---- leaves ---- */

struct leaf {
    struct place square;
    struct edge_list list;
    const struct holders *holders; /* of the square's spot */
    int32_t *slots;                /* of one page */
    size_t slot_count;
    int32_t flags;
};

/* Those with an edge in the square, and the two lowest of those that hold all of it: more are not
 * needed to tell the owner, or an overlap. */
static void gather_slots(struct holders *slots, const struct builder *builder,
                         const struct leaf *leaf)
{
    int32_t all_over[2];
    size_t found = 0;
    slots->count = 0;
    for (size_t i = 0; i < leaf->list.count; i++) {
        int32_t jurisdiction = builder->edges->items[leaf->list.items[i]].jurisdiction;
        if (!holders_have(slots, jurisdiction))
            holders_toggle(slots, jurisdiction);
    }
    for (size_t i = 0; i < leaf->holders->count && found < 2; i++)
        if (!holders_have(slots, leaf->holders->items[i]))
            all_over[found++] = leaf->holders->items[i];
    for (size_t i = 0; i < found; i++)
        holders_toggle(slots, all_over[i]);
}

/* Room in entries or leaves, whose places must fit in an entry. */
static bool make_room(void *array, struct capacity *capacity, size_t needed,
                      struct builder *builder)
{
    if (needed >= ENTRY_VALUE)
        return error_set(builder->error, ERROR_DATA,
                         "the boundaries have too many edges for an index (%zu)",
                         builder->edges->count);
    return array_reserve(array, capacity, needed, builder->error);
}

static uint32_t slot_bit(const struct leaf *leaf, int32_t jurisdiction)
{
    for (size_t s = 0; s < leaf->slot_count; s++)
        if (leaf->slots[s] == jurisdiction)
            return 1u << s;
    return 0;
}

/* Neighbours that share an edge share its words too. */
static bool joins_twin(int32_t *words, size_t count, const int32_t edge[EDGE_WORDS])
{
    for (size_t back = 1; back <= count && back <= TWINS_BACK; back++) {
        int32_t *twin = words + (count - back) * EDGE_WORDS;
        if (memcmp(twin, edge, 4 * sizeof *edge) != 0
            || ((uint32_t)twin[4] & (uint32_t)edge[4] & EDGE_SLOTS) != 0)
            continue;
        twin[4] = (int32_t)((uint32_t)twin[4] | (uint32_t)edge[4]);
        return true;
    }
    return false;
}

static size_t put_edges(int32_t *words, uint32_t *holders, const struct builder *builder,
                        const struct leaf *leaf)
{
    size_t count = 0;
    for (size_t i = 0; i < leaf->list.count; i++) {
        const struct edge *edge = &builder->edges->items[leaf->list.items[i]];
        uint32_t bits = slot_bit(leaf, edge->jurisdiction);
        if (bits == 0)
            continue;
        if (ray(edge, leaf->square.x, leaf->square.y))
            *holders ^= bits;
        bits |= corner_left(edge->ax, edge->ay, leaf->square) ? A_IS_LEFT : 0;
        bits |= corner_left(edge->bx, edge->by, leaf->square) ? B_IS_LEFT : 0;
        int32_t put[EDGE_WORDS] = {edge->ax, edge->ay, edge->bx, edge->by, (int32_t)bits};
        if (!joins_twin(words, count, put))
            memcpy(words + EDGE_WORDS * count++, put, sizeof put);
    }
    return count;
}

static bool put_page(struct builder *builder, const struct leaf *leaf)
{
    struct cells *cells = builder->cells;
    size_t needed =
        cells->leaf_length + PAGE_HEAD + leaf->slot_count + EDGE_WORDS * leaf->list.count;
    struct capacity capacity = {cells->leaf_capacity, sizeof *cells->leaves};
    if (!make_room(&cells->leaves, &capacity, needed, builder))
        return false;
    cells->leaf_capacity = capacity.held;
    int32_t *page = cells->leaves + cells->leaf_length;
    uint32_t holders = 0;
    for (size_t s = 0; s < leaf->slot_count; s++)
        if (holders_have(leaf->holders, leaf->slots[s]))
            holders |= 1u << s;
    memcpy(page + PAGE_HEAD, leaf->slots, leaf->slot_count * sizeof *page);
    size_t edges = put_edges(page + PAGE_HEAD + leaf->slot_count, &holders, builder, leaf);
    page[PAGE_HOLDERS] = (int32_t)holders;
    page[PAGE_EDGES] = (int32_t)edges;
    page[PAGE_SLOTS_FLAGS] = (int32_t)leaf->slot_count << FLAG_BITS | leaf->flags;
    cells->leaf_length += PAGE_HEAD + leaf->slot_count + EDGE_WORDS * edges;
    builder->leaf_edges += edges;
    return true;
}

/* The box of one of the block's squares. */
static struct grid_box square_box(const struct block *block, struct place square)
{
    int32_t width = (int32_t)1 << block->shift_x, height = (int32_t)1 << block->shift_y;
    return (struct grid_box){square.x, square.y, square.x + width - 1, square.y + height - 1};
}

static bool perhaps_gap(const struct builder *builder, struct grid_box square)
{
    return builder->edges->gap_mm > 0 && edges_two_near(builder->edges, square);
}

static bool put_leaf(uint32_t *entry, struct builder *builder, struct leaf *leaf)
{
    struct holders slots = builder->slots;
    gather_slots(&slots, builder, leaf);
    *entry = ENTRY_LEAF | (uint32_t)builder->cells->leaf_length;
    int32_t gap = leaf->flags;
    for (size_t from = 0; from < slots.count; from += PAGE_SLOTS) {
        bool more = slots.count - from > PAGE_SLOTS;
        leaf->slots = slots.items + from;
        leaf->slot_count = more ? PAGE_SLOTS : slots.count - from;
        leaf->flags = gap | (more ? FLAG_MORE : 0);
        if (!put_page(builder, leaf))
            return false;
    }
    return true;
}

/* ---- squares ---- */

static uint32_t answer(const struct builder *builder, const struct holders *holders,
                       struct grid_box square)
{
    if (holders->count == 0)
        return perhaps_gap(builder, square) ? 1 : 0;
    return ((uint32_t)holders->items[0] + 1) * 2 + (holders->count > 1);
}

static bool add_entries(struct block *block, struct builder *builder)
{
    struct cells *cells = builder->cells;
    size_t count = (size_t)block->columns * block->rows;
    struct capacity capacity = {cells->entry_capacity, sizeof *cells->entries};
    if (!make_room(&cells->entries, &capacity, cells->entry_count + count, builder))
        return false;
    cells->entry_capacity = capacity.held;
    block->at = cells->entry_count;
    cells->entry_count += count;
    return true;
}

static bool fill_block(struct builder *builder, const struct block *block,
                       const struct listing *listing, const struct holders *holders);

/* Divides the square; *entry stays 0 where that would not part its edges. */
static bool divide(uint32_t *entry, struct builder *builder, const struct block *block,
                   const struct leaf *leaf)
{
    struct block under = {.x = leaf->square.x,
                          .y = leaf->square.y,
                          .shift_x = block->shift_x - BLOCK_SHIFT,
                          .shift_y = block->shift_y - BLOCK_SHIFT,
                          .columns = BLOCK_SIDE,
                          .rows = BLOCK_SIDE,
                          .depth = block->depth + 1};
    struct listing listing;
    bool done = listing_new(&listing, builder, &under, leaf->list);
    if (done && listing.items != NULL
        && listing.starts[BLOCK_CELLS] <= leaf->list.count * (BLOCK_CELLS / 2)) {
        done = add_entries(&under, builder) && fill_block(builder, &under, &listing, leaf->holders);
        *entry = ENTRY_BLOCK | (uint32_t)under.at;
    }
    listing_free(&listing);
    return done;
}

static int least_shift(const struct block *block)
{
    return block->shift_x < block->shift_y ? block->shift_x : block->shift_y;
}

static bool fill_square(uint32_t *entry, struct builder *builder, const struct block *block,
                        struct leaf *leaf)
{
    struct grid_box box = square_box(block, leaf->square);
    *entry = 0;
    if (leaf->list.count == 0) {
        *entry = answer(builder, leaf->holders, box);
        return true;
    }
    bool divides = leaf->list.count > LEAF_EDGES && least_shift(block) >= LEAST_SHIFT + BLOCK_SHIFT
                   && builder->leaf_edges < builder->leaf_edges_most;
    if (divides && !divide(entry, builder, block, leaf))
        return false;
    if (*entry != 0)
        return true;
    leaf->flags = perhaps_gap(builder, box) ? FLAG_GAP : 0;
    return put_leaf(entry, builder, leaf);
}

static struct edge_list listed(const struct listing *listing, size_t square)
{
    return (struct edge_list){listing->items + listing->starts[square],
                              listing->starts[square + 1] - listing->starts[square]};
}

static void walk_up(struct holders *holders, const struct builder *builder, struct edge_list list,
                    const struct grid_box *from_to)
{
    struct place square = {from_to->x_min, from_to->y_min};
    for (size_t i = 0; i < list.count; i++) {
        const struct edge *edge = &builder->edges->items[list.items[i]];
        if (crosses_up(edge, square, from_to->y_max))
            holders_toggle(holders, edge->jurisdiction);
    }
}

static void walk_right(struct holders *holders, const struct builder *builder,
                       struct edge_list list, const struct grid_box *from_to)
{
    for (size_t i = 0; i < list.count; i++) {
        const struct edge *edge = &builder->edges->items[list.items[i]];
        if (ray(edge, from_to->x_min, from_to->y_min) != ray(edge, from_to->x_max, from_to->y_min))
            holders_toggle(holders, edge->jurisdiction);
    }
}

static int32_t row_y(const struct block *block, uint32_t row)
{
    return (int32_t)(block->y + ((int64_t)row << block->shift_y));
}

static bool fill_row(struct builder *builder, const struct block *block,
                     const struct listing *listing, uint32_t row)
{
    struct holders *holders = &builder->square[block->depth];
    struct leaf leaf = {.square = {block->x, row_y(block, row)}, .holders = holders};
    holders_copy(holders, &builder->row[block->depth]);
    for (uint32_t column = 0; column < block->columns; column++) {
        size_t square = (size_t)row * block->columns + column;
        uint32_t entry;
        leaf.list = listed(listing, square);
        if (!fill_square(&entry, builder, block, &leaf))
            return false;
        builder->cells->entries[block->at + square] = entry;
        struct grid_box step = square_box(block, leaf.square);
        step.x_max++;
        walk_right(holders, builder, leaf.list, &step);
        leaf.square.x = step.x_max;
    }
    return true;
}

/* `holders` are those of the block's own spot. */
static bool fill_block(struct builder *builder, const struct block *block,
                       const struct listing *listing, const struct holders *holders)
{
    struct holders *at_row = &builder->row[block->depth];
    holders_copy(at_row, holders);
    for (uint32_t row = 0; row < block->rows; row++) {
        struct place first = {block->x, row_y(block, row)};
        if (!fill_row(builder, block, listing, row))
            return false;
        struct grid_box step = square_box(block, first);
        step.y_max++;
        walk_up(at_row, builder, listed(listing, (size_t)row * block->columns), &step);
    }
    return true;
}

/* ---- the grid ---- */

static int32_t off_by(int32_t coordinate, int64_t by)
{
    int64_t moved = coordinate + by;
    return moved <= -GRID_LIMIT ? -GRID_LIMIT : moved >= GRID_LIMIT ? GRID_LIMIT : (int32_t)moved;
}

enum { WIDEST_SHIFT = 28 }; /* a few squares over the whole grid */

/* The least shift by which a length is covered in so many steps. */
static int shift_for(int64_t length, size_t steps)
{
    int shift = LEAST_SHIFT;
    while (shift < WIDEST_SHIFT && (size_t)(length >> shift) + 1 > steps)
        shift++;
    return shift;
}

static uint32_t steps_over(int64_t length, int *shift, int coarser)
{
    *shift = *shift + coarser < WIDEST_SHIFT ? *shift + coarser : WIDEST_SHIFT;
    return (uint32_t)(length >> *shift) + 1;
}

/* Covers the box of all edges and the gap around them, in about as many columns as rows; `coarser`
 * times doubled. */
static void lay_out(struct block *block, const struct edges *edges, int coarser)
{
    int64_t around = edges->gap_mm / edges->unit_mm + 2;
    block->x = off_by(edges->box.x_min, -around);
    block->y = off_by(edges->box.y_min, -around);
    int64_t width = (int64_t)off_by(edges->box.x_max, around) - block->x;
    int64_t height = (int64_t)off_by(edges->box.y_max, around) - block->y;
    size_t side = SIDE_LEAST;
    while (side < SIDE_MOST && side * side < edges->count)
        side += side / 8;
    block->shift_x = shift_for(width, side);
    block->shift_y = shift_for(height, side);
    block->columns = steps_over(width, &block->shift_x, coarser);
    block->rows = steps_over(height, &block->shift_y, coarser);
}

/* Lists all edges in squares that grow until each edge is in a few only. */
static bool list_all(struct listing *listing, struct block *block, struct builder *builder,
                     struct edge_list all)
{
    size_t most = builder->leaf_edges_most;
    for (int coarser = 0; coarser <= WIDEST_SHIFT; coarser++) {
        lay_out(block, builder->edges, coarser);
        builder->leaf_edges_most = coarser == WIDEST_SHIFT ? SIZE_MAX : most;
        if (!listing_new(listing, builder, block, all))
            break;
        builder->leaf_edges_most = most;
        if (listing->items != NULL)
            return true;
        listing_free(listing);
    }
    listing_free(listing);
    return false;
}

static bool build(struct builder *builder)
{
    size_t count = builder->edges->count;
    uint32_t *numbers = NULL;
    struct listing listing = {0};
    struct block block = {0};
    bool done = array_new_raw(&numbers, count, sizeof *numbers, builder->error);
    for (size_t i = 0; done && i < count; i++)
        numbers[i] = (uint32_t)i;
    done = done && list_all(&listing, &block, builder, (struct edge_list){numbers, count});
    free(numbers);
    struct cells *cells = builder->cells;
    cells->x = block.x;
    cells->y = block.y;
    cells->shift_x = block.shift_x;
    cells->shift_y = block.shift_y;
    cells->columns = block.columns;
    cells->rows = block.rows;
    done = done && add_entries(&block, builder)
           && fill_block(builder, &block, &listing, &(struct holders){0});
    listing_free(&listing);
    return done;
}

bool cells_build(struct cells *cells, const struct edges *edges, struct error *error)
{
    struct builder builder = {.cells = cells, .edges = edges, .error = error};
    size_t most = edges->jurisdiction_count;
    *cells = (struct cells){0};
    if (edges->count == 0)
        return true;
    builder.leaf_edges_most = edges->count * 8 + (1 << 20);
    bool done = array_new_raw(&builder.slots.items, most, sizeof *builder.slots.items, error);
    for (int i = 0; done && i <= DEEPEST; i++)
        done = array_new_raw(&builder.row[i].items, most, sizeof(int32_t), error)
               && array_new_raw(&builder.square[i].items, most, sizeof(int32_t), error);
    done = done && build(&builder);
    for (int i = 0; i <= DEEPEST; i++) {
        array_free(&builder.row[i].items);
        array_free(&builder.square[i].items);
    }
    array_free(&builder.slots.items);
    if (!done)
        cells_free(cells);
    return done;
}

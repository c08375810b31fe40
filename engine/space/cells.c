/* The map as squares that answer who owns a place: at once where no border runs, by a few edges
 * where one does. */
#include "engine/space/cells.h"

#include <stdlib.h>
#include <string.h>

/* How it stays exact. Who holds a place is found by walking to it from a spot whose holders are
 * known and counting the edges on the way. A square covers the whole numbers x .. x + side - 1 and
 * y .. y + side - 1; its spot lies half a unit left of x and a hair above y, so that no vertex lies
 * on the way: up along x - 1/2, then to the right a hair above the place's own height.
 *
 * For an edge (a below b) the crossings on that way have the parity of
 *     ray(place) + ray(spot) + [y < a.y <= place.y and a.x < x] + [the same of b]
 * where ray(q) tells whether the edge crosses the level line to the left of q. ray(spot) and the
 * two conditions but for "<= place.y" depend on the square alone: the first goes into the holders a
 * leaf begins with, the others are two bits of each of its edges. */

enum { BLOCK_SHIFT = 3, BLOCK_SIDE = 1 << BLOCK_SHIFT, BLOCK_CELLS = BLOCK_SIDE * BLOCK_SIDE };
enum { LEAF_EDGES = 6 };       /* so few are looked at faster than one more block */
enum { LEAST_SHIFT = 7 };      /* a square of 128 units is not divided */
enum { PAGE_SLOTS = 30 };      /* jurisdictions of a page: bits of a word, but for two */
enum { DEEPEST = 8 };          /* 2^(LEAST_SHIFT + 3 * DEEPEST) is wider than the grid */
enum { TWINS_BACK = 16 };      /* how far back a leaf looks for the same edge of a neighbour */
enum { SQUARES_LEAST = 4096 }; /* the grid's size, by how many edges there are */
enum { SQUARES_MOST = 1 << 20 };

/* An entry: two bits say what it is, the rest is an answer, or where the block or the leaf begins.
 * An answer is twice (owner + 1), plus one where another holds the square too, or, with OUTSIDE,
 * where two are near. */
#define ENTRY_BLOCK (1u << 30)
#define ENTRY_LEAF (2u << 30)
#define ENTRY_VALUE (ENTRY_BLOCK - 1)

/* A page of a leaf is: holders at the spot (one bit a slot), edge count, slot count and flags, the
 * slots' jurisdictions in rising order, five words an edge. */
enum { PAGE_HOLDERS, PAGE_EDGES, PAGE_SLOTS_FLAGS, PAGE_HEAD };
enum { FLAG_GAP = 1, FLAG_MORE = 2, FLAG_BITS = 2 };
enum { EDGE_WORDS = 5 };
#define A_IS_LEFT (1u << 30)
#define B_IS_LEFT (1u << 31)
#define EDGE_SLOTS (A_IS_LEFT - 1)

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
    int shift;
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
    int64_t low = block->y + (row << block->shift);
    struct span span = edge_span(edge, low, low + ((int64_t)1 << block->shift));
    span.low--;
    span.high++;
    return squares_of(span, block->x, block->shift, block->columns);
}

static struct span rows_of(const struct edge *edge, const struct block *block)
{
    return squares_of((struct span){(int64_t)edge->ay - 1, edge->by}, block->y, block->shift,
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

static bool make_room(struct builder *builder, size_t words)
{
    struct cells *cells = builder->cells;
    struct capacity capacity = {cells->leaf_capacity, sizeof *cells->leaves};
    if (cells->leaf_length + words >= ENTRY_VALUE)
        return error_set(builder->error, ERROR_DATA,
                         "the boundaries have too many edges for an index (%zu)",
                         builder->edges->count);
    if (!array_reserve(&cells->leaves, &capacity, cells->leaf_length + words, builder->error))
        return false;
    cells->leaf_capacity = capacity.held;
    return true;
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
    if (!make_room(builder, PAGE_HEAD + leaf->slot_count + EDGE_WORDS * leaf->list.count))
        return false;
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

static struct grid_box square_box(struct place square, int shift)
{
    int32_t side = (int32_t)1 << shift;
    return (struct grid_box){square.x, square.y, square.x + side - 1, square.y + side - 1};
}

static bool perhaps_gap(const struct builder *builder, struct place square, int shift)
{
    return builder->edges->gap_mm > 0 && edges_two_near(builder->edges, square_box(square, shift));
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
                       struct place square, int shift)
{
    if (holders->count == 0)
        return perhaps_gap(builder, square, shift) ? 1 : 0;
    return ((uint32_t)holders->items[0] + 1) * 2 + (holders->count > 1);
}

static bool add_entries(struct block *block, struct builder *builder)
{
    struct cells *cells = builder->cells;
    size_t count = (size_t)block->columns * block->rows;
    struct capacity capacity = {cells->entry_capacity, sizeof *cells->entries};
    if (cells->entry_count + count >= ENTRY_VALUE)
        return error_set(builder->error, ERROR_DATA,
                         "the boundaries have too many edges for an index (%zu)",
                         builder->edges->count);
    if (!array_reserve(&cells->entries, &capacity, cells->entry_count + count, builder->error))
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
                          .shift = block->shift - BLOCK_SHIFT,
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

static bool fill_square(uint32_t *entry, struct builder *builder, const struct block *block,
                        struct leaf *leaf)
{
    *entry = 0;
    if (leaf->list.count == 0) {
        *entry = answer(builder, leaf->holders, leaf->square, block->shift);
        return true;
    }
    bool divides = leaf->list.count > LEAF_EDGES && block->shift >= LEAST_SHIFT + BLOCK_SHIFT
                   && builder->leaf_edges < builder->leaf_edges_most;
    if (divides && !divide(entry, builder, block, leaf))
        return false;
    if (*entry != 0)
        return true;
    leaf->flags = perhaps_gap(builder, leaf->square, block->shift) ? FLAG_GAP : 0;
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

static bool fill_row(struct builder *builder, const struct block *block,
                     const struct listing *listing, uint32_t row)
{
    struct holders *holders = &builder->square[block->depth];
    struct leaf leaf = {.square = {block->x, block->y + (int32_t)(row << block->shift)},
                        .holders = holders};
    holders_copy(holders, &builder->row[block->depth]);
    for (uint32_t column = 0; column < block->columns; column++) {
        size_t square = (size_t)row * block->columns + column;
        uint32_t entry;
        leaf.list = listed(listing, square);
        if (!fill_square(&entry, builder, block, &leaf))
            return false;
        builder->cells->entries[block->at + square] = entry;
        struct grid_box step = square_box(leaf.square, block->shift);
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
        struct place first = {block->x, block->y + (int32_t)(row << block->shift)};
        if (!fill_row(builder, block, listing, row))
            return false;
        struct grid_box step = square_box(first, block->shift);
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

/* The box of all edges and the gap around them, in squares of 1 << shift. */
static void lay_out(struct block *block, const struct edges *edges, int shift)
{
    int64_t around = edges->gap_mm / edges->unit_mm + 2;
    struct grid_box box = edges->box;
    block->x = off_by(box.x_min, -around);
    block->y = off_by(box.y_min, -around);
    block->columns = (uint32_t)(((int64_t)off_by(box.x_max, around) - block->x) >> shift) + 1;
    block->rows = (uint32_t)(((int64_t)off_by(box.y_max, around) - block->y) >> shift) + 1;
    block->shift = shift;
}

enum { WIDEST_SHIFT = 28 }; /* a few squares over the whole grid */

static int first_shift(const struct edges *edges)
{
    size_t wanted = edges->count / 2;
    if (wanted < SQUARES_LEAST)
        wanted = SQUARES_LEAST;
    if (wanted > SQUARES_MOST)
        wanted = SQUARES_MOST;
    for (int shift = LEAST_SHIFT; shift < WIDEST_SHIFT; shift++) {
        struct block block;
        lay_out(&block, edges, shift);
        if ((size_t)block.columns * block.rows <= wanted)
            return shift;
    }
    return WIDEST_SHIFT;
}

/* Lists all edges in squares that grow until each edge is in a few only. */
static bool list_all(struct listing *listing, struct block *block, struct builder *builder,
                     struct edge_list all)
{
    size_t most = builder->leaf_edges_most;
    for (int shift = first_shift(builder->edges); shift <= WIDEST_SHIFT; shift++) {
        lay_out(block, builder->edges, shift);
        builder->leaf_edges_most = shift == WIDEST_SHIFT ? SIZE_MAX : most;
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
    cells->shift = block.shift;
    cells->columns = block.columns;
    cells->rows = block.rows;
    done = done && add_entries(&block, builder)
           && fill_block(builder, &block, &listing, &(struct holders){0});
    listing_free(&listing);
    return done;
}

bool cells_new(struct cells *cells, const struct edges *edges, struct error *error)
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

void cells_free(struct cells *cells)
{
    array_free(&cells->entries);
    array_free(&cells->leaves);
    *cells = (struct cells){0};
}

size_t cells_bytes(const struct cells *cells)
{
    return cells->entry_capacity * sizeof *cells->entries
           + cells->leaf_capacity * sizeof *cells->leaves;
}

/* ---- looking up ---- */

static size_t page_slots(const int32_t *page)
{
    return (size_t)page[PAGE_SLOTS_FLAGS] >> FLAG_BITS;
}

static const int32_t *next_page(const int32_t *page)
{
    if ((page[PAGE_SLOTS_FLAGS] & FLAG_MORE) == 0)
        return NULL;
    return page + PAGE_HEAD + page_slots(page) + EDGE_WORDS * (size_t)page[PAGE_EDGES];
}

/* A bit for each slot whose jurisdiction holds the place, its lines included. */
static uint32_t page_holders(const int32_t *page, struct place place)
{
    uint32_t inside = (uint32_t)page[PAGE_HOLDERS], on_line = 0;
    const int32_t *words = page + PAGE_HEAD + page_slots(page);
    const int32_t *end = words + EDGE_WORDS * (size_t)page[PAGE_EDGES];
    for (; words < end; words += EDGE_WORDS) {
        struct edge edge = {words[0], words[1], words[2], words[3], 0};
        uint32_t bits = (uint32_t)words[4];
        uint32_t above_a = place.y >= edge.ay, above_b = place.y >= edge.by;
        int64_t side = edge_side(&edge, place);
        uint32_t flips = ((above_a ^ above_b) & (side > 0)) ^ (above_a & (bits & A_IS_LEFT) >> 30)
                         ^ (above_b & bits >> 31);
        inside ^= bits & (0u - flips);
        if (side == 0 && edge_holds(&edge, place))
            on_line |= bits;
    }
    return (inside | on_line) & EDGE_SLOTS;
}

static int32_t leaf_owner(const int32_t *page, struct place place)
{
    bool gap = (page[PAGE_SLOTS_FLAGS] & FLAG_GAP) != 0;
    for (; page != NULL; page = next_page(page)) {
        uint32_t holders = page_holders(page, place);
        if (holders != 0)
            return page[PAGE_HEAD + __builtin_ctz(holders)];
    }
    return gap ? CELLS_PERHAPS_GAP : OUTSIDE;
}

/* The answer or leaf for a place; beyond the grid of squares ENTRY_BLOCK. */
static inline uint32_t find(const struct cells *cells, struct place place)
{
    /* Left of or below the corner wraps around to far beyond the last square, and so do the values
     * that stand for no place. */
    uint32_t x = (uint32_t)place.x - (uint32_t)cells->x, y = (uint32_t)place.y - (uint32_t)cells->y;
    int shift = cells->shift;
    if (x >> shift >= cells->columns || y >> shift >= cells->rows)
        return ENTRY_BLOCK;
    uint32_t entry = cells->entries[(size_t)(y >> shift) * cells->columns + (x >> shift)];
    while ((entry & ~ENTRY_VALUE) == ENTRY_BLOCK) {
        shift -= BLOCK_SHIFT;
        uint32_t column = x >> shift & (BLOCK_SIDE - 1), row = y >> shift & (BLOCK_SIDE - 1);
        entry = cells->entries[(entry & ENTRY_VALUE) + row * BLOCK_SIDE + column];
    }
    return entry;
}

static int32_t owner_by(const struct cells *cells, uint32_t entry, struct place place)
{
    if (entry == ENTRY_BLOCK)
        return place.x == GRID_NOWHERE || place.y == GRID_NOWHERE ? NO_PLACE : OUTSIDE;
    if (entry == 1)
        return CELLS_PERHAPS_GAP;
    return leaf_owner(cells->leaves + (entry & ENTRY_VALUE), place);
}

size_t cells_owners(int32_t *owners, const struct cells *cells, const struct points *points)
{
    size_t perhaps = 0;
    for (size_t i = 0; i < points->count; i++) {
        struct place place = {points->x[i], points->y[i]};
        uint32_t entry = find(cells, place);
        if (entry < ENTRY_BLOCK && entry != 1) {
            owners[i] = (int32_t)(entry >> 1) - 1;
            continue;
        }
        owners[i] = owner_by(cells, entry, place);
        perhaps += owners[i] == CELLS_PERHAPS_GAP;
    }
    return perhaps;
}

bool cells_overlap(const struct cells *cells, struct place place)
{
    uint32_t entry = find(cells, place);
    if (entry <= ENTRY_BLOCK)
        return entry != ENTRY_BLOCK && entry > 1 && (entry & 1) != 0;
    int held = 0;
    for (const int32_t *page = cells->leaves + (entry & ENTRY_VALUE); page != NULL;
         page = next_page(page))
        held += __builtin_popcount(page_holders(page, place));
    return held > 1;
}

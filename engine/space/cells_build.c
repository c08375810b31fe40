/* Divides the map into the squares of cells.h, finer where borders run, in one sweep. */
#include "engine/space/cells_build.h"

#include "engine/core/parallel.h"
#include "engine/space/cells_leaf.h"
#include "engine/space/cells_listing.h"

#include <string.h>

enum { LEAF_EDGES = 12 }; /* so few are looked at faster than one more block */
enum { LEAST_SHIFT = 7 }; /* a square of 128 units is not divided */
enum { DEEPEST = 12 };    /* 2^(LEAST_SHIFT + BLOCK_SHIFT * DEEPEST) is wider than the grid */
enum { SIDE_LEAST = 64, SIDE_MOST = 1024 }; /* rows and columns of the grid */
enum { BANDS = 32 };                        /* of rows, which workers take */

/* What one worker fills: some rows of the grid, and all blocks and leaves under them. Entries tell
 * places within the band until they are joined. */
struct band {
    uint32_t first, end; /* rows */
    uint32_t *blocks;
    size_t block_count, block_capacity;
    struct leaves leaves;
    size_t leaf_edges_most; /* keeps memory within a small multiple of the edges */
};

/* What a worker needs of its own. */
struct scratch {
    struct holders row[DEEPEST + 1], square[DEEPEST + 1];
    struct holders slots;
    struct listing listings[DEEPEST + 1];
};

struct builder {
    struct cells *cells;
    const struct edges *edges;
    const struct edge_tree *tree; /* over them */
    struct block grid;
    struct listing listing; /* of the grid */
    struct band bands[BANDS];
    struct scratch *scratch; /* one a worker */
    int worker_count;
};

/* Squares to be filled, under one another. */
struct filling {
    const struct builder *builder;
    struct band *band;
    struct scratch *scratch;
    struct error *error;
};

struct floor_of {
    struct block block;
    const struct listing *listing;
    int depth;
};

/* ---- squares ---- */

static uint32_t answer(const struct leaf *leaf)
{
    const struct holders *holders = leaf->holders;
    if (holders->count == 0)
        return square_is_near_two(leaf->tree, leaf->square) ? 1 : 0;
    return ((uint32_t)holders->items[0] + 1) * 2 + (holders->count > 1);
}

/* Room for one more block, BLOCK_CELLS entries; *at is where. */
static bool add_block(size_t *at, struct filling *filling)
{
    struct band *band = filling->band;
    struct capacity capacity = {band->block_capacity, sizeof *band->blocks};
    if (band->block_count + BLOCK_CELLS >= ENTRY_VALUE)
        return error_set(filling->error, ERROR_DATA,
                         "the boundaries have too many edges for an index (%zu)",
                         filling->builder->edges->count);
    if (!array_reserve(&band->blocks, &capacity, band->block_count + BLOCK_CELLS, filling->error))
        return false;
    band->block_capacity = capacity.held;
    *at = band->block_count;
    band->block_count += BLOCK_CELLS;
    return true;
}

static bool fill_block(struct filling *filling, const struct floor_of *under, size_t at,
                       const struct holders *holders);

/* Divides the square; *entry stays 0 where that would not part its edges. */
static bool divide(uint32_t *entry, struct filling *filling, const struct floor_of *above,
                   const struct leaf *leaf)
{
    struct listing *listing = &filling->scratch->listings[above->depth + 1];
    struct floor_of under = {.block = {.x = leaf->square.x_min,
                                       .y = leaf->square.y_min,
                                       .shift_x = above->block.shift_x - BLOCK_SHIFT,
                                       .shift_y = above->block.shift_y - BLOCK_SHIFT,
                                       .columns = BLOCK_SIDE,
                                       .rows = BLOCK_SIDE},
                             .listing = listing,
                             .depth = above->depth + 1};
    const struct listing_task task = {filling->builder->edges, under.block, leaf->list,
                                      leaf->list.count * (BLOCK_CELLS / 2)};
    bool fits;
    size_t at = 0;
    if (!listing_fill(listing, &fits, &task, filling->error))
        return false;
    if (!fits)
        return true;
    if (!add_block(&at, filling) || !fill_block(filling, &under, at, leaf->holders))
        return false;
    *entry = ENTRY_BLOCK | (uint32_t)at;
    return true;
}

static bool is_divided(const struct filling *filling, const struct block *block,
                       const struct leaf *leaf)
{
    int least_shift = block->shift_x < block->shift_y ? block->shift_x : block->shift_y;
    return leaf->list.count > LEAF_EDGES && least_shift >= LEAST_SHIFT + BLOCK_SHIFT
           && filling->band->leaves.edge_count < filling->band->leaf_edges_most;
}

static bool fill_square(uint32_t *entry, struct filling *filling, const struct floor_of *on,
                        const struct leaf *leaf)
{
    struct leaves *leaves = &filling->band->leaves;
    *entry = 0;
    if (leaf->list.count == 0) {
        *entry = answer(leaf);
        return true;
    }
    if (is_divided(filling, &on->block, leaf) && !divide(entry, filling, on, leaf))
        return false;
    if (*entry != 0)
        return true;
    *entry = ENTRY_LEAF | (uint32_t)leaves->length;
    return leaves_put(leaves, leaf, filling->error);
}

enum { AHEAD = 3 }; /* squares: neighbours' edges lie far apart in memory */

static void prefetch_edges(const struct edges *edges, const struct listing *listing, size_t square)
{
    struct edge_list list = listing_square(listing, square);
    for (size_t i = 0; i < list.count; i++)
        __builtin_prefetch(&edges->items[list.items[i]]);
}

static int32_t row_y(const struct block *block, uint32_t row)
{
    return (int32_t)(block->y + ((int64_t)row << block->shift_y));
}

/* Writes the entries of a row of squares; `holders` are those of its first spot. An entry is stored
 * when it is whole, since blocks may move meanwhile. */
static bool fill_row(struct filling *filling, const struct floor_of *on, uint32_t row, size_t at)
{
    struct holders *holders = &filling->scratch->square[on->depth];
    const struct block *block = &on->block;
    struct leaf leaf = {.tree = filling->builder->tree, .holders = holders};
    const struct edges *edges = filling->builder->edges;
    struct place corner = {block->x, row_y(block, row)};
    for (uint32_t column = 0; column < block->columns; column++) {
        uint32_t entry;
        if (column + AHEAD < block->columns)
            prefetch_edges(edges, on->listing, (size_t)row * block->columns + column + AHEAD);
        leaf.list = listing_square(on->listing, (size_t)row * block->columns + column);
        leaf.square = block_square(block, corner);
        if (!fill_square(&entry, filling, on, &leaf))
            return false;
        uint32_t *entries =
            on->depth == 0 ? filling->builder->cells->entries : filling->band->blocks;
        entries[at + column] = entry;
        struct grid_box step = leaf.square;
        step.x_max++;
        spot_walk_right(holders, edges, leaf.list, &step);
        corner.x = step.x_max;
    }
    return true;
}

/* `holders` are those of the block's own spot. */
static bool fill_block(struct filling *filling, const struct floor_of *under, size_t at,
                       const struct holders *holders)
{
    const struct block *block = &under->block;
    struct holders *at_row = &filling->scratch->row[under->depth];
    holders_copy(at_row, holders);
    for (uint32_t row = 0; row < block->rows; row++) {
        struct grid_box step = block_square(block, (struct place){block->x, row_y(block, row)});
        holders_copy(&filling->scratch->square[under->depth], at_row);
        if (!fill_row(filling, under, row, at + (size_t)row * block->columns))
            return false;
        step.y_max++;
        spot_walk_up(at_row, filling->builder->edges,
                     listing_square(under->listing, (size_t)row * block->columns), &step);
    }
    return true;
}

/* The grid begins left of every edge, so that nobody holds the first spot of a row. */
static bool fill_band(void *state, size_t number, int worker, struct error *error)
{
    struct builder *builder = state;
    struct filling filling = {builder, &builder->bands[number], &builder->scratch[worker], error};
    struct floor_of grid = {builder->grid, &builder->listing, 0};
    filling.band->leaves.slots.items = filling.scratch->slots.items;
    for (uint32_t row = filling.band->first; row < filling.band->end; row++) {
        filling.scratch->square[0].count = 0;
        if (!fill_row(&filling, &grid, row, (size_t)row * grid.block.columns))
            return false;
    }
    return true;
}

/* ---- joining the bands ---- */

static uint32_t moved(uint32_t entry, size_t blocks, size_t leaves)
{
    if (entry < ENTRY_BLOCK)
        return entry;
    return entry + (uint32_t)(entry < ENTRY_LEAF ? blocks : leaves);
}

struct joining {
    struct builder *builder;
    size_t blocks[BANDS + 1], leaves[BANDS + 1]; /* where each band's begin */
};

static bool join_band(void *state, size_t number, int worker, struct error *error)
{
    const struct joining *joining = state;
    struct cells *cells = joining->builder->cells;
    struct band *band = &joining->builder->bands[number];
    size_t blocks = joining->blocks[number], leaves = joining->leaves[number];
    size_t columns = joining->builder->grid.columns;
    (void)worker;
    (void)error;
    for (size_t i = band->first * columns; i < band->end * columns; i++)
        cells->entries[i] = moved(cells->entries[i], blocks, leaves);
    for (size_t i = 0; i < band->block_count; i++)
        cells->entries[blocks + i] = moved(band->blocks[i], blocks, leaves);
    if (band->leaves.length > 0)
        memcpy(cells->leaves + leaves, band->leaves.words,
               band->leaves.length * sizeof *cells->leaves);
    array_free(&band->blocks);
    array_free(&band->leaves.words);
    return true;
}

/* Blocks begin at a multiple of their length, so that each is one line of the processor's cache. */
static bool join(struct builder *builder, int threads, struct error *error)
{
    struct cells *cells = builder->cells;
    struct joining joining = {.builder = builder};
    size_t squares = (size_t)builder->grid.columns * builder->grid.rows;
    joining.blocks[0] = (squares + BLOCK_CELLS) / BLOCK_CELLS * BLOCK_CELLS;
    for (int b = 0; b < BANDS; b++) {
        joining.blocks[b + 1] = joining.blocks[b] + builder->bands[b].block_count;
        joining.leaves[b + 1] = joining.leaves[b] + builder->bands[b].leaves.length;
    }
    struct capacity entries = {cells->entry_capacity, sizeof *cells->entries};
    if (joining.blocks[BANDS] >= ENTRY_VALUE || joining.leaves[BANDS] >= ENTRY_VALUE)
        return error_set(error, ERROR_DATA, "the boundaries have too many edges for an index (%zu)",
                         builder->edges->count);
    if (!array_reserve(&cells->entries, &entries, joining.blocks[BANDS], error)
        || !array_new_raw(&cells->leaves, joining.leaves[BANDS], sizeof *cells->leaves, error))
        return false;
    cells->entries[squares] = ENTRY_BLOCK;
    cells->entry_capacity = entries.held;
    cells->entry_count = joining.blocks[BANDS];
    cells->leaf_capacity = cells->leaf_length = joining.leaves[BANDS];
    return parallel_for(&(struct parallel_job){join_band, &joining, BANDS, threads}, error);
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
static bool list_all(struct builder *builder, struct error *error)
{
    size_t count = builder->edges->count;
    struct listing_task task = {.edges = builder->edges, .list.count = count};
    uint32_t *numbers;
    bool fits = false, done = array_new_raw(&numbers, count, sizeof *numbers, error);
    for (size_t i = 0; done && i < count; i++)
        numbers[i] = (uint32_t)i;
    task.list.items = numbers;
    for (int coarser = 0; done && !fits; coarser++) {
        lay_out(&task.block, builder->edges, coarser);
        task.most = coarser == WIDEST_SHIFT ? SIZE_MAX : count * 8 + (1 << 20);
        done = listing_fill(&builder->listing, &fits, &task, error);
    }
    builder->grid = task.block;
    array_free(&numbers);
    return done;
}

static void cut_bands(struct builder *builder)
{
    const struct block *grid = &builder->grid;
    for (uint32_t b = 0; b < BANDS; b++) {
        struct band *band = &builder->bands[b];
        band->first = (uint32_t)((uint64_t)grid->rows * b / BANDS);
        band->end = (uint32_t)((uint64_t)grid->rows * (b + 1) / BANDS);
        size_t listed = builder->listing.starts[(size_t)band->end * grid->columns]
                        - builder->listing.starts[(size_t)band->first * grid->columns];
        band->leaf_edges_most = listed * 4 + (1 << 20) / BANDS;
    }
}

static bool make_scratch(struct builder *builder, struct error *error)
{
    size_t most = builder->edges->jurisdiction_count;
    if (!array_new(&builder->scratch, (size_t)builder->worker_count, sizeof *builder->scratch,
                   error))
        return false;
    for (int w = 0; w < builder->worker_count; w++) {
        struct scratch *scratch = &builder->scratch[w];
        bool done = array_new_raw(&scratch->slots.items, most, sizeof(int32_t), error);
        for (int i = 0; done && i <= DEEPEST; i++)
            done = array_new_raw(&scratch->row[i].items, most, sizeof(int32_t), error)
                   && array_new_raw(&scratch->square[i].items, most, sizeof(int32_t), error);
        if (!done)
            return false;
    }
    return true;
}

static void free_scratch(struct builder *builder)
{
    for (int w = 0; builder->scratch != NULL && w < builder->worker_count; w++) {
        struct scratch *scratch = &builder->scratch[w];
        array_free(&scratch->slots.items);
        for (int i = 0; i <= DEEPEST; i++) {
            array_free(&scratch->row[i].items);
            array_free(&scratch->square[i].items);
            listing_free(&scratch->listings[i]);
        }
    }
    array_free(&builder->scratch);
    for (int b = 0; b < BANDS; b++) {
        array_free(&builder->bands[b].blocks);
        array_free(&builder->bands[b].leaves.words);
    }
    listing_free(&builder->listing);
}

static bool open_grid(struct builder *builder, struct error *error)
{
    struct cells *cells = builder->cells;
    const struct block *grid = &builder->grid;
    struct capacity capacity = {0, sizeof *cells->entries};
    cells->x = grid->x;
    cells->y = grid->y;
    cells->shift_x = grid->shift_x;
    cells->shift_y = grid->shift_y;
    cells->columns = grid->columns;
    cells->rows = grid->rows;
    bool done =
        array_reserve(&cells->entries, &capacity, (size_t)grid->columns * grid->rows, error);
    cells->entry_capacity = capacity.held;
    return done;
}

bool cells_build(struct cells *cells, const struct edge_tree *tree, int threads,
                 struct error *error)
{
    struct builder builder = {.cells = cells,
                              .edges = tree->edges,
                              .tree = tree,
                              .worker_count = parallel_threads(threads)};
    *cells = (struct cells){0};
    if (tree->edges->count == 0)
        return true;
    bool done =
        list_all(&builder, error) && make_scratch(&builder, error) && open_grid(&builder, error);
    if (done) {
        cut_bands(&builder);
        done = parallel_for(&(struct parallel_job){fill_band, &builder, BANDS, threads}, error)
               && join(&builder, threads, error);
    }
    free_scratch(&builder);
    if (!done)
        cells_free(cells);
    return done;
}

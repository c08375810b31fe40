/* The map as squares that answer who owns a place: at once where no border runs, by a few edges
 * where one does. */
#include "engine/space/cells.h"

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

/* The square of the grid, or the one beyond all of it (ENTRY_BLOCK). Left of or below the corner
 * wraps around to far beyond the last square, and so do the values that stand for no place. */
static inline uint32_t square_of(const struct cells *cells, struct place place)
{
    uint32_t x = (uint32_t)place.x - (uint32_t)cells->x, y = (uint32_t)place.y - (uint32_t)cells->y;
    uint32_t column = x >> cells->shift_x, row = y >> cells->shift_y;
    bool inside = column < cells->columns && row < cells->rows;
    return inside ? row * cells->columns + column : cells->columns * cells->rows;
}

/* From a block down to an answer or a leaf. */
static uint32_t go_down(const struct cells *cells, uint32_t entry, struct place place)
{
    uint32_t x = (uint32_t)place.x - (uint32_t)cells->x, y = (uint32_t)place.y - (uint32_t)cells->y;
    int across = cells->shift_x, up = cells->shift_y;
    while (entry > ENTRY_BLOCK && entry < ENTRY_LEAF) {
        across -= BLOCK_SHIFT;
        up -= BLOCK_SHIFT;
        uint32_t column = x >> across & (BLOCK_SIDE - 1), row = y >> up & (BLOCK_SIDE - 1);
        entry = cells->entries[(entry & ENTRY_VALUE) + row * BLOCK_SIDE + column];
    }
    return entry;
}

/* The answer or leaf for a place; beyond the grid of squares ENTRY_BLOCK. */
static uint32_t find(const struct cells *cells, struct place place)
{
    return cells->entry_count > 0 ? go_down(cells, cells->entries[square_of(cells, place)], place)
                                  : ENTRY_BLOCK;
}

static int32_t owner_by(const struct cells *cells, uint32_t entry, struct place place)
{
    if (entry < ENTRY_BLOCK && entry != 1)
        return (int32_t)(entry >> 1) - 1;
    if (entry == ENTRY_BLOCK)
        return place.x == GRID_NOWHERE || place.y == GRID_NOWHERE ? NO_PLACE : OUTSIDE;
    if (entry == 1)
        return CELLS_PERHAPS_GAP;
    return leaf_owner(cells->leaves + (entry & ENTRY_VALUE), place);
}

bool cells_clear(const struct cells *cells, struct place place, double reach)
{
    uint32_t x = (uint32_t)place.x - (uint32_t)cells->x, y = (uint32_t)place.y - (uint32_t)cells->y;
    int across = cells->shift_x, up = cells->shift_y;
    if (x >> across >= cells->columns || y >> up >= cells->rows)
        return false;
    uint32_t entry = cells->entries[(size_t)(y >> up) * cells->columns + (x >> across)];
    if (entry >= ENTRY_BLOCK || entry < 2 || (entry & 1) != 0)
        return false;
    uint32_t width = 1u << across, height = 1u << up;
    x &= width - 1;
    y &= height - 1;
    return x > reach && width - x > reach && y > reach && height - y > reach;
}

/* Points are taken in groups, and what the next step wants of memory is asked for one step ahead:
 * where points lie anywhere, most of the time would go into waiting for it. */
enum { GROUP = 64, LINE_WORDS = 16, LEAF_LINES = 4 };

struct group {
    const struct cells *cells;
    struct points points;
    uint32_t squares[GROUP];
    uint32_t waiting[GROUP], entries[GROUP]; /* of those without an answer yet */
    size_t left;
};

static struct place group_place(const struct group *group, size_t i)
{
    return (struct place){group->points.x[i], group->points.y[i]};
}

static void find_squares(struct group *group)
{
    for (size_t i = 0; i < group->points.count; i++)
        group->squares[i] = square_of(group->cells, group_place(group, i));
    for (size_t i = 0; i < group->points.count; i++)
        __builtin_prefetch(&group->cells->entries[group->squares[i]]);
}

static void take_answers(int32_t *owners, struct group *group)
{
    group->left = 0;
    for (size_t i = 0; i < group->points.count; i++) {
        uint32_t entry = group->cells->entries[group->squares[i]];
        owners[i] = (int32_t)(entry >> 1) - 1;
        group->waiting[group->left] = (uint32_t)i;
        group->entries[group->left] = entry;
        group->left += (entry >= ENTRY_BLOCK) | (entry == 1);
    }
    for (size_t k = 0; k < group->left; k++) {
        uint32_t entry = group->entries[k];
        if (entry > ENTRY_BLOCK && entry < ENTRY_LEAF)
            __builtin_prefetch(&group->cells->entries[entry & ENTRY_VALUE]);
    }
}

static void find_leaves(struct group *group)
{
    for (size_t k = 0; k < group->left; k++) {
        uint32_t entry =
            go_down(group->cells, group->entries[k], group_place(group, group->waiting[k]));
        group->entries[k] = entry;
        for (size_t line = 0; entry >= ENTRY_LEAF && line < LEAF_LINES; line++)
            __builtin_prefetch(group->cells->leaves + (entry & ENTRY_VALUE) + line * LINE_WORDS);
    }
}

static size_t ask_leaves(int32_t *owners, const struct group *group)
{
    size_t perhaps = 0;
    for (size_t k = 0; k < group->left; k++) {
        uint32_t i = group->waiting[k];
        owners[i] = owner_by(group->cells, group->entries[k], group_place(group, i));
        perhaps += owners[i] == CELLS_PERHAPS_GAP;
    }
    return perhaps;
}

size_t cells_owners(int32_t *owners, const struct cells *cells, const struct points *points)
{
    struct group group = {.cells = cells};
    size_t perhaps = 0;
    for (size_t i = 0; cells->entry_count == 0 && i < points->count; i++)
        owners[i] = owner_by(cells, ENTRY_BLOCK, (struct place){points->x[i], points->y[i]});
    for (size_t from = 0; cells->entry_count > 0 && from < points->count; from += GROUP) {
        size_t count = points->count - from < GROUP ? points->count - from : GROUP;
        group.points = (struct points){points->x + from, points->y + from, count};
        find_squares(&group);
        take_answers(owners + from, &group);
        find_leaves(&group);
        perhaps += ask_leaves(owners + from, &group);
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

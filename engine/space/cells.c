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

/* The answer or leaf for a place; beyond the grid of squares ENTRY_BLOCK. */
static inline uint32_t find(const struct cells *cells, struct place place)
{
    /* Left of or below the corner wraps around to far beyond the last square, and so do the values
     * that stand for no place. */
    uint32_t x = (uint32_t)place.x - (uint32_t)cells->x, y = (uint32_t)place.y - (uint32_t)cells->y;
    int across = cells->shift_x, up = cells->shift_y;
    if (x >> across >= cells->columns || y >> up >= cells->rows)
        return ENTRY_BLOCK;
    uint32_t entry = cells->entries[(size_t)(y >> up) * cells->columns + (x >> across)];
    while ((entry & ~ENTRY_VALUE) == ENTRY_BLOCK) {
        across -= BLOCK_SHIFT;
        up -= BLOCK_SHIFT;
        uint32_t column = x >> across & (BLOCK_SIDE - 1), row = y >> up & (BLOCK_SIDE - 1);
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

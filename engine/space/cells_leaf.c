/* Writes the leaves of cells.h: the edges of a square and who holds its spot. */
#include "engine/space/cells_leaf.h"

#include "engine/space/edge_near.h"

#include <string.h>

enum { PAGE_SLOTS = 30 }; /* jurisdictions of a page: bits of a word, but for two */
enum { TWINS_BACK = 16 }; /* how far back a leaf looks for the same edge of a neighbour */

/* The jurisdictions of one page. */
struct page_slots {
    const int32_t *items;
    size_t count;
    int32_t flags;
};

bool square_is_near_two(const struct edge_tree *tree, struct grid_box square)
{
    return tree->edges->gap_mm > 0 && edge_near_two(tree, square);
}

/* Those with an edge in the square, and the two lowest of those that hold all of it: more are not
 * needed to tell the owner, or an overlap. Gives how many hold all of it, of these two. */
static size_t gather_slots(struct holders *slots, const struct leaf *leaf)
{
    int32_t all_over[2];
    size_t found = 0;
    slots->count = 0;
    for (size_t i = 0; i < leaf->list.count; i++) {
        int32_t jurisdiction = leaf->tree->edges->items[leaf->list.items[i]].jurisdiction;
        if (!holders_have(slots, jurisdiction))
            holders_toggle(slots, jurisdiction);
    }
    for (size_t i = 0; i < leaf->holders->count && found < 2; i++)
        if (!holders_have(slots, leaf->holders->items[i]))
            all_over[found++] = leaf->holders->items[i];
    for (size_t i = 0; i < found; i++)
        holders_toggle(slots, all_over[i]);
    return found;
}

/* Listed edges are within two units of the square, so that two of them are near any place in it,
 * as far as can be told at once. */
static bool may_have_gap(const struct leaf *leaf, const struct holders *slots, size_t all_over)
{
    if (leaf->tree->edges->gap_mm == 0 || all_over > 0)
        return false;
    return slots->count > 1 || square_is_near_two(leaf->tree, leaf->square);
}

static uint32_t slot_bit(const struct page_slots *slots, int32_t jurisdiction)
{
    for (size_t s = 0; s < slots->count; s++)
        if (slots->items[s] == jurisdiction)
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

static size_t put_edges(int32_t *words, uint32_t *holders, const struct page_slots *slots,
                        const struct leaf *leaf)
{
    const struct place corner = {leaf->square.x_min, leaf->square.y_min};
    size_t count = 0;
    for (size_t i = 0; i < leaf->list.count; i++) {
        const struct edge *edge = &leaf->tree->edges->items[leaf->list.items[i]];
        uint32_t bits = slot_bit(slots, edge->jurisdiction);
        if (bits == 0)
            continue;
        if (spot_ray(edge, corner.x, corner.y))
            *holders ^= bits;
        bits |= spot_corner_left(edge->ax, edge->ay, corner) ? A_IS_LEFT : 0;
        bits |= spot_corner_left(edge->bx, edge->by, corner) ? B_IS_LEFT : 0;
        int32_t put[EDGE_WORDS] = {edge->ax, edge->ay, edge->bx, edge->by, (int32_t)bits};
        if (!joins_twin(words, count, put))
            memcpy(words + EDGE_WORDS * count++, put, sizeof put);
    }
    return count;
}

static bool put_page(struct leaves *leaves, const struct leaf *leaf, const struct page_slots *slots,
                     struct error *error)
{
    size_t needed = leaves->length + PAGE_HEAD + slots->count + EDGE_WORDS * leaf->list.count;
    struct capacity capacity = {leaves->capacity, sizeof *leaves->words};
    if (needed >= ENTRY_VALUE)
        return error_set(error, ERROR_DATA, "the boundaries have too many edges for an index (%zu)",
                         leaf->tree->edges->count);
    if (!array_reserve(&leaves->words, &capacity, needed, error))
        return false;
    leaves->capacity = capacity.held;
    int32_t *page = leaves->words + leaves->length;
    uint32_t holders = 0;
    for (size_t s = 0; s < slots->count; s++)
        if (holders_have(leaf->holders, slots->items[s]))
            holders |= 1u << s;
    memcpy(page + PAGE_HEAD, slots->items, slots->count * sizeof *page);
    size_t edges = put_edges(page + PAGE_HEAD + slots->count, &holders, slots, leaf);
    page[PAGE_HOLDERS] = (int32_t)holders;
    page[PAGE_EDGES] = (int32_t)edges;
    page[PAGE_SLOTS_FLAGS] = (int32_t)slots->count << FLAG_BITS | slots->flags;
    leaves->length += PAGE_HEAD + slots->count + EDGE_WORDS * edges;
    leaves->edge_count += edges;
    return true;
}

bool leaves_put(struct leaves *leaves, const struct leaf *leaf, struct error *error)
{
    const struct holders *all = &leaves->slots;
    size_t all_over = gather_slots(&leaves->slots, leaf);
    int32_t gap = may_have_gap(leaf, all, all_over) ? FLAG_GAP : 0;
    for (size_t from = 0; from < all->count; from += PAGE_SLOTS) {
        bool more = all->count - from > PAGE_SLOTS;
        const struct page_slots slots = {all->items + from, more ? PAGE_SLOTS : all->count - from,
                                         gap | (more ? FLAG_MORE : 0)};
        if (!put_page(leaves, leaf, &slots, error))
            return false;
    }
    return true;
}

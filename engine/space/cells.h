/* The map as squares that answer who owns a place: at once where no border runs, by a few edges
 * where one does. */
#ifndef PLEIN_SPACE_CELLS_H
#define PLEIN_SPACE_CELLS_H

#include "engine/space/edges.h"

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

enum { BLOCK_SHIFT = 2, BLOCK_SIDE = 1 << BLOCK_SHIFT, BLOCK_CELLS = BLOCK_SIDE * BLOCK_SIDE };

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

/* Instead of an owner: the place lies in no jurisdiction, but perhaps near two. */
enum { CELLS_PERHAPS_GAP = -3 };

/* A grid of squares, each of which is an answer, BLOCK_CELLS smaller squares, or a leaf: the edges
 * in it and who holds its lower left corner. */
struct cells {
    uint32_t *entries; /* the grid, row by row from below, ENTRY_BLOCK for all beyond it, blocks */
    size_t entry_count, entry_capacity;
    int32_t *leaves; /* pages, end to end */
    size_t leaf_length, leaf_capacity;
    int32_t x, y;         /* lower left corner, in units */
    int shift_x, shift_y; /* a square of the grid is 1 << shift_x units wide, 1 << shift_y high */
    uint32_t columns, rows;
};

void cells_free(struct cells *cells);
/* Writes the owner of each point: an index, OUTSIDE, NO_PLACE or CELLS_PERHAPS_GAP; gives how many
 * are CELLS_PERHAPS_GAP. */
size_t cells_owners(int32_t *owners, const struct cells *cells, const struct points *points);
/* Whether all within `reach` units of the place surely lies in one jurisdiction only. */
bool cells_clear(const struct cells *cells, struct place place, double reach);
/* Whether at least two jurisdictions hold the place. */
bool cells_overlap(const struct cells *cells, struct place place);
size_t cells_bytes(const struct cells *cells);

#endif

/* The map as squares that answer who owns a place: at once where no border runs, by a few edges
 * where one does. */
#ifndef PLEIN_SPACE_CELLS_H
#define PLEIN_SPACE_CELLS_H

#include "engine/space/edges.h"

/* Instead of an owner: the place lies in no jurisdiction, but perhaps near two. */
enum { CELLS_PERHAPS_GAP = -3 };

/* A grid of squares, each of which is an answer, 64 smaller squares, or a leaf: the edges in it and
 * who holds its lower left corner. */
struct cells {
    uint32_t *entries; /* the grid, row by row from below, then blocks of 64 */
    size_t entry_count, entry_capacity;
    int32_t *leaves; /* pages (see cells.c), end to end */
    size_t leaf_length, leaf_capacity;
    int32_t x, y; /* lower left corner, in units */
    int shift;    /* a square of the grid is 1 << shift units wide */
    uint32_t columns, rows;
};

bool cells_new(struct cells *cells, const struct edges *edges, struct error *error);
void cells_free(struct cells *cells);
/* Writes the owner of each point: an index, OUTSIDE, NO_PLACE or CELLS_PERHAPS_GAP; gives how many
 * are CELLS_PERHAPS_GAP. */
size_t cells_owners(int32_t *owners, const struct cells *cells, const struct points *points);
/* Whether at least two jurisdictions hold the place. */
bool cells_overlap(const struct cells *cells, struct place place);
size_t cells_bytes(const struct cells *cells);

#endif

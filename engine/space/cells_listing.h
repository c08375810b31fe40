/* Tells which edges come into which squares of a block. */
#ifndef PLEIN_SPACE_CELLS_LISTING_H
#define PLEIN_SPACE_CELLS_LISTING_H

#include "engine/space/cells_spot.h"

/* Squares in columns and rows; each is 1 << shift_x units wide and 1 << shift_y high. */
struct block {
    int32_t x, y; /* lower left corner */
    int shift_x, shift_y;
    uint32_t columns, rows;
};
/* The box of the square whose lower left corner is given. */
struct grid_box block_square(const struct block *block, struct place square);

/* Edges per square; its arrays are used again for the next block. Zeroed is empty. */
struct listing {
    uint32_t *starts, *items; /* those of square s: items[starts[s]] .. items[starts[s + 1] - 1] */
    size_t starts_held, items_held;
};
struct edge_list listing_square(const struct listing *listing, size_t square);
void listing_free(struct listing *listing);

struct listing_task {
    const struct edges *edges;
    struct block block;
    struct edge_list list; /* which of the edges to look at */
    size_t most;           /* so many in all squares together */
};
/* Lists in each square the edges that come within a unit of it, and perhaps some that pass by one
 * more. *fits false: there would be more than `most`, and nothing is listed. */
bool listing_fill(struct listing *listing, bool *fits, const struct listing_task *task,
                  struct error *error);

#endif

/* Blocks of points that lie together, within cells that hold so many that looking at each would
 * take too long. */
#ifndef PLEIN_SPACE_CROWDS_H
#define PLEIN_SPACE_CROWDS_H

#include "engine/space/neighbours.h"

enum { CROWD_LEAST = 256, CROWD_BLOCK = 32 };
#define CROWD_NONE UINT32_MAX

/* Zeroed is empty. */
struct crowds {
    struct place_box *boxes;
    uint32_t *first; /* per cell: the box of all of it, then one box a block; or CROWD_NONE.
                        NULL: no cell is crowded */
};

/* Sorts the points of each crowded cell by place, so that blocks are small in extent. */
bool crowds_new(struct crowds *crowds, struct neighbours *neighbours, int thread_count,
                struct error *error);
void crowds_free(struct crowds *crowds);

/* A run of positions; its box, NULL when its points must be looked at. */
struct crowd_block {
    size_t first, end;
    const struct place_box *box;
};
/* The box of a whole crowded cell; NULL for any other. */
const struct place_box *crowds_box(const struct crowds *crowds, size_t cell);
size_t crowds_block_count(const struct crowds *crowds, const struct neighbours *neighbours,
                          size_t cell);
struct crowd_block crowds_block(const struct crowds *crowds, const struct neighbours *neighbours,
                                size_t cell, size_t block);

/* The box around positions first .. end - 1. */
struct place_box place_box_around(const struct neighbours *neighbours, size_t first, size_t end);
/* Squared distances from a box to the nearest and the farthest place of another one. */
int64_t place_box_nearest2(const struct place_box *a, const struct place_box *b);
int64_t place_box_farthest2(const struct place_box *a, const struct place_box *b);

#endif

/* Writes the leaves of cells.h: the edges of a square and who holds its spot. */
#ifndef PLEIN_SPACE_CELLS_LEAF_H
#define PLEIN_SPACE_CELLS_LEAF_H

#include "engine/space/cells.h"
#include "engine/space/cells_spot.h"
#include "engine/space/edge_tree.h"

/* Where leaves are gathered. */
struct leaves {
    int32_t *words;
    size_t length, capacity;
    size_t edge_count;
    struct holders slots; /* scratch */
};

struct leaf {
    const struct edge_tree *tree; /* of the edges */
    struct grid_box square;
    struct edge_list list;
    const struct holders *holders; /* of the square's spot */
};

/* Writes a leaf behind the others. ERROR_DATA when an entry has no room to tell where. */
bool leaves_put(struct leaves *leaves, const struct leaf *leaf, struct error *error);
/* Whether a place of the square that nobody holds may be near two (true where that takes long to
 * tell). */
bool square_is_near_two(const struct edge_tree *tree, struct grid_box square);

#endif

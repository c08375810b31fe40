/* Who holds the spot of a square, and who holds another one after a walk there (cells.h). */
#ifndef PLEIN_SPACE_CELLS_SPOT_H
#define PLEIN_SPACE_CELLS_SPOT_H

#include "engine/space/edges.h"

/* Jurisdictions in rising order; there is room for all. */
struct holders {
    int32_t *items;
    size_t count;
};
bool holders_have(const struct holders *holders, int32_t jurisdiction);
void holders_toggle(struct holders *holders, int32_t jurisdiction);
void holders_copy(struct holders *into, const struct holders *from);

/* Numbers of edges. */
struct edge_list {
    const uint32_t *items;
    size_t count;
};

/* Whether the edge crosses the level line through the spot of (x, y) to its left. */
bool spot_ray(const struct edge *edge, int32_t x, int32_t y);
/* Whether a corner lies above and to the left of the square's. */
bool spot_corner_left(int32_t corner_x, int32_t corner_y, struct place square);

/* Turns the holders of the spot of (from_to.x_min, from_to.y_min) into those of the one straight
 * above it at y_max, or straight to its right at x_max; `list` holds every edge on the way. */
void spot_walk_up(struct holders *holders, const struct edges *edges, struct edge_list list,
                  const struct grid_box *from_to);
void spot_walk_right(struct holders *holders, const struct edges *edges, struct edge_list list,
                     const struct grid_box *from_to);

#endif

/* Who holds the spot of a square, and who holds another one after a walk there. */
#include "engine/space/cells_spot.h"

#include <string.h>

__extension__ typedef __int128 wide;

bool holders_have(const struct holders *holders, int32_t jurisdiction)
{
    for (size_t i = 0; i < holders->count; i++)
        if (holders->items[i] == jurisdiction)
            return true;
    return false;
}

void holders_toggle(struct holders *holders, int32_t jurisdiction)
{
    size_t at = 0;
    while (at < holders->count && holders->items[at] < jurisdiction)
        at++;
    size_t behind = (holders->count - at) * sizeof *holders->items;
    if (at < holders->count && holders->items[at] == jurisdiction) {
        memmove(&holders->items[at], &holders->items[at + 1], behind - sizeof *holders->items);
        holders->count--;
        return;
    }
    memmove(&holders->items[at + 1], &holders->items[at], behind);
    holders->items[at] = jurisdiction;
    holders->count++;
}

void holders_copy(struct holders *into, const struct holders *from)
{
    if (from->count > 0)
        memcpy(into->items, from->items, from->count * sizeof *from->items);
    into->count = from->count;
}

/* Where the edge passes straight under the hair, the way it leans decides. */
bool spot_ray(const struct edge *edge, int32_t x, int32_t y)
{
    if (y < edge->ay || y >= edge->by)
        return false;
    int64_t rise = (int64_t)edge->by - edge->ay, run = (int64_t)edge->bx - edge->ax;
    wide side =
        (wide)(2 * ((int64_t)x - edge->ax) - 1) * rise - (wide)(2 * ((int64_t)y - edge->ay)) * run;
    return side > 0 || (side == 0 && run < 0);
}

bool spot_corner_left(int32_t corner_x, int32_t corner_y, struct place square)
{
    return corner_y > square.y && corner_x < square.x;
}

/* Whether the edge is crossed on the way up from the spot of `square` to that of (square.x, y). */
static bool crosses_up(const struct edge *edge, struct place square, int32_t y)
{
    bool a = spot_corner_left(edge->ax, edge->ay, square) && y >= edge->ay;
    bool b = spot_corner_left(edge->bx, edge->by, square) && y >= edge->by;
    return spot_ray(edge, square.x, square.y) ^ spot_ray(edge, square.x, y) ^ a ^ b;
}

void spot_walk_up(struct holders *holders, const struct edges *edges, struct edge_list list,
                  const struct grid_box *from_to)
{
    struct place square = {from_to->x_min, from_to->y_min};
    for (size_t i = 0; i < list.count; i++) {
        const struct edge *edge = &edges->items[list.items[i]];
        if (crosses_up(edge, square, from_to->y_max))
            holders_toggle(holders, edge->jurisdiction);
    }
}

void spot_walk_right(struct holders *holders, const struct edges *edges, struct edge_list list,
                     const struct grid_box *from_to)
{
    for (size_t i = 0; i < list.count; i++) {
        const struct edge *edge = &edges->items[list.items[i]];
        if (spot_ray(edge, from_to->x_min, from_to->y_min)
            != spot_ray(edge, from_to->x_max, from_to->y_min))
            holders_toggle(holders, edge->jurisdiction);
    }
}

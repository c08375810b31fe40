/* A small map of what each of two sides misses: on its ground, the density of all but its own. */
#ifndef PLEIN_DRAW_MISSEDMAP_H
#define PLEIN_DRAW_MISSEDMAP_H

#include "engine/draw/block.h"
#include "engine/draw/classes.h"

enum { MISSED_LIMITS_MOST = 3 };

struct missed_map {
    struct block_head head;
    const char *missed_by[2]; /* in the map, on that side's ground: "gemist door Heemskerk" */
    /* What the first and the second do not see: density of the incidents of all others (of two
     * sides: the other's raster). Each is drawn on that side's own ground alone, cut along the
     * border, so that no signed raster is needed. NULL: nothing on that side. */
    const struct raster *density[2];
    const struct raster *support[2]; /* as in map_sheet, of the same incidents; may be NULL */
    /* Limits of one half of the scale, at most three: 2, 10, 30. Below the first it is neutral. No
     * limits: no such map. */
    struct classes classes;
};

/* With what it needs of the sheet: areas, borders, features, ground. */
struct missed_on_sheet {
    const struct missed_map *missed;
    const struct map_sheet *base;
    size_t sides[2]; /* indexes into the areas */
};

/* Draws the block: head, map, scale. The ground is the part of the sheet's where something is
 * missed, or all of it; *withheld is set when something is hatched. */
bool missedmap_draw(bool *withheld, const struct block *block, const struct missed_on_sheet *what,
                    struct error *error);

#endif

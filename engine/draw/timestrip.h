/* When incidents come, in a strip under a map: the hours of the week, a line per month, or both. */
#ifndef PLEIN_DRAW_TIMESTRIP_H
#define PLEIN_DRAW_TIMESTRIP_H

#include "engine/draw/hoursheat.h"
#include "engine/draw/monthsline.h"

struct map_times {
    const struct hours_table *hours;   /* NULL: none */
    const struct months_chart *months; /* NULL: none */
};

/* The height that the strip takes from what map and panels have, with the white above it; 0 when
 * there is nothing to draw. */
double timestrip_height(const struct kit *kit, const struct map_times *times, double room);
/* Draws it at the foot of the block. */
bool timestrip_draw(const struct block *block, const struct map_times *times, struct error *error);

#endif

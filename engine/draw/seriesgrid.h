/* How a number of small maps best fills a rectangle: so many beside and so many below one another.
 */
#ifndef PLEIN_DRAW_SERIESGRID_H
#define PLEIN_DRAW_SERIESGRID_H

#include "engine/core/base.h"

/* What is to be filled, points. */
struct grid_room {
    double width, height;
    double gap, least_gap; /* between two maps beside one another: less where they are narrow */
    double row_gap;
    double title;               /* height above each map */
    double caption;             /* width that the longest title can be read in */
    double shape;               /* of the ground: width to height */
    double narrowest, broadest; /* that a frame may be: width to height */
    size_t count, whole;        /* as in series_sheet */
    /* What the legend needs in a cell that no map fills, and below the maps where none does. */
    double legend_cell[2], legend_strip;
};

struct map_grid {
    size_t columns, rows;
    double frame[2];     /* width and height of each map without its title */
    double step[2];      /* from one map to the next, and from one row to the next */
    bool legend_in_cell; /* the legend fills the cells behind the last map */
};

/* The grid in which the ground is shown largest, rows that read well before others that are about
 * as good. The last row may be short. */
struct map_grid seriesgrid_choose(const struct grid_room *room);

#endif

/* Several small maps of one ground, each under its title, in a row or a column. */
#ifndef PLEIN_DRAW_MAPSERIES_H
#define PLEIN_DRAW_MAPSERIES_H

#include "engine/draw/smallmap.h"

struct map_series {
    struct small_maps shared; /* each map gets a frame of its own */
    const struct small_map *maps;
    size_t count;
    double gap;             /* between two maps, points */
    bool column;            /* one under the other instead of side by side */
    struct labels *written; /* every title takes its place here; NULL: nobody asks */
};

/* Draws the series into the box (x, y, width, height), titles included; `results` has room for as
 * many as there are maps. */
bool mapseries_draw(struct small_map_result *results, const struct map_series *series,
                    const double box[4], struct error *error);
/* The height that a title takes above its map. */
double mapseries_title_height(const struct kit *kit);

#endif

/* Draws the heat of a sheet alone, on a transparent page, to be laid over another map. */
#ifndef PLEIN_DRAW_OVERLAY_H
#define PLEIN_DRAW_OVERLAY_H

#include "engine/draw/map.h"

/* Writes a PNG whose whole page is the frame: density and hatching, no sheet and no letter. The
 * result has no labels. */
bool overlay_write_png(struct map_result *result, const char *path,
                       const struct map_drawing *drawing, struct error *error);

#endif

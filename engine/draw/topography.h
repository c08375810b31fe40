/* What lies on the land of a map: green, water, buildings and streets. */
#ifndef PLEIN_DRAW_TOPOGRAPHY_H
#define PLEIN_DRAW_TOPOGRAPHY_H

#include "engine/draw/ground.h"

/* Layers that can be drawn in strips: see ground.h. */
bool topography_draw(struct ground *ground, struct error *error);
/* Within the heat alone: streets and buildings once more, as light and shade. */
bool topography_draw_on_heat(struct ground *ground, struct error *error);

#endif

/* The squares of which a map has counts and no places, as a light grid over the heat. */
#ifndef PLEIN_DRAW_SQUAREGRID_H
#define PLEIN_DRAW_SQUAREGRID_H

#include "engine/draw/ground.h"

/* A ground_layer. */
bool squaregrid_draw(struct ground *ground, struct error *error);

#endif

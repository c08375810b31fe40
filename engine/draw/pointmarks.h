/* Draws single incidents as dots on a map. */
#ifndef PLEIN_DRAW_POINTMARKS_H
#define PLEIN_DRAW_POINTMARKS_H

#include "engine/draw/ground.h"

/* A layer: the sheet's points, dark with a light edge, all edges beneath all dots. */
bool pointmarks_draw(struct ground *ground, struct error *error);

#endif

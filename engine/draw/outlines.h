/* The outlines of clusters on a map, which end where the data does. */
#ifndef PLEIN_DRAW_OUTLINES_H
#define PLEIN_DRAW_OUTLINES_H

#include "engine/draw/ground.h"

/* A layer that can be drawn in strips: see ground.h. On one area's map an outline ends where its
 * border's light edge begins, and stays open there, so that the cut shows. */
bool outlines_draw(struct ground *ground, struct error *error);

#endif

/* Places on the map that something of the sheet refers to, such as where a measure was taken. */
#ifndef PLEIN_DRAW_MARKERS_H
#define PLEIN_DRAW_MARKERS_H

#include "engine/draw/ground.h"

/* A circle round each place that has a radius: a layer that lies under all that is read. */
bool markers_circles(struct ground *ground, struct error *error);
/* A small square at each place without a circle, and its number beside it or on the circle, clear
 * of what else is read; a number that fits nowhere is left out. Draws on the places taken so far.
 */
bool markers_draw(struct ground *ground, struct error *error);

#endif

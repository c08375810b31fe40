/* Draws layers of a map in strips, on several threads. */
#ifndef PLEIN_DRAW_STRIPS_H
#define PLEIN_DRAW_STRIPS_H

#include "engine/draw/ground.h"

/* Draws the layers (NULL at their end) in the frame of the view, from the first to the last. They
 * must draw within the frame, set no text and change nothing in *ground. The strips are the same
 * whatever the threads. */
bool strips_draw(const struct ground *ground, ground_layer *const *layers, struct error *error);

#endif

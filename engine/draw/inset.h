/* The small map that shows where the large one lies. */
#ifndef PLEIN_DRAW_INSET_H
#define PLEIN_DRAW_INSET_H

#include "engine/draw/ground.h"

/* Draws sheet->inset_ground into the frame (x, y, width, height), with the ground of the large map
 * as a rectangle in it. */
bool inset_draw(const struct ground *large, const double frame[4], struct error *error);

#endif

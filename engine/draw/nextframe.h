/* The frame of the next sheet of a series, drawn on the map before it. */
#ifndef PLEIN_DRAW_NEXTFRAME_H
#define PLEIN_DRAW_NEXTFRAME_H

#include "engine/draw/ground.h"

/* Draws the frame of sheet->next_ground, where there is one, and keeps its lines free of names. */
bool nextframe_draw(struct ground *ground, struct error *error);
/* Its caption, at the first of its corners where there is room; nowhere where there is none. */
bool nextframe_caption(struct ground *ground, struct error *error);

#endif

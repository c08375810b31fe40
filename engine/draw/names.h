/* Everything on the map that is read: badges, names of jurisdictions along their border, of
 * clusters, water, green and streets. */
#ifndef PLEIN_DRAW_NAMES_H
#define PLEIN_DRAW_NAMES_H

#include "engine/draw/ground.h"

/* Starts with what every name must keep free of: borders, outlines, the scale bar where there is
 * one. */
bool names_begin(struct ground *ground, struct error *error);
/* Finds places in order of importance and draws what found one; what finds none is left out. The
 * places taken are in ground->labels afterwards. */
bool names_draw(struct ground *ground, struct error *error);

#endif

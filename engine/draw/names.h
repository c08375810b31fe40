/* Everything on the map that is read: badges, names of jurisdictions along their border, of
 * clusters, water, green and streets. */
#ifndef PLEIN_DRAW_NAMES_H
#define PLEIN_DRAW_NAMES_H

#include "engine/draw/ground.h"

/* Finds places in order of importance and draws what found one; what finds none is left out. The
 * places taken are in ground->labels afterwards. */
bool names_draw(struct ground *ground, struct error *error);

#endif

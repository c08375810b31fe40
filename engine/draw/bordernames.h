/* Names of jurisdictions along their shared border, one on each side. */
#ifndef PLEIN_DRAW_BORDERNAMES_H
#define PLEIN_DRAW_BORDERNAMES_H

#include "engine/draw/ground.h"

/* Names each border in the frame where it is straightest, nearest to the finding, and again where
 * more than 400 points of it would go unnamed. named[i] is set for each area that got its name. */
bool bordernames_draw(bool *named, struct ground *ground, struct error *error);

#endif

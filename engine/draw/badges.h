/* Numbers on the outlines of clusters, and the name of the first. */
#ifndef PLEIN_DRAW_BADGES_H
#define PLEIN_DRAW_BADGES_H

#include "engine/draw/ground.h"

/* The badge and the name of the cluster that the sheet is about: they come before all other labels.
 */
bool badges_draw_finding(struct ground *ground, struct error *error);
/* The badges of the other listed clusters. */
bool badges_draw_others(struct ground *ground, struct error *error);

#endif

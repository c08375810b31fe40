/* Names of water, green, squares and streets, and of jurisdictions in the middle of their ground.
 */
#ifndef PLEIN_DRAW_PLACENAMES_H
#define PLEIN_DRAW_PLACENAMES_H

#include "engine/draw/ground.h"

struct name;

/* Draws a name level within a traced area: in the middle of what is visible of it, or as near to
 * that as there is room; nowhere when there is none. */
bool placenames_draw_within(struct ground *ground, const struct name *name,
                            const struct trace *trace, struct error *error);
/* The same, but where it is out of the way: in a corner of the frame, if one lies on that ground.
 * It keeps free of borders, badges and names, not of outlines. */
bool placenames_draw_aside(struct ground *ground, const struct name *name,
                           const struct trace *trace, struct error *error);
/* Jurisdictions for which named[i] is not set. */
bool placenames_draw_areas(const bool *named, struct ground *ground, struct error *error);
/* Water, green and squares, then main streets, then others. */
bool placenames_draw_features(struct ground *ground, struct error *error);

#endif

/* The one legend of several maps: scale of colours, keys, scale bar. */
#ifndef PLEIN_DRAW_LEGENDSTRIP_H
#define PLEIN_DRAW_LEGENDSTRIP_H

#include "engine/draw/block.h"
#include "engine/draw/classes.h"
#include "engine/draw/view.h"

/* Texts without words leave out what they would explain. */
struct legend_strip {
    const struct classes *classes; /* NULL or none: no scale of colours */
    const struct view *view;       /* of any of the maps, for the scale bar */
    const char *no_data;           /* NULL where nothing is hatched so, as with those below */
    const char *withheld, *outside, *border, *cluster, *squares;
    const char *badge, *badge_short; /* the second where there is less room */
    bool measure;                    /* draw nothing: only the column's height is asked for */
};

/* Fills the block from left to right: what gives way is the length of the scale, then the long word
 * for badges, then the key of clusters; then keys stand on two lines, and only then the last ones
 * go. */
void legendstrip_draw(const struct block *block, const struct legend_strip *strip);
/* Fills the block from the top down; returns where it ends. */
double legendstrip_draw_column(const struct block *block, const struct legend_strip *strip);

#endif

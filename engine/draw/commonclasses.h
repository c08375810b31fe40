/* One set of limits between the classes of several maps, so that a colour means the same on each.
 */
#ifndef PLEIN_DRAW_COMMONCLASSES_H
#define PLEIN_DRAW_COMMONCLASSES_H

#include "engine/draw/classes.h"

/* Rasters whose values are to be coloured alike. */
struct class_rasters {
    const struct raster *items;
    size_t count;
    /* Only cells whose centre lies in it count; empty or without extent: all do. */
    struct box within;
};

/* The values of all of them, one after the other, as one raster of a single row: for whoever
 * chooses limits by another rule than classes_choose. raster_free when done. */
bool commonclasses_join(struct raster *joined, const struct class_rasters *rasters,
                        struct error *error);
/* What classes_choose would choose for one raster that holds all their values. */
bool commonclasses_choose(struct classes *classes, const struct class_rasters *rasters,
                          size_t count, struct error *error);

#endif

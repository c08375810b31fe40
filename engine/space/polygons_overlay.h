/* Layers of polygons laid over one another: which ones share ground, and how much. */
#ifndef PLEIN_SPACE_POLYGONS_OVERLAY_H
#define PLEIN_SPACE_POLYGONS_OVERLAY_H

#include "engine/core/geometry.h"

struct polygons;

struct overlay_layer {
    const struct shape *const *shapes; /* rings of any order and orientation; may be empty */
    const uint32_t *groups; /* only shapes of one group are held together; NULL: all of them */
    size_t count;
};

struct overlay_pair {
    size_t first, second; /* indexes into the two layers */
    double area_m2;       /* more than 0 */
};

/* Zeroed is empty. */
struct overlay {
    double sliver_m; /* set before: common ground that is nowhere wider is none; 0: all is some */
    struct overlay_pair *pairs; /* by first, then second */
    size_t count, capacity;
};

/* Fills an empty overlay with every pair that has ground in common. Shapes are repaired on the way.
 * Time O((n + m) log m + pairs * corners log corners). */
bool polygons_overlay(struct overlay *overlay, struct polygons *polygons,
                      const struct overlay_layer layers[2], struct error *error);
void overlay_free(struct overlay *overlay);

#endif

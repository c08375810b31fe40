/* Turns rasters of density into a picture of filled classes with smooth edges. */
#ifndef PLEIN_DRAW_HEAT_H
#define PLEIN_DRAW_HEAT_H

#include "engine/core/raster.h"
#include "engine/draw/canvas.h"
#include "engine/draw/classes.h"
#include "engine/draw/view.h"

/* What the picture is made from; see map_sheet for the meaning. */
struct heat_source {
    const struct raster *density, *support; /* support may be NULL */
    double least_support;
    double smallest_hatched_m2, smallest_coloured_m2;
    const struct classes *classes;
    const struct colour *colours; /* of the classes, or of their steps: see style_heat_colours */
    struct colour no_data;
    const struct view *view;
    double pixels_per_point;
    int thread_count; /* 0: as many as there are processors; changes no pixel */
};

enum { HEAT_WITHHELD = 254, HEAT_NO_DATA = 255 }; /* instead of a class */

/* A zeroed struct is empty. */
struct heat {
    uint32_t *pixels;  /* premultiplied 0xAARRGGBB, transparent where nothing is coloured */
    uint8_t *classes;  /* class at each pixel's centre, or HEAT_... */
    int width, height; /* the frame of the view, in pixels */
    bool has_withheld;
    uint8_t *tiles; /* of HEAT_TILE by HEAT_TILE pixels: is any of them coloured? */
};
enum { HEAT_TILE = 16 };

/* Time O(pixels + raster rows * columns it spans). */
bool heat_read(struct heat *heat, const struct heat_source *source, struct error *error);
/* False when no pixel of the box (first and last column, first and last row; it may reach past the
 * frame) is coloured; true when one is, or one near it. */
bool heat_may_colour(const struct heat *heat, const double box[4]);
void heat_free(struct heat *heat);

#endif

/* Hatches the ground of a heat picture on which too little is known to be shown. */
#ifndef PLEIN_DRAW_HATCHING_H
#define PLEIN_DRAW_HATCHING_H

#include "engine/draw/heat.h"

/* How withheld ground is hatched. */
struct hatching {
    struct colour line, edge, ground;
    double width, spacing; /* pixels, square to the lines */
};
/* A picture of the withheld ground alone, as large as the heat; the caller frees *pixels. */
bool hatching_draw(uint32_t **pixels, const struct heat *heat, const struct hatching *hatching,
                   struct error *error);

#endif

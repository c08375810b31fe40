/* A heat picture to pack: the density of a million invented incidents in 256 colours. */
#ifndef PLEIN_TESTS_HEATPICTURE_H
#define PLEIN_TESTS_HEATPICTURE_H

#include "engine/core/raster.h"
#include "engine/draw/png.h"

enum { HEAT_SIDE = 2048 };

/* A raster of HEAT_SIDE by HEAT_SIDE square cells over the box of scatter.h, as wide as it is and
 * higher by a tenth at top and bottom; 100 m, quartic. */
void heatpicture_raster(struct raster *raster);
/* Shades of the logarithm, so that slopes show as far as they go and the picture is no easy one to
 * pack; `indexes` has HEAT_SIDE * HEAT_SIDE bytes, top row first, `palette` 256 colours. */
void heatpicture_shade(uint8_t *indexes, uint32_t *palette, const struct raster *raster);

#endif

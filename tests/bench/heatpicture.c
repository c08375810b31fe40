/* A heat picture to pack: the density of a million invented incidents in 256 colours. */
#include "tests/bench/heatpicture.h"

#include "tests/bench/scatter.h"
#include "tests/bench/steps.h"

#include <math.h>

void heatpicture_raster(struct raster *raster)
{
    const double margin = (SCATTER_WIDE - SCATTER_HIGH) / 2.0, west = SCATTER_WEST;
    const double south = SCATTER_SOUTH - margin;
    struct error error = {0};
    struct box box = {west, south, west + SCATTER_WIDE, south + SCATTER_WIDE};
    step_need(raster_new(raster, box, SCATTER_WIDE / (double)HEAT_SIDE, &error), &error);
}

static uint32_t shade(double share)
{
    uint32_t red = (uint32_t)(254 - 199 * share), blue = (uint32_t)(188 - 130 * share);
    uint32_t green = (uint32_t)(228 * (1 - share) * (1 - share));
    return 0xFF000000u | red << 16 | green << 8 | blue;
}

enum { STEPS = 1 << 16 };

/* The shade of each step from nothing to the peak. */
static void shade_steps(uint8_t *shades)
{
    const double contrast = 1000;
    for (int i = 0; i < STEPS; i++)
        shades[i] = (uint8_t)(255 * log1p(contrast * i / (STEPS - 1)) / log1p(contrast));
}

void heatpicture_shade(uint8_t *indexes, uint32_t *palette, const struct raster *raster)
{
    static uint8_t shades[STEPS];
    double scale = (STEPS - 1) / raster_peak(raster);
    shade_steps(shades);
    for (int i = 0; i < 256; i++)
        palette[i] = i == 0 ? 0 : shade(i / 255.0);
    for (size_t row = 0; row < HEAT_SIDE; row++) {
        const double *values = raster->values + (HEAT_SIDE - 1 - row) * HEAT_SIDE;
        for (size_t column = 0; column < HEAT_SIDE; column++)
            indexes[row * HEAT_SIDE + column] = shades[(size_t)(values[column] * scale)];
    }
}

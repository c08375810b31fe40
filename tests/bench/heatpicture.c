/* A heat picture to pack: the density of a million invented incidents in 256 colours. */
#include "tests/bench/heatpicture.h"

#include "tests/bench/scatter.h"
#include "tests/bench/steps.h"

#include "engine/core/parallel.h"

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
    const double contrast = 1000, most = log1p(contrast);
    for (int i = 0; i < STEPS; i++)
        shades[i] = (uint8_t)(255 * log1p(contrast * i / (STEPS - 1)) / most);
}

struct shading {
    uint8_t *indexes, shades[STEPS];
    const struct raster *raster;
    double scale;
};

static bool shade_row(void *state, size_t row, int worker, struct error *error)
{
    const struct shading *shading = state;
    const double *values = shading->raster->values + (HEAT_SIDE - 1 - row) * HEAT_SIDE;
    uint8_t *indexes = shading->indexes + row * HEAT_SIDE;
    (void)worker, (void)error;
    for (size_t column = 0; column < HEAT_SIDE; column++)
        indexes[column] = shading->shades[(int32_t)(values[column] * shading->scale)];
    return true;
}

void heatpicture_shade(uint8_t *indexes, uint32_t *palette, const struct raster *raster)
{
    static struct shading shading;
    const struct parallel_job job = {shade_row, &shading, HEAT_SIDE, steps_threads()};
    struct error error = {0};
    shading.indexes = indexes;
    shading.raster = raster;
    shading.scale = (STEPS - 1) / raster_peak(raster);
    shade_steps(shading.shades);
    for (int i = 0; i < 256; i++)
        palette[i] = i == 0 ? 0 : shade(i / 255.0);
    step_need(parallel_for(&job, &error), &error);
}

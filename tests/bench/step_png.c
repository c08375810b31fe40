/* Times packing a heat picture of 2048 by 2048 pixels, and a sheet of 1920 by 1080. */
#include "tests/bench/heatpicture.h"
#include "tests/bench/steps.h"

#include "engine/analysis/density.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

struct packing {
    const char *path;
    struct png_indexed indexed;
    struct png_pixels pixels;
    int threads;
};

static bool pack_indexed(void *state, struct error *error)
{
    struct packing *packing = state;
    return png_write_indexed(packing->path, &packing->indexed, &(struct png_options){0}, error);
}

static bool pack_sheet(void *state, struct error *error)
{
    struct packing *packing = state;
    return png_write(packing->path, &packing->pixels, &(struct png_options){0}, error);
}

static double size_mb(const struct packing *packing)
{
    struct stat facts;
    return stat(packing->path, &facts) == 0 ? (double)facts.st_size / 1e6 : 0;
}

static void make_picture(uint8_t *indexes, uint32_t *palette)
{
    struct error error = {0};
    struct step_points points;
    struct raster raster;
    step_points_make(&points, step_setting("POINTS", 1000000));
    heatpicture_raster(&raster);
    const struct weighted_points all = {{points.x, points.y, points.count}, NULL};
    const struct density_options options = {.kernel = KERNEL_QUARTIC, .bandwidth_m = 100};
    step_need(density_run(&raster, &all, &points.grid, &options, &error), &error);
    heatpicture_shade(indexes, palette, &raster);
    raster_free(&raster);
    step_points_free(&points);
}

/* The sheet that `plein map` drew last, when it was drawn. */
static void time_sheet(struct packing *packing, const char *folder)
{
    struct error error = {0};
    struct png_picture picture;
    if (!png_read(&picture, step_file(folder, "map.png"), &error))
        return;
    for (size_t i = 0; i < (size_t)picture.width * picture.height; i++) {
        uint8_t *pixel = picture.rgba + 4 * i, red = pixel[0];
        pixel[0] = pixel[2];
        pixel[2] = red;
    }
    packing->pixels = (struct png_pixels){.bytes = picture.rgba,
                                          .stride = (size_t)picture.width * 4,
                                          .width = picture.width,
                                          .height = picture.height};
    step_need(pack_sheet(packing, &error), &error);
    struct step step = {.name = "png.sheet",
                        .items = (size_t)picture.width * picture.height,
                        .bytes = (size_t)picture.width * picture.height * 3,
                        .size_mb = size_mb(packing)};
    step_run(&step, pack_sheet, packing);
    png_picture_free(&picture);
}

int main(int argc, char **argv)
{
    static uint8_t indexes[HEAT_SIDE * HEAT_SIDE];
    static uint32_t palette[256];
    struct error error = {0};
    if (argc != 2)
        return 2;
    char path[4200];
    snprintf(path, sizeof path, "%s", step_file(argv[1], "step.png"));
    struct packing packing = {.path = path,
                              .indexed = {indexes, HEAT_SIDE, HEAT_SIDE, palette, 256}};
    make_picture(indexes, palette);
    step_need(pack_indexed(&packing, &error), &error);
    struct step step = {.name = "png.heat",
                        .items = sizeof indexes,
                        .bytes = sizeof indexes,
                        .beside = "libpng.default",
                        .size_mb = size_mb(&packing)};
    step_run(&step, pack_indexed, &packing);
    time_sheet(&packing, argv[1]);
    remove(path);
    return 0;
}

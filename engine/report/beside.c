/* Files beside a map's picture that tell where it lies: world file and GeoTIFF. */
#include "engine/report/beside.h"

#include "engine/formats/geotiff.h"
#include "engine/report/pages.h"
#include "engine/report/world.h"
#include "engine/space/projection_crs.h"

#include <stdlib.h>

bool beside_write_world(const struct beside *beside, const char *wkt, struct error *error)
{
    const struct map_result *result = beside->result;
    double step = result->metres_per_pixel;
    const struct world world = {result->ground.x_min - result->frame_px[0] * step + step / 2,
                                result->ground.y_max + result->frame_px[1] * step - step / 2, step};
    return world_write(beside->path, &world, wkt, error);
}

/* Where pixels go, and in which reference system. */
struct target {
    const char *path, *crs;
};

static bool write_pixels(struct geotiff_picture *pixels, const struct map_result *result,
                         const struct target *target, struct error *error)
{
    struct reference reference = {0};
    pixels->metres_per_pixel = result->metres_per_pixel;
    pixels->x_min = result->ground.x_min - result->frame_px[0] * pixels->metres_per_pixel;
    pixels->y_max = result->ground.y_max + result->frame_px[1] * pixels->metres_per_pixel;
    bool done = crs_reference(&reference, target->crs, error)
                && geotiff_write_picture(pixels, &reference, target->path, error);
    reference_free(&reference);
    return done;
}

/* The sheet's pixels once more. */
static bool write_sheet(const struct map_drawing *drawing, const struct target *target,
                        struct error *error)
{
    struct map_result result = {0};
    struct canvas *canvas = canvas_open_image(map_size(drawing->sheet, drawing->style), error);
    bool done = canvas != NULL && map_draw(&result, canvas, drawing, error);
    if (done) {
        struct canvas_pixels drawn = canvas_pixels(canvas);
        struct geotiff_picture pixels = {.bytes = drawn.bytes,
                                         .stride = drawn.stride,
                                         .width = (size_t)drawn.width,
                                         .height = (size_t)drawn.height};
        done = write_pixels(&pixels, &result, target, error);
    }
    map_result_free(&result);
    canvas_close(canvas);
    return done;
}

/* The heat alone, as it was written. */
static bool write_heat(const struct beside *beside, const struct target *target,
                       struct error *error)
{
    struct png_picture heat = {0};
    bool done = png_read(&heat, beside->path, error);
    for (size_t i = 0; done && i < (size_t)heat.width * heat.height; i++) {
        uint8_t *pixel = heat.rgba + 4 * i, red = pixel[0];
        pixel[0] = pixel[2];
        pixel[2] = red;
    }
    struct geotiff_picture pixels = {.bytes = heat.rgba,
                                     .stride = (size_t)heat.width * 4,
                                     .width = heat.width,
                                     .height = heat.height,
                                     .alpha = true};
    done = done && write_pixels(&pixels, beside->result, target, error);
    png_picture_free(&heat);
    return done;
}

bool beside_write_geotiff(const struct beside *beside, const char *crs, struct error *error)
{
    char *path = pages_beside(beside->path, "tif", error);
    const struct target target = {path, crs};
    bool done =
        path != NULL
        && (beside->drawing->style->layers.sheet ? write_sheet(beside->drawing, &target, error)
                                                 : write_heat(beside, &target, error));
    free(path);
    return done;
}

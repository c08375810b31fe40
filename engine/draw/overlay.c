/* Draws the heat of a sheet alone, on a transparent page, to be laid over another map. */
#include "engine/draw/overlay.h"

#include "engine/draw/ground.h"
#include "engine/draw/page.h"

/* Hatching takes the place of what is withheld. */
static void lay_hatch(struct ground *ground)
{
    size_t count = (size_t)ground->heat.width * (size_t)ground->heat.height;
    for (size_t i = 0; ground->hatch != NULL && i < count; i++)
        if (ground->heat.classes[i] == HEAT_WITHHELD)
            ground->heat.pixels[i] = ground->hatch[i];
}

static bool write_heat(const char *path, const struct ground *ground,
                       const struct map_drawing *drawing, struct error *error)
{
    const struct heat *heat = &ground->heat;
    const struct png_pixels pixels = {(const uint8_t *)heat->pixels,
                                      (size_t)heat->width * sizeof *heat->pixels,
                                      (uint32_t)heat->width, (uint32_t)heat->height, true};
    const struct png_options options = {canvas_scale(ground->kit.canvas) * 72, drawing->notes,
                                        drawing->note_count, drawing->thread_count};
    return png_write(path, &pixels, &options, error);
}

static void tell(struct map_result *result, const struct ground *ground)
{
    const struct heat *heat = &ground->heat;
    *result = (struct map_result){
        .ground = ground->view.ground,
        .frame_px = {0, 0, heat->width, heat->height},
        .metres_per_pixel = 1 / (ground->view.scale * canvas_scale(ground->kit.canvas)),
        .width_px = heat->width,
        .height_px = heat->height,
        .has_withheld = heat->has_withheld,
    };
}

bool overlay_write_png(struct map_result *result, const char *path,
                       const struct map_drawing *drawing, struct error *error)
{
    struct canvas_size size = map_size(drawing->sheet, drawing->style);
    struct map_sheet heat_only = *drawing->sheet;
    heat_only.area_count = heat_only.border_count = heat_only.feature_count =
        heat_only.cluster_count = 0;
    struct canvas *canvas = canvas_open_image(size, error);
    if (canvas == NULL)
        return false;
    struct ground ground = {.kit = page_kit(canvas, &heat_only, drawing->style),
                            .sheet = &heat_only};
    const double frame[4] = {0, 0, size.width_px / size.scale, size.height_px / size.scale};
    ground.kit.thread_count = drawing->thread_count;
    ground.view = view_fit(heat_only.ground, frame);
    bool done = ground_open(&ground, error);
    if (done) {
        lay_hatch(&ground);
        done = write_heat(path, &ground, drawing, error);
    }
    if (done)
        tell(result, &ground);
    ground_close(&ground);
    canvas_close(canvas);
    return done;
}

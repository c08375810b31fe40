/* The small map that shows where the large one lies. */
#include "engine/draw/inset.h"

#include "engine/draw/name.h"
#include "engine/draw/placenames.h"

#include <math.h>

static void draw_washes(struct ground *small)
{
    const struct style *style = small->kit.style;
    struct canvas *canvas = small->kit.canvas;
    for (size_t i = 0; i < small->sheet->area_count; i++) {
        trace_draw(canvas, &small->areas[i], true);
        canvas_fill_keep(canvas, style->side[ground_side(&small->sheet->areas[i])].wash);
        canvas_stroke(canvas, &(struct pen){.colour = style->colour.outer_border,
                                            .width = 0.4 * small->kit.unit});
    }
    for (size_t i = 0; i < small->sheet->border_count; i++)
        trace_draw(canvas, &small->borders[i], false);
    canvas_stroke(canvas, &(struct pen){.colour = style->colour.border,
                                        .width = style->line.border_inset * small->kit.k});
}

/* Where the large map lies, and that no name may stand on it. */
static bool draw_here(struct ground *small, const struct ground *large, struct error *error)
{
    double left = view_x(&small->view, large->view.ground.x_min);
    double right = view_x(&small->view, large->view.ground.x_max);
    double top = view_y(&small->view, large->view.ground.y_max);
    double bottom = view_y(&small->view, large->view.ground.y_min);
    /* Very near the large map's own size it must still be seen to be a frame. */
    double wide = fmax(right - left, 4 * small->kit.unit),
           high = fmax(bottom - top, 4 * small->kit.unit);
    double x = (left + right) / 2, y = (top + bottom) / 2;
    canvas_add_rectangle(small->kit.canvas, (double[4]){x - wide / 2, y - high / 2, wide, high});
    canvas_stroke(small->kit.canvas, &(struct pen){.colour = small->kit.style->colour.ink,
                                                   .width = 1.2 * small->kit.unit,
                                                   .mitred = true});
    struct label_box box = {x, y, wide / 2 + 2, high / 2 + 2, 0};
    return labels_take(&small->labels, &box, LABEL_TEXT, error);
}

static bool block_borders(struct ground *small, struct error *error)
{
    for (size_t b = 0; b < small->sheet->border_count; b++) {
        const struct trace *trace = &small->borders[b];
        for (size_t part = 0; part < trace->part_count; part++)
            for (size_t i = trace->starts[part] + 1; i < trace->starts[part + 1]; i++)
                if (!labels_block_line(
                        &small->labels,
                        (double[4]){trace->x[i - 1], trace->y[i - 1], trace->x[i], trace->y[i]}, 2,
                        error))
                    return false;
    }
    return true;
}

static bool draw_names(struct ground *small, struct error *error)
{
    bool done = true;
    for (size_t i = 0; done && i < small->sheet->area_count; i++) {
        const struct map_area *area = &small->sheet->areas[i];
        if (area->side > 1 || !map_has(area->name))
            continue; /* only the two that the sheet is about */
        struct letters letters =
            kit_letters(FACE_BOLD, kit_size(&small->kit, small->kit.style->type.bar, 6),
                        small->kit.style->side[ground_side(area)].name);
        struct name name = name_make(small, &letters, area->name);
        done = placenames_draw_within(small, &name, &small->areas[i], error);
    }
    return done;
}

static bool draw(struct ground *small, const struct ground *large, struct error *error)
{
    struct box frame = view_frame(&small->view);
    double inset = 3 * small->kit.unit;
    canvas_save(small->kit.canvas);
    view_clip(small->kit.canvas, &small->view);
    canvas_rectangle(small->kit.canvas, small->kit.style->colour.outside,
                     (double[4]){frame.x_min, frame.y_min, frame.x_max - frame.x_min,
                                 frame.y_max - frame.y_min});
    draw_washes(small);
    labels_begin(&small->labels, (struct box){frame.x_min + inset, frame.y_min + inset,
                                              frame.x_max - inset, frame.y_max - inset});
    bool done =
        draw_here(small, large, error) && block_borders(small, error) && draw_names(small, error);
    canvas_restore(small->kit.canvas);
    return done && ground_frame(small, error);
}

bool inset_draw(const struct ground *large, const double frame[4], struct error *error)
{
    struct map_sheet sheet = *large->sheet;
    sheet.density = NULL;
    sheet.feature_count = sheet.cluster_count = 0;
    struct ground small = {.kit = large->kit, .sheet = &sheet};
    small.view = view_fit(sheet.inset_ground, frame);
    bool done = ground_open(&small, error) && draw(&small, large, error);
    ground_close(&small);
    return done;
}

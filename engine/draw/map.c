/* Draws a sheet with one map: title, map, legend, table, source lines. */
#include "engine/draw/map.h"

#include "engine/draw/ground.h"
#include "engine/draw/names.h"
#include "engine/draw/panels.h"

#include <math.h>

/* The map, layer by layer from below; a further kind of map adds its own. */
static bool (*const layers[])(struct ground *ground, struct error *error) = {
    ground_land,     ground_features, ground_heat,          ground_features_on_heat,
    ground_withheld, ground_outside,  ground_outer_borders, ground_borders,
    ground_outlines, ground_scale,    names_draw,           ground_frame,
};

/* Where the blocks of a page stand, points. */
struct layout {
    double width, height, margin;
    double title_size, title_at, subtitle_at; /* baselines */
    int title_lines, subtitle_lines;
    struct letters subtitle;
    double foot_size, foot_step, foot_at; /* first baseline */
    enum face foot_face;
    double map[4], panel[4]; /* x, y, width, height */
    bool upright;            /* panels under the map instead of beside it */
};

static double page_width(const struct map_sheet *sheet, const struct style *style)
{
    return sheet->page.width > 0 ? sheet->page.width : style->page.width;
}

static double page_height(const struct map_sheet *sheet, const struct style *style)
{
    return sheet->page.height > 0 ? sheet->page.height : style->page.height;
}

struct canvas_size map_size(const struct map_sheet *sheet, const struct style *style)
{
    const double most = 1e6;
    double scale = (sheet->page.dpi > 0 ? sheet->page.dpi : style->page.dpi) / 72;
    return (struct canvas_size){(int)fmin(page_width(sheet, style) * scale + 0.5, most),
                                (int)fmin(page_height(sheet, style) * scale + 0.5, most), scale};
}

static bool has_title(const struct map_sheet *sheet)
{
    return map_has(sheet->texts.title);
}

static struct letters title_letters(const struct kit *kit, double size)
{
    return kit_letters(FACE_CONDENSED_BOLD, size, kit->style->colour.ink);
}

/* Smaller by quarter points until it fits on one line, else on two; at the least size it takes as
 * many lines as it needs, since a title never gives way. */
static void fit_title(struct layout *layout, const struct kit *kit, const struct map_sheet *sheet)
{
    double full = kit_size(kit, kit->style->type.title, 13),
           width = layout->width - 2 * layout->margin;
    const double least_one = fmax(full * 0.78, 13), least_two = 13;
    layout->title_lines = 1;
    layout->title_size = full;
    if (!has_title(sheet))
        return;
    for (double size = full; size >= least_one; size -= 0.25) {
        struct letters letters = title_letters(kit, size);
        layout->title_size = size;
        if (canvas_text_width(kit->canvas, &letters, sheet->texts.title) <= width)
            return;
    }
    for (double size = full; size >= least_two; size -= 0.25) {
        struct letters letters = title_letters(kit, size);
        layout->title_size = size;
        layout->title_lines =
            canvas_paragraph(kit->canvas, &letters, sheet->texts.title,
                             &(struct paragraph){.width = width, .measure = true});
        if (layout->title_lines <= 2)
            return;
    }
}

/* Regular type when every line fits, condensed when that helps, else lines that run on. */
static struct letters foot_letters(const struct layout *layout, const struct kit *kit)
{
    return kit_letters(layout->foot_face, layout->foot_size, kit->style->colour.muted);
}

static int count_foot_lines(const struct layout *layout, const struct kit *kit,
                            const struct map_sheet *sheet)
{
    struct letters letters = foot_letters(layout, kit);
    double width = layout->width - 2 * layout->margin;
    int lines = 0;
    for (int i = 0; i < 3; i++)
        if (map_has(sheet->texts.foot[i]))
            lines += canvas_paragraph(kit->canvas, &letters, sheet->texts.foot[i],
                                      &(struct paragraph){.width = width, .measure = true});
    return lines;
}

static void fit_foot(struct layout *layout, const struct kit *kit, const struct map_sheet *sheet)
{
    int texts = 0;
    for (int i = 0; i < 3; i++)
        texts += map_has(sheet->texts.foot[i]) ? 1 : 0;
    layout->foot_size = kit_size(kit, kit->style->type.foot, 6);
    layout->foot_face = FACE_REGULAR;
    int lines = count_foot_lines(layout, kit, sheet);
    if (lines > texts) {
        layout->foot_face = FACE_CONDENSED;
        lines = count_foot_lines(layout, kit, sheet);
    }
    layout->foot_step = layout->foot_size * 1.37;
    double last = layout->height - layout->margin + 8 * kit->k;
    layout->foot_at = last - fmax(lines - 1, 0) * layout->foot_step;
}

static double foot_top(const struct layout *layout, const struct kit *kit)
{
    return layout->foot_at - layout->foot_size - 6 * kit->k;
}

/* Condensed when it is too wide, then smaller, then on more lines: period and numbers never go. */
static void fit_subtitle(struct layout *layout, const struct kit *kit,
                         const struct map_sheet *sheet)
{
    double width = layout->width - 2 * layout->margin,
           full = kit_size(kit, kit->style->type.subtitle, 7);
    const double least = fmax(full * 0.8, 7);
    layout->subtitle = kit_letters(FACE_REGULAR, full, kit->style->colour.muted);
    layout->subtitle_lines = 0;
    if (!map_has(sheet->texts.subtitle))
        return;
    if (canvas_text_width(kit->canvas, &layout->subtitle, sheet->texts.subtitle) > width)
        layout->subtitle.face = FACE_CONDENSED;
    while (layout->subtitle.size - 0.25 >= least
           && canvas_text_width(kit->canvas, &layout->subtitle, sheet->texts.subtitle) > width)
        layout->subtitle.size -= 0.25;
    layout->subtitle_lines = canvas_paragraph(kit->canvas, &layout->subtitle, sheet->texts.subtitle,
                                              &(struct paragraph){.width = width, .measure = true});
}

static double head_end(const struct layout *layout)
{
    return layout->subtitle_at + fmax(layout->subtitle_lines - 1, 0) * layout->subtitle.size * 1.25;
}

static void fit_head(struct layout *layout, const struct kit *kit, const struct map_sheet *sheet)
{
    fit_title(layout, kit, sheet);
    fit_subtitle(layout, kit, sheet);
    layout->title_at = layout->margin + layout->title_size * 0.87;
    double last = layout->title_at + (layout->title_lines - 1) * layout->title_size * 1.2;
    if (!has_title(sheet))
        last = layout->margin - 8 * kit->k;
    layout->subtitle_at = last;
    if (map_has(sheet->texts.subtitle))
        layout->subtitle_at += kit_size(kit, kit->style->type.subtitle, 7) + 8.5 * kit->k;
}

/* Map : column = 2.1 : 1. */
static void place_beside(struct layout *layout, const struct kit *kit)
{
    double gap = kit->style->page.gap * kit->k, top = head_end(layout) + 14 * kit->k;
    double inner = layout->width - 2 * layout->margin, bottom = foot_top(layout, kit);
    double column = (inner - gap) / 3.1, high = fmax(bottom - top, 40);
    double map[4] = {layout->margin, top, inner - gap - column, high};
    double panel[4] = {layout->width - layout->margin - column, top, column, high};
    for (int i = 0; i < 4; i++) {
        layout->map[i] = map[i];
        layout->panel[i] = panel[i];
    }
}

/* The map takes what the panels under it leave, but at least two fifths of the page. */
static void place_below(struct layout *layout, const struct ground *ground)
{
    const struct kit *kit = &ground->kit;
    double top = head_end(layout) + 13 * kit->k, inner = layout->width - 2 * layout->margin;
    double bottom = foot_top(layout, kit);
    double strip = panels_strip_height(ground, inner);
    double high = fmax(bottom - top - strip, fmin(layout->height * 0.4, fmax(bottom - top, 40)));
    double map[4] = {layout->margin, top, inner, high};
    double panel[4] = {layout->margin, top + high, inner, bottom - top - high};
    for (int i = 0; i < 4; i++) {
        layout->map[i] = map[i];
        layout->panel[i] = panel[i];
    }
}

static void draw_head(const struct layout *layout, const struct kit *kit,
                      const struct map_sheet *sheet)
{
    double width = layout->width - 2 * layout->margin;
    struct letters title = title_letters(kit, layout->title_size);
    if (has_title(sheet))
        canvas_paragraph(kit->canvas, &title, sheet->texts.title,
                         &(struct paragraph){.x = layout->margin,
                                             .y = layout->title_at,
                                             .width = width + 0.5,
                                             .leading = layout->title_size * 1.2,
                                             .lines_most = layout->title_lines});
    if (layout->subtitle_lines > 0)
        canvas_paragraph(kit->canvas, &layout->subtitle, sheet->texts.subtitle,
                         &(struct paragraph){.x = layout->margin,
                                             .y = layout->subtitle_at,
                                             .width = width + 0.5,
                                             .leading = layout->subtitle.size * 1.25});
}

static void draw_foot(const struct layout *layout, const struct kit *kit,
                      const struct map_sheet *sheet)
{
    struct letters letters = foot_letters(layout, kit);
    struct paragraph paragraph = {.x = layout->margin,
                                  .y = layout->foot_at,
                                  .width = layout->width - 2 * layout->margin,
                                  .leading = layout->foot_step};
    for (int i = 0; i < 3; i++)
        if (map_has(sheet->texts.foot[i]))
            paragraph.y +=
                layout->foot_step
                * canvas_paragraph(kit->canvas, &letters, sheet->texts.foot[i], &paragraph);
}

/* The frame on whole pixels: the heat's pixels are then the picture's. */
static void snap_frame(double frame[4], double scale)
{
    double right = round((frame[0] + frame[2]) * scale) / scale;
    double bottom = round((frame[1] + frame[3]) * scale) / scale;
    frame[0] = round(frame[0] * scale) / scale;
    frame[1] = round(frame[1] * scale) / scale;
    frame[2] = fmax(right - frame[0], 1 / scale);
    frame[3] = fmax(bottom - frame[1], 1 / scale);
}

static void tell(struct map_result *result, struct ground *ground)
{
    double scale = canvas_scale(ground->kit.canvas);
    struct canvas_size size = map_size(ground->sheet, ground->kit.style);
    const struct view *view = &ground->view;
    *result = (struct map_result){
        .ground = view->ground,
        .frame_px = {view->x * scale, view->y * scale, view->width * scale, view->height * scale},
        .metres_per_pixel = 1 / (view->scale * scale),
        .width_px = size.width_px,
        .height_px = size.height_px,
        .has_withheld = ground->heat.has_withheld,
        .labels = ground->labels,
    };
    ground->labels = (struct labels){0};
}

static struct kit make_kit(struct canvas *canvas, const struct map_sheet *sheet,
                           const struct style *style)
{
    double ratio = page_width(sheet, style) * page_height(sheet, style)
                   / (style->page.width * style->page.height);
    double k = fmin(fmax(sqrt(ratio), 0.75), 1.6);
    return (struct kit){canvas, style, k, k * style->page.furniture};
}

static bool draw_map(struct ground *ground, struct error *error)
{
    bool done = true;
    for (size_t i = 0; done && i < sizeof layers / sizeof *layers; i++)
        done = layers[i](ground, error);
    return done;
}

static bool draw_sheet(struct ground *ground, struct layout *layout, struct error *error)
{
    const struct kit *kit = &ground->kit;
    layout->upright = layout->width < layout->height * 1.15;
    fit_head(layout, kit, ground->sheet);
    fit_foot(layout, kit, ground->sheet);
    const double least_map = 60;
    if (foot_top(layout, kit) - head_end(layout) < least_map)
        return error_set(error, ERROR_USAGE,
                         "a page of %g by %g points has no room for a map under its texts; take a "
                         "larger --page",
                         layout->width, layout->height);
    if (layout->upright)
        place_below(layout, ground);
    else
        place_beside(layout, kit);
    snap_frame(layout->map, canvas_scale(kit->canvas));
    ground->view = view_fit(ground->sheet->ground, layout->map);
    if (!ground_open(ground, error))
        return false;
    draw_head(layout, kit, ground->sheet);
    draw_foot(layout, kit, ground->sheet);
    return draw_map(ground, error)
           && (layout->upright ? panels_draw_strip(ground, layout->panel, error)
                               : panels_draw_column(ground, layout->panel, error));
}

bool map_draw(struct map_result *result, struct canvas *canvas, const struct map_drawing *drawing,
              struct error *error)
{
    const struct map_sheet *sheet = drawing->sheet;
    struct ground ground = {.kit = make_kit(canvas, sheet, drawing->style), .sheet = sheet};
    struct layout layout = {.width = page_width(sheet, drawing->style),
                            .height = page_height(sheet, drawing->style),
                            .margin = drawing->style->page.margin * fmin(ground.kit.k, 1.2)};
    bool done = draw_sheet(&ground, &layout, error) && canvas_check(canvas, error);
    if (done)
        tell(result, &ground);
    ground_close(&ground);
    return done;
}

static bool save(struct canvas *canvas, const char *path, const struct map_drawing *drawing,
                 struct error *error)
{
    struct canvas_pixels drawn = canvas_pixels(canvas);
    struct png_pixels pixels = {drawn.bytes, drawn.stride, (uint32_t)drawn.width,
                                (uint32_t)drawn.height};
    struct png_options options = {canvas_scale(canvas) * 72, drawing->notes, drawing->note_count,
                                  drawing->thread_count};
    return png_write(path, &pixels, &options, error);
}

bool map_write_png(struct map_result *result, const char *path, const struct map_drawing *drawing,
                   struct error *error)
{
    struct canvas *canvas = canvas_open_image(map_size(drawing->sheet, drawing->style), error);
    if (!canvas)
        return false;
    *result = (struct map_result){0};
    bool done = map_draw(result, canvas, drawing, error) && save(canvas, path, drawing, error);
    canvas_close(canvas);
    if (!done)
        map_result_free(result);
    return done;
}

void map_result_free(struct map_result *result)
{
    labels_free(&result->labels);
    *result = (struct map_result){0};
}

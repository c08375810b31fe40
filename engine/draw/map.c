/* Draws a sheet with one map: title, map, legend, table, source lines. */
#include "engine/draw/map.h"

#include "engine/draw/ground.h"
#include "engine/draw/names.h"
#include "engine/draw/page.h"
#include "engine/draw/panels.h"
#include "engine/draw/pointmarks.h"
#include "engine/draw/squaregrid.h"
#include "engine/draw/strips.h"

#include <math.h>

/* The map, layer by layer from below; a further kind of map adds its own. */
static ground_layer *const lower_layers[] = {
    ground_land,
    ground_features,
    ground_heat,
    ground_features_on_heat,
    ground_contours,
    ground_withheld,
    squaregrid_draw,
    pointmarks_draw,
    ground_outside,
    ground_outer_borders,
    ground_borders,
    ground_outlines,
    NULL,
};
static ground_layer *const upper_layers[] = {ground_scale, names_draw, ground_frame, NULL};

/* Where the blocks of a page stand, points. */
struct layout {
    struct page page;
    double map[4], panel[4]; /* x, y, width, height */
    bool upright;            /* panels under the map instead of beside it */
};

/* Map : column = 2.1 : 1. */
static void place_beside(struct layout *layout, const struct kit *kit)
{
    const struct page *page = &layout->page;
    double gap = kit->style->page.gap * kit->k, top = page_head_end(page) + 14 * kit->k;
    double inner = page->width - 2 * page->margin, bottom = page_foot_top(page, kit);
    double column = (inner - gap) / 3.1, high = fmax(bottom - top, 40);
    double map[4] = {page->margin, top, inner - gap - column, high};
    double panel[4] = {page->width - page->margin - column, top, column, high};
    for (int i = 0; i < 4; i++) {
        layout->map[i] = map[i];
        layout->panel[i] = panel[i];
    }
}

/* The map takes what the panels under it leave, but at least two fifths of the page. */
static void place_below(struct layout *layout, const struct ground *ground)
{
    const struct kit *kit = &ground->kit;
    const struct page *page = &layout->page;
    double top = page_head_end(page) + 13 * kit->k, inner = page->width - 2 * page->margin;
    double bottom = page_foot_top(page, kit);
    double strip = panels_strip_height(ground, inner);
    double high = fmax(bottom - top - strip, fmin(page->height * 0.4, fmax(bottom - top, 40)));
    double map[4] = {page->margin, top, inner, high};
    double panel[4] = {page->margin, top + high, inner, bottom - top - high};
    for (int i = 0; i < 4; i++) {
        layout->map[i] = map[i];
        layout->panel[i] = panel[i];
    }
}

struct canvas_size map_size(const struct map_sheet *sheet, const struct style *style)
{
    return page_size(sheet, style);
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

static bool draw_map(struct ground *ground, struct error *error)
{
    bool done = strips_draw(ground, lower_layers, error);
    for (size_t i = 0; done && upper_layers[i] != NULL; i++)
        done = upper_layers[i](ground, error);
    return done;
}

static bool draw_sheet(struct ground *ground, struct layout *layout, struct error *error)
{
    const struct kit *kit = &ground->kit;
    if (!page_fit(&layout->page, kit, ground->sheet, error))
        return false;
    layout->upright = layout->page.width < layout->page.height * 1.15;
    if (layout->upright)
        place_below(layout, ground);
    else
        place_beside(layout, kit);
    page_snap(layout->map, canvas_scale(kit->canvas));
    ground->view = view_fit(ground->sheet->ground, layout->map);
    if (!ground_open(ground, error))
        return false;
    page_draw(&layout->page, kit, ground->sheet);
    return draw_map(ground, error)
           && (layout->upright ? panels_draw_strip(ground, layout->panel, error)
                               : panels_draw_column(ground, layout->panel, error));
}

bool map_draw(struct map_result *result, struct canvas *canvas, const struct map_drawing *drawing,
              struct error *error)
{
    const struct map_sheet *sheet = drawing->sheet;
    struct ground ground = {.kit = page_kit(canvas, sheet, drawing->style),
                            .sheet = sheet,
                            .finding = ground_finding(sheet)};
    struct layout layout = {0};
    ground.kit.thread_count = drawing->thread_count;
    bool done = draw_sheet(&ground, &layout, error) && canvas_check(canvas, error);
    if (done)
        tell(result, &ground);
    ground_close(&ground);
    return done;
}

bool map_write_png(struct map_result *result, const char *path, const struct map_drawing *drawing,
                   struct error *error)
{
    struct canvas *canvas = canvas_open_image(map_size(drawing->sheet, drawing->style), error);
    if (!canvas)
        return false;
    *result = (struct map_result){0};
    struct page_notes notes = {drawing->notes, drawing->note_count, drawing->thread_count};
    bool done = map_draw(result, canvas, drawing, error) && page_save(canvas, path, &notes, error);
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

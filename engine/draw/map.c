/* Draws a sheet with one map: title, map, legend, table, source lines. */
#include "engine/draw/map.h"

#include "engine/draw/ground.h"
#include "engine/draw/markers.h"
#include "engine/draw/names.h"
#include "engine/draw/outlines.h"
#include "engine/draw/page.h"
#include "engine/draw/panels.h"
#include "engine/draw/pointmarks.h"
#include "engine/draw/squaregrid.h"
#include "engine/draw/strips.h"
#include "engine/draw/timestrip.h"
#include "engine/draw/topography.h"

#include <math.h>

/* The map, layer by layer from below; a further kind of map adds its own. */
static ground_layer *const lower_layers[] = {
    ground_land,
    topography_draw,
    ground_heat,
    topography_draw_on_heat,
    ground_contours,
    ground_withheld,
    squaregrid_draw,
    pointmarks_draw,
    ground_outside,
    ground_outer_borders,
    ground_borders,
    outlines_draw,
    NULL,
};
/* The names say in which corner the scale has its place. */
static ground_layer *const upper_layers[] = {markers_circles, names_draw, ground_scale,
                                             ground_frame, NULL};

/* Where the blocks of a page stand, points. */
struct layout {
    struct page page;
    double map[4], panel[4]; /* x, y, width, height */
    bool upright;            /* panels under the map instead of beside it */
    double times;            /* the height of the strip under all that */
    struct labels written;   /* the texts in it */
};

static bool is_upright(double width, double height)
{
    return width < height * 1.15;
}

/* Map : column = 2.1 : 1, but the column is no wider than its words and bars have a use for. */
static double column_width(const struct kit *kit, double inner)
{
    const double most = 375;
    return fmin((inner - kit->style->page.gap * kit->k) / 3.1, most * kit->unit);
}

static void place_beside(struct layout *layout, const struct kit *kit,
                         const struct map_times *times)
{
    const struct page *page = &layout->page;
    double gap = kit->style->page.gap * kit->k, top = page_head_end(page) + 14 * kit->k;
    double inner = page->width - 2 * page->margin, bottom = page_foot_top(page, kit);
    double column = column_width(kit, inner), high = fmax(bottom - top, 40);
    layout->times = timestrip_height(kit, times, high);
    double map[4] = {page->margin, top, inner - gap - column, high - layout->times};
    double panel[4] = {page->width - page->margin - column, top, column, high};
    for (int i = 0; i < 4; i++) {
        layout->map[i] = map[i];
        layout->panel[i] = panel[i];
    }
}

/* Of the page's height, when the panels under the map want more than there is. */
static const double least_high = 0.4;

/* The map takes what the panels under it leave, but at least two fifths of the page, unless the
 * panels could then not show three clusters. */
static void place_below(struct layout *layout, const struct ground *ground)
{
    const double least = 90;
    const struct kit *kit = &ground->kit;
    const struct page *page = &layout->page;
    double top = page_head_end(page) + 13 * kit->k, inner = page->width - 2 * page->margin;
    double bottom = page_foot_top(page, kit);
    layout->times = timestrip_height(kit, ground->sheet->times, bottom - top);
    bottom -= layout->times;
    double room = bottom - top;
    double wanted = fmin(page->height * least_high, fmax(room, 40));
    double brief = room - panels_strip_least(ground, inner);
    double high = fmax(room - panels_strip_height(ground, inner),
                       fmax(fmin(wanted, brief), fmin(least * kit->k, wanted)));
    double map[4] = {page->margin, top, inner, high};
    double panel[4] = {page->margin, top + high, inner, bottom - top - high};
    for (int i = 0; i < 4; i++) {
        layout->map[i] = map[i];
        layout->panel[i] = panel[i];
    }
}

struct map_shapes map_shapes(const struct map_page *page, const struct style *style)
{
    const double strip = 0.28; /* of the room, that the panels under a map usually take */
    const struct map_sheet sheet = {.page = *page};
    struct kit kit = page_kit(NULL, &sheet, style);
    struct page_room room = page_room(page, style);
    double high = page->height > 0 ? page->height : style->page.height;
    double wide = page->width > 0 ? page->width : style->page.width;
    if (is_upright(wide, high))
        return (struct map_shapes){room.width / (room.usual * (1 - strip)), room.width / room.usual,
                                   room.width / fmax(room.least * least_high, 40)};
    wide = room.width - kit.style->page.gap * kit.k - column_width(&kit, room.width);
    return (struct map_shapes){wide / room.usual, 0.97 * wide / room.usual, wide / room.least};
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

/* At the foot of the page, as wide as the map is. */
static bool draw_times(struct ground *ground, struct layout *layout, struct error *error)
{
    const struct map_sheet *sheet = ground->sheet;
    double bottom = page_foot_top(&layout->page, &ground->kit);
    struct block block = {.kit = ground->kit,
                          .texts = &sheet->texts,
                          .written = &layout->written,
                          .x = layout->map[0],
                          .y = bottom - layout->times,
                          .width = layout->map[2],
                          .height = layout->times};
    for (size_t i = 0; i < sheet->area_count; i++)
        if (sheet->areas[i].side < 2)
            block.sides[sheet->areas[i].side] = &sheet->areas[i];
    labels_begin(&layout->written, (struct box){0, 0, layout->page.width, layout->page.height});
    return timestrip_draw(&block, sheet->times, error);
}

static bool draw_sheet(struct ground *ground, struct layout *layout, struct error *error)
{
    const double least_map = 60;
    const struct kit *kit = &ground->kit;
    if (!page_fit(&layout->page, kit, ground->sheet, error))
        return false;
    layout->upright = is_upright(layout->page.width, layout->page.height);
    if (layout->upright)
        place_below(layout, ground);
    else
        place_beside(layout, kit, ground->sheet->times);
    if (layout->times > 0 && layout->map[3] < least_map)
        return page_refuse(&layout->page, error);
    page_snap(layout->map, canvas_scale(kit->canvas));
    ground->view = view_fit(ground->sheet->ground, layout->map);
    if (!ground_open(ground, error))
        return false;
    page_draw(&layout->page, kit, ground->sheet);
    return draw_map(ground, error) && draw_times(ground, layout, error)
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
    bool done = draw_sheet(&ground, &layout, error)
                && canvas_lay_texts(canvas, drawing->thread_count, error);
    if (done)
        tell(result, &ground);
    if (done)
        result->written = layout.written;
    else
        labels_free(&layout.written);
    ground_close(&ground);
    return done;
}

bool map_write(struct map_result *result, const char *path, const struct map_drawing *drawing,
               struct error *error)
{
    struct canvas *canvas = drawing->canvas;
    if (!canvas)
        canvas = page_open(drawing->file, map_size(drawing->sheet, drawing->style), error);
    if (!canvas)
        return false;
    *result = (struct map_result){0};
    struct page_notes notes = {drawing->notes, drawing->note_count, drawing->thread_count};
    bool done = map_draw(result, canvas, drawing, error) && page_save(canvas, path, &notes, error);
    if (canvas != drawing->canvas)
        canvas_close(canvas);
    if (!done)
        map_result_free(result);
    return done;
}

void map_result_free(struct map_result *result)
{
    labels_free(&result->labels);
    labels_free(&result->written);
    *result = (struct map_result){0};
}

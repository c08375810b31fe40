/* Draws a sheet of small maps of one ground, one for each value of a key, on one scale. */
#include "engine/draw/seriessheet.h"

#include "engine/draw/legendstrip.h"
#include "engine/draw/page.h"
#include "engine/draw/seriesgrid.h"

#include <math.h>
#include <string.h>

/* How much broader or narrower than the ground a frame may be, and any frame. */
static const double broader = 1.5, narrower = 1 / 1.9, broad = 1.3, narrow = 0.8;

/* Everything that goes on while a sheet is drawn. */
struct making {
    const struct series_sheet *sheet;
    struct map_sheet base; /* the sheet's, for maps of this size */
    struct kit kit, map_kit;
    struct page page;
    struct series_result *result;
    struct view view; /* of the first map: they are all alike */
    bool has_withheld, shows_outside, shows_border;
};

/* Letters that are the same above every map. */
struct captions {
    struct letters title, note;
    bool brief;   /* the short notes */
    bool stacked; /* notes stand under the titles */
    double height;
};

/* Where a sheet's blocks stand, points. */
struct layout {
    struct map_grid grid;
    double x, y;
    struct captions captions;
    double legend[4]; /* x, y, width, height */
};

/* Points before k: between a caption and its map, and as wide as a map whose letters and lines are
 * as large as those of the border sheet; then the least size of a title. */
static const double under_caption = 5.5, usual_width = 215, least_caption = 8;

static double shape_of(struct box ground)
{
    double width = ground.x_max - ground.x_min, height = ground.y_max - ground.y_min;
    return width > 0 && height > 0 ? width / height : 1;
}

static double broadest(double shape)
{
    return fmax(shape * broader, broad);
}

static double narrowest(double shape)
{
    return fmin(shape * narrower, narrow);
}

struct box seriessheet_reach(struct box ground)
{
    double width = ground.x_max - ground.x_min, height = ground.y_max - ground.y_min;
    double shape = shape_of(ground);
    double x = width * (broadest(shape) / shape - 1) / 2;
    double y = height * (shape / narrowest(shape) - 1) / 2;
    return (struct box){ground.x_min - x, ground.y_min - y, ground.x_max + x, ground.y_max + y};
}

static struct block make_block(const struct making *making, const double box[4])
{
    return (struct block){.kit = making->kit,
                          .texts = &making->sheet->base.texts,
                          .written = &making->result->written,
                          .x = box[0],
                          .y = box[1],
                          .width = box[2],
                          .height = box[3]};
}

/* ---- captions ---- */

static const char *note_of(const struct series_map *map, bool brief)
{
    return brief ? map->note_short : map->note;
}

/* On a small map the title is smaller, too. */
static double caption_size(const struct making *making, double width)
{
    double full = kit_size(&making->kit, making->kit.style->type.map_title, least_caption);
    double part = fmin(1, sqrt(width / (usual_width * making->kit.unit)));
    return fmax(full * part, least_caption);
}

static struct captions make_captions(const struct making *making, double size)
{
    const struct style *style = making->kit.style;
    struct block block = make_block(making, (double[4]){0, 0, 0, 0});
    struct captions captions = {
        .title = block_ink(&block, FACE_BOLD, size),
        .note = block_coloured(&block, FACE_REGULAR, style->type.figure, style->colour.muted)};
    captions.title.size = size;
    captions.note.size = fmax(fmin(captions.note.size, size * 0.78), 6);
    return captions;
}

static double caption_gap(const struct making *making)
{
    return 7 * making->kit.unit;
}

/* How much of a caption's line its note takes. */
static double note_width(const struct captions *captions, const struct making *making,
                         const struct series_map *map)
{
    const char *note = note_of(map, captions->brief);
    if (captions->stacked || !map_has(note))
        return 0;
    return canvas_text_width(making->kit.canvas, &captions->note, note) + caption_gap(making);
}

/* Dresses the titles in letters in which each of them fits; false where none are both large enough
 * and small enough. */
static bool fit_captions(struct captions *captions, const struct making *making, double width)
{
    struct block block = make_block(making, (double[4]){0, 0, width, 0});
    struct fit fit = {0};
    double size = captions->title.size;
    for (size_t i = 0; i < making->sheet->count; i++) {
        const struct series_map *map = &making->sheet->maps[i];
        double room = fmax(width - note_width(captions, making, map), 1);
        fit_add(&fit, &block, &(struct fit_text){captions->title, room, map->title});
    }
    captions->title = fit_dress(&fit, &captions->title);
    bool fits = captions->title.size >= fmax(size * 0.86, fmin(size, least_caption));
    for (size_t i = 0; fits && i < making->sheet->count; i++) {
        const struct series_map *map = &making->sheet->maps[i];
        fits = canvas_text_width(making->kit.canvas, &captions->title, map->title)
               <= width - note_width(captions, making, map);
    }
    return fits;
}

/* Whole notes beside the titles, short ones, and where neither fits, short ones under them. */
static struct captions choose_captions(const struct making *making, double width)
{
    double size = caption_size(making, width);
    struct captions captions = {0};
    bool fits = false;
    for (int turn = 0; !fits && turn < 3; turn++) {
        captions = make_captions(making, size);
        captions.brief = turn > 0;
        captions.stacked = turn > 1;
        fits = fit_captions(&captions, making, width);
    }
    captions.height = canvas_cap_height(size) + under_caption * making->kit.unit;
    if (captions.stacked)
        captions.height += captions.note.size * 1.3;
    return captions;
}

/* The width in which the longest title can be read, its note beside or under it. */
static double widest_title(const struct making *making)
{
    struct block block = make_block(making, (double[4]){0, 0, 0, 0});
    struct letters letters = block_ink(&block, FACE_CONDENSED_BOLD, least_caption);
    double widest = 0;
    for (size_t i = 0; i < making->sheet->count; i++)
        widest = fmax(
            widest, canvas_text_width(making->kit.canvas, &letters, making->sheet->maps[i].title));
    return widest;
}

static void draw_caption(const struct making *making, const struct captions *captions,
                         const struct series_map *map, const double box[4])
{
    struct block block = make_block(making, box);
    double y = box[1] + captions->height - under_caption * making->kit.unit;
    double room = box[2] - note_width(captions, making, map);
    struct spot note = {.x = box[0] + box[2], .y = y, .align = ALIGN_RIGHT};
    if (captions->stacked) {
        note = (struct spot){.x = box[0], .y = y, .width_most = box[2]};
        y -= captions->note.size * 1.3;
    }
    block_text(&block, (struct spot){.x = box[0], .y = y, .width_most = fmax(room, 1)},
               &captions->title, map->title);
    block_text(&block, note, &captions->note, note_of(map, captions->brief));
}

/* ---- layout ---- */

/* The scale bar is made for a map that is wide enough for its figures. */
static struct legend_strip make_legend(const struct making *making, struct view *view)
{
    const struct map_sheet *base = &making->sheet->base;
    *view = making->view;
    view->width = fmax(view->width, usual_width * making->kit.unit);
    return (struct legend_strip){
        .classes = &base->classes,
        .view = view,
        .withheld = making->has_withheld ? base->texts.withheld : NULL,
        .outside = making->shows_outside ? base->texts.outside : NULL,
        .border = making->shows_border ? base->texts.border : NULL,
    };
}

static struct grid_room make_room(const struct making *making, const double box[4], double title)
{
    const struct series_sheet *sheet = making->sheet;
    double k = making->kit.unit, shape = shape_of(sheet->base.ground);
    return (struct grid_room){
        .width = box[2],
        .height = box[3],
        .gap = fmax(box[2] * 0.0143, 6 * k),
        .least_gap = 6 * k,
        .row_gap = 11 * k,
        .title = title,
        .shape = shape,
        .narrowest = narrowest(shape),
        .broadest = broadest(shape),
        .count = sheet->count,
        .whole = sheet->whole,
        .legend_cell = {150 * k, 92 * k},
        .legend_strip = 38 * k,
        .caption = widest_title(making),
    };
}

/* Whole pixels, so that all maps show the same ground. */
static void snap(struct map_grid *grid, double scale)
{
    for (int i = 0; i < 2; i++) {
        grid->frame[i] = fmax(floor(grid->frame[i] * scale + 1e-6), 1) / scale;
        grid->step[i] = floor(grid->step[i] * scale + 1e-6) / scale;
    }
}

static void place_legend(struct layout *layout, const struct making *making, const double box[4])
{
    const struct map_grid *grid = &layout->grid;
    double k = making->kit.unit;
    size_t used = making->sheet->count - (grid->rows - 1) * grid->columns;
    double legend[4] = {box[0], layout->y + grid->step[1] * (double)grid->rows + 4 * k, box[2],
                        25 * k};
    if (grid->legend_in_cell) {
        legend[0] = layout->x + grid->step[0] * (double)used;
        legend[1] = layout->y + grid->step[1] * (double)(grid->rows - 1) + layout->captions.height;
        legend[2] = box[0] + box[2] - legend[0];
        legend[3] = grid->frame[1];
    }
    memcpy(layout->legend, legend, sizeof legend);
}

static struct layout lay_out(const struct making *making)
{
    const struct page *page = &making->page;
    double k = making->kit.unit, inner = page->width - 2 * page->margin;
    double top = page_head_end(page) + 14 * k, bottom = page_foot_top(page, &making->kit);
    const double box[4] = {page->margin, top, inner, fmax(bottom - top, 1)};
    struct layout layout = {.x = box[0], .y = box[1]};
    layout.captions = choose_captions(making, inner);
    for (int turn = 0; turn < 3; turn++) { /* captions are as high as the maps' width asks */
        struct grid_room room = make_room(making, box, layout.captions.height);
        layout.grid = seriesgrid_choose(&room);
        layout.captions = choose_captions(making, layout.grid.frame[0]);
    }
    snap(&layout.grid, canvas_scale(making->kit.canvas));
    place_legend(&layout, making, box);
    return layout;
}

/* On small maps borders and names are less, and what is smaller than the lines of the hatching is
 * not hatched. */
static void fit_maps(struct making *making, const struct layout *layout)
{
    const double least = 0.6, patch = 5;
    double part = layout->grid.frame[0] / (usual_width * making->kit.unit);
    const double frame[4] = {0, 0, layout->grid.frame[0], layout->grid.frame[1]};
    struct view view = view_fit(making->sheet->base.ground, frame);
    double side_m = patch * making->kit.unit / view.scale;
    part = fmin(fmax(part, least), 1);
    making->map_kit = making->kit;
    making->map_kit.k *= part;
    making->map_kit.unit *= part;
    making->base = making->sheet->base;
    making->base.smallest_hatched_m2 = fmax(making->base.smallest_hatched_m2, side_m * side_m);
}

/* ---- drawing ---- */

/* Whether a straight line comes within the box (Liang and Barsky 1984). */
static bool enters(const struct segment *line, struct box box)
{
    double x = line->x[1] - line->x[0], y = line->y[1] - line->y[0], from = 0, to = 1;
    const double along[4] = {-x, x, -y, y};
    const double room[4] = {line->x[0] - box.x_min, box.x_max - line->x[0], line->y[0] - box.y_min,
                            box.y_max - line->y[0]};
    for (int side = 0; side < 4; side++) {
        if (along[side] == 0 && room[side] < 0)
            return false;
        if (along[side] < 0)
            from = fmax(from, room[side] / along[side]);
        if (along[side] > 0)
            to = fmin(to, room[side] / along[side]);
    }
    return from <= to;
}

static bool line_enters(const struct shape *shape, struct box box)
{
    for (size_t part = 0; part < shape->ring_count; part++)
        for (size_t i = shape->ring_starts[part] + 1; i < shape->ring_starts[part + 1]; i++) {
            const struct segment line = {{shape->x[i - 1], shape->x[i]},
                                         {shape->y[i - 1], shape->y[i]}};
            if (enters(&line, box))
                return true;
        }
    return false;
}

static bool shows_border(const struct map_sheet *sheet, struct box ground)
{
    bool shows = false;
    for (size_t i = 0; !shows && i < sheet->border_count; i++)
        shows = line_enters(sheet->borders[i].line, ground);
    return shows;
}

/* Takes over what came of one map. */
static void take_result(struct making *making, size_t i, struct small_map_result *map)
{
    double scale = canvas_scale(making->kit.canvas);
    const double frame[4] = {map->view.x, map->view.y, map->view.width, map->view.height};
    if (i == 0) {
        making->view = map->view;
        making->shows_border = shows_border(&making->base, map->view.ground);
    }
    making->has_withheld = making->has_withheld || map->has_withheld;
    making->shows_outside = making->shows_outside || map->shows_outside;
    for (int side = 0; side < 4; side++)
        making->result->frames_px[i][side] = frame[side] * scale;
    making->result->labels[i] = map->labels;
    making->result->count = i + 1;
}

static bool draw_one(struct making *making, const struct layout *layout, size_t i,
                     struct error *error)
{
    const struct map_grid *grid = &layout->grid;
    const struct series_map *map = &making->sheet->maps[i];
    double x = layout->x + grid->step[0] * (double)(i % grid->columns);
    double y = layout->y + grid->step[1] * (double)(i / grid->columns);
    struct small_maps here = {.kit = making->map_kit, .base = &making->base};
    double high = layout->captions.height;
    const double frame[4] = {x, y + high, grid->frame[0], grid->frame[1]};
    const struct small_map small = {.area = SMALLMAP_ALL,
                                    .density = map->density,
                                    .support = map->support,
                                    .remark = map->remark,
                                    .names = i > 0 ? SMALL_NAMES_NONE : SMALL_NAMES_ASIDE};
    struct small_map_result result = {0};
    memcpy(here.frame, frame, sizeof frame);
    page_snap(here.frame, canvas_scale(making->kit.canvas));
    draw_caption(making, &layout->captions, map,
                 (double[4]){here.frame[0], y, here.frame[2], high});
    if (!smallmap_draw(&result, &small, &here, error))
        return false;
    take_result(making, i, &result);
    return true;
}

static void draw_legend(const struct making *making, const struct layout *layout)
{
    struct view view;
    struct legend_strip strip = make_legend(making, &view);
    struct block block = make_block(making, layout->legend);
    if (layout->grid.legend_in_cell)
        legendstrip_draw_column(&block, &strip);
    else
        legendstrip_draw(&block, &strip);
}

static bool draw_sheet(struct making *making, struct error *error)
{
    const double least_map = 40;
    const struct map_sheet *base = &making->sheet->base;
    if (!page_fit(&making->page, &making->kit, base, error))
        return false;
    struct layout layout = lay_out(making);
    if (fmin(layout.grid.frame[0], layout.grid.frame[1]) < least_map * making->kit.unit)
        return page_refuse(&making->page, error);
    fit_maps(making, &layout);
    page_draw(&making->page, &making->kit, base);
    labels_begin(&making->result->written,
                 (struct box){0, 0, making->page.width, making->page.height});
    making->result->columns = layout.grid.columns;
    making->result->rows = layout.grid.rows;
    bool done = true;
    for (size_t i = 0; done && i < making->sheet->count; i++)
        done = draw_one(making, &layout, i, error);
    if (done)
        draw_legend(making, &layout);
    return done;
}

struct canvas_size seriessheet_size(const struct series_sheet *sheet, const struct style *style)
{
    return page_size(&sheet->base, style);
}

bool seriessheet_draw(struct series_result *result, struct canvas *canvas,
                      const struct series_drawing *drawing, struct error *error)
{
    const struct series_sheet *sheet = drawing->sheet;
    struct canvas_size size = seriessheet_size(sheet, drawing->style);
    *result = (struct series_result){.width_px = size.width_px, .height_px = size.height_px};
    struct making making = {
        .sheet = sheet, .kit = page_kit(canvas, &sheet->base, drawing->style), .result = result};
    making.kit.thread_count = drawing->thread_count;
    bool done = draw_sheet(&making, error) && canvas_check(canvas, error);
    if (!done) {
        series_result_free(result);
        return false;
    }
    result->ground = making.view.ground;
    result->has_withheld = making.has_withheld;
    return true;
}

bool seriessheet_write(struct series_result *result, const char *path,
                       const struct series_drawing *drawing, struct error *error)
{
    struct page_notes notes = {drawing->notes, drawing->note_count, drawing->thread_count};
    *result = (struct series_result){0};
    struct canvas *canvas =
        page_open(drawing->file, seriessheet_size(drawing->sheet, drawing->style), error);
    if (!canvas)
        return false;
    bool done =
        seriessheet_draw(result, canvas, drawing, error) && page_save(canvas, path, &notes, error);
    canvas_close(canvas);
    if (!done)
        series_result_free(result);
    return done;
}

void series_result_free(struct series_result *result)
{
    for (size_t i = 0; i < result->count; i++)
        labels_free(&result->labels[i]);
    labels_free(&result->written);
    *result = (struct series_result){0};
}

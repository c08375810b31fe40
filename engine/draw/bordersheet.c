/* Draws the border sheet: what each side sees, what both see together, and what follows from it. */
#include "engine/draw/bordersheet.h"

#include "engine/draw/legendstrip.h"
#include "engine/draw/mapseries.h"
#include "engine/draw/page.h"

#include <math.h>

/* The blocks that the maps are followed by, in the order in which they stand. */
enum part { PART_MISSED, PART_BLIND, PART_RANKS, PART_LEAD, PART_PRIORITIES };
enum { PARTS = 5 };

/* Widths beside one another, as parts of the whole. */
static const double weights[PARTS] = {190, 206, 232, 215, 190};

/* Everything that goes on while a sheet is drawn. */
struct making {
    const struct border_sheet *sheet;
    struct kit kit;
    struct page page;
    struct border_result *result;
    struct small_map_result maps[BORDER_MAPS];
    enum part parts[PARTS];
    size_t part_count;
    double missed_shape; /* height to width of the map of what is missed, in a column */
    bool withheld;
};

/* Where a sheet's blocks stand, points. */
struct layout {
    double maps[4], parts[4], legend[4]; /* x, y, width, height */
    double rule;                         /* 0: none */
    double gap;
    bool column; /* maps one under the other, everything else beside them */
};

static void list_parts(struct making *making)
{
    const struct border_sheet *sheet = making->sheet;
    const bool given[PARTS] = {sheet->missed.classes.count > 0, sheet->blind.row_count > 0,
                               sheet->ranks.row_count > 0, sheet->lead.row_count > 0,
                               sheet->priorities.row_count > 0};
    making->part_count = 0;
    for (int part = 0; part < PARTS; part++)
        if (given[part])
            making->parts[making->part_count++] = (enum part)part;
}

static double foot_top(const struct making *making)
{
    return making->page.foot_at - canvas_cap_height(making->page.foot_size)
           - 8.5 * making->kit.unit;
}

static double maps_top(const struct making *making)
{
    double title = mapseries_title_height(&making->kit);
    return page_head_end(&making->page) + 33.3 * making->kit.unit - title;
}

static void set_box(double box[4], double x, double y, const double size[2])
{
    box[0] = x;
    box[1] = y;
    box[2] = fmax(size[0], 1);
    box[3] = fmax(size[1], 1);
}

/* The blocks' height: the maps are to be wide rather than high, but rows too far apart do not read
 * as a table. */
static double blocks_height(const struct making *making, double room, double map_width)
{
    const double least = 147, most = 190, map_shape = 0.72, least_map = 84;
    double k = making->kit.unit;
    double wanted = room - map_width * map_shape - mapseries_title_height(&making->kit);
    wanted = fmin(fmax(wanted, least * k), most * k);
    return fmin(wanted, room - (least_map + 16) * k);
}

/* Maps in a row, legend, rule, the blocks in a row. The blocks give way where the maps would become
 * too low to be read. */
static struct layout lay_in_rows(struct making *making)
{
    const double legend_high = 35, least_blocks = 88;
    const struct page *page = &making->page;
    double k = making->kit.unit, top = maps_top(making), bottom = foot_top(making);
    double inner = page->width - 2 * page->margin, blocks = 0;
    struct layout layout = {.gap = inner * 0.0143};
    double room = bottom - top - legend_high * k;
    if (making->part_count > 0)
        blocks = blocks_height(making, room, inner / BORDER_MAPS);
    if (blocks < least_blocks * k) {
        blocks = 0;
        making->part_count = 0;
    }
    double maps = room - blocks;
    set_box(layout.maps, page->margin, top, (double[2]){inner, maps});
    set_box(layout.legend, page->margin, top + maps + 10 * k, (double[2]){inner, 25 * k});
    if (blocks > 0)
        layout.rule = top + maps + legend_high * k;
    set_box(layout.parts, page->margin, top + maps + legend_high * k, (double[2]){inner, blocks});
    return layout;
}

/* Maps one under the other, and beside them the legend and the blocks. */
static struct layout lay_in_columns(struct making *making)
{
    const struct page *page = &making->page;
    double k = making->kit.unit, top = maps_top(making), bottom = foot_top(making);
    double inner = page->width - 2 * page->margin, gap = 16 * k;
    double maps = making->part_count > 0 ? (inner - gap) * 0.52 : inner * 0.62;
    struct layout layout = {.gap = 11 * k, .column = true};
    set_box(layout.maps, page->margin, top, (double[2]){maps, bottom - top});
    set_box(layout.legend, page->margin + maps + gap, top,
            (double[2]){inner - maps - gap, bottom - top});
    set_box(layout.parts, layout.legend[0], top, (double[2]){layout.legend[2], bottom - top});
    return layout;
}

static struct block make_block(const struct making *making, const double box[4])
{
    const struct border_sheet *sheet = making->sheet;
    struct block block = {.kit = making->kit,
                          .texts = &sheet->base.texts,
                          .written = &making->result->written,
                          .x = box[0],
                          .y = box[1],
                          .width = box[2],
                          .height = box[3]};
    for (int i = 0; i < 2; i++)
        if (sheet->sides[i] < sheet->base.area_count)
            block.sides[i] = &sheet->base.areas[sheet->sides[i]];
    return block;
}

static bool draw_maps(struct making *making, const struct layout *layout, struct error *error)
{
    const struct border_sheet *sheet = making->sheet;
    struct map_series series = {
        .shared = {.kit = making->kit, .base = &sheet->base, .no_data = sheet->texts.no_data},
        .maps = sheet->maps,
        .count = BORDER_MAPS,
        .gap = layout->gap,
        .column = layout->column,
        .written = &making->result->written,
    };
    return mapseries_draw(making->maps, &series, layout->maps, error);
}

static bool draw_part(struct making *making, enum part part, const double box[4],
                      struct error *error)
{
    const struct border_sheet *sheet = making->sheet;
    struct block block = make_block(making, box);
    struct missed_on_sheet missed = {
        &sheet->missed, &sheet->base, {sheet->sides[0], sheet->sides[1]}};
    bool has_sides = block.sides[0] && block.sides[1];
    switch (part) {
    case PART_MISSED:
        return !has_sides || missedmap_draw(&making->withheld, &block, &missed, error);
    case PART_BLIND:
        blindbars_draw(&block, &sheet->blind);
        break;
    case PART_RANKS:
        ranktable_draw(&block, &sheet->ranks);
        break;
    case PART_LEAD:
        leadchart_draw(&block, &sheet->lead);
        break;
    case PART_PRIORITIES:
        prioritychart_draw(&block, &sheet->priorities);
        break;
    }
    return true;
}

/* Of the width that the blocks would have among four; the last of them gives way to it. */
static double row_part(const struct making *making, double width, double *gap)
{
    const double usual = 843, most = 1.5;
    double sum = 0, count = (double)making->part_count;
    *gap = width * (making->part_count > 4 ? 0.0195 : 0.0252);
    for (size_t i = 0; i < making->part_count; i++)
        sum += weights[making->parts[i]];
    return (width - *gap * (count - 1)) / fmax(sum, usual / most);
}

/* Side by side: each has its part of the width, but none is drawn out to more than one and a half
 * times what it would have among four. */
static bool draw_parts_in_row(struct making *making, const double box[4], struct error *error)
{
    const double least = 0.68;
    double gap, point, x = box[0];
    while ((point = row_part(making, box[2], &gap)) < least * making->kit.unit
           && making->part_count > 1)
        making->part_count--;
    bool done = true;
    for (size_t i = 0; done && i < making->part_count; i++) {
        double wide = weights[making->parts[i]] * point;
        done = draw_part(making, making->parts[i], (double[4]){x, box[1], wide, box[3]}, error);
        x += wide + gap;
    }
    return done;
}

/* The height a block would like under its head, in a column. */
static double wanted_height(const struct making *making, enum part part, double width)
{
    const struct border_sheet *sheet = making->sheet;
    double k = making->kit.unit;
    switch (part) {
    case PART_MISSED:
        return making->missed_shape * width + 20 * k;
    case PART_BLIND:
        return (double)sheet->blind.row_count * 26 * k;
    case PART_RANKS:
        return (14.5 + (double)sheet->ranks.row_count * 15.6) * k;
    case PART_LEAD:
        return (26 + (double)sheet->lead.row_count * 27) * k;
    case PART_PRIORITIES:
        return (double)sheet->priorities.row_count * 21 * k;
    }
    return 0;
}

static const double column_head = 37; /* points before k: head, note and the white around them */

/* What part of the height they would like the blocks can have. */
static double column_part(const struct making *making, const double box[4])
{
    double wanted = 0, heads = column_head * making->kit.unit * (double)making->part_count;
    for (size_t i = 0; i < making->part_count; i++)
        wanted += wanted_height(making, making->parts[i], box[2]);
    return (box[3] - heads) / fmax(wanted, 1);
}

static void drop_part(struct making *making, enum part part)
{
    size_t kept = 0;
    for (size_t i = 0; i < making->part_count; i++)
        if (making->parts[i] != part)
            making->parts[kept++] = making->parts[i];
    making->part_count = kept;
}

/* When short of room the map of what is missed becomes lower, and then goes; then the last block,
 * and the one before it. */
static void fit_blocks(struct making *making, const double box[4])
{
    const double usual = 0.6, least = 0.34, step = 0.02, least_part = 0.84, least_rows = 0.7;
    const double least_table = 165; /* a narrower one has no room for its names */
    if (box[2] < least_table * making->kit.unit)
        drop_part(making, PART_RANKS);
    bool has_missed = making->part_count > 1 && making->parts[0] == PART_MISSED;
    making->missed_shape = usual;
    while (making->missed_shape - step >= least && column_part(making, box) < 1)
        making->missed_shape -= step;
    if (has_missed && column_part(making, box) < least_part)
        drop_part(making, PART_MISSED);
    while (making->part_count > 0 && column_part(making, box) < least_rows)
        making->part_count--;
}

/* One under the other; in the end all have less, and leave out their last rows. */
static bool draw_parts_in_column(struct making *making, const double box[4], struct error *error)
{
    double y = box[1];
    bool done = true;
    fit_blocks(making, box);
    double part = fmin(column_part(making, box), 1.15);
    for (size_t i = 0; done && i < making->part_count; i++) {
        double high =
            wanted_height(making, making->parts[i], box[2]) * part + column_head * making->kit.unit;
        done = draw_part(making, making->parts[i], (double[4]){box[0], y, box[2], high}, error);
        y += high;
    }
    return done;
}

/* Keys stand in the legend for what occurs on the maps. */
static struct legend_strip make_legend(const struct making *making)
{
    const struct border_sheet *sheet = making->sheet;
    const struct map_texts *texts = &sheet->base.texts;
    struct legend_strip strip = {.view = &making->maps[0].view};
    bool withheld = making->withheld, no_data = false, outside = false, clusters = false;
    bool squares = false;
    for (int i = 0; i < BORDER_MAPS; i++) {
        withheld = withheld || making->maps[i].has_withheld;
        no_data = no_data || making->maps[i].shows_no_data;
        outside = outside || making->maps[i].shows_outside;
        clusters = clusters || sheet->maps[i].cluster_count > 0;
        squares = squares || sheet->maps[i].square_count > 0;
        if (sheet->maps[i].density)
            strip.classes = &sheet->base.classes;
    }
    strip.no_data = no_data ? sheet->texts.no_data : NULL;
    strip.withheld = withheld ? texts->withheld : NULL;
    strip.outside = outside ? texts->outside : NULL;
    strip.border = sheet->base.border_count > 0 ? texts->border : NULL;
    strip.cluster = clusters ? texts->cluster : NULL;
    strip.squares = squares ? texts->squares : NULL;
    strip.badge = clusters ? sheet->texts.badge : NULL;
    strip.badge_short = clusters ? sheet->texts.badge_short : NULL;
    return strip;
}

/* The legend comes last, since only then it is known what occurs. */
static bool draw_rows(struct making *making, const struct layout *layout, struct error *error)
{
    struct block whole = make_block(making, layout->parts), legend;
    if (!draw_maps(making, layout, error) || !draw_parts_in_row(making, layout->parts, error))
        return false;
    struct legend_strip strip = make_legend(making);
    legend = make_block(making, layout->legend);
    legendstrip_draw(&legend, &strip);
    if (layout->rule > 0)
        block_rule(&whole, layout->rule, false);
    return true;
}

static bool draw_columns(struct making *making, const struct layout *layout, struct error *error)
{
    if (!draw_maps(making, layout, error))
        return false;
    struct legend_strip strip = make_legend(making);
    struct block legend = make_block(making, layout->legend);
    strip.withheld = making->sheet->base.texts.withheld; /* there may yet be some: room is kept */
    strip.measure = true;
    double end = legendstrip_draw_column(&legend, &strip);
    double parts[4] = {layout->parts[0], end, layout->parts[2],
                       layout->parts[1] + layout->parts[3] - end};
    if (!draw_parts_in_column(making, parts, error))
        return false;
    strip = make_legend(making);
    legendstrip_draw_column(&legend, &strip);
    return true;
}

static void tell(struct making *making)
{
    struct border_result *result = making->result;
    struct canvas_size size = bordersheet_size(making->sheet, making->kit.style);
    double scale = canvas_scale(making->kit.canvas);
    result->width_px = size.width_px;
    result->height_px = size.height_px;
    result->ground = making->maps[0].view.ground;
    result->metres_per_pixel = 1 / (making->maps[0].view.scale * scale);
    result->has_withheld = making->withheld;
    for (int i = 0; i < BORDER_MAPS; i++) {
        const struct view *view = &making->maps[i].view;
        const double frame[4] = {view->x, view->y, view->width, view->height};
        for (int side = 0; side < 4; side++)
            result->frames_px[i][side] = frame[side] * scale;
        result->has_withheld = result->has_withheld || making->maps[i].has_withheld;
        result->labels[i] = making->maps[i].labels;
        making->maps[i].labels = (struct labels){0};
    }
}

/* Three maps side by side want a wide page. */
static bool in_columns(double width, double height)
{
    const double least_width = 700;
    return width < least_width && width < height * 1.15;
}

static bool draw_sheet(struct making *making, struct error *error)
{
    const double least_map = 60;
    const struct map_sheet *base = &making->sheet->base;
    if (!page_fit(&making->page, &making->kit, base, error))
        return false;
    list_parts(making);
    bool column = in_columns(making->page.width, making->page.height);
    struct layout layout = column ? lay_in_columns(making) : lay_in_rows(making);
    if (layout.maps[3] < least_map * making->kit.unit * (column ? BORDER_MAPS : 1))
        return page_refuse(&making->page, error);
    page_draw(&making->page, &making->kit, base);
    labels_begin(&making->result->written,
                 (struct box){0, 0, making->page.width, making->page.height});
    return column ? draw_columns(making, &layout, error) : draw_rows(making, &layout, error);
}

/* In rows, the maps have what the blocks under them leave: from none to half of the room. */
struct map_shapes bordersheet_shapes(const struct map_page *page, const struct style *style)
{
    const struct map_sheet sheet = {.page = *page};
    struct kit kit = page_kit(NULL, &sheet, style);
    struct page_room room = page_room(page, style);
    double wide = page->width > 0 ? page->width : style->page.width;
    double high = page->height > 0 ? page->height : style->page.height;
    double title = mapseries_title_height(&kit) + 12 * kit.unit;
    if (in_columns(wide, high)) {
        wide = room.width * 0.5;
        return (struct map_shapes){wide / (room.usual / BORDER_MAPS - title),
                                   wide / (room.usual / BORDER_MAPS),
                                   1.2 * wide / fmax(room.least / BORDER_MAPS - title, 30)};
    }
    wide = room.width / BORDER_MAPS;
    double blocks =
        fmin(fmax(room.usual - wide * 0.72 - 45 * kit.unit, 147 * kit.unit), 190 * kit.unit);
    return (struct map_shapes){wide / fmax(room.usual - blocks - 45 * kit.unit - title, 60),
                               wide / fmax(room.usual - 35 * kit.unit - title, 60),
                               wide / fmax(room.least * 0.4, 60)};
}

struct canvas_size bordersheet_size(const struct border_sheet *sheet, const struct style *style)
{
    return page_size(&sheet->base, style);
}

bool bordersheet_draw(struct border_result *result, struct canvas *canvas,
                      const struct border_drawing *drawing, struct error *error)
{
    *result = (struct border_result){0};
    struct making making = {.sheet = drawing->sheet,
                            .kit = page_kit(canvas, &drawing->sheet->base, drawing->style),
                            .result = result};
    making.kit.thread_count = drawing->thread_count;
    bool done = draw_sheet(&making, error) && canvas_check(canvas, error);
    if (done)
        tell(&making);
    for (int i = 0; i < BORDER_MAPS; i++)
        labels_free(&making.maps[i].labels);
    if (!done)
        border_result_free(result);
    return done;
}

bool bordersheet_write(struct border_result *result, const char *path,
                       const struct border_drawing *drawing, struct error *error)
{
    struct page_notes notes = {drawing->notes, drawing->note_count, drawing->thread_count};
    *result = (struct border_result){0};
    struct canvas *canvas =
        page_open(drawing->file, bordersheet_size(drawing->sheet, drawing->style), error);
    if (!canvas)
        return false;
    bool done =
        bordersheet_draw(result, canvas, drawing, error) && page_save(canvas, path, &notes, error);
    canvas_close(canvas);
    if (!done)
        border_result_free(result);
    return done;
}

void border_result_free(struct border_result *result)
{
    for (int i = 0; i < BORDER_MAPS; i++)
        labels_free(&result->labels[i]);
    labels_free(&result->written);
    *result = (struct border_result){0};
}

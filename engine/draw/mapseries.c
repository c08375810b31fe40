/* Several small maps of one ground, each under its title, in a row or a column. */
#include "engine/draw/mapseries.h"

#include "engine/draw/block.h"
#include "engine/draw/page.h"

#include <math.h>
#include <string.h>

static double title_size(const struct kit *kit)
{
    return kit_size(kit, kit->style->type.map_title, 8);
}

double mapseries_title_height(const struct kit *kit)
{
    return canvas_cap_height(title_size(kit)) + 6.8 * kit->unit;
}

/* The title in the colour of the area whose map it is. */
static struct colour title_colour(const struct map_series *series, const struct small_map *map)
{
    const struct map_sheet *base = series->shared.base;
    const struct style *style = series->shared.kit.style;
    if (map->area >= base->area_count)
        return style->colour.ink;
    size_t side = base->areas[map->area].side;
    return style->side[side < STYLE_SIDES ? side : STYLE_SIDES - 1].name;
}

/* Title and note on one line; the note gives way to a long title. */
static void draw_title(const struct map_series *series, const struct small_map *map,
                       const double box[4])
{
    struct block block = {.kit = series->shared.kit,
                          .written = series->written,
                          .x = box[0],
                          .y = box[1],
                          .width = box[2]};
    const struct style *style = block.kit.style;
    double y = box[1] + canvas_cap_height(title_size(&block.kit)), gap = 8 * block.kit.unit;
    struct letters title =
        kit_letters(FACE_BOLD, title_size(&block.kit), title_colour(series, map));
    struct letters note =
        block_coloured(&block, FACE_REGULAR, style->type.figure, style->colour.muted);
    double note_width =
        map_has(map->note) ? canvas_text_width(block.kit.canvas, &note, map->note) + gap : 0;
    if (note_width > 0.45 * box[2])
        note_width = 0;
    title = fit_whole(&block, &(struct fit_text){title, box[2] - note_width, map->title}, 8);
    block_text(&block, (struct spot){.x = box[0], .y = y, .width_most = box[2] - note_width},
               &title, map->title);
    if (note_width > 0)
        block_text(&block, (struct spot){.x = box[0] + box[2], .y = y, .align = ALIGN_RIGHT}, &note,
                   map->note);
}

bool mapseries_draw(struct small_map_result *results, const struct map_series *series,
                    const double box[4], struct error *error)
{
    const struct kit *kit = &series->shared.kit;
    double count = fmax((double)series->count, 1), gaps = series->gap * (count - 1);
    double title = mapseries_title_height(kit);
    double wide = series->column ? box[2] : (box[2] - gaps) / count;
    double high = series->column ? (box[3] - gaps) / count : box[3];
    /* Whole pixels, so that all maps show the same ground. */
    double scale = canvas_scale(kit->canvas), whole = floor(wide * scale + 1e-6) / scale;
    double gap = series->column ? series->gap : (box[2] - whole * count) / fmax(count - 1, 1);
    wide = series->column ? wide : whole;
    bool done = true;
    for (size_t i = 0; done && i < series->count; i++) {
        double x = box[0] + (series->column ? 0 : (wide + gap) * (double)i);
        double y = box[1] + (series->column ? (high + gap) * (double)i : 0);
        struct small_maps here = series->shared;
        const double frame[4] = {x, y + title, wide, fmax(high - title, 1)};
        memcpy(here.frame, frame, sizeof frame);
        page_snap(here.frame, scale);
        draw_title(series, &series->maps[i], (double[4]){x, y, wide, title});
        done = smallmap_draw(&results[i], &series->maps[i], &here, error);
    }
    return done;
}

/* One map among several that show the same ground on one scale. */
#include "engine/draw/smallmap.h"

#include "engine/draw/badges.h"
#include "engine/draw/bordernames.h"
#include "engine/draw/name.h"
#include "engine/draw/names.h"
#include "engine/draw/outlines.h"
#include "engine/draw/placenames.h"
#include "engine/draw/squaregrid.h"
#include "engine/draw/strips.h"
#include "engine/draw/topography.h"

#include <math.h>
#include <stdio.h>

/* Light edges of borders and outlines first, so that neither line is cut by the other's edge. */
static ground_layer *const layers[] = {
    ground_land,     topography_draw,     ground_heat,    topography_draw_on_heat, ground_withheld,
    squaregrid_draw, ground_no_data,      ground_outside, ground_outer_borders,    ground_borders,
    outlines_draw,   ground_border_lines, NULL,
};

/* "Beverwijk: geen gegevens"; where that does not fit, the name alone. */
static bool name_no_data(struct ground *ground, size_t area, const char *no_data,
                         struct error *error)
{
    const struct kit *kit = &ground->kit;
    const struct letters letters = kit_letters(
        FACE_REGULAR, kit_size(kit, kit->style->type.note, 6), kit->style->colour.muted);
    const char *of = ground->sheet->areas[area].name;
    char both[NAME_LONGEST];
    snprintf(both, sizeof both, "%s: %s", of, no_data);
    const char *const texts[2] = {both, of};
    size_t taken = ground->labels.count;
    bool done = true;
    for (int i = 0; done && i < 2 && ground->labels.count == taken; i++) {
        struct letters fitting =
            kit_fit(kit, ground->view.width - 24 * kit->unit, &letters, texts[i]);
        struct name name = name_make(ground, &fitting, texts[i]);
        done = placenames_draw_aside(ground, &name, &ground->areas[area], error);
    }
    return done;
}

/* The two sides first, then others, as long as there are few. */
static bool name_all_no_data(struct ground *ground, const char *no_data, struct error *error)
{
    const size_t named_most = 3;
    bool done = true;
    size_t named = 0;
    for (int turn = 0; turn < 2; turn++)
        for (size_t i = 0; done && i < ground->sheet->area_count && named < named_most; i++) {
            const struct map_area *area = &ground->sheet->areas[i];
            bool is_side = area->side < 2;
            if (area == ground->own || is_side != (turn == 0) || !map_has(area->name)
                || ground->areas[i].part_count == 0)
                continue;
            done = name_no_data(ground, i, no_data, error);
            named++;
        }
    return done;
}

/* In the lower left corner, or the lower right one, on a light ground. */
static bool draw_remark(struct ground *ground, const char *remark, struct error *error)
{
    const struct kit *kit = &ground->kit;
    struct letters letters = kit_letters(FACE_CONDENSED, kit_size(kit, kit->style->type.scale, 6),
                                         kit->style->colour.ink);
    double pad = 5 * kit->unit;
    letters = kit_fit(kit, ground->view.width - 4 * pad, &letters, remark);
    struct name name = name_make(ground, &letters, remark);
    struct box frame = ground->labels.frame;
    double half = fmin(name.width, ground->view.width - 4 * pad) / 2 + pad;
    struct label_box box = {frame.x_min + half, frame.y_max - name.cap / 2 - pad, half,
                            name.cap / 2 + pad, 0};
    if (!labels_fits_among(&ground->labels, &box, LABEL_LINE))
        box.x = frame.x_max - half;
    canvas_rectangle(
        kit->canvas, colour_fade(kit->style->colour.paper, 0.88),
        (double[4]){box.x - half, box.y - box.half_height, 2 * half, 2 * box.half_height});
    canvas_text(kit->canvas,
                (struct spot){.x = box.x,
                              .y = box.y + name.cap / 2,
                              .align = ALIGN_CENTRE,
                              .width_most = 2 * half - pad},
                &letters, remark);
    return labels_take(&ground->labels, &box, LABEL_TEXT, error);
}

static bool name_aside(struct ground *ground, size_t area, struct error *error)
{
    const struct kit *kit = &ground->kit;
    const struct style *style = kit->style;
    struct letters letters =
        kit_letters(FACE_BOLD, kit_size(kit, style->type.small_jurisdiction, 7),
                    style->side[ground_side(&ground->sheet->areas[area])].name);
    char capitals[NAME_LONGEST];
    letters.spacing = style->type.small_jurisdiction_spacing * kit->k;
    letters.halo = 1.6 * kit->unit;
    letters.halo_colour = colour_fade(style->colour.paper, 0.85);
    name_capitals(capitals, ground->sheet->areas[area].name);
    struct name name = name_make(ground, &letters, capitals);
    return placenames_draw_aside(ground, &name, &ground->areas[area], error);
}

/* The two sides along their border, or else on their ground; more names would bury a small map. */
static bool draw_jurisdictions(struct ground *ground, enum small_names names, struct error *error)
{
    bool *named;
    if (!array_new(&named, ground->sheet->area_count, sizeof *named, error))
        return false;
    bool done = bordernames_draw(named, ground, error);
    for (size_t i = 0; i < ground->sheet->area_count; i++)
        named[i] = named[i] || ground->sheet->areas[i].side > 1;
    for (size_t i = 0; done && names == SMALL_NAMES_ASIDE && i < ground->sheet->area_count; i++)
        if (!named[i]) {
            named[i] = true;
            done = name_aside(ground, i, error);
        }
    done = done && placenames_draw_areas(named, ground, error);
    array_free(&named);
    return done;
}

static bool draw_names(struct ground *ground, const struct small_map *map,
                       const struct small_maps *maps, struct error *error)
{
    return names_begin(ground, error)
           && (!map_has(map->remark) || draw_remark(ground, map->remark, error))
           && badges_draw_finding(ground, error)
           && (ground->own || map->names == SMALL_NAMES_NONE
               || draw_jurisdictions(ground, map->names, error))
           && badges_draw_others(ground, error)
           && (!ground->own || !map_has(maps->no_data)
               || name_all_no_data(ground, maps->no_data, error));
}

/* Whether the frame shows ground of an area other than the map's own. */
static bool shows_no_data(const struct ground *ground)
{
    enum { STEPS = 16 };
    const struct view *view = &ground->view;
    for (int i = 0; i < STEPS * STEPS && ground->own; i++) {
        double x = view->x + view->width * (i % STEPS + 0.5) / STEPS;
        double y = view->y + view->height * ((int)(i / STEPS) + 0.5) / STEPS;
        for (size_t a = 0; a < ground->sheet->area_count; a++)
            if (&ground->sheet->areas[a] != ground->own && trace_holds(&ground->areas[a], x, y))
                return true;
    }
    return false;
}

static void tell(struct small_map_result *result, struct ground *ground)
{
    *result = (struct small_map_result){
        .view = ground->view,
        .labels = ground->labels,
        .has_withheld = ground->heat.has_withheld,
        .shows_no_data = shows_no_data(ground),
        .shows_outside = ground_shows_outside(ground),
    };
    ground->labels = (struct labels){0};
}

bool smallmap_draw(struct small_map_result *result, const struct small_map *map,
                   const struct small_maps *maps, struct error *error)
{
    struct map_sheet sheet = *maps->base;
    sheet.density = map->density;
    sheet.support = map->support;
    sheet.clusters = map->clusters;
    sheet.cluster_count = map->cluster_count;
    sheet.squares = map->squares;
    sheet.square_count = map->square_count;
    struct ground ground = {.kit = maps->kit,
                            .sheet = &sheet,
                            .view = view_fit(sheet.ground, maps->frame),
                            .finding = map->finding,
                            .small = true};
    if (map->area < sheet.area_count)
        ground.own = &sheet.areas[map->area];
    bool done = ground_open(&ground, error) && strips_draw(&ground, layers, error)
                && draw_names(&ground, map, maps, error) && ground_frame(&ground, error);
    if (done)
        tell(result, &ground);
    ground_close(&ground);
    return done;
}

/* What lies on the land of a map: green, water, buildings and streets. */
#include "engine/draw/topography.h"

#include <math.h>

/* In points: the least width on the page, then the edge on both sides together. */
static const double street_least = 1.3, main_street_least = 2.2, street_edge = 1.3;
static const double street_m = 7, main_street_m = 13, water_m = 20;

/* How wide a line of that kind is on the page. */
static double line_width(const struct ground *ground, const struct map_feature *feature)
{
    double k = ground->kit.unit;
    double metres = feature->width_m;
    if (!(metres > 0))
        metres = feature->kind == MAP_STREET        ? street_m
                 : feature->kind == MAP_MAIN_STREET ? main_street_m
                                                    : water_m;
    double least = feature->kind == MAP_MAIN_STREET ? main_street_least : street_least;
    return fmax(metres * ground->view.scale, least * k);
}

static bool is_drawn_area(const struct ground *ground, size_t feature, enum map_kind kind)
{
    const struct map_feature *features = ground->sheet->features;
    return features[feature].kind == kind && features[feature].is_area
           && ground_is_near(ground, &ground->features[feature], 0);
}

/* Features of one ring are filled in one go, which is much quicker than each by itself; those with
 * holes one by one, since nobody says which way round their rings turn. */
static void fill_kind(struct ground *ground, enum map_kind kind, struct colour colour)
{
    size_t count = ground->sheet->feature_count;
    for (size_t i = 0; i < count; i++)
        if (is_drawn_area(ground, i, kind) && ground->features[i].part_count == 1)
            trace_draw_turned(ground->kit.canvas, &ground->features[i]);
    canvas_fill_joined(ground->kit.canvas, colour);
    for (size_t i = 0; i < count; i++)
        if (is_drawn_area(ground, i, kind) && ground->features[i].part_count > 1) {
            trace_draw(ground->kit.canvas, &ground->features[i], true);
            canvas_fill(ground->kit.canvas, colour);
        }
}

/* Lines of equal width are one stroke. */
static void stroke_kind(struct ground *ground, enum map_kind kind, struct colour colour,
                        double wider)
{
    const struct map_sheet *sheet = ground->sheet;
    double width = 0;
    for (size_t i = 0; i <= sheet->feature_count; i++) {
        bool ours = i < sheet->feature_count && sheet->features[i].kind == kind
                    && !sheet->features[i].is_area;
        double wanted = ours ? line_width(ground, &sheet->features[i]) + wider : 0;
        if (i == sheet->feature_count || (ours && width > 0 && wanted != width))
            canvas_stroke(ground->kit.canvas,
                          &(struct pen){.colour = colour, .width = width, .flat = true});
        if (ours) {
            width = wanted;
            if (ground_is_near(ground, &ground->features[i], width))
                trace_draw(ground->kit.canvas, &ground->features[i], false);
        }
    }
    canvas_forget_path(ground->kit.canvas);
}

static void draw_streets(struct ground *ground)
{
    const struct style *style = ground->kit.style;
    double edge = street_edge * ground->kit.unit;
    fill_kind(ground, MAP_STREET, style->colour.street);
    fill_kind(ground, MAP_MAIN_STREET, style->colour.street);
    stroke_kind(ground, MAP_STREET, style->colour.street_edge, edge);
    stroke_kind(ground, MAP_MAIN_STREET, style->colour.main_street_edge, edge);
    stroke_kind(ground, MAP_STREET, style->colour.street, 0);
    stroke_kind(ground, MAP_MAIN_STREET, style->colour.street, 0);
}

bool topography_draw(struct ground *ground, struct error *error)
{
    (void)error;
    const struct style *style = ground->kit.style;
    ground_frame_begin(ground);
    canvas_coarsen(ground->kit.canvas);
    fill_kind(ground, MAP_GREEN, style->colour.green);
    stroke_kind(ground, MAP_GREEN, style->colour.green, 0);
    fill_kind(ground, MAP_WATER, style->colour.water);
    stroke_kind(ground, MAP_WATER, style->colour.water, 0);
    if (style->layers.buildings)
        fill_kind(ground, MAP_BUILDING, style->colour.building);
    if (style->layers.streets)
        draw_streets(ground);
    fill_kind(ground, MAP_SQUARE, style->colour.square);
    ground_frame_end(ground);
    return true;
}

static struct colour grey(double level, double alpha)
{
    return (struct colour){level, level, level, alpha};
}

static void shade_buildings(struct ground *ground)
{
    struct colour shade = grey(0, ground->kit.style->heat.building_shade);
    struct colour tint = canvas_tint_begin(ground->kit.canvas, shade);
    fill_kind(ground, MAP_BUILDING, tint);
    canvas_tint_end(ground->kit.canvas, shade);
}

static void light_streets(struct ground *ground)
{
    struct colour light = grey(1, ground->kit.style->heat.street_light);
    struct colour tint = canvas_tint_begin(ground->kit.canvas, light);
    stroke_kind(ground, MAP_STREET, tint, 0);
    stroke_kind(ground, MAP_MAIN_STREET, tint, 0);
    canvas_tint_end(ground->kit.canvas, light);
}

static void outline_squares(struct ground *ground)
{
    const struct map_sheet *sheet = ground->sheet;
    struct colour light = grey(1, ground->kit.style->heat.square_light);
    struct pen pen = {.colour = canvas_tint_begin(ground->kit.canvas, light),
                      .width = 0.9 * ground->kit.unit};
    for (size_t i = 0; i < sheet->feature_count; i++)
        if (is_drawn_area(ground, i, MAP_SQUARE)) {
            trace_draw(ground->kit.canvas, &ground->features[i], true);
            canvas_stroke(ground->kit.canvas, &pen);
        }
    canvas_tint_end(ground->kit.canvas, light);
}

/* Streets and buildings come back as light and shade within the heat alone, so that the colours
 * stay the legend's. */
bool topography_draw_on_heat(struct ground *ground, struct error *error)
{
    (void)error;
    const struct style *style = ground->kit.style;
    double box[4];
    if (!ground->heat.pixels || ground->sheet->feature_count == 0)
        return true;
    struct canvas_picture picture = ground_picture(box, ground, ground->heat.pixels);
    ground_own_begin(ground);
    canvas_coarsen(ground->kit.canvas);
    canvas_within_begin(ground->kit.canvas);
    ground->on_heat = true;
    if (style->layers.buildings && style->heat.building_shade > 0)
        shade_buildings(ground);
    if (style->layers.streets && style->heat.street_light > 0)
        light_streets(ground);
    outline_squares(ground);
    ground->on_heat = false;
    canvas_within_end(ground->kit.canvas, &picture, box);
    ground_own_end(ground);
    return true;
}

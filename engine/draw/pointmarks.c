/* Draws single incidents as dots on a map. */
#include "engine/draw/pointmarks.h"

static const double dot_radius = 0.85, edge_radius = 1.35; /* points, before k */

static void fill_circle(const struct kit *kit, struct spot centre, double radius,
                        struct colour colour)
{
    canvas_add_circle(kit->canvas, centre.x, centre.y, radius * kit->unit);
    canvas_fill(kit->canvas, colour);
}

static void draw_all(const struct ground *ground, double radius, struct colour colour)
{
    const struct map_points *points = &ground->sheet->points;
    const struct view *view = &ground->view;
    double reach = radius * ground->kit.unit + 1;
    for (size_t i = 0; i < points->count; i++) {
        struct spot centre = {.x = view_x(view, points->x[i]), .y = view_y(view, points->y[i])};
        bool whole = !(ground->top < ground->bottom);
        if (whole || (centre.y + reach >= ground->top && centre.y - reach <= ground->bottom))
            fill_circle(&ground->kit, centre, radius, colour);
    }
}

bool pointmarks_draw(struct ground *ground, struct error *error)
{
    (void)error;
    const struct style *style = ground->kit.style;
    if (ground->sheet->points.count == 0)
        return true;
    ground_own_begin(ground);
    draw_all(ground, edge_radius, colour_fade(style->colour.paper, 0.4));
    draw_all(ground, dot_radius, colour_fade(style->colour.ink, 0.7));
    ground_own_end(ground);
    return true;
}

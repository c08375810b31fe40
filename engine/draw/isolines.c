/* Lines of equal density on a map, along the limits of its classes. */
#include "engine/draw/isolines.h"

#include "engine/draw/contours.h"

/* On a lattice as fine as a point on the page. */
bool isolines_trace(struct trace **traces, const struct map_sheet *sheet, const struct view *view,
                    struct error *error)
{
    const struct contour_source source = {
        .density = sheet->density,
        .support = sheet->support,
        .least_support = sheet->least_support,
        .lattice = {view->ground.x_min, view->ground.y_max, 1 / view->scale,
                    (size_t)view->width + 2, (size_t)view->height + 2},
    };
    bool done = array_new(traces, CLASSES_MOST, sizeof **traces, error);
    for (size_t i = 0; done && i < sheet->classes.count; i++) {
        struct shape pieces = {0};
        done = contours_find(&pieces, &source, sheet->classes.limits[i], error)
               && trace_shape(&(*traces)[i], &(struct drawn){view, &pieces, false}, error)
               && trace_join(&(*traces)[i], error);
        shape_free(&pieces);
        if (done && i == 0)
            trace_drop_small(&(*traces)[i],
                             sheet->smallest_coloured_m2 * view->scale * view->scale);
    }
    return done;
}

void isolines_draw(const struct kit *kit, const struct trace *traces, const struct classes *classes)
{
    const struct style *style = kit->style;
    struct colour colours[CLASSES_FINE_MOST];
    size_t steps = classes->smooth ? CLASSES_STEPS : 1;
    style_heat_colours(colours, classes, style);
    for (size_t i = 0; i < classes->count; i++) {
        struct colour class = colours[i * steps], ink = style->colour.ink;
        if (colour_difference(class, style->colour.paper) > colour_difference(class, ink))
            ink = style->colour.paper;
        trace_draw(kit->canvas, &traces[i], false);
        canvas_stroke(kit->canvas, &(struct pen){.colour = colour_fade(ink, 0.75),
                                                 .width = style->line.contour * kit->k});
    }
}

/* The squares of which a map has counts and no places, as a light grid over the heat. */
#include "engine/draw/squaregrid.h"

static bool is_in_view(const struct view *view, const struct box *square)
{
    return square->x_min < view->ground.x_max && square->x_max > view->ground.x_min
           && square->y_min < view->ground.y_max && square->y_max > view->ground.y_min;
}

/* One path and one stroke, so that sides that two squares share are no darker. */
bool squaregrid_draw(struct ground *ground, struct error *error)
{
    const struct map_sheet *sheet = ground->sheet;
    const struct view *view = &ground->view;
    const struct pen pen = kit_grid_pen(&ground->kit);
    (void)error;
    if (sheet->square_count == 0)
        return true;
    ground_own_begin(ground);
    for (size_t i = 0; i < sheet->square_count; i++) {
        const struct box *square = &sheet->squares[i];
        double left = view_x(view, square->x_min), top = view_y(view, square->y_max);
        if (is_in_view(view, square))
            canvas_add_rectangle(ground->kit.canvas,
                                 (double[4]){left, top, view_x(view, square->x_max) - left,
                                             view_y(view, square->y_min) - top});
    }
    canvas_stroke(ground->kit.canvas, &pen);
    ground_own_end(ground);
    return true;
}

/* The frame of the next sheet of a series, drawn on the map before it. */
#include "engine/draw/nextframe.h"

#include "engine/draw/name.h"

#include <math.h>

/* The frame on the page. */
static struct box frame_of(const struct ground *ground)
{
    const struct view *view = &ground->view;
    struct box next = ground->sheet->next_ground;
    return (struct box){view_x(view, next.x_min), view_y(view, next.y_max),
                        view_x(view, next.x_max), view_y(view, next.y_min)};
}

static bool has_next(const struct ground *ground)
{
    struct box next = ground->sheet->next_ground;
    return next.x_max > next.x_min && next.y_max > next.y_min;
}

static double line_width(const struct ground *ground)
{
    return 1.3 * ground->kit.k;
}

static void stroke(struct canvas *canvas, struct box frame, struct colour colour, double width)
{
    canvas_add_rectangle(canvas, (double[4]){frame.x_min, frame.y_min, frame.x_max - frame.x_min,
                                             frame.y_max - frame.y_min});
    canvas_stroke(canvas, &(struct pen){.colour = colour, .width = width, .mitred = true});
}

bool nextframe_draw(struct ground *ground, struct error *error)
{
    struct canvas *canvas = ground->kit.canvas;
    const struct style *style = ground->kit.style;
    if (!has_next(ground))
        return true;
    struct box frame = frame_of(ground);
    double width = line_width(ground);
    canvas_save(canvas);
    view_clip(canvas, &ground->view);
    stroke(canvas, frame, colour_fade(style->colour.casing, 0.9), width + 3.2 * ground->kit.k);
    stroke(canvas, frame, style->colour.ink, width);
    canvas_restore(canvas);
    const double sides[4][4] = {{frame.x_min, frame.y_min, frame.x_max, frame.y_min},
                                {frame.x_max, frame.y_min, frame.x_max, frame.y_max},
                                {frame.x_max, frame.y_max, frame.x_min, frame.y_max},
                                {frame.x_min, frame.y_max, frame.x_min, frame.y_min}};
    bool done = true;
    for (int i = 0; done && i < 4; i++)
        done = labels_block_line(&ground->labels, sides[i], width + 2 * ground->kit.unit, error);
    return done;
}

bool nextframe_caption(struct ground *ground, struct error *error)
{
    const struct kit *kit = &ground->kit;
    const struct style *style = kit->style;
    if (!has_next(ground) || !map_has(ground->sheet->next_name))
        return true;
    struct box frame = frame_of(ground);
    struct letters letters =
        kit_letters(FACE_BOLD, kit_size(kit, style->type.note, 6), style->colour.ink);
    letters.halo = 1.8 * kit->unit;
    letters.halo_colour = colour_fade(style->colour.paper, 0.9);
    struct name name = name_make(ground, &letters, ground->sheet->next_name);
    double off = name.cap + 5 * kit->unit, half = name.width / 2;
    double left = frame.x_min + half, right = frame.x_max - half;
    const double places[6][2] = {{right, frame.y_min - off},       {left, frame.y_min - off},
                                 {right, frame.y_max + off},       {left, frame.y_max + off},
                                 {right - off, frame.y_min + off}, {left + off, frame.y_max - off}};
    for (int i = 0; i < 6; i++) {
        struct label_box box = name_box(&name, places[i][0], places[i][1], 0);
        if (!labels_fits_among(&ground->labels, &box, LABEL_LINE)) /* outlines may lie under it */
            continue;
        name_draw(ground, &name, &box);
        return labels_take(&ground->labels, &box, LABEL_TEXT, error);
    }
    return true;
}

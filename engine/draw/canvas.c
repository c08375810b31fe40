/* A sheet to draw on: shapes, pictures and texts, in points from its upper left corner. */
#include "engine/draw/canvas.h"

#include "engine/draw/canvas_state.h"

#include <math.h>

/* Cairo keeps coordinates in 24.8 bits and takes NaN without a word. */
bool canvas_usable(struct canvas *canvas, double x, double y)
{
    const double farthest = 1e6;
    if (fabs(x) < farthest && fabs(y) < farthest)
        return true;
    canvas->broken = true;
    return false;
}

void canvas_move(struct canvas *canvas, double x, double y)
{
    if (!canvas_usable(canvas, x, y))
        return;
    cairo_move_to(canvas->cairo, x, y);
    canvas->x = x;
    canvas->y = y;
}

void canvas_line(struct canvas *canvas, double x, double y)
{
    if (!canvas_usable(canvas, x, y))
        return;
    cairo_line_to(canvas->cairo, x, y);
    canvas->length += fabs(x - canvas->x) + fabs(y - canvas->y);
    canvas->x = x;
    canvas->y = y;
}

void canvas_close_path(struct canvas *canvas)
{
    cairo_close_path(canvas->cairo);
}

void canvas_add_rectangle(struct canvas *canvas, const double box[4])
{
    if (canvas_usable(canvas, box[0], box[1]) && canvas_usable(canvas, box[2], box[3]))
        cairo_rectangle(canvas->cairo, box[0], box[1], box[2], box[3]);
}

void canvas_rectangle(struct canvas *canvas, struct colour fill, const double box[4])
{
    canvas_add_rectangle(canvas, box);
    canvas_fill(canvas, fill);
}

void canvas_add_circle(struct canvas *canvas, double x, double y, double radius)
{
    canvas_add_oval(canvas, (double[4]){x - radius, y - radius, 2 * radius, 2 * radius});
}

void canvas_add_oval(struct canvas *canvas, const double box[4])
{
    if (!canvas_usable(canvas, box[0], box[1]) || !canvas_usable(canvas, box[2], box[3])
        || !(box[2] > 0) || !(box[3] > 0))
        return;
    cairo_matrix_t before;
    cairo_get_matrix(canvas->cairo, &before);
    cairo_translate(canvas->cairo, box[0] + box[2] / 2, box[1] + box[3] / 2);
    cairo_scale(canvas->cairo, box[2] / 2, box[3] / 2);
    cairo_new_sub_path(canvas->cairo);
    cairo_arc(canvas->cairo, 0, 0, 1, 0, 2 * G_PI);
    cairo_close_path(canvas->cairo);
    cairo_set_matrix(canvas->cairo, &before);
}

void canvas_take_colour(struct canvas *canvas, struct colour colour)
{
    cairo_set_source_rgba(canvas->cairo, colour.red, colour.green, colour.blue, colour.alpha);
}

void canvas_fill(struct canvas *canvas, struct colour colour)
{
    canvas_take_colour(canvas, colour);
    cairo_fill(canvas->cairo);
    canvas->length = 0;
}

void canvas_fill_keep(struct canvas *canvas, struct colour colour)
{
    canvas_take_colour(canvas, colour);
    cairo_fill_preserve(canvas->cairo);
}

void canvas_fill_joined(struct canvas *canvas, struct colour colour)
{
    cairo_set_fill_rule(canvas->cairo, CAIRO_FILL_RULE_WINDING);
    canvas_fill(canvas, colour);
    cairo_set_fill_rule(canvas->cairo, CAIRO_FILL_RULE_EVEN_ODD);
}

void canvas_forget_path(struct canvas *canvas)
{
    cairo_new_path(canvas->cairo);
    canvas->length = 0;
}

/* Cairo looks at every two lines of a path that lie side by side: a path beyond this, some hundred
 * times what a map's longest border takes, is drawn piece by piece. */
static const double LENGTH_MOST = 1e6;
enum { LINES_A_PIECE = 64 };

static void stroke_pieces(struct canvas *canvas)
{
    cairo_path_t *path = cairo_copy_path_flat(canvas->cairo);
    const cairo_path_data_t *start = NULL, *last = NULL;
    int lines = 0;
    if (path->status != CAIRO_STATUS_SUCCESS) { /* slowly, but all of it */
        cairo_path_destroy(path);
        cairo_stroke_preserve(canvas->cairo);
        return;
    }
    cairo_new_path(canvas->cairo);
    for (int i = 0; i < path->num_data; i += path->data[i].header.length) {
        const cairo_path_data_t *at = &path->data[i];
        bool moves = at->header.type == CAIRO_PATH_MOVE_TO;
        last = at->header.type == CAIRO_PATH_CLOSE_PATH ? start : &at[1];
        if (last == NULL)
            continue;
        if (moves)
            start = last;
        if (moves)
            cairo_move_to(canvas->cairo, last->point.x, last->point.y);
        else
            cairo_line_to(canvas->cairo, last->point.x, last->point.y);
        if (++lines % LINES_A_PIECE != 0)
            continue;
        cairo_stroke_preserve(canvas->cairo);
        cairo_new_path(canvas->cairo);
        cairo_move_to(canvas->cairo, last->point.x, last->point.y);
    }
    cairo_stroke_preserve(canvas->cairo);
    cairo_new_path(canvas->cairo);
    cairo_append_path(canvas->cairo, path);
    cairo_path_destroy(path);
}

void canvas_stroke_keep(struct canvas *canvas, const struct pen *pen)
{
    if (!(pen->width > 0))
        return;
    canvas_take_colour(canvas, pen->colour);
    cairo_set_line_width(canvas->cairo, pen->width);
    cairo_set_dash(canvas->cairo, (const double[2]){pen->dash, pen->gap}, pen->dash > 0 ? 2 : 0, 0);
    cairo_set_line_cap(canvas->cairo, pen->flat ? CAIRO_LINE_CAP_BUTT : CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(canvas->cairo, pen->mitred ? CAIRO_LINE_JOIN_MITER : CAIRO_LINE_JOIN_ROUND);
    if (canvas->kind == KIND_IMAGE && canvas->length > LENGTH_MOST)
        stroke_pieces(canvas);
    else
        cairo_stroke_preserve(canvas->cairo);
}

void canvas_stroke(struct canvas *canvas, const struct pen *pen)
{
    canvas_stroke_keep(canvas, pen);
    cairo_new_path(canvas->cairo);
    canvas->length = 0;
}

void canvas_straight(struct canvas *canvas, const struct pen *pen, const double ends[4])
{
    canvas_move(canvas, ends[0], ends[1]);
    canvas_line(canvas, ends[2], ends[3]);
    canvas_stroke(canvas, pen);
}

void canvas_save(struct canvas *canvas)
{
    cairo_save(canvas->cairo);
}

void canvas_restore(struct canvas *canvas)
{
    cairo_restore(canvas->cairo);
}

void canvas_coarsen(struct canvas *canvas)
{
    if (canvas->kind == KIND_IMAGE)
        cairo_set_antialias(canvas->cairo, CAIRO_ANTIALIAS_FAST);
}

void canvas_clip(struct canvas *canvas)
{
    cairo_clip(canvas->cairo);
    canvas->length = 0;
}

void canvas_clip_out(struct canvas *canvas, const double box[4])
{
    canvas_add_rectangle(canvas, box);
    cairo_clip(canvas->cairo);
    canvas->length = 0;
}

/* An image takes the shapes away from a sheet of its own, which files cannot say: those clip to
 * what is outside each. So many clips at most, since readers become slow; the other shapes are one
 * path, in which an overlap of two is washed. */
enum { CLIPS_MOST = 8 };

void canvas_veil_begin(struct canvas *canvas, const struct veil *veil)
{
    if (canvas->kind != KIND_IMAGE) {
        cairo_save(canvas->cairo);
        return;
    }
    cairo_push_group(canvas->cairo);
    canvas_rectangle(canvas, veil->colour, veil->box);
    cairo_set_operator(canvas->cairo, CAIRO_OPERATOR_CLEAR);
}

void canvas_veil_take(struct canvas *canvas, struct veil *veil)
{
    if (canvas->kind == KIND_IMAGE)
        canvas_fill(canvas, (struct colour){0, 0, 0, 1});
    else if (veil->count++ < CLIPS_MOST)
        canvas_clip_out(canvas, veil->box);
}

void canvas_veil_end(struct canvas *canvas, const struct veil *veil)
{
    if (canvas->kind == KIND_IMAGE) {
        cairo_set_operator(canvas->cairo, CAIRO_OPERATOR_OVER);
        cairo_pop_group_to_source(canvas->cairo);
        cairo_paint(canvas->cairo);
        return;
    }
    if (veil->count > CLIPS_MOST)
        canvas_clip_out(canvas, veil->box);
    canvas_rectangle(canvas, veil->colour, veil->box);
    cairo_restore(canvas->cairo);
}

void canvas_turn(struct canvas *canvas, double x, double y, double angle)
{
    if (!canvas_usable(canvas, x, y) || !canvas_usable(canvas, angle, 0))
        return;
    cairo_translate(canvas->cairo, x, y);
    cairo_rotate(canvas->cairo, angle);
}

/* On an image paint of the same colour takes the place of what is there, which costs no sheet of
 * its own; files know no such paint. */
struct colour canvas_tint_begin(struct canvas *canvas, struct colour colour)
{
    if (canvas->kind == KIND_IMAGE) {
        cairo_set_operator(canvas->cairo, CAIRO_OPERATOR_SOURCE);
        return colour;
    }
    cairo_push_group(canvas->cairo);
    return (struct colour){colour.red, colour.green, colour.blue, 1};
}

void canvas_tint_end(struct canvas *canvas, struct colour colour)
{
    if (canvas->kind == KIND_IMAGE) {
        cairo_set_operator(canvas->cairo, CAIRO_OPERATOR_OVER);
        return;
    }
    cairo_pop_group_to_source(canvas->cairo);
    cairo_paint_with_alpha(canvas->cairo, colour.alpha);
}

void canvas_within_begin(struct canvas *canvas)
{
    cairo_push_group(canvas->cairo);
}

static cairo_surface_t *image_of(const struct canvas_picture *picture)
{
    /* cairo only reads from it */
    unsigned char *bytes = (unsigned char *)(uintptr_t)picture->pixels;
    return cairo_image_surface_create_for_data(bytes, CAIRO_FORMAT_ARGB32, picture->width,
                                               picture->height, picture->width * 4);
}

/* A pattern of the image in the box. Smooth in a file, which will be looked at in any size. */
static cairo_pattern_t *pattern_in(const struct canvas *canvas, cairo_surface_t *image,
                                   const struct canvas_picture *picture, const double box[4])
{
    cairo_matrix_t matrix;
    cairo_pattern_t *pattern = cairo_pattern_create_for_surface(image);
    cairo_matrix_init_scale(&matrix, picture->width / box[2], picture->height / box[3]);
    cairo_matrix_translate(&matrix, -box[0], -box[1]);
    cairo_pattern_set_matrix(pattern, &matrix);
    cairo_pattern_set_filter(pattern, canvas->kind == KIND_IMAGE ? CAIRO_FILTER_NEAREST
                                                                 : CAIRO_FILTER_BILINEAR);
    return pattern;
}

static bool box_usable(struct canvas *canvas, const double box[4])
{
    return canvas_usable(canvas, box[0], box[1]) && canvas_usable(canvas, box[2], box[3]);
}

void canvas_within_end(struct canvas *canvas, const struct canvas_picture *picture,
                       const double box[4])
{
    bool image = canvas->kind == KIND_IMAGE;
    if (image) {
        cairo_set_operator(canvas->cairo, CAIRO_OPERATOR_DEST_IN);
        canvas_picture(canvas, picture, box);
        cairo_set_operator(canvas->cairo, CAIRO_OPERATOR_OVER);
    }
    cairo_pop_group_to_source(canvas->cairo);
    if (image) {
        cairo_paint(canvas->cairo);
    } else if (box_usable(canvas, box)) {
        cairo_surface_t *mask = image_of(picture);
        cairo_pattern_t *pattern = pattern_in(canvas, mask, picture, box);
        cairo_mask(canvas->cairo, pattern);
        cairo_pattern_destroy(pattern);
        cairo_surface_destroy(mask);
    }
}

void canvas_picture(struct canvas *canvas, const struct canvas_picture *picture,
                    const double box[4])
{
    if (!box_usable(canvas, box))
        return;
    cairo_surface_t *image = image_of(picture);
    cairo_pattern_t *pattern = pattern_in(canvas, image, picture, box);
    cairo_set_source(canvas->cairo, pattern);
    cairo_paint(canvas->cairo);
    cairo_pattern_destroy(pattern);
    cairo_surface_destroy(image);
}

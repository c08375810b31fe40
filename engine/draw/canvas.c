/* A sheet to draw on: shapes, pictures and texts, in points from its upper left corner. */
#include "engine/draw/canvas.h"

#include "engine/draw/canvas_library.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

struct canvas {
    cairo_surface_t *surface;
    cairo_t *cairo;
    FcConfig *fonts;
    PangoFontMap *font_map;
    PangoLayout *layout;
    PangoFontDescription *faces[FACES];
    struct canvas_size size;
    bool broken;     /* a coordinate was no number */
    bool unlettered; /* a font could not be read when a text came to be set in it */
};

static const char *const font_files[FACES] = {
    "DejaVuSans.ttf",          "DejaVuSans-Bold.ttf",          "DejaVuSans-Oblique.ttf",
    "DejaVuSansCondensed.ttf", "DejaVuSansCondensed-Bold.ttf",
};

static bool add_font(FcConfig *fonts, const char *name)
{
    static const char *const folders[] = {"/usr/share/fonts/truetype/dejavu/",
                                          "/usr/share/fonts/dejavu/", "/usr/share/fonts/TTF/",
                                          "/usr/share/fonts/dejavu-sans-fonts/"};
    char path[200];
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        g_snprintf(path, sizeof path, "%s%s", folders[i], name);
        if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
            return FcConfigAppFontAddFile(fonts, (const FcChar8 *)path);
    }
    return false;
}

/* What Pango and GLib have to say they would say on standard error; canvas_check asks instead. */
static GLogWriterOutput say_nothing(GLogLevelFlags level, const GLogField *fields, gsize count,
                                    gpointer state)
{
    (void)level, (void)fields, (void)count, (void)state;
    return G_LOG_WRITER_HANDLED;
}

static void silence(void)
{
    g_log_set_writer_func(say_nothing, NULL, NULL);
}

static bool load_fonts(struct canvas *canvas, struct error *error)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT; /* GLib takes one writer, once */
    pthread_once(&once, silence);
    canvas->fonts = FcConfigCreate();
    for (int i = 0; canvas->fonts && i < FACES; i++)
        if (!add_font(canvas->fonts, font_files[i]))
            return error_set(error, ERROR_SETTINGS,
                             "the font %s is not installed, and maps are lettered in it; install "
                             "the packages fonts-dejavu-core and fonts-dejavu-extra",
                             font_files[i]);
    /* Pango starts a thread that loads the system's fonts unless a configuration is in force: ours
     * is put there, so that no font but these is ever looked for. */
    if (canvas->fonts)
        FcConfigSetCurrent(canvas->fonts);
    canvas->font_map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    if (!canvas->fonts || !canvas->font_map)
        return error_set(error, ERROR_INTERNAL, "the fonts cannot be set up");
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(canvas->font_map), canvas->fonts);
    return true;
}

/* No hinting and no rounding: letters then stand the same at every size and on every machine. */
static void set_up_text(struct canvas *canvas)
{
    PangoContext *context = pango_font_map_create_context(canvas->font_map);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(context, options);
    pango_cairo_context_set_resolution(context, 72);
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_context_set_language(context, pango_language_from_string("nl"));
    canvas->layout = pango_layout_new(context);
    pango_layout_set_auto_dir(canvas->layout, FALSE);
    cairo_font_options_destroy(options);
    g_object_unref(context);
    for (int i = 0; i < FACES; i++) {
        PangoFontDescription *face = canvas->faces[i] = pango_font_description_new();
        pango_font_description_set_family_static(face, "DejaVu Sans");
        if (i == FACE_BOLD || i == FACE_CONDENSED_BOLD)
            pango_font_description_set_weight(face, PANGO_WEIGHT_BOLD);
        if (i == FACE_ITALIC)
            pango_font_description_set_style(face, PANGO_STYLE_OBLIQUE);
        if (i == FACE_CONDENSED || i == FACE_CONDENSED_BOLD)
            pango_font_description_set_stretch(face, PANGO_STRETCH_CONDENSED);
    }
}

static bool check_size(struct canvas_size size, struct error *error)
{
    const int side_most = 20000;
    const double pixels_most = 2e8;
    if (size.width_px >= 1 && size.height_px >= 1 && size.width_px <= side_most
        && size.height_px <= side_most && (double)size.width_px * size.height_px <= pixels_most
        && size.scale > 0)
        return true;
    return error_set(error, ERROR_USAGE,
                     "a sheet of %d by %d pixels cannot be drawn; take a smaller page or --dpi",
                     size.width_px, size.height_px);
}

struct canvas *canvas_open_image(struct canvas_size size, struct error *error)
{
    struct canvas *canvas;
    if (!check_size(size, error) || !canvas_library_load(error)
        || !array_new(&canvas, 1, sizeof *canvas, error))
        return NULL;
    canvas->size = size;
    canvas->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, size.width_px, size.height_px);
    canvas->cairo = cairo_create(canvas->surface);
    bool done = load_fonts(canvas, error);
    if (done && cairo_status(canvas->cairo) != CAIRO_STATUS_SUCCESS)
        done = error_set(error, ERROR_INTERNAL, "a sheet of %d by %d pixels does not fit in memory",
                         size.width_px, size.height_px);
    if (!done) {
        canvas_close(canvas);
        return NULL;
    }
    set_up_text(canvas);
    cairo_scale(canvas->cairo, size.scale, size.scale);
    cairo_set_source_rgb(canvas->cairo, 1, 1, 1);
    cairo_paint(canvas->cairo);
    cairo_set_fill_rule(canvas->cairo, CAIRO_FILL_RULE_EVEN_ODD);
    return canvas;
}

void canvas_close(struct canvas *canvas)
{
    if (!canvas)
        return;
    for (int i = 0; i < FACES; i++)
        if (canvas->faces[i])
            pango_font_description_free(canvas->faces[i]);
    if (canvas->layout)
        g_object_unref(canvas->layout);
    if (canvas->font_map) {
        /* Pango 1.50 does not let go of the configuration by itself. */
        pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(canvas->font_map), NULL);
        g_object_unref(canvas->font_map);
    }
    if (canvas->fonts) {
        FcConfigSetCurrent(NULL); /* which holds ours until then */
        FcConfigDestroy(canvas->fonts);
    }
    cairo_destroy(canvas->cairo);
    cairo_surface_destroy(canvas->surface);
    array_free(&canvas);
}

bool canvas_check(struct canvas *canvas, struct error *error)
{
    cairo_status_t status = cairo_status(canvas->cairo);
    if (canvas->unlettered)
        return error_set(error, ERROR_INTERNAL,
                         "the letters of a font cannot be read; is there memory left, and may the "
                         "fonts of fonts-dejavu be opened?");
    if (status != CAIRO_STATUS_SUCCESS)
        return error_set(error, ERROR_INTERNAL, "the drawing failed: %s",
                         cairo_status_to_string(status));
    if (canvas->broken)
        return error_set(error, ERROR_INTERNAL, "the drawing has a coordinate that is no number");
    return true;
}

struct canvas_pixels canvas_pixels(struct canvas *canvas)
{
    cairo_surface_flush(canvas->surface);
    return (struct canvas_pixels){cairo_image_surface_get_data(canvas->surface),
                                  (size_t)cairo_image_surface_get_stride(canvas->surface),
                                  canvas->size.width_px, canvas->size.height_px};
}

struct canvas *canvas_open_strip(struct canvas *whole, struct canvas_rows rows, struct error *error)
{
    struct canvas *strip;
    int stride = cairo_image_surface_get_stride(whole->surface);
    if (!array_new(&strip, 1, sizeof *strip, error))
        return NULL;
    cairo_surface_flush(whole->surface);
    strip->size = whole->size;
    strip->surface = cairo_image_surface_create_for_data(
        cairo_image_surface_get_data(whole->surface) + (ptrdiff_t)rows.first * stride,
        CAIRO_FORMAT_RGB24, whole->size.width_px, rows.end - rows.first, stride);
    cairo_surface_set_device_offset(strip->surface, 0, -rows.first);
    strip->cairo = cairo_create(strip->surface);
    cairo_scale(strip->cairo, strip->size.scale, strip->size.scale);
    cairo_set_fill_rule(strip->cairo, CAIRO_FILL_RULE_EVEN_ODD);
    return strip;
}

bool canvas_close_strip(struct canvas *strip, struct canvas *whole, struct error *error)
{
    bool good = strip == NULL || canvas_check(strip, error);
    if (strip != NULL)
        cairo_surface_flush(strip->surface);
    canvas_close(strip);
    cairo_surface_mark_dirty(whole->surface);
    return good;
}

double canvas_scale(const struct canvas *canvas)
{
    return canvas->size.scale;
}

/* Cairo keeps coordinates in 24.8 bits and takes NaN without a word. */
static bool usable(struct canvas *canvas, double x, double y)
{
    const double farthest = 1e6;
    if (fabs(x) < farthest && fabs(y) < farthest)
        return true;
    canvas->broken = true;
    return false;
}

void canvas_move(struct canvas *canvas, double x, double y)
{
    if (usable(canvas, x, y))
        cairo_move_to(canvas->cairo, x, y);
}

void canvas_line(struct canvas *canvas, double x, double y)
{
    if (usable(canvas, x, y))
        cairo_line_to(canvas->cairo, x, y);
}

void canvas_close_path(struct canvas *canvas)
{
    cairo_close_path(canvas->cairo);
}

void canvas_add_rectangle(struct canvas *canvas, const double box[4])
{
    if (usable(canvas, box[0], box[1]) && usable(canvas, box[2], box[3]))
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
    if (!usable(canvas, box[0], box[1]) || !usable(canvas, box[2], box[3]) || !(box[2] > 0)
        || !(box[3] > 0))
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

static void take_colour(struct canvas *canvas, struct colour colour)
{
    cairo_set_source_rgba(canvas->cairo, colour.red, colour.green, colour.blue, colour.alpha);
}

void canvas_fill(struct canvas *canvas, struct colour colour)
{
    take_colour(canvas, colour);
    cairo_fill(canvas->cairo);
}

void canvas_fill_keep(struct canvas *canvas, struct colour colour)
{
    take_colour(canvas, colour);
    cairo_fill_preserve(canvas->cairo);
}

void canvas_forget_path(struct canvas *canvas)
{
    cairo_new_path(canvas->cairo);
}

void canvas_stroke_keep(struct canvas *canvas, const struct pen *pen)
{
    if (!(pen->width > 0))
        return;
    take_colour(canvas, pen->colour);
    cairo_set_line_width(canvas->cairo, pen->width);
    cairo_set_dash(canvas->cairo, (const double[2]){pen->dash, pen->gap}, pen->dash > 0 ? 2 : 0, 0);
    cairo_set_line_cap(canvas->cairo, pen->flat ? CAIRO_LINE_CAP_BUTT : CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(canvas->cairo, pen->mitred ? CAIRO_LINE_JOIN_MITER : CAIRO_LINE_JOIN_ROUND);
    cairo_stroke_preserve(canvas->cairo);
}

void canvas_stroke(struct canvas *canvas, const struct pen *pen)
{
    canvas_stroke_keep(canvas, pen);
    cairo_new_path(canvas->cairo);
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

void canvas_clip(struct canvas *canvas)
{
    cairo_clip(canvas->cairo);
}

void canvas_turn(struct canvas *canvas, double x, double y, double angle)
{
    if (!usable(canvas, x, y) || !usable(canvas, angle, 0))
        return;
    cairo_translate(canvas->cairo, x, y);
    cairo_rotate(canvas->cairo, angle);
}

void canvas_paint_as(struct canvas *canvas, enum canvas_paint paint)
{
    static const cairo_operator_t operators[] = {
        [PAINT_OVER] = CAIRO_OPERATOR_OVER,
        [PAINT_REPLACE] = CAIRO_OPERATOR_SOURCE,
        [PAINT_ERASE] = CAIRO_OPERATOR_DEST_OUT,
        [PAINT_WITHIN] = CAIRO_OPERATOR_DEST_IN,
    };
    cairo_set_operator(canvas->cairo, operators[paint]);
}

void canvas_group_begin(struct canvas *canvas)
{
    cairo_push_group(canvas->cairo);
}

void canvas_group_end(struct canvas *canvas)
{
    cairo_pop_group_to_source(canvas->cairo);
    cairo_paint(canvas->cairo);
}

void canvas_picture(struct canvas *canvas, const struct canvas_picture *picture,
                    const double box[4])
{
    if (!usable(canvas, box[0], box[1]) || !usable(canvas, box[2], box[3]))
        return;
    /* cairo only reads from it */
    unsigned char *bytes = (unsigned char *)(uintptr_t)picture->pixels;
    cairo_surface_t *image = cairo_image_surface_create_for_data(
        bytes, CAIRO_FORMAT_ARGB32, picture->width, picture->height, picture->width * 4);
    cairo_save(canvas->cairo);
    cairo_translate(canvas->cairo, box[0], box[1]);
    cairo_scale(canvas->cairo, box[2] / picture->width, box[3] / picture->height);
    cairo_set_source_surface(canvas->cairo, image, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(canvas->cairo), CAIRO_FILTER_NEAREST);
    cairo_paint(canvas->cairo);
    cairo_restore(canvas->cairo);
    cairo_surface_destroy(image);
}

/* Pango goes on without its letters when a font's file cannot be read. */
static void check_fonts(struct canvas *canvas)
{
    const PangoLayoutLine *line = pango_layout_get_line_readonly(canvas->layout, 0);
    for (const GSList *at = line != NULL ? line->runs : NULL; at != NULL; at = at->next) {
        const PangoLayoutRun *run = at->data;
        void *font = run->item->analysis.font;
        cairo_scaled_font_t *scaled = font ? pango_cairo_font_get_scaled_font(font) : NULL;
        if (scaled == NULL || cairo_scaled_font_status(scaled) != CAIRO_STATUS_SUCCESS)
            canvas->unlettered = true;
    }
}

static void lay_out(struct canvas *canvas, const struct letters *letters, const char *text)
{
    PangoFontDescription *face = canvas->faces[letters->face];
    pango_font_description_set_absolute_size(face, letters->size * PANGO_SCALE);
    pango_layout_set_width(canvas->layout, -1);
    pango_layout_set_ellipsize(canvas->layout, PANGO_ELLIPSIZE_NONE);
    pango_layout_set_font_description(canvas->layout, face);
    pango_layout_set_single_paragraph_mode(canvas->layout, TRUE);
    PangoAttrList *attributes = pango_attr_list_new();
    /* The difference of a kerned pair must not depend on where a run was cut. */
    pango_attr_list_insert(attributes,
                           pango_attr_letter_spacing_new((int)(letters->spacing * PANGO_SCALE)));
    pango_layout_set_attributes(canvas->layout, attributes);
    pango_attr_list_unref(attributes);
    pango_layout_set_text(canvas->layout, text, -1);
    check_fonts(canvas);
}

static double layout_width(struct canvas *canvas, const struct letters *letters)
{
    PangoRectangle logical;
    pango_layout_get_extents(canvas->layout, NULL, &logical);
    /* Pango puts the spacing behind the last letter too. */
    return fmax(0, (double)logical.width / PANGO_SCALE - letters->spacing);
}

double canvas_text_width(struct canvas *canvas, const struct letters *letters, const char *text)
{
    lay_out(canvas, letters, text);
    return layout_width(canvas, letters);
}

/* Outlines instead of cached glyphs: those stand on whole pixels, so that turned words dance. */
static void paint_line(struct canvas *canvas, const struct letters *letters, PangoLayoutLine *line)
{
    cairo_new_path(canvas->cairo);
    cairo_move_to(canvas->cairo, 0, 0);
    pango_cairo_layout_line_path(canvas->cairo, line);
    cairo_set_fill_rule(canvas->cairo, CAIRO_FILL_RULE_WINDING);
    if (letters->halo > 0)
        canvas_stroke_keep(
            canvas, &(struct pen){.colour = letters->halo_colour, .width = 2 * letters->halo});
    canvas_fill(canvas, letters->colour);
    cairo_set_fill_rule(canvas->cairo, CAIRO_FILL_RULE_EVEN_ODD);
}

static void paint_line_at(struct canvas *canvas, const struct letters *letters,
                          PangoLayoutLine *line, struct spot spot)
{
    if (!usable(canvas, spot.x, spot.y) || !usable(canvas, spot.angle, 0))
        return;
    cairo_save(canvas->cairo);
    cairo_translate(canvas->cairo, spot.x, spot.y);
    cairo_rotate(canvas->cairo, spot.angle);
    paint_line(canvas, letters, line);
    cairo_restore(canvas->cairo);
}

void canvas_text(struct canvas *canvas, struct spot spot, const struct letters *letters,
                 const char *text)
{
    lay_out(canvas, letters, text);
    double width = layout_width(canvas, letters);
    if (spot.width_most > 0 && width > spot.width_most) {
        pango_layout_set_width(canvas->layout, (int)(spot.width_most * PANGO_SCALE));
        pango_layout_set_ellipsize(canvas->layout, PANGO_ELLIPSIZE_END);
        width = fmin(layout_width(canvas, letters), spot.width_most);
    }
    double shift = spot.align == ALIGN_LEFT ? 0 : spot.align == ALIGN_CENTRE ? width / 2 : width;
    spot.x -= shift * cos(spot.angle);
    spot.y -= shift * sin(spot.angle);
    paint_line_at(canvas, letters, pango_layout_get_line_readonly(canvas->layout, 0), spot);
}

/* Of DejaVu Sans, in parts of its size (1493 and 483 of 2048 units). */
double canvas_cap_height(double size)
{
    return size * 0.729;
}

double canvas_descent(double size)
{
    return size * 0.236;
}

int canvas_paragraph(struct canvas *canvas, const struct letters *letters, const char *text,
                     const struct paragraph *paragraph)
{
    lay_out(canvas, letters, text);
    pango_layout_set_width(canvas->layout, (int)(paragraph->width * PANGO_SCALE));
    pango_layout_set_wrap(canvas->layout, PANGO_WRAP_WORD_CHAR);
    if (paragraph->lines_most > 0) {
        pango_layout_set_height(canvas->layout, -paragraph->lines_most);
        pango_layout_set_ellipsize(canvas->layout, PANGO_ELLIPSIZE_END);
    }
    int lines = pango_layout_get_line_count(canvas->layout);
    for (int i = 0; i < lines && !paragraph->measure; i++)
        paint_line_at(canvas, letters, pango_layout_get_line_readonly(canvas->layout, i),
                      (struct spot){.x = paragraph->x, .y = paragraph->y + i * paragraph->leading});
    pango_layout_set_height(canvas->layout, -1);
    return lines;
}

/* Texts on a canvas: set in fonts that are loaded by file, measured, drawn as they are or in lines.
 */
#include "engine/draw/canvas.h"

#include "engine/draw/canvas_state.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

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
static void set_up(struct canvas *canvas)
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

bool canvas_text_open(struct canvas *canvas, struct error *error)
{
    if (!load_fonts(canvas, error))
        return false;
    set_up(canvas);
    return true;
}

void canvas_text_close(struct canvas *canvas)
{
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

static bool is_laid_out(const struct canvas *canvas, const struct letters *letters,
                        const char *text)
{
    const struct laid_out *last = &canvas->laid_out;
    return text[0] != '\0' && last->face == letters->face && last->size == letters->size
           && last->spacing == letters->spacing && strcmp(last->text, text) == 0;
}

/* A longer one counts as none. */
static void remember(struct canvas *canvas, const struct letters *letters, const char *text)
{
    size_t length = strlen(text);
    bool fits = length < sizeof canvas->laid_out.text;
    canvas->laid_out = (struct laid_out){letters->face, letters->size, letters->spacing, ""};
    memcpy(canvas->laid_out.text, text, fits ? length : 0);
}

/* The end of the unit that stands at `at`; NULL: none does. */
static const char *unit_end(const char *at)
{
    static const char *const UNITS[] = {"m", "m²", "km", "km²", "ha", "cm", "mm", "%"};
    for (size_t i = 0; i < sizeof UNITS / sizeof *UNITS; i++) {
        size_t length = strlen(UNITS[i]);
        if (strncmp(at, UNITS[i], length) == 0
            && (at[length] == '\0' || strchr(" .,;:)/", at[length]) != NULL))
            return at + length;
    }
    return NULL;
}

/* No line ends between a number and its unit. */
static void keep_units(PangoAttrList *attributes, const char *text)
{
    for (const char *at = strchr(text, ' '); at != NULL; at = strchr(at + 1, ' ')) {
        bool number = at > text && at[-1] >= '0' && at[-1] <= '9';
        const char *end = number ? unit_end(at + 1) : NULL;
        if (end == NULL)
            continue;
        PangoAttribute *together = pango_attr_allow_breaks_new(FALSE);
        together->start_index = (guint)(at - 1 - text);
        together->end_index = (guint)(end - text);
        pango_attr_list_insert(attributes, together);
    }
}

static void lay_out(struct canvas *canvas, const struct letters *letters, const char *text)
{
    PangoFontDescription *face = canvas->faces[letters->face];
    if (is_laid_out(canvas, letters, text))
        return;
    remember(canvas, letters, text);
    pango_font_description_set_absolute_size(face, letters->size * PANGO_SCALE);
    pango_layout_set_width(canvas->layout, -1);
    pango_layout_set_ellipsize(canvas->layout, PANGO_ELLIPSIZE_NONE);
    pango_layout_set_font_description(canvas->layout, face);
    pango_layout_set_single_paragraph_mode(canvas->layout, TRUE);
    PangoAttrList *attributes = pango_attr_list_new();
    /* The difference of a kerned pair must not depend on where a run was cut. */
    pango_attr_list_insert(attributes,
                           pango_attr_letter_spacing_new((int)(letters->spacing * PANGO_SCALE)));
    keep_units(attributes, text);
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

static void paint_halo(struct canvas *canvas, const struct letters *letters, PangoLayoutLine *line)
{
    if (!(letters->halo > 0))
        return;
    cairo_move_to(canvas->cairo, 0, 0);
    pango_cairo_layout_line_path(canvas->cairo, line);
    canvas_stroke(canvas,
                  &(struct pen){.colour = letters->halo_colour, .width = 2 * letters->halo});
}

/* A run as one piece, which stands for one piece of text: readers take the letters of turned and of
 * spaced words for words of their own. */
static void show_run(struct canvas *canvas, const PangoGlyphItem *run, double x)
{
    enum { GLYPHS_MOST = 512 };
    cairo_glyph_t glyphs[GLYPHS_MOST];
    const PangoGlyphString *shaped = run->glyphs;
    int count = shaped->num_glyphs < GLYPHS_MOST ? shaped->num_glyphs : GLYPHS_MOST;
    const char *text = pango_layout_get_text(canvas->layout) + run->item->offset;
    const cairo_text_cluster_t whole = {run->item->length, count};
    for (int i = 0; i < count; i++) {
        const PangoGlyphGeometry *geometry = &shaped->glyphs[i].geometry;
        glyphs[i] =
            (cairo_glyph_t){shaped->glyphs[i].glyph, x + (double)geometry->x_offset / PANGO_SCALE,
                            (double)geometry->y_offset / PANGO_SCALE};
        x += (double)geometry->width / PANGO_SCALE;
    }
    cairo_set_scaled_font(canvas->cairo, pango_cairo_font_get_scaled_font(
                                             (PangoCairoFont *)run->item->analysis.font));
    cairo_show_text_glyphs(canvas->cairo, text, run->item->length, glyphs, count, &whole, 1, 0);
}

static double run_width(const PangoGlyphItem *run)
{
    double width = 0;
    for (int i = 0; i < run->glyphs->num_glyphs; i++)
        width += (double)run->glyphs->glyphs[i].geometry.width / PANGO_SCALE;
    return width;
}

/* In a file letters, so that they can be looked for and copied. */
static void show_line(struct canvas *canvas, const struct letters *letters, PangoLayoutLine *line,
                      bool whole)
{
    double x = 0;
    paint_halo(canvas, letters, line);
    cairo_move_to(canvas->cairo, 0, 0);
    canvas_take_colour(canvas, letters->colour);
    if (!whole)
        pango_cairo_show_layout_line(canvas->cairo, line);
    for (GSList *at = line->runs; whole && at != NULL; at = at->next) {
        show_run(canvas, at->data, x);
        x += run_width(at->data);
    }
    cairo_new_path(canvas->cairo);
}

/* In an image outlines instead of cached glyphs: those stand on whole pixels, so that turned words
 * dance. */
static void paint_line(struct canvas *canvas, const struct letters *letters, PangoLayoutLine *line)
{
    cairo_new_path(canvas->cairo);
    cairo_move_to(canvas->cairo, 0, 0);
    pango_cairo_layout_line_path(canvas->cairo, line);
    if (!canvas_collect_line(canvas, letters))
        canvas->unlettered = true;
    cairo_new_path(canvas->cairo);
}

void canvas_watch_texts(struct canvas *canvas, struct labels *written)
{
    canvas->written = written;
}

static void tell_line(struct canvas *canvas, const struct letters *letters, PangoLayoutLine *line,
                      const struct spot *spot)
{
    PangoRectangle logical;
    pango_layout_line_get_extents(line, NULL, &logical);
    double half = fmax((double)logical.width / PANGO_SCALE - letters->spacing, 0) / 2;
    double up = canvas_cap_height(letters->size) / 2, c = cos(spot->angle), s = sin(spot->angle);
    const struct label_box box = {spot->x + half * c + up * s, spot->y + half * s - up * c, half,
                                  up, spot->angle};
    labels_take(canvas->written, &box, LABEL_TEXT, NULL); /* for tests: no loss */
}

static void paint_line_at(struct canvas *canvas, const struct letters *letters,
                          PangoLayoutLine *line, struct spot spot)
{
    if (!canvas_usable(canvas, spot.x, spot.y) || !canvas_usable(canvas, spot.angle, 0))
        return;
    if (canvas->written)
        tell_line(canvas, letters, line, &spot);
    cairo_save(canvas->cairo);
    cairo_translate(canvas->cairo, spot.x, spot.y);
    cairo_rotate(canvas->cairo, spot.angle);
    if (canvas->kind == KIND_IMAGE)
        paint_line(canvas, letters, line);
    else
        show_line(canvas, letters, line, spot.angle != 0 || letters->spacing > 0);
    cairo_restore(canvas->cairo);
}

void canvas_text(struct canvas *canvas, struct spot spot, const struct letters *letters,
                 const char *text)
{
    lay_out(canvas, letters, text);
    double width = layout_width(canvas, letters);
    if (spot.width_most > 0 && width > spot.width_most) {
        canvas->laid_out.text[0] = '\0';
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
    canvas->laid_out.text[0] = '\0';
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

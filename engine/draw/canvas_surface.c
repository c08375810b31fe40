/* What a canvas draws on: an image, strips of it, or the pages of a PDF or SVG file. */
#include "engine/draw/canvas.h"

#include "engine/draw/canvas_state.h"

#include <math.h>
#include <string.h>

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

static struct canvas *open_canvas(enum canvas_kind kind, struct canvas_size size,
                                  struct error *error)
{
    struct canvas *canvas;
    if (!check_size(size, error) || !canvas_library_load(error)
        || !array_new(&canvas, 1, sizeof *canvas, error))
        return NULL;
    canvas->kind = kind;
    canvas->size = size;
    return canvas;
}

static struct canvas *begin_sheet(struct canvas *canvas, struct error *error)
{
    double scale = canvas->kind == KIND_IMAGE ? canvas->size.scale : 1;
    canvas->cairo = cairo_create(canvas->surface);
    bool done = canvas_text_open(canvas, error);
    if (done && cairo_status(canvas->cairo) != CAIRO_STATUS_SUCCESS)
        done = error_set(error, ERROR_INTERNAL, "a sheet of %d by %d pixels does not fit in memory",
                         canvas->size.width_px, canvas->size.height_px);
    if (!done) {
        canvas_close(canvas);
        return NULL;
    }
    cairo_scale(canvas->cairo, scale, scale);
    cairo_set_source_rgb(canvas->cairo, 1, 1, 1);
    cairo_paint(canvas->cairo);
    cairo_set_fill_rule(canvas->cairo, CAIRO_FILL_RULE_EVEN_ODD);
    return canvas;
}

struct canvas *canvas_open_image(struct canvas_size size, struct error *error)
{
    struct canvas *canvas = open_canvas(KIND_IMAGE, size, error);
    if (!canvas)
        return NULL;
    canvas->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, size.width_px, size.height_px);
    return begin_sheet(canvas, error);
}

static cairo_status_t keep_bytes(void *state, const unsigned char *bytes, unsigned size)
{
    struct canvas_bytes *file = state;
    struct capacity capacity = {file->capacity, 1};
    if (!array_reserve(&file->bytes, &capacity, file->size + size, NULL))
        return CAIRO_STATUS_WRITE_ERROR;
    file->capacity = capacity.held;
    memcpy(file->bytes + file->size, bytes, size);
    file->size += size;
    return CAIRO_STATUS_SUCCESS;
}

struct canvas *canvas_open_vector(enum canvas_file file, struct canvas_size size,
                                  struct error *error)
{
    struct canvas *canvas = open_canvas(file == CANVAS_PDF ? KIND_PDF : KIND_SVG, size, error);
    if (!canvas)
        return NULL;
    double width = size.width > 0 ? size.width : size.width_px / size.scale;
    double height = size.height > 0 ? size.height : size.height_px / size.scale;
    canvas->surface =
        file == CANVAS_PDF
            ? cairo_pdf_surface_create_for_stream(keep_bytes, &canvas->file, width, height)
            : cairo_svg_surface_create_for_stream(keep_bytes, &canvas->file, width, height);
    return begin_sheet(canvas, error);
}

void canvas_close(struct canvas *canvas)
{
    if (!canvas)
        return;
    canvas_text_close(canvas);
    canvas_forget_lines(canvas);
    array_free(&canvas->letterings);
    cairo_destroy(canvas->cairo);
    cairo_surface_destroy(canvas->surface);
    array_free(&canvas->file.bytes);
    array_free(&canvas);
}

bool canvas_is_vector(const struct canvas *canvas)
{
    return canvas->kind != KIND_IMAGE;
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

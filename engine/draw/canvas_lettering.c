/* Paints the texts of an image, once all else is drawn: by rows of it, on several threads. */
#include "engine/draw/canvas.h"

#include "engine/draw/canvas_state.h"

#include "engine/core/parallel.h"

#include <math.h>

/* A line of text as it stands on the image: its letters' outlines, in pixels. */
struct lettering {
    cairo_path_t *path;
    struct letters look;
    double top, bottom; /* that its paint can reach */
};

enum { SHEAVES = 8 };

struct laying {
    const struct canvas *whole;
    struct canvas *strips[SHEAVES];
    struct canvas_rows rows[SHEAVES];
};

bool canvas_collect_line(struct canvas *canvas, const struct letters *letters)
{
    struct capacity capacity = {canvas->lettering_capacity, sizeof *canvas->letterings};
    const double edge = 2; /* pixels: what smooth edges reach past an outline, and more */
    double reach = letters->halo * canvas->size.scale + edge, left, right;
    struct lettering line = {.look = *letters};
    if (!array_reserve(&canvas->letterings, &capacity, canvas->lettering_count + 1, NULL))
        return false;
    canvas->lettering_capacity = capacity.held;
    cairo_identity_matrix(canvas->cairo);
    cairo_path_extents(canvas->cairo, &left, &line.top, &right, &line.bottom);
    line.top -= reach;
    line.bottom += reach;
    line.path = cairo_copy_path(canvas->cairo);
    canvas->letterings[canvas->lettering_count++] = line;
    return line.path->status == CAIRO_STATUS_SUCCESS;
}

/* What is around letters differs little from what it lies on, letters do. */
static void paint_line(struct canvas *canvas, const struct lettering *line)
{
    cairo_new_path(canvas->cairo);
    cairo_append_path(canvas->cairo, line->path);
    if (line->look.halo > 0) {
        cairo_set_antialias(canvas->cairo, CAIRO_ANTIALIAS_FAST);
        canvas_stroke_keep(canvas,
                           &(struct pen){.colour = line->look.halo_colour,
                                         .width = 2 * line->look.halo * canvas->size.scale});
        cairo_set_antialias(canvas->cairo, CAIRO_ANTIALIAS_DEFAULT);
    }
    canvas_fill_joined(canvas, line->look.colour);
}

static bool paint_sheaf(void *state, size_t chunk, int worker, struct error *error)
{
    const struct laying *laying = state;
    const struct canvas *whole = laying->whole;
    struct canvas *strip = laying->strips[chunk];
    (void)worker, (void)error;
    cairo_identity_matrix(strip->cairo);
    for (size_t i = 0; i < whole->lettering_count; i++) {
        const struct lettering *line = &whole->letterings[i];
        if (line->bottom >= laying->rows[chunk].first && line->top <= laying->rows[chunk].end)
            paint_line(strip, line);
    }
    return true;
}

void canvas_forget_lines(struct canvas *canvas)
{
    for (size_t i = 0; i < canvas->lettering_count; i++)
        cairo_path_destroy(canvas->letterings[i].path);
    canvas->lettering_count = 0;
}

bool canvas_lay_texts(struct canvas *canvas, int thread_count, struct error *error)
{
    struct laying laying = {.whole = canvas};
    int height = canvas->size.height_px, count = 0;
    bool done = canvas_check(canvas, error);
    if (!done || canvas->lettering_count == 0)
        return done;
    for (; done && count < SHEAVES; count++) {
        laying.rows[count] = (struct canvas_rows){(int)((int64_t)height * count / SHEAVES),
                                                  (int)((int64_t)height * (count + 1) / SHEAVES)};
        laying.strips[count] = canvas_open_strip(canvas, laying.rows[count], error);
        done = laying.strips[count] != NULL;
    }
    done =
        done
        && parallel_for(&(struct parallel_job){paint_sheaf, &laying, SHEAVES, thread_count}, error);
    for (int i = 0; i < count; i++)
        done = canvas_close_strip(laying.strips[i], canvas, done ? error : NULL) && done;
    canvas_forget_lines(canvas);
    return done;
}

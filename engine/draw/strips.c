/* Draws layers of a map in strips, on several threads. */
#include "engine/draw/strips.h"

#include "engine/core/parallel.h"

#include <math.h>

enum { STRIPS = 4 };

struct stripping {
    const struct ground *ground;
    ground_layer *const *layers;
    struct canvas *strips[STRIPS];
};

/* A share of the frame's own rows of pixels. */
static struct canvas_rows strip_rows(const struct ground *ground, int number)
{
    double scale = canvas_scale(ground->kit.canvas);
    const double hair = 1e-6; /* a frame on whole pixels takes no more rows */
    int first = (int)floor(ground->view.y * scale + hair);
    int end = (int)ceil((ground->view.y + ground->view.height) * scale - hair);
    return (struct canvas_rows){first + (end - first) * number / STRIPS,
                                first + (end - first) * (number + 1) / STRIPS};
}

static bool draw_strip(void *state, size_t chunk, int worker, struct error *error)
{
    const struct stripping *stripping = state;
    struct ground part = *stripping->ground;
    struct canvas_rows rows = strip_rows(stripping->ground, (int)chunk);
    double scale = canvas_scale(part.kit.canvas);
    bool done = true;
    (void)worker;
    if (rows.first == rows.end)
        return true;
    part.top = rows.first / scale;
    part.bottom = rows.end / scale;
    part.kit.canvas = stripping->strips[chunk];
    for (size_t i = 0; done && stripping->layers[i] != NULL; i++)
        done = stripping->layers[i](&part, error);
    return done;
}

/* A sheet of lines and texts has no rows of pixels: it is drawn in one. */
static bool draw_whole(const struct ground *ground, ground_layer *const *layers,
                       struct error *error)
{
    struct ground whole = *ground;
    bool done = true;
    for (size_t i = 0; done && layers[i] != NULL; i++)
        done = layers[i](&whole, error);
    return done;
}

bool strips_draw(const struct ground *ground, ground_layer *const *layers, struct error *error)
{
    struct stripping stripping = {.ground = ground, .layers = layers};
    struct canvas *canvas = ground->kit.canvas;
    const struct parallel_job job = {draw_strip, &stripping, STRIPS, ground->kit.thread_count};
    bool done = true;
    if (canvas_is_vector(canvas))
        return draw_whole(ground, layers, error);
    for (int i = 0; done && i < STRIPS; i++) {
        stripping.strips[i] = canvas_open_strip(canvas, strip_rows(ground, i), error);
        done = stripping.strips[i] != NULL;
    }
    done = done && parallel_for(&job, error);
    for (int i = 0; i < STRIPS; i++)
        done = canvas_close_strip(stripping.strips[i], canvas, done ? error : NULL) && done;
    return done;
}

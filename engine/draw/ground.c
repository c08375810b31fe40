/* The map itself: what lies in the frame, layer by layer. */
#include "engine/draw/ground.h"

#include "engine/draw/hatching.h"
#include "engine/draw/isolines.h"

#include <math.h>

static bool trace_ground(struct ground *ground, struct error *error)
{
    const struct map_sheet *sheet = ground->sheet;
    const struct view *view = &ground->view;
    bool done = true;
    bool buildings = ground->kit.style->layers.buildings;
    for (size_t i = 0; done && i < sheet->feature_count; i++)
        if (buildings || sheet->features[i].kind != MAP_BUILDING)
            done = trace_shape(
                &ground->features[i],
                &(struct drawn){view, sheet->features[i].shape, sheet->features[i].is_area}, error);
    for (size_t i = 0; done && i < sheet->area_count; i++)
        done = trace_shape(&ground->areas[i], &(struct drawn){view, sheet->areas[i].shape, true},
                           error);
    for (size_t i = 0; done && i < sheet->border_count; i++)
        done = trace_shape(&ground->borders[i],
                           &(struct drawn){view, sheet->borders[i].line, false}, error)
               && trace_join(&ground->borders[i], error);
    for (size_t i = 0; done && i < sheet->cluster_count; i++)
        done = trace_shape(&ground->outlines[i],
                           &(struct drawn){view, sheet->clusters[i].outline, true}, error);
    return done;
}

bool ground_hatch(struct ground *ground, struct error *error)
{
    const struct style *style = ground->kit.style;
    double scale = canvas_scale(ground->kit.canvas) * ground->kit.unit;
    const struct hatching hatching = {
        .line = style->colour.hatch,
        .edge = style->colour.hatch_edge,
        .ground = style->colour.hatch_ground,
        .width = 0.4 * scale,
        .spacing = 2.2 * scale,
    };
    return !ground->heat.has_withheld
           || hatching_draw(&ground->hatch, &ground->heat, &hatching, error);
}

static bool make_heat(struct ground *ground, struct error *error)
{
    const struct map_sheet *sheet = ground->sheet;
    struct colour colours[CLASSES_FINE_MOST];
    if (!sheet->density || !sheet->density->values || sheet->classes.count == 0)
        return true;
    style_heat_colours(colours, &sheet->classes, ground->kit.style);
    struct heat_source source = {
        .density = sheet->density,
        .support = sheet->support,
        .least_support = sheet->least_support,
        .smallest_hatched_m2 = sheet->smallest_hatched_m2,
        .smallest_coloured_m2 = sheet->smallest_coloured_m2,
        .classes = &sheet->classes,
        .colours = colours,
        .no_data = ground->kit.style->colour.outside,
        .view = &ground->view,
        .pixels_per_point = canvas_scale(ground->kit.canvas),
        .thread_count = ground->kit.thread_count,
    };
    return heat_read(&ground->heat, &source, error) && ground_hatch(ground, error);
}

bool ground_open(struct ground *ground, struct error *error)
{
    const struct map_sheet *sheet = ground->sheet;
    return array_new(&ground->features, sheet->feature_count, sizeof *ground->features, error)
           && array_new(&ground->areas, sheet->area_count, sizeof *ground->areas, error)
           && array_new(&ground->borders, sheet->border_count, sizeof *ground->borders, error)
           && array_new(&ground->outlines, sheet->cluster_count, sizeof *ground->outlines, error)
           && trace_ground(ground, error) && make_heat(ground, error)
           && (!sheet->contours || ground->heat.pixels == NULL
               || isolines_trace(&ground->contours, ground->sheet, &ground->view, error));
}

static void free_traces(struct trace **traces, size_t count)
{
    for (size_t i = 0; *traces && i < count; i++)
        trace_free(&(*traces)[i]);
    array_free(traces);
}

void ground_close(struct ground *ground)
{
    if (ground->sheet) {
        free_traces(&ground->features, ground->sheet->feature_count);
        free_traces(&ground->areas, ground->sheet->area_count);
        free_traces(&ground->borders, ground->sheet->border_count);
        free_traces(&ground->outlines, ground->sheet->cluster_count);
    }
    free_traces(&ground->contours, CLASSES_MOST);
    heat_free(&ground->heat);
    array_free(&ground->hatch);
    labels_free(&ground->labels);
}

const struct map_cluster *ground_finding(const struct map_sheet *sheet)
{
    for (size_t i = 0; i < sheet->cluster_count; i++)
        if (sheet->clusters[i].listed)
            return &sheet->clusters[i];
    return NULL;
}

size_t ground_side(const struct map_area *area)
{
    return area->side < STYLE_SIDES ? area->side : STYLE_SIDES - 1;
}

bool ground_land(struct ground *ground, struct error *error)
{
    (void)error;
    const struct view *view = &ground->view;
    canvas_rectangle(ground->kit.canvas, ground->kit.style->colour.land,
                     (double[4]){view->x, view->y, view->width, view->height});
    return true;
}

/* Whether anything is coloured within so many points of a shape. */
static bool is_on_heat(const struct ground *ground, const struct trace *trace, double reach)
{
    const struct view *view = &ground->view;
    double scale = canvas_scale(ground->kit.canvas);
    return heat_may_colour(&ground->heat, (double[4]){(trace->left - reach - view->x) * scale,
                                                      (trace->right + reach - view->x) * scale,
                                                      (trace->top - reach - view->y) * scale,
                                                      (trace->bottom + reach - view->y) * scale});
}

bool ground_is_near(const struct ground *ground, const struct trace *trace, double width)
{
    const double edge = 2; /* points: what smooth edges reach past a shape, and more */
    if (ground->on_heat && !is_on_heat(ground, trace, width + edge))
        return false;
    if (!(ground->top < ground->bottom))
        return true;
    return trace->top - width - edge <= ground->bottom
           && trace->bottom + width + edge >= ground->top;
}

double ground_border_width(const struct ground *ground)
{
    const struct style *style = ground->kit.style;
    return (ground->small ? style->line.border_small : style->line.border) * ground->kit.k;
}

void ground_frame_begin(struct ground *ground)
{
    canvas_save(ground->kit.canvas);
    view_clip(ground->kit.canvas, &ground->view);
}

void ground_frame_end(struct ground *ground)
{
    canvas_restore(ground->kit.canvas);
}

static const struct trace *own_trace(const struct ground *ground)
{
    return &ground->areas[ground->own - ground->sheet->areas];
}

void ground_own_begin(struct ground *ground)
{
    ground_frame_begin(ground);
    if (!ground->own)
        return;
    trace_draw(ground->kit.canvas, own_trace(ground), true);
    canvas_clip(ground->kit.canvas);
}

void ground_own_end(struct ground *ground)
{
    ground_frame_end(ground);
}

bool ground_has_data(const struct ground *ground, double x, double y)
{
    return !ground->own || trace_holds(own_trace(ground), x, y);
}

struct canvas_picture ground_picture(double box[4], const struct ground *ground,
                                     const uint32_t *pixels)
{
    double scale = canvas_scale(ground->kit.canvas);
    box[0] = ground->view.x;
    box[1] = ground->view.y;
    box[2] = ground->heat.width / scale;
    box[3] = ground->heat.height / scale;
    return (struct canvas_picture){pixels, ground->heat.width, ground->heat.height};
}

static void paint_pixels(struct ground *ground, const uint32_t *pixels)
{
    double box[4];
    struct canvas_picture picture = ground_picture(box, ground, pixels);
    canvas_picture(ground->kit.canvas, &picture, box);
}

bool ground_heat(struct ground *ground, struct error *error)
{
    (void)error;
    if (!ground->heat.pixels)
        return true;
    ground_own_begin(ground);
    paint_pixels(ground, ground->heat.pixels);
    ground_own_end(ground);
    return true;
}

bool ground_withheld(struct ground *ground, struct error *error)
{
    (void)error;
    if (ground->hatch == NULL)
        return true;
    ground_own_begin(ground);
    paint_pixels(ground, ground->hatch);
    ground_own_end(ground);
    return true;
}

bool ground_contours(struct ground *ground, struct error *error)
{
    (void)error;
    if (ground->contours == NULL)
        return true;
    ground_own_begin(ground);
    isolines_draw(&ground->kit, ground->contours, &ground->sheet->classes);
    ground_own_end(ground);
    return true;
}

bool ground_shows_outside(const struct ground *ground)
{
    enum { STEPS = 12 };
    const struct view *view = &ground->view;
    for (int i = 0; i < STEPS * STEPS && ground->sheet->area_count > 0; i++) {
        double x = view->x + view->width * (i % STEPS + 0.5) / STEPS;
        double y = view->y + view->height * ((int)(i / STEPS) + 0.5) / STEPS;
        bool held = false;
        for (size_t a = 0; a < ground->sheet->area_count && !held; a++)
            held = trace_holds(&ground->areas[a], x, y);
        if (!held)
            return true;
    }
    return false;
}

/* A wash over what no area has; areas may overlap. */
bool ground_outside(struct ground *ground, struct error *error)
{
    (void)error;
    const struct view *view = &ground->view;
    struct veil veil = {.colour = ground->kit.style->colour.outside,
                        .box = (double[4]){view->x, view->y, view->width, view->height}};
    if (ground->sheet->area_count == 0)
        return true;
    ground_frame_begin(ground);
    canvas_veil_begin(ground->kit.canvas, &veil);
    for (size_t i = 0; i < ground->sheet->area_count; i++)
        if (ground->areas[i].part_count > 0) {
            trace_draw(ground->kit.canvas, &ground->areas[i], true);
            canvas_veil_take(ground->kit.canvas, &veil);
        }
    canvas_veil_end(ground->kit.canvas, &veil);
    ground_frame_end(ground);
    return true;
}

/* The lines keep their places from the frame's corner, so that maps of one row are hatched alike.
 */
static void hatch_frame(struct ground *ground)
{
    const struct view *view = &ground->view;
    const double spacing = 6 * 1.41421356 * ground->kit.unit;
    for (double x = view->x - view->height; x < view->x + view->width; x += spacing) {
        canvas_move(ground->kit.canvas, x, view->y + view->height);
        canvas_line(ground->kit.canvas, x + view->height, view->y);
    }
    canvas_stroke(ground->kit.canvas,
                  &(struct pen){.colour = ground->kit.style->colour.no_data_hatch,
                                .width = 0.4 * ground->kit.unit,
                                .flat = true});
}

bool ground_no_data(struct ground *ground, struct error *error)
{
    (void)error;
    const struct view *view = &ground->view;
    struct canvas *canvas = ground->kit.canvas;
    if (!ground->own)
        return true;
    ground_frame_begin(ground);
    trace_draw(canvas, own_trace(ground), true);
    canvas_clip_out(canvas, (double[4]){view->x, view->y, view->width, view->height});
    for (size_t i = 0; i < ground->sheet->area_count; i++) {
        if (&ground->sheet->areas[i] == ground->own || ground->areas[i].part_count == 0)
            continue;
        canvas_save(canvas);
        trace_draw(canvas, &ground->areas[i], true);
        canvas_clip(canvas);
        canvas_rectangle(canvas, ground->kit.style->colour.no_data,
                         (double[4]){view->x, view->y, view->width, view->height});
        hatch_frame(ground);
        canvas_restore(canvas);
    }
    ground_frame_end(ground);
    return true;
}

/* Every area's whole edge, thin; the shared parts are drawn over by the borders. */
bool ground_outer_borders(struct ground *ground, struct error *error)
{
    (void)error;
    const struct style *style = ground->kit.style;
    ground_frame_begin(ground);
    for (size_t i = 0; i < ground->sheet->area_count; i++) {
        trace_draw(ground->kit.canvas, &ground->areas[i], true);
        canvas_stroke(ground->kit.canvas,
                      &(struct pen){.colour = style->colour.outer_border,
                                    .width = style->line.outer_border * ground->kit.k});
    }
    ground_frame_end(ground);
    return true;
}

static void add_borders(struct ground *ground)
{
    for (size_t i = 0; i < ground->sheet->border_count; i++)
        trace_draw(ground->kit.canvas, &ground->borders[i], false);
}

double ground_border_casing(const struct ground *ground)
{
    const struct style *style = ground->kit.style;
    double width = ground_border_width(ground);
    /* So many metres would drown a map of a whole region or of a single square. */
    double wide = fmin(style->line.casing_ground_m * ground->view.scale, 5 * width);
    return fmax(width + style->line.border_casing * ground->kit.k, wide);
}

bool ground_borders(struct ground *ground, struct error *error)
{
    ground_frame_begin(ground);
    add_borders(ground);
    canvas_stroke(ground->kit.canvas, &(struct pen){.colour = ground->kit.style->colour.casing,
                                                    .width = ground_border_casing(ground)});
    ground_frame_end(ground);
    return ground_border_lines(ground, error);
}

bool ground_border_lines(struct ground *ground, struct error *error)
{
    (void)error;
    ground_frame_begin(ground);
    add_borders(ground);
    canvas_stroke(ground->kit.canvas, &(struct pen){.colour = ground->kit.style->colour.border,
                                                    .width = ground_border_width(ground)});
    ground_frame_end(ground);
    return true;
}

bool ground_scale(struct ground *ground, struct error *error)
{
    (void)error;
    struct corner corner = {.frame = view_frame(&ground->view),
                            .points_per_metre = ground->view.scale,
                            .texts = &ground->sheet->texts,
                            .left = ground->scale_left};
    furniture_scale(&ground->kit, &corner);
    return true;
}

bool ground_frame(struct ground *ground, struct error *error)
{
    (void)error;
    const struct view *view = &ground->view;
    canvas_add_rectangle(ground->kit.canvas,
                         (double[4]){view->x, view->y, view->width, view->height});
    canvas_stroke(ground->kit.canvas,
                  &(struct pen){.colour = ground->kit.style->colour.frame,
                                .width = ground->kit.style->line.frame * ground->kit.k,
                                .mitred = true});
    return true;
}

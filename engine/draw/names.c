/* Everything on the map that is read: badges, names of jurisdictions along their border, of
 * clusters, water, green and streets. */
#include "engine/draw/names.h"

#include "engine/draw/badges.h"
#include "engine/draw/bordernames.h"
#include "engine/draw/markers.h"
#include "engine/draw/nextframe.h"
#include "engine/draw/placenames.h"

#include <math.h>

static bool block_lines(struct ground *ground, const struct trace *trace, double width,
                        struct error *error)
{
    for (size_t part = 0; part < trace->part_count; part++)
        for (size_t i = trace->starts[part] + 1; i < trace->starts[part + 1]; i++)
            if (!labels_block_line(
                    &ground->labels,
                    (double[4]){trace->x[i - 1], trace->y[i - 1], trace->x[i], trace->y[i]}, width,
                    error))
                return false;
    return true;
}

/* The stretch of a ring between two heights, from left to right; false when it does not reach
 * there. */
static bool stretch_between(double *left, double *right, const struct trace *trace,
                            const double heights[2])
{
    *left = INFINITY;
    *right = -INFINITY;
    for (size_t i = 1; i < trace->point_count; i++) {
        double x[2] = {trace->x[i - 1], trace->x[i]}, y[2] = {trace->y[i - 1], trace->y[i]};
        double low = greater(lesser(y[0], y[1]), heights[0]);
        double high = lesser(greater(y[0], y[1]), heights[1]);
        if (low > high)
            continue;
        for (int k = 0; k < 2; k++) {
            double at = k == 0 ? low : high;
            double share = y[0] == y[1] ? k : (at - y[0]) / (y[1] - y[0]);
            *left = lesser(x[0] + (x[1] - x[0]) * share, *left);
            *right = greater(x[0] + (x[1] - x[0]) * share, *right);
        }
    }
    return *left <= *right;
}

/* An outline and all within it, as a pile of flat boxes. */
static bool block_patch(struct ground *ground, const struct trace *trace, struct error *error)
{
    enum { SLABS = 24 };
    double top = INFINITY, bottom = -INFINITY;
    for (size_t i = 0; i < trace->point_count; i++) {
        top = lesser(trace->y[i], top);
        bottom = greater(trace->y[i], bottom);
    }
    double high = (bottom - top) / SLABS, pad = 2 * ground->kit.unit;
    for (int i = 0; i < SLABS && trace->point_count > 1; i++) {
        double left, right, heights[2] = {top + i * high, top + (i + 1) * high};
        if (!stretch_between(&left, &right, trace, heights))
            continue;
        struct label_box box = {(left + right) / 2, (heights[0] + heights[1]) / 2,
                                (right - left) / 2 + pad, high / 2 + pad, 0};
        if (!labels_take(&ground->labels, &box, LABEL_PATCH, error))
            return false;
    }
    return true;
}

static struct label_box scale_box(const struct ground *ground, bool left)
{
    double k = ground->kit.unit;
    struct corner corner = {.frame = view_frame(&ground->view),
                            .points_per_metre = ground->view.scale,
                            .texts = &ground->sheet->texts,
                            .measure = true,
                            .left = left};
    struct box scale = furniture_scale(&ground->kit, &corner);
    return (struct label_box){(scale.x_min + scale.x_max) / 2, (scale.y_min + scale.y_max) / 2,
                              (scale.x_max - scale.x_min) / 2 + 2 * k,
                              (scale.y_max - scale.y_min) / 2 + 2 * k, 0};
}

/* In the right corner, unless a border or a cluster lies there and none in the left one. */
static bool block_scale(struct ground *ground, struct error *error)
{
    struct label_box right = scale_box(ground, false), left = scale_box(ground, true);
    ground->scale_left =
        !labels_fits(&ground->labels, &right) && labels_fits(&ground->labels, &left);
    return labels_take(&ground->labels, ground->scale_left ? &left : &right, LABEL_TEXT, error);
}

bool names_begin(struct ground *ground, struct error *error)
{
    double k = ground->kit.unit, inset = 3 * k;
    struct box frame = view_frame(&ground->view);
    labels_begin(&ground->labels, (struct box){frame.x_min + inset, frame.y_min + inset,
                                               frame.x_max - inset, frame.y_max - inset});
    bool done = true;
    for (size_t i = 0; done && i < ground->sheet->border_count; i++)
        done = block_lines(ground, &ground->borders[i], ground_border_width(ground) + 2 * k, error);
    for (size_t i = 0; done && i < ground->sheet->cluster_count; i++)
        done = block_patch(ground, &ground->outlines[i], error);
    return done && labels_index(&ground->labels, error)
           && (ground->small || block_scale(ground, error));
}

/* With many jurisdictions a name on each side of each border would bury the map. */
static bool names_along_borders(const struct ground *ground)
{
    const size_t visible_most = 4;
    size_t visible = 0;
    for (size_t i = 0; i < ground->sheet->area_count; i++) {
        struct box frame = view_frame(&ground->view), box = box_empty();
        for (size_t p = 0; p < ground->areas[i].point_count; p++)
            box_add(&box, ground->areas[i].x[p], ground->areas[i].y[p]);
        if (box.x_min < frame.x_max && box.x_max > frame.x_min && box.y_min < frame.y_max
            && box.y_max > frame.y_min)
            visible++;
    }
    return visible <= visible_most;
}

static bool draw_jurisdictions(struct ground *ground, struct error *error)
{
    bool *named;
    if (!array_new(&named, ground->sheet->area_count, sizeof *named, error))
        return false;
    bool done = (!names_along_borders(ground) || bordernames_draw(named, ground, error))
                && placenames_draw_areas(named, ground, error);
    array_free(&named);
    return done;
}

bool names_draw(struct ground *ground, struct error *error)
{
    return names_begin(ground, error) && nextframe_draw(ground, error)
           && badges_draw_finding(ground, error) && nextframe_caption(ground, error)
           && markers_draw(ground, error) && draw_jurisdictions(ground, error)
           && badges_draw_others(ground, error) && placenames_draw_features(ground, error);
}

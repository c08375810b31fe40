/* The outlines of clusters on a map, which end where the data does. */
#include "engine/draw/outlines.h"

#include <math.h>

static double outline_width(const struct ground *ground, const struct map_cluster *cluster)
{
    const struct style *style = ground->kit.style;
    if (cluster == ground->finding)
        return style->line.cluster_first * ground->kit.k;
    return (cluster->listed ? style->line.cluster : style->line.cluster_unlisted) * ground->kit.k;
}

/* How far a place lies outside the borders' light edges; below 0: under one. */
static double clear_of_borders(const struct ground *ground, double x, double y)
{
    double nearest = INFINITY;
    for (size_t i = 0; i < ground->sheet->border_count; i++)
        nearest = fmin(nearest, trace_distance(&ground->borders[i], x, y));
    return nearest - ground_border_casing(ground) / 2;
}

/* Adds a line to the path but for what the borders' light edges hide; returns whether its end is
 * free. What is clear of them by so much stays clear for so long. */
static bool add_open_line(struct ground *ground, const double ends[4], bool down)
{
    const double step = 0.25; /* points: how exactly the ends are found */
    double dx = ends[2] - ends[0], dy = ends[3] - ends[1], length = vector_length(dx, dy);
    for (double at = 0;; at = fmin(at, length)) {
        double part = length > 0 ? at / length : 0;
        double x = ends[0] + dx * part, y = ends[1] + dy * part;
        double clear = clear_of_borders(ground, x, y);
        if (clear > 0 && down)
            canvas_line(ground->kit.canvas, x, y);
        else if (clear > 0)
            canvas_move(ground->kit.canvas, x, y);
        down = clear > 0;
        if (at >= length)
            return down;
        at += fmax(clear, step);
    }
}

/* A ring that stays open where a border cuts it. */
static void add_open_outline(struct ground *ground, const struct trace *trace)
{
    for (size_t part = 0; part < trace->part_count; part++) {
        bool down = false;
        for (size_t i = trace->starts[part] + 1; i < trace->starts[part + 1]; i++)
            down = add_open_line(
                ground, (double[4]){trace->x[i - 1], trace->y[i - 1], trace->x[i], trace->y[i]},
                down);
    }
}

static void draw_outlines(struct ground *ground)
{
    const struct style *style = ground->kit.style;
    for (size_t i = ground->sheet->cluster_count; i-- > 0;) {
        const struct map_cluster *cluster = &ground->sheet->clusters[i];
        double width = outline_width(ground, cluster);
        /* The edge shows as much on each side of a thin line as of a thick one. */
        double casing =
            width
            + fmax(style->line.cluster_casing - style->line.cluster_first, 0.6) * ground->kit.k;
        if (!ground_is_near(ground, &ground->outlines[i], casing))
            continue;
        if (ground->own)
            add_open_outline(ground, &ground->outlines[i]);
        else
            trace_draw(ground->kit.canvas, &ground->outlines[i], true);
        bool flat = ground->own != NULL;
        canvas_stroke_keep(
            ground->kit.canvas,
            &(struct pen){.colour = style->colour.casing, .width = casing, .flat = flat});
        canvas_stroke(ground->kit.canvas,
                      &(struct pen){.colour = cluster->listed ? style->colour.outline
                                                              : style->colour.outline_unlisted,
                                    .width = width,
                                    .flat = flat});
    }
}

bool outlines_draw(struct ground *ground, struct error *error)
{
    (void)error;
    ground_own_begin(ground);
    draw_outlines(ground);
    ground_own_end(ground);
    return true;
}

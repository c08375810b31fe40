/* A chart of the second side's share in each cluster, with its interval and what the rule says. */
#include "engine/draw/leadchart.h"

#include <math.h>
#include <stdio.h>

/* The part where shares are plotted, points. */
struct plot {
    double x, y, width, height;
    double row_height;
};

static double plot_x(const struct plot *plot, double share)
{
    return plot->x + plot->width * fmin(fmax(share, 0), 1);
}

static struct letters row_letters(const struct block *block, bool finding)
{
    return block_ink(block, finding ? FACE_CONDENSED_BOLD : FACE_CONDENSED,
                     block->kit.style->type.note * 0.95);
}

/* Of the labels, each with its share behind it, and of the verdicts. */
static double widest_words(const struct block *block, const struct lead_chart *chart, size_t count)
{
    double widest = 0;
    for (size_t i = 0; i < count; i++) {
        const struct lead_row *row = &chart->rows[i];
        char figure[FIGURE_TEXT];
        struct letters letters = row_letters(block, row->finding);
        block_percent(figure, row->share, block->texts);
        double label = canvas_text_width(block->kit.canvas, &letters, figure) + letters.size * 0.3;
        if (map_has(row->label))
            label += canvas_text_width(block->kit.canvas, &letters, row->label);
        widest = fmax(widest, label);
        if (map_has(row->verdict))
            widest = fmax(widest, canvas_text_width(block->kit.canvas, &letters, row->verdict));
    }
    return widest;
}

/* A stretch of the plot in the wash of a side. */
struct wash {
    size_t side;
    double left, right;
};

static struct letters side_letters(const struct block *block)
{
    return block_ink(block, FACE_CONDENSED_BOLD, block->kit.style->type.bar * 0.88);
}

static const double wash_pad = 2; /* points before k */

/* The name on top: within its wash when it can be, else up to the line in the middle. */
static void draw_wash(const struct block *block, const struct plot *plot, const struct wash *wash,
                      const struct fit *fit)
{
    const struct kit *kit = &block->kit;
    struct block_side look = block_side(block, wash->side);
    bool first = wash->side == 0;
    double pad = wash_pad * kit->unit;
    canvas_rectangle(kit->canvas, look.wash,
                     (double[4]){wash->left, plot->y, wash->right - wash->left, plot->height});
    struct letters plain = side_letters(block), letters = fit_dress(fit, &plain);
    letters.colour = look.name;
    block_text(block,
               (struct spot){.x = first ? wash->left + pad : wash->right - pad,
                             .y = plot->y + 8.2 * kit->unit,
                             .align = first ? ALIGN_LEFT : ALIGN_RIGHT,
                             .width_most = plot->width / 2 - 2 * pad},
               &letters, look.name_text);
    /* A wash as light as the paper needs an edge. */
    double edge = first ? wash->right : wash->left;
    canvas_straight(
        kit->canvas,
        &(struct pen){.colour = kit->style->colour.rule, .width = 0.5 * kit->unit, .flat = true},
        (double[4]){edge, plot->y, edge, plot->y + plot->height});
}

static void draw_washes(const struct block *block, const struct plot *plot,
                        const struct lead_chart *chart)
{
    struct wash washes[2] = {{0, plot_x(plot, 0), plot_x(plot, chart->first_below)},
                             {1, plot_x(plot, chart->second_above), plot_x(plot, 1)}};
    struct fit fit = {0};
    for (size_t side = 0; side < 2; side++)
        fit_add(&fit, block,
                &(struct fit_text){side_letters(block),
                                   washes[side].right - washes[side].left
                                       - 2 * wash_pad * block->kit.unit,
                                   block_side(block, side).name_text});
    for (size_t side = 0; side < 2; side++)
        if (washes[side].right > washes[side].left)
            draw_wash(block, plot, &washes[side], &fit);
}

/* A mark under the plot with its figure, unless that would run into the one before, which ends at
 * `from`; returns where this one ends. */
static double draw_mark(const struct block *block, const struct plot *plot, double share,
                        double from)
{
    double k = block->kit.unit, x = plot_x(plot, share), bottom = plot->y + plot->height;
    struct pen pen = {
        .colour = block->kit.style->colour.ink, .width = 0.8 * block->kit.k, .flat = true};
    char text[FIGURE_TEXT];
    bool last = share >= 1;
    canvas_straight(block->kit.canvas, &pen, (double[4]){x, bottom, x, bottom + 2.5 * k});
    if (last)
        block_percent(text, share, block->texts);
    else
        snprintf(text, sizeof text, "%.0f", share * 100);
    struct letters letters = block_ink(block, FACE_REGULAR, block->kit.style->type.scale * 0.98);
    double width = canvas_text_width(block->kit.canvas, &letters, text);
    double left = last ? x + 2 * k - width : x - width / 2;
    if (left < from + 2 * k)
        return from;
    block_text(block, (struct spot){.x = left, .y = bottom + 3.5 * k + letters.size}, &letters,
               text);
    return left + width;
}

static void draw_ground(const struct block *block, const struct plot *plot,
                        const struct lead_chart *chart)
{
    double middle = plot_x(plot, 0.5);
    bool washes = chart->second_above > 0 && chart->first_below < chart->second_above;
    if (washes)
        draw_washes(block, plot, chart);
    struct pen pen = {
        .colour = block->kit.style->colour.ink, .width = 0.8 * block->kit.k, .flat = true};
    canvas_straight(block->kit.canvas, &pen,
                    (double[4]){middle, plot->y, middle, plot->y + plot->height});
    double end = draw_mark(block, plot, 0, -INFINITY);
    if (washes) {
        end = draw_mark(block, plot, chart->first_below, end);
        end = draw_mark(block, plot, chart->second_above, end);
    }
    draw_mark(block, plot, 1, end);
}

/* The dot and its whiskers, light-edged, so that they show on the washes and on the line at 50. */
static void draw_interval(const struct block *block, const struct plot *plot,
                          const struct lead_row *row, double y)
{
    struct canvas *canvas = block->kit.canvas;
    double k = block->kit.unit, half = 3.5 * k;
    struct pen pen = {.colour = block->kit.style->colour.ink, .width = 1.6 * k, .flat = true};
    if (isnan(row->share))
        return;
    if (!isnan(row->low) && !isnan(row->high)) {
        double low = plot_x(plot, row->low), high = plot_x(plot, row->high);
        canvas_straight(canvas, &pen, (double[4]){low, y, high, y});
        canvas_straight(canvas, &pen, (double[4]){low, y - half, low, y + half});
        canvas_straight(canvas, &pen, (double[4]){high, y - half, high, y + half});
    }
    canvas_add_circle(canvas, plot_x(plot, row->share), y, 4 * k);
    canvas_fill(canvas, block->kit.style->colour.paper);
    canvas_add_circle(canvas, plot_x(plot, row->share), y, 3.5 * k);
    canvas_fill(canvas, block->kit.style->colour.ink);
}

/* The label and its share on one line, of which the label is cut short first; the verdict below. */
static void draw_row_words(const struct block *block, const struct lead_row *row,
                           const double cell[4])
{
    struct letters letters = row_letters(block, row->finding);
    double step = letters.size * 1.13, cap = canvas_cap_height(letters.size);
    double y = cell[1] + cell[3] / 2 + cap / 2 - (map_has(row->verdict) ? step / 2 : 0);
    char figure[FIGURE_TEXT];
    block_percent(figure, row->share, block->texts);
    double blank = letters.size * 0.3;
    double room = cell[2] - blank - canvas_text_width(block->kit.canvas, &letters, figure);
    double width = block_text(block, (struct spot){.x = cell[0], .y = y, .width_most = room},
                              &letters, row->label);
    block_text(block, (struct spot){.x = cell[0] + width + blank, .y = y}, &letters, figure);
    block_text(block, (struct spot){.x = cell[0], .y = y + step, .width_most = cell[2]}, &letters,
               row->verdict);
}

static void draw_rows(const struct block *block, const struct plot *plot,
                      const struct lead_chart *chart, const struct rows *rows)
{
    double k = block->kit.unit, head = plot->height - rows->height * (double)rows->count;
    for (size_t i = 0; i < rows->count; i++) {
        const struct lead_row *row = &chart->rows[i];
        double y = plot->y + head + rows->height * (double)i;
        double cell[4] = {block->x, y, plot->x - block->x - 3 * k, rows->height};
        if (row->finding)
            canvas_rectangle(block->kit.canvas, block->kit.style->colour.row,
                             (double[4]){cell[0] - 4 * k, y, cell[2] + 4 * k, rows->height});
        if (i > 0)
            block_rule(block, y, false);
        draw_row_words(block, row, cell);
        draw_interval(block, plot, row, y + rows->height / 2);
    }
}

void leadchart_draw(const struct block *block, const struct lead_chart *chart)
{
    const double least = 21, most = 34, names = 12, axis = 14;
    struct block rest = block_begin(block, &chart->head);
    double k = rest.kit.unit;
    rest.height = fmax(rest.height - (names + axis) * k, 0);
    struct rows rows = block_rows(&rest, chart->row_count, least, most);
    if (rows.count == 0)
        return;
    double labels = fmin(widest_words(&rest, chart, rows.count) + 4 * k, 0.48 * rest.width);
    struct plot plot = {rest.x + labels, rest.y, rest.width - labels - 2 * k,
                        names * k + rows.height * (double)rows.count, rows.height};
    draw_ground(&rest, &plot, chart);
    draw_rows(&rest, &plot, chart, &rows);
}

/* A line per month, with what was done marked on it. */
#include "engine/draw/monthsline.h"

#include "engine/draw/tracks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LINES = 3, MONTHS = 12, NAME_ROWS = 3, AXIS_STEPS = 4 };

/* Points before the kit's unit. */
static const double phases_high = 10, name_high = 8.8, axis_high = 12, foot_step = 8.8,
                    least_plot = 36, name_pad = 2.5, least_step = 9.5;

/* Where everything stands, points. */
struct plan {
    double x, y, width, height; /* of the plot */
    double month;               /* the width of one */
    double right;               /* where names behind the lines end */
    double phases, names;       /* the tops of what stands above the plot */
    struct months_axis axis;
    struct track_item *items; /* the measures' names, and where they stand */
    struct track_spot *spots;
};

static struct letters small_letters(const struct block *block, enum face face)
{
    return block_ink(block, face, block->kit.style->type.scale * 0.98);
}

static double width_of(const struct block *block, const struct letters *letters, const char *text)
{
    return map_has(text) ? canvas_text_width(block->kit.canvas, letters, text) : 0;
}

struct months_axis monthsline_axis(double most, int steps_most)
{
    static const double figures[3] = {1, 2, 5};
    for (double power = 1;; power *= 10)
        for (int i = 0; i < 3; i++) {
            double step = figures[i] * power;
            if (steps_most * step >= most || power > 1e18)
                return (struct months_axis){step, (int)fmax(ceil(most / step), 1)};
        }
}

static double x_at(const struct plan *plan, double month)
{
    return plan->x + plan->month * month;
}

static double y_at(const struct plan *plan, double value)
{
    return plan->y + plan->height * (1 - value / (plan->axis.step * plan->axis.steps));
}

/* A stretch as much of it as lies in the chart. */
struct stretch {
    double left, right;
};

static struct stretch stretch_of(const struct plan *plan, const struct months_chart *chart,
                                 double from, double until)
{
    double count = (double)chart->count;
    return (struct stretch){x_at(plan, fmin(fmax(from, 0), count)),
                            x_at(plan, fmin(fmax(until, 0), count))};
}

static size_t highest(const struct months_chart *chart)
{
    size_t most = 0;
    for (size_t i = 0; i < chart->count; i++)
        if (chart->total[i] > most)
            most = chart->total[i];
    return most;
}

static double widest_figure(const struct block *block, const struct months_axis *axis)
{
    struct letters letters = small_letters(block, FACE_REGULAR);
    char text[FIGURE_TEXT];
    kit_figure(text, axis->step * axis->steps, block->texts);
    return canvas_text_width(block->kit.canvas, &letters, text);
}

/* A line, and the name at its end. */
struct line {
    const size_t *counts;
    const char *name;
    struct letters letters;
    struct pen pen;
};

static size_t list_lines(struct line lines[LINES], const struct block *block,
                         const struct months_chart *chart)
{
    size_t count = 0;
    double k = block->kit.unit;
    for (size_t side = 2; side-- > 0;) {
        struct block_side look = block_side(block, side);
        if (chart->sides[side] == NULL)
            continue;
        lines[count] = (struct line){chart->sides[side],
                                     look.name_text,
                                     small_letters(block, FACE_CONDENSED),
                                     {.colour = look.name,
                                      .width = 1.2 * k,
                                      .dash = (side == 0 ? 3.5 : 1) * 1.2 * k,
                                      .gap = (side == 0 ? 1.6 : 1.4) * 1.2 * k,
                                      .flat = true}};
        lines[count++].letters.colour = look.name;
    }
    lines[count] = (struct line){chart->total,
                                 count > 0 ? chart->total_name : NULL,
                                 small_letters(block, FACE_CONDENSED_BOLD),
                                 {.colour = block->kit.style->colour.ink, .width = 1.8 * k}};
    return count + 1;
}

static double widest_name(const struct block *block, const struct months_chart *chart)
{
    struct line lines[LINES];
    size_t count = list_lines(lines, block, chart);
    double widest = 0;
    for (size_t i = 0; i < count; i++)
        widest = fmax(widest, width_of(block, &lines[i].letters, lines[i].name));
    return widest;
}

static int count_feet(const struct months_chart *chart)
{
    int count = 0;
    for (int i = 0; i < 3; i++)
        count += map_has(chart->foot[i]) ? 1 : 0;
    return count;
}

/* Finds places for the names of measures; returns the height of their rows. */
static double place_names(struct plan *plan, const struct block *block,
                          const struct months_chart *chart, size_t rows)
{
    struct letters letters = small_letters(block, FACE_CONDENSED);
    for (size_t i = 0; i < chart->measure_count; i++) {
        const struct months_measure *measure = &chart->measures[i];
        plan->items[i] = (struct track_item){
            stretch_of(plan, chart, measure->from, measure->from).left,
            {width_of(block, &letters, measure->name), width_of(block, &letters, measure->number)}};
    }
    struct track_room room = {plan->x, plan->right, 0, name_pad * block->kit.unit};
    bool whole = false; /* no more rows than it takes to write all names whole */
    while (!whole && room.rows < rows) {
        room.rows++;
        tracks_place(plan->spots, plan->items, chart->measure_count, &room);
        whole = true;
        for (size_t i = 0; i < chart->measure_count; i++)
            whole = whole && plan->spots[i].form == TRACK_LONG;
    }
    for (size_t i = 0; rows == 0 && i < chart->measure_count; i++)
        plan->spots[i].form = TRACK_NONE;
    return (double)tracks_rows(plan->spots, chart->measure_count) * name_high * block->kit.unit;
}

/* Rows for the names of measures, for which the plot gives way down to its least height. */
static size_t rows_most(const struct months_chart *chart, double free)
{
    size_t rows = (size_t)fmin(fmax((free - least_plot) / name_high, 0), NAME_ROWS);
    return rows < chart->measure_count ? rows : chart->measure_count;
}

static void plan_chart(struct plan *plan, const struct block *rest,
                       const struct months_chart *chart)
{
    double k = rest->kit.unit, bottom = rest->y + rest->height;
    double names = fmin(widest_name(rest, chart), 0.3 * rest->width);
    bottom -= (count_feet(chart) * foot_step + axis_high) * k;
    plan->phases = rest->y + 1 * k;
    plan->names = plan->phases + (chart->phase_count > 0 ? phases_high * k : 0);
    double free = bottom - plan->names - 3 * k;
    size_t rows = rows_most(chart, free / k);
    double steps = (free / k - (double)rows * name_high) / least_step;
    plan->axis = monthsline_axis((double)highest(chart), (int)fmin(fmax(steps, 1), AXIS_STEPS));
    plan->x = rest->x + widest_figure(rest, &plan->axis) + 4 * k;
    plan->right = rest->x + rest->width;
    plan->width = fmax(plan->right - plan->x - (names > 0 ? names + 5 * k : 2 * k), 1);
    plan->month = plan->width / (double)chart->count;
    plan->y = plan->names + place_names(plan, rest, chart, rows) + 3 * k;
    plan->height = fmax(bottom - plan->y, 1);
}

static void draw_bands(const struct block *block, const struct plan *plan,
                       const struct months_chart *chart)
{
    for (size_t i = 0; i < chart->measure_count; i++) {
        const struct months_measure *measure = &chart->measures[i];
        struct stretch band = stretch_of(plan, chart, measure->from, measure->until);
        if (band.right > band.left)
            canvas_rectangle(block->kit.canvas, block->kit.style->colour.measure,
                             (double[4]){band.left, plan->y, band.right - band.left, plan->height});
    }
}

static void draw_grid(const struct block *block, const struct plan *plan)
{
    const struct kit *kit = &block->kit;
    struct letters letters = small_letters(block, FACE_REGULAR);
    letters.colour = kit->style->colour.muted;
    for (int i = 0; i <= plan->axis.steps; i++) {
        double y = y_at(plan, plan->axis.step * i);
        struct pen pen = {.colour = i == 0 ? kit->style->colour.ink : kit->style->colour.rule,
                          .width = (i == 0 ? 0.8 : 0.5) * kit->unit,
                          .flat = true};
        char text[FIGURE_TEXT];
        kit_figure(text, plan->axis.step * i, block->texts);
        canvas_straight(kit->canvas, &pen, (double[4]){plan->x, y, plan->x + plan->width, y});
        block_text(block,
                   (struct spot){.x = plan->x - 3.5 * kit->unit,
                                 .y = y + canvas_cap_height(letters.size) / 2,
                                 .align = ALIGN_RIGHT},
                   &letters, text);
    }
}

/* In its band when it fits there, else from the band's beginning up to the next one, or up to the
 * right edge; returns where it ends. */
static double draw_phase_name(const struct block *block, const struct plan *plan,
                              const struct months_phase *phase, const struct stretch *band,
                              double free_right)
{
    double k = block->kit.unit, pad = 2 * k;
    struct letters letters = small_letters(block, FACE_CONDENSED);
    double width = width_of(block, &letters, phase->name);
    struct spot spot = {.x = (band->left + band->right) / 2,
                        .y = plan->phases + (phases_high - 1) * k / 2
                             + canvas_cap_height(letters.size) / 2,
                        .align = ALIGN_CENTRE};
    if (width + 2 * pad > band->right - band->left) {
        spot.x = band->left + pad;
        spot.align = ALIGN_LEFT;
        if (spot.x + width > free_right)
            return band->left;
    }
    block_text(block, spot, &letters, phase->name);
    return spot.align == ALIGN_CENTRE ? spot.x + width / 2 : spot.x + width;
}

static void draw_phases(const struct block *block, const struct plan *plan,
                        const struct months_chart *chart)
{
    const struct style *style = block->kit.style;
    double k = block->kit.unit, taken = plan->x;
    struct pen pen = {.colour = style->colour.rule, .width = 0.8 * k, .flat = true};
    for (size_t i = 0; i < chart->phase_count; i++) {
        const struct months_phase *phase = &chart->phases[i];
        struct stretch band = stretch_of(plan, chart, phase->from, phase->until);
        canvas_rectangle(
            block->kit.canvas, style->colour.row,
            (double[4]){band.left, plan->phases, band.right - band.left, (phases_high - 1) * k});
        if (band.left > plan->x + 0.5)
            canvas_straight(
                block->kit.canvas, &pen,
                (double[4]){band.left, plan->phases, band.left, plan->y + plan->height});
    }
    for (size_t i = 0; i < chart->phase_count; i++) {
        struct stretch band =
            stretch_of(plan, chart, chart->phases[i].from, chart->phases[i].until);
        double free = i + 1 < chart->phase_count
                          ? stretch_of(plan, chart, chart->phases[i + 1].from, 0).left
                          : plan->right;
        if (band.left >= taken - 1e-6)
            taken = draw_phase_name(block, plan, &chart->phases[i], &band, free);
    }
}

static void draw_measures(const struct block *block, const struct plan *plan,
                          const struct months_chart *chart)
{
    double k = block->kit.unit;
    struct letters letters = small_letters(block, FACE_CONDENSED);
    struct pen pen = {.colour = block->kit.style->colour.ink,
                      .width = 1.1 * k,
                      .dash = 3 * k,
                      .gap = 1.8 * k,
                      .flat = true};
    letters.halo = 1.6 * k;
    letters.halo_colour = block->kit.style->colour.paper;
    for (size_t i = 0; i < chart->measure_count; i++) {
        const struct track_spot *spot = &plan->spots[i];
        double x = stretch_of(plan, chart, chart->measures[i].from, 0).left;
        double top = plan->y;
        if (spot->form != TRACK_NONE)
            top = plan->names + (double)spot->row * name_high * k + 1 * k;
        if (chart->measures[i].from >= 0)
            canvas_straight(block->kit.canvas, &pen,
                            (double[4]){x, top, x, plan->y + plan->height});
    }
    for (size_t i = 0; i < chart->measure_count; i++) {
        const struct track_spot *spot = &plan->spots[i];
        if (spot->form == TRACK_NONE)
            continue;
        double top = plan->names + (double)spot->row * name_high * k;
        block_text(block, (struct spot){.x = spot->left, .y = top + 7.2 * k}, &letters,
                   spot->form == TRACK_LONG ? chart->measures[i].name : chart->measures[i].number);
    }
}

static void draw_line(const struct block *block, const struct plan *plan,
                      const struct months_chart *chart, const struct line *line)
{
    struct canvas *canvas = block->kit.canvas;
    for (size_t i = 0; i < chart->count; i++) {
        double x = x_at(plan, (double)i + 0.5), y = y_at(plan, (double)line->counts[i]);
        if (i == 0)
            canvas_move(canvas, x, y);
        else
            canvas_line(canvas, x, y);
    }
    canvas_stroke(canvas, &line->pen);
    if (chart->count > 1)
        return;
    canvas_add_circle(canvas, x_at(plan, 0.5), y_at(plan, (double)line->counts[0]),
                      1.8 * block->kit.unit);
    canvas_fill(canvas, line->pen.colour);
}

/* An open dot where a month was counted in part. */
static void draw_partial(const struct block *block, const struct plan *plan,
                         const struct months_chart *chart, size_t month)
{
    struct canvas *canvas = block->kit.canvas;
    double k = block->kit.unit;
    canvas_add_circle(canvas, x_at(plan, (double)month + 0.5),
                      y_at(plan, (double)chart->total[month]), 2.2 * k);
    canvas_fill_keep(canvas, block->kit.style->colour.paper);
    canvas_stroke(canvas, &(struct pen){.colour = block->kit.style->colour.ink, .width = 1.1 * k});
}

static int lower_first(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (a[0] > b[0]) - (a[0] < b[0]);
}

/* Each name at the height where its line ends, moved apart where they would touch. */
static void draw_names(const struct block *block, const struct plan *plan,
                       const struct months_chart *chart, const struct line *lines, size_t count)
{
    double heights[LINES][2], step = lines[0].letters.size * 1.12;
    for (size_t i = 0; i < count; i++) {
        heights[i][0] = y_at(plan, (double)lines[i].counts[chart->count - 1]);
        heights[i][1] = (double)i;
    }
    qsort(heights, count, sizeof heights[0], lower_first);
    for (size_t i = 1; i < count; i++)
        heights[i][0] = fmax(heights[i][0], heights[i - 1][0] + step);
    heights[count - 1][0] = fmin(heights[count - 1][0], plan->y + plan->height);
    for (size_t i = count - 1; i-- > 0;)
        heights[i][0] = fmin(heights[i][0], heights[i + 1][0] - step);
    for (size_t i = 0; i < count; i++) {
        const struct line *line = &lines[(size_t)heights[i][1]];
        double x = plan->x + plan->width + 3 * block->kit.unit;
        block_text(block,
                   (struct spot){.x = x,
                                 .y = heights[i][0] + canvas_cap_height(line->letters.size) / 2,
                                 .width_most = plan->right - x},
                   &line->letters, line->name);
    }
}

static void draw_lines(const struct block *block, const struct plan *plan,
                       const struct months_chart *chart)
{
    struct line lines[LINES];
    size_t count = list_lines(lines, block, chart);
    for (size_t i = 0; i < count; i++)
        draw_line(block, plan, chart, &lines[i]);
    if (chart->first_partial)
        draw_partial(block, plan, chart, 0);
    if (chart->last_partial && (chart->count > 1 || !chart->first_partial))
        draw_partial(block, plan, chart, chart->count - 1);
    if (count > 1)
        draw_names(block, plan, chart, lines, count);
}

/* A small mark on the axis, x in months. */
static void draw_tick(const struct block *block, const struct plan *plan, double month, double high)
{
    double k = block->kit.unit, x = x_at(plan, month), y = plan->y + plan->height;
    canvas_straight(
        block->kit.canvas,
        &(struct pen){.colour = block->kit.style->colour.ink, .width = 0.6 * k, .flat = true},
        (double[4]){x, y, x, y + high * k});
}

static void draw_initials(const struct block *block, const struct plan *plan,
                          const struct months_chart *chart)
{
    struct letters letters = small_letters(block, FACE_REGULAR);
    for (size_t i = 0; i < chart->count; i++)
        block_text(block,
                   (struct spot){.x = x_at(plan, (double)i + 0.5),
                                 .y = plan->y + plan->height + 10 * block->kit.unit,
                                 .align = ALIGN_CENTRE},
                   &letters, chart->initials[(chart->first_month + (int)i) % MONTHS]);
}

/* Each year under its months, with marks where it begins; every second, fifth ... year when there
 * are many. */
static void draw_years(const struct block *block, const struct plan *plan,
                       const struct months_chart *chart)
{
    struct letters letters = small_letters(block, FACE_REGULAR);
    double k = block->kit.unit, wide = width_of(block, &letters, "2000") + 4 * k;
    int first = chart->first_month / MONTHS;
    int last = (chart->first_month + (int)chart->count - 1) / MONTHS;
    int every = (int)monthsline_axis(wide / (plan->month * MONTHS), 1).step;
    for (int year = first; year <= last; year++) {
        double from = fmax((double)(year * MONTHS - chart->first_month), 0);
        double until =
            fmin((double)((year + 1) * MONTHS - chart->first_month), (double)chart->count);
        if (year % every != 0)
            continue;
        draw_tick(block, plan, from, 4);
        double middle = every > 1 ? x_at(plan, from) + wide / 2 : x_at(plan, (from + until) / 2);
        if ((every == 1 && (until - from) * plan->month < wide)
            || middle + wide / 2 > plan->x + plan->width + 4 * k)
            continue;
        char text[16];
        snprintf(text, sizeof text, "%d", year);
        block_text(
            block,
            (struct spot){.x = middle, .y = plan->y + plan->height + 10 * k, .align = ALIGN_CENTRE},
            &letters, text);
    }
}

static void draw_axis(const struct block *block, const struct plan *plan,
                      const struct months_chart *chart)
{
    int last = chart->first_month + (int)chart->count - 1;
    bool one_year = chart->first_month / MONTHS == last / MONTHS;
    if (plan->month >= 3 * block->kit.unit)
        for (size_t i = 0; i <= chart->count; i++)
            draw_tick(block, plan, (double)i, 2);
    if (one_year && plan->month >= 6.5 * block->kit.unit)
        draw_initials(block, plan, chart);
    else
        draw_years(block, plan, chart);
}

static void draw_feet(const struct block *block, const struct months_chart *chart)
{
    double k = block->kit.unit;
    double y = block->y + block->height - (count_feet(chart) - 1) * foot_step * k - 1 * k;
    struct letters letters = block_coloured(
        block, FACE_CONDENSED, block->kit.style->type.note * 0.86, block->kit.style->colour.muted);
    for (int i = 0; i < 3; i++) /* all in the letters of the longest */
        letters = fit_whole(block, &(struct fit_text){letters, block->width, chart->foot[i]}, 5.5);
    for (int i = 0; i < 3; i++) {
        if (!map_has(chart->foot[i]))
            continue;
        block_text(block, (struct spot){.x = block->x, .y = y, .width_most = block->width},
                   &letters, chart->foot[i]);
        y += foot_step * k;
    }
}

static void draw_chart(const struct block *rest, const struct plan *plan,
                       const struct months_chart *chart)
{
    draw_bands(rest, plan, chart);
    draw_grid(rest, plan);
    draw_phases(rest, plan, chart);
    draw_measures(rest, plan, chart);
    draw_lines(rest, plan, chart);
    draw_axis(rest, plan, chart);
    draw_feet(rest, chart);
}

bool monthsline_draw(const struct block *block, const struct months_chart *chart,
                     struct error *error)
{
    struct plan plan = {0};
    bool done = array_new(&plan.items, chart->measure_count, sizeof *plan.items, error)
                && array_new(&plan.spots, chart->measure_count, sizeof *plan.spots, error);
    if (done) {
        struct block rest = block_begin(block, &chart->head);
        plan_chart(&plan, &rest, chart);
        draw_chart(&rest, &plan, chart);
    }
    array_free(&plan.items);
    array_free(&plan.spots);
    return done;
}

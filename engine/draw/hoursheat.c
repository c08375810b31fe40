/* A table of the hours of the week: the more incidents, the darker the cell. */
#include "engine/draw/hoursheat.h"

#include <math.h>

enum { LIMITS = 5, LABEL_EVERY = 6 };

/* Points before the kit's unit. */
static const double head_high = 36.3, figures_high = 10.5, scale_gap = 8, scale_bar = 7,
                    scale_figures = 10, least_cell = 8, most_cell = 15, name_gap = 6, total_gap = 9;

/* Where the cells are, points. */
struct cells {
    double x, y, cell_wide, cell_high;
};

double hoursheat_least(const struct kit *kit)
{
    double scale = scale_gap + scale_bar + scale_figures;
    return (head_high + figures_high + scale + HOURS_DAYS * least_cell) * kit->unit;
}

double hoursheat_most(const struct kit *kit)
{
    return hoursheat_least(kit) + HOURS_DAYS * (most_cell - least_cell) * kit->unit;
}

/* The smallest step of a round series with which five of them reach over `range`. */
static size_t round_step(size_t range)
{
    static const size_t small[] = {1, 2, 3, 4, 5, 6, 8},
                        large[] = {10, 12, 15, 20, 25, 30, 40, 50, 60, 80};
    for (size_t i = 0; i < sizeof small / sizeof *small; i++)
        if (LIMITS * small[i] > range)
            return small[i];
    for (size_t power = 1;; power *= 10)
        for (size_t i = 0; i < sizeof large / sizeof *large; i++)
            if (LIMITS * large[i] * power > range || power > SIZE_MAX / 10000)
                return large[i] * power;
}

void hoursheat_classes(struct classes *classes, size_t least, size_t most)
{
    size_t first = least > 0 ? least : 1, step = round_step(most), from = 0;
    if (step <= first) { /* else the second limit would not lie above the first */
        step = round_step(most > first ? most - first : 0);
        from = first;
    }
    *classes = (struct classes){.count = LIMITS, .limits = {(double)first}};
    for (size_t i = 1; i < LIMITS; i++)
        classes->limits[i] = (double)(from + i * step);
}

static struct letters figure_letters(const struct block *block, bool muted)
{
    struct letters letters = block_ink(block, FACE_REGULAR, block->kit.style->type.scale * 0.98);
    if (muted)
        letters.colour = block->kit.style->colour.muted;
    return letters;
}

static double widest_day(const struct block *block, const struct hours_table *table)
{
    struct letters letters = figure_letters(block, false);
    double widest =
        map_has(table->hour) ? canvas_text_width(block->kit.canvas, &letters, table->hour) : 0;
    for (int day = 0; day < HOURS_DAYS; day++)
        if (map_has(table->day_names[day]))
            widest =
                fmax(widest, canvas_text_width(block->kit.canvas, &letters, table->day_names[day]));
    return widest;
}

static void total_text(char text[FIGURE_TEXT], const struct block *block,
                       const struct hours_table *table, int day)
{
    size_t sum = 0;
    for (int hour = 0; hour < HOURS_DAY; hour++)
        sum += table->cells[day][hour];
    kit_figure(text, (double)sum, block->texts);
}

static double widest_total(const struct block *block, const struct hours_table *table)
{
    struct letters letters = figure_letters(block, false);
    double widest =
        map_has(table->total) ? canvas_text_width(block->kit.canvas, &letters, table->total) : 0;
    for (int day = 0; day < HOURS_DAYS; day++) {
        char text[FIGURE_TEXT];
        total_text(text, block, table, day);
        widest = fmax(widest, canvas_text_width(block->kit.canvas, &letters, text));
    }
    return widest;
}

static struct cells plan_cells(const struct block *rest, const struct hours_table *table)
{
    double k = rest->kit.unit, names = widest_day(rest, table) + name_gap * k;
    double totals = table->has_totals ? widest_total(rest, table) + total_gap * k : 0;
    double under = (scale_gap + scale_bar + scale_figures) * k;
    double high = (rest->height - figures_high * k - under) / HOURS_DAYS;
    return (struct cells){rest->x + names, rest->y + figures_high * k,
                          fmax(rest->width - names - totals, 1) / HOURS_DAY,
                          fmax(fmin(high, most_cell * k), 1)};
}

static void fill_cells(const struct block *block, const struct cells *cells,
                       const struct hours_table *table)
{
    const struct style *style = block->kit.style;
    struct colour colours[CLASSES_FINE_MOST];
    double seam = 0.35 * block->kit.unit;
    style_heat_colours(colours, &table->classes, style);
    for (int day = 0; day < HOURS_DAYS; day++)
        for (int hour = 0; hour < HOURS_DAY; hour++) {
            size_t class = classes_of(&table->classes, (double)table->cells[day][hour]);
            canvas_rectangle(block->kit.canvas, class > 0 ? colours[class - 1] : style->colour.land,
                             (double[4]){cells->x + hour * cells->cell_wide + seam / 2,
                                         cells->y + day * cells->cell_high + seam / 2,
                                         cells->cell_wide - seam, cells->cell_high - seam});
        }
}

/* Round the whole, and light lines at 6, 12 and 18. */
static void draw_edges(const struct block *block, const struct cells *cells)
{
    const struct kit *kit = &block->kit;
    double wide = HOURS_DAY * cells->cell_wide, high = HOURS_DAYS * cells->cell_high;
    struct pen light = {.colour = kit->style->colour.paper, .width = 1.2 * kit->unit, .flat = true};
    for (int hour = LABEL_EVERY; hour < HOURS_DAY; hour += LABEL_EVERY) {
        double x = cells->x + hour * cells->cell_wide;
        canvas_straight(kit->canvas, &light, (double[4]){x, cells->y, x, cells->y + high});
    }
    canvas_add_rectangle(kit->canvas, (double[4]){cells->x, cells->y, wide, high});
    canvas_stroke(kit->canvas, &(struct pen){.colour = kit->style->colour.frame,
                                             .width = kit->style->line.frame * kit->k,
                                             .mitred = true});
}

static void draw_busiest(const struct block *block, const struct cells *cells,
                         const struct hours_table *table)
{
    const struct kit *kit = &block->kit;
    if (table->frame_days == 0 || table->frame_hours == 0)
        return;
    canvas_add_rectangle(kit->canvas, (double[4]){cells->x + table->frame_hour * cells->cell_wide,
                                                  cells->y + table->frame_day * cells->cell_high,
                                                  table->frame_hours * cells->cell_wide,
                                                  table->frame_days * cells->cell_high});
    canvas_stroke_keep(kit->canvas, &(struct pen){.colour = kit->style->colour.paper,
                                                  .width = 3.6 * kit->unit,
                                                  .mitred = true});
    canvas_stroke(
        kit->canvas,
        &(struct pen){.colour = kit->style->colour.ink, .width = 1.3 * kit->unit, .mitred = true});
}

static void draw_hours(const struct block *block, const struct cells *cells,
                       const struct hours_table *table)
{
    struct letters letters = figure_letters(block, true);
    double y = cells->y - 3 * block->kit.unit;
    block_text(block, (struct spot){.x = block->x, .y = y}, &letters, table->hour);
    for (int hour = 0; hour <= HOURS_DAY; hour += LABEL_EVERY) {
        char text[FIGURE_TEXT];
        kit_figure(text, hour, block->texts);
        block_text(block,
                   (struct spot){.x = cells->x + hour * cells->cell_wide,
                                 .y = y,
                                 .align = hour == 0           ? ALIGN_LEFT
                                          : hour == HOURS_DAY ? ALIGN_RIGHT
                                                              : ALIGN_CENTRE},
                   &letters, text);
    }
    if (table->has_totals)
        block_text(block, (struct spot){.x = block->x + block->width, .y = y, .align = ALIGN_RIGHT},
                   &letters, table->total);
}

static void draw_days(const struct block *block, const struct cells *cells,
                      const struct hours_table *table)
{
    struct letters letters = figure_letters(block, false);
    letters.size = fmin(letters.size, cells->cell_high * 1.2); /* capitals stay within a row */
    for (int day = 0; day < HOURS_DAYS; day++) {
        double y = cells->y + (day + 0.5) * cells->cell_high + canvas_cap_height(letters.size) / 2;
        char text[FIGURE_TEXT];
        block_text(block, (struct spot){.x = block->x, .y = y}, &letters, table->day_names[day]);
        if (!table->has_totals)
            continue;
        total_text(text, block, table, day);
        block_text(block, (struct spot){.x = block->x + block->width, .y = y, .align = ALIGN_RIGHT},
                   &letters, text);
    }
}

static void draw_scale(const struct block *block, const struct cells *cells,
                       const struct hours_table *table)
{
    double k = block->kit.unit, y = cells->y + HOURS_DAYS * cells->cell_high + scale_gap * k;
    struct letters letters = figure_letters(block, true);
    double wide = HOURS_DAY * cells->cell_wide;
    double head =
        block_text(block,
                   (struct spot){.x = cells->x,
                                 .y = y + scale_bar * k / 2 + canvas_cap_height(letters.size) / 2},
                   &letters, table->scale_head);
    double from = head > 0 ? head + 8 * k : 0;
    struct kit kit = block->kit;
    struct style style = *kit.style;
    style.type.figure = style.type.scale * 0.98; /* as the table's other figures */
    kit.style = &style;
    furniture_legend_bar(&kit, &(struct legend_bar){.x = cells->x + from,
                                                    .y = y,
                                                    .width = fmin(wide - from, 190 * k),
                                                    .height = scale_bar * k,
                                                    .classes = &table->classes,
                                                    .texts = block->texts});
}

void hoursheat_draw(const struct block *block, const struct hours_table *table)
{
    struct block rest = block_begin(block, &table->head);
    struct cells cells = plan_cells(&rest, table);
    fill_cells(&rest, &cells, table);
    draw_edges(&rest, &cells);
    draw_busiest(&rest, &cells, table);
    draw_hours(&rest, &cells, table);
    draw_days(&rest, &cells, table);
    draw_scale(&rest, &cells, table);
}

/* A chart of what each of two sides says comes first, against what is reported there. */
#include "engine/draw/prioritychart.h"

#include <math.h>

/* Where the parts of a row stand, points. */
struct columns {
    double label_width, mark_x, bar_x, bar_width, figure_x, bar_high;
    double most; /* the load of a full bar */
    struct fit labels;
};

static struct letters label_letters(const struct block *block)
{
    return block_ink(block, FACE_REGULAR, block->kit.style->type.bar);
}

static struct letters mark_letters(const struct block *block)
{
    return block_ink(block, FACE_CONDENSED_BOLD, block->kit.style->type.bar * 0.9);
}

static double widest_mark(const struct block *block, const struct priority_chart *chart,
                          size_t count)
{
    struct letters letters = mark_letters(block);
    double widest = letters.size * 0.6;
    for (size_t i = 0; i < count; i++)
        for (size_t side = 0; side < 2; side++) {
            const char *mark = chart->rows[i].cells[side].priority;
            if (map_has(mark))
                widest = fmax(widest, canvas_text_width(block->kit.canvas, &letters, mark));
        }
    return widest;
}

static double widest_label(const struct block *block, const struct priority_chart *chart,
                           size_t count)
{
    struct letters letters = label_letters(block);
    double widest = 0;
    for (size_t i = 0; i < count; i++)
        if (map_has(chart->rows[i].label))
            widest =
                fmax(widest, canvas_text_width(block->kit.canvas, &letters, chart->rows[i].label));
    return widest;
}

static double highest_load(const struct priority_chart *chart, size_t count)
{
    double most = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t side = 0; side < 2; side++)
            if (chart->rows[i].cells[side].load > most) /* NaN is not */
                most = chart->rows[i].cells[side].load;
    return most;
}

static struct columns set_columns(const struct block *block, const struct priority_chart *chart,
                                  const struct rows *rows)
{
    double k = block->kit.unit;
    struct columns columns = {.most = highest_load(chart, rows->count)};
    struct letters figure = block_ink(block, FACE_CONDENSED, block->kit.style->type.bar);
    char text[FIGURE_TEXT];
    block_percent(text, columns.most, block->texts);
    double figures = canvas_text_width(block->kit.canvas, &figure, text);
    columns.label_width = fmin(widest_label(block, chart, rows->count), 0.38 * block->width);
    for (size_t i = 0; i < rows->count; i++)
        fit_add(&columns.labels, block,
                &(struct fit_text){label_letters(block), columns.label_width + 0.5,
                                   chart->rows[i].label});
    double marks = fmin(widest_mark(block, chart, rows->count), 0.25 * block->width);
    columns.mark_x = block->x + columns.label_width + 6 * k + marks;
    columns.bar_x = columns.mark_x + 4 * k;
    columns.figure_x = block->x + block->width;
    columns.bar_width = fmax(columns.figure_x - figures - 4 * k - columns.bar_x, 8 * k);
    columns.bar_high = fmin(rows->height * 0.39, 9.4 * k);
    return columns;
}

static void draw_cell(const struct block *block, const struct columns *columns,
                      const struct priority_cell *cell, struct bar *bar)
{
    const struct style *style = block->kit.style;
    bool stated = map_has(cell->priority);
    char text[FIGURE_TEXT];
    struct block_side look = block_side(block, bar->side);
    struct letters mark = mark_letters(block);
    mark.colour = stated ? look.name : style->colour.muted;
    struct spot spot = {.x = columns->mark_x,
                        .y = bar->y + bar->height / 2 + canvas_cap_height(mark.size) / 2,
                        .align = ALIGN_RIGHT,
                        .width_most = columns->mark_x - block->x};
    block_text(block, spot, &mark, stated ? cell->priority : "–");
    bar->share = columns->most > 0 ? cell->load / columns->most : 0;
    block_bar(block, bar);
    block_percent(text, cell->load, block->texts);
    struct letters figure = block_ink(block, FACE_CONDENSED, style->type.bar);
    block_text(block, (struct spot){.x = columns->figure_x, .y = spot.y, .align = ALIGN_RIGHT},
               &figure, text);
}

/* The label and the two bars around the middle of the row; on the first row where there is room
 * they are named. */
static void draw_row(bool *named, const struct block *block, const struct columns *columns,
                     const struct priority_row *row)
{
    double k = block->kit.unit, gap = 1 * k, middle = block->y + block->height / 2;
    struct letters plain = label_letters(block), label = fit_dress(&columns->labels, &plain);
    struct bar bars[2];
    block_text(block,
               (struct spot){.x = block->x,
                             .y = middle + canvas_cap_height(label.size) / 2,
                             .width_most = columns->label_width + 2 * k},
               &label, row->label);
    for (size_t side = 0; side < 2; side++) {
        bars[side] = (struct bar){
            .x = columns->bar_x,
            .y = side == 0 ? middle - gap / 2 - columns->bar_high : middle + gap / 2,
            .width = columns->bar_width,
            .height = columns->bar_high,
            .side = side,
        };
        draw_cell(block, columns, &row->cells[side], &bars[side]);
    }
    if (*named || !block_bar_name(block, &bars[0], false)
        || !block_bar_name(block, &bars[1], false))
        return;
    for (size_t side = 0; side < 2; side++)
        block_bar_name(block, &bars[side], true);
    *named = true;
}

void prioritychart_draw(const struct block *block, const struct priority_chart *chart)
{
    const double least = 17.5, most = 27;
    struct block rest = block_begin(block, &chart->head);
    struct rows rows = block_rows(&rest, chart->row_count, least, most);
    if (rows.count == 0)
        return;
    struct columns columns = set_columns(&rest, chart, &rows);
    bool named = false;
    rest.height = rows.height;
    for (size_t i = 0; i < rows.count; i++) {
        draw_row(&named, &rest, &columns, &chart->rows[i]);
        rest.y += rows.height;
    }
}

/* Bars that tell how much of a density each of two sides cannot see. */
#include "engine/draw/blindbars.h"

#include <math.h>

/* Where the parts of a row stand, points. */
struct columns {
    double label_width, bar_x, bar_width, figure_x, bar_high;
    struct fit labels;
};

/* Where a row stands. */
struct row_place {
    double y, height;
    bool first;
};

static struct letters label_letters(const struct block *block, const struct blind_row *row)
{
    return block_ink(block, row->finding ? FACE_BOLD : FACE_REGULAR, block->kit.style->type.bar);
}

static double widest_label(const struct block *block, const struct blind_bars *bars, size_t count)
{
    double widest = 0;
    for (size_t i = 0; i < count; i++) {
        struct letters letters = label_letters(block, &bars->rows[i]);
        if (map_has(bars->rows[i].label))
            widest =
                fmax(widest, canvas_text_width(block->kit.canvas, &letters, bars->rows[i].label));
    }
    return widest;
}

/* The labels take what they need, up to three eighths; the bars the rest. */
static struct columns set_columns(const struct block *block, const struct blind_bars *bars,
                                  const struct rows *rows)
{
    double k = block->kit.unit, gap = 8 * k;
    struct columns columns = {0};
    char text[FIGURE_TEXT];
    block_percent(text, 1, block->texts);
    struct letters figure = block_ink(block, FACE_BOLD, block->kit.style->type.figure);
    double figures = canvas_text_width(block->kit.canvas, &figure, text);
    columns.label_width = fmin(widest_label(block, bars, rows->count), 0.375 * block->width);
    for (size_t i = 0; i < rows->count; i++)
        fit_add(&columns.labels, block,
                &(struct fit_text){label_letters(block, &bars->rows[i]), columns.label_width + 0.5,
                                   bars->rows[i].label});
    columns.bar_x = block->x + columns.label_width + gap;
    columns.figure_x = block->x + block->width;
    columns.bar_width = fmax(columns.figure_x - figures - 5 * k - columns.bar_x, 10 * k);
    columns.bar_high = fmin(rows->height * 0.37, 10.4 * k);
    return columns;
}

static void draw_figure(const struct block *block, const struct columns *columns,
                        const struct blind_row *row, const struct bar *bar)
{
    char text[FIGURE_TEXT];
    block_percent(text, row->share[bar->side], block->texts);
    struct letters figure =
        block_ink(block, row->finding ? FACE_BOLD : FACE_REGULAR, block->kit.style->type.figure);
    figure.size = fmin(figure.size, bar->height * 0.98);
    block_text(block,
               (struct spot){.x = columns->figure_x,
                             .y = bar->y + bar->height / 2 + canvas_cap_height(figure.size) / 2,
                             .align = ALIGN_RIGHT},
               &figure, text);
}

/* The two bars of a row around its middle. */
static void draw_bars(const struct block *block, const struct columns *columns,
                      const struct blind_row *row, const struct row_place *place)
{
    double gap = 1 * block->kit.unit, middle = place->y + place->height / 2;
    struct bar bars[2];
    for (size_t side = 0; side < 2; side++) {
        bars[side] = (struct bar){
            columns->bar_x,
            side == 0 ? middle - gap / 2 - columns->bar_high : middle + gap / 2,
            columns->bar_width,
            columns->bar_high,
            side,
            row->share[side],
        };
        block_bar(block, &bars[side]);
        draw_figure(block, columns, row, &bars[side]);
    }
    /* On the first row and the finding's the bars are named, where both can be. */
    bool named = (place->first || row->finding) && block_bar_name(block, &bars[0], false)
                 && block_bar_name(block, &bars[1], false);
    for (size_t side = 0; side < 2 && named; side++)
        block_bar_name(block, &bars[side], true);
}

static void draw_row(const struct block *block, const struct columns *columns,
                     const struct blind_row *row, const struct row_place *place)
{
    double k = block->kit.unit;
    if (row->finding)
        block_finding(block, place->y + 0.5 * k, place->height - 1 * k);
    struct letters plain = label_letters(block, row);
    struct letters label = fit_dress(&columns->labels, &plain);
    block_text(block,
               (struct spot){.x = block->x,
                             .y = place->y + place->height / 2 + canvas_cap_height(label.size) / 2,
                             .width_most = columns->label_width + 2 * k},
               &label, row->label);
    draw_bars(block, columns, row, place);
}

void blindbars_draw(const struct block *block, const struct blind_bars *bars)
{
    const double least = 19, most = 33;
    struct block rest = block_begin(block, &bars->head);
    struct rows rows = block_rows(&rest, bars->row_count, least, most);
    if (rows.count == 0)
        return;
    struct columns columns = set_columns(&rest, bars, &rows);
    for (size_t i = 0; i < rows.count; i++)
        draw_row(&rest, &columns, &bars->rows[i],
                 &(struct row_place){rest.y + rows.height * (double)i, rows.height, i == 0});
}

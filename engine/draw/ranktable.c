/* A table of the rank of each cluster in several lists. */
#include "engine/draw/ranktable.h"

#include <math.h>
#include <stdio.h>

/* Where a table stands: columns of equal width behind the labels. */
struct setting {
    double label_width, column_width, row_height;
    bool brief; /* ranks without counts, so that labels can be read whole */
    struct fit labels, cells, heads;
};

static struct letters cell_letters(const struct block *block, bool finding)
{
    return block_ink(block, finding ? FACE_BOLD : FACE_REGULAR, block->kit.style->type.figure);
}

static struct letters head_letters(const struct block *block)
{
    return block_ink(block, FACE_BOLD, block->kit.style->type.bar * 0.92);
}

static void write_cell(char text[FIGURE_TEXT], const struct rank_cell *cell, bool brief)
{
    if (cell->rank == 0)
        snprintf(text, FIGURE_TEXT, "–");
    else if (map_has(cell->count) && !brief)
        snprintf(text, FIGURE_TEXT, "%zu (%s)", cell->rank, cell->count);
    else
        snprintf(text, FIGURE_TEXT, "%zu", cell->rank);
}

static double widest_cell(const struct block *block, const struct rank_table *table, size_t count,
                          bool brief)
{
    double widest = 0;
    struct letters head = head_letters(block);
    for (size_t c = 0; c < table->column_count; c++) {
        if (map_has(table->columns[c].head))
            widest =
                fmax(widest, canvas_text_width(block->kit.canvas, &head, table->columns[c].head));
        for (size_t r = 0; r < count; r++) {
            char text[FIGURE_TEXT];
            write_cell(text, &table->rows[r].cells[c], brief);
            struct letters letters = cell_letters(block, table->rows[r].finding);
            widest = fmax(widest, canvas_text_width(block->kit.canvas, &letters, text));
        }
    }
    return widest;
}

static double widest_label(const struct block *block, const struct rank_table *table, size_t count)
{
    double widest = 0;
    for (size_t r = 0; r < count; r++) {
        struct letters letters = cell_letters(block, table->rows[r].finding);
        if (map_has(table->rows[r].label))
            widest =
                fmax(widest, canvas_text_width(block->kit.canvas, &letters, table->rows[r].label));
    }
    return widest;
}

/* One face and size for all labels, one for all cells, one for all heads. */
static void fit_columns(struct setting *setting, const struct block *block,
                        const struct rank_table *table, size_t count)
{
    double head_width = setting->column_width - 3 * block->kit.unit;
    for (size_t c = 0; c < table->column_count; c++)
        fit_add(&setting->heads, block,
                &(struct fit_text){head_letters(block), head_width, table->columns[c].head});
    for (size_t r = 0; r < count; r++) {
        struct letters letters = cell_letters(block, table->rows[r].finding);
        fit_add(&setting->labels, block,
                &(struct fit_text){letters, setting->label_width + 0.5, table->rows[r].label});
        for (size_t c = 0; c < table->column_count; c++) {
            char text[FIGURE_TEXT];
            write_cell(text, &table->rows[r].cells[c], setting->brief);
            fit_add(&setting->cells, block, &(struct fit_text){letters, head_width, text});
        }
    }
}

/* Labels and figures share what is over, or what is lacking. */
static struct setting set_table(const struct block *block, const struct rank_table *table,
                                const struct rows *rows, bool brief)
{
    double gap = 7 * block->kit.unit, columns = (double)table->column_count;
    double cells = (widest_cell(block, table, rows->count, brief) + gap) * columns;
    double labels = widest_label(block, table, rows->count) + gap;
    double spare = block->width - cells - labels;
    labels += spare < 0 ? spare * labels / (labels + cells) : spare / (columns + 1);
    struct setting setting = {.label_width = labels - gap,
                              .column_width = (block->width - labels) / fmax(columns, 1),
                              .row_height = rows->height,
                              .brief = brief};
    fit_columns(&setting, block, table, rows->count);
    return setting;
}

static bool cuts_labels(const struct setting *setting, const struct block *block,
                        const struct rank_table *table, size_t count)
{
    for (size_t r = 0; r < count; r++) {
        struct letters plain = cell_letters(block, table->rows[r].finding);
        struct letters letters = fit_dress(&setting->labels, &plain);
        if (map_has(table->rows[r].label)
            && canvas_text_width(block->kit.canvas, &letters, table->rows[r].label)
                   > setting->label_width + 0.5)
            return true;
    }
    return false;
}

static double column_middle(const struct block *block, const struct setting *setting,
                            const struct rank_table *table, size_t column)
{
    double left = block->x + block->width - setting->column_width * (double)table->column_count;
    return left + setting->column_width * ((double)column + 0.5);
}

static void draw_head(const struct block *block, const struct setting *setting,
                      const struct rank_table *table, double y)
{
    const struct style *style = block->kit.style;
    for (size_t c = 0; c < table->column_count; c++) {
        const struct rank_column *column = &table->columns[c];
        struct colour colour = style->colour.ink;
        if (column->area != RANK_TOGETHER && table->areas) {
            size_t side = table->areas[column->area].side;
            colour = style->side[side < STYLE_SIDES ? side : STYLE_SIDES - 1].name;
        }
        struct letters plain = head_letters(block), letters = fit_dress(&setting->heads, &plain);
        letters.colour = colour;
        block_text(block,
                   (struct spot){.x = column_middle(block, setting, table, c),
                                 .y = y,
                                 .align = ALIGN_CENTRE,
                                 .width_most = setting->column_width - 3 * block->kit.unit},
                   &letters, column->head);
    }
}

static void draw_row(const struct block *block, const struct setting *setting,
                     const struct rank_table *table, size_t number, double y)
{
    const struct rank_row *row = &table->rows[number];
    double height = setting->row_height, k = block->kit.unit;
    struct letters plain = cell_letters(block, row->finding);
    struct letters letters = fit_dress(&setting->labels, &plain);
    double baseline = y + height / 2 + canvas_cap_height(letters.size) / 2;
    if (row->finding)
        block_finding(block, y + 0.5 * k, height - 0.7 * k);
    block_text(block,
               (struct spot){.x = block->x, .y = baseline, .width_most = setting->label_width},
               &letters, row->label);
    for (size_t c = 0; c < table->column_count; c++) {
        char text[FIGURE_TEXT];
        write_cell(text, &row->cells[c], setting->brief);
        struct letters cell = fit_dress(&setting->cells, &plain);
        if (row->cells[c].rank == 0)
            cell.colour = block->kit.style->colour.muted;
        block_text(block,
                   (struct spot){.x = column_middle(block, setting, table, c),
                                 .y = baseline,
                                 .align = ALIGN_CENTRE,
                                 .width_most = setting->column_width},
                   &cell, text);
    }
}

void ranktable_draw(const struct block *block, const struct rank_table *table)
{
    const double least = 12.5, most = 19.5, head = 14.5;
    struct block rest = block_begin(block, &table->head);
    double k = rest.kit.unit, head_y = rest.y + 8.5 * k;
    rest.y += head * k;
    rest.height = fmax(rest.height - head * k, 0);
    struct rows rows = block_rows(&rest, table->row_count, least, most);
    if (rows.count == 0)
        return;
    struct setting setting = set_table(&rest, table, &rows, false);
    if (cuts_labels(&setting, &rest, table, rows.count))
        setting = set_table(&rest, table, &rows, true);
    draw_head(&rest, &setting, table, head_y);
    for (size_t r = 0; r < rows.count; r++) {
        double y = rest.y + rows.height * (double)r;
        draw_row(&rest, &setting, table, r, y);
        if (r > 0)
            block_rule(&rest, y, false);
    }
    block_rule(&rest, rest.y, true);
}

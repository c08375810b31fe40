/* What stands beside or under the map: legend, table of clusters, small map and sentence. */
#include "engine/draw/panels.h"

#include "engine/draw/block.h"
#include "engine/draw/inset.h"

#include <math.h>

/* Heights in points before k, from the top of each block. */
static const double legend_bar_at = 17, legend_bar_high = 14.8, legend_keys_at = 59,
                    legend_key_step = 16.5, legend_end = 11;
static const double table_head_at = 17, table_columns_at = 30.5, table_rows_at = 36;
/* What a row of the table takes: with a share bar, and for one jurisdiction without; the usual, the
 * least with its third line, and without that. */
struct row_heights {
    double usual, least, brief;
};
static const struct row_heights with_bar = {45.2, 41, 33}, without_bar = {35, 32, 24};
static const double inset_wide = 112, inset_high = 69, inset_gap = 10;

/* One key of the legend, if it has a word and occurs. Before the map is made, what may occur
 * counts: room is then kept for it. */
struct key {
    enum key_kind kind;
    const char *word;
};

enum { KEYS_MOST = 6 };

static size_t list_keys(struct key keys[KEYS_MOST], const struct ground *ground)
{
    const struct map_sheet *sheet = ground->sheet;
    bool made = ground->view.scale > 0;
    size_t count = 0;
    if (map_has(sheet->texts.border) && sheet->border_count > 0)
        keys[count++] = (struct key){KEY_BORDER, sheet->texts.border};
    if (map_has(sheet->texts.cluster) && sheet->cluster_count > 0)
        keys[count++] = (struct key){KEY_CLUSTER, sheet->texts.cluster};
    if (map_has(sheet->texts.withheld)
        && (made ? ground->heat.has_withheld : sheet->support != NULL))
        keys[count++] = (struct key){KEY_WITHHELD, sheet->texts.withheld};
    if (map_has(sheet->texts.point) && sheet->points.count > 0)
        keys[count++] = (struct key){KEY_POINT, sheet->texts.point};
    if (map_has(sheet->texts.squares) && sheet->square_count > 0)
        keys[count++] = (struct key){KEY_SQUARES, sheet->texts.squares};
    if (map_has(sheet->texts.outside) && (!made || ground_shows_outside(ground)))
        keys[count++] = (struct key){KEY_OUTSIDE, sheet->texts.outside};
    return count;
}

/* Sets the keys in lines from (x, y) on, as many beside one another as fit; returns the baseline of
 * the last line. Without a canvas to draw on it only measures. */
struct key_lines {
    double x, y, width;
    bool measure;
};

static double flow_keys(const struct ground *ground, const struct key_lines *lines)
{
    const struct kit *kit = &ground->kit;
    struct key keys[KEYS_MOST];
    size_t count = list_keys(keys, ground);
    double x = lines->x, y = lines->y;
    for (size_t i = 0; i < count; i++) {
        double width = furniture_key_width(kit, keys[i].kind, keys[i].word);
        if (x > lines->x && x + width > lines->x + lines->width) {
            x = lines->x;
            y += legend_key_step * kit->unit;
        }
        if (!lines->measure)
            furniture_key(kit, (struct spot){.x = x, .y = y, .width_most = lines->width},
                          keys[i].kind, keys[i].word);
        x += width + 13 * kit->unit;
    }
    return y;
}

static void draw_legend_head(const struct ground *ground, const double box[4])
{
    const struct kit *kit = &ground->kit;
    const struct map_texts *texts = &ground->sheet->texts;
    double y = box[1] + 10.5 * kit->unit;
    struct letters head = kit_letters(FACE_BOLD, kit_size(kit, kit->style->type.head * 0.9, 8),
                                      kit->style->colour.ink);
    struct letters note = kit_letters(FACE_REGULAR, kit_size(kit, kit->style->type.note * 0.86, 6),
                                      kit->style->colour.muted);
    double free = box[2];
    if (map_has(texts->legend_head)) {
        kit_text(kit, (struct spot){.x = box[0], .y = y, .width_most = box[2]}, &head,
                 texts->legend_head);
        free -= canvas_text_width(kit->canvas, &head, texts->legend_head) + 10 * kit->unit;
    }
    if (map_has(texts->unit_note)
        && canvas_text_width(kit->canvas, &note, texts->unit_note) <= free)
        canvas_text(kit->canvas, (struct spot){.x = box[0] + box[2], .y = y, .align = ALIGN_RIGHT},
                    &note, texts->unit_note);
}

static void draw_legend_bar(const struct ground *ground, const double box[4])
{
    const struct kit *kit = &ground->kit;
    struct legend_bar bar = {
        .x = box[0],
        .y = box[1] + legend_bar_at * kit->unit,
        .width = box[2],
        .height = legend_bar_high * kit->unit,
        .classes = &ground->sheet->classes,
        .texts = &ground->sheet->texts,
    };
    draw_legend_head(ground, box);
    furniture_legend_bar(kit, &bar);
}

static bool has_legend_bar(const struct ground *ground)
{
    return ground->sheet->classes.count > 0 && ground->sheet->density != NULL;
}

/* Returns where the legend ends. */
static double draw_legend(const struct ground *ground, const double box[4])
{
    double k = ground->kit.unit, keys_at = 10;
    if (has_legend_bar(ground)) {
        draw_legend_bar(ground, box);
        keys_at = legend_keys_at;
    }
    struct key_lines lines = {box[0], box[1] + keys_at * k, box[2], false};
    return flow_keys(ground, &lines) + legend_end * k;
}

static size_t count_listed(const struct map_sheet *sheet)
{
    size_t count = 0;
    for (size_t i = 0; i < sheet->cluster_count; i++)
        count += sheet->clusters[i].listed ? 1 : 0;
    return count;
}

/* How a table is set. */
struct table {
    double x, y, width; /* its upper left corner; y is where the rows begin */
    double head_width;  /* of the words above it */
    double row_height;
    size_t rows;  /* how many are shown, in all columns */
    bool details; /* the third line of a row */
};

static void draw_rule(const struct ground *ground, const struct table *table, double y, bool strong)
{
    const struct style *style = ground->kit.style;
    canvas_straight(ground->kit.canvas,
                    &(struct pen){.colour = strong ? style->colour.ink : style->colour.rule,
                                  .width = (strong ? style->line.rule_strong : style->line.rule)
                                           * ground->kit.k,
                                  .flat = true},
                    (double[4]){table->x, y, table->x + table->width, y});
}

/* The head of a table whose top is at y. */
/* A text as small as it must be to be read whole, but not under `least`. */
static void draw_whole(const struct kit *kit, const struct fit_text *fit, struct spot spot,
                       double least)
{
    const struct block block = {.kit = *kit};
    struct letters letters = fit_whole(&block, fit, least);
    spot.width_most = fit->width;
    canvas_text(kit->canvas, spot, &letters, fit->text);
}

static bool can_be_whole(const struct kit *kit, const struct fit_text *fit, double least)
{
    const struct block block = {.kit = *kit};
    struct letters letters = fit_whole(&block, fit, least);
    return canvas_text_width(kit->canvas, &letters, fit->text) <= fit->width;
}

/* The head counts the rows that are shown. */
static const char *head_of(const struct map_texts *texts, size_t rows)
{
    return texts->table_heads != NULL ? texts->table_heads[rows] : texts->table_head;
}

static void draw_column_heads(const struct ground *ground, const struct table *table, double y)
{
    const struct kit *kit = &ground->kit;
    const struct map_texts *texts = &ground->sheet->texts;
    double k = kit->unit, counts = 0;
    struct letters note = kit_letters(FACE_REGULAR, kit_size(kit, kit->style->type.note, 6),
                                      kit->style->colour.muted);
    if (map_has(texts->count_head)) {
        struct fit_text fit = {note, table->width * 0.45, texts->count_head};
        draw_whole(kit, &fit,
                   (struct spot){.x = table->x + table->width, .y = y, .align = ALIGN_RIGHT}, 6);
        counts = fmin(canvas_text_width(kit->canvas, &note, texts->count_head), fit.width) + 10 * k;
    }
    struct fit_text share = {note, table->width - 23 * k - counts, texts->share_head};
    if (map_has(texts->share_head) && ground->sheet->area_count > 1 && can_be_whole(kit, &share, 6))
        draw_whole(kit, &share, (struct spot){.x = table->x + 23 * k, .y = y}, 6);
}

static void draw_table_head(const struct ground *ground, const struct table *table, double y)
{
    const struct kit *kit = &ground->kit;
    const char *text = head_of(&ground->sheet->texts, table->rows);
    double k = kit->unit;
    struct letters head =
        kit_letters(FACE_BOLD, kit_size(kit, kit->style->type.head, 8), kit->style->colour.ink);
    if (map_has(text))
        draw_whole(kit, &(struct fit_text){head, table->head_width, text},
                   (struct spot){.x = table->x, .y = y + table_head_at * k}, 7);
    draw_column_heads(ground, table, y + table_columns_at * k);
}

/* The name, and behind it that the cluster lies over the border. */
static void draw_row_name(const struct ground *ground, const struct map_cluster *cluster,
                          struct spot spot)
{
    const struct kit *kit = &ground->kit;
    const char *across = cluster->across ? ground->sheet->texts.across : NULL;
    struct letters bold = kit_letters(FACE_BOLD, kit_size(kit, kit->style->type.row_name, 6.5),
                                      kit->style->colour.ink);
    struct letters note = kit_letters(
        FACE_REGULAR, kit_size(kit, kit->style->type.row_name * 0.86, 6), kit->style->colour.muted);
    double gap = map_has(cluster->name) ? 6.5 * kit->unit : 0, room = spot.width_most, behind = 0;
    double name = map_has(cluster->name) ? canvas_text_width(kit->canvas, &bold, cluster->name) : 0;
    if (map_has(across))
        behind = canvas_text_width(kit->canvas, &note, across) + gap;
    if (behind > 0 && name + behind > room) /* a long name comes before the remark */
        behind = 0;
    if (map_has(cluster->name))
        draw_whole(kit, &(struct fit_text){bold, room, cluster->name}, spot, 6);
    if (behind > 0) {
        spot.x += name + gap;
        canvas_text(kit->canvas, spot, &note, across);
    }
}

static void draw_row_count(const struct ground *ground, const struct table *table,
                           const struct map_cluster *cluster, double y)
{
    const struct kit *kit = &ground->kit;
    struct letters letters = kit_letters(FACE_BOLD, kit_size(kit, kit->style->type.row_count, 7),
                                         kit->style->colour.ink);
    if (map_has(cluster->count))
        canvas_text(kit->canvas,
                    (struct spot){.x = table->x + table->width, .y = y, .align = ALIGN_RIGHT},
                    &letters, cluster->count);
}

/* A row whose top is at y. */
static void draw_row(const struct ground *ground, const struct table *table,
                     const struct map_cluster *cluster, double y)
{
    const struct kit *kit = &ground->kit;
    double k = kit->unit, left = table->x + 23 * k, counts = 46 * k;
    bool first = cluster == ground_finding(ground->sheet);
    bool bars = ground->sheet->area_count > 1 && cluster->share_count > 0;
    if (first)
        canvas_rectangle(kit->canvas, kit->style->colour.row,
                         (double[4]){table->x - 5 * k, y + 0.5 * k, table->width + 10 * k,
                                     table->row_height - 0.7 * k});
    furniture_badge(kit, (struct spot){.x = table->x + 9 * k, .y = y + 13 * k}, 7.4 * k,
                    cluster->number);
    draw_row_name(
        ground, cluster,
        (struct spot){.x = left, .y = y + 15.2 * k, .width_most = table->width - 23 * k - counts});
    draw_row_count(ground, table, cluster, y + 16.4 * k);
    struct share_bar bar = {left,    y + 20 * k,           table->width - 23 * k - counts, 10.6 * k,
                            cluster, ground->sheet->areas, &ground->sheet->texts,          true};
    if (bars)
        furniture_share_bar(kit, &bar);
    struct letters detail = kit_letters(FACE_REGULAR, kit_size(kit, kit->style->type.row_detail, 6),
                                        kit->style->colour.ink);
    if (table->details && map_has(cluster->detail))
        draw_whole(kit, &(struct fit_text){detail, table->width - 23 * k, cluster->detail},
                   (struct spot){.x = left, .y = y + (bars ? 40.4 : 29) * k}, 6);
}

/* Rows number `from` up to `to` among the listed clusters, with rules between and around. */
struct row_range {
    size_t from, to;
};

static double draw_rows(const struct ground *ground, const struct table *table,
                        struct row_range rows)
{
    double y = table->y;
    size_t row = 0;
    for (size_t i = 0; i < ground->sheet->cluster_count; i++) {
        if (!ground->sheet->clusters[i].listed)
            continue;
        if (row >= rows.from && row < rows.to) {
            draw_row(ground, table, &ground->sheet->clusters[i], y);
            if (row > rows.from)
                draw_rule(ground, table, y, false);
            y += table->row_height;
        }
        row++;
    }
    draw_rule(ground, table, table->y, true);
    draw_rule(ground, table, y, true);
    return y;
}

/* The sentence in the box (x, y, width, height), in the largest type that fits it whole. */
static void draw_aside(const struct ground *ground, const double box[4])
{
    const struct kit *kit = &ground->kit;
    const char *aside = ground->sheet->texts.aside;
    double size = kit_size(kit, kit->style->type.note * 0.95, 6.5), least = size * 0.8;
    if (!map_has(aside))
        return;
    for (;; size -= 0.25) {
        struct letters letters = kit_letters(FACE_REGULAR, size, kit->style->colour.muted);
        struct paragraph paragraph = {.x = box[0],
                                      .y = box[1] + canvas_cap_height(size) + 1,
                                      .width = box[2],
                                      .leading = size * 1.22,
                                      .measure = true};
        int room = (int)((box[3] - size) / paragraph.leading) + 1;
        int lines = canvas_paragraph(kit->canvas, &letters, aside, &paragraph);
        if (lines > room && size > least)
            continue;
        if (lines > room)
            return; /* half a sentence says nothing */
        paragraph.measure = false;
        canvas_paragraph(kit->canvas, &letters, aside, &paragraph);
        return;
    }
}

static bool has_inset(const struct ground *ground)
{
    struct box box = ground->sheet->inset_ground;
    return !box_is_empty(box) && box.x_max > box.x_min && box.y_max > box.y_min;
}

static const struct row_heights *row_heights(const struct ground *ground)
{
    return ground->sheet->area_count > 1 ? &with_bar : &without_bar;
}

/* How the rest of a column is shared out. */
struct plan {
    size_t rows;
    double row_height;
    bool details, foot; /* foot: the small map and its sentence */
};

/* What gives way, in the order in which it does. */
static struct plan make_plan(const struct ground *ground, double height)
{
    double k = ground->kit.unit, foot = (inset_high + inset_gap) * k;
    const struct row_heights *heights = row_heights(ground);
    struct plan plan = {.rows = count_listed(ground->sheet), .details = true};
    plan.foot = has_inset(ground) || map_has(ground->sheet->texts.aside);
    if (plan.foot && height - foot < (double)plan.rows * heights->least * k)
        plan.foot = false;
    double room = plan.foot ? height - foot : height;
    while (plan.rows > 3 && room < (double)plan.rows * heights->least * k)
        plan.rows--;
    plan.details = room >= (double)plan.rows * heights->least * k;
    while (plan.rows > 0 && room < (double)plan.rows * heights->brief * k)
        plan.rows--;
    plan.row_height = plan.details ? heights->usual * k : heights->brief * k;
    if (plan.rows > 0)
        plan.row_height =
            fmin(plan.row_height * (plan.details ? 1.12 : 1.2), room / (double)plan.rows);
    return plan;
}

static bool draw_foot(const struct ground *ground, const double box[4], struct error *error)
{
    double k = ground->kit.unit, wide = 0;
    if (has_inset(ground))
        wide = fmax(inset_wide * k, box[3] * inset_wide / inset_high);
    double gap = has_inset(ground) ? 12 * k : 0;
    draw_aside(ground, (double[4]){box[0] + wide + gap, box[1], box[2] - wide - gap, box[3]});
    return !has_inset(ground)
           || inset_draw(ground, (double[4]){box[0], box[1], wide, box[3]}, error);
}

bool panels_draw_column(const struct ground *ground, const double column[4], struct error *error)
{
    double k = ground->kit.unit, bottom = column[1] + column[3];
    double y = draw_legend(ground, column);
    struct table table = {.x = column[0], .width = column[2], .head_width = column[2]};
    table.y = y + table_rows_at * k;
    struct plan plan = make_plan(ground, bottom - table.y);
    if (plan.rows > 0) {
        table.row_height = plan.row_height;
        table.details = plan.details;
        table.rows = plan.rows;
        draw_rule(ground, &table, y, false);
        draw_table_head(ground, &table, y);
        y = draw_rows(ground, &table, (struct row_range){0, plan.rows});
    }
    /* It grows into a high column, so that no hole is left. */
    double high = inset_high * k, spare = bottom - y - 2 * inset_gap * k;
    high = fmax(high, fmin(spare * 0.8, column[2] * 0.55 * inset_high / inset_wide));
    if (!plan.foot)
        return true;
    return draw_foot(ground, (double[4]){column[0], bottom - high, column[2], high}, error);
}

static const double strip_legend_high = 48, strip_top = 12;

/* The legend takes the left part, its keys the right. */
static double strip_keys_end(const struct ground *ground, const double strip[4], bool measure)
{
    double k = ground->kit.unit, left = strip[2] * 0.52 + 16 * k;
    if (!has_legend_bar(ground))
        left = 0;
    struct key_lines lines = {strip[0] + left, strip[1] + (strip_top + 10.5) * k, strip[2] - left,
                              measure};
    double end = flow_keys(ground, &lines) + legend_end * k;
    double least = has_legend_bar(ground) ? (strip_top + strip_legend_high) * k : 0;
    return fmax(end - strip[1], least);
}

static double strip_height(const struct ground *ground, double width, size_t rows, double row)
{
    double k = ground->kit.unit;
    double table = rows > 0 ? (table_rows_at + (double)rows * row + 4) * k : 0;
    return strip_keys_end(ground, (double[4]){0, 0, width, 0}, true) + table;
}

double panels_strip_height(const struct ground *ground, double width)
{
    size_t rows = (count_listed(ground->sheet) + 1) / 2;
    return strip_height(ground, width, rows, row_heights(ground)->usual);
}

double panels_strip_least(const struct ground *ground, double width)
{
    size_t listed = count_listed(ground->sheet), rows = listed < 3 ? (listed + 1) / 2 : 2;
    return strip_height(ground, width, rows, row_heights(ground)->brief);
}

/* As many rows in each of the two columns as there is room for. */
static struct plan plan_strip(const struct ground *ground, double height)
{
    double k = ground->kit.unit;
    const struct row_heights *heights = row_heights(ground);
    struct plan plan = {.rows = (count_listed(ground->sheet) + 1) / 2,
                        .details = true,
                        .row_height = heights->usual * k};
    if (height < (double)plan.rows * plan.row_height) {
        plan.details = height >= (double)plan.rows * heights->least * k;
        plan.row_height = (plan.details ? heights->least : heights->brief) * k;
    }
    while (plan.rows > 0 && height < (double)plan.rows * plan.row_height)
        plan.rows--;
    return plan;
}

bool panels_draw_strip(const struct ground *ground, const double strip[4], struct error *error)
{
    double k = ground->kit.unit, gap = 20 * k, half = (strip[2] - gap) / 2;
    double y = strip[1] + strip_keys_end(ground, strip, false);
    if (has_legend_bar(ground))
        draw_legend_bar(ground,
                        (double[4]){strip[0], strip[1] + strip_top * k, strip[2] * 0.52, 0});
    struct table table = {
        .x = strip[0], .y = y + table_rows_at * k, .width = half, .head_width = strip[2]};
    struct plan plan = plan_strip(ground, strip[1] + strip[3] - table.y);
    if (plan.rows == 0)
        return true;
    table.row_height = plan.row_height;
    table.details = plan.details;
    size_t end =
        count_listed(ground->sheet) < 2 * plan.rows ? count_listed(ground->sheet) : 2 * plan.rows;
    table.rows = end;
    draw_table_head(ground, &table, y);
    draw_rows(ground, &table, (struct row_range){0, plan.rows});
    table.x += half + gap;
    if (end > plan.rows)
        draw_rows(ground, &table, (struct row_range){plan.rows, end});
    double top = table.y + (double)(end - plan.rows) * plan.row_height + 6 * k;
    double high = table.y + (double)plan.rows * plan.row_height - top;
    return end % 2 == 0 || high < 26 * k
           || draw_foot(ground, (double[4]){table.x, top, half, high}, error);
}

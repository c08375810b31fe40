/* The small fixed things on a sheet: badge, scale bar, north arrow, legend, share bar. */
#include "engine/draw/furniture.h"

#include "engine/core/numbers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

double kit_size(const struct kit *kit, double size, double least)
{
    return fmax(size * kit->k, least);
}

struct letters kit_letters(enum face face, double size, struct colour colour)
{
    return (struct letters){.face = face, .size = size, .colour = colour};
}

struct letters kit_fit(const struct kit *kit, double width, const struct letters *letters,
                       const char *text)
{
    struct letters fitting = *letters;
    bool bold = letters->face == FACE_BOLD || letters->face == FACE_CONDENSED_BOLD;
    const double least = letters->size * 0.8;
    if (canvas_text_width(kit->canvas, &fitting, text) > width)
        fitting.face = bold ? FACE_CONDENSED_BOLD : FACE_CONDENSED;
    while (fitting.size - 0.25 >= least && canvas_text_width(kit->canvas, &fitting, text) > width)
        fitting.size -= 0.25;
    return fitting;
}

void kit_text(const struct kit *kit, struct spot spot, const struct letters *letters,
              const char *text)
{
    struct letters fitting = *letters;
    if (spot.width_most > 0)
        fitting = kit_fit(kit, spot.width_most, letters, text);
    canvas_text(kit->canvas, spot, &fitting, text);
}

void kit_figure(char text[FIGURE_TEXT], double value, const struct map_texts *texts)
{
    char plain[NUMBER_TEXT];
    number_format_exact(plain, value);
    if (strchr(plain, 'e') != NULL)
        number_format(plain, value, value < 1 ? 6 : 0);
    size_t whole = strcspn(plain, "."), length = 0;
    for (size_t i = 0; plain[i] && length + 2 < FIGURE_TEXT; i++) {
        if (texts->thousands && whole > 3 && i > 0 && i < whole && (whole - i) % 3 == 0)
            text[length++] = texts->thousands;
        text[length++] = plain[i] == '.' && texts->decimal ? texts->decimal : plain[i];
    }
    text[length] = '\0';
}

struct pen kit_grid_pen(const struct kit *kit)
{
    struct colour colour = kit->style->colour.ink;
    colour.alpha *= 0.45;
    return (struct pen){.colour = colour, .width = 0.45 * kit->unit, .mitred = true};
}

void furniture_badge(const struct kit *kit, struct spot centre, double radius, size_t number)
{
    furniture_disc(kit, centre, &(struct disc){radius, kit->style->colour.badge, number});
}

void furniture_disc(const struct kit *kit, struct spot centre, const struct disc *disc)
{
    char text[24];
    double radius = disc->radius;
    size_t number = disc->number;
    snprintf(text, sizeof text, "%zu", number);
    canvas_add_circle(kit->canvas, centre.x, centre.y, radius + 1 * kit->unit);
    canvas_fill(kit->canvas, kit->style->colour.badge_text);
    canvas_add_circle(kit->canvas, centre.x, centre.y, radius);
    canvas_fill(kit->canvas, disc->colour);
    double size = radius * (number < 10 ? 1.28 : number < 100 ? 1.1 : 0.85);
    struct letters letters = kit_letters(FACE_BOLD, size, kit->style->colour.badge_text);
    centre.y += canvas_cap_height(size) / 2;
    centre.align = ALIGN_CENTRE;
    canvas_text(kit->canvas, centre, &letters, text);
}

double furniture_scale_length(double ground_width_m)
{
    static const double figures[3] = {5, 2, 1};
    const double longest = 0.25 * ground_width_m;
    double power = 1;
    while (power * 10 <= longest && power < 1e12)
        power *= 10;
    while (power > longest && power > 1e-6)
        power /= 10;
    for (int i = 0; i < 2; i++)
        if (figures[i] * power <= longest)
            return figures[i] * power;
    return power;
}

static void draw_north(const struct kit *kit, double x, double y, const char *word)
{
    double k = kit->unit, size = kit_size(kit, 7.5, 5.5);
    struct colour ink = kit->style->colour.ink;
    struct letters letters = kit_letters(FACE_BOLD, size, ink);
    canvas_text(kit->canvas, (struct spot){.x = x, .y = y - 5.2 * k, .align = ALIGN_CENTRE},
                &letters, map_has(word) ? word : "N");
    canvas_move(kit->canvas, x, y - 4.2 * k);
    canvas_line(kit->canvas, x + 4.4 * k, y + 9 * k);
    canvas_line(kit->canvas, x, y + 6 * k);
    canvas_line(kit->canvas, x - 4.4 * k, y + 9 * k);
    canvas_close_path(kit->canvas);
    canvas_stroke_keep(kit->canvas, &(struct pen){.colour = ink, .width = 0.7 * k});
    canvas_forget_path(kit->canvas);
    canvas_move(kit->canvas, x, y - 4.2 * k);
    canvas_line(kit->canvas, x, y + 6 * k);
    canvas_line(kit->canvas, x - 4.4 * k, y + 9 * k);
    canvas_close_path(kit->canvas);
    canvas_fill(kit->canvas, ink);
}

static double scale_metres(const struct corner *corner)
{
    return furniture_scale_length((corner->frame.x_max - corner->frame.x_min)
                                  / corner->points_per_metre);
}

void furniture_scale_bar(const struct kit *kit, const struct corner *corner, double x, double y)
{
    double metres = scale_metres(corner);
    double length = metres * corner->points_per_metre, height = 3.4 * kit->unit;
    double size = kit_size(kit, kit->style->type.scale, 5.5);
    struct letters letters = kit_letters(FACE_REGULAR, size, kit->style->colour.ink);
    bool kilometres = metres >= 2000;
    /* On a short bar the middle figure gives way. */
    int step = length < 6.5 * size ? 2 : 1;
    for (int i = 0; i <= 2; i += step) {
        char figure[FIGURE_TEXT], text[FIGURE_TEXT + 4];
        kit_figure(figure, metres * i / 2 / (kilometres ? 1000 : 1), corner->texts);
        snprintf(text, sizeof text, "%s", figure);
        double width = canvas_text_width(kit->canvas, &letters, text);
        if (i == 2)
            snprintf(text, sizeof text, "%s %s", figure, kilometres ? "km" : "m");
        /* The unit hangs over, so that the figure itself stands on its mark. */
        canvas_text(kit->canvas,
                    (struct spot){.x = x + length * i / 2 - width / 2, .y = y - 4.4 * kit->unit},
                    &letters, text);
    }
    canvas_rectangle(kit->canvas, kit->style->colour.ink, (double[4]){x, y, length, height});
    double edge = 0.7 * kit->unit;
    canvas_rectangle(kit->canvas, kit->style->colour.paper,
                     (double[4]){x + length / 2, y + edge, length / 2 - edge, height - 2 * edge});
}

struct box furniture_scale(const struct kit *kit, const struct corner *corner)
{
    double k = kit->unit, metres = scale_metres(corner);
    double length = metres * corner->points_per_metre;
    double radius = 13.5 * k, half = 11 * k, size = kit_size(kit, kit->style->type.scale, 5.5);
    double whole = 2 * radius + 12 * k + length + 3.4 * size, bottom = corner->frame.y_max - 8 * k;
    double right = corner->left ? corner->frame.x_min + 8 * k + whole : corner->frame.x_max - 8 * k;
    struct box bar = {right - whole, bottom - half * 2, right - 2 * radius - 5 * k, bottom};
    struct box taken = {bar.x_min, bottom - 2 * radius, right, bottom};
    if (corner->measure)
        return taken;
    struct colour veil = colour_fade(kit->style->colour.paper, 0.85);
    canvas_rectangle(kit->canvas, veil,
                     (double[4]){bar.x_min, bar.y_min, bar.x_max - bar.x_min, 2 * half});
    canvas_add_circle(kit->canvas, right - radius, bottom - radius, radius);
    canvas_fill(kit->canvas, veil);
    furniture_scale_bar(kit, corner, bar.x_min + 1.1 * size, bottom - 7 * k);
    draw_north(kit, right - radius, bottom - radius - 1 * k, corner->texts->north);
    return taken;
}

/* "80 en meer": the figure on its limit and the words behind it, or both against the right edge
 * where the words are wider than the box. False when even that would run into the figure before:
 * then it is "80+". */
static bool draw_last_limit(const struct kit *kit, const struct legend_bar *bar,
                            const struct letters *letters, const char *figure)
{
    const char *words = bar->texts->and_more;
    double step = bar->width / (double)(bar->classes->count + 1), gap = letters->size * 0.32;
    double y = bar->y + bar->height + letters->size * 1.1;
    struct letters narrow = *letters;
    if (!map_has(words))
        return false;
    double figure_width = canvas_text_width(kit->canvas, letters, figure);
    if (canvas_text_width(kit->canvas, &narrow, words) + gap > step)
        narrow.face = FACE_CONDENSED;
    double words_width = canvas_text_width(kit->canvas, &narrow, words);
    double right = bar->x + bar->width, from = right - words_width - gap - figure_width;
    from = fmin(from, right - step - figure_width / 2);
    if (from < right - 2 * step + figure_width)
        return false;
    canvas_text(kit->canvas, (struct spot){.x = from, .y = y}, letters, figure);
    canvas_text(kit->canvas, (struct spot){.x = right, .y = y, .align = ALIGN_RIGHT}, &narrow,
                words);
    return true;
}

/* The widest figure with the gap to the next, in parts of the box that it has. */
static double widest_limit(const struct kit *kit, const struct legend_bar *bar,
                           const struct letters *letters)
{
    double step = bar->width / (double)(bar->classes->count + 1), widest = 0;
    for (size_t i = 0; i < bar->classes->count; i++) {
        char text[FIGURE_TEXT];
        kit_figure(text, bar->classes->limits[i], bar->texts);
        if (i + 1 == bar->classes->count)
            snprintf(text + strlen(text), sizeof text - strlen(text), "+");
        widest = fmax(widest, canvas_text_width(kit->canvas, letters, text) + letters->size * 0.5);
    }
    return widest / step;
}

/* Figures so narrow, then so small, that none runs into the next. */
static struct letters limit_letters(const struct kit *kit, const struct legend_bar *bar)
{
    const double least = 5;
    double size = kit_size(kit, kit->style->type.figure, 6);
    struct letters letters = kit_letters(FACE_REGULAR, size, kit->style->colour.ink);
    if (widest_limit(kit, bar, &letters) > 1)
        letters.face = FACE_CONDENSED;
    letters.size = fmin(size, fmax(size / widest_limit(kit, bar, &letters), least));
    return letters;
}

static void draw_limits(const struct kit *kit, const struct legend_bar *bar)
{
    double step = bar->width / (double)(bar->classes->count + 1);
    struct letters letters = limit_letters(kit, bar);
    double y = bar->y + bar->height + letters.size * 1.1;
    canvas_text(kit->canvas, (struct spot){.x = bar->x, .y = y}, &letters, "0");
    for (size_t i = 0; i < bar->classes->count; i++) {
        char text[FIGURE_TEXT];
        kit_figure(text, bar->classes->limits[i], bar->texts);
        bool last = i + 1 == bar->classes->count;
        double x = bar->x + step * (double)(i + 1);
        if (last && draw_last_limit(kit, bar, &letters, text))
            continue;
        if (last && map_has(bar->texts->and_more))
            snprintf(text + strlen(text), sizeof text - strlen(text), "+");
        canvas_text(kit->canvas, (struct spot){.x = x, .y = y, .align = ALIGN_CENTRE}, &letters,
                    text);
    }
}

/* Each class its box. */
static void fill_boxes(const struct kit *kit, const struct legend_bar *bar,
                       const struct colour *colours)
{
    double step = bar->width / (double)(bar->classes->count + 1);
    for (size_t i = 1; i <= bar->classes->count; i++)
        canvas_rectangle(kit->canvas, colours[i - 1],
                         (double[4]){bar->x + step * (double)i, bar->y, step + 0.2, bar->height});
}

/* Colours run on from box to box, each step up to the right end, so that no seam shines through. */
static void fill_steps(const struct kit *kit, const struct legend_bar *bar,
                       const struct colour *colours)
{
    double step = bar->width / (double)(bar->classes->count + 1), right = bar->x + bar->width;
    size_t steps = (bar->classes->count - 1) * CLASSES_STEPS + 1;
    for (size_t i = 0; i < steps; i++) {
        double x = bar->x + step * (1 + (double)i / CLASSES_STEPS);
        canvas_rectangle(kit->canvas, colours[i], (double[4]){x, bar->y, right - x, bar->height});
    }
}

void furniture_legend_bar(const struct kit *kit, const struct legend_bar *bar)
{
    struct colour colours[CLASSES_FINE_MOST];
    double step = bar->width / (double)(bar->classes->count + 1);
    style_heat_colours(colours, bar->classes, kit->style);
    canvas_rectangle(kit->canvas, kit->style->colour.land,
                     (double[4]){bar->x, bar->y, step + 0.2, bar->height});
    (bar->classes->smooth ? fill_steps : fill_boxes)(kit, bar, colours);
    canvas_add_rectangle(kit->canvas, (double[4]){bar->x, bar->y, bar->width, bar->height});
    canvas_stroke(kit->canvas, &(struct pen){.colour = kit->style->colour.frame,
                                             .width = kit->style->line.frame * kit->k,
                                             .mitred = true});
    draw_limits(kit, bar);
}

static const double key_symbol = 22, key_gap = 5, badge_radius = 6.5,
                    point_radius = 1.4; /* points, before k */

static double symbol_width(const struct kit *kit, enum key_kind kind)
{
    double width = kind == KEY_BADGE   ? 2 * badge_radius
                   : kind == KEY_POINT ? 4 * point_radius
                                       : key_symbol;
    return width * kit->unit;
}

static void draw_ring(const struct kit *kit, const double box[4])
{
    const struct style *style = kit->style;
    canvas_add_oval(kit->canvas, box);
    canvas_stroke(kit->canvas, &(struct pen){.colour = style->colour.outline,
                                             .width = style->line.cluster * 1.2 * kit->k});
}

/* How a box is hatched. */
struct hatch {
    struct colour ground, line, edge;
    double spacing; /* square to the lines, points before k */
};

/* Lines at 45 degrees within the box. */
static void draw_hatch(const struct kit *kit, const struct hatch *hatch, const double box[4])
{
    double spacing = hatch->spacing * 1.41421356 * kit->unit;
    canvas_rectangle(kit->canvas, hatch->ground, box);
    canvas_save(kit->canvas);
    canvas_add_rectangle(kit->canvas, box);
    canvas_clip(kit->canvas);
    for (double x = box[0] - box[3]; x < box[0] + box[2]; x += spacing)
        canvas_straight(kit->canvas, &(struct pen){.colour = hatch->line, .width = 0.4 * kit->unit},
                        (double[4]){x, box[1] + box[3], x + box[3], box[1]});
    canvas_restore(kit->canvas);
    canvas_add_rectangle(kit->canvas, box);
    canvas_stroke(kit->canvas,
                  &(struct pen){.colour = hatch->edge, .width = 0.35 * kit->unit, .mitred = true});
}

/* Two squares side by side. */
static void draw_squares(const struct kit *kit, const double box[4])
{
    const struct pen pen = kit_grid_pen(kit);
    for (int i = 0; i < 2; i++)
        canvas_add_rectangle(kit->canvas, (double[4]){box[0] + i * box[3], box[1], box[3], box[3]});
    canvas_stroke(kit->canvas, &pen);
}

static void draw_key_symbol(const struct kit *kit, enum key_kind kind, double x, double y)
{
    const struct style *style = kit->style;
    double k = kit->unit, width = symbol_width(kit, kind), high = 11 * k;
    const double box[4] = {x, y - high / 2, width, high};
    switch (kind) {
    case KEY_BORDER:
        canvas_straight(kit->canvas,
                        &(struct pen){.colour = style->colour.border,
                                      .width = style->line.border * kit->k,
                                      .flat = true},
                        (double[4]){x, y, x + width, y});
        return;
    case KEY_CLUSTER:
        draw_ring(kit, box);
        return;
    case KEY_WITHHELD:
        draw_hatch(kit,
                   &(struct hatch){style->colour.hatch_ground, style->colour.hatch,
                                   style->colour.hatch_edge, 2.2},
                   box);
        return;
    case KEY_NO_DATA:
        draw_hatch(kit,
                   &(struct hatch){style->colour.no_data, style->colour.no_data_hatch,
                                   style->colour.hatch_edge, 4},
                   box);
        return;
    case KEY_BADGE:
        furniture_disc(kit, (struct spot){.x = x + width / 2, .y = y},
                       &(struct disc){badge_radius * k, style->colour.badge_other, 1});
        return;
    case KEY_OUTSIDE:
        canvas_rectangle(kit->canvas, style->colour.outside, box);
        return;
    case KEY_POINT:
        canvas_add_circle(kit->canvas, x + width / 2, y, point_radius * k);
        canvas_fill(kit->canvas, style->colour.ink);
        return;
    case KEY_SQUARES:
        draw_squares(kit, box);
        return;
    }
}

void furniture_key(const struct kit *kit, struct spot spot, enum key_kind kind, const char *word)
{
    double size = kit_size(kit, kit->style->type.figure * 0.93, 6);
    struct letters letters = kit_letters(FACE_REGULAR, size, kit->style->colour.ink);
    draw_key_symbol(kit, kind, spot.x, spot.y - canvas_cap_height(size) / 2);
    double symbol = symbol_width(kit, kind) + key_gap * kit->unit;
    spot.x += symbol;
    if (spot.width_most > 0)
        spot.width_most = fmax(spot.width_most - symbol, size);
    kit_text(kit, spot, &letters, word);
}

double furniture_key_width(const struct kit *kit, enum key_kind kind, const char *word)
{
    double size = kit_size(kit, kit->style->type.figure * 0.93, 6);
    struct letters letters = kit_letters(FACE_REGULAR, size, kit->style->colour.ink);
    return symbol_width(kit, kind) + key_gap * kit->unit
           + canvas_text_width(kit->canvas, &letters, word);
}

/* The largest remainder gets what rounding down left over. */
void furniture_percents(int *percents, const struct map_share *shares, size_t count)
{
    double sum = 0;
    int given = 0;
    for (size_t i = 0; i < count; i++) {
        percents[i] = (int)floor(shares[i].share * 100 + 1e-9);
        sum += shares[i].share * 100;
        given += percents[i];
    }
    for (int left = (int)floor(sum + 0.5) - given; left > 0; left--) {
        size_t most = 0;
        for (size_t i = 1; i < count; i++)
            if (shares[i].share * 100 - percents[i] > shares[most].share * 100 - percents[most])
                most = i;
        percents[most]++;
    }
}

static size_t side_of(const struct map_area *area)
{
    return area->side < STYLE_SIDES ? area->side : STYLE_SIDES - 1;
}

/* One piece of a share bar. */
struct piece {
    double x, width;
    int percent;
    bool from_right; /* lettered from the right end */
    bool cut;        /* another follows */
    const struct map_area *area;
};

static void draw_piece_text(const struct kit *kit, const struct share_bar *bar,
                            const struct piece *piece)
{
    double size = kit_size(kit, kit->style->type.bar, 6), pad = 4 * kit->unit;
    struct letters letters =
        kit_letters(FACE_REGULAR, size, kit->style->side[side_of(piece->area)].bar_text);
    const char *percent = bar->texts->percent ? bar->texts->percent : " %";
    char text[200], figure[40];
    snprintf(figure, sizeof figure, "%d%s", piece->percent, percent);
    snprintf(text, sizeof text, "%s %s", figure, piece->area->name ? piece->area->name : "");
    const char *shown = text;
    if (!bar->named || canvas_text_width(kit->canvas, &letters, text) > piece->width - 2 * pad)
        shown = figure;
    if (canvas_text_width(kit->canvas, &letters, shown) > piece->width - 1.2 * pad)
        return;
    struct spot spot = {.x = piece->from_right ? piece->x + piece->width - pad : piece->x + pad,
                        .y = bar->y + bar->height / 2 + canvas_cap_height(size) / 2,
                        .align = piece->from_right ? ALIGN_RIGHT : ALIGN_LEFT};
    canvas_text(kit->canvas, spot, &letters, shown);
}

static void draw_piece(const struct kit *kit, const struct share_bar *bar,
                       const struct piece *piece)
{
    const double cut = 1.2 * kit->unit;
    double box[4] = {piece->x, bar->y, piece->width, bar->height};
    if (piece->cut)
        box[2] = fmax(box[2] - cut, 0.3);
    size_t side = side_of(piece->area);
    canvas_rectangle(kit->canvas, kit->style->side[side].bar, box);
    if (kit->style->side[side].edge) {
        canvas_add_rectangle(kit->canvas, box);
        canvas_stroke(kit->canvas, &(struct pen){.colour = kit->style->side[0].bar,
                                                 .width = 0.5 * kit->unit,
                                                 .mitred = true});
    }
    draw_piece_text(kit, bar, piece);
}

void furniture_share_bar(const struct kit *kit, const struct share_bar *bar)
{
    enum { SHARES_MOST = 64 };
    const struct map_cluster *cluster = bar->cluster;
    size_t count = cluster->share_count < SHARES_MOST ? cluster->share_count : SHARES_MOST;
    int percents[SHARES_MOST];
    canvas_rectangle(kit->canvas, kit->style->colour.track,
                     (double[4]){bar->x, bar->y, bar->width, bar->height});
    furniture_percents(percents, cluster->shares, count);
    double x = bar->x;
    for (size_t i = 0; i < count; i++) {
        double width = fmax(cluster->shares[i].share, 0) * bar->width;
        const struct map_area *area = &bar->areas[cluster->shares[i].area];
        /* What lies against the right end is lettered from there, as the second side always is. */
        bool from_right = (i + 1 == count && count > 1) || (count == 1 && side_of(area) == 1);
        struct piece piece = {
            x, fmin(width, bar->x + bar->width - x), percents[i], from_right, i + 1 < count, area};
        if (piece.width > 0)
            draw_piece(kit, bar, &piece);
        x += width;
    }
}

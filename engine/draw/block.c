/* One block on a sheet: where it stands, its head, and texts that are kept count of. */
#include "engine/draw/block.h"

#include <math.h>
#include <stdio.h>

struct letters block_ink(const struct block *block, enum face face, double size)
{
    return kit_letters(face, kit_size(&block->kit, size, 6), block->kit.style->colour.ink);
}

struct letters block_coloured(const struct block *block, enum face face, double size,
                              struct colour colour)
{
    return kit_letters(face, kit_size(&block->kit, size, 6), colour);
}

/* Where a level text lies on the page. */
static struct label_box text_box(const struct spot *spot, const struct letters *letters,
                                 double width)
{
    double left = spot->align == ALIGN_LEFT     ? spot->x
                  : spot->align == ALIGN_CENTRE ? spot->x - width / 2
                                                : spot->x - width;
    double cap = canvas_cap_height(letters->size);
    return (struct label_box){left + width / 2, spot->y - cap / 2, width / 2, cap / 2, 0};
}

double block_text(const struct block *block, struct spot spot, const struct letters *letters,
                  const char *text)
{
    if (!map_has(text))
        return 0;
    struct letters fitting = *letters;
    if (spot.width_most > 0)
        fitting = kit_fit(&block->kit, spot.width_most, letters, text);
    double width = canvas_text_width(block->kit.canvas, &fitting, text);
    if (spot.width_most > 0)
        width = fmin(width, spot.width_most);
    canvas_text(block->kit.canvas, spot, &fitting, text);
    struct label_box box = text_box(&spot, &fitting, width);
    if (block->written)
        labels_take(block->written, &box, LABEL_TEXT, NULL); /* a count for tests: no loss */
    return width;
}

struct block block_begin(const struct block *block, const struct block_head *head)
{
    const struct style *style = block->kit.style;
    double k = block->kit.unit, head_at = block->y + 17 * k, note_at = head_at + 12.8 * k;
    struct letters bold = block_ink(block, FACE_CONDENSED_BOLD, fmax(style->type.block_head, 8));
    struct letters note =
        block_coloured(block, FACE_CONDENSED, style->type.note * 0.9, style->colour.muted);
    bold = fit_whole(block, &(struct fit_text){bold, block->width, head->head}, 8);
    note = fit_whole(block, &(struct fit_text){note, block->width, head->note}, 6);
    block_text(block, (struct spot){.x = block->x, .y = head_at, .width_most = block->width}, &bold,
               head->head);
    block_text(block, (struct spot){.x = block->x, .y = note_at, .width_most = block->width}, &note,
               head->note);
    struct block rest = *block;
    rest.y = map_has(head->note) ? note_at : head_at;
    rest.y += 6.5 * k;
    rest.height = fmax(block->y + block->height - rest.y, 0);
    return rest;
}

struct block_side block_side(const struct block *block, size_t side)
{
    const struct map_area *area = block->sides[side];
    size_t look = area && area->side < STYLE_SIDES ? area->side : area ? STYLE_SIDES - 1 : side;
    const struct style *style = block->kit.style;
    return (struct block_side){
        .bar = style->side[look].bar,
        .bar_text = style->side[look].bar_text,
        .name = style->side[look].name,
        .wash = style->side[look].wash,
        .edge = style->side[look].edge,
        .name_text = area && area->name ? area->name : "",
    };
}

static double filled(const struct bar *bar)
{
    return isnan(bar->share) ? 0 : bar->width * fmin(fmax(bar->share, 0), 1);
}

void block_bar(const struct block *block, const struct bar *bar)
{
    const struct kit *kit = &block->kit;
    struct block_side look = block_side(block, bar->side);
    double edge = 0.5 * kit->unit, wide = filled(bar);
    canvas_rectangle(kit->canvas, kit->style->colour.track,
                     (double[4]){bar->x, bar->y, bar->width, bar->height});
    if (!(wide > 0))
        return;
    canvas_rectangle(kit->canvas, look.bar, (double[4]){bar->x, bar->y, wide, bar->height});
    if (!look.edge)
        return;
    canvas_add_rectangle(kit->canvas,
                         (double[4]){bar->x + edge / 2, bar->y + edge / 2, fmax(wide - edge, 0.1),
                                     fmax(bar->height - edge, 0.1)});
    canvas_stroke(kit->canvas,
                  &(struct pen){.colour = kit->style->side[0].bar, .width = edge, .mitred = true});
}

bool block_bar_name(const struct block *block, const struct bar *bar, bool draw)
{
    struct block_side look = block_side(block, bar->side);
    double pad = 3.5 * block->kit.unit, size = block->kit.style->type.bar * 0.88;
    struct letters letters = block_coloured(block, FACE_CONDENSED, size, look.bar_text);
    letters.size = fmax(fmin(letters.size, bar->height * 0.82), 5.5);
    double width = canvas_text_width(block->kit.canvas, &letters, look.name_text);
    struct spot spot = {.x = bar->x + pad,
                        .y = bar->y + bar->height / 2 + canvas_cap_height(letters.size) / 2};
    if (width + 2 * pad > filled(bar)) {
        letters.colour = look.name;
        spot.x = bar->x + filled(bar) + pad;
        if (spot.x + width > bar->x + bar->width)
            return false;
    }
    if (draw)
        block_text(block, spot, &letters, look.name_text);
    return true;
}

void block_rule(const struct block *block, double y, bool strong)
{
    const struct style *style = block->kit.style;
    struct pen pen = {.colour = strong ? style->colour.ink : style->colour.rule,
                      .width = (strong ? style->line.rule_strong : style->line.rule) * block->kit.k,
                      .flat = true};
    canvas_straight(block->kit.canvas, &pen, (double[4]){block->x, y, block->x + block->width, y});
}

void block_finding(const struct block *block, double y, double height)
{
    double out = 4 * block->kit.unit;
    canvas_rectangle(block->kit.canvas, block->kit.style->colour.row,
                     (double[4]){block->x - out, y, block->width + 2 * out, height});
}

struct letters fit_whole(const struct block *block, const struct fit_text *text, double least)
{
    struct letters letters = text->letters;
    if (!map_has(text->text))
        return letters;
    letters = kit_fit(&block->kit, text->width, &letters, text->text);
    while (letters.size - 0.25 >= least
           && canvas_text_width(block->kit.canvas, &letters, text->text) > text->width)
        letters.size -= 0.25;
    return letters;
}

void fit_add(struct fit *fit, const struct block *block, const struct fit_text *text)
{
    struct letters fitting = text->letters;
    if (map_has(text->text))
        fitting = fit_whole(block, text, 6);
    fit->condensed = fit->condensed || fitting.face != text->letters.face;
    if (fit->size == 0 || fitting.size < fit->size)
        fit->size = fitting.size;
}

struct letters fit_dress(const struct fit *fit, const struct letters *letters)
{
    struct letters dressed = *letters;
    bool bold = letters->face == FACE_BOLD || letters->face == FACE_CONDENSED_BOLD;
    if (fit->size > 0)
        dressed.size = fmin(letters->size, fit->size);
    if (fit->condensed)
        dressed.face = bold ? FACE_CONDENSED_BOLD : FACE_CONDENSED;
    return dressed;
}

void block_percent(char text[FIGURE_TEXT], double share, const struct map_texts *texts)
{
    if (isnan(share))
        snprintf(text, FIGURE_TEXT, "–");
    else
        snprintf(text, FIGURE_TEXT, "%.0f%s", floor(share * 100 + 0.5 + 1e-9),
                 texts->percent ? texts->percent : " %");
}

struct rows block_rows(const struct block *block, size_t wanted, double least, double most)
{
    struct rows rows = {wanted, 0};
    double k = block->kit.unit, room = block->height;
    double fit = fmax(floor(room / (least * k) + 1e-9), 0);
    if ((double)wanted > fit)
        rows.count = (size_t)fit;
    if (rows.count > 0)
        rows.height = fmin(room / (double)rows.count, most * k);
    return rows;
}

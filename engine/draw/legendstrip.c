/* The one legend of several maps: scale of colours, keys, scale bar. */
#include "engine/draw/legendstrip.h"

#include <math.h>

enum { KEYS_MOST = 7 };

/* Points before k. */
static const double bar_high = 12, bar_usual = 264, key_gap = 15, part_gap = 22, line_step = 14.5;
enum { BAR_GOOD = 215, BAR_LEAST = 150, BAR_SHORT = 96 };

struct key {
    enum key_kind kind;
    const char *word;
};

struct keys {
    struct key items[KEYS_MOST];
    size_t count;
};

static void add_key(struct keys *keys, enum key_kind kind, const char *word)
{
    if (map_has(word))
        keys->items[keys->count++] = (struct key){kind, word};
}

static struct keys list_keys(const struct legend_strip *strip, bool clusters, bool brief)
{
    struct keys keys = {.count = 0};
    const char *badge = brief && map_has(strip->badge_short) ? strip->badge_short : strip->badge;
    add_key(&keys, KEY_BORDER, strip->border);
    if (clusters)
        add_key(&keys, KEY_CLUSTER, strip->cluster);
    add_key(&keys, KEY_SQUARES, strip->squares);
    add_key(&keys, KEY_NO_DATA, strip->no_data);
    add_key(&keys, KEY_WITHHELD, strip->withheld);
    add_key(&keys, KEY_OUTSIDE, strip->outside);
    add_key(&keys, KEY_BADGE, badge);
    return keys;
}

static double keys_width(const struct kit *kit, const struct keys *keys)
{
    double width = 0;
    for (size_t i = 0; i < keys->count; i++)
        width += furniture_key_width(kit, keys->items[i].kind, keys->items[i].word)
                 + (i > 0 ? key_gap * kit->unit : 0);
    return width;
}

static void draw_key(const struct block *block, const struct key *key, double x, double y)
{
    furniture_key(&block->kit, (struct spot){.x = x, .y = y}, key->kind, key->word);
    if (!block->written)
        return;
    double width = furniture_key_width(&block->kit, key->kind, key->word),
           half = 5 * block->kit.unit;
    struct label_box box = {x + width / 2, y - half * 0.7, width / 2, half, 0};
    labels_take(block->written, &box, LABEL_TEXT, NULL); /* a count for tests: no loss */
}

static struct letters head_letters(const struct block *block)
{
    return block_ink(block, FACE_BOLD, block->kit.style->type.figure);
}

static bool has_bar(const struct legend_strip *strip)
{
    return strip->classes && strip->classes->count > 0;
}

static void draw_bar(const struct block *block, const struct legend_strip *strip, double width)
{
    struct legend_bar bar = {block->x,       block->y,    width, bar_high * block->kit.unit,
                             strip->classes, block->texts};
    if (has_bar(strip))
        furniture_legend_bar(&block->kit, &bar);
}

static struct corner scale_corner(const struct block *block, const struct legend_strip *strip)
{
    return (struct corner){.frame = view_frame(strip->view),
                           .points_per_metre = strip->view->scale,
                           .texts = block->texts};
}

/* Length of the scale bar with what its figures reach beyond it. */
static double scale_width(const struct block *block, const struct legend_strip *strip)
{
    struct corner corner = scale_corner(block, strip);
    double metres =
        furniture_scale_length((corner.frame.x_max - corner.frame.x_min) / corner.points_per_metre);
    return metres * corner.points_per_metre
           + 4 * kit_size(&block->kit, block->kit.style->type.scale, 5.5);
}

/* The right end of the bar's unit stands on the block's right edge. */
static void draw_scale(const struct block *block, const struct legend_strip *strip, double right,
                       double y)
{
    struct corner corner = scale_corner(block, strip);
    double size = kit_size(&block->kit, block->kit.style->type.scale, 5.5);
    double length = scale_width(block, strip) - 4 * size;
    furniture_scale_bar(&block->kit, &corner, right - length - 2.9 * size, y);
}

/* How the parts of a flat strip share its width. */
struct plan {
    double head, bar, scale; /* widths */
    struct keys keys;
    int lines; /* of keys */
};

/* How many lines keys take in that width. */
static int count_lines(const struct kit *kit, const struct keys *keys, double width)
{
    int lines = 1;
    double x = 0;
    for (size_t i = 0; i < keys->count; i++) {
        double key = furniture_key_width(kit, keys->items[i].kind, keys->items[i].word);
        if (x > 0 && x + key > width) {
            x = 0;
            lines++;
        }
        x += key + key_gap * kit->unit;
    }
    return lines;
}

/* The longest bar beside which the keys need no more than two lines, without the key of clusters
 * when that helps; in the end the last keys go. */
static void fit_two_lines(struct plan *plan, const struct block *block,
                          const struct legend_strip *strip, double room)
{
    const struct kit *kit = &block->kit;
    double part = has_bar(strip) ? kit->unit : 0;
    static const double bars[] = {BAR_GOOD, BAR_LEAST, BAR_LEAST, BAR_SHORT};
    for (size_t i = 0; i < sizeof bars / sizeof *bars; i++) {
        plan->keys = list_keys(strip, i < 2, true);
        plan->bar = bars[i] * part;
        if (count_lines(kit, &plan->keys, room - plan->bar) <= 2)
            return;
    }
    while (plan->keys.count > 1 && count_lines(kit, &plan->keys, room - plan->bar) > 2)
        plan->keys.count--;
}

static struct plan make_plan(const struct block *block, const struct legend_strip *strip)
{
    double k = block->kit.unit;
    struct letters letters = head_letters(block);
    struct plan plan = {.scale = scale_width(block, strip), .lines = 1};
    if (has_bar(strip) && map_has(block->texts->legend_head))
        plan.head =
            canvas_text_width(block->kit.canvas, &letters, block->texts->legend_head) + 10 * k;
    /* What is tried in turn, from the best. */
    static const struct {
        double least; /* of the bar */
        bool clusters, brief;
    } steps[] = {{BAR_GOOD, true, false},
                 {BAR_GOOD, true, true},
                 {BAR_GOOD, false, true},
                 {BAR_LEAST, true, true},
                 {BAR_LEAST, false, true}};
    double room = block->width - plan.head - plan.scale - 2 * part_gap * k;
    double part = has_bar(strip) ? k : 0, usual = bar_usual * part;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        plan.keys = list_keys(strip, steps[i].clusters, steps[i].brief);
        plan.bar = fmin(room - keys_width(&block->kit, &plan.keys), usual);
        if (plan.bar >= steps[i].least * part)
            return plan;
    }
    plan.lines = 2;
    fit_two_lines(&plan, block, strip, room);
    return plan;
}

/* On one line in the middle of the bar's height, or on two. */
static void draw_keys(const struct block *block, const struct plan *plan, double left)
{
    double k = block->kit.unit, x = left, y = block->y + (plan->lines > 1 ? 6 : 9.8) * k;
    double right = block->x + block->width - plan->scale - part_gap * k;
    for (size_t i = 0; i < plan->keys.count; i++) {
        const struct key *key = &plan->keys.items[i];
        double width = furniture_key_width(&block->kit, key->kind, key->word);
        if (plan->lines > 1 && x > left && x + width > right) {
            x = left;
            y += 13 * k;
        }
        draw_key(block, key, x, y);
        x += width + key_gap * k;
    }
}

void legendstrip_draw(const struct block *block, const struct legend_strip *strip)
{
    double k = block->kit.unit;
    struct plan plan = make_plan(block, strip);
    struct block bar = *block;
    struct letters head = head_letters(block);
    struct letters note = block_coloured(block, FACE_CONDENSED, block->kit.style->type.scale * 0.95,
                                         block->kit.style->colour.muted);
    if (plan.head > 0) {
        block_text(block, (struct spot){.x = block->x, .y = block->y + 9.8 * k}, &head,
                   block->texts->legend_head);
        block_text(block,
                   (struct spot){.x = block->x, .y = block->y + 21 * k, .width_most = plan.head},
                   &note, block->texts->unit_note);
    }
    bar.x += plan.head;
    draw_bar(&bar, strip, plan.bar);
    draw_keys(block, &plan, block->x + plan.head + plan.bar + (plan.bar > 0 ? part_gap * k : 0));
    draw_scale(block, strip, block->x + block->width, block->y + 9 * k);
}

double legendstrip_draw_column(const struct block *block, const struct legend_strip *strip)
{
    double k = block->kit.unit, y = block->y;
    struct keys keys = list_keys(strip, true, true);
    struct letters head = head_letters(block);
    struct block bar = *block;
    if (has_bar(strip)) {
        bar.y = y + 13 * k;
        if (!strip->measure) {
            block_text(block,
                       (struct spot){.x = block->x, .y = y + 8 * k, .width_most = block->width},
                       &head, block->texts->legend_head);
            draw_bar(&bar, strip, block->width);
        }
        y = bar.y + (bar_high + 28) * k;
    }
    double x = block->x;
    for (size_t i = 0; i < keys.count; i++) {
        double width = furniture_key_width(&block->kit, keys.items[i].kind, keys.items[i].word);
        if (x > block->x && x + width > block->x + block->width) {
            x = block->x;
            y += line_step * k;
        }
        if (!strip->measure)
            draw_key(block, &keys.items[i], x, y);
        x += width + key_gap * k;
    }
    if (x > block->x && x + scale_width(block, strip) > block->x + block->width)
        y += line_step * k;
    if (!strip->measure)
        draw_scale(block, strip, block->x + block->width, y - 0.5 * k);
    return y + 8 * k;
}

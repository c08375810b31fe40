/* Finds places for labels, so that none lies on another, on something to be kept free, or over the
 * edge. */
#include "engine/draw/labels.h"

#include <math.h>

void labels_begin(struct labels *labels, struct box frame)
{
    labels->frame = frame;
    labels->count = 0;
    labels->net.count = 0;
}

void labels_free(struct labels *labels)
{
    array_free(&labels->items);
    array_free(&labels->net.starts);
    array_free(&labels->net.items);
    *labels = (struct labels){0};
}

void label_box_corners(double corners[8], const struct label_box *box)
{
    static const double signs[4][2] = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}};
    double c = cos(box->angle), s = sin(box->angle);
    for (int i = 0; i < 4; i++) {
        double along = signs[i][0] * box->half_width, across = signs[i][1] * box->half_height;
        corners[2 * i] = box->x + along * c - across * s;
        corners[2 * i + 1] = box->y + along * s + across * c;
    }
}

/* A box with its angle's cosine and sine, which are dear, and how far it reaches to a side and up.
 */
struct turned {
    const struct label_box *box;
    double c, s, wide, high;
};

/* Half the length of a box's shadow on the direction (dx, dy). */
static double reach(const struct turned *turned, double dx, double dy)
{
    return turned->box->half_width * fabs(turned->c * dx + turned->s * dy)
           + turned->box->half_height * fabs(turned->c * dy - turned->s * dx);
}

static struct turned turn(const struct label_box *box)
{
    struct turned turned = {.box = box, .c = cos(box->angle), .s = sin(box->angle)};
    turned.wide = reach(&turned, 1, 0);
    turned.high = reach(&turned, 0, 1);
    return turned;
}

/* Two rectangles are apart when their shadows are on one of their four sides' directions. */
static bool overlap(const struct turned *a, const struct turned *b)
{
    double dx = b->box->x - a->box->x, dy = b->box->y - a->box->y;
    double far_a = a->box->half_width + a->box->half_height;
    double far_b = b->box->half_width + b->box->half_height;
    if (dx * dx + dy * dy > (far_a + far_b) * (far_a + far_b))
        return false;
    for (int i = 0; i < 2; i++) {
        double c = i == 0 ? a->c : b->c, s = i == 0 ? a->s : b->s;
        if (fabs(dx * c + dy * s) >= reach(a, c, s) + reach(b, c, s)
            || fabs(dy * c - dx * s) >= reach(a, -s, c) + reach(b, -s, c))
            return false;
    }
    return true;
}

bool label_boxes_overlap(const struct label_box *a, const struct label_box *b)
{
    struct turned turned_a = turn(a), turned_b = turn(b);
    return overlap(&turned_a, &turned_b);
}

static bool in_frame(const struct labels *labels, const struct turned *turned)
{
    const struct label_box *box = turned->box;
    const struct box *frame = &labels->frame;
    return box->x - turned->wide >= frame->x_min && box->x + turned->wide <= frame->x_max
           && box->y - turned->high >= frame->y_min && box->y + turned->high <= frame->y_max;
}

static const double cell = 24; /* points: a side of a cell of the net */

static size_t cell_at(double from, double to, size_t count)
{
    return (size_t)fmin(fmax((to - from) / cell, 0), (double)(count - 1));
}

/* The cells that a box can lie in. What lies beyond the frame counts to the cells at its edge. */
struct cells {
    size_t left, right, top, bottom; /* the last ones included */
};

static struct cells cells_of(const struct labels *labels, const struct turned *turned)
{
    const struct label_box *box = turned->box;
    double wide = turned->wide, high = turned->high;
    const struct box *frame = &labels->frame;
    const struct label_net *net = &labels->net;
    return (struct cells){cell_at(frame->x_min, box->x - wide, net->across),
                          cell_at(frame->x_min, box->x + wide, net->across),
                          cell_at(frame->y_min, box->y - high, net->down),
                          cell_at(frame->y_min, box->y + high, net->down)};
}

static struct turned turned_place(const struct placed_label *label)
{
    return (struct turned){&label->box, label->cosine, label->sine, label->wide, label->high};
}

/* Counts the places of each cell, or with `fill` puts them down from each cell's end backwards. */
static void deal_places(struct labels *labels, bool fill)
{
    struct label_net *net = &labels->net;
    for (size_t i = 0; i < labels->count; i++) {
        struct turned turned = turned_place(&labels->items[i]);
        struct cells cells = cells_of(labels, &turned);
        for (size_t row = cells.top; row <= cells.bottom; row++)
            for (size_t at = row * net->across + cells.left; at <= row * net->across + cells.right;
                 at++)
                if (fill)
                    net->items[--net->starts[at]] = i;
                else
                    net->starts[at]++;
    }
}

bool labels_index(struct labels *labels, struct error *error)
{
    struct label_net *net = &labels->net;
    array_free(&net->starts);
    array_free(&net->items);
    *net = (struct label_net){.across = 1, .down = 1};
    net->across += cell_at(labels->frame.x_min, labels->frame.x_max, 1000);
    net->down += cell_at(labels->frame.y_min, labels->frame.y_max, 1000);
    size_t cells = net->across * net->down;
    if (!array_new(&net->starts, cells + 1, sizeof *net->starts, error))
        return false;
    deal_places(labels, false);
    for (size_t i = 1; i <= cells; i++)
        net->starts[i] += net->starts[i - 1];
    if (!array_new(&net->items, net->starts[cells], sizeof *net->items, error))
        return false;
    deal_places(labels, true);
    net->count = labels->count;
    return true;
}

static bool lies_on(const struct placed_label *label, const struct turned *box,
                    enum label_kind least)
{
    /* Most of what is nearby is told apart by the upright boxes around the two. */
    if (label->kind > least || fabs(label->box.x - box->box->x) >= label->wide + box->wide
        || fabs(label->box.y - box->box->y) >= label->high + box->high)
        return false;
    struct turned place = turned_place(label);
    return overlap(&place, box);
}

static bool lies_on_indexed(const struct labels *labels, const struct turned *box,
                            enum label_kind least)
{
    const struct label_net *net = &labels->net;
    struct cells cells = cells_of(labels, box);
    for (size_t row = cells.top; row <= cells.bottom; row++) {
        size_t first = net->starts[row * net->across + cells.left];
        size_t end = net->starts[row * net->across + cells.right + 1];
        for (size_t i = first; i < end; i++)
            if (lies_on(&labels->items[net->items[i]], box, least))
                return true;
    }
    return false;
}

bool labels_fits_among(const struct labels *labels, const struct label_box *box,
                       enum label_kind least)
{
    struct turned turned = turn(box);
    if (!in_frame(labels, &turned))
        return false;
    if (labels->net.count > 0 && lies_on_indexed(labels, &turned, least))
        return false;
    for (size_t i = labels->net.count; i < labels->count; i++)
        if (lies_on(&labels->items[i], &turned, least))
            return false;
    return true;
}

bool labels_fits(const struct labels *labels, const struct label_box *box)
{
    return labels_fits_among(labels, box, LABEL_PATCH);
}

bool labels_take(struct labels *labels, const struct label_box *box, enum label_kind kind,
                 struct error *error)
{
    struct capacity capacity = {labels->capacity, sizeof *labels->items};
    if (!array_reserve(&labels->items, &capacity, labels->count + 1, error))
        return false;
    labels->capacity = capacity.held;
    struct turned turned = turn(box);
    labels->items[labels->count++] =
        (struct placed_label){*box, kind, turned.c, turned.s, turned.wide, turned.high};
    return true;
}

bool labels_block_line(struct labels *labels, const double ends[4], double width,
                       struct error *error)
{
    double dx = ends[2] - ends[0], dy = ends[3] - ends[1];
    struct label_box box = {
        .x = (ends[0] + ends[2]) / 2,
        .y = (ends[1] + ends[3]) / 2,
        .half_width = (vector_length(dx, dy) + width) / 2,
        .half_height = width / 2,
        .angle = atan2(dy, dx),
    };
    return labels_take(labels, &box, LABEL_LINE, error);
}

bool labels_place(size_t *chosen, struct labels *labels, const struct label_box *candidates,
                  size_t count, struct error *error)
{
    *chosen = 0;
    while (*chosen < count && !labels_fits(labels, &candidates[*chosen]))
        ++*chosen;
    return *chosen == count || labels_take(labels, &candidates[*chosen], LABEL_TEXT, error);
}

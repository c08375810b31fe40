/* Finds places for labels, so that none lies on another, on something to be kept free, or over the
 * edge. */
#include "engine/draw/labels.h"

#include <math.h>

void labels_begin(struct labels *labels, struct box frame)
{
    labels->frame = frame;
    labels->count = 0;
}

void labels_free(struct labels *labels)
{
    array_free(&labels->items);
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

/* Half the length of a box's shadow on the direction (dx, dy). */
static double reach(const struct label_box *box, double dx, double dy)
{
    double c = cos(box->angle), s = sin(box->angle);
    return box->half_width * fabs(c * dx + s * dy) + box->half_height * fabs(c * dy - s * dx);
}

/* Two rectangles are apart when their shadows are on one of their four sides' directions. */
bool label_boxes_overlap(const struct label_box *a, const struct label_box *b)
{
    double dx = b->x - a->x, dy = b->y - a->y;
    double far_a = a->half_width + a->half_height, far_b = b->half_width + b->half_height;
    if (dx * dx + dy * dy > (far_a + far_b) * (far_a + far_b))
        return false;
    const double angles[2] = {a->angle, b->angle};
    for (int i = 0; i < 2; i++) {
        double c = cos(angles[i]), s = sin(angles[i]);
        if (fabs(dx * c + dy * s) >= reach(a, c, s) + reach(b, c, s)
            || fabs(dy * c - dx * s) >= reach(a, -s, c) + reach(b, -s, c))
            return false;
    }
    return true;
}

static bool in_frame(const struct labels *labels, const struct label_box *box)
{
    double wide = reach(box, 1, 0), high = reach(box, 0, 1);
    return box->x - wide >= labels->frame.x_min && box->x + wide <= labels->frame.x_max
           && box->y - high >= labels->frame.y_min && box->y + high <= labels->frame.y_max;
}

bool labels_fits_among(const struct labels *labels, const struct label_box *box,
                       enum label_kind least)
{
    if (!in_frame(labels, box))
        return false;
    for (size_t i = 0; i < labels->count; i++)
        if (labels->items[i].kind <= least && label_boxes_overlap(&labels->items[i].box, box))
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
    labels->items[labels->count++] = (struct placed_label){*box, kind};
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

/* One name on a map: its look, the room it takes, and how it comes to its place. */
#include "engine/draw/name.h"

#include <math.h>
#include <string.h>

/* A letter beyond ASCII as a capital: Latin-1 and Latin Extended-A, which hold the accents of
 * western and central Europe. */
static unsigned capital_of(unsigned code)
{
    if (code >= 0xE0 && code <= 0xFE && code != 0xF7)
        return code - 0x20;
    if ((code >= 0x100 && code <= 0x137 && code != 0x131) || (code >= 0x14A && code <= 0x177))
        return code & ~1u;
    if ((code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17E))
        return code % 2 == 0 ? code - 1 : code;
    return code == 0xFF ? 0x178 : code;
}

/* The longest start of a text that fits and does not end on half a letter. */
static size_t whole_letters(const char *text, size_t most)
{
    size_t length = strnlen(text, most + 1);
    if (length <= most)
        return length;
    length = most;
    while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
        length--;
    return length;
}

void name_capitals(char capitals[NAME_LONGEST], const char *name)
{
    size_t length = whole_letters(name, NAME_LONGEST - 1);
    memcpy(capitals, name, length);
    capitals[length] = '\0';
    for (size_t i = 0; i < length; i++) {
        unsigned char first = (unsigned char)name[i], second = (unsigned char)name[i + 1];
        if (first >= 'a' && first <= 'z') {
            capitals[i] = (char)(first - 'a' + 'A');
        } else if (first >= 0xC3 && first <= 0xC5 && second >= 0x80) {
            unsigned code = capital_of((first & 31u) << 6 | (second & 63u));
            capitals[i] = (char)(0xC0 | code >> 6);
            capitals[++i] = (char)(0x80 | (code & 63));
        }
    }
}

struct name name_make(const struct ground *ground, const struct letters *letters, const char *text)
{
    struct name name = {.letters = *letters, .cap = canvas_cap_height(letters->size)};
    size_t length = whole_letters(text, NAME_LONGEST - 1);
    memcpy(name.text, text, length);
    name.width = canvas_text_width(ground->kit.canvas, letters, name.text);
    return name;
}

struct label_box name_box(const struct name *name, double x, double y, double angle)
{
    double pad = 1 + name->letters.halo / 2;
    return (struct label_box){x, y, name->width / 2 + pad, name->cap / 2 + pad, angle};
}

void name_draw(const struct ground *ground, const struct name *name, const struct label_box *box)
{
    double down = name->cap / 2;
    struct spot spot = {.x = box->x - down * sin(box->angle),
                        .y = box->y + down * cos(box->angle),
                        .angle = box->angle,
                        .align = ALIGN_CENTRE};
    canvas_text(ground->kit.canvas, spot, &name->letters, name->text);
}

bool name_place(struct ground *ground, const struct name *name, const struct name_boxes *boxes,
                struct error *error)
{
    size_t chosen;
    if (!labels_place(&chosen, &ground->labels, boxes->items, boxes->count, error))
        return false;
    if (chosen < boxes->count)
        name_draw(ground, name, &boxes->items[chosen]);
    return true;
}

bool name_is_on_heat(const struct ground *ground, const struct label_box *box, size_t least)
{
    enum { ALONG = 13 };
    const struct heat *heat = &ground->heat;
    double corners[8], scale = canvas_scale(ground->kit.canvas);
    label_box_corners(corners, box);
    for (int i = 0; i < ALONG * 3 && heat->classes; i++) {
        double u = (i % ALONG) / (ALONG - 1.0), v = (int)(i / ALONG) / 2.0;
        double x = corners[0] + (corners[2] - corners[0]) * u + (corners[6] - corners[0]) * v;
        double y = corners[1] + (corners[3] - corners[1]) * u + (corners[7] - corners[1]) * v;
        int column = (int)((x - ground->view.x) * scale), row = (int)((y - ground->view.y) * scale);
        if (column < 0 || row < 0 || column >= heat->width || row >= heat->height)
            continue;
        uint8_t rank = heat->classes[(size_t)row * (size_t)heat->width + (size_t)column];
        if (rank == HEAT_WITHHELD || (rank < HEAT_WITHHELD && rank >= least))
            return true;
    }
    return false;
}

double name_upright(double dx, double dy)
{
    return dx < 0 ? atan2(-dy, -dx) : atan2(dy, dx);
}

/* The first point of a part that lies no nearer to its begin than so far; its last when none does.
 */
static size_t point_at(const struct along *along, double distance)
{
    const struct trace *trace = along->trace;
    size_t low = trace->starts[along->part], high = trace->starts[along->part + 1] - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (trace->along[middle] < distance)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void along_at(double *x, double *y, const struct along *along, double distance)
{
    const struct trace *trace = along->trace;
    size_t at = point_at(along, distance), before = at;
    if (at > trace->starts[along->part])
        before = at - 1;
    double length = trace->along[at] - trace->along[before];
    double share = length > 0 ? (distance - trace->along[before]) / length : 1;
    share = fmin(share, 1); /* beyond the last point */
    *x = trace->x[before] + (trace->x[at] - trace->x[before]) * share;
    *y = trace->y[before] + (trace->y[at] - trace->y[before]) * share;
}

struct seat seat_between(const struct along *along, double from, double to)
{
    double x[2], y[2];
    along_at(&x[0], &y[0], along, from);
    along_at(&x[1], &y[1], along, to);
    struct seat seat = {.x = (x[0] + x[1]) / 2,
                        .y = (y[0] + y[1]) / 2,
                        .angle = name_upright(x[1] - x[0], y[1] - y[0])};
    double c = cos(seat.angle), s = sin(seat.angle);
    const struct trace *trace = along->trace;
    size_t end = trace->starts[along->part + 1];
    for (size_t i = point_at(along, from); i < end && trace->along[i] <= to; i++) {
        double off = (trace->y[i] - seat.y) * c - (trace->x[i] - seat.x) * s;
        seat.above = lesser(off, seat.above);
        seat.below = greater(off, seat.below);
    }
    return seat;
}

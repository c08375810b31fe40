/* One name on a map: its look, the room it takes, and how it comes to its place. */
#ifndef PLEIN_DRAW_NAME_H
#define PLEIN_DRAW_NAME_H

#include "engine/draw/ground.h"

enum { NAME_LONGEST = 200 }; /* bytes; a longer one is cut */

struct name {
    char text[NAME_LONGEST];
    struct letters letters;
    double width, cap; /* points */
};

struct name name_make(const struct ground *ground, const struct letters *letters, const char *text);
/* The room for a name whose capitals' middle is at x, y. */
struct label_box name_box(const struct name *name, double x, double y, double angle);
void name_draw(const struct ground *ground, const struct name *name, const struct label_box *box);
/* Takes the first of the boxes that fits and draws the name there. */
struct name_boxes {
    const struct label_box *items;
    size_t count;
};
bool name_place(struct ground *ground, const struct name *name, const struct name_boxes *boxes,
                struct error *error);

/* Whether any of many places in the box lies on heat of that class or a higher one, or on hatching.
 */
bool name_is_on_heat(const struct ground *ground, const struct label_box *box, size_t least);

/* The name in capitals: Latin letters with and without accents, the same in every locale. */
void name_capitals(char capitals[NAME_LONGEST], const char *name);

/* The angle of a direction, turned so that a text along it is never upside down. */
double name_upright(double dx, double dy);

/* The point at a distance along a part of a trace. */
struct along {
    const struct trace *trace;
    size_t part;
};
void along_at(double *x, double *y, const struct along *along, double distance);

/* A straight seat for a text along a line: the middle and angle of the chord between two distances,
 * and how far the line strays to either side of it (above is negative). */
struct seat {
    double x, y, angle, above, below;
};
struct seat seat_between(const struct along *along, double from, double to);

#endif

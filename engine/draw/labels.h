/* Finds places for labels, so that none lies on another, on something to be kept free, or over the
 * edge. */
#ifndef PLEIN_DRAW_LABELS_H
#define PLEIN_DRAW_LABELS_H

#include "engine/core/geometry.h"

/* A rectangle that may be turned: its middle, half its sides, and the angle of its first side
 * (radians, clockwise with y down). */
struct label_box {
    double x, y, half_width, half_height, angle;
};

/* What a place is taken by, the most important first. */
enum label_kind {
    LABEL_TEXT,  /* a name, a badge: nothing may lie on it */
    LABEL_LINE,  /* a border: no label crosses it */
    LABEL_PATCH, /* an outline and what is in it: no name lies there, but badges sit on it */
};

struct placed_label {
    struct label_box box;
    enum label_kind kind;
    double cosine, sine; /* of the box's angle */
    double wide, high;   /* half the sides of the upright box around it */
};

/* The first `count` places by the cells of a net over the frame. */
struct label_net {
    size_t *starts, *items; /* a cell's places: items[starts[cell]] up to the next cell's */
    size_t across, down, count;
};

/* The places taken so far. `frame` is what labels must lie within. */
struct labels {
    struct box frame;
    struct placed_label *items;
    size_t count, capacity;
    struct label_net net;
};

/* Starts anew; labels_free when done. */
void labels_begin(struct labels *labels, struct box frame);
void labels_free(struct labels *labels);
/* Lists what is taken so far by where it lies: what is asked from now on looks at that only nearby,
 * and it may not be given up before labels_begin. */
bool labels_index(struct labels *labels, struct error *error);
/* Whether the box lies in the frame and free of everything taken. O(taken since labels_index). */
bool labels_fits(const struct labels *labels, const struct label_box *box);
/* The same, but only what is as important as `least` or more counts: badges fit among texts and
 * lines. */
bool labels_fits_among(const struct labels *labels, const struct label_box *box,
                       enum label_kind least);
/* Takes the place without asking. */
bool labels_take(struct labels *labels, const struct label_box *box, enum label_kind kind,
                 struct error *error);
/* Keeps a straight line of that width free. */
bool labels_block_line(struct labels *labels, const double ends[4], double width,
                       struct error *error);
/* The first of the candidates that fits, which is then taken, or `count` when none does. Called in
 * order of priority: who comes first is served first. */
bool labels_place(size_t *chosen, struct labels *labels, const struct label_box *candidates,
                  size_t count, struct error *error);
bool label_boxes_overlap(const struct label_box *a, const struct label_box *b);
void label_box_corners(double corners[8], const struct label_box *box);

#endif

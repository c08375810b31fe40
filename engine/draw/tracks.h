/* Finds places for names that belong to marks on one line, in rows above it, so that none lies on
 * another. */
#ifndef PLEIN_DRAW_TRACKS_H
#define PLEIN_DRAW_TRACKS_H

#include "engine/core/base.h"

/* A name, long or short: it begins at its mark, or ends there when it has to. */
struct track_item {
    double x;         /* of the mark, points */
    double widths[2]; /* of the name, and of what may stand in its place; 0: there is none */
};

struct track_room {
    double left, right;
    size_t rows;
    double pad; /* between a mark and its name, and between two names */
};

enum { TRACK_LONG, TRACK_SHORT, TRACK_NONE };
struct track_spot {
    int form;    /* TRACK_LONG, TRACK_SHORT, or TRACK_NONE: it found no place */
    size_t row;  /* from the top */
    double left; /* where the name begins */
};

/* Places all long names, or where they have no room together the short ones, and then as many long
 * ones as still fit. Who comes first is served first, and takes the highest row. Writes
 * spots[count]. O(count^2 * rows). */
void tracks_place(struct track_spot *spots, const struct track_item *items, size_t count,
                  const struct track_room *room);
/* How many rows are used. */
size_t tracks_rows(const struct track_spot *spots, size_t count);

#endif

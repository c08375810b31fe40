/* Triangulates places on a lattice (Delaunay), exactly: one answer for each set of places. */
#ifndef PLEIN_SPACE_DELAUNAY_H
#define PLEIN_SPACE_DELAUNAY_H

#include "engine/space/ticks.h"

/* Edges come in pairs: half-edge e runs from place from[e] to place from[e ^ 1]. Around a place
 * its half-edges form a ring, from which edges can be taken out. Zeroed is empty. */
struct delaunay {
    int32_t *from;
    int32_t *next, *before; /* around the place, counter-clockwise and clockwise */
    int32_t count;          /* of half-edges */
    int32_t outer;          /* a half-edge with no triangle on its right; -1 when there is none */
};

/* The places must be sorted by x, then y, each once. Of equally good triangles (four places on one
 * circle) those are taken that have the westernmost, then southernmost place, so that the triangles
 * depend on nothing but the places around them (Guibas and Stolfi 1985; ties as if each place were
 * lowered by a bit, the first one the most). Time O(n log n), memory 72 bytes a place. */
bool delaunay_new(struct delaunay *delaunay, const struct tick *places, size_t count,
                  struct error *error);
void delaunay_free(struct delaunay *delaunay);

static inline int32_t delaunay_to(const struct delaunay *delaunay, int32_t edge)
{
    return delaunay->from[edge ^ 1];
}

/* The next half-edge of the face on the left, and of the face on the right, of which this is part
 * in the other direction. */
static inline int32_t delaunay_left_next(const struct delaunay *delaunay, int32_t edge)
{
    return delaunay->before[edge ^ 1];
}

static inline int32_t delaunay_right_next(const struct delaunay *delaunay, int32_t edge)
{
    return delaunay->next[edge ^ 1];
}

/* Takes out an edge: the faces on its two sides become one. */
void delaunay_take_out(struct delaunay *delaunay, int32_t edge);

#endif

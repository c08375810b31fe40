/* Places moved to a lattice, each kept once, and without those that no hull can show. */
#ifndef PLEIN_SPACE_TICKS_H
#define PLEIN_SPACE_TICKS_H

#include "engine/core/geometry.h"

/* A place on the lattice; the largest less the smallest is at most 2^29. */
struct tick {
    int32_t x, y;
};

/* Zeroed is empty. */
struct ticks {
    struct tick *items;
    size_t count;
    double x, y, step_m; /* a tick's middle lies at ((x, y) + tick + 1/2) * step_m, in metres */
};

struct tick_lattice {
    struct grid grid; /* that the points are on */
    double step_m;    /* at least a tenth of a metre */
};
/* Moves every point to the middle of its square of the lattice, whose squares lie at whole
 * multiples of step_m, so that a point's tick does not depend on the others. One tick a point. */
bool ticks_new(struct ticks *ticks, const struct points *points, const struct tick_lattice *lattice,
               struct error *error);
void ticks_free(struct ticks *ticks);

/* Drops ticks that lie on no circle of this radius with nothing inside: the hull that hull_trace
 * makes with sides up to 2 * radius is the same without them. Not all are dropped, none where that
 * would take much memory. Time O(ticks + area of their box). */
bool ticks_drop_hidden(struct ticks *ticks, int radius, struct error *error);
/* Sorts by x, then y, and keeps each once. */
bool ticks_sort(struct ticks *ticks, struct error *error);

/* Twice the area of a triangle: positive when counter-clockwise. */
static inline int64_t tick_turn(struct tick a, struct tick b, struct tick c)
{
    return ((int64_t)b.x - a.x) * ((int64_t)c.y - a.y)
           - ((int64_t)b.y - a.y) * ((int64_t)c.x - a.x);
}

static inline int64_t tick_distance2(struct tick a, struct tick b)
{
    int64_t x = (int64_t)b.x - a.x, y = (int64_t)b.y - a.y;
    return x * x + y * y;
}

#endif

/* The rings of one record: closing them, and telling shells from holes the way a shapefile means
 * it.
 */
#include "engine/formats/rings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const size_t NO_SHELL = SIZE_MAX;

enum {
    STEPS_LEAST = 1000000, /* corners and boxes looked at in one record ... */
    STEPS_A_POINT = 64     /* ... so that a file takes time in its size and no more */
};

/* Moves a ring's points down to `to` and closes it; the number of points it has then. */
static size_t keep_ring(struct shape *shape, size_t from, size_t count, size_t to)
{
    double *x = shape->x, *y = shape->y;
    memmove(x + to, x + from, count * sizeof *x);
    memmove(y + to, y + from, count * sizeof *y);
    if (x[to] == x[to + count - 1] && y[to] == y[to + count - 1])
        return count;
    x[to + count] = x[to];
    y[to + count] = y[to];
    return count + 1;
}

/* Closing a ring needs a place behind it, so the rings first move to the end of the room. */
static size_t move_to_end(struct shape *shape)
{
    size_t shift = shape->ring_count;
    memmove(shape->x + shift, shape->x, shape->point_count * sizeof *shape->x);
    memmove(shape->y + shift, shape->y, shape->point_count * sizeof *shape->y);
    return shift;
}

void rings_clean(struct shape *shape, struct rings_report *report)
{
    if (shape->ring_count == 0)
        return;
    size_t shift = move_to_end(shape), kept = 0, points = 0, start = shape->ring_starts[0];
    for (size_t r = 0; r < shape->ring_count; r++) {
        size_t end = shape->ring_starts[r + 1], held = end - start;
        size_t count = held > 0 ? keep_ring(shape, start + shift, held, points) : 0;
        start = end;
        shape->ring_starts[kept] = points;
        shape->ring_starts[kept + 1] = points + count; /* read already: kept is at most r */
        if (shape_ring_area2(shape, kept) == 0) {      /* nor has one of fewer than three corners */
            report->dropped++;
            continue;
        }
        report->closed += count > held;
        points += count;
        kept++;
    }
    shape->ring_starts[kept] = points;
    shape->ring_count = kept;
    shape->point_count = points;
}

struct ring {
    size_t index;
    double area2; /* twice the area, negative when clockwise */
    struct box box;
};

/* One search for shells, and how much of it may still be done. */
struct nesting {
    const struct shape *shape;
    struct ring *rings; /* largest first */
    size_t *shells;     /* their ranks among the rings, as far as they were met */
    size_t shell_count;
    double shell_sign; /* -1: clockwise rings are shells */
    size_t steps_left;
};

static struct box ring_box(const struct shape *shape, size_t ring)
{
    struct box box = box_empty();
    for (size_t i = shape->ring_starts[ring]; i < shape->ring_starts[ring + 1]; i++)
        box_add(&box, shape->x[i], shape->y[i]);
    return box;
}

static bool box_holds(struct box outer, struct box inner)
{
    return outer.x_min <= inner.x_min && outer.y_min <= inner.y_min && inner.x_max <= outer.x_max
           && inner.y_max <= outer.y_max;
}

/* Larger first; equals keep the file's order. */
static int compare_rings(const void *a, const void *b)
{
    const struct ring *first = a, *second = b;
    double larger = fabs(second->area2) - fabs(first->area2);
    if (larger != 0)
        return larger > 0 ? 1 : -1;
    return (first->index > second->index) - (first->index < second->index);
}

/* 1 within the ring, -1 outside it, 0 on its line. */
static int side_of_ring(const struct shape *shape, size_t ring, double px, double py)
{
    int side = -1;
    for (size_t i = shape->ring_starts[ring]; i + 1 < shape->ring_starts[ring + 1]; i++) {
        double ax = shape->x[i] - px, ay = shape->y[i] - py;
        double bx = shape->x[i + 1] - px, by = shape->y[i + 1] - py;
        double turn = ax * by - bx * ay;
        if (turn == 0 && fmin(ax, bx) <= 0 && fmax(ax, bx) >= 0 && fmin(ay, by) <= 0
            && fmax(ay, by) >= 0)
            return 0;
        if ((ay > 0) != (by > 0) && (turn > 0) == (by > ay))
            side = -side;
    }
    return side;
}

/* Whether the inner ring lies in the outer one, by its first corner or middle of a side that is not
 * on the outer's line. */
static bool lies_within(struct nesting *nesting, size_t inner, size_t outer)
{
    const struct shape *shape = nesting->shape;
    size_t first = shape->ring_starts[inner], end = shape->ring_starts[inner + 1] - 1;
    size_t cost = shape->ring_starts[outer + 1] - shape->ring_starts[outer];
    for (int middle = 0; middle < 2; middle++)
        for (size_t i = first; i < end; i++) {
            double x = middle ? (shape->x[i] + shape->x[i + 1]) / 2 : shape->x[i];
            double y = middle ? (shape->y[i] + shape->y[i + 1]) / 2 : shape->y[i];
            if (nesting->steps_left < cost)
                return true;
            nesting->steps_left -= cost;
            int side = side_of_ring(shape, outer, x, y);
            if (side != 0)
                return side > 0;
        }
    return false;
}

static bool is_shell(const struct nesting *nesting, size_t rank)
{
    return nesting->rings[rank].area2 * nesting->shell_sign > 0;
}

/* The rank of the smallest of the larger shells around the ring of this rank, or NO_SHELL. */
static size_t find_shell(struct nesting *nesting, size_t rank)
{
    const struct ring *ring = &nesting->rings[rank];
    for (size_t i = nesting->shell_count; i-- > 0;) {
        const struct ring *shell = &nesting->rings[nesting->shells[i]];
        if (nesting->steps_left == 0)
            return nesting->shells[0];
        nesting->steps_left--;
        if (!box_holds(shell->box, ring->box))
            continue;
        /* the largest ring is the last candidate: a hole has to lie somewhere */
        if (nesting->shells[i] == 0 || lies_within(nesting, ring->index, shell->index))
            return nesting->shells[i];
    }
    return NO_SHELL;
}

static size_t count_shells(const struct nesting *nesting, size_t *only)
{
    size_t count = 0;
    for (size_t i = 0; i < nesting->shape->ring_count; i++)
        if (is_shell(nesting, i)) {
            count++;
            *only = nesting->rings[i].index;
        }
    return count;
}

static void nest(size_t *shell_of, struct nesting *nesting)
{
    size_t ring_count = nesting->shape->ring_count, only = 0;
    bool one = count_shells(nesting, &only) == 1;
    for (size_t rank = 0; rank < ring_count; rank++) {
        size_t ring = nesting->rings[rank].index;
        shell_of[ring] = one ? only : ring;
        if (is_shell(nesting, rank)) {
            nesting->shells[nesting->shell_count++] = rank;
        } else if (!one) {
            size_t shell = find_shell(nesting, rank);
            if (shell != NO_SHELL)
                shell_of[ring] = nesting->rings[shell].index;
        }
    }
}

static void measure_rings(struct nesting *nesting)
{
    const struct shape *shape = nesting->shape;
    for (size_t r = 0; r < shape->ring_count; r++)
        nesting->rings[r] = (struct ring){r, shape_ring_area2(shape, r), ring_box(shape, r)};
    qsort(nesting->rings, shape->ring_count, sizeof *nesting->rings, compare_rings);
    nesting->shell_sign = nesting->rings[0].area2 > 0 ? 1 : -1;
}

bool rings_shells(size_t *shell_of, const struct shape *shape, struct error *error)
{
    struct nesting nesting = {.shape = shape,
                              .steps_left = STEPS_LEAST + STEPS_A_POINT * shape->point_count};
    if (shape->ring_count == 0)
        return true;
    bool done = array_new_raw(&nesting.rings, shape->ring_count, sizeof *nesting.rings, error)
                && array_new_raw(&nesting.shells, shape->ring_count, sizeof *nesting.shells, error);
    if (done) {
        measure_rings(&nesting);
        nest(shell_of, &nesting);
    }
    array_free(&nesting.rings);
    array_free(&nesting.shells);
    return done;
}

bool rings_area(double *area, const struct shape *shape, struct error *error)
{
    size_t *shell_of;
    *area = 0;
    if (!array_new_raw(&shell_of, shape->ring_count, sizeof *shell_of, error))
        return false;
    bool done = rings_shells(shell_of, shape, error);
    for (size_t r = 0; done && r < shape->ring_count; r++) {
        double ring = fabs(shape_ring_area2(shape, r)) / 2;
        *area += shell_of[r] == r ? ring : -ring;
    }
    array_free(&shell_of);
    return done;
}

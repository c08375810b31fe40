/* Draws the concave hull of places on a lattice. */
#include "engine/space/hulls.h"

#include "engine/space/delaunay.h"

/* An outer side that is too long, with its triangle. */
struct side {
    int64_t length2, area2;
    int32_t edge; /* the triangle is on its left */
};

struct tracing {
    const struct tick *places;
    int64_t longest2;
    struct delaunay edges;
    uint8_t *outer;    /* per place: 1 when it is a corner of the hull */
    struct side *heap; /* the first to go on top */
    size_t count, capacity;
};

/* Sides of one length: the larger triangle, then the one whose side begins more to the west, then
 * south. No two outer sides begin at one place. */
static bool goes_first(const struct tracing *tracing, const struct side *a, const struct side *b)
{
    if (a->length2 != b->length2)
        return a->length2 > b->length2;
    if (a->area2 != b->area2)
        return a->area2 > b->area2;
    return tracing->edges.from[a->edge] < tracing->edges.from[b->edge];
}

static bool push(struct tracing *tracing, const struct side *side, struct error *error)
{
    struct capacity capacity = {tracing->capacity, sizeof *tracing->heap};
    if (!array_reserve(&tracing->heap, &capacity, tracing->count + 1, error))
        return false;
    tracing->capacity = capacity.held;
    size_t at = tracing->count++;
    for (; at > 0 && goes_first(tracing, side, &tracing->heap[(at - 1) / 2]); at = (at - 1) / 2)
        tracing->heap[at] = tracing->heap[(at - 1) / 2];
    tracing->heap[at] = *side;
    return true;
}

static struct side pop(struct tracing *tracing)
{
    struct side first = tracing->heap[0], last = tracing->heap[--tracing->count];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < tracing->count
            && goes_first(tracing, &tracing->heap[child + 1], &tracing->heap[child]))
            child++;
        if (child >= tracing->count || !goes_first(tracing, &tracing->heap[child], &last))
            break;
        tracing->heap[at] = tracing->heap[child];
        at = child;
    }
    tracing->heap[at] = last;
    return first;
}

static struct tick start_of(const struct tracing *tracing, int32_t edge)
{
    return tracing->places[tracing->edges.from[edge]];
}

/* The place across from a side of a triangle. */
static int32_t apex(const struct tracing *tracing, int32_t edge)
{
    return delaunay_to(&tracing->edges, delaunay_left_next(&tracing->edges, edge));
}

static bool push_if_long(struct tracing *tracing, int32_t edge, struct error *error)
{
    struct tick a = start_of(tracing, edge), b = start_of(tracing, edge ^ 1);
    struct side side = {tick_distance2(a, b), 0, edge};
    if (side.length2 <= tracing->longest2)
        return true;
    side.area2 = tick_turn(a, b, tracing->places[apex(tracing, edge)]);
    return push(tracing, &side, error);
}

/* The next outer side, counter-clockwise. */
static int32_t outer_next(const struct tracing *tracing, int32_t edge)
{
    return delaunay_right_next(&tracing->edges, edge);
}

static bool begin(struct tracing *tracing, struct error *error)
{
    int32_t edge = tracing->edges.outer;
    do {
        tracing->outer[tracing->edges.from[edge]] = 1;
        if (!push_if_long(tracing, edge, error))
            return false;
        edge = outer_next(tracing, edge);
    } while (edge != tracing->edges.outer);
    return true;
}

/* A triangle whose third corner is on the outside too has to stay: without it a place would be
 * left out, or the hull hang together by a corner. */
static bool wear_away(struct tracing *tracing, struct error *error)
{
    while (tracing->count > 0) {
        int32_t edge = pop(tracing).edge, corner = apex(tracing, edge);
        if (tracing->outer[corner])
            continue;
        int32_t second = delaunay_left_next(&tracing->edges, edge);
        int32_t third = delaunay_left_next(&tracing->edges, second);
        tracing->outer[corner] = 1;
        delaunay_take_out(&tracing->edges, edge);
        tracing->edges.outer = second ^ 1;
        if (!push_if_long(tracing, second ^ 1, error) || !push_if_long(tracing, third ^ 1, error))
            return false;
    }
    return true;
}

static bool walk_round(struct hull *hull, const struct tracing *tracing, struct error *error)
{
    int32_t first = tracing->edges.outer, edge = first;
    size_t count = 0;
    do
        count++;
    while ((edge = outer_next(tracing, edge)) != first);
    if (!array_new_raw(&hull->corners, count, sizeof *hull->corners, error))
        return false;
    while (hull->count < count) {
        hull->corners[hull->count++] = start_of(tracing, edge);
        edge = outer_next(tracing, edge);
    }
    return true;
}

static bool on_one_line(const struct ticks *places)
{
    for (size_t i = 1; i + 1 < places->count; i++)
        if (tick_turn(places->items[0], places->items[places->count - 1], places->items[i]) != 0)
            return false;
    return true;
}

static bool take_ends(struct hull *hull, const struct ticks *places, struct error *error)
{
    size_t count = places->count < 2 ? places->count : 2;
    if (!array_new_raw(&hull->corners, count, sizeof *hull->corners, error))
        return false;
    if (count > 0)
        hull->corners[0] = places->items[0];
    if (count > 1)
        hull->corners[1] = places->items[places->count - 1];
    hull->count = count;
    return true;
}

bool hull_trace(struct hull *hull, const struct ticks *places, int64_t longest2,
                struct error *error)
{
    *hull = (struct hull){0};
    if (on_one_line(places))
        return take_ends(hull, places, error);
    struct tracing tracing = {.places = places->items, .longest2 = longest2};
    bool done = delaunay_new(&tracing.edges, places->items, places->count, error)
                && array_new(&tracing.outer, places->count, sizeof *tracing.outer, error)
                && begin(&tracing, error) && wear_away(&tracing, error)
                && walk_round(hull, &tracing, error);
    delaunay_free(&tracing.edges);
    array_free(&tracing.outer);
    array_free(&tracing.heap);
    return done;
}

void hull_free(struct hull *hull)
{
    array_free(&hull->corners);
    *hull = (struct hull){0};
}

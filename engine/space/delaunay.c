/* Triangulates places on a lattice (Delaunay), exactly: one answer for each set of places. */
#include "engine/space/delaunay.h"

/* Six times the coordinates' square squared: up to 120 bits. */
__extension__ typedef __int128 wide;

enum { EDGES_A_PLACE = 6 }; /* at most 3n - 6 edges stand at one time; each is two half-edges */
static const size_t PLACES_MOST = INT32_MAX / EDGES_A_PLACE;

struct building {
    struct delaunay *into;
    const struct tick *places;
    int32_t spare; /* first of the edges taken out, strung along `next`; -1: none */
};

/* The outer half-edges of a part: counter-clockwise from its first place, clockwise into its last.
 */
struct part {
    int32_t left, right;
};

static void splice(struct delaunay *edges, int32_t a, int32_t b)
{
    int32_t after_a = edges->next[a], after_b = edges->next[b];
    edges->next[a] = after_b;
    edges->before[after_b] = a;
    edges->next[b] = after_a;
    edges->before[after_a] = b;
}

void delaunay_take_out(struct delaunay *delaunay, int32_t edge)
{
    splice(delaunay, edge, delaunay->before[edge]);
    splice(delaunay, edge ^ 1, delaunay->before[edge ^ 1]);
}

static void drop_edge(struct building *building, int32_t edge)
{
    edge &= ~1;
    delaunay_take_out(building->into, edge);
    building->into->next[edge] = building->spare;
    building->spare = edge;
}

static int32_t new_edge(struct building *building, int32_t from, int32_t to)
{
    struct delaunay *edges = building->into;
    int32_t edge = building->spare;
    if (edge >= 0) {
        building->spare = edges->next[edge];
    } else {
        edge = edges->count;
        edges->count += 2;
    }
    edges->from[edge] = from;
    edges->from[edge + 1] = to;
    edges->next[edge] = edges->before[edge] = edge;
    edges->next[edge + 1] = edges->before[edge + 1] = edge + 1;
    return edge;
}

/* A new edge from where a ends to where b begins, with the face on their left on its left. */
static int32_t connect(struct building *building, int32_t a, int32_t b)
{
    struct delaunay *edges = building->into;
    int32_t edge = new_edge(building, delaunay_to(edges, a), edges->from[b]);
    splice(edges, edge, delaunay_left_next(edges, a));
    splice(edges, edge ^ 1, b);
    return edge;
}

static int64_t turn(const struct building *building, int32_t a, int32_t b, int32_t c)
{
    return tick_turn(building->places[a], building->places[b], building->places[c]);
}

static bool right_of(const struct building *building, int32_t place, int32_t edge)
{
    return turn(building, place, delaunay_to(building->into, edge), building->into->from[edge]) > 0;
}

static bool left_of(const struct building *building, int32_t place, int32_t edge)
{
    return turn(building, place, building->into->from[edge], delaunay_to(building->into, edge)) > 0;
}

/* On one circle: what lowering the first of the four does to the plane through a, b and c. */
static bool tie_is_inside(const struct building *building, const int32_t four[4])
{
    int32_t a = four[0], b = four[1], c = four[2], d = four[3];
    int first = 0;
    for (int i = 1; i < 4; i++)
        if (four[i] < four[first])
            first = i;
    switch (first) {
    case 0:
        return turn(building, b, c, d) < 0;
    case 1:
        return turn(building, a, c, d) > 0;
    case 2:
        return turn(building, a, b, d) < 0;
    default:
        return true;
    }
}

/* Whether d lies in the circle through a, b and c, which are counter-clockwise. */
static bool in_circle(const struct building *building, int32_t a, int32_t b, int32_t c, int32_t d)
{
    const int32_t four[4] = {a, b, c, d};
    struct tick origin = building->places[d];
    int64_t x[3], y[3], square[3];
    for (int i = 0; i < 3; i++) {
        struct tick place = building->places[four[i]];
        x[i] = (int64_t)place.x - origin.x;
        y[i] = (int64_t)place.y - origin.y;
        square[i] = x[i] * x[i] + y[i] * y[i];
    }
    wide side = (wide)square[0] * (x[1] * y[2] - x[2] * y[1])
                + (wide)square[1] * (x[2] * y[0] - x[0] * y[2])
                + (wide)square[2] * (x[0] * y[1] - x[1] * y[0]);
    return side != 0 ? side > 0 : tie_is_inside(building, four);
}

static struct part join_three(struct building *building, int32_t first)
{
    int32_t a = new_edge(building, first, first + 1), b = new_edge(building, first + 1, first + 2);
    splice(building->into, a ^ 1, b);
    int64_t side = turn(building, first, first + 1, first + 2);
    if (side == 0)
        return (struct part){a, b ^ 1};
    int32_t c = connect(building, b, a);
    return side > 0 ? (struct part){a, b ^ 1} : (struct part){c ^ 1, c};
}

/* The common tangent below both parts: an edge from the right part to the left one. */
static int32_t tangent(struct building *building, struct part *left, struct part *right)
{
    struct delaunay *edges = building->into;
    int32_t from_left = left->right, from_right = right->left;
    for (;;) {
        if (left_of(building, edges->from[from_right], from_left))
            from_left = delaunay_left_next(edges, from_left);
        else if (right_of(building, edges->from[from_left], from_right))
            from_right = delaunay_right_next(edges, from_right);
        else
            break;
    }
    int32_t base = connect(building, from_right ^ 1, from_left);
    if (edges->from[from_left] == edges->from[left->left])
        left->left = base ^ 1;
    if (edges->from[from_right] == edges->from[right->right])
        right->right = base;
    return base;
}

/* The next edge of one side that a triangle on the base could have, and that no place lies nearer
 * than: others are dropped on the way. */
static int32_t candidate(struct building *building, int32_t base, bool left)
{
    struct delaunay *edges = building->into;
    int32_t edge = left ? edges->next[base ^ 1] : edges->before[base];
    if (!right_of(building, delaunay_to(edges, edge), base))
        return -1;
    for (;;) {
        int32_t after = left ? edges->next[edge] : edges->before[edge];
        if (!right_of(building, delaunay_to(edges, after), base)
            || !in_circle(building, delaunay_to(edges, base), edges->from[base],
                          delaunay_to(edges, edge), delaunay_to(edges, after)))
            return edge;
        drop_edge(building, edge);
        edge = after;
    }
}

static void merge(struct building *building, int32_t base)
{
    struct delaunay *edges = building->into;
    for (;;) {
        int32_t left = candidate(building, base, true), right = candidate(building, base, false);
        if (left < 0 && right < 0)
            return;
        if (left < 0
            || (right >= 0
                && in_circle(building, delaunay_to(edges, left), edges->from[left],
                             edges->from[right], delaunay_to(edges, right))))
            base = connect(building, right, base ^ 1);
        else
            base = connect(building, base ^ 1, left ^ 1);
    }
}

static struct part triangulate(struct building *building, int32_t first, int32_t end)
{
    if (end - first == 2) {
        int32_t edge = new_edge(building, first, first + 1);
        return (struct part){edge, edge ^ 1};
    }
    if (end - first == 3)
        return join_three(building, first);
    int32_t middle = first + (end - first) / 2;
    struct part left = triangulate(building, first, middle);
    struct part right = triangulate(building, middle, end);
    merge(building, tangent(building, &left, &right));
    return (struct part){left.left, right.right};
}

bool delaunay_new(struct delaunay *delaunay, const struct tick *places, size_t count,
                  struct error *error)
{
    *delaunay = (struct delaunay){.outer = -1};
    if (count > PLACES_MOST)
        return error_set(error, ERROR_DATA,
                         "%zu points are more than can be taken at one time; select a part of them",
                         count);
    size_t edges = count * EDGES_A_PLACE;
    if (!array_new_raw(&delaunay->from, edges, sizeof *delaunay->from, error)
        || !array_new_raw(&delaunay->next, edges, sizeof *delaunay->next, error)
        || !array_new_raw(&delaunay->before, edges, sizeof *delaunay->before, error)) {
        delaunay_free(delaunay);
        return false;
    }
    struct building building = {delaunay, places, -1};
    if (count >= 2)
        delaunay->outer = triangulate(&building, 0, (int32_t)count).left;
    return true;
}

void delaunay_free(struct delaunay *delaunay)
{
    array_free(&delaunay->from);
    array_free(&delaunay->next);
    array_free(&delaunay->before);
    *delaunay = (struct delaunay){.outer = -1};
}

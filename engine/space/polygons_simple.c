/* Tells at once, for nearly every boundary there is, that its rings neither touch nor cross. */
#include "engine/space/polygons_simple.h"

#include <math.h>
#include <stdlib.h>

enum { CELLS_MOST_A_SIDE = 2, LISTED_MOST_A_SIDE = 16, LISTED_LEAST = 4096 };
enum { PAIRS_MOST_A_SIDE = 64 };
static const size_t SWEPT_MOST = 400000000; /* pairs: about a second */

/* ---- sure of the sign ---- */

/* 1 when the corner (x, y) lies to the left of the way from a to b, -1 to the right, 0 on it or too
 * near to tell (Shewchuk 1997: the error of this way of reckoning). */
static int turn(double ax, double ay, double bx, double by, double x, double y)
{
    const double bound = 3.3306690738754716e-16;
    double left = (ax - x) * (by - y), right = (ay - y) * (bx - x);
    double turn = left - right, unsure = bound * (fabs(left) + fabs(right));
    return (turn > unsure) - (turn < -unsure);
}

/* The turn of a corner to a side. */
static int side_turn(const struct shape *rings, size_t side, size_t corner)
{
    return turn(rings->x[side], rings->y[side], rings->x[side + 1], rings->y[side + 1],
                rings->x[corner], rings->y[corner]);
}

/* Both ends of `b` lie on one side of the line through `a`. */
static bool lies_aside(const struct shape *rings, size_t a, size_t b)
{
    int turn = side_turn(rings, a, b);
    return turn != 0 && side_turn(rings, a, b + 1) == turn;
}

/* Whether two sides that follow one another, from a by b to c, meet in b alone. */
static bool corner_is_open(const struct shape *rings, size_t a, size_t b, size_t c)
{
    if (turn(rings->x[a], rings->y[a], rings->x[b], rings->y[b], rings->x[c], rings->y[c]) != 0)
        return true;
    double across = (rings->x[b] - rings->x[a]) * (rings->x[c] - rings->x[b]);
    double up = (rings->y[b] - rings->y[a]) * (rings->y[c] - rings->y[b]);
    return across + up > 1e-15 * (fabs(across) + fabs(up)); /* straight on, not back */
}

static bool corners_are_open(const struct shape *rings)
{
    for (size_t r = 0; r < rings->ring_count; r++) {
        size_t first = rings->ring_starts[r], last = rings->ring_starts[r + 1] - 1;
        if (!corner_is_open(rings, last - 1, first, first + 1))
            return false;
        for (size_t i = first + 1; i < last; i++)
            if (!corner_is_open(rings, i - 1, i, i + 1))
                return false;
    }
    return true;
}

/* ---- sides near one another ---- */

/* A side is numbered by its first corner. */
struct side {
    double x_min, x_max, y_min, y_max;
    uint32_t at, next; /* the one that follows it in its ring */
};

/* Sides by the cells of a grid that they come near. */
struct near {
    const struct shape *rings;
    struct side *sides;
    size_t side_count;
    uint32_t *starts, *listed; /* of cell c: listed[starts[c]] .. listed[starts[c + 1] - 1] */
    double x, y, cells_a_metre;
    size_t columns, rows;
};

static struct side side_of(const struct shape *rings, size_t i, size_t next)
{
    double x0 = rings->x[i], x1 = rings->x[i + 1], y0 = rings->y[i], y1 = rings->y[i + 1];
    return (struct side){.x_min = x0 < x1 ? x0 : x1,
                         .x_max = x0 < x1 ? x1 : x0,
                         .y_min = y0 < y1 ? y0 : y1,
                         .y_max = y0 < y1 ? y1 : y0,
                         .at = (uint32_t)i,
                         .next = (uint32_t)next};
}

static void list_sides(struct near *near)
{
    const struct shape *rings = near->rings;
    size_t count = 0;
    for (size_t r = 0; r < rings->ring_count; r++) {
        size_t last = rings->ring_starts[r + 1] - 1, ring = count;
        for (size_t i = rings->ring_starts[r]; i < last; i++, count++)
            near->sides[count] = side_of(rings, i, i + 1 < last ? count + 1 : ring);
    }
    near->side_count = count;
}

/* About CELLS_MOST_A_SIDE squares a side over the box of all. */
static void lay_out(struct near *near)
{
    struct box box = shape_box(near->rings);
    double width = box.x_max - box.x_min, height = box.y_max - box.y_min;
    double most = (double)CELLS_MOST_A_SIDE * (double)near->side_count;
    double longest = fmax(width, height);
    double side = fmax(sqrt(width * height / most), longest / most);
    near->x = box.x_min;
    near->y = box.y_min;
    near->cells_a_metre = side > 0 ? 1 / side : 0;
    near->columns = (size_t)(width * near->cells_a_metre) + 1;
    near->rows = (size_t)(height * near->cells_a_metre) + 1;
}

struct span {
    size_t left, right, low, high; /* the last ones included */
};

/* Rounding moves equal numbers alike, so that sides whose boxes meet share a cell. */
static struct span cells_of(const struct near *near, const struct side *side)
{
    return (struct span){(size_t)((side->x_min - near->x) * near->cells_a_metre),
                         (size_t)((side->x_max - near->x) * near->cells_a_metre),
                         (size_t)((side->y_min - near->y) * near->cells_a_metre),
                         (size_t)((side->y_max - near->y) * near->cells_a_metre)};
}

/* Counts into starts[cell + 2]; 0 when there is too much to list. */
static size_t count_cells(const struct near *near)
{
    size_t listed = 0, most = LISTED_LEAST + LISTED_MOST_A_SIDE * near->side_count;
    for (size_t s = 0; s < near->side_count; s++) {
        struct span span = cells_of(near, &near->sides[s]);
        listed += (span.right - span.left + 1) * (span.high - span.low + 1);
        if (listed > most)
            return 0;
        for (size_t row = span.low; row <= span.high; row++)
            for (size_t column = span.left; column <= span.right; column++)
                near->starts[row * near->columns + column + 2]++;
    }
    return listed;
}

static void list_cells(struct near *near)
{
    uint32_t *next = near->starts + 1; /* filling moves each start up to the next one's */
    for (size_t c = 0; c < near->columns * near->rows; c++)
        next[c + 1] += next[c];
    for (size_t s = 0; s < near->side_count; s++) {
        struct span span = cells_of(near, &near->sides[s]);
        for (size_t row = span.low; row <= span.high; row++)
            for (size_t column = span.left; column <= span.right; column++)
                near->listed[next[row * near->columns + column]++] = (uint32_t)s;
    }
}

static bool keep_apart(const struct near *near, uint32_t first, uint32_t second)
{
    const struct side *a = &near->sides[first], *b = &near->sides[second];
    if (a->x_max < b->x_min || b->x_max < a->x_min || a->y_max < b->y_min || b->y_max < a->y_min)
        return true;
    if (a->next == second || b->next == first)
        return true; /* that is corners_are_open's */
    return lies_aside(near->rings, a->at, b->at) || lies_aside(near->rings, b->at, a->at);
}

static bool sides_keep_apart(const struct near *near)
{
    size_t pairs_left = PAIRS_MOST_A_SIDE * (near->side_count + LISTED_LEAST);
    for (size_t c = 0; c < near->columns * near->rows; c++) {
        size_t first = near->starts[c], end = near->starts[c + 1], count = end - first;
        if (count * count / 2 > pairs_left)
            return false;
        pairs_left -= count * count / 2;
        for (size_t i = first; i < end; i++)
            for (size_t j = i + 1; j < end; j++)
                if (!keep_apart(near, near->listed[i], near->listed[j]))
                    return false;
    }
    return true;
}

/* ---- long sides over one another ---- */

static int compare_sides(const void *left, const void *right)
{
    const struct side *a = left, *b = right;
    if (a->x_min != b->x_min)
        return a->x_min < b->x_min ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

/* As keep_apart, of sides in any order: `next` numbers none of them now. */
static bool swept_apart(const struct shape *rings, const struct side *a, const struct side *b)
{
    if (b->y_max < a->y_min || a->y_max < b->y_min)
        return true;
    if (a->next == b->at || b->next == a->at)
        return true;
    return lies_aside(rings, a->at, b->at) || lies_aside(rings, b->at, a->at);
}

/* From west to east: sees more pairs than the cells do, but lists none. */
static bool sweep_keeps_apart(struct near *near, uint32_t *open)
{
    struct side *sides = near->sides;
    size_t pairs = 0, opened = 0;
    for (size_t s = 0; s < near->side_count; s++)
        sides[s].next = sides[sides[s].next].at;
    qsort(sides, near->side_count, sizeof *sides, compare_sides);
    for (size_t s = 0; s < near->side_count; s++) {
        size_t kept = 0;
        pairs += opened;
        if (pairs > SWEPT_MOST)
            return false;
        for (size_t o = 0; o < opened; o++) {
            const struct side *other = &sides[open[o]];
            if (other->x_max < sides[s].x_min)
                continue;
            open[kept++] = open[o];
            if (!swept_apart(near->rings, other, &sides[s]))
                return false;
        }
        open[kept] = (uint32_t)s;
        opened = kept + 1;
    }
    return true;
}

static bool sweep_sides(bool *simple, struct near *near, struct error *error)
{
    uint32_t *open;
    if (!array_new_raw(&open, near->side_count, sizeof *open, error))
        return false;
    *simple = sweep_keeps_apart(near, open);
    array_free(&open);
    return true;
}

static bool look_at_sides(bool *simple, struct near *near, struct error *error)
{
    if (!array_new_raw(&near->sides, near->rings->point_count, sizeof *near->sides, error))
        return false;
    list_sides(near);
    lay_out(near);
    if (!array_new(&near->starts, near->columns * near->rows + 2, sizeof *near->starts, error))
        return false;
    size_t listed = count_cells(near);
    if (listed == 0)
        return sweep_sides(simple, near, error);
    if (!array_new_raw(&near->listed, listed, sizeof *near->listed, error))
        return false;
    list_cells(near);
    *simple = sides_keep_apart(near);
    return true;
}

bool rings_are_simple(bool *simple, const struct shape *rings, struct error *error)
{
    struct near near = {.rings = rings};
    *simple = false;
    if (rings->point_count == 0 || rings->point_count > UINT32_MAX / 2 || !corners_are_open(rings))
        return true;
    bool done = look_at_sides(simple, &near, error);
    array_free(&near.sides);
    array_free(&near.starts);
    array_free(&near.listed);
    return done;
}

int ring_side(const struct shape *rings, size_t ring, double x, double y)
{
    int side = -1;
    for (size_t i = rings->ring_starts[ring]; i + 1 < rings->ring_starts[ring + 1]; i++) {
        double y0 = rings->y[i], y1 = rings->y[i + 1];
        if ((y0 > y) == (y1 > y))
            continue;
        int turn_to = turn(rings->x[i], y0, rings->x[i + 1], y1, x, y);
        if (turn_to == 0)
            return 0;
        if ((turn_to > 0) == (y1 > y0)) /* the place lies to the left of the side */
            side = -side;
    }
    return side;
}

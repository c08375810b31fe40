/* Tells how often rings meet and cross, and so what GEOS will be too long about. */
#include "engine/space/polygons_intricacy.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

/* Making valid takes some 30 microseconds a crossing and 2 a touch, and a look at whether it must
 * be some 0.15 for each two sides whose boxes meet. */
static const size_t CROSSINGS_MOST = 60000, TOUCHES_A_CROSSING = 15, MEETINGS_MOST = 10000000;
/* Looked at for crossings: about a second, and half a one before GEOS is asked. */
static const size_t PAIRS_MOST = 600000000, PAIRS_MOST_ASKING = 250000000;

/* Of the numbers: rounding, between corners that were meant as one. */
static const double SAME = 16 * DBL_EPSILON;

enum { FEW_CORNERS = 64 }; /* of a ring that can melt into others */

/* ---- sides from west to east ---- */

struct side {
    double x_min, x_max, y_min, y_max;
    uint32_t at, ring; /* its first corner */
};

static int compare_sides(const void *left, const void *right)
{
    const struct side *a = left, *b = right;
    if (a->x_min != b->x_min)
        return a->x_min < b->x_min ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

static size_t list_sides(struct side *sides, const struct shape *rings)
{
    size_t count = 0;
    for (size_t r = 0; r < rings->ring_count; r++)
        for (size_t i = rings->ring_starts[r]; i + 1 < rings->ring_starts[r + 1]; i++)
            sides[count++] = (struct side){.x_min = fmin(rings->x[i], rings->x[i + 1]),
                                           .x_max = fmax(rings->x[i], rings->x[i + 1]),
                                           .y_min = fmin(rings->y[i], rings->y[i + 1]),
                                           .y_max = fmax(rings->y[i], rings->y[i + 1]),
                                           .at = (uint32_t)i,
                                           .ring = (uint32_t)r};
    qsort(sides, count, sizeof *sides, compare_sides);
    return count;
}

/* ---- two sides ---- */

/* Which side of a line a corner lies on: -1, 0 or 1. */
static int turn(const struct shape *rings, size_t line, size_t corner)
{
    double x = rings->x[line], y = rings->y[line];
    double across = (rings->x[line + 1] - x) * (rings->y[corner] - y)
                    - (rings->y[line + 1] - y) * (rings->x[corner] - x);
    return (across > 0) - (across < 0);
}

static bool same_corner(const struct shape *rings, size_t a, size_t b)
{
    return fabs(rings->x[a] - rings->x[b]) <= SAME * fabs(rings->x[a])
           && fabs(rings->y[a] - rings->y[b]) <= SAME * fabs(rings->y[a]);
}

enum meeting { MEETING_NONE, MEETING_TOUCH, MEETING_WHOLE, MEETING_CROSSING };

static enum meeting meet(const struct shape *rings, size_t a, size_t b)
{
    bool follows = same_corner(rings, a, b + 1), leads = same_corner(rings, a + 1, b);
    bool start = same_corner(rings, a, b), end = same_corner(rings, a + 1, b + 1);
    if ((follows && leads) || (start && end))
        return MEETING_WHOLE;
    if (follows || leads)
        return MEETING_NONE;
    int a_turns = turn(rings, a, b) * turn(rings, a, b + 1);
    int b_turns = turn(rings, b, a) * turn(rings, b, a + 1);
    if (a_turns > 0 || b_turns > 0)
        return MEETING_NONE;
    return a_turns < 0 && b_turns < 0 && !start && !end ? MEETING_CROSSING : MEETING_TOUCH;
}

/* ---- all sides ---- */

/* Of the sides that a sweep from west to east has seen, which ends when there are too many. */
struct intricacy {
    const struct shape *rings;
    size_t *melted; /* NULL when nobody asks */
    size_t sides, pairs, meetings, touches, crossings;
    size_t meetings_most, pairs_most;
};

static size_t melts_into(size_t *melted, size_t ring)
{
    while (melted[ring] != ring)
        ring = melted[ring] = melted[melted[ring]];
    return ring;
}

static void melt(size_t *melted, size_t a, size_t b)
{
    a = melts_into(melted, a);
    b = melts_into(melted, b);
    if (a < b)
        melted[b] = a;
    else
        melted[a] = b;
}

/* Each ring beside one of many corners makes GEOS look at all of these. */
static bool has_few_corners(const struct shape *rings, size_t ring)
{
    return rings->ring_starts[ring + 1] - rings->ring_starts[ring] <= FEW_CORNERS;
}

static void count_meeting(struct intricacy *intricacy, const struct side *a, const struct side *b)
{
    enum meeting meeting = meet(intricacy->rings, a->at, b->at);
    intricacy->meetings++;
    intricacy->crossings += meeting == MEETING_CROSSING;
    intricacy->touches += meeting == MEETING_TOUCH || meeting == MEETING_WHOLE;
    if (meeting == MEETING_WHOLE && intricacy->melted != NULL
        && has_few_corners(intricacy->rings, a->ring) && has_few_corners(intricacy->rings, b->ring))
        melt(intricacy->melted, a->ring, b->ring);
}

static bool is_too_intricate(const struct intricacy *intricacy)
{
    return intricacy->meetings > intricacy->meetings_most
           || intricacy->crossings + intricacy->touches / TOUCHES_A_CROSSING > CROSSINGS_MOST;
}

static void look_for_meetings(struct intricacy *intricacy, const struct side *sides, size_t count,
                              size_t *open)
{
    size_t opened = 0;
    for (size_t s = 0; s < count; s++) {
        size_t kept = 0;
        intricacy->pairs += opened;
        for (size_t o = 0; o < opened; o++) {
            const struct side *other = &sides[open[o]];
            if (other->x_max < sides[s].x_min)
                continue;
            open[kept++] = open[o];
            if (other->y_min <= sides[s].y_max && sides[s].y_min <= other->y_max)
                count_meeting(intricacy, other, &sides[s]);
        }
        if (is_too_intricate(intricacy) || intricacy->pairs > intricacy->pairs_most)
            return;
        intricacy->sides++;
        open[kept] = s;
        opened = kept + 1;
    }
}

static bool measure_intricacy(struct intricacy *intricacy, struct error *error)
{
    const struct shape *rings = intricacy->rings;
    struct side *sides = NULL;
    size_t *open = NULL;
    intricacy->meetings_most = MEETINGS_MOST + 8 * rings->point_count;
    bool done = array_new_raw(&sides, rings->point_count, sizeof *sides, error)
                && array_new_raw(&open, rings->point_count, sizeof *open, error);
    if (done)
        look_for_meetings(intricacy, sides, list_sides(sides, rings), open);
    array_free(&sides);
    array_free(&open);
    return done;
}

bool rings_can_be_asked(const struct shape *rings, struct error *error)
{
    struct intricacy intricacy = {.rings = rings, .pairs_most = PAIRS_MOST_ASKING};
    if (!measure_intricacy(&intricacy, error))
        return false;
    /* Where the sweep ended early, the rest is taken to be as the part that it saw. */
    double seen = (double)(intricacy.sides + 1) / (double)(rings->point_count + 1);
    return (double)intricacy.meetings <= seen * (double)intricacy.meetings_most
           || error_set(error, ERROR_DATA,
                        "a polygon of %zu corners has too many sides across one another; simplify "
                        "it first",
                        rings->point_count);
}

bool rings_can_be_mended(size_t *melted, const struct shape *rings, struct error *error)
{
    struct intricacy intricacy = {.rings = rings, .melted = melted, .pairs_most = PAIRS_MOST};
    for (size_t r = 0; r < rings->ring_count; r++)
        melted[r] = r;
    if (!measure_intricacy(&intricacy, error))
        return false;
    for (size_t r = 0; r < rings->ring_count; r++)
        melted[r] = melts_into(melted, r);
    return (!is_too_intricate(&intricacy) && intricacy.pairs <= PAIRS_MOST)
           || error_set(error, ERROR_DATA,
                        "a polygon of %zu corners crosses itself too often to be repaired; mend it "
                        "or simplify it first",
                        rings->point_count);
}

/* Tests places along a line against walking it from its begin, and what lies in a ring. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/draw/name.h"

#include <math.h>

enum { POINTS = 40 };

static double random_between(uint64_t *seed, double low, double high)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return low + (high - low) * (double)(*seed >> 40) / (double)(1 << 24);
}

/* A line that wanders, as it lies on the page. */
static void make_trace(struct trace *trace, uint64_t *seed)
{
    double x[POINTS], y[POINTS];
    size_t starts[2] = {0, POINTS};
    for (int i = 0; i < POINTS; i++) {
        x[i] = i * 9 + random_between(seed, -8, 8);
        y[i] = 100 + random_between(seed, -60, 60);
    }
    const struct shape shape = {
        .x = x, .y = y, .ring_starts = starts, .point_count = POINTS, .ring_count = 1};
    const struct view view = view_fit((struct box){0, 0, 400, 300}, (double[4]){10, 20, 400, 300});
    assert_true(trace_shape(trace, &(struct drawn){&view, &shape, false}, NULL));
}

static void walk(double *x, double *y, const struct trace *trace, double distance)
{
    size_t i = 0;
    for (; i + 1 < trace->point_count; i++) {
        double dx = trace->x[i + 1] - trace->x[i], dy = trace->y[i + 1] - trace->y[i];
        double length = sqrt(dx * dx + dy * dy);
        if (distance <= length) {
            *x = trace->x[i] + dx * distance / length;
            *y = trace->y[i] + dy * distance / length;
            return;
        }
        distance -= length;
    }
    *x = trace->x[i];
    *y = trace->y[i];
}

static void places_along_a_line_are_where_walking_comes_to(void **state)
{
    (void)state;
    for (uint64_t number = 1; number <= 100; number++) {
        uint64_t seed = number;
        struct trace trace = {0};
        make_trace(&trace, &seed);
        double length = trace_length(&trace, 0);
        for (int i = 0; i < 60; i++) {
            double at = i == 0 ? 0 : i == 1 ? length + 5 : random_between(&seed, 0, length);
            double x, y, walked_x, walked_y;
            along_at(&x, &y, &(struct along){&trace, 0}, at);
            walk(&walked_x, &walked_y, &trace, at);
            if (fabs(x - walked_x) > 1e-9 || fabs(y - walked_y) > 1e-9)
                fail_msg("seed %llu: %.9f along lies %.9f,%.9f, not %.9f,%.9f",
                         (unsigned long long)number, at, x, y, walked_x, walked_y);
        }
        trace_free(&trace);
    }
}

static void a_seat_knows_all_bulges_between_its_ends(void **state)
{
    (void)state;
    for (uint64_t number = 1; number <= 100; number++) {
        uint64_t seed = number;
        struct trace trace = {0};
        make_trace(&trace, &seed);
        double length = trace_length(&trace, 0), from = random_between(&seed, 0, length / 2);
        double to = from + random_between(&seed, 1, length / 2), above = 0, below = 0, at = 0;
        struct seat seat = seat_between(&(struct along){&trace, 0}, from, to);
        for (size_t i = 0; i < trace.point_count; i++) {
            if (i > 0)
                at +=
                    sqrt(pow(trace.x[i] - trace.x[i - 1], 2) + pow(trace.y[i] - trace.y[i - 1], 2));
            double off =
                (trace.y[i] - seat.y) * cos(seat.angle) - (trace.x[i] - seat.x) * sin(seat.angle);
            above = at >= from && at <= to ? fmin(above, off) : above;
            below = at >= from && at <= to ? fmax(below, off) : below;
        }
        assert_true(fabs(seat.above - above) < 1e-9 && fabs(seat.below - below) < 1e-9);
        trace_free(&trace);
    }
}

/* Of all edges one by one. */
static bool holds_plainly(const struct trace *trace, double x, double y)
{
    bool inside = false;
    for (size_t part = 0; part < trace->part_count; part++)
        for (size_t i = trace->starts[part], j = trace->starts[part + 1] - 1;
             i < trace->starts[part + 1]; j = i++)
            if ((trace->y[i] > y) != (trace->y[j] > y)
                && x < (trace->x[j] - trace->x[i]) * (y - trace->y[i]) / (trace->y[j] - trace->y[i])
                           + trace->x[i])
                inside = !inside;
    return inside;
}

/* Rings of any length, so that their edges begin anywhere among the sixteen. */
static void what_rings_hold_is_what_all_their_edges_say(void **state)
{
    enum { RINGS = 3, MOST = 200 };
    (void)state;
    for (uint64_t number = 1; number <= 100; number++) {
        uint64_t seed = number;
        static double x[RINGS * MOST], y[RINGS * MOST];
        size_t starts[RINGS + 1] = {0}, held = 0;
        for (int ring = 0; ring < RINGS; ring++) {
            size_t count = (size_t)random_between(&seed, 3, MOST);
            for (size_t i = starts[ring]; i < starts[ring] + count; i++) {
                double turn = 6.28318 * (double)i / (double)count;
                double far = random_between(&seed, 60, 120);
                x[i] = 200 + far * cos(turn) + 30 * ring;
                y[i] = 150 + far * sin(turn);
            }
            starts[ring + 1] = starts[ring] + count;
        }
        const struct shape shape = {.x = x,
                                    .y = y,
                                    .ring_starts = starts,
                                    .point_count = starts[RINGS],
                                    .ring_count = RINGS};
        const struct view view =
            view_fit((struct box){0, 0, 400, 300}, (double[4]){0, 0, 400, 300});
        struct trace trace = {0};
        assert_true(trace_shape(&trace, &(struct drawn){&view, &shape, true}, NULL));
        for (int i = 0; i < 300; i++) {
            double at_x = random_between(&seed, 0, 400), at_y = random_between(&seed, 0, 300);
            if (i % 10 == 0) /* the height of a corner */
                at_y = trace.y[(size_t)random_between(&seed, 0, (double)trace.point_count)];
            bool holds = trace_holds(&trace, at_x, at_y);
            held += holds;
            if (holds != holds_plainly(&trace, at_x, at_y))
                fail_msg("seed %llu: %.9f,%.9f", (unsigned long long)number, at_x, at_y);
        }
        assert_true(held > 10);
        trace_free(&trace);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_along_a_line_are_where_walking_comes_to),
        cmocka_unit_test(a_seat_knows_all_bulges_between_its_ends),
        cmocka_unit_test(what_rings_hold_is_what_all_their_edges_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Tests of hulls: against GEOS's, by their definition, and with hidden ticks dropped or not. */
#include "engine/space/hulls.h"

#include <geos_c.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const double TURN = 6.283185307179586;

static uint64_t random_next(uint64_t *seed)
{
    *seed += 0x9e3779b97f4a7c15u;
    uint64_t z = *seed;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static double below(uint64_t *seed, double limit)
{
    return (double)(random_next(seed) >> 11) / 9007199254740992.0 * limit;
}

static void sort(struct ticks *ticks)
{
    struct error error = {0};
    if (!ticks_sort(ticks, &error))
        fail_msg("%s", error.message);
}

static void trace(struct hull *hull, struct ticks *ticks, int64_t longest)
{
    struct error error = {0};
    sort(ticks);
    if (!hull_trace(hull, ticks, longest * longest, &error))
        fail_msg("%s", error.message);
}

static void make(struct ticks *ticks, size_t count)
{
    assert_true(array_new(&ticks->items, count, sizeof *ticks->items, NULL));
    ticks->count = count;
}

static int64_t area2_of(const struct hull *hull)
{
    int64_t area2 = 0;
    for (size_t i = 1; i + 1 < hull->count; i++)
        area2 += tick_turn(hull->corners[0], hull->corners[i], hull->corners[i + 1]);
    return area2;
}

/* ---- ticks ---- */

static void a_point_is_moved_to_its_square_whatever_the_others(void **state)
{
    (void)state;
    const int32_t x[] = {0, 1999, 2000, -1, -2001}, y[] = {5, 5, 5, 5, 4};
    const struct tick_lattice lattice = {{100000, -1000, 1}, 2};
    struct ticks all, one;
    assert_true(ticks_new(&all, &(struct points){x, y, 5}, &lattice, NULL));
    const int32_t expected[] = {50000, 50000, 50001, 49999, 49998};
    for (size_t i = 0; i < 5; i++) {
        assert_true(all.x + all.items[i].x == expected[i]);
        assert_true(all.y + all.items[i].y == -500);
        assert_true(ticks_new(&one, &(struct points){x + i, y + i, 1}, &lattice, NULL));
        assert_true(one.x + one.items[0].x == expected[i]);
        ticks_free(&one);
    }
    sort(&all);
    assert_int_equal(all.count, 4);
    for (size_t i = 1; i < 4; i++)
        assert_true(all.items[i - 1].x < all.items[i].x);
    ticks_free(&all);
}

/* ---- GEOS ---- */

static GEOSGeometry *geos_points(GEOSContextHandle_t geos, const struct ticks *ticks)
{
    GEOSGeometry **points = malloc(ticks->count * sizeof *points);
    assert_non_null(points);
    for (size_t i = 0; i < ticks->count; i++)
        points[i] = GEOSGeom_createPointFromXY_r(geos, ticks->items[i].x, ticks->items[i].y);
    GEOSGeometry *all =
        GEOSGeom_createCollection_r(geos, GEOS_MULTIPOINT, points, (unsigned)ticks->count);
    free(points);
    return all;
}

/* GEOS takes the longest side as a share of the way from the shortest to the longest edge. */
static double geos_share(GEOSContextHandle_t geos, const GEOSGeometry *points, double longest)
{
    GEOSGeometry *lines = GEOSDelaunayTriangulation_r(geos, points, 0, 1);
    double least = INFINITY, most = 0;
    for (int i = 0; i < GEOSGetNumGeometries_r(geos, lines); i++) {
        double length;
        GEOSLength_r(geos, GEOSGetGeometryN_r(geos, lines, i), &length);
        least = fmin(least, length);
        most = fmax(most, length);
    }
    GEOSGeom_destroy_r(geos, lines);
    return fmin(fmax((longest - least) / (most - least), 0), 1);
}

/* Of places so far apart that no four lie on one circle. */
static void the_hull_is_the_one_of_geos(void **state)
{
    (void)state;
    GEOSContextHandle_t geos = GEOS_init_r();
    for (uint64_t seed = 1; seed <= 40; seed++) {
        uint64_t random = seed;
        struct ticks ticks = {0};
        struct hull hull;
        make(&ticks, 4 + (size_t)below(&random, 400));
        double longest = 10000 + floor(below(&random, 300000)), area;
        for (size_t i = 0; i < ticks.count; i++)
            ticks.items[i] = (struct tick){(int32_t)below(&random, 1000000),
                                           (int32_t)below(&random, seed % 3 ? 1000000 : 200000)};
        trace(&hull, &ticks, (int64_t)longest);
        GEOSGeometry *points = geos_points(geos, &ticks);
        GEOSGeometry *expected =
            GEOSConcaveHull_r(geos, points, geos_share(geos, points, longest), 0);
        assert_int_equal(GEOSArea_r(geos, expected, &area), 1);
        if (fabs((double)area2_of(&hull) - 2 * area) > 1)
            fail_msg("seed %llu: %f instead of %f", (unsigned long long)seed,
                     (double)area2_of(&hull), 2 * area);
        GEOSGeom_destroy_r(geos, points);
        GEOSGeom_destroy_r(geos, expected);
        hull_free(&hull);
        ticks_free(&ticks);
    }
    GEOS_finish_r(geos);
}

/* ---- definition ---- */

static bool holds(const struct hull *hull, struct tick place)
{
    bool inside = false;
    for (size_t i = 0; i < hull->count; i++) {
        struct tick a = hull->corners[i], b = hull->corners[(i + 1) % hull->count];
        int64_t side = tick_turn(a, b, place);
        if (side == 0 && place.x >= (a.x < b.x ? a.x : b.x) && place.x <= (a.x < b.x ? b.x : a.x)
            && place.y >= (a.y < b.y ? a.y : b.y) && place.y <= (a.y < b.y ? b.y : a.y))
            return true; /* on the side */
        if ((a.y > place.y) != (b.y > place.y) && (side > 0) == (b.y > a.y))
            inside = !inside;
    }
    return inside;
}

static void a_hull_is_one_ring_that_holds_every_place(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        uint64_t random = seed;
        struct ticks ticks = {0};
        struct hull hull;
        double width = 3 + below(&random, 200), height = 3 + below(&random, 200);
        make(&ticks, 3 + (size_t)below(&random, 300));
        for (size_t i = 0; i < ticks.count; i++)
            ticks.items[i] =
                (struct tick){(int32_t)below(&random, width), (int32_t)below(&random, height)};
        trace(&hull, &ticks, 1 + (int64_t)below(&random, 40));
        for (size_t i = 0; hull.count > 2 && i < ticks.count; i++)
            if (!holds(&hull, ticks.items[i]))
                fail_msg("seed %llu", (unsigned long long)seed);
        for (size_t i = 0; i < hull.count; i++)
            for (size_t j = 0; j < i; j++)
                assert_true(hull.corners[i].x != hull.corners[j].x
                            || hull.corners[i].y != hull.corners[j].y);
        assert_true(hull.count <= 2 || area2_of(&hull) > 0);
        hull_free(&hull);
        ticks_free(&ticks);
    }
}

static void a_bay_is_left_out_where_its_mouth_is_wider_than_the_longest_side(void **state)
{
    (void)state;
    const struct tick corners[] = {{0, 0}, {0, 9}, {5, 4}, {9, 0}, {9, 9}};
    struct ticks ticks = {0};
    struct hull hull;
    make(&ticks, 5);
    memcpy(ticks.items, corners, sizeof corners);
    trace(&hull, &ticks, 9); /* a side of 9 is not longer than 9 */
    assert_int_equal(hull.count, 4);
    assert_true(area2_of(&hull) == 162);
    hull_free(&hull);
    trace(&hull, &ticks, 8); /* of four equal sides the one with the largest triangle goes */
    assert_int_equal(hull.count, 5);
    assert_true(area2_of(&hull) == 162 - 9 * 5);
    hull_free(&hull);
    ticks_free(&ticks);
}

static void places_on_one_line_have_two_ends(void **state)
{
    (void)state;
    struct ticks ticks = {0};
    struct hull hull;
    make(&ticks, 3);
    ticks.items[0] = (struct tick){4, 8};
    ticks.items[1] = (struct tick){0, 0};
    ticks.items[2] = (struct tick){3, 6};
    trace(&hull, &ticks, 1);
    assert_int_equal(hull.count, 2);
    assert_int_equal(hull.corners[0].x, 0);
    assert_int_equal(hull.corners[1].x, 4);
    hull_free(&hull);
    ticks.count = 1;
    trace(&hull, &ticks, 1);
    assert_int_equal(hull.count, 1);
    hull_free(&hull);
    ticks.count = 0;
    trace(&hull, &ticks, 1);
    assert_int_equal(hull.count, 0);
    hull_free(&hull);
    ticks_free(&ticks);
}

/* ---- what is hidden ---- */

enum { RADIUS = 16 };

enum form { DISC, RING, HORSESHOE, NECK, THINNING, LATTICE, STREETS, FORMS };

/* A place of a form some 400 ticks across. */
static struct tick place_of(enum form form, uint64_t *random, size_t i)
{
    double angle = below(random, TURN), away = sqrt(below(random, 1));
    double x = cos(angle), y = sin(angle);
    switch (form) {
    case DISC:
        return (struct tick){(int32_t)(200 + 150 * away * x), (int32_t)(200 + 200 * away * y)};
    case RING:
        away = 120 + 60 * away;
        break;
    case HORSESHOE: /* with a mouth about as wide as the longest side */
        away = 120 + 60 * away;
        angle = 0.1 + angle * 0.96;
        x = cos(angle);
        y = sin(angle);
        break;
    case NECK:
        if (i % 50 == 0)
            return (struct tick){(int32_t)(100 + below(random, 200)), (int32_t)(198 + i % 3)};
        return (struct tick){(int32_t)((i % 2 ? 80 : 320) + 70 * away * x),
                             (int32_t)(200 + 70 * away * y)};
    case THINNING: /* dense in the middle, sparse outside */
        away = 200 * away * away * away * away;
        break;
    case LATTICE: /* many on one circle, with a notch */
        return (struct tick){(int32_t)(i % 40) * 4 + (i % 40 > 20 && i / 40 % 60 < 30 ? 60 : 0),
                             (int32_t)(i / 40 % 60) * 4};
    case STREETS:
        if (i % 2)
            return (struct tick){(int32_t)below(random, 400), (int32_t)(i % 5) * 100};
        return (struct tick){(int32_t)(i % 7) * 66, (int32_t)below(random, 400)};
    case FORMS:
        break;
    }
    return (struct tick){(int32_t)(200 + away * x), (int32_t)(200 + away * y)};
}

static void random_form(struct ticks *ticks, uint64_t seed)
{
    uint64_t random = seed;
    enum form form = (enum form)(seed % FORMS);
    make(ticks, seed % 4 == 0 ? 20000 : 50 + (size_t)below(&random, 4000));
    for (size_t i = 0; i < ticks->count; i++)
        ticks->items[i] = place_of(form, &random, i);
}

static void copy(struct ticks *into, const struct ticks *from)
{
    make(into, from->count);
    memcpy(into->items, from->items, from->count * sizeof *into->items);
}

static void dropping_what_is_hidden_changes_no_hull(void **state)
{
    (void)state;
    size_t ticks_before = 0, ticks_after = 0;
    for (uint64_t seed = 1; seed <= 280; seed++) {
        struct ticks all = {0}, fewer = {0};
        struct hull expected, hull;
        random_form(&all, seed);
        copy(&fewer, &all);
        trace(&expected, &all, (int64_t)2 * RADIUS);
        assert_true(ticks_drop_hidden(&fewer, RADIUS, NULL));
        trace(&hull, &fewer, (int64_t)2 * RADIUS);
        ticks_before += all.count;
        ticks_after += fewer.count;
        if (hull.count != expected.count
            || memcmp(hull.corners, expected.corners, hull.count * sizeof *hull.corners) != 0)
            fail_msg("seed %llu", (unsigned long long)seed);
        hull_free(&hull);
        hull_free(&expected);
        ticks_free(&all);
        ticks_free(&fewer);
    }
    assert_true(ticks_after * 2 < ticks_before);
}

static bool holds_tick(const struct ticks *ticks, struct tick tick)
{
    for (size_t i = 0; i < ticks->count; i++)
        if (ticks->items[i].x == tick.x && ticks->items[i].y == tick.y)
            return true;
    return false;
}

/* Whether a circle through the tick, whose middle lies in this direction, has no other inside. */
static bool has_empty_circle(const struct ticks *ticks, struct tick tick, double angle)
{
    double x = tick.x + RADIUS * cos(angle), y = tick.y + RADIUS * sin(angle);
    for (size_t i = 0; i < ticks->count; i++) {
        double dx = ticks->items[i].x - x, dy = ticks->items[i].y - y;
        if (dx * dx + dy * dy < RADIUS * RADIUS - 1e-6)
            return false;
    }
    return true;
}

static void what_is_dropped_lies_on_no_empty_circle(void **state)
{
    (void)state;
    size_t dropped = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        uint64_t random = seed;
        struct ticks all = {0}, fewer = {0};
        double width = 20 + below(&random, 60);
        make(&all, 30 + (size_t)below(&random, 300));
        for (size_t i = 0; i < all.count; i++)
            all.items[i] =
                (struct tick){(int32_t)below(&random, width), (int32_t)below(&random, width)};
        copy(&fewer, &all);
        assert_true(ticks_drop_hidden(&fewer, RADIUS, NULL));
        for (size_t i = 0; i < all.count; i++) {
            if (holds_tick(&fewer, all.items[i]))
                continue;
            dropped++;
            for (int a = 0; a < 360; a++)
                if (has_empty_circle(&all, all.items[i], a * TURN / 360))
                    fail_msg("seed %llu", (unsigned long long)seed);
        }
        ticks_free(&all);
        ticks_free(&fewer);
    }
    assert_true(dropped > 500);
}

/* Two ticks at the ends of the grid must not ask for a bitmap of all between them. */
static void a_wide_extent_takes_no_memory(void **state)
{
    (void)state;
    struct ticks ticks = {0};
    make(&ticks, 2);
    ticks.items[1] = (struct tick){1 << 29, 1 << 29};
    assert_true(ticks_drop_hidden(&ticks, RADIUS, NULL));
    assert_int_equal(ticks.count, 2);
    ticks_free(&ticks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_point_is_moved_to_its_square_whatever_the_others),
        cmocka_unit_test(the_hull_is_the_one_of_geos),
        cmocka_unit_test(a_hull_is_one_ring_that_holds_every_place),
        cmocka_unit_test(a_bay_is_left_out_where_its_mouth_is_wider_than_the_longest_side),
        cmocka_unit_test(places_on_one_line_have_two_ends),
        cmocka_unit_test(dropping_what_is_hidden_changes_no_hull),
        cmocka_unit_test(what_is_dropped_lies_on_no_empty_circle),
        cmocka_unit_test(a_wide_extent_takes_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

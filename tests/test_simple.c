/* Rings that neither touch nor cross: the quick way against every pair of sides, and against GEOS.
 */
#include "engine/space/polygons_simple.h"

#include <geos_c.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static uint64_t draw(uint64_t *seed) /* splitmix64 */
{
    uint64_t z = (*seed += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* ---- plain: every pair of sides, in whole numbers ---- */

static double turn(const struct shape *rings, size_t a, size_t b, size_t c)
{
    return (rings->x[b] - rings->x[a]) * (rings->y[c] - rings->y[a])
           - (rings->y[b] - rings->y[a]) * (rings->x[c] - rings->x[a]);
}

static bool within(double a, double b, double c)
{
    return fmin(a, b) <= c && c <= fmax(a, b);
}

static bool holds(const struct shape *rings, size_t side, size_t corner)
{
    return turn(rings, side, side + 1, corner) == 0
           && within(rings->x[side], rings->x[side + 1], rings->x[corner])
           && within(rings->y[side], rings->y[side + 1], rings->y[corner]);
}

static bool meet(const struct shape *rings, size_t a, size_t b)
{
    double a0 = turn(rings, a, a + 1, b), a1 = turn(rings, a, a + 1, b + 1);
    double b0 = turn(rings, b, b + 1, a), b1 = turn(rings, b, b + 1, a + 1);
    return holds(rings, a, b) || holds(rings, a, b + 1) || holds(rings, b, a)
           || holds(rings, b, a + 1) || (a0 * a1 < 0 && b0 * b1 < 0);
}

/* The second side begins where the first one ends, and must not lie along it. */
static bool follow(const struct shape *rings, size_t a, size_t b)
{
    return !holds(rings, a, b + 1) && !holds(rings, b, a);
}

static bool follows(const struct shape *rings, size_t ring, size_t a, size_t b)
{
    size_t first = rings->ring_starts[ring], last = rings->ring_starts[ring + 1] - 2;
    return b == (a == last ? first : a + 1);
}

static bool keep_apart(const struct shape *rings, const size_t ring[2], size_t a, size_t b)
{
    bool one = ring[0] == ring[1], after = one && follows(rings, ring[0], a, b);
    bool before = one && follows(rings, ring[0], b, a);
    if (one && a == b)
        return true;
    if (after)
        return follow(rings, a, b);
    return before || !meet(rings, a, b);
}

static bool is_simple_plain(const struct shape *rings)
{
    for (size_t r = 0; r < rings->ring_count; r++)
        for (size_t a = rings->ring_starts[r]; a + 1 < rings->ring_starts[r + 1]; a++)
            for (size_t s = 0; s < rings->ring_count; s++)
                for (size_t b = rings->ring_starts[s]; b + 1 < rings->ring_starts[s + 1]; b++)
                    if (!keep_apart(rings, (const size_t[]){r, s}, a, b))
                        return false;
    return true;
}

/* ---- random rings ---- */

static void random_rings(struct shape *rings, uint64_t *seed, uint64_t reach, uint64_t corners)
{
    size_t ring_count = 1 + draw(seed) % 2;
    assert_true(shape_new(rings, ring_count * (corners + 1), ring_count, NULL));
    rings->point_count = 0;
    for (size_t r = 0; r < ring_count; r++) {
        size_t first = rings->point_count, count = 3 + draw(seed) % (corners - 2);
        for (size_t i = 0; i < count; i++) {
            size_t at = first + i;
            do {
                rings->x[at] = (double)(draw(seed) % reach);
                rings->y[at] = (double)(draw(seed) % reach);
            } while ((i > 0 && rings->x[at] == rings->x[at - 1] && rings->y[at] == rings->y[at - 1])
                     || (i + 1 == count && rings->x[at] == rings->x[first]
                         && rings->y[at] == rings->y[first]));
        }
        rings->x[first + count] = rings->x[first];
        rings->y[first + count] = rings->y[first];
        rings->point_count = rings->ring_starts[r + 1] = first + count + 1;
    }
}

static bool is_valid(GEOSContextHandle_t geos, const struct shape *ring)
{
    GEOSCoordSequence *corners = GEOSCoordSeq_copyFromArrays_r(geos, ring->x, ring->y, NULL, NULL,
                                                               (unsigned)ring->point_count);
    GEOSGeometry *line = GEOSGeom_createLinearRing_r(geos, corners);
    GEOSGeometry *area = GEOSGeom_createPolygon_r(geos, line, NULL, 0);
    bool valid = GEOSisValid_r(geos, area) == 1;
    GEOSGeom_destroy_r(geos, area);
    return valid;
}

static void simple_is_what_every_pair_of_sides_says(void **state)
{
    (void)state;
    GEOSContextHandle_t geos = GEOS_init_r();
    uint64_t seed = 5;
    size_t found = 0;
    for (int i = 0; i < 60000; i++) {
        struct shape rings;
        bool simple;
        random_rings(&rings, &seed, 3 + draw(&seed) % 12, 4 + draw(&seed) % 4);
        assert_true(rings_are_simple(&simple, &rings, NULL));
        if (simple != is_simple_plain(&rings))
            fail_msg("case %d: simple %d", i, simple);
        if (simple && rings.ring_count == 1)
            assert_true(is_valid(geos, &rings));
        found += simple;
        shape_free(&rings);
    }
    assert_true(found > 10000 && found < 50000);
    GEOS_finish_r(geos);
}

/* A long ring around the origin, whose radius strays; every so often a corner is put astray. */
static void a_long_ring_is_told_from_one_that_crosses_itself(void **state)
{
    (void)state;
    enum { CORNERS = 3000, CASES = 40 };
    GEOSContextHandle_t geos = GEOS_init_r();
    uint64_t seed = 17;
    for (int c = 0; c < CASES; c++) {
        struct shape ring;
        bool simple;
        assert_true(shape_new(&ring, CORNERS + 1, 1, NULL));
        for (int i = 0; i <= CORNERS; i++) {
            double angle = 6.283185307179586 * (i % CORNERS) / CORNERS;
            double radius = 1000 + 300 * sin(7 * angle) + (double)(i * 7919 % CORNERS) / 1500;
            ring.x[i] = 100000 + radius * cos(angle);
            ring.y[i] = 500000 + radius * sin(angle);
        }
        ring.ring_starts[1] = CORNERS + 1;
        if (c % 2 == 1) {
            size_t at = 1 + draw(&seed) % (CORNERS - 1);
            ring.x[at] += (double)(draw(&seed) % 4000) / 1000 - 2;
            ring.y[at] += (double)(draw(&seed) % 4000) / 1000 - 2;
        }
        assert_true(rings_are_simple(&simple, &ring, NULL));
        assert_int_equal(simple, is_valid(geos, &ring));
        assert_true(simple || c % 2 == 1);
        shape_free(&ring);
    }
    GEOS_finish_r(geos);
}

/* Nothing is said of rings that would take long. */
static void a_star_of_long_sides_is_left_to_others_at_once(void **state)
{
    (void)state;
    enum { CORNERS = 20001 };
    struct shape ring;
    bool simple;
    assert_true(shape_new(&ring, CORNERS + 1, 1, NULL));
    for (int i = 0; i <= CORNERS; i++) {
        double angle = 6.283185307179586 * (double)((int64_t)i * (CORNERS / 2) % CORNERS) / CORNERS;
        ring.x[i] = 1000 * cos(angle);
        ring.y[i] = 1000 * sin(angle);
    }
    ring.ring_starts[1] = CORNERS + 1;
    assert_true(rings_are_simple(&simple, &ring, NULL));
    assert_false(simple);
    shape_free(&ring);
}

/* Around the origin by rising angles, so that it is simple; the radius leaps, so that sides are
 * long and their boxes lie over one another. */
static void a_ring_of_long_sides_that_keep_apart_is_simple(void **state)
{
    (void)state;
    enum { CORNERS = 500, CASES = 10 };
    GEOSContextHandle_t geos = GEOS_init_r();
    uint64_t seed = 23;
    for (int c = 0; c < CASES; c++) {
        struct shape ring;
        bool simple;
        assert_true(shape_new(&ring, CORNERS + 1, 1, NULL));
        for (int i = 0; i < CORNERS; i++) {
            double angle = 6.283185307179586 * i / CORNERS;
            double radius = i % 2 == 0 ? 1000 : 10 + (double)(draw(&seed) % 900);
            ring.x[i] = radius * cos(angle);
            ring.y[i] = radius * sin(angle);
        }
        ring.x[CORNERS] = ring.x[0];
        ring.y[CORNERS] = ring.y[0];
        ring.ring_starts[1] = CORNERS + 1;
        assert_true(is_valid(geos, &ring));
        assert_true(rings_are_simple(&simple, &ring, NULL));
        assert_true(simple);
        ring.y[CORNERS / 2 + 1] = -ring.y[CORNERS / 2 + 1] - 900; /* across others */
        assert_false(is_valid(geos, &ring));
        assert_true(rings_are_simple(&simple, &ring, NULL));
        assert_false(simple);
        shape_free(&ring);
    }
    GEOS_finish_r(geos);
}

/* In a corner of a large square lie so many sides that each pair of them would take too long. */
static void a_knot_of_short_sides_is_left_to_others(void **state)
{
    (void)state;
    enum { KNOT = 3000 };
    GEOSContextHandle_t geos = GEOS_init_r();
    struct shape ring;
    bool simple;
    for (int knot = 100; knot <= KNOT; knot += KNOT - 100) {
        size_t count = (size_t)knot + 4;
        assert_true(shape_new(&ring, count, 1, NULL));
        for (int i = 0; i < knot; i++) {
            ring.x[i] = 0.001 * i / knot;
            ring.y[i] = i % 2 == 0 ? 0 : 0.001;
        }
        const double corners[4][2] = {{1000, 0}, {1000, 1000}, {0, 1000}, {0, 0}};
        for (int i = 0; i < 4; i++) {
            ring.x[knot + i] = corners[i][0];
            ring.y[knot + i] = corners[i][1];
        }
        ring.ring_starts[1] = count;
        assert_true(is_valid(geos, &ring));
        assert_true(rings_are_simple(&simple, &ring, NULL));
        assert_int_equal(simple, knot < KNOT);
        shape_free(&ring);
    }
    GEOS_finish_r(geos);
}

/* Their numbers would not fit; they are not looked at. */
static void so_many_corners_as_there_are_no_numbers_for_are_left_to_others(void **state)
{
    (void)state;
    const struct shape rings = {.point_count = (size_t)UINT32_MAX / 2 + 1};
    bool simple = true;
    assert_true(rings_are_simple(&simple, &rings, NULL));
    assert_false(simple);
}

static void a_place_lies_within_a_ring_or_outside(void **state)
{
    (void)state;
    double x[] = {0, 10, 10, 5, 0, 0}, y[] = {0, 0, 10, 5, 10, 0};
    size_t starts[] = {0, 6};
    struct shape ring = {x, y, starts, 6, 1};
    assert_int_equal(ring_side(&ring, 0, 5, 2), 1);
    assert_int_equal(ring_side(&ring, 0, 5, 7), -1);
    assert_int_equal(ring_side(&ring, 0, 1, 7), 1);
    assert_int_equal(ring_side(&ring, 0, -1, 5), -1);
    assert_int_equal(ring_side(&ring, 0, 11, 5), -1);
    assert_int_equal(ring_side(&ring, 0, 10, 5), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(simple_is_what_every_pair_of_sides_says),
        cmocka_unit_test(a_long_ring_is_told_from_one_that_crosses_itself),
        cmocka_unit_test(a_star_of_long_sides_is_left_to_others_at_once),
        cmocka_unit_test(a_ring_of_long_sides_that_keep_apart_is_simple),
        cmocka_unit_test(a_knot_of_short_sides_is_left_to_others),
        cmocka_unit_test(so_many_corners_as_there_are_no_numbers_for_are_left_to_others),
        cmocka_unit_test(a_place_lies_within_a_ring_or_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Polygon work: repair in bounded time, areas as GDAL gives them, outlines, and borders. */
#include "engine/space/polygons.h"
#include "engine/space/polygons_borders.h"
#include "engine/space/polygons_intricacy.h"

#include "engine/formats/shapefile.h"
#include "tests/cases.h"

#include <geos_c.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const double TURN = 6.283185307179586;

/* ---- fixtures ---- */

static uint64_t next_random(uint64_t *state)
{
    *state += 0x9e3779b97f4a7c15u; /* splitmix64 (Steele et al. 2014) */
    uint64_t z = *state;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static double below(uint64_t *state, double limit)
{
    return (double)(next_random(state) >> 11) / 9007199254740992.0 * limit;
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now); /* what else the machine does is not ours */
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Of processor time; sanitizers take theirs. */
static void assert_done_within(double started, double limit)
{
    double taken = seconds() - started;
    if (getenv("PLEIN_SANITIZED") == NULL && taken > limit)
        fail_msg("took %.1f s, more than %.1f s", taken, limit);
}

static struct polygons *open_polygons(void)
{
    struct error error = {0};
    struct polygons *polygons = polygons_open(&error);
    if (polygons == NULL)
        fail_msg("%s", error.message);
    return polygons;
}

static void add_ring(struct shape *shape, const double (*corners)[2], size_t count)
{
    struct shape ring;
    assert_true(shape_new(&ring, count + 1, 1, NULL));
    for (size_t i = 0; i <= count; i++) {
        ring.x[i] = corners[i % count][0];
        ring.y[i] = corners[i % count][1];
    }
    ring.ring_starts[1] = count + 1;
    if (shape->ring_starts == NULL)
        *shape = ring;
    else {
        assert_true(shape_append(shape, &ring, NULL));
        shape_free(&ring);
    }
}

static void add_rectangle(struct shape *shape, double x_min, double y_min, double x_max,
                          double y_max)
{
    const double corners[4][2] = {{x_min, y_min}, {x_max, y_min}, {x_max, y_max}, {x_min, y_max}};
    add_ring(shape, corners, 4);
}

static void add_jurisdiction(struct jurisdictions *into, struct shape *shape)
{
    struct jurisdiction item = {
        .code = text_copy("", 0, NULL), .name = text_copy("", 0, NULL), .shape = *shape};
    assert_true(jurisdictions_add(into, &item, NULL));
    *shape = (struct shape){0};
}

static void add_square_jurisdiction(struct jurisdictions *into, double x_min, double y_min,
                                    double x_max, double y_max)
{
    struct shape shape = {0};
    add_rectangle(&shape, x_min, y_min, x_max, y_max);
    add_jurisdiction(into, &shape);
}

static bool repair(struct shape *shape, char why[160], struct error *error)
{
    struct polygons *polygons = open_polygons();
    bool done = polygons_repair(polygons, shape, why, error);
    polygons_close(polygons);
    return done;
}

static void repair_or_fail(struct shape *shape, char why[160])
{
    struct error error = {0};
    if (!repair(shape, why, &error))
        fail_msg("%s", error.message);
}

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.12g is not %.12g", value, expected);
}

/* ---- repair ---- */

static void rings_in_any_order_and_orientation_are_valid_as_they_are(void **state)
{
    (void)state;
    const double hole[4][2] = {{2, 2}, {8, 2}, {8, 8}, {2, 8}};      /* counter-clockwise: wrong */
    const double shell[4][2] = {{0, 0}, {0, 10}, {10, 10}, {10, 0}}; /* clockwise: wrong */
    struct shape shape = {0};
    char why[160];
    add_rectangle(&shape, 4, 4, 6, 6); /* an island in the hole */
    add_ring(&shape, hole, 4);
    add_ring(&shape, shell, 4);
    repair_or_fail(&shape, why);
    assert_string_equal(why, "");
    assert_int_equal(shape.ring_count, 3);
    assert_near(polygons_area(&shape), 100 - 36 + 4, 1e-12);
    for (size_t r = 0; r < 3; r++) /* each shell before its holes */
        if (shape_ring_area2(&shape, r) < 0) {
            assert_true(r > 0);
            assert_near(shape_ring_area2(&shape, r - 1), 200, 1e-12);
        }
    shape_free(&shape);
}

/* From the outside inwards, too; and a ring of no corners, which is none. */
static void an_island_in_a_hole_is_a_shell(void **state)
{
    (void)state;
    struct shape shape = {0}, with = {0};
    char why[160];
    for (int r = 0; r < 5; r++)
        add_rectangle(&shape, r, r, 20 - r, 20 - r);
    repair_or_fail(&shape, why);
    assert_string_equal(why, "");
    assert_int_equal(shape.ring_count, 5);
    assert_near(polygons_area(&shape), 400 - 324 + 256 - 196 + 144, 1e-12);
    assert_true(shape_new(&with, shape.point_count, shape.ring_count + 1, NULL));
    memcpy(with.x, shape.x, shape.point_count * sizeof *with.x);
    memcpy(with.y, shape.y, shape.point_count * sizeof *with.y);
    for (size_t r = 0; r < shape.ring_count; r++)
        with.ring_starts[r + 2] = shape.ring_starts[r + 1]; /* the first is empty */
    repair_or_fail(&with, why);
    assert_string_equal(why, "Ring of fewer than three corners");
    assert_int_equal(with.ring_count, 5);
    assert_near(polygons_area(&with), polygons_area(&shape), 0);
    shape_free(&with);
    shape_free(&shape);
}

/* More holes in a longer line than are each looked for from end to end. */
static void many_holes_in_a_long_line_are_sorted_out(void **state)
{
    (void)state;
    enum { CORNERS = 4000, HOLES = 400 };
    static double shell[CORNERS][2];
    struct shape shape = {0};
    char why[160];
    for (int i = 0; i < CORNERS; i++) {
        shell[i][0] = 1000 * cos(2 * M_PI * i / CORNERS);
        shell[i][1] = 1000 * sin(2 * M_PI * i / CORNERS);
    }
    add_ring(&shape, (const double(*)[2])shell, CORNERS);
    double area = fabs(shape_ring_area2(&shape, 0)) / 2;
    for (int h = 0; h < HOLES; h++) {
        double x = 40.0 * (h % 20) - 400,
               y = 40.0 * (h / 20) - 400; /* NOLINT(bugprone-integer-division) */
        add_rectangle(&shape, x, y, x + 10, y + 10);
    }
    repair_or_fail(&shape, why);
    assert_string_equal(why, "");
    assert_int_equal(shape.ring_count, HOLES + 1);
    assert_near(polygons_area(&shape), area - 100.0 * HOLES, 1e-6);
    shape_free(&shape);
}

static void more_corners_than_geos_can_count_are_refused(void **state)
{
    (void)state;
    struct shape shape = {.point_count = (size_t)INT32_MAX / 2 + 1};
    struct error error = {0};
    char why[160];
    assert_false(repair(&shape, why, &error));
    assert_int_equal(error.kind, ERROR_DATA);
    assert_non_null(strstr(error.message, "a polygon has 1073741824 corners"));
}

static void a_hole_that_touches_its_shell_stays_a_hole(void **state)
{
    (void)state;
    const double shell[4][2] = {{0, 0}, {10, 0}, {10, 10}, {0, 10}};
    const double hole[3][2] = {{0, 0}, {6, 2}, {2, 6}}; /* from the shell's own corner */
    struct shape shape = {0};
    char why[160];
    add_ring(&shape, hole, 3);
    add_ring(&shape, shell, 4);
    repair_or_fail(&shape, why);
    assert_string_equal(why, "");
    assert_near(polygons_area(&shape), 100 - 16, 1e-12);
    shape_free(&shape);
}

static void a_polygon_that_crosses_itself_is_mended_and_the_place_named(void **state)
{
    (void)state;
    const double tie[4][2] = {{0, 0}, {10, 10}, {10, 0}, {0, 10}};
    struct shape shape = {0};
    char why[160];
    add_ring(&shape, tie, 4);
    repair_or_fail(&shape, why);
    assert_non_null(strstr(why, "Self-intersection"));
    assert_non_null(strstr(why, "5.000 5.000"));
    assert_near(polygons_area(&shape), 50, 1e-9);
    assert_int_equal(shape.ring_count, 2);
    shape_free(&shape);
}

static void parts_that_overlap_count_once(void **state)
{
    (void)state;
    struct shape shape = {0};
    char why[160];
    add_rectangle(&shape, 0, 0, 10, 10);
    add_rectangle(&shape, 5, 0, 15, 10);
    repair_or_fail(&shape, why);
    assert_true(why[0] != '\0');
    assert_near(polygons_area(&shape), 150, 1e-9);
    shape_free(&shape);
    add_rectangle(&shape, 0, 0, 10, 10);
    add_rectangle(&shape, 5, 1, 14, 9); /* its middle lies within the other */
    repair_or_fail(&shape, why);
    assert_near(polygons_area(&shape), 132, 1e-9);
    shape_free(&shape);
}

static void an_island_where_two_holes_cross_is_kept(void **state)
{
    (void)state;
    struct shape shape = {0};
    char why[160];
    add_rectangle(&shape, 0, 0, 100, 100);
    add_rectangle(&shape, 10, 10, 60, 60);
    add_rectangle(&shape, 40, 40, 90, 90);
    add_rectangle(&shape, 45, 45, 55, 55);
    repair_or_fail(&shape, why);
    assert_true(why[0] != '\0');
    assert_near(polygons_area(&shape), 10000 - (2500 + 2500 - 400) + 100, 1e-9);
    shape_free(&shape);
}

static void repeated_corners_and_a_missing_last_one_are_no_fault(void **state)
{
    (void)state;
    const double corners[6][2] = {{0, 0}, {0, 0}, {10, 0}, {10, 10}, {10, 10}, {0, 10}};
    struct shape shape = {0};
    char why[160];
    add_ring(&shape, corners, 6);
    shape.point_count--;
    shape.ring_starts[1]--;
    repair_or_fail(&shape, why);
    assert_string_equal(why, "");
    assert_int_equal(shape.point_count, 5);
    assert_near(polygons_area(&shape), 100, 1e-12);
    shape_free(&shape);
}

static void what_has_no_area_comes_out_empty(void **state)
{
    (void)state;
    const double line[2][2] = {{0, 0}, {10, 0}}, flat[3][2] = {{0, 0}, {10, 0}, {4, 0}};
    struct shape shape = {0};
    char why[160];
    repair_or_fail(&shape, why);
    assert_int_equal(shape.ring_count, 0);
    shape_free(&shape);
    add_ring(&shape, line, 2);
    repair_or_fail(&shape, why);
    assert_true(why[0] != '\0');
    assert_int_equal(shape.ring_count, 0);
    shape_free(&shape);
    add_ring(&shape, flat, 3);
    repair_or_fail(&shape, why);
    assert_true(why[0] != '\0');
    assert_near(polygons_area(&shape), 0, 0);
    shape_free(&shape);
}

static void a_corner_that_is_no_number_is_refused_and_the_shape_kept(void **state)
{
    (void)state;
    const double bad[] = {NAN, INFINITY, -INFINITY, 1e300};
    for (size_t b = 0; b < 2 * sizeof bad / sizeof *bad; b++) {
        struct shape shape = {0};
        struct error error = {0};
        char why[160];
        add_rectangle(&shape, 0, 0, 10, 10);
        (b % 2 ? shape.x : shape.y)[2] = bad[b / 2];
        assert_false(repair(&shape, why, &error));
        assert_int_equal(error.kind, ERROR_DATA);
        assert_int_equal(shape.point_count, 5);
        shape_free(&shape);
    }
}

/* A star polygon {corners/step}: each side passes over step - 1 others at each end. */
static struct shape star(int corners, int step)
{
    struct shape shape;
    assert_true(shape_new(&shape, (size_t)corners + 1, 1, NULL));
    for (int i = 0; i <= corners; i++) {
        double angle = TURN * (double)((int64_t)(i % corners) * step % corners) / corners;
        shape.x[i] = 100000 + 1000 * cos(angle);
        shape.y[i] = 500000 + 1000 * sin(angle);
    }
    shape.ring_starts[1] = (size_t)corners + 1;
    return shape;
}

static void a_star_of_201_corners_is_mended(void **state)
{
    (void)state;
    struct shape shape = star(201, 100);
    char why[160];
    double started = seconds();
    repair_or_fail(&shape, why);
    assert_done_within(started, 8);
    assert_non_null(strstr(why, "Self-intersection"));
    assert_true(polygons_area(&shape) > 1e6 && polygons_area(&shape) < TURN / 2 * 1e6);
    shape_free(&shape);
}

static void a_star_of_20001_corners_is_refused_soon(void **state)
{
    (void)state;
    for (int step = 8; step <= 10000; step = step * 10) {
        struct shape shape = star(20001, step == 8000 ? 10000 : step);
        struct error error = {0};
        char why[160];
        double started = seconds();
        assert_false(repair(&shape, why, &error));
        assert_done_within(started, 5);
        assert_int_equal(error.kind, ERROR_DATA);
        assert_non_null(strstr(error.message, "20002"));
        shape_free(&shape);
    }
}

static void a_comb_of_20000_long_teeth_is_done_soon(void **state)
{
    (void)state;
    const size_t teeth = cases_looked(20000);
    struct shape shape;
    char why[160];
    assert_true(shape_new(&shape, 2 * teeth + 2, 1, NULL));
    for (size_t i = 0; i < 2 * teeth; i++) {
        shape.x[i] = (i + 1) / 2 % 2 ? 100000 : 100;
        shape.y[i] = (double)(i / 2 * 2 + i % 2);
    }
    shape.x[2 * teeth] = 0;
    shape.y[2 * teeth] = 2 * (double)teeth;
    shape.x[2 * teeth + 1] = 0;
    shape.y[2 * teeth + 1] = 0;
    shape.ring_starts[1] = 2 * teeth + 2;
    double started = seconds();
    repair_or_fail(&shape, why);
    assert_done_within(started, 5);
    shape_free(&shape);
}

static void thousands_of_rings_within_rings_are_sorted_out(void **state)
{
    (void)state;
    enum { DEEP = 1000, WIDE = 60 };
    struct shape shape;
    char why[160];
    size_t rings = DEEP + WIDE * WIDE;
    assert_true(shape_new(&shape, rings * 5, rings, NULL));
    double expected = 0;
    for (size_t r = 0; r < rings; r++) {
        bool nested = r < DEEP;
        double half = nested ? 2000 - (double)r : 4,
               x = nested ? 0 : 10 * (double)((r - DEEP) % WIDE),
               y = nested ? 0 : 3000 + 10 * (double)((r - DEEP) / WIDE);
        for (size_t i = 0; i < 5; i++) {
            shape.x[r * 5 + i] = x + (i % 4 == 1 || i % 4 == 2 ? half : -half);
            shape.y[r * 5 + i] = y + (i % 4 >= 2 ? half : -half);
        }
        shape.ring_starts[r + 1] = r * 5 + 5;
        expected += nested && r % 2 ? -4 * half * half : 4 * half * half;
    }
    double started = seconds();
    repair_or_fail(&shape, why);
    assert_done_within(started, 8);
    assert_string_equal(why, "");
    assert_near(polygons_area(&shape), expected, 1e-6);
    shape_free(&shape);
}

static void a_hundred_thousand_rings_within_rings_are_refused_soon(void **state)
{
    (void)state;
    enum { DEEP = 100000 };
    struct shape shape;
    struct error error = {0};
    char why[160];
    assert_true(shape_new(&shape, DEEP * 5, DEEP, NULL));
    for (size_t r = 0; r < DEEP; r++) {
        for (size_t i = 0; i < 5; i++) {
            double half = (double)(DEEP - r);
            shape.x[r * 5 + i] = i % 4 == 1 || i % 4 == 2 ? half : -half;
            shape.y[r * 5 + i] = i % 4 >= 2 ? half : -half;
        }
        shape.ring_starts[r + 1] = r * 5 + 5;
    }
    double started = seconds();
    assert_false(repair(&shape, why, &error));
    assert_done_within(started, 8);
    assert_non_null(strstr(error.message, "100000"));
    shape_free(&shape);
}

/* Fills ring `r` of rings of five corners each. */
static void put_square(struct shape *shape, size_t r, const double corner[2], double side)
{
    for (size_t i = 0; i < 5; i++) {
        shape->x[r * 5 + i] = corner[0] + (i % 4 == 1 || i % 4 == 2 ? side : 0);
        shape->y[r * 5 + i] = corner[1] + (i % 4 >= 2 ? side : 0);
    }
    shape->ring_starts[r + 1] = r * 5 + 5;
}

/* Squares of 6 metres, 10 apart, in rows of 200; the last `free` rings are the caller's to fill. */
static struct shape squares_in_rows(size_t count, size_t free)
{
    struct shape shape;
    assert_true(shape_new(&shape, (count + free) * 5, count + free, NULL));
    for (size_t r = 0; r < count; r++)
        put_square(&shape, r, (double[]){10 * (double)(r % 200), 10 * (double)(r / 200)}, 6);
    return shape;
}

static void islands_are_kept_where_one_crosses_itself(void **state)
{
    (void)state;
    const size_t islands = cases_looked(20000);
    struct shape shape = squares_in_rows(islands, 1);
    char why[160];
    put_square(&shape, islands, (double[]){-300, 0}, 100);
    shape.x[islands * 5 + 2] = -300; /* a bow tie: two triangles of half its height */
    shape.x[islands * 5 + 3] = -200;
    double started = seconds();
    repair_or_fail(&shape, why);
    assert_done_within(started, 5);
    assert_non_null(strstr(why, "-250.000 50.000"));
    assert_int_equal(shape.ring_count, islands + 2);
    assert_near(polygons_area(&shape), (double)islands * 36 + 5000, 1e-6);
    shape_free(&shape);
}

static void islands_are_kept_where_two_overlap(void **state)
{
    (void)state;
    enum { ISLANDS = 400 };
    struct shape shape = squares_in_rows(ISLANDS, 2);
    char why[160];
    put_square(&shape, ISLANDS, (double[]){-300, 0}, 100);
    put_square(&shape, ISLANDS + 1, (double[]){-250, 50}, 100);
    repair_or_fail(&shape, why);
    assert_true(why[0] != '\0');
    assert_int_equal(shape.ring_count, ISLANDS + 1);
    assert_near(polygons_area(&shape), ISLANDS * 36 + 20000 - 2500, 1e-6);
    shape_free(&shape);
}

/* Squares side by side. With `drift`, neighbours' corners differ in the last bit, as where each is
 * drawn from its own lower left corner. */
static struct shape lattice(size_t a_side, double square_m, bool drift)
{
    struct shape shape;
    assert_true(shape_new(&shape, a_side * a_side * 5, a_side * a_side, NULL));
    for (size_t r = 0; r < a_side * a_side; r++) {
        size_t column = r % a_side, row = r / a_side;
        double corner[] = {105000 + square_m * (double)column, 500000 + square_m * (double)row};
        put_square(&shape, r, corner, square_m);
        for (size_t i = r * 5; !drift && i < r * 5 + 5; i++) {
            shape.x[i] = 105000 + square_m * (double)(column + (shape.x[i] > corner[0]));
            shape.y[i] = 500000 + square_m * (double)(row + (shape.y[i] > corner[1]));
        }
    }
    return shape;
}

static void squares_of_a_lattice_become_one(void **state)
{
    (void)state;
    enum { A_SIDE = 75 };
    struct shape shape = lattice(A_SIDE, 10, false);
    char why[160];
    repair_or_fail(&shape, why);
    assert_non_null(strstr(why, "Self-intersection"));
    assert_int_equal(shape.ring_count, 1);
    assert_near(polygons_area(&shape), A_SIDE * A_SIDE * 100, 1e-6);
    shape_free(&shape);
}

static void ten_thousand_squares_that_touch_can_be_mended(void **state)
{
    (void)state;
    enum { A_SIDE = 100, COUNT = A_SIDE * A_SIDE };
    static size_t melted[COUNT];
    for (int drift = 0; drift < 2; drift++) {
        struct shape shape = lattice(A_SIDE, 1000.0 / 317, drift == 1);
        struct error error = {0};
        if (!rings_can_be_mended(melted, &shape, &error))
            fail_msg("%s", error.message);
        size_t kept = 0;
        for (size_t r = 0; r < COUNT; r++)
            kept += melted[r] == r;
        /* a drift leaves gaps of a bit, too */
        assert_true(drift == 1 ? kept < COUNT / 8 : kept == 1);
        shape_free(&shape);
    }
}

static void squares_apart_do_not_melt(void **state)
{
    (void)state;
    struct shape shape = squares_in_rows(300, 0);
    size_t melted[300];
    assert_true(rings_can_be_mended(melted, &shape, NULL));
    for (size_t r = 0; r < 300; r++)
        assert_int_equal(melted[r], r);
    shape_free(&shape);
}

/* To and fro on one line: each side lies over all others. */
static void sides_over_one_another_by_the_million_are_refused(void **state)
{
    (void)state;
    enum { CORNERS = 3000 };
    struct shape shape;
    struct error error = {0};
    size_t melted[1];
    assert_true(shape_new(&shape, CORNERS + 2, 1, NULL));
    for (size_t i = 0; i < CORNERS; i++) {
        shape.x[i] = (double)(i % 2 * 1000);
        shape.y[i] = 0;
    }
    shape.x[CORNERS] = 500;
    shape.y[CORNERS] = 700;
    shape.x[CORNERS + 1] = shape.y[CORNERS + 1] = 0;
    shape.ring_starts[1] = CORNERS + 2;
    assert_false(rings_can_be_mended(melted, &shape, &error));
    assert_non_null(strstr(error.message, "crosses itself too often"));
    shape_free(&shape);
}

static void thousands_of_holes_in_a_broken_shell_are_refused_soon(void **state)
{
    (void)state;
    enum { HOLES = 20000 };
    struct shape shape = squares_in_rows(HOLES, 1);
    struct error error = {0};
    char why[160];
    put_square(&shape, HOLES, (double[]){0, -1000}, 3000); /* some holes lie along its left side */
    double started = seconds();
    assert_false(repair(&shape, why, &error));
    assert_done_within(started, 5);
    assert_int_equal(error.kind, ERROR_DATA);
    assert_non_null(strstr(error.message, "20001 rings"));
    shape_free(&shape);
}

static struct shape spikes(size_t count)
{
    struct shape shape;
    assert_true(shape_new(&shape, count + 1, 1, NULL));
    for (size_t i = 0; i <= count; i++) {
        double angle = TURN * (double)(i % count) / (double)count, reach = i % 2 ? 3 : 1000;
        shape.x[i] = reach * cos(angle);
        shape.y[i] = reach * sin(angle);
    }
    shape.ring_starts[1] = count + 1;
    return shape;
}

static void twenty_thousand_spikes_are_valid_as_they_are(void **state)
{
    (void)state;
    struct shape shape = spikes(cases_looked(20000));
    char why[160];
    double area_m2 = polygons_area(&shape), started = seconds();
    repair_or_fail(&shape, why);
    assert_done_within(started, 5);
    assert_string_equal(why, "");
    assert_near(polygons_area(&shape), area_m2, 1e-6);
    shape_free(&shape);
}

/* Which GEOS would have to be asked about, as a spike touches another. */
static void spikes_that_touch_are_refused_soon(void **state)
{
    (void)state;
    struct shape shape = spikes(20000);
    struct error error = {0};
    char why[160];
    shape.x[3] = shape.x[1];
    shape.y[3] = shape.y[1];
    double started = seconds();
    assert_false(repair(&shape, why, &error));
    assert_done_within(started, 5);
    assert_int_equal(error.kind, ERROR_DATA);
    assert_non_null(strstr(error.message, "20001 corners"));
    shape_free(&shape);
}

static void whatever_comes_in_comes_out_valid_and_stays_so(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 150; seed++) {
        struct shape shape = {0};
        struct shape again = {0};
        char why[160];
        uint64_t random = seed;
        int rings = 1 + (int)below(&random, 4), corners = 3 + (int)below(&random, 12);
        for (int r = 0; r < rings; r++) {
            double ring[16][2];
            for (int i = 0; i < corners; i++) /* on a lattice, so that corners meet sides */
                for (int axis = 0; axis < 2; axis++)
                    ring[i][axis] = floor(below(&random, seed % 2 ? 12 : 1000));
            add_ring(&shape, (const double(*)[2])ring, (size_t)corners);
        }
        repair_or_fail(&shape, why);
        assert_true(shape_copy(&again, &shape, NULL));
        repair_or_fail(&again, why);
        if (why[0] != '\0' || again.point_count != shape.point_count
            || fabs(polygons_area(&again) - polygons_area(&shape)) > 1e-9)
            fail_msg("seed %llu: %s", (unsigned long long)seed, why);
        shape_free(&shape);
        shape_free(&again);
    }
}

/* ---- union ---- */

static void a_union_counts_overlaps_once_and_empties_not_at_all(void **state)
{
    (void)state;
    struct polygons *polygons = open_polygons();
    struct error error = {0};
    struct shape shapes[4] = {{0}}, whole = {0};
    add_rectangle(&shapes[1], 0, 0, 10, 10);
    add_rectangle(&shapes[2], 5, 5, 15, 15);
    add_rectangle(&shapes[3], 20, 0, 30, 10);
    assert_true(polygons_union(polygons, &whole, shapes, 4, &error));
    assert_near(polygons_area(&whole), 275, 1e-9);
    assert_true(polygons_union(polygons, &whole, shapes, 1, &error));
    assert_int_equal(whole.ring_count, 0);
    assert_true(polygons_union(polygons, &whole, shapes, 0, &error));
    assert_int_equal(whole.ring_count, 0);
    shapes[1].x[0] = NAN;
    assert_false(polygons_union(polygons, &whole, shapes, 4, &error));
    for (size_t i = 0; i < 4; i++)
        shape_free(&shapes[i]);
    shape_free(&whole);
    polygons_close(polygons);
}

/* ---- outlines ---- */

enum { POINTS = 600 };

/* Places in whole millimetres from the grid's origin. */
struct spread {
    int32_t *x, *y;
    size_t count;
    struct grid grid;
};

static void spread_new(struct spread *spread, size_t count)
{
    *spread = (struct spread){.count = count, .grid = {100000, 500000, 1}};
    assert_true(array_new(&spread->x, count, sizeof *spread->x, NULL));
    assert_true(array_new(&spread->y, count, sizeof *spread->y, NULL));
}

static void spread_free(struct spread *spread)
{
    array_free(&spread->x);
    array_free(&spread->y);
}

static void put(struct spread *spread, size_t i, double x_m, double y_m)
{
    spread->x[i] = (int32_t)round(x_m * 1000);
    spread->y[i] = (int32_t)round(y_m * 1000);
}

static void draw(struct shape *outline, const struct spread *spread, double buffer_m)
{
    struct polygons *polygons = open_polygons();
    struct outlined outlined = {{spread->x, spread->y, spread->count}, spread->grid, buffer_m};
    struct error error = {0};
    if (!polygons_outline(polygons, outline, &outlined, &error))
        fail_msg("%s", error.message);
    polygons_close(polygons);
}

static void assert_on_decimetres(const struct shape *outline)
{
    for (size_t i = 0; i < outline->point_count; i++) {
        assert_true(outline->x[i] == round(outline->x[i] * 10) / 10);
        assert_true(outline->y[i] == round(outline->y[i] * 10) / 10);
    }
}

static void assert_around(const struct shape *outline, const struct spread *spread, double clear_m)
{
    for (size_t i = 0; i < spread->count; i++) {
        double x = grid_metres_x(&spread->grid, spread->x[i]);
        double y = grid_metres_y(&spread->grid, spread->y[i]);
        assert_true(shape_holds(outline, x, y));
        for (size_t c = 0; c < outline->point_count; c++) {
            double dx = outline->x[c] - x, dy = outline->y[c] - y;
            assert_true(sqrt(dx * dx + dy * dy) > clear_m);
        }
    }
}

static void an_outline_holds_every_point_at_a_distance(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct spread spread;
        uint64_t random = seed;
        struct shape outline = {0};
        spread_new(&spread, 1 + (size_t)below(&random, POINTS - 1));
        double width = below(&random, 2) < 1 ? 60 : 600;
        for (size_t i = 0; i < spread.count; i++)
            put(&spread, i, 4500 + below(&random, width), 2200 + below(&random, width / 2));
        draw(&outline, &spread, 17.5);
        assert_int_equal(outline.ring_count, 1);
        assert_true(polygons_area(&outline) > 0);
        assert_on_decimetres(&outline);
        assert_around(&outline, &spread, 17.5 * 0.85);
        shape_free(&outline);
        spread_free(&spread);
    }
}

static void an_outline_follows_a_bend(void **state)
{
    (void)state;
    struct spread spread;
    struct shape outline = {0};
    spread_new(&spread, 400);
    for (size_t i = 0; i < 400; i++) /* two streets of 400 m that meet at a right angle */
        if (i < 200)
            put(&spread, i, 2.0 * (double)i, (double)(i % 7));
        else
            put(&spread, i, (double)(i % 5), 2.0 * (double)(i - 200));
    draw(&outline, &spread, 17.5);
    assert_around(&outline, &spread, 15);
    assert_false(shape_holds(&outline, 100150, 500150));
    assert_true(polygons_area(&outline) < 45000); /* the convex one has over 100,000 m2 */
    shape_free(&outline);
    spread_free(&spread);
}

static void one_point_gives_a_circle_and_a_row_a_capsule(void **state)
{
    (void)state;
    struct spread spread;
    struct shape outline = {0};
    spread_new(&spread, 3);
    for (size_t i = 0; i < 3; i++)
        put(&spread, i, 100.04 + 30 * (double)i, 200.02);
    spread.count = 1;
    draw(&outline, &spread, 10);
    assert_near(polygons_area(&outline), TURN / 2 * 100, 4);
    assert_around(&outline, &spread, 9);
    draw(&outline, &spread, 0);
    assert_around(&outline, &spread, 0.8); /* never narrower than a metre */
    spread.count = 3;
    draw(&outline, &spread, 10);
    assert_near(polygons_area(&outline), TURN / 2 * 100 + 60 * 20, 30);
    assert_around(&outline, &spread, 9);
    spread.count = 0;
    draw(&outline, &spread, 10);
    assert_int_equal(outline.ring_count, 0);
    shape_free(&outline);
    spread_free(&spread);
}

static void an_outline_does_not_depend_on_the_order_of_points(void **state)
{
    (void)state;
    struct spread spread;
    uint64_t random = 77;
    struct shape first = {0}, second = {0};
    spread_new(&spread, POINTS);
    for (size_t i = 0; i < POINTS; i++)
        put(&spread, i, below(&random, 900), below(&random, 900));
    draw(&first, &spread, 15);
    for (size_t i = POINTS; i > 1; i--) {
        size_t other = (size_t)below(&random, (double)i);
        int32_t held_x = spread.x[i - 1], held_y = spread.y[i - 1];
        spread.x[i - 1] = spread.x[other];
        spread.y[i - 1] = spread.y[other];
        spread.x[other] = held_x;
        spread.y[other] = held_y;
    }
    draw(&second, &spread, 15);
    assert_int_equal(first.point_count, second.point_count);
    assert_memory_equal(first.x, second.x, first.point_count * sizeof *first.x);
    assert_memory_equal(first.y, second.y, first.point_count * sizeof *first.y);
    shape_free(&first);
    shape_free(&second);
    spread_free(&spread);
}

static void an_outline_of_a_million_points_is_done_soon_and_holds_them(void **state)
{
    (void)state;
    const size_t many = cases_looked(1000000);
    struct spread spread;
    uint64_t random = 3;
    struct shape outline = {0};
    spread_new(&spread, many);
    for (size_t i = 0; i < many; i++)
        put(&spread, i, below(&random, 3000) - 1500, below(&random, 3000) - 1500);
    double started = seconds();
    draw(&outline, &spread, 10);
    assert_done_within(started, 2);
    for (size_t i = 0; i < many; i += 50)
        assert_true(shape_holds(&outline, grid_metres_x(&spread.grid, spread.x[i]),
                                grid_metres_y(&spread.grid, spread.y[i])));
    shape_free(&outline);
    spread_free(&spread);
}

/* Where two arcs meet in a narrow bend, rounding can make a side double back on another. */
static void a_ring_that_rounding_folds_is_mended(void **state)
{
    (void)state;
    GEOSContextHandle_t geos = GEOS_init_r();
    for (uint64_t seed = 1; seed <= cases_looked(1000); seed++) {
        struct spread spread;
        struct shape outline = {0};
        uint64_t random = seed;
        spread_new(&spread, 100);
        for (size_t i = 0; i < 100; i++)
            put(&spread, i, below(&random, 30), below(&random, 30));
        draw(&outline, &spread, 1);
        GEOSCoordSequence *corners = GEOSCoordSeq_copyFromArrays_r(
            geos, outline.x, outline.y, NULL, NULL, (unsigned)outline.point_count);
        GEOSGeometry *ring = GEOSGeom_createLinearRing_r(geos, corners);
        if (GEOSisSimple_r(geos, ring) != 1)
            fail_msg("seed %llu", (unsigned long long)seed);
        assert_on_decimetres(&outline);
        GEOSGeom_destroy_r(geos, ring);
        shape_free(&outline);
        spread_free(&spread);
    }
    GEOS_finish_r(geos);
}

/* ---- borders ---- */

static struct border_quality only_pair(const struct jurisdictions *jurisdictions,
                                       double tolerance_m)
{
    struct polygons *polygons = open_polygons();
    struct border_qualities found;
    struct border_quality pair;
    struct error error = {0};
    if (!polygons_borders(
            &found,
            &(struct border_search){.jurisdictions = jurisdictions, .tolerance_m = tolerance_m},
            &error))
        fail_msg("%s", error.message);
    assert_true(found.count >= 1);
    pair = found.items[0];
    free(found.items);
    polygons_close(polygons);
    assert_int_equal(pair.a, 0);
    assert_int_equal(pair.b, 1);
    return pair;
}

static double shared_length(const struct jurisdictions *jurisdictions, double tolerance_m,
                            size_t *lines)
{
    struct polygons *polygons = open_polygons();
    struct shape border = {0};
    struct error error = {0};
    double length_m = 0;
    if (!polygons_shared_border(
            polygons, &border,
            &(struct border_search){.jurisdictions = jurisdictions, .tolerance_m = tolerance_m},
            &error))
        fail_msg("%s", error.message);
    for (size_t r = 0; r < border.ring_count; r++)
        for (size_t i = border.ring_starts[r]; i + 1 < border.ring_starts[r + 1]; i++)
            length_m += hypot(border.x[i + 1] - border.x[i], border.y[i + 1] - border.y[i]);
    *lines = border.ring_count;
    shape_free(&border);
    polygons_close(polygons);
    return length_m;
}

static void neighbours_that_share_a_line_have_neither_gap_nor_overlap(void **state)
{
    (void)state;
    struct jurisdictions both = {0};
    size_t lines;
    add_square_jurisdiction(&both, 0, 0, 1000, 2000);
    add_square_jurisdiction(&both, 1000, 0, 2000, 2000);
    struct border_quality pair = only_pair(&both, 1);
    assert_near(pair.overlap_m2, 0, 0);
    assert_near(pair.gap_m2, 0, 0);
    assert_near(pair.shared_m, 2000, 0.01);
    assert_near(pair.longest_straight_m, 2000, 0.01);
    assert_near(pair.vertices_per_km, 1, 0.01);
    assert_near(shared_length(&both, 1, &lines), 2000, 0.01);
    assert_int_equal(lines, 1);
    jurisdictions_free(&both);
}

static void an_overlap_and_a_gap_are_measured(void **state)
{
    (void)state;
    struct jurisdictions both = {0};
    size_t lines;
    /* From y = 0 to 500 B overlaps A by 0.4 m, from 500 to 1500 they share a line, above that a gap
     * of 0.5 m lies between them. */
    const double b[8][2] = {{999.6, 0},     {2000, 0},    {2000, 2000}, {1000.5, 2000},
                            {1000.5, 1500}, {1000, 1500}, {1000, 500},  {999.6, 500}};
    struct shape shape = {0};
    add_square_jurisdiction(&both, 0, 0, 1000, 2000);
    add_ring(&shape, b, 8);
    add_jurisdiction(&both, &shape);
    struct border_quality pair = only_pair(&both, 1);
    assert_near(pair.overlap_m2, 200, 1e-6);
    assert_near(pair.gap_m2, 250, 0.5);
    assert_near(pair.overlap_width_m, 0.4, 0.002);
    assert_near(pair.gap_width_m, 0.5, 0.005);
    assert_near(pair.shared_m, 2000, 1);
    assert_near(shared_length(&both, 1, &lines), 2000, 1);
    assert_int_equal(lines, 1);
    pair = only_pair(&both, 0.3); /* a gap that is wider is none */
    assert_near(pair.gap_m2, 0, 0.5);
    assert_near(pair.shared_m, 1500, 1);
    jurisdictions_free(&both);
}

static void a_gap_that_a_third_fills_is_none(void **state)
{
    (void)state;
    struct jurisdictions three = {0};
    add_square_jurisdiction(&three, 0, 0, 1000, 1000);
    add_square_jurisdiction(&three, 1000.5, 0, 2000, 1000);
    assert_near(only_pair(&three, 1).gap_m2, 500, 0.5);
    add_square_jurisdiction(&three, 1000, 0, 1000.5, 1000);
    assert_near(only_pair(&three, 1).gap_m2, 0, 1e-3);
    jurisdictions_free(&three);
}

static void a_bay_of_one_is_no_gap_between_two(void **state)
{
    (void)state;
    /* A slit of 0.6 m runs into A from the shared line. */
    const double a[8][2] = {{0, 0},       {1000, 0},     {1000, 499.7}, {900, 499.7},
                            {900, 500.3}, {1000, 500.3}, {1000, 1000},  {0, 1000}};
    struct jurisdictions both = {0};
    struct shape shape = {0};
    add_ring(&shape, a, 8);
    add_jurisdiction(&both, &shape);
    add_square_jurisdiction(&both, 1000, 0, 2000, 1000);
    struct border_quality pair = only_pair(&both, 1);
    assert_true(pair.gap_m2 < 2); /* of 60: its mouth */
    assert_near(pair.shared_m, 1000, 3);
    jurisdictions_free(&both);
    /* One that runs along the shared line, 0.3 m from it. */
    const double along[8][2] = {{0, 0},       {1000, 0},    {1000, 1000},  {999.7, 1000},
                                {999.7, 900}, {999.3, 900}, {999.3, 1000}, {0, 1000}};
    add_ring(&shape, along, 8);
    add_jurisdiction(&both, &shape);
    add_square_jurisdiction(&both, 1000, 0, 2000, 1000);
    assert_near(only_pair(&both, 1).gap_m2, 0, 1e-3);
    jurisdictions_free(&both);
}

static void fields_that_meet_in_a_corner_only_share_no_line(void **state)
{
    (void)state;
    struct jurisdictions both = {0};
    size_t lines;
    add_square_jurisdiction(&both, 0, 0, 100, 100);
    add_square_jurisdiction(&both, 100, 100, 200, 200);
    struct border_quality pair = only_pair(&both, 1);
    assert_near(pair.shared_m, 0, 0);
    assert_true(isnan(pair.vertices_per_km));
    assert_near(shared_length(&both, 1, &lines), 0, 0);
    jurisdictions_free(&both);
}

static void an_enclave_has_its_outline_as_border(void **state)
{
    (void)state;
    struct jurisdictions both = {0};
    struct shape shape = {0};
    size_t lines;
    add_rectangle(&shape, 0, 0, 1000, 1000);
    add_rectangle(&shape, 400, 400, 600, 600);
    add_jurisdiction(&both, &shape);
    add_square_jurisdiction(&both, 400, 400, 600, 600);
    assert_near(only_pair(&both, 1).shared_m, 800, 0.01);
    jurisdictions_free(&both);
    add_square_jurisdiction(&both, 0, 0, 1000, 1000); /* and so has one that lies over another */
    add_square_jurisdiction(&both, 400, 400, 600, 600);
    struct border_quality pair = only_pair(&both, 1);
    assert_near(pair.overlap_m2, 40000, 1e-6);
    assert_near(pair.shared_m, 800, 0.01);
    assert_near(shared_length(&both, 1, &lines), 800, 0.01);
    jurisdictions_free(&both);
}

static void a_patchwork_has_each_inner_side_once(void **state)
{
    (void)state;
    enum { SIDE = 6 };
    struct jurisdictions all = {0};
    struct polygons *polygons = open_polygons();
    struct border_qualities found;
    struct error error = {0};
    size_t lines, with_line = 0;
    for (int i = 0; i < SIDE * SIDE; i++) {
        double x = i % SIDE * 100, y = i / SIDE * 100;
        add_square_jurisdiction(&all, x, y, x + 100, y + 100);
    }
    assert_true(polygons_borders(
        &found, &(struct border_search){.jurisdictions = &all, .tolerance_m = 1}, &error));
    for (size_t p = 0; p < found.count; p++) {
        assert_true(found.items[p].a < found.items[p].b);
        assert_true(p == 0 || found.items[p - 1].a < found.items[p].a
                    || (found.items[p - 1].a == found.items[p].a
                        && found.items[p - 1].b < found.items[p].b));
        assert_true(found.items[p].shared_m == 0 || fabs(found.items[p].shared_m - 100) < 0.01);
        with_line += found.items[p].shared_m > 0;
    }
    assert_int_equal(with_line, 2 * SIDE * (SIDE - 1));
    assert_int_equal(found.count, 2 * SIDE * (SIDE - 1) + 2 * (SIDE - 1) * (SIDE - 1));
    assert_near(shared_length(&all, 1, &lines), 100 * 2 * SIDE * (SIDE - 1), 0.1);
    free(found.items);
    polygons_close(polygons);
    jurisdictions_free(&all);
}

static double common_length(double a_min, double a_max, double b_min, double b_max)
{
    return fmin(a_max, b_max) - fmax(a_min, b_min);
}

static void fields_by_the_hundred_thousand_have_too_many_borders(void **state)
{
    (void)state;
    struct jurisdictions fields = {0};
    const struct border_search search = {.jurisdictions = &fields, .tolerance_m = 1};
    bool few;
    for (int i = 0; i < 160 * 160; i++) {
        add_square_jurisdiction(&fields, i % 160, (int)(i / 160), i % 160 + 0.5, i / 160 + 0.5);
        if (i != 100 * 160 - 1)
            continue;
        assert_true(polygons_borders_are_few(&few, &search, NULL)); /* 4 a field */
        assert_true(few);
    }
    assert_true(polygons_borders_are_few(&few, &search, NULL));
    assert_false(few);
    jurisdictions_free(&fields);
}

static void overlaps_and_gaps_of_random_rectangles_are_what_arithmetic_says(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 150; seed++) {
        uint64_t random = seed;
        struct jurisdictions both = {0};
        double a[4], b[4];
        for (int i = 0; i < 2; i++) {
            a[i] = floor(below(&random, 40));
            a[i + 2] = a[i] + 5 + floor(below(&random, 40));
            b[i] = floor(below(&random, 60));
            b[i + 2] = b[i] + 5 + floor(below(&random, 40));
        }
        if (seed % 3 == 0) /* side by side, 0.25 to 0.75 m apart */
            b[2] += a[2] + 0.25 * floor(1 + below(&random, 3)) - b[0],
                b[0] = a[2] + 0.25 * floor(1 + below(&random, 3));
        double across = common_length(a[0], a[2], b[0], b[2]),
               up = common_length(a[1], a[3], b[1], b[3]);
        bool apart = across < -0.9 || up < -0.9;
        add_square_jurisdiction(&both, a[0], a[1], a[2], a[3]);
        add_square_jurisdiction(&both, b[0], b[1], b[2], b[3]);
        if (!apart && (across > 0 || up > 0)) {
            struct border_quality pair = only_pair(&both, 0.9);
            double overlap = across > 0 && up > 0 ? across * up : 0;
            double gap = across < 0 ? -across * up : up < 0 ? -up * across : 0;
            if (fabs(pair.overlap_m2 - overlap) > 1e-9 || fabs(pair.gap_m2 - gap) > 0.02 * gap)
                fail_msg("seed %llu: overlap %g for %g, gap %g for %g", (unsigned long long)seed,
                         pair.overlap_m2, overlap, pair.gap_m2, gap);
        }
        jurisdictions_free(&both);
    }
}

/* ---- real files ---- */

static bool read_real(struct jurisdictions *into, const char *name)
{
    const char *folder = getenv("PLEIN_REAL");
    struct error error = {0};
    char path[512];
    snprintf(path, sizeof path, "%s/boundaries/%s", folder != NULL ? folder : "../shared/real",
             name);
    if (access(path, R_OK) != 0) {
        fprintf(stderr, "SKIPPED: %s is not there; set PLEIN_REAL\n", path);
        return false;
    }
    if (!shapefile_read(into, path, &(struct boundary_options){0}, &error))
        fail_msg("%s", error.message);
    return true;
}

static void areas_equal_gdal(void **state)
{
    (void)state;
    /* ogrinfo -dialect sqlite -sql "select sum(st_area(geometry))" of GDAL 3.6.2 */
    static const struct {
        const char *name;
        double area;
    } files[] = {{"ijmond_detailed.shp", 172861068.4519647},
                 {"ijmond_2017.shp", 172870055.4924868},
                 {"ijmond_2022_generalised.shp", 173479567.7631698},
                 {"lancashire_districts.shp", 0.41878826294966975},
                 {"chicago_police_districts.shp", 0.06600144395124669},
                 {"berlin/lor_bzr.shp", 890665100.2855827}};
    for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
        struct jurisdictions all = {0};
        double area = 0;
        char why[160];
        if (!read_real(&all, files[f].name))
            skip();
        for (size_t j = 0; j < all.count; j++) {
            repair_or_fail(&all.items[j].shape, why);
            assert_string_equal(why, "");
            area += polygons_area(&all.items[j].shape);
        }
        assert_near(area / files[f].area, 1, 1e-9);
        jurisdictions_free(&all);
    }
}

static struct border_quality real_pair(const char *name, const char *one, const char *other)
{
    struct jurisdictions all = {0};
    struct polygons *polygons = open_polygons();
    struct border_qualities pairs;
    struct border_quality found = {.overlap_m2 = NAN};
    struct error error = {0};
    if (!read_real(&all, name)) {
        polygons_close(polygons);
        skip();
    }
    assert_true(polygons_borders(
        &pairs, &(struct border_search){.jurisdictions = &all, .tolerance_m = 1}, &error));
    for (size_t p = 0; p < pairs.count; p++) {
        const char *a = all.items[pairs.items[p].a].name, *b = all.items[pairs.items[p].b].name;
        if ((strcmp(a, one) == 0 && strcmp(b, other) == 0)
            || (strcmp(a, other) == 0 && strcmp(b, one) == 0))
            found = pairs.items[p];
    }
    free(pairs.items);
    jurisdictions_free(&all);
    polygons_close(polygons);
    return found;
}

static void heemskerk_and_beverwijk_overlap_as_known(void **state)
{
    (void)state;
    struct border_quality known = real_pair("ijmond_2017.shp", "Heemskerk", "Beverwijk");
    assert_near(known.overlap_m2, 2663, 0.5);
    assert_true(known.gap_m2 > 100);
    known = real_pair("ijmond_detailed.shp", "Heemskerk", "Beverwijk");
    assert_near(known.overlap_m2, 137, 0.5);
    assert_near(known.shared_m, 11210, 15);
    assert_true(known.vertices_per_km > 50);
}

static void a_generalised_border_shows_its_long_straight_runs(void **state)
{
    (void)state;
    struct border_quality coarse =
        real_pair("ijmond_2022_generalised.shp", "Castricum", "Heemskerk");
    assert_true(coarse.longest_straight_m > 3000);
    assert_true(coarse.vertices_per_km < 5);
    assert_near(coarse.overlap_m2, 0, 1e-6);
}

static void berlin_is_done_in_seconds(void **state)
{
    (void)state;
    struct jurisdictions all = {0};
    struct polygons *polygons = open_polygons();
    struct border_qualities found;
    struct error error = {0};
    if (!read_real(&all, "berlin/lor_bzr.shp")) {
        polygons_close(polygons);
        skip();
    }
    double started = seconds();
    assert_true(polygons_borders(
        &found, &(struct border_search){.jurisdictions = &all, .tolerance_m = 1}, &error));
    assert_done_within(started, 10);
    assert_int_equal(found.count, 394);
    free(found.items);
    jurisdictions_free(&all);
    polygons_close(polygons);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rings_in_any_order_and_orientation_are_valid_as_they_are),
        cmocka_unit_test(an_island_in_a_hole_is_a_shell),
        cmocka_unit_test(many_holes_in_a_long_line_are_sorted_out),
        cmocka_unit_test(more_corners_than_geos_can_count_are_refused),
        cmocka_unit_test(a_hole_that_touches_its_shell_stays_a_hole),
        cmocka_unit_test(a_polygon_that_crosses_itself_is_mended_and_the_place_named),
        cmocka_unit_test(parts_that_overlap_count_once),
        cmocka_unit_test(an_island_where_two_holes_cross_is_kept),
        cmocka_unit_test(repeated_corners_and_a_missing_last_one_are_no_fault),
        cmocka_unit_test(what_has_no_area_comes_out_empty),
        cmocka_unit_test(a_corner_that_is_no_number_is_refused_and_the_shape_kept),
        cmocka_unit_test(a_star_of_201_corners_is_mended),
        cmocka_unit_test(a_star_of_20001_corners_is_refused_soon),
        cmocka_unit_test(a_comb_of_20000_long_teeth_is_done_soon),
        cmocka_unit_test(thousands_of_rings_within_rings_are_sorted_out),
        cmocka_unit_test(a_hundred_thousand_rings_within_rings_are_refused_soon),
        cmocka_unit_test(islands_are_kept_where_one_crosses_itself),
        cmocka_unit_test(islands_are_kept_where_two_overlap),
        cmocka_unit_test(squares_of_a_lattice_become_one),
        cmocka_unit_test(ten_thousand_squares_that_touch_can_be_mended),
        cmocka_unit_test(squares_apart_do_not_melt),
        cmocka_unit_test(sides_over_one_another_by_the_million_are_refused),
        cmocka_unit_test(thousands_of_holes_in_a_broken_shell_are_refused_soon),
        cmocka_unit_test(twenty_thousand_spikes_are_valid_as_they_are),
        cmocka_unit_test(spikes_that_touch_are_refused_soon),
        cmocka_unit_test(whatever_comes_in_comes_out_valid_and_stays_so),
        cmocka_unit_test(a_union_counts_overlaps_once_and_empties_not_at_all),
        cmocka_unit_test(an_outline_holds_every_point_at_a_distance),
        cmocka_unit_test(an_outline_follows_a_bend),
        cmocka_unit_test(one_point_gives_a_circle_and_a_row_a_capsule),
        cmocka_unit_test(an_outline_does_not_depend_on_the_order_of_points),
        cmocka_unit_test(an_outline_of_a_million_points_is_done_soon_and_holds_them),
        cmocka_unit_test(a_ring_that_rounding_folds_is_mended),
        cmocka_unit_test(neighbours_that_share_a_line_have_neither_gap_nor_overlap),
        cmocka_unit_test(an_overlap_and_a_gap_are_measured),
        cmocka_unit_test(a_gap_that_a_third_fills_is_none),
        cmocka_unit_test(a_bay_of_one_is_no_gap_between_two),
        cmocka_unit_test(fields_that_meet_in_a_corner_only_share_no_line),
        cmocka_unit_test(an_enclave_has_its_outline_as_border),
        cmocka_unit_test(a_patchwork_has_each_inner_side_once),
        cmocka_unit_test(fields_by_the_hundred_thousand_have_too_many_borders),
        cmocka_unit_test(overlaps_and_gaps_of_random_rectangles_are_what_arithmetic_says),
        cmocka_unit_test(areas_equal_gdal),
        cmocka_unit_test(heemskerk_and_beverwijk_overlap_as_known),
        cmocka_unit_test(a_generalised_border_shows_its_long_straight_runs),
        cmocka_unit_test(berlin_is_done_in_seconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

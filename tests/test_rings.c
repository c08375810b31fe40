/* Tests of the rings of one record: closing them, and telling shells from holes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/formats/rings.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 6000, RINGS = 1600 };

static struct shape shape_new_or_fail(void)
{
    struct shape shape;
    assert_true(shape_new(&shape, MOST + RINGS, RINGS, NULL));
    shape.point_count = shape.ring_count = 0;
    return shape;
}

static void add_ring(struct shape *shape, const double *corners, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        shape->x[shape->point_count] = corners[2 * i];
        shape->y[shape->point_count++] = corners[2 * i + 1];
    }
    shape->ring_starts[++shape->ring_count] = shape->point_count;
}

/* Clockwise, as a shell is, or the other way round. */
static void add_square(struct shape *shape, double x, double y, double side, bool clockwise)
{
    const double there[] = {x, y, x, y + side, x + side, y + side, x + side, y, x, y};
    const double back[] = {x, y, x + side, y, x + side, y + side, x, y + side, x, y};
    add_ring(shape, clockwise ? there : back, 5);
}

static void assert_shells(struct shape *shape, const size_t *wanted)
{
    size_t shell_of[8];
    assert_true(rings_shells(shell_of, shape, NULL));
    for (size_t r = 0; r < shape->ring_count; r++)
        if (shell_of[r] != wanted[r])
            fail_msg("ring %zu is of %zu, not of %zu", r, shell_of[r], wanted[r]);
    shape_free(shape);
}

static void a_hole_is_of_the_smallest_shell_around_it(void **state)
{
    (void)state;
    struct shape shape = shape_new_or_fail();
    add_square(&shape, 0, 0, 100, true);
    add_square(&shape, 20, 20, 60, false);
    add_square(&shape, 30, 30, 40, true);
    add_square(&shape, 40, 40, 10, false);
    add_square(&shape, 2, 2, 3, false);
    assert_shells(&shape, (const size_t[]){0, 0, 2, 2, 0});
    shape = shape_new_or_fail(); /* wound the other way throughout */
    add_square(&shape, 0, 0, 100, false);
    add_square(&shape, 20, 20, 60, true);
    add_square(&shape, 200, 0, 50, false);
    assert_shells(&shape, (const size_t[]){0, 0, 2});
    shape = shape_new_or_fail(); /* where only one is a shell, wherever they lie */
    add_square(&shape, 0, 0, 100, true);
    add_square(&shape, 200, 200, 60, false);
    assert_shells(&shape, (const size_t[]){0, 0});
    shape = shape_new_or_fail(); /* of none, when there are several */
    add_square(&shape, 0, 0, 100, true);
    add_square(&shape, 200, 0, 100, true);
    add_square(&shape, 400, 0, 50, false);
    assert_shells(&shape, (const size_t[]){0, 1, 2});
}

/* The box of a shell holds more than the shell: in a corner that it leaves out lies no hole of it.
 */
static void a_hole_lies_within_the_line_and_not_only_the_box(void **state)
{
    (void)state;
    static const double CORNER[] = {0, 0, 0, 50, 50, 50, 50, 40, 10, 40, 10, 0, 0, 0};
    struct shape shape = shape_new_or_fail();
    add_square(&shape, -100, -100, 300, true);
    add_ring(&shape, CORNER, 7);
    add_square(&shape, 20, 10, 5, false);  /* in the box alone */
    add_square(&shape, 2, 2, 5, false);    /* in both */
    add_square(&shape, 10, 40, 5, false);  /* its first corner is on the line */
    add_square(&shape, 20, 30, 10, false); /* beside it, with two corners on the line */
    assert_shells(&shape, (const size_t[]){0, 1, 0, 1, 1, 0});
    static const double DIAMOND[] = {0, 50, 50, 100, 100, 50, 50, 0, 0, 50};
    static const double INNER[] = {0, 50, 50, 0, 100, 50, 50, 100, 0, 50}; /* the same line */
    static const double CHORDS[] = {0, 50, 50, 0, 50, 100, 0, 50};
    shape = shape_new_or_fail();
    add_square(&shape, -100, -100, 300, true);
    add_ring(&shape, DIAMOND, 5);
    add_ring(&shape, CHORDS, 4); /* no corner tells, but the middle of a side does */
    add_ring(&shape, INNER, 5);  /* and here neither does */
    assert_shells(&shape, (const size_t[]){0, 1, 1, 0});
}

/* More holes among more shells than are looked through: they are believed to lie in the largest. */
static void a_search_that_is_long_ends(void **state)
{
    (void)state;
    static size_t shell_of[RINGS];
    struct shape shape = shape_new_or_fail();
    add_square(&shape, 0, 0, 1e6, true);
    for (int i = 0; i < 550; i++) /* of growing boxes that hold each other */
        add_square(&shape, 1000 + i, 1000 + i, 5e5 - 2 * i, i % 2 == 0);
    for (int i = 0; i < 500; i++)
        add_square(&shape, 250000 + i, 250000, 1, false);
    assert_true(rings_shells(shell_of, &shape, NULL));
    for (size_t r = 0; r < shape.ring_count; r++)
        assert_true(shell_of[r] == r || shape_ring_area2(&shape, r) > 0);
    shape_free(&shape);
}

static void open_rings_are_closed_and_flat_ones_dropped(void **state)
{
    (void)state;
    static const double OPEN[] = {0, 0, 0, 10, 10, 10, 10, 0};
    static const double FLAT[] = {0, 0, 5, 0, 10, 0, 0, 0};
    static const double LINE[] = {0, 0, 5, 5};
    static const double TWICE[] = {20, 0, 20, 0, 20, 10, 30, 10, 30, 10, 30, 0, 20, 0, 20, 0};
    struct shape shape = shape_new_or_fail();
    struct rings_report report = {0};
    rings_clean(&shape, &report); /* of none nothing is left */
    assert_int_equal(shape.ring_count, 0);
    add_ring(&shape, OPEN, 4);
    add_ring(&shape, OPEN, 0);
    add_ring(&shape, FLAT, 4);
    add_ring(&shape, LINE, 2);
    add_ring(&shape, TWICE, 8);
    rings_clean(&shape, &report);
    assert_int_equal(shape.ring_count, 2);
    assert_int_equal(report.closed, 1);
    assert_int_equal(report.dropped, 3);
    for (size_t r = 0; r < 2; r++) {
        size_t first = shape.ring_starts[r], last = shape.ring_starts[r + 1] - 1;
        assert_true(shape.x[first] == shape.x[last] && shape.y[first] == shape.y[last]);
        assert_true(shape_ring_area2(&shape, r) == -200);
    }
    double area = 0;
    assert_true(rings_area(&area, &shape, NULL));
    assert_true(area == 200);
    shape_free(&shape);
    shape = (struct shape){0};
    assert_true(rings_area(&area, &shape, NULL));
    assert_true(area == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hole_is_of_the_smallest_shell_around_it),
        cmocka_unit_test(a_hole_lies_within_the_line_and_not_only_the_box),
        cmocka_unit_test(a_search_that_is_long_ends),
        cmocka_unit_test(open_rings_are_closed_and_flat_ones_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

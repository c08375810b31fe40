/* Tests of points, rings and boxes on the plane, against what is known of a few plain figures. */
#include "engine/core/geometry.h"

#include <math.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A square of 10 with a hole of 2 in its middle, and a triangle beside it; the third ring has no
 * point at all. */
static void make_shape(struct shape *shape)
{
    static const double x[] = {0, 10, 10, 0, 0, 4, 4, 6, 6, 4, 20, 30, 20, 20};
    static const double y[] = {0, 0, 10, 10, 0, 4, 6, 6, 4, 4, 0, 0, 5, 0};
    static const size_t starts[] = {0, 5, 10, 10, 14};
    assert_true(shape_new(shape, 14, 4, NULL));
    for (size_t i = 0; i < 14; i++) {
        shape->x[i] = x[i];
        shape->y[i] = y[i];
    }
    for (size_t r = 0; r <= 4; r++)
        shape->ring_starts[r] = starts[r];
}

static void a_place_is_in_an_odd_number_of_rings(void **state)
{
    static const struct {
        double x, y;
        bool held;
    } places[] = {{2, 2, true},   {8, 5, true},     {5, 5, false},  {4.5, 5.9, false},
                  {3.9, 5, true}, {6.1, 5, true},   {-1, 5, false}, {11, 5, false},
                  {5, -1, false}, {5, 11, false},   {22, 1, true},  {29, 0.4, true},
                  {29, 1, false}, {21, 4.6, false}, {15, 2, false}};
    struct shape shape;
    (void)state;
    make_shape(&shape);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (shape_holds(&shape, places[i].x, places[i].y) != places[i].held)
            fail_msg("%g %g", places[i].x, places[i].y);
    shape_free(&shape);
    assert_int_equal(shape.point_count, 0);
    assert_false(shape_holds(&shape, 2, 2));
}

static void an_area_has_the_sign_of_its_turn(void **state)
{
    struct shape shape;
    (void)state;
    make_shape(&shape);
    assert_true(shape_ring_area2(&shape, 0) == 200);
    assert_true(shape_ring_area2(&shape, 1) == -8);
    assert_true(shape_ring_area2(&shape, 2) == 0);
    assert_true(shape_ring_area2(&shape, 3) == 50);
    for (size_t i = 0; i < shape.point_count; i++)
        shape.x[i] += 1e9; /* large coordinates cancel */
    assert_true(shape_ring_area2(&shape, 3) == 50);
    shape_free(&shape);
}

static void the_distance_is_to_the_nearest_point(void **state)
{
    const struct segment segment = {{1, 5}, {2, 5}}; /* 5 long, along 3-4-5 triangles */
    const struct segment point = {{1, 1}, {2, 2}};
    struct shape shape;
    (void)state;
    assert_true(segment_distance2(&segment, 1, 2) == 0);
    assert_true(segment_distance2(&segment, 3, 3.5) == 0);
    assert_true(fabs(segment_distance2(&segment, 3 - 3, 3.5 + 4) - 25) < 1e-12);
    assert_true(fabs(segment_distance2(&segment, 3 + 6, 3.5 - 8) - 100) < 1e-12);
    assert_true(segment_distance2(&segment, 1 - 4, 2 - 3) == 25); /* before its first end */
    assert_true(segment_distance2(&segment, 5 + 4, 5 + 3) == 25); /* beyond its last one */
    assert_true(segment_distance2(&segment, 5 + 12, 5 + 9) == 225);
    assert_true(segment_distance2(&point, 4, 6) == 25);
    make_shape(&shape);
    assert_true(shape_line_distance(&shape, 5, 5) == 1);
    assert_true(shape_line_distance(&shape, 13, -4) == 5);
    assert_true(shape_line_distance(&shape, 34, 0) == 4);
    shape_free(&shape);
    assert_true(shape_line_distance(&shape, 0, 0) == INFINITY);
    assert_true(vector_length(-3, 4) == 5);
}

static void assert_box(struct box box, const double wanted[4])
{
    assert_true(box.x_min == wanted[0] && box.y_min == wanted[1]);
    assert_true(box.x_max == wanted[2] && box.y_max == wanted[3]);
}

static void a_box_grows_and_is_empty_until_it_does(void **state)
{
    struct box box = box_empty();
    struct shape shape;
    (void)state;
    assert_true(box_is_empty(box));
    box_add(&box, NAN, NAN);
    assert_true(box_is_empty(box));
    box_add(&box, 3, 7);
    assert_false(box_is_empty(box)); /* a point is something */
    box_add(&box, 5, 7);
    assert_false(box_is_empty(box)); /* and so is a line */
    box_add(&box, -1, NAN);
    assert_box(box, (double[4]){-1, 7, 5, 7});
    assert_box(box_union(box, box_empty()), (double[4]){-1, 7, 5, 7});
    assert_box(box_union((struct box){-2, 6, 4, 8}, box), (double[4]){-2, 6, 5, 8});
    assert_true(box_is_empty((struct box){1, 2, 0, 3}));
    assert_true(box_is_empty((struct box){0, 3, 1, 2}));
    make_shape(&shape);
    assert_box(shape_box(&shape), (double[4]){0, 0, 30, 10});
    shape_free(&shape);
    assert_true(box_is_empty(shape_box(&shape)));
}

static void shapes_are_copied_and_joined(void **state)
{
    struct shape one, two;
    (void)state;
    make_shape(&one);
    assert_true(shape_copy(&two, &one, NULL));
    shape_free(&one);
    make_shape(&one);
    assert_true(shape_append(&two, &one, NULL));
    assert_int_equal(two.point_count, 28);
    assert_int_equal(two.ring_count, 8);
    for (size_t i = 0; i < 28; i++)
        assert_true(two.x[i] == one.x[i % 14] && two.y[i] == one.y[i % 14]);
    for (size_t r = 0; r <= 8; r++)
        assert_int_equal(two.ring_starts[r],
                         r <= 4 ? one.ring_starts[r] : 14 + one.ring_starts[r - 4]);
    shape_free(&one);
    shape_free(&two);
}

/* The multiple of 100 km nearest to the centre; coarser where that is too far from a corner. */
static void the_grid_lies_around_the_box(void **state)
{
    (void)state;
    struct grid grid = grid_around((struct box){103000, 501000, 109000, 512000});
    assert_true(grid.origin_x == 100000 && grid.origin_y == 500000);
    assert_int_equal(grid.unit_mm, 1);
    grid = grid_around((struct box){149000, 549000, 152000, 552000});
    assert_true(grid.origin_x == 200000 && grid.origin_y == 600000); /* half goes away from zero */
    grid = grid_around(box_empty());
    assert_true(grid.origin_x == 0 && grid.origin_y == 0);
    assert_int_equal(grid.unit_mm, 1);
    const double limit = GRID_LIMIT / 1000.0;
    for (int side = 0; side < 4; side++)
        for (int beyond = 0; beyond <= 1; beyond++) {
            double sides[4] = {-limit + 1, -limit + 1, limit - 1, limit - 1};
            sides[side] += beyond ? (side < 2 ? -1 : 1) : 0;
            grid = grid_around((struct box){sides[0], sides[1], sides[2], sides[3]});
            assert_true(grid.origin_x == 0 && grid.origin_y == 0);
            assert_int_equal(grid.unit_mm, beyond ? 10 : 1);
        }
}

static void a_coordinate_is_rounded_half_away_from_zero(void **state)
{
    const struct grid fine = {100000, 500000, 1}, coarse = {0, 0, 10};
    const double x[] = {100000.0005, 99999.9995, 100000.00049, NAN};
    int32_t units[4];
    (void)state;
    assert_int_equal(grid_x(&fine, 100001.5), 1500);
    assert_int_equal(grid_y(&fine, 499998.5), -1500);
    assert_int_equal(grid_x(&coarse, 0.005), 1);
    assert_int_equal(grid_y(&coarse, -0.005), -1);
    assert_int_equal(grid_x(&coarse, 0.0049), 0);
    grid_x_column(units, &fine, x, 4);
    assert_int_equal(units[0], grid_x(&fine, x[0]));
    assert_int_equal(units[1], grid_x(&fine, x[1]));
    assert_int_equal(units[2], 0);
    assert_int_equal(units[3], GRID_NOWHERE);
    grid_y_column(units, &(struct grid){0, 100000, 1}, x, 4);
    assert_int_equal(units[2], 0);
    assert_int_equal(grid_x(&fine, 100000 + (GRID_LIMIT - 1) / 1000.0), GRID_LIMIT - 1);
    assert_int_equal(grid_x(&fine, 100000 + GRID_LIMIT / 1000.0), GRID_FAR);
    assert_int_equal(grid_y(&fine, 500000 - GRID_LIMIT / 1000.0), GRID_FAR);
    assert_true(grid_metres_x(&fine, 1500) == 100001.5);
    assert_true(grid_metres_y(&coarse, -150) == -1.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_is_in_an_odd_number_of_rings),
        cmocka_unit_test(an_area_has_the_sign_of_its_turn),
        cmocka_unit_test(the_distance_is_to_the_nearest_point),
        cmocka_unit_test(a_box_grows_and_is_empty_until_it_does),
        cmocka_unit_test(shapes_are_copied_and_joined),
        cmocka_unit_test(the_grid_lies_around_the_box),
        cmocka_unit_test(a_coordinate_is_rounded_half_away_from_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

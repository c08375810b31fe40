/* Tests how far cells lie from a shape's outline, against every segment of it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/space/reach.h"

#include <math.h>

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static double random_in(uint32_t *seed, double low, double high)
{
    return low + (high - low) * next_random(seed) / (double)(1 << 24);
}

/* Two rings of random corners, partly outside the frame; some corners are the same. */
static struct shape scribble(uint32_t *seed)
{
    enum { CORNERS = 7 };
    struct shape shape;
    assert_true(shape_new(&shape, 2 * CORNERS, 2, NULL));
    for (size_t i = 0; i < shape.point_count; i++) {
        bool again = i % CORNERS == 3;
        shape.x[i] = again ? shape.x[i - 1] : random_in(seed, -50, 250);
        shape.y[i] = again ? shape.y[i - 1] : random_in(seed, -50, 150);
    }
    shape.ring_starts[1] = CORNERS;
    shape.ring_starts[2] = shape.point_count;
    return shape;
}

static void every_cell_has_its_distance_up_to_the_limit(void **state)
{
    (void)state;
    uint32_t seed = 20241001;
    for (int round = 0; round < 200; round++) {
        struct raster frame;
        struct shape shape = scribble(&seed);
        double limit_m = random_in(&seed, 0, 60), distances[41 * 21];
        assert_true(raster_new(&frame, (struct box){0, 0, 201, 101}, 5, NULL));
        assert_int_equal(frame.columns * frame.rows, 41 * 21);
        reach_of_shape(distances, &frame, &shape, limit_m);
        for (size_t i = 0; i < frame.columns * frame.rows; i++) {
            double x = ((double)(i % frame.columns) + 0.5) * 5;
            double y = ((double)(i / frame.columns) + 0.5) * 5;
            double wanted = shape_line_distance(&shape, x, y);
            if (wanted <= limit_m)
                assert_true(distances[i] == wanted);
            else
                assert_true(isinf(distances[i]));
        }
        raster_free(&frame);
        shape_free(&shape);
    }
}

static void the_distance_is_to_the_nearest_point_of_a_segment(void **state)
{
    (void)state;
    const struct segment segment = {{0, 10}, {0, 0}}, point = {{3, 3}, {4, 4}};
    assert_true(segment_distance2(&segment, 5, 2) == 4);    /* beside it */
    assert_true(segment_distance2(&segment, 13, -4) == 25); /* beyond its end */
    assert_true(segment_distance2(&segment, -3, 4) == 25);
    assert_true(segment_distance2(&point, 0, 0) == 25);
    assert_true(isinf(shape_line_distance(&(struct shape){0}, 0, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_has_its_distance_up_to_the_limit),
        cmocka_unit_test(the_distance_is_to_the_nearest_point_of_a_segment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

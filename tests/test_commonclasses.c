/* Tests the one set of limits of several maps. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/draw/commonclasses.h"

#include <math.h>
#include <string.h>

/* A hot place of that height in the middle of a plain of two kilometres. */
static struct raster hill(double height)
{
    struct raster raster = {0};
    assert_true(raster_new(&raster, (struct box){0, 0, 2000, 2000}, 20, NULL));
    for (size_t i = 0; i < raster.columns * raster.rows; i++) {
        double x = ((double)(i % raster.columns) + 0.5) * 20 - 1000;
        double y = ((double)(i / raster.columns) + 0.5) * 20 - 1000;
        raster.values[i] = height * exp(-(x * x + y * y) / (400.0 * 400.0));
    }
    return raster;
}

static void hold_equal(const struct classes *one, const struct classes *two)
{
    assert_int_equal(one->count, two->count);
    assert_memory_equal(one->limits, two->limits, one->count * sizeof *one->limits);
}

static void one_map_alone_has_the_limits_it_always_had(void **state)
{
    (void)state;
    for (int power = -3; power <= 4; power++) {
        struct raster raster = hill(3.1 * pow(10, power));
        struct classes alone, common;
        assert_true(classes_choose(&alone, &raster, 5, NULL));
        assert_true(commonclasses_choose(
            &common, &(struct class_rasters){.items = &raster, .count = 1}, 5, NULL));
        hold_equal(&alone, &common);
        raster_free(&raster);
    }
}

static void the_order_of_the_maps_makes_no_difference(void **state)
{
    struct raster rasters[3] = {hill(4), hill(170), hill(21)};
    struct raster turned[3] = {rasters[2], rasters[0], rasters[1]};
    struct classes one, two;
    (void)state;
    assert_true(
        commonclasses_choose(&one, &(struct class_rasters){.items = rasters, .count = 3}, 5, NULL));
    assert_true(
        commonclasses_choose(&two, &(struct class_rasters){.items = turned, .count = 3}, 5, NULL));
    hold_equal(&one, &two);
    for (int i = 0; i < 3; i++)
        raster_free(&rasters[i]);
}

static void the_highest_map_reaches_the_highest_class(void **state)
{
    struct raster rasters[2] = {hill(4), hill(170)};
    struct classes low, both;
    (void)state;
    assert_true(classes_choose(&low, &rasters[0], 5, NULL));
    assert_true(commonclasses_choose(&both, &(struct class_rasters){.items = rasters, .count = 2},
                                     5, NULL));
    assert_true(both.limits[4] > low.limits[4]);
    assert_true(classes_of(&both, 170) >= 4);
    for (int i = 0; i < 2; i++)
        raster_free(&rasters[i]);
}

static void only_cells_within_the_ground_count(void **state)
{
    struct raster raster = hill(100), joined = {0};
    (void)state;
    /* Centres lie at 10, 30 ...: from 900 to 1100 there are ten of them, edges included. */
    const struct class_rasters within = {&raster, 1, {890, 910, 1110, 1090}};
    assert_true(commonclasses_join(&joined, &within, NULL));
    assert_int_equal(joined.columns * joined.rows, 12 * 10);
    for (size_t i = 0; i < joined.columns; i++)
        assert_true(joined.values[i] > 85);
    raster_free(&joined);
    const struct class_rasters beside = {&raster, 1, {-900, -900, -100, -100}};
    assert_true(commonclasses_join(&joined, &beside, NULL));
    assert_int_equal(joined.columns, 0);
    raster_free(&joined);
    raster_free(&raster);
}

static void no_map_at_all_has_limits_too(void **state)
{
    struct classes classes;
    (void)state;
    assert_true(commonclasses_choose(&classes, &(struct class_rasters){0}, 5, NULL));
    assert_int_equal(classes.count, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_map_alone_has_the_limits_it_always_had),
        cmocka_unit_test(the_order_of_the_maps_makes_no_difference),
        cmocka_unit_test(the_highest_map_reaches_the_highest_class),
        cmocka_unit_test(only_cells_within_the_ground_count),
        cmocka_unit_test(no_map_at_all_has_limits_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

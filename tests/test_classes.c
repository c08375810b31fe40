/* Tests the limits between classes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/draw/classes.h"

#include <math.h>
#include <string.h>

/* A hot place of that height on a wide empty plain. */
static struct raster hill(double height, double reach_m)
{
    struct raster raster = {0};
    assert_true(raster_new(&raster, (struct box){0, 0, 2000, 2000}, 20, NULL));
    for (size_t i = 0; i < raster.columns * raster.rows; i++) {
        double x = ((double)(i % raster.columns) + 0.5) * 20 - 1000;
        double y = ((double)(i / raster.columns) + 0.5) * 20 - 1000;
        raster.values[i] = height * exp(-(x * x + y * y) / (reach_m * reach_m));
    }
    return raster;
}

static double share_below(const struct raster *raster, double limit)
{
    size_t below = 0, count = raster->columns * raster->rows;
    for (size_t i = 0; i < count; i++)
        below += raster->values[i] < limit ? 1 : 0;
    return (double)below / (double)count;
}

static bool is_readable(double limit)
{
    for (int tens = -9; tens <= 9; tens++)
        for (int figure = 0; figure < 3; figure++)
            for (int doubled = 0; doubled < 12; doubled++) {
                static const double figures[3] = {1, 2, 5};
                double series = figures[figure] * pow(10, tens) * pow(2, doubled);
                if (fabs(limit - series) < 1e-9 * series)
                    return true;
            }
    return false;
}

static void limits_come_from_a_doubling_or_a_1_2_5_series(void **state)
{
    (void)state;
    for (int power = -4; power <= 5; power++)
        for (size_t count = 1; count <= 7; count++) {
            struct raster raster = hill(3.7 * pow(10, power), 400);
            struct classes classes;
            assert_true(classes_choose(&classes, &raster, count, NULL));
            assert_int_equal(classes.count, count);
            for (size_t i = 0; i < count; i++) {
                assert_true(is_readable(classes.limits[i]));
                assert_true(i == 0 || classes.limits[i] > classes.limits[i - 1]);
            }
            raster_free(&raster);
        }
}

static void most_of_the_map_stays_uncoloured_and_the_top_is_small(void **state)
{
    (void)state;
    for (int i = 0; i < 12; i++) {
        struct raster raster = hill(20 * pow(1.5, i), 420);
        struct classes classes;
        assert_true(classes_choose(&classes, &raster, 5, NULL));
        double below = share_below(&raster, classes.limits[0]);
        double top = 1 - share_below(&raster, classes.limits[4]);
        if (below < 0.65 || below > 0.95 || top > 0.02)
            fail_msg("height %d: %.3f uncoloured, %.3f in the highest class", i, below, top);
        raster_free(&raster);
    }
}

/* As the header words it, with every value counted for every series. */
static double misfit(const struct raster *raster, double first, double last)
{
    double empty = share_below(raster, first), top = 1 - share_below(raster, last);
    return fmax(0, 0.75 - empty) * 4 + fmax(0, empty - 0.90) * 4 + fmax(0, top - 0.01) * 20
           + (top > 0 ? 0 : 0.15);
}

static void no_other_series_fits_better(void **state)
{
    static const double figures[3] = {1, 2, 5};
    (void)state;
    for (int i = 0; i < 40; i++) {
        struct raster raster = hill(pow(1.9, i - 12), 150 + 20 * (i % 30));
        struct classes classes;
        for (size_t c = 0; c < 500; c++) /* some values stand on limits */
            raster.values[c * 17] = (double)(c % 40) * (i % 2);
        size_t count = 1 + (size_t)i % 7;
        assert_true(classes_choose(&classes, &raster, count, NULL));
        double best = misfit(&raster, classes.limits[0], classes.limits[count - 1]);
        for (int start = -12; start <= 15; start++) {
            int end = start + (int)count - 1;
            double first = figures[(start + 18) % 3] * pow(10, (start + 18) / 3 - 6);
            double last = figures[(end + 18) % 3] * pow(10, (end + 18) / 3 - 6);
            assert_true(misfit(&raster, first, last) >= best - 1e-12);
            assert_true(misfit(&raster, first, first * pow(2, (double)count - 1)) >= best - 1e-12);
        }
        raster_free(&raster);
    }
}

static void an_empty_raster_has_limits_too(void **state)
{
    struct raster raster = hill(0, 100);
    struct classes classes;
    (void)state;
    assert_true(classes_choose(&classes, &raster, 5, NULL));
    assert_true(classes.limits[0] == 5 && classes.limits[4] == 80);
    for (size_t i = 0; i < raster.columns * raster.rows; i++)
        raster.values[i] = NAN;
    assert_true(classes_choose(&classes, &raster, 5, NULL));
    assert_true(classes.limits[0] == 5);
    raster_free(&raster);
}

static void what_is_not_known_does_not_count(void **state)
{
    struct raster raster = hill(90, 400);
    struct classes with, without;
    (void)state;
    assert_true(classes_choose(&without, &raster, 5, NULL));
    size_t count = raster.columns * raster.rows;
    double *values = raster.values, *wider;
    assert_true(array_new(&wider, count * 3, sizeof *wider, NULL));
    memcpy(wider, values, count * sizeof *wider);
    for (size_t i = count; i < count * 3; i++)
        wider[i] = NAN;
    raster.values = wider;
    raster.rows *= 3;
    assert_true(classes_choose(&with, &raster, 5, NULL));
    assert_memory_equal(with.limits, without.limits, 5 * sizeof(double));
    array_free(&values);
    raster_free(&raster);
}

static void a_value_on_a_limit_is_in_the_higher_class(void **state)
{
    struct classes classes;
    (void)state;
    assert_true(classes_set(&classes, (double[]){5, 10, 20}, 3, NULL));
    assert_int_equal(classes_of(&classes, 0), 0);
    assert_int_equal(classes_of(&classes, 4.999), 0);
    assert_int_equal(classes_of(&classes, 5), 1);
    assert_int_equal(classes_of(&classes, 10), 2);
    assert_int_equal(classes_of(&classes, 1e9), 3);
    assert_int_equal(classes_of(&classes, INFINITY), 3);
    assert_int_equal(classes_of(&classes, NAN), 0);
}

static void limits_that_do_not_rise_are_refused(void **state)
{
    struct classes classes;
    struct error error = {0};
    (void)state;
    assert_false(classes_set(&classes, (double[]){5, 5}, 2, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    assert_false(classes_set(&classes, (double[]){0, 5}, 2, &error));
    assert_false(classes_set(&classes, (double[]){1, NAN}, 2, &error));
    assert_false(classes_set(&classes, NULL, 0, &error));
    assert_false(classes_set(&classes, (double[13]){1}, 13, &error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_come_from_a_doubling_or_a_1_2_5_series),
        cmocka_unit_test(most_of_the_map_stays_uncoloured_and_the_top_is_small),
        cmocka_unit_test(no_other_series_fits_better),
        cmocka_unit_test(an_empty_raster_has_limits_too),
        cmocka_unit_test(what_is_not_known_does_not_count),
        cmocka_unit_test(a_value_on_a_limit_is_in_the_higher_class),
        cmocka_unit_test(limits_that_do_not_rise_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

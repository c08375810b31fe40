/* Tests the usual methods of dividing values into classes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/draw/classbreaks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t random_next(uint64_t *state) /* Vigna's xorshift64* (2016) */
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 2685821657736338717u >> 16;
}

static struct raster row_of(const double *values, size_t count)
{
    struct raster raster = {0};
    assert_true(raster_new(&raster, (struct box){0, 0, (double)count, 1}, 1, NULL));
    memcpy(raster.values, values, count * sizeof *values);
    return raster;
}

static int rising(const void *a, const void *b)
{
    return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

static double squares(const double *values, size_t begin, size_t end)
{
    double mean = 0, sum = 0;
    for (size_t i = begin; i < end; i++)
        mean += values[i] / (double)(end - begin);
    for (size_t i = begin; i < end; i++)
        sum += (values[i] - mean) * (values[i] - mean);
    return sum;
}

/* The least over every way of cutting, one after another. */
static double least(const double *values, size_t begin, size_t n, size_t count)
{
    if (count == 1)
        return squares(values, begin, n);
    double best = INFINITY;
    for (size_t cut = begin + 1; cut + count - 1 <= n; cut++)
        best = fmin(best, squares(values, begin, cut) + least(values, cut, n, count - 1));
    return best;
}

static void no_cutting_is_better_than_fishers(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        uint64_t random = seed;
        double values[14];
        size_t n = 1 + (size_t)(random_next(&random) % 14), starts[5];
        for (size_t i = 0; i < n; i++) /* many equal ones among them */
            values[i] = seed % 2 ? (double)(random_next(&random) % 9)
                                 : (double)(random_next(&random) % 100000) / 7;
        qsort(values, n, sizeof *values, rising);
        for (size_t count = 1; count <= 5 && count <= n; count++) {
            double sum = 0;
            assert_true(classes_fisher(starts, count, values, n, NULL));
            assert_int_equal(starts[0], 0);
            for (size_t i = 0; i < count; i++) {
                size_t end = i + 1 < count ? starts[i + 1] : n;
                assert_true(starts[i] < end);
                sum += squares(values, starts[i], end);
            }
            double best = least(values, 0, n, count);
            if (sum > best + 1e-9 * (1 + best))
                fail_msg("seed %d: %zu groups cost %g, not %g", (int)seed, count, sum, best);
        }
    }
}

/* 75 cells of 0 to 3 and then 1, 2, ... 32 in even steps: round limits begin at 5. */
static struct raster ladder(void)
{
    static double values[400];
    for (int i = 0; i < 400; i++)
        values[i] = i < 320 ? 1 : 5 + (i - 320) * 0.9375;
    return row_of(values, 400);
}

static void widths_or_cells_or_ratios_are_equal(void **state)
{
    (void)state;
    struct raster raster = ladder();
    struct classes round, classes;
    assert_true(classes_choose(&round, &raster, 4, NULL));
    double lowest = round.limits[0], peak = raster_peak(&raster);
    assert_true(classes_by(&classes, &raster, CLASSES_EQUAL, 4, NULL));
    assert_int_equal(classes.count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_true(fabs(classes.limits[i] - (lowest + (double)i * (peak - lowest) / 4)) < 0.5);
    assert_true(classes_by(&classes, &raster, CLASSES_GEOMETRIC, 4, NULL));
    for (size_t i = 0; i < 4; i++)
        assert_true(fabs(classes.limits[i] / (lowest * pow(peak / lowest, (double)i / 4)) - 1)
                    < 0.05);
    assert_true(classes_by(&classes, &raster, CLASSES_QUANTILE, 4, NULL));
    size_t cells[5] = {0};
    for (size_t i = 0; i < raster.columns; i++)
        cells[classes_of(&classes, raster.values[i])]++;
    for (size_t i = 1; i <= 4; i++)
        assert_true(cells[i] >= 16 && cells[i] <= 24);
    for (enum class_method method = CLASSES_ROUND; method <= CLASSES_GEOMETRIC; method++) {
        assert_true(classes_by(&classes, &raster, method, 4, NULL));
        assert_true(classes.limits[0] == lowest);
    }
    raster_free(&raster);
}

static void natural_breaks_fall_between_the_heaps(void **state)
{
    (void)state;
    static double values[1000]; /* heaps of 10 to 12, 40 to 42 and 90 to 92 in a plain of 0 */
    for (int i = 900; i < 1000; i++)
        values[i] = (i < 940 ? 10 : i < 980 ? 40 : 90) + i % 3;
    struct raster raster = row_of(values, 1000);
    struct classes classes;
    assert_true(classes_by(&classes, &raster, CLASSES_JENKS, 3, NULL));
    assert_int_equal(classes.count, 3);
    assert_true(classes.limits[1] == 40 && classes.limits[2] == 90);
    raster_free(&raster);
}

static size_t figures_of(double value)
{
    char text[64], *end;
    for (int figures = 1; figures <= 17; figures++) {
        snprintf(text, sizeof text, "%.*e", figures - 1, value);
        if (fabs(strtod(text, &end) / value - 1) < 1e-12)
            return (size_t)figures;
    }
    return 18;
}

static void limits_rise_and_can_be_read(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        uint64_t random = seed;
        double values[500], scale = pow(10, (double)(random_next(&random) % 9) - 4);
        for (int i = 0; i < 500; i++) {
            double part = (double)(random_next(&random) % 1000000) / 1e6;
            values[i] = scale * part * part * part * part * 50;
        }
        struct raster raster = row_of(values, 500);
        for (enum class_method method = CLASSES_ROUND; method <= CLASSES_GEOMETRIC; method++)
            for (size_t count = 1; count <= 7; count++) {
                struct classes classes;
                assert_true(classes_by(&classes, &raster, method, count, NULL));
                assert_true(classes.count >= 1 && classes.count <= count);
                for (size_t i = 1; i < classes.count; i++) {
                    assert_true(classes.limits[i] > classes.limits[i - 1]);
                    assert_true(figures_of(classes.limits[i]) <= 4);
                }
            }
        raster_free(&raster);
    }
}

static void few_values_give_few_classes(void **state)
{
    (void)state;
    static double values[100];
    values[98] = values[99] = 20;
    struct raster raster = row_of(values, 100), empty = row_of(values, 90);
    struct classes classes;
    for (enum class_method method = CLASSES_ROUND; method <= CLASSES_GEOMETRIC; method++) {
        assert_true(classes_by(&classes, &raster, method, 5, NULL));
        assert_int_equal(classes_of(&classes, 20) > 0, 1);
        assert_true(classes_by(&classes, &empty, method, 5, NULL));
        assert_int_equal(classes.count, 5);
    }
    assert_false(classes_by(&classes, &raster, CLASSES_JENKS, 0, NULL));
    raster_free(&raster);
    raster_free(&empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_cutting_is_better_than_fishers),
        cmocka_unit_test(widths_or_cells_or_ratios_are_equal),
        cmocka_unit_test(natural_breaks_fall_between_the_heaps),
        cmocka_unit_test(limits_rise_and_can_be_read),
        cmocka_unit_test(few_values_give_few_classes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Tests of the density of counted squares: plain sums over many more points, the integral, and the
 * same bits in any order and on any number of threads. */
#include "engine/analysis/square_density.h"

#include "tests/cases.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct grid GRID = {100000, 500000, 1};

/* One of each size, some side by side. */
static const struct counted_square SQUARES[] = {
    {{1034, 5020, 1}, 45}, {{1035, 5020, 1}, 10},  {{1036, 5022, 2}, 60},
    {{1040, 5020, 5}, 25}, {{1030, 5021, 1}, 115},
};
enum { SQUARE_COUNT = sizeof SQUARES / sizeof *SQUARES, TOTAL = 255 };
static const struct counted_squares ALL = {SQUARES, SQUARE_COUNT};

static void new_raster(struct raster *raster, double bandwidth_m, double cell_m)
{
    double around = 2.5 * bandwidth_m; /* the Gaussian reaches farthest */
    const struct box box = {103000 - around, 502000 - around, 104500 + around, 502500 + around};
    struct error error = {0};
    assert_true(raster_new(raster, box, cell_m, &error));
}

static struct raster density_of(const struct counted_squares *squares,
                                const struct density_options *options, double cell_m)
{
    struct raster raster;
    struct error error = {0};
    new_raster(&raster, options->bandwidth_m, cell_m);
    if (!square_density_add(&raster, squares, &GRID, options, false, &error))
        fail_msg("%s", error.message);
    return raster;
}

/* The convolution at one place, by 200 x 200 points a square. */
static double plain_at(const struct density_options *options, double x, double y)
{
    enum { SIDE = 200 };
    double sum = 0;
    for (size_t s = 0; s < SQUARE_COUNT; s++) {
        const struct square *square = &SQUARES[s].square;
        double step = (double)square->size * SQUARE_M / SIDE, own = 0;
        for (int row = 0; row < SIDE; row++)
            for (int column = 0; column < SIDE; column++)
                own += kernel_value(options->kernel, options->bandwidth_m,
                                    vector_length(square->east * 100.0 + (column + 0.5) * step - x,
                                                  square->north * 100.0 + (row + 0.5) * step - y));
        sum += own * SQUARES[s].incidents / SIDE / SIDE;
    }
    return sum;
}

static double farthest_off(const struct density_options *options)
{
    struct raster raster = density_of(&ALL, options, options->bandwidth_m / 10);
    double worst = 0, peak = raster_peak(&raster);
    for (size_t i = 7; i < raster.columns * raster.rows; i += raster.columns * raster.rows / 60) {
        double x = raster.x_min + ((double)(i % raster.columns) + 0.5) * raster.cell_m;
        double y = raster.y_min + ((double)(i / raster.columns) + 0.5) * raster.cell_m;
        worst = fmax(worst, fabs(raster.values[i] - plain_at(options, x, y)) / peak);
    }
    raster_free(&raster);
    return worst;
}

static void it_is_the_convolution_with_the_squares(void **state)
{
    (void)state;
    for (int k = 0; k < KERNEL_COUNT; k++)
        for (double bandwidth_m = 40; bandwidth_m < 300; bandwidth_m *= 2.5) {
            const struct density_options options = {.kernel = (enum kernel)k,
                                                    .bandwidth_m = bandwidth_m};
            double worst = farthest_off(&options);
            print_message("%s, %g m: within %.4f %% of the peak\n", kernel_name(options.kernel),
                          bandwidth_m, 100 * worst);
            assert_true(worst < 0.005);
        }
}

static void the_integral_is_the_sum_of_the_counts(void **state)
{
    (void)state;
    for (int k = 0; k < KERNEL_COUNT; k++) {
        const struct density_options options = {.kernel = (enum kernel)k, .bandwidth_m = 100};
        struct raster raster = density_of(&ALL, &options, 5);
        double sum = 0;
        for (size_t i = 0; i < raster.columns * raster.rows; i++)
            sum += raster.values[i] * raster.cell_m * raster.cell_m;
        assert_true(fabs(sum - TOTAL) < 0.002 * TOTAL);
        raster_free(&raster);
    }
}

static void neither_order_nor_threads_change_a_bit(void **state)
{
    (void)state;
    struct counted_square turned[SQUARE_COUNT];
    for (size_t i = 0; i < SQUARE_COUNT; i++)
        turned[i] = SQUARES[SQUARE_COUNT - 1 - i];
    const struct counted_squares reversed = {turned, SQUARE_COUNT};
    for (double bandwidth_m = 20; bandwidth_m < 300; bandwidth_m *= 4) {
        struct density_options options = {.bandwidth_m = bandwidth_m, .thread_count = 1};
        struct raster once = density_of(&ALL, &options, bandwidth_m / 10);
        for (int threads = 1; threads <= 8; threads *= 2) {
            options.thread_count = threads;
            struct raster again = density_of(&reversed, &options, bandwidth_m / 10);
            assert_memory_equal(once.values, again.values,
                                once.columns * once.rows * sizeof *once.values);
            raster_free(&again);
        }
        raster_free(&once);
    }
}

static void a_support_counts_the_part_of_a_square_within_reach(void **state)
{
    (void)state;
    const struct counted_square one = {{1034, 5020, 1}, 40};
    const struct counted_squares squares = {&one, 1};
    const struct density_options options = {.bandwidth_m = 100};
    const struct box cell = {103390, 502040, 103410, 502060}; /* the middle of its western side */
    struct raster raster;
    struct error error = {0};
    assert_true(raster_new(&raster, cell, 20, &error));
    assert_true(square_density_add(&raster, &squares, &GRID, &options, true, &error));
    /* of the square, what lies within 100 m: x + sqrt(3)/2 ... by the circle's segment */
    double expected = 40 * (sqrt(0.75) / 2 + asin(0.5));
    assert_true(fabs(raster.values[0] - expected) < 0.005 * expected);
    raster_free(&raster);
}

static void parts_are_fine_enough_unless_counts_are_too_many(void **state)
{
    (void)state;
    const struct counted_square many = {{1034, 5020, 1}, 4000000001u - 1};
    const struct counted_square odd[2] = {{{1034, 5020, 1}, 3000001}, {{1036, 5020, 2}, 7}};
    assert_int_equal(square_density_parts(&ALL, KERNEL_QUARTIC, 100), 10);
    assert_int_equal(square_density_parts(&ALL, KERNEL_QUARTIC, 99), 20);
    assert_int_equal(square_density_parts(&ALL, KERNEL_UNIFORM, 100), 100);
    assert_int_equal(square_density_parts(&ALL, KERNEL_QUARTIC, 1), 100);
    assert_int_equal(square_density_parts(&(struct counted_squares){&many, 1}, KERNEL_QUARTIC, 1),
                     100); /* all counts are one count */
    assert_int_equal(square_density_parts(&(struct counted_squares){odd, 2}, KERNEL_QUARTIC, 1),
                     10);
}

static void squares_without_incidents_add_nothing(void **state)
{
    (void)state;
    static const struct counted_square none[] = {{{1034, 5020, 1}, 0}, {{1036, 5022, 2}, 0}};
    static const struct counted_square some[] = {
        {{1034, 5020, 1}, 0}, {{1036, 5022, 2}, 0}, {{1034, 5020, 1}, 45}};
    const struct density_options options = {.kernel = KERNEL_QUARTIC, .bandwidth_m = 100};
    struct raster without = density_of(&(struct counted_squares){none, 2}, &options, 50);
    struct raster with = density_of(&(struct counted_squares){some, 3}, &options, 50);
    struct raster alone = density_of(&(struct counted_squares){some + 2, 1}, &options, 50);
    for (size_t i = 0; i < without.columns * without.rows; i++) {
        assert_true(without.values[i] == 0);
        assert_true(fabs(with.values[i] - alone.values[i]) <= 1e-3 * 45e-4);
    }
    raster_free(&without);
    raster_free(&with);
    raster_free(&alone);
}

static void more_incidents_than_a_sum_holds_are_refused(void **state)
{
    (void)state;
    const struct density_options options = {.kernel = KERNEL_QUARTIC, .bandwidth_m = 100};
    for (uint32_t more = 0; more <= 1; more++) {
        struct counted_square two[] = {{{1034, 5020, 1}, 39999998 + more}, {{1035, 5020, 1}, 1}};
        const struct counted_squares squares = {two, 2};
        struct raster raster;
        struct error error = {0};
        new_raster(&raster, options.bandwidth_m, 100);
        assert_int_equal(square_density_add(&raster, &squares, &GRID, &options, false, &error),
                         more == 0);
        assert_int_equal(error.kind, more == 0 ? ERROR_NONE : ERROR_DATA);
        raster_free(&raster);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_the_convolution_with_the_squares),
        cmocka_unit_test(the_integral_is_the_sum_of_the_counts),
        cmocka_unit_test(neither_order_nor_threads_change_a_bit),
        cmocka_unit_test(a_support_counts_the_part_of_a_square_within_reach),
        cmocka_unit_test(parts_are_fine_enough_unless_counts_are_too_many),
        cmocka_unit_test(squares_without_incidents_add_nothing),
        cmocka_unit_test(more_incidents_than_a_sum_holds_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

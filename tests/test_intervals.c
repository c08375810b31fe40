/* Tests of the intervals: other people's values, and the chances that define them. */
#include "engine/analysis/intervals.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const double TAIL = 0.025;

static bool is_near(double a, double b, double relative)
{
    bool near = fabs(a - b) <= relative * fmax(fabs(a), fabs(b));
    if (!near)
        print_error("%.17g is not %.17g\n", a, b);
    return near;
}

/* METHODS: 0: 0 to 3.688879; 5: 1.623486 to 11.66833; 10: 4.795389 to 18.39036 (R's poisson.test).
 */
static void counts_have_the_exact_interval_of_poisson(void **state)
{
    (void)state;
    static const struct interval EXPECTED[] = {
        {0, 0, 3.688879}, {5, 1.623486, 11.66833}, {10, 4.795389, 18.39036}};
    for (size_t i = 0; i < 3; i++) {
        struct interval interval = interval_count((size_t)EXPECTED[i].estimate);
        assert_true(interval.estimate == EXPECTED[i].estimate);
        assert_true(is_near(interval.low, EXPECTED[i].low, 3e-7));
        assert_true(is_near(interval.high, EXPECTED[i].high, 3e-7));
    }
}

/* The chance of `from` to `to` successes, by logarithms, as the text books have it; Poisson without
 * trials. */
static double chance(double mean_or_odds, double trials, double from, double to)
{
    double sum = 0;
    for (double i = from; i <= to; i++)
        sum += trials > 0 ? exp(lgamma(trials + 1) - lgamma(i + 1) - lgamma(trials - i + 1)
                                + i * log(mean_or_odds) - trials * log1p(mean_or_odds))
                          : exp(i * log(mean_or_odds) - mean_or_odds - lgamma(i + 1));
    return sum;
}

static void at_the_ends_of_a_count_the_tails_hold_a_fortieth(void **state)
{
    (void)state;
    static const size_t COUNTS[] = {1, 2, 3, 7, 20, 61, 208, 1234, 9999};
    for (size_t c = 0; c < sizeof COUNTS / sizeof *COUNTS; c++) {
        double k = (double)COUNTS[c];
        struct interval interval = interval_count(COUNTS[c]);
        assert_true(is_near(chance(interval.low, 0, k, 2 * k + 99), TAIL, 1e-8));
        assert_true(is_near(chance(interval.high, 0, 0, k), TAIL, 1e-8));
    }
}

static void a_halving_from_20_to_10_is_not_significant(void **state)
{
    (void)state;
    struct interval ratio = interval_ratio(10, 20);
    assert_true(ratio.estimate == 0.5);
    assert_true(is_near(ratio.low, 0.209006, 2e-6));
    assert_true(is_near(ratio.high, 1.119183, 2e-6));
}

static void at_the_ends_of_a_ratio_the_tails_hold_a_fortieth(void **state)
{
    (void)state;
    static const size_t PAIRS[][2] = {{1, 1}, {3, 40}, {40, 3}, {110, 207}, {2000, 1900}};
    for (size_t p = 0; p < sizeof PAIRS / sizeof *PAIRS; p++) {
        double k = (double)PAIRS[p][0], trials = k + (double)PAIRS[p][1];
        struct interval interval = interval_ratio(PAIRS[p][0], PAIRS[p][1]);
        assert_true(is_near(chance(interval.low, trials, k, trials), TAIL, 1e-8));
        assert_true(is_near(chance(interval.high, trials, 0, k), TAIL, 1e-8));
        struct interval back = interval_ratio(PAIRS[p][1], PAIRS[p][0]);
        assert_true(is_near(1 / back.high, interval.low, 1e-12));
    }
}

/* 0 of 5: the odds of a chance whose fifth power of failing is a fortieth. */
static void ratios_without_a_count_or_a_base_say_what_is_known(void **state)
{
    (void)state;
    double failing = pow(TAIL, 0.2);
    struct interval none = interval_ratio(0, 5), baseless = interval_ratio(5, 0),
                    nothing = interval_ratio(0, 0);
    assert_true(none.estimate == 0 && none.low == 0);
    assert_true(is_near(none.high, (1 - failing) / failing, 1e-12));
    assert_true(isnan(baseless.estimate) && isinf(baseless.high));
    assert_true(is_near(baseless.low, failing / (1 - failing), 1e-12));
    assert_true(isnan(nothing.estimate) && nothing.low == 0 && isinf(nothing.high));
}

/* Newcombe (1998), table I, Wilson's method without continuity correction. */
static void shares_have_the_interval_of_wilson(void **state)
{
    (void)state;
    static const struct {
        size_t part, whole;
        double low, high;
    } EXPECTED[] = {{81, 263, 0.2553, 0.3662},
                    {15, 148, 0.0624, 0.1605},
                    {0, 20, 0, 0.1611},
                    {1, 29, 0.0061, 0.1718}};
    for (size_t i = 0; i < 4; i++) {
        struct interval share = interval_share(EXPECTED[i].part, EXPECTED[i].whole);
        assert_true(fabs(share.low - EXPECTED[i].low) < 5.1e-5);
        assert_true(fabs(share.high - EXPECTED[i].high) < 5.1e-5);
    }
}

static void shares_stay_within_0_and_1_and_mirror(void **state)
{
    (void)state;
    for (size_t whole = 1; whole < 80; whole++)
        for (size_t part = 0; part <= whole; part++) {
            struct interval share = interval_share(part, whole);
            struct interval rest = interval_share(whole - part, whole);
            assert_true(share.low >= 0 && share.high <= 1);
            assert_true(share.low <= share.estimate && share.estimate <= share.high);
            assert_true(share.low < share.high);
            assert_true(fabs(share.low - (1 - rest.high)) < 1e-15);
        }
    struct interval nothing = interval_share(0, 0);
    assert_true(isnan(nothing.estimate) && nothing.low == 0 && nothing.high == 1);
}

static void a_million_is_no_harder_than_ten(void **state)
{
    (void)state;
    struct interval count = interval_count(1000000);
    /* Wilson and Hilferty (1931) come within 1e-9 of it at such counts. */
    double z = 1.959963984540054, k = 1e6;
    assert_true(is_near(count.low, k * pow(1 - 1 / (9 * k) - z / (3 * sqrt(k)), 3), 1e-8));
    assert_true(
        is_near(count.high, (k + 1) * pow(1 - 1 / (9 * (k + 1)) + z / (3 * sqrt(k + 1)), 3), 1e-8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_have_the_exact_interval_of_poisson),
        cmocka_unit_test(at_the_ends_of_a_count_the_tails_hold_a_fortieth),
        cmocka_unit_test(a_halving_from_20_to_10_is_not_significant),
        cmocka_unit_test(at_the_ends_of_a_ratio_the_tails_hold_a_fortieth),
        cmocka_unit_test(ratios_without_a_count_or_a_base_say_what_is_known),
        cmocka_unit_test(shares_have_the_interval_of_wilson),
        cmocka_unit_test(shares_stay_within_0_and_1_and_mirror),
        cmocka_unit_test(a_million_is_no_harder_than_ten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

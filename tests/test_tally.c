/* Tests of tallies: the sums of many points, held against the plain sums one by one. */
#include "engine/analysis/tally.h"
#include "tests/cases.h"

#include "engine/analysis/counts.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const enum kernel KERNELS[] = {KERNEL_QUARTIC, KERNEL_GAUSSIAN, KERNEL_EPANECHNIKOV,
                                      KERNEL_TRIANGULAR, KERNEL_TRIWEIGHT};
enum { SMOOTH = 5 };

/* What density.h says of one point alone, as a part of its own peak. */
static double bound_of(enum kernel kernel)
{
    static const double BOUNDS[KERNEL_COUNT] = {
        [KERNEL_QUARTIC] = 1.3e-3,    [KERNEL_GAUSSIAN] = 2e-4,  [KERNEL_EPANECHNIKOV] = 2.5e-2,
        [KERNEL_TRIANGULAR] = 2.5e-2, [KERNEL_TRIWEIGHT] = 2e-4,
    };
    return BOUNDS[kernel];
}

static uint64_t random_next(uint64_t *seed)
{
    *seed += 0x9e3779b97f4a7c15u;
    uint64_t z = *seed;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static int32_t between(uint64_t *seed, int32_t low, int32_t high)
{
    return low + (int32_t)(random_next(seed) % (uint64_t)((int64_t)high - low + 1));
}

struct crowd {
    int32_t *x, *y;
    double *weights;
    size_t count;
};

static void crowd_new(struct crowd *crowd, size_t count)
{
    crowd->count = count;
    crowd->x = calloc(count, sizeof *crowd->x);
    crowd->y = calloc(count, sizeof *crowd->y);
    crowd->weights = calloc(count, sizeof *crowd->weights);
    assert_true(crowd->x != NULL && crowd->y != NULL && crowd->weights != NULL);
}

static void crowd_free(struct crowd *crowd)
{
    free(crowd->x);
    free(crowd->y);
    free(crowd->weights);
}

/* Hotspots and strays over a square and around it. */
static void crowd_fill(struct crowd *crowd, int32_t side, uint64_t seed)
{
    for (size_t i = 0; i < crowd->count; i++) {
        int32_t spot = between(&seed, 0, 30), wide = 1 + side / 400 * (1 + spot % 7);
        crowd->x[i] = (int32_t)((int64_t)side * (spot * 37 % 31) / 31);
        crowd->y[i] = (int32_t)((int64_t)side * (spot * 11 % 31) / 31);
        for (int j = 0; j < 4; j++) {
            crowd->x[i] += between(&seed, -wide, wide);
            crowd->y[i] += between(&seed, -wide, wide);
        }
        if (between(&seed, 0, 3) == 0) {
            crowd->x[i] = between(&seed, -side / 4, side + side / 4);
            crowd->y[i] = between(&seed, -side / 4, side + side / 4);
        }
        if (between(&seed, 0, 40) == 0)
            crowd->x[i] = crowd->y[i] = i % 2 ? GRID_NOWHERE : GRID_FAR;
        crowd->weights[i] = between(&seed, 1, 4);
    }
}

static struct frame frame_make(enum kernel kernel, double cell, double cells_per_bandwidth)
{
    struct frame frame = {.kernel = kernel, .cell = cell, .bandwidth = cell * cells_per_bandwidth};
    double reach = kernel_reach_m(kernel, frame.bandwidth);
    frame.reach2 = reach * reach;
    frame.thread_count = 2;
    return frame;
}

static double *values_new(const struct frame *frame)
{
    double *values = calloc(frame->columns * frame->rows, sizeof *values);
    assert_non_null(values);
    return values;
}

static void add(struct tally *tally, const struct crowd *crowd, size_t first, size_t count,
                bool weighted)
{
    struct points points = {crowd->x + first, crowd->y + first, count};
    assert_true(tally_add(tally, &points, weighted ? crowd->weights + first : NULL, NULL));
}

static double *tally_of(const struct frame *frame, const struct crowd *crowd, bool weighted)
{
    struct tally *tally = tally_open(frame, &(struct tally_options){0}, NULL);
    double *values = values_new(frame);
    assert_non_null(tally);
    add(tally, crowd, 0, crowd->count, weighted);
    assert_true(tally_sum(values, tally, 1, NULL));
    tally_close(tally);
    return values;
}

/* By the plain sums of the kernel's values. */
static double plain_at(const struct frame *frame, const struct crowd *crowd, size_t cell,
                       bool weighted)
{
    double x = frame_centre_x(frame, cell % frame->columns), sum = 0;
    double y = frame_centre_y(frame, cell / frame->columns), h2 = frame->bandwidth;
    h2 *= h2;
    for (size_t p = 0; p < crowd->count; p++) {
        double dx = x - crowd->x[p], dy = y - crowd->y[p], d2 = dx * dx + dy * dy;
        if (d2 < frame->reach2 && crowd->x[p] != GRID_NOWHERE && crowd->x[p] != GRID_FAR)
            sum += (weighted ? crowd->weights[p] : 1) * kernel_shape(frame->kernel, d2 / h2);
    }
    return sum;
}

static const double RATIOS[] = {0.3, 0.9, 1.7, 2.5, 3.9, 4.1, 5,  6.4, 8,  10,
                                13,  16,  17,  21,  32,  39,  41, 63,  130};
enum { RATIO_COUNT = sizeof RATIOS / sizeof *RATIOS };

/* A point anywhere about the middle of the raster, so that its whole bump is seen. */
static double error_of_one(enum kernel kernel, double ratio, uint64_t *seed)
{
    struct frame frame = frame_make(kernel, 1000.5, ratio);
    double reach = sqrt(frame.reach2) / frame.cell, worst = 0;
    frame.columns = 2 * (size_t)reach + 9;
    frame.rows = frame.columns + 3;
    frame.x_min = -frame.cell * (double)frame.columns / 2 + 17;
    frame.y_min = -frame.cell * (double)frame.rows / 2 - 4;
    int32_t x = between(seed, -1500, 1500), y = between(seed, -1500, 1500);
    double weight = 1;
    struct crowd one = {&x, &y, &weight, 1};
    double *values = tally_of(&frame, &one, false);
    for (size_t i = 0; i < frame.columns * frame.rows; i++)
        worst = fmax(worst, fabs(values[i] - plain_at(&frame, &one, i, false)));
    free(values);
    return worst;
}

static void one_point_alone_is_within_what_the_header_says(void **state)
{
    (void)state;
    uint64_t seed = 8;
    for (int k = 0; k < SMOOTH; k++)
        for (int r = 0; r < RATIO_COUNT; r++) {
            double worst = 0;
            for (int i = 0; i < 25; i++)
                worst = fmax(worst, error_of_one(KERNELS[k], RATIOS[r], &seed));
            if (getenv("SHOW") != NULL || worst > bound_of(KERNELS[k]))
                print_error("%s, %g cells: %.1e\n", kernel_name(KERNELS[k]), RATIOS[r], worst);
            assert_true(worst <= bound_of(KERNELS[k]));
        }
}

static void many_points_are_within_their_bound_of_the_plain_sums(void **state)
{
    (void)state;
    struct crowd crowd;
    crowd_new(&crowd, 4000);
    for (int k = 0; k < SMOOTH; k++)
        for (int r = 0; r < RATIO_COUNT; r++) {
            struct frame frame = frame_make(KERNELS[k], 70001.0 / 9, RATIOS[r]);
            uint64_t seed = (uint64_t)(100 * k + r);
            frame.columns = (size_t)between(&seed, 30, 140);
            frame.rows = (size_t)between(&seed, 30, 140);
            frame.x_min = between(&seed, -100000, 100000) / 7.0;
            frame.y_min = between(&seed, -100000, 100000) / 3.0;
            crowd_fill(&crowd, (int32_t)(140 * frame.cell), seed);
            bool weighted = r % 2 == 0;
            double *values = tally_of(&frame, &crowd, weighted), worst = 0, peak = 0;
            for (size_t i = 0; i < frame.columns * frame.rows; i += 7) {
                peak = fmax(peak, values[i]);
                worst = fmax(worst, fabs(values[i] - plain_at(&frame, &crowd, i, weighted)));
            }
            double bound = bound_of(KERNELS[k]);
            if (getenv("SHOW") != NULL || worst > bound * peak)
                print_error("%s, %g cells: %.1e of the peak\n", kernel_name(KERNELS[k]), RATIOS[r],
                            worst / peak);
            assert_true(peak > 0 && worst <= bound * peak);
            free(values);
        }
    crowd_free(&crowd);
}

static void a_million_points_leave_next_to_no_error(void **state)
{
    (void)state;
    struct crowd crowd;
    crowd_new(&crowd, 1000000);
    for (int k = 0; k < SMOOTH; k++) {
        struct frame frame = frame_make(KERNELS[k], 6005.859375, 100000 / 6005.859375);
        uint64_t seed = 21;
        double worst = 0, peak = 0;
        frame.columns = frame.rows = 700;
        crowd_fill(&crowd, 4200000, seed);
        double *values = tally_of(&frame, &crowd, false);
        for (size_t i = 0; i < frame.columns * frame.rows; i++)
            peak = fmax(peak, values[i]);
        for (int tried = 0; tried < 60;) {
            size_t cell = random_next(&seed) % (frame.columns * frame.rows);
            if (tried % 2 == 1 && values[cell] < peak / 2)
                continue;
            worst = fmax(worst, fabs(values[cell] - plain_at(&frame, &crowd, cell, false)));
            tried++;
        }
        bool kinked = KERNELS[k] == KERNEL_EPANECHNIKOV || KERNELS[k] == KERNEL_TRIANGULAR;
        if (getenv("SHOW") != NULL || worst > (kinked ? 5e-4 : 1e-4) * peak)
            print_error("%s: %.1e of the peak\n", kernel_name(KERNELS[k]), worst / peak);
        assert_true(worst <= (kinked ? 5e-4 : 1e-4) * peak);
        free(values);
    }
    crowd_free(&crowd);
}

static void reverse(struct crowd *crowd)
{
    for (size_t i = 0, j = crowd->count - 1; i < j; i++, j--) {
        int32_t x = crowd->x[i], y = crowd->y[i];
        double w = crowd->weights[i];
        crowd->x[i] = crowd->x[j], crowd->y[i] = crowd->y[j], crowd->weights[i] = crowd->weights[j];
        crowd->x[j] = x, crowd->y[j] = y, crowd->weights[j] = w;
    }
}

/* In batches of any length, some of them empty, from the last point to the first. */
static double *tally_in_batches(struct frame *frame, struct crowd *crowd, bool weighted,
                                bool fractions, uint64_t *seed)
{
    frame->thread_count = between(seed, 1, 8);
    struct tally *tally = tally_open(frame, &(struct tally_options){.fractions = fractions}, NULL);
    double *values = values_new(frame);
    assert_non_null(tally);
    reverse(crowd);
    for (size_t at = 0; at < crowd->count;) {
        size_t count = (size_t)between(seed, 0, 3) * (size_t)between(seed, 1, 900);
        if (count > crowd->count - at)
            count = crowd->count - at;
        add(tally, crowd, at, count, weighted);
        at += count;
    }
    assert_true(tally_sum(values, tally, 1, NULL));
    tally_close(tally);
    return values;
}

static void batches_order_and_threads_change_no_bit(void **state)
{
    (void)state;
    static const enum kernel ALL[] = {KERNEL_QUARTIC,    KERNEL_GAUSSIAN,  KERNEL_EPANECHNIKOV,
                                      KERNEL_TRIANGULAR, KERNEL_TRIWEIGHT, KERNEL_UNIFORM};
    struct crowd crowd;
    uint64_t seed = 5;
    crowd_new(&crowd, cases_looked(70000));
    for (int k = 0; k < 6; k++)
        for (int r = 0; r < RATIO_COUNT; r += 3) {
            struct frame frame = frame_make(ALL[k], 2000, RATIOS[r]);
            bool weighted = r % 2 == 0, fractions = weighted && r % 4 == 0;
            frame.columns = 300;
            frame.rows = 170;
            crowd_fill(&crowd, 600000, seed);
            for (size_t i = 0; fractions && i < crowd.count; i++)
                crowd.weights[i] += 1 / 3.0;
            double *first = tally_in_batches(&frame, &crowd, weighted, fractions, &seed);
            double *second = tally_in_batches(&frame, &crowd, weighted, fractions, &seed);
            assert_memory_equal(first, second, frame.columns * frame.rows * sizeof *first);
            free(first);
            free(second);
        }
    crowd_free(&crowd);
}

static void a_point_of_weight_three_is_three_points(void **state)
{
    (void)state;
    int32_t x[] = {12345, 12345, 12345}, y[] = {-777, -777, -777};
    double weight = 3;
    struct crowd heavy = {x, y, &weight, 1}, three = {x, y, NULL, 3};
    for (int k = 0; k < SMOOTH; k++)
        for (int r = 0; r < RATIO_COUNT; r++) {
            struct frame frame = frame_make(KERNELS[k], 1000, RATIOS[r]);
            frame.columns = frame.rows = 60;
            double *first = tally_of(&frame, &heavy, true);
            double *second = tally_of(&frame, &three, false);
            for (size_t i = 0; i < 3600; i++)
                assert_true(fabs(first[i] - second[i]) <= 3e-9); /* stamps are rounded each */
            free(first);
            free(second);
        }
}

/* Weights such as 7.25 have fewer bits below the point, but are not lost. */
static void fractions_count_for_what_they_are(void **state)
{
    (void)state;
    struct crowd crowd;
    crowd_new(&crowd, 500);
    crowd_fill(&crowd, 100000, 3);
    for (size_t i = 0; i < crowd.count; i++)
        crowd.weights[i] = 1 + (double)(i % 50) / 7;
    for (int k = 0; k < SMOOTH; k++)
        for (int r = 0; r < RATIO_COUNT; r += 2) {
            struct frame frame = frame_make(KERNELS[k], 2000, RATIOS[r]);
            frame.columns = frame.rows = 50;
            struct tally *tally =
                tally_open(&frame, &(struct tally_options){.fractions = true}, NULL);
            double *values = values_new(&frame), *whole = tally_of(&frame, &crowd, true);
            add(tally, &crowd, 0, crowd.count, true);
            assert_true(tally_sum(values, tally, 1, NULL));
            for (size_t i = 0; i < 2500; i++)
                assert_true(fabs(values[i] - whole[i]) <= 1e-4 + 1e-5 * whole[i]);
            tally_close(tally);
            free(values);
            free(whole);
        }
    crowd_free(&crowd);
}

static void a_raster_too_long_for_a_fine_mesh_has_a_coarser_one(void **state)
{
    (void)state;
    struct frame frame = frame_make(KERNEL_QUARTIC, 1000, 10);
    frame.columns = 220000;
    frame.rows = 1;
    int32_t x = 110000321, y = 499;
    struct crowd one = {&x, &y, NULL, 1};
    double *values = tally_of(&frame, &one, false), worst = 0;
    for (size_t i = 109900; i < 110100; i++)
        worst = fmax(worst, fabs(values[i] - plain_at(&frame, &one, i, false)));
    assert_true(worst > 1e-3 / 4 && worst < 5e-3);
    assert_true(values[0] == 0 && values[219999] == 0);
    free(values);
}

static void the_sum_over_all_cells_is_the_number_of_points(void **state)
{
    (void)state;
    struct crowd crowd;
    uint64_t seed = 17;
    crowd_new(&crowd, 3000);
    for (size_t i = 0; i < crowd.count; i++) {
        crowd.x[i] = between(&seed, 0, 100000);
        crowd.y[i] = between(&seed, 0, 100000);
    }
    for (int k = 0; k < SMOOTH; k++)
        for (int r = 6; r < 14; r++) {
            struct frame frame = frame_make(KERNELS[k], 1000, RATIOS[r]);
            size_t around = (size_t)(sqrt(frame.reach2) / 1000) + 2;
            frame.columns = frame.rows = 100 + 2 * around;
            frame.x_min = frame.y_min = -1000.0 * (double)around;
            double *values = tally_of(&frame, &crowd, false), sum = 0;
            for (size_t i = 0; i < frame.columns * frame.rows; i++)
                sum += values[i];
            sum *= kernel_peak(KERNELS[k], RATIOS[r]);
            assert_true(fabs(sum - 3000) < 3000 * 1e-3);
            free(values);
        }
    crowd_free(&crowd);
}

static void weights_beyond_64_bits_are_refused(void **state)
{
    (void)state;
    struct frame frame = frame_make(KERNEL_QUARTIC, 1000, 20);
    int32_t at[] = {0, 0};
    double weights[] = {4e9, 4e9};
    struct points points = {at, at, 2};
    struct error error = {0};
    frame.columns = frame.rows = 5;
    struct tally *tally = tally_open(&frame, &(struct tally_options){0}, NULL);
    assert_false(tally_add(tally, &points, weights, &error));
    assert_int_equal(error.kind, ERROR_DATA);
    tally_close(tally);
}

/* Counts */

static void check_counts(const struct frame *frame, const struct crowd *crowd, bool weighted)
{
    double *values = tally_of(frame, crowd, weighted);
    for (size_t i = 0; i < frame->columns * frame->rows; i++) {
        double x = frame_centre_x(frame, i % frame->columns), count = 0;
        double y = frame_centre_y(frame, i / frame->columns);
        for (size_t p = 0; p < crowd->count; p++) {
            double dx = x - crowd->x[p], dy = y - crowd->y[p];
            if (crowd->x[p] != GRID_NOWHERE && crowd->x[p] != GRID_FAR
                && dx * dx + dy * dy < frame->reach2)
                count += weighted ? crowd->weights[p] : 1;
        }
        if (values[i] != count)
            print_error("%g cells, cell %zu: %g for %g\n", frame->bandwidth / frame->cell, i,
                        values[i], count);
        assert_true(values[i] == count);
    }
    free(values);
}

static void counts_are_exact_for_any_raster(void **state)
{
    (void)state;
    struct crowd crowd;
    crowd_new(&crowd, 400);
    for (uint64_t seed = 1; seed <= cases_looked(150); seed++) {
        uint64_t random = seed;
        double cell = between(&random, 2, 6000) / 2.0;
        struct frame frame = frame_make(KERNEL_UNIFORM, cell, between(&random, 1, 400) / 10.0);
        frame.columns = (size_t)between(&random, 1, 50);
        frame.rows = (size_t)between(&random, 1, 50);
        frame.x_min = between(&random, -4000, 4000) / 2.0;
        frame.y_min = between(&random, -4000, 4000) / 2.0;
        crowd_fill(&crowd, (int32_t)(50 * cell) + 1, random);
        check_counts(&frame, &crowd, seed % 2 == 0);
    }
    crowd_free(&crowd);
}

/* Points on a lattice of half cells around centres on the same one: many lie on the very rim. */
static void a_point_just_at_reach_does_not_count(void **state)
{
    (void)state;
    struct crowd crowd;
    crowd_new(&crowd, 900);
    static const int32_t REACHES[] = {5, 10, 13, 25, 65};
    for (int r = 0; r < 5; r++)
        for (int32_t cell = 2; cell <= 8; cell += 2) {
            struct frame frame = frame_make(KERNEL_UNIFORM, cell, (double)REACHES[r] / cell);
            frame.columns = frame.rows = 40;
            frame.reach2 = REACHES[r] * REACHES[r];
            for (size_t i = 0; i < 900; i++) {
                crowd.x[i] = (int32_t)(i % 30) * cell / 2 + 3 * cell;
                crowd.y[i] = (int32_t)(i / 30) * cell / 2 + 3 * cell;
            }
            check_counts(&frame, &crowd, false);
        }
    crowd_free(&crowd);
}

static void a_reach_of_very_many_rows_needs_no_table(void **state)
{
    (void)state;
    struct crowd crowd;
    crowd_new(&crowd, 60);
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct frame frame = frame_make(KERNEL_UNIFORM, 3, 4000.0 + 50 * (double)seed);
        frame.columns = frame.rows = 60;
        crowd_fill(&crowd, 12000, seed);
        check_counts(&frame, &crowd, seed % 2 == 0);
    }
    crowd_free(&crowd);
}

/* Whether a cell within reach of this one counts less than enough. */
static bool is_near_few(const struct frame *frame, const double *counts, size_t cell, double enough)
{
    long reach = (long)(sqrt(frame->reach2) / frame->cell), columns = (long)frame->columns;
    long column = (long)cell % columns, row = (long)cell / columns;
    for (long r = row - reach; r <= row + reach; r++)
        for (long c = column - reach; c <= column + reach; c++)
            if (r >= 0 && r < (long)frame->rows && c >= 0 && c < columns
                && (r - row) * (r - row) + (c - column) * (c - column) <= reach * reach
                && counts[r * columns + c] < enough)
                return true;
    return false;
}

static double *counts_in_batches(struct frame *frame, struct crowd *crowd, double enough,
                                 size_t batch)
{
    struct tally_options options = {.enough = enough};
    struct tally *tally = tally_open(frame, &options, NULL);
    double *values = values_new(frame);
    assert_non_null(tally);
    for (size_t at = 0; at < crowd->count; at += batch)
        add(tally, crowd, at, crowd->count - at < batch ? crowd->count - at : batch, false);
    assert_true(tally_sum(values, tally, 1, NULL));
    tally_close(tally);
    return values;
}

/* Where there is plenty the count may be `enough`, but never near a place that has less. */
static void where_there_is_plenty_it_matters_not_how_many(void **state)
{
    (void)state;
    static const double CELLS[] = {1.3, 4.2, 9, 17, 40};
    struct crowd crowd;
    crowd_new(&crowd, 2500000);
    for (int r = 0; r < 5; r++) {
        struct frame frame = frame_make(KERNEL_UNIFORM, 2000, CELLS[r]);
        double enough = 5 * CELLS[r] * CELLS[r];
        size_t covered = 0;
        frame.columns = 230;
        frame.rows = 190;
        frame.x_min = -3001;
        frame.y_min = 7777;
        crowd_fill(&crowd, 400000, 3);
        for (size_t i = 0; i < crowd.count; i++) /* nobody lies in a corner */
            if (crowd.x[i] < 200000 && crowd.y[i] < 200000)
                crowd.x[i] = crowd.y[i] = GRID_NOWHERE;
        double *exact = counts_in_batches(&frame, &crowd, 0, crowd.count);
        double *first = counts_in_batches(&frame, &crowd, enough, crowd.count);
        reverse(&crowd);
        frame.thread_count = 7;
        double *second = counts_in_batches(&frame, &crowd, enough, 333333);
        assert_memory_equal(first, second, frame.columns * frame.rows * sizeof *first);
        for (size_t i = 0; i < frame.columns * frame.rows; i++) {
            if (first[i] == exact[i])
                continue;
            covered++;
            assert_true(first[i] == enough && exact[i] > enough);
            if (covered % 29 == 0)
                assert_false(is_near_few(&frame, exact, i, enough));
        }
        if (covered <= 1000 || exact[0] >= enough)
            print_error("%g cells: %zu covered\n", CELLS[r], covered);
        assert_true(covered > 1000 && exact[0] < enough);
        free(exact);
        free(first);
        free(second);
    }
    crowd_free(&crowd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_point_alone_is_within_what_the_header_says),
        cmocka_unit_test(many_points_are_within_their_bound_of_the_plain_sums),
        cmocka_unit_test(a_million_points_leave_next_to_no_error),
        cmocka_unit_test(batches_order_and_threads_change_no_bit),
        cmocka_unit_test(a_point_of_weight_three_is_three_points),
        cmocka_unit_test(fractions_count_for_what_they_are),
        cmocka_unit_test(a_raster_too_long_for_a_fine_mesh_has_a_coarser_one),
        cmocka_unit_test(the_sum_over_all_cells_is_the_number_of_points),
        cmocka_unit_test(weights_beyond_64_bits_are_refused),
        cmocka_unit_test(counts_are_exact_for_any_raster),
        cmocka_unit_test(a_point_just_at_reach_does_not_count),
        cmocka_unit_test(a_reach_of_very_many_rows_needs_no_table),
        cmocka_unit_test(where_there_is_plenty_it_matters_not_how_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Tests the placing of labels, against a plain test by sampled points. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/draw/labels.h"

#include <math.h>

static double random_between(uint64_t *seed, double low, double high)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return low + (high - low) * (double)(*seed >> 40) / (double)(1 << 24);
}

static struct label_box random_box(uint64_t *seed)
{
    struct label_box box = {random_between(seed, -20, 620), random_between(seed, -20, 420),
                            random_between(seed, 4, 70), random_between(seed, 3, 14), 0};
    box.angle = random_between(seed, -1.6, 1.6);
    return box;
}

static bool holds(const struct label_box *box, double x, double y)
{
    double c = cos(box->angle), s = sin(box->angle), dx = x - box->x, dy = y - box->y;
    return fabs(dx * c + dy * s) < box->half_width && fabs(dy * c - dx * s) < box->half_height;
}

/* Whether any of many points of one lies in the other. */
static bool overlap_plainly(const struct label_box *a, const struct label_box *b)
{
    enum { STEPS = 36 };
    double corners[8];
    label_box_corners(corners, a);
    for (int i = 0; i <= STEPS; i++)
        for (int j = 0; j <= STEPS; j++) {
            double u = (double)i / STEPS, v = (double)j / STEPS;
            double x = corners[0] + u * (corners[2] - corners[0]) + v * (corners[6] - corners[0]);
            double y = corners[1] + u * (corners[3] - corners[1]) + v * (corners[7] - corners[1]);
            if (holds(b, x, y))
                return true;
        }
    return false;
}

static void overlap_is_what_sampled_points_say(void **state)
{
    (void)state;
    size_t overlapping = 0;
    for (uint64_t number = 1; number <= 2000; number++) {
        uint64_t seed = number;
        struct label_box a = random_box(&seed), b = random_box(&seed);
        b.x = a.x + random_between(&seed, -90, 90);
        b.y = a.y + random_between(&seed, -60, 60);
        bool plain = overlap_plainly(&a, &b) || overlap_plainly(&b, &a);
        overlapping += plain ? 1 : 0;
        if (plain && !label_boxes_overlap(&a, &b))
            fail_msg("seed %d: they overlap, and it was not seen", (int)number);
        struct label_box less = a;
        less.half_width -= 1.5;
        less.half_height -= 1.5;
        struct label_box less_b = b;
        less_b.half_width -= 1.5;
        less_b.half_height -= 1.5;
        /* Samples miss slivers: what is well apart must be seen to be. */
        if (!plain && label_boxes_overlap(&less, &less_b))
            fail_msg("seed %d: they are apart, and it was not seen", (int)number);
    }
    assert_true(overlapping > 200);
}

static void hold_scene(const struct labels *labels, size_t first, int number)
{
    for (size_t i = first; i < labels->count; i++) {
        double corners[8];
        label_box_corners(corners, &labels->items[i].box);
        for (int k = 0; k < 4; k++)
            if (corners[2 * k] < -1e-6 || corners[2 * k] > 600 + 1e-6 || corners[2 * k + 1] < -1e-6
                || corners[2 * k + 1] > 400 + 1e-6)
                fail_msg("seed %d: a label leaves the frame", number);
        for (size_t j = 0; j < i; j++)
            if (overlap_plainly(&labels->items[i].box, &labels->items[j].box))
                fail_msg("seed %d: two labels overlap", number);
    }
}

static void no_two_labels_overlap_and_none_leaves_the_frame(void **state)
{
    (void)state;
    size_t placed = 0;
    for (int number = 1; number <= 200; number++) {
        uint64_t seed = (uint64_t)number;
        struct labels labels = {0};
        labels_begin(&labels, (struct box){0, 0, 600, 400});
        for (int i = 0; i < 6; i++) {
            double ends[4] = {random_between(&seed, 0, 600), random_between(&seed, 0, 400),
                              random_between(&seed, 0, 600), random_between(&seed, 0, 400)};
            assert_true(labels_block_line(&labels, ends, 4, NULL));
        }
        size_t first = labels.count;
        for (int i = 0; i < 25; i++) {
            struct label_box candidates[8];
            size_t chosen;
            for (int k = 0; k < 8; k++)
                candidates[k] = random_box(&seed);
            assert_true(labels_place(&chosen, &labels, candidates, 8, NULL));
            placed += chosen < 8 ? 1 : 0;
        }
        hold_scene(&labels, first, number);
        labels_free(&labels);
    }
    assert_true(placed > 200 * 8);
}

static void who_comes_first_is_served_first(void **state)
{
    struct labels labels = {0};
    struct label_box wanted[2] = {{50, 50, 20, 5, 0}, {50, 80, 20, 5, 0}};
    size_t chosen;
    (void)state;
    labels_begin(&labels, (struct box){0, 0, 100, 100});
    assert_true(labels_place(&chosen, &labels, wanted, 2, NULL));
    assert_int_equal(chosen, 0);
    assert_true(labels_place(&chosen, &labels, wanted, 2, NULL));
    assert_int_equal(chosen, 1);
    assert_true(labels_place(&chosen, &labels, wanted, 2, NULL));
    assert_int_equal(chosen, 2); /* nowhere: left out, not squeezed in */
    assert_int_equal(labels.count, 2);
    labels_free(&labels);
}

static void a_badge_may_sit_on_an_outline_but_a_name_may_not(void **state)
{
    struct labels labels = {0};
    struct label_box outline = {50, 50, 20, 20, 0}, badge = {40, 40, 5, 5, 0};
    (void)state;
    labels_begin(&labels, (struct box){0, 0, 100, 100});
    assert_true(labels_take(&labels, &outline, LABEL_PATCH, NULL));
    assert_true(labels_fits_among(&labels, &badge, LABEL_LINE));
    assert_false(labels_fits(&labels, &badge));
    assert_true(labels_block_line(&labels, (double[4]){0, 40, 100, 40}, 3, NULL));
    assert_false(labels_fits_among(&labels, &badge, LABEL_LINE));
    assert_true(labels_fits_among(&labels, &badge, LABEL_TEXT));
    labels_free(&labels);
}

/* Places near, across and far beyond the frame; some are taken after the rest was listed. */
static void what_is_listed_is_found_as_without(void **state)
{
    size_t fit = 0;
    (void)state;
    for (uint64_t number = 1; number <= 200; number++) {
        uint64_t seed = number;
        struct labels plain = {0}, listed = {0};
        labels_begin(&plain, (struct box){0, 0, 600, 400});
        labels_begin(&listed, plain.frame);
        size_t count = number % 40, before = number % 7 * count / 6;
        for (size_t i = 0; i <= count; i++) {
            struct label_box box = random_box(&seed);
            enum label_kind kind = (enum label_kind)(i % 3);
            box.x = random_between(&seed, -900, 1500);
            if (i == before)
                assert_true(labels_index(&listed, NULL));
            assert_true(labels_take(&plain, &box, kind, NULL));
            assert_true(labels_take(&listed, &box, kind, NULL));
        }
        for (int i = 0; i < 200; i++) {
            struct label_box box = random_box(&seed);
            enum label_kind least = (enum label_kind)(i % 3);
            bool fits = labels_fits_among(&plain, &box, least);
            fit += fits;
            if (labels_fits_among(&listed, &box, least) != fits)
                fail_msg("seed %llu, box %d: it %s", (unsigned long long)number, i,
                         fits ? "fits" : "does not fit");
        }
        labels_free(&plain);
        labels_free(&listed);
    }
    assert_true(fit > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overlap_is_what_sampled_points_say),
        cmocka_unit_test(no_two_labels_overlap_and_none_leaves_the_frame),
        cmocka_unit_test(who_comes_first_is_served_first),
        cmocka_unit_test(a_badge_may_sit_on_an_outline_but_a_name_may_not),
        cmocka_unit_test(what_is_listed_is_found_as_without),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

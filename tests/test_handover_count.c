/* Tests what a handover counts: which squares are in the strip, whose incidents are counted in
 * them, and what is no handover at all. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/formats/vocabulary.h"
#include "engine/study/handover.h"
#include "tests/towns.h"

static struct towns towns;

static int make(void **state)
{
    (void)state;
    towns_make(&towns, 4);
    return 0;
}

static int unmake(void **state)
{
    (void)state;
    towns_remove(&towns);
    return 0;
}

static bool count(struct handover *handover, const char *to, double depth_m, struct error *error)
{
    const struct handover_options options = {.receiver = to, .depth_m = depth_m, .least = 10};
    *error = (struct error){0};
    return handover_count(handover, &towns.study, &options, error);
}

static void refuse(const char *to, double depth_m, enum error_kind kind, const char *why)
{
    struct handover handover;
    struct error error;
    if (count(&handover, to, depth_m, &error))
        fail_msg("counted for %s", to);
    assert_int_equal(error.kind, kind);
    if (strstr(error.message, why) == NULL)
        fail_msg("'%s' tells of no '%s'", error.message, why);
    handover_free(&handover);
}

static size_t all_of(const struct handover *handover, size_t domain, size_t quarter)
{
    return handover->table
        .counts[handover_cell(handover, domain, handover_all(handover, SQUARE_AXIS), quarter)];
}

static void only_the_senders_own_in_the_strip_are_counted(void **state)
{
    (void)state;
    struct handover handover;
    struct error error;
    towns_write(&towns, "103950,502150,loitering,2024-02-03,politie,3\n"
                        "103950,502150,loitering,2024-08-03,boa,1\n"
                        "103950,502250,litter,,politie,2\n"
                        "103950,502250,litter,2024,politie,1\n"
                        "103950,502150,organised-crime,2024-02-03,politie,7\n"
                        "103050,502150,loitering,2023-12-31,politie,5\n" /* too far from B */
                        "104060,502150,loitering,2020-02-03,politie,9\n" /* B's own */
                        "110000,510000,loitering,2020-02-03,politie,9\n");
    towns_open(&towns, "A");
    assert_true(count(&handover, "B-stad", 100, &error));
    assert_int_equal(handover.square_count, 22); /* the column on the border, and one beside it */
    for (int32_t s = 0; s < 22; s++) {
        assert_int_equal(handover.squares[s].east, 1039 + s / 11);
        assert_int_equal(handover.squares[s].north, 5020 + s % 11);
    }
    assert_int_equal(handover.incidents, 7);
    assert_int_equal(handover.sensitive, 7);
    assert_int_equal(handover.source_count, 2);
    assert_int_equal(handover.first_quarter, 2023 * 4 + 3);
    assert_int_equal(handover.quarter_count, 4);
    size_t all = handover_all(&handover, DOMAIN_AXIS);
    assert_int_equal(all_of(&handover, all, handover_all(&handover, QUARTER_AXIS)), 7);
    assert_int_equal(all_of(&handover, DOMAIN_SOCIAL, 1), 3);
    assert_int_equal(all_of(&handover, DOMAIN_SOCIAL, 3), 1);
    assert_int_equal(all_of(&handover, DOMAIN_PHYSICAL, 4), 3); /* without a date */
    assert_int_equal(all_of(&handover, DOMAIN_SAFETY, handover_all(&handover, QUARTER_AXIS)), 0);
    handover_free(&handover);
    towns_close(&towns);
}

/* Without weights each row is one; without a date there is no quarter. */
static void rows_without_date_or_weight_are_counted_too(void **state)
{
    (void)state;
    struct handover handover;
    struct error error;
    towns_write(&towns, "103950,502150,loitering,,politie,1\n103950,502150,loitering,,politie,1\n");
    towns_open(&towns, "A");
    assert_true(count(&handover, "B", 100, &error));
    assert_int_equal(handover.quarter_count, 0);
    assert_int_equal(handover.incidents, 2);
    assert_int_equal(handover.source_count, 1);
    handover_free(&handover);
    towns_close(&towns);
}

static void sender_and_receiver_are_two_that_lie_near(void **state)
{
    (void)state;
    struct handover handover;
    struct error error;
    towns_write(&towns, "103950,502150,loitering,2024-02-03,politie,3\n");
    towns_open(&towns, NULL);
    refuse("X", 100, ERROR_USAGE, "X");
    refuse("B", 100, ERROR_USAGE, "who hands over to B-stad?");
    towns_close(&towns);
    towns_open(&towns, "A");
    refuse("A", 100, ERROR_USAGE, "who hands over to A-stad?");
    refuse("N", 100, ERROR_DATA, "no ground of A-stad lies within 100 m of N-stad");
    refuse("E", 100, ERROR_DATA, "no ground of A-stad lies within 100 m of E-stad");
    refuse("E", 4199, ERROR_DATA, "no ground of A-stad lies within 4199 m of E-stad");
    assert_true(count(&handover, "E", 4201, &error));
    assert_int_equal(handover.square_count, 11);
    handover_free(&handover);
    towns_close(&towns);
}

/* Of two towns the other one is the sender, and what lies in the same square beyond the border is
 * the receiver's own. */
static void the_only_neighbour_is_the_sender(void **state)
{
    (void)state;
    struct towns two;
    struct handover handover;
    struct error error = {0};
    const struct handover_options options = {.receiver = "B", .depth_m = 100, .least = 10};
    towns_make(&two, 2);
    towns_write(&two, "104040,502150,loitering,2024-02-03,politie,3\n"
                      "104060,502150,loitering,2020-02-03,politie,9\n");
    towns_open(&two, NULL);
    assert_true(handover_count(&handover, &two.study, &options, &error));
    assert_int_equal(handover.incidents, 3);
    assert_int_equal(handover.quarter_count, 1);
    assert_int_equal(handover.first_quarter, 2024 * 4);
    handover_free(&handover);
    towns_close(&two);
    towns_remove(&two);
}

/* 2^32 in all would be none in 32 bits. */
static void more_than_a_count_holds_is_refused(void **state)
{
    (void)state;
    struct handover handover;
    struct error error;
    towns_write(&towns, "103950,502150,loitering,2024-02-03,politie,1999999999\n"
                        "103950,502150,organised-crime,2024-02-03,politie,1\n");
    towns_open(&towns, "A");
    assert_true(count(&handover, "B", 100, &error));
    assert_int_equal(handover.incidents, 1999999999);
    handover_free(&handover);
    towns_close(&towns);
    towns_write(&towns, "103950,502150,loitering,2024-02-03,politie,2147483648\n"
                        "103950,502150,loitering,2024-02-03,boa,2147483648\n");
    towns_open(&towns, "A");
    refuse("B", 100, ERROR_DATA, "A-stad has 4294967296 incidents, more than a package holds");
    towns_close(&towns);
}

/* 100 years, as a package that is read may have; a date of the year 924 makes it more. */
static void a_longer_period_than_a_package_has_is_refused(void **state)
{
    (void)state;
    struct handover handover;
    struct error error;
    towns_write(&towns, "103950,502150,loitering,2023-12-31,politie,1\n"
                        "103950,502150,loitering,1924-01-01,boa,1\n");
    towns_open(&towns, "A");
    assert_true(count(&handover, "B", 100, &error));
    assert_int_equal(handover.quarter_count, HANDOVER_QUARTERS_MOST);
    handover_free(&handover);
    towns_close(&towns);
    towns_write(&towns, "103950,502150,loitering,2023-12-31,politie,1\n"
                        "103950,502150,loitering,1923-12-31,boa,1\n");
    towns_open(&towns, "A");
    refuse("B", 100, ERROR_DATA,
           "A-stad has incidents from 1923-Q4 to 2023-Q4, 401 quarters; a package has 400 at most");
    towns_close(&towns);
}

static void an_earlier_package_in_another_system_is_refused(void **state)
{
    (void)state;
    struct handover handover;
    struct error error;
    struct handover earlier[2] = {{.crs = "EPSG:28992"}, {.crs = "EPSG:32631"}};
    struct handover_options options = {
        .receiver = "B", .depth_m = 100, .least = 10, .earlier = earlier, .earlier_count = 2};
    towns_write(&towns, "103950,502150,loitering,2023-12-31,politie,1\n");
    towns_open(&towns, "A");
    assert_false(handover_count(&handover, &towns.study, &options, &error));
    assert_int_equal(error.kind, ERROR_DATA);
    assert_non_null(strstr(error.message, "an earlier package is in EPSG:32631, and this one in "
                                          "EPSG:28992"));
    handover_free(&handover);
    towns_close(&towns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_senders_own_in_the_strip_are_counted),
        cmocka_unit_test(rows_without_date_or_weight_are_counted_too),
        cmocka_unit_test(sender_and_receiver_are_two_that_lie_near),
        cmocka_unit_test(the_only_neighbour_is_the_sender),
        cmocka_unit_test(more_than_a_count_holds_is_refused),
        cmocka_unit_test(a_longer_period_than_a_package_has_is_refused),
        cmocka_unit_test(an_earlier_package_in_another_system_is_refused),
    };
    return cmocka_run_group_tests(tests, make, unmake);
}

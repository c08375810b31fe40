/* Tests how a neighbour's package joins a study: whose it is, what of it is selected, and what is
 * said of it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/core/text.h"
#include "engine/formats/vocabulary.h"
#include "engine/report/package_words.h"
#include "engine/study/handover_read.h"
#include "engine/study/packages_join.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct package_facts BEVERWIJK = {"GM0375", "Beverwijk"};

/* Three squares of 100 m side by side, of which the last is withheld. */
static const char TABLE[] = "square,size_m,x,y,domain,quarter,incidents\n"
                            ",,,,,,50\n"
                            "E1030N5020,100,103000,502000,,,25\n"
                            "E1030N5020,100,103000,502000,social,,15\n"
                            "E1030N5020,100,103000,502000,,2024-Q2,10\n"
                            "E1031N5020,100,103100,502000,,,25\n"
                            "E1032N5020,100,103200,502000,,,\n";

/* A study of two jurisdictions, or, without boundaries, of none. */
struct fixture {
    struct study study;
    struct jurisdiction towns[2];
    bool owner_in[2];
    char *sources[1], *categories[1];
};

static void open(struct fixture *fixture, bool has_boundaries)
{
    memset(fixture, 0, sizeof *fixture);
    struct study *study = &fixture->study;
    fixture->towns[0] = (struct jurisdiction){.code = "GM0396", .name = "Heemskerk"};
    fixture->towns[1] = (struct jurisdiction){.code = "GM0375", .name = "Beverwijk"};
    study->has_boundaries = has_boundaries;
    study->boundaries.crs = "EPSG:28992";
    study->boundaries.grid = (struct grid){100000, 500000, 1};
    study->boundaries.jurisdictions.items = fixture->towns;
    study->boundaries.jurisdictions.count = has_boundaries ? 2 : 0;
    study->sources = dictionary_open(NULL);
    assert_non_null(study->sources);
    assert_true(array_new(&study->packages.items, 3, sizeof *study->packages.items, NULL));
}

static void close(struct fixture *fixture)
{
    packages_free(&fixture->study.packages);
    dictionary_close(fixture->study.sources);
    notes_free(&fixture->study.notes);
}

static bool take_of(struct fixture *fixture, int32_t first, size_t quarters,
                    const struct package_facts *sender, struct error *error)
{
    const struct handover_facts facts = {.name = "a.zip",
                                         .crs = "EPSG:28992",
                                         .least = 10,
                                         .least_per_ha = 26,
                                         .depth_m = 500,
                                         .first_quarter = first,
                                         .quarter_count = quarters};
    static const char UNDATED[] = "square,size_m,x,y,domain,quarter,incidents\n"
                                  "E1030N5020,100,103000,502000,,,25\n";
    bool has_april = first <= 2024 * 4 + 1 && first + (int32_t)quarters > 2024 * 4 + 1;
    const char *table = has_april ? TABLE : UNDATED;
    struct packages *packages = &fixture->study.packages;
    struct source_package *package = &packages->items[packages->count];
    struct handover handover;
    *error = (struct error){0};
    *package = (struct source_package){.file = text_copy("a.zip", 5, NULL),
                                       .source = text_copy("overdracht", 10, NULL)};
    if (!handover_read(&handover, table, strlen(table), &facts, error))
        fail_msg("%s", error->message);
    packages->count++;
    bool done = package_take(package, &fixture->study, &handover, sender, error);
    assert_null(handover.squares);
    assert_int_equal(package->is_read, done);
    return done;
}

static const struct source_package *take(struct fixture *fixture)
{
    struct error error;
    if (!take_of(fixture, 2024 * 4, 4, &BEVERWIJK, &error))
        fail_msg("%s", error.message);
    return &fixture->study.packages.items[fixture->study.packages.count - 1];
}

static size_t selected(const struct source_package *package)
{
    const struct package_part part = package_selected(package);
    return package_count(package, &part).incidents;
}

/* ---- whose it is ---- */

static void a_sender_is_found_by_code_and_else_by_name(void **state)
{
    (void)state;
    static const struct {
        struct package_facts facts;
        int32_t owner; /* OUTSIDE: refused */
        const char *sender;
    } cases[] = {
        {{"GM0375", "Beverwijk"}, 1, "Beverwijk"},
        {{"gm0375", NULL}, 1, "gm0375"},
        {{"GM0396", "Beverwijk"}, 0, "Beverwijk"},
        {{NULL, "beverwijk"}, 1, "beverwijk"},
        {{"", "HEEMSKERK"}, 0, "HEEMSKERK"},
        {{"GM9999", "Beverwijk"}, 1, "Beverwijk"},
        {{"GM9999", "Velsen"}, OUTSIDE, "Velsen"},
        {{"GM9999", NULL}, OUTSIDE, "GM9999"},
        {{NULL, NULL}, OUTSIDE, ""},
        {{"", ""}, OUTSIDE, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int with = 0; with < 2; with++) {
            struct fixture fixture;
            struct error error;
            char wanted[100];
            open(&fixture, with == 1);
            bool done = take_of(&fixture, 2024 * 4, 4, &cases[i].facts, &error);
            const struct source_package *package = &fixture.study.packages.items[0];
            assert_string_equal(package->sender, cases[i].sender);
            assert_int_equal(package->owner, with == 1 ? cases[i].owner : OUTSIDE);
            assert_int_equal(done, with == 0 || cases[i].owner != OUTSIDE);
            if (!done) {
                snprintf(wanted, sizeof wanted, "a.zip: its sender, '%s' (%s), is no jurisdiction",
                         cases[i].sender,
                         cases[i].facts.sender_code != NULL ? cases[i].facts.sender_code : "");
                assert_non_null(strstr(error.message, wanted));
                assert_int_equal(error.kind, ERROR_DATA);
            }
            close(&fixture);
        }
}

static void squares_of_another_system_are_refused(void **state)
{
    (void)state;
    struct fixture fixture;
    struct error error;
    open(&fixture, true);
    fixture.study.boundaries.crs = "EPSG:32631";
    assert_false(take_of(&fixture, 2024 * 4, 4, &BEVERWIJK, &error));
    assert_int_equal(error.kind, ERROR_DATA);
    assert_non_null(strstr(error.message, "squares are those of EPSG:28992, and the study is in "
                                          "EPSG:32631; say --crs EPSG:28992"));
    close(&fixture);
    open(&fixture, false);
    fixture.study.boundaries.crs = "EPSG:32631";
    assert_true(take_of(&fixture, 2024 * 4, 4, &BEVERWIJK, &error));
    close(&fixture);
}

static void two_packages_of_one_sender_tell_of_two_times(void **state)
{
    (void)state;
    static const struct {
        int32_t first;
        size_t count;
        bool may;
    } cases[] = {{2023 * 4, 4, true},      {2025 * 4, 4, true},      {2023 * 4 + 1, 4, false},
                 {2024 * 4 + 3, 4, false}, {2024 * 4 + 1, 2, false}, {2023 * 4, 9, false},
                 {2026 * 4, 0, false}};
    static const struct package_facts other = {"GM0396", "Heemskerk"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int turn = 0; turn < 2; turn++) {
            struct fixture fixture;
            struct error error;
            open(&fixture, true);
            bool later = turn == 1;
            assert_true(take_of(&fixture, later ? cases[i].first : 2024 * 4,
                                later ? cases[i].count : 4, &BEVERWIJK, &error));
            assert_true(take_of(&fixture, 2024 * 4, 4, &other, &error));
            bool done = take_of(&fixture, later ? 2024 * 4 : cases[i].first,
                                later ? 4 : cases[i].count, &BEVERWIJK, &error);
            assert_int_equal(done, cases[i].may);
            if (!done)
                assert_non_null(
                    strstr(error.message, "are both of Beverwijk and tell of the same"));
            close(&fixture);
        }
}

/* ---- what of it is selected ---- */

static void a_domain_is_one_of_the_table(void **state)
{
    (void)state;
    struct fixture fixture;
    for (int any = 0; any < 3; any++) {
        open(&fixture, true);
        fixture.study.selection.domains = any != 1 ? 1 << DOMAIN_SOCIAL : 0;
        fixture.study.selection.domains_any = any == 1   ? 1 << DOMAIN_SOCIAL
                                              : any == 2 ? 1 << DOMAIN_SAFETY
                                                         : 0;
        const struct source_package *package = take(&fixture);
        for (size_t d = 0; d < HANDOVER_DOMAINS; d++)
            assert_int_equal(package_is_selected(package, DOMAIN_AXIS, d),
                             d == DOMAIN_SOCIAL && any != 2);
        assert_int_equal(package_square(package, 0).incidents, any != 2 ? 15 : 0);
        close(&fixture);
    }
}

static void a_square_is_where_its_centre_is(void **state)
{
    (void)state;
    struct fixture fixture;
    open(&fixture, true);
    fixture.study.selection.has_box = true;
    fixture.study.selection.box[0] = 3051 * 1000; /* a metre beyond the first one's centre */
    fixture.study.selection.box[2] = fixture.study.selection.box[3] = 10000 * 1000;
    const struct source_package *package = take(&fixture);
    assert_false(package_is_selected(package, SQUARE_AXIS, 0));
    assert_true(package_is_selected(package, SQUARE_AXIS, 1));
    assert_true(package_is_selected(package, SQUARE_AXIS, 2));
    assert_int_equal(package->absence, PACKAGE_PRESENT);
    struct square_list list = {0};
    struct box *boxes = NULL;
    size_t count = 0;
    assert_true(packages_list(&list, &fixture.study.packages, OUTSIDE, NULL));
    assert_int_equal(list.count, 1);
    assert_int_equal(list.items[0].square.east, 1031);
    assert_true(packages_boxes(&boxes, &count, &fixture.study.packages, NULL));
    assert_int_equal(count, 2);
    assert_true(boxes[1].x_min == 103200 && boxes[1].y_max == 502100);
    array_free(&boxes);
    array_free(&list.items);
    packages_remark_density(&fixture.study);
    assert_non_null(
        strstr(fixture.study.notes.lines[0], "1 with a count, rounded to fives, and 1 "));
    assert_non_null(strstr(fixture.study.notes.lines[1], "a.zip: 25 incidents are spread"));
    close(&fixture);
    open(&fixture, true);
    fixture.study.selection.has_circle = true;
    fixture.study.selection.centre[0] = 3250 * 1000;
    fixture.study.selection.centre[1] = 2150 * 1000;
    fixture.study.selection.radius_units = 99e3;
    package = take(&fixture);
    assert_int_equal(package->absence, PACKAGE_NOT_ASKED);
    close(&fixture);
    open(&fixture, true);
    fixture.study.selection.has_circle = true;
    fixture.study.selection.centre[0] = 3250 * 1000;
    fixture.study.selection.centre[1] = 2150 * 1000;
    fixture.study.selection.radius_units = 101e3;
    package = take(&fixture);
    assert_int_equal(package->absence, PACKAGE_PRESENT);
    assert_true(package_is_selected(package, SQUARE_AXIS, 2));
    assert_false(package_is_selected(package, SQUARE_AXIS, 1));
    close(&fixture);
}

static void a_quarter_counts_that_lies_wholly_in_the_period(void **state)
{
    (void)state;
    struct fixture fixture;
    int64_t april = package_first_day(2024 * 4 + 1), july = package_first_day(2024 * 4 + 2);
    static const struct {
        int first, last;
        size_t incidents, parts;
    } cases[] = {{0, -1, 10, 0}, {0, 0, 10, 1}, {-1, -1, 10, 1}, {-1, 0, 10, 2},
                 {1, -1, 0, 1},  {0, -2, 0, 1}, {1, 0, 0, 2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct period period = {0};
        open(&fixture, true);
        fixture.study.selection.has_period = true;
        fixture.study.selection.first_day = april + cases[i].first;
        fixture.study.selection.last_day = july + cases[i].last;
        const struct source_package *package = take(&fixture);
        assert_int_equal(package_square(package, 0).incidents, cases[i].incidents);
        assert_int_equal(package->part_quarters, cases[i].parts);
        period = packages_period(period, &fixture.study.packages);
        assert_int_equal(period.known, cases[i].incidents > 0);
        if (period.known) {
            assert_int_equal(period.first, april);
            assert_int_equal(period.last, july - 1);
        }
        packages_remark(&fixture.study);
        assert_int_equal(fixture.study.notes.count, cases[i].parts > 0 ? 2 : 1);
        close(&fixture);
    }
}

static void a_period_is_widened_and_never_narrowed(void **state)
{
    (void)state;
    struct fixture fixture;
    open(&fixture, true);
    take(&fixture);
    int64_t first = package_first_day(2024 * 4), last = package_first_day(2025 * 4) - 1;
    const struct period wider = {.known = true, .first = first - 5, .last = last + 5};
    const struct period within = {.known = true, .first = first + 5, .last = last - 5};
    struct period got = packages_period(wider, &fixture.study.packages);
    assert_true(got.first == first - 5 && got.last == last + 5);
    got = packages_period(within, &fixture.study.packages);
    assert_true(got.first == first && got.last == last);
    fixture.study.packages.items[0].absence = PACKAGE_CANNOT_TELL;
    got = packages_period(within, &fixture.study.packages);
    assert_true(got.first == first + 5 && got.last == last - 5);
    fixture.study.packages.items[0].absence = PACKAGE_PRESENT;
    fixture.study.packages.items[0].is_read = false;
    got = packages_period(within, &fixture.study.packages);
    assert_true(got.first == first + 5 && got.last == last - 5);
    close(&fixture);
}

static void what_squares_do_not_know_leaves_them_out(void **state)
{
    (void)state;
    struct fixture fixture;
    for (int what = 0; what < 8; what++) {
        open(&fixture, true);
        struct selection *selection = &fixture.study.selection;
        fixture.sources[0] = what == 3 ? "OVERDRACHT" : "politie";
        fixture.categories[0] = "litter";
        selection->hours = what == 0 ? 1 : 0;
        selection->weekdays = what == 1 ? 1 : 0;
        if (what == 2)
            selection->categories = (struct words){fixture.categories, 1, 1};
        if (what == 3 || what == 4)
            selection->sources = (struct words){fixture.sources, 1, 1};
        fixture.owner_in[1] = what == 6;
        if (what == 5 || what == 6)
            selection->owner_in = fixture.owner_in;
        const struct source_package *package = take(&fixture);
        assert_int_equal(package->absence, what < 3                 ? PACKAGE_CANNOT_TELL
                                           : what == 4 || what == 5 ? PACKAGE_NOT_ASKED
                                                                    : PACKAGE_PRESENT);
        bool present = package->absence == PACKAGE_PRESENT;
        assert_int_equal(packages_take_part(&fixture.study.packages), present);
        packages_remark_density(&fixture.study);
        assert_int_equal(fixture.study.notes.count, present ? 2 : what < 3 ? 1 : 0);
        if (what < 3)
            assert_string_equal(fixture.study.notes.lines[0],
                                "a.zip: 3 squares are left out, since they tell no category, hour "
                                "or weekday");
        assert_int_equal(selected(package), 50);
        close(&fixture);
    }
    open(&fixture, false);
    fixture.study.selection.owner_in = fixture.owner_in; /* of what has no boundaries, nobody's */
    assert_int_equal(take(&fixture)->absence, PACKAGE_NOT_ASKED);
    packages_pass_over(&fixture.study);
    assert_string_equal(fixture.study.notes.lines[0],
                        "a.zip: 3 squares of Beverwijk take no part in this, since they are counts "
                        "and no incidents");
    close(&fixture);
}

/* ---- beside the points ---- */

static void own_incidents_in_the_senders_ground_are_counted(void **state)
{
    (void)state;
    struct fixture fixture;
    int32_t owner[] = {1, 0, 1, OUTSIDE};
    uint32_t weight[] = {2, 3, 4, 5};
    struct incidents batch = {.count = 4, .owner = owner};
    open(&fixture, true);
    take(&fixture);
    struct packages *packages = &fixture.study.packages;
    packages_begin(packages);
    packages_count_own(packages, &batch);
    assert_int_equal(packages->items[0].own, 2);
    batch.weight = weight;
    packages_count_own(packages, &batch);
    assert_int_equal(packages->items[0].own, 8);
    packages_remark(&fixture.study);
    assert_non_null(
        strstr(fixture.study.notes.lines[1], "8 incidents from the other files lie in"));
    packages->items[0].owner = OUTSIDE; /* without boundaries: whose they are is not known */
    packages_begin(packages);
    packages_count_own(packages, &batch);
    assert_int_equal(packages->items[0].own, 0);
    close(&fixture);
}

/* ---- what is said of it on a map ---- */

static void assert_words(void say(struct text *, const struct packages *),
                         const struct packages *packages, const char *wanted)
{
    struct text text = {0};
    say(&text, packages);
    assert_string_equal(text.bytes != NULL ? text.bytes : "", wanted);
    text_free(&text);
}

static void a_map_names_those_that_take_part(void **state)
{
    (void)state;
    struct fixture fixture;
    struct error error;
    static const struct package_facts other = {"GM0396", "Heemskerk"};
    open(&fixture, true);
    take(&fixture);
    struct packages *packages = &fixture.study.packages;
    assert_words(package_words_key, packages, "counts by square (Beverwijk, from 10 on)");
    assert_words(package_words_counts, packages, " plus between 48 and 52 in squares of Beverwijk");
    assert_true(take_of(&fixture, 2024 * 4, 4, &other, &error));
    assert_words(package_words_key, packages,
                 "counts by square (Beverwijk, from 10 on; Heemskerk, from 10 on)");
    assert_words(package_words_method, packages,
                 " Clusters are of incidents alone, not of squares.");
    packages->items[0].absence = PACKAGE_NOT_ASKED;
    assert_words(package_words_source, packages,
                 "; squares of Heemskerk: counts rounded to fives, each spread over its square "
                 "(a.zip)");
    packages->items[1].is_read = false;
    assert_words(package_words_key, packages, "");
    assert_words(package_words_counts, packages, "");
    assert_words(package_words_source, packages, "");
    assert_words(package_words_method, packages, "");
    close(&fixture);
}

/* One square in all, which is withheld: nobody knows that it has fewer than k, since it may be so
 * for the sake of another number. */
static void a_count_without_an_end_is_so_many_or_more(void **state)
{
    (void)state;
    static const char OPEN[] = "square,size_m,x,y,domain,quarter,incidents\n"
                               "E1030N5020,100,103000,502000,,,\n";
    const struct handover_facts facts = {.name = "a.zip",
                                         .crs = "EPSG:28992",
                                         .least = 10,
                                         .first_quarter = 2024 * 4,
                                         .quarter_count = 1};
    struct fixture fixture;
    struct handover handover;
    open(&fixture, true);
    fixture.study.selection.domains = 1 << DOMAIN_SOCIAL | 1 << DOMAIN_SAFETY;
    struct source_package *package = fixture.study.packages.items;
    fixture.study.packages.count = 1;
    package->file = text_copy("a.zip", 5, NULL);
    package->source = text_copy("b", 1, NULL);
    assert_true(handover_read(&handover, OPEN, sizeof OPEN - 1, &facts, NULL));
    assert_true(package_take(package, &fixture.study, &handover, &BEVERWIJK, NULL));
    assert_words(package_words_counts, &fixture.study.packages,
                 " plus 0 or more in squares of Beverwijk");
    packages_remark_density(&fixture.study);
    assert_string_equal(fixture.study.notes.lines[1],
                        "a.zip: 0 incidents are spread over the squares that have a count");
    close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sender_is_found_by_code_and_else_by_name),
        cmocka_unit_test(squares_of_another_system_are_refused),
        cmocka_unit_test(two_packages_of_one_sender_tell_of_two_times),
        cmocka_unit_test(a_domain_is_one_of_the_table),
        cmocka_unit_test(a_square_is_where_its_centre_is),
        cmocka_unit_test(a_quarter_counts_that_lies_wholly_in_the_period),
        cmocka_unit_test(a_period_is_widened_and_never_narrowed),
        cmocka_unit_test(what_squares_do_not_know_leaves_them_out),
        cmocka_unit_test(own_incidents_in_the_senders_ground_are_counted),
        cmocka_unit_test(a_map_names_those_that_take_part),
        cmocka_unit_test(a_count_without_an_end_is_so_many_or_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

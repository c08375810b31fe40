/* Dates and moments: against the C library's calendar, and as people write them. */
#include "tests/cases.h"

#include "engine/core/dates.h"

#include "engine/core/zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static const struct date_style PLAIN = {0};

static bool reads_as(const char *text, const char *expected, const struct date_style *style)
{
    moment when;
    char found[MOMENT_TEXT] = "refused";
    if (date_parse(&when, text, text + strlen(text), style))
        moment_format(found, when);
    if (strcmp(found, expected) != 0)
        print_error("'%s' is read as '%s', not '%s'\n", text, found, expected);
    return strcmp(found, expected) == 0;
}

static bool reads(const char *text, const char *expected)
{
    return reads_as(text, expected, &PLAIN);
}

static void every_day_of_two_centuries_goes_there_and_back(void **state)
{
    (void)state;
    int64_t day = days_from_civil(1900, 1, 1), end = days_from_civil(2101, 1, 1);
    for (; day < end; day++) {
        time_t second = (time_t)(day * 86400);
        struct tm expected;
        assert_non_null(gmtime_r(&second, &expected));
        struct civil civil = {
            expected.tm_year + 1900, expected.tm_mon + 1, expected.tm_mday, 0, 0, 0};
        char text[32], back[MOMENT_TEXT];
        moment when;
        snprintf(text, sizeof text, "%04d-%02d-%02d", civil.year, civil.month, civil.day);
        assert_int_equal(days_from_civil(civil.year, civil.month, civil.day), day);
        assert_true(date_parse(&when, text, text + strlen(text), &PLAIN));
        assert_int_equal(moment_day(when), day);
        assert_int_equal(moment_weekday(when), (expected.tm_wday + 6) % 7);
        moment_format(back, when);
        assert_string_equal(back, text);
    }
}

static void every_odd_second_goes_there_and_back(void **state)
{
    (void)state;
    for (int64_t second = -3000000000; second < 5000000000; second += 999983) {
        time_t stamp = (time_t)second;
        struct tm parts;
        char text[48], back[MOMENT_TEXT];
        moment when;
        assert_non_null(gmtime_r(&stamp, &parts));
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
        assert_true(date_parse(&when, text, text + strlen(text), &PLAIN));
        assert_true(when == moment_from_seconds(second, PRECISION_SECOND));
        assert_int_equal(moment_hour(when), parts.tm_hour);
        moment_format(back, when);
        assert_string_equal(back, text);
    }
}

static void iso_dates_keep_what_is_known(void **state)
{
    (void)state;
    assert_true(reads("2024", "2024"));
    assert_true(reads("2024-05", "2024-05"));
    assert_true(reads("2024/05/31", "2024-05-31"));
    assert_true(reads("20240531", "2024-05-31"));
    assert_true(reads("2024-05-31T23:59", "2024-05-31T23:59:00"));
    assert_true(reads(" 2024-05-31 23:59:30.25 ", "2024-05-31T23:59:30"));
    assert_true(reads("2024-05-31 23:59:30,9", "2024-05-31T23:59:30"));
    assert_true(reads("20240531T2359", "2024-05-31T23:59:00"));
    assert_true(reads("2024-12-31T24:00", "2025-01-01T00:00:00"));
    assert_true(reads("2016-12-31T23:59:60", "2016-12-31T23:59:59"));
    assert_true(reads("", ""));
    assert_true(reads("  ", ""));
}

static void dutch_german_and_english_dates_are_read(void **state)
{
    (void)state;
    assert_true(reads("31-12-2024", "2024-12-31"));
    assert_true(reads("1/3/2024", "2024-03-01"));
    assert_true(reads("31.12.2024 9:05", "2024-12-31T09:05:00"));
    assert_true(reads("31-12-2024 9.30 uur", "2024-12-31T09:30:00"));
    assert_true(reads("31-12-2024 9 uur", "2024-12-31T09:00:00"));
    assert_true(reads("1 maart 2024", "2024-03-01"));
    assert_true(reads("05-Jan-2024 23:15", "2024-01-05T23:15:00"));
    assert_true(reads("1. M\xC3\xA4rz 2024", "2024-03-01"));
    assert_true(reads("May 31, 2024", "2024-05-31"));
    assert_true(reads("mei 2024", "2024-05"));
    assert_true(reads("05-2024", "2024-05"));
    assert_true(reads_as("12/31/2024 11:45:00 PM", "2024-12-31T23:45:00",
                         &(struct date_style){.month_first = true}));
    assert_true(reads_as("12/31/2024 12:05 am", "2024-12-31T00:05:00",
                         &(struct date_style){.month_first = true}));
}

static void what_is_no_date_is_refused(void **state)
{
    static const char *const REFUSED[] = {
        "1-2-24",
        "31-12-24",
        "2024-13-01",
        "2023-02-29",
        "2024-00-10",
        "2024-05-32",
        "2024-05-31T25:00",
        "2024-05-31T24:01",
        "2024-05-31T12:60",
        "2024-05-31 13:00 PM",
        "31/04/2024",
        "12/31/2024",
        "0000-01-01",
        "yesterday",
        "2024-05-31x",
        "2024-05-31T",
        "45443.5",
        "202405",
        "2024-05-31 12",
        "2024-05-31T12:00+",
        "-2024",
        "2024-05/31",
        "99999999",
        "9999-12-31T24:00",
        "2024-123",
        "5",
        "2024MM05",
    };
    (void)state;
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++)
        if (!reads(REFUSED[i], "refused"))
            fail_msg("'%s'", REFUSED[i]);
}

static void a_month_column_knows_only_months(void **state)
{
    struct date_style month = {.month_only = true}, day = {.day_only = true};
    (void)state;
    assert_true(reads_as("2022-01-01", "2022-01", &month));
    assert_true(reads_as("202201", "2022-01", &month));
    assert_true(reads_as("2022MM11", "2022-11", &month));
    assert_true(reads_as("2022", "2022", &month));
    assert_true(reads_as("2022-01-01T00:00:00", "2022-01-01", &day));
    assert_true(reads_as("2022-01-01T00:00:00.000Z", "2022-01-01", &day));
}

/* A blank before a text sends it past the quick path. */
static void the_quick_path_agrees_with_the_slow_one(void **state)
{
    static const char *const STAMPS[] = {"2024-05-31", "2024-05-31T23:59", "2024-05-31 23:59:30"};
    (void)state;
    for (size_t s = 0; s < 3; s++)
        for (size_t at = 0; at < strlen(STAMPS[s]); at++)
            for (int c = 1; c < 256; c++) {
                char text[32] = " ";
                moment quick, slow;
                snprintf(text + 1, sizeof text - 1, "%s", STAMPS[s]);
                text[1 + at] = (char)c;
                const char *end = text + strlen(text);
                bool quick_done = date_parse(&quick, text + 1, end, &PLAIN);
                bool slow_done = date_parse(&slow, text, end, &PLAIN);
                if (quick_done != slow_done || quick != slow)
                    fail_msg("'%s'", text + 1);
            }
}

static uint64_t draw(uint64_t *seed, uint64_t below) /* splitmix64 */
{
    uint64_t z = (*seed += 0x9E3779B97F4A7C15u);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (z ^ z >> 31) % below;
}

static void random_stamps_are_read_alike_by_both(void **state)
{
    static const char ODD[] = "0123456789-:T /.+Zz";
    uint64_t seed = 20240531;
    (void)state;
    for (uint64_t i = 0; i < cases_rounds(50000, 1); i++) {
        char text[64] = " ";
        moment quick, slow;
        snprintf(text + 1, sizeof text - 1, "%04d-%02d-%02dT%02d:%02d:%02d", (int)draw(&seed, 3000),
                 (int)draw(&seed, 14), (int)draw(&seed, 33), (int)draw(&seed, 26),
                 (int)draw(&seed, 62), (int)draw(&seed, 62));
        size_t length = draw(&seed, 3) == 0 ? 10 : draw(&seed, 4) == 0 ? 16 : strlen(text + 1);
        text[1 + length] = '\0';
        if (draw(&seed, 4) == 0)
            text[1 + draw(&seed, length)] = ODD[draw(&seed, sizeof ODD - 1)];
        bool quick_done = date_parse(&quick, text + 1, text + 1 + length, &PLAIN);
        bool slow_done = date_parse(&slow, text, text + 1 + length, &PLAIN);
        if (quick_done != slow_done || (quick_done && quick != slow))
            fail_msg("'%s'", text + 1);
    }
}

static void stamps_with_an_offset_need_a_zone(void **state)
{
    (void)state;
    assert_true(reads("2024-05-31T21:59:30Z", "refused"));
    struct zone *zone = zone_open("Europe/Amsterdam", NULL);
    if (zone == NULL) {
        fprintf(stderr, "SKIPPED: no tzdata: Europe/Amsterdam is missing\n");
        skip();
    }
    struct date_style local = {.zone = zone};
    assert_true(reads_as("2024-05-31T21:59:30.25Z", "2024-05-31T23:59:30", &local));
    assert_true(reads_as("2024-12-31 23:30:00+0000", "2025-01-01T00:30:00", &local));
    assert_true(reads_as("2024-05-31T23:59+02:00", "2024-05-31T23:59:00", &local));
    assert_true(reads_as("2024-05-31T12:00-05", "2024-05-31T19:00:00", &local));
    assert_true(reads_as("20240531T215930Z", "2024-05-31T23:59:30", &local));
    assert_true(reads_as("2024-05-31T23:59", "2024-05-31T23:59:00", &local));
    assert_true(reads_as("2024-05-31T12:00+19:00", "refused", &local));
    assert_true(reads_as("9999-12-31T23:59:59Z", "refused", &local));
    zone_close(zone);
}

static bool offset_in(const char *text)
{
    return date_look(text, text + strlen(text)).has_offset;
}

static void an_offset_is_told_from_a_plain_stamp(void **state)
{
    (void)state;
    assert_true(offset_in("2024-05-31T21:59:30Z"));
    assert_true(offset_in("2024-05-31 21:59 +02:00"));
    assert_true(offset_in("12/31/2024 21:59 UTC"));
    assert_false(offset_in("2024-05-31T21:59:30"));
    assert_false(offset_in("2024-05-31"));
    assert_false(offset_in("Z"));
}

static void midnights_are_told_from_times(void **state)
{
    static const char MIDNIGHT[] = "2024-05-31T00:00:00.000Z", NOON[] = "2024-05-31 12:00";
    struct date_facts facts = date_look(MIDNIGHT, MIDNIGHT + strlen(MIDNIGHT));
    (void)state;
    assert_true(facts.is_day && facts.has_time && facts.is_midnight && facts.has_offset);
    facts = date_look(NOON, NOON + strlen(NOON));
    assert_true(facts.is_day && facts.has_time && !facts.is_midnight && !facts.has_offset);
    facts = date_look(NOON, NOON + 10);
    assert_true(facts.is_day && !facts.has_time);
    facts = date_look(NOON, NOON + 7);
    assert_false(facts.is_day);
}

static bool adds(const char *date, const char *time, const char *expected)
{
    moment when;
    char found[MOMENT_TEXT] = "refused";
    assert_true(date_parse(&when, date, date + strlen(date), &PLAIN));
    if (date_add_time(&when, time, time + strlen(time)))
        moment_format(found, when);
    if (strcmp(found, expected) != 0)
        print_error("'%s' + '%s' is '%s', not '%s'\n", date, time, found, expected);
    return strcmp(found, expected) == 0;
}

static void a_time_column_completes_a_date(void **state)
{
    (void)state;
    assert_true(adds("2024-05-31", "23:59", "2024-05-31T23:59:00"));
    assert_true(adds("2024-05-31", "23:59:30", "2024-05-31T23:59:30"));
    assert_true(adds("2024-05-31", "2359", "2024-05-31T23:59:00"));
    assert_true(adds("2024-05-31", "930", "2024-05-31T09:30:00"));
    assert_true(adds("2024-05-31", "9.30 uur", "2024-05-31T09:30:00"));
    assert_true(adds("2024-05-31", "14", "2024-05-31T14:00:00"));
    assert_true(adds("2024-05-31", "24:00", "2024-06-01T00:00:00"));
    assert_true(adds("2024-05-31", "1899-12-30 14:30:00", "2024-05-31T14:30:00"));
    assert_true(adds("2024-05-31", "", "2024-05-31"));
    assert_true(adds("2024-05", "23:59", "2024-05"));
    assert_true(adds("", "23:59", ""));
    assert_true(adds("2024-05-31", "onbekend", "refused"));
    assert_true(adds("2024-05-31", "25:00", "refused"));
}

static void moments_sort_by_time_and_what_is_less_known_goes_first(void **state)
{
    struct civil civil = {2024, 1, 1, 0, 0, 0};
    (void)state;
    moment year = moment_make(&civil, PRECISION_YEAR), month = moment_make(&civil, PRECISION_MONTH);
    moment day = moment_make(&civil, PRECISION_DAY), second = moment_make(&civil, PRECISION_SECOND);
    assert_true(MOMENT_UNKNOWN < year && year < month && month < day && day < second);
    assert_true(moment_cut(second, PRECISION_MONTH) == month);
    assert_true(moment_cut(year, PRECISION_DAY) == year);
    assert_int_equal(moment_weekday(month), -1);
    assert_int_equal(moment_hour(day), -1);
    assert_int_equal(moment_hour(second), 0);
    assert_int_equal(moment_last_day(year) - moment_first_day(year), 365);
    assert_int_equal(moment_last_day(month) - moment_first_day(month), 30);
    assert_int_equal(moment_last_day(second), moment_day(day));
    assert_int_equal(moment_precision(MOMENT_UNKNOWN), PRECISION_NONE);
    assert_int_equal(moment_weekday(MOMENT_UNKNOWN), -1);
}

static int order(const char *text)
{
    return date_look(text, text + strlen(text)).order;
}

static void a_day_over_twelve_tells_the_order(void **state)
{
    (void)state;
    assert_int_equal(order("31/12/2024"), 1);
    assert_int_equal(order("12/31/2024 11:45"), -1);
    assert_int_equal(order("11/12/2024"), 0);
    assert_int_equal(order("2024-12-31"), 0);
}

/* What people and programs write now and then, and what is only nearly it. */
static void rarer_ways_to_write_a_date(void **state)
{
    (void)state;
    assert_true(reads("2024-mei-31", "2024-05-31"));
    assert_true(reads("2024-foo-31", "refused"));
    assert_true(reads("31-123-2024", "refused"));
    assert_true(reads("31 maart 24", "refused"));
    assert_true(reads("31 foo 2024", "refused"));
    assert_true(reads("May 311, 2024", "refused"));
    assert_true(reads("May 31, 24", "refused"));
    assert_true(reads("2024-05-31 9:30 a.m.", "2024-05-31T09:30:00"));
    assert_true(reads("2024-05-31 9.30 p.m.", "2024-05-31T21:30:00"));
    assert_true(reads("2024-05-31 14 Uhr", "2024-05-31T14:00:00"));
    assert_true(reads("2024-05-31 0:30 am", "refused"));
    assert_true(reads("2024-05-31T12:00:30.5", "2024-05-31T12:00:30"));
    assert_true(reads("2024-05-31T12:00:30.", "refused"));
    assert_true(reads("2024-05-31T12:00:3", "refused"));
    const struct date_style month = {.month_only = true};
    assert_true(reads_as("2024MM05", "2024-05", &month));
    assert_true(reads_as("2024MM5", "refused", &month));
    assert_true(reads_as("2024MM13", "refused", &month));
}

static void an_offset_has_two_digits_and_lies_within_a_day(void **state)
{
    (void)state;
    const struct date_style day = {.day_only = true}; /* which needs no zone */
    assert_true(reads_as("2024-05-31T12:00 GMT", "2024-05-31", &day));
    assert_true(reads_as("2024-05-31T12:00+0230", "2024-05-31", &day));
    assert_true(reads_as("2024-05-31T12:00-02:59", "2024-05-31", &day));
    assert_true(reads_as("2024-05-31T12:00+18", "2024-05-31", &day));
    assert_true(reads_as("2024-05-31T12:00+19", "refused", &day));
    assert_true(reads_as("2024-05-31T12:00+2", "refused", &day));
    assert_true(reads_as("2024-05-31T12:00+02:5", "refused", &day));
    assert_true(reads_as("2024-05-31T12:00+02:60", "refused", &day));
    assert_true(reads_as("2024-05-31T12:00 CET", "refused", &day));
}

static void a_time_that_is_a_date_or_has_an_offset_completes_none(void **state)
{
    (void)state;
    assert_true(adds("2024-05-31", "235930.5", "2024-05-31T23:59:30"));
    assert_true(adds("2024-05-31", "235930.", "refused"));
    assert_true(adds("2024-05-31", "1899-12-30", "refused"));
    assert_true(adds("2024-05-31", "1899-12-30T14:30Z", "refused"));
}

static void nothing_tells_nothing_of_an_order(void **state)
{
    (void)state;
    assert_int_equal(order(""), 0);
    assert_int_equal(order("05-2024"), 0);
    assert_int_equal(order("5 mei 2024"), 0);
    assert_int_equal(order("13/13/2024"), 0);
}

static void a_month_is_a_number_or_a_name(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int month; /* 0: refused */
    } cases[] = {{"1", 1},  {" 12 ", 12}, {"mrt", 3}, {"December", 12}, {"0", 0},
                 {"13", 0}, {"5x", 0},    {"x", 0},   {"", 0},          {"123", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int month;
        const char *text = cases[i].text;
        bool found = date_parse_month(&month, text, text + strlen(text));
        assert_int_equal(found ? month : 0, cases[i].month);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_two_centuries_goes_there_and_back),
        cmocka_unit_test(every_odd_second_goes_there_and_back),
        cmocka_unit_test(iso_dates_keep_what_is_known),
        cmocka_unit_test(dutch_german_and_english_dates_are_read),
        cmocka_unit_test(what_is_no_date_is_refused),
        cmocka_unit_test(a_month_column_knows_only_months),
        cmocka_unit_test(the_quick_path_agrees_with_the_slow_one),
        cmocka_unit_test(random_stamps_are_read_alike_by_both),
        cmocka_unit_test(stamps_with_an_offset_need_a_zone),
        cmocka_unit_test(an_offset_is_told_from_a_plain_stamp),
        cmocka_unit_test(midnights_are_told_from_times),
        cmocka_unit_test(a_time_column_completes_a_date),
        cmocka_unit_test(moments_sort_by_time_and_what_is_less_known_goes_first),
        cmocka_unit_test(a_day_over_twelve_tells_the_order),
        cmocka_unit_test(rarer_ways_to_write_a_date),
        cmocka_unit_test(an_offset_has_two_digits_and_lies_within_a_day),
        cmocka_unit_test(a_time_that_is_a_date_or_has_an_offset_completes_none),
        cmocka_unit_test(nothing_tells_nothing_of_an_order),
        cmocka_unit_test(a_month_is_a_number_or_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

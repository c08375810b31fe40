/* Time zones: against the C library's own reading of tzdata and of POSIX's rules. */
#include "engine/core/zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static struct zone *open_or_skip(const char *name)
{
    struct zone *zone = zone_open(name, NULL);
    if (zone == NULL) {
        fprintf(stderr, "SKIPPED: no tzdata: %s is missing\n", name);
        skip();
    }
    return zone;
}

static void compare(const char *name, int64_t begin, int64_t end, int64_t step)
{
    struct zone *zone = open_or_skip(name);
    setenv("TZ", name, 1);
    tzset();
    for (int64_t second = begin; second < end; second += step) {
        time_t stamp = (time_t)second;
        struct tm local;
        assert_non_null(localtime_r(&stamp, &local));
        if (zone_offset(zone, second) != local.tm_gmtoff)
            fail_msg("%s at %lld: %d, not %ld", name, (long long)second, zone_offset(zone, second),
                     local.tm_gmtoff);
    }
    unsetenv("TZ");
    tzset();
    zone_close(zone);
}

static void amsterdam_agrees_with_localtime(void **state)
{
    (void)state;
    compare("Europe/Amsterdam", 0, 2145916800, 4999); /* 1970 to 2037 */
}

static void a_change_counts_from_its_first_second(void **state)
{
    (void)state;
    compare("Europe/Amsterdam", 0, 1000000800, 3600); /* clocks change on a whole hour of UTC */
    compare("Europe/Amsterdam", -1, 1000000800, 3600);
    compare("Europe/Amsterdam", 2145916800, 2500000000, 3600);
    compare("Europe/Amsterdam", 2145916799, 2500000000, 3600);
}

static void amsterdam_agrees_beyond_the_last_transition(void **state)
{
    (void)state;
    compare("Europe/Amsterdam", 2145916800, 6000000000, 49999);
}

static void amsterdam_agrees_before_1970(void **state)
{
    (void)state;
    compare("Europe/Amsterdam", -2500000000, 0, 49999);
}

static void other_hemispheres_and_odd_rules_agree(void **state)
{
    static const char *const NAMES[] = {
        "America/Chicago", "Australia/Lord_Howe", "America/Santiago", "Asia/Kolkata", "UTC",
        "Europe/Dublin",   "America/St_Johns",    "Asia/Gaza",        "America/Nuuk"};
    (void)state;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        compare(NAMES[i], 0, 4200000000, 39989);
}

static void a_zone_that_is_not_there_is_a_wrong_use(void **state)
{
    static const char *const NAMES[] = {
        "Europe/Heemskerk", "../../etc/passwd", "/etc/localtime", "", "Europe", "tzdata.zi"};
    (void)state;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        struct error error = {0};
        assert_null(zone_open(NAMES[i], &error));
        assert_int_equal(error.kind, ERROR_USAGE);
        assert_non_null(strstr(error.message, NAMES[i]));
    }
}

static char folder[32];

static int in_a_folder(void **state)
{
    (void)state;
    strcpy(folder,
           access("/dev/shm", W_OK) == 0 ? "/dev/shm/plein-zone-XXXXXX" : "/tmp/plein-zone-XXXXXX");
    return mkdtemp(folder) != NULL && setenv("TZDIR", folder, 1) == 0 ? 0 : -1;
}

static int without_it(void **state)
{
    (void)state;
    unsetenv("TZDIR");
    return rmdir(folder);
}

/* Writes bytes as the zone "Made" in the folder, and opens it. */
static struct zone *open_bytes(const char *bytes, size_t size)
{
    char path[128];
    snprintf(path, sizeof path, "%s/Made", folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    struct error error = {0};
    struct zone *zone = zone_open("Made", &error);
    if (zone == NULL) {
        assert_int_equal(error.kind, ERROR_USAGE);
        assert_string_equal(error.message,
                            "'Made' is no time zone; write one like Europe/Amsterdam");
    }
    unlink(path);
    return zone;
}

static void a_torn_zone_file_is_refused_at_every_length(void **state)
{
    char bytes[8192];
    (void)state;
    FILE *file = fopen("/usr/share/zoneinfo/Europe/Amsterdam", "rb");
    if (file == NULL) {
        fprintf(stderr, "SKIPPED: /usr/share/zoneinfo/Europe/Amsterdam is missing\n");
        skip();
    }
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    for (size_t length = 0; length < size; length++)
        if (open_bytes(bytes, length) != NULL)
            fail_msg("a file of %zu of %zu bytes was taken", length, size);
    for (size_t at = 0; at < size; at++) { /* a wrong byte may pass, but never crash */
        bytes[at] = (char)~bytes[at];
        struct zone *zone = open_bytes(bytes, size);
        if (zone != NULL)
            (void)zone_offset(zone, 4000000000);
        zone_close(zone);
        bytes[at] = (char)~bytes[at];
    }
}

/* ---- files that are made here ---- */

/* What is put into a file; all of it changes at these times, to types of these offsets. */
struct made {
    char version;
    size_t time_count, type_count;
    int64_t times[4];
    unsigned char indexes[4];
    int32_t offsets[4];
    const char *footer; /* with its line ends */
};

static size_t put_number(char *into, int64_t number, size_t width)
{
    for (size_t i = 0; i < width; i++)
        into[i] = (char)(number >> (8 * (width - 1 - i)));
    return width;
}

static size_t put_header(char *into, const struct made *made, size_t times)
{
    const size_t counts[6] = {0, 0, 0, times, made->type_count, 0};
    memset(into, 0, 44);
    memcpy(into, "TZif", 4);
    into[4] = made->version;
    for (size_t i = 0; i < 6; i++)
        put_number(into + 20 + 4 * i, (int64_t)counts[i], 4);
    return 44;
}

static size_t put_block(char *into, const struct made *made, size_t times, size_t width)
{
    size_t at = 0;
    for (size_t i = 0; i < times; i++)
        at += put_number(into + at, made->times[i], width);
    for (size_t i = 0; i < times; i++)
        into[at++] = (char)made->indexes[i];
    for (size_t i = 0; i < made->type_count; i++) {
        at += put_number(into + at, made->offsets[i % 4], 4);
        at += put_number(into + at, 0, 2);
    }
    return at;
}

/* Of version 2 and later the first block is left without times, as slim files have it. */
static size_t make_file(char *into, const struct made *made)
{
    bool is_first = made->version == '\0';
    size_t times = is_first ? made->time_count : 0;
    size_t at = put_header(into, made, times);
    at += put_block(into + at, made, times, 4);
    if (is_first)
        return at;
    at += put_header(into + at, made, made->time_count);
    at += put_block(into + at, made, made->time_count, 8);
    memcpy(into + at, made->footer, strlen(made->footer));
    return at + strlen(made->footer);
}

static struct zone *open_made(const struct made *made)
{
    char bytes[8192];
    return open_bytes(bytes, make_file(bytes, made));
}

static struct zone *open_rule(const char *rule)
{
    char footer[128];
    snprintf(footer, sizeof footer, "\n%s\n", rule);
    return open_made(&(struct made){.version = '2', .type_count = 1, .footer = footer});
}

static long library_offset(int64_t second)
{
    time_t stamp = (time_t)second;
    struct tm local;
    assert_non_null(localtime_r(&stamp, &local));
    return local.tm_gmtoff;
}

static void check_at(const struct zone *zone, const char *rule, int64_t second)
{
    if (zone_offset(zone, second) != library_offset(second))
        fail_msg("%s at %lld: %d, not %ld", rule, (long long)second, zone_offset(zone, second),
                 library_offset(second));
}

/* Every few hours, and at both sides of each change. */
static void check_years(const struct zone *zone, const char *rule, int64_t begin, int64_t end)
{
    enum { STEP = 20011 };
    for (int64_t second = begin; second < end; second += STEP) {
        int64_t low = second, high = second + STEP;
        check_at(zone, rule, second);
        if (zone_offset(zone, low) == zone_offset(zone, high))
            continue;
        while (high - low > 1) {
            int64_t middle = low + (high - low) / 2;
            if (zone_offset(zone, middle) == zone_offset(zone, low))
                low = middle;
            else
                high = middle;
        }
        check_at(zone, rule, low);
        check_at(zone, rule, high);
    }
}

static void rules_of_any_form_agree_with_the_library(void **state)
{
    static const char *const RULES[] = {
        "UTC0",
        "CET-1CEST,M3.5.0,M10.5.0/3",
        "AEST-10AEDT,M10.1.0,M4.1.0/3",
        "<+0330>-3:30",
        "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1",
        "EST5EDT,J60,J300/3:30:30",
        "EST5EDT,J59,J1/12",
        "XXX-12:45:15YYY-14,59/0,299",
        "XXX+3YYY,364/0,200",
        "AAA-5BBB-4:30,M2.1.1/+1,M12.3.6/24",
        "AAA5BBB4,M2.5.4,M12.4.3",
    };
    enum { YEAR_2023 = 1672531200, YEAR_2026 = 1767225600, DAY = 86400 };
    static const int64_t YEAR_2096 = 3976214400;
    (void)state;
    for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++) {
        struct zone *zone = open_rule(RULES[i]);
        if (zone == NULL) {
            fail_msg("%s is refused", RULES[i]);
            return;
        }
        setenv("TZ", RULES[i], 1);
        tzset();
        check_years(zone, RULES[i], YEAR_2023, YEAR_2026);
        check_years(zone, RULES[i], YEAR_2096 - 100 * DAY, YEAR_2096 + 465 * DAY);
        check_years(zone, RULES[i], 366 * DAY, 700 * DAY); /* the library knows none before 1970 */
        zone_close(zone);
    }
    unsetenv("TZ");
    tzset();
}

static void a_rule_counts_before_1970_too(void **state)
{
    static const int64_t SUMMER_ENDS = -5785200; /* Sunday 26 October 1969, 01:00 UTC */
    (void)state;
    struct zone *zone = open_rule("CET-1CEST,M3.5.0,M10.5.0/3");
    assert_int_equal(zone_offset(zone, SUMMER_ENDS - 1), 7200);
    assert_int_equal(zone_offset(zone, SUMMER_ENDS), 3600);
    assert_int_equal(zone_offset(zone, -1), 3600);
    zone_close(zone);
}

static void what_is_no_rule_is_refused(void **state)
{
    static const char *const RULES[] = {
        "CET",
        "CET-",
        "-1",
        "<CET-1",
        "[ET-1",
        "CET-1{",
        "CET:1",
        "CET-1,",
        "CET-1CEST",
        "CET-1CEST-",
        "CET-1CEST,",
        "CET-1CEST,M3.5.0",
        "CET-1CEST,M3.5.0,",
        "CET-1CEST,M3.5.0,M10.5.0x",
        "CET-1CEST,M3.5.0/,M10.5.0",
        "CET-1CEST,M3.5.0/x,M10.5.0",
        "CET-1CEST,M0.5.0,M10.5.0",
        "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.0.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0",
        "CET-1CEST,M.5.0,M10.5.0",
        "CET-1CEST,M3,5.0,M10.5.0",
        "CET-1CEST,M3..0,M10.5.0",
        "CET-1CEST,M3.5,0,M10.5.0",
        "CET-1CEST,M3.5.,M10.5.0",
        "CET-1CEST,J,J1",
        "CET-1CEST,x,J1",
    };
    (void)state;
    for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++)
        if (open_rule(RULES[i]) != NULL)
            fail_msg("%s is taken", RULES[i]);
}

static const struct made TWO = {.version = '2',
                                .time_count = 2,
                                .type_count = 3,
                                .times = {-5000000000, 1000},
                                .indexes = {1, 2},
                                .offsets = {100, 200, 300},
                                .footer = "\nXXX-1\n"};

static void transitions_come_before_the_rule(void **state)
{
    struct made made = TWO;
    (void)state;
    struct zone *zone = open_made(&made);
    assert_int_equal(zone_offset(zone, -5000000001), 100);
    assert_int_equal(zone_offset(zone, -5000000000), 200);
    assert_int_equal(zone_offset(zone, 999), 200);
    assert_int_equal(zone_offset(zone, 1000), 3600);
    zone_close(zone);
    made.footer = "\n\n"; /* no rule: the last offset stays */
    zone = open_made(&made);
    assert_int_equal(zone_offset(zone, 1000), 300);
    zone_close(zone);
    made.time_count = 0;
    zone = open_made(&made);
    assert_int_equal(zone_offset(zone, 1000), 100);
    zone_close(zone);
}

static void the_first_version_has_short_times_and_no_rule(void **state)
{
    (void)state;
    struct made made = TWO;
    made.version = '\0';
    made.times[0] = -2000000000;
    struct zone *zone = open_made(&made);
    assert_int_equal(zone_offset(zone, -2000000001), 100);
    assert_int_equal(zone_offset(zone, -2000000000), 200);
    assert_int_equal(zone_offset(zone, 5000000000), 300);
    zone_close(zone);
}

static void a_block_that_makes_no_sense_is_refused(void **state)
{
    char bytes[8192];
    (void)state;
    struct made made = TWO;
    made.indexes[1] = 3; /* of three types */
    assert_null(open_made(&made));
    made = TWO;
    made.times[1] = made.times[0];
    assert_null(open_made(&made));
    made = TWO;
    made.type_count = 256;
    struct zone *zone = open_made(&made);
    assert_non_null(zone);
    zone_close(zone);
    made.type_count = 257;
    assert_null(open_made(&made));
    made.type_count = 0;
    made.time_count = 0;
    assert_null(open_made(&made));
    size_t size = make_file(bytes, &TWO);
    assert_int_equal(bytes[44 + 18], 'T'); /* of the second header */
    bytes[44 + 18] = 'X';
    assert_null(open_bytes(bytes, size));
    static const char *const FOOTERS[] = {"", "\n", "XXX-1\n", "\nXXX-1"};
    for (size_t i = 0; i < sizeof FOOTERS / sizeof *FOOTERS; i++) {
        made = TWO;
        made.footer = FOOTERS[i];
        assert_null(open_made(&made));
    }
}

/* Where a year's number would have more than four digits, the clock does not change. */
static void beyond_all_years_the_standard_counts(void **state)
{
    (void)state;
    static const int64_t FAR = (int64_t)400000 * 1000000;
    struct zone *zone = open_rule("XXX0YYY,0/0,J365/25"); /* always summer */
    assert_int_equal(zone_offset(zone, FAR), 3600);
    assert_int_equal(zone_offset(zone, -FAR), 3600);
    assert_int_equal(zone_offset(zone, FAR + 1), 0);
    assert_int_equal(zone_offset(zone, -FAR - 1), 0);
    zone_close(zone);
}

static void a_name_has_less_than_a_hundred_letters(void **state)
{
    char name[102] = "", path[256];
    (void)state;
    for (size_t length = 99; length <= 100; length++) {
        memset(name, 'x', length);
        snprintf(path, sizeof path, "%s/%s", folder, name);
        char bytes[8192];
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        size_t size = make_file(bytes, &TWO);
        assert_int_equal(fwrite(bytes, 1, size, file), size);
        assert_int_equal(fclose(file), 0);
        struct zone *zone = zone_open(name, NULL);
        assert_int_equal(zone != NULL, length < 100);
        zone_close(zone);
        unlink(path);
    }
}

static void an_empty_folder_is_the_usual_one(void **state)
{
    (void)state;
    assert_null(zone_open("Europe/Amsterdam", NULL)); /* none in our own */
    setenv("TZDIR", "", 1);
    zone_close(open_or_skip("Europe/Amsterdam"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, in_a_folder, without_it)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amsterdam_agrees_with_localtime),
        cmocka_unit_test(a_change_counts_from_its_first_second),
        cmocka_unit_test(amsterdam_agrees_beyond_the_last_transition),
        cmocka_unit_test(amsterdam_agrees_before_1970),
        cmocka_unit_test(other_hemispheres_and_odd_rules_agree),
        cmocka_unit_test(a_zone_that_is_not_there_is_a_wrong_use),
        TEST(a_torn_zone_file_is_refused_at_every_length),
        TEST(rules_of_any_form_agree_with_the_library),
        TEST(a_rule_counts_before_1970_too),
        TEST(what_is_no_rule_is_refused),
        TEST(transitions_come_before_the_rule),
        TEST(the_first_version_has_short_times_and_no_rule),
        TEST(a_block_that_makes_no_sense_is_refused),
        TEST(beyond_all_years_the_standard_counts),
        TEST(a_name_has_less_than_a_hundred_letters),
        TEST(an_empty_folder_is_the_usual_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Stamps as nearly all files write them, against date_parse. */
#include "engine/formats/csvstamps.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { STAMPS = 600000, LONGEST = 64 };

/* xorshift64* (Marsaglia 2003; Vigna 2016). */
static uint64_t draw(uint64_t *seed, uint64_t below)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return (*seed * 2685821657736338717u >> 33) % below;
}

static bool one_in(uint64_t *seed, uint64_t times)
{
    return draw(seed, times) == 0;
}

/* At its limits and beyond them more often than chance would have it. */
static int part(uint64_t *seed, int low, int high)
{
    if (one_in(seed, 6))
        return one_in(seed, 2) ? high + (int)draw(seed, 2) : low - (int)draw(seed, 2);
    return low + (int)draw(seed, (uint64_t)(high - low) + 1);
}

static void add_date(char text[LONGEST], uint64_t *seed)
{
    char mark = "-/. "[one_in(seed, 8) ? draw(seed, 4) : draw(seed, 2)];
    int year = one_in(seed, 20) ? (int)draw(seed, 10000) : 1995 + (int)draw(seed, 40);
    int month = part(seed, 1, 12), day = part(seed, 1, 31);
    switch (draw(seed, 5)) {
    case 0:
    case 1:
        sprintf(text, "%04d%c%02d%c%02d", year, mark, month, mark, day);
        break;
    case 2:
        sprintf(text, "%04d%c%02d", year, mark, month);
        break;
    case 3:
        sprintf(text, "%02d%c%04d", month, mark, year);
        break;
    default:
        sprintf(text, "%02d%c%02d%c%04d", one_in(seed, 2) ? day : month, mark,
                one_in(seed, 2) ? day : month, mark, year);
    }
}

static void make_stamp(char text[LONGEST], uint64_t *seed)
{
    add_date(text, seed);
    if (!one_in(seed, 4)) {
        char *end = text + strlen(text);
        end += sprintf(end, "%s%02d:%02d", one_in(seed, 2) ? "T" : " ", part(seed, 0, 23),
                       part(seed, 0, 59));
        if (!one_in(seed, 3))
            end += sprintf(end, ":%02d", part(seed, 0, 59));
        if (one_in(seed, 5))
            sprintf(end, "%s", one_in(seed, 2) ? " AM" : one_in(seed, 2) ? " pm" : "Z");
    }
    if (one_in(seed, 10)) /* any character anywhere */
        text[draw(seed, strlen(text))] = "0159-/:. TtZ\"x+"[draw(seed, 15)];
}

static void compare(const char *text, struct csv_months *months, uint64_t seed, size_t *read)
{
    struct date_style style = {.month_first = months->month_first};
    char padded[LONGEST + CSV_STAMP_SLACK] = {0};
    moment when, expected;
    strcpy(padded, text);
    if (!csv_stamp_read(&when, months, padded, padded + strlen(padded)))
        return;
    ++*read;
    if (!date_parse(&expected, text, text + strlen(text), &style) || when != expected)
        fail_msg("seed %" PRIu64 ": '%s' is %" PRId64 ", not %" PRId64, seed, text, when, expected);
}

static void stamps_are_read_as_date_parse_reads_them(void **state)
{
    static struct csv_months months[2] = {{.month_first = false}, {.month_first = true}};
    uint64_t seed = 20240531;
    size_t read = 0;
    (void)state;
    for (int i = 0; i < STAMPS; i++) {
        char text[LONGEST];
        uint64_t before = seed;
        make_stamp(text, &seed);
        compare(text, &months[0], before, &read);
        compare(text, &months[1], before, &read);
    }
    assert_true(read > STAMPS / 2);
}

static void the_usual_ways_of_writing_are_read(void **state)
{
    static const char *const USUAL[] = {"2024-05-31",          "2024-05-31T23:59",
                                        "2024-05-31 23:59",    "2024-05-31T23:59:30",
                                        "2024-05-31 00:00:00", "2024-05",
                                        "31-05-2024",          "31-05-2024 23:59",
                                        "31-05-2024 23:59:30", "29-02-2000",
                                        "0001-01-01",          "9999-12-31T23:59:59",
                                        "31/05/2024",          "2024/05/31 08:00:00",
                                        "31.05.2024 08:00",    "2024-05-31 11:59:30 PM"};
    static struct csv_months months;
    size_t read = 0;
    (void)state;
    for (size_t i = 0; i < sizeof USUAL / sizeof *USUAL; i++)
        compare(USUAL[i], &months, 0, &read);
    assert_int_equal(read, sizeof USUAL / sizeof *USUAL);
    months = (struct csv_months){.month_first = true};
    compare("05/31/2024 12:15:00 AM", &months, 0, &read);
    compare("05/31/2024 12:15:00 PM", &months, 0, &read);
    compare("05/31/2024", &months, 0, &read);
    compare("2024-05-31", &months, 0, &read);
    assert_int_equal(read, sizeof USUAL / sizeof *USUAL + 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stamps_are_read_as_date_parse_reads_them),
        cmocka_unit_test(the_usual_ways_of_writing_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

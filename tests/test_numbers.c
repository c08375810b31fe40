/* Numbers: read as strtod reads them, written as printf writes them. */
#include "tests/cases.h"

#include "engine/core/numbers.h"

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TEXTS = 1000000 };

/* xorshift64* (Marsaglia 2003; Vigna 2016). */
static uint64_t random_64(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * 2685821657736338717u;
}

static bool parses(const char *text, double expected)
{
    double value = 12345.5;
    if (!number_parse(&value, text, text + strlen(text)))
        return false;
    if (value != expected)
        print_error("'%s' is read as %.17g, not %.17g\n", text, value, expected);
    return value == expected;
}

static bool refuses(const char *text)
{
    double value = 12345.5;
    return !number_parse(&value, text, text + strlen(text)) && value == 12345.5;
}

static void a_point_or_a_comma_parts_the_decimals(void **state)
{
    (void)state;
    assert_true(parses("52.123", 52.123));
    assert_true(parses("52,123", 52.123));
    assert_true(parses("-.5", -0.5));
    assert_true(parses("+7.", 7.0));
    assert_true(parses("  13,34146\r", 13.34146));
    assert_true(parses("1e3", 1000.0));
    assert_true(parses("1,5E-3", 0.0015));
    assert_true(parses("00000000000000000000000000000000000012.5", 12.5));
}

static void thousands_are_read_as_such_only_when_grouped_in_threes(void **state)
{
    (void)state;
    assert_true(parses("1.234,56", 1234.56));
    assert_true(parses("1,234.56", 1234.56));
    assert_true(parses("5.835.083,823", 5835083.823));
    assert_true(parses("1.234.567", 1234567.0));
    assert_true(parses("-1,234,567", -1234567.0));
    assert_true(refuses("1.23.456"));
    assert_true(refuses("1,2,3"));
    assert_true(refuses("1.234,567.8"));
    assert_true(refuses("1,234.567.890"));
    assert_true(refuses("1234,567.8"));
    assert_true(refuses(",234.5"));
}

static void what_is_no_number_is_refused_and_leaves_the_value(void **state)
{
    static const char *const TEXTS_REFUSED[] = {
        "",     " ",     ".",      ",",    "-",     "+",     "e5",    "1e",
        "1e+",  "0x1p3", "inf",    "nan",  "1 2",   "--1",   "1-",    "12a",
        "1e5.", "1e999", "-1e999", "1.5.", "1'000", "52.1°", "1e1e1", "٣",
    };
    (void)state;
    for (size_t i = 0; i < sizeof TEXTS_REFUSED / sizeof *TEXTS_REFUSED; i++)
        if (!refuses(TEXTS_REFUSED[i]))
            fail_msg("'%s' was taken for a number", TEXTS_REFUSED[i]);
    char long_text[1200];
    memset(long_text, '1', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    assert_true(refuses(long_text));
}

/* Numbers of every size and length, a third of them within a hair of halfway between two doubles,
 * where a rounding that is nearly right shows. */
static void random_text(char text[64], uint64_t *seed)
{
    uint64_t random = random_64(seed);
    unsigned kind = (unsigned)(random % 3);
    random >>= 8;
    if (kind == 0) {
        int places = (int)(random % 20);
        uint64_t digits = random_64(seed) >> random_64(seed) % 64;
        if (places == 0)
            snprintf(text, 64, "%" PRIu64, digits);
        else {
            uint64_t unit = 1;
            for (int i = 0; i < places; i++)
                unit *= 10;
            snprintf(text, 64, "%" PRIu64 ".%0*" PRIu64, digits / unit, places, digits % unit);
        }
        return;
    }
    int binary = (int)(random % 60) - 30;
    double low = ldexp((double)(random_64(seed) >> 11 | (uint64_t)1 << 52), binary - 52);
    long double halfway = ((long double)low + (long double)nextafter(low, INFINITY)) / 2;
    snprintf(text, 64, kind == 1 ? "%.*Lg" : "%.*Le", 17 + (int)(random % 5), halfway);
}

static void a_million_texts_are_read_as_strtod_reads_them(void **state)
{
    uint64_t seed = 20240531;
    (void)state;
    for (uint64_t i = 0; i < cases_rounds(TEXTS, 1); i++) {
        char text[64];
        double value = NAN;
        uint64_t before = seed;
        random_text(text, &seed);
        double expected = strtod(text, NULL);
        if (!number_parse(&value, text, text + strlen(text)) || value != expected)
            fail_msg("seed %" PRIu64 ": '%s' is read as %.17g, not %.17g", before, text, value,
                     expected);
    }
}

static void known_hard_halves_round_to_even(void **state)
{
    (void)state;
    assert_true(parses("9007199254740993", 9007199254740992.0));
    assert_true(parses("9007199254740993.00000000000000000000000000001", 9007199254740994.0));
    assert_true(parses("9007199254740995", 9007199254740996.0));
    assert_true(
        parses("0.500000000000000166533453693773481063544750213623046875", 0.50000000000000022204));
    assert_true(parses("2.2250738585072011e-308", 2.2250738585072011e-308));
    assert_true(parses("4.9e-324", 4.9e-324));
}

static bool whole(const char *text, int64_t expected)
{
    int64_t value = -99;
    return number_parse_whole(&value, text, text + strlen(text)) && value == expected;
}

static void whole_numbers_stop_at_64_bits(void **state)
{
    int64_t value = -99;
    (void)state;
    assert_true(whole(" 12 ", 12));
    assert_true(whole("-9223372036854775808", INT64_MIN));
    assert_true(whole("9223372036854775807", INT64_MAX));
    static const char *const REFUSED[] = {"9223372036854775808",
                                          "-9223372036854775809",
                                          "",
                                          "1.0",
                                          "1e3",
                                          "18446744073709551617",
                                          "-",
                                          "1 2"};
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++)
        assert_false(number_parse_whole(&value, REFUSED[i], REFUSED[i] + strlen(REFUSED[i])));
    assert_int_equal(value, -99);
}

static void fixed_decimals_round_as_printf_does(void **state)
{
    uint64_t seed = 7;
    (void)state;
    for (int i = 0; i < TEXTS / 4; i++) {
        char ours[NUMBER_TEXT], theirs[64];
        int decimals = (int)(random_64(&seed) % 7);
        double value = (double)(int64_t)random_64(&seed) / ldexp(1, (int)(random_64(&seed) % 70));
        if (i % 4 == 0) /* halves */
            value = (double)((int64_t)random_64(&seed) >> 40) / 16;
        if (i % 4 == 1) { /* the doubles nearest to decimal halves, which lie to one side of them */
            snprintf(theirs, sizeof theirs, "%" PRIu64 ".%0*d5", random_64(&seed) % 10000000,
                     decimals, 0);
            value = strtod(theirs, NULL);
        }
        if (fabs(value) >= 1e18)
            continue;
        snprintf(theirs, sizeof theirs, "%.*f", decimals, value);
        if (theirs[0] == '-' && strtod(theirs, NULL) == 0)
            memmove(theirs, theirs + 1, strlen(theirs));
        number_format(ours, value, decimals);
        if (strcmp(ours, theirs) != 0)
            fail_msg("case %d: %.17g to %d places: '%s', not '%s'", i, value, decimals, ours,
                     theirs);
    }
}

static void odd_values_are_written_plainly(void **state)
{
    char text[NUMBER_TEXT];
    (void)state;
    assert_string_equal(number_format(text, -0.001, 2), "0.00");
    assert_string_equal(number_format(text, -0.0, 0), "0");
    assert_string_equal(number_format(text, NAN, 3), "");
    assert_string_equal(number_format(text, 0.5, 0), "0");
    assert_string_equal(number_format(text, 1.5, 0), "2");
    assert_string_equal(number_format(text, 104321.5678, 3), "104321.568");
    assert_string_equal(number_format(text, 1e300, 3), "1e+300");
    assert_string_equal(number_format_exact(text, 0.1), "0.1");
    assert_string_equal(number_format_exact(text, -0.0), "0");
    assert_string_equal(number_format_exact(text, 4.65432101234567), "4.65432101234567");
    assert_string_equal(number_format_exact(text, NAN), "");
}

/* Nothing behind the end is looked at, not even a sign. */
static void a_number_ends_where_it_is_said_to(void **state)
{
    static const char text[] = "--12";
    int64_t whole;
    (void)state;
    assert_false(number_parse_whole(&whole, text, text));
    char *none = malloc(1); /* a sanitizer sees what is read of it */
    assert_non_null(none);
    assert_false(number_parse_whole(&whole, none + 1, none + 1));
    free(none);
    assert_true(number_parse_whole(&whole, text + 1, text + 3));
    assert_int_equal(whole, -1);
}

static void an_exact_text_reads_back_as_the_same_double(void **state)
{
    uint64_t seed = 11;
    (void)state;
    for (int i = 0; i < TEXTS / 10; i++) {
        char text[NUMBER_TEXT];
        uint64_t bits = random_64(&seed);
        double value, back = 0;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        number_format_exact(text, value);
        if (!number_parse(&back, text, text + strlen(text)) || back != value)
            fail_msg("case %d: %.17g is written as '%s'", i, value, text);
    }
}

/* Texts of 8 to 16 signs are read in one go: what is no digit there, and where. */
static void numbers_of_one_go_are_refused_wherever_they_are_none(void **state)
{
    (void)state;
    static const char DIGITS[] = "1234567890123456";
    for (size_t length = 8; length <= 16; length++)
        for (size_t at = 0; at < length; at++) {
            static const char others[] = {'/', ':', 'x', ' ', (char)0xB2, '.'};
            for (size_t o = 0; o < sizeof others; o++) {
                char text[17];
                memcpy(text, DIGITS, length);
                text[length] = '\0';
                text[at] = others[o];
                bool may = others[o] == '.' || (others[o] == ' ' && (at == 0 || at == length - 1));
                if (refuses(text) == may)
                    fail_msg("'%s'", text);
                if (others[o] == '.')
                    assert_true(parses(text, strtod(text, NULL)));
            }
        }
}

static void whole_numbers_may_have_a_plus_and_overflow_at_each_step(void **state)
{
    int64_t value = -99;
    (void)state;
    assert_true(whole("+12", 12));
    assert_true(whole("-0", 0));
    static const char *const REFUSED[] = {"+",
                                          "+-1",
                                          "1/",
                                          "1:",
                                          "184467440737095516160",
                                          "99999999999999999999",
                                          "18446744073709551616"};
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++)
        assert_false(number_parse_whole(&value, REFUSED[i], REFUSED[i] + strlen(REFUSED[i])));
    assert_int_equal(value, -99);
}

static void decimals_are_none_to_fifteen(void **state)
{
    char text[NUMBER_TEXT];
    (void)state;
    assert_string_equal(number_format(text, 2.5, -1), "2");
    assert_string_equal(number_format(text, 0.25, 16), "0.250000000000000");
    assert_string_equal(number_format(text, 0.25, 15), "0.250000000000000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_point_or_a_comma_parts_the_decimals),
        cmocka_unit_test(thousands_are_read_as_such_only_when_grouped_in_threes),
        cmocka_unit_test(what_is_no_number_is_refused_and_leaves_the_value),
        cmocka_unit_test(a_million_texts_are_read_as_strtod_reads_them),
        cmocka_unit_test(known_hard_halves_round_to_even),
        cmocka_unit_test(whole_numbers_stop_at_64_bits),
        cmocka_unit_test(fixed_decimals_round_as_printf_does),
        cmocka_unit_test(odd_values_are_written_plainly),
        cmocka_unit_test(a_number_ends_where_it_is_said_to),
        cmocka_unit_test(an_exact_text_reads_back_as_the_same_double),
        cmocka_unit_test(numbers_of_one_go_are_refused_wherever_they_are_none),
        cmocka_unit_test(whole_numbers_may_have_a_plus_and_overflow_at_each_step),
        cmocka_unit_test(decimals_are_none_to_fifteen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

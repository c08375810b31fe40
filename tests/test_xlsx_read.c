/* Tests of what numbers in a workbook mean: formats, and the days of both calendars. */
#include "engine/formats/xlsx_book.h"
#include "engine/formats/xlsx_format.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void assert_shown(double value, enum xlsx_meaning meaning, bool since_1904,
                         const char *expected)
{
    struct text text = {0};
    text_add(&text, "%s", "");
    xlsx_add(&text, value, meaning, since_1904);
    assert_string_equal(text.bytes, expected);
    text_free(&text);
}

static void a_format_tells_days_and_times(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        enum xlsx_meaning meaning;
    } cases[] = {
        {"General", XLSX_NUMBER},
        {"GENERAL", XLSX_NUMBER},
        {"0.00", XLSX_NUMBER},
        {"#,##0.00;[Red]-#,##0.00", XLSX_NUMBER},
        {"0.00E+00", XLSX_NUMBER},
        {"\"day\" 0", XLSX_NUMBER},
        {"0 \\d", XLSX_NUMBER},
        {"0_d", XLSX_NUMBER},
        {"[>=100]0;0", XLSX_NUMBER},
        {"@", XLSX_NUMBER},
        {"d-m-yyyy", XLSX_DAY},
        {"mmm", XLSX_DAY},
        {"[$-413]d mmmm yyyy;@", XLSX_DAY},
        {"yyyy\\-mm\\-dd", XLSX_DAY},
        {"h:mm", XLSX_TIME},
        {"mm:ss.0", XLSX_TIME},
        {"[h]:mm:ss", XLSX_TIME},
        {"h:mm AM/PM", XLSX_TIME},
        {"d-m-yyyy h:mm", XLSX_STAMP},
        {"yyyy\\-mm\\-dd\\Thh:mm:ss", XLSX_STAMP},
        {"yyyy-mm-dd\"T\"hh:mm", XLSX_STAMP},
        {"", XLSX_NUMBER},
        {"\"", XLSX_NUMBER},
        {"[", XLSX_NUMBER},
        {"\\", XLSX_NUMBER},
        {"A/", XLSX_NUMBER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (xlsx_meaning_of(cases[i].code) != cases[i].meaning)
            fail_msg("%s: %d", cases[i].code, (int)xlsx_meaning_of(cases[i].code));
    assert_int_equal(xlsx_builtin(0), XLSX_NUMBER);
    assert_int_equal(xlsx_builtin(14), XLSX_DAY);
    assert_int_equal(xlsx_builtin(20), XLSX_TIME);
    assert_int_equal(xlsx_builtin(22), XLSX_STAMP);
    assert_int_equal(xlsx_builtin(49), XLSX_NUMBER);
}

static void days_count_from_1900_or_1904(void **state)
{
    (void)state;
    assert_shown(45443, XLSX_DAY, false, "2024-05-31");
    assert_shown(45443 - 1462, XLSX_DAY, true, "2024-05-31");
    assert_shown(1, XLSX_DAY, false, "1900-01-01");
    assert_shown(59, XLSX_DAY, false, "1900-02-28");
    assert_shown(61, XLSX_DAY, false, "1900-03-01");
    assert_shown(0, XLSX_DAY, true, "1904-01-01");
    assert_shown(36585, XLSX_DAY, false, "2000-02-29");
    assert_shown(2958465, XLSX_DAY, false, "9999-12-31");
}

static void times_are_rounded_to_seconds(void **state)
{
    (void)state;
    assert_shown(45443.999988425923, XLSX_STAMP, false, "2024-05-31T23:59:59");
    assert_shown(45443.9999999, XLSX_STAMP, false, "2024-06-01T00:00:00");
    assert_shown(45443, XLSX_STAMP, false, "2024-05-31T00:00:00");
    assert_shown(45443.5, XLSX_DAY, false, "2024-05-31T12:00:00");
    assert_shown(0.75, XLSX_TIME, false, "18:00:00");
    assert_shown(45443.75, XLSX_TIME, false, "2024-05-31T18:00:00");
}

static void what_is_no_day_stays_a_number(void **state)
{
    (void)state;
    assert_shown(-1, XLSX_DAY, false, "-1");
    assert_shown(2958466, XLSX_DAY, false, "2958466");
    assert_shown(1e22, XLSX_NUMBER, false, "10000000000000000000000");
    assert_shown(-1.5e-5, XLSX_NUMBER, false, "-0.000015");
    assert_shown(NAN, XLSX_STAMP, false, "");
    assert_shown(4.6543217, XLSX_NUMBER, false, "4.6543217");
    assert_shown(1.25e-7, XLSX_NUMBER, false, "0.000000125");
}

static void a_string_may_hold_what_xml_cannot(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"a_x000D_b", "a b"},   {"a_x0041_", "aA"},       {"_x000", "_x000"},
        {"_x00zz_", "_x00zz_"}, {"a_xb_x005F_", "a_xb_"}, {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct text text = {0};
        text_add(&text, "%s", "");
        xlsx_add_string(&text, cases[i][0]);
        assert_string_equal(text.bytes, cases[i][1]);
        text_free(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_format_tells_days_and_times),
        cmocka_unit_test(days_count_from_1900_or_1904),
        cmocka_unit_test(times_are_rounded_to_seconds),
        cmocka_unit_test(what_is_no_day_stays_a_number),
        cmocka_unit_test(a_string_may_hold_what_xml_cannot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

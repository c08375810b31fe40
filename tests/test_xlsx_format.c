/* Tests of what a cell's format means: the formats that are built in, codes, and how numbers are
 * written then. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/formats/xlsx_format.h"

#include <math.h>
#include <string.h>

static void built_in_formats_are_those_of_the_standard(void **state)
{
    static const struct {
        unsigned from, to;
        enum xlsx_meaning meaning;
    } RANGES[] = {
        {0, 13, XLSX_NUMBER},  {14, 17, XLSX_DAY},  {18, 21, XLSX_TIME},   {22, 22, XLSX_STAMP},
        {23, 26, XLSX_NUMBER}, {27, 31, XLSX_DAY},  {32, 35, XLSX_TIME},   {36, 36, XLSX_DAY},
        {37, 44, XLSX_NUMBER}, {45, 47, XLSX_TIME}, {48, 49, XLSX_NUMBER}, {50, 58, XLSX_DAY},
        {59, 70, XLSX_NUMBER},
    };
    (void)state;
    for (size_t i = 0; i < sizeof RANGES / sizeof *RANGES; i++)
        for (unsigned id = RANGES[i].from; id <= RANGES[i].to; id++)
            if (xlsx_builtin(id) != RANGES[i].meaning)
                fail_msg("%u is %d", id, (int)xlsx_builtin(id));
}

static void a_code_says_day_or_time(void **state)
{
    static const struct {
        const char *code;
        enum xlsx_meaning meaning;
    } CODES[] = {
        {"", XLSX_NUMBER},
        {"General", XLSX_NUMBER},
        {"GENERAL;d", XLSX_NUMBER},
        {"0.00", XLSX_NUMBER},
        {"#,##0.00;[Red]-d", XLSX_NUMBER}, /* what is below 0 does not count */
        {"d-m-yyyy", XLSX_DAY},
        {"mmm", XLSX_DAY},
        {"D", XLSX_DAY},
        {"h:mm", XLSX_TIME},
        {"mm:ss", XLSX_TIME},
        {"d-m-yyyy h:mm", XLSX_STAMP},
        {"[h]:mm", XLSX_TIME},
        {"[MM]", XLSX_TIME},
        {"[hx]", XLSX_NUMBER},
        {"[]", XLSX_NUMBER},
        {"[$-413]d mmmm", XLSX_DAY},
        {"[Red]0", XLSX_NUMBER},
        {"[h", XLSX_NUMBER}, /* which does not close */
        {"0 AM/PM", XLSX_TIME},
        {"0 a/p", XLSX_TIME},
        {"d AM/PM", XLSX_STAMP},
        {"A/Pd", XLSX_STAMP},
        {"\"days\" 0", XLSX_NUMBER},
        {"\"days", XLSX_NUMBER},
        {"\"x\"d", XLSX_DAY},
        {"\\d0", XLSX_NUMBER},
        {"_d0", XLSX_NUMBER},
        {"*d0", XLSX_NUMBER},
        {"0\\", XLSX_NUMBER},
        {"0.00E+00", XLSX_NUMBER},
        {"d0E-0", XLSX_NUMBER},
        {"0e0d", XLSX_DAY},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CODES / sizeof *CODES; i++)
        if (xlsx_meaning_of(CODES[i].code) != CODES[i].meaning)
            fail_msg("%s is %d", CODES[i].code, (int)xlsx_meaning_of(CODES[i].code));
}

static void assert_written(double value, enum xlsx_meaning meaning, bool since_1904,
                           const char *wanted)
{
    struct text text = {0};
    text_add(&text, "%s", "");
    xlsx_add(&text, value, meaning, since_1904);
    if (strcmp(text.bytes, wanted) != 0)
        fail_msg("%g is %s, not %s", value, text.bytes, wanted);
    text_free(&text);
}

static void numbers_are_written_as_what_they_mean(void **state)
{
    (void)state;
    assert_written(45443, XLSX_DAY, false, "2024-05-31");
    assert_written(45443, XLSX_NUMBER, false, "45443");
    assert_written(45443, XLSX_STAMP, false, "2024-05-31T00:00:00");
    assert_written(45443.5, XLSX_DAY, false, "2024-05-31T12:00:00"); /* a time all the same */
    assert_written(45443.999306, XLSX_STAMP, false, "2024-05-31T23:59:00");
    assert_written(0.25, XLSX_TIME, false, "06:00:00");
    assert_written(1.25, XLSX_TIME, false, "1900-01-01T06:00:00");
    assert_written(0.25, XLSX_DAY, false, "0.25");
    assert_written(0.25, XLSX_STAMP, false, "1899-12-31T06:00:00");
    assert_written(0, XLSX_DAY, true, "1904-01-01");
    assert_written(43981, XLSX_DAY, true, "2024-05-31");
    assert_written(1, XLSX_DAY, false, "1900-01-01");
    assert_written(59, XLSX_DAY, false, "1900-02-28");
    assert_written(60, XLSX_DAY, false, "1900-02-28"); /* the day that there was not */
    assert_written(61, XLSX_DAY, false, "1900-03-01");
    assert_written(2958465, XLSX_DAY, false, "9999-12-31");
    assert_written(2958466, XLSX_DAY, false, "2958466");
    assert_written(-1, XLSX_DAY, false, "-1");
    assert_written(NAN, XLSX_DAY, false, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(built_in_formats_are_those_of_the_standard),
        cmocka_unit_test(a_code_says_day_or_time),
        cmocka_unit_test(numbers_are_written_as_what_they_mean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

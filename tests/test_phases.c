/* Tests of the phases of the opgave: a name with blanks, and days. */
#include "engine/study/phases.h"

#include "engine/core/moments.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void a_phase_is_a_name_and_two_days(void **state)
{
    (void)state;
    struct phase phase;
    assert_true(phase_parse(&phase, " extra  toezicht 2024-10-01  31-12-2024 ", NULL));
    assert_string_equal(phase.name, "extra  toezicht");
    assert_int_equal(phase.first_day, days_from_civil(2024, 10, 1));
    assert_int_equal(phase.last_day, days_from_civil(2024, 12, 31));
    assert_true(phase_parse(&phase, "nulmeting 2023 2024-02", NULL));
    assert_int_equal(phase.first_day, days_from_civil(2023, 1, 1));
    assert_int_equal(phase.last_day, days_from_civil(2024, 2, 29));
}

static void assert_refused(const char *text, const char *expected)
{
    struct phase phase;
    struct error error = {0};
    assert_false(phase_parse(&phase, text, &error));
    assert_int_equal(error.kind, ERROR_SETTINGS);
    if (strstr(error.message, expected) == NULL)
        fail_msg("not '%s': %s", expected, error.message);
}

static void what_is_no_phase_is_told(void **state)
{
    (void)state;
    assert_refused("", "write NAME FROM TO");
    assert_refused("autumn", "write NAME FROM TO");
    assert_refused("autumn 2024-09-01", "write NAME FROM TO");
    assert_refused("2024-09-01 2024-11-30", "write NAME FROM TO");
    assert_refused("autumn soon 2024-11-30", "'soon' is no date; write 2024-05-31");
    assert_refused("autumn 2024-09-01 later", "'later' is no date");
    assert_refused("autumn 2024-09-02 2024-09-01", "ends before it begins");
}

static void a_long_name_is_cut_between_letters(void **state)
{
    (void)state;
    char text[400] = "";
    struct phase phase;
    for (int i = 0; i < 90; i++)
        strcat(text, "é");
    strcat(text, " 2024 2024");
    assert_true(phase_parse(&phase, text, NULL));
    assert_int_equal(strlen(phase.name), 126);
}

static void a_long_name_that_is_no_text_is_cut_all_the_same(void **state)
{
    char text[200];
    struct phase phase;
    (void)state;
    memset(text, 0xBC, 150); /* each of them goes on a letter that never began */
    snprintf(text + 150, sizeof text - 150, " 2025-03 2025-03");
    assert_true(phase_parse(&phase, text, NULL));
    assert_int_equal(strlen(phase.name), PHASE_NAME - 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_phase_is_a_name_and_two_days),
        cmocka_unit_test(what_is_no_phase_is_told),
        cmocka_unit_test(a_long_name_is_cut_between_letters),
        cmocka_unit_test(a_long_name_that_is_no_text_is_cut_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

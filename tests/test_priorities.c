/* Tests of reading priorities: what a row says, and what it may not. */
#include "engine/formats/priorities.h"

#include "engine/core/moments.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define HEAD "jurisdiction;category;priority;source;from;to\n"

static bool read_text(struct priorities *priorities, const char *text, struct error *error)
{
    char path[] = "/tmp/plein-priorities-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, text, strlen(text)), strlen(text));
    close(descriptor);
    bool done = priorities_read(priorities, path, error);
    unlink(path);
    return done;
}

static struct priorities priorities_of(const char *text)
{
    struct error error = {0};
    struct priorities priorities;
    if (!read_text(&priorities, text, &error))
        fail_msg("%s", error.message);
    return priorities;
}

static void assert_refused(const char *text, enum error_kind kind, const char *expected)
{
    struct error error = {0};
    struct priorities priorities;
    assert_false(read_text(&priorities, text, &error));
    assert_int_equal(error.kind, kind);
    if (strstr(error.message, expected) == NULL)
        fail_msg("not '%s': %s", expected, error.message);
    assert_null(priorities.items);
}

static void a_row_is_a_priority(void **state)
{
    (void)state;
    struct priorities priorities = priorities_of(
        HEAD "\n Heemskerk ;litter;\"Clean; every day\";Plan 2024;2024-01-01;31-12-2024\n;;;;;\n"
             "GM0375;dealing;1;;;\n");
    assert_int_equal(priorities.count, 2);
    const struct priority *first = &priorities.items[0], *second = &priorities.items[1];
    assert_string_equal(first->jurisdiction, "Heemskerk");
    assert_string_equal(first->category, "litter");
    assert_string_equal(first->priority, "Clean; every day");
    assert_string_equal(first->source, "Plan 2024");
    assert_int_equal(first->first_day, days_from_civil(2024, 1, 1));
    assert_int_equal(first->last_day, days_from_civil(2024, 12, 31));
    assert_int_equal(first->line, 3);
    assert_string_equal(second->source, "");
    assert_true(second->first_day == INT64_MIN && second->last_day == INT64_MAX);
    assert_int_equal(second->line, 5);
    priorities_free(&priorities);
}

static void a_year_and_a_month_are_whole(void **state)
{
    (void)state;
    struct priorities priorities = priorities_of(HEAD "A;b;c;;2023;2026\nA;b;c;;;2024-02\n");
    assert_int_equal(priorities.items[0].first_day, days_from_civil(2023, 1, 1));
    assert_int_equal(priorities.items[0].last_day, days_from_civil(2026, 12, 31));
    assert_int_equal(priorities.items[1].last_day, days_from_civil(2024, 2, 29));
    priorities_free(&priorities);
}

static void other_names_orders_and_delimiters_are_read(void **state)
{
    (void)state;
    struct priorities priorities = priorities_of("\xEF\xBB\xBF"
                                                 "t/m,Bron,Prioriteit,GEMEENTE,van,categorie\n"
                                                 "2024,IVP,hoog,Velsen,2023,afval\n");
    assert_int_equal(priorities.count, 1);
    assert_string_equal(priorities.items[0].jurisdiction, "Velsen");
    assert_string_equal(priorities.items[0].category, "afval");
    assert_string_equal(priorities.items[0].source, "IVP");
    assert_int_equal(priorities.items[0].last_day, days_from_civil(2024, 12, 31));
    priorities_free(&priorities);
    priorities = priorities_of("priority\tcategory\tjurisdiction\n1\tlitter\tVelsen\n");
    assert_string_equal(priorities.items[0].category, "litter");
    assert_string_equal(priorities.items[0].source, "");
    priorities_free(&priorities);
    priorities = priorities_of(HEAD);
    assert_int_equal(priorities.count, 0);
    priorities_free(&priorities);
}

static void what_a_list_may_not_say_is_refused_with_its_line(void **state)
{
    (void)state;
    assert_refused("jurisdiction;category\nA;b\n", ERROR_SETTINGS,
                   ":1: a list of priorities needs "
                   "a column 'priority'");
    assert_refused("category;priority\nb;c\n", ERROR_SETTINGS, "'jurisdiction'");
    assert_refused(HEAD "A;b;c\n\n; b;c\n", ERROR_SETTINGS,
                   ":4: the column 'jurisdiction' is empty");
    assert_refused(HEAD "A;;c\n", ERROR_SETTINGS, ":2: the column 'category' is empty");
    assert_refused(HEAD "A;b; \n", ERROR_SETTINGS, ":2: the column 'priority' is empty");
    assert_refused(HEAD "A;b;c;;soon;\n", ERROR_SETTINGS, ":2: 'soon' is no date");
    assert_refused(HEAD "A;b;c;;;2024-13-01\n", ERROR_SETTINGS, ":2: '2024-13-01' is no date");
    assert_refused(HEAD "A;b;c;;2024;2023\n", ERROR_SETTINGS, ":2: the priority ends before");
    assert_refused(HEAD "A;\"b;c;;2024;2023\n", ERROR_DATA, ":2: a quote");
    assert_refused("", ERROR_DATA, "empty");
}

static void a_file_that_is_not_there_is_no_input(void **state)
{
    (void)state;
    struct priorities priorities;
    struct error error = {0};
    assert_false(priorities_read(&priorities, "/tmp/plein-no-such-file.csv", &error));
    assert_int_equal(error.kind, ERROR_NO_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_is_a_priority),
        cmocka_unit_test(a_year_and_a_month_are_whole),
        cmocka_unit_test(other_names_orders_and_delimiters_are_read),
        cmocka_unit_test(what_a_list_may_not_say_is_refused_with_its_line),
        cmocka_unit_test(a_file_that_is_not_there_is_no_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

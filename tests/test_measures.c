/* Tests of reading measures: what a row says, and what it may not. */
#include "engine/formats/measures.h"

#include "engine/core/moments.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define HEAD "date;until;name;partner;domain;jurisdiction;x;y;radius_m\n"

static bool read_text(struct measures *measures, const char *text, struct error *error)
{
    char path[] = "/tmp/plein-measures-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, text, strlen(text)), strlen(text));
    close(descriptor);
    bool done = measures_read(measures, path, error);
    unlink(path);
    return done;
}

static struct measures measures_of(const char *text)
{
    struct error error = {0};
    struct measures measures;
    if (!read_text(&measures, text, &error))
        fail_msg("%s", error.message);
    return measures;
}

static void assert_refused(const char *text, const char *expected)
{
    struct error error = {0};
    struct measures measures;
    assert_false(read_text(&measures, text, &error));
    assert_int_equal(error.kind, ERROR_DATA);
    if (strstr(error.message, expected) == NULL)
        fail_msg("not '%s': %s", expected, error.message);
    assert_null(measures.items);
}

static void a_row_is_a_measure(void **state)
{
    (void)state;
    struct measures measures = measures_of(
        HEAD "\n2024-10-01; 31-12-2024 ;\"Toezicht; elke avond\";boa's;safety;Heemskerk;104250,5;"
             "502000.25;150\n;;;;;;;;\n2024-02;2024-02;Verlichting;;;;;;\n2023;;Camera;;;;1;2;\n");
    assert_int_equal(measures.count, 3);
    const struct measure *first = &measures.items[0], *second = &measures.items[1],
                         *third = &measures.items[2];
    assert_string_equal(first->name, "Toezicht; elke avond");
    assert_string_equal(first->partner, "boa's");
    assert_string_equal(first->domain, "safety");
    assert_string_equal(first->jurisdiction, "Heemskerk");
    assert_int_equal(first->first_day, days_from_civil(2024, 10, 1));
    assert_int_equal(first->last_day, days_from_civil(2024, 12, 31));
    assert_true(first->x == 104250.5 && first->y == 502000.25 && first->radius_m == 150);
    assert_int_equal(first->line, 3);
    assert_int_equal(second->first_day, days_from_civil(2024, 2, 1));
    assert_int_equal(second->last_day, days_from_civil(2024, 2, 29));
    assert_true(isnan(second->x) && isnan(second->y) && second->radius_m == 0);
    assert_int_equal(third->first_day, days_from_civil(2023, 1, 1));
    assert_true(third->last_day == INT64_MAX);
    assert_true(third->x == 1 && third->y == 2 && third->radius_m == 0);
    measures_free(&measures);
}

static void other_names_orders_and_delimiters_are_read(void **state)
{
    (void)state;
    struct measures measures = measures_of("\xEF\xBB\xBF"
                                           "Naam\tDatum\tStraal (m)\ty\tX\nPoort\t1 maart 2024\t"
                                           "25\t2\t1\n");
    assert_string_equal(measures.items[0].name, "Poort");
    assert_int_equal(measures.items[0].first_day, days_from_civil(2024, 3, 1));
    assert_true(measures.items[0].x == 1 && measures.items[0].radius_m == 25);
    assert_string_equal(measures.items[0].jurisdiction, "");
    measures_free(&measures);
    measures = measures_of(HEAD);
    assert_int_equal(measures.count, 0);
    measures_free(&measures);
}

static void what_a_list_may_not_say_is_refused_with_its_line(void **state)
{
    (void)state;
    assert_refused("date;until\n2024;2025\n", ":1: a list of measures needs a column 'name'");
    assert_refused("name\na\n", ":1: a list of measures needs a column 'date'");
    assert_refused(HEAD "2024;;a;;;;;;\n;;b;;;;;;\n", ":3: the column 'date' is empty");
    assert_refused(HEAD "2024;; ;;;;;;\n", ":2: the column 'name' is empty");
    assert_refused(HEAD "soon;;a;;;;;;\n", ":2: 'soon' is no date; write 2024-05-31");
    assert_refused(HEAD "2024;later;a;;;;;;\n", ":2: 'later' is no date");
    assert_refused(HEAD "2024-05-02;2024-05-01;a;;;;;;\n",
                   ":2: the measure ends (2024-05-01) before it begins (2024-05-02)");
    assert_refused(HEAD "2024;;a;;;;here;2;\n", ":2: 'here' is no number");
    assert_refused(HEAD "2024;;a;;;;1;;\n", ":2: a place needs both x and y; fill in 'y'");
    assert_refused(HEAD "2024;;a;;;;;2;\n", "fill in 'x'");
    assert_refused(HEAD "2024;;a;;;;;;30\n", ":2: a radius of 30 m, but no place");
    assert_refused(HEAD "2024;;a;;;;1;2;-5\n", ":2: a radius of -5 m is less than nothing");
    assert_refused(HEAD "2024;;a;;;;1;2;wide\n", ":2: 'wide' is no number; write metres such as "
                                                 "104250 in the column 'radius_m'");
    assert_refused(HEAD "2024;;\"a;;;;;;\n", ":2: a quote");
    assert_refused("", "empty");
}

static void a_file_that_is_not_there_is_no_input(void **state)
{
    (void)state;
    struct measures measures;
    struct error error = {0};
    assert_false(measures_read(&measures, "/tmp/plein-no-such-file.csv", &error));
    assert_int_equal(error.kind, ERROR_NO_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_is_a_measure),
        cmocka_unit_test(other_names_orders_and_delimiters_are_read),
        cmocka_unit_test(what_a_list_may_not_say_is_refused_with_its_line),
        cmocka_unit_test(a_file_that_is_not_there_is_no_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

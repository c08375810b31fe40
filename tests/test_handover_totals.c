/* Tests the file of totals that a receiver has: each cell at its edge, and what may be left out. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/formats/vocabulary.h"
#include "engine/study/handover_totals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/plein-totals-XXXXXX", path[64];

static int in_a_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/a.csv", folder);
    return 0;
}

static int without_it(void **state)
{
    (void)state;
    return rmdir(folder);
}

static bool read_text(struct handover_totals *totals, const char *text, struct error *error)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    *totals = (struct handover_totals){0};
    *error = (struct error){0};
    bool done = handover_totals_read(totals, path, error);
    unlink(path);
    return done;
}

#define HEADER "square,size_m,domain,quarter,incidents,low,high\n"

/* The one row that the text makes, as "east north size domain quarter low high"; "none" of a row
 * without a number. */
static void take(const char *row, const char *wanted)
{
    struct handover_totals totals;
    struct error error;
    char text[300] = HEADER, told[200] = "none";
    strcat(text, row);
    if (!read_text(&totals, text, &error))
        fail_msg("%s: %s", row, error.message);
    const struct handover_total *total = totals.items;
    if (totals.count > 0)
        snprintf(told, sizeof told, "%d %d %d %d %d %lld %lld", total->square.east,
                 total->square.north, total->square.size, total->domain,
                 total->quarter == HANDOVER_NO_QUARTER ? -1 : total->quarter - 2024 * 4,
                 (long long)total->span.low,
                 total->span.high == DISCLOSURE_NO_END ? -1 : (long long)total->span.high);
    if (strcmp(told, wanted) != 0)
        fail_msg("'%s' is '%s', not '%s'", row, told, wanted);
    handover_totals_free(&totals);
    assert_null(totals.items);
    assert_int_equal(totals.count, 0);
}

static void refuse(const char *text, const char *why)
{
    struct handover_totals totals;
    struct error error;
    if (read_text(&totals, text, &error))
        fail_msg("taken: %s", text);
    assert_int_equal(error.kind, ERROR_DATA);
    if (strstr(error.message, why) == NULL)
        fail_msg("'%s' tells of no '%s'", error.message, why);
    handover_totals_free(&totals);
}

static void refuse_row(const char *row, const char *why)
{
    char text[300] = HEADER;
    strcat(text, row);
    refuse(text, why);
}

static void an_empty_cell_means_all(void **state)
{
    (void)state;
    take(",,,,7,,", "0 0 0 4 -1 7 7");
    take("E1030N5020,,,,7,,", "1030 5020 1 4 -1 7 7");
    take("E1030N5020,100,physical,2024-Q1,7,,", "1030 5020 1 1 0 7 7");
    take("E1030N5020,200,safety,2025-Q4,0,,", "1030 5020 2 2 7 0 0");
    take("E1030N5020,500,social,,2147483647,,", "1030 5020 5 0 -1 2147483647 2147483647");
}

static void numbers_are_exact_or_bounds(void **state)
{
    (void)state;
    take(",,,,,3,5", "0 0 0 4 -1 3 5");
    take(",,,,,5,5", "0 0 0 4 -1 5 5");
    take(",,,,,3,", "0 0 0 4 -1 3 -1");
    take(",,,,,,5", "0 0 0 4 -1 0 5");
    take(",,,,2,3,9", "0 0 0 4 -1 2 2");
    take(",,,,,,", "none");
    take("E1030N5020,,social,,,,", "none");
}

static void what_is_no_value_is_told_by_its_line(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"E103,,,,1,,", ":2: square 'E103' is no square"},
        {"E,,,,1,,", "is no square"},
        {"E1030N5020,300,,,1,,", "size_m '300' is none of 100, 200, 500"},
        {"E1030N5020,101,,,1,,", "is none of 100"},
        {"E1030N5020,x,,,1,,", "is none of 100"},
        {"E1031N5020,200,,,1,,", "does not lie on the grid of its size"},
        {"E1030N5021,200,,,1,,", "does not lie on the grid of its size"},
        {"E1030N5022,500,,,1,,", "does not lie on the grid of its size"},
        {",,socia,,1,,", "domain 'socia' is none of"},
        {",,s,,1,,", "domain 's' is none of"},
        {",,,2024-Q0,1,,", "quarter '2024-Q0' is no quarter"},
        {",,,2024-Q5,1,,", "is no quarter"},
        {",,,2,1,,", "is no quarter"},
        {",,,2024-Q11,1,,", "is no quarter"},
        {",,,,-1,,", "incidents '-1' is no whole number from 0 on"},
        {",,,,2147483648,,", "is no whole number"},
        {",,,,x,,", "is no whole number"},
        {",,,,,-1,", "low '-1' is no whole number"},
        {",,,,,,2147483648", "high '2147483648' is no whole number"},
        {",,,,,6,5", "low '6' is over high"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        refuse_row(cases[i][0], cases[i][1]);
}

static void columns_are_found_by_name_in_any_order(void **state)
{
    (void)state;
    struct handover_totals totals;
    struct error error;
    static const char *const good[] = {"Quarter,DOMAIN,incidents,square\n,,7,\n",
                                       "high,more,low,square,domain,quarter\n7,x,7,,,\n",
                                       "square,domain,quarter,incidents,incidents\n,,,7,8\n"};
    for (size_t i = 0; i < 3; i++) {
        if (!read_text(&totals, good[i], &error))
            fail_msg("%s: %s", good[i], error.message);
        assert_int_equal(totals.count, 1);
        assert_int_equal(totals.items[0].span.low, 7);
        assert_int_equal(totals.items[0].span.high, 7);
        handover_totals_free(&totals);
    }
    static const char *const lacking[] = {
        "domain,quarter,incidents\n,,7\n",   "square,quarter,incidents\n,,7\n",
        "square,domain,incidents\n,,7\n",    "square,domain,quarter\n,,\n",
        "square,domain,quarter,low\n,,,7\n", "square,domain,quarter,high\n,,,7\n"};
    for (size_t i = 0; i < sizeof lacking / sizeof *lacking; i++)
        refuse(lacking[i], "totals have columns square, domain, quarter and incidents");
}

static void the_order_of_rows_makes_no_difference(void **state)
{
    (void)state;
    static const char *const rows[] = {",,,,,1,5\n",
                                       ",,,,,1,6\n",
                                       ",,,,,2,3\n",
                                       ",,,2024-Q2,9,,\n",
                                       ",,social,,9,,\n",
                                       "E1030N5020,,social,,9,,\n",
                                       "E1030N5020,200,social,,9,,\n",
                                       "E1030N5021,,social,,9,,\n"};
    enum { COUNT = sizeof rows / sizeof *rows };
    struct handover_totals first = {0}, totals;
    struct error error;
    for (int turn = 0; turn < 2 * COUNT; turn++) {
        char text[600] = HEADER;
        for (int i = 0; i < COUNT; i++)
            strcat(text, rows[turn < COUNT ? (i + turn) % COUNT : (COUNT - 1 - i + turn) % COUNT]);
        if (!read_text(&totals, text, &error))
            fail_msg("%s", error.message);
        assert_int_equal(totals.count, COUNT);
        if (turn == 0) {
            first = totals;
            continue;
        }
        for (int i = 0; i < COUNT; i++) {
            const struct handover_total *a = &first.items[i], *b = &totals.items[i];
            assert_int_equal(square_compare(&a->square, &b->square), 0);
            assert_int_equal(a->domain, b->domain);
            assert_int_equal(a->quarter, b->quarter);
            assert_true(a->span.low == b->span.low && a->span.high == b->span.high);
        }
        handover_totals_free(&totals);
    }
    handover_totals_free(&first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_cell_means_all),
        cmocka_unit_test(numbers_are_exact_or_bounds),
        cmocka_unit_test(what_is_no_value_is_told_by_its_line),
        cmocka_unit_test(columns_are_found_by_name_in_any_order),
        cmocka_unit_test(the_order_of_rows_makes_no_difference),
    };
    return cmocka_run_group_tests(tests, in_a_folder, without_it);
}

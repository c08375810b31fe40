/* Tests of reading the table of squares of a package that somebody else made. */
#include "engine/study/handover_read.h"

#include "engine/core/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define HEADER "square,size_m,x,y,domain,quarter,incidents\n"

static bool read_quarters(struct handover *handover, const char *rows, size_t quarters,
                          struct error *error)
{
    const struct handover_facts facts = {.name = "squares.csv",
                                         .crs = "EPSG:28992",
                                         .least = 10,
                                         .least_per_ha = 26,
                                         .depth_m = 500,
                                         .first_quarter = 2024 * 4,
                                         .quarter_count = quarters};
    *error = (struct error){0};
    return handover_read(handover, rows, strlen(rows), &facts, error);
}

static void assert_said(const char *rows, size_t quarters, const char *expected)
{
    struct handover handover;
    struct error error;
    bool done = read_quarters(&handover, rows, quarters, &error);
    bool is_said = expected == NULL ? done : !done && strstr(error.message, expected) != NULL;
    if (!is_said)
        fail_msg("%s: not '%s': %s", rows, expected != NULL ? expected : "", error.message);
    if (!done)
        assert_int_equal(error.kind, ERROR_DATA);
    handover_free(&handover);
}

static void what_is_no_table_of_squares_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *rows, *expected; /* NULL: it is read */
    } cases[] = {
        {HEADER "E1057N5016,100,105700,501600,,,10\n", NULL},
        {HEADER "E1057N5016,100,105700,501600,social,2024-Q4,10\n,,,,,,\n",
         "squares.csv:3: square"},
        {"", "squares.csv"},
        {"square,size_m,x,y,domain,quarter\nE1057N5016,100,105700,501600,,\n", "columns are not"},
        {"square,size,x,y,domain,quarter,incidents\nE1,100,1,5,,,10\n", "columns are not"},
        {HEADER, "covers 0 squares"},
        {HEADER ",,,,,,10\n", "covers 0 squares"},
        {HEADER "1057,100,105700,501600,,,10\n", ":2: square '1057' is no square"},
        {HEADER "E1057N5016,1OO,105700,501600,,,10\n", "size_m '1OO' is none of"},
        {HEADER "E1057N5016,300,105700,501600,,,10\n", "size_m '300' is none of"},
        {HEADER "E1057N5016,200,105700,501600,,,10\n", "E1057N5016' does not lie"},
        {HEADER "E1056N5017,200,105600,501700,,,10\n", "E1056N5017' does not lie"},
        {HEADER "E1055N5015,500,105500,501500,,,10\n", NULL},
        {HEADER "E1057N5016,100,105701,501600,,,10\n", "x '105701' is not"},
        {HEADER "E1057N5016,100,,501600,,,10\n", "x '' is not"},
        {HEADER "E1057N5016,100,105700,501599,,,10\n", "y '501599' is not"},
        {HEADER "E1057N5016,100,105700,north,,,10\n", "y 'north' is not"},
        {HEADER "E1057N5016,100,105700,501600,unmapped,,10\n", "domain 'unmapped' is none"},
        {HEADER "E1057N5016,100,105700,501600,,2024,10\n", "quarter '2024' is no quarter"},
        {HEADER "E1057N5016,100,105700,501600,,2024-Q5,10\n", "'2024-Q5' is no quarter"},
        {HEADER "E1057N5016,100,105700,501600,,2024-Q0,10\n", "'2024-Q0' is no quarter"},
        {HEADER "E1057N5016,100,105700,501600,,2024-Q10,10\n", "'2024-Q10' is no quarter"},
        {HEADER "E1057N5016,100,105700,501600,,2024-Q 1,10\n", "'2024-Q 1' is no quarter"},
        {HEADER "E1057N5016,100,105700,501600,, 202-Q1,10\n", "' 202-Q1' is no quarter"},
        {HEADER "E1057N5016,100,105700,501600,,2023-Q4,10\n", "'2023-Q4' lies outside"},
        {HEADER "E1057N5016,100,105700,501600,,2025-Q1,10\n", "'2025-Q1' lies outside"},
        {HEADER "E1057N5016,100,105700,501600,,,12\n", "incidents '12' is not rounded"},
        {HEADER "E1057N5016,100,105700,501600,,,ten\n", "incidents 'ten' is not rounded"},
        {HEADER "E1057N5016,100,105700,501600,,,2147483645\n", NULL},
        {HEADER "E1057N5016,100,105700,501600,,,2147483650\n", "'2147483650' is not rounded"},
        {HEADER "E1057N5016,100,105700,501600,,,5\n", "incidents '5' is below"},
        {HEADER "E1057N5016,100,105700,501600,,,-10\n", "incidents '-10' is below"},
        {HEADER "E1057N5016,100,105700,501600,,,\n", NULL},
        {HEADER "E1057N5016,100,105700,501600,,,10\nE1057N5016,100,105700,501600,,,10\n",
         ":3: incidents '10' stands for a cell"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_said(cases[i].rows, 4, cases[i].expected);
    assert_said(cases[0].rows, 401, "tells of 401 quarters, over 400");
    assert_said(cases[0].rows, 400, NULL);
}

static void add_square(struct text *rows, int east, int north, int size)
{
    text_add(rows, "E%04dN%04d,%d,%d,%d,,,10\n", east, north, size * 100, east * 100, north * 100);
}

/* Every two squares that fit into a little field, against the plain test of their sides. */
static void squares_that_overlap_are_refused(void **state)
{
    (void)state;
    static const int sizes[] = {1, 2, 5};
    size_t overlapping = 0, apart = 0;
    for (int a = 0; a < 3 * 100; a++)
        for (int b = a + 1; b < 3 * 100; b++) {
            int size[] = {sizes[a / 100], sizes[b / 100]};
            int east[] = {a / 10 % 10, b / 10 % 10}, north[] = {a % 10, b % 10};
            struct text rows = {0};
            if (east[0] % size[0] + north[0] % size[0] + east[1] % size[1] + north[1] % size[1] > 0)
                continue;
            bool overlap = east[0] < east[1] + size[1] && east[1] < east[0] + size[0]
                           && north[0] < north[1] + size[1] && north[1] < north[0] + size[0];
            text_add(&rows, HEADER);
            add_square(&rows, east[0], north[0], size[0]);
            add_square(&rows, east[1], north[1], size[1]);
            assert_said(rows.bytes, 1, overlap ? "overlaps another" : NULL);
            overlapping += overlap;
            apart += !overlap;
            text_free(&rows);
        }
    assert_true(overlapping > 100 && apart > 1000);
}

/* So many squares in one column, all dense, took 40 s; a larger field is no handover. */
static void a_table_of_very_many_squares_takes_no_longer_than_it_must(void **state)
{
    (void)state;
    struct handover handover;
    struct error error;
    struct text rows = {0};
    clock_t begun = clock();
    text_add(&rows, HEADER);
    for (int north = 0; north < 100000; north++)
        text_add(&rows, "E1057N%04d,100,105700,%d,,,100\n", north, north * 100);
    assert_true(read_quarters(&handover, rows.bytes, 0, &error));
    assert_int_equal(handover.clusters.count, 1);
    assert_int_equal(handover.clusters.cluster_of[99999], 1);
    handover_free(&handover);
    assert_true((double)(clock() - begun) / CLOCKS_PER_SEC < 4);
    add_square(&rows, 1060, 0, 1);
    assert_said(rows.bytes, 0, "covers 100001 squares");
    rows.length = 0;
    text_add(&rows, HEADER);
    for (int north = 0; north < 4001; north++)
        add_square(&rows, 1055, 5 * north, 5);
    assert_said(rows.bytes, 0, "covers 100025 squares");
    text_free(&rows);
}

static void a_table_of_more_cells_than_a_handover_has_is_refused(void **state)
{
    (void)state;
    struct text rows = {0};
    text_add(&rows, HEADER);
    for (int north = 0; north < 2000; north++)
        add_square(&rows, 1057, north, 1);
    assert_said(rows.bytes, 398, NULL);
    assert_said(rows.bytes, 399, "2000 squares and 399 quarters");
    text_free(&rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_table_of_squares_is_refused),
        cmocka_unit_test(squares_that_overlap_are_refused),
        cmocka_unit_test(a_table_of_very_many_squares_takes_no_longer_than_it_must),
        cmocka_unit_test(a_table_of_more_cells_than_a_handover_has_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

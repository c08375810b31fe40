/* Tests incidents one by one in a package: what is told of them, and what is let in, each cell at
 * its edge. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/study/handover_rows.h"
#include "engine/study/handover_table.h"
#include "engine/study/study.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST = 10, QUARTERS = 2, FIRST = 2024 * 4 };

#define HEADER "square,x,y,domain,category,quarter,source,weight\n"

static bool are_enough(const void *state, const uint32_t *by_source, size_t source_count)
{
    (void)state;
    (void)source_count;
    return by_source[0] >= LEAST;
}

/* A square of 100 m by itself, and four that are one of 200 m. */
static void lay_out(struct handover *handover)
{
    static const struct square squares[] = {
        {1030, 5020, 1}, {1030, 5021, 1}, {1031, 5020, 1}, {1031, 5021, 1}, {1033, 5020, 1}};
    static const uint32_t sums[] = {3, 3, 3, 3, 12};
    const struct square_counts counts = {squares, 5, 1, sums};
    *handover = (struct handover){.options = {.depth_m = 500, .least = LEAST},
                                  .first_quarter = FIRST,
                                  .quarter_count = QUARTERS,
                                  .source_count = 1};
    assert_true(array_new(&handover->squares, 5, sizeof *squares, NULL));
    memcpy(handover->squares, squares, sizeof squares);
    handover->square_count = 5;
    assert_true(squares_join(&handover->pieces, &counts, are_enough, NULL, NULL));
    assert_int_equal(handover->pieces.count, 2);
    assert_true(handover_lay_out(handover, NULL));
}

static bool read(struct handover *handover, size_t *incidents, const char *text, bool sensitive,
                 struct error *error)
{
    const struct table_bytes bytes = {"incidents.csv", text, strlen(text)};
    lay_out(handover);
    return handover_rows_read(handover, incidents, &bytes, sensitive, error);
}

static void take(const char *text, size_t wanted)
{
    struct handover handover;
    struct error error = {0};
    size_t incidents;
    if (!read(&handover, &incidents, text, false, &error))
        fail_msg("%s: %s", text, error.message);
    assert_int_equal(incidents, wanted);
    handover_free(&handover);
}

static void refuse(const char *text, const char *why)
{
    struct handover handover;
    struct error error = {0};
    size_t incidents;
    if (read(&handover, &incidents, text, false, &error))
        fail_msg("taken: %s", text);
    assert_int_equal(error.kind, ERROR_DATA);
    if (strstr(error.message, why) == NULL)
        fail_msg("'%s' tells of no '%s'", error.message, why);
    handover_free(&handover);
}

static void refuse_row(const char *row, const char *why)
{
    char text[400] = HEADER;
    strcat(text, row);
    refuse(text, why);
}

static void rows_are_counted_where_they_lie(void **state)
{
    (void)state;
    static const char text[] =
        HEADER "E1030N5020,103050,502050,social,loitering,2024-Q1,politie,1\n"
               "E1031N5021,103150,502150,social,loitering,2024-Q2,politie,2\n"
               "E1033N5020,103350,502050,safety,dealing,,politie,1999999997\n";
    struct handover handover;
    struct error error = {0};
    size_t incidents;
    if (!read(&handover, &incidents, text, false, &error))
        fail_msg("%s", error.message);
    assert_int_equal(incidents, HANDOVER_INCIDENTS_MOST);
    const uint32_t *counts = handover.table.counts;
    size_t joined = handover.node_of_piece[handover.pieces.piece_of[0]];
    size_t alone = handover.node_of_piece[handover.pieces.piece_of[4]];
    assert_int_equal(handover.pieces.piece_of[0], handover.pieces.piece_of[3]);
    assert_int_equal(counts[handover_cell(&handover, DOMAIN_SOCIAL, joined, 0)], 1);
    assert_int_equal(counts[handover_cell(&handover, DOMAIN_SOCIAL, joined, 1)], 2);
    assert_int_equal(counts[handover_cell(&handover, DOMAIN_SOCIAL, alone, 0)], 0);
    assert_int_equal(counts[handover_cell(&handover, DOMAIN_SAFETY, alone, QUARTERS)], 1999999997);
    handover_free(&handover);
    take(HEADER, 0);
}

static void each_cell_is_what_it_must_be(void **state)
{
    (void)state;
    static const struct {
        const char *row, *why;
    } cases[] = {
        {"E1030,103050,502050,social,,,,1", ":2: square 'E1030' is no square"},
        {"E1030N5020,103049,502050,social,,,,1", "x '103049' is not the square's"},
        {"E1030N5020,103051,502050,social,,,,1", "x '103051' is not the square's"},
        {"E1030N5020,,502050,social,,,,1", "x '' is not the square's"},
        {"E1030N5020,103050,,social,,,,1", "y '' is not the square's"},
        {"E1030N5020,103050,502049,social,,,,1", "y '502049' is not the square's"},
        {"E1030N5020,103050,502051,social,,,,1", "y '502051' is not the square's"},
        {"E1030N5020,103050,502050,socia,,,,1", "domain 'socia' is none of"},
        {"E1030N5020,103050,502050,,,,,1", "domain '' is none of"},
        {"E1030N5020,103050,502050,safety,organised-crime,,,1", "is left out"},
        {"E1030N5020,103050,502050,social,,2024-Q0,,1", "is no quarter"},
        {"E1030N5020,103050,502050,social,,2024-Q5,,1", "is no quarter"},
        {"E1030N5020,103050,502050,social,,2024,,1", "is no quarter"},
        {"E1030N5020,103050,502050,social,,20:4-Q1,,1", "quarter '20:4-Q1' is no quarter"},
        {"E1030N5020,103050,502050,social,,2023-Q4,,1", "lies outside the period"},
        {"E1030N5020,103050,502050,social,,2024-Q3,,1", "lies outside the period"},
        {"E1030N5020,103050,502050,social,,,,0", "weight '0' is no whole number from 1 on"},
        {"E1030N5020,103050,502050,social,,,,-1", "is no whole number"},
        {"E1030N5020,103050,502050,social,,,,2147483648", "is no whole number"},
        {"E1030N5020,103050,502050,social,,,,1.5", "is no whole number"},
        {"E1032N5020,103250,502050,social,,,,1", "lies in none of the squares"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        refuse_row(cases[i].row, cases[i].why);
    refuse("\n\n", "this file is empty");
    refuse("square,x,y,domain,category,quarter,source\n", "the columns are not");
    refuse("square,x,y,domain,category,quarter,source,count\n", "the columns are not");
    refuse("squares,x,y,domain,category,quarter,source,weight\n", "the columns are not");
    refuse("square,x,y,domain,category,quarter,source,weight,more\n", "the columns are not");
}

/* Three rows that weigh 2^32 together left the count of 32 bits as it was. */
static void rows_weigh_no_more_than_a_count_holds(void **state)
{
    (void)state;
#define PLACE "E1030N5020,103050,502050,social,,,,"
    refuse(HEADER PLACE "2\n" PLACE "2147483647\n",
           ":3: weight '2147483647' makes more incidents than a package holds");
    refuse(HEADER PLACE "1\n" PLACE "2000000000\n", ":3: weight '2000000000' makes more");
    refuse(HEADER PLACE "2000000001\n", ":2: weight '2000000001' makes more");
    take(HEADER PLACE "1\n" PLACE "1999999999\n", HANDOVER_INCIDENTS_MOST);
#undef PLACE
}

static void organised_crime_is_read_where_it_may_be_and_counted_nowhere(void **state)
{
    (void)state;
    struct handover handover;
    struct error error = {0};
    size_t incidents;
    assert_true(read(&handover, &incidents,
                     HEADER "E1030N5020,103050,502050,safety,organised-crime,,,4\n", true, &error));
    assert_int_equal(incidents, 4);
    for (size_t i = 0; i < handover.table.cell_count; i++)
        assert_int_equal(handover.table.counts[i], 0);
    handover_free(&handover);
}

/* Two rows that differ in one cell alone: equals may follow one another, and no other order may. */
static void rows_go_by_all_that_they_tell(void **state)
{
    (void)state;
    static const char *const rising[][2] = {
        {"E1030N5020,103050,502050,social,b,2024-Q1,s,2", "E1030N5021,103050,502150,social,a,,r,1"},
        {"E1030N5021,103050,502150,social,b,2024-Q1,s,2", "E1031N5020,103150,502050,social,a,,r,1"},
        {"E1030N5020,103050,502050,social,b,2024-Q1,s,2", "E1030N5020,103050,502050,safety,a,,r,1"},
        {"E1030N5020,103050,502050,social,a,2024-Q2,s,2",
         "E1030N5020,103050,502050,social,b,2024-Q1,r,1"},
        {"E1030N5020,103050,502050,social,a,2024-Q1,s,2",
         "E1030N5020,103050,502050,social,a,2024-Q2,r,1"},
        {"E1030N5020,103050,502050,social,a,2024-Q1,r,2",
         "E1030N5020,103050,502050,social,a,2024-Q1,s,1"},
        {"E1030N5020,103050,502050,social,a,2024-Q1,s,1",
         "E1030N5020,103050,502050,social,a,2024-Q1,s,2"},
    };
    for (size_t i = 0; i < sizeof rising / sizeof *rising; i++) {
        char text[400];
        struct handover handover;
        size_t incidents;
        for (int order = 0; order < 2; order++) {
            snprintf(text, sizeof text, "%s%s\n%s\n", HEADER, rising[i][order],
                     rising[i][1 - order]);
            if (order == 1) {
                refuse(text, ":3: square '");
                refuse(text, "comes too late");
                continue;
            }
            assert_true(read(&handover, &incidents, text, false, NULL));
            handover_free(&handover);
        }
        snprintf(text, sizeof text, "%s%s\n%s\n", HEADER, rising[i][0], rising[i][0]);
        assert_true(read(&handover, &incidents, text, false, NULL));
        handover_free(&handover);
    }
}

/* ---- those of a study ---- */

/* Five incidents: of the sender, of another, beyond the squares, of organised crime, of a word that
 * the vocabulary lacks. */
static void list_five(struct handover *handover, uint32_t *weights, bool sensitive)
{
    static const char *const words[] = {"loitering", "loitering", "loitering", "organised-crime",
                                        "J. Jansen"};
    static int32_t x[] = {103000 * 1000, 103000 * 1000, 102999 * 1000, 103399 * 1000,
                          103000 * 1000};
    static int32_t y[] = {502000 * 1000, 502000 * 1000, 502000 * 1000, 502099 * 1000,
                          502199 * 1000};
    static int32_t owner[] = {1, 0, 1, 1, 1};
    static uint8_t domain[] = {DOMAIN_SOCIAL, DOMAIN_SOCIAL, DOMAIN_SOCIAL, DOMAIN_SAFETY,
                               DOMAIN_UNMAPPED};
    static struct study study; /* outlives this function: the rows point to its words */
    uint32_t category[5], source[5];
    moment when[5];
    if (study.categories == NULL) {
        study.categories = dictionary_open(NULL);
        study.sources = dictionary_open(NULL);
        study.boundaries.grid = (struct grid){0, 0, 1};
    }
    for (size_t i = 0; i < 5; i++) {
        assert_true(dictionary_number(&category[i], study.categories, words[i], NULL));
        assert_true(dictionary_number(&source[i], study.sources, "politie", NULL));
        when[i] = MOMENT_UNKNOWN;
    }
    const struct gathered gathered = {.count = 5,
                                      .grid_x = x,
                                      .grid_y = y,
                                      .owner = owner,
                                      .domain = domain,
                                      .category = category,
                                      .source = source,
                                      .weight = weights,
                                      .when = when};
    lay_out(handover);
    handover->study = &study;
    handover->sender = 1;
    handover->options.sensitive = sensitive;
    assert_true(handover_rows_list(handover, &gathered, NULL));
}

static void rows_are_the_senders_and_tell_no_word_that_is_not_known(void **state)
{
    (void)state;
    struct handover handover;
    uint32_t weights[] = {3, 4, 5, 6, 7};
    for (int weighted = 0; weighted < 2; weighted++) {
        list_five(&handover, weighted ? weights : NULL, false);
        assert_int_equal(handover.row_count, 2);
        assert_int_equal(handover.rows[0].square.north, 5020);
        assert_string_equal(handover.rows[0].category, "loitering");
        assert_string_equal(handover.rows[0].source, "politie");
        assert_int_equal(handover.rows[0].domain, DOMAIN_SOCIAL);
        assert_int_equal(handover.rows[0].quarter, HANDOVER_NO_QUARTER);
        assert_int_equal(handover.rows[0].weight, weighted ? 3 : 1);
        assert_int_equal(handover.rows[1].square.north, 5021);
        assert_string_equal(handover.rows[1].category, "");
        assert_int_equal(handover.rows[1].weight, weighted ? 7 : 1);
        handover_free(&handover);
    }
    list_five(&handover, NULL, true);
    assert_int_equal(handover.row_count, 3);
    assert_string_equal(handover.rows[2].category, "organised-crime");
    handover_free(&handover);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_counted_where_they_lie),
        cmocka_unit_test(each_cell_is_what_it_must_be),
        cmocka_unit_test(rows_weigh_no_more_than_a_count_holds),
        cmocka_unit_test(organised_crime_is_read_where_it_may_be_and_counted_nowhere),
        cmocka_unit_test(rows_go_by_all_that_they_tell),
        cmocka_unit_test(rows_are_the_senders_and_tell_no_word_that_is_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

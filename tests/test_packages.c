/* Tests what a package tells of any part of it: the true count lies within its bounds, over seeds,
 * and the bounds are those of the rounding where a count is published. */
#include "engine/study/packages.h"

#include "engine/core/jurisdictions.h"
#include "engine/report/handover_tables.h"
#include "engine/study/handover_read.h"
#include "engine/study/handover_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LEAST = 10, SIDE = 5, SQUARES = SIDE * SIDE, DOMAINS = 4, QUARTERS = 6, CASES = 60 };

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* By domain, square and quarter, of which the last has no date. */
typedef uint32_t town[DOMAINS][SQUARES][QUARTERS + 1];

static void fill(town counts, uint32_t *seed)
{
    for (int d = 0; d < DOMAINS; d++)
        for (int s = 0; s < SQUARES; s++)
            for (int q = 0; q <= QUARTERS; q++) {
                uint32_t kind = next_random(seed) % (s % 3 == 0 ? 4 : 60);
                counts[d][s][q] = kind < 2   ? next_random(seed) % 40
                                  : kind < 4 ? next_random(seed) % 6
                                             : 0;
            }
}

static bool are_enough(const void *state, const uint32_t *by_source, size_t source_count)
{
    (void)state;
    (void)source_count;
    return by_source[0] >= LEAST;
}

static void hand_over(struct handover *handover, town counts)
{
    struct square squares[SQUARES];
    uint32_t sums[SQUARES] = {0};
    *handover = (struct handover){.options = {.depth_m = 500, .least = LEAST},
                                  .least_per_ha = 26,
                                  .first_quarter = 2024 * 4,
                                  .quarter_count = QUARTERS,
                                  .source_count = 1};
    for (int s = 0; s < SQUARES; s++) {
        squares[s] = (struct square){1030 + s / SIDE, 5020 + s % SIDE, 1};
        for (int d = 0; d < DOMAINS; d++)
            for (int q = 0; q <= QUARTERS; q++)
                sums[s] += counts[d][s][q];
    }
    assert_true(array_new(&handover->squares, SQUARES, sizeof *squares, NULL));
    memcpy(handover->squares, squares, sizeof squares);
    handover->square_count = SQUARES;
    const struct square_counts input = {squares, SQUARES, 1, sums};
    assert_true(squares_join(&handover->pieces, &input, are_enough, NULL, NULL));
    assert_true(handover_lay_out(handover, NULL));
    uint32_t *cells = calloc(handover->table.cell_count, sizeof *cells);
    assert_non_null(cells);
    for (size_t d = 0; d < DOMAINS; d++)
        for (size_t s = 0; s < SQUARES; s++)
            for (size_t q = 0; q <= QUARTERS; q++)
                cells[handover_cell(handover, d, s, q)] = counts[d][s][q];
    disclosure_add_source(&handover->table, cells);
    free(cells);
    assert_true(handover_protect(handover, NULL));
}

/* By way of its table, as a receiver has it. */
static void receive(struct source_package *package, const struct handover *sent)
{
    const struct handover_facts facts = {.name = "a.zip",
                                         .crs = "EPSG:28992",
                                         .least = LEAST,
                                         .least_per_ha = 26,
                                         .first_quarter = 2024 * 4,
                                         .quarter_count = QUARTERS};
    struct sheet sheet = {0};
    struct text text = {0};
    struct error error = {0};
    *package = (struct source_package){.is_read = true};
    assert_true(handover_squares(&sheet, sent, NULL));
    sheet_write(&text, &sheet, SHEET_CSV);
    if (!handover_read(&package->handover, text.bytes, text.length, &facts, &error))
        fail_msg("%s", error.message);
    size_t cells = package->handover.table.cell_count;
    assert_true(array_new(&package->spans, cells, sizeof *package->spans, NULL));
    disclosure_spans(package->spans, &package->handover.table, OBSERVER_INSIDER);
    text_free(&text);
    sheet_free(&sheet);
}

static void let_go(struct source_package *package)
{
    handover_free(&package->handover);
    array_free(&package->spans);
}

struct asked {
    bool in[DISCLOSURE_AXES][SQUARES + QUARTERS]; /* per node */
    struct package_part part;
};

/* All, one, or any of an axis. */
static void ask(struct asked *asked, const struct source_package *package, uint32_t *seed)
{
    for (int a = 0; a < DISCLOSURE_AXES; a++) {
        size_t count = package_nodes(package, a), one = next_random(seed) % count;
        uint32_t kind = next_random(seed) % 3;
        for (size_t n = 0; n < count; n++)
            asked->in[a][n] = kind == 0 || (kind == 1 ? n == one : next_random(seed) % 2 == 0);
        asked->part.node[a] = kind == 1 ? one : PACKAGE_ANY;
        asked->part.among[a] = kind == 2 ? asked->in[a] : NULL;
    }
}

static int64_t true_count(town counts, const struct handover *sent, const struct asked *asked)
{
    int64_t sum = 0;
    for (size_t d = 0; d < DOMAINS; d++)
        for (size_t s = 0; s < SQUARES; s++)
            for (size_t q = 0; q <= QUARTERS; q++)
                if (asked->in[DOMAIN_AXIS][d] && asked->in[SQUARE_AXIS][sent->pieces.piece_of[s]]
                    && asked->in[QUARTER_AXIS][q])
                    sum += counts[d][s][q];
    return sum;
}

static void the_true_count_lies_within_the_bounds(void **state)
{
    enum { QUESTIONS = 400 };
    (void)state;
    uint32_t seed = 7;
    for (int round = 0; round < CASES; round++) {
        static town counts;
        struct handover sent;
        struct source_package package;
        fill(counts, &seed);
        hand_over(&sent, counts);
        receive(&package, &sent);
        for (int question = 0; question < QUESTIONS; question++) {
            struct asked asked;
            ask(&asked, &package, &seed);
            struct package_count told = package_count(&package, &asked.part);
            int64_t real = true_count(counts, &sent, &asked);
            if (real < told.span.low || real > told.span.high
                || (int64_t)told.incidents < told.span.low
                || (int64_t)told.incidents > told.span.high)
                fail_msg("round %d, question %d: %lld is not within %lld to %lld, or %zu is not",
                         round, question, (long long)real, (long long)told.span.low,
                         (long long)told.span.high, told.incidents);
        }
        let_go(&package);
        handover_free(&sent);
    }
}

static void a_published_count_is_as_wide_as_its_rounding(void **state)
{
    (void)state;
    static town counts;
    struct handover sent;
    struct source_package package;
    uint32_t seed = 3;
    size_t published = 0;
    fill(counts, &seed);
    hand_over(&sent, counts);
    receive(&package, &sent);
    for (size_t p = 0; p < package.handover.pieces.count; p++) {
        struct package_count told = package_square(&package, p);
        if (told.published == 0) {
            assert_true(told.span.high < LEAST);
            continue;
        }
        assert_true(told.span.high - told.span.low < DISCLOSURE_ROUNDED_TO);
        published++;
    }
    assert_true(published > 3 && published < package.handover.pieces.count);
    let_go(&package);
    handover_free(&sent);
}

static void a_list_has_the_squares_with_a_count_of_one_sender(void **state)
{
    (void)state;
    static town counts;
    struct handover sent;
    struct source_package two[2];
    struct square_list all = {0}, one = {0};
    uint32_t seed = 5;
    fill(counts, &seed);
    hand_over(&sent, counts);
    receive(&two[0], &sent);
    receive(&two[1], &sent);
    two[1].owner = 1;
    const struct packages packages = {two, 2};
    assert_true(packages_list(&all, &packages, OUTSIDE, NULL));
    assert_true(packages_list(&one, &packages, 1, NULL));
    assert_int_equal(all.count, 2 * one.count);
    assert_true(one.count > 0);
    two[1].absence = PACKAGE_NOT_ASKED;
    one.count = 0;
    assert_true(packages_list(&one, &packages, 1, NULL));
    assert_int_equal(one.count, 0);
    array_free(&all.items);
    array_free(&one.items);
    let_go(&two[0]);
    let_go(&two[1]);
    handover_free(&sent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_true_count_lies_within_the_bounds),
        cmocka_unit_test(a_published_count_is_as_wide_as_its_rounding),
        cmocka_unit_test(a_list_has_the_squares_with_a_count_of_one_sender),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Tests that the map of a handover is the same when an incident of a withheld square goes, of
 * several sources of which one may have nearly all. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/study/handover_table.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST = 10, SIDE = 10, SQUARES = SIDE * SIDE, SOURCES = 3, CASES = 200, TRIES = 12 };

typedef uint32_t town[SOURCES][SQUARES];

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Squares with few, with one source alone, and with one that has just about 95 %. */
static void fill(town counts, uint32_t *seed)
{
    for (size_t s = 0; s < SQUARES; s++) {
        uint32_t kind = next_random(seed) % 12, large = next_random(seed) % SOURCES;
        for (size_t source = 0; source < SOURCES; source++)
            counts[source][s] = kind < 5   ? next_random(seed) % 2
                                : kind < 7 ? 0
                                           : next_random(seed) % 3;
        if (kind == 6)
            counts[large][s] = next_random(seed) % 40;
        if (kind == 7 || kind == 8)
            counts[large][s] += next_random(seed) % 40;
        if (kind >= 9) {
            uint32_t others = 0;
            counts[large][s] = 0;
            for (size_t source = 0; source < SOURCES; source++)
                others += counts[source][s];
            counts[large][s] = others * 19 + next_random(seed) % 3;
        }
    }
}

static void hand_over(struct handover *handover, town counts)
{
    struct square squares[SQUARES];
    *handover = (struct handover){.options = {.depth_m = 500, .least = LEAST},
                                  .least_per_ha = 26,
                                  .first_quarter = 2024 * 4,
                                  .quarter_count = 1,
                                  .source_count = SOURCES};
    for (int s = 0; s < SQUARES; s++)
        squares[s] = (struct square){1030 + s / SIDE, 5020 + s % SIDE, 1};
    assert_true(array_new(&handover->squares, SQUARES, sizeof *squares, NULL));
    memcpy(handover->squares, squares, sizeof squares);
    handover->square_count = SQUARES;
    const struct square_counts input = {squares, SQUARES, SOURCES, &counts[0][0]};
    assert_true(squares_join(&handover->pieces, &input, handover_may_stand, handover, NULL));
    assert_true(handover_lay_out(handover, NULL));
    for (size_t source = 0; source < SOURCES; source++) {
        uint32_t *cells = calloc(handover->table.cell_count, sizeof *cells);
        assert_non_null(cells);
        for (size_t s = 0; s < SQUARES; s++)
            cells[handover_cell(handover, 0, s, 0)] = counts[source][s];
        disclosure_add_source(&handover->table, cells);
        free(cells);
    }
    assert_true(handover_protect(handover, NULL));
}

/* What the map shows in each square of 100 m: its piece and that one's count. */
struct shown {
    struct square piece;
    uint32_t incidents;
    size_t cluster;
};

static void look(struct shown picture[SQUARES], town counts)
{
    struct handover handover;
    hand_over(&handover, counts);
    memset(picture, 0, SQUARES * sizeof *picture);
    for (size_t s = 0; s < SQUARES; s++) {
        size_t piece = handover.pieces.piece_of[s];
        picture[s].piece = handover.pieces.items[piece];
        picture[s].incidents = handover_of_piece(&handover, piece);
        picture[s].cluster = handover.clusters.cluster_of[piece];
    }
    handover_free(&handover);
}

/* The counts of a piece, by source, and what the sources besides the largest have. */
static uint32_t sum_up(uint32_t sums[SOURCES], town counts, const struct shown picture[SQUARES],
                       size_t square)
{
    uint32_t sum = 0, most = 0;
    memset(sums, 0, SOURCES * sizeof *sums);
    for (size_t s = 0; s < SQUARES; s++)
        if (square_compare(&picture[s].piece, &picture[square].piece) == 0)
            for (size_t source = 0; source < SOURCES; source++)
                sums[source] += counts[source][s];
    for (size_t source = 0; source < SOURCES; source++) {
        sum += sums[source];
        most = sums[source] > most ? sums[source] : most;
    }
    return sum - most;
}

static bool is_same(const struct shown *a, const struct shown *b)
{
    return square_compare(&a->piece, &b->piece) == 0 && a->incidents == b->incidents;
}

struct tally {
    size_t few, alone, dominated, came_up, last;
};

/* One incident of the source is gone from the square, which was withheld. */
static void compare(struct tally *tally, town counts, const struct shown before[SQUARES],
                    size_t square, size_t source)
{
    struct shown after[SQUARES];
    uint32_t sums[SOURCES], others = sum_up(sums, counts, before, square), sum = 0, rest;
    for (size_t s = 0; s < SOURCES; s++)
        sum += sums[s];
    rest = sum - sums[source];
    counts[source][square]--;
    look(after, counts);
    counts[source][square]++;
    bool is_largest = sums[source] == sum - others;
    bool only_other = sum >= LEAST && others == 1 && !is_largest;
    for (size_t s = 0; s < SQUARES; s++) {
        bool own = square_compare(&before[s].piece, &before[square].piece) == 0;
        /* All that can come of it: a square that was over 95 % one source's is so no longer. */
        if (own && sum >= LEAST && is_largest && rest > 0)
            tally->came_up += !is_same(&before[s], &after[s]);
        else if (!only_other)
            assert_true(is_same(&before[s], &after[s]));
    }
    tally->few += sum < LEAST;
    tally->alone += sum >= LEAST && others == 0;
    tally->dominated += sum >= LEAST && others > 0 && !only_other;
    tally->last += only_other;
}

static void one_incident_fewer_in_a_withheld_square_changes_no_other(void **state)
{
    (void)state;
    uint32_t seed = 11;
    struct tally tally = {0};
    size_t joined = 0, shown = 0;
    for (int round = 0; round < CASES; round++) {
        static town counts;
        struct shown picture[SQUARES];
        fill(counts, &seed);
        look(picture, counts);
        for (size_t s = 0; s < SQUARES; s++) {
            joined += picture[s].piece.size > 1;
            shown += picture[s].incidents > 0;
        }
        for (int try = 0; try < TRIES; try++) {
            size_t square = next_random(&seed) % SQUARES, source = next_random(&seed) % SOURCES;
            if (picture[square].incidents == 0 && counts[source][square] > 0)
                compare(&tally, counts, picture, square, source);
        }
    }
    print_message("%zu of few, %zu of one source alone, %zu of one that has nearly all (of which "
                  "%zu squares came up), %zu the only other one\n",
                  tally.few, tally.alone, tally.dominated, tally.came_up, tally.last);
    assert_true(tally.few > 50 && tally.alone > 20 && tally.dominated > 50);
    assert_true(joined > 1000 && shown > 1000);
}

static void what_the_others_back_is_the_rule_of_95_percent_and_never_grows(void **state)
{
    (void)state;
    for (uint32_t largest = 0; largest < 300; largest++)
        for (uint32_t others = 0; others <= largest; others++) {
            uint32_t sum = largest + others, backed = disclosure_backed(sum, largest);
            assert_int_equal(backed<sum, largest * 100> sum * 95);
            if (largest > others)
                assert_true(disclosure_backed(sum - 1, largest - 1) <= backed);
            if (others > 0)
                assert_true(disclosure_backed(sum - 1, largest) <= backed);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_incident_fewer_in_a_withheld_square_changes_no_other),
        cmocka_unit_test(what_the_others_back_is_the_rule_of_95_percent_and_never_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Tests squares of 100 m and more. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/analysis/squares.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST = 10 };

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void a_square_is_named_by_its_corner(void **state)
{
    (void)state;
    char name[SQUARE_NAME];
    struct square square = square_at(103456.7, 502099.9), same;
    square_name(name, &square);
    assert_string_equal(name, "E1034N5020");
    assert_true(square_parse(&same, name));
    assert_int_equal(square_compare(&square, &same), 0);
    square = square_at(100, 300);
    square_name(name, &square);
    assert_string_equal(name, "E0001N0003");
    square = square_at(-0.001, 5812345);
    square_name(name, &square);
    assert_string_equal(name, "E-001N58123");
    assert_true(square_parse(&same, name));
    assert_int_equal(square_compare(&square, &same), 0);
    const char *const wrong[] = {"",           "E1034",       "E1034N5020x", "N5020E1034",
                                 "E103N50200", "E1034N50 20", "e1034n5020",  "E99999999N5020"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(square_parse(&same, wrong[i]));
}

static bool are_enough(const void *state, const uint32_t *by_source, size_t source_count)
{
    uint32_t sum = 0;
    (void)state;
    for (size_t s = 0; s < source_count; s++)
        sum += by_source[s];
    return sum >= LEAST;
}

/* Ten by ten squares from a corner that is a multiple of a kilometre. */
static void ten_by_ten(struct square squares[100])
{
    for (int i = 0; i < 100; i++)
        squares[i] = (struct square){1030 + i / 10, 5020 + i % 10, 1};
}

static void join(struct square_pieces *pieces, const uint32_t counts[100])
{
    struct square squares[100];
    ten_by_ten(squares);
    const struct square_counts input = {squares, 100, 1, counts};
    assert_true(squares_join(pieces, &input, are_enough, NULL, NULL));
}

static void small_neighbours_are_joined_and_large_ones_stay(void **state)
{
    (void)state;
    uint32_t counts[100] = {0};
    struct square_pieces pieces;
    counts[0] = 6, counts[1] = 5, counts[10] = 1; /* 12 in the first 200 m */
    counts[4] = 40, counts[5] = 3;                /* in one of 200 m, with one that stands */
    counts[77] = 4, counts[88] = 4, counts[99] = 2;
    join(&pieces, counts);
    struct square first = pieces.items[pieces.piece_of[0]];
    assert_int_equal(first.size, 2);
    assert_int_equal(pieces.piece_of[0], pieces.piece_of[11]);
    assert_int_equal(pieces.items[pieces.piece_of[4]].size, 1);
    assert_int_equal(pieces.items[pieces.piece_of[5]].size, 1);
    struct square last = pieces.items[pieces.piece_of[77]];
    assert_int_equal(last.size, 5);
    assert_int_equal(last.east, 1035);
    assert_int_equal(last.north, 5025);
    for (size_t i = 0; i < 25; i++)
        assert_int_equal(pieces.piece_of[(5 + i / 5) * 10 + 5 + i % 5], pieces.piece_of[77]);
    square_pieces_free(&pieces);
}

static void fill(uint32_t counts[100], uint32_t *seed)
{
    for (int i = 0; i < 100; i++) {
        uint32_t kind = next_random(seed) % 8;
        counts[i] = kind < 5 ? 0 : kind < 7 ? next_random(seed) % 6 : next_random(seed) % 30;
    }
}

static uint32_t count_in(const struct square_pieces *pieces, const uint32_t counts[100], size_t of)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < 100; i++)
        sum += pieces->piece_of[i] == of ? counts[i] : 0;
    return sum;
}

static void pieces_cover_every_square_once_and_lose_none(void **state)
{
    (void)state;
    uint32_t seed = 11;
    for (int round = 0; round < 300; round++) {
        uint32_t counts[100];
        struct square_pieces pieces;
        struct square squares[100];
        fill(counts, &seed);
        ten_by_ten(squares);
        join(&pieces, counts);
        for (size_t i = 0; i < 100; i++) {
            const struct square *piece = &pieces.items[pieces.piece_of[i]];
            assert_true(square_holds(piece, &squares[i]));
            if (counts[i] >= LEAST)
                assert_int_equal(piece->size, 1);
            if (piece->size > 1)
                assert_true(count_in(&pieces, counts, pieces.piece_of[i]) >= LEAST);
        }
        for (size_t p = 0; p + 1 < pieces.count; p++)
            assert_true(square_compare(&pieces.items[p], &pieces.items[p + 1]) < 0);
        square_pieces_free(&pieces);
    }
}

/* Whoever compares two packages cannot tell that an incident of a withheld square is gone. */
static void an_incident_of_a_withheld_piece_changes_no_piece(void **state)
{
    (void)state;
    uint32_t seed = 5;
    size_t tried = 0;
    for (int round = 0; round < 300; round++) {
        uint32_t counts[100];
        struct square_pieces before, after;
        fill(counts, &seed);
        join(&before, counts);
        for (size_t i = 0; i < 100; i++)
            if (counts[i] > 0 && count_in(&before, counts, before.piece_of[i]) < LEAST) {
                counts[i]--;
                tried++;
                break;
            }
        join(&after, counts);
        assert_int_equal(before.count, after.count);
        assert_memory_equal(before.items, after.items, before.count * sizeof *before.items);
        square_pieces_free(&before);
        square_pieces_free(&after);
    }
    assert_true(tried > 200);
}

static void squares_that_touch_are_one_cluster(void **state)
{
    (void)state;
    const struct square squares[] = {{0, 0, 1}, {1, 1, 1}, {2, 2, 2},
                                     {4, 3, 1}, {9, 9, 1}, {9, 7, 1}};
    const uint32_t incidents[] = {30, 30, 100, 25, 200, 200};
    const struct square_densities densities = {squares, incidents, 6, 26};
    struct square_clusters clusters;
    assert_true(squares_cluster(&clusters, &densities, NULL));
    assert_int_equal(clusters.count, 3);
    assert_int_equal(clusters.cluster_of[4], 1); /* as many as the next, and first in the list */
    assert_int_equal(clusters.cluster_of[5], 2);
    assert_int_equal(clusters.cluster_of[0], 3);
    assert_int_equal(clusters.cluster_of[1], 3);
    assert_int_equal(clusters.cluster_of[2], 0); /* 100 on 4 ha are not dense enough */
    assert_int_equal(clusters.cluster_of[3], 0);
    square_clusters_free(&clusters);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_square_is_named_by_its_corner),
        cmocka_unit_test(small_neighbours_are_joined_and_large_ones_stay),
        cmocka_unit_test(pieces_cover_every_square_once_and_lose_none),
        cmocka_unit_test(an_incident_of_a_withheld_piece_changes_no_piece),
        cmocka_unit_test(squares_that_touch_are_one_cluster),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

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

static void a_name_has_four_to_six_digits(void **state)
{
    (void)state;
    struct square square;
    static const char *const right[] = {"E0000N0000", "E999999N999999", "E-999N-001",
                                        "E-999999N0000"};
    static const char *const wrong[] = {
        "E000N0000",      "E9999999N0000", "E0000N9999999", "E-99N0000",  "E0000N-",
        "E-9999999N0000", "E0000N000",     "E--999N0000",   "E0000N0/00", "E0000N00:0"};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        char name[SQUARE_NAME];
        assert_true(square_parse(&square, right[i]));
        assert_int_equal(square.size, 1);
        square_name(name, &square);
        assert_string_equal(name, right[i]);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(square_parse(&square, wrong[i]));
}

static void larger_squares_begin_at_multiples_of_their_size(void **state)
{
    (void)state;
    for (int32_t size = 1; size <= 5; size++)
        for (int32_t at = -11; at <= 11; at++) {
            const struct square small = {at, -at, 1};
            struct square large = square_around(&small, size);
            assert_int_equal(large.size, size);
            assert_true(large.east % size == 0 && large.north % size == 0);
            assert_true(large.east <= at && at < large.east + size);
            assert_true(large.north <= -at && -at < large.north + size);
            assert_true(square_holds(&large, &small));
        }
    const struct square outer = {10, 20, 5};
    for (int32_t east = 8; east <= 16; east++)
        for (int32_t north = 18; north <= 26; north++) {
            bool within = east >= 10 && east + 2 <= 15 && north >= 20 && north + 2 <= 25;
            assert_int_equal(square_holds(&outer, &(struct square){east, north, 2}), within);
        }
}

static void squares_go_by_east_north_and_size(void **state)
{
    (void)state;
    static const struct square rising[] = {{1, 9, 5}, {2, 1, 5}, {2, 2, 1}, {2, 2, 2}, {3, 0, 1}};
    for (int a = 0; a < 5; a++)
        for (int b = 0; b < 5; b++) {
            int order = square_compare(&rising[a], &rising[b]);
            assert_int_equal((order > 0) - (order < 0), (a > b) - (a < b));
        }
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
                                     {4, 3, 1}, {9, 7, 1}, {9, 9, 1}};
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

/* A side or a corner in common, and never a square between. */
static void clusters_end_where_squares_do_not_touch(void **state)
{
    (void)state;
    static const uint32_t incidents[] = {26, 26};
    for (int32_t east = -3; east <= 4; east++)
        for (int32_t north = -3; north <= 4; north++) {
            const struct square squares[] = {{0, 0, 1}, {east, north, 1}};
            const struct square_densities densities = {squares, incidents, 2, 26};
            struct square_clusters clusters;
            assert_true(squares_cluster(&clusters, &densities, NULL));
            bool touch = east >= -1 && east <= 1 && north >= -1 && north <= 1;
            assert_int_equal(clusters.count, touch ? 1 : 2);
            square_clusters_free(&clusters);
            const struct square wide[] = {{0, 0, 2}, {east, north, 1}};
            const uint32_t many[] = {104, 26};
            assert_true(
                squares_cluster(&clusters, &(struct square_densities){wide, many, 2, 26}, NULL));
            touch = east >= -1 && east <= 2 && north >= -1 && north <= 2;
            assert_int_equal(clusters.count, touch ? 1 : 2);
            square_clusters_free(&clusters);
        }
}

static void a_square_is_hot_from_its_density_on_and_clusters_go_by_size(void **state)
{
    (void)state;
    const struct square squares[] = {{0, 0, 1},  {10, 0, 2}, {20, 0, 2}, {30, 0, 1},
                                     {31, 0, 1}, {40, 0, 1}, {50, 0, 1}};
    const uint32_t incidents[] = {26, 104, 103, 60, 44, 25, 0};
    struct square_clusters clusters;
    assert_true(
        squares_cluster(&clusters, &(struct square_densities){squares, incidents, 7, 26}, NULL));
    static const size_t wanted[] = {3, 1, 0, 2, 2, 0, 0}; /* of equals the first comes first */
    assert_int_equal(clusters.count, 3);
    for (int i = 0; i < 7; i++)
        assert_int_equal(clusters.cluster_of[i], wanted[i]);
    square_clusters_free(&clusters);
    assert_true(
        squares_cluster(&clusters, &(struct square_densities){squares, incidents, 7, 0}, NULL));
    assert_int_equal(clusters.cluster_of[6], 0); /* of nothing there is no cluster */
    assert_true(clusters.cluster_of[5] > 0);
    square_clusters_free(&clusters);
}

/* Four of 100 m, each of which tells too little: enough together, or too little still. */
static void squares_are_joined_from_just_enough_on(void **state)
{
    (void)state;
    static const struct square four[] = {{-2, -2, 1}, {-2, -1, 1}, {-1, -2, 1}, {-1, -1, 1}};
    for (uint32_t more = 0; more < 2; more++) {
        const uint32_t counts[] = {3, 3, 3, more};
        struct square_pieces pieces;
        const struct square_counts input = {four, 4, 1, counts};
        assert_true(squares_join(&pieces, &input, are_enough, NULL, NULL));
        assert_int_equal(pieces.count, more ? 1 : 4);
        assert_int_equal(pieces.items[0].size, more ? 2 : 1);
        assert_int_equal(pieces.items[0].east, -2);
        square_pieces_free(&pieces);
    }
}

/* A field of squares of 100, 200 and 500 m, none over another, in order. */
static size_t scatter(struct square squares[400], uint32_t *seed)
{
    static const int32_t sizes[] = {5, 2, 1};
    bool is_taken[20][20] = {{false}};
    size_t count = 0;
    for (int s = 0; s < 3; s++)
        for (int32_t place = 0; place < 400; place++) {
            struct square square = {place / 20 - place / 20 % sizes[s],
                                    place % 20 - place % 20 % sizes[s], sizes[s]};
            bool is_free = next_random(seed) % (uint32_t)(8 / sizes[s]) == 0;
            for (int32_t n = 0; n < square.size * square.size; n++)
                is_free =
                    is_free
                    && !is_taken[square.east + n / square.size][square.north + n % square.size];
            if (!is_free)
                continue;
            for (int32_t n = 0; n < square.size * square.size; n++)
                is_taken[square.east + n / square.size][square.north + n % square.size] = true;
            squares[count++] = square;
        }
    qsort(squares, count, sizeof *squares, square_compare);
    return count;
}

static bool reach_one_another(const struct square *a, const struct square *b)
{
    return a->east <= b->east + b->size && b->east <= a->east + a->size
           && a->north <= b->north + b->size && b->north <= a->north + a->size;
}

static void clusters_are_those_of_the_plain_way(void **state)
{
    (void)state;
    uint32_t seed = 11;
    for (int round = 0; round < 300; round++) {
        struct square squares[400];
        uint32_t incidents[400];
        struct square_clusters clusters;
        size_t count = scatter(squares, &seed), parts[SQUARES_WITHIN], inner = 0;
        for (size_t i = 0; i < count; i++)
            incidents[i] = next_random(&seed) % 3 == 0 ? 1000 : 10;
        const struct square_densities densities = {squares, incidents, count, 26};
        assert_true(squares_cluster(&clusters, &densities, NULL));
        for (size_t i = 0; i < count; i++) {
            assert_true((clusters.cluster_of[i] > 0) == (incidents[i] == 1000));
            for (size_t j = 0; j < i; j++)
                if (clusters.cluster_of[i] > 0 && clusters.cluster_of[j] > 0
                    && reach_one_another(&squares[i], &squares[j])
                    && clusters.cluster_of[i] != clusters.cluster_of[j])
                    fail_msg("round %d: %zu and %zu touch, in two clusters", round, i, j);
        }
        struct square outer = {(int32_t)(next_random(&seed) % 4) * 5,
                               (int32_t)(next_random(&seed) % 4) * 5, 5};
        size_t found = squares_within(parts, squares, count, &outer);
        for (size_t i = 0; i < count; i++)
            if (square_holds(&outer, &squares[i]))
                assert_int_equal(inner < found ? parts[inner++] : SIZE_MAX, i);
        assert_int_equal(inner, found);
        square_clusters_free(&clusters);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_square_is_named_by_its_corner),
        cmocka_unit_test(a_name_has_four_to_six_digits),
        cmocka_unit_test(larger_squares_begin_at_multiples_of_their_size),
        cmocka_unit_test(squares_go_by_east_north_and_size),
        cmocka_unit_test(clusters_end_where_squares_do_not_touch),
        cmocka_unit_test(a_square_is_hot_from_its_density_on_and_clusters_go_by_size),
        cmocka_unit_test(squares_are_joined_from_just_enough_on),
        cmocka_unit_test(small_neighbours_are_joined_and_large_ones_stay),
        cmocka_unit_test(pieces_cover_every_square_once_and_lose_none),
        cmocka_unit_test(an_incident_of_a_withheld_piece_changes_no_piece),
        cmocka_unit_test(squares_that_touch_are_one_cluster),
        cmocka_unit_test(clusters_are_those_of_the_plain_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

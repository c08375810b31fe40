/* Tests of the cells that find a point's neighbours, against every pair. */
#include "tests/cases.h"

#include "engine/space/neighbours.h"
#include "engine/space/partition.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 400 };

struct set {
    int32_t x[MOST], y[MOST];
    size_t count;
    double radius;
};

static uint64_t random_next(uint64_t *seed)
{
    *seed += 0x9e3779b97f4a7c15u;
    uint64_t z = *seed;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static int32_t below(uint64_t *seed, uint64_t limit)
{
    return (int32_t)(random_next(seed) % limit);
}

/* Small and huge extents, radii from 0 to far over the extent. */
static void set_random(struct set *set, uint64_t seed)
{
    static const int32_t EXTENTS[] = {1, 7, 40, 1000, 2000000000};
    static const double RADII[] = {0, 1, 1.5, 2, 3, 5.7, 10, 100, 30000, 1.0e8, 3.0e9};
    uint64_t state = seed;
    int32_t extent = EXTENTS[below(&state, 5)];
    set->count = (size_t)below(&state, MOST) + 1;
    set->radius = RADII[below(&state, 11)];
    for (size_t i = 0; i < set->count; i++) {
        set->x[i] = below(&state, (uint64_t)extent) - extent / 2;
        set->y[i] = below(&state, (uint64_t)extent) - extent / 2;
        if (i > 0 && below(&state, 4) == 0) {
            set->x[i] = set->x[i - 1] / 2;
            set->y[i] = set->y[i - 1];
        }
    }
}

static void build(struct neighbours *neighbours, const struct set *set, int threads)
{
    struct points points = {set->x, set->y, set->count};
    struct neighbours_options options = {.radius = set->radius, .thread_count = threads};
    struct error error = {0};
    assert_true(neighbours_new(neighbours, &points, &options, &error));
}

static size_t pairs_by_cells(const struct neighbours *neighbours)
{
    size_t pairs = 0;
    struct neighbour_walk walk;
    neighbours_walk(&walk, neighbours, 0);
    for (size_t c = 0; c < neighbours->cell_count; c++) {
        uint32_t near[NEAR_MOST + 1];
        size_t count = neighbours_near(near, &walk, neighbours, c);
        near[count++] = (uint32_t)c;
        for (size_t i = neighbours->starts[c]; i < neighbours->starts[c + 1]; i++)
            for (size_t k = 0; k < count; k++)
                for (size_t j = neighbours->starts[near[k]]; j < neighbours->starts[near[k] + 1];
                     j++)
                    pairs += neighbours_distance2(neighbours->x[i], neighbours->y[i],
                                                  neighbours->x[j], neighbours->y[j])
                             <= neighbours->reach2;
    }
    return pairs;
}

static size_t pairs_by_all(const struct set *set, int64_t reach2)
{
    size_t pairs = 0;
    for (size_t i = 0; i < set->count; i++)
        for (size_t j = 0; j < set->count; j++)
            pairs += neighbours_distance2(set->x[i], set->y[i], set->x[j], set->y[j]) <= reach2;
    return pairs;
}

static void near_cells_hold_every_neighbour(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= cases_rounds(600, 100); seed++) {
        struct set set;
        struct neighbours neighbours;
        set_random(&set, seed);
        build(&neighbours, &set, 1);
        size_t found = pairs_by_cells(&neighbours);
        size_t expected = pairs_by_all(&set, neighbours.reach2);
        if (found != expected)
            print_error("seed %llu\n", (unsigned long long)seed);
        assert_int_equal(found, expected);
        neighbours_free(&neighbours);
    }
}

static void points_of_one_cell_are_neighbours_and_none_is_lost(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct set set;
        struct neighbours cells;
        bool seen[MOST] = {false};
        set_random(&set, seed);
        build(&cells, &set, 2);
        for (size_t c = 0; c < cells.cell_count; c++)
            for (size_t i = cells.starts[c]; i < cells.starts[c + 1]; i++) {
                assert_false(seen[cells.index[i]]);
                seen[cells.index[i]] = true;
                assert_int_equal(cells.x[i], set.x[cells.index[i]]);
                assert_int_equal(cells.y[i], set.y[cells.index[i]]);
                for (size_t j = cells.starts[c]; j < i; j++) {
                    assert_true(neighbours_distance2(cells.x[i], cells.y[i], cells.x[j], cells.y[j])
                                <= cells.reach2);
                    assert_true(cells.index[j] < cells.index[i]);
                }
            }
        for (size_t i = 0; i < set.count; i++)
            assert_true(seen[i]);
        neighbours_free(&cells);
    }
}

static void a_walk_may_start_at_any_cell(void **state)
{
    (void)state;
    struct set set;
    struct neighbours cells;
    for (uint64_t seed = 20; seed < 60; seed++) {
        set_random(&set, seed);
        build(&cells, &set, 1);
        struct neighbour_walk whole;
        neighbours_walk(&whole, &cells, 0);
        for (size_t c = 0; c < cells.cell_count; c++) {
            uint32_t near[NEAR_MOST] = {0}, again[NEAR_MOST] = {0};
            struct neighbour_walk fresh;
            neighbours_walk(&fresh, &cells, c);
            assert_int_equal(neighbours_near(near, &whole, &cells, c),
                             neighbours_near(again, &fresh, &cells, c));
            assert_memory_equal(near, again, sizeof near);
        }
        neighbours_free(&cells);
    }
}

static void a_radius_from_decimal_text_is_whole(void **state)
{
    (void)state;
    assert_int_equal(neighbours_reach2(1.001 * 1000), 1002001);
    assert_int_equal(neighbours_reach2(35 * 1000.0), 1225000000);
    assert_int_equal(neighbours_reach2(1.5), 2);
    assert_int_equal(neighbours_reach2(0), 0);
    assert_true(neighbours_reach2(1e30) == INT64_MAX);
}

/* A million points wide apart need no table of all cells between them, and many buckets. */
static void threads_and_extent_change_nothing(void **state)
{
    (void)state;
    enum { COUNT = 300000 };
    int32_t *x = malloc(COUNT * sizeof *x), *y = malloc(COUNT * sizeof *y);
    assert_non_null(x);
    assert_non_null(y);
    for (int wide = 0; wide < 2; wide++) {
        uint64_t seed = 5;
        uint64_t extent = wide ? 2000000000 : 3000000;
        for (size_t i = 0; i < COUNT; i++) {
            x[i] = below(&seed, extent) - (int32_t)(extent / 2);
            y[i] = below(&seed, extent) - (int32_t)(extent / 2);
        }
        struct points points = {x, y, COUNT};
        struct neighbours one, two;
        struct error error;
        assert_true(neighbours_new(&one, &points, &(struct neighbours_options){25000, 1}, &error));
        assert_true(neighbours_new(&two, &points, &(struct neighbours_options){25000, 8}, &error));
        assert_int_equal(one.cell_count, two.cell_count);
        assert_memory_equal(one.index, two.index, COUNT * sizeof *one.index);
        assert_memory_equal(one.keys, two.keys, one.cell_count * sizeof *one.keys);
        for (size_t c = 1; c < one.cell_count; c++)
            assert_true(one.keys[c - 1] < one.keys[c]);
        neighbours_free(&one);
        neighbours_free(&two);
    }
    free(x);
    free(y);
}

static void no_points_are_no_cells(void **state)
{
    (void)state;
    struct neighbours cells;
    struct points points = {NULL, NULL, 0};
    struct error error = {0};
    assert_true(neighbours_new(&cells, &points, &(struct neighbours_options){10, 2}, &error));
    assert_int_equal(cells.cell_count, 0);
    neighbours_free(&cells);
}

static void even_and_odd(uint32_t *buckets, const void *state, const struct points *points)
{
    (void)state;
    for (size_t i = 0; i < points->count; i++)
        buckets[i] = points->x[i] < 0 ? 2 : (uint32_t)points->x[i] % 2;
}

static void a_partition_keeps_order_and_leaves_out_what_it_is_told(void **state)
{
    (void)state;
    int32_t x[] = {3, 2, -1, 5, 4, -7, 1}, y[] = {0, 1, 2, 3, 4, 5, 6};
    struct points points = {x, y, 7};
    struct partition partition;
    struct partition_rule rule = {.choose = even_and_odd, .bucket_count = 2, .thread_count = 2};
    struct error error = {0};
    assert_true(partition_points(&partition, &points, &rule, &error));
    uint32_t expected[] = {1, 4, 0, 3, 6};
    assert_int_equal(partition.starts[1], 2);
    assert_int_equal(partition.starts[2], 5);
    assert_memory_equal(partition.index, expected, sizeof expected);
    partition_free(&partition);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(near_cells_hold_every_neighbour),
        cmocka_unit_test(points_of_one_cell_are_neighbours_and_none_is_lost),
        cmocka_unit_test(a_walk_may_start_at_any_cell),
        cmocka_unit_test(a_radius_from_decimal_text_is_whole),
        cmocka_unit_test(threads_and_extent_change_nothing),
        cmocka_unit_test(no_points_are_no_cells),
        cmocka_unit_test(a_partition_keeps_order_and_leaves_out_what_it_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

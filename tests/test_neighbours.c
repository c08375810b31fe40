/* Tests of the cells that find a point's neighbours, against every pair. */
#include "tests/cases.h"

#include "engine/space/neighbours.h"
#include "engine/space/neighbours_dense.h"
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

static void build(struct neighbours *neighbours, const struct set *set, size_t crowd, int threads)
{
    struct points points = {set->x, set->y, set->count};
    struct neighbours_options options = {set->radius, crowd, threads};
    struct error error = {0};
    assert_true(neighbours_new(neighbours, &points, &options, &error));
}

static int64_t distance2(const struct set *set, size_t i, size_t j)
{
    int64_t x = (int64_t)set->x[i] - set->x[j], y = (int64_t)set->y[i] - set->y[j];
    return x * x + y * y;
}

static size_t pairs_between(const struct neighbours *neighbours, size_t cell,
                            const struct cell_run *run)
{
    size_t pairs = 0;
    for (size_t i = neighbours->starts[cell]; i < neighbours->starts[cell + 1]; i++)
        for (size_t j = neighbours->starts[run->first]; j < neighbours->starts[run->end]; j++)
            pairs += neighbours_distance2(neighbours->spots[i], neighbours->spots[j])
                     <= neighbours->frame.reach2;
    return pairs;
}

static size_t pairs_by_cells(const struct neighbours *neighbours)
{
    size_t pairs = 0;
    struct neighbour_walk walk;
    neighbours_walk(&walk, neighbours, 0);
    for (size_t c = 0; c < neighbours->cell_count; c++) {
        struct cell_run runs[NEAR_RUNS];
        if (neighbours_size(neighbours, c) == 0)
            continue;
        size_t count = neighbours_near(runs, &walk, neighbours, c);
        assert_true(runs[0].first <= c && c < runs[0].end);
        for (size_t r = 0; r < count; r++)
            pairs += pairs_between(neighbours, c, &runs[r]);
    }
    return pairs;
}

static size_t pairs_by_all(const struct set *set, int64_t reach2)
{
    size_t pairs = 0;
    for (size_t i = 0; i < set->count; i++)
        for (size_t j = 0; j < set->count; j++)
            pairs += distance2(set, i, j) <= reach2;
    return pairs;
}

static void near_cells_hold_every_neighbour(void **state)
{
    (void)state;
    const uint64_t rounds = cases_rounds(600, 100);
    size_t dense = 0, sparse = 0;
    for (uint64_t seed = 1; seed <= rounds; seed++) {
        struct set set;
        struct neighbours neighbours;
        set_random(&set, seed);
        build(&neighbours, &set, 0, 1);
        size_t found = pairs_by_cells(&neighbours);
        size_t expected = pairs_by_all(&set, neighbours.frame.reach2);
        if (found != expected)
            print_error("seed %llu\n", (unsigned long long)seed);
        assert_int_equal(found, expected);
        dense += neighbours.keys == NULL;
        sparse += neighbours.keys != NULL;
        neighbours_free(&neighbours);
    }
    assert_true(dense > rounds / 6 && sparse > rounds / 6);
}

/* Each pair of different cells that touch is met once. */
static void adjacent_lower_cells_are_those_of_the_near_ones(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct set set;
        struct neighbours cells;
        struct neighbour_walk all, adjacent;
        size_t touching = 0, expected = 0;
        set_random(&set, seed);
        build(&cells, &set, 0, 1);
        neighbours_walk(&all, &cells, 0);
        neighbours_walk(&adjacent, &cells, 0);
        for (size_t c = 0; c < cells.cell_count; c++) {
            struct cell_run runs[NEAR_RUNS];
            if (neighbours_size(&cells, c) == 0)
                continue;
            size_t count = neighbours_near(runs, &all, &cells, c);
            for (size_t r = 0; r < count; r++)
                for (size_t d = runs[r].first; d < runs[r].end && d < c; d++) {
                    int64_t column = neighbours_key(&cells, d) - neighbours_key(&cells, c)
                                     - runs[r].row * cells.frame.stride;
                    expected += neighbours_size(&cells, d) > 0 && runs[r].row >= -1 && column >= -1
                                && column <= 1;
                }
            count = neighbours_adjacent_lower(runs, &adjacent, &cells, c);
            for (size_t r = 0; r < count; r++)
                for (size_t d = runs[r].first; d < runs[r].end; d++)
                    touching += d < c && neighbours_size(&cells, d) > 0;
        }
        if (touching != expected)
            fail_msg("seed %llu", (unsigned long long)seed);
        neighbours_free(&cells);
    }
}

static void gaps_are_the_least_distances_to_cells(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct set set;
        struct neighbours cells;
        struct neighbour_walk walk;
        set_random(&set, seed);
        build(&cells, &set, 0, 1);
        neighbours_walk(&walk, &cells, 0);
        for (size_t c = 0; c < cells.cell_count; c++) {
            struct cell_run runs[NEAR_RUNS];
            struct cell_gaps gaps;
            if (neighbours_size(&cells, c) == 0)
                continue;
            struct spot here = cells.spots[cells.starts[c]];
            neighbours_gaps(&gaps, &cells, here);
            size_t count = neighbours_near(runs, &walk, &cells, c);
            for (size_t r = 0; r < count; r++)
                for (size_t d = runs[r].first; d < runs[r].end; d++) {
                    int64_t column = neighbours_key(&cells, d) - neighbours_key(&cells, c)
                                     - runs[r].row * cells.frame.stride;
                    int64_t gap2 = gaps.rows2[runs[r].row + 2] + gaps.columns2[column + 2];
                    for (size_t i = cells.starts[d]; i < cells.starts[d + 1]; i++)
                        assert_true(neighbours_distance2(here, cells.spots[i]) >= gap2);
                    assert_true(d == c || gap2 <= cells.frame.reach2 || gap2 > 0);
                }
        }
        neighbours_free(&cells);
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
        build(&cells, &set, 0, 2);
        for (size_t c = 0; c < cells.cell_count; c++)
            for (size_t i = cells.starts[c]; i < cells.starts[c + 1]; i++) {
                struct spot spot = cells.spots[i];
                assert_false(seen[spot.index]);
                seen[spot.index] = true;
                assert_int_equal(spot.x, set.x[spot.index]);
                assert_int_equal(spot.y, set.y[spot.index]);
                for (size_t j = cells.starts[c]; j < i; j++) {
                    assert_true(neighbours_distance2(spot, cells.spots[j]) <= cells.frame.reach2);
                    assert_true(cells.spots[j].index < spot.index);
                }
            }
        for (size_t i = 0; i < set.count; i++)
            assert_true(seen[i]);
        neighbours_free(&cells);
    }
}

static struct place_box box_of_cell(const struct set *set, const uint32_t *cell_of, size_t cell,
                                    size_t *size)
{
    struct place_box box = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};
    *size = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (cell_of[i] != cell)
            continue;
        ++*size;
        box.x_min = set->x[i] < box.x_min ? set->x[i] : box.x_min;
        box.y_min = set->y[i] < box.y_min ? set->y[i] : box.y_min;
        box.x_max = set->x[i] > box.x_max ? set->x[i] : box.x_max;
        box.y_max = set->y[i] > box.y_max ? set->y[i] : box.y_max;
    }
    return box;
}

static void cells_left_out_are_crowded_all_around_and_their_boxes_known(void **state)
{
    (void)state;
    size_t left = 0;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct set set;
        struct neighbours cells;
        struct neighbour_walk walk;
        uint32_t cell_of[MOST];
        uint64_t random = seed;
        set_random(&set, seed);
        for (size_t i = 0; seed % 2 && i < set.count; i++) {
            set.x[i] = below(&random, 40);
            set.y[i] = below(&random, 40);
            set.radius = 5 + (double)(seed % 7);
        }
        size_t crowd = 1 + (size_t)below(&random, 3);
        build(&cells, &set, crowd, 2);
        if (cells.keys == NULL)
            neighbours_cells(cell_of, &cells, &(struct points){set.x, set.y, set.count});
        for (size_t c = 0; cells.keys == NULL && c < cells.cell_count; c++) {
            struct cell_run runs[NEAR_RUNS];
            size_t size;
            const struct left_out *left_out = neighbours_left_out(&cells, c);
            struct place_box box = box_of_cell(&set, cell_of, c, &size);
            assert_int_equal(neighbours_size(&cells, c), size);
            if (left_out == NULL)
                continue;
            left++;
            assert_memory_equal(&left_out->box, &box, sizeof box);
            neighbours_walk(&walk, &cells, c);
            size_t count = neighbours_near(runs, &walk, &cells, c);
            for (size_t r = 0; r < count; r++)
                for (size_t d = runs[r].first; d < runs[r].end; d++)
                    assert_true(neighbours_size(&cells, d) >= crowd);
        }
        neighbours_free(&cells);
    }
    assert_true(left > 200);
}

static void a_walk_may_start_at_any_cell(void **state)
{
    (void)state;
    struct set set;
    struct neighbours cells;
    for (uint64_t seed = 20; seed < 80; seed++) {
        set_random(&set, seed);
        build(&cells, &set, 0, 1);
        struct neighbour_walk whole;
        neighbours_walk(&whole, &cells, 0);
        for (size_t c = 0; c < cells.cell_count; c++) {
            struct cell_run near[NEAR_RUNS] = {{0}}, again[NEAR_RUNS] = {{0}};
            struct neighbour_walk fresh;
            if (neighbours_size(&cells, c) == 0)
                continue;
            neighbours_walk(&fresh, &cells, c);
            size_t count = neighbours_near(near, &whole, &cells, c);
            assert_int_equal(neighbours_near(again, &fresh, &cells, c), count);
            for (size_t r = 0; r < count; r++)
                assert_true(near[r].first == again[r].first && near[r].end == again[r].end
                            && near[r].row == again[r].row);
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

/* Points wide apart need no table of all cells between them, and many buckets. */
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
        assert_true(
            neighbours_new(&one, &points, &(struct neighbours_options){25000, 4, 1}, &error));
        assert_true(
            neighbours_new(&two, &points, &(struct neighbours_options){25000, 4, 8}, &error));
        assert_int_equal(one.cell_count, two.cell_count);
        assert_int_equal(one.count, two.count);
        assert_true(wide == (one.keys != NULL) && (wide || one.count < COUNT));
        assert_memory_equal(one.spots, two.spots, one.count * sizeof *one.spots);
        for (size_t c = 0; c < one.cell_count; c++) {
            const struct left_out *a = neighbours_left_out(&one, c);
            const struct left_out *b = neighbours_left_out(&two, c);
            assert_true((a == NULL) == (b == NULL));
            assert_true(a == NULL || memcmp(a, b, sizeof *a) == 0);
            assert_true(c == 0 || neighbours_key(&one, c - 1) < neighbours_key(&one, c));
            assert_true(neighbours_key(&one, c) == neighbours_key(&two, c));
        }
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
    assert_true(neighbours_new(&cells, &points, &(struct neighbours_options){10, 0, 2}, &error));
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
        cmocka_unit_test(adjacent_lower_cells_are_those_of_the_near_ones),
        cmocka_unit_test(gaps_are_the_least_distances_to_cells),
        cmocka_unit_test(cells_left_out_are_crowded_all_around_and_their_boxes_known),
        cmocka_unit_test(points_of_one_cell_are_neighbours_and_none_is_lost),
        cmocka_unit_test(a_walk_may_start_at_any_cell),
        cmocka_unit_test(a_radius_from_decimal_text_is_whole),
        cmocka_unit_test(threads_and_extent_change_nothing),
        cmocka_unit_test(no_points_are_no_cells),
        cmocka_unit_test(a_partition_keeps_order_and_leaves_out_what_it_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

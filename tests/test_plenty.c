/* Tests where it matters no longer how many points there are, against a count of every point. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/analysis/plenty.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Points at the middles of cells, by column and row from the first one around the raster. */
enum { POINTS_MOST = 2000 };
struct cloud {
    size_t column[POINTS_MOST], row[POINTS_MOST], count;
};

struct case_of {
    size_t columns, rows;
    double reach; /* cells */
    double enough;
    int shift; /* that it must have */
};

static void open_case(struct plenty *plenty, const struct case_of *of, const struct cloud *cloud)
{
    const struct frame frame = {.cell = 10000,
                                .reach2 = of->reach * of->reach * 1e8,
                                .columns = of->columns,
                                .rows = of->rows,
                                .thread_count = 2};
    assert_true(plenty_new(plenty, &frame, of->enough, (size_t)ceil(of->reach), NULL));
    assert_int_equal(plenty->shift, of->shift);
    for (size_t i = 0; i < cloud->count; i++)
        plenty->counts[plenty_block(plenty, cloud->column[i], cloud->row[i])]++;
    assert_true(plenty_refresh(plenty, NULL));
}

/* One crowd, and a few everywhere. */
static void scatter(struct cloud *cloud, const struct case_of *of, uint32_t *seed)
{
    size_t around = (size_t)ceil(of->reach), columns = of->columns + 2 * around;
    size_t rows = of->rows + 2 * around, wide = 1 + next_random(seed) % columns;
    cloud->count = next_random(seed) % POINTS_MOST;
    for (size_t i = 0; i < cloud->count; i++) {
        bool crowd = i % 8 != 0;
        cloud->column[i] = next_random(seed) % (crowd ? wide : columns);
        cloud->row[i] = next_random(seed) % rows;
    }
}

static bool is_near(const struct case_of *of, double columns, double rows)
{
    return columns * columns + rows * rows < of->reach * of->reach;
}

static bool has_enough(const struct case_of *of, const struct cloud *cloud, size_t column,
                       size_t row)
{
    size_t around = (size_t)ceil(of->reach), found = 0;
    for (size_t i = 0; i < cloud->count; i++)
        found += is_near(of, (double)cloud->column[i] - (double)(column + around),
                         (double)cloud->row[i] - (double)(row + around));
    return (double)found >= of->enough;
}

/* Whether any cell of the raster within reach of this one has not. */
static bool is_by_a_short_one(const struct case_of *of, const bool *enough, double column,
                              double row)
{
    for (size_t r = 0; r < of->rows; r++)
        for (size_t c = 0; c < of->columns; c++)
            if (!enough[r * of->columns + c] && is_near(of, (double)c - column, (double)r - row))
                return true;
    return false;
}

static void check_case(const struct case_of *of, const struct cloud *cloud, size_t covered[2])
{
    enum { CELLS_MOST = 1200 };
    bool enough[CELLS_MOST];
    struct plenty plenty;
    double around = ceil(of->reach);
    assert_true(of->columns * of->rows <= CELLS_MOST);
    open_case(&plenty, of, cloud);
    for (size_t i = 0; i < of->columns * of->rows; i++)
        enough[i] = has_enough(of, cloud, i % of->columns, i / of->columns);
    for (size_t i = 0; i < of->columns * of->rows; i++) {
        size_t column = i % of->columns, row = i / of->columns;
        bool covers = plenty_covers(&plenty, column, row);
        covered[covers]++;
        if (covers)
            assert_false(is_by_a_short_one(of, enough, (double)column, (double)row));
    }
    for (size_t i = 0; i < cloud->count; i++) {
        double column = (double)cloud->column[i] - around, row = (double)cloud->row[i] - around;
        if (!plenty.skips[plenty_block(&plenty, cloud->column[i], cloud->row[i])])
            continue;
        for (size_t n = 0; n < of->columns * of->rows; n++)
            if (is_near(of, (double)(n % of->columns) - column, (double)(n / of->columns) - row))
                assert_true(plenty_covers(&plenty, n % of->columns, n / of->columns));
    }
    plenty_free(&plenty);
    assert_null(plenty.counts);
}

static void what_is_covered_is_by_no_cell_that_has_too_few(void **state)
{
    (void)state;
    static const struct case_of cases[] = {
        {40, 25, 5.5, 3, 0}, {40, 30, 5, 0, 0},    {30, 40, 9, 10, 1},  {25, 25, 17.3, 30, 2},
        {12, 12, 40, 60, 3}, {10, 12, 70, 100, 4}, {8, 8, 140, 200, 5}, {6, 6, 300, 400, 5},
    };
    static struct cloud cloud;
    uint32_t seed = 11;
    size_t covered[2] = {0, 0};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++)
        for (int round = 0; round < 4; round++) {
            scatter(&cloud, &cases[c], &seed);
            check_case(&cases[c], &cloud, covered);
        }
    assert_true(covered[0] > 2000 && covered[1] > 2000);
}

/* The points of a block that may be left out change nothing of what is covered. */
static void what_is_left_out_changes_no_answer(void **state)
{
    (void)state;
    static const struct case_of of = {30, 30, 9, 12, 1};
    static struct cloud cloud, rest;
    uint32_t seed = 5;
    size_t left_out = 0;
    for (int round = 0; round < 10; round++) {
        struct plenty all, some;
        scatter(&cloud, &of, &seed);
        open_case(&all, &of, &cloud);
        rest.count = 0;
        for (size_t i = 0; i < cloud.count; i++) {
            if (all.skips[plenty_block(&all, cloud.column[i], cloud.row[i])])
                continue;
            rest.column[rest.count] = cloud.column[i];
            rest.row[rest.count++] = cloud.row[i];
        }
        left_out += cloud.count - rest.count;
        open_case(&some, &of, &rest);
        for (size_t i = 0; i < of.columns * of.rows; i++)
            if (!plenty_covers(&all, i % of.columns, i / of.columns))
                assert_int_equal(has_enough(&of, &cloud, i % of.columns, i / of.columns),
                                 has_enough(&of, &rest, i % of.columns, i / of.columns));
        plenty_free(&all);
        plenty_free(&some);
    }
    assert_true(left_out > 100);
}

static void a_block_ends_where_the_next_begins(void **state)
{
    (void)state;
    static const struct case_of of = {30, 30, 17, 1, 2};
    static struct cloud none;
    struct plenty plenty;
    open_case(&plenty, &of, &none);
    for (size_t column = 0; column < 30; column++) {
        size_t end = plenty_block_end(&plenty, column);
        assert_true(end > column && end <= column + 4);
        assert_int_equal(plenty_block(&plenty, end - 1 + 17, 0),
                         plenty_block(&plenty, column + 17, 0));
        assert_int_equal(plenty_block(&plenty, end + 17, 0),
                         plenty_block(&plenty, column + 17, 0) + 1);
    }
    plenty_free(&plenty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_covered_is_by_no_cell_that_has_too_few),
        cmocka_unit_test(what_is_left_out_changes_no_answer),
        cmocka_unit_test(a_block_ends_where_the_next_begins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

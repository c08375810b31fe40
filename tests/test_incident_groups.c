/* Tests of points by group: none is lost, and each group keeps the order of the rows. */
#include "engine/analysis/incident_groups.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { COUNT = 200000 };

static uint64_t random_next(uint64_t *seed)
{
    *seed += 0x9e3779b97f4a7c15u;
    uint64_t z = *seed;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

struct rows {
    int32_t *x, *y;
    uint32_t *weights, *groups;
};

static void rows_new(struct rows *rows, uint64_t seed, uint32_t groups, uint32_t stride)
{
    uint64_t random = seed;
    assert_true(array_new(&rows->x, COUNT, sizeof *rows->x, NULL));
    assert_true(array_new(&rows->y, COUNT, sizeof *rows->y, NULL));
    assert_true(array_new(&rows->weights, COUNT, sizeof *rows->weights, NULL));
    assert_true(array_new(&rows->groups, COUNT, sizeof *rows->groups, NULL));
    for (size_t i = 0; i < COUNT; i++) {
        rows->x[i] = (int32_t)random_next(&random);
        rows->y[i] = (int32_t)random_next(&random);
        rows->weights[i] = (uint32_t)(random_next(&random) % 9);
        rows->groups[i] = (uint32_t)(random_next(&random) % groups) * stride;
    }
}

static void rows_free(struct rows *rows)
{
    array_free(&rows->x);
    array_free(&rows->y);
    array_free(&rows->weights);
    array_free(&rows->groups);
}

static size_t look_at(const struct incident_group *group, const struct rows *rows, bool weighted)
{
    const struct weighted_points *points = &group->points;
    for (size_t i = 0; i < points->points.count; i++) {
        uint32_t incident = group->incidents[i];
        assert_true(i == 0 || group->incidents[i - 1] < incident);
        assert_int_equal(rows->groups[incident], group->number);
        assert_int_equal(points->points.x[i], rows->x[incident]);
        assert_int_equal(points->points.y[i], rows->y[incident]);
        assert_true(weighted ? points->weights[i] == rows->weights[incident]
                             : points->weights == NULL);
    }
    return points->points.count;
}

/* Small numbers are looked up in a table, large ones sorted. */
static void every_row_is_in_its_group_whatever_the_numbers_and_threads(void **state)
{
    (void)state;
    static const uint32_t NUMBERS[][2] = {{1, 1}, {12, 1}, {12, 300000000}, {50000, 1}, {7, 900}};
    for (size_t n = 0; n < sizeof NUMBERS / sizeof *NUMBERS; n++)
        for (int threads = 1; threads <= 8; threads *= 2) {
            struct rows rows;
            struct incident_groups groups;
            bool weighted = threads == 2;
            size_t seen = 0;
            rows_new(&rows, n + 1, NUMBERS[n][0], NUMBERS[n][1]);
            struct grouped_points from = {
                {{rows.x, rows.y, COUNT}, weighted ? rows.weights : NULL}, rows.groups, threads};
            assert_true(incident_groups_new(&groups, &from, NULL));
            for (size_t g = 0; g < groups.count; g++) {
                assert_true(g == 0 || groups.items[g - 1].number < groups.items[g].number);
                seen += look_at(&groups.items[g], &rows, weighted);
                incident_group_forget_points(&groups.items[g]);
            }
            assert_int_equal(seen, COUNT);
            incident_groups_free(&groups);
            rows_free(&rows);
        }
}

static void one_group_is_borrowed_and_no_rows_are_no_group(void **state)
{
    (void)state;
    int32_t x[] = {1, 2}, y[] = {3, 4};
    uint32_t none[1] = {0};
    struct incident_groups groups;
    struct grouped_points from = {.points = {{x, y, 2}, NULL}};
    assert_true(incident_groups_new(&groups, &from, NULL));
    assert_int_equal(groups.count, 1);
    assert_true(groups.items[0].points.points.x == x && groups.items[0].incidents == NULL);
    incident_groups_free(&groups);
    from.points.points.count = 0;
    assert_true(incident_groups_new(&groups, &from, NULL));
    assert_int_equal(groups.count, 0);
    incident_groups_free(&groups);
    from.groups = none;
    assert_true(incident_groups_new(&groups, &from, NULL));
    assert_int_equal(groups.count, 0);
    incident_groups_free(&groups);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_in_its_group_whatever_the_numbers_and_threads),
        cmocka_unit_test(one_group_is_borrowed_and_no_rows_are_no_group),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

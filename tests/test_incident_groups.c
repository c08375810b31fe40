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

struct looking {
    const struct rows *rows;
    const struct incident_groups *groups;
    bool weighted;
    uint8_t *seen;  /* by row */
    uint32_t *came; /* the row, by group and place */
    size_t *begins; /* of each group in it */
};

static void look_at(void *state, const struct dealt *dealt)
{
    struct looking *looking = state;
    for (size_t i = 0; i < dealt->count; i++) {
        size_t row = dealt->first + i, place = dealt->places[i];
        const struct incident_group *group = &looking->groups->items[dealt->groups[i]];
        const struct weighted_points *points = &group->points;
        bool right = looking->rows->groups[row] == group->number && place < points->points.count
                     && points->points.x[place] == looking->rows->x[row]
                     && points->points.y[place] == looking->rows->y[row]
                     && (looking->weighted ? points->weights[place] == looking->rows->weights[row]
                                           : points->weights == NULL);
        looking->seen[row] += right;
        looking->came[looking->begins[dealt->groups[i]] + place] = (uint32_t)row;
    }
}

static void look_at_all(const struct incident_groups *groups, const struct rows *rows,
                        bool weighted, int threads)
{
    struct looking looking = {.rows = rows, .groups = groups, .weighted = weighted};
    assert_true(array_new(&looking.seen, COUNT, 1, NULL)
                && array_new(&looking.came, COUNT, sizeof *looking.came, NULL)
                && array_new(&looking.begins, groups->count + 1, sizeof *looking.begins, NULL));
    for (size_t g = 0; g < groups->count; g++) {
        looking.begins[g + 1] = looking.begins[g] + groups->items[g].points.points.count;
        assert_true(g == 0 || groups->items[g - 1].number < groups->items[g].number);
    }
    assert_int_equal(looking.begins[groups->count], COUNT);
    assert_true(incident_groups_visit_all(groups, look_at, &looking, threads, NULL));
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(looking.seen[i], 1);
    for (size_t g = 0; g < groups->count; g++)
        for (size_t i = looking.begins[g] + 1; i < looking.begins[g + 1]; i++)
            assert_true(looking.came[i - 1] < looking.came[i]);
    array_free(&looking.seen);
    array_free(&looking.came);
    array_free(&looking.begins);
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
            rows_new(&rows, n + 1, NUMBERS[n][0], NUMBERS[n][1]);
            struct grouped_points from = {
                {{rows.x, rows.y, COUNT}, weighted ? rows.weights : NULL}, rows.groups, threads};
            assert_true(incident_groups_new(&groups, &from, NULL));
            look_at_all(&groups, &rows, weighted, threads);
            incident_groups_free(&groups);
            rows_free(&rows);
        }
}

static void stands_where_it_was(void *state, const struct dealt *dealt)
{
    int32_t *x = state;
    for (size_t i = 0; i < dealt->count; i++) {
        assert_int_equal(dealt->groups[i], 0);
        assert_int_equal(dealt->places[i], dealt->first + i);
        x[dealt->first + i] = -x[dealt->first + i];
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
    assert_true(groups.items[0].points.points.x == x);
    assert_true(incident_groups_visit_all(&groups, stands_where_it_was, x, 1, NULL));
    assert_true(x[0] == -1 && x[1] == -2);
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

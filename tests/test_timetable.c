/* Tests counting by hour of the week and by month against brute force, over seeded scenes. */
#include "engine/analysis/timetable.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ROWS = 400, OWNERS = 3, FIRST_YEAR = 1968, LAST_YEAR = 1973 };

/* Incidents known to the year, the month, the day or the second, some not at all; before 1970 too,
 * where moments are negative. */
struct scene {
    moment when[ROWS];
    int32_t owner[ROWS];
    uint32_t weight[ROWS];
};

static uint32_t next(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static void make(struct scene *scene, uint32_t seed)
{
    uint32_t state = seed;
    for (int i = 0; i < ROWS; i++) {
        uint32_t known = next(&state) % 12;
        struct civil civil = {.year = FIRST_YEAR + (int)(next(&state) % 6),
                              .month = 1 + (int)(next(&state) % 12),
                              .day = 1 + (int)(next(&state) % 28),
                              .hour = (int)(next(&state) % 24),
                              .minute = (int)(next(&state) % 60),
                              .second = (int)(next(&state) % 60)};
        enum precision precision = known < 4 ? (enum precision)known : PRECISION_SECOND;
        scene->when[i] = moment_make(&civil, precision);
        scene->owner[i] = (int32_t)(next(&state) % OWNERS);
        scene->weight[i] = 1 + next(&state) % 3;
    }
}

static struct timetable count(const struct scene *scene, size_t first, size_t end)
{
    struct timetable timetable;
    struct timed timed = {scene->when + first, scene->owner + first, scene->weight + first,
                          end - first};
    assert_true(timetable_open(&timetable, OWNERS, NULL));
    assert_true(timetable_add(&timetable, &timed, NULL));
    return timetable;
}

static void cells_are_those_of_brute_force(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 50; seed++) {
        struct scene scene;
        make(&scene, seed);
        struct timetable timetable = count(&scene, 0, ROWS);
        size_t all = 0;
        for (int day = 0; day < 7; day++)
            for (int hour = 0; hour < 24; hour++) {
                size_t sum = 0;
                for (int i = 0; i < ROWS; i++)
                    if (moment_weekday(scene.when[i]) == day && moment_hour(scene.when[i]) == hour)
                        sum += scene.weight[i];
                if (timetable.cells[day][hour] != sum)
                    fail_msg("seed %u, day %d, hour %d", seed, day, hour);
                all += sum;
            }
        assert_int_equal(all + timetable.no_hour + timetable.no_day, timetable.incidents);
        assert_true(timetable.no_month > 0 && timetable.no_month < timetable.no_day);
        timetable_free(&timetable);
    }
}

static size_t brute_month(const struct scene *scene, int year, int month, int owner)
{
    size_t sum = 0;
    for (int i = 0; i < ROWS; i++) {
        struct civil civil = moment_civil(scene->when[i]);
        if (moment_precision(scene->when[i]) >= PRECISION_MONTH && civil.year == year
            && civil.month == month && (owner == TIMETABLE_ALL || owner == scene->owner[i]))
            sum += scene->weight[i];
    }
    return sum;
}

static void months_are_those_of_brute_force(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 30; seed++) {
        struct scene scene;
        make(&scene, seed);
        struct timetable timetable = count(&scene, 0, ROWS);
        size_t all = timetable.no_month;
        for (int year = FIRST_YEAR; year <= LAST_YEAR; year++)
            for (int month = 1; month <= 12; month++) {
                for (int owner = TIMETABLE_ALL; owner < OWNERS; owner++)
                    assert_int_equal(timetable_month(&timetable, year * 12 + month - 1, owner),
                                     brute_month(&scene, year, month, owner));
                all += timetable_month(&timetable, year * 12 + month - 1, TIMETABLE_ALL);
            }
        assert_int_equal(all, timetable.incidents);
        assert_int_equal(timetable_month(&timetable, 2024 * 12, TIMETABLE_ALL), 0);
        assert_int_equal(timetable_month(&timetable, 200000, 0), 0);
        timetable_free(&timetable);
    }
}

static void parts_count_as_the_whole(void **state)
{
    (void)state;
    struct scene scene;
    make(&scene, 7);
    struct timetable whole = count(&scene, 0, ROWS), parts = count(&scene, 150, ROWS);
    struct timed first = {scene.when, scene.owner, scene.weight, 150};
    assert_true(timetable_add(&parts, &first, NULL));
    assert_memory_equal(whole.cells, parts.cells, sizeof whole.cells);
    for (int month = FIRST_YEAR * 12; month < (LAST_YEAR + 1) * 12; month++)
        assert_int_equal(timetable_month(&whole, month, 1), timetable_month(&parts, month, 1));
    timetable_free(&whole);
    timetable_free(&parts);
}

static void the_busiest_block_is_the_fullest_and_then_the_earliest(void **state)
{
    (void)state;
    struct timetable timetable = {0};
    assert_int_equal(timetable_busiest(&timetable).incidents, 0);
    timetable.cells[6][23] = 5;
    struct busiest busiest = timetable_busiest(&timetable);
    assert_int_equal(busiest.day, 5);
    assert_int_equal(busiest.hour, 20);
    timetable.cells[0][0] = 5;
    busiest = timetable_busiest(&timetable);
    assert_int_equal(busiest.day, 0);
    assert_int_equal(busiest.hour, 0);
    timetable.cells[4][20] = timetable.cells[5][23] = 3;
    busiest = timetable_busiest(&timetable);
    assert_int_equal(busiest.day, 5); /* Saturday 23 and Sunday 23 */
    assert_int_equal(busiest.incidents, 8);
}

static void months_and_days_lead_to_one_another(void **state)
{
    (void)state;
    for (int month = 1 * 12; month < 3000 * 12; month += 7) {
        int64_t first = timetable_first_day(month);
        assert_int_equal(timetable_month_of(first), month);
        assert_int_equal(timetable_month_of(first - (month > 12)), month - (month > 12));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_those_of_brute_force),
        cmocka_unit_test(months_are_those_of_brute_force),
        cmocka_unit_test(parts_count_as_the_whole),
        cmocka_unit_test(the_busiest_block_is_the_fullest_and_then_the_earliest),
        cmocka_unit_test(months_and_days_lead_to_one_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

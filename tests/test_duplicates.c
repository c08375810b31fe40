/* Tests of duplicates between sources, held against every two incidents one by one. */
#include "engine/analysis/duplicates.h"

#include "engine/core/geometry.h"
#include "tests/cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static moment at(int day, int hour, int minute)
{
    const struct civil civil = {2024, 5, day, hour, minute, 0};
    return moment_make(&civil, PRECISION_SECOND);
}

static moment on(int day)
{
    const struct civil civil = {.year = 2024, .month = 5, .day = day};
    return moment_make(&civil, PRECISION_DAY);
}

/* How many pairs two incidents of different sources make. */
static size_t pairs_of(struct duplicates_incident a, struct duplicates_incident b)
{
    struct duplicates found;
    const struct duplicates_incident both[] = {a, b};
    assert_true(duplicates_find(&found, both, 2, 25000, NULL));
    size_t count = found.count > 0 ? found.items[0].count : 0;
    duplicates_free(&found);
    return count;
}

static void an_hour_and_the_reach_are_within(void **state)
{
    (void)state;
    struct duplicates_incident a = {at(31, 12, 0), 0, 0, 1, 0, 1},
                               b = {at(31, 13, 0), 15000, 20000, 1, 1, 2};
    assert_int_equal(pairs_of(a, b), 1);
    b.x++;
    assert_int_equal(pairs_of(a, b), 0);
    b.x--;
    b.when = at(31, 13, 1);
    assert_int_equal(pairs_of(a, b), 0);
    b.when = at(31, 11, 0);
    assert_int_equal(pairs_of(a, b), 1);
    b.category = 2;
    assert_int_equal(pairs_of(a, b), 0);
    b.category = 1;
    b.source = 0;
    assert_int_equal(pairs_of(a, b), 0);
}

static void without_a_time_the_day_is_the_same(void **state)
{
    (void)state;
    struct duplicates_incident a = {on(30), 0, 0, 1, 0, 1}, b = {at(30, 23, 59), 0, 0, 1, 1, 2};
    assert_int_equal(pairs_of(a, b), 1);
    b.when = at(31, 0, 1);
    assert_int_equal(pairs_of(a, b), 0);
    b.when = on(30);
    assert_int_equal(pairs_of(a, b), 1);
    b.when = on(29);
    assert_int_equal(pairs_of(a, b), 0);
    a.when = at(30, 23, 30);
    b.when = at(31, 0, 30);
    assert_int_equal(pairs_of(a, b), 1); /* past midnight, with times */
    a.when = b.when = moment_cut(on(30), PRECISION_MONTH);
    assert_int_equal(pairs_of(a, b), 0);
    a.when = b.when = MOMENT_UNKNOWN;
    assert_int_equal(pairs_of(a, b), 0);
    a.when = b.when = on(30);
    a.x = a.y = b.x = b.y = GRID_NOWHERE;
    assert_int_equal(pairs_of(a, b), 0);
}

/* ---- every two ---- */

enum { MOST = 200, SOURCES = 4 };

static bool is_pair(const struct duplicates_incident *a, const struct duplicates_incident *b,
                    int64_t reach)
{
    int64_t dx = (int64_t)a->x - b->x, dy = (int64_t)a->y - b->y;
    enum precision less = moment_precision(a->when) < moment_precision(b->when)
                              ? moment_precision(a->when)
                              : moment_precision(b->when);
    if (a->x == GRID_NOWHERE || b->x == GRID_NOWHERE || a->when == MOMENT_UNKNOWN
        || b->when == MOMENT_UNKNOWN || less < PRECISION_DAY || a->category != b->category
        || dx * dx + dy * dy > reach * reach)
        return false;
    if (less == PRECISION_DAY)
        return moment_day(a->when) == moment_day(b->when);
    int64_t seconds = a->when / 8 - b->when / 8;
    return seconds >= -3600 && seconds <= 3600;
}

static void find_plainly(struct duplicates_pair pairs[SOURCES][SOURCES],
                         const struct duplicates_incident *incidents, size_t count, int32_t reach)
{
    memset(pairs, 0, sizeof(struct duplicates_pair) * SOURCES * SOURCES);
    const struct duplicates_incident *by_row[MOST];
    for (size_t i = 0; i < count; i++)
        by_row[incidents[i].row] = &incidents[i];
    for (uint32_t i = 0; i < count; i++) /* rows are found in their order */
        for (uint32_t j = 0; j < count; j++) {
            const struct duplicates_incident *a = by_row[i], *b = by_row[j];
            struct duplicates_pair *pair = &pairs[a->source][b->source];
            if (a->source >= b->source || !is_pair(a, b, reach))
                continue;
            if (pair->count < DUPLICATES_EXAMPLES) {
                pair->rows[pair->count][0] = i;
                pair->rows[pair->count][1] = j;
            }
            pair->count++;
        }
}

static void check(const struct duplicates *found, struct duplicates_pair plain[SOURCES][SOURCES])
{
    size_t next = 0;
    for (uint32_t a = 0; a < SOURCES; a++)
        for (uint32_t b = a + 1; b < SOURCES; b++) {
            const struct duplicates_pair *pair = &plain[a][b];
            if (pair->count == 0)
                continue;
            assert_true(next < found->count);
            assert_int_equal(found->items[next].first, a);
            assert_int_equal(found->items[next].second, b);
            assert_int_equal(found->items[next].count, pair->count);
            assert_memory_equal(found->items[next].rows, pair->rows, sizeof pair->rows);
            next++;
        }
    assert_int_equal(next, found->count);
}

static moment some_time(uint32_t *seed)
{
    int day = 1 + (int)(next_random(seed) % 3), kind = (int)(next_random(seed) % 10);
    if (kind == 0)
        return MOMENT_UNKNOWN;
    if (kind == 1)
        return moment_cut(on(day), PRECISION_MONTH);
    return kind < 4 ? on(day)
                    : at(day, (int)(next_random(seed) % 24), (int)(next_random(seed) % 4) * 15);
}

static void fill(struct duplicates_incident *incidents, size_t count, int32_t reach, uint32_t *seed)
{
    int32_t wide = reach * (int32_t)(1 + next_random(seed) % 6);
    int32_t corner = next_random(seed) % 2 == 0 ? -wide / 2 : GRID_LIMIT - 1 - wide;
    for (uint32_t i = 0; i < count; i++) {
        incidents[i] = (struct duplicates_incident){
            some_time(seed),
            corner + (int32_t)(next_random(seed) % (uint32_t)(wide + 1)),
            corner + (int32_t)(next_random(seed) % (uint32_t)(wide + 1)),
            next_random(seed) % 2 * 0x800000,
            next_random(seed) % SOURCES,
            i};
        if (next_random(seed) % 16 == 0)
            incidents[i].x = incidents[i].y = GRID_NOWHERE;
    }
    if (next_random(seed) % 3 == 0 && count > 0) /* a stray one makes the cells wide */
        incidents[0].x = incidents[0].y = 1 - GRID_LIMIT;
}

static void shuffle(struct duplicates_incident *incidents, size_t count, uint32_t *seed)
{
    for (size_t i = count; i > 1; i--) {
        size_t other = next_random(seed) % i;
        struct duplicates_incident swap = incidents[i - 1];
        incidents[i - 1] = incidents[other];
        incidents[other] = swap;
    }
}

static void as_every_two_compared_in_any_order(void **state)
{
    (void)state;
    uint32_t seed = 5;
    size_t pairs = 0;
    for (uint64_t round = 0; round < cases_rounds(300, MOST); round++) {
        struct duplicates_incident incidents[MOST];
        struct duplicates_pair plain[SOURCES][SOURCES];
        struct duplicates found;
        size_t count = next_random(&seed) % (MOST / 2);
        int32_t reach = next_random(&seed) % 2 == 0 ? 5 : 25000;
        fill(incidents, count, reach, &seed);
        find_plainly(plain, incidents, count, reach);
        for (int order = 0; order < 3; order++) {
            assert_true(duplicates_find(&found, incidents, count, reach, NULL));
            check(&found, plain);
            pairs += found.count;
            duplicates_free(&found);
            shuffle(incidents, count, &seed);
        }
    }
    assert_true(pairs > 500);
}

static void too_many_alike_are_not_counted(void **state)
{
    (void)state;
    enum { MANY = 50000 };
    struct duplicates_incident *incidents = NULL;
    struct duplicates found;
    assert_true(array_new(&incidents, MANY, sizeof *incidents, NULL));
    for (uint32_t i = 0; i < MANY; i++)
        incidents[i] = (struct duplicates_incident){on(30), 0, 0, 1, i % 2, i};
    assert_true(duplicates_find(&found, incidents, MANY, 25000, NULL));
    assert_true(found.too_many);
    assert_int_equal(found.count, 0);
    duplicates_free(&found);
    array_free(&incidents);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_hour_and_the_reach_are_within),
        cmocka_unit_test(without_a_time_the_day_is_the_same),
        cmocka_unit_test(as_every_two_compared_in_any_order),
        cmocka_unit_test(too_many_alike_are_not_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

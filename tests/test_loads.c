/* Tests of loads: what is stated against what is measured. */
#include "engine/analysis/loads.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { JURISDICTIONS = 6, CATEGORIES = 5, MOST = 40 };

static struct loads find(const struct load_input *input)
{
    struct loads loads;
    struct error error = {0};
    if (!loads_find(&loads, input, &error))
        fail_msg("%s", error.message);
    return loads;
}

static void assert_row(const struct load_row *row, uint32_t jurisdiction, uint32_t category,
                       size_t incidents, enum load_verdict verdict)
{
    assert_int_equal(row->jurisdiction, jurisdiction);
    assert_int_equal(row->category, category);
    assert_int_equal(row->incidents, incidents);
    assert_string_equal(load_verdict_name(row->verdict), load_verdict_name(verdict));
}

static void each_of_the_three_verdicts_is_given(void **state)
{
    (void)state;
    const struct load_measured measured[] = {{0, 0, 50}, {0, 1, 30}, {0, 2, 15}, {1, 0, 99}};
    const struct load_stated stated[] = {{0, 0}, {0, 2}, {0, 3}};
    const size_t totals[] = {100, 99};
    const bool is_known[] = {true, false};
    struct loads loads = find(&(struct load_input){
        measured, 4, stated, 3, totals, is_known, {.least_share = 0.2, .least_incidents = 10}});
    assert_int_equal(loads.count, 4);
    assert_row(&loads.rows[0], 0, 0, 50, LOAD_PRIORITY_WITH);
    assert_row(&loads.rows[1], 0, 1, 30, LOAD_WITHOUT_PRIORITY);
    assert_row(&loads.rows[2], 0, 2, 15, LOAD_PRIORITY_WITHOUT);
    assert_row(&loads.rows[3], 0, 3, 0, LOAD_PRIORITY_WITHOUT);
    assert_true(loads.rows[1].share == 0.3 && loads.rows[1].stated == LOAD_NOT_STATED);
    assert_true(loads.rows[3].share == 0 && loads.rows[3].stated == 2);
    loads_free(&loads);
}

static void a_load_has_the_least_share_and_the_least_incidents(void **state)
{
    (void)state;
    const struct load_measured measured[] = {{0, 0, 10}, {0, 1, 9}, {1, 0, 10}, {1, 1, 40}};
    const size_t totals[] = {60, 61};
    const bool is_known[] = {true, true};
    const struct load_rule even = {.least_share = 1.0 / 6, .least_incidents = 10};
    struct loads loads = find(&(struct load_input){measured, 4, NULL, 0, totals, is_known, even});
    assert_int_equal(loads.count, 2); /* exactly a sixth is enough; 10 of 61 is less */
    assert_row(&loads.rows[0], 0, 0, 10, LOAD_WITHOUT_PRIORITY);
    assert_row(&loads.rows[1], 1, 1, 40, LOAD_WITHOUT_PRIORITY);
    loads_free(&loads);
    const struct load_rule more = {.least_share = 0, .least_incidents = 11};
    loads = find(&(struct load_input){measured, 4, NULL, 0, totals, is_known, more});
    assert_int_equal(loads.count, 1);
    loads_free(&loads);
}

static void without_incidents_the_share_is_not_known(void **state)
{
    (void)state;
    const struct load_stated stated[] = {{0, 0}};
    const size_t totals[] = {0};
    const bool is_known[] = {true};
    struct loads loads = find(&(struct load_input){NULL, 0, stated, 1, totals, is_known, {0, 1}});
    assert_int_equal(loads.count, 1);
    assert_row(&loads.rows[0], 0, 0, 0, LOAD_PRIORITY_WITHOUT);
    assert_true(isnan(loads.rows[0].share));
    loads_free(&loads);
}

static void one_stated_twice_has_two_rows(void **state)
{
    (void)state;
    const struct load_measured measured[] = {{0, 1, 20}};
    const struct load_stated stated[] = {{0, 1}, {0, 1}};
    const size_t totals[] = {20};
    const bool is_known[] = {true};
    struct loads loads =
        find(&(struct load_input){measured, 1, stated, 2, totals, is_known, {0.5, 1}});
    assert_int_equal(loads.count, 2);
    assert_true(loads.rows[0].stated == 0 && loads.rows[1].stated == 1);
    assert_row(&loads.rows[1], 0, 1, 20, LOAD_PRIORITY_WITH);
    loads_free(&loads);
}

static size_t below(uint64_t *seed, size_t limit)
{
    *seed += 0x9e3779b97f4a7c15u; /* splitmix64 (Steele et al. 2014) */
    uint64_t z = *seed;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (size_t)((z ^ z >> 31) % limit);
}

/* A table of chance: how many incidents, and how often stated. */
struct chance {
    size_t incidents[JURISDICTIONS][CATEGORIES], stated_times[JURISDICTIONS][CATEGORIES];
    struct load_measured measured[MOST];
    struct load_stated stated[MOST * 2];
    size_t totals[JURISDICTIONS];
    bool is_known[JURISDICTIONS];
    struct load_input input;
};

static void fill_by_chance(struct chance *chance, uint64_t *seed)
{
    *chance = (struct chance){.input = {.rule = {(double)below(seed, 5) / 10, 1 + below(seed, 9)}}};
    size_t measured = 0, stated = 0;
    for (uint32_t j = 0; j < JURISDICTIONS; j++) {
        chance->is_known[j] = below(seed, 3) > 0;
        for (uint32_t c = 0; c < CATEGORIES; c++) {
            size_t incidents = below(seed, 2) * below(seed, 20);
            chance->incidents[j][c] = incidents;
            chance->totals[j] += incidents;
            if (incidents > 0)
                chance->measured[measured++] = (struct load_measured){j, c, incidents};
            chance->stated_times[j][c] = chance->is_known[j] ? below(seed, 3) : 0;
            for (size_t n = 0; n < chance->stated_times[j][c]; n++)
                chance->stated[stated++] = (struct load_stated){j, c};
        }
    }
    chance->input.measured = chance->measured;
    chance->input.measured_count = measured;
    chance->input.stated = chance->stated;
    chance->input.stated_count = stated;
    chance->input.totals = chance->totals;
    chance->input.is_known = chance->is_known;
}

static size_t count_rows(const struct loads *loads, uint32_t jurisdiction, uint32_t category,
                         enum load_verdict verdict)
{
    size_t count = 0;
    for (size_t r = 0; r < loads->count; r++)
        count += loads->rows[r].jurisdiction == jurisdiction && loads->rows[r].category == category
                 && loads->rows[r].verdict == verdict;
    return count;
}

static void it_is_the_plain_rule_on_random_tables(void **state)
{
    (void)state;
    for (uint64_t first = 0; first < 2000; first++) {
        uint64_t seed = first;
        struct chance chance;
        size_t expected = 0;
        fill_by_chance(&chance, &seed);
        struct loads loads = find(&chance.input);
        for (uint32_t j = 0; j < JURISDICTIONS; j++)
            for (uint32_t c = 0; c < CATEGORIES; c++) {
                size_t n = chance.incidents[j][c], stated = chance.stated_times[j][c];
                bool load =
                    chance.totals[j] > 0 && n >= chance.input.rule.least_incidents
                    && (double)n / (double)chance.totals[j] >= chance.input.rule.least_share;
                size_t with = load ? stated : 0, without = load ? 0 : stated;
                size_t unstated = load && stated == 0 && chance.is_known[j] ? 1 : 0;
                expected += stated + unstated;
                if (count_rows(&loads, j, c, LOAD_PRIORITY_WITH) != with
                    || count_rows(&loads, j, c, LOAD_PRIORITY_WITHOUT) != without
                    || count_rows(&loads, j, c, LOAD_WITHOUT_PRIORITY) != unstated)
                    fail_msg("seed %llu, %u, %u", (unsigned long long)first, j, c);
            }
        assert_int_equal(loads.count, expected);
        for (size_t r = 1; r < loads.count; r++)
            assert_true(loads.rows[r - 1].jurisdiction < loads.rows[r].jurisdiction
                        || loads.rows[r - 1].incidents >= loads.rows[r].incidents);
        loads_free(&loads);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_of_the_three_verdicts_is_given),
        cmocka_unit_test(a_load_has_the_least_share_and_the_least_incidents),
        cmocka_unit_test(without_incidents_the_share_is_not_known),
        cmocka_unit_test(one_stated_twice_has_two_rows),
        cmocka_unit_test(it_is_the_plain_rule_on_random_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Tests what is withheld of a table, by an attack that was written without looking at the audit. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/analysis/disclosure_nest.h"
#include "engine/analysis/disclosure_protect.h"
#include "tests/cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST = 10, NO_END = 1000000 };

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* ---- tables ---- */

/* Domains, squares, of which the last four are merged, and quarters; each with a total. */
struct plan {
    size_t domains, squares, quarters;
    bool merged;
};

static size_t add_total(struct disclosure_axis *axis, size_t first, size_t end)
{
    size_t parts[64], count = 0, node;
    for (size_t i = first; i < end; i++)
        parts[count++] = i;
    assert_true(disclosure_axis_add(axis, parts, count, &node, NULL));
    return node;
}

static void new_table(struct disclosure *table, const struct plan *plan)
{
    struct disclosure_axis axes[DISCLOSURE_AXES];
    assert_true(disclosure_axis_new(&axes[0], plan->domains, NULL));
    assert_true(disclosure_axis_new(&axes[1], plan->squares, NULL));
    assert_true(disclosure_axis_new(&axes[2], plan->quarters, NULL));
    if (plan->domains > 1)
        add_total(&axes[0], 0, plan->domains);
    if (plan->merged) {
        size_t node = add_total(&axes[1], plan->squares - 4, plan->squares);
        size_t parts[64], count = 0;
        for (size_t i = 0; i + 4 < plan->squares; i++)
            parts[count++] = i;
        parts[count++] = node;
        assert_true(disclosure_axis_add(&axes[1], parts, count, &node, NULL));
    } else {
        add_total(&axes[1], 0, plan->squares);
    }
    if (plan->quarters > 1)
        add_total(&axes[2], 0, plan->quarters);
    assert_true(disclosure_new(table, axes, LEAST, NULL));
    for (size_t d = 0; d < axes[0].node_count; d++)
        for (size_t s = 0; s < axes[1].node_count; s++)
            for (size_t q = 0; q < axes[2].node_count; q++) {
                size_t cell = disclosure_cell(table, d, s, q);
                bool absent = plan->merged && s + 4 >= plan->squares && s < plan->squares;
                table->states[cell] = absent ? CELL_ABSENT : CELL_WITHHELD;
                table->is_kept[cell] = !absent && d + 1 == axes[0].node_count
                                       && q + 1 == axes[2].node_count && s + 1 < axes[1].node_count;
            }
}

/* A square, of all domains and quarters. */
static size_t square_cell(const struct disclosure *table, size_t square)
{
    return disclosure_cell(table, table->axes[0].node_count - 1, square,
                           table->axes[2].node_count - 1);
}

static void add_counts(struct disclosure *table, const uint32_t *leaves)
{
    uint32_t *counts = calloc(table->cell_count, sizeof *counts);
    size_t next = 0;
    assert_non_null(counts);
    for (size_t d = 0; d < table->axes[0].leaf_count; d++)
        for (size_t s = 0; s < table->axes[1].leaf_count; s++)
            for (size_t q = 0; q < table->axes[2].leaf_count; q++)
                counts[disclosure_cell(table, d, s, q)] = leaves[next++];
    disclosure_add_source(table, counts);
    free(counts);
}

/* ---- the attack ---- */

struct range {
    long low, high;
};

/* Every sum of the table as a list of cells, the sum first. */
struct equations {
    size_t *cells, *starts;
    size_t count, cell_count;
};

static void add_equation(struct equations *equations, const struct disclosure *table, size_t axis,
                         const size_t at[3], size_t line)
{
    const struct disclosure_axis *of = &table->axes[axis];
    size_t place[3] = {at[0], at[1], at[2]};
    size_t begin = of->part_starts[line], end = of->part_starts[line + 1];
    equations->cells = realloc(equations->cells, (equations->cell_count + end - begin + 1)
                                                     * sizeof *equations->cells);
    equations->starts =
        realloc(equations->starts, (equations->count + 2) * sizeof *equations->starts);
    assert_non_null(equations->cells);
    assert_non_null(equations->starts);
    equations->starts[equations->count++] = equations->cell_count;
    place[axis] = of->sums[line];
    equations->cells[equations->cell_count++] =
        disclosure_cell(table, place[0], place[1], place[2]);
    for (size_t p = begin; p < end; p++) {
        place[axis] = of->parts[p];
        equations->cells[equations->cell_count++] =
            disclosure_cell(table, place[0], place[1], place[2]);
    }
    equations->starts[equations->count] = equations->cell_count;
}

static void list_equations(struct equations *equations, const struct disclosure *table)
{
    *equations = (struct equations){0};
    for (size_t axis = 0; axis < 3; axis++) {
        size_t b = (axis + 1) % 3, c = (axis + 2) % 3, at[3];
        for (size_t line = 0; line < table->axes[axis].line_count; line++)
            for (at[b] = 0; at[b] < table->axes[b].node_count; at[b]++)
                for (at[c] = 0; at[c] < table->axes[c].node_count; at[c]++) {
                    at[axis] = 0;
                    add_equation(equations, table, axis, at, line);
                }
    }
}

/* sum - parts = 0, solved for each of its cells in turn. */
static bool squeeze(struct range *ranges, const size_t *cells, size_t count)
{
    bool changed = false;
    for (size_t i = 0; i < count; i++) {
        long low = 0, high = 0;
        for (size_t j = 0; j < count; j++) {
            bool adds = i == 0 || j == 0;
            if (j == i)
                continue;
            low += adds ? ranges[cells[j]].low : -ranges[cells[j]].high;
            high += adds ? ranges[cells[j]].high : -ranges[cells[j]].low;
        }
        struct range *range = &ranges[cells[i]];
        low = low > range->low ? low : range->low;
        high = high < range->high ? high : range->high;
        if (low <= high && (low != range->low || high != range->high)) {
            *range = (struct range){low, high};
            changed = true;
        }
    }
    return changed;
}

static void attack(struct range *ranges, const struct disclosure *table, bool insider)
{
    struct equations equations;
    list_equations(&equations, table);
    for (size_t i = 0; i < table->cell_count; i++) {
        ranges[i] = (struct range){0, NO_END};
        if (table->states[i] == CELL_PUBLISHED) {
            long number = (long)table->rounded[i];
            ranges[i] = (struct range){number - 2 < LEAST ? LEAST : number - 2, number + 2};
        } else if (insider && table->is_kept[i]) {
            ranges[i].high = LEAST - 1;
        }
    }
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t e = 0; e < equations.count; e++)
            changed |= squeeze(ranges, equations.cells + equations.starts[e],
                               equations.starts[e + 1] - equations.starts[e]);
    }
    free(equations.cells);
    free(equations.starts);
}

static size_t count_narrow(const struct disclosure *table, bool insider)
{
    struct range *ranges = calloc(table->cell_count, sizeof *ranges);
    size_t narrow = 0;
    assert_non_null(ranges);
    attack(ranges, table, insider);
    for (size_t i = 0; i < table->cell_count; i++)
        narrow += table->states[i] == CELL_WITHHELD
                  && ranges[i].high - ranges[i].low < LEAST - (insider ? 1 : 0);
    free(ranges);
    return narrow;
}

/* ---- tests ---- */

static void a_published_count_is_within_two_of_the_true_one(void **state)
{
    (void)state;
    for (uint32_t count = LEAST; count < 1000; count++) {
        uint32_t rounded = disclosure_round(count);
        struct disclosure_span span = disclosure_behind(rounded, LEAST);
        assert_int_equal(rounded % 5, 0);
        assert_true(span.low <= count && count <= span.high);
        assert_true(span.low >= LEAST && span.high - span.low <= 4);
    }
    assert_int_equal(disclosure_round(12), 10);
    assert_int_equal(disclosure_round(13), 15);
}

static void few_are_withheld_and_none_like_few(void **state)
{
    (void)state;
    struct disclosure table;
    const uint32_t leaves[] = {0, 9, 10, 23};
    new_table(&table, &(struct plan){1, 4, 1, false});
    add_counts(&table, leaves);
    disclosure_publish(&table, 1);
    for (size_t s = 0; s < 4; s++) {
        size_t cell = square_cell(&table, s);
        assert_int_equal(table.states[cell], leaves[s] < 10 ? CELL_WITHHELD : CELL_PUBLISHED);
    }
    assert_int_equal(table.rounded[square_cell(&table, 3)], 25);
    assert_int_equal(table.rounded[square_cell(&table, 4)], 40);
    disclosure_free(&table);
}

static void what_one_source_has_nearly_all_of_is_withheld(void **state)
{
    (void)state;
    struct disclosure table;
    const uint32_t most[] = {96, 95, 40}, rest[] = {4, 5, 40};
    new_table(&table, &(struct plan){1, 3, 1, false});
    add_counts(&table, most);
    add_counts(&table, rest);
    disclosure_publish(&table, 2);
    assert_int_equal(table.states[square_cell(&table, 0)], CELL_WITHHELD);
    assert_int_equal(table.states[square_cell(&table, 1)], CELL_PUBLISHED);
    assert_int_equal(table.states[square_cell(&table, 2)], CELL_PUBLISHED);
    disclosure_free(&table);
}

/* 3 and 20: with a total of 25 (23 to 27), the 3 would be known to lie between 1 and 9. */
static void a_total_that_gives_a_square_away_is_withheld_not_a_square(void **state)
{
    (void)state;
    struct disclosure table;
    const uint32_t leaves[] = {3, 1, 18, 2};
    size_t lost;
    new_table(&table, &(struct plan){1, 2, 2, false});
    add_counts(&table, leaves);
    disclosure_publish(&table, 1);
    assert_true(count_narrow(&table, false) > 0);
    assert_true(disclosure_protect(&table, &lost, NULL));
    assert_int_equal(count_narrow(&table, false), 0);
    assert_int_equal(table.states[square_cell(&table, 2)], CELL_WITHHELD);
    assert_int_equal(table.states[square_cell(&table, 1)], CELL_PUBLISHED);
    disclosure_free(&table);
}

static void fill(uint32_t *leaves, size_t count, uint32_t *seed)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t kind = next_random(seed) % 10;
        leaves[i] = kind < 4   ? 0
                    : kind < 7 ? next_random(seed) % 12
                    : kind < 9 ? next_random(seed) % 40
                               : next_random(seed) % 400;
    }
}

static void of_two_hundred_tables_no_withheld_cell_can_be_worked_out(void **state)
{
    (void)state;
    uint32_t seed = 20261126;
    size_t would_leak = 0, tables = 200, published = 0, lost_in_all = 0;
    for (size_t round = 0; round < tables; round++) {
        struct disclosure table;
        struct plan plan = {2 + next_random(&seed) % 3, 5 + next_random(&seed) % 12,
                            2 + next_random(&seed) % 5, next_random(&seed) % 2 == 0};
        uint32_t leaves[4 * 16 * 6];
        size_t lost;
        fill(leaves, plan.domains * plan.squares * plan.quarters, &seed);
        new_table(&table, &plan);
        add_counts(&table, leaves);
        disclosure_publish(&table, 1);
        would_leak += count_narrow(&table, false) > 0;
        assert_true(disclosure_protect(&table, &lost, NULL));
        assert_int_equal(count_narrow(&table, false), 0);
        assert_int_equal(count_narrow(&table, true), 0);
        for (size_t i = 0; i < table.cell_count; i++)
            published += table.states[i] == CELL_PUBLISHED;
        lost_in_all += lost;
        disclosure_free(&table);
        assert_int_equal(table.cell_count, 0);
    }
    assert_true(would_leak > tables / 2); /* else this would test nothing */
    /* Withholding all is no art: the smallest that serves is what is lost, and no more of them. */
    assert_int_equal(published, 16308);
    assert_int_equal(lost_in_all, 6076);
}

/* The squares that a map shows stay as they are when an incident of a withheld one goes. */
static void one_incident_fewer_in_a_withheld_square_changes_no_other(void **state)
{
    (void)state;
    uint32_t seed = 7;
    size_t tried = 0;
    for (size_t round = 0; round < 200; round++) {
        struct disclosure before, after;
        struct plan plan = {3, 10, 3, false};
        uint32_t leaves[3 * 10 * 3];
        size_t lost, which = 0, square;
        fill(leaves, 90, &seed);
        for (size_t i = 0; i < 90; i++) /* thin, so that squares fall below k */
            leaves[i] /= 1 + (uint32_t)(i / 3 % 10);
        new_table(&before, &plan);
        add_counts(&before, leaves);
        disclosure_publish(&before, 1);
        assert_true(disclosure_protect(&before, &lost, NULL));
        for (which = 0; which < 90; which++) {
            square = which / 3 % 10;
            if (leaves[which] > 0 && before.states[square_cell(&before, square)] == CELL_WITHHELD)
                break;
        }
        if (which < 90) {
            leaves[which]--;
            tried++;
        }
        new_table(&after, &plan);
        add_counts(&after, leaves);
        disclosure_publish(&after, 1);
        assert_true(disclosure_protect(&after, &lost, NULL));
        for (size_t s = 0; s < 10; s++) {
            size_t cell = square_cell(&before, s);
            assert_int_equal(before.states[cell], after.states[cell]);
            assert_int_equal(before.rounded[cell], after.rounded[cell]);
        }
        disclosure_free(&before);
        disclosure_free(&after);
    }
    assert_true(tried > 100);
}

/* Last year's total of a square, and this year's with one quarter more: the quarter is known. */
static void an_earlier_total_gives_a_quarter_away(void **state)
{
    (void)state;
    struct disclosure table;
    struct disclosure_leaks leaks;
    const uint32_t leaves[] = {40, 30, 3, 20, 20, 20};
    size_t lost, quarters[] = {0, 1}, node;
    struct disclosure_axis axes[DISCLOSURE_AXES];
    assert_true(disclosure_axis_new(&axes[0], 1, NULL));
    assert_true(disclosure_axis_new(&axes[1], 2, NULL));
    assert_true(disclosure_axis_new(&axes[2], 3, NULL));
    assert_true(disclosure_axis_add(&axes[2], quarters, 2, &node, NULL));
    const size_t rest[] = {node, 2};
    assert_true(disclosure_axis_also(&axes[2], add_total(&axes[2], 0, 3), rest, 2, NULL));
    assert_true(disclosure_new(&table, axes, LEAST, NULL));
    for (size_t s = 0; s < 2; s++)
        for (size_t q = 0; q < 5; q++) {
            size_t cell = disclosure_cell(&table, 0, s, q);
            table.is_kept[cell] = q == 4;
            if (q == node)
                table.states[cell] = CELL_ABSENT;
        }
    add_counts(&table, leaves);
    disclosure_publish(&table, 1);
    assert_true(disclosure_protect(&table, &lost, NULL));
    assert_true(disclosure_leaks_find(&leaks, &table, NULL));
    assert_int_equal(leaks.count, 0);
    disclosure_leaks_free(&leaks);
    table.known[disclosure_cell(&table, 0, 0, node)] = (struct disclosure_span){68, 72};
    assert_true(disclosure_leaks_find(&leaks, &table, NULL));
    assert_int_equal(leaks.count, 1);
    assert_int_equal(leaks.items[0].cell, disclosure_cell(&table, 0, 0, 2));
    disclosure_leaks_free(&leaks);
    disclosure_free(&table);
}

/* ---- sums within sums ---- */

static size_t add_sum(struct disclosure_axis *axis, const size_t *parts, size_t count)
{
    size_t node;
    assert_true(disclosure_axis_add(axis, parts, count, &node, NULL));
    return node;
}

/* "9 = 7 8 0 5" */
static void assert_line(const struct disclosure_axis *axis, size_t line, const char *wanted)
{
    char told[100];
    int length = snprintf(told, sizeof told, "%zu =", axis->sums[line]);
    for (size_t p = axis->part_starts[line]; p < axis->part_starts[line + 1]; p++)
        length += snprintf(told + length, sizeof told - (size_t)length, " %zu", axis->parts[p]);
    assert_string_equal(told, wanted);
}

static void sums_that_lie_in_others_are_parts_of_them(void **state)
{
    (void)state;
    struct disclosure_axis axis;
    assert_true(disclosure_axis_new(&axis, 6, NULL));
    add_sum(&axis, (const size_t[]){0, 1, 2, 3}, 4);
    add_sum(&axis, (const size_t[]){1, 2}, 2);
    add_sum(&axis, (const size_t[]){3, 4}, 2);
    add_sum(&axis, (const size_t[]){6, 4, 5}, 3);
    assert_int_equal(axis.line_count, 4);
    assert_true(disclosure_nest(&axis, NULL, 0, NULL));
    assert_int_equal(axis.line_count, 5); /* 9 = 6 4 5 was there, and 8 lies in none but it */
    assert_line(&axis, 4, "6 = 7 0 3");
    assert_true(disclosure_nest(&axis, (const size_t[]){8, 7, 7}, 3, NULL));
    assert_int_equal(axis.line_count, 6);
    assert_line(&axis, 5, "9 = 7 8 0 5");
    assert_true(disclosure_nest(&axis, (const size_t[]){2, 9, 10, SIZE_MAX}, 4, NULL));
    assert_true(disclosure_nest(&axis, (const size_t[]){0}, 0, NULL));
    assert_int_equal(axis.line_count, 6);
    assert_int_equal(add_sum(&axis, (const size_t[]){2, 1}, 2), 10);
    assert_true(disclosure_nest(&axis, (const size_t[]){10}, 1, NULL));
    assert_int_equal(axis.line_count, 10);
    assert_line(&axis, 7, "6 = 10 0 3");
    assert_line(&axis, 8, "7 = 10");
    assert_line(&axis, 9, "9 = 10 0 3 4 5");
    disclosure_axis_free(&axis);
}

/* 11 or 12 in six squares, 9 known to be in two of them: 3 at most in each of the others. */
static void what_an_inner_sum_leaves_of_an_outer_one_is_seen(void **state)
{
    (void)state;
    struct disclosure table;
    struct disclosure_axis axes[DISCLOSURE_AXES];
    struct disclosure_span spans[8];
    for (int nested = 0; nested < 2; nested++) {
        for (int a = 0; a < DISCLOSURE_AXES; a++)
            assert_true(disclosure_axis_new(&axes[a], a == 2 ? 6 : 1, NULL));
        add_sum(&axes[2], (const size_t[]){0, 1}, 2);
        add_sum(&axes[2], (const size_t[]){0, 1, 2, 3, 4, 5}, 6);
        assert_true(nested == 0 || disclosure_nest(&axes[2], NULL, 0, NULL));
        assert_true(disclosure_new(&table, axes, LEAST, NULL));
        table.known[6] = (struct disclosure_span){9, 9};
        table.states[7] = CELL_PUBLISHED;
        table.rounded[7] = 10;
        disclosure_spans(spans, &table, OBSERVER_ANYBODY);
        assert_int_equal(spans[2].low, 0);
        assert_int_equal(spans[2].high, nested ? 3 : 12);
        disclosure_free(&table);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_published_count_is_within_two_of_the_true_one),
        cmocka_unit_test(few_are_withheld_and_none_like_few),
        cmocka_unit_test(what_one_source_has_nearly_all_of_is_withheld),
        cmocka_unit_test(a_total_that_gives_a_square_away_is_withheld_not_a_square),
        cmocka_unit_test(of_two_hundred_tables_no_withheld_cell_can_be_worked_out),
        cmocka_unit_test(one_incident_fewer_in_a_withheld_square_changes_no_other),
        cmocka_unit_test(an_earlier_total_gives_a_quarter_away),
        cmocka_unit_test(sums_that_lie_in_others_are_parts_of_them),
        cmocka_unit_test(what_an_inner_sum_leaves_of_an_outer_one_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

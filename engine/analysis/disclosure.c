/* Counts in a table that is to be published with all its sums: which cells are withheld, and what
 * the others are rounded to. */
#include "engine/analysis/disclosure.h"

#include <string.h>

/* ---- axes ---- */

bool disclosure_axis_new(struct disclosure_axis *axis, size_t leaf_count, struct error *error)
{
    *axis = (struct disclosure_axis){.leaf_count = leaf_count, .node_count = leaf_count};
    return array_new(&axis->part_starts, 1, sizeof *axis->part_starts, error);
}

bool disclosure_axis_also(struct disclosure_axis *axis, size_t sum, const size_t *parts,
                          size_t count, struct error *error)
{
    size_t line = axis->line_count, held = axis->part_starts[line];
    struct capacity sums = {line, sizeof *axis->sums};
    struct capacity starts = {line + 1, sizeof *axis->part_starts};
    struct capacity all = {held, sizeof *axis->parts};
    if (!array_reserve(&axis->sums, &sums, line + 1, error)
        || !array_reserve(&axis->part_starts, &starts, line + 2, error)
        || !array_reserve(&axis->parts, &all, held + count, error))
        return false;
    memcpy(axis->parts + held, parts, count * sizeof *parts);
    axis->sums[line] = sum;
    axis->part_starts[line + 1] = held + count;
    axis->line_count++;
    return true;
}

bool disclosure_axis_add(struct disclosure_axis *axis, const size_t *parts, size_t count,
                         size_t *node, struct error *error)
{
    if (!disclosure_axis_also(axis, axis->node_count, parts, count, error))
        return false;
    *node = axis->node_count++;
    return true;
}

void disclosure_axis_free(struct disclosure_axis *axis)
{
    array_free(&axis->sums);
    array_free(&axis->part_starts);
    array_free(&axis->parts);
    *axis = (struct disclosure_axis){0};
}

/* ---- the table ---- */

bool disclosure_new(struct disclosure *table, const struct disclosure_axis axes[DISCLOSURE_AXES],
                    uint32_t least, struct error *error)
{
    *table = (struct disclosure){.cell_count = 1, .least = least};
    for (int a = 0; a < DISCLOSURE_AXES; a++) {
        table->axes[a] = axes[a];
        table->cell_count *= axes[a].node_count;
    }
    size_t count = table->cell_count;
    bool done = array_new(&table->counts, count, sizeof *table->counts, error)
                && array_new(&table->largest, count, sizeof *table->largest, error)
                && array_new(&table->states, count, sizeof *table->states, error)
                && array_new(&table->is_kept, count, sizeof *table->is_kept, error)
                && array_new(&table->rounded, count, sizeof *table->rounded, error)
                && array_new(&table->known, count, sizeof *table->known, error);
    for (size_t i = 0; done && i < count; i++) {
        table->states[i] = CELL_WITHHELD;
        table->known[i].high = DISCLOSURE_NO_END;
    }
    if (!done)
        disclosure_free(table);
    return done;
}

void disclosure_free(struct disclosure *table)
{
    for (int a = 0; a < DISCLOSURE_AXES; a++)
        disclosure_axis_free(&table->axes[a]);
    array_free(&table->counts);
    array_free(&table->largest);
    array_free(&table->states);
    array_free(&table->is_kept);
    array_free(&table->rounded);
    array_free(&table->known);
    table->cell_count = 0;
}

bool disclosure_is_withheld(const struct disclosure *table, size_t cell)
{
    return table->states[cell] == CELL_WITHHELD || table->states[cell] == CELL_GUARDED;
}

size_t disclosure_cell(const struct disclosure *table, size_t first, size_t second, size_t third)
{
    return (first * table->axes[1].node_count + second) * table->axes[2].node_count + third;
}

/* ---- sums ---- */

/* Along one axis, the cells with one number lie `stride` long side by side, and those sheets are
 * repeated as often as the axes before it go. */
struct sheets {
    size_t stride, repeats;
};

static struct sheets sheets_of(const struct disclosure *table, int axis)
{
    struct sheets sheets = {1, 1};
    for (int a = axis + 1; a < DISCLOSURE_AXES; a++)
        sheets.stride *= table->axes[a].node_count;
    for (int a = 0; a < axis; a++)
        sheets.repeats *= table->axes[a].node_count;
    return sheets;
}

static void sum_along(uint32_t *counts, const struct disclosure *table, int number)
{
    const struct disclosure_axis *axis = &table->axes[number];
    struct sheets sheets = sheets_of(table, number);
    for (size_t r = 0; r < sheets.repeats; r++) {
        uint32_t *block = counts + r * axis->node_count * sheets.stride;
        size_t next = axis->leaf_count; /* the first line of a sum is where it was added */
        for (size_t line = 0; line < axis->line_count; line++) {
            if (axis->sums[line] != next)
                continue;
            uint32_t *sum = block + next++ * sheets.stride;
            for (size_t p = axis->part_starts[line]; p < axis->part_starts[line + 1]; p++)
                for (size_t i = 0; i < sheets.stride; i++)
                    sum[i] += block[axis->parts[p] * sheets.stride + i];
        }
    }
}

void disclosure_add_source(struct disclosure *table, uint32_t *counts)
{
    for (int a = 0; a < DISCLOSURE_AXES; a++)
        sum_along(counts, table, a);
    for (size_t i = 0; i < table->cell_count; i++) {
        table->counts[i] += counts[i];
        if (counts[i] > table->largest[i])
            table->largest[i] = counts[i];
    }
}

/* ---- what is published ---- */

uint32_t disclosure_round(uint32_t count)
{
    return (count + DISCLOSURE_ROUNDED_TO / 2) / DISCLOSURE_ROUNDED_TO * DISCLOSURE_ROUNDED_TO;
}

struct disclosure_span disclosure_behind(uint32_t rounded, uint32_t least)
{
    int64_t low = (int64_t)rounded - DISCLOSURE_ROUNDED_TO / 2;
    return (struct disclosure_span){low > (int64_t)least ? low : (int64_t)least,
                                    (int64_t)rounded + DISCLOSURE_ROUNDED_TO / 2};
}

uint32_t disclosure_backed(uint32_t count, uint32_t largest)
{
    const uint32_t percent = 95, times = 100 / (100 - percent);
    uint64_t backed = (uint64_t)(count - largest) * times;
    return backed < count ? (uint32_t)backed : count;
}

/* The dominance rule: who has nearly all of a cell could be told from it. */
static bool is_dominated(const struct disclosure *table, size_t cell)
{
    return disclosure_backed(table->counts[cell], table->largest[cell]) < table->counts[cell];
}

void disclosure_publish(struct disclosure *table, size_t source_count)
{
    for (size_t i = 0; i < table->cell_count; i++) {
        if (table->states[i] != CELL_WITHHELD || table->counts[i] < table->least
            || (source_count > 1 && is_dominated(table, i)))
            continue;
        table->states[i] = CELL_PUBLISHED;
        table->rounded[i] = disclosure_round(table->counts[i]);
    }
}

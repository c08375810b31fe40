/* What somebody who has all that is published, and can add and subtract, learns of a cell that was
 * withheld. */
#include "engine/analysis/disclosure_audit.h"

enum { SWEEPS_MOST = 200 }; /* bounds only ever narrow; stopping early makes no span too narrow */

/* ---- lines ---- */

static size_t stride_of(const struct disclosure *table, int axis)
{
    size_t stride = 1;
    for (int a = axis + 1; a < DISCLOSURE_AXES; a++)
        stride *= table->axes[a].node_count;
    return stride;
}

/* The axis's line that runs through the cell of node 0. */
static struct disclosure_line line_from(const struct disclosure *table, int number, size_t line,
                                        size_t first)
{
    const struct disclosure_axis *axis = &table->axes[number];
    size_t begin = axis->part_starts[line], stride = stride_of(table, number);
    return (struct disclosure_line){first + axis->sums[line] * stride, axis->parts + begin,
                                    axis->part_starts[line + 1] - begin, first, stride};
}

static bool has_part(const struct disclosure_axis *axis, size_t line, size_t node)
{
    for (size_t p = axis->part_starts[line]; p < axis->part_starts[line + 1]; p++)
        if (axis->parts[p] == node)
            return true;
    return false;
}

void disclosure_lines_of(const struct disclosure *table, size_t cell, disclosure_visit *visit,
                         void *state)
{
    for (int a = 0; a < DISCLOSURE_AXES; a++) {
        const struct disclosure_axis *axis = &table->axes[a];
        size_t stride = stride_of(table, a), at = cell / stride % axis->node_count;
        for (size_t l = 0; l < axis->line_count; l++)
            if (axis->sums[l] == at || has_part(axis, l, at)) {
                struct disclosure_line line = line_from(table, a, l, cell - at * stride);
                visit(state, &line);
            }
    }
}

/* ---- spans ---- */

static struct disclosure_span narrower(struct disclosure_span a, struct disclosure_span b)
{
    struct disclosure_span both = {a.low > b.low ? a.low : b.low,
                                   a.high < b.high ? a.high : b.high};
    return both.low <= both.high ? both : a;
}

static struct disclosure_span at_first(const struct disclosure *table, size_t cell,
                                       enum disclosure_observer observer)
{
    struct disclosure_span span = {0, DISCLOSURE_NO_END};
    if (table->states[cell] == CELL_PUBLISHED)
        span = disclosure_behind(table->rounded[cell], table->least);
    else if (observer == OBSERVER_INSIDER && table->states[cell] == CELL_WITHHELD
             && table->is_kept[cell])
        span.high = (int64_t)table->least - 1;
    return narrower(span, table->known[cell]);
}

/* Sums of spans, with those without an end counted apart. */
struct adding {
    int64_t low, high;
    size_t endless;
};

static void add(struct adding *adding, struct disclosure_span span, int sign)
{
    adding->low += sign * span.low;
    if (span.high < DISCLOSURE_NO_END)
        adding->high += sign * span.high;
    else if (sign > 0)
        adding->endless++;
    else
        adding->endless--;
}

static struct adding add_up(const struct disclosure_span *spans, const struct disclosure_line *line)
{
    struct adding adding = {0};
    for (size_t p = 0; p < line->part_count; p++)
        add(&adding, spans[line->first + line->parts[p] * line->stride], 1);
    return adding;
}

static bool narrow(struct disclosure_span *span, struct disclosure_span to)
{
    struct disclosure_span now = narrower(*span, to);
    bool changed = now.low != span->low || now.high != span->high;
    *span = now;
    return changed;
}

static struct disclosure_span whole_of(struct adding parts)
{
    return (struct disclosure_span){parts.low, parts.endless > 0 ? DISCLOSURE_NO_END : parts.high};
}

/* What the sum and the other parts leave of a part. */
static struct disclosure_span left_over(const struct disclosure_span *sum, struct adding others)
{
    int64_t low = others.endless > 0 ? 0 : sum->low - others.high;
    int64_t high = sum->high >= DISCLOSURE_NO_END ? DISCLOSURE_NO_END : sum->high - others.low;
    return (struct disclosure_span){low > 0 ? low : 0, high};
}

static bool narrow_line(struct disclosure_span *spans, const struct disclosure_line *line)
{
    struct adding all = add_up(spans, line);
    struct disclosure_span *sum = &spans[line->sum];
    bool changed = narrow(sum, whole_of(all));
    for (size_t p = 0; p < line->part_count; p++) {
        struct disclosure_span *part = &spans[line->first + line->parts[p] * line->stride];
        add(&all, *part, -1);
        changed |= narrow(part, left_over(sum, all));
        add(&all, *part, 1);
    }
    return changed;
}

static bool narrow_along(struct disclosure_span *spans, const struct disclosure *table, int number)
{
    const struct disclosure_axis *axis = &table->axes[number];
    size_t stride = stride_of(table, number), sheet = stride * axis->node_count;
    bool changed = false;
    for (size_t block = 0; block < table->cell_count; block += sheet)
        for (size_t l = 0; l < axis->line_count; l++)
            for (size_t i = 0; i < stride; i++) {
                struct disclosure_line line = line_from(table, number, l, block + i);
                changed |= narrow_line(spans, &line);
            }
    return changed;
}

static void propagate(struct disclosure_span *spans, const struct disclosure *table)
{
    bool changed = true;
    for (int sweep = 0; changed && sweep < SWEEPS_MOST; sweep++) {
        changed = false;
        for (int a = 0; a < DISCLOSURE_AXES; a++)
            changed |= narrow_along(spans, table, a);
    }
}

void disclosure_spans(struct disclosure_span *spans, const struct disclosure *table,
                      enum disclosure_observer observer)
{
    for (size_t i = 0; i < table->cell_count; i++)
        spans[i] = at_first(table, i, observer);
    propagate(spans, table);
}

void disclosure_work_out_known(struct disclosure *table)
{
    propagate(table->known, table);
}

static int64_t width(struct disclosure_span span)
{
    return span.high >= DISCLOSURE_NO_END ? DISCLOSURE_NO_END : span.high - span.low;
}

bool disclosure_is_leak(const struct disclosure *table, size_t cell, struct disclosure_span span,
                        enum disclosure_observer observer)
{
    int64_t least = (int64_t)table->least - (observer == OBSERVER_INSIDER ? 1 : 0);
    return disclosure_is_withheld(table, cell) && width(table->known[cell]) >= least
           && width(span) < least;
}

struct disclosure_span disclosure_told(const struct disclosure_span *spans,
                                       const struct disclosure_line *line, size_t cell)
{
    struct adding all = add_up(spans, line);
    if (cell == line->sum)
        return whole_of(all);
    add(&all, spans[cell], -1);
    return left_over(&spans[line->sum], all);
}

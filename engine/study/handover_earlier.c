/* What earlier packages tell: their squares and periods in the axes of a new table, and their
 * numbers as known. */
#include "engine/study/handover_earlier.h"

#include <stdlib.h>

/* ---- quarters ---- */

static bool is_own(const struct handover *handover, int32_t quarter)
{
    return quarter >= handover->first_quarter
           && quarter < handover->first_quarter + (int32_t)handover->quarter_count;
}

/* Earlier quarters outside the new period, each once, in the order in which they come. */
static bool comes_before(const struct handover *handover, size_t package, int32_t quarter)
{
    for (size_t e = 0; e < package; e++)
        if (is_own(&handover->options.earlier[e], quarter))
            return true;
    return false;
}

size_t handover_earlier_quarters(const struct handover *handover)
{
    size_t count = 0;
    for (size_t e = 0; e < handover->options.earlier_count; e++) {
        const struct handover *earlier = &handover->options.earlier[e];
        for (size_t q = 0; q < earlier->quarter_count; q++) {
            int32_t quarter = earlier->first_quarter + (int32_t)q;
            count += !is_own(handover, quarter) && !comes_before(handover, e, quarter);
        }
    }
    return count;
}

/* Its leaf: among the new table's own, or behind them and those without a date. */
static size_t leaf_of_quarter(const struct handover *handover, int32_t wanted)
{
    size_t extra = handover->quarter_count + 1;
    if (is_own(handover, wanted))
        return (size_t)(wanted - handover->first_quarter);
    for (size_t e = 0; e < handover->options.earlier_count; e++) {
        const struct handover *earlier = &handover->options.earlier[e];
        for (size_t q = 0; q < earlier->quarter_count; q++) {
            int32_t quarter = earlier->first_quarter + (int32_t)q;
            if (is_own(handover, quarter) || comes_before(handover, e, quarter))
                continue;
            if (quarter == wanted)
                return extra;
            extra++;
        }
    }
    return extra;
}

size_t handover_earlier_quarter(const struct handover *handover, int32_t quarter)
{
    size_t leaf = leaf_of_quarter(handover, quarter);
    size_t end = handover->quarter_count + 1 + handover_earlier_quarters(handover);
    return leaf < end ? leaf : NODE_NOWHERE;
}

static bool same_period(const struct handover *a, const struct handover *b)
{
    return a->quarter_count == b->quarter_count
           && (a->quarter_count == 0 || a->first_quarter == b->first_quarter);
}

static bool add_period(struct handover *handover, size_t package, struct disclosure_axis *axis,
                       struct error *error)
{
    const struct handover *earlier = &handover->options.earlier[package];
    size_t count = earlier->quarter_count, *nodes;
    if (!array_new(&nodes, count + 2, sizeof *nodes, error))
        return false;
    handover->earlier_nodes[package].quarters = nodes;
    for (size_t q = 0; q < count; q++)
        nodes[q] = leaf_of_quarter(handover, earlier->first_quarter + (int32_t)q);
    nodes[count] = handover->quarter_count; /* without a date */
    nodes[count + 1] = count == 0 ? nodes[0] : NODE_ALL;
    return count == 0 || same_period(handover, earlier)
           || disclosure_axis_add(axis, nodes, count + 1, &nodes[count + 1], error);
}

bool handover_earlier_periods(struct handover *handover, struct disclosure_axis *axis,
                              struct error *error)
{
    for (size_t e = 0; e < handover->options.earlier_count; e++)
        if (!add_period(handover, e, axis, error))
            return false;
    return true;
}

/* ---- squares ---- */

/* Adds a sum of the new squares of 100 m within, when they are the same as the earlier ones were:
 * all that there can be, or those of the same strip. */
static bool add_sum(struct handover *handover, struct disclosure_axis *axis,
                    const struct square *square, bool same_strip, size_t *node, struct error *error)
{
    size_t parts[SQUARES_WITHIN];
    size_t count = squares_within(parts, handover->squares, handover->square_count, square);
    *node = NODE_NOWHERE;
    if (count == 0 || (!same_strip && count < (size_t)(square->size * square->size)))
        return true;
    if (count == 1) {
        *node = parts[0];
        return true;
    }
    return disclosure_axis_add(axis, parts, count, node, error);
}

static bool add_square(struct handover *handover, struct disclosure_axis *axis,
                       const struct square *square, bool same_strip, size_t *node,
                       struct error *error)
{
    const struct square *piece = bsearch(square, handover->pieces.items, handover->pieces.count,
                                         sizeof *square, square_compare);
    if (piece == NULL)
        return add_sum(handover, axis, square, same_strip, node, error);
    *node = handover->node_of_piece[piece - handover->pieces.items];
    return true;
}

bool handover_earlier_square(struct handover *handover, struct disclosure_axis *axis,
                             const struct square *square, size_t *node, struct error *error)
{
    return add_square(handover, axis, square, true, node, error);
}

static bool add_squares(struct handover *handover, size_t package, struct disclosure_axis *axis,
                        struct error *error)
{
    const struct handover *earlier = &handover->options.earlier[package];
    bool same_strip = earlier->options.depth_m == handover->options.depth_m;
    size_t count = earlier->square_count, *nodes;
    if (!array_new(&nodes, count + 1, sizeof *nodes, error))
        return false;
    handover->earlier_nodes[package].squares = nodes;
    for (size_t i = 0; i < count; i++)
        if (!add_square(handover, axis, &earlier->squares[i], same_strip, &nodes[i], error))
            return false;
    nodes[count] = same_strip ? NODE_ALL : NODE_NOWHERE;
    return true;
}

bool handover_earlier_squares(struct handover *handover, struct disclosure_axis *axis,
                              struct error *error)
{
    size_t count = handover->options.earlier_count;
    if (!array_new(&handover->earlier_nodes, count, sizeof *handover->earlier_nodes, error))
        return false;
    for (size_t e = 0; e < count; e++)
        if (!add_squares(handover, e, axis, error))
            return false;
    return true;
}

/* ---- numbers ---- */

static size_t node_in(const struct handover *handover, int axis, size_t node)
{
    return node == NODE_ALL ? handover_all(handover, axis) : node;
}

static void narrow(struct disclosure_span *span, struct disclosure_span by)
{
    if (by.low > span->high || by.high < span->low)
        return; /* reports that came late: the two tell of different things */
    span->low = by.low > span->low ? by.low : span->low;
    span->high = by.high < span->high ? by.high : span->high;
}

void handover_make_known(struct handover *handover, size_t cell, struct disclosure_span span)
{
    narrow(&handover->table.known[cell], span);
}

static void tell_cell(struct handover *handover, const struct handover *earlier, size_t from,
                      size_t to)
{
    const struct disclosure *old = &earlier->table;
    if (old->states[from] == CELL_PUBLISHED)
        narrow(&handover->table.known[to], disclosure_behind(old->rounded[from], old->least));
    else if (old->states[from] == CELL_WITHHELD && handover->table.states[to] == CELL_ABSENT)
        handover->table.states[to] = CELL_GUARDED;
}

static void tell_package(struct handover *handover, size_t package)
{
    const struct handover *earlier = &handover->options.earlier[package];
    const struct handover_nodes *nodes = &handover->earlier_nodes[package];
    const struct disclosure_axis *axes = earlier->table.axes;
    for (size_t d = 0; d < axes[DOMAIN_AXIS].node_count; d++)
        for (size_t s = 0; s < axes[SQUARE_AXIS].node_count; s++)
            for (size_t q = 0; q < axes[QUARTER_AXIS].node_count; q++) {
                if (nodes->squares[s] == NODE_NOWHERE)
                    continue;
                size_t to =
                    handover_cell(handover, d, node_in(handover, SQUARE_AXIS, nodes->squares[s]),
                                  node_in(handover, QUARTER_AXIS, nodes->quarters[q]));
                tell_cell(handover, earlier, handover_cell(earlier, d, s, q), to);
            }
}

void handover_earlier_tell(struct handover *handover)
{
    for (size_t e = 0; e < handover->options.earlier_count; e++)
        tell_package(handover, e);
}

void handover_earlier_free(struct handover *handover)
{
    for (size_t e = 0; handover->earlier_nodes != NULL && e < handover->options.earlier_count;
         e++) {
        array_free(&handover->earlier_nodes[e].squares);
        array_free(&handover->earlier_nodes[e].quarters);
    }
    array_free(&handover->earlier_nodes);
}

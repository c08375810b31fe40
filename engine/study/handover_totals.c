/* Totals that the receiver has from elsewhere: read from a file, and made known to the table of a
 * handover, so that they are thought of in what is withheld. */
#include "engine/study/handover_totals.h"

#include "engine/core/numbers.h"
#include "engine/core/text.h"
#include "engine/formats/table.h"
#include "engine/formats/vocabulary.h"
#include "engine/study/handover_earlier.h"

#include <stdlib.h>
#include <string.h>

/* ---- a file of totals ---- */

enum { SQUARE, SIZE, DOMAIN, QUARTER, INCIDENTS, LOW, HIGH, COLUMNS };
static const char *const NAMES[COLUMNS] = {"square",    "size_m", "domain", "quarter",
                                           "incidents", "low",    "high"};

struct reading {
    const char *path;
    struct table table;
    size_t column_of[COLUMNS]; /* column_count where there is none */
};

static const char *cell_of(const struct reading *reading, size_t row, int column)
{
    size_t at = reading->column_of[column];
    return at < reading->table.column_count ? reading->table.rows[row][at] : "";
}

static bool has(const struct reading *reading, int column)
{
    return reading->column_of[column] < reading->table.column_count;
}

static bool wrong(const struct reading *reading, size_t row, int column, const char *why,
                  struct error *error)
{
    return error_set(error, ERROR_DATA, "%s:%zu: %s '%.60s' %s", reading->path,
                     reading->table.lines[row], NAMES[column], cell_of(reading, row, column),
                     message_part(why));
}

static bool find_columns(struct reading *reading, struct error *error)
{
    const struct table *table = &reading->table;
    for (int c = 0; c < COLUMNS; c++) {
        reading->column_of[c] = table->column_count;
        for (size_t at = table->column_count; at-- > 0;)
            if (text_equal(table->rows[0][at], NAMES[c]))
                reading->column_of[c] = at;
    }
    bool counts = has(reading, INCIDENTS) || (has(reading, LOW) && has(reading, HIGH));
    return (counts && has(reading, SQUARE) && has(reading, DOMAIN) && has(reading, QUARTER))
           || error_set(error, ERROR_DATA,
                        "%s: totals have columns square, domain, quarter and incidents, or low and "
                        "high in its place",
                        reading->path);
}

static bool parse_count(int64_t *count, const struct reading *reading, size_t row, int column,
                        struct error *error)
{
    const char *cell = cell_of(reading, row, column);
    if (cell[0] == '\0')
        return true;
    return (number_parse_whole(count, cell, cell + strlen(cell)) && *count >= 0
            && *count <= INT32_MAX)
           || wrong(reading, row, column, N_("is no whole number from 0 on"), error);
}

/* *told is false of a row without a number: one that was withheld from the receiver too. */
static bool parse_span(struct disclosure_span *span, bool *told, const struct reading *reading,
                       size_t row, struct error *error)
{
    *span = (struct disclosure_span){0, DISCLOSURE_NO_END};
    *told = cell_of(reading, row, INCIDENTS)[0] != '\0';
    if (*told) {
        bool done = parse_count(&span->low, reading, row, INCIDENTS, error);
        span->high = span->low;
        return done;
    }
    if (!parse_count(&span->low, reading, row, LOW, error)
        || !parse_count(&span->high, reading, row, HIGH, error))
        return false;
    *told = cell_of(reading, row, LOW)[0] != '\0' || cell_of(reading, row, HIGH)[0] != '\0';
    return span->low <= span->high || wrong(reading, row, LOW, N_("is over high"), error);
}

static bool parse_square(struct square *square, const struct reading *reading, size_t row,
                         struct error *error)
{
    const char *name = cell_of(reading, row, SQUARE), *size = cell_of(reading, row, SIZE);
    int64_t metres = SQUARE_M;
    *square = (struct square){0};
    if (name[0] == '\0')
        return true;
    if (!square_parse(square, name))
        return wrong(reading, row, SQUARE, N_("is no square"), error);
    if (size[0] != '\0'
        && (!number_parse_whole(&metres, size, size + strlen(size))
            || (metres != 100 && metres != 200 && metres != 500)))
        return wrong(reading, row, SIZE, N_("is none of 100, 200, 500"), error);
    square->size = (int32_t)(metres / SQUARE_M);
    return (square->east % square->size == 0 && square->north % square->size == 0)
           || wrong(reading, row, SQUARE, N_("does not lie on the grid of its size"), error);
}

static bool parse_row(struct handover_total *total, bool *told, const struct reading *reading,
                      size_t row, struct error *error)
{
    const char *domain = cell_of(reading, row, DOMAIN), *quarter = cell_of(reading, row, QUARTER);
    enum domain parsed = DOMAIN_UNMAPPED;
    *total = (struct handover_total){.domain = HANDOVER_DOMAINS, .quarter = HANDOVER_NO_QUARTER};
    if (domain[0] != '\0') {
        if (!domain_parse(&parsed, domain))
            return wrong(reading, row, DOMAIN, N_("is none of social, physical, safety"), error);
        total->domain = (int32_t)parsed;
    }
    if (quarter[0] != '\0' && !handover_quarter_parse(&total->quarter, quarter))
        return wrong(reading, row, QUARTER, N_("is no quarter; write 2024-Q3"), error);
    return parse_square(&total->square, reading, row, error)
           && parse_span(&total->span, told, reading, row, error);
}

static int by_number(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* By square first, so that those of one square share a sum; then by all else, so that the order of
 * the rows makes no difference. */
static int compare(const void *left, const void *right)
{
    const struct handover_total *a = left, *b = right;
    int order = square_compare(&a->square, &b->square);
    order = order != 0 ? order : by_number(a->domain, b->domain);
    order = order != 0 ? order : by_number(a->quarter, b->quarter);
    order = order != 0 ? order : by_number(a->span.low, b->span.low);
    return order != 0 ? order : by_number(a->span.high, b->span.high);
}

static bool add_rows(struct handover_totals *totals, const struct reading *reading,
                     struct error *error)
{
    for (size_t r = 1; r < reading->table.row_count; r++) {
        struct capacity capacity = {totals->capacity, sizeof *totals->items};
        struct handover_total total;
        bool told = false;
        if (!parse_row(&total, &told, reading, r, error)
            || !array_reserve(&totals->items, &capacity, totals->count + 1, error))
            return false;
        totals->capacity = capacity.held;
        totals->items[totals->count] = total;
        totals->count += told;
    }
    if (totals->count > 1)
        qsort(totals->items, totals->count, sizeof *totals->items, compare);
    return true;
}

bool handover_totals_read(struct handover_totals *totals, const char *path, struct error *error)
{
    struct reading reading = {.path = path};
    bool done = table_read(&reading.table, path, error) && find_columns(&reading, error)
                && add_rows(totals, &reading, error);
    table_free(&reading.table);
    return done;
}

void handover_totals_free(struct handover_totals *totals)
{
    array_free(&totals->items);
    *totals = (struct handover_totals){0};
}

/* ---- in the table ---- */

/* Whether all of it is in the strip; what is not may have the incidents that the total has more. */
static bool is_whole(const struct handover *handover, const struct square *square)
{
    size_t within = 0;
    for (size_t i = 0; i < handover->square_count; i++)
        within += square_holds(square, &handover->squares[i]);
    return within == (size_t)square->size * (size_t)square->size;
}

bool handover_totals_squares(struct handover *handover, struct disclosure_axis *axis,
                             struct error *error)
{
    const struct handover_totals *totals = handover->options.totals;
    if (totals == NULL || totals->count == 0)
        return true;
    if (!array_new(&handover->total_nodes, totals->count, sizeof *handover->total_nodes, error))
        return false;
    for (size_t i = 0; i < totals->count; i++) {
        const struct square *square = &totals->items[i].square;
        size_t *node = &handover->total_nodes[i];
        if (square->size == 0)
            *node = NODE_ALL;
        else if (i > 0 && square_compare(square, &totals->items[i - 1].square) == 0)
            *node = node[-1];
        else if (!handover_earlier_square(handover, axis, square, node, error))
            return false;
    }
    return true;
}

static bool overlap(const struct square *a, const struct square *b)
{
    return a->east < b->east + b->size && b->east < a->east + a->size
           && a->north < b->north + b->size && b->north < a->north + a->size;
}

/* The receiver can subtract it from a larger square: what is beside it in that one must not be left
 * bare. */
static void guard_siblings(struct handover *handover, const struct square *square, size_t domain,
                           size_t quarter)
{
    for (size_t s = 0; s < handover->square_count; s++) {
        const struct square *piece = &handover->pieces.items[handover->pieces.piece_of[s]];
        uint8_t *state = &handover->table.states[handover_cell(handover, domain, s, quarter)];
        if (*state == CELL_ABSENT && overlap(piece, square)
            && !square_holds(square, &handover->squares[s]))
            *state = CELL_GUARDED;
    }
}

static void tell_total(struct handover *handover, size_t number)
{
    const struct handover_total *total = &handover->options.totals->items[number];
    size_t square = handover->total_nodes[number], quarter = handover_all(handover, QUARTER_AXIS);
    struct disclosure_span span = total->span;
    if (total->quarter != HANDOVER_NO_QUARTER)
        quarter = handover_earlier_quarter(handover, total->quarter);
    if (square == NODE_NOWHERE || quarter == NODE_NOWHERE) {
        handover->totals_aside++;
        return;
    }
    if (square == NODE_ALL)
        square = handover_all(handover, SQUARE_AXIS);
    else if (!is_whole(handover, &total->square))
        span.low = 0;
    size_t domain = (size_t)total->domain; /* all stand behind the last */
    handover_make_known(handover, handover_cell(handover, domain, square, quarter), span);
    if (total->square.size > 0)
        guard_siblings(handover, &total->square, domain, quarter);
}

void handover_totals_tell(struct handover *handover)
{
    for (size_t i = 0; handover->total_nodes != NULL && i < handover->options.totals->count; i++)
        tell_total(handover, i);
}

/* Incidents one by one in a handover, as coarse as an agreement allows: by square of 100 m and
 * quarter, without anything that tells one from another. */
#include "engine/study/handover_rows.h"

#include "engine/core/numbers.h"
#include "engine/formats/vocabulary.h"

#include <stdlib.h>
#include <string.h>

enum {
    ROW_SQUARE,
    ROW_X,
    ROW_Y,
    ROW_DOMAIN,
    ROW_CATEGORY,
    ROW_QUARTER,
    ROW_SOURCE,
    ROW_WEIGHT,
    ROW_COLUMNS
};
static const char *const HEADER[ROW_COLUMNS] = {"square",   "x",       "y",      "domain",
                                                "category", "quarter", "source", "weight"};

static int by_number(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

int handover_row_compare(const void *left, const void *right)
{
    const struct handover_row *a = left, *b = right;
    int order = square_compare(&a->square, &b->square);
    order = order != 0 ? order : by_number(a->domain, b->domain);
    order = order != 0 ? order : strcmp(a->category, b->category);
    order = order != 0 ? order : by_number(a->quarter, b->quarter);
    order = order != 0 ? order : strcmp(a->source, b->source);
    return order != 0 ? order : by_number(a->weight, b->weight);
}

/* ---- those of a study ---- */

static bool is_told(const struct handover *handover, const struct gathered *from, size_t row,
                    struct square *square)
{
    const struct study *study = handover->study;
    const struct grid *grid = &study->boundaries.grid;
    if (from->owner[row] != (int32_t)handover->sender
        || (!handover->options.sensitive && gather_is_sensitive(study, from->category[row])))
        return false;
    *square =
        square_at(grid_metres_x(grid, from->grid_x[row]), grid_metres_y(grid, from->grid_y[row]));
    return bsearch(square, handover->squares, handover->square_count, sizeof *square,
                   square_compare)
           != NULL;
}

bool handover_rows_list(struct handover *handover, const struct gathered *gathered,
                        struct error *error)
{
    const struct study *study = handover->study;
    struct square square;
    if (!array_new(&handover->rows, gathered->count, sizeof *handover->rows, error))
        return false;
    for (size_t i = 0; i < gathered->count; i++) {
        if (!is_told(handover, gathered, i, &square))
            continue;
        /* A word that the vocabulary lacks could be anything, a name too. */
        bool mapped = gathered->domain[i] != DOMAIN_UNMAPPED;
        handover->rows[handover->row_count++] = (struct handover_row){
            .square = square,
            .domain = gathered->domain[i],
            .quarter = handover_quarter_of(gathered->when[i]),
            .category = mapped ? dictionary_text(study->categories, gathered->category[i]) : "",
            .source = dictionary_text(study->sources, gathered->source[i]),
            .weight = gathered->weight != NULL ? gathered->weight[i] : 1,
        };
    }
    if (handover->row_count > 1)
        qsort(handover->rows, handover->row_count, sizeof *handover->rows, handover_row_compare);
    return true;
}

/* ---- those of a package ---- */

struct reading {
    const struct handover *handover;
    const char *name;
    struct table table;
    bool sensitive;
    uint32_t *counts; /* per cell */
    size_t incidents;
};

static bool wrong(const struct reading *reading, size_t row, int column, const char *why,
                  struct error *error)
{
    return error_set(error, ERROR_DATA, "%s:%zu: %s '%.60s' %s", reading->name,
                     reading->table.lines[row], HEADER[column], reading->table.rows[row][column],
                     message_part(why));
}

static bool whole(int64_t *value, const char *cell)
{
    return number_parse_whole(value, cell, cell + strlen(cell));
}

static bool check_header(const struct reading *reading, struct error *error)
{
    const struct table *table = &reading->table;
    bool same = table->column_count == ROW_COLUMNS;
    for (size_t c = 0; same && c < ROW_COLUMNS; c++)
        same = strcmp(table->rows[0][c], HEADER[c]) == 0;
    return same
           || error_set(error, ERROR_DATA,
                        "%s: the columns are not "
                        "square,x,y,domain,category,quarter,source,weight",
                        reading->name);
}

static bool parse_place(struct square *square, const struct reading *reading, size_t row,
                        struct error *error)
{
    char *const *cells = reading->table.rows[row];
    int64_t x, y;
    if (!square_parse(square, cells[ROW_SQUARE]))
        return wrong(reading, row, ROW_SQUARE, N_("is no square"), error);
    if (!whole(&x, cells[ROW_X]) || x != (int64_t)square->east * SQUARE_M + SQUARE_M / 2)
        return wrong(reading, row, ROW_X, N_("is not the square's"), error);
    if (!whole(&y, cells[ROW_Y]) || y != (int64_t)square->north * SQUARE_M + SQUARE_M / 2)
        return wrong(reading, row, ROW_Y, N_("is not the square's"), error);
    return true;
}

static bool parse_domain(uint8_t *domain, const char *cell)
{
    for (int d = 0; d < HANDOVER_DOMAINS; d++)
        if (strcmp(cell, domain_name((enum domain)d)) == 0) {
            *domain = (uint8_t)d;
            return true;
        }
    return false;
}

static bool parse_row(struct handover_row *parsed, const struct reading *reading, size_t row,
                      struct error *error)
{
    char *const *cells = reading->table.rows[row];
    int64_t weight;
    *parsed = (struct handover_row){.category = cells[ROW_CATEGORY],
                                    .source = cells[ROW_SOURCE],
                                    .quarter = HANDOVER_NO_QUARTER};
    if (!parse_place(&parsed->square, reading, row, error))
        return false;
    if (!parse_domain(&parsed->domain, cells[ROW_DOMAIN]))
        return wrong(reading, row, ROW_DOMAIN, N_("is none of social, physical, safety, unmapped"),
                     error);
    if (!reading->sensitive && gather_is_sensitive_word(parsed->category))
        return wrong(reading, row, ROW_CATEGORY,
                     N_("is left out, as the manifest tells, and stands here"), error);
    if (cells[ROW_QUARTER][0] != '\0'
        && !handover_quarter_parse(&parsed->quarter, cells[ROW_QUARTER]))
        return wrong(reading, row, ROW_QUARTER, N_("is no quarter"), error);
    if (!whole(&weight, cells[ROW_WEIGHT]) || weight < 1 || weight > INT32_MAX)
        return wrong(reading, row, ROW_WEIGHT, N_("is no whole number from 1 on"), error);
    parsed->weight = (uint32_t)weight;
    return true;
}

/* The piece that the square of 100 m lies in; the count of pieces where there is none. */
static size_t find_piece(const struct handover *handover, const struct square *square)
{
    static const int32_t SIZES[] = {1, 2, 5};
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        struct square around = square_around(square, SIZES[i]);
        const struct square *found = bsearch(&around, handover->pieces.items,
                                             handover->pieces.count, sizeof around, square_compare);
        if (found != NULL)
            return (size_t)(found - handover->pieces.items);
    }
    return handover->pieces.count;
}

static bool count_row(struct reading *reading, size_t row, const struct handover_row *parsed,
                      struct error *error)
{
    const struct handover *handover = reading->handover;
    size_t piece = find_piece(handover, &parsed->square), quarter = handover->quarter_count;
    if (piece == handover->pieces.count)
        return wrong(reading, row, ROW_SQUARE, N_("lies in none of the squares of squares.csv"),
                     error);
    if (parsed->quarter != HANDOVER_NO_QUARTER) {
        int64_t number = (int64_t)parsed->quarter - handover->first_quarter;
        if (number < 0 || (uint64_t)number >= handover->quarter_count)
            return wrong(reading, row, ROW_QUARTER, N_("lies outside the period of the manifest"),
                         error);
        quarter = (size_t)number;
    }
    if (parsed->weight > HANDOVER_INCIDENTS_MOST - reading->incidents)
        return wrong(reading, row, ROW_WEIGHT, N_("makes more incidents than a package holds"),
                     error);
    reading->incidents += parsed->weight;
    if (!gather_is_sensitive_word(parsed->category))
        reading->counts[handover_cell(handover, parsed->domain, handover->node_of_piece[piece],
                                      quarter)] += parsed->weight;
    return true;
}

static bool read_rows(struct reading *reading, struct error *error)
{
    struct handover_row last, parsed;
    for (size_t r = 1; r < reading->table.row_count; r++) {
        if (!parse_row(&parsed, reading, r, error) || !count_row(reading, r, &parsed, error))
            return false;
        if (r > 1 && handover_row_compare(&last, &parsed) > 0)
            return wrong(reading, r, ROW_SQUARE,
                         N_("comes too late: rows go by what they tell, so that their order tells "
                            "nothing"),
                         error);
        last = parsed;
    }
    return true;
}

bool handover_rows_read(struct handover *handover, size_t *incidents,
                        const struct table_bytes *file, bool sensitive, struct error *error)
{
    struct reading reading = {.handover = handover, .name = file->name, .sensitive = sensitive};
    bool done =
        table_parse(&reading.table, file, error) && check_header(&reading, error)
        && array_new(&reading.counts, handover->table.cell_count, sizeof *reading.counts, error)
        && read_rows(&reading, error);
    if (done)
        disclosure_add_source(&handover->table, reading.counts);
    *incidents = reading.incidents;
    table_free(&reading.table);
    array_free(&reading.counts);
    return done;
}

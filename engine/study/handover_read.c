/* A handover as it stands in a package: its table of squares, taken at its word and then held
 * against the rules. */
#include "engine/study/handover_read.h"

#include "engine/core/numbers.h"
#include "engine/formats/table.h"
#include "engine/formats/vocabulary.h"

#include <stdlib.h>
#include <string.h>

enum { SQUARE, SIZE, X, Y, DOMAIN, QUARTER, INCIDENTS, COLUMNS };
static const char *const HEADER[COLUMNS] = {"square", "size_m",  "x",        "y",
                                            "domain", "quarter", "incidents"};
enum { SQUARES_MOST = 100000, CELLS_MOST = 4000000 };

struct reading {
    struct handover *handover;
    const struct handover_facts *facts;
    struct table table;
    bool *is_read; /* per cell */
};

static bool wrong(const struct reading *reading, size_t row, size_t column, const char *why,
                  struct error *error)
{
    return error_set(error, ERROR_DATA, "%s:%zu: %s '%.60s' %s", reading->facts->name,
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
    bool same = table->column_count == COLUMNS;
    for (size_t c = 0; same && c < COLUMNS; c++)
        same = strcmp(table->rows[0][c], HEADER[c]) == 0;
    return same
           || error_set(error, ERROR_DATA,
                        "%s: the columns are not "
                        "square,size_m,x,y,domain,quarter,incidents",
                        reading->facts->name);
}

/* ---- squares ---- */

static bool parse_square(struct square *square, const struct reading *reading, size_t row,
                         struct error *error)
{
    char *const *cells = reading->table.rows[row];
    int64_t size, x, y;
    if (!square_parse(square, cells[SQUARE]))
        return wrong(reading, row, SQUARE, N_("is no square"), error);
    if (!whole(&size, cells[SIZE]) || (size != 100 && size != 200 && size != 500))
        return wrong(reading, row, SIZE, N_("is none of 100, 200, 500"), error);
    square->size = (int32_t)(size / SQUARE_M);
    if (square->east % square->size != 0 || square->north % square->size != 0)
        return wrong(reading, row, SQUARE, N_("does not lie on the grid of its size"), error);
    if (!whole(&x, cells[X]) || x != (int64_t)square->east * SQUARE_M)
        return wrong(reading, row, X, N_("is not the square's"), error);
    if (!whole(&y, cells[Y]) || y != (int64_t)square->north * SQUARE_M)
        return wrong(reading, row, Y, N_("is not the square's"), error);
    return true;
}

/* Whether the square of that size around a square of 100 m is in the table. */
static bool is_listed(const struct handover *handover, int32_t east, int32_t north, int32_t size)
{
    const struct square corner = {east, north, 1}, key = square_around(&corner, size);
    return bsearch(&key, handover->squares, handover->square_count, sizeof key, square_compare)
           != NULL;
}

/* Squares lie on the grid of their size, so that only a larger one can overlap. */
static bool lies_in_larger(const struct handover *handover, const struct square *square)
{
    static const int32_t SIZES[] = {2, 5};
    int32_t more = square->size - 1;
    for (size_t s = 0; s < sizeof SIZES / sizeof *SIZES; s++)
        if (SIZES[s] > square->size
            && (is_listed(handover, square->east, square->north, SIZES[s])
                || is_listed(handover, square->east + more, square->north, SIZES[s])
                || is_listed(handover, square->east, square->north + more, SIZES[s])
                || is_listed(handover, square->east + more, square->north + more, SIZES[s])))
            return true;
    return false;
}

static bool check_overlaps(const struct reading *reading, struct error *error)
{
    const struct handover *handover = reading->handover;
    for (size_t i = 0; i < handover->square_count; i++) {
        char name[SQUARE_NAME];
        if (!lies_in_larger(handover, &handover->squares[i]))
            continue;
        square_name(name, &handover->squares[i]);
        return error_set(error, ERROR_DATA, "%s: square %s overlaps another", reading->facts->name,
                         name);
    }
    return true;
}

/* Each square once, in order; they are their own pieces. */
static bool list_squares(struct reading *reading, struct error *error)
{
    struct handover *handover = reading->handover;
    size_t rows = reading->table.row_count, kept = 0, covered = 0;
    if (!array_new(&handover->squares, rows, sizeof *handover->squares, error))
        return false;
    for (size_t r = 1; r < rows; r++)
        if (reading->table.rows[r][SQUARE][0] != '\0'
            && !parse_square(&handover->squares[handover->square_count++], reading, r, error))
            return false;
    if (handover->square_count > 1)
        qsort(handover->squares, handover->square_count, sizeof *handover->squares, square_compare);
    for (size_t i = 0; i < handover->square_count; i++)
        if (kept == 0 || square_compare(&handover->squares[i], &handover->squares[kept - 1]) != 0)
            handover->squares[kept++] = handover->squares[i];
    handover->square_count = kept;
    for (size_t i = 0; i < kept; i++)
        covered += (size_t)handover->squares[i].size * (size_t)handover->squares[i].size;
    if (covered == 0 || covered > SQUARES_MOST)
        return error_set(error, ERROR_DATA, "%s: covers %zu squares of 100 m; it can have 1 to %d",
                         reading->facts->name, covered, SQUARES_MOST);
    if ((double)kept * 5 * ((double)handover->quarter_count + 2) > CELLS_MOST)
        return error_set(error, ERROR_DATA,
                         "%s: %zu squares and %zu quarters make more cells than a handover has",
                         reading->facts->name, kept, handover->quarter_count);
    return check_overlaps(reading, error);
}

static bool set_pieces(struct handover *handover, struct error *error)
{
    size_t count = handover->square_count;
    if (!array_new(&handover->pieces.items, count, sizeof *handover->pieces.items, error)
        || !array_new(&handover->pieces.piece_of, count, sizeof *handover->pieces.piece_of, error))
        return false;
    memcpy(handover->pieces.items, handover->squares, count * sizeof *handover->squares);
    for (size_t i = 0; i < count; i++)
        handover->pieces.piece_of[i] = i;
    handover->pieces.count = count;
    return true;
}

/* ---- cells ---- */

static bool find_domain(size_t *node, const struct reading *reading, size_t row,
                        struct error *error)
{
    const char *cell = reading->table.rows[row][DOMAIN];
    *node = handover_all(reading->handover, 0);
    if (cell[0] == '\0')
        return true;
    for (int d = 0; d < DOMAIN_UNMAPPED; d++)
        if (strcmp(cell, domain_name((enum domain)d)) == 0) {
            *node = (size_t)d;
            return true;
        }
    return wrong(reading, row, DOMAIN, N_("is none of social, physical, safety"), error);
}

static bool find_quarter(size_t *node, const struct reading *reading, size_t row,
                         struct error *error)
{
    const struct handover *handover = reading->handover;
    const char *cell = reading->table.rows[row][QUARTER];
    int32_t number;
    *node = handover_all(handover, 2);
    if (cell[0] == '\0')
        return true;
    if (!handover_quarter_parse(&number, cell))
        return wrong(reading, row, QUARTER, N_("is no quarter"), error);
    number -= handover->first_quarter;
    if (number < 0 || (size_t)number >= handover->quarter_count)
        return wrong(reading, row, QUARTER, N_("lies outside the period of the manifest"), error);
    *node = (size_t)number;
    return true;
}

static bool find_square(size_t *node, const struct reading *reading, size_t row,
                        struct error *error)
{
    const struct handover *handover = reading->handover;
    struct square square;
    *node = handover_all(handover, 1);
    if (reading->table.rows[row][SQUARE][0] == '\0')
        return handover->square_count > 1
               || wrong(reading, row, SQUARE, N_("is the only one, and has no sum"), error);
    if (!parse_square(&square, reading, row, error))
        return false;
    const struct square *found =
        bsearch(&square, handover->squares, handover->square_count, sizeof square, square_compare);
    *node = handover->node_of_piece[found - handover->squares];
    return true;
}

static bool read_row(struct reading *reading, size_t row, struct error *error)
{
    struct disclosure *table = &reading->handover->table;
    const char *cell = reading->table.rows[row][INCIDENTS];
    size_t domain, square, quarter;
    int64_t incidents = 0;
    if (!find_domain(&domain, reading, row, error) || !find_square(&square, reading, row, error)
        || !find_quarter(&quarter, reading, row, error))
        return false;
    size_t at = handover_cell(reading->handover, domain, square, quarter);
    if (reading->is_read[at])
        return wrong(reading, row, INCIDENTS, N_("stands for a cell that was there before"), error);
    reading->is_read[at] = true;
    if (cell[0] == '\0')
        return true;
    if (!whole(&incidents, cell) || incidents % DISCLOSURE_ROUNDED_TO != 0 || incidents > INT32_MAX)
        return wrong(reading, row, INCIDENTS, N_("is not rounded to fives"), error);
    if (incidents + DISCLOSURE_ROUNDED_TO / 2 < (int64_t)table->least)
        return wrong(reading, row, INCIDENTS, N_("is below the least count of the manifest"),
                     error);
    table->states[at] = CELL_PUBLISHED;
    table->rounded[at] = (uint32_t)incidents;
    return true;
}

static bool read_cells(struct reading *reading, struct error *error)
{
    if (!array_new(&reading->is_read, reading->handover->table.cell_count, sizeof *reading->is_read,
                   error))
        return false;
    for (size_t r = 1; r < reading->table.row_count; r++)
        if (!read_row(reading, r, error))
            return false;
    return true;
}

bool handover_read(struct handover *handover, const char *bytes, size_t size,
                   const struct handover_facts *facts, struct error *error)
{
    struct reading reading = {.handover = handover, .facts = facts};
    const struct table_bytes file = {facts->name, bytes, size};
    *handover = (struct handover){.options = {.depth_m = facts->depth_m, .least = facts->least},
                                  .crs = facts->crs,
                                  .least_per_ha = facts->least_per_ha,
                                  .first_quarter = facts->first_quarter,
                                  .quarter_count = facts->quarter_count};
    if (facts->quarter_count > HANDOVER_QUARTERS_MOST)
        return error_set(error, ERROR_DATA, "%s: the manifest tells of %zu quarters, over %d",
                         facts->name, facts->quarter_count, HANDOVER_QUARTERS_MOST);
    bool done = table_parse(&reading.table, &file, error) && check_header(&reading, error)
                && list_squares(&reading, error) && set_pieces(handover, error)
                && handover_lay_out(handover, error) && read_cells(&reading, error)
                && handover_cluster(handover, error);
    table_free(&reading.table);
    array_free(&reading.is_read);
    if (!done)
        handover_free(handover);
    return done;
}

/* A list of measures: what was done about a place, since when, and until when. */
#include "engine/formats/measures.h"

#include "engine/core/dates.h"
#include "engine/core/numbers.h"
#include "engine/core/text.h"
#include "engine/formats/table.h"

#include <math.h>
#include <string.h>

enum column {
    COLUMN_DATE,
    COLUMN_NAME,
    COLUMN_UNTIL,
    COLUMN_PARTNER,
    COLUMN_DOMAIN,
    COLUMN_JURISDICTION,
    COLUMN_X,
    COLUMN_Y,
    COLUMN_RADIUS
};
enum { COLUMNS = 9, REQUIRED = COLUMN_NAME + 1, NAMES_EACH = 3 };

/* Folded as text_fold does: letters and digits alone. */
static const char *const COLUMN_NAMES[COLUMNS][NAMES_EACH] = {
    {"date", "datum", "vanaf"},
    {"name", "naam", "maatregel"},
    {"until", "tot", "tm"},
    {"partner", "partij", NULL},
    {"domain", "domein", NULL},
    {"jurisdiction", "gemeente", "gebied"},
    {"x", NULL, NULL},
    {"y", NULL, NULL},
    {"radiusm", "straalm", "straal"},
};

/* A table being turned into measures. */
struct reading {
    struct measures *measures;
    const struct table *table;
    const char *path;
    int columns[COLUMNS]; /* -1: the table has none */
};

static bool names_column(const char *cell, enum column column)
{
    char folded[64];
    text_fold(folded, sizeof folded, cell);
    for (size_t n = 0; n < NAMES_EACH; n++)
        if (COLUMN_NAMES[column][n] != NULL && strcmp(folded, COLUMN_NAMES[column][n]) == 0)
            return true;
    return false;
}

static bool find_columns(struct reading *reading, struct error *error)
{
    const struct table *table = reading->table;
    for (int i = 0; i < COLUMNS; i++) {
        reading->columns[i] = -1;
        for (size_t c = 0; c < table->column_count && reading->columns[i] < 0; c++)
            if (table->row_count > 0 && names_column(table->rows[0][c], (enum column)i))
                reading->columns[i] = (int)c;
        if (i < REQUIRED && reading->columns[i] < 0)
            return error_set(error, ERROR_DATA,
                             "%s:1: a list of measures needs a column '%s'; its first line is "
                             "date;until;name;partner;domain;jurisdiction;x;y;radius_m",
                             reading->path, COLUMN_NAMES[i][0]);
    }
    return true;
}

/* A cell without the blanks around it. */
struct cell {
    const char *begin, *end;
};

static struct cell cell_at(const struct reading *reading, size_t row, enum column column)
{
    int at = reading->columns[column];
    const char *text = at < 0 ? "" : reading->table->rows[row][at];
    struct cell cell = {text, text + strlen(text)};
    text_trim(&cell.begin, &cell.end);
    return cell;
}

static bool is_empty(struct cell cell)
{
    return cell.begin == cell.end;
}

/* As much of a cell as an error shows. */
static int shown(struct cell cell)
{
    return (int)(cell.end - cell.begin < 60 ? cell.end - cell.begin : 60);
}

static bool copy_cell(char **into, const struct reading *reading, size_t row, enum column column,
                      struct error *error)
{
    struct cell cell = cell_at(reading, row, column);
    if (is_empty(cell) && (int)column < REQUIRED)
        return error_set(error, ERROR_DATA, "%s:%zu: the column '%s' is empty; fill it in",
                         reading->path, reading->table->lines[row], COLUMN_NAMES[column][0]);
    *into = text_copy(cell.begin, (size_t)(cell.end - cell.begin), error);
    return *into != NULL;
}

static bool read_date(moment *when, const struct reading *reading, size_t row, enum column column,
                      struct error *error)
{
    const struct date_style style = {0};
    struct cell cell = cell_at(reading, row, column);
    if (is_empty(cell) && column == COLUMN_DATE)
        return error_set(error, ERROR_DATA, "%s:%zu: the column 'date' is empty; fill it in",
                         reading->path, reading->table->lines[row]);
    return date_parse(when, cell.begin, cell.end, &style)
           || error_set(error, ERROR_DATA, "%s:%zu: '%.*s' is no date; write 2024-05-31",
                        reading->path, reading->table->lines[row], shown(cell), cell.begin);
}

static bool read_period(struct measure *measure, const struct reading *reading, size_t row,
                        struct error *error)
{
    moment from, until;
    if (!read_date(&from, reading, row, COLUMN_DATE, error)
        || !read_date(&until, reading, row, COLUMN_UNTIL, error))
        return false;
    measure->first_day = moment_first_day(from);
    measure->last_day = until == MOMENT_UNKNOWN ? INT64_MAX : moment_last_day(until);
    if (measure->first_day <= measure->last_day)
        return true;
    struct cell first = cell_at(reading, row, COLUMN_DATE),
                last = cell_at(reading, row, COLUMN_UNTIL);
    return error_set(
        error, ERROR_DATA,
        "%s:%zu: the measure ends (%.*s) before it begins (%.*s); turn the dates round",
        reading->path, measure->line, shown(last), last.begin, shown(first), first.begin);
}

static bool read_number(double *number, const struct reading *reading, size_t row,
                        enum column column, struct error *error)
{
    struct cell cell = cell_at(reading, row, column);
    *number = NAN;
    if (is_empty(cell) || number_parse(number, cell.begin, cell.end))
        return true;
    return error_set(error, ERROR_DATA,
                     "%s:%zu: '%.*s' is no number; write metres such as 104250 in the column '%s'",
                     reading->path, reading->table->lines[row], shown(cell), cell.begin,
                     column == COLUMN_RADIUS ? "radius_m" : COLUMN_NAMES[column][0]);
}

static bool read_place(struct measure *measure, const struct reading *reading, size_t row,
                       struct error *error)
{
    double radius;
    if (!read_number(&measure->x, reading, row, COLUMN_X, error)
        || !read_number(&measure->y, reading, row, COLUMN_Y, error)
        || !read_number(&radius, reading, row, COLUMN_RADIUS, error))
        return false;
    if (isnan(measure->x) != isnan(measure->y))
        return error_set(error, ERROR_DATA, "%s:%zu: a place needs both x and y; fill in '%s'",
                         reading->path, measure->line, isnan(measure->x) ? "x" : "y");
    if (!isnan(radius) && isnan(measure->x))
        return error_set(error, ERROR_DATA,
                         "%s:%zu: a radius of %g m, but no place; fill in x and y", reading->path,
                         measure->line, radius);
    if (radius < 0)
        return error_set(error, ERROR_DATA,
                         "%s:%zu: a radius of %g m is less than nothing; write a positive one",
                         reading->path, measure->line, radius);
    measure->radius_m = isnan(radius) ? 0 : radius;
    return true;
}

static bool row_is_blank(const struct table *table, size_t row)
{
    for (size_t c = 0; c < table->column_count; c++)
        if (table->rows[row][c][strspn(table->rows[row][c], " \t")] != '\0')
            return false;
    return true;
}

static bool read_row(const struct reading *reading, size_t row, struct error *error)
{
    struct measure *measure = &reading->measures->items[reading->measures->count++];
    measure->line = reading->table->lines[row];
    return copy_cell(&measure->name, reading, row, COLUMN_NAME, error)
           && copy_cell(&measure->partner, reading, row, COLUMN_PARTNER, error)
           && copy_cell(&measure->domain, reading, row, COLUMN_DOMAIN, error)
           && copy_cell(&measure->jurisdiction, reading, row, COLUMN_JURISDICTION, error)
           && read_period(measure, reading, row, error) && read_place(measure, reading, row, error);
}

static bool read_rows(const struct reading *reading, struct error *error)
{
    for (size_t row = 1; row < reading->table->row_count; row++)
        if (!row_is_blank(reading->table, row) && !read_row(reading, row, error))
            return false;
    return true;
}

bool measures_read(struct measures *measures, const char *path, struct error *error)
{
    struct table table = {0};
    struct reading reading = {.measures = measures, .table = &table, .path = path};
    *measures = (struct measures){0};
    bool done = table_read(&table, path, error) && find_columns(&reading, error)
                && array_new(&measures->items, table.row_count, sizeof *measures->items, error)
                && read_rows(&reading, error);
    table_free(&table);
    if (!done)
        measures_free(measures);
    return done;
}

void measures_free(struct measures *measures)
{
    for (size_t i = 0; i < measures->count; i++) {
        array_free(&measures->items[i].name);
        array_free(&measures->items[i].partner);
        array_free(&measures->items[i].domain);
        array_free(&measures->items[i].jurisdiction);
    }
    array_free(&measures->items);
    *measures = (struct measures){0};
}

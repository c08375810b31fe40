/* A list of priorities: what a council says that it will act on, and since when. */
#include "engine/formats/priorities.h"

#include "engine/core/dates.h"
#include "engine/core/text.h"
#include "engine/formats/table.h"

#include <string.h>

enum column {
    COLUMN_JURISDICTION,
    COLUMN_OF_CATEGORY,
    COLUMN_PRIORITY,
    COLUMN_OF_SOURCE,
    COLUMN_FROM,
    COLUMN_TO
};
enum { COLUMNS = 6, REQUIRED = COLUMN_PRIORITY + 1, NAMES_EACH = 3 };

/* Folded as text_fold does: letters and digits alone. */
static const char *const COLUMN_NAMES[COLUMNS][NAMES_EACH] = {
    {"jurisdiction", "gemeente", "gebied"},
    {"category", "categorie", NULL},
    {"priority", "prioriteit", NULL},
    {"source", "bron", NULL},
    {"from", "van", "vanaf"},
    {"to", "tm", "totenmet"},
};

/* A table being turned into priorities. */
struct reading {
    struct priorities *priorities;
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
            return error_set(error, ERROR_SETTINGS,
                             "%s:1: a list of priorities needs a column '%s'; its first line is "
                             "jurisdiction;category;priority;source;from;to",
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

static bool copy_cell(char **into, const struct reading *reading, size_t row, enum column column,
                      struct error *error)
{
    struct cell cell = cell_at(reading, row, column);
    if (cell.begin == cell.end && (int)column < REQUIRED)
        return error_set(error, ERROR_SETTINGS, "%s:%zu: the column '%s' is empty; fill it in",
                         reading->path, reading->table->lines[row], COLUMN_NAMES[column][0]);
    *into = text_copy(cell.begin, (size_t)(cell.end - cell.begin), error);
    return *into != NULL;
}

static bool read_day(moment *day, const struct reading *reading, size_t row, enum column column,
                     struct error *error)
{
    const struct date_style style = {0};
    struct cell cell = cell_at(reading, row, column);
    if (date_parse(day, cell.begin, cell.end, &style))
        return true;
    return error_set(error, ERROR_SETTINGS, "%s:%zu: '%.*s' is no date; write 2024-05-31",
                     reading->path, reading->table->lines[row],
                     (int)(cell.end - cell.begin < 60 ? cell.end - cell.begin : 60), cell.begin);
}

static bool read_period(struct priority *priority, const struct reading *reading, size_t row,
                        struct error *error)
{
    moment from, to;
    if (!read_day(&from, reading, row, COLUMN_FROM, error)
        || !read_day(&to, reading, row, COLUMN_TO, error))
        return false;
    priority->first_day = from == MOMENT_UNKNOWN ? INT64_MIN : moment_first_day(from);
    priority->last_day = to == MOMENT_UNKNOWN ? INT64_MAX : moment_last_day(to);
    if (priority->first_day > priority->last_day)
        return error_set(error, ERROR_SETTINGS,
                         "%s:%zu: the priority ends before it begins; turn the dates round",
                         reading->path, priority->line);
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
    struct priority *priority = &reading->priorities->items[reading->priorities->count++];
    priority->line = reading->table->lines[row];
    return copy_cell(&priority->jurisdiction, reading, row, COLUMN_JURISDICTION, error)
           && copy_cell(&priority->category, reading, row, COLUMN_OF_CATEGORY, error)
           && copy_cell(&priority->priority, reading, row, COLUMN_PRIORITY, error)
           && copy_cell(&priority->source, reading, row, COLUMN_OF_SOURCE, error)
           && read_period(priority, reading, row, error);
}

static bool read_rows(const struct reading *reading, struct error *error)
{
    for (size_t row = 1; row < reading->table->row_count; row++)
        if (!row_is_blank(reading->table, row) && !read_row(reading, row, error))
            return false;
    return true;
}

bool priorities_read(struct priorities *priorities, const char *path, struct error *error)
{
    struct table table = {0};
    struct reading reading = {.priorities = priorities, .table = &table, .path = path};
    *priorities = (struct priorities){0};
    bool done = table_read(&table, path, error) && find_columns(&reading, error)
                && array_new(&priorities->items, table.row_count, sizeof *priorities->items, error)
                && read_rows(&reading, error);
    table_free(&table);
    if (!done)
        priorities_free(priorities);
    return done;
}

void priorities_free(struct priorities *priorities)
{
    for (size_t i = 0; i < priorities->count; i++) {
        array_free(&priorities->items[i].jurisdiction);
        array_free(&priorities->items[i].category);
        array_free(&priorities->items[i].priority);
        array_free(&priorities->items[i].source);
    }
    array_free(&priorities->items);
    *priorities = (struct priorities){0};
}

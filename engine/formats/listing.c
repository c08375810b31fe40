/* Lists that people keep in a spreadsheet: a table whose columns are known by their names. */
#include "engine/formats/listing.h"

#include "engine/core/text.h"

#include <assert.h>
#include <string.h>

static bool names_column(const char *cell, const struct listing_kind *kind, size_t column)
{
    char folded[64];
    text_fold(folded, sizeof folded, cell);
    for (size_t n = 0; n < LISTING_NAMES; n++) {
        const char *name = kind->names[column][n];
        if (name != NULL && strcmp(folded, name) == 0)
            return true;
    }
    return false;
}

static bool find_columns(struct listing *listing, struct error *error)
{
    const struct listing_kind *kind = listing->kind;
    const struct table *table = &listing->table;
    for (size_t i = 0; i < kind->column_count; i++) {
        listing->columns[i] = -1;
        for (size_t c = 0; c < table->column_count && listing->columns[i] < 0; c++)
            if (table->row_count > 0 && names_column(table->rows[0][c], kind, i))
                listing->columns[i] = (int)c;
        if (i < kind->required && listing->columns[i] < 0)
            return error_set(
                error, kind->fault, "%s:1: a list of %s needs a column '%s'; its first line is %s",
                listing->path, message_part(kind->what), kind->names[i][0], kind->header);
    }
    return true;
}

bool listing_open(struct listing *listing, const char *path, const struct listing_kind *kind,
                  struct error *error)
{
    assert(kind->column_count <= LISTING_MOST);
    *listing = (struct listing){.kind = kind, .path = path};
    if (table_read(&listing->table, path, error) && find_columns(listing, error))
        return true;
    listing_close(listing);
    return false;
}

void listing_close(struct listing *listing)
{
    table_free(&listing->table);
    *listing = (struct listing){0};
}

struct listing_cell listing_cell(const struct listing *listing, size_t row, size_t column)
{
    int at = listing->columns[column];
    const char *text = at < 0 ? "" : listing->table.rows[row][at];
    struct listing_cell cell = {text, text + strlen(text)};
    text_trim(&cell.begin, &cell.end);
    return cell;
}

bool listing_is_empty(struct listing_cell cell)
{
    return cell.begin == cell.end;
}

int listing_shown(struct listing_cell cell)
{
    return (int)(cell.end - cell.begin < 60 ? cell.end - cell.begin : 60);
}

bool listing_row_is_blank(const struct listing *listing, size_t row)
{
    const struct table *table = &listing->table;
    for (size_t c = 0; c < table->column_count; c++)
        if (table->rows[row][c][strspn(table->rows[row][c], " \t")] != '\0')
            return false;
    return true;
}

/* False for an empty cell that is required. */
static bool is_filled(const struct listing *listing, size_t row, size_t column, struct error *error)
{
    return column >= listing->kind->required
           || !listing_is_empty(listing_cell(listing, row, column))
           || error_set(error, listing->kind->fault, "%s:%zu: the column '%s' is empty; fill it in",
                        listing->path, listing->table.lines[row], listing->kind->names[column][0]);
}

bool listing_copy(char **into, const struct listing *listing, size_t row, size_t column,
                  struct error *error)
{
    struct listing_cell cell = listing_cell(listing, row, column);
    if (!is_filled(listing, row, column, error))
        return false;
    *into = text_copy(cell.begin, (size_t)(cell.end - cell.begin), error);
    return *into != NULL;
}

bool listing_date(moment *when, const struct listing *listing, size_t row, size_t column,
                  struct error *error)
{
    const struct date_style style = {0};
    struct listing_cell cell = listing_cell(listing, row, column);
    if (!is_filled(listing, row, column, error))
        return false;
    return date_parse(when, cell.begin, cell.end, &style)
           || error_set(error, listing->kind->fault, "%s:%zu: '%.*s' is no date; write 2024-05-31",
                        listing->path, listing->table.lines[row], listing_shown(cell), cell.begin);
}

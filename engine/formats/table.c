/* Small tables, such as a vocabulary: a whole file of delimited text as rows of cells. */
#include "engine/formats/table.h"

#include "engine/core/files.h"
#include "engine/core/text.h"
#include "engine/formats/csvdialect.h"

#include <stdlib.h>
#include <string.h>

enum {
    LARGEST_FILE = 16 << 20,
    MOST_CELLS = 4 << 20, /* a short file can name very many: 16,384 columns in each row */
};

/* What is held while reading: the cells' bytes end to end with a NUL behind each, and how many
 * cells each row has. */
struct reading {
    struct table *table;
    const char *path;
    struct csv_text text;
    struct text bytes;
    size_t *counts;
    size_t counts_capacity;
    struct csv_span *spans;
    char *scratch;
    struct csv_head head;
};

static bool add_cell(struct reading *reading, const char *begin, const char *end,
                     struct error *error)
{
    csv_unquote(&begin, &end, reading->scratch);
    size_t length = (size_t)(end - begin);
    if (text_is_utf8(begin, length))
        text_add_bytes(&reading->bytes, begin, length);
    else {
        char *decoded = text_from_cp1252(begin, length, error);
        if (decoded == NULL)
            return false;
        text_add_bytes(&reading->bytes, decoded, strlen(decoded));
        free(decoded);
    }
    text_add_bytes(&reading->bytes, "", 1);
    return true;
}

static bool add_row(struct reading *reading, const struct csv_row *row, size_t line,
                    struct error *error)
{
    struct table *table = reading->table;
    const char *base = reading->text.begin;
    struct capacity lines = {table->capacity, sizeof *table->lines};
    struct capacity counts = {reading->counts_capacity, sizeof *reading->counts};
    if (!array_reserve(&table->lines, &lines, table->row_count + 1, error)
        || !array_reserve(&reading->counts, &counts, table->row_count + 1, error))
        return false;
    table->capacity = lines.held;
    reading->counts_capacity = counts.held;
    for (size_t i = 0; i < row->field_count; i++)
        if (!add_cell(reading, base + row->spans[i].begin, base + row->spans[i].end, error))
            return false;
    if (row->field_count > table->column_count)
        table->column_count = row->field_count;
    table->lines[table->row_count] = line;
    reading->counts[table->row_count++] = row->field_count;
    return true;
}

static bool read_rows(struct reading *reading, struct error *error)
{
    const struct csv_text *text = &reading->text;
    struct csv_row row = {.next = reading->head.first,
                          .spans = reading->spans,
                          .span_capacity = csv_fields_most(text)};
    for (size_t line = reading->head.line; row.next < text->end; line += row.line_count) {
        row.begin = row.next;
        if (csv_scan_row(&row, text, &reading->head.dialect) != CSV_WHOLE)
            return error_set(error, ERROR_DATA, "%s:%zu: a quote opens here and does not close",
                             reading->path, line);
        if (row.field_count > CSV_COLUMNS_MOST)
            return error_set(error, ERROR_DATA, "%s:%zu: a row of more than %d fields",
                             reading->path, line, (int)CSV_COLUMNS_MOST);
        if (row.field_count > 0 && !add_row(reading, &row, line, error))
            return false;
    }
    return text_check(&reading->bytes, error);
}

/* Points the cells into the bytes, which no longer move. */
static bool lay_out(struct table *table, struct reading *reading, struct error *error)
{
    size_t columns = table->column_count;
    if (table->row_count > MOST_CELLS / columns)
        return error_set(error, ERROR_DATA, "%s: %zu rows of %zu columns is too large a table",
                         reading->path, table->row_count, columns);
    table->bytes = reading->bytes.bytes;
    char *nothing = table->bytes + reading->bytes.length - 1; /* the last cell's NUL */
    reading->bytes = (struct text){0};
    if (!array_new(&table->cells, table->row_count * columns, sizeof *table->cells, error)
        || !array_new(&table->rows, table->row_count, sizeof *table->rows, error))
        return false;
    char *at = table->bytes;
    for (size_t r = 0; r < table->row_count; r++) {
        table->rows[r] = table->cells + r * columns;
        for (size_t c = 0; c < columns; c++) {
            bool there = c < reading->counts[r];
            table->rows[r][c] = there ? at : nothing;
            at += there ? strlen(at) + 1 : 0;
        }
    }
    return true;
}

bool table_parse(struct table *table, const struct table_bytes *bytes, struct error *error)
{
    struct reading reading = {.table = table, .path = bytes->name};
    *table = (struct table){0};
    reading.text = (struct csv_text){bytes->bytes, bytes->bytes + bytes->size, true};
    bool done = csv_head_look(&reading.head, &reading.text, bytes->name, error)
                && array_new_raw(&reading.spans, csv_fields_most(&reading.text),
                                 sizeof *reading.spans, error)
                && array_new_raw(&reading.scratch, bytes->size, 1, error)
                && read_rows(&reading, error) && lay_out(table, &reading, error);
    free(reading.spans);
    free(reading.scratch);
    free(reading.counts);
    text_free(&reading.bytes);
    if (!done)
        table_free(table);
    return done;
}

bool table_read(struct table *table, const char *path, struct error *error)
{
    struct file_bytes file;
    *table = (struct table){0};
    if (!file_read(&file, path, LARGEST_FILE, error))
        return false;
    bool done = table_parse(table, &(struct table_bytes){path, file.bytes, file.size}, error);
    file_free(&file);
    return done;
}

void table_free(struct table *table)
{
    free(table->rows);
    free(table->cells);
    free(table->lines);
    free(table->bytes);
    *table = (struct table){0};
}

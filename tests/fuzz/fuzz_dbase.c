/* Fuzzes the table beside a shapefile: the first byte is the length of a code page file, which
 * comes next; the rest is the table. Every cell is asked for, and a column is its cells. */
#include "engine/formats/dbase.h"
#include "engine/formats/fields.h"

#include "tests/fuzz/input_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROWS_MOST = 50 };

static void ask_field(const struct dbase *dbase, size_t field)
{
    size_t count = dbase->row_count < ROWS_MOST ? dbase->row_count : ROWS_MOST;
    char **column;
    if (!dbase_column(&column, dbase, field, count, NULL))
        return;
    for (size_t row = 0; row < count; row++) {
        char *cell = dbase_cell(dbase, field, row, NULL);
        if (cell != NULL && strcmp(cell, column[row]) != 0)
            abort();
        array_free(&cell);
        (void)dbase_is_deleted(dbase, row);
    }
    fields_free_column(&column, count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error error = {0};
    if (size < 1 || data[0] + (size_t)1 > size)
        return 0;
    size_t page = data[0];
    char *text = malloc(page + 1), *table = malloc(size - page);
    if (text == NULL || table == NULL)
        abort();
    memcpy(text, data + 1, page);
    memcpy(table, data + 1 + page, size - 1 - page);
    text[page] = table[size - 1 - page] = '\0';
    const struct file_bytes cpg = {text, page}, file = {table, size - 1 - page};
    struct dbase dbase = {0};
    if (dbase_open(&dbase, &file, &(struct dbase_options){"fuzz.dbf", &cpg, NULL}, &error)) {
        if (dbase.row_count > dbase.claimed || dbase.row_count * dbase.row_length > file.size)
            abort();
        for (size_t field = 0; field < dbase.field_count; field++)
            ask_field(&dbase, field);
        dbase_free(&dbase);
    } else
        expect_told(&error);
    free(text);
    free(table);
    return 0;
}

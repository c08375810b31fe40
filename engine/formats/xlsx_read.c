/* Reads a sheet of an Excel workbook (ECMA-376) as a table, row by row. */
#include "engine/formats/xlsx_read.h"

#include "engine/core/numbers.h"

#include "engine/formats/xlsx_book.h"
#include "engine/formats/xlsx_xml.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_COLUMNS = 2000, LONGEST_CELL = 1 << 20 };

/* What a cell's value is, by its attribute t. */
enum cell_kind { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_TRUTH, CELL_NOTHING };

struct sheet {
    struct xlsx_book book;
    struct xlsx_xml *xml;
    size_t member;
    struct text *cells; /* of the current row */
    size_t cell_count, cell_capacity;
    size_t column_count; /* of the header; SIZE_MAX: it is being looked for */
    size_t row;          /* its number */
    size_t filled;       /* cells of the row with something in them */
    /* the cell that is being read */
    size_t column;
    enum cell_kind kind;
    enum xlsx_meaning meaning;
    bool in_value;
    int phonetic;
    struct text value;
};

/* ---- a cell ---- */

/* "AB12" is column 27; without it, the one after the last. */
static size_t column_of(const struct sheet *sheet, const char *place)
{
    size_t column = 0;
    if (place == NULL || !isupper((unsigned char)*place))
        return sheet->column + 1;
    for (; isupper((unsigned char)*place) && column <= MOST_COLUMNS; place++)
        column = column * 26 + (size_t)(*place - 'A') + 1;
    return column - 1;
}

static enum cell_kind kind_of(const char *type)
{
    if (type == NULL || strcmp(type, "n") == 0)
        return CELL_NUMBER;
    if (strcmp(type, "s") == 0)
        return CELL_SHARED;
    if (strcmp(type, "b") == 0)
        return CELL_TRUTH;
    return strcmp(type, "e") == 0 ? CELL_NOTHING : CELL_TEXT; /* str, inlineStr, d */
}

static void begin_cell(struct sheet *sheet, const char **attributes)
{
    const char *style = xlsx_attribute(attributes, "s");
    size_t number = style != NULL ? strtoul(style, NULL, 10) : 0;
    sheet->column = column_of(sheet, xlsx_attribute(attributes, "r"));
    sheet->kind = kind_of(xlsx_attribute(attributes, "t"));
    sheet->meaning = number < sheet->book.style_count ? sheet->book.styles[number] : XLSX_NUMBER;
    sheet->value.length = 0;
    sheet->phonetic = 0;
}

static void add_number(struct text *cell, const struct sheet *sheet)
{
    const char *text = sheet->value.bytes;
    double value;
    /* A workbook has its numbers with a point, in every language. */
    if (strchr(text, ',') != NULL || !number_parse(&value, text, text + strlen(text)))
        xlsx_add_string(cell, text);
    else
        xlsx_add(cell, value, sheet->meaning, sheet->book.since_1904);
}

static bool add_shared(struct text *cell, const struct sheet *sheet, struct error *error)
{
    const char *text = sheet->value.bytes;
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    const char *string =
        isdigit((unsigned char)*text) && *end == '\0' ? xlsx_string(&sheet->book, number) : NULL;
    if (string == NULL)
        return error_set(error, ERROR_DATA,
                         "%s: the workbook is damaged: a cell has text %.20s, which is not there",
                         sheet->book.path, text);
    xlsx_add_string(cell, string);
    return true;
}

static bool add_value(struct text *cell, const struct sheet *sheet, struct error *error)
{
    switch (sheet->kind) {
    case CELL_NUMBER:
        add_number(cell, sheet);
        return true;
    case CELL_SHARED:
        return add_shared(cell, sheet, error);
    case CELL_TEXT:
        xlsx_add_string(cell, sheet->value.bytes);
        return true;
    case CELL_TRUTH:
        text_add(cell, "%s", strcmp(sheet->value.bytes, "0") == 0 ? "false" : "true");
        return true;
    case CELL_NOTHING:
        break;
    }
    return true;
}

static struct text *cell_at(struct sheet *sheet, size_t column, struct error *error)
{
    struct capacity capacity = {sheet->cell_capacity, sizeof *sheet->cells};
    if (column >= sheet->cell_count) {
        if (!array_reserve(&sheet->cells, &capacity, column + 1, error))
            return NULL;
        sheet->cell_capacity = capacity.held;
        memset(sheet->cells + sheet->cell_count, 0,
               (column + 1 - sheet->cell_count) * sizeof *sheet->cells);
        sheet->cell_count = column + 1;
    }
    return &sheet->cells[column];
}

static bool end_cell(struct sheet *sheet, struct error *error)
{
    size_t most = sheet->column_count < MOST_COLUMNS ? sheet->column_count : MOST_COLUMNS;
    if (sheet->value.length == 0 || sheet->column >= most)
        return true;
    struct text *cell = cell_at(sheet, sheet->column, error);
    if (cell == NULL)
        return false;
    cell->length = 0;
    if (!add_value(cell, sheet, error))
        return false;
    sheet->filled += cell->length > 0;
    return text_check(cell, error);
}

/* ---- a row ---- */

static void begin_row(struct sheet *sheet, const char *number)
{
    size_t told = number != NULL ? strtoul(number, NULL, 10) : 0;
    sheet->row = told > 0 ? told : sheet->row + 1;
    for (size_t i = 0; i < sheet->cell_count; i++)
        sheet->cells[i].length = 0;
    sheet->filled = 0;
    sheet->column = SIZE_MAX; /* one before the first */
}

static bool open_element(void *state, const char *name, const char **attributes,
                         struct error *error)
{
    struct sheet *sheet = state;
    (void)error;
    if (strcmp(name, "row") == 0)
        begin_row(sheet, xlsx_attribute(attributes, "r"));
    else if (strcmp(name, "c") == 0)
        begin_cell(sheet, attributes);
    else if (strcmp(name, "rPh") == 0)
        sheet->phonetic++;
    sheet->in_value = strcmp(name, "v") == 0 || (strcmp(name, "t") == 0 && sheet->phonetic == 0);
    return true;
}

static bool close_element(void *state, const char *name, struct error *error)
{
    struct sheet *sheet = state;
    sheet->in_value = false;
    if (strcmp(name, "rPh") == 0 && sheet->phonetic > 0)
        sheet->phonetic--;
    if (strcmp(name, "c") == 0)
        return end_cell(sheet, error);
    if (strcmp(name, "row") == 0 && sheet->filled > 0)
        xlsx_xml_pause(sheet->xml);
    return true;
}

static bool take_text(void *state, const char *bytes, size_t length, struct error *error)
{
    struct sheet *sheet = state;
    if (!sheet->in_value)
        return true;
    if (sheet->value.length + length > LONGEST_CELL)
        return error_set(error, ERROR_DATA, "%s: a cell of over a million bytes", sheet->book.path);
    text_add_bytes(&sheet->value, bytes, length);
    return text_check(&sheet->value, error);
}

static bool next_row(bool *there, void *state, struct error *error)
{
    struct sheet *sheet = state;
    return xlsx_xml_run(there, sheet->xml, error);
}

static bool open_sheet(struct sheet *sheet, struct error *error)
{
    const struct xlsx_handlers handlers = {
        .open = open_element, .close = close_element, .text = take_text, .state = sheet};
    xlsx_xml_close(sheet->xml);
    sheet->row = 0;
    sheet->xml =
        xlsx_xml_open(sheet->book.archive, sheet->member, sheet->book.path, &handlers, error);
    return sheet->xml != NULL;
}

/* Titles stand above the header, in one cell. */
static bool find_header(struct sheet *sheet, struct error *error)
{
    bool there = true;
    sheet->column_count = SIZE_MAX;
    do {
        if (!next_row(&there, sheet, error))
            return false;
    } while (there && sheet->filled < 2);
    return there
           || error_set(error, ERROR_DATA,
                        "%s: there is no row with two cells that are filled, so no header",
                        sheet->book.path);
}

static bool rewind_rows(void *state, struct error *error)
{
    struct sheet *sheet = state;
    size_t count = sheet->column_count;
    bool done = open_sheet(sheet, error) && find_header(sheet, error);
    sheet->column_count = count;
    return done;
}

static size_t number_row(const void *state)
{
    const struct sheet *sheet = state;
    return sheet->row;
}

static bool print_cell(struct text *into, void *state, size_t column, struct error *error)
{
    const struct sheet *sheet = state;
    (void)error;
    if (column < sheet->cell_count && sheet->cells[column].length > 0)
        text_add_bytes(into, sheet->cells[column].bytes, sheet->cells[column].length);
    return true;
}

static void close_rows(void *state)
{
    struct sheet *sheet = state;
    xlsx_xml_close(sheet->xml);
    zip_archive_close(sheet->book.archive);
    xlsx_book_free(&sheet->book);
    for (size_t i = 0; i < sheet->cell_count; i++)
        text_free(&sheet->cells[i]);
    free(sheet->cells);
    text_free(&sheet->value);
    free(sheet);
}

/* ---- opening ---- */

static bool take_header(struct features *into, struct sheet *sheet, struct error *error)
{
    size_t count = sheet->cell_count;
    while (count > 0 && sheet->cells[count - 1].length == 0)
        count--;
    for (size_t i = 0; i < count; i++)
        if (!features_add_column(into, sheet->cells[i].length > 0 ? sheet->cells[i].bytes : "",
                                 true, error))
            return false;
    sheet->column_count = count;
    return true;
}

bool xlsx_read(struct features *into, struct input *input, const struct features_wish *wish,
               struct error *error)
{
    static const struct features_format FORMAT = {
        .next = next_row,
        .rewind = rewind_rows,
        .number = number_row,
        .cell = print_cell,
        .close = close_rows,
    };
    struct sheet *sheet;
    *into = (struct features){.format = &FORMAT, .path = input->shown};
    if (!array_new(&sheet, 1, sizeof *sheet, error))
        return false;
    into->state = sheet;
    sheet->book.path = input->shown;
    sheet->book.archive = zip_archive_open(input->path, &input->bytes, error);
    if (sheet->book.archive != NULL
        && xlsx_book_read(&sheet->book, &sheet->member, input->layer, wish->notes, error)
        && open_sheet(sheet, error) && find_header(sheet, error) && take_header(into, sheet, error))
        return true;
    features_close(into);
    return false;
}

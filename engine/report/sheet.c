/* A small table of results, written as a table for people, as CSV, or as JSON. */
#include "engine/report/sheet.h"

#include "engine/core/numbers.h"
#include "engine/formats/json.h"

#include <stdlib.h>
#include <string.h>

bool sheet_add_row(struct sheet *sheet, struct error *error)
{
    struct capacity capacity = {sheet->capacity, sizeof *sheet->cells};
    size_t used = sheet->row_count * sheet->column_count;
    if (!array_reserve(&sheet->cells, &capacity, used + sheet->column_count, error))
        return false;
    sheet->capacity = capacity.held;
    for (size_t c = 0; c < sheet->column_count; c++)
        sheet->cells[used + c] = NULL;
    sheet->row_count++;
    return true;
}

static char **last_cell(struct sheet *sheet, size_t column)
{
    return &sheet->cells[(sheet->row_count - 1) * sheet->column_count + column];
}

bool sheet_set(struct sheet *sheet, size_t column, const char *text, struct error *error)
{
    char **cell = last_cell(sheet, column);
    free(*cell);
    *cell = text_copy(text, strlen(text), error);
    return *cell != NULL;
}

bool sheet_set_number(struct sheet *sheet, size_t column, double value, int decimals,
                      struct error *error)
{
    char number[NUMBER_TEXT];
    return sheet_set(sheet, column, number_format(number, value, decimals), error);
}

void sheet_free(struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->row_count * sheet->column_count; i++)
        free(sheet->cells[i]);
    free(sheet->cells);
    *sheet = (struct sheet){0};
}

static const char *cell_of(const struct sheet *sheet, size_t row, size_t column)
{
    const char *cell = sheet->cells[row * sheet->column_count + column];
    return cell != NULL ? cell : "";
}

void sheet_csv_cell(struct text *text, const char *cell, char delimiter)
{
    const char special[] = {delimiter, '"', '\n', '\r', '\0'};
    if (strpbrk(cell, special) == NULL) {
        text_add_bytes(text, cell, strlen(cell));
        return;
    }
    text_add_bytes(text, "\"", 1);
    for (; *cell != '\0'; cell++) {
        if (*cell == '"')
            text_add_bytes(text, "\"", 1);
        text_add_bytes(text, cell, 1);
    }
    text_add_bytes(text, "\"", 1);
}

/* A number for a Dutch Excel: its decimal point is a comma. */
static void excel_number(struct text *text, const char *cell)
{
    for (; *cell != '\0'; cell++)
        text_add_bytes(text, *cell == '.' ? "," : cell, 1);
}

/* A text that Excel would take for a formula gets an apostrophe before it. */
static void excel_text(struct text *text, const char *cell)
{
    if (cell[0] != '\0' && strchr("=+-@", cell[0]) != NULL)
        text_add_bytes(text, "'", 1);
    sheet_csv_cell(text, cell, ';');
}

static void write_csv(struct text *text, const struct sheet *sheet, bool excel)
{
    const char *end = excel ? "\r\n" : "\n", delimiter = excel ? ';' : ',';
    for (size_t c = 0; c < sheet->column_count; c++)
        text_add(text, "%s%s", c > 0 ? (excel ? ";" : ",") : "", sheet->columns[c].name);
    text_add(text, "%s", end);
    for (size_t r = 0; r < sheet->row_count; r++) {
        for (size_t c = 0; c < sheet->column_count; c++) {
            if (c > 0)
                text_add_bytes(text, &delimiter, 1);
            if (!excel)
                sheet_csv_cell(text, cell_of(sheet, r, c), ',');
            else if (sheet->columns[c].kind == SHEET_NUMBER)
                excel_number(text, cell_of(sheet, r, c));
            else
                excel_text(text, cell_of(sheet, r, c));
        }
        text_add(text, "%s", end);
    }
}

static void write_json(struct text *text, const struct sheet *sheet)
{
    text_add(text, "[");
    for (size_t r = 0; r < sheet->row_count; r++) {
        text_add(text, "%s\n  {", r > 0 ? "," : "");
        for (size_t c = 0; c < sheet->column_count; c++) {
            const char *cell = cell_of(sheet, r, c);
            text_add(text, "%s", c > 0 ? ", " : "");
            json_string(text, sheet->columns[c].name);
            text_add(text, ": ");
            if (cell[0] == '\0')
                text_add(text, "null");
            else if (sheet->columns[c].kind == SHEET_NUMBER)
                text_add(text, "%s", cell);
            else
                json_string(text, cell);
        }
        text_add(text, "}");
    }
    text_add(text, sheet->row_count > 0 ? "\n]\n" : "]\n");
}

/* Characters, not bytes: a continuation byte takes no room. */
static size_t width_of(const char *utf8)
{
    size_t width = 0;
    for (; *utf8 != '\0'; utf8++)
        width += (*utf8 & 0xC0) != 0x80;
    return width;
}

static void pad(struct text *text, size_t count, const char *with)
{
    for (size_t i = 0; i < count; i++)
        text_add(text, "%s", with);
}

static void write_aligned(struct text *text, const char *cell, size_t width, bool right)
{
    size_t room = width - width_of(cell);
    if (right)
        pad(text, room, " ");
    text_add(text, "%s", cell);
    if (!right)
        pad(text, room, " ");
}

static void end_line(struct text *text)
{
    while (text->length > 0 && text->bytes[text->length - 1] == ' ')
        text->bytes[--text->length] = '\0';
    text_add(text, "\n");
}

static void write_table(struct text *text, const struct sheet *sheet, const size_t *widths)
{
    for (size_t c = 0; c < sheet->column_count; c++) {
        pad(text, c > 0 ? 2 : 0, " ");
        write_aligned(text, sheet->columns[c].title, widths[c],
                      sheet->columns[c].kind == SHEET_NUMBER);
    }
    end_line(text);
    for (size_t c = 0; c < sheet->column_count; c++) {
        pad(text, c > 0 ? 2 : 0, " ");
        pad(text, widths[c], "-");
    }
    end_line(text);
    for (size_t r = 0; r < sheet->row_count; r++) {
        for (size_t c = 0; c < sheet->column_count; c++) {
            pad(text, c > 0 ? 2 : 0, " ");
            write_aligned(text, cell_of(sheet, r, c), widths[c],
                          sheet->columns[c].kind == SHEET_NUMBER);
        }
        end_line(text);
    }
}

static void measure_and_write_table(struct text *text, const struct sheet *sheet)
{
    size_t *widths;
    if (!array_new(&widths, sheet->column_count, sizeof *widths, NULL)) {
        text->failed = true;
        return;
    }
    for (size_t c = 0; c < sheet->column_count; c++) {
        widths[c] = width_of(sheet->columns[c].title);
        for (size_t r = 0; r < sheet->row_count; r++) {
            size_t width = width_of(cell_of(sheet, r, c));
            widths[c] = width > widths[c] ? width : widths[c];
        }
    }
    write_table(text, sheet, widths);
    array_free(&widths);
}

void sheet_write(struct text *text, const struct sheet *sheet, enum sheet_format format)
{
    switch (format) {
    case SHEET_TABLE:
        measure_and_write_table(text, sheet);
        break;
    case SHEET_CSV:
    case SHEET_EXCEL:
        write_csv(text, sheet, format == SHEET_EXCEL);
        break;
    case SHEET_JSON:
        write_json(text, sheet);
        break;
    }
}

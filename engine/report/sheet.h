/* A small table of results, written as a table for people, as CSV, or as JSON. */
#ifndef PLEIN_REPORT_SHEET_H
#define PLEIN_REPORT_SHEET_H

#include "engine/core/text.h"

enum sheet_kind { SHEET_TEXT, SHEET_NUMBER };
enum sheet_format { SHEET_TABLE, SHEET_CSV, SHEET_EXCEL, SHEET_JSON };

struct sheet_column {
    const char *name;  /* as in csv and json, the same in every language */
    const char *title; /* above a table, in the language in force */
    enum sheet_kind kind;
};

/* Cells are texts; a NUMBER is written with '.' and no thousands. An empty cell is empty in csv and
 * null in json. */
struct sheet {
    const struct sheet_column *columns;
    size_t column_count;
    char **cells; /* row after row */
    size_t row_count, capacity;
};

/* Begins a row of empty cells. */
bool sheet_add_row(struct sheet *sheet, struct error *error);
/* Fills a cell of the last row. */
bool sheet_set(struct sheet *sheet, size_t column, const char *text, struct error *error);
bool sheet_set_number(struct sheet *sheet, size_t column, double value, int decimals,
                      struct error *error);
void sheet_free(struct sheet *sheet);
/* Adds the whole to a text. CSV quotes as RFC 4180 does, with LF line ends; for Excel with ; , and
 * CR LF. */
void sheet_write(struct text *text, const struct sheet *sheet, enum sheet_format format);

/* One cell of CSV, quoted when it must be; `delimiter` ends it or not. */
void sheet_csv_cell(struct text *text, const char *cell, char delimiter);

#endif

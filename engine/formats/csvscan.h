/* Rows and fields of delimited text, with the meaning that RFC 4180 gives to quotes. */
#ifndef PLEIN_FORMATS_CSVSCAN_H
#define PLEIN_FORMATS_CSVSCAN_H

#include "engine/core/base.h"

/* A quote is special only as a field's first character; it closes at the next quote that is not
 * doubled. One that does not close within CSV_QUOTED_MOST bytes or before the file's end, or that
 * closes beyond a line's end with more text right behind it (the mark of a lost quote), is taken
 * for a plain character: its row is bad and ends with its line, so that one lost quote costs one
 * row. */
enum { CSV_QUOTED_MOST = 1 << 20, CSV_COLUMNS_MOST = 16384 };

struct csv_dialect {
    char delimiter; /* ',' ';' or '\t' */
    char newline;   /* '\n', where one '\r' before it belongs to it; or '\r' alone */
};

/* Text to scan. When `ends` the file does not go on behind `end`. */
struct csv_text {
    const char *begin, *end;
    bool ends;
};

/* A field as it stands in the file, quotes included, in bytes from the text's begin. */
struct csv_span {
    uint32_t begin, end;
};

/* What a field says, without its quotes. */
struct csv_piece {
    const char *begin, *end;
};

enum csv_state {
    CSV_WHOLE,
    CSV_BAD_QUOTES, /* the row is passed over */
    CSV_MORE,       /* the text ends before it can be told what this is */
};

/* One row: the text from `begin` up to `next`, where the next one begins. */
struct csv_row {
    const char *begin, *next;
    size_t field_count;     /* all of them, also those there was no span for */
    size_t line_count;      /* line ends within the row, its own one included */
    struct csv_span *spans; /* filled by csv_scan_row */
    size_t span_capacity;
};

/* Spans enough for any row of a text that may be: no field but the first goes without a byte. */
size_t csv_fields_most(const struct csv_text *text);
/* Looks for the end of the quoted field that opens at `quote`: CSV_WHOLE sets *after behind the
 * closing quote, CSV_BAD_QUOTES behind the line that the quote stands in. */
enum csv_state csv_scan_quoted(const char **after, const char *quote, const struct csv_text *text,
                               const struct csv_dialect *dialect);
/* Scans the row at row->begin. A blank line is a row without fields. */
enum csv_state csv_scan_row(struct csv_row *row, const struct csv_text *text,
                            const struct csv_dialect *dialect);

/* Takes the quotes off a field: begin..end then is what it says, which lies in the text itself or,
 * for a field with doubled quotes, in `scratch` (of `end - begin` bytes at least). */
void csv_unquote(const char **begin, const char **end, char *scratch);

#endif

/* Rows and fields of delimited text, with the meaning that RFC 4180 gives to quotes. */
#include "engine/formats/csvscan.h"

#include <string.h>

static const char *find(const char *begin, const char *end, char c)
{
    return begin < end ? memchr(begin, c, (size_t)(end - begin)) : NULL;
}

size_t csv_fields_most(const struct csv_text *text)
{
    const size_t bytes = (size_t)(text->end - text->begin);
    return bytes < CSV_COLUMNS_MOST ? bytes + 1 : CSV_COLUMNS_MOST;
}

/* Behind the line that `at` stands in. */
static enum csv_state pass_line(const char **after, const char *at, const struct csv_text *text,
                                const struct csv_dialect *dialect)
{
    const char *newline = find(at, text->end, dialect->newline);
    *after = newline != NULL ? newline + 1 : text->end;
    return newline != NULL || text->ends ? CSV_BAD_QUOTES : CSV_MORE;
}

/* Whether a delimiter or a row's end follows, blanks aside. */
static enum csv_state check_behind(const char *at, const struct csv_text *text,
                                   const struct csv_dialect *dialect)
{
    while (at < text->end && (*at == ' ' || (*at == '\r' && dialect->newline != '\r')))
        at++;
    if (at == text->end)
        return text->ends ? CSV_WHOLE : CSV_MORE;
    return *at == dialect->delimiter || *at == dialect->newline ? CSV_WHOLE : CSV_BAD_QUOTES;
}

enum csv_state csv_scan_quoted(const char **after, const char *quote, const struct csv_text *text,
                               const struct csv_dialect *dialect)
{
    bool far = text->end - quote > CSV_QUOTED_MOST;
    const char *limit = far ? quote + CSV_QUOTED_MOST : text->end, *close = quote;
    for (;; close++) {
        close = find(close + 1, limit, '"');
        if (close == NULL)
            return far || text->ends ? pass_line(after, quote, text, dialect) : CSV_MORE;
        if (close + 1 == text->end && !text->ends)
            return CSV_MORE;
        if (close + 1 == text->end || close[1] != '"')
            break;
    }
    *after = close + 1;
    if (find(quote, close, dialect->newline) == NULL)
        return CSV_WHOLE;
    enum csv_state behind = check_behind(close + 1, text, dialect);
    return behind == CSV_BAD_QUOTES ? pass_line(after, quote, text, dialect) : behind;
}

static size_t count_lines(const char *begin, const char *end, char newline)
{
    size_t count = 0;
    while ((begin = find(begin, end, newline)) != NULL) {
        begin++;
        count++;
    }
    return count;
}

static void add_span(struct csv_row *row, const struct csv_text *text, const char *begin,
                     const char *end)
{
    if (row->field_count < row->span_capacity)
        row->spans[row->field_count] =
            (struct csv_span){(uint32_t)(begin - text->begin), (uint32_t)(end - text->begin)};
    row->field_count++;
}

static enum csv_state end_row(struct csv_row *row, const char *at, const struct csv_text *text)
{
    if (at == text->end && !text->ends)
        return CSV_MORE;
    row->line_count += at < text->end;
    row->next = at + (at < text->end);
    return CSV_WHOLE;
}

/* The '\r' of "\r\n" belongs to the row's end. */
static const char *without_return(const char *begin, const char *end,
                                  const struct csv_dialect *dialect)
{
    return end > begin && dialect->newline == '\n' && end[-1] == '\r' ? end - 1 : end;
}

enum csv_state csv_scan_row(struct csv_row *row, const struct csv_text *text,
                            const struct csv_dialect *dialect)
{
    const char *at = row->begin, *field = at;
    row->field_count = row->line_count = 0;
    for (;; field = ++at) {
        if (at < text->end && *at == '"') {
            enum csv_state state = csv_scan_quoted(&at, field, text, dialect);
            row->next = at;
            if (state == CSV_BAD_QUOTES)
                row->line_count += count_lines(field, at, dialect->newline);
            if (state != CSV_WHOLE)
                return state;
            row->line_count += count_lines(field, at, dialect->newline);
        }
        while (at < text->end && *at != dialect->delimiter && *at != dialect->newline)
            at++;
        if (at == text->end || *at == dialect->newline)
            break;
        add_span(row, text, field, at);
    }
    const char *last = without_return(field, at, dialect);
    if (row->field_count > 0 || last > field)
        add_span(row, text, field, last);
    return end_row(row, at, text);
}

void csv_unquote(const char **begin, const char **end, char *scratch)
{
    const char *at = *begin, *stop = *end;
    if (at == stop || *at != '"')
        return;
    const char *close = find(at + 1, stop, '"');
    if (close != NULL && close + 1 == stop) { /* nothing doubled, nothing behind it */
        *begin = at + 1;
        *end = close;
        return;
    }
    char *to = scratch;
    bool inside = true;
    for (at++; at < stop; at++) {
        if (inside && *at == '"') {
            if (at + 1 < stop && at[1] == '"')
                at++;
            else {
                inside = false;
                continue;
            }
        }
        *to++ = *at;
    }
    *begin = scratch;
    *end = to;
}

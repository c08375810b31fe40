/* Looks at the start of a file of delimited text: is it text, and which signs part its fields and
 * rows? */
#include "engine/formats/csvdialect.h"

#include "engine/core/text.h"

#include <string.h>

enum { ROWS_LOOKED_AT = 100 };

static bool begins_with(const struct csv_text *text, const char *bytes, size_t length)
{
    return (size_t)(text->end - text->begin) >= length && memcmp(text->begin, bytes, length) == 0;
}

static bool check_text(const struct csv_text *text, const char *path, struct error *error)
{
    if (begins_with(text, "\xFF\xFE", 2) || begins_with(text, "\xFE\xFF", 2))
        return error_set(error, ERROR_DATA, "%s: this is UTF-16; save it as UTF-8", path);
    if (begins_with(text, "PK\x03\x04", 4))
        return error_set(error, ERROR_DATA,
                         "%s: this is a zip file or a spreadsheet; save the sheet as CSV", path);
    if (begins_with(text, "\x1F\x8B", 2))
        return error_set(error, ERROR_DATA,
                         "%s: this is gzip; unpack it, or write zcat FILE | plein COMMAND "
                         "--incidents -",
                         path);
    if (text->end > text->begin
        && memchr(text->begin, '\0', (size_t)(text->end - text->begin)) != NULL)
        return error_set(error, ERROR_DATA, "%s: there are NUL bytes in it, so this is no text",
                         path);
    return true;
}

/* Whether the head is UTF-8, but for a character that its end may have cut. */
static bool is_utf8(const struct csv_text *text)
{
    size_t length = (size_t)(text->end - text->begin);
    unsigned char bits = 0;
    for (size_t i = 0; i < length; i++)
        bits |= (unsigned char)text->begin[i];
    if (bits < 0x80)
        return true;
    for (size_t cut = 0; cut < 4 && cut <= length; cut++)
        if (text_is_utf8(text->begin, length - cut))
            return cut == 0 || !text->ends;
    return false;
}

/* '\r' only for a file whose lines end so; a stray one in other files is a blank. */
static char find_newline(const struct csv_text *text)
{
    size_t lone = 0, feeds = 0;
    if (text->begin == text->end
        || memchr(text->begin, '\r', (size_t)(text->end - text->begin)) == NULL)
        return '\n';
    for (const char *at = text->begin; at < text->end; at++) {
        feeds += *at == '\n';
        lone += *at == '\r' && (at + 1 == text->end || at[1] != '\n');
    }
    return lone > feeds ? '\r' : '\n';
}

static void skip_blank_lines(struct csv_head *head, const struct csv_text *text)
{
    struct csv_row row = {0};
    while (head->first < text->end) {
        row.begin = head->first;
        if (csv_scan_row(&row, text, &head->dialect) != CSV_WHOLE || row.field_count > 0)
            return;
        head->first = row.next;
        head->line++;
    }
}

/* How well a delimiter fits: the share of rows with as many fields as the first one. */
struct fit {
    size_t fields, same, rows;
};

static struct fit try_delimiter(const struct csv_head *head, const struct csv_text *text,
                                char delimiter)
{
    struct csv_dialect dialect = {delimiter, head->dialect.newline};
    struct csv_text rest = {head->first, text->end, text->ends};
    struct csv_row row = {.next = head->first};
    struct fit fit = {0};
    while (fit.rows < ROWS_LOOKED_AT && row.next < text->end) {
        row.begin = row.next;
        enum csv_state state = csv_scan_row(&row, &rest, &dialect);
        if (state == CSV_MORE)
            break;
        if (state == CSV_BAD_QUOTES || row.field_count == 0)
            continue;
        if (fit.rows++ == 0)
            fit.fields = row.field_count;
        fit.same += row.field_count == fit.fields;
    }
    return fit;
}

static bool fits_better(const struct fit *a, const struct fit *b)
{
    if (a->fields < 2 || b->fields < 2)
        return a->fields >= 2;
    if (a->same * b->rows != b->same * a->rows)
        return a->same * b->rows > b->same * a->rows;
    return a->fields > b->fields;
}

static char find_delimiter(const struct csv_head *head, const struct csv_text *text)
{
    static const char DELIMITERS[] = {',', ';', '\t'};
    struct fit best = {0};
    char found = ',';
    for (size_t i = 0; i < sizeof DELIMITERS; i++) {
        struct fit fit = try_delimiter(head, text, DELIMITERS[i]);
        if (fits_better(&fit, &best)) {
            best = fit;
            found = DELIMITERS[i];
        }
    }
    return found;
}

/* `sep=;` on a line of its own. */
static bool take_separator_line(struct csv_head *head, const struct csv_text *text)
{
    const char *at = head->first;
    if (text->end - at < 6 || memcmp(at, "sep=", 4) != 0 || strchr(",;\t", at[4]) == NULL)
        return false;
    const char *next = at + 5;
    if (*next == '\r' && head->dialect.newline == '\n' && next + 1 < text->end)
        next++;
    if (*next != head->dialect.newline)
        return false;
    head->dialect.delimiter = at[4];
    head->first = next + 1;
    head->line++;
    return true;
}

bool csv_head_look(struct csv_head *head, const struct csv_text *text, const char *path,
                   struct error *error)
{
    if (!check_text(text, path, error))
        return false;
    bool bom = begins_with(text, "\xEF\xBB\xBF", 3);
    *head = (struct csv_head){.dialect = {',', find_newline(text)},
                              .has_bom = bom,
                              .is_utf8 = is_utf8(text),
                              .first = text->begin + (bom ? 3 : 0),
                              .line = 1};
    skip_blank_lines(head, text);
    bool told = take_separator_line(head, text);
    if (told)
        skip_blank_lines(head, text);
    if (head->first == text->end)
        return error_set(error, ERROR_DATA, "%s: this file is empty; it needs a header and rows",
                         path);
    if (!told)
        head->dialect.delimiter = find_delimiter(head, text);
    return true;
}

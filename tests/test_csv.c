/* Incidents from delimited text: against a plain parser of our own, and on real files. */
#include "engine/formats/csv.h"

#include "engine/core/numbers.h"
#include "engine/core/parallel.h"
#include "engine/core/text.h"
#include "engine/core/zone.h"

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    ALL = COLUMN_ID | COLUMN_CATEGORY | COLUMN_TIME | COLUMN_SOURCE | COLUMN_WEIGHT
          | COLUMN_REPORTED_TO | COLUMN_RESPONSIBLE,
    SEEDS = 150,
};

/* Every row of a file, gathered from its batches. */
struct rows {
    size_t count, capacity;
    struct row {
        size_t number; /* data row, from 1 */
        double x, y;
        char category[64], id[64], when[MOMENT_TEXT], source[64];
        char holder[HOLDER_ROLES][64];
        uint32_t weight;
    } * items;
    struct row_report report;
};

static void copy_short(char to[64], const char *bytes, size_t length)
{
    if (length > 63)
        length = 63;
    memcpy(to, bytes, length);
    to[length] = '\0';
}

static void copy_holders(struct row *row, const struct incidents *batch, size_t i)
{
    for (int r = 0; r < HOLDER_ROLES; r++) {
        const char *name = batch->holder_names[r][batch->holder[r][i]];
        copy_short(row->holder[r], name, strlen(name));
    }
}

static void gather(struct rows *rows, const struct incidents *batch)
{
    struct capacity capacity = {rows->capacity, sizeof *rows->items};
    assert_true(array_reserve(&rows->items, &capacity, rows->count + batch->count + 1, NULL));
    rows->capacity = capacity.held;
    for (size_t i = 0; i < batch->count; i++) {
        struct row *row = &rows->items[rows->count++];
        const char *name = batch->reported_names[batch->reported[i]];
        size_t start = batch->id.starts[i];
        *row = (struct row){.number = batch->first_row + batch->row[i],
                            .x = batch->x[i],
                            .y = batch->y[i],
                            .weight = batch->weight[i]};
        copy_short(row->category, name, strlen(name));
        copy_holders(row, batch, i);
        copy_short(row->id, batch->id.bytes + start, batch->id.starts[i + 1] - start);
        moment_format(row->when, batch->when[i]);
        if (batch->source_count > 0)
            copy_short(row->source, batch->source_names[batch->source[i]],
                       strlen(batch->source_names[batch->source[i]]));
    }
    row_report_merge(&rows->report, &batch->report);
}

static bool read_slices(struct rows *rows, struct csv *csv, struct incidents *batch,
                        struct error *error)
{
    for (size_t count = 1; count > 0;) {
        if (!csv_next(csv, &count, error))
            return false;
        for (size_t i = 0; i < count; i++) {
            incidents_clear(batch);
            if (!csv_parse(batch, csv, i, error))
                return false;
            assert_true(batch->count <= INCIDENTS_BATCH);
            gather(rows, batch);
        }
    }
    return true;
}

static bool read_file(struct rows *rows, const char *path, const struct csv_options *options,
                      struct error *error)
{
    struct incidents batch;
    struct csv *csv = csv_open(path, options, error);
    *rows = (struct rows){0};
    if (csv == NULL)
        return false;
    assert_true(incidents_new(&batch, ALL, NULL));
    bool done = read_slices(rows, csv, &batch, error);
    incidents_free(&batch);
    csv_close(csv);
    return done;
}

static void write_file(char path[], const char *bytes, size_t length)
{
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, bytes, length), (ssize_t)length);
    close(descriptor);
}

static bool read_bytes(struct rows *rows, const char *bytes, size_t length,
                       const struct csv_options *options, struct error *error)
{
    char path[] = "/tmp/plein-csv-XXXXXX";
    write_file(path, bytes, length);
    bool done = read_file(rows, path, options, error);
    unlink(path);
    return done;
}

static const struct csv_options WHOLE = {.wanted = ALL, .thread_count = 1};

/* Reads a text that must be fine. */
static struct rows read_text(const char *text, const char *columns)
{
    struct rows rows;
    struct error error = {0};
    struct csv_options options = WHOLE;
    options.columns = columns;
    if (!read_bytes(&rows, text, strlen(text), &options, &error))
        fail_msg("%s", error.message);
    return rows;
}

static void refuses(const char *text, const char *columns, enum error_kind kind, const char *why)
{
    struct rows rows;
    struct error error = {0};
    struct csv_options options = WHOLE;
    options.columns = columns;
    assert_false(read_bytes(&rows, text, strlen(text), &options, &error));
    free(rows.items);
    assert_int_equal(error.kind, kind);
    if (strstr(error.message, why) == NULL)
        fail_msg("'%s' does not say '%s'", error.message, why);
}

/* xorshift64* (Marsaglia 2003; Vigna 2016). */
static uint64_t draw(uint64_t *seed, uint64_t below)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return (*seed * 2685821657736338717u >> 33) % below;
}

static bool one_in(uint64_t *seed, uint64_t times)
{
    return draw(seed, times) == 0;
}

/* A field in quotes, with what quotes are for. */
static void add_quoted(struct text *text, uint64_t *seed, const char *newline)
{
    text_add(text, "\"");
    for (uint64_t i = draw(seed, 12); i > 0; i--)
        switch (draw(seed, 6)) {
        case 0:
            text_add(text, "\"\"");
            break;
        case 1:
            text_add(text, "%s", newline);
            break;
        case 2:
            text_add(text, ",;\t");
            break;
        default:
            text_add(text, "w%d", (int)draw(seed, 3));
            break;
        }
    text_add(text, one_in(seed, 40) ? "" : "\"");
}

static void add_category(struct text *text, uint64_t *seed, const char *newline)
{
    static const char *const WORDS[] = {"litter",  "dealing",  "",
                                        " noise ", "caf\xE9",  "caf\xC3\xA9",
                                        "a\"b",    "5\" pipe", "traffic-and-parking"};
    if (one_in(seed, 3)) {
        add_quoted(text, seed, newline);
        if (one_in(seed, 10))
            text_add(text, "tail");
        return;
    }
    if (one_in(seed, 60))
        for (int i = 0; i < 300; i++)
            text_add(text, "long%d", (int)draw(seed, 10));
    else
        text_add(text, "%s", WORDS[draw(seed, sizeof WORDS / sizeof *WORDS)]);
}

static void add_number(struct text *text, uint64_t *seed, double low)
{
    static const char *const ODD[] = {"",         "x",     "0",   "NA",        "1e2",
                                      "\"52.5\"", " 4.5 ", "999", "\"4\"\"5\""};
    if (one_in(seed, 12))
        text_add(text, "%s", ODD[draw(seed, sizeof ODD / sizeof *ODD)]);
    else
        text_add(text, "%.*f", (int)draw(seed, one_in(seed, 8) ? 19 : 9),
                 low + (double)draw(seed, 1000000) / 1e6);
}

static void add_date(struct text *text, uint64_t *seed)
{
    static const char *const ODD[] = {"",        "2024-02-30", "2024-05",         "5 mei 2024",
                                      "NA",      "2024-5-1",   "2024-13-01",      "24-05-2024 9:30",
                                      "tuesday", "31-04-2024", "2024-05-31T25:00"};
    static const char *const CLOCKS[] = {"",       "T21:05:09",    " 21:05",   " 09:05:60",
                                         " 24:00", " 09:05:00 PM", "T12:60:00"};
    int month = (int)draw(seed, 12) + 1, day = (int)draw(seed, 28) + 1;
    if (one_in(seed, 20))
        text_add(text, "%s", ODD[draw(seed, sizeof ODD / sizeof *ODD)]);
    else if (one_in(seed, 4))
        text_add(text, "%02d-%02d-2024", day, month);
    else
        text_add(text, "2024-%02d-%02d", month, day);
    text_add(text, "%s", CLOCKS[one_in(seed, 4) ? draw(seed, 7) : draw(seed, 3)]);
}

/* Quotes as a program puts them: around whole fields, doubled within. */
static void add_calm_row(struct text *text, uint64_t *seed, char delimiter, const char *newline)
{
    bool quoted = one_in(seed, 2);
    const char *quote = quoted ? "\"" : "";
    text_add(text, "%s%d%s%c%s%.7f%s%c52.%d%c\"", quote, (int)draw(seed, 100000), quote, delimiter,
             quote, -4 - (double)draw(seed, 1000000) / 1e6, quote, delimiter,
             (int)draw(seed, 100000000), delimiter);
    for (uint64_t i = draw(seed, 30); i > 0; i--)
        text_add(text, "%s",
                 one_in(seed, 30)    ? "\"\""
                 : one_in(seed, 300) ? newline
                 : one_in(seed, 8)   ? ",;"
                                     : "w");
    text_add(text, "\"%c%s2024-05-%02d %02d:30%s%s", delimiter, quote, (int)draw(seed, 31) + 1,
             (int)draw(seed, 24), quote, newline);
    if (one_in(seed, 50))
        text_add(text, "%s", newline);
}

static void add_row(struct text *text, uint64_t *seed, char delimiter, const char *newline)
{
    static const char *const IDS[] = {"",
                                      " 7 ",
                                      "caf\xE9",
                                      "caf\xC3\xA9",
                                      "\t8",
                                      "a-longer-name-for-an-incident",
                                      "sixteen-letters-",
                                      "\"9\""};
    if (one_in(seed, 30)) {
        text_add(text, "%s", newline);
        return;
    }
    if (one_in(seed, 20))
        text_add(text, "%s%c", IDS[draw(seed, sizeof IDS / sizeof *IDS)], delimiter);
    else
        text_add(text, "%d%c", (int)draw(seed, 100000), delimiter);
    add_number(text, seed, 4);
    text_add(text, "%c", delimiter);
    add_number(text, seed, 52);
    text_add(text, "%c", delimiter);
    add_category(text, seed, newline);
    if (!one_in(seed, 30)) { /* else a field is missing */
        text_add(text, "%c", delimiter);
        add_date(text, seed);
    }
    if (one_in(seed, 30))
        text_add(text, one_in(seed, 2) ? "%c" : "%cextra", delimiter);
    text_add(text, "%s", newline);
}

/* A file with every kind of row, or with calm ones only; the first ones are plain, so that the
 * dialect can be told. */
static void make_file(struct text *text, uint64_t *seed, char *delimiter, char *newline)
{
    static const char *const NEWLINES[] = {"\n", "\r\n", "\r"};
    const char *line_end = NEWLINES[draw(seed, 3)];
    *delimiter = ",;\t"[draw(seed, 3)];
    *newline = line_end[strlen(line_end) - 1];
    text_add(text, "id%clon%clat%ccategory%coccurred_at%s", *delimiter, *delimiter, *delimiter,
             *delimiter, line_end);
    for (int i = 0; i < 120; i++)
        text_add(text, "%d%c4.5%c52.5%clitter%c2024-05-31%s", i, *delimiter, *delimiter, *delimiter,
                 *delimiter, line_end);
    bool calm = one_in(seed, 3);
    for (uint64_t rows = draw(seed, 300); rows > 0; rows--) {
        if (calm)
            add_calm_row(text, seed, *delimiter, line_end);
        else
            add_row(text, seed, *delimiter, line_end);
    }
    if (one_in(seed, 3) && text->length > 0) /* no line end behind the last row */
        text->length -= strlen(line_end);
}

/* The plain parser: a byte at a time, straight from the rules. */
struct plain {
    const char *at, *end;
    char delimiter, newline;
    size_t line;
    struct rows rows;
};

enum { PLAIN_FIELDS = 8 };

struct plain_row {
    struct text fields[PLAIN_FIELDS];
    size_t count, lines;
    bool bad;
    const char *begin;
};

static bool plain_behind_is_free(const struct plain *plain, const char *at)
{
    while (at < plain->end && (*at == ' ' || (*at == '\r' && plain->newline != '\r')))
        at++;
    return at == plain->end || *at == plain->delimiter || *at == plain->newline;
}

/* Steps through a quoted field; false: its quote is lost. */
static bool plain_quoted(struct plain *plain, struct text *field, size_t *lines)
{
    const char *at = plain->at + 1;
    size_t crossed = 0;
    for (;; at++) {
        if (at == plain->end)
            return false;
        if (*at == '"') {
            if (at + 1 < plain->end && at[1] == '"')
                at++;
            else
                break;
        }
        crossed += *at == plain->newline;
        text_add_bytes(field, at, 1);
    }
    if (crossed > 0 && !plain_behind_is_free(plain, at + 1))
        return false;
    plain->at = at + 1;
    *lines += crossed;
    return true;
}

static void plain_skip_line(struct plain *plain)
{
    while (plain->at < plain->end && *plain->at != plain->newline)
        plain->at++;
    plain->at += plain->at < plain->end;
}

static void plain_row(struct plain *plain, struct plain_row *row)
{
    *row = (struct plain_row){.begin = plain->at};
    for (bool more = true; more;) {
        struct text *field =
            &row->fields[row->count < PLAIN_FIELDS ? row->count : PLAIN_FIELDS - 1];
        text_add_bytes(field, "", 0);
        if (plain->at < plain->end && *plain->at == '"'
            && !plain_quoted(plain, field, &row->lines)) {
            row->bad = true;
            row->lines++;
            plain_skip_line(plain);
            return;
        }
        while (plain->at < plain->end && *plain->at != plain->delimiter
               && *plain->at != plain->newline)
            text_add_bytes(field, plain->at++, 1);
        more = plain->at < plain->end && *plain->at == plain->delimiter;
        plain->at += plain->at < plain->end;
        row->count++;
        if (!more && plain->newline == '\n' && field->length > 0
            && field->bytes[field->length - 1] == '\r')
            field->bytes[--field->length] = '\0';
    }
    row->lines++;
}

static void plain_trim(struct text *field)
{
    const char *begin = field->bytes, *end = field->bytes + field->length;
    char *decoded = NULL;
    text_trim(&begin, &end);
    if (!text_is_utf8(begin, (size_t)(end - begin))) {
        decoded = text_from_cp1252(begin, (size_t)(end - begin), NULL);
        begin = decoded;
        end = decoded + strlen(decoded);
    }
    size_t length = (size_t)(end - begin);
    memmove(field->bytes, begin, decoded == NULL ? length : 0);
    if (decoded != NULL) {
        field->length = 0;
        text_add_bytes(field, decoded, length);
    }
    field->bytes[length] = '\0';
    field->length = length;
    free(decoded);
}

static bool plain_missing(const struct text *field)
{
    return field->length == 0 || strcmp(field->bytes, "NA") == 0;
}

static bool plain_number(const struct text *field, double *value)
{
    return number_parse(value, field->bytes, field->bytes + field->length);
}

/* The place by the rules; false: the row is passed over. */
static bool plain_place(struct plain *plain, const struct plain_row *from, struct row *row)
{
    const struct text *x = &from->fields[1], *y = &from->fields[2];
    bool numbers = plain_number(x, &row->x) && plain_number(y, &row->y);
    enum row_problem problem;
    if (!numbers)
        problem = plain_missing(x) || plain_missing(y) ? ROW_NO_PLACE : ROW_BAD_COORDINATE;
    else if (row->x == 0 && row->y == 0)
        problem = ROW_ZERO_PLACE;
    else if (fabs(row->x) > 180 || fabs(row->y) > 90)
        problem = ROW_OUT_OF_RANGE;
    else
        return true;
    row->x = row->y = NAN;
    row_report_note(&plain->rows.report, problem, plain->line, "");
    return !row_problem_skips(problem);
}

static void plain_take(struct plain *plain, struct plain_row *from)
{
    struct row_report *report = &plain->rows.report;
    report->rows_read++;
    for (size_t i = 0; i < from->count && i < PLAIN_FIELDS; i++)
        plain_trim(&from->fields[i]);
    bool extra = false;
    for (size_t i = 5; i < from->count && i < PLAIN_FIELDS; i++)
        extra = extra || from->fields[i].length > 0;
    if (from->bad || from->count < 5 || extra) {
        row_report_note(report,
                        from->bad         ? ROW_BAD_QUOTES
                        : from->count < 5 ? ROW_SHORT
                                          : ROW_LONG,
                        plain->line, "");
        return;
    }
    struct row row = {.number = report->rows_read, .weight = 1};
    if (!plain_place(plain, from, &row))
        return;
    moment when;
    const struct text *date = &from->fields[4];
    if (!date_parse(&when, date->bytes, date->bytes + date->length, &(struct date_style){0})
        && !plain_missing(date))
        row_report_note(report, ROW_BAD_DATE, plain->line, "");
    moment_format(row.when, when);
    copy_short(row.id, from->fields[0].bytes, from->fields[0].length);
    copy_short(row.category, from->fields[3].bytes, from->fields[3].length);
    struct capacity capacity = {plain->rows.capacity, sizeof row};
    assert_true(array_reserve(&plain->rows.items, &capacity, plain->rows.count + 1, NULL));
    plain->rows.capacity = capacity.held;
    plain->rows.items[plain->rows.count++] = row;
}

static struct rows plain_read(const struct text *text, char delimiter, char newline)
{
    struct plain plain = {.at = text->bytes,
                          .end = text->bytes + text->length,
                          .delimiter = delimiter,
                          .newline = newline,
                          .line = 1};
    for (bool header = true; plain.at < plain.end; header = false) {
        struct plain_row row;
        plain_row(&plain, &row);
        const char *last = plain.at - (plain.at[-1] == newline);
        bool blank =
            last == row.begin || (newline == '\n' && last == row.begin + 1 && *row.begin == '\r');
        if (!header && !blank)
            plain_take(&plain, &row);
        plain.line += row.lines;
        for (size_t i = 0; i < PLAIN_FIELDS; i++)
            text_free(&row.fields[i]);
    }
    return plain.rows;
}

static bool same_number(double a, double b)
{
    return (isnan(a) && isnan(b)) || a == b;
}

static bool same_row(const struct row *a, const struct row *b)
{
    return a->number == b->number && same_number(a->x, b->x) && same_number(a->y, b->y)
           && strcmp(a->category, b->category) == 0 && strcmp(a->id, b->id) == 0
           && strcmp(a->when, b->when) == 0 && a->weight == b->weight;
}

/* One column may play several roles; who has an incident is read as its category is. */
static void assert_holders(const struct rows *rows, uint64_t seed)
{
    for (size_t i = 0; i < rows->count; i++)
        if (strcmp(rows->items[i].holder[HOLDER_REPORTED_TO], rows->items[i].category) != 0
            || strcmp(rows->items[i].holder[HOLDER_RESPONSIBLE], "Heemskerk") != 0)
            fail_msg("seed %" PRIu64 ": row %zu of '%s' was reported to '%s'", seed, i,
                     rows->items[i].category, rows->items[i].holder[HOLDER_REPORTED_TO]);
}

static void compare(const struct rows *found, const struct rows *expected, uint64_t seed,
                    size_t window)
{
    for (size_t i = 0; i < found->count && i < expected->count; i++) {
        const struct row *a = &found->items[i], *b = &expected->items[i];
        if (!same_row(a, b))
            fail_msg("seed %" PRIu64 ", window %zu: row %zu is (%zu %.17g %.17g '%s' '%s' %s), not "
                     "(%zu %.17g %.17g '%s' '%s' %s)",
                     seed, window, i, a->number, a->x, a->y, a->category, a->id, a->when, b->number,
                     b->x, b->y, b->category, b->id, b->when);
    }
    for (int p = 0; p < ROW_PROBLEMS; p++) {
        if (found->report.counts[p] != expected->report.counts[p])
            fail_msg("seed %" PRIu64 ", window %zu: problem %d %zu times, not %zu", seed, window, p,
                     found->report.counts[p], expected->report.counts[p]);
        for (size_t i = 0; i < ROW_EXAMPLES && i < found->report.counts[p]; i++)
            if (found->report.lines[p][i] != expected->report.lines[p][i])
                fail_msg("seed %" PRIu64 ", window %zu: problem %d on line %zu, not %zu", seed,
                         window, p, found->report.lines[p][i], expected->report.lines[p][i]);
    }
    if (found->count != expected->count || found->report.rows_read != expected->report.rows_read)
        fail_msg("seed %" PRIu64 ", window %zu: %zu rows of %zu, not %zu of %zu", seed, window,
                 found->count, found->report.rows_read, expected->count,
                 expected->report.rows_read);
}

static void any_window_and_pace_reads_what_a_plain_parser_reads(void **state)
{
    static const size_t WINDOWS[] = {0, 1, 64, 100, 1000, 4096, 10000, 30000};
    (void)state;
    for (uint64_t number = 1; number <= SEEDS; number++) {
        uint64_t seed = number * 7919;
        struct text text = {0};
        char delimiter, newline, path[] = "/tmp/plein-csv-XXXXXX";
        make_file(&text, &seed, &delimiter, &newline);
        struct rows expected = plain_read(&text, delimiter, newline);
        write_file(path, text.bytes, text.length);
        for (size_t i = 0; i < sizeof WINDOWS / sizeof *WINDOWS; i++) {
            struct rows rows;
            struct error error = {0};
            struct csv_options options = WHOLE;
            options.window_bytes = WINDOWS[i];
            options.thread_count = (int)(i % 2) + 1;
            options.pace = (enum csv_pace)((number + i) % 3);
            options.columns = "reported_to=category,responsible=:Heemskerk";
            if (!read_file(&rows, path, &options, &error))
                fail_msg("seed %" PRIu64 ": %s", number, error.message);
            compare(&rows, &expected, number, WINDOWS[i]);
            assert_holders(&rows, number);
            free(rows.items);
        }
        unlink(path);
        free(expected.items);
        text_free(&text);
    }
}

static void a_pipe_reads_as_a_file_does(void **state)
{
    uint64_t seed = 99;
    struct text text = {0};
    char delimiter, newline, path[] = "/tmp/plein-csv-XXXXXX", command[128];
    (void)state;
    make_file(&text, &seed, &delimiter, &newline);
    struct rows expected = plain_read(&text, delimiter, newline), rows;
    write_file(path, text.bytes, text.length);
    snprintf(command, sizeof command, "cat %s", path);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    int kept = dup(STDIN_FILENO);
    assert_true(dup2(fileno(pipe), STDIN_FILENO) == STDIN_FILENO);
    struct csv_options options = WHOLE;
    options.window_bytes = 1000;
    struct error error = {0};
    bool done = read_file(&rows, "-", &options, &error);
    dup2(kept, STDIN_FILENO);
    close(kept);
    pclose(pipe);
    unlink(path);
    if (!done)
        fail_msg("%s", error.message);
    compare(&rows, &expected, 99, 1000);
    free(rows.items);
    free(expected.items);
    text_free(&text);
}

enum { MOST_SLICES = 64 };

/* Slices parsed side by side: what each says, in a number. */
struct side_by_side {
    struct csv *csv;
    uint64_t sums[MOST_SLICES];
};

static uint64_t add_bytes(uint64_t sum, const void *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        sum = (sum ^ ((const unsigned char *)bytes)[i]) * 1099511628211u;
    return sum;
}

static bool sum_slice(void *state, size_t slice, int worker, struct error *error)
{
    struct side_by_side *side = state;
    struct incidents batch;
    (void)worker;
    if (!incidents_new(&batch, ALL, error))
        return false;
    bool done = csv_parse(&batch, side->csv, slice, error);
    uint64_t sum = add_bytes(0, batch.x, batch.count * sizeof *batch.x);
    sum = add_bytes(sum, batch.when, batch.count * sizeof *batch.when);
    sum = add_bytes(sum, batch.reported, batch.count * sizeof *batch.reported);
    sum = add_bytes(sum, batch.id.bytes, batch.id.length);
    side->sums[slice] = add_bytes(sum, &batch.first_row, sizeof batch.first_row);
    incidents_free(&batch);
    return done;
}

static uint64_t sum_of(const char *path, int threads)
{
    struct csv_options options = {.wanted = ALL, .thread_count = threads};
    struct side_by_side side = {.csv = csv_open(path, &options, NULL)};
    uint64_t sum = 0;
    assert_non_null(side.csv);
    for (size_t count = 1; count > 0;) {
        assert_true(csv_next(side.csv, &count, NULL));
        assert_true(count <= MOST_SLICES);
        struct parallel_job job = {sum_slice, &side, count, threads};
        assert_true(parallel_for(&job, NULL));
        sum = add_bytes(sum, side.sums, count * sizeof *side.sums);
    }
    csv_close(side.csv);
    return sum;
}

static void any_number_of_threads_reads_the_same(void **state)
{
    uint64_t seed = 5;
    struct text text = {0};
    char path[] = "/tmp/plein-csv-XXXXXX";
    (void)state;
    text_add(&text, "id,lon,lat,category,occurred_at\n");
    while (text.length < 3000000)
        add_row(&text, &seed, ',', "\n");
    write_file(path, text.bytes, text.length);
    text_free(&text);
    uint64_t one = sum_of(path, 1), two = sum_of(path, 2), eight = sum_of(path, 8);
    unlink(path);
    assert_true(one == two && two == eight);
}

static void a_lost_quote_costs_one_row(void **state)
{
    struct rows rows = read_text("lon,lat,category\n4,52,\"a\n5,52,b\n6,52,\"c\"\n7,52,d\n", NULL);
    (void)state;
    assert_int_equal(rows.report.rows_read, 4);
    assert_int_equal(rows.report.counts[ROW_BAD_QUOTES], 1);
    assert_int_equal(rows.report.lines[ROW_BAD_QUOTES][0], 2);
    assert_string_equal(rows.report.examples[ROW_BAD_QUOTES], "4,52,\"a");
    assert_int_equal(rows.count, 3);
    assert_string_equal(rows.items[1].category, "c");
    free(rows.items);
}

/* A quote that opens, then three megabytes without another one. */
static void a_quote_that_never_closes_swallows_nothing(void **state)
{
    static const size_t WINDOWS[] = {0, 64, 2000000};
    struct text text = {0};
    size_t plain_rows = 150000;
    (void)state;
    text_add(&text, "lon,lat,category\n4,52,\"never closed\n");
    for (size_t i = 0; i < plain_rows; i++)
        text_add(&text, "4.%06d,52.5,litter\n", (int)i);
    for (size_t i = 0; i < sizeof WINDOWS / sizeof *WINDOWS; i++) {
        struct rows rows;
        struct csv_options options = WHOLE;
        struct error error = {0};
        options.window_bytes = WINDOWS[i];
        if (!read_bytes(&rows, text.bytes, text.length, &options, &error))
            fail_msg("%s", error.message);
        assert_int_equal(rows.report.counts[ROW_BAD_QUOTES], 1);
        assert_int_equal(rows.count, plain_rows);
        free(rows.items);
    }
    text_free(&text);
}

static void a_field_full_of_delimiters_is_one_field(void **state)
{
    struct text text = {0};
    (void)state;
    text_add(&text, "lon,lat,category\n");
    for (int row = 0; row < 20; row++) {
        text_add(&text, "%d,52,\"", row);
        for (int i = 0; i < 700 * row; i++)
            text_add(&text, i % 3 == 2 ? "\n" : ",x"); /* looks like whole rows, too */
        text_add(&text, "\"\n%d,53,plain\n", row);
    }
    struct rows rows = read_text(text.bytes, NULL);
    assert_int_equal(rows.count, 40);
    assert_int_equal(row_report_skipped(&rows.report), 0);
    for (size_t i = 0; i < rows.count; i++) {
        assert_true(rows.items[i].x == (double)(i / 2)
                    && rows.items[i].y == (i % 2 == 0 ? 52 : 53));
        assert_int_equal(
            strncmp(rows.items[i].category, i % 2 == 0 ? ",x,x" : "plain", i > 1 ? 4 : 0), 0);
    }
    free(rows.items);
    text_free(&text);
}

static void places_that_are_none_are_kept_or_skipped_by_the_rules(void **state)
{
    struct rows rows = read_text("id,lon,lat\na,,52\nb,4,NULL\nc,0,0.000\nd,181,52\ne,4,-90.5\n"
                                 "f,4,x\ng,4,52\nh,4\ni,4,52,9\nj,4,52,,\n",
                                 NULL);
    (void)state;
    assert_int_equal(rows.report.rows_read, 10);
    assert_int_equal(rows.report.counts[ROW_NO_PLACE], 2);
    assert_int_equal(rows.report.counts[ROW_ZERO_PLACE], 1);
    assert_int_equal(rows.report.counts[ROW_OUT_OF_RANGE], 2);
    assert_int_equal(rows.report.counts[ROW_BAD_COORDINATE], 1);
    assert_string_equal(rows.report.examples[ROW_BAD_COORDINATE], "x");
    assert_string_equal(rows.report.examples[ROW_OUT_OF_RANGE], "181, 52");
    assert_int_equal(rows.report.counts[ROW_SHORT], 1);
    assert_int_equal(rows.report.counts[ROW_LONG], 1);
    assert_int_equal(rows.count, 7);
    assert_true(isnan(rows.items[0].x) && isnan(rows.items[4].y));
    assert_string_equal(rows.items[6].id, "j");
    assert_int_equal(rows.items[6].number, 10);
    free(rows.items);
}

static void a_weight_is_a_whole_number_of_at_least_one(void **state)
{
    struct rows rows = read_text("x,y,weight\n1,2,3\n1,2,0\n1,2,1.5\n1,2,\n1,2,4294967295\n"
                                 "1,2,4294967296\n",
                                 NULL);
    (void)state;
    assert_int_equal(rows.report.counts[ROW_BAD_WEIGHT], 4);
    assert_int_equal(rows.count, 2);
    assert_int_equal(rows.items[0].weight, 3);
    assert_int_equal(rows.items[1].weight, 4294967295u);
    free(rows.items);
}

static void one_time(const char *text, const char *columns, const char *expected)
{
    struct rows rows = read_text(text, columns);
    assert_int_equal(rows.count, 1);
    if (strcmp(rows.items[0].when, expected) != 0)
        fail_msg("'%s' gives '%s', not '%s'", text, rows.items[0].when, expected);
    free(rows.items);
}

static void the_events_time_is_found_in_many_shapes(void **state)
{
    (void)state;
    one_time("x,y,occurred_at,reported_at\n1,2,2024-05-30,2024-05-31\n", NULL, "2024-05-30");
    one_time("x,y,occurred_at,reported_at\n1,2,,2024-05-31\n", NULL, "2024-05-31");
    one_time("x,y,datum,tijd\n1,2,30-5-2024,9.30 uur\n", NULL, "2024-05-30T09:30:00");
    one_time("x,y,melddatum,tijd\n1,2,30-5-2024,9:30\n", NULL, "2024-05-30T09:30:00");
    one_time("x,y,tijdstip\n1,2,2024-05-30 09:30\n", NULL, "2024-05-30T09:30:00");
    one_time("x,y,month\n1,2,2022-01-01\n", NULL, "2022-01");
    one_time("x,y,maand\n1,2,2022-01\n", NULL, "2022-01");
    one_time("x,y,jaar,maand\n1,2,2022,januari\n", NULL, "2022-01");
    one_time("x,y,year,month,day\n1,2,2022,1,31\n", NULL, "2022-01-31");
    one_time("x,y,year,month,dag\n1,2,2022,1,maandag\n", NULL, "2022-01");
    one_time("x,y,jaar\n1,2,2022\n", NULL, "2022");
    one_time("x,y,month\n1,2,11\n", NULL, "");
    one_time("x,y,date,year\n1,2,2024-05-31,2023\n", NULL, "2024-05-31");
    one_time("x,y,date,year\n1,2,2024-05-31,2023\n", "year=year", "2023");
    one_time("x,y,a,b\n1,2,2024-05-31,23:59\n", "occurred_at=a+b", "2024-05-31T23:59:00");
    one_time("x,y,date,time\n1,2,2024-05-31,23:59\n", "occurred_at=date", "2024-05-31");
    one_time("x,y\n1,2\n", "occurred_at=:2024-05", "2024-05");
    one_time("x,y,date\n1,2,12/31/2024 11:45:00 PM\n", NULL, "2024-12-31T23:45:00");
}

static void bad_dates_are_kept_without_a_time(void **state)
{
    struct rows rows = read_text(
        "x,y,datum,tijd,melddatum\n1,2,31-2-2024,,2024-01-01\n1,2,1-2-2024,later,\n", NULL);
    (void)state;
    assert_int_equal(rows.count, 2);
    assert_int_equal(rows.report.counts[ROW_BAD_DATE], 2);
    assert_string_equal(rows.report.examples[ROW_BAD_DATE], "31-2-2024");
    assert_string_equal(rows.items[0].when, "");
    assert_string_equal(rows.items[1].when, "2024-02-01");
    free(rows.items);
}

static void times_that_are_all_midnight_are_days(void **state)
{
    struct text text = {0};
    struct notes notes = {0};
    struct rows rows;
    struct csv_options options = WHOLE;
    (void)state;
    text_add(&text, "x,y,date\n");
    for (int i = 1; i < 25; i++)
        text_add(&text, "1,2,2024-05-%02dT00:00:00.000Z\n", i);
    options.notes = &notes;
    assert_true(read_bytes(&rows, text.bytes, text.length, &options, NULL));
    assert_string_equal(rows.items[0].when, "2024-05-01");
    assert_int_equal(notes.count, 1);
    notes_free(&notes);
    text_free(&text);
    free(rows.items);
}

static void a_stamp_of_another_clock_asks_for_the_time_zone(void **state)
{
    static const char TEXT[] = "x,y,date\n1,2,2024-05-31T21:59:30Z\n";
    (void)state;
    refuses(TEXT, NULL, ERROR_USAGE, "--timezone");
    refuses(TEXT, NULL, ERROR_USAGE, ":2: '2024-05-31T21:59:30Z'");
    struct zone *zone = zone_open("Europe/Amsterdam", NULL);
    if (zone == NULL) {
        fprintf(stderr, "SKIPPED: no tzdata: Europe/Amsterdam is missing\n");
        skip();
    }
    struct csv_options options = WHOLE;
    struct rows rows;
    options.zone = zone;
    assert_true(read_bytes(&rows, TEXT, strlen(TEXT), &options, NULL));
    assert_string_equal(rows.items[0].when, "2024-05-31T23:59:30");
    free(rows.items);
    zone_close(zone);
}

static void columns_are_named_on_the_command_line(void **state)
{
    static const char TEXT[] = "lon,lat,\"a,b\",RD X,RD-Y,soort,oms\n4,52,7,100,200,s,o\n";
    struct rows rows = read_text(TEXT, "x=rd_x,y=RD-Y,category=oms,id=\"a,b\",source=:politie");
    (void)state;
    assert_true(rows.items[0].x == 100 && rows.items[0].y == 200);
    assert_string_equal(rows.items[0].category, "o");
    assert_string_equal(rows.items[0].id, "7");
    assert_string_equal(rows.items[0].source, "politie");
    free(rows.items);
    rows = read_text(TEXT, "category=:litter");
    assert_true(rows.items[0].x == 4 && rows.items[0].y == 52);
    assert_string_equal(rows.items[0].category, "litter");
    free(rows.items);
}

static void wrong_columns_are_told_what_there_is(void **state)
{
    static const char TEXT[] = "lon,lat,soort\n4,52,s\n";
    (void)state;
    refuses(TEXT, "colour=soort", ERROR_USAGE, "occurred_at");
    refuses(TEXT, "category=srt", ERROR_DATA, "lon, lat, soort");
    refuses(TEXT, "x=soort", ERROR_DATA, "no columns for a place");
    refuses(TEXT, "category", ERROR_USAGE, "ROLE=FIELD");
    refuses(TEXT, "category=", ERROR_USAGE, "ROLE=FIELD");
    refuses(TEXT, "category=\"soort", ERROR_USAGE, "ROLE=FIELD");
    refuses(TEXT, "category=\"soort\"x", ERROR_USAGE, "ROLE=FIELD");
    refuses(TEXT, "id=soort,id=lon", ERROR_USAGE, "twice");
    refuses("a,b\n1,2\n", NULL, ERROR_DATA, "--columns x=FIELD,y=FIELD");
    refuses("a,b\n1,2\n", NULL, ERROR_DATA, "a, b");
    refuses("lon,b\n1,2\n", NULL, ERROR_DATA, "no columns for a place");
    refuses("4.5,52.5,12\n4.6,52.6,13\n", NULL, ERROR_DATA, "header");
    refuses("", NULL, ERROR_DATA, "empty");
    refuses("lon,lat,\"a\n", NULL, ERROR_DATA, "does not close");
}

static void nul_bytes_are_no_text_wherever_they_stand(void **state)
{
    struct text text = {0};
    struct rows rows;
    struct error error = {0};
    (void)state;
    text_add(&text, "lon,lat\n");
    while (text.length < 3000000)
        text_add(&text, "4.5,52.5\n");
    text.bytes[2999990] = '\0';
    assert_false(read_bytes(&rows, text.bytes, text.length, &WHOLE, &error));
    free(rows.items);
    text_free(&text);
    assert_int_equal(error.kind, ERROR_DATA);
    assert_non_null(strstr(error.message, "NUL"));
}

static void a_row_without_end_is_no_table(void **state)
{
    size_t length = (size_t)40 << 20;
    char *bytes = malloc(length);
    struct rows rows;
    struct error error = {0};
    (void)state;
    assert_non_null(bytes);
    memset(bytes, 'a', length);
    memcpy(bytes, "lon,lat\n4,52\n", 13);
    assert_false(read_bytes(&rows, bytes, length, &WHOLE, &error));
    free(rows.items);
    free(bytes);
    assert_int_equal(error.kind, ERROR_DATA);
    assert_non_null(strstr(error.message, ":3: a row of more than 16 MB"));
}

static void a_batch_never_holds_too_many_rows(void **state)
{
    struct text text = {0};
    struct rows rows;
    (void)state;
    text_add(&text, "x,y\n");
    for (int i = 0; i < 600000; i++)
        text_add_bytes(&text, i % 2 == 0 ? "a\n" : ",\n", 2);
    assert_true(read_bytes(&rows, text.bytes, text.length, &WHOLE, NULL));
    assert_int_equal(rows.report.rows_read, 600000);
    assert_int_equal(rows.count, 300000);
    assert_int_equal(rows.items[299999].number, 600000);
    free(rows.items);
    text_free(&text);
}

static void a_header_alone_is_an_empty_table(void **state)
{
    struct rows rows = read_text("\n\nlon;lat;", NULL);
    (void)state;
    assert_int_equal(rows.report.rows_read, 0);
    free(rows.items);
}

static const char *real_path(char path[512], const char *name)
{
    const char *real = getenv("PLEIN_REAL");
    snprintf(path, 512, "%s/incidents/%s", real != NULL ? real : "../shared/real", name);
    if (access(path, R_OK) == 0)
        return path;
    fprintf(stderr, "SKIPPED: %s is missing\n", path);
    skip();
    return NULL;
}

static void berlins_accidents_are_read_without_options(void **state)
{
    char path[512];
    struct rows rows;
    struct error error = {0};
    (void)state;
    real_path(path, "berlin_strassenverkehrsunfaelle_2019.csv");
    if (!read_file(&rows, path, &WHOLE, &error))
        fail_msg("%s", error.message);
    assert_int_equal(rows.report.rows_read, 13390);
    assert_int_equal(rows.count + row_report_skipped(&rows.report), 13390);
    assert_string_equal(rows.items[0].id, "49090");
    assert_true(rows.items[0].x == 13.34146 && rows.items[0].y == 52.58609);
    assert_string_equal(rows.items[0].category, "3");
    assert_string_equal(rows.items[0].when, "2019-01");
    assert_int_equal(rows.report.counts[ROW_BAD_DATE], 0);
    /* OBJECTID 201196 has its columns shifted, yet both its numbers could be degrees. */
    assert_int_equal(rows.count, 13390);
    assert_true(rows.items[11893].x == 52.54675821 && rows.items[11893].y == 1);
    free(rows.items);
    struct csv *csv = csv_open(path, &WHOLE, NULL);
    const struct csv_layout *layout = csv_layout(csv);
    assert_int_equal(layout->delimiter, ';');
    assert_true(layout->decimal_comma && !layout->is_utf8 && layout->has_degrees);
    assert_string_equal(layout->names[layout->roles[ROLE_X]], "LINREFX");
    assert_string_equal(layout->names[layout->roles[ROLE_LON]], "XGCSWGS84");
    assert_string_equal(layout->names[layout->roles[ROLE_YEAR]], "UJAHR");
    csv_close(csv);
}

static void lancashires_reports_know_their_month(void **state)
{
    char path[512];
    struct rows rows;
    struct error error = {0};
    (void)state;
    real_path(path, "lancashire_asb.tab");
    if (!read_file(&rows, path, &WHOLE, &error))
        fail_msg("%s", error.message);
    assert_int_equal(rows.report.rows_read, 56434);
    assert_int_equal(rows.count, 56434);
    assert_string_equal(rows.items[0].when, "2022-01");
    assert_true(rows.items[0].x == -2.4646 && rows.items[0].y == 53.7655);
    assert_string_equal(rows.items[0].category, "");
    free(rows.items);
}

static void chicagos_assaults_come_through_a_pipe(void **state)
{
    char path[512], command[600];
    struct rows rows;
    struct error error = {0};
    (void)state;
    real_path(path, "chicago_aggravated_assaults.csv.gz");
    snprintf(command, sizeof command, "zcat '%s'", path);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    int kept = dup(STDIN_FILENO);
    assert_true(dup2(fileno(pipe), STDIN_FILENO) == STDIN_FILENO);
    bool done = read_file(&rows, "-", &WHOLE, &error);
    dup2(kept, STDIN_FILENO);
    close(kept);
    pclose(pipe);
    if (!done)
        fail_msg("%s", error.message);
    assert_int_equal(rows.report.rows_read, 148636);
    assert_int_equal(rows.count, 148636);
    assert_string_equal(rows.items[0].when, "2010-01-01T00:05:00");
    assert_true(rows.items[0].x == -87.6277 && rows.items[0].y == 41.7922);
    free(rows.items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_window_and_pace_reads_what_a_plain_parser_reads),
        cmocka_unit_test(a_pipe_reads_as_a_file_does),
        cmocka_unit_test(any_number_of_threads_reads_the_same),
        cmocka_unit_test(a_lost_quote_costs_one_row),
        cmocka_unit_test(a_quote_that_never_closes_swallows_nothing),
        cmocka_unit_test(a_field_full_of_delimiters_is_one_field),
        cmocka_unit_test(places_that_are_none_are_kept_or_skipped_by_the_rules),
        cmocka_unit_test(a_weight_is_a_whole_number_of_at_least_one),
        cmocka_unit_test(the_events_time_is_found_in_many_shapes),
        cmocka_unit_test(bad_dates_are_kept_without_a_time),
        cmocka_unit_test(times_that_are_all_midnight_are_days),
        cmocka_unit_test(a_stamp_of_another_clock_asks_for_the_time_zone),
        cmocka_unit_test(columns_are_named_on_the_command_line),
        cmocka_unit_test(wrong_columns_are_told_what_there_is),
        cmocka_unit_test(nul_bytes_are_no_text_wherever_they_stand),
        cmocka_unit_test(a_row_without_end_is_no_table),
        cmocka_unit_test(a_batch_never_holds_too_many_rows),
        cmocka_unit_test(a_header_alone_is_an_empty_table),
        cmocka_unit_test(berlins_accidents_are_read_without_options),
        cmocka_unit_test(lancashires_reports_know_their_month),
        cmocka_unit_test(chicagos_assaults_come_through_a_pipe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Turns the rows of a slice into incidents. */
#include "engine/formats/csvrows.h"

#include "engine/core/numbers.h"
#include "engine/core/text.h"
#include "engine/formats/csvindex.h"
#include "engine/formats/csvwords.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    EXAMPLE = 64,
    EXTRA_FIELDS = 256, /* empty ones behind a row's last, that do no harm */
};

/* What a field says, without its quotes. */
struct piece {
    const char *begin, *end;
};

/* Where the event's time comes from. */
enum time_from { TIME_NONE, TIME_STAMP, TIME_PARTS };

struct parse {
    const struct csv_reading *reading;
    const struct csv_layout *layout;
    const struct csv_slice *slice;
    struct csv_text text; /* from the slice's begin to the window's end */
    struct incidents *batch;
    struct csv_row row;
    size_t line; /* on which the row begins */
    char *scratch;
    enum csv_role x_role, y_role;
    enum time_from time_from;
    struct date_style occurred_style, reported_style;
    bool has[CSV_ROLES];
    int columns[CSV_ROLES];            /* -1: none */
    struct piece constants[CSV_ROLES]; /* in `padded` */
    struct text padded;
    struct csv_words categories, sources;
    struct error *error;
    struct csv_index index;
};

static const char NOTHING[CSV_WORD_SLACK] = "";

/* The field of a role, or its constant, or nothing. */
static inline struct piece role_piece(const struct parse *parse, enum csv_role role)
{
    int column = parse->columns[role];
    if (column < 0)
        return parse->constants[role];
    struct csv_span span = parse->row.spans[column];
    struct piece piece = {parse->text.begin + span.begin, parse->text.begin + span.end};
    if (parse->index.has_quotes && piece.begin < piece.end && *piece.begin == '"')
        csv_unquote(&piece.begin, &piece.end, parse->scratch);
    return piece;
}

/* Empty, or one of the words that databases and R write for nothing. */
static bool is_missing(struct piece piece)
{
    static const char *const WORDS[] = {"NA", "NaN", "NULL", "None", "n/a", "\\N"};
    text_trim(&piece.begin, &piece.end);
    size_t length = (size_t)(piece.end - piece.begin);
    if (length == 0)
        return true;
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        char word[8] = "";
        if (length >= sizeof word || strlen(WORDS[i]) != length)
            continue;
        memcpy(word, piece.begin, length);
        if (text_equal(word, WORDS[i]))
            return true;
    }
    return false;
}

/* The start of a text as UTF-8, for a report. */
static void example_of(char example[EXAMPLE], struct piece piece)
{
    size_t length = (size_t)(piece.end - piece.begin);
    if (length >= EXAMPLE)
        for (length = EXAMPLE - 1; length > 0 && (piece.begin[length] & 0xC0) == 0x80; length--) {
        }
    example[0] = '\0';
    if (text_is_utf8(piece.begin, length)) {
        memcpy(example, piece.begin, length);
        example[length] = '\0';
        return;
    }
    char *decoded = text_from_cp1252(piece.begin, length, NULL);
    if (decoded != NULL)
        snprintf(example, EXAMPLE, "%s", decoded);
    free(decoded);
}

static void note(struct parse *parse, enum row_problem problem, struct piece piece)
{
    char example[EXAMPLE] = "";
    if (parse->batch->report.counts[problem] == 0)
        example_of(example, piece);
    row_report_note(&parse->batch->report, problem, parse->line, example);
}

/* For problems that lie in both coordinates. */
static void note_place(struct parse *parse, enum row_problem problem)
{
    char pair[2 * EXAMPLE + 2] = "", x[EXAMPLE], y[EXAMPLE];
    if (parse->batch->report.counts[problem] == 0) {
        example_of(x, role_piece(parse, parse->x_role));
        example_of(y, role_piece(parse, parse->y_role));
        snprintf(pair, sizeof pair, "%s, %s", x, y);
    }
    note(parse, problem, (struct piece){pair, pair + strlen(pair)});
}

/* What stands there instead of two numbers. False: the row is passed over. */
static bool take_no_place(struct parse *parse)
{
    double value;
    struct piece x = role_piece(parse, parse->x_role), y;
    char example[EXAMPLE];
    bool x_missing = is_missing(x), x_number = number_parse(&value, x.begin, x.end);
    example_of(example, x); /* the next field may need the scratch */
    y = role_piece(parse, parse->y_role);
    if (x_missing || is_missing(y)) {
        note(parse, ROW_NO_PLACE, (struct piece){NOTHING, NOTHING});
        return true;
    }
    note(parse, ROW_BAD_COORDINATE,
         x_number ? y : (struct piece){example, example + strlen(example)});
    return false;
}

/* Reads the place of the row into the batch's next row; false: the row is passed over. */
static bool take_place(struct parse *parse)
{
    size_t i = parse->batch->count;
    double *x = &parse->batch->x[i], *y = &parse->batch->y[i];
    struct piece x_piece = role_piece(parse, parse->x_role);
    bool read = number_parse(x, x_piece.begin, x_piece.end);
    struct piece y_piece = role_piece(parse, parse->y_role);
    read = read && number_parse(y, y_piece.begin, y_piece.end);
    bool zero = read && *x == 0 && *y == 0;
    bool far = read && parse->layout->has_degrees && (fabs(*x) > 180 || fabs(*y) > 90);
    if (read && !zero && !far)
        return true;
    *x = *y = NAN;
    if (!read)
        return take_no_place(parse);
    note_place(parse, zero ? ROW_ZERO_PLACE : ROW_OUT_OF_RANGE);
    return true;
}

static bool take_weight(struct parse *parse)
{
    uint32_t *weight = &parse->batch->weight[parse->batch->count];
    int64_t whole;
    *weight = 1;
    if (!parse->has[ROLE_WEIGHT])
        return true;
    struct piece piece = role_piece(parse, ROLE_WEIGHT);
    if (!number_parse_whole(&whole, piece.begin, piece.end) || whole < 1 || whole > UINT32_MAX) {
        note(parse, ROW_BAD_WEIGHT, piece);
        return false;
    }
    *weight = (uint32_t)whole;
    return true;
}

static bool needs_zone(const struct parse *parse, struct piece piece)
{
    char example[EXAMPLE];
    if (parse->reading->zone != NULL || !date_look(piece.begin, piece.end).has_offset)
        return false;
    example_of(example, piece);
    return !error_set(parse->error, ERROR_USAGE,
                      "%s:%zu: '%s' is a time of another clock; name the clock to show it on, such "
                      "as --timezone Europe/Amsterdam",
                      parse->reading->path, parse->line, example);
}

/* Reads a stamp; a bad one is noted and unknown. False: an error. */
static bool read_stamp(moment *when, struct parse *parse, enum csv_role role,
                       const struct date_style *style)
{
    struct piece piece = role_piece(parse, role);
    if (date_parse(when, piece.begin, piece.end, style) || is_missing(piece))
        return true;
    if (needs_zone(parse, piece))
        return false;
    note(parse, ROW_BAD_DATE, piece);
    return true;
}

static void add_time(moment *when, struct parse *parse)
{
    if (!parse->has[ROLE_OCCURRED_TIME])
        return;
    struct piece piece = role_piece(parse, ROLE_OCCURRED_TIME);
    if (!date_add_time(when, piece.begin, piece.end) && !is_missing(piece))
        note(parse, ROW_BAD_DATE, piece);
}

/* One part of a date that stands in several columns: 0 when it is missing, -1 when it is bad. */
static int read_part(const struct parse *parse, enum csv_role role)
{
    struct piece piece = role_piece(parse, role);
    int64_t whole;
    int month;
    if (!parse->has[role] || is_missing(piece))
        return 0;
    if (role == ROLE_MONTH && date_parse_month(&month, piece.begin, piece.end))
        return month;
    return number_parse_whole(&whole, piece.begin, piece.end) && whole >= 1 && whole <= 9999
               ? (int)whole
               : -1;
}

static void read_parts(moment *when, struct parse *parse)
{
    int year = read_part(parse, ROLE_YEAR), month = read_part(parse, ROLE_MONTH);
    int day = read_part(parse, ROLE_DAY);
    struct civil civil = {.year = year, .month = month > 0 ? month : 1, .day = day > 0 ? day : 1};
    if (year == 0)
        return;
    if (month < 0 || day < 0 || !civil_is_valid(&civil)) {
        note(parse, ROW_BAD_DATE,
             role_piece(parse, year < 0    ? ROLE_YEAR
                               : month < 0 ? ROLE_MONTH
                                           : ROLE_DAY));
        return;
    }
    *when = moment_make(&civil,
                        month == 0 ? PRECISION_YEAR : (day == 0 ? PRECISION_MONTH : PRECISION_DAY));
}

/* The event's time: when it occurred, else when it was reported. */
static bool take_time(struct parse *parse)
{
    moment *when = &parse->batch->when[parse->batch->count];
    const struct row_report *report = &parse->batch->report;
    size_t bad = report->counts[ROW_BAD_DATE];
    *when = MOMENT_UNKNOWN;
    if (parse->time_from == TIME_STAMP
        && !read_stamp(when, parse, ROLE_OCCURRED, &parse->occurred_style))
        return false;
    if (parse->time_from == TIME_PARTS)
        read_parts(when, parse);
    if (parse->time_from != TIME_NONE && *when != MOMENT_UNKNOWN)
        add_time(when, parse);
    if (*when != MOMENT_UNKNOWN || report->counts[ROW_BAD_DATE] > bad || !parse->has[ROLE_REPORTED])
        return true;
    if (!read_stamp(when, parse, ROLE_REPORTED, &parse->reported_style))
        return false;
    if (parse->time_from == TIME_NONE && *when != MOMENT_UNKNOWN)
        add_time(when, parse);
    return true;
}

static bool add_id_bytes(struct text_column *id, const char *bytes, size_t length,
                         struct error *error)
{
    struct capacity capacity = {id->capacity, 1};
    if (!array_reserve(&id->bytes, &capacity, id->length + length + CSV_WORD_SLACK, error))
        return false;
    id->capacity = capacity.held;
    memcpy(id->bytes + id->length, bytes, length);
    id->length += length;
    return true;
}

static bool add_id_slowly(struct text_column *id, struct piece piece, struct error *error)
{
    text_trim(&piece.begin, &piece.end);
    size_t length = (size_t)(piece.end - piece.begin);
    if (text_is_utf8(piece.begin, length))
        return add_id_bytes(id, piece.begin, length, error);
    char *text = text_from_cp1252(piece.begin, length, error);
    bool done = text != NULL && add_id_bytes(id, text, strlen(text), error);
    free(text);
    return done;
}

/* Digits, letters and signs of ASCII, without blanks at the ends. */
static bool is_plain(struct piece piece)
{
    unsigned char bits = 0;
    if (piece.begin == piece.end || *piece.begin <= ' ' || piece.end[-1] <= ' ')
        return false;
    while (piece.begin < piece.end)
        bits |= (unsigned char)*piece.begin++;
    return bits < 0x80;
}

static bool take_id(struct parse *parse)
{
    struct text_column *id = &parse->batch->id;
    struct piece piece = role_piece(parse, ROLE_ID);
    size_t i = parse->batch->count, length = (size_t)(piece.end - piece.begin);
    bool done = true;
    id->starts[i] = id->length;
    if (length <= CSV_WORD_SLACK && id->length + CSV_WORD_SLACK <= id->capacity
        && is_plain(piece)) {
        memcpy(id->bytes + id->length, piece.begin,
               CSV_WORD_SLACK); /* what is too much is written over */
        id->length += length;
    } else
        done = add_id_slowly(id, piece, parse->error);
    id->starts[i + 1] = id->length;
    return done;
}

static bool take_word(uint32_t *number, struct parse *parse, struct csv_words *words,
                      enum csv_role role)
{
    struct piece piece = role_piece(parse, role);
    return csv_words_number(number, words, piece.begin, piece.end);
}

/* Reads the row into the batch, or notes why not. False: an error. */
static bool take_row(struct parse *parse)
{
    struct incidents *batch = parse->batch;
    unsigned wanted = parse->reading->wanted;
    size_t i = batch->count;
    batch->row[i] = (uint32_t)(batch->report.rows_read - 1);
    if (!take_place(parse) || ((wanted & COLUMN_WEIGHT) && !take_weight(parse)))
        return true;
    if ((wanted & COLUMN_TIME) && !take_time(parse))
        return false;
    if ((wanted & COLUMN_CATEGORY)
        && !take_word(&batch->reported[i], parse, &parse->categories, ROLE_CATEGORY))
        return false;
    if (wanted & COLUMN_SOURCE) {
        batch->source[i] = 0;
        if (parse->has[ROLE_SOURCE]
            && !take_word(&batch->source[i], parse, &parse->sources, ROLE_SOURCE))
            return false;
    }
    if ((wanted & COLUMN_ID) && !take_id(parse))
        return false;
    batch->count++;
    return true;
}

/* Extra fields do no harm when nothing stands in them. */
static bool extra_are_empty(const struct parse *parse)
{
    const struct csv_row *row = &parse->row;
    if (row->field_count > row->span_capacity)
        return false;
    for (size_t i = parse->layout->column_count; i < row->field_count; i++) {
        struct piece piece = {parse->text.begin + row->spans[i].begin,
                              parse->text.begin + row->spans[i].end};
        csv_unquote(&piece.begin, &piece.end, parse->scratch);
        text_trim(&piece.begin, &piece.end);
        if (piece.begin < piece.end)
            return false;
    }
    return true;
}

/* A row that is out of the ordinary, or a blank line. */
static bool take_odd_row(struct parse *parse)
{
    struct csv_row *row = &parse->row;
    enum csv_state state = csv_scan_row(row, &parse->text, &parse->reading->dialect);
    size_t columns = parse->layout->column_count;
    csv_index_skip(&parse->index, row->next);
    if (state == CSV_WHOLE && row->field_count == 0)
        return true;
    struct piece piece = {row->begin, row->next - 1};
    parse->batch->report.rows_read++;
    if (state != CSV_WHOLE)
        note(parse, ROW_BAD_QUOTES, piece);
    else if (row->field_count < columns)
        note(parse, ROW_SHORT, piece);
    else if (row->field_count > columns && !extra_are_empty(parse))
        note(parse, ROW_LONG, piece);
    else
        return take_row(parse);
    return true;
}

static bool take_rows(struct parse *parse)
{
    struct csv_row *row = &parse->row;
    row->next = parse->slice->begin;
    while (row->next < parse->slice->end) {
        row->begin = row->next;
        row->field_count = parse->layout->column_count;
        row->line_count = 1;
        if (csv_index_row(&parse->index, row)) {
            parse->batch->report.rows_read++;
            if (!take_row(parse))
                return false;
        } else if (!take_odd_row(parse))
            return false;
        parse->line += row->line_count;
    }
    return true;
}

static void choose_time(struct parse *parse)
{
    const struct csv_layout *layout = parse->layout;
    const struct zone *zone = parse->reading->zone;
    parse->time_from = parse->has[ROLE_OCCURRED] ? TIME_STAMP
                       : parse->has[ROLE_YEAR]   ? TIME_PARTS
                                                 : TIME_NONE;
    parse->occurred_style = (struct date_style){.month_first = layout->month_first[ROLE_OCCURRED],
                                                .day_only = layout->day_only[ROLE_OCCURRED],
                                                .month_only = layout->month_only,
                                                .zone = zone};
    parse->reported_style = (struct date_style){.month_first = layout->month_first[ROLE_REPORTED],
                                                .day_only = layout->day_only[ROLE_REPORTED],
                                                .zone = zone};
}

/* Copies the constants to where bytes may be read behind them. */
static bool choose_roles(struct parse *parse)
{
    const struct csv_layout *layout = parse->layout;
    size_t starts[CSV_ROLES], lengths[CSV_ROLES];
    for (int r = 0; r < CSV_ROLES; r++) {
        const char *constant = layout->constants[r] != NULL ? layout->constants[r] : "";
        parse->columns[r] = layout->roles[r];
        parse->has[r] = layout->roles[r] >= 0 || layout->constants[r] != NULL;
        starts[r] = parse->padded.length;
        lengths[r] = strlen(constant);
        text_add_bytes(&parse->padded, constant, lengths[r]);
        text_add_bytes(&parse->padded, NOTHING, sizeof NOTHING);
    }
    if (!text_check(&parse->padded, parse->error))
        return false;
    for (int r = 0; r < CSV_ROLES; r++) {
        const char *begin = parse->padded.bytes + starts[r];
        parse->constants[r] = (struct piece){begin, begin + lengths[r]};
    }
    parse->x_role = layout->has_degrees ? ROLE_LON : ROLE_X;
    parse->y_role = layout->has_degrees ? ROLE_LAT : ROLE_Y;
    return true;
}

static bool start(struct parse *parse, struct error *error)
{
    struct incidents *batch = parse->batch;
    size_t length = (size_t)(parse->slice->end - parse->slice->begin);
    size_t scratch = parse->slice->has_quotes ? length + CSV_WORD_SLACK : 1;
    parse->categories.list = (struct csv_word_list){&batch->reported_names, &batch->reported_count,
                                                    &batch->reported_capacity};
    parse->sources.list =
        (struct csv_word_list){&batch->source_names, &batch->source_count, &batch->source_capacity};
    parse->categories.error = parse->sources.error = error;
    csv_index_start(&parse->index, parse->slice->begin, length, &parse->reading->dialect);
    if (!choose_roles(parse)
        || !array_new_raw(&parse->row.spans, parse->row.span_capacity, sizeof *parse->row.spans,
                          error)
        || !array_new_raw(&parse->scratch, scratch, 1, error))
        return false;
    choose_time(parse);
    return true;
}

bool csv_rows_parse(struct incidents *batch, const struct csv_reading *reading, size_t slice,
                    struct error *error)
{
    const struct csv_window *window = reading->window;
    struct parse *parse;
    if (!array_new_raw(&parse, 1, sizeof *parse, error))
        return false;
    *parse = (struct parse){.reading = reading};
    parse->layout = reading->layout;
    parse->slice = &window->slices[slice];
    parse->text = (struct csv_text){parse->slice->begin, window->text.end, window->text.ends};
    parse->batch = batch;
    parse->line = parse->slice->first_line;
    parse->error = error;
    parse->row.span_capacity = reading->layout->column_count + EXTRA_FIELDS;
    batch->first_row = parse->slice->first_row;
    bool done = start(parse, error) && take_rows(parse);
    free(parse->row.spans);
    free(parse->scratch);
    text_free(&parse->padded);
    csv_words_free(&parse->categories);
    csv_words_free(&parse->sources);
    free(parse);
    return done;
}

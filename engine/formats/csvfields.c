/* Reads the fields of one row into a batch, whatever way they are written, and notes what is wrong
 * with them. */
#include "engine/formats/csvfields.h"

#include "engine/core/numbers.h"
#include "engine/formats/feed.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXAMPLE = 64 };

static const char NOTHING[CSV_WORD_SLACK] = "";

struct csv_piece csv_fields_piece(const struct csv_fields *fields, enum csv_role role)
{
    int column = fields->columns[role];
    if (column < 0)
        return fields->constants[role];
    const uint32_t *start = fields->starts + column;
    struct csv_piece piece = {fields->row + start[0], fields->row + start[1] - 1};
    if (fields->has_quotes)
        csv_unquote(&piece.begin, &piece.end, fields->scratch);
    return piece;
}

static bool is_missing(struct csv_piece piece)
{
    return text_is_missing(piece.begin, piece.end);
}

/* The start of a text as UTF-8, for a report. */
static void example_of(char example[EXAMPLE], struct csv_piece piece)
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

static size_t line_of(const struct csv_fields *fields)
{
    struct feed *feed = fields->reading->feed;
    return feed != NULL ? feed_row(feed, fields->line) : fields->line;
}

void csv_fields_note(struct csv_fields *fields, enum row_problem problem, struct csv_piece piece)
{
    char example[EXAMPLE] = "";
    if (fields->batch->report.counts[problem] == 0)
        example_of(example, piece);
    row_report_note(&fields->batch->report, problem, line_of(fields), example);
}

/* For problems that lie in both coordinates. */
static void note_place(struct csv_fields *fields, enum row_problem problem)
{
    char pair[2 * EXAMPLE + 2] = "", x[EXAMPLE], y[EXAMPLE];
    if (fields->batch->report.counts[problem] == 0) {
        example_of(x, csv_fields_piece(fields, fields->x_role));
        example_of(y, csv_fields_piece(fields, fields->y_role));
        snprintf(pair, sizeof pair, "%s, %s", x, y);
    }
    csv_fields_note(fields, problem, (struct csv_piece){pair, pair + strlen(pair)});
}

/* What stands there instead of two numbers. False: the row is passed over. */
static bool take_no_place(struct csv_fields *fields)
{
    double value;
    struct csv_piece x = csv_fields_piece(fields, fields->x_role), y;
    char example[EXAMPLE];
    bool x_missing = is_missing(x), x_number = number_parse(&value, x.begin, x.end);
    example_of(example, x); /* the next field may need the scratch */
    y = csv_fields_piece(fields, fields->y_role);
    if (x_missing || is_missing(y)) {
        csv_fields_note(fields, ROW_NO_PLACE, (struct csv_piece){NOTHING, NOTHING});
        return true;
    }
    csv_fields_note(fields, ROW_BAD_COORDINATE,
                    x_number ? y : (struct csv_piece){example, example + strlen(example)});
    return false;
}

bool csv_fields_place(struct csv_fields *fields)
{
    double *x = &fields->batch->x[fields->i], *y = &fields->batch->y[fields->i];
    struct csv_piece x_piece = csv_fields_piece(fields, fields->x_role);
    bool read = number_parse(x, x_piece.begin, x_piece.end);
    struct csv_piece y_piece = csv_fields_piece(fields, fields->y_role);
    read = read && number_parse(y, y_piece.begin, y_piece.end);
    bool zero = read && *x == 0 && *y == 0;
    bool far = read && fields->layout->has_degrees && (fabs(*x) > 180 || fabs(*y) > 90);
    if (read && !zero && !far)
        return true;
    *x = *y = NAN;
    if (!read)
        return take_no_place(fields);
    note_place(fields, zero ? ROW_ZERO_PLACE : ROW_OUT_OF_RANGE);
    return true;
}

bool csv_fields_read_weight(struct csv_fields *fields)
{
    uint32_t *weight = &fields->batch->weight[fields->i];
    int64_t whole = 1;
    struct csv_piece piece = csv_fields_piece(fields, ROLE_WEIGHT);
    bool read = !fields->has[ROLE_WEIGHT]
                || (number_parse_whole(&whole, piece.begin, piece.end) && whole >= 1
                    && whole <= UINT32_MAX);
    *weight = read ? (uint32_t)whole : 1;
    return read;
}

bool csv_fields_weight(struct csv_fields *fields)
{
    bool read = csv_fields_read_weight(fields);
    if (!read)
        csv_fields_note(fields, ROW_BAD_WEIGHT, csv_fields_piece(fields, ROLE_WEIGHT));
    return read;
}

static bool needs_zone(const struct csv_fields *fields, struct csv_piece piece)
{
    char example[EXAMPLE];
    if (fields->reading->zone != NULL || !date_look(piece.begin, piece.end).has_offset)
        return false;
    example_of(example, piece);
    return !error_set(fields->error, ERROR_USAGE,
                      "%s:%zu: '%s' is a time of another clock; name the clock to show it on, such "
                      "as --timezone Europe/Amsterdam",
                      fields->reading->path, line_of(fields), example);
}

/* Reads a stamp; a bad one is noted and unknown. False: an error. */
static bool read_stamp(moment *when, struct csv_fields *fields, enum csv_role role,
                       const struct date_style *style)
{
    struct csv_piece piece = csv_fields_piece(fields, role);
    if (date_parse(when, piece.begin, piece.end, style) || is_missing(piece))
        return true;
    if (needs_zone(fields, piece))
        return false;
    csv_fields_note(fields, ROW_BAD_DATE, piece);
    return true;
}

void csv_fields_add_clock(moment *when, struct csv_fields *fields)
{
    if (!fields->has[ROLE_OCCURRED_TIME])
        return;
    struct csv_piece piece = csv_fields_piece(fields, ROLE_OCCURRED_TIME);
    if (!date_add_time(when, piece.begin, piece.end) && !is_missing(piece))
        csv_fields_note(fields, ROW_BAD_DATE, piece);
}

/* One part of a date that stands in several columns: 0 when it is missing, -1 when it is bad. */
static int read_part(const struct csv_fields *fields, enum csv_role role)
{
    struct csv_piece piece = csv_fields_piece(fields, role);
    int64_t whole;
    int month;
    if (!fields->has[role] || is_missing(piece))
        return 0;
    if (role == ROLE_MONTH && date_parse_month(&month, piece.begin, piece.end))
        return month;
    return number_parse_whole(&whole, piece.begin, piece.end) && whole >= 1 && whole <= 9999
               ? (int)whole
               : -1;
}

static void read_parts(moment *when, struct csv_fields *fields)
{
    int year = read_part(fields, ROLE_YEAR), month = read_part(fields, ROLE_MONTH);
    int day = read_part(fields, ROLE_DAY);
    struct civil civil = {.year = year, .month = month > 0 ? month : 1, .day = day > 0 ? day : 1};
    if (year == 0)
        return;
    if (month < 0 || day < 0 || !civil_is_valid(&civil)) {
        csv_fields_note(fields, ROW_BAD_DATE,
                        csv_fields_piece(fields, year < 0    ? ROLE_YEAR
                                                 : month < 0 ? ROLE_MONTH
                                                             : ROLE_DAY));
        return;
    }
    *when = moment_make(&civil,
                        month == 0 ? PRECISION_YEAR : (day == 0 ? PRECISION_MONTH : PRECISION_DAY));
}

/* The event's time: when it occurred, else when it was reported. */
bool csv_fields_time(struct csv_fields *fields)
{
    moment *when = &fields->batch->when[fields->i];
    const struct row_report *report = &fields->batch->report;
    size_t bad = report->counts[ROW_BAD_DATE];
    *when = MOMENT_UNKNOWN;
    if (fields->time_from == CSV_TIME_STAMP
        && !read_stamp(when, fields, ROLE_OCCURRED, &fields->occurred_style))
        return false;
    if (fields->time_from == CSV_TIME_PARTS)
        read_parts(when, fields);
    if (fields->time_from != CSV_TIME_NONE && *when != MOMENT_UNKNOWN)
        csv_fields_add_clock(when, fields);
    if (*when != MOMENT_UNKNOWN || report->counts[ROW_BAD_DATE] > bad
        || !fields->has[ROLE_REPORTED])
        return true;
    if (!read_stamp(when, fields, ROLE_REPORTED, &fields->reported_style))
        return false;
    if (fields->time_from == CSV_TIME_NONE && *when != MOMENT_UNKNOWN)
        csv_fields_add_clock(when, fields);
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

bool csv_fields_category(struct csv_fields *fields)
{
    struct csv_piece piece = csv_fields_piece(fields, ROLE_CATEGORY);
    return csv_words_number(&fields->batch->reported[fields->i], &fields->categories, piece.begin,
                            piece.end);
}

bool csv_fields_source(struct csv_fields *fields)
{
    struct csv_piece piece = csv_fields_piece(fields, ROLE_SOURCE);
    uint32_t *number = &fields->batch->source[fields->i];
    *number = 0;
    return !fields->has[ROLE_SOURCE]
           || csv_words_number(number, &fields->sources, piece.begin, piece.end);
}

bool csv_fields_holders(struct csv_fields *fields)
{
    for (int r = 0; r < HOLDER_ROLES; r++) {
        uint32_t *numbers = fields->batch->holder[r];
        struct csv_piece piece = csv_fields_piece(fields, (enum csv_role)(ROLE_REPORTED_TO + r));
        if (numbers != NULL
            && !csv_words_number(&numbers[fields->i], &fields->holders[r], piece.begin, piece.end))
            return false;
    }
    return true;
}

bool csv_fields_id(struct csv_fields *fields)
{
    struct text_column *id = &fields->batch->id;
    struct csv_piece piece = csv_fields_piece(fields, ROLE_ID);
    size_t i = fields->i;
    text_trim(&piece.begin, &piece.end);
    size_t length = (size_t)(piece.end - piece.begin);
    id->starts[i] = id->length;
    bool done;
    if (text_is_utf8(piece.begin, length))
        done = add_id_bytes(id, piece.begin, length, fields->error);
    else {
        char *text = text_from_cp1252(piece.begin, length, fields->error);
        done = text != NULL && add_id_bytes(id, text, strlen(text), fields->error);
        free(text);
    }
    id->starts[i + 1] = id->length;
    return done;
}

static void choose_time(struct csv_fields *fields)
{
    const struct csv_layout *layout = fields->layout;
    const struct zone *zone = fields->reading->zone;
    fields->time_from = fields->has[ROLE_OCCURRED] ? CSV_TIME_STAMP
                        : fields->has[ROLE_YEAR]   ? CSV_TIME_PARTS
                                                   : CSV_TIME_NONE;
    fields->occurred_style = (struct date_style){.month_first = layout->month_first[ROLE_OCCURRED],
                                                 .day_only = layout->day_only[ROLE_OCCURRED],
                                                 .month_only = layout->month_only,
                                                 .zone = zone};
    fields->reported_style = (struct date_style){.month_first = layout->month_first[ROLE_REPORTED],
                                                 .day_only = layout->day_only[ROLE_REPORTED],
                                                 .zone = zone};
}

/* Copies the constants to where bytes may be read behind them. */
static bool choose_roles(struct csv_fields *fields)
{
    const struct csv_layout *layout = fields->layout;
    size_t starts[CSV_ROLES], lengths[CSV_ROLES];
    for (int r = 0; r < CSV_ROLES; r++) {
        const char *constant = layout->constants[r] != NULL ? layout->constants[r] : "";
        fields->columns[r] = layout->roles[r];
        fields->has[r] = layout->roles[r] >= 0 || layout->constants[r] != NULL;
        starts[r] = fields->padded.length;
        lengths[r] = strlen(constant);
        text_add_bytes(&fields->padded, constant, lengths[r]);
        text_add_bytes(&fields->padded, NOTHING, sizeof NOTHING);
    }
    if (!text_check(&fields->padded, fields->error))
        return false;
    for (int r = 0; r < CSV_ROLES; r++) {
        const char *begin = fields->padded.bytes + starts[r];
        fields->constants[r] = (struct csv_piece){begin, begin + lengths[r]};
    }
    fields->x_role = layout->has_degrees ? ROLE_LON : ROLE_X;
    fields->y_role = layout->has_degrees ? ROLE_LAT : ROLE_Y;
    return true;
}

bool csv_fields_start(struct csv_fields *fields)
{
    struct incidents *batch = fields->batch;
    fields->layout = fields->reading->layout;
    fields->categories.list = (struct csv_word_list){&batch->reported_names, &batch->reported_count,
                                                     &batch->reported_capacity};
    fields->sources.list =
        (struct csv_word_list){&batch->source_names, &batch->source_count, &batch->source_capacity};
    fields->categories.error = fields->sources.error = fields->error;
    for (int r = 0; r < HOLDER_ROLES; r++) {
        fields->holders[r].list = (struct csv_word_list){
            &batch->holder_names[r], &batch->holder_count[r], &batch->holder_capacity[r]};
        fields->holders[r].error = fields->error;
    }
    if (!choose_roles(fields))
        return false;
    choose_time(fields);
    return true;
}

void csv_fields_free(struct csv_fields *fields)
{
    text_free(&fields->padded);
    csv_words_free(&fields->categories);
    csv_words_free(&fields->sources);
    for (int r = 0; r < HOLDER_ROLES; r++)
        csv_words_free(&fields->holders[r]);
}

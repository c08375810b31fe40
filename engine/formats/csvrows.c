/* Turns the rows of a slice into incidents. */
#include "engine/formats/csvrows.h"

#include "engine/formats/csvplaces.h"
#include "engine/formats/csvstamps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { EXTRA_FIELDS = 256 /* empty ones behind a row's last, that do no harm */ };

struct rows {
    struct csv_fields fields;
    const struct csv_slice *slice;
    struct csv_text text; /* from the slice's begin to the window's end */
    size_t line;          /* of the next row */
    struct csv_splitter splitter;
    struct csv_block block; /* of ordinary rows */
    bool by_blocks;
    struct csv_places places;
    struct csv_months months;
    int stamp_column; /* -1: the time comes from elsewhere */
    const struct date_style *stamp_style;
    bool stamp_is_all;  /* a stamp alone tells the time */
    struct csv_row row; /* one that is out of the ordinary */
    uint32_t *starts;   /* of its fields */
    char *scratch;      /* for those with doubled quotes */
};

/* Has the careful ways read row number `row` of the part, into the batch behind those before it. */
static void turn_to(struct rows *rows, struct csv_block part, size_t row)
{
    struct csv_fields *fields = &rows->fields;
    fields->row = part.base;
    fields->starts = part.starts + row * (part.columns + 1);
    fields->line = rows->line + row;
    fields->i = fields->batch->count + row;
}

/* Reads the row that has been turned to, or notes why not. False: an error. */
static bool take_row(struct rows *rows)
{
    struct csv_fields *fields = &rows->fields;
    struct incidents *batch = fields->batch;
    unsigned wanted = fields->reading->wanted;
    batch->row[fields->i] = (uint32_t)batch->report.rows_read++;
    if (!csv_fields_place(fields) || ((wanted & COLUMN_WEIGHT) && !csv_fields_weight(fields)))
        return true;
    if (((wanted & COLUMN_TIME) && !csv_fields_time(fields))
        || ((wanted & COLUMN_CATEGORY) && !csv_fields_category(fields))
        || ((wanted & COLUMN_SOURCE) && !csv_fields_source(fields)) || !csv_fields_holders(fields)
        || ((wanted & COLUMN_ID) && !csv_fields_id(fields)))
        return false;
    batch->count++;
    return true;
}

/* What else tells the time besides a stamp. */
static void settle_time(moment *when, struct rows *rows)
{
    if (rows->stamp_style->month_only)
        *when = moment_cut(*when, PRECISION_MONTH);
    else if (rows->stamp_style->day_only)
        *when = moment_cut(*when, PRECISION_DAY);
    csv_fields_add_clock(when, &rows->fields);
}

static bool take_times(struct rows *rows, struct csv_block part)
{
    moment *when = rows->fields.batch->when + rows->fields.batch->count;
    const uint32_t *starts = part.starts;
    int column = rows->stamp_column;
    bool is_all = rows->stamp_is_all;
    for (size_t row = 0; row < part.count; row++, starts = csv_block_step(&part, starts)) {
        bool read = false;
        if (column >= 0) {
            struct csv_piece piece = csv_block_piece(&part, starts, (size_t)column);
            read = csv_stamp_read(&when[row], &rows->months, piece.begin, piece.end);
        }
        if (read && is_all)
            continue;
        turn_to(rows, part, row);
        if (read)
            settle_time(&when[row], rows);
        else if (!csv_fields_time(&rows->fields))
            return false;
    }
    return true;
}

static struct csv_words *words_of(struct csv_fields *fields, enum csv_role role)
{
    if (role == ROLE_CATEGORY)
        return &fields->categories;
    return role == ROLE_SOURCE ? &fields->sources : &fields->holders[role - ROLE_REPORTED_TO];
}

static bool take_words(uint32_t *numbers, struct rows *rows, struct csv_block part,
                       enum csv_role role)
{
    struct csv_words *words = words_of(&rows->fields, role);
    const struct csv_piece constant = rows->fields.constants[role];
    int column = rows->fields.columns[role];
    const uint32_t *starts = part.starts;
    for (size_t row = 0; row < part.count; row++, starts = csv_block_step(&part, starts)) {
        struct csv_piece piece =
            column < 0 ? constant : csv_block_piece(&part, starts, (size_t)column);
        if (!csv_words_find(&numbers[row], words, piece.begin, piece.end)
            && !csv_words_number(&numbers[row], words, piece.begin, piece.end))
            return false;
    }
    return true;
}

static bool take_sources(struct rows *rows, struct csv_block part)
{
    uint32_t *numbers = rows->fields.batch->source + rows->fields.batch->count;
    if (rows->fields.has[ROLE_SOURCE])
        return take_words(numbers, rows, part, ROLE_SOURCE);
    memset(numbers, 0, part.count * sizeof *numbers);
    return true;
}

static bool take_holders(struct rows *rows, struct csv_block part)
{
    const struct incidents *batch = rows->fields.batch;
    for (int r = 0; r < HOLDER_ROLES; r++)
        if (batch->holder[r] != NULL
            && !take_words(batch->holder[r] + batch->count, rows, part,
                           (enum csv_role)(ROLE_REPORTED_TO + r)))
            return false;
    return true;
}

/* At most 16 characters of ASCII without blanks at the ends. */
static inline bool is_plain_id(struct csv_piece piece)
{
    size_t length = (size_t)(piece.end - piece.begin);
    uint64_t pair[2];
    if (length - 1 >= CSV_WORD_SLACK)
        return false;
    eight_pair(pair, piece.begin, length);
    return ((pair[0] | pair[1]) & EIGHT_HIGHS) == 0 && *piece.begin > ' ' && piece.end[-1] > ' ';
}

/* The texts stand one behind another, so each is copied with what stands behind it, which is then
 * written over. */
static bool take_ids(struct rows *rows, struct csv_block part)
{
    struct text_column *id = &rows->fields.batch->id, to = *id;
    const struct csv_piece constant = rows->fields.constants[ROLE_ID];
    const uint32_t *starts = part.starts;
    int column = rows->fields.columns[ROLE_ID];
    size_t i = rows->fields.batch->count;
    to.starts[i] = to.length;
    for (size_t row = 0; row < part.count; row++, starts = csv_block_step(&part, starts)) {
        struct csv_piece piece =
            column < 0 ? constant : csv_block_piece(&part, starts, (size_t)column);
        if (to.length + CSV_WORD_SLACK <= to.capacity && is_plain_id(piece)) {
            memcpy(to.bytes + to.length, piece.begin, CSV_WORD_SLACK);
            to.length += (size_t)(piece.end - piece.begin);
        } else {
            id->length = to.length;
            turn_to(rows, part, row);
            if (!csv_fields_id(&rows->fields))
                return false;
            to = *id;
        }
        to.starts[i + row + 1] = to.length;
    }
    id->length = to.length;
    return true;
}

/* Reads weights up to the first that is none. */
static size_t take_weights(struct rows *rows, struct csv_block part)
{
    for (size_t row = 0; row < part.count; row++) {
        turn_to(rows, part, row);
        if (!csv_fields_read_weight(&rows->fields))
            return row;
    }
    return part.count;
}

static void number_rows(struct incidents *batch, size_t count)
{
    uint32_t *to = batch->row + batch->count, first = (uint32_t)batch->report.rows_read;
    for (size_t row = 0; row < count; row++)
        to[row] = first + (uint32_t)row;
    batch->report.rows_read += count;
    batch->count += count;
}

/* Takes rows up to the first without a place or with a bad weight, column by column: so the
 * processor has several rows in hand at one time. *taken tells how many. */
static bool take_good_rows(size_t *taken, struct rows *rows, struct csv_block part)
{
    struct incidents *batch = rows->fields.batch;
    unsigned wanted = rows->fields.reading->wanted;
    size_t i = batch->count;
    rows->places.x = batch->x + i;
    rows->places.y = batch->y + i;
    part.count = csv_places_read(&rows->places, &part);
    if (wanted & COLUMN_WEIGHT)
        part.count = take_weights(rows, part);
    *taken = part.count;
    if (((wanted & COLUMN_TIME) && !take_times(rows, part))
        || ((wanted & COLUMN_CATEGORY)
            && !take_words(batch->reported + i, rows, part, ROLE_CATEGORY))
        || ((wanted & COLUMN_SOURCE) && !take_sources(rows, part)) || !take_holders(rows, part)
        || ((wanted & COLUMN_ID) && !take_ids(rows, part)))
        return false;
    number_rows(batch, part.count);
    return true;
}

/* Takes the rows of the block; one that is not good is read carefully, between the others. */
static bool take_block(struct rows *rows)
{
    const struct csv_block *block = &rows->block;
    for (size_t row = 0, taken; row < block->count; row += taken) {
        struct csv_block part = csv_block_part(block, row, block->count);
        if (!take_good_rows(&taken, rows, part))
            return false;
        rows->line += taken;
        if (taken == part.count)
            break;
        turn_to(rows, csv_block_part(block, row + taken, block->count), 0);
        if (!take_row(rows))
            return false;
        rows->line++;
        taken++;
    }
    return true;
}

/* Extra fields do no harm when nothing stands in them. */
static bool extra_are_empty(const struct rows *rows)
{
    const struct csv_row *row = &rows->row;
    if (row->field_count > row->span_capacity)
        return false;
    for (size_t i = rows->splitter.columns; i < row->field_count; i++) {
        struct csv_piece piece = {rows->text.begin + row->spans[i].begin,
                                  rows->text.begin + row->spans[i].end};
        csv_unquote(&piece.begin, &piece.end, rows->scratch);
        text_trim(&piece.begin, &piece.end);
        if (piece.begin < piece.end)
            return false;
    }
    return true;
}

/* The row that has been scanned. */
static bool take_spans(struct rows *rows)
{
    const struct csv_span *spans = rows->row.spans;
    size_t columns = rows->splitter.columns;
    rows->starts[0] = 0;
    for (size_t i = 0; i < columns; i++)
        rows->starts[i + 1] = spans[i].end + 1 - spans[0].begin;
    const struct csv_block one = {
        .base = rows->row.begin, .starts = rows->starts, .columns = columns, .count = 1};
    turn_to(rows, one, 0);
    return take_row(rows);
}

/* A row that is out of the ordinary, or a blank line. */
static bool take_odd_row(struct rows *rows)
{
    struct csv_row *row = &rows->row;
    struct row_report *report = &rows->fields.batch->report;
    size_t columns = rows->splitter.columns;
    enum csv_state state = csv_scan_row(row, &rows->text, &rows->splitter.dialect);
    struct csv_piece piece = {row->begin, row->next - 1};
    bool whole = state == CSV_WHOLE, done = true;
    rows->fields.line = rows->line;
    if (whole
        && (row->field_count == columns || (row->field_count > columns && extra_are_empty(rows))))
        done = take_spans(rows);
    else if (!whole || row->field_count > 0) {
        report->rows_read++;
        csv_fields_note(&rows->fields,
                        !whole                       ? ROW_BAD_QUOTES
                        : row->field_count < columns ? ROW_SHORT
                                                     : ROW_LONG,
                        piece);
    }
    rows->line += rows->fields.reading->feed != NULL ? row->field_count > 0 : row->line_count;
    return done;
}

static bool take_rows(struct rows *rows)
{
    const char *end = rows->slice->end, *at = rows->slice->begin;
    while (at < end) {
        if (rows->by_blocks) {
            at = csv_split_rows(&rows->block, &rows->splitter, at, end);
            if (!take_block(rows))
                return false;
            if (rows->block.count > 0)
                continue;
        }
        rows->row.begin = at;
        if (!take_odd_row(rows))
            return false;
        at = rows->row.next;
    }
    return true;
}

/* How ordinary rows are read. */
static void choose_ways(struct rows *rows)
{
    const struct csv_fields *fields = &rows->fields;
    bool occurred = fields->time_from == CSV_TIME_STAMP, degrees = fields->layout->has_degrees;
    int x = fields->columns[fields->x_role], y = fields->columns[fields->y_role];
    bool wide = fields->reading->wide;
    rows->by_blocks = !fields->reading->careful && x >= 0 && y >= 0;
    rows->places = (struct csv_places){.x_column = (size_t)x,
                                       .y_column = (size_t)y,
                                       .x_most = degrees ? 180 : INFINITY,
                                       .y_most = degrees ? 90 : INFINITY,
                                       .mark = fields->layout->decimal_comma ? ',' : '.',
                                       .wide = wide};
    rows->splitter = (struct csv_splitter){.dialect = fields->reading->dialect,
                                           .columns = fields->layout->column_count,
                                           .has_quotes = rows->slice->has_quotes,
                                           .wide = wide};
    rows->stamp_style = occurred ? &fields->occurred_style : &fields->reported_style;
    rows->stamp_column = fields->columns[occurred ? ROLE_OCCURRED : ROLE_REPORTED];
    if (fields->time_from == CSV_TIME_PARTS)
        rows->stamp_column = -1;
    rows->months.month_first = rows->stamp_style->month_first;
    rows->stamp_is_all = !rows->stamp_style->day_only && !rows->stamp_style->month_only
                         && !fields->has[ROLE_OCCURRED_TIME];
}

static bool start(struct rows *rows, struct error *error)
{
    struct csv_fields *fields = &rows->fields;
    size_t columns = fields->reading->layout->column_count;
    size_t length = (size_t)(rows->slice->end - rows->slice->begin);
    rows->row.span_capacity = columns + EXTRA_FIELDS;
    if (!csv_fields_start(fields))
        return false;
    choose_ways(rows);
    if (!csv_block_new(&rows->block, &rows->splitter, error)
        || !array_new_raw(&rows->starts, columns + 1, sizeof *rows->starts, error)
        || !array_new_raw(&rows->row.spans, rows->row.span_capacity, sizeof *rows->row.spans, error)
        || !array_new_raw(&rows->scratch, rows->slice->has_quotes ? length + CSV_WORD_SLACK : 1, 1,
                          error))
        return false;
    fields->scratch = rows->scratch;
    return true;
}

bool csv_rows_parse(struct incidents *batch, const struct csv_reading *reading, size_t slice,
                    struct error *error)
{
    const struct csv_window *window = reading->window;
    struct rows *rows;
    if (!array_new(&rows, 1, sizeof *rows, error))
        return false;
    rows->slice = &window->slices.items[slice];
    rows->text = (struct csv_text){rows->slice->begin, window->text.end, window->text.ends};
    rows->line = reading->feed != NULL ? rows->slice->first_row : rows->slice->first_line;
    rows->fields.reading = reading;
    rows->fields.batch = batch;
    rows->fields.error = error;
    rows->fields.has_quotes = rows->slice->has_quotes;
    batch->first_row = rows->slice->first_row;
    bool done = start(rows, error) && take_rows(rows);
    csv_block_free(&rows->block);
    free(rows->starts);
    free(rows->row.spans);
    free(rows->scratch);
    csv_fields_free(&rows->fields);
    free(rows);
    return done;
}

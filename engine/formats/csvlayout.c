/* What a file of delimited text holds: its header, the columns that serve, and how their dates are
 * written, found by looking at its first rows. */
#include "engine/formats/csvlayout.h"

#include "engine/core/dates.h"
#include "engine/core/numbers.h"
#include "engine/core/text.h"
#include "engine/formats/csvknown.h"

#include <stdlib.h>
#include <string.h>

enum {
    ROWS_LOOKED_AT = 1000,
    FEW_MIDNIGHTS = 10, /* fewer times, all 00:00, may be chance */
};

/* What the first rows tell about the column of a role; counts of values. */
struct evidence {
    size_t filled, days, months, times, midnights, days_of_month, commas;
    size_t day_first, month_first;
};

/* What is at hand while looking. */
struct look {
    const struct csv_text *text;
    const struct csv_head *head;
    const struct csv_looking *looking;
    struct csv_row row;
    struct evidence evidence[CSV_ROLES];
};

static char *decode(const char *begin, const char *end, struct error *error)
{
    text_trim(&begin, &end);
    size_t length = (size_t)(end - begin);
    return text_is_utf8(begin, length) ? text_copy(begin, length, error)
                                       : text_from_cp1252(begin, length, error);
}

/* A trailing delimiter on the header's line makes no column. */
static void drop_nameless_end(struct csv_layout *layout)
{
    while (layout->column_count > 0 && layout->names[layout->column_count - 1][0] == '\0')
        array_free(&layout->names[--layout->column_count]);
}

static bool read_names(struct csv_layout *layout, const struct look *look, struct error *error)
{
    const struct csv_row *row = &look->row;
    char *scratch;
    if (!array_new(&layout->names, row->field_count, sizeof *layout->names, error)
        || !array_new_raw(&scratch, (size_t)(row->next - row->begin), 1, error))
        return false;
    bool done = true;
    for (size_t i = 0; i < row->field_count && done; i++) {
        const char *begin = look->text->begin + row->spans[i].begin;
        const char *end = look->text->begin + row->spans[i].end;
        csv_unquote(&begin, &end, scratch);
        layout->names[i] = decode(begin, end, error);
        done = layout->names[i] != NULL;
        layout->column_count += done;
    }
    free(scratch);
    drop_nameless_end(layout);
    return done;
}

/* A first row without a single word in it is data, not a header. */
static bool is_all_numbers(const struct csv_layout *layout)
{
    for (size_t i = 0; i < layout->column_count; i++) {
        const char *name = layout->names[i];
        double value;
        if (name[0] != '\0' && !number_parse(&value, name, name + strlen(name)))
            return false;
    }
    return true;
}

static bool read_header(struct csv_layout *layout, struct look *look, struct error *error)
{
    const char *path = look->looking->path;
    look->row.begin = look->head->first;
    enum csv_state state = csv_scan_row(&look->row, look->text, &look->head->dialect);
    if (state == CSV_MORE)
        return error_set(error, ERROR_DATA,
                         "%s:%zu: the header goes on for more than %d bytes, so this is no table",
                         path, look->head->line, (int)CSV_HEAD);
    if (state == CSV_BAD_QUOTES)
        return error_set(error, ERROR_DATA,
                         "%s:%zu: a quote opens in the header and does not close", path,
                         look->head->line);
    if (look->row.field_count > CSV_COLUMNS_MOST)
        return error_set(error, ERROR_DATA, "%s:%zu: a header of more than %d columns", path,
                         look->head->line, (int)CSV_COLUMNS_MOST);
    if (!read_names(layout, look, error))
        return false;
    if (is_all_numbers(layout))
        return error_set(error, ERROR_DATA,
                         "%s:%zu: the first row holds numbers only; put a header above it, such as "
                         "id,lon,lat,category,occurred_at",
                         path, look->head->line);
    return true;
}

static void weigh(struct evidence *evidence, enum csv_role role, const char *begin, const char *end)
{
    int64_t whole;
    moment when;
    text_trim(&begin, &end);
    if (begin == end)
        return;
    evidence->filled++;
    if (role <= ROLE_Y) {
        bool comma = memchr(begin, ',', (size_t)(end - begin)) != NULL;
        evidence->commas += comma && memchr(begin, '.', (size_t)(end - begin)) == NULL;
        return;
    }
    struct date_facts facts = date_look(begin, end);
    evidence->days += facts.is_day;
    evidence->times += facts.has_time;
    evidence->midnights += facts.is_midnight;
    evidence->day_first += facts.order > 0;
    evidence->month_first += facts.order < 0;
    evidence->days_of_month += number_parse_whole(&whole, begin, end) && whole >= 1 && whole <= 31;
    evidence->months += date_parse(&when, begin, end, &(struct date_style){.month_only = true})
                        && moment_precision(when) == PRECISION_MONTH;
}

static bool needs_evidence(enum csv_role role)
{
    return (role >= ROLE_LON && role <= ROLE_Y)
           || (role >= ROLE_OCCURRED && role <= ROLE_REPORTED && role != ROLE_YEAR);
}

static void weigh_row(struct look *look, const struct csv_roles *roles, char *scratch)
{
    for (int r = 0; r < CSV_ROLES; r++) {
        int column = roles->columns[r];
        if (column < 0 || (size_t)column >= look->row.field_count
            || !needs_evidence((enum csv_role)r))
            continue;
        const char *begin = look->text->begin + look->row.spans[column].begin;
        const char *end = look->text->begin + look->row.spans[column].end;
        csv_unquote(&begin, &end, scratch);
        weigh(&look->evidence[r], (enum csv_role)r, begin, end);
    }
}

/* Looks at the rows behind the header, which stands in look->row. */
static bool gather_evidence(struct look *look, const struct csv_roles *roles, struct error *error)
{
    char *scratch;
    if (!array_new_raw(&scratch, (size_t)(look->text->end - look->text->begin), 1, error))
        return false;
    for (int rows = 0; rows < ROWS_LOOKED_AT && look->row.next < look->text->end; rows++) {
        look->row.begin = look->row.next;
        enum csv_state state = csv_scan_row(&look->row, look->text, &look->head->dialect);
        if (state == CSV_MORE)
            break;
        if (state == CSV_WHOLE && look->row.field_count <= CSV_COLUMNS_MOST)
            weigh_row(look, roles, scratch);
    }
    free(scratch);
    return true;
}

static bool has(const struct csv_roles *roles, enum csv_role role)
{
    return roles->columns[role] >= 0 || roles->constants[role] != NULL;
}

static void drop(struct csv_roles *roles, enum csv_role role)
{
    roles->columns[role] = -1;
    array_free(&roles->constants[role]);
}

/* A column's name promises little: `dag` may hold a weekday, `tijd` a whole stamp, and `month` a
 * date of which only the month counts. */
static void settle_times(struct csv_layout *layout, struct csv_roles *roles,
                         struct evidence *evidence)
{
    const struct evidence *day = &evidence[ROLE_DAY];
    if (!roles->given[ROLE_DAY] && day->days_of_month < day->filled)
        drop(roles, ROLE_DAY);
    if (!has(roles, ROLE_OCCURRED) && evidence[ROLE_OCCURRED_TIME].days > 0) {
        roles->columns[ROLE_OCCURRED] = roles->columns[ROLE_OCCURRED_TIME];
        evidence[ROLE_OCCURRED] = evidence[ROLE_OCCURRED_TIME];
        drop(roles, ROLE_OCCURRED_TIME);
    }
    bool wanted = roles->given[ROLE_MONTH]
                      ? !roles->given[ROLE_OCCURRED]
                      : !has(roles, ROLE_OCCURRED) && evidence[ROLE_MONTH].months > 0;
    if (has(roles, ROLE_MONTH) && !has(roles, ROLE_YEAR) && wanted) {
        drop(roles, ROLE_OCCURRED);
        roles->columns[ROLE_OCCURRED] = roles->columns[ROLE_MONTH];
        roles->constants[ROLE_OCCURRED] = roles->constants[ROLE_MONTH];
        roles->constants[ROLE_MONTH] = NULL;
        evidence[ROLE_OCCURRED] = evidence[ROLE_MONTH];
        layout->month_only = true;
    }
}

/* A date says more than a year and a month beside it, unless --columns names those. */
static void settle_split_dates(struct csv_roles *roles)
{
    bool given = roles->given[ROLE_YEAR] || roles->given[ROLE_MONTH] || roles->given[ROLE_DAY];
    bool dated = has(roles, ROLE_OCCURRED) || (has(roles, ROLE_REPORTED) && !has(roles, ROLE_DAY));
    if (has(roles, ROLE_YEAR) && given && !roles->given[ROLE_OCCURRED])
        drop(roles, ROLE_OCCURRED);
    else if (dated || !has(roles, ROLE_YEAR)) {
        drop(roles, ROLE_YEAR);
        drop(roles, ROLE_MONTH);
        drop(roles, ROLE_DAY);
    }
    if (!has(roles, ROLE_MONTH))
        drop(roles, ROLE_DAY);
}

static struct csv_header header_of(const struct csv_layout *layout,
                                   const struct csv_looking *looking)
{
    const struct feed_facts *fed = looking->fed;
    bool has_place = fed != NULL && fed->has_place && layout->column_count >= 2;
    return (struct csv_header){.path = looking->path,
                               .names = layout->names,
                               .count = layout->column_count,
                               .names_cut = fed != NULL ? fed->names_cut : 0,
                               .has_place = has_place,
                               .place_in_degrees = has_place && fed->in_degrees};
}

/* Signalen's reports and their places are two files. */
static bool no_place(const struct csv_header *header, struct error *error)
{
    if (csv_known(header) == CSV_SIGNALEN_ALONE)
        return error_set(error, ERROR_DATA,
                         "%s: is Signalen's signals.csv, and its places are in locations.csv; join "
                         "the two by location_id",
                         header->path);
    char *list = csv_header_list(header);
    error_set(error, ERROR_DATA,
              "%s: there are no columns for a place; say --columns x=FIELD,y=FIELD or "
              "lon=FIELD,lat=FIELD; the columns are: %s",
              header->path, list != NULL ? list : "");
    free(list);
    return false;
}

/* Degrees go before x and y, unless --columns names x or y and no degrees. */
static bool settle_place(struct csv_layout *layout, const struct csv_roles *roles,
                         const struct csv_looking *looking, struct error *error)
{
    bool degrees = has(roles, ROLE_LON) && has(roles, ROLE_LAT);
    bool metres = has(roles, ROLE_X) && has(roles, ROLE_Y);
    bool degrees_given = roles->given[ROLE_LON] || roles->given[ROLE_LAT];
    bool metres_given = roles->given[ROLE_X] || roles->given[ROLE_Y];
    layout->has_degrees = degrees && !(metres && metres_given && !degrees_given);
    if ((degrees || metres) && (degrees || !degrees_given) && (metres || !metres_given))
        return true;
    const struct csv_header header = header_of(layout, looking);
    return no_place(&header, error);
}

/* How the dates of a role are written; only what is told by the rows themselves. */
static void settle_style(struct csv_layout *layout, enum csv_role role,
                         const struct evidence *evidence, const struct csv_looking *looking)
{
    int column = layout->roles[role];
    if (column < 0)
        return;
    layout->month_first[role] = evidence->month_first > 0 && evidence->day_first == 0;
    layout->day_only[role] =
        evidence->midnights >= FEW_MIDNIGHTS && evidence->midnights == evidence->times;
    if (layout->month_first[role] && looking->notes != NULL)
        notes_add(looking->notes, "%s: dates in '%s' are read as month/day/year", looking->path,
                  layout->names[column]);
    if (layout->day_only[role] && looking->notes != NULL)
        notes_add(looking->notes,
                  "%s: every time in '%s' is 00:00, so it is read as a day without a time",
                  looking->path, layout->names[column]);
}

static void take_roles(struct csv_layout *layout, struct csv_roles *roles, const struct look *look)
{
    size_t commas = 0;
    for (int r = 0; r < CSV_ROLES; r++) {
        layout->roles[r] = roles->columns[r];
        layout->constants[r] = roles->constants[r];
        roles->constants[r] = NULL;
        commas += look->evidence[r].commas;
    }
    layout->decimal_comma = commas > 0;
    settle_style(layout, ROLE_OCCURRED, &look->evidence[ROLE_OCCURRED], look->looking);
    settle_style(layout, ROLE_REPORTED, &look->evidence[ROLE_REPORTED], look->looking);
}

/* --columns may name it, and nothing is done with it. */
static void remark_on_until(const struct csv_roles *roles, const struct csv_looking *looking)
{
    if (roles->given[ROLE_UNTIL] && looking->notes != NULL)
        notes_add(looking->notes, "%s: --columns names a field for until, which nothing uses yet",
                  looking->path);
}

bool csv_layout_read(struct csv_layout *layout, struct csv_head *head,
                     const struct csv_looking *looking, struct error *error)
{
    struct look look = {.text = &looking->text, .head = head, .looking = looking};
    struct csv_roles roles = {0};
    *layout = (struct csv_layout){
        .delimiter = head->dialect.delimiter, .has_bom = head->has_bom, .is_utf8 = head->is_utf8};
    look.row.span_capacity = csv_fields_most(&looking->text);
    bool done =
        array_new_raw(&look.row.spans, look.row.span_capacity, sizeof *look.row.spans, error)
        && read_header(layout, &look, error);
    size_t lines = look.row.line_count;
    const char *data = look.row.next;
    struct csv_header header = header_of(layout, looking);
    done = done && csv_roles_find(&roles, &header, looking->columns, error)
           && gather_evidence(&look, &roles, error);
    if (done) {
        csv_known_roles(&roles, &header);
        settle_times(layout, &roles, look.evidence);
        settle_split_dates(&roles);
        done = settle_place(layout, &roles, looking, error);
        int place = roles.columns[layout->has_degrees ? ROLE_LON : ROLE_X];
        layout->has_rows = looking->fed != NULL && looking->fed->has_rows;
        layout->has_own_place = header.has_place && place == (int)header.count - 2;
        remark_on_until(&roles, looking);
        if (looking->notes != NULL)
            csv_known_note(&header, looking->notes);
        take_roles(layout, &roles, &look);
        head->first = data;
        head->line += lines;
    }
    free(look.row.spans);
    csv_roles_free(&roles);
    if (!done)
        csv_layout_free(layout);
    return done;
}

void csv_layout_free(struct csv_layout *layout)
{
    for (size_t i = 0; i < layout->column_count; i++)
        free(layout->names[i]);
    free(layout->names);
    for (int r = 0; r < CSV_ROLES; r++)
        free(layout->constants[r]);
    *layout = (struct csv_layout){0};
}

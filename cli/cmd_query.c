/* plein query: counts of the selected incidents. */
#include "cli/command.h"

#include "engine/report/wording.h"
#include "engine/study/packages_join.h"
#include "engine/study/query_squares.h"

#include <stdio.h>

static const struct sheet_column COLUMNS[QUERY_KEYS] = {
    [KEY_JURISDICTION] = {"jurisdiction", N_("jurisdiction"), SHEET_TEXT},
    [KEY_DISTRICT] = {"district", N_("district"), SHEET_TEXT},
    [KEY_BAND] = {"band", N_("border band"), SHEET_TEXT},
    [KEY_REPORTED_TO] = {"reported_to", N_("reported to"), SHEET_TEXT},
    [KEY_RESPONSIBLE] = {"responsible", N_("responsible"), SHEET_TEXT},
    [KEY_DOMAIN] = {"domain", N_("domain"), SHEET_TEXT},
    [KEY_CATEGORY] = {"category", N_("category"), SHEET_TEXT},
    [KEY_SOURCE] = {"source", N_("source"), SHEET_TEXT},
    [KEY_YEAR] = {"year", N_("year"), SHEET_TEXT},
    [KEY_MONTH] = {"month", N_("month"), SHEET_TEXT},
    [KEY_WEEKDAY] = {"weekday", N_("weekday"), SHEET_TEXT},
    [KEY_HOUR] = {"hour", N_("hour"), SHEET_TEXT},
    [KEY_SQUARE] = {"square", N_("square"), SHEET_TEXT},
};

/* The column before it, for keys that have a code too, or a size. */
static const char *const CODES[QUERY_KEYS] = {
    [KEY_JURISDICTION] = "jurisdiction_code",
    [KEY_DISTRICT] = "district_code",
    [KEY_REPORTED_TO] = "reported_to_code",
    [KEY_RESPONSIBLE] = "responsible_code",
    [KEY_SQUARE] = "square_m",
};
enum { CODE_COLUMNS = 5, COUNT_COLUMNS = 3 };

/* What the answer is made of, for the functions below. */
struct answer {
    const struct study *study;
    const struct query *query;
    struct sheet sheet;
    struct sheet_column columns[QUERY_KEYS + CODE_COLUMNS + COUNT_COLUMNS];
    size_t count_column;
    enum query_key keys[QUERY_KEYS]; /* of the columns, the code's own left out */
    size_t key_count;
    bool tells_band; /* a row below each jurisdiction's own, for people */
    bool in_words;   /* for people */
};

static void lay_out(struct answer *answer)
{
    size_t count = 0;
    for (int key = 0; key < QUERY_KEYS; key++) {
        if (!answer->query->by[key] || (key == KEY_BAND && answer->tells_band))
            continue;
        if (CODES[key] != NULL)
            answer->columns[count++] = (struct sheet_column){
                CODES[key], key == KEY_SQUARE ? _("side, m") : _("code"), SHEET_TEXT};
        answer->columns[count] = COLUMNS[key];
        answer->columns[count++].title = _(COLUMNS[key].title);
        answer->keys[answer->key_count++] = (enum query_key)key;
    }
    answer->count_column = count;
    answer->columns[count++] = (struct sheet_column){"incidents", _("incidents"), SHEET_NUMBER};
    if (answer->query->has_squares && answer->in_words)
        answer->columns[count++] = (struct sheet_column){"bounds", _("bounds"), SHEET_TEXT};
    else if (answer->query->has_squares) {
        answer->columns[count++] = (struct sheet_column){"low", "low", SHEET_NUMBER};
        answer->columns[count++] = (struct sheet_column){"high", "high", SHEET_NUMBER};
    }
    answer->sheet.columns = answer->columns;
    answer->sheet.column_count = count;
}

static bool set_area(struct answer *answer, size_t column, const struct jurisdiction *item,
                     struct error *error)
{
    return sheet_set(&answer->sheet, column, item->code, error)
           && sheet_set(&answer->sheet, column + 1, item->name, error);
}

/* One who is no jurisdiction has no code. */
static bool set_holder(struct answer *answer, size_t column, uint32_t holder, struct error *error)
{
    const struct holders *holders = &answer->study->holders;
    const struct jurisdiction *jurisdiction = holders_jurisdiction(holders, holder);
    if (jurisdiction != NULL)
        return set_area(answer, column, jurisdiction, error);
    return sheet_set(&answer->sheet, column + 1, holders_name(holders, holder), error);
}

static bool set_square(struct answer *answer, size_t column, int64_t value, struct error *error)
{
    const struct square square = query_square(value);
    char name[SQUARE_NAME], size[24];
    square_name(name, &square);
    snprintf(size, sizeof size, "%d", (int)square.size * SQUARE_M);
    return sheet_set(&answer->sheet, column, size, error)
           && sheet_set(&answer->sheet, column + 1, name, error);
}

static bool set_value(struct answer *answer, size_t column, enum query_key key, int64_t value,
                      struct error *error)
{
    static const char *const DAYS[] = {"mo", "tu", "we", "th", "fr", "sa", "su"};
    char text[24];
    if (value < 0 && key == KEY_DISTRICT)
        return sheet_set(&answer->sheet, column + 1, "(no district)", error);
    if (value < 0 || (value == QUERY_DISTRICT_UNTOLD && key == KEY_DISTRICT))
        return sheet_set(&answer->sheet, CODES[key] != NULL ? column + 1 : column, "(unknown)",
                         error);
    switch (key) {
    case KEY_JURISDICTION:
        return set_area(answer, column, &answer->study->boundaries.jurisdictions.items[value],
                        error);
    case KEY_DISTRICT:
        return set_area(answer, column, &answer->study->districts.jurisdictions.items[value],
                        error);
    case KEY_BAND:
        return sheet_set(&answer->sheet, column, value == QUERY_IN_BAND ? "in" : "out", error);
    case KEY_REPORTED_TO:
    case KEY_RESPONSIBLE:
        return set_holder(answer, column, (uint32_t)value, error);
    case KEY_DOMAIN:
        return sheet_set(&answer->sheet, column, domain_name((enum domain)value), error);
    case KEY_CATEGORY:
        return sheet_set(&answer->sheet, column,
                         dictionary_text(answer->study->categories, (uint32_t)value), error);
    case KEY_SOURCE:
        return sheet_set(&answer->sheet, column,
                         dictionary_text(answer->study->sources, (uint32_t)value), error);
    case KEY_WEEKDAY:
        return sheet_set(&answer->sheet, column, DAYS[value], error);
    case KEY_SQUARE:
        return set_square(answer, column, value, error);
    case KEY_YEAR:
    case KEY_MONTH:
    case KEY_HOUR:
        break;
    }
    snprintf(text, sizeof text, key == KEY_YEAR ? "%04d" : "%02d", (int)value);
    return sheet_set(&answer->sheet, column, text, error);
}

/* "between 18 and 27", where that says more than the count does. */
static bool set_bounds(struct answer *answer, const struct query_amount *amount,
                       struct error *error)
{
    struct text text = {0};
    const struct wording_figure low = wording_figure(amount->incidents - amount->less);
    if (amount->more == QUERY_NO_END)
        text_add(&text, _("%s or more"), low.text);
    else if (amount->less > 0 || amount->more > 0)
        text_add(&text, _("between %s and %s"), low.text,
                 wording_figure(amount->incidents + amount->more).text);
    bool done = (text.length == 0 && !text.failed)
                || (text_check(&text, error)
                    && sheet_set(&answer->sheet, answer->count_column + 1, text.bytes, error));
    text_free(&text);
    return done;
}

/* A count that is withheld throughout is not known, and left open. */
static bool set_amount(struct answer *answer, const struct query_amount *amount,
                       struct error *error)
{
    size_t column = answer->count_column;
    bool known = amount->incidents > 0 || amount->more == 0;
    if (known && !sheet_set_number(&answer->sheet, column, (double)amount->incidents, 0, error))
        return false;
    if (!answer->query->has_squares)
        return true;
    if (answer->in_words)
        return set_bounds(answer, amount, error);
    return sheet_set_number(&answer->sheet, column + 1, (double)(amount->incidents - amount->less),
                            0, error)
           && (amount->more == QUERY_NO_END
               || sheet_set_number(&answer->sheet, column + 2,
                                   (double)(amount->incidents + amount->more), 0, error));
}

static bool add_row(struct answer *answer, const struct query_row *row, struct error *error)
{
    size_t column = 0;
    if (!sheet_add_row(&answer->sheet, error))
        return false;
    for (size_t k = 0; k < answer->key_count; k++) {
        enum query_key key = answer->keys[k];
        if (!set_value(answer, column, key, query_value(row, key), error))
            return false;
        column += CODES[key] != NULL ? 2 : 1;
    }
    return set_amount(answer, &row->amount, error);
}

/* A jurisdiction's two rows as one, with what lies in the border band below it. */
static bool add_with_band(struct answer *answer, const struct query_row rows[2],
                          struct error *error)
{
    struct query_row whole = rows[0];
    query_add_amount(&whole.amount, &rows[1].amount);
    struct text label = {0}, metres = {0};
    wording_number(&metres, answer->query->band_m);
    text_add(&label, "  ");
    text_add(&label, _("of which in the border band (%s m)"), text_part(&label, &metres));
    bool done = text_check(&label, error) && add_row(answer, &whole, error)
                && sheet_add_row(&answer->sheet, error)
                && sheet_set(&answer->sheet, 1, label.bytes, error)
                && set_amount(answer, &rows[0].amount, error);
    text_free(&label);
    text_free(&metres);
    return done;
}

static bool add_rows(struct answer *answer, struct error *error)
{
    const struct query *query = answer->query;
    size_t step = answer->tells_band ? 2 : 1; /* each jurisdiction has both rows then */
    for (size_t r = 0; r < query->rows.count; r += step)
        if (!(answer->tells_band ? add_with_band(answer, &query->rows.items[r], error)
                                 : add_row(answer, &query->rows.items[r], error)))
            return false;
    return true;
}

/* A closing row is named in the jurisdiction's column, or in the first one where there is none. */
static bool add_closing(struct answer *answer, const char *name, const struct query_amount *amount,
                        struct error *error)
{
    size_t column = CODES[answer->keys[0]] != NULL ? 1 : 0;
    return sheet_add_row(&answer->sheet, error) && sheet_set(&answer->sheet, column, name, error)
           && set_amount(answer, amount, error);
}

static bool answer_query(struct answer *answer, const struct options *options, struct error *error)
{
    const struct query *query = answer->query;
    const bool translate = answer->in_words;
    const struct query_amount outside = {.incidents = query->outside},
                              no_place = {.incidents = query->no_place};
    struct query_amount total = {.incidents = query->total};
    query_add_amount(&total, &query->squares);
    lay_out(answer);
    return add_rows(answer, error)
           && add_closing(answer, translate ? _("(outside)") : "(outside)", &outside, error)
           && add_closing(answer, translate ? _("(no place)") : "(no place)", &no_place, error)
           && add_closing(answer, translate ? _("total") : "total", &total, error)
           && command_write_sheet(options, &answer->sheet, error);
}

/* What the scales come to, and which districts do not nest. */
static void remark_on_nesting(struct study *study, const struct query *query)
{
    const struct scales sums = nesting_sums(&query->nesting);
    struct straddling found;
    notes_add(&study->notes,
              "proof: cells %zu = districts %zu (of which in none %zu) = jurisdictions %zu; "
              "with %zu outside and %zu without a place %zu = total %zu",
              sums.cells, sums.districts, sums.in_none, sums.jurisdictions, query->outside,
              query->no_place, sums.jurisdictions + query->outside + query->no_place, query->total);
    for (size_t n = 0; nesting_straddling(&found, &query->nesting, n); n++)
        notes_add(&study->notes,
                  "district %s lies across a border: %zu of its %zu incidents are not in %s",
                  study->districts.jurisdictions.items[found.district].name, found.elsewhere,
                  found.incidents, study->boundaries.jurisdictions.items[found.most].name);
}

/* People who ask by jurisdiction alone are told what could change hands, too; of squares that is
 * not known. */
static void choose_band(struct answer *answer, struct query *query, const struct study *study)
{
    answer->tells_band = answer->in_words && query_is_plain(query) && study->packages.count == 0;
    if (answer->tells_band)
        query->by[KEY_BAND] = true;
}

bool cmd_query(const struct options *options, int *answer_status, struct error *error)
{
    struct study study = {0};
    struct query query = {0};
    struct answer answer = {
        .study = &study, .query = &query, .in_words = command_format(options) == FORMAT_TABLE};
    (void)answer_status;
    bool done =
        query_parse_keys(&query, options->by, error) && command_study(&study, options, error);
    if (done)
        choose_band(&answer, &query, &study);
    done = done && query_run(&query, &study, error) && query_add_squares(&query, &study, error)
           && answer_query(&answer, options, error);
    if (done && query.by[KEY_DISTRICT])
        remark_on_nesting(&study, &query);
    if (done) {
        packages_remark(&study);
        command_remarks(&study);
    }
    sheet_free(&answer.sheet);
    query_free(&query);
    study_close(&study);
    return done;
}

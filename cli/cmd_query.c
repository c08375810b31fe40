/* plein query: counts of the selected incidents. */
#include "cli/command.h"

#include "engine/study/query.h"

#include <stdio.h>

static const struct sheet_column COLUMNS[QUERY_KEYS] = {
    [KEY_JURISDICTION] = {"jurisdiction", N_("jurisdiction"), SHEET_TEXT},
    [KEY_DISTRICT] = {"district", N_("district"), SHEET_TEXT},
    [KEY_DOMAIN] = {"domain", N_("domain"), SHEET_TEXT},
    [KEY_CATEGORY] = {"category", N_("category"), SHEET_TEXT},
    [KEY_SOURCE] = {"source", N_("source"), SHEET_TEXT},
    [KEY_YEAR] = {"year", N_("year"), SHEET_TEXT},
    [KEY_MONTH] = {"month", N_("month"), SHEET_TEXT},
    [KEY_WEEKDAY] = {"weekday", N_("weekday"), SHEET_TEXT},
    [KEY_HOUR] = {"hour", N_("hour"), SHEET_TEXT},
};

/* What the answer is made of, for the functions below. */
struct answer {
    const struct study *study;
    const struct query *query;
    struct sheet sheet;
    struct sheet_column columns[QUERY_KEYS + 3];
    enum query_key keys[QUERY_KEYS]; /* of the columns, the code's own left out */
    size_t key_count;
};

static void lay_out(struct answer *answer)
{
    size_t count = 0;
    for (int key = 0; key < QUERY_KEYS; key++) {
        if (!answer->query->by[key])
            continue;
        if (key == KEY_JURISDICTION)
            answer->columns[count++] =
                (struct sheet_column){"jurisdiction_code", _("code"), SHEET_TEXT};
        if (key == KEY_DISTRICT)
            answer->columns[count++] =
                (struct sheet_column){"district_code", _("code"), SHEET_TEXT};
        answer->columns[count] = COLUMNS[key];
        answer->columns[count++].title = _(COLUMNS[key].title);
        answer->keys[answer->key_count++] = (enum query_key)key;
    }
    answer->columns[count++] = (struct sheet_column){"incidents", _("incidents"), SHEET_NUMBER};
    answer->sheet.columns = answer->columns;
    answer->sheet.column_count = count;
}

static bool set_area(struct answer *answer, size_t column, const struct jurisdiction *item,
                     struct error *error)
{
    return sheet_set(&answer->sheet, column, item->code, error)
           && sheet_set(&answer->sheet, column + 1, item->name, error);
}

static bool set_value(struct answer *answer, size_t column, enum query_key key, int64_t value,
                      struct error *error)
{
    static const char *const DAYS[] = {"mo", "tu", "we", "th", "fr", "sa", "su"};
    char text[24];
    if (value < 0 && key == KEY_DISTRICT)
        return sheet_set(&answer->sheet, column + 1, "(no district)", error);
    if (value < 0)
        return sheet_set(&answer->sheet, column, "(unknown)", error);
    switch (key) {
    case KEY_JURISDICTION:
        return set_area(answer, column, &answer->study->boundaries.jurisdictions.items[value],
                        error);
    case KEY_DISTRICT:
        return set_area(answer, column, &answer->study->districts.jurisdictions.items[value],
                        error);
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
    case KEY_YEAR:
    case KEY_MONTH:
    case KEY_HOUR:
        break;
    }
    snprintf(text, sizeof text, key == KEY_YEAR ? "%04d" : "%02d", (int)value);
    return sheet_set(&answer->sheet, column, text, error);
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
        column += key == KEY_JURISDICTION || key == KEY_DISTRICT ? 2 : 1;
    }
    return sheet_set_number(&answer->sheet, column, (double)row->incidents, 0, error);
}

/* A closing row is named in the jurisdiction's column, or in the first one where there is none. */
static bool add_closing(struct answer *answer, const char *name, size_t incidents,
                        struct error *error)
{
    const bool *by = answer->query->by;
    size_t column = by[KEY_JURISDICTION] || by[KEY_DISTRICT] ? 1 : 0;
    return sheet_add_row(&answer->sheet, error) && sheet_set(&answer->sheet, column, name, error)
           && sheet_set_number(&answer->sheet, answer->sheet.column_count - 1, (double)incidents, 0,
                               error);
}

static bool answer_query(struct answer *answer, const struct options *options, struct error *error)
{
    const struct query *query = answer->query;
    bool translate = command_format(options) == FORMAT_TABLE;
    lay_out(answer);
    for (size_t r = 0; r < query->count; r++)
        if (!add_row(answer, &query->rows[r], error))
            return false;
    return add_closing(answer, translate ? _("(outside)") : "(outside)", query->outside, error)
           && add_closing(answer, translate ? _("(no place)") : "(no place)", query->no_place,
                          error)
           && add_closing(answer, translate ? _("total") : "total", query->total, error)
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

bool cmd_query(const struct options *options, int *answer_status, struct error *error)
{
    struct study study = {0};
    struct query query = {0};
    struct answer answer = {.study = &study, .query = &query};
    (void)answer_status;
    bool done = query_parse_keys(&query, options->by, error)
                && command_study(&study, options, error) && query_run(&query, &study, error)
                && answer_query(&answer, options, error);
    if (done && query.by[KEY_DISTRICT])
        remark_on_nesting(&study, &query);
    if (done)
        command_remarks(&study);
    sheet_free(&answer.sheet);
    query_free(&query);
    study_close(&study);
    return done;
}

/* plein priorities: what councils say that they will act on, against what is reported. */
#include "cli/command.h"

#include "engine/study/priority_rows.h"

#include <string.h>

enum column { CODE, NAME, CATEGORY, PRIORITY, SOURCE, FROM, TO, INCIDENTS, SHARE, VERDICT };
enum { COLUMNS = 10 };

static const struct sheet_column TITLES[COLUMNS] = {
    [CODE] = {"jurisdiction_code", N_("code"), SHEET_TEXT},
    [NAME] = {"jurisdiction", N_("jurisdiction"), SHEET_TEXT},
    [CATEGORY] = {"category", N_("category"), SHEET_TEXT},
    [PRIORITY] = {"priority", N_("priority"), SHEET_TEXT},
    [SOURCE] = {"source", N_("source"), SHEET_TEXT},
    [FROM] = {"from", N_("from"), SHEET_TEXT},
    [TO] = {"to", N_("to"), SHEET_TEXT},
    [INCIDENTS] = {"incidents", N_("incidents"), SHEET_NUMBER},
    [SHARE] = {"share", N_("share"), SHEET_NUMBER},
    [VERDICT] = {"verdict", N_("verdict"), SHEET_TEXT},
};

static bool set_day(struct sheet *sheet, enum column column, int64_t day, struct error *error)
{
    char text[MOMENT_TEXT];
    if (day == INT64_MIN || day == INT64_MAX)
        return true;
    moment_format(text, moment_from_seconds(day * 86400, PRECISION_DAY));
    return sheet_set(sheet, column, text, error);
}

static bool add_stated(struct sheet *sheet, const struct priority *stated, struct error *error)
{
    return stated == NULL
           || (sheet_set(sheet, PRIORITY, stated->priority, error)
               && sheet_set(sheet, SOURCE, stated->source, error)
               && set_day(sheet, FROM, stated->first_day, error)
               && set_day(sheet, TO, stated->last_day, error));
}

static bool add_row(struct sheet *sheet, const struct priority_standing *row,
                    const struct study *study, struct error *error)
{
    const struct jurisdiction *owner = &study->boundaries.jurisdictions.items[row->jurisdiction];
    const char *verdict = load_verdict_name(row->verdict);
    if (command_format(study->options) == FORMAT_TABLE)
        verdict = _(verdict);
    return sheet_add_row(sheet, error) && sheet_set(sheet, CODE, owner->code, error)
           && sheet_set(sheet, NAME, owner->name, error)
           && sheet_set(sheet, CATEGORY, row->category, error)
           && add_stated(sheet, row->stated, error)
           && sheet_set_number(sheet, INCIDENTS, (double)row->incidents, 0, error)
           && sheet_set_number(sheet, SHARE, row->share, 4, error)
           && sheet_set(sheet, VERDICT, verdict, error);
}

static bool write_rows(const struct priority_rows *rows, const struct study *study,
                       struct error *error)
{
    struct sheet_column titled[COLUMNS];
    struct sheet sheet = {.columns = titled, .column_count = COLUMNS};
    bool done = true;
    memcpy(titled, TITLES, sizeof titled);
    for (size_t c = 0; c < COLUMNS; c++)
        titled[c].title = _(TITLES[c].title);
    for (size_t i = 0; done && i < rows->count; i++)
        done = add_row(&sheet, &rows->items[i], study, error);
    done = done && command_write_sheet(study->options, &sheet, error);
    sheet_free(&sheet);
    return done;
}

bool cmd_priorities(const struct options *options, int *answer, struct error *error)
{
    struct study study = {0};
    struct priority_rows rows = {0};
    (void)answer;
    if (options->priorities == NULL)
        return error_set(error, ERROR_USAGE,
                         "no priorities are named; say --priorities FILE, or name them in the "
                         "study file");
    bool done = command_study(&study, options, error) && priority_rows_find(&rows, &study, error)
                && write_rows(&rows, &study, error);
    if (done)
        command_remarks_on_points(&study);
    priority_rows_free(&rows);
    study_close(&study);
    return done;
}

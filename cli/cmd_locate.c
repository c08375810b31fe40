/* plein locate: one row per incident with the jurisdiction that owns it. */
#include "cli/command.h"

#include "engine/core/files.h"
#include "engine/formats/json.h"
#include "engine/study/stages.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

struct locating {
    const struct study *study;
    enum output_format format;
    bool excel;
    struct output output;
    struct text text;
    double *border_m;
    size_t rows;
};

static const char *const NAMES[] = {"id",           "x",          "y",        "jurisdiction_code",
                                    "jurisdiction", "border_m",   "category", "domain",
                                    "source",       "occurred_at"};
enum { FIELDS = 10, FIRST_NUMBER = 1, LAST_NUMBER = 2, BORDER = 5 };

/* Metres with three decimals from whole millimetres, so that nothing is rounded twice. */
static void format_metres(char *text, size_t size, double metres, const struct grid *grid,
                          bool is_x, int32_t units)
{
    if (units == GRID_FAR) {
        snprintf(text, size, "%.3f", metres);
        return;
    }
    int64_t origin = llround((is_x ? grid->origin_x : grid->origin_y) * 1000);
    int64_t mm = origin + (int64_t)units * grid->unit_mm;
    snprintf(text, size, "%s%" PRId64 ".%03" PRId64, mm < 0 ? "-" : "", (mm < 0 ? -mm : mm) / 1000,
             (mm < 0 ? -mm : mm) % 1000);
}

static void add_csv(struct locating *to, const char *const cells[FIELDS])
{
    char delimiter = to->excel ? ';' : ',';
    for (int f = 0; f < FIELDS; f++) {
        bool number = f == FIRST_NUMBER || f == LAST_NUMBER || f == BORDER;
        if (f > 0)
            text_add_bytes(&to->text, &delimiter, 1);
        if (to->excel && number)
            for (const char *c = cells[f]; *c != '\0'; c++)
                text_add_bytes(&to->text, *c == '.' ? "," : c, 1);
        else
            sheet_csv_cell(&to->text, cells[f], delimiter);
    }
    text_add(&to->text, to->excel ? "\r\n" : "\n");
}

static void add_json(struct locating *to, const char *const cells[FIELDS])
{
    text_add(&to->text, "%s\n  {", to->rows > 0 ? "," : "");
    for (int f = 0; f < FIELDS; f++) {
        bool number = f == FIRST_NUMBER || f == LAST_NUMBER || f == BORDER;
        text_add(&to->text, "%s\"%s\": ", f > 0 ? ", " : "", NAMES[f]);
        if (number)
            text_add(&to->text, "%s", cells[f][0] != '\0' ? cells[f] : "null");
        else
            json_string(&to->text, cells[f]);
    }
    text_add(&to->text, "}");
}

static void add_row(struct locating *to, const struct incidents *batch, size_t i, const char *id)
{
    const struct study *study = to->study;
    char x[32] = "", y[32] = "", border[32] = "", when[MOMENT_TEXT];
    const struct jurisdiction *owner = NULL;
    const struct grid *grid = &study->boundaries.grid;
    if (batch->owner[i] != NO_PLACE) {
        format_metres(x, sizeof x, batch->x[i], grid, true, batch->grid_x[i]);
        format_metres(y, sizeof y, batch->y[i], grid, false, batch->grid_y[i]);
    }
    if (batch->owner[i] >= 0)
        owner = &study->boundaries.jurisdictions.items[batch->owner[i]];
    if (isfinite(to->border_m[i]))
        snprintf(border, sizeof border, "%.3f", to->border_m[i]);
    moment_format(when, batch->when[i]);
    const char *const cells[FIELDS] = {id,
                                       x,
                                       y,
                                       owner != NULL ? owner->code : "",
                                       owner != NULL ? owner->name : "",
                                       border,
                                       dictionary_text(study->categories, batch->category[i]),
                                       domain_name((enum domain)batch->domain[i]),
                                       dictionary_text(study->sources, batch->source[i]),
                                       when};
    if (to->format == FORMAT_JSON)
        add_json(to, cells);
    else
        add_csv(to, cells);
    to->rows++;
}

static void write_out(struct locating *to)
{
    if (to->text.length > 0)
        fwrite(to->text.bytes, 1, to->text.length, to->output.stream);
    to->text.length = 0;
}

static void make_id(char *id, size_t size, const struct incidents *batch, size_t i)
{
    size_t start = batch->id.starts[i], length = batch->id.starts[i + 1] - start;
    if (length == 0)
        snprintf(id, size, "%zu", batch->first_row + batch->row[i]);
    else
        snprintf(id, size, "%.*s", (int)(length < size ? length : size - 1),
                 batch->id.bytes + start);
}

static bool take(void *state, const struct incidents *batch, struct error *error)
{
    struct locating *to = state;
    const struct owned_points points = {{batch->grid_x, batch->grid_y, batch->count}, batch->owner};
    if (!array_new_raw(&to->border_m, batch->count, sizeof *to->border_m, error))
        return false;
    assignment_border_m(to->border_m, to->study->assignment, &points, INFINITY);
    for (size_t i = 0; i < batch->count; i++) {
        char id[4096];
        make_id(id, sizeof id, batch, i);
        add_row(to, batch, i, id);
        if (to->text.length > 1 << 20)
            write_out(to);
    }
    array_free(&to->border_m);
    return text_check(&to->text, error);
}

static bool locate_all(struct locating *to, struct study *study, struct error *error)
{
    const struct fold fold = {COLUMN_ID | COLUMN_CATEGORY | COLUMN_TIME | COLUMN_SOURCE, take, to};
    if (to->format == FORMAT_JSON)
        text_add(&to->text, "[");
    else
        add_csv(to, NAMES);
    if (!output_open(&to->output, study->options->output, error))
        return false;
    if (!stages_run(study, &fold, error)) {
        output_abandon(&to->output);
        return false;
    }
    if (to->format == FORMAT_JSON)
        text_add(&to->text, to->rows > 0 ? "\n]\n" : "]\n");
    write_out(to);
    return output_commit(&to->output, error);
}

bool cmd_locate(const struct options *options, int *answer, struct error *error)
{
    struct study study = {0};
    enum output_format format = command_format(options);
    struct locating to = {.study = &study, .format = format, .excel = options->excel};
    (void)answer;
    if (format == FORMAT_GEOJSON)
        return error_set(error, ERROR_USAGE,
                         "--format geojson is for clusters; take csv or json here");
    bool done = command_study(&study, options, error) && locate_all(&to, &study, error);
    if (done)
        command_remarks(&study);
    text_free(&to.text);
    study_close(&study);
    return done;
}

/* plein locate: one row per incident with the jurisdiction that owns it. */
#include "cli/command.h"

#include "engine/core/files.h"
#include "engine/report/located.h"
#include "engine/study/stages.h"

#include <math.h>
#include <stdio.h>

/* Threads write the rows of a batch into their slot's text; the texts go out in order. */
struct locating {
    const struct study *study;
    enum located_kind kind;
    struct output output;
    struct text texts[STAGES_SLOTS];
    struct text held; /* until there is so much that it must go out: an error may still come */
    bool any;         /* whether there was a row */
    bool started;     /* nothing is held any more */
};

static bool prepare(void *state, const struct staged *staged, struct error *error)
{
    struct locating *to = state;
    const struct incidents *batch = staged->batch;
    const struct owned_points points = {{batch->grid_x, batch->grid_y, batch->count}, batch->owner};
    struct text *text = &to->texts[staged->slot];
    double *border_m;
    if (!array_new_raw(&border_m, batch->count, sizeof *border_m, error))
        return false;
    assignment_border_m(border_m, to->study->assignment, &points, INFINITY);
    located_rows(text, to->study, batch, border_m, to->kind);
    array_free(&border_m);
    return text_check(text, error);
}

enum { HELD_MOST = 1 << 20 };

static void write_text(struct locating *to, const struct text *text, size_t from)
{
    if (text->length > from)
        fwrite(text->bytes + from, 1, text->length - from, to->output.stream);
}

static void start(struct locating *to)
{
    write_text(to, &to->held, 0);
    to->started = true;
}

static void write_out(struct locating *to, struct text *text, size_t from)
{
    if (to->started || to->held.length + text->length > HELD_MOST) {
        if (!to->started)
            start(to);
        write_text(to, text, from);
    } else if (text->length > from)
        text_add_bytes(&to->held, text->bytes + from, text->length - from);
    text->length = 0;
}

static bool deliver(void *state, const struct staged *staged, struct error *error)
{
    struct locating *to = state;
    bool any = to->any || staged->batch->count > 0;
    write_out(to, &to->texts[staged->slot], to->kind == LOCATED_JSON && !to->any ? 1 : 0);
    to->any = any;
    return text_check(&to->held, error);
}

static bool locate_all(struct locating *to, struct study *study, struct error *error)
{
    const struct fold fold = {.columns = COLUMN_ID | COLUMN_CATEGORY | COLUMN_TIME | COLUMN_SOURCE,
                              .state = to,
                              .prepare = prepare,
                              .deliver = deliver};
    struct text *text = &to->texts[0];
    located_begin(text, to->kind);
    if (!text_check(text, error) || !output_open(&to->output, study->options->output, error))
        return false;
    write_out(to, text, 0);
    if (!stages_run(study, &fold, error)) {
        output_abandon(&to->output);
        return false;
    }
    located_end(text, to->kind, to->any);
    write_out(to, text, 0);
    if (!to->started)
        start(to);
    return output_commit(&to->output, error);
}

bool cmd_locate(const struct options *options, int *answer, struct error *error)
{
    struct study study = {0};
    enum output_format format = command_format(options);
    struct locating to = {.study = &study};
    (void)answer;
    if (format == FORMAT_GEOJSON)
        return error_set(error, ERROR_USAGE,
                         "--format geojson is for clusters; take csv or json here");
    to.kind = format == FORMAT_JSON ? LOCATED_JSON : options->excel ? LOCATED_EXCEL : LOCATED_CSV;
    bool done = command_study(&study, options, error) && locate_all(&to, &study, error);
    if (done)
        command_remarks_on_points(&study);
    for (int i = 0; i < STAGES_SLOTS; i++)
        text_free(&to.texts[i]);
    text_free(&to.held);
    study_close(&study);
    return done;
}

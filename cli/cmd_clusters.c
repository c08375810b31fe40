/* plein clusters: groups of incidents that lie close together. */
#include "cli/command.h"

#include "engine/core/files.h"
#include "engine/core/stage.h"
#include "engine/report/cluster_report.h"

#include <libintl.h>
#include <stdio.h>
#include <string.h>

/* The ids of all selected incidents, for --members; those without an owner are noise. */
struct members {
    struct text ids; /* one after another, each with a NUL behind it */
    uint8_t *owned;  /* per selected incident */
    size_t count, capacity;
};

static bool take_member(void *state, const struct incidents *batch, struct error *error)
{
    struct members *members = state;
    struct capacity capacity = {members->capacity, sizeof *members->owned};
    if (!array_reserve(&members->owned, &capacity, members->count + batch->count, error))
        return false;
    members->capacity = capacity.held;
    for (size_t i = 0; i < batch->count; i++) {
        size_t start = batch->id.starts[i], length = batch->id.starts[i + 1] - start;
        if (length > 0)
            text_add_bytes(&members->ids, batch->id.bytes + start, length);
        else
            text_add(&members->ids, "%zu", batch->first_row + batch->row[i]);
        text_add_bytes(&members->ids, "", 1);
        members->owned[members->count++] = batch->owner[i] >= 0;
    }
    return text_check(&members->ids, error);
}

static bool write_members(const struct members *members, const struct clusters *clusters,
                          const char *path, struct error *error)
{
    struct output output;
    struct text text = {0};
    const char *id = members->ids.bytes;
    if (!output_open(&output, path, error))
        return false;
    text_add(&text, "id,cluster,core\n");
    for (size_t i = 0, incident = 0; i < members->count; i++) {
        bool owned = members->owned[i] != 0;
        sheet_csv_cell(&text, id, ',');
        text_add(&text, ",%d,%d\n", owned ? clusters->membership[incident] : 0,
                 owned ? clusters->core[incident] : 0);
        incident += owned;
        id += strlen(id) + 1;
    }
    bool done = text_check(&text, error);
    if (done)
        fwrite(text.bytes, 1, text.length, output.stream);
    text_free(&text);
    if (done)
        return output_commit(&output, error);
    output_abandon(&output);
    return false;
}

static bool write_report(const struct cluster_report *report, const struct options *options,
                         struct error *error)
{
    enum output_format format = command_format(options);
    struct text text = {0};
    struct sheet sheet = {0};
    struct sheet_column titled[16];
    bool done = true;
    if (format == FORMAT_JSON) {
        cluster_report_json(&text, report);
        done = command_write(options, &text, error);
    } else if (format == FORMAT_GEOJSON) {
        done = cluster_report_geojson(&text, report, error) && command_write(options, &text, error);
    } else {
        done = cluster_report_sheet(&sheet, report, error);
        for (size_t c = 0; c < sheet.column_count && c < 16; c++) {
            titled[c] = sheet.columns[c];
            titled[c].title = _(sheet.columns[c].title);
        }
        sheet.columns = titled;
        done = done && command_write_sheet(options, &sheet, error);
    }
    text_free(&text);
    sheet_free(&sheet);
    return done;
}

/* Both files, or neither. */
static bool write_with_members(const struct cluster_report *report, const struct members *members,
                               struct error *error)
{
    const char *path = report->study->options->members, *output = report->study->options->output;
    struct options staged = *report->study->options;
    struct stage stage;
    bool done = stage_open(&stage, output != NULL ? output : path, error);
    const char *beside = NULL;
    if (done)
        beside = output != NULL ? stage_also(&stage, path, error) : stage.path;
    if (output != NULL)
        staged.output = stage.path;
    done = beside != NULL && write_members(members, report->clusters, beside, error)
           && write_report(report, &staged, error);
    return stage_close(&stage, done, error);
}

static bool find_and_write(struct study *study, const struct grouping *grouping,
                           struct error *error)
{
    const char *path = study->options->members;
    struct members members = {0};
    struct clusters clusters = {0};
    struct earlier earlier = {0};
    struct gathered gathered = {.columns = COLUMN_CATEGORY | COLUMN_SOURCE | COLUMN_TIME};
    bool compared = study->options->compare_with != NULL;
    bool in_words = command_format(study->options) == FORMAT_TABLE;
    const struct cluster_report report = {study, grouping, &clusters, compared ? &earlier : NULL,
                                          in_words};
    if (path != NULL) {
        gathered.columns |= COLUMN_ID;
        gathered.also = take_member;
        gathered.state = &members;
    }
    bool done = (!compared || earlier_read(&earlier, study, grouping, error))
                && gather_run(&gathered, study, error)
                && grouping_find(&clusters, grouping, &gathered, error)
                && (!compared || earlier_compare(&earlier, &clusters, study, grouping, error))
                && (path != NULL ? write_with_members(&report, &members, error)
                                 : write_report(&report, study->options, error));
    text_free(&members.ids);
    array_free(&members.owned);
    earlier_free(&earlier);
    clusters_free(&clusters);
    gather_free(&gathered);
    return done;
}

bool cmd_clusters(const struct options *options, int *answer, struct error *error)
{
    struct study study = {0};
    struct grouping grouping;
    (void)answer;
    bool done = grouping_parse(&grouping, options->per, error) && gather_allowed(options, error)
                && command_study(&study, options, error)
                && find_and_write(&study, &grouping, error);
    if (done)
        command_remarks_on_points(&study);
    study_close(&study);
    return done;
}

/* The stages that every batch of incidents goes through: read, project, locate, classify, select.
 */
#include "engine/study/stages.h"

#include "engine/core/files.h"
#include "engine/core/pipeline.h"
#include "engine/core/text.h"
#include "engine/formats/source.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One file on its way through the stages. */
struct passage {
    struct study *study;
    const struct fold *fold;
    struct source_facts *facts;
    const char *path;
    bool named; /* the source was named on the command line */
    struct csv *csv;
    atomic_size_t bytes, size; /* read, and of the file */
    struct projection *projection;
    struct incidents batches[STAGES_SLOTS];
    size_t slices[STAGES_SLOTS];    /* which of the window's slices each batch is */
    size_t next_slice, slice_count; /* of the window */
    uint32_t source;                /* the file's own */
    bool decided;                   /* the reference system of the places is known */
    bool is_read[STAGES_SLOTS];     /* for that, before its turn */
};

static void project(struct passage *passage, struct incidents *batch)
{
    const struct grid *grid = &passage->study->boundaries.grid;
    if (!passage->study->has_boundaries) {
        for (size_t i = 0; i < batch->count; i++)
            batch->grid_x[i] = batch->grid_y[i] = isnan(batch->x[i]) ? GRID_NOWHERE : GRID_FAR;
        return;
    }
    grid_x_column(batch->grid_x, grid, batch->x, batch->count);
    grid_y_column(batch->grid_y, grid, batch->y, batch->count);
    for (size_t i = 0; i < batch->count; i++) {
        int32_t x = batch->grid_x[i], y = batch->grid_y[i];
        bool nowhere = x == GRID_NOWHERE || y == GRID_NOWHERE;
        bool far = x == GRID_FAR || y == GRID_FAR;
        batch->grid_x[i] = nowhere ? GRID_NOWHERE : far ? GRID_FAR : x;
        batch->grid_y[i] = nowhere ? GRID_NOWHERE : far ? GRID_FAR : y;
    }
}

static void locate(const struct study *study, struct incidents *batch)
{
    const struct points points = {batch->grid_x, batch->grid_y, batch->count};
    if (batch->district != NULL)
        assignment_owners(batch->district, study->district_assignment, &points);
    if (study->assignment != NULL) {
        assignment_owners(batch->owner, study->assignment, &points);
        return;
    }
    for (size_t i = 0; i < batch->count; i++)
        batch->owner[i] = batch->grid_x[i] == GRID_NOWHERE ? NO_PLACE : OUTSIDE;
}

/* A category's number, domain and secondary domains, once per distinct word of the batch and
 * source. */
struct meaning {
    uint32_t category;
    uint8_t domain, also;
};

static bool look_up(struct meaning *meaning, const struct study *study, const char *source,
                    const char *reported, struct error *error)
{
    const struct vocabulary_entry *entry = vocabulary_find(&study->vocabulary, source, reported);
    meaning->domain = entry != NULL ? (uint8_t)entry->domain : (uint8_t)DOMAIN_UNMAPPED;
    meaning->also = entry != NULL ? entry->also : 0;
    return dictionary_number(&meaning->category, study->categories,
                             entry != NULL ? entry->category : reported, error);
}

static bool number_sources(struct passage *passage, struct incidents *batch, struct error *error)
{
    uint32_t *numbers;
    bool own = batch->source_count == 0 || passage->named;
    if (batch->source == NULL)
        return true;
    if (own) {
        for (size_t i = 0; i < batch->count; i++)
            batch->source[i] = passage->source;
        return true;
    }
    bool done = array_new(&numbers, batch->source_count, sizeof *numbers, error);
    for (size_t s = 0; done && s < batch->source_count; s++)
        done =
            dictionary_number(&numbers[s], passage->study->sources, batch->source_names[s], error);
    for (size_t i = 0; done && i < batch->count; i++)
        batch->source[i] = numbers[batch->source[i]];
    array_free(&numbers);
    return done;
}

static bool number_holders(const struct study *study, struct incidents *batch, struct error *error)
{
    for (int r = 0; r < HOLDER_ROLES; r++) {
        uint32_t *of_rows = batch->holder[r], *numbers;
        if (of_rows == NULL)
            continue;
        bool done = array_new(&numbers, batch->holder_count[r], sizeof *numbers, error);
        for (size_t n = 0; done && n < batch->holder_count[r]; n++)
            done = holders_number(&numbers[n], &study->holders, batch->holder_names[r][n], error);
        for (size_t i = 0; done && i < batch->count; i++)
            of_rows[i] = numbers[of_rows[i]];
        array_free(&numbers);
        if (!done)
            return false;
    }
    return true;
}

/* Meanings by source and word; a source's row is filled when its first incident comes by. */
static bool classify(const struct passage *passage, struct incidents *batch, struct error *error)
{
    const struct study *study = passage->study;
    struct meaning *meanings;
    if (batch->reported == NULL)
        return true;
    bool several = batch->source != NULL && batch->source_count > 0 && !passage->named;
    uint32_t last_source = several ? UINT32_MAX : passage->source;
    bool done = array_new(&meanings, batch->reported_count, sizeof *meanings, error);
    for (size_t r = 0; done && !several && r < batch->reported_count; r++)
        done = look_up(&meanings[r], study, dictionary_text(study->sources, passage->source),
                       batch->reported_names[r], error);
    for (size_t i = 0; done && i < batch->count; i++) {
        uint32_t word = batch->reported[i];
        if (several && batch->source[i] != last_source) {
            last_source = batch->source[i];
            const char *name = dictionary_text(study->sources, last_source);
            for (size_t r = 0; done && r < batch->reported_count; r++)
                done = look_up(&meanings[r], study, name, batch->reported_names[r], error);
        }
        batch->category[i] = meanings[word].category;
        batch->domain[i] = meanings[word].domain;
        batch->also[i] = meanings[word].also;
    }
    array_free(&meanings);
    return done;
}

static bool select_rows(const struct study *study, struct incidents *batch, struct error *error)
{
    const struct selection_words words = {study->categories, study->sources};
    uint8_t *keep;
    if (study->selection.all)
        return true;
    if (!array_new(&keep, batch->count, sizeof *keep, error))
        return false;
    selection_mark(keep, &study->selection, batch, &words);
    incidents_keep(batch, keep);
    array_free(&keep);
    return true;
}

static bool prepare(const struct passage *passage, size_t slot, struct error *error)
{
    const struct fold *fold = passage->fold;
    return fold->prepare == NULL
           || fold->prepare(fold->state, &(struct staged){&passage->batches[slot], slot}, error);
}

static bool read_batch(struct passage *passage, size_t slot, struct error *error)
{
    struct incidents *batch = &passage->batches[slot];
    if (passage->is_read[slot])
        return true;
    incidents_clear(batch);
    return csv_parse(batch, passage->csv, passage->slices[slot], error);
}

static bool run_stages(void *state, size_t slot, struct error *error)
{
    struct passage *passage = state;
    struct incidents *batch = &passage->batches[slot];
    if (!read_batch(passage, slot, error))
        return false;
    if (passage->projection != NULL
        && !projection_points(passage->projection, batch->x, batch->y, batch->count, error))
        return false;
    project(passage, batch);
    locate(passage->study, batch);
    return number_sources(passage, batch, error) && classify(passage, batch, error)
           && number_holders(passage->study, batch, error)
           && select_rows(passage->study, batch, error) && prepare(passage, slot, error);
}

enum guess { GUESS_STUDY, GUESS_DEGREES, GUESS_NONE };

/* Places by their numbers alone: most fall near the boundaries, or most look like degrees
 * (DESIGN.md 4). */
static enum guess guess_system(const struct passage *passage, const struct incidents *batch)
{
    const double near_m = 50000;
    struct box box = jurisdictions_box(&passage->study->boundaries.jurisdictions);
    size_t placed = 0, degrees = 0, close_by = 0;
    bool study_is_small = box.x_min < 180 && box.x_max > -180 && box.y_min < 90 && box.y_max > -90;
    for (size_t i = 0; i < batch->count; i++) {
        double x = batch->x[i], y = batch->y[i];
        placed += isnan(x) ? 0 : 1;
        degrees += fabs(x) <= 180 && fabs(y) <= 90;
        close_by += x >= box.x_min - near_m && x <= box.x_max + near_m && y >= box.y_min - near_m
                    && y <= box.y_max + near_m;
    }
    if (placed == 0)
        return GUESS_STUDY;
    if (degrees * 2 > placed && !study_is_small)
        return GUESS_DEGREES;
    return close_by * 2 > placed ? GUESS_STUDY : GUESS_NONE;
}

static bool open_projection(struct passage *passage, const char *from, struct error *error)
{
    struct source_facts *facts = passage->facts;
    passage->projection = projection_open(from, passage->study->boundaries.crs, error);
    if (passage->projection == NULL)
        return false;
    facts->accuracy_m = projection_accuracy_m(passage->projection);
    facts->accuracy_is_stated = !isnan(facts->accuracy_m);
    if (!facts->accuracy_is_stated)
        facts->accuracy_m = 0;
    snprintf(facts->method, sizeof facts->method, "%s", projection_method(passage->projection));
    return true;
}

/* What the user says goes before what the file says, and degrees are degrees. */
static void note_contradiction(const struct passage *passage, const char *own, const char *given)
{
    if (own != NULL && given != NULL && !text_equal(own, given))
        notes_add(&passage->study->notes,
                  "%s: says that it is in %.60s, and --incidents-crs says %s; it is read as the %s "
                  "says",
                  passage->facts->file, own, given,
                  message_part(csv_layout(passage->csv)->has_degrees ? N_("file") : N_("option")));
}

/* Reads the first batch and decides by it. */
static bool decide_system(struct passage *passage, size_t slot, struct error *error)
{
    const struct csv_layout *layout = csv_layout(passage->csv);
    const char *given = passage->study->options->incidents_crs;
    struct incidents *batch = &passage->batches[slot];
    passage->facts->from_degrees = layout->has_degrees;
    if (!read_batch(passage, slot, error))
        return false;
    passage->is_read[slot] = true;
    passage->decided = true;
    if (!passage->study->has_boundaries)
        return true;
    const char *own = csv_crs(passage->csv);
    note_contradiction(passage, own, given);
    if (layout->has_degrees)
        return open_projection(passage, "EPSG:4326", error);
    if (given != NULL || own != NULL)
        return open_projection(passage, given != NULL ? given : own, error);
    switch (guess_system(passage, batch)) {
    case GUESS_STUDY:
        return true;
    case GUESS_DEGREES:
        passage->facts->from_degrees = true;
        return open_projection(passage, "EPSG:4326", error);
    case GUESS_NONE:
        break;
    }
    return error_set(
        error, ERROR_DATA,
        "%s: the x and y columns are neither degrees nor near the boundaries; name their reference "
        "system with --incidents-crs",
        passage->path);
}

static void tell_progress(struct passage *passage, bool ended)
{
    const struct options *options = passage->study->options;
    if (options->progress == NULL)
        return;
    const struct progress progress = {.file = passage->facts->file,
                                      .rows = passage->facts->report.rows_read,
                                      .bytes = atomic_load(&passage->bytes),
                                      .size = atomic_load(&passage->size),
                                      .ended = ended};
    options->progress(options->progress_state, &progress);
}

static bool deliver(void *state, size_t slot, struct error *error)
{
    struct passage *passage = state;
    const struct fold *fold = passage->fold;
    struct incidents *batch = &passage->batches[slot];
    row_report_merge(&passage->facts->report, &batch->report);
    packages_count_own(&passage->study->packages, batch);
    if (!(fold->deliver != NULL ? fold->deliver(fold->state, &(struct staged){batch, slot}, error)
                                : fold->take(fold->state, batch, error)))
        return false;
    incidents_clear(batch);
    tell_progress(passage, false);
    return true;
}

/* The next slice of the window, or of the next one, which is read when no slice is in use. */
static enum pipeline_next next_batch(void *state, size_t slot, bool resting, struct error *error)
{
    struct passage *passage = state;
    if (passage->next_slice == passage->slice_count) {
        if (!resting)
            return PIPELINE_LATER;
        passage->next_slice = 0;
        if (!csv_next(passage->csv, &passage->slice_count, error))
            return PIPELINE_FAILED;
        struct csv_extent extent = csv_extent(passage->csv);
        atomic_store(&passage->bytes, extent.read);
        atomic_store(&passage->size, extent.size);
        if (passage->slice_count == 0)
            return PIPELINE_END;
    }
    passage->slices[slot] = passage->next_slice++;
    passage->is_read[slot] = false;
    return passage->decided || decide_system(passage, slot, error) ? PIPELINE_PIECE
                                                                   : PIPELINE_FAILED;
}

static bool refuse_skipped(const struct passage *passage, size_t skipped, struct error *error)
{
    const struct row_report *report = &passage->facts->report;
    size_t first = SIZE_MAX;
    for (int p = 0; p < ROW_PROBLEMS; p++)
        if (row_problem_skips((enum row_problem)p) && report->counts[p] > 0
            && report->lines[p][0] < first)
            first = report->lines[p][0];
    if (skipped == 1)
        return error_set(error, ERROR_DATA,
                         "%s:%zu: this row cannot be read; plein check tells why, without --strict "
                         "it is passed over",
                         passage->path, first);
    return error_set(error, ERROR_DATA,
                     "%s:%zu: this row cannot be read, and neither can %zu more; plein check lists "
                     "them, without --strict they are passed over",
                     passage->path, first, skipped - 1);
}

static bool run_file(struct passage *passage, struct error *error)
{
    const struct pipeline pipeline = {.next = next_batch,
                                      .work = run_stages,
                                      .deliver = deliver,
                                      .state = passage,
                                      .slot_count = STAGES_SLOTS,
                                      .thread_count = passage->study->options->threads};
    if (!pipeline_run(&pipeline, error))
        return false;
    size_t skipped = row_report_skipped(&passage->facts->report);
    if (skipped > 0 && passage->study->options->strict)
        return refuse_skipped(passage, skipped, error);
    return true;
}

static bool describe_columns(struct source_facts *facts, const struct csv_layout *layout,
                             struct error *error)
{
    struct text text = {0};
    facts->csv.delimiter = layout->delimiter;
    facts->csv.decimal_comma = layout->decimal_comma;
    facts->csv.is_utf8 = layout->is_utf8;
    facts->csv.has_rows = layout->has_rows;
    for (int role = 0; role < CSV_ROLES; role++)
        if (layout->roles[role] >= 0)
            text_add(&text, "%s%s = %s", text.length > 0 ? ", " : "",
                     csv_role_name((enum csv_role)role), layout->names[layout->roles[role]]);
    bool done = text_check(&text, error);
    if (done && text.bytes != NULL)
        snprintf(facts->csv.columns, sizeof facts->csv.columns, "%s", text.bytes);
    text_free(&text);
    return done;
}

static unsigned columns_wanted(const struct study *study, const struct fold *fold)
{
    unsigned columns = fold->columns | selection_columns(&study->selection);
    return columns & COLUMN_CATEGORY ? columns | COLUMN_SOURCE
                                     : columns; /* words differ by source */
}

/* Who has an incident is no column of a batch when the file does not tell. */
static unsigned columns_told(struct holders *holders, const struct csv_layout *layout,
                             unsigned wanted)
{
    for (int r = 0; r < HOLDER_ROLES; r++) {
        int role = ROLE_REPORTED_TO + r;
        if (layout->roles[role] >= 0 || layout->constants[role] != NULL)
            holders->is_told[r] = true;
        else
            wanted &= ~holder_column((enum holder_role)r);
    }
    return wanted;
}

static bool open_file(struct passage *passage, struct error *error)
{
    struct study *study = passage->study;
    const struct csv_options options = {.columns = study->options->columns,
                                        .wanted = columns_wanted(study, passage->fold),
                                        .zone = study->zone,
                                        .notes = &study->notes,
                                        .thread_count = study->options->threads};
    passage->csv = csv_open(passage->path, &options, error);
    if (passage->csv == NULL || !describe_columns(passage->facts, csv_layout(passage->csv), error))
        return false;
    unsigned columns = columns_told(&study->holders, csv_layout(passage->csv), options.wanted);
    for (int i = 0; i < STAGES_SLOTS; i++)
        if (!incidents_new(&passage->batches[i], columns, error))
            return false;
    return dictionary_number(&passage->source, study->sources, passage->facts->source, error);
}

static bool run_source(struct study *study, size_t file, const struct fold *fold,
                       struct error *error)
{
    const char *given = study->files[file].given;
    struct passage passage = {.study = study,
                              .fold = fold,
                              .facts = &study->files[file],
                              .path = source_path(given),
                              .named = source_name_length(given) > 0};
    bool done = open_file(&passage, error) && run_file(&passage, error);
    tell_progress(&passage, true);
    if (done && passage.projection != NULL)
        passage.facts->without_grid = projection_without_grid(passage.projection);
    passage.facts->known =
        (struct source_known){dictionary_count(study->categories), dictionary_count(study->sources),
                              holders_count(&study->holders)};
    for (int i = 0; i < STAGES_SLOTS; i++)
        incidents_free(&passage.batches[i]);
    projection_close(passage.projection);
    csv_close(passage.csv);
    return done;
}

static bool name_files(struct study *study, struct error *error)
{
    const struct words *incidents = &study->options->incidents;
    study_forget_files(study); /* of an earlier run */
    if (!array_new(&study->files, incidents->count, sizeof *study->files, error))
        return false;
    for (size_t i = 0; i < incidents->count; i++) {
        const char *given = incidents->items[i], *file = text_file_name(source_path(given));
        if (packages_has(&study->packages, given))
            continue;
        struct source_facts *facts = &study->files[study->file_count++];
        facts->given = given;
        facts->file = text_copy(file, strlen(file), error);
        facts->source = source_name(given, error);
        if (facts->file == NULL || facts->source == NULL)
            return false;
    }
    return true;
}

bool stages_run(struct study *study, const struct fold *fold, struct error *error)
{
    if (!name_files(study, error))
        return false;
    packages_begin(&study->packages);
    for (size_t i = 0; i < study->file_count; i++)
        if (!run_source(study, i, fold, error))
            return false;
    return true;
}

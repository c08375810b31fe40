/* Incidents in columns: one array a field, in batches. */
#include "engine/core/incidents.h"

#include <stdlib.h>
#include <string.h>

unsigned holder_column(enum holder_role role)
{
    return role == HOLDER_REPORTED_TO ? COLUMN_REPORTED_TO : COLUMN_RESPONSIBLE;
}

bool row_problem_skips(enum row_problem problem)
{
    return problem <= ROW_BAD_QUOTES;
}

size_t row_report_skipped(const struct row_report *report)
{
    size_t skipped = 0;
    for (int p = 0; p < ROW_PROBLEMS; p++)
        if (row_problem_skips((enum row_problem)p))
            skipped += report->counts[p];
    return skipped;
}

void row_report_note(struct row_report *report, enum row_problem problem, size_t line,
                     const char *text)
{
    size_t seen = report->counts[problem]++;
    if (seen < ROW_EXAMPLES)
        report->lines[problem][seen] = line;
    if (seen > 0)
        return;
    size_t length = strlen(text), most = sizeof report->examples[problem] - 1;
    while (length > most || (length > 0 && length == most && (text[length] & 0xC0) == 0x80))
        length = length > most ? most : length - 1; /* not in the middle of a UTF-8 character */
    memcpy(report->examples[problem], text, length);
    report->examples[problem][length] = '\0';
}

void row_report_merge(struct row_report *into, const struct row_report *more)
{
    into->rows_read += more->rows_read;
    for (int p = 0; p < ROW_PROBLEMS; p++) {
        if (into->counts[p] == 0)
            memcpy(into->examples[p], more->examples[p], sizeof into->examples[p]);
        for (size_t i = 0;
             i < more->counts[p] && i < ROW_EXAMPLES && into->counts[p] + i < ROW_EXAMPLES; i++)
            into->lines[p][into->counts[p] + i] = more->lines[p][i];
        into->counts[p] += more->counts[p];
    }
}

static bool new_places(struct incidents *incidents, struct error *error)
{
    size_t n = INCIDENTS_BATCH;
    return array_new_raw(&incidents->row, n, sizeof *incidents->row, error)
           && array_new_raw(&incidents->x, n, sizeof *incidents->x, error)
           && array_new_raw(&incidents->y, n, sizeof *incidents->y, error)
           && array_new_raw(&incidents->grid_x, n, sizeof *incidents->grid_x, error)
           && array_new_raw(&incidents->grid_y, n, sizeof *incidents->grid_y, error)
           && array_new_raw(&incidents->owner, n, sizeof *incidents->owner, error);
}

static bool new_categories(struct incidents *incidents, struct error *error)
{
    size_t n = INCIDENTS_BATCH;
    return array_new_raw(&incidents->reported, n, sizeof *incidents->reported, error)
           && array_new_raw(&incidents->category, n, sizeof *incidents->category, error)
           && array_new_raw(&incidents->domain, n, sizeof *incidents->domain, error)
           && array_new_raw(&incidents->also, n, sizeof *incidents->also, error);
}

static bool new_holders(struct incidents *incidents, unsigned columns, struct error *error)
{
    for (int r = 0; r < HOLDER_ROLES; r++)
        if ((columns & holder_column((enum holder_role)r)) != 0
            && !array_new_raw(&incidents->holder[r], INCIDENTS_BATCH, sizeof *incidents->holder[r],
                              error))
            return false;
    return true;
}

bool incidents_new(struct incidents *incidents, unsigned columns, struct error *error)
{
    size_t n = INCIDENTS_BATCH;
    *incidents = (struct incidents){.capacity = n};
    if (new_places(incidents, error) && new_holders(incidents, columns, error)
        && (!(columns & COLUMN_CATEGORY) || new_categories(incidents, error))
        && (!(columns & COLUMN_TIME)
            || array_new_raw(&incidents->when, n, sizeof *incidents->when, error))
        && (!(columns & COLUMN_SOURCE)
            || array_new_raw(&incidents->source, n, sizeof *incidents->source, error))
        && (!(columns & COLUMN_WEIGHT)
            || array_new_raw(&incidents->weight, n, sizeof *incidents->weight, error))
        && (!(columns & COLUMN_DISTRICT)
            || array_new_raw(&incidents->district, n, sizeof *incidents->district, error))
        && (!(columns & COLUMN_ID)
            || array_new(&incidents->id.starts, n + 1, sizeof *incidents->id.starts, error)))
        return true;
    incidents_free(incidents);
    return false;
}

static void clear_names(char **names, size_t *count)
{
    for (size_t i = 0; i < *count; i++)
        free(names[i]);
    *count = 0;
}

void incidents_clear(struct incidents *incidents)
{
    clear_names(incidents->reported_names, &incidents->reported_count);
    clear_names(incidents->source_names, &incidents->source_count);
    for (int r = 0; r < HOLDER_ROLES; r++)
        clear_names(incidents->holder_names[r], &incidents->holder_count[r]);
    incidents->count = 0;
    incidents->id.length = 0;
    incidents->report = (struct row_report){0};
}

void incidents_free(struct incidents *incidents)
{
    incidents_clear(incidents);
    free(incidents->row);
    free(incidents->x);
    free(incidents->y);
    free(incidents->grid_x);
    free(incidents->grid_y);
    free(incidents->owner);
    free(incidents->district);
    free(incidents->reported);
    free(incidents->category);
    free(incidents->domain);
    free(incidents->also);
    free(incidents->source);
    free(incidents->weight);
    free(incidents->when);
    free(incidents->id.bytes);
    free(incidents->id.starts);
    free(incidents->reported_names);
    free(incidents->source_names);
    for (int r = 0; r < HOLDER_ROLES; r++) {
        free(incidents->holder[r]);
        free(incidents->holder_names[r]);
    }
    *incidents = (struct incidents){0};
}

/* One column, squeezed; a column that was not read stays NULL. */
static void squeeze(void *column, size_t size, const uint8_t *keep, size_t count)
{
    char *bytes = column;
    size_t kept = 0;
    if (column == NULL)
        return;
    for (size_t i = 0; i < count; i++)
        if (keep[i])
            memmove(bytes + size * kept++, bytes + size * i, size);
}

static void squeeze_texts(struct text_column *texts, const uint8_t *keep, size_t count)
{
    size_t kept = 0, length = 0;
    if (texts->starts == NULL)
        return;
    for (size_t i = 0; i < count; i++) {
        size_t start = texts->starts[i], end = texts->starts[i + 1];
        if (!keep[i])
            continue;
        memmove(texts->bytes + length, texts->bytes + start, end - start);
        texts->starts[kept++] = length;
        length += end - start;
    }
    texts->starts[kept] = length;
    texts->length = length;
}

void incidents_keep(struct incidents *incidents, const uint8_t *keep)
{
    size_t n = incidents->count, kept = 0;
    for (size_t i = 0; i < n; i++)
        kept += keep[i] != 0;
    if (kept == n)
        return;
    squeeze(incidents->row, sizeof *incidents->row, keep, n);
    squeeze(incidents->x, sizeof *incidents->x, keep, n);
    squeeze(incidents->y, sizeof *incidents->y, keep, n);
    squeeze(incidents->grid_x, sizeof *incidents->grid_x, keep, n);
    squeeze(incidents->grid_y, sizeof *incidents->grid_y, keep, n);
    squeeze(incidents->owner, sizeof *incidents->owner, keep, n);
    squeeze(incidents->district, sizeof *incidents->district, keep, n);
    squeeze(incidents->reported, sizeof *incidents->reported, keep, n);
    squeeze(incidents->category, sizeof *incidents->category, keep, n);
    squeeze(incidents->domain, sizeof *incidents->domain, keep, n);
    squeeze(incidents->also, sizeof *incidents->also, keep, n);
    squeeze(incidents->source, sizeof *incidents->source, keep, n);
    for (int r = 0; r < HOLDER_ROLES; r++)
        squeeze(incidents->holder[r], sizeof *incidents->holder[r], keep, n);
    squeeze(incidents->weight, sizeof *incidents->weight, keep, n);
    squeeze(incidents->when, sizeof *incidents->when, keep, n);
    squeeze_texts(&incidents->id, keep, n);
    incidents->count = kept;
}

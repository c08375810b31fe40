/* Cuts text into slices of whole rows. */
#include "engine/formats/csvcut.h"

#include "engine/core/incidents.h"
#include "engine/core/parallel.h"

#include <stdlib.h>
#include <string.h>

enum {
    SMALL_SLICE = 2 * (INCIDENTS_BATCH - 1), /* cannot hold more rows than a batch does */
    WORTH_A_THREAD = 64 << 10,               /* bytes */
};

static const char *find(const char *begin, const char *end, char c)
{
    return begin < end ? memchr(begin, c, (size_t)(end - begin)) : NULL;
}

static bool add_slice(struct csv_slices *slices, const struct csv_slice *slice, struct error *error)
{
    struct capacity capacity = {slices->capacity, sizeof *slice};
    if (!array_reserve(&slices->items, &capacity, slices->count + 1, error))
        return false;
    slices->capacity = capacity.held;
    slices->items[slices->count++] = *slice;
    return true;
}

/* The careful way: a quote at a time, by the rules of csv_scan_quoted. */

/* A search for the first row's end at or behind `goal`. */
struct search {
    const struct csv_cutting *cutting;
    struct csv_slice *slice;
    const char *goal;
};

/* Passes the quote at `quote`: sets *at behind what it opens, or behind itself. *row_end: a bad row
 * ends there. False: more text is needed. */
static bool pass_quote(const char **at, bool *row_end, const char *quote,
                       const struct search *search)
{
    const struct csv_dialect *dialect = &search->cutting->surveyor.dialect;
    char before = quote > search->slice->begin ? quote[-1] : dialect->newline;
    *row_end = false;
    if (before != dialect->delimiter && before != dialect->newline) {
        *at = quote + 1;
        return true;
    }
    enum csv_state state = csv_scan_quoted(at, quote, &search->cutting->text, dialect);
    *row_end = state == CSV_BAD_QUOTES;
    if (state == CSV_WHOLE && find(quote, *at, dialect->newline) != NULL) {
        struct csv_survey quoted = {0};
        csv_survey_add(&quoted, &search->cutting->surveyor, quote, *at);
        search->slice->quoted_lines += quoted.lines;
        search->slice->quoted_blanks += quoted.blanks;
    }
    return state != CSV_MORE;
}

/* Where the slice ends; NULL: more text is needed. */
static const char *find_end(const struct search *search)
{
    const struct csv_text *text = &search->cutting->text;
    const char *at = search->slice->begin;
    while (at < text->end) {
        const char *stop = at < search->goal ? search->goal : NULL, *quote;
        if (stop == NULL) {
            stop = find(at, text->end, search->cutting->surveyor.dialect.newline);
            if (stop == NULL)
                break;
        }
        bool row_end = false;
        quote = search->slice->has_quotes ? find(at, stop, '"') : NULL;
        if (quote != NULL) {
            if (!pass_quote(&at, &row_end, quote, search))
                return NULL;
            if (row_end && at > search->goal)
                return at;
        } else if (at >= search->goal)
            return stop + 1;
        else
            at = stop;
    }
    return text->ends ? text->end : NULL;
}

static bool cut_carefully(struct csv_slices *slices, const struct csv_cutting *cutting,
                          size_t bytes, struct error *error)
{
    const struct csv_text *text = &cutting->text;
    const char *at = text->begin;
    bool has_quotes = find(at, text->end, '"') != NULL;
    slices->count = 0;
    while (at < text->end) {
        struct csv_slice slice = {.begin = at, .has_quotes = has_quotes};
        size_t left = (size_t)(text->end - at);
        struct search search = {cutting, &slice, at + (bytes < left ? bytes : left) - 1};
        slice.end = find_end(&search);
        if (slice.end == NULL)
            return true;
        if (!add_slice(slices, &slice, error))
            return false;
        at = slice.end;
    }
    return true;
}

struct counting {
    struct csv_slices *slices;
    const struct csv_surveyor *surveyor;
};

static bool count_slice(void *state, size_t chunk, int worker, struct error *error)
{
    const struct counting *counting = state;
    struct csv_slice *slice = &counting->slices->items[chunk];
    struct csv_survey survey = csv_survey_start();
    (void)worker;
    (void)error;
    csv_survey_add(&survey, counting->surveyor, slice->begin, slice->end);
    slice->line_count = survey.lines;
    slice->row_count =
        (survey.lines - slice->quoted_lines) - (survey.blanks - slice->quoted_blanks);
    return true;
}

static bool count_slices(struct csv_slices *slices, const struct csv_cutting *cutting,
                         struct error *error)
{
    struct counting counting = {slices, &cutting->surveyor};
    bool large = cutting->text.end - cutting->text.begin > WORTH_A_THREAD;
    struct parallel_job job = {.work = count_slice,
                               .state = &counting,
                               .chunk_count = slices->count,
                               .thread_count = large ? cutting->thread_count : 1};
    return parallel_for(&job, error);
}

static bool is_overfull(const struct csv_slices *slices)
{
    for (size_t i = 0; i < slices->count; i++)
        if (slices->items[i].row_count > INCIDENTS_BATCH)
            return true;
    return false;
}

/* The quick way: at the ends of the rows that stretches begin in. */

/* Adds the counts of a survey to a slice. False: they are not of whole rows. */
static bool take_counts(struct csv_slice *slice, const struct csv_survey *survey)
{
    slice->line_count += survey->lines;
    slice->row_count +=
        (survey->lines - survey->quoted_lines) - (survey->blanks - survey->quoted_blanks);
    slice->has_quotes = slice->has_quotes || survey->has_quotes;
    return !survey->has_odd_quotes && survey->carry.inside == 0
           && slice->row_count <= INCIDENTS_BATCH;
}

/* Ends the slice with the head of a stretch, which the survey goes on with. */
static bool end_slice(struct csv_slice *slice, struct csv_survey *survey,
                      const struct csv_stretch *stretch, const struct csv_cutting *cutting)
{
    slice->end = stretch->at + stretch->head;
    csv_survey_add(survey, &cutting->surveyor, stretch->at, slice->end);
    return take_counts(slice, survey);
}

/* The last slice ends with the text's last line end, unless there are some within quotes. */
static bool end_last_slice(struct csv_slice *slice, struct csv_survey survey,
                           const struct csv_cutting *cutting)
{
    const char *end = cutting->text.end;
    if (survey.quoted_lines > 0)
        return false;
    while (end > slice->begin && end[-1] != cutting->surveyor.dialect.newline)
        end--;
    slice->end = end;
    survey.carry.inside = 0; /* a row has begun there */
    return take_counts(slice, &survey);
}

/* Sets *done when it could be done: every line end that was taken for a row's is one, and every
 * quote stands where quotes should. */
static bool cut_at_stretches(bool *done, struct csv_slices *slices,
                             const struct csv_cutting *cutting, struct error *error)
{
    const struct csv_stretch *stretches = cutting->stretches;
    struct csv_survey survey = csv_survey_start();
    struct csv_slice slice = {.begin = cutting->text.begin};
    *done = false;
    slices->count = 0;
    csv_survey_add(&survey, &cutting->surveyor, cutting->text.begin, stretches[0].at);
    for (size_t i = 0; i < cutting->stretch_count; i++) {
        if (stretches[i].head == 0 || stretches[i].length > CSV_QUOTED_MOST / 2
            || !end_slice(&slice, &survey, &stretches[i], cutting))
            return true;
        if (i > 0 && !add_slice(slices, &slice, error))
            return false;
        if (i > 0)
            slice = (struct csv_slice){.begin = slice.end};
        survey = stretches[i].survey;
    }
    *done = end_last_slice(&slice, survey, cutting);
    return !*done || slice.row_count == 0 || add_slice(slices, &slice, error);
}

void csv_stretch_look(struct csv_stretch *stretch, const struct csv_surveyor *by)
{
    const char *begin = stretch->at, *end = begin + stretch->length;
    const char *line_end = find(begin, end, by->dialect.newline);
    const char *behind = line_end != NULL ? line_end + 1 : end;
    stretch->head = line_end != NULL ? (size_t)(behind - begin) : 0;
    stretch->survey = csv_survey_start();
    csv_survey_add(&stretch->survey, by, behind, end);
    stretch->has_nul = stretch->survey.has_nul || find(begin, behind, '\0') != NULL;
}

bool csv_cut(struct csv_slices *slices, const struct csv_cutting *cutting, struct error *error)
{
    bool done = false;
    if (cutting->stretch_count > 0 && !cut_at_stretches(&done, slices, cutting, error))
        return false;
    if (done)
        return true;
    if (!cut_carefully(slices, cutting, cutting->slice_bytes, error)
        || !count_slices(slices, cutting, error))
        return false;
    return !is_overfull(slices)
           || (cut_carefully(slices, cutting, SMALL_SLICE, error)
               && count_slices(slices, cutting, error));
}

void csv_slices_free(struct csv_slices *slices)
{
    free(slices->items);
    *slices = (struct csv_slices){0};
}

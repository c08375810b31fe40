/* Gathers the columns of the selected incidents that an analysis needs, and nothing else. */
#include "engine/study/gather.h"

#include "engine/core/text.h"
#include "engine/study/stages.h"

#include <string.h>

static const char SENSITIVE[] = "organised-crime";

bool gather_is_sensitive(const struct study *study, uint32_t category)
{
    return text_equal(dictionary_text(study->categories, category), SENSITIVE);
}

bool gather_allowed(const struct options *options, struct error *error)
{
    for (size_t i = 0; i < options->categories.count; i++)
        if (!text_equal(options->categories.items[i], SENSITIVE))
            return true;
    if (options->categories.count == 0 || options->sensitive)
        return true;
    return error_set(error, ERROR_USAGE,
                     "organised crime is not drawn or clustered on its own; --sensitive allows it");
}

static bool reserve(struct gathered *to, size_t needed, struct error *error)
{
    struct {
        void *array;
        size_t size;
        bool wanted;
    } columns[] = {
        {&to->grid_x, sizeof *to->grid_x, true},
        {&to->grid_y, sizeof *to->grid_y, true},
        {&to->owner, sizeof *to->owner, true},
        {&to->weight, sizeof *to->weight, true},
        {&to->domain, sizeof *to->domain, (to->columns & COLUMN_CATEGORY) != 0},
        {&to->category, sizeof *to->category, (to->columns & COLUMN_CATEGORY) != 0},
        {&to->source, sizeof *to->source, (to->columns & COLUMN_SOURCE) != 0},
        {&to->when, sizeof *to->when, (to->columns & COLUMN_TIME) != 0},
    };
    struct capacity held = {to->capacity, 1};
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
        held = (struct capacity){to->capacity, columns[c].size};
        if (columns[c].wanted && !array_reserve(columns[c].array, &held, needed, error))
            return false;
    }
    to->capacity = held.held;
    return true;
}

static void note_time(struct gathered *to, moment when)
{
    if (when == MOMENT_UNKNOWN)
        return;
    if (to->first == MOMENT_UNKNOWN || when < to->first)
        to->first = when;
    if (to->last == MOMENT_UNKNOWN || when > to->last)
        to->last = when;
}

static void copy_row(struct gathered *to, const struct incidents *batch, size_t i)
{
    size_t at = to->count++;
    uint32_t weight = batch->weight != NULL ? batch->weight[i] : 1;
    to->grid_x[at] = batch->grid_x[i];
    to->grid_y[at] = batch->grid_y[i];
    to->owner[at] = batch->owner[i];
    to->weight[at] = weight;
    to->weighted = to->weighted || weight != 1;
    to->incidents += weight;
    if (to->domain != NULL) {
        to->domain[at] = batch->domain[i];
        to->category[at] = batch->category[i];
    }
    if (to->source != NULL)
        to->source[at] = batch->source[i];
    if (to->when != NULL) {
        to->when[at] = batch->when[i];
        note_time(to, batch->when[i]);
    }
}

static bool take(void *state, const struct incidents *batch, struct error *error)
{
    struct gathered *to = state;
    if ((to->also != NULL && !to->also(to->state, batch, error))
        || !reserve(to, to->count + batch->count, error))
        return false;
    for (size_t i = 0; i < batch->count; i++) {
        size_t weight = batch->weight != NULL ? batch->weight[i] : 1;
        if (batch->owner[i] == OUTSIDE)
            to->outside += weight;
        else if (batch->owner[i] == NO_PLACE)
            to->no_place += weight;
        else
            copy_row(to, batch, i);
    }
    return true;
}

bool gather_run(struct gathered *gathered, struct study *study, struct error *error)
{
    const struct fold fold = {gathered->columns | COLUMN_WEIGHT, take, gathered};
    gathered->first = gathered->last = MOMENT_UNKNOWN;
    gathered->study = study;
    if (!reserve(gathered, 1, error) || !stages_run(study, &fold, error))
        return false;
    if (!gathered->weighted)
        array_free(&gathered->weight);
    return true;
}

void gather_free(struct gathered *gathered)
{
    array_free(&gathered->grid_x);
    array_free(&gathered->grid_y);
    array_free(&gathered->owner);
    array_free(&gathered->domain);
    array_free(&gathered->category);
    array_free(&gathered->source);
    array_free(&gathered->weight);
    array_free(&gathered->when);
    *gathered = (struct gathered){0};
}

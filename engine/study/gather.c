/* Gathers the columns of the selected incidents that an analysis needs, and nothing else; all of
 * them, or part by part. */
#include "engine/study/gather.h"

#include "engine/core/text.h"
#include "engine/study/stages.h"

#include <string.h>

static const char SENSITIVE[] = "organised-crime";

bool gather_is_sensitive_word(const char *category)
{
    return text_equal(category, SENSITIVE);
}

bool gather_is_sensitive(const struct study *study, uint32_t category)
{
    return gather_is_sensitive_word(dictionary_text(study->categories, category));
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
        {&to->weight, sizeof *to->weight, to->weighted},
        {&to->domain, sizeof *to->domain, (to->columns & COLUMN_CATEGORY) != 0},
        {&to->category, sizeof *to->category, (to->columns & COLUMN_CATEGORY) != 0},
        {&to->source, sizeof *to->source, (to->columns & COLUMN_SOURCE) != 0},
        {&to->when, sizeof *to->when, (to->columns & COLUMN_TIME) != 0},
        {&to->holder[0], sizeof *to->holder[0], to->holder[0] != NULL},
        {&to->holder[1], sizeof *to->holder[1], to->holder[1] != NULL},
    };
    size_t capacity = to->capacity;
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
        struct capacity held = {to->capacity, columns[c].size};
        if (columns[c].wanted && !array_reserve(columns[c].array, &held, needed, error))
            return false;
        capacity = held.held > capacity ? held.held : capacity;
    }
    to->capacity = capacity;
    return true;
}

enum { BLOCK = 1024, PART = 1 << 18 /* rows, what a density takes at one time: 4 MB */ };

/* A few rows of a batch that have an owner. */
struct owned {
    const struct incidents *batch;
    size_t first, end;
    uint32_t rows[BLOCK]; /* set when they are not all */
    size_t count;
};

static bool are_all(const struct owned *owned)
{
    return owned->count == owned->end - owned->first;
}

static size_t weight_of(const struct incidents *batch, size_t row)
{
    return batch->weight != NULL ? batch->weight[row] : 1;
}

static void list_owned(struct owned *owned, struct gathered *to)
{
    const struct incidents *batch = owned->batch;
    size_t others = 0;
    for (size_t i = owned->first; i < owned->end; i++)
        others += batch->owner[i] < 0;
    owned->count = 0;
    for (size_t i = owned->first; others > 0 && i < owned->end; i++) {
        owned->rows[owned->count] = (uint32_t)i;
        owned->count += batch->owner[i] >= 0;
        to->outside += batch->owner[i] == OUTSIDE ? weight_of(batch, i) : 0;
        to->no_place += batch->owner[i] == NO_PLACE ? weight_of(batch, i) : 0;
    }
    if (others == 0)
        owned->count = owned->end - owned->first;
}

static size_t row_of(const struct owned *owned, size_t i)
{
    return are_all(owned) ? owned->first + i : owned->rows[i];
}

/* The weights of all rows so far are written down when the first one is not 1. */
static bool begin_weights(struct gathered *to, struct error *error)
{
    to->weighted = true;
    if (!array_new_raw(&to->weight, to->capacity, sizeof *to->weight, error))
        return false;
    for (size_t i = 0; i < to->count; i++)
        to->weight[i] = 1;
    return true;
}

static bool add_weights(struct gathered *to, const struct owned *owned, struct error *error)
{
    size_t sum = 0;
    for (size_t i = 0; i < owned->count; i++)
        sum += weight_of(owned->batch, row_of(owned, i));
    to->incidents += sum;
    if (!to->weighted && sum != owned->count && !begin_weights(to, error))
        return false;
    for (size_t i = 0; to->weighted && i < owned->count; i++)
        to->weight[to->count + i] = (uint32_t)weight_of(owned->batch, row_of(owned, i));
    return true;
}

static void copy_numbers(uint32_t *to, const uint32_t *column, const struct owned *owned)
{
    if (are_all(owned)) {
        memcpy(to, column + owned->first, owned->count * sizeof *to);
        return;
    }
    for (size_t i = 0; i < owned->count; i++)
        to[i] = column[owned->rows[i]];
}

static void copy_places(int32_t *to, const int32_t *column, const struct owned *owned)
{
    copy_numbers((uint32_t *)to, (const uint32_t *)column, owned);
}

static void add_places(struct gathered *to, const struct owned *owned)
{
    const struct incidents *batch = owned->batch;
    copy_places(to->grid_x + to->count, batch->grid_x, owned);
    copy_places(to->grid_y + to->count, batch->grid_y, owned);
    copy_places(to->owner + to->count, batch->owner, owned);
}

static void add_words(struct gathered *to, const struct owned *owned)
{
    const struct incidents *batch = owned->batch;
    if (to->domain != NULL) {
        for (size_t i = 0; i < owned->count; i++)
            to->domain[to->count + i] = batch->domain[row_of(owned, i)];
        copy_numbers(to->category + to->count, batch->category, owned);
    }
    if (to->source != NULL)
        copy_numbers(to->source + to->count, batch->source, owned);
}

/* The files before the first one that tells have nobody known. */
static bool begin_holders(struct gathered *to, int role, struct error *error)
{
    if (!array_new_raw(&to->holder[role], to->capacity, sizeof *to->holder[role], error))
        return false;
    for (size_t i = 0; i < to->count; i++)
        to->holder[role][i] = HOLDER_UNKNOWN;
    return true;
}

static bool add_holders(struct gathered *to, const struct owned *owned, struct error *error)
{
    for (int r = 0; r < HOLDER_ROLES; r++) {
        const uint32_t *from = owned->batch->holder[r];
        bool asked = (to->columns & holder_column((enum holder_role)r)) != 0;
        if (to->holder[r] == NULL && (!asked || from == NULL))
            continue;
        if (to->holder[r] == NULL && !begin_holders(to, r, error))
            return false;
        for (size_t i = 0; i < owned->count; i++)
            to->holder[r][to->count + i] = from != NULL ? from[row_of(owned, i)] : HOLDER_UNKNOWN;
    }
    return true;
}

static void add_times(struct gathered *to, const struct owned *owned)
{
    for (size_t i = 0; to->when != NULL && i < owned->count; i++) {
        moment when = owned->batch->when[row_of(owned, i)];
        to->when[to->count + i] = when;
        if (when == MOMENT_UNKNOWN)
            continue;
        to->first = to->first == MOMENT_UNKNOWN || when < to->first ? when : to->first;
        to->last = to->last == MOMENT_UNKNOWN || when > to->last ? when : to->last;
    }
}

struct gathering {
    struct gathered *to;
    const struct gather_parts *parts; /* NULL: all rows stay */
};

static bool hand_on(const struct gathering *gathering, size_t least, struct error *error)
{
    struct gathered *to = gathering->to;
    if (to->count < least || to->count == 0)
        return true;
    bool done = gathering->parts->take(gathering->parts->state, to, error);
    to->count = 0;
    return done;
}

static bool add_block(const struct gathering *gathering, struct owned *owned, struct error *error)
{
    const struct gather_parts *parts = gathering->parts;
    struct gathered *to = gathering->to;
    if (!reserve(to, to->count + owned->count, error) || !add_weights(to, owned, error)
        || !add_holders(to, owned, error))
        return false;
    add_places(to, owned);
    add_words(to, owned);
    add_times(to, owned);
    to->count += owned->count;
    return parts == NULL || hand_on(gathering, parts->rows > 0 ? parts->rows : PART, error);
}

static bool take(void *state, const struct incidents *batch, struct error *error)
{
    const struct gathering *gathering = state;
    struct gathered *to = gathering->to;
    struct owned owned = {.batch = batch};
    bool done = to->also == NULL || to->also(to->state, batch, error);
    for (size_t first = 0; done && first < batch->count; first += BLOCK) {
        owned.first = first;
        owned.end = first + BLOCK < batch->count ? first + BLOCK : batch->count;
        list_owned(&owned, to);
        done = add_block(gathering, &owned, error);
    }
    return done;
}

static bool run(struct gathering *gathering, struct study *study, struct error *error)
{
    struct gathered *to = gathering->to;
    const struct fold fold = {
        .columns = to->columns | COLUMN_WEIGHT, .take = take, .state = gathering};
    to->first = to->last = MOMENT_UNKNOWN;
    to->study = study;
    return reserve(to, 1, error) && stages_run(study, &fold, error);
}

bool gather_run(struct gathered *gathered, struct study *study, struct error *error)
{
    return run(&(struct gathering){gathered, NULL}, study, error);
}

bool gather_run_in_parts(struct gathered *gathered, struct study *study,
                         const struct gather_parts *parts, struct error *error)
{
    struct gathering gathering = {gathered, parts};
    return run(&gathering, study, error) && hand_on(&gathering, 1, error);
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
    for (int r = 0; r < HOLDER_ROLES; r++)
        array_free(&gathered->holder[r]);
    *gathered = (struct gathered){0};
}

/* Looks whether files can be trusted: what was read, what was passed over, and where the borders do
 * not fit. */
#include "engine/study/checking.h"

#include "engine/study/pairs.h"
#include "engine/study/stages.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool checking_is_coarse(const struct border_quality *border)
{
    const double plaza_m = 500, vertices_per_km = 8;
    return border->shared_m > plaza_m
           && (border->longest_straight_m > 2 * plaza_m
               || border->vertices_per_km < vertices_per_km);
}

/* splitmix64's finaliser, over one field after another. */
static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0xBF58476D1CE4E5B9);
    hash ^= hash >> 27;
    hash *= UINT64_C(0x94D049BB133111EB);
    return hash ^ hash >> 31;
}

static uint64_t hash_row(const struct incidents *batch, size_t i)
{
    uint64_t place;
    memcpy(&place, &batch->x[i], sizeof place);
    uint64_t hash = mix(0x9E3779B97F4A7C15u, place);
    memcpy(&place, &batch->y[i], sizeof place);
    hash = mix(hash, place);
    hash = mix(hash, (uint64_t)batch->when[i]);
    return mix(hash, (uint64_t)batch->category[i] << 32 | batch->source[i]);
}

static bool count_category(struct checking *to, const struct incidents *batch, size_t i,
                           struct error *error)
{
    uint32_t category = batch->category[i];
    if (category >= to->category_count) {
        size_t old = to->category_count, count = (size_t)category * 2 + 16;
        struct capacity counts = {old, sizeof *to->by_category};
        struct capacity domains = {old, sizeof *to->domain_of};
        if (!array_reserve(&to->by_category, &counts, count, error)
            || !array_reserve(&to->domain_of, &domains, count, error))
            return false;
        to->category_count = counts.held < domains.held ? counts.held : domains.held;
        memset(to->by_category + old, 0, (to->category_count - old) * sizeof *to->by_category);
    }
    to->by_category[category] += batch->weight != NULL ? batch->weight[i] : 1;
    to->domain_of[category] = batch->domain[i];
    return true;
}

static bool count_band(struct checking *to, const struct incidents *batch, struct error *error)
{
    const struct owned_points points = {{batch->grid_x, batch->grid_y, batch->count}, batch->owner};
    double *border_m;
    if (to->study->assignment == NULL)
        return true;
    if (!array_new(&border_m, batch->count, sizeof *border_m, error))
        return false;
    assignment_border_m(border_m, to->study->assignment, &points, to->band_m);
    for (size_t i = 0; i < batch->count; i++)
        if (border_m[i] < to->band_m)
            to->in_band += batch->weight[i];
    array_free(&border_m);
    return true;
}

static bool take(void *state, const struct incidents *batch, struct error *error)
{
    struct checking *to = state;
    struct capacity capacity = {to->hash_capacity, sizeof *to->hashes};
    if (!array_reserve(&to->hashes, &capacity, to->hash_count + batch->count, error)
        || !count_band(to, batch, error) || !doubles_take(&to->doubles, to->study, batch, error))
        return false;
    to->hash_capacity = capacity.held;
    for (size_t i = 0; i < batch->count; i++) {
        size_t weight = batch->weight[i];
        to->selected += weight;
        to->outside += batch->owner[i] == OUTSIDE ? weight : 0;
        to->no_place += batch->owner[i] == NO_PLACE ? weight : 0;
        if (!count_category(to, batch, i, error))
            return false;
        if (batch->owner[i] != NO_PLACE)
            to->hashes[to->hash_count++] = hash_row(batch, i);
        if (batch->when[i] != MOMENT_UNKNOWN) {
            to->first = to->first == MOMENT_UNKNOWN || batch->when[i] < to->first ? batch->when[i]
                                                                                  : to->first;
            to->last = batch->when[i] > to->last ? batch->when[i] : to->last;
        }
    }
    return true;
}

static bool take_band(void *state, const struct incidents *batch, struct error *error)
{
    return count_band(state, batch, error);
}

/* Once more, when a file has widened the band, so that the order of the files makes no difference.
 */
static bool recount_band(struct checking *checking, struct error *error)
{
    const struct fold fold = {.columns = COLUMN_WEIGHT, .take = take_band, .state = checking};
    struct study *study = checking->study;
    if (!study_band_grew(study, checking->band_m))
        return true;
    checking->band_m = study_border_band_m(study);
    checking->in_band = 0;
    return study->assignment == NULL || stages_run(study, &fold, error);
}

static int by_hash(const void *a, const void *b)
{
    uint64_t left, right;
    memcpy(&left, a, sizeof left);
    memcpy(&right, b, sizeof right);
    return (left > right) - (left < right);
}

/* Incidents that equal an earlier one in place, time, category and source. */
static void count_duplicates(struct checking *checking)
{
    if (checking->hash_count > 0)
        qsort(checking->hashes, checking->hash_count, sizeof *checking->hashes, by_hash);
    for (size_t i = 1; i < checking->hash_count; i++)
        checking->duplicates += checking->hashes[i] == checking->hashes[i - 1];
}

static bool tell_unseen(struct checking *checking, size_t count, struct error *error)
{
    return notes_add(&checking->study->notes,
                     "%zu jurisdictions have too many borders: gaps and overlaps were not looked "
                     "for",
                     count)
           || error_set(error, ERROR_INTERNAL, "out of memory");
}

/* As the boundaries are before the grid: a millimetre along some kilometres is square metres. */
static bool look_at_borders(struct checking *checking, struct error *error)
{
    struct jurisdictions *exact = &checking->study->boundaries.exact;
    if (!checking->study->has_boundaries)
        return true;
    const struct border_search search = {exact, pairs_tolerance_m(checking->study),
                                         checking->study->options->threads};
    struct border_qualities found = {0};
    bool few = false;
    bool done = polygons_borders_are_few(&few, &search, error)
                && (few ? polygons_borders(&found, &search, error)
                        : tell_unseen(checking, exact->count, error));
    jurisdictions_free(exact); /* nothing else is asked of them */
    checking->borders = found.items;
    checking->border_count = found.count;
    return done;
}

static bool look_at_districts(struct checking *checking, struct error *error)
{
    struct study *study = checking->study;
    if (!study->has_boundaries || study->options->districts == NULL)
        return true;
    return study_need_districts(study, error)
           && districts_crossing(&checking->crossing, &study->districts, &study->boundaries,
                                 study->options->gap_m, error);
}

bool checking_run(struct checking *checking, struct study *study, struct error *error)
{
    const struct fold fold = {.columns =
                                  COLUMN_CATEGORY | COLUMN_TIME | COLUMN_SOURCE | COLUMN_WEIGHT,
                              .take = take,
                              .state = checking};
    checking->study = study;
    checking->first = checking->last = MOMENT_UNKNOWN;
    checking->band_m = study_border_band_m(study);
    if (!look_at_borders(checking, error) || !look_at_districts(checking, error)
        || !stages_run(study, &fold, error) || !recount_band(checking, error))
        return false;
    count_duplicates(checking);
    return doubles_find(&checking->doubles, study, error);
}

void checking_free(struct checking *checking)
{
    array_free(&checking->borders);
    overlay_free(&checking->crossing);
    array_free(&checking->by_category);
    array_free(&checking->domain_of);
    array_free(&checking->hashes);
    doubles_free(&checking->doubles);
    *checking = (struct checking){0};
}

/* The pairs of jurisdictions that share a border, and how good that border is. */
#include "engine/study/pairs.h"

#include "engine/core/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double pairs_tolerance_m(const struct study *study)
{
    /* Not more than a thousandth of the whole: degrees taken for metres would make all areas
     * neighbours of all. */
    struct box box = jurisdictions_box(&study->boundaries.jurisdictions);
    double width = box.x_max - box.x_min, height = box.y_max - box.y_min;
    return fmin(10, sqrt(width * width + height * height) / 1000);
}

/* How many jurisdictions go by this word; *index is one of them. */
static size_t look_up(size_t *index, const struct jurisdictions *jurisdictions, const char *word)
{
    size_t found = 0;
    for (size_t i = 0; i < jurisdictions->count; i++)
        if (selection_is_called(&jurisdictions->items[i], word)) {
            *index = i;
            found++;
        }
    return found;
}

/* "A,B", each by name or code. */
static bool read_between(size_t between[2], const struct study *study, struct error *error)
{
    const struct jurisdictions *jurisdictions = &study->boundaries.jurisdictions;
    const char *given = study->options->between, *comma = strchr(given, ',');
    if (comma == NULL || strchr(comma + 1, ',') != NULL)
        return error_set(error, ERROR_USAGE,
                         "--between: '%s' is not two names or codes with a comma between", given);
    const char *begins[2] = {given, comma + 1};
    const size_t lengths[2] = {(size_t)(comma - given), strlen(comma + 1)};
    for (int side = 0; side < 2; side++) {
        const char *begin = begins[side], *end = begins[side] + lengths[side];
        text_trim(&begin, &end);
        char *word = text_copy(begin, (size_t)(end - begin), error);
        if (word == NULL)
            return false;
        size_t found = look_up(&between[side], jurisdictions, word);
        bool done = found == 1;
        if (found == 0)
            selection_unknown_jurisdiction(jurisdictions, word, error);
        else if (found > 1)
            error_set(error, ERROR_USAGE,
                      "--between: several jurisdictions go by '%s'; give a code", word);
        array_free(&word);
        if (!done)
            return false;
    }
    return between[0] != between[1]
           || error_set(error, ERROR_USAGE, "--between: '%s' names one jurisdiction twice", given);
}

static bool is_selected(const struct study *study, size_t owner)
{
    return study->selection.owner_in == NULL || study->selection.owner_in[owner];
}

/* Jurisdictions that take part, with their own indexes: those selected, or the two named and all
 * that may lie between them, so that a neighbour's ground is not taken for a gap. */
struct parties {
    struct jurisdiction *items; /* borrowed shapes and names */
    size_t *index;
    size_t count;
};

static bool boxes_meet(struct box a, struct box b)
{
    return a.x_min <= b.x_max && b.x_min <= a.x_max && a.y_min <= b.y_max && b.y_min <= a.y_max;
}

static bool takes_part(const struct study *study, size_t i, const size_t between[2])
{
    const struct jurisdiction *items = study->boundaries.jurisdictions.items;
    if (between == NULL)
        return is_selected(study, i);
    struct box box = shape_box(&items[i].shape);
    return boxes_meet(box, shape_box(&items[between[0]].shape))
           || boxes_meet(box, shape_box(&items[between[1]].shape));
}

static bool choose_parties(struct parties *parties, const struct study *study,
                           const size_t between[2], struct error *error)
{
    const struct jurisdictions *all = &study->boundaries.jurisdictions;
    if (!array_new(&parties->items, all->count, sizeof *parties->items, error)
        || !array_new(&parties->index, all->count, sizeof *parties->index, error))
        return false;
    for (size_t i = 0; i < all->count; i++)
        if (takes_part(study, i, between)) {
            parties->items[parties->count] = all->items[i];
            parties->index[parties->count++] = i;
        }
    return true;
}

static bool measure(struct pairs *pairs, const struct study *study, const struct parties *parties,
                    struct error *error)
{
    const struct jurisdictions some = {.items = parties->items, .count = parties->count};
    const struct border_search search = {&some, pairs_tolerance_m(study), study->options->threads};
    struct border_qualities found = {0};
    bool few = false, done = polygons_borders_are_few(&few, &search, error);
    if (done && !few)
        done = error_set(error, ERROR_DATA,
                         "%s: %zu jurisdictions have too many borders to look at; name some with "
                         "--jurisdiction, or two with --between",
                         study->options->boundaries, some.count);
    done = done && polygons_borders(&found, &search, error);
    pairs->items = found.items;
    pairs->count = found.count;
    for (size_t i = 0; i < pairs->count; i++) {
        pairs->items[i].a = parties->index[pairs->items[i].a];
        pairs->items[i].b = parties->index[pairs->items[i].b];
    }
    return done;
}

/* Two that touch in a corner, or overlap in a sliver alone, share no border. */
static void keep_wanted(struct pairs *pairs, const size_t between[2])
{
    size_t kept = 0;
    for (size_t i = 0; i < pairs->count; i++) {
        const struct border_quality *pair = &pairs->items[i];
        bool asked = between == NULL || (pair->a == between[0] && pair->b == between[1])
                     || (pair->a == between[1] && pair->b == between[0]);
        if (asked && pair->shared_m > 0)
            pairs->items[kept++] = *pair;
    }
    if (between != NULL && kept > 0) {
        pairs->items[0].a = between[0];
        pairs->items[0].b = between[1];
    }
    pairs->count = kept;
}

bool pairs_find(struct pairs *pairs, const struct study *study, struct error *error)
{
    size_t between[2];
    bool named = study->options->between != NULL;
    struct parties parties = {0};
    *pairs = (struct pairs){0};
    bool done = (!named || read_between(between, study, error))
                && choose_parties(&parties, study, named ? between : NULL, error)
                && measure(pairs, study, &parties, error);
    array_free(&parties.items);
    array_free(&parties.index);
    keep_wanted(pairs, named ? between : NULL);
    if (done && pairs->count == 0)
        done = named ? error_set(error, ERROR_USAGE, "--between: %s share no border",
                                 study->options->between)
                     : error_set(error, ERROR_DATA,
                                 "no two of the selected jurisdictions share a border");
    if (!done)
        pairs_free(pairs);
    return done;
}

void pairs_free(struct pairs *pairs)
{
    array_free(&pairs->items);
    pairs->count = 0;
}

/* Possible duplicates between the sources of a study: gathers what they are looked for by. */
#include "engine/study/doubles.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool has_several_sources(const struct study *study, const struct incidents *batch)
{
    return study->options->incidents.count > 1 || batch->source_count > 0;
}

static bool reserve(struct doubles *doubles, size_t more, struct error *error)
{
    struct capacity capacity = {doubles->capacity, sizeof *doubles->items};
    if (!array_reserve(&doubles->items, &capacity, doubles->count + more, error))
        return false;
    doubles->capacity = capacity.held;
    return true;
}

bool doubles_take(struct doubles *doubles, const struct study *study, const struct incidents *batch,
                  struct error *error)
{
    if (!study->has_boundaries || !has_several_sources(study, batch))
        return true;
    if (!reserve(doubles, batch->count, error))
        return false;
    for (size_t i = 0; i < batch->count; i++)
        doubles->items[doubles->count++] = (struct duplicates_incident){
            batch->when[i],     batch->grid_x[i], batch->grid_y[i],
            batch->category[i], batch->source[i], (uint32_t)(batch->first_row + batch->row[i])};
    return true;
}

bool doubles_take_all(struct doubles *doubles, const struct gathered *gathered, struct error *error)
{
    if (!reserve(doubles, gathered->count, error))
        return false;
    for (size_t i = 0; i < gathered->count; i++)
        doubles->items[doubles->count++] = (struct duplicates_incident){
            gathered->when[i],     gathered->grid_x[i], gathered->grid_y[i],
            gathered->category[i], gathered->source[i], (uint32_t)i};
    return true;
}

static int by_text(const void *left, const void *right)
{
    const char *const *a = left, *const *b = right;
    return strcmp(*a, *b);
}

/* From the dictionary's numbers, which are chance, to those of the names in their order. */
static bool number_sources(struct doubles *doubles, const struct study *study, struct error *error)
{
    size_t count = dictionary_count(study->sources);
    uint32_t *numbers = NULL;
    if (!array_new(&doubles->names, count, sizeof *doubles->names, error)
        || !array_new(&numbers, count, sizeof *numbers, error))
        return false;
    doubles->name_count = count;
    for (size_t s = 0; s < count; s++)
        doubles->names[s] = dictionary_text(study->sources, (uint32_t)s);
    if (count > 1)
        qsort(doubles->names, count, sizeof *doubles->names, by_text);
    for (size_t s = 0; s < count; s++) {
        const char *name = dictionary_text(study->sources, (uint32_t)s);
        const char *const *found =
            bsearch(&name, doubles->names, count, sizeof *doubles->names, by_text);
        numbers[s] = (uint32_t)(found - (const char *const *)doubles->names);
    }
    for (size_t i = 0; i < doubles->count; i++)
        doubles->items[i].source = numbers[doubles->items[i].source];
    array_free(&numbers);
    return true;
}

static void drop_unnamed(struct doubles *doubles, const struct study *study)
{
    size_t kept = 0, count = dictionary_count(study->categories);
    uint32_t unnamed = UINT32_MAX;
    for (size_t c = 0; c < count; c++)
        if (dictionary_text(study->categories, (uint32_t)c)[0] == '\0')
            unnamed = (uint32_t)c;
    if (unnamed == UINT32_MAX)
        return;
    for (size_t i = 0; i < doubles->count; i++)
        if (doubles->items[i].category != unnamed)
            doubles->items[kept++] = doubles->items[i];
    doubles->count = kept;
}

bool doubles_find(struct doubles *doubles, const struct study *study, struct error *error)
{
    const double usual_m = 25;
    doubles->reach_m = fmax(usual_m, 2 * study->options->location_accuracy_m);
    double reach = floor(doubles->reach_m * 1000 / study->boundaries.grid.unit_mm);
    if (doubles->count == 0 || dictionary_count(study->sources) < 2)
        return true;
    drop_unnamed(doubles, study);
    bool done = number_sources(doubles, study, error)
                && duplicates_find(&doubles->found, doubles->items, doubles->count,
                                   (int32_t)fmin(reach, GRID_LIMIT - 1), error);
    array_free(&doubles->items);
    doubles->count = doubles->capacity = 0;
    return done;
}

void doubles_free(struct doubles *doubles)
{
    duplicates_free(&doubles->found);
    array_free(&doubles->names);
    array_free(&doubles->items);
    *doubles = (struct doubles){0};
}

/* Clusters of a study, per jurisdiction, domain, category or source, or of all together. */
#include "engine/study/grouping.h"

#include "engine/core/parallel.h"
#include "engine/core/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool grouping_parse(struct grouping *grouping, const char *per, struct error *error)
{
    static const char *const NAMES[] = {"jurisdiction", "domain", "category", "source"};
    bool *const members[] = {&grouping->jurisdiction, &grouping->domain, &grouping->category,
                             &grouping->source};
    *grouping = (struct grouping){0};
    if (per != NULL && text_equal(per, "none"))
        return true;
    for (const char *at = per != NULL ? per : "jurisdiction,domain"; at != NULL;) {
        size_t length = strcspn(at, ",");
        char word[32];
        bool found = false;
        snprintf(word, sizeof word, "%.*s", (int)(length < 31 ? length : 31), at);
        for (int i = 0; i < 4; i++)
            if (text_equal(word, NAMES[i]))
                found = *members[i] = true;
        if (!found)
            return error_set(error, ERROR_USAGE,
                             "--per: '%s' is none of jurisdiction, domain, category, source, none",
                             word);
        at = at[length] == ',' ? at + length + 1 : NULL;
    }
    return true;
}

/* Groups are numbered in the order of what they stand for, so that ties between them do not hang on
 * the order of the rows: words by their bytes. */
struct ordered_word {
    const char *text;
    uint32_t number;
};

static int by_text(const void *a, const void *b)
{
    const struct ordered_word *left = a, *right = b;
    return strcmp(left->text, right->text);
}

static bool rank_words(uint32_t **ranks, struct dictionary *dictionary, struct error *error)
{
    size_t count = dictionary_count(dictionary);
    struct ordered_word *words;
    bool done = array_new(&words, count, sizeof *words, error)
                && array_new(ranks, count, sizeof **ranks, error);
    for (size_t i = 0; done && i < count; i++)
        words[i] = (struct ordered_word){dictionary_text(dictionary, (uint32_t)i), (uint32_t)i};
    if (done) {
        qsort(words, count, sizeof *words, by_text);
        for (size_t i = 0; i < count; i++)
            (*ranks)[words[i].number] = (uint32_t)i;
    }
    array_free(&words);
    return done;
}

struct numbering {
    uint32_t *groups;
    const struct grouping *grouping;
    const struct gathered *gathered;
    uint32_t *categories, *sources; /* ranks */
    uint64_t category_count, source_count;
};

enum { CHUNK = 1 << 16 };

static bool number_chunk(void *state, size_t chunk, int worker, struct error *error)
{
    const struct numbering *numbering = state;
    const struct grouping *grouping = numbering->grouping;
    const struct gathered *gathered = numbering->gathered;
    size_t end = (chunk + 1) * CHUNK < gathered->count ? (chunk + 1) * CHUNK : gathered->count;
    (void)worker, (void)error;
    for (size_t i = chunk * CHUNK; i < end; i++) {
        uint64_t group = grouping->jurisdiction ? (uint64_t)gathered->owner[i] : 0;
        group = group * DOMAIN_COUNT + (grouping->domain ? gathered->domain[i] : 0);
        group = group * numbering->category_count
                + (grouping->category ? numbering->categories[gathered->category[i]] : 0);
        group = group * numbering->source_count
                + (grouping->source ? numbering->sources[gathered->source[i]] : 0);
        numbering->groups[i] = (uint32_t)group;
    }
    return true;
}

static bool number_groups(uint32_t *groups, const struct grouping *grouping,
                          const struct gathered *gathered, struct error *error)
{
    struct study *study = gathered->study;
    struct numbering numbering = {
        .groups = groups,
        .grouping = grouping,
        .gathered = gathered,
        .category_count = grouping->category ? dictionary_count(study->categories) : 1,
        .source_count = grouping->source ? dictionary_count(study->sources) : 1};
    struct parallel_job job = {number_chunk, &numbering, gathered->count / CHUNK + 1,
                               study->options->threads};
    uint64_t owners = grouping->jurisdiction ? study->boundaries.jurisdictions.count : 1;
    bool done = rank_words(&numbering.categories, study->categories, error)
                && rank_words(&numbering.sources, study->sources, error);
    if (done
        && owners * DOMAIN_COUNT * numbering.category_count * numbering.source_count > UINT32_MAX)
        done = error_set(error, ERROR_USAGE, "--per: too many groups; take fewer keys");
    done = done && parallel_for(&job, error);
    array_free(&numbering.categories);
    array_free(&numbering.sources);
    return done;
}

static void cluster_empty(struct cluster *cluster)
{
    shape_free(&cluster->outline);
    array_free(&cluster->owners.items);
    array_free(&cluster->domains.items);
    array_free(&cluster->categories.items);
    array_free(&cluster->sources.items);
}

/* Per category, organised crime would be clustered on its own (DESIGN.md 6): its incidents are
 * noise then, and the other clusters close ranks. */
static bool withhold(struct clusters *clusters, const struct gathered *gathered,
                     struct error *error)
{
    struct study *study = gathered->study;
    int32_t *numbers;
    size_t kept = 0, count = clusters->count;
    if (!array_new(&numbers, count + 1, sizeof *numbers, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct cluster *cluster = &clusters->items[i];
        if (gather_is_sensitive(study, cluster->categories.items[0].value)) {
            cluster_empty(cluster);
            continue;
        }
        numbers[cluster->number] = (int32_t)kept + 1;
        clusters->items[kept] = *cluster;
        clusters->items[kept].number = (int32_t)kept + 1;
        kept++;
    }
    clusters->count = kept;
    for (size_t i = 0; i < clusters->incident_count; i++) {
        clusters->membership[i] = numbers[clusters->membership[i]];
        clusters->core[i] = clusters->membership[i] > 0 ? clusters->core[i] : 0;
    }
    array_free(&numbers);
    return kept == count
           || notes_add(&study->notes,
                        "clusters of organised crime alone are left out: %zu; "
                        "--sensitive allows them",
                        count - kept)
           || error_set(error, ERROR_INTERNAL, "out of memory");
}

bool grouping_find(struct clusters *clusters, const struct grouping *grouping,
                   const struct gathered *gathered, struct error *error)
{
    const struct options *options = gathered->study->options;
    const struct dbscan_options how = {.radius_m = options->radius_m,
                                       .min_points = (size_t)options->min_points,
                                       .unit_mm = gathered->study->boundaries.grid.unit_mm,
                                       .thread_count = options->threads};
    struct cluster_input input = {.count = gathered->count,
                                  .grid_x = gathered->grid_x,
                                  .grid_y = gathered->grid_y,
                                  .owner = gathered->owner,
                                  .domain = gathered->domain,
                                  .category = gathered->category,
                                  .source = gathered->source,
                                  .weight = gathered->weight,
                                  .when = gathered->when,
                                  .grid = gathered->study->boundaries.grid};
    uint32_t *groups = NULL; /* all together are one group */
    bool several =
        grouping->jurisdiction || grouping->domain || grouping->category || grouping->source;
    bool done = !several
                || (array_new_raw(&groups, gathered->count, sizeof *groups, error)
                    && number_groups(groups, grouping, gathered, error));
    input.group = groups;
    done = done && clusters_find(clusters, &input, &how, error);
    array_free(&groups);
    if (done && grouping->category && !options->sensitive)
        done = withhold(clusters, gathered, error);
    return done;
}

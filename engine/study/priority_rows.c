/* A study's stated priorities, crossed with what its incidents show. */
#include "engine/study/priority_rows.h"

#include "engine/core/text.h"
#include "engine/study/query.h"

#include <stdlib.h>
#include <string.h>

/* A priority whose words have been looked up. */
struct resolved {
    uint32_t jurisdiction, category;
    const char *word; /* plein's, or the file's own when the vocabulary lacks it */
    const struct priority *priority;
};

struct crossing {
    struct priority_rows *rows;
    struct study *study;
    const char *path, *file; /* with and without folders */
    struct query counts;     /* by jurisdiction, category, year and month */
    int64_t first_day, last_day;
    struct resolved *resolved;
    size_t resolved_count;
    uint32_t *numbers; /* of each category in the study's dictionary: its place among the words */
    struct load_measured *measured;
    size_t measured_count;
    struct load_stated *stated;
    size_t *totals;
    bool *is_known;
    struct loads loads;
};

static void crossing_free(struct crossing *crossing)
{
    query_free(&crossing->counts);
    array_free(&crossing->resolved);
    array_free(&crossing->numbers);
    array_free(&crossing->measured);
    array_free(&crossing->stated);
    array_free(&crossing->totals);
    array_free(&crossing->is_known);
    loads_free(&crossing->loads);
}

/* ---- what is stated ---- */

static bool unknown_jurisdiction(const struct crossing *crossing, const struct priority *priority,
                                 struct error *error)
{
    const struct jurisdictions *all = &crossing->study->boundaries.jurisdictions;
    const char *nearest = NULL;
    size_t least = strlen(priority->jurisdiction) / 2 + 1;
    for (size_t i = 0; i < all->count; i++) {
        size_t distance = text_distance(priority->jurisdiction, all->items[i].name);
        if (distance < least) {
            least = distance;
            nearest = all->items[i].name;
        }
    }
    if (nearest == NULL)
        return error_set(error, ERROR_SETTINGS,
                         "%s:%zu: there is no jurisdiction '%.80s' in the boundaries; take one by "
                         "its name or code",
                         crossing->path, priority->line, priority->jurisdiction);
    return error_set(error, ERROR_SETTINGS,
                     "%s:%zu: there is no jurisdiction '%.80s' in the boundaries; did you mean "
                     "'%s'?",
                     crossing->path, priority->line, priority->jurisdiction, nearest);
}

static bool find_jurisdiction(uint32_t *index, const struct crossing *crossing,
                              const struct priority *priority, struct error *error)
{
    const struct jurisdictions *all = &crossing->study->boundaries.jurisdictions;
    for (size_t i = 0; i < all->count; i++)
        if (selection_is_called(&all->items[i], priority->jurisdiction)) {
            *index = (uint32_t)i;
            return true;
        }
    return unknown_jurisdiction(crossing, priority, error);
}

static bool is_among(const struct words *words, const char *word)
{
    for (size_t i = 0; i < words->count; i++)
        if (text_equal(words->items[i], word))
            return true;
    return words->count == 0;
}

/* What is not selected has no incidents here, which is no reason to call it without load. */
static bool is_selected(const struct crossing *crossing, const struct resolved *resolved,
                        const struct vocabulary_entry *entry)
{
    const struct selection *selection = &crossing->study->selection;
    unsigned own = 1U << (entry != NULL ? entry->domain : DOMAIN_UNMAPPED);
    unsigned also = entry != NULL ? entry->also : 0;
    return (selection->owner_in == NULL || selection->owner_in[resolved->jurisdiction])
           && (selection->domains == 0 || (selection->domains & own) != 0)
           && (selection->domains_any == 0 || (selection->domains_any & (own | also)) != 0)
           && is_among(&selection->categories, resolved->word);
}

static bool is_in_force(const struct crossing *crossing, const struct priority *priority)
{
    return priority->first_day <= crossing->last_day && priority->last_day >= crossing->first_day;
}

static bool resolve(struct crossing *crossing, const struct priority *priority, struct error *error)
{
    struct study *study = crossing->study;
    struct resolved resolved = {.word = priority->category, .priority = priority};
    const struct vocabulary_entry *entry =
        vocabulary_find(&study->vocabulary, "", priority->category);
    if (!find_jurisdiction(&resolved.jurisdiction, crossing, priority, error))
        return false;
    crossing->is_known[resolved.jurisdiction] = true;
    if (entry != NULL)
        resolved.word = entry->category;
    else
        notes_add(&study->notes,
                  "%s:%zu: the vocabulary has no category '%.80s'; only incidents of that very "
                  "name count",
                  crossing->file, priority->line, priority->category);
    if (!is_selected(crossing, &resolved, entry))
        return true;
    if (is_in_force(crossing, priority))
        crossing->resolved[crossing->resolved_count++] = resolved;
    else
        notes_add(&study->notes,
                  "%s:%zu: this priority is not in force in the period, and left out",
                  crossing->file, priority->line);
    return true;
}

/* The file's order counts for nothing. */
static int compare_resolved(const void *left, const void *right)
{
    const struct resolved *a = left, *b = right;
    const struct priority *x = a->priority, *y = b->priority;
    if (a->jurisdiction != b->jurisdiction)
        return a->jurisdiction < b->jurisdiction ? -1 : 1;
    if (a->category != b->category)
        return a->category < b->category ? -1 : 1;
    int order = strcmp(x->source, y->source);
    if (order == 0)
        order = (x->first_day > y->first_day) - (x->first_day < y->first_day);
    if (order == 0)
        order = strcmp(x->priority, y->priority);
    return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

static bool check_twice(const struct crossing *crossing, struct error *error)
{
    for (size_t i = 1; i < crossing->resolved_count; i++) {
        const struct resolved *a = &crossing->resolved[i - 1], *b = &crossing->resolved[i];
        if (a->jurisdiction == b->jurisdiction && a->category == b->category
            && strcmp(a->priority->source, b->priority->source) == 0
            && b->priority->first_day <= a->priority->last_day)
            return error_set(error, ERROR_SETTINGS,
                             "%s:%zu: this priority stands on line %zu already; keep one of the "
                             "two, or part their periods",
                             crossing->path, b->priority->line, a->priority->line);
    }
    return true;
}

static bool resolve_all(struct crossing *crossing, struct error *error)
{
    const struct priorities *priorities = &crossing->rows->priorities;
    size_t jurisdictions = crossing->study->boundaries.jurisdictions.count;
    if (!array_new(&crossing->resolved, priorities->count, sizeof *crossing->resolved, error)
        || !array_new(&crossing->is_known, jurisdictions, sizeof *crossing->is_known, error))
        return false;
    for (size_t i = 0; i < priorities->count; i++)
        if (!resolve(crossing, &priorities->items[i], error))
            return false;
    return true;
}

/* ---- what is measured ---- */

/* The months that the incidents are of, when no period was asked for. */
static void find_period(struct crossing *crossing)
{
    const struct selection *selection = &crossing->study->selection;
    crossing->first_day = INT64_MAX;
    crossing->last_day = INT64_MIN;
    for (size_t r = 0; r < crossing->counts.rows.count && !selection->has_period; r++) {
        int64_t year = query_value(&crossing->counts.rows.items[r], KEY_YEAR);
        int64_t month = query_value(&crossing->counts.rows.items[r], KEY_MONTH);
        if (year < 0)
            continue;
        int64_t first = days_from_civil((int)year, month > 0 ? (int)month : 1, 1);
        int64_t next = month > 0 && month < 12 ? days_from_civil((int)year, (int)month + 1, 1)
                                               : days_from_civil((int)year + 1, 1, 1);
        crossing->first_day = first < crossing->first_day ? first : crossing->first_day;
        crossing->last_day = next - 1 > crossing->last_day ? next - 1 : crossing->last_day;
    }
    if (selection->has_period) {
        crossing->first_day = selection->first_day;
        crossing->last_day = selection->last_day;
    } else if (crossing->first_day > crossing->last_day) { /* no time is known: any priority may be
                                                              in force */
        crossing->first_day = INT64_MIN;
        crossing->last_day = INT64_MAX;
    }
}

static bool count(struct crossing *crossing, struct error *error)
{
    crossing->counts.by[KEY_JURISDICTION] = crossing->counts.by[KEY_CATEGORY] = true;
    crossing->counts.by[KEY_YEAR] = crossing->counts.by[KEY_MONTH] = true;
    if (!query_run(&crossing->counts, crossing->study, error))
        return false;
    find_period(crossing);
    return true;
}

static int by_bytes(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* Words of incidents and of priorities, each once, in the order of their bytes. */
static bool list_words(struct crossing *crossing, struct error *error)
{
    struct priority_rows *rows = crossing->rows;
    struct dictionary *categories = crossing->study->categories;
    size_t most = dictionary_count(categories) + crossing->resolved_count, kept = 0;
    if (!array_new(&rows->words, most, sizeof *rows->words, error))
        return false;
    for (size_t w = 0; w < most; w++) {
        size_t own = dictionary_count(categories);
        const char *word =
            w < own ? dictionary_text(categories, (uint32_t)w) : crossing->resolved[w - own].word;
        rows->words[w] = text_copy(word, strlen(word), error);
        rows->word_count = w + 1;
        if (rows->words[w] == NULL)
            return false;
    }
    if (most > 1)
        qsort(rows->words, most, sizeof *rows->words, by_bytes);
    for (size_t w = 0; w < most; w++) {
        if (kept > 0 && strcmp(rows->words[kept - 1], rows->words[w]) == 0)
            array_free(&rows->words[w]);
        else
            rows->words[kept++] = rows->words[w];
    }
    rows->word_count = kept;
    return true;
}

static uint32_t place_of(const struct priority_rows *rows, const char *word)
{
    char *const *found =
        bsearch(&word, rows->words, rows->word_count, sizeof *rows->words, by_bytes);
    return (uint32_t)(found - rows->words);
}

static bool number_words(struct crossing *crossing, struct error *error)
{
    struct dictionary *categories = crossing->study->categories;
    size_t own = dictionary_count(categories);
    if (!array_new(&crossing->numbers, own, sizeof *crossing->numbers, error)
        || !array_new(&crossing->stated, crossing->resolved_count, sizeof *crossing->stated, error))
        return false;
    for (size_t w = 0; w < own; w++)
        crossing->numbers[w] = place_of(crossing->rows, dictionary_text(categories, (uint32_t)w));
    for (size_t i = 0; i < crossing->resolved_count; i++)
        crossing->resolved[i].category = place_of(crossing->rows, crossing->resolved[i].word);
    if (crossing->resolved_count > 1)
        qsort(crossing->resolved, crossing->resolved_count, sizeof *crossing->resolved,
              compare_resolved);
    for (size_t i = 0; i < crossing->resolved_count; i++)
        crossing->stated[i] = (struct load_stated){crossing->resolved[i].jurisdiction,
                                                   crossing->resolved[i].category};
    return check_twice(crossing, error);
}

/* The query's rows are by jurisdiction and category; their months are added up. What has no
 * category counts in the total alone. */
static bool add_up(struct crossing *crossing, struct error *error)
{
    const struct query *counts = &crossing->counts;
    size_t jurisdictions = crossing->study->boundaries.jurisdictions.count;
    if (!array_new(&crossing->measured, counts->rows.count, sizeof *crossing->measured, error)
        || !array_new(&crossing->totals, jurisdictions, sizeof *crossing->totals, error))
        return false;
    for (size_t r = 0; r < counts->rows.count; r++) {
        const struct query_row *row = &counts->rows.items[r];
        struct load_measured *last = &crossing->measured[crossing->measured_count];
        uint32_t owner = (uint32_t)query_value(row, KEY_JURISDICTION);
        uint32_t category = crossing->numbers[query_value(row, KEY_CATEGORY)];
        crossing->totals[owner] += row->amount.incidents;
        if (crossing->rows->words[category][0] == '\0')
            continue;
        if (crossing->measured_count > 0 && last[-1].jurisdiction == owner
            && last[-1].category == category)
            last[-1].incidents += row->amount.incidents;
        else
            crossing->measured[crossing->measured_count++] =
                (struct load_measured){owner, category, row->amount.incidents};
    }
    return true;
}

/* ---- what counts as a load ---- */

static bool is_in_vocabulary(const struct crossing *crossing, const char *word)
{
    const struct vocabulary_entry *entry = vocabulary_find(&crossing->study->vocabulary, "", word);
    return entry != NULL && entry->domain != DOMAIN_UNMAPPED;
}

static bool set_rule(struct crossing *crossing, struct error *error)
{
    struct priority_rows *rows = crossing->rows;
    const struct options *options = crossing->study->options;
    bool *seen;
    size_t known = 0, all = 0;
    rows->rule = (struct load_rule){options->least_share, (size_t)options->least_incidents};
    if (options->least_share > 0)
        return true;
    if (!array_new(&seen, rows->word_count, sizeof *seen, error))
        return false;
    for (size_t m = 0; m < crossing->measured_count; m++) {
        uint32_t category = crossing->measured[m].category;
        if (seen[category])
            continue;
        seen[category] = true;
        all++;
        known += is_in_vocabulary(crossing, rows->words[category]);
    }
    array_free(&seen);
    rows->even_of = known > 0 ? known : all;
    rows->rule.least_share = rows->even_of > 0 ? 1.0 / (double)rows->even_of : 1;
    return true;
}

static void tell(const struct crossing *crossing)
{
    const struct priority_rows *rows = crossing->rows;
    const struct study *study = crossing->study;
    struct notes *notes = &crossing->study->notes;
    size_t silent = 0;
    for (size_t j = 0; j < study->boundaries.jurisdictions.count; j++)
        silent += !crossing->is_known[j]
                  && (study->selection.owner_in == NULL || study->selection.owner_in[j]);
    if (silent > 0)
        notes_add(notes, "%s: %zu jurisdictions are not named there, and have no rows",
                  crossing->file, silent);
    if (rows->even_of > 0)
        notes_add(notes,
                  "a category is a load from %.1f %% of a jurisdiction's incidents (an even share "
                  "of %zu categories) and %zu incidents on",
                  100 * rows->rule.least_share, rows->even_of, rows->rule.least_incidents);
    else
        notes_add(notes,
                  "a category is a load from %.1f %% of a jurisdiction's incidents and %zu "
                  "incidents on",
                  100 * rows->rule.least_share, rows->rule.least_incidents);
}

/* ---- the rows ---- */

static bool cross(struct crossing *crossing, struct error *error)
{
    struct priority_rows *rows = crossing->rows;
    const struct load_input input = {.measured = crossing->measured,
                                     .measured_count = crossing->measured_count,
                                     .stated = crossing->stated,
                                     .stated_count = crossing->resolved_count,
                                     .totals = crossing->totals,
                                     .is_known = crossing->is_known,
                                     .rule = rows->rule};
    if (!loads_find(&crossing->loads, &input, error)
        || !array_new(&rows->items, crossing->loads.count, sizeof *rows->items, error))
        return false;
    for (; rows->count < crossing->loads.count; rows->count++) {
        const struct load_row *load = &crossing->loads.rows[rows->count];
        bool stated = load->stated != LOAD_NOT_STATED;
        rows->items[rows->count] = (struct priority_standing){
            .jurisdiction = load->jurisdiction,
            .category = rows->words[load->category],
            .stated = stated ? crossing->resolved[load->stated].priority : NULL,
            .incidents = load->incidents,
            .share = load->share,
            .verdict = load->verdict};
    }
    return true;
}

bool priority_rows_find(struct priority_rows *rows, struct study *study, struct error *error)
{
    struct crossing crossing = {.rows = rows,
                                .study = study,
                                .path = study->options->priorities,
                                .file = text_file_name(study->options->priorities)};
    *rows = (struct priority_rows){0};
    bool done = priorities_read(&rows->priorities, crossing.path, error) && count(&crossing, error)
                && resolve_all(&crossing, error) && list_words(&crossing, error)
                && number_words(&crossing, error) && add_up(&crossing, error)
                && set_rule(&crossing, error) && cross(&crossing, error);
    if (done)
        tell(&crossing);
    crossing_free(&crossing);
    if (!done)
        priority_rows_free(rows);
    return done;
}

void priority_rows_free(struct priority_rows *rows)
{
    for (size_t w = 0; w < rows->word_count; w++)
        array_free(&rows->words[w]);
    array_free(&rows->words);
    array_free(&rows->items);
    priorities_free(&rows->priorities);
    *rows = (struct priority_rows){0};
}

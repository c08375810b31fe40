/* Counts of the selected incidents by any combination of keys. */
#include "engine/study/query.h"

#include "engine/core/text.h"
#include "engine/formats/source.h"
#include "engine/study/stages.h"

#include <stdio.h>
#include <string.h>

static const char *const NAMES[] = {
    "jurisdiction", "district", "band",  "reported_to", "responsible", "domain", "category",
    "source",       "year",     "month", "weekday",     "hour",        "square", NULL};

const char *query_key_name(enum query_key key)
{
    return NAMES[key];
}

bool query_parse_keys(struct query *query, const char *by, struct error *error)
{
    for (const char *at = by != NULL ? by : "jurisdiction"; at != NULL;) {
        size_t length = strcspn(at, ",");
        char word[32];
        int key = 0;
        snprintf(word, sizeof word, "%.*s", (int)(length < 31 ? length : 31), at);
        while (NAMES[key] != NULL && !text_equal(word, NAMES[key]))
            key++;
        if (NAMES[key] == NULL)
            return error_set(
                error, ERROR_USAGE,
                "--by: '%s' is none of jurisdiction, district, band, reported_to, responsible, "
                "domain, category, source, year, month, weekday, hour, square",
                word);
        query->by[key] = true;
        at = at[length] == ',' ? at + length + 1 : NULL;
    }
    return true;
}

static void put_time(struct query_values *values, const struct query *query, moment when)
{
    enum precision precision = moment_precision(when);
    struct civil civil = {0};
    if (query->by[KEY_YEAR] || query->by[KEY_MONTH] || query->by[KEY_HOUR])
        civil = moment_civil(when);
    if (query->by[KEY_YEAR])
        query_put(values, KEY_YEAR,
                  precision >= PRECISION_YEAR ? civil.year - QUERY_FIRST_YEAR : -1);
    if (query->by[KEY_MONTH])
        query_put(values, KEY_MONTH, precision >= PRECISION_MONTH ? civil.month : -1);
    if (query->by[KEY_WEEKDAY])
        query_put(values, KEY_WEEKDAY, moment_weekday(when));
    if (query->by[KEY_HOUR])
        query_put(values, KEY_HOUR, precision >= PRECISION_SECOND ? civil.hour : -1);
}

/* A batch, and what was measured for it. */
struct measured {
    const struct incidents *batch;
    const double *border_m; /* NULL: nobody asked */
};

static void put_holders(struct query_values *values, const struct query *query,
                        const struct incidents *batch, size_t i)
{
    for (int r = 0; r < HOLDER_ROLES; r++) {
        enum query_key key = (enum query_key)(KEY_REPORTED_TO + r);
        if (query->by[key])
            query_put(values, key, batch->holder[r] != NULL ? batch->holder[r][i] : HOLDER_UNKNOWN);
    }
}

static void put_square(struct query_values *values, const struct query *query,
                       const struct incidents *batch, size_t i)
{
    const struct square square = square_at(grid_metres_x(&query->grid, batch->grid_x[i]),
                                           grid_metres_y(&query->grid, batch->grid_y[i]));
    query_put(values, KEY_SQUARE, query_of_square(&square));
}

static struct query_values values_of(const struct query *query, const struct measured *measured,
                                     size_t i)
{
    const struct incidents *batch = measured->batch;
    struct query_values values = {{0}};
    if (measured->border_m != NULL)
        query_put(&values, KEY_BAND,
                  measured->border_m[i] < query->band_m ? QUERY_IN_BAND : QUERY_OUT_OF_BAND);
    put_holders(&values, query, batch, i);
    if (query->by[KEY_JURISDICTION])
        query_put(&values, KEY_JURISDICTION, batch->owner[i]);
    if (query->by[KEY_DISTRICT])
        query_put(&values, KEY_DISTRICT, batch->district[i]);
    if (query->by[KEY_DOMAIN])
        query_put(&values, KEY_DOMAIN, batch->domain[i]);
    if (query->by[KEY_CATEGORY])
        query_put(&values, KEY_CATEGORY, batch->category[i]);
    if (query->by[KEY_SOURCE])
        query_put(&values, KEY_SOURCE, batch->source[i]);
    if (batch->when != NULL)
        put_time(&values, query, batch->when[i]);
    if (query->by[KEY_SQUARE])
        put_square(&values, query, batch, i);
    return values;
}

static bool add(struct query *query, const struct query_values *values, size_t incidents,
                struct error *error)
{
    return query_rows_add(&query->rows, values, &(struct query_amount){.incidents = incidents},
                          error);
}

static bool count_measured(struct query *query, const struct measured *measured,
                           struct error *error)
{
    const struct incidents *batch = measured->batch;
    for (size_t i = 0; i < batch->count; i++) {
        size_t weight = batch->weight != NULL ? batch->weight[i] : 1;
        query->total += weight;
        if (batch->owner[i] == OUTSIDE) {
            query->outside += weight;
            continue;
        }
        if (batch->owner[i] == NO_PLACE) {
            query->no_place += weight;
            continue;
        }
        const struct query_values values = values_of(query, measured, i);
        if (!add(query, &values, weight, error))
            return false;
    }
    return true;
}

static bool count_batch(struct query *query, const struct incidents *batch,
                        const struct assignment *assignment, struct error *error)
{
    const struct owned_points points = {{batch->grid_x, batch->grid_y, batch->count}, batch->owner};
    double *border_m = NULL;
    if (query->by[KEY_BAND]) {
        if (!array_new_raw(&border_m, batch->count, sizeof *border_m, error))
            return false;
        assignment_border_m(border_m, assignment, &points, query->band_m);
    }
    bool done = count_measured(query, &(struct measured){batch, border_m}, error);
    array_free(&border_m);
    return done;
}

static unsigned columns_of(const struct query *query)
{
    unsigned columns = COLUMN_WEIGHT;
    if (query->by[KEY_DISTRICT])
        columns |= COLUMN_DISTRICT;
    if (query->by[KEY_REPORTED_TO])
        columns |= COLUMN_REPORTED_TO;
    if (query->by[KEY_RESPONSIBLE])
        columns |= COLUMN_RESPONSIBLE;
    if (query->by[KEY_DOMAIN] || query->by[KEY_CATEGORY])
        columns |= COLUMN_CATEGORY;
    if (query->by[KEY_SOURCE])
        columns |= COLUMN_SOURCE;
    if (query->by[KEY_YEAR] || query->by[KEY_MONTH] || query->by[KEY_WEEKDAY]
        || query->by[KEY_HOUR])
        columns |= COLUMN_TIME;
    return columns;
}

/* A query under way: threads count each batch in its slot's part, which is then added to the whole.
 */
struct counting {
    struct query *whole;
    const struct assignment *assignment;
    struct query parts[STAGES_SLOTS];
};

static bool prepare(void *state, const struct staged *staged, struct error *error)
{
    struct counting *counting = state;
    return count_batch(&counting->parts[staged->slot], staged->batch, counting->assignment, error);
}

static void count_nesting(struct nesting *nesting, const struct incidents *batch)
{
    for (size_t i = 0; batch->district != NULL && i < batch->count; i++)
        if (batch->owner[i] >= 0)
            nesting_add(nesting, batch->owner[i], batch->district[i],
                        batch->weight != NULL ? batch->weight[i] : 1);
}

static void empty(struct query *part)
{
    query_rows_empty(&part->rows);
    part->total = part->outside = part->no_place = 0;
}

static bool deliver(void *state, const struct staged *staged, struct error *error)
{
    struct counting *counting = state;
    struct query *whole = counting->whole, *part = &counting->parts[staged->slot];
    for (size_t r = 0; r < part->rows.count; r++)
        if (!add(whole, &part->rows.items[r].values, part->rows.items[r].amount.incidents, error))
            return false;
    whole->total += part->total;
    whole->outside += part->outside;
    whole->no_place += part->no_place;
    count_nesting(&whole->nesting, staged->batch);
    empty(part);
    return true;
}

static bool count_all(struct query *query, struct study *study, struct error *error)
{
    struct counting counting = {.whole = query, .assignment = study->assignment};
    const struct fold fold = {
        .columns = columns_of(query), .state = &counting, .prepare = prepare, .deliver = deliver};
    for (int i = 0; i < STAGES_SLOTS; i++) {
        memcpy(counting.parts[i].by, query->by, sizeof query->by);
        counting.parts[i].band_m = query->band_m;
        counting.parts[i].grid = query->grid;
    }
    bool done = stages_run(study, &fold, error);
    for (int i = 0; i < STAGES_SLOTS; i++)
        query_free(&counting.parts[i]);
    return done;
}

bool query_is_plain(const struct query *query)
{
    for (int key = 0; key < QUERY_KEYS; key++)
        if (query->by[key] != (key == KEY_JURISDICTION))
            return false;
    return true;
}

static bool by_jurisdiction_alone(const struct query *query)
{
    struct query without = {0};
    memcpy(without.by, query->by, sizeof without.by);
    without.by[KEY_BAND] = false;
    return query_is_plain(&without);
}

static bool add_empty_rows(struct query *query, int64_t owner, struct error *error)
{
    int last = query->by[KEY_BAND] ? QUERY_OUT_OF_BAND : 0;
    for (int band = 0; band <= last; band++) {
        struct query_values values = {{0}};
        query_put(&values, KEY_JURISDICTION, owner);
        query_put(&values, KEY_BAND, band);
        if (!add(query, &values, 0, error))
            return false;
    }
    return true;
}

static bool add_empty_jurisdictions(struct query *query, const struct study *study,
                                    struct error *error)
{
    size_t count = study->boundaries.jurisdictions.count;
    if (count >= query_unknown_of(KEY_JURISDICTION))
        return error_set(error, ERROR_DATA,
                         "%s: more jurisdictions than a query can tell apart: %zu",
                         study->options->boundaries, count);
    for (size_t i = 0; by_jurisdiction_alone(query) && i < count; i++)
        if ((study->selection.owner_in == NULL || study->selection.owner_in[i])
            && !add_empty_rows(query, (int64_t)i, error))
            return false;
    return true;
}

/* Texts are shown by their bytes and not by the number they happened to get. */
static int compare_texts(struct dictionary *dictionary, int64_t a, int64_t b)
{
    return strcmp(dictionary_text(dictionary, (uint32_t)a),
                  dictionary_text(dictionary, (uint32_t)b));
}

static int compare_rows(const void *left, const void *right, void *state)
{
    const struct query *query = state;
    for (int k = 0; k < QUERY_KEYS; k++) {
        enum query_key key = (enum query_key)k;
        int64_t a = query_value(left, key), b = query_value(right, key);
        if (!query->by[key] || a == b)
            continue;
        if (a < 0 || b < 0)
            return a < 0 ? 1 : -1;
        if (key == KEY_CATEGORY)
            return compare_texts(query->categories, a, b);
        if (key == KEY_SOURCE)
            return compare_texts(query->sources, a, b);
        if (key == KEY_REPORTED_TO || key == KEY_RESPONSIBLE)
            return holders_compare(query->holders, (uint32_t)a, (uint32_t)b);
        return a < b ? -1 : 1;
    }
    return 0;
}

/* A merge sort that takes the query along, since qsort has no room for it in POSIX. */
static void sort_rows(struct query_row *rows, size_t count, struct query_row *spare,
                      struct query *query)
{
    size_t half = count / 2, a = 0, b = half;
    if (count < 2)
        return;
    sort_rows(rows, half, spare, query);
    sort_rows(rows + half, count - half, spare, query);
    for (size_t i = 0; i < count; i++) {
        bool left = b >= count || (a < half && compare_rows(&rows[a], &rows[b], query) <= 0);
        spare[i] = left ? rows[a++] : rows[b++];
    }
    memcpy(rows, spare, count * sizeof *rows);
}

static bool texts_fit(const struct query *query, const struct source_known *known,
                      const char *given, struct error *error)
{
    if ((query->by[KEY_CATEGORY] && known->categories >= query_unknown_of(KEY_CATEGORY))
        || (query->by[KEY_SOURCE] && known->sources >= query_unknown_of(KEY_SOURCE)))
        return error_set(error, ERROR_DATA,
                         "%s: too many different categories or sources to count by; is the right "
                         "column named?",
                         source_path(given));
    for (int r = 0; r < HOLDER_ROLES; r++)
        if (query->by[KEY_REPORTED_TO + r] && known->holders >= query_unknown_of(KEY_REPORTED_TO))
            return error_set(error, ERROR_DATA,
                             "%s: too many different texts to count by %s; is the right column "
                             "named?",
                             source_path(given), holder_role_name((enum holder_role)r));
    return true;
}

/* Names the file that goes beyond. It has no line: which of two new texts is the first is chance,
 * where threads read. */
static bool fits(const struct query *query, const struct study *study, struct error *error)
{
    const struct words *given = &study->options->incidents;
    const struct source_known all = {dictionary_count(study->categories),
                                     dictionary_count(study->sources),
                                     holders_count(&study->holders)};
    for (size_t i = 0; i < study->file_count; i++)
        if (!texts_fit(query, &study->files[i].known, study->files[i].given, error))
            return false;
    return given->count == 0 || texts_fit(query, &all, given->items[given->count - 1], error);
}

static void remark_on_holders(const struct query *query, struct study *study)
{
    for (int r = 0; r < HOLDER_ROLES; r++) {
        const char *role = holder_role_name((enum holder_role)r);
        if (query->by[KEY_REPORTED_TO + r] && !study->holders.is_told[r])
            notes_add(&study->notes,
                      "no file of incidents has a column for %s; name it with --columns %s=FIELD",
                      role, role);
    }
}

static bool prepare_districts(struct query *query, struct study *study, struct error *error)
{
    if (!query->by[KEY_DISTRICT])
        return true;
    if (!study_need_districts(study, error))
        return false;
    size_t districts = study->districts.jurisdictions.count;
    if (districts >= QUERY_DISTRICT_UNTOLD)
        return error_set(error, ERROR_DATA, "%s: more districts than a query can tell apart: %zu",
                         study->options->districts, districts);
    return nesting_new(&query->nesting, study->boundaries.jurisdictions.count, districts, error);
}

static bool count_once(struct query *query, struct study *study, struct error *error)
{
    nesting_free(&query->nesting);
    empty(query);
    return prepare_districts(query, study, error) && add_empty_jurisdictions(query, study, error)
           && count_all(query, study, error);
}

/* Where a file widens the band, all are read once more, so that their order makes no difference. */
static bool count_with_band(struct query *query, struct study *study, struct error *error)
{
    query->band_m = study_border_band_m(study);
    if (!count_once(query, study, error))
        return false;
    if (!query->by[KEY_BAND] || !study_band_grew(study, query->band_m))
        return true;
    query->band_m = study_border_band_m(study);
    return count_once(query, study, error);
}

bool query_sort(struct query *query, struct error *error)
{
    struct query_row *spare;
    if (!array_new(&spare, query->rows.count, sizeof *spare, error))
        return false;
    sort_rows(query->rows.items, query->rows.count, spare, query);
    array_free(&spare);
    return true;
}

bool query_run(struct query *query, struct study *study, struct error *error)
{
    query->categories = study->categories;
    query->sources = study->sources;
    query->holders = &study->holders;
    query->grid = study->boundaries.grid;
    if (!count_with_band(query, study, error) || !fits(query, study, error)
        || !query_sort(query, error))
        return false;
    remark_on_holders(query, study);
    return true;
}

void query_free(struct query *query)
{
    query_rows_free(&query->rows);
    nesting_free(&query->nesting);
    *query = (struct query){0};
}

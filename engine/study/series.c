/* The selected incidents divided by one key, such as the part of the day: what a series of maps
 * shows. */
#include "engine/study/series.h"

#include <stdlib.h>
#include <string.h>

enum { UNKNOWN = -1, HOURS_A_PART = 6, PARTS = 4, WEEKDAYS = 7 };

static const char *const NAMES[] = {"",        "domain", "category", "source", "year",
                                    "quarter", "month",  "weekday",  "daypart"};

const char *series_key_name(enum series_key key)
{
    return NAMES[key];
}

unsigned series_columns(enum series_key key)
{
    bool time = key >= SERIES_YEAR;
    return COLUMN_CATEGORY | COLUMN_TIME | (time ? 0u : (unsigned)COLUMN_SOURCE);
}

/* ---- the value of each row ---- */

static int64_t code_of_time(enum series_key key, moment when)
{
    enum precision precision = moment_precision(when);
    struct civil civil = moment_civil(when);
    int hour = moment_hour(when);
    if (key == SERIES_WEEKDAY)
        return moment_weekday(when);
    if (key == SERIES_DAYPART)
        return hour < 0 ? UNKNOWN : hour / HOURS_A_PART;
    if (precision < (key == SERIES_YEAR ? PRECISION_YEAR : PRECISION_MONTH))
        return UNKNOWN;
    if (key == SERIES_YEAR)
        return civil.year;
    return key == SERIES_QUARTER ? 4 * civil.year + (civil.month - 1) / 3
                                 : 12 * civil.year + civil.month - 1;
}

static struct dictionary *words_of(const struct study *study, enum series_key key)
{
    return key == SERIES_CATEGORY ? study->categories : study->sources;
}

static int64_t code_of_word(const struct study *study, enum series_key key, uint32_t number)
{
    return dictionary_text(words_of(study, key), number)[0] != '\0' ? (int64_t)number : UNKNOWN;
}

static int64_t code_of(const struct gathered *gathered, enum series_key key, size_t row)
{
    switch (key) {
    case SERIES_NONE:
        return UNKNOWN;
    case SERIES_DOMAIN:
        return gathered->domain[row];
    case SERIES_CATEGORY:
        return code_of_word(gathered->study, key, gathered->category[row]);
    case SERIES_SOURCE:
        return code_of_word(gathered->study, key, gathered->source[row]);
    case SERIES_YEAR:
    case SERIES_QUARTER:
    case SERIES_MONTH:
    case SERIES_WEEKDAY:
    case SERIES_DAYPART:
        return code_of_time(key, gathered->when[row]);
    }
    return UNKNOWN;
}

/* ---- counting ---- */

struct tallied {
    size_t incidents, sensitive, rows;
};

/* What goes on while incidents are divided: their codes, and how many there are of each. */
struct splitting {
    struct series *series;
    const struct gathered *gathered;
    int32_t *codes;        /* of the rows, less `low`; UNKNOWN */
    int64_t low, high;     /* of the known ones; low > high: none is known */
    struct tallied *tally; /* from low to high */
    uint32_t *place_of;    /* from low to high: 1 + place among the values; 0: on no map */
};

static size_t weight_of(const struct gathered *gathered, size_t row)
{
    return gathered->weight != NULL ? gathered->weight[row] : 1;
}

static bool read_codes(struct splitting *splitting, struct error *error)
{
    const struct gathered *gathered = splitting->gathered;
    enum series_key key = splitting->series->key;
    if (!array_new_raw(&splitting->codes, gathered->count, sizeof *splitting->codes, error))
        return false;
    splitting->low = INT64_MAX;
    splitting->high = INT64_MIN;
    for (size_t i = 0; i < gathered->count; i++) {
        int64_t code = code_of(gathered, key, i);
        splitting->codes[i] = (int32_t)code;
        if (code == UNKNOWN) {
            splitting->series->unknown += weight_of(gathered, i);
            continue;
        }
        splitting->low = code < splitting->low ? code : splitting->low;
        splitting->high = code > splitting->high ? code : splitting->high;
    }
    return true;
}

static bool count_codes(struct splitting *splitting, struct error *error)
{
    const struct gathered *gathered = splitting->gathered;
    size_t range =
        splitting->low <= splitting->high ? (size_t)(splitting->high - splitting->low) + 1 : 0;
    if (!array_new(&splitting->tally, range, sizeof *splitting->tally, error)
        || !array_new(&splitting->place_of, range, sizeof *splitting->place_of, error))
        return false;
    for (size_t i = 0; i < gathered->count; i++) {
        if (splitting->codes[i] == UNKNOWN)
            continue;
        struct tallied *tallied = &splitting->tally[splitting->codes[i] - splitting->low];
        size_t weight = weight_of(gathered, i);
        tallied->rows++;
        tallied->incidents += weight;
        if (gather_is_sensitive(gathered->study, gathered->category[i]))
            tallied->sensitive += weight;
    }
    return true;
}

static struct tallied tallied_of(const struct splitting *splitting, int64_t code)
{
    bool counted = code >= splitting->low && code <= splitting->high;
    return counted ? splitting->tally[code - splitting->low] : (struct tallied){0, 0, 0};
}

/* ---- which values there are ---- */

static bool is_alone(const struct splitting *splitting, const struct tallied *tallied)
{
    return tallied->sensitive > 0 && tallied->sensitive == tallied->incidents
           && !splitting->gathered->study->options->sensitive;
}

static void add_value(struct splitting *splitting, int64_t code)
{
    struct series *series = splitting->series;
    struct tallied tallied = tallied_of(splitting, code);
    bool hidden = is_alone(splitting, &tallied);
    series->items[series->count++] = (struct series_value){.code = code,
                                                           .incidents = tallied.incidents,
                                                           .is_hidden = hidden,
                                                           .count = hidden ? 0 : tallied.rows};
}

/* Days and parts of the day that were not asked for have no map: nothing is known of them. */
static bool is_asked(const struct splitting *splitting, int64_t code)
{
    const struct selection *selection = &splitting->gathered->study->selection;
    if (splitting->series->key == SERIES_WEEKDAY)
        return selection->weekdays == 0 || (selection->weekdays >> code & 1) != 0;
    uint32_t hours = ((UINT32_C(1) << HOURS_A_PART) - 1) << code * HOURS_A_PART;
    return selection->hours == 0 || (selection->hours & hours) != 0;
}

static void list_cycle(struct splitting *splitting, int64_t length)
{
    for (int64_t code = 0; code < length; code++)
        if (is_asked(splitting, code))
            add_value(splitting, code);
}

/* The days that were asked for, where they are no more than the sheet can hold: a month in which
 * nothing was reported is known then, too. */
static void widen_to_period(struct splitting *splitting)
{
    const struct selection *selection = &splitting->gathered->study->selection;
    enum series_key key = splitting->series->key;
    int64_t low = splitting->low, high = splitting->high;
    if (!selection->has_period)
        return;
    if (selection->first_day != INT64_MIN)
        low = code_of_time(key, moment_from_seconds(selection->first_day * 86400, PRECISION_DAY));
    if (selection->last_day != INT64_MAX)
        high = code_of_time(key, moment_from_seconds(selection->last_day * 86400, PRECISION_DAY));
    low = low < splitting->low ? low : splitting->low;
    high = high > splitting->high ? high : splitting->high;
    if (high - low >= SERIES_MOST)
        return;
    for (int64_t code = low; code <= high; code++)
        add_value(splitting, code);
}

static bool list_times(struct splitting *splitting, struct error *error)
{
    enum series_key key = splitting->series->key;
    int64_t count = splitting->high - splitting->low + 1;
    widen_to_period(splitting);
    if (splitting->series->count > 0)
        return true;
    if (count > SERIES_MOST && key == SERIES_YEAR)
        return error_set(error, ERROR_USAGE,
                         "--small-multiples year: from the first to the last incident there are "
                         "%d years, and a sheet holds %d maps; choose a period with --from and "
                         "--to",
                         (int)count, SERIES_MOST);
    if (count > SERIES_MOST)
        return error_set(error, ERROR_USAGE,
                         "--small-multiples %s makes %d maps, and a sheet holds %d; choose a "
                         "period with --from and --to, or take %s",
                         NAMES[key], (int)count, SERIES_MOST,
                         NAMES[key == SERIES_MONTH ? SERIES_QUARTER : SERIES_YEAR]);
    for (int64_t code = splitting->low; code <= splitting->high; code++)
        add_value(splitting, code);
    return true;
}

/* A word and how often it was reported. */
struct ranked {
    int64_t code;
    size_t incidents;
    const char *word;
};

static int compare_ranked(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->incidents != b->incidents)
        return a->incidents > b->incidents ? -1 : 1;
    return strcmp(a->word, b->word);
}

/* Whether a value that need not have a map gets one; what gets none is counted. */
static bool takes_map(struct splitting *splitting, int64_t code, size_t before)
{
    struct series *series = splitting->series;
    struct tallied tallied = tallied_of(splitting, code);
    if (is_alone(splitting, &tallied)) {
        series->hidden += tallied.incidents;
        return false;
    }
    size_t least = (size_t)splitting->gathered->study->options->min_count;
    bool takes = tallied.incidents >= least && before < SERIES_MOST;
    if (!takes && tallied.rows > 0) {
        series->others += tallied.incidents;
        series->others_values++;
    }
    return takes;
}

/* In the order of their size. */
static bool list_words(struct splitting *splitting, struct error *error)
{
    struct series *series = splitting->series;
    struct dictionary *words = words_of(splitting->gathered->study, series->key);
    struct ranked *ranked;
    size_t range = (size_t)(splitting->high - splitting->low) + 1, count = 0;
    if (!array_new_raw(&ranked, range, sizeof *ranked, error))
        return false;
    for (int64_t code = splitting->low; code <= splitting->high; code++) {
        struct tallied tallied = tallied_of(splitting, code);
        if (tallied.rows > 0)
            ranked[count++] =
                (struct ranked){code, tallied.incidents, dictionary_text(words, (uint32_t)code)};
    }
    qsort(ranked, count, sizeof *ranked, compare_ranked);
    for (size_t i = 0; i < count; i++)
        if (takes_map(splitting, ranked[i].code, series->count))
            add_value(splitting, ranked[i].code);
    array_free(&ranked);
    return true;
}

static void list_domains(struct splitting *splitting)
{
    for (int64_t code = splitting->low; code <= splitting->high; code++)
        if (takes_map(splitting, code, splitting->series->count))
            add_value(splitting, code);
}

static bool list_values(struct splitting *splitting, struct error *error)
{
    switch (splitting->series->key) {
    case SERIES_NONE:
        break;
    case SERIES_DOMAIN:
        list_domains(splitting);
        break;
    case SERIES_CATEGORY:
    case SERIES_SOURCE:
        return list_words(splitting, error);
    case SERIES_YEAR:
    case SERIES_QUARTER:
    case SERIES_MONTH:
        return list_times(splitting, error);
    case SERIES_WEEKDAY:
        list_cycle(splitting, WEEKDAYS);
        break;
    case SERIES_DAYPART:
        list_cycle(splitting, PARTS);
        break;
    }
    return true;
}

/* ---- the rows, value by value ---- */

static void give_places(struct splitting *splitting)
{
    struct series *series = splitting->series;
    size_t first = 0;
    for (size_t v = 0; v < series->count; v++) {
        struct series_value *value = &series->items[v];
        value->first = first;
        first += value->count;
        if (value->count > 0)
            splitting->place_of[value->code - splitting->low] = (uint32_t)v + 1;
    }
}

static bool move_rows(struct splitting *splitting, struct error *error)
{
    struct series *series = splitting->series;
    const struct gathered *gathered = splitting->gathered;
    size_t next[SERIES_MOST];
    if (!array_new_raw(&series->grid_x, gathered->count, sizeof *series->grid_x, error)
        || !array_new_raw(&series->grid_y, gathered->count, sizeof *series->grid_y, error)
        || (gathered->weight != NULL
            && !array_new_raw(&series->weight, gathered->count, sizeof *series->weight, error)))
        return false;
    for (size_t v = 0; v < series->count; v++)
        next[v] = series->items[v].first;
    for (size_t i = 0; i < gathered->count; i++) {
        int32_t code = splitting->codes[i];
        uint32_t place = code == UNKNOWN ? 0 : splitting->place_of[code - splitting->low];
        if (place == 0)
            continue;
        size_t to = next[place - 1]++;
        series->grid_x[to] = gathered->grid_x[i];
        series->grid_y[to] = gathered->grid_y[i];
        if (gathered->weight != NULL)
            series->weight[to] = gathered->weight[i];
    }
    return true;
}

static bool is_known(const struct splitting *splitting, struct error *error)
{
    const char *name = NAMES[splitting->series->key];
    if (splitting->low <= splitting->high)
        return true;
    if (splitting->gathered->count == 0)
        return error_set(error, ERROR_DATA,
                         "no incident is selected, so there is nothing to divide by %s", name);
    return error_set(error, ERROR_DATA,
                     "of none of the %zu incidents the %s is known; name its column with --columns",
                     splitting->gathered->incidents, name);
}

static bool has_maps(const struct splitting *splitting, struct error *error)
{
    const struct series *series = splitting->series;
    if (series->count > 0)
        return true;
    if (series->others == 0)
        return error_set(error, ERROR_USAGE,
                         "organised crime is not drawn or clustered on its own; --sensitive allows "
                         "it");
    return error_set(error, ERROR_DATA, "no %s has %d incidents, the least for a map (--min-count)",
                     NAMES[series->key], splitting->gathered->study->options->min_count);
}

bool series_split(struct series *series, const struct gathered *gathered, enum series_key key,
                  struct error *error)
{
    struct splitting splitting = {.series = series, .gathered = gathered};
    *series = (struct series){.key = key};
    bool done = read_codes(&splitting, error) && is_known(&splitting, error)
                && count_codes(&splitting, error) && list_values(&splitting, error)
                && has_maps(&splitting, error);
    if (done) {
        give_places(&splitting);
        done = move_rows(&splitting, error);
    }
    array_free(&splitting.codes);
    array_free(&splitting.tally);
    array_free(&splitting.place_of);
    return done;
}

struct gathered series_part(const struct series *series, const struct gathered *gathered,
                            size_t value)
{
    const struct series_value *of = &series->items[value];
    return (struct gathered){
        .count = of->count,
        .grid_x = series->grid_x + of->first,
        .grid_y = series->grid_y + of->first,
        .weight = series->weight != NULL ? series->weight + of->first : NULL,
        .incidents = of->is_hidden ? 0 : of->incidents,
        .first = gathered->first,
        .last = gathered->last,
        .study = gathered->study,
    };
}

void series_free(struct series *series)
{
    array_free(&series->grid_x);
    array_free(&series->grid_y);
    array_free(&series->weight);
    *series = (struct series){0};
}

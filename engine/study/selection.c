/* The selection: the part of a study that a question is about. */
#include "engine/study/selection.h"

#include "engine/core/numbers.h"
#include "engine/core/text.h"
#include "engine/formats/vocabulary.h"
#include "engine/study/phases.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Splits text at commas into at most `most` numbers; the count, or 0 when one of them is none. */
static int parse_numbers(double *numbers, int most, const char *text)
{
    int count = 0;
    for (const char *at = text; count < most; count++) {
        const char *end = at + strcspn(at, ",");
        if (!number_parse(&numbers[count], at, end))
            return 0;
        if (*end == '\0')
            return count + 1;
        at = end + 1;
    }
    return 0;
}

bool selection_parse_box(struct box *box, const char *option, const char *text, struct error *error)
{
    double n[4];
    if (parse_numbers(n, 4, text) != 4 || !(n[0] < n[2]) || !(n[1] < n[3]))
        return error_set(error, ERROR_USAGE, "--%s: '%s' is no box; write XMIN,YMIN,XMAX,YMAX",
                         option, text);
    *box = (struct box){n[0], n[1], n[2], n[3]};
    return true;
}

bool selection_is_called(const struct jurisdiction *jurisdiction, const char *word)
{
    return text_equal_words(word, jurisdiction->name) || text_equal(word, jurisdiction->code);
}

bool selection_unknown_jurisdiction(const struct jurisdictions *jurisdictions, const char *word,
                                    struct error *error)
{
    const char *nearest = NULL;
    size_t least = strlen(word);
    for (size_t i = 0; i < jurisdictions->count; i++) {
        size_t distance = text_distance(word, jurisdictions->items[i].name);
        if (distance < least) {
            least = distance;
            nearest = jurisdictions->items[i].name;
        }
    }
    if (nearest == NULL)
        return error_set(error, ERROR_USAGE, "there is no jurisdiction '%s' in the boundaries",
                         word);
    return error_set(error, ERROR_USAGE,
                     "there is no jurisdiction '%s' in the boundaries; did you mean '%s'?", word,
                     nearest);
}

static bool read_jurisdictions(struct selection *selection, const struct options *options,
                               const struct jurisdictions *jurisdictions, struct error *error)
{
    if (options->jurisdictions.count == 0)
        return true;
    selection->owner_count = jurisdictions->count;
    if (!array_new(&selection->owner_in, jurisdictions->count, sizeof *selection->owner_in, error))
        return false;
    for (size_t w = 0; w < options->jurisdictions.count; w++) {
        const char *word = options->jurisdictions.items[w];
        bool found = false;
        for (size_t i = 0; i < jurisdictions->count; i++)
            if (selection_is_called(&jurisdictions->items[i], word))
                found = selection->owner_in[i] = true;
        if (!found)
            return selection_unknown_jurisdiction(jurisdictions, word, error);
    }
    return true;
}

static bool read_domains(uint8_t *domains, const struct words *words, struct error *error)
{
    for (size_t i = 0; i < words->count; i++) {
        enum domain domain;
        if (!domain_parse(&domain, words->items[i]))
            return error_set(
                error, ERROR_USAGE,
                "there is no domain '%s'; there are social, physical, safety and unmapped",
                words->items[i]);
        *domains = (uint8_t)(*domains | 1u << domain);
    }
    return true;
}

static bool read_words(struct words *into, const struct words *from, struct error *error)
{
    for (size_t i = 0; i < from->count; i++)
        if (!words_add(into, from->items[i], error))
            return false;
    return true;
}

static bool read_day(moment *when, const char *option, const char *text, struct error *error)
{
    const struct date_style style = {0};
    if (date_parse(when, text, text + strlen(text), &style) && *when != MOMENT_UNKNOWN)
        return true;
    return error_set(error, ERROR_USAGE, "--%s: '%s' is no date; write 2024-05-31", option, text);
}

static bool set_period(struct selection *selection, const char *from, const char *to,
                       struct error *error)
{
    moment when;
    if (from == NULL && to == NULL)
        return true;
    if (!selection->has_period) {
        selection->first_day = INT64_MIN;
        selection->last_day = INT64_MAX;
    }
    selection->has_period = true;
    if (from != NULL) {
        if (!read_day(&when, "from", from, error))
            return false;
        selection->first_day = moment_first_day(when);
    }
    if (to != NULL) {
        if (!read_day(&when, "to", to, error))
            return false;
        selection->last_day = moment_last_day(when);
    }
    if (selection->first_day > selection->last_day)
        return error_set(error, ERROR_USAGE, "--from lies after --to");
    return true;
}

static bool read_phase(struct selection *selection, const struct options *options,
                       struct error *error)
{
    struct phase phase;
    if (options->phase == NULL)
        return true;
    for (size_t i = 0; i < options->opgave.phases.count; i++) {
        if (!phase_parse(&phase, options->opgave.phases.items[i], error))
            return false;
        if (!text_equal(phase.name, options->phase))
            continue;
        selection->has_period = true;
        selection->first_day = phase.first_day;
        selection->last_day = phase.last_day;
        return true;
    }
    return error_set(error, ERROR_USAGE, "there is no phase '%s' in the study file's [opgave]",
                     options->phase);
}

/* One or two digits; returns what stands behind them, or NULL. */
static const char *parse_hour(int *hour, const char *at)
{
    size_t digits = strspn(at, "0123456789");
    if (digits < 1 || digits > 2)
        return NULL;
    *hour = digits == 2 ? 10 * (at[0] - '0') + at[1] - '0' : at[0] - '0';
    return at + digits;
}

static bool read_hours(struct selection *selection, const char *text, struct error *error)
{
    int from, to;
    if (text == NULL)
        return true;
    const char *dash = parse_hour(&from, text);
    const char *end = dash != NULL && *dash == '-' ? parse_hour(&to, dash + 1) : NULL;
    if (end == NULL || *end != '\0' || from > 23 || to > 24 || from == to)
        return error_set(error, ERROR_USAGE,
                         "--hours: '%s' is no range of hours; write 18-06 for 18:00 to 06:00",
                         text);
    for (int hour = from; hour != to % 24 || selection->hours == 0; hour = (hour + 1) % 24)
        selection->hours |= UINT32_C(1) << hour;
    return true;
}

static int weekday_of(const char *text, size_t length)
{
    static const char *const DAYS[7][2] = {{"mo", "ma"}, {"tu", "di"}, {"we", "wo"}, {"th", "do"},
                                           {"fr", "vr"}, {"sa", "za"}, {"su", "zo"}};
    for (int day = 0; day < 7; day++)
        for (int language = 0; language < 2; language++)
            if (length == 2 && strncasecmp(text, DAYS[day][language], 2) == 0)
                return day;
    return -1;
}

static bool read_weekdays(struct selection *selection, const char *text, struct error *error)
{
    for (const char *at = text; at != NULL;) {
        size_t length = strcspn(at, ","), first_length = strcspn(at, "-,");
        int first = weekday_of(at, first_length), last = first;
        if (first_length < length)
            last = weekday_of(at + first_length + 1, length - first_length - 1);
        if (first < 0 || last < 0)
            return error_set(error, ERROR_USAGE,
                             "--days: '%s' names no weekdays; write mo-fr or sa,su", text);
        for (int day = first;; day = (day + 1) % 7) {
            selection->weekdays = (uint8_t)(selection->weekdays | 1u << day);
            if (day == last)
                break;
        }
        at = at[length] == ',' ? at + length + 1 : NULL;
    }
    return true;
}

static bool read_within(struct selection *selection, const char *text, const struct grid *grid,
                        struct error *error)
{
    struct box box;
    if (text == NULL)
        return true;
    if (!selection_parse_box(&box, "within", text, error))
        return false;
    selection->has_box = true;
    const double limit = GRID_LIMIT / 1000.0 * grid->unit_mm;
    double low_x = fmax(box.x_min, grid->origin_x - limit + 1),
           low_y = fmax(box.y_min, grid->origin_y - limit + 1);
    double high_x = fmin(box.x_max, grid->origin_x + limit - 1),
           high_y = fmin(box.y_max, grid->origin_y + limit - 1);
    selection->box[0] = grid_x(grid, low_x);
    selection->box[1] = grid_y(grid, low_y);
    selection->box[2] = grid_x(grid, high_x);
    selection->box[3] = grid_y(grid, high_y);
    if (selection->box[0] == GRID_FAR || selection->box[1] == GRID_FAR
        || selection->box[2] == GRID_FAR || selection->box[3] == GRID_FAR || low_x > high_x
        || low_y > high_y)
        return error_set(error, ERROR_USAGE, "--within: the box lies nowhere near the study");
    return true;
}

static bool read_around(struct selection *selection, const char *text,
                        const struct selection_place *place, struct error *error)
{
    double n[3];
    if (text == NULL)
        return true;
    if (parse_numbers(n, 3, text) != 3 || !(n[2] > 0))
        return error_set(error, ERROR_USAGE,
                         "--around: '%s' is no place; write X,Y,M with M metres around it", text);
    if (fabs(n[0]) <= 180 && fabs(n[1]) <= 90
        && !place->from_degrees(place->state, &n[0], &n[1], error))
        return false;
    selection->has_circle = true;
    selection->centre[0] = grid_x(&place->grid, n[0]);
    selection->centre[1] = grid_y(&place->grid, n[1]);
    selection->radius_units = n[2] * 1000 / place->grid.unit_mm;
    if (selection->centre[0] == GRID_FAR || selection->centre[1] == GRID_FAR
        || selection->centre[0] == GRID_NOWHERE)
        return error_set(error, ERROR_USAGE, "--around: '%s' lies nowhere near the study", text);
    return true;
}

bool selection_read(struct selection *selection, const struct options *options,
                    const struct jurisdictions *jurisdictions, const struct selection_place *place,
                    struct error *error)
{
    *selection = (struct selection){0};
    bool done = read_jurisdictions(selection, options, jurisdictions, error)
                && read_domains(&selection->domains, &options->domains, error)
                && read_domains(&selection->domains_any, &options->domains_any, error)
                && read_words(&selection->categories, &options->categories, error)
                && read_words(&selection->sources, &options->sources, error)
                && read_phase(selection, options, error)
                && set_period(selection, options->from, options->to, error)
                && read_hours(selection, options->hours, error)
                && read_weekdays(selection, options->days, error)
                && read_within(selection, options->within, &place->grid, error)
                && read_around(selection, options->around, place, error);
    selection->all = selection->owner_in == NULL && !selection->has_box && !selection->has_circle
                     && selection_columns(selection) == 0;
    if (!done)
        selection_free(selection);
    return done;
}

void selection_free(struct selection *selection)
{
    array_free(&selection->owner_in);
    words_free(&selection->categories);
    words_free(&selection->sources);
    *selection = (struct selection){.all = true};
}

unsigned selection_columns(const struct selection *selection)
{
    unsigned columns = 0;
    if (selection->domains != 0 || selection->domains_any != 0 || selection->categories.count > 0)
        columns |= COLUMN_CATEGORY;
    if (selection->sources.count > 0)
        columns |= COLUMN_SOURCE;
    if (selection->has_period || selection->hours != 0 || selection->weekdays != 0)
        columns |= COLUMN_TIME;
    return columns;
}

static bool holds_word(const struct words *words, const char *word)
{
    for (size_t i = 0; i < words->count; i++)
        if (text_equal(words->items[i], word))
            return true;
    return false;
}

/* Rows in a run often share a word, so the last answer is kept. */
static void mark_words(uint8_t *keep, const struct words *words, const uint32_t *numbers,
                       struct dictionary *dictionary, size_t count)
{
    uint32_t last = UINT32_MAX;
    bool last_in = false;
    for (size_t i = 0; i < count; i++) {
        if (!keep[i])
            continue;
        if (numbers[i] != last) {
            last = numbers[i];
            last_in = holds_word(words, dictionary_text(dictionary, last));
        }
        keep[i] = last_in;
    }
}

static bool time_is_in(const struct selection *selection, moment when)
{
    if (when == MOMENT_UNKNOWN)
        return false;
    if (selection->has_period
        && (moment_first_day(when) < selection->first_day
            || moment_last_day(when) > selection->last_day))
        return false;
    if (selection->weekdays != 0) {
        int day = moment_weekday(when);
        if (day < 0 || !(selection->weekdays >> day & 1))
            return false;
    }
    if (selection->hours != 0) {
        int hour = moment_hour(when);
        if (hour < 0 || !(selection->hours >> hour & 1))
            return false;
    }
    return true;
}

bool selection_has_place(const struct selection *selection, int32_t x, int32_t y)
{
    if (x == GRID_NOWHERE || x == GRID_FAR)
        return false;
    if (selection->has_box
        && (x < selection->box[0] || y < selection->box[1] || x > selection->box[2]
            || y > selection->box[3]))
        return false;
    if (!selection->has_circle)
        return true;
    double dx = (double)x - selection->centre[0], dy = (double)y - selection->centre[1];
    return dx * dx + dy * dy <= selection->radius_units * selection->radius_units;
}

static bool owner_is_in(const struct selection *selection, int32_t owner)
{
    return selection->owner_in == NULL || (owner >= 0 && selection->owner_in[owner]);
}

static bool domain_is_in(const struct selection *selection, uint8_t domain, uint8_t also)
{
    unsigned own = 1u << domain;
    return (selection->domains == 0 || (selection->domains & own) != 0)
           && (selection->domains_any == 0 || (selection->domains_any & (own | also)) != 0);
}

void selection_mark(uint8_t *keep, const struct selection *selection, const struct incidents *batch,
                    const struct selection_words *words)
{
    bool place = selection->has_box || selection->has_circle;
    bool time = selection->has_period || selection->hours != 0 || selection->weekdays != 0;
    bool domain = selection->domains != 0 || selection->domains_any != 0;
    for (size_t i = 0; i < batch->count; i++)
        keep[i] = owner_is_in(selection, batch->owner[i])
                  && (!place || selection_has_place(selection, batch->grid_x[i], batch->grid_y[i]))
                  && (!time || time_is_in(selection, batch->when[i]))
                  && (!domain || domain_is_in(selection, batch->domain[i], batch->also[i]));
    if (selection->categories.count > 0)
        mark_words(keep, &selection->categories, batch->category, words->categories, batch->count);
    if (selection->sources.count > 0)
        mark_words(keep, &selection->sources, batch->source, words->sources, batch->count);
}

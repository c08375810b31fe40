/* What a map shows and says of when incidents come: --with hours,months. */
#include "engine/report/times.h"

#include "engine/report/wording.h"
#include "engine/study/packages.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HOURS_HEAD, HOURS_NOTE, MONTHS_HEAD, MONTHS_NOTE };
enum { AVERAGES_FOOT, PARTIAL_FOOT, PROOF_FOOT, MONTHS = 12, AVERAGES_MOST = 4 };

static bool read_word(struct times *times, const char *word, size_t length, struct error *error)
{
    static const char *const WORDS[][2] = {{"hours", "uren"}, {"months", "maanden"}};
    for (int w = 0; w < 2; w++)
        for (int language = 0; language < 2; language++)
            if (strlen(WORDS[w][language]) == length
                && strncmp(WORDS[w][language], word, length) == 0) {
                *(w == 0 ? &times->hours_wanted : &times->months_wanted) = true;
                return true;
            }
    return error_set(error, ERROR_USAGE, "--with: '%.*s' is neither hours nor months", (int)length,
                     word);
}

/* Measures on the command line are to be seen, and they are seen among the months. */
static bool read_with(struct times *times, const struct options *options, struct error *error)
{
    times->months_wanted = options_was_given(options, "measures");
    for (const char *at = options->with; at != NULL;) {
        size_t length = strcspn(at, ",");
        const char *begin = at, *end = at + length;
        text_trim(&begin, &end);
        if (!read_word(times, begin, (size_t)(end - begin), error))
            return false;
        at = at[length] == ',' ? at + length + 1 : NULL;
    }
    return true;
}

static int compare_phases(const void *left, const void *right)
{
    const struct phase *a = left, *b = right;
    if (a->first_day != b->first_day)
        return a->first_day < b->first_day ? -1 : 1;
    if (a->last_day != b->last_day)
        return a->last_day < b->last_day ? -1 : 1;
    return strcmp(a->name, b->name);
}

static bool read_phases(struct times *times, const struct options *options, struct error *error)
{
    const struct words *phases = &options->opgave.phases;
    if (!array_new(&times->phases, phases->count, sizeof *times->phases, error))
        return false;
    for (size_t i = 0; i < phases->count; i++)
        if (!phase_parse(&times->phases[times->phase_count++], phases->items[i], error))
            return false;
    qsort(times->phases, times->phase_count, sizeof *times->phases, compare_phases);
    return true;
}

bool times_begin(struct times *times, struct study *study, struct error *error)
{
    const struct options *options = study->options;
    if (!read_with(times, options, error))
        return false;
    if (times->months_wanted
        && (!read_phases(times, options, error)
            || (options->measures != NULL && !measure_list_read(&times->measures, study, error))))
        return false;
    return (!times->hours_wanted && !times->months_wanted)
           || timetable_open(&times->timetable, study->boundaries.jurisdictions.count, error);
}

bool times_take(struct times *times, const struct gathered *part, struct error *error)
{
    const struct timed timed = {part->when, part->owner, part->weight, part->count};
    return (!times->hours_wanted && !times->months_wanted)
           || timetable_add(&times->timetable, &timed, error);
}

static void add_count(struct text *text, const char *format, size_t count)
{
    text_add(text, format, wording_figure(count).text);
}

/* A neighbour's squares have neither hours nor months of their own. */
static void add_left_out(struct text *note, const struct times *times)
{
    if (times->squares_left_out)
        text_add(note, "%s", _("; without the neighbour's squares"));
}

/* ---- the hours ---- */

static bool has_withheld(const struct hours_table *hours)
{
    for (int day = 0; day < TIMETABLE_DAYS; day++)
        for (int hour = 0; hour < TIMETABLE_HOURS; hour++)
            if (hours->cells[day][hour] > 0
                && classes_of(&hours->classes, (double)hours->cells[day][hour]) == 0)
                return true;
    return false;
}

static void tell_hours(struct times *times, const struct busiest *busiest, bool framed)
{
    const struct timetable *timetable = &times->timetable;
    struct text *head = &times->words[HOURS_HEAD], *note = &times->words[HOURS_NOTE];
    if (framed)
        text_add(head, _("Busiest hours: %s and %s from %d to %d h"),
                 wording_weekday_whole(busiest->day), wording_weekday_whole(busiest->day + 1),
                 busiest->hour, busiest->hour + BUSIEST_HOURS);
    else
        text_add(head, "%s", _("Incidents by hour of the week"));
    add_count(note, _("%s incidents by hour of the week"),
              timetable->incidents - timetable->no_hour - timetable->no_day);
    if (framed)
        add_count(note, _(", %s in the frame"), busiest->incidents);
    if (has_withheld(&times->hours))
        add_count(note, _("; below %s blank"), (size_t)times->hours.classes.limits[0]);
    if (timetable->no_hour > 0)
        add_count(note, _("; %s without an hour"), timetable->no_hour);
    if (timetable->no_day > 0)
        add_count(note, timetable->no_hour > 0 ? _(", %s without a day") : _("; %s without a day"),
                  timetable->no_day);
    add_left_out(note, times);
}

/* What lies below the minimum is not told apart from nothing: neither by colour nor, since the
 * totals of the rows are known to add up, by a total. */
static void count_hours(struct hours_table *hours, const struct timetable *timetable, size_t least)
{
    size_t most = 0;
    hours->has_totals = true;
    for (int day = 0; day < TIMETABLE_DAYS; day++) {
        size_t sum = timetable_day(timetable, day);
        hours->has_totals = hours->has_totals && (sum == 0 || sum >= least);
        for (int hour = 0; hour < TIMETABLE_HOURS; hour++) {
            hours->cells[day][hour] = timetable->cells[day][hour];
            most = hours->cells[day][hour] > most ? hours->cells[day][hour] : most;
        }
    }
    hoursheat_classes(&hours->classes, least, most);
}

static void build_hours(struct times *times, size_t least)
{
    struct hours_table *hours = &times->hours;
    struct busiest busiest = timetable_busiest(&times->timetable);
    bool framed = busiest.incidents > 0 && busiest.incidents >= least;
    count_hours(hours, &times->timetable, least);
    if (framed) {
        hours->frame_day = busiest.day;
        hours->frame_days = BUSIEST_DAYS;
        hours->frame_hour = busiest.hour;
        hours->frame_hours = BUSIEST_HOURS;
    }
    tell_hours(times, &busiest, framed);
    hours->head =
        (struct block_head){times->words[HOURS_HEAD].bytes, times->words[HOURS_NOTE].bytes};
    for (int day = 0; day < TIMETABLE_DAYS; day++)
        hours->day_names[day] = wording_weekday(day);
    hours->hour = _("hour");
    hours->total = _("total");
    hours->scale_head = _("incidents");
    times->strip.hours = hours;
}

/* ---- the months ---- */

/* Where a day begins, in months from the beginning of the first one. */
static double month_at(const struct times *times, int64_t day)
{
    int month = timetable_month_of(day);
    int64_t first = timetable_first_day(month), next = timetable_first_day(month + 1);
    return month - times->months.first_month + (double)(day - first) / (double)(next - first);
}

/* Where what lasts through a day ends; what has no end lasts to the end of the months. */
static double month_until(const struct times *times, int64_t last_day)
{
    return last_day >= times->days.last ? (double)times->months.count
                                        : month_at(times, last_day + 1);
}

static bool find_days(struct times *times, const struct telling *telling)
{
    const struct gathered *gathered = telling->gathered;
    const struct selection *selection = &gathered->study->selection;
    bool known = gathered->first != MOMENT_UNKNOWN;
    bool from = selection->has_period && selection->first_day != INT64_MIN;
    bool to = selection->has_period && selection->last_day != INT64_MAX;
    if (!known && !(from && to))
        return false;
    times->days.first = from ? selection->first_day : moment_first_day(gathered->first);
    times->days.last = to ? selection->last_day : moment_last_day(gathered->last);
    return times->days.first <= times->days.last;
}

static bool count_months(struct times *times, const struct telling *telling, struct error *error)
{
    struct months_chart *chart = &times->months;
    const struct scene *scene = telling->scene;
    const size_t sides[2] = {scene->first, scene->second};
    size_t sums[2] = {0}; /* a side of which no month is known has no line */
    chart->first_month = timetable_month_of(times->days.first);
    chart->count = (size_t)(timetable_month_of(times->days.last) - chart->first_month) + 1;
    chart->first_partial = times->days.first != timetable_first_day(chart->first_month);
    chart->last_partial =
        times->days.last + 1 != timetable_first_day(chart->first_month + (int)chart->count);
    if (!array_new(&times->counts, 3 * chart->count, sizeof *times->counts, error))
        return false;
    for (size_t i = 0; i < chart->count; i++) {
        int month = chart->first_month + (int)i;
        times->counts[i] = timetable_month(&times->timetable, month, TIMETABLE_ALL);
        for (size_t side = 0; side < 2; side++)
            sums[side] += times->counts[(side + 1) * chart->count + i] =
                timetable_month(&times->timetable, month, (int32_t)sides[side]);
    }
    chart->total = times->counts;
    bool both = scene->first != scene->second && sums[0] > 0 && sums[1] > 0;
    for (size_t side = 0; both && side < 2; side++)
        chart->sides[side] = times->counts + (side + 1) * chart->count;
    return true;
}

/* Whole months within the period. */
struct span {
    size_t first, end;
};

static struct span whole_months(const struct months_chart *chart)
{
    return (struct span){chart->first_partial ? 1 : 0,
                         chart->count - (chart->last_partial ? 1 : 0)};
}

static double average(const struct months_chart *chart, struct span span)
{
    size_t sum = 0;
    for (size_t i = span.first; i < span.end; i++)
        sum += chart->total[i];
    return span.end > span.first ? (double)sum / (double)(span.end - span.first) : NAN;
}

/* Averages over the whole months before a measure began, and over those from then on; the month
 * within which it began is in neither. */
struct averages {
    double before, after;
};

static struct averages averages_of(const struct months_chart *chart, double from)
{
    struct span whole = whole_months(chart), before = whole, after = whole;
    double first = fmin(fmax(from, 0), (double)chart->count);
    if ((double)before.end > floor(first))
        before.end = (size_t)floor(first);
    if ((double)after.first < ceil(first))
        after.first = (size_t)ceil(first);
    return (struct averages){from < 0 ? NAN : average(chart, before), average(chart, after)};
}

static bool both_known(struct averages averages)
{
    return !isnan(averages.before) && !isnan(averages.after);
}

/* Whole from ten on, else with one decimal. */
static void add_average(struct text *text, double value)
{
    if (value < 9.95)
        wording_number(text, floor(value * 10 + 0.5) / 10);
    else
        wording_count(text, (size_t)floor(value + 0.5));
}

/* Of a measure that began on that day. */
static struct averages averages_at(const struct times *times, int64_t day)
{
    if (day < times->days.first)
        return (struct averages){NAN, NAN};
    return averages_of(&times->months, month_at(times, day));
}

/* "M1 206/257" */
static void add_averages(struct text *text, const char *number, struct averages averages)
{
    struct text before = {0}, after = {0};
    add_average(&before, averages.before);
    add_average(&after, averages.after);
    text_add(text, _("%s %s/%s"), number, text_part(text, &before), text_part(text, &after));
    text_free(&before);
    text_free(&after);
}

/* "Vóór oktober 2024 gemiddeld 252 per maand, daarna 240", with the day where it is not the first
 * of a month. */
static void tell_before(struct text *head, const struct times *times, int64_t day)
{
    struct averages averages = averages_at(times, day);
    struct text begin = {0}, before = {0}, after = {0};
    int month = timetable_month_of(day);
    if (day == timetable_first_day(month))
        wording_month(&begin, month / 12, month % 12);
    else
        wording_day(&begin, day);
    add_average(&before, averages.before);
    add_average(&after, averages.after);
    text_add(head, _("Before %s on average %s a month, then %s"), text_part(head, &begin),
             text_part(head, &before), text_part(head, &after));
    text_free(&begin);
    text_free(&before);
    text_free(&after);
}

static void tell_most(struct text *head, const struct months_chart *chart)
{
    size_t most = 0;
    double mean = average(chart, whole_months(chart));
    struct text figure = {0}, month = {0};
    for (size_t i = 1; i < chart->count; i++)
        if (chart->total[i] > chart->total[most])
            most = i;
    if (isnan(mean) || chart->count < 2 || chart->total[most] == 0) {
        text_add(head, "%s", _("Incidents per month"));
        return;
    }
    add_average(&figure, mean);
    int at = chart->first_month + (int)most;
    wording_month(&month, at / 12, at % 12);
    text_add(head, _("%s a month on average; most in %s: %s"), text_part(head, &figure),
             text_part(head, &month), wording_figure(chart->total[most]).text);
    text_free(&figure);
    text_free(&month);
}

static void tell_months(struct times *times)
{
    const struct measure_list *list = &times->measures;
    struct text *head = &times->words[MONTHS_HEAD], *note = &times->words[MONTHS_NOTE];
    if (list->count == 1 && both_known(averages_at(times, list->shown[0]->first_day)))
        tell_before(head, times, list->shown[0]->first_day);
    else
        tell_most(head, &times->months);
    text_add(note, "%s", _("incidents per month"));
    if (times->timetable.no_month > 0)
        add_count(note, _(", %s without a month"), times->timetable.no_month);
    add_left_out(note, times);
    if (list->count > 0)
        text_add(note, "%s", _("; grey: during a measure"));
}

/* With one measure the head says it. */
static void tell_averages(struct times *times)
{
    const struct measure_list *list = &times->measures;
    struct text *foot = &times->feet[AVERAGES_FOOT];
    size_t told = 0;
    for (size_t i = 0; i < list->count && told < AVERAGES_MOST && list->count > 1; i++) {
        struct averages averages = averages_at(times, list->shown[i]->first_day);
        if (!both_known(averages))
            continue;
        text_add(foot, "%s ", told++ == 0 ? _("Average before/after:") : ",");
        add_averages(foot, list->numbers[i].bytes, averages);
    }
}

static void tell_feet(struct times *times)
{
    const struct months_chart *chart = &times->months;
    tell_averages(times);
    if (chart->first_partial || chart->last_partial) {
        struct text period = {0};
        wording_period(&period, times->days.first, times->days.last);
        text_add(&times->feet[PARTIAL_FOOT], _("Open dot: not the whole month (%s)."),
                 text_part(&times->feet[PARTIAL_FOOT], &period));
        text_free(&period);
    }
    if (times->measures.count > 0)
        text_add(&times->feet[PROOF_FOOT], "%s",
                 _("A fall after a measure does not prove that it works."));
}

/* Those that are on the map come first: their names are looked for. */
static bool list_measures(struct times *times, struct error *error)
{
    const struct measure_list *list = &times->measures;
    size_t count = 0;
    if (!array_new(&times->marks, list->count, sizeof *times->marks, error)
        || !array_new(&times->markers, list->count, sizeof *times->markers, error))
        return false;
    for (int placed = 1; placed >= 0; placed--)
        for (size_t i = 0; i < list->count; i++) {
            const struct measure *measure = list->shown[i];
            if ((isnan(measure->x) ? 0 : 1) != placed)
                continue;
            times->marks[count++] = (struct months_measure){
                month_at(times, measure->first_day), month_until(times, measure->last_day),
                list->names[i].bytes, list->numbers[i].bytes};
            if (placed)
                times->markers[times->marker_count++] = (struct map_marker){
                    measure->x, measure->y, measure->radius_m, list->numbers[i].bytes};
        }
    times->months.measures = times->marks;
    times->months.measure_count = count;
    return true;
}

static bool list_phases(struct times *times, struct error *error)
{
    size_t count = 0;
    if (!array_new(&times->bands, times->phase_count, sizeof *times->bands, error))
        return false;
    for (size_t i = 0; i < times->phase_count; i++) {
        const struct phase *phase = &times->phases[i];
        if (phase->first_day <= times->days.last && phase->last_day >= times->days.first)
            times->bands[count++] =
                (struct months_phase){month_at(times, phase->first_day),
                                      month_until(times, phase->last_day), phase->name};
    }
    times->months.phases = times->bands;
    times->months.phase_count = count;
    return true;
}

static void set_words(struct times *times)
{
    struct months_chart *chart = &times->months;
    tell_months(times);
    tell_feet(times);
    chart->head =
        (struct block_head){times->words[MONTHS_HEAD].bytes, times->words[MONTHS_NOTE].bytes};
    chart->total_name = _("together");
    for (int month = 0; month < MONTHS; month++) {
        const char *name = wording_month_name(month);
        text_add_bytes(&times->initials[month], name, 1);
        chart->initials[month] = times->initials[month].bytes;
    }
    for (int i = 0; i < TIMES_FEET; i++)
        chart->foot[i] = times->feet[i].bytes;
}

static bool build_months(struct times *times, const struct telling *telling, struct error *error)
{
    struct study *study = telling->gathered->study;
    if (!find_days(times, telling))
        return notes_add(&study->notes,
                         "no incident has a known month: there is no line per month");
    if (!count_months(times, telling, error)
        || !measure_list_select(&times->measures, study, times->days, error)
        || !list_measures(times, error) || !list_phases(times, error))
        return false;
    set_words(times);
    times->strip.months = &times->months;
    return true;
}

bool times_build(struct times *times, const struct telling *telling, struct error *error)
{
    bool done = true;
    times->squares_left_out = packages_take_part(&telling->gathered->study->packages);
    if (times->hours_wanted)
        build_hours(times, (size_t)telling->gathered->study->options->min_count);
    if (times->months_wanted)
        done = build_months(times, telling, error);
    for (size_t i = 0; done && i < sizeof times->words / sizeof *times->words; i++)
        done = text_check(&times->words[i], error);
    for (int i = 0; done && i < TIMES_FEET; i++)
        done = text_check(&times->feet[i], error);
    return done;
}

void times_free(struct times *times)
{
    for (size_t i = 0; i < sizeof times->words / sizeof *times->words; i++)
        text_free(&times->words[i]);
    for (int i = 0; i < TIMES_FEET; i++)
        text_free(&times->feet[i]);
    for (int i = 0; i < MONTHS; i++)
        text_free(&times->initials[i]);
    timetable_free(&times->timetable);
    measure_list_free(&times->measures);
    array_free(&times->phases);
    array_free(&times->counts);
    array_free(&times->marks);
    array_free(&times->bands);
    array_free(&times->markers);
    *times = (struct times){0};
}

void times_tell_hours(struct text *text, const struct times *times)
{
    static const char *const DAYS[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    const struct timetable *timetable = &times->timetable;
    if (times->strip.hours == NULL)
        return;
    for (int day = 0; times->hours.has_totals && day < TIMETABLE_DAYS; day++)
        text_add(text, "%s %zu, ", DAYS[day], timetable_day(timetable, day));
    text_add(text, "unknown hour %zu, unknown day %zu", timetable->no_hour, timetable->no_day);
}

void times_tell_months(struct text *text, const struct times *times)
{
    const struct months_chart *chart = &times->months;
    if (times->strip.months == NULL)
        return;
    for (size_t i = 0; i < chart->count; i++) {
        int month = chart->first_month + (int)i;
        text_add(text, "%04d-%02d %zu, ", month / MONTHS, month % MONTHS + 1, chart->total[i]);
    }
    text_add(text, "unknown month %zu", times->timetable.no_month);
}

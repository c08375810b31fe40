/* Counts incidents by weekday and hour, and by month and owner. */
#include "engine/analysis/timetable.h"

#include "engine/core/base.h"

enum { YEARS = 10000, MONTHS = 12, DAY_SECONDS = 86400, HOUR_SECONDS = 3600 };

bool timetable_open(struct timetable *timetable, size_t owner_count, struct error *error)
{
    *timetable = (struct timetable){.owner_count = owner_count};
    return array_new(&timetable->years, YEARS, sizeof *timetable->years, error);
}

void timetable_free(struct timetable *timetable)
{
    for (int year = 0; timetable->years != NULL && year < YEARS; year++)
        array_free(&timetable->years[year]);
    array_free(&timetable->years);
    *timetable = (struct timetable){0};
}

int timetable_month_of(int64_t day)
{
    struct civil civil = moment_civil(moment_from_seconds(day * DAY_SECONDS, PRECISION_DAY));
    return civil.year * MONTHS + civil.month - 1;
}

int64_t timetable_first_day(int month)
{
    return days_from_civil(month / MONTHS, month % MONTHS + 1, 1);
}

static bool add_month(struct timetable *timetable, int month, int32_t owner, size_t weight,
                      struct error *error)
{
    size_t **year = &timetable->years[month / MONTHS];
    if (*year == NULL && !array_new(year, timetable->owner_count * MONTHS, sizeof **year, error))
        return false;
    (*year)[(size_t)owner * MONTHS + (size_t)(month % MONTHS)] += weight;
    return true;
}

static void add_hour(struct timetable *timetable, moment when, size_t weight)
{
    int weekday = moment_weekday(when);
    if (weekday < 0) {
        timetable->no_day += weight;
        timetable->no_month += moment_precision(when) < PRECISION_MONTH ? weight : 0;
        return;
    }
    if (moment_precision(when) < PRECISION_SECOND) {
        timetable->no_hour += weight;
        return;
    }
    int64_t seconds = (when - PRECISION_SECOND) / 8 - moment_day(when) * DAY_SECONDS;
    timetable->cells[weekday][seconds / HOUR_SECONDS] += weight;
}

bool timetable_add(struct timetable *timetable, const struct timed *timed, struct error *error)
{
    int64_t day = INT64_MIN; /* files are mostly in order: a day is looked up once */
    int month = 0;
    for (size_t i = 0; i < timed->count; i++) {
        moment when = timed->when[i];
        size_t weight = timed->weight != NULL ? timed->weight[i] : 1;
        timetable->incidents += weight;
        add_hour(timetable, when, weight);
        if (moment_precision(when) < PRECISION_MONTH)
            continue;
        if (moment_day(when) != day) {
            day = moment_day(when);
            month = timetable_month_of(day);
        }
        if (!add_month(timetable, month, timed->owner[i], weight, error))
            return false;
    }
    return true;
}

size_t timetable_month(const struct timetable *timetable, int month, int32_t owner)
{
    const size_t *year = month >= 0 && month < YEARS * MONTHS && timetable->years != NULL
                             ? timetable->years[month / MONTHS]
                             : NULL;
    size_t sum = 0, of_year = (size_t)(month % MONTHS);
    if (year == NULL)
        return 0;
    if (owner != TIMETABLE_ALL)
        return year[(size_t)owner * MONTHS + of_year];
    for (size_t i = 0; i < timetable->owner_count; i++)
        sum += year[i * MONTHS + of_year];
    return sum;
}

size_t timetable_day(const struct timetable *timetable, int weekday)
{
    size_t sum = 0;
    for (int hour = 0; hour < TIMETABLE_HOURS; hour++)
        sum += timetable->cells[weekday][hour];
    return sum;
}

static size_t block_of(const struct timetable *timetable, int day, int hour)
{
    size_t sum = 0;
    for (int d = 0; d < BUSIEST_DAYS; d++)
        for (int h = 0; h < BUSIEST_HOURS; h++)
            sum += timetable->cells[day + d][hour + h];
    return sum;
}

struct busiest timetable_busiest(const struct timetable *timetable)
{
    struct busiest best = {0};
    for (int day = 0; day + BUSIEST_DAYS <= TIMETABLE_DAYS; day++)
        for (int hour = 0; hour + BUSIEST_HOURS <= TIMETABLE_HOURS; hour++) {
            size_t sum = block_of(timetable, day, hour);
            if (sum > best.incidents)
                best = (struct busiest){day, hour, sum};
        }
    return best;
}

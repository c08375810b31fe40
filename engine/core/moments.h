/* Local clock times, cut to what is known, in one 64-bit number. */
#ifndef PLEIN_CORE_MOMENTS_H
#define PLEIN_CORE_MOMENTS_H

#include "engine/core/base.h"

/* A moment is seconds since 1970-01-01 00:00 of the local clock, times 8, plus how precisely it is
 * known. What is not known counts as its lowest value, so that moments sort by time and a month
 * sorts before its days. */
typedef int64_t moment;

#define MOMENT_UNKNOWN INT64_MIN

enum precision {
    PRECISION_NONE, /* of MOMENT_UNKNOWN only */
    PRECISION_YEAR,
    PRECISION_MONTH,
    PRECISION_DAY,
    PRECISION_SECOND, /* a time of day, written with or without seconds */
};

struct civil {
    int year, month, day;     /* 1..9999, 1..12, 1..31 */
    int hour, minute, second; /* 0..23, 0..59, 0..59 */
};

moment moment_make(const struct civil *civil, enum precision precision);
/* From seconds since 1970-01-01 00:00 of the local clock; they must be cut to the precision. */
static inline moment moment_from_seconds(int64_t seconds, enum precision precision)
{
    return seconds * 8 + (int64_t)precision;
}
struct civil moment_civil(moment when); /* 0001-01-01 when unknown */
enum precision moment_precision(moment when);
/* The same moment known only to `precision`; one that is known less well stays as it is. */
moment moment_cut(moment when, enum precision precision);
/* Days since 1970-01-01, proleptic Gregorian (floor for times before it); INT64_MIN when unknown.
 */
int64_t moment_day(moment when);
/* 0 Monday to 6 Sunday; -1 when the day is not known. */
int moment_weekday(moment when);
/* 0 to 23; -1 when the time of day is not known. */
int moment_hour(moment when);
/* The moment's own first and last day (of its year, its month, or itself), for periods in whole
 * days. */
int64_t moment_first_day(moment when);
int64_t moment_last_day(moment when);
bool civil_is_valid(const struct civil *civil);
int64_t days_from_civil(int year, int month, int day);

enum { MOMENT_TEXT = 24 };
/* `2022`, `2022-01`, `2022-01-31`, `2022-01-31T23:59:00`, or nothing. */
void moment_format(char text[MOMENT_TEXT], moment when);

#endif

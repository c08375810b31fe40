/* Local clock times, cut to what is known, in one 64-bit number. */
#ifndef PLEIN_CORE_DATES_H
#define PLEIN_CORE_DATES_H

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
struct civil moment_civil(moment when);
enum precision moment_precision(moment when);
/* The same moment known only to `precision`; one that is known less well stays as it is. */
moment moment_cut(moment when, enum precision precision);
/* Days since 1970-01-01, proleptic Gregorian (floor for times before it). */
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

struct zone; /* a time zone, see zone.h */

/* What a date column's texts mean where they leave it open; zeroed is the usual. */
struct date_style {
    bool month_first;        /* 12/31/2024 instead of 31/12/2024 */
    bool month_only;         /* the column is named month: 2022-01-01 means 2022-01 */
    const struct zone *zone; /* for stamps with Z or an offset; NULL: such a stamp is no date */
};

/* Reads a date or a date and time between begin and end (not NUL-terminated, blanks around it are
 * fine): ISO 8601 with
 * - or / or none between (2024, 2024-05, 2024-05-31, 20240531, 2024-05-31T23:59, 2024-05-31
 * 23:59:30.25Z, +02:00, +0200), 24:00 as the next day's 00:00; Dutch and German 31-12-2024,
 * 31/12/2024, 31.12.2024, 1-2-24 refused (two-digit years are), each with an optional time 23:59 or
 * 23:59:30 or 9.30 uur; an empty text is MOMENT_UNKNOWN and true. False: no date. */
bool date_parse(moment *when, const char *begin, const char *end, const struct date_style *style);
/* A time of day alone (23:59, 23:59:30, 2359, 9.30 uur) added to a day: for a date and a time
 * column. */
bool date_add_time(moment *when, const char *begin, const char *end);

#endif

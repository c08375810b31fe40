/* Dates and times of day from text, as Dutch, German and English files write them. */
#ifndef PLEIN_CORE_DATES_H
#define PLEIN_CORE_DATES_H

#include "engine/core/moments.h"

struct zone; /* a time zone, see zone.h */

/* What a date column's texts mean where they leave it open; zeroed is the usual. */
struct date_style {
    bool month_first;        /* 12/31/2024 instead of 31/12/2024 */
    bool month_only;         /* the column is named month: 2022-01-01 means 2022-01 */
    bool day_only;           /* all its times are 00:00: 2022-01-01T00:00Z means 2022-01-01 */
    const struct zone *zone; /* for stamps with Z or an offset; NULL: such a stamp is no date */
};

/* Reads a date or a date and time between begin and end (not NUL-terminated, blanks around it are
 * fine): ISO 8601 with - or / or . or none between (2024, 2024-05, 2024-05-31, 20240531,
 * 2024-05-31T23:59, 2024-05-31 23:59:30.25Z, +02:00, +0200, 20240531T235930Z), 24:00 as the next
 * day's 00:00; Dutch and German 31-12-2024, 31/12/2024, 31.12.2024 and 05-2024; a month by its
 * English, Dutch or German name (1 maart 2024, 05-Jan-2024, May 31, 2024, mei 2024); each whole day
 * with an optional time 23:59 or 23:59:30 or 9.30 uur or 9:30 PM; under month_only 202405 and
 * 2024MM05 too. Two-digit years are refused. An empty text is MOMENT_UNKNOWN and true. False: no
 * date, and *when is MOMENT_UNKNOWN. */
bool date_parse(moment *when, const char *begin, const char *end, const struct date_style *style);
/* A time of day alone (23:59, 23:59:30, 2359, 9.30 uur, 9 for the hour, or the time of a whole
 * stamp) added to a day: for a date and a time column. An empty text, and a moment that is not a
 * whole day, change nothing. */
bool date_add_time(moment *when, const char *begin, const char *end);
/* What a text tells about its column, whatever the column's style is. */
struct date_facts {
    bool is_day;      /* a date, of a whole day at least */
    bool has_time;    /* with a time of day */
    bool is_midnight; /* that is 00:00:00 */
    bool has_offset;  /* and that has Z or an offset, so that it needs a zone */
    int order;        /* 31/12/2024: 1, the day comes first; 12/31/2024: -1; else 0 */
};
struct date_facts date_look(const char *begin, const char *end);
/* Reads a month: 1 to 12, 01, or its English, Dutch or German name. */
bool date_parse_month(int *month, const char *begin, const char *end);

#endif

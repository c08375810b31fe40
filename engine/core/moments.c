/* Local clock times, cut to what is known, in one 64-bit number. */
#include "engine/core/moments.h"

#include "engine/core/decimals.h"

#include <string.h>

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

/* A year that begins in March has its months at the days (979 m - 2919) / 32 (Neri and Schneider
 * 2022, "Euclidean affine functions and their application to calendar algorithms"). A shift by 100
 * eras of 400 years keeps every part positive. */
int64_t days_from_civil(int year, int month, int day)
{
    unsigned january = month <= 2;
    unsigned from_march = (unsigned)(year + 40000) - january, century = from_march / 100;
    unsigned month_of_year = (unsigned)month + (january ? 12 : 0);
    unsigned days =
        1461 * from_march / 4 - century + century / 4 + (979 * month_of_year - 2919) / 32;
    return (int64_t)days + day - 1 - 146097 * 100 - 719468;
}

/* By eras of 400 years that begin in March (Hinnant, "chrono-compatible low-level date
 * algorithms"). */
static struct civil civil_from_days(int64_t days)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int day_of_era = (int)(days - era * 146097);
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month_of_year = (5 * day_of_year + 2) / 153;
    int month = month_of_year < 10 ? month_of_year + 3 : month_of_year - 9;
    return (struct civil){.year = (int)(year_of_era + era * 400) + (month <= 2),
                          .month = month,
                          .day = day_of_year - (153 * month_of_year + 2) / 5 + 1};
}

static int month_length(int year, int month)
{
    static const int LENGTHS[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return LENGTHS[month - 1] + (month == 2 && leap);
}

bool civil_is_valid(const struct civil *civil)
{
    return civil->year >= 1 && civil->year <= 9999 && civil->month >= 1 && civil->month <= 12
           && civil->day >= 1 && civil->day <= month_length(civil->year, civil->month)
           && civil->hour >= 0 && civil->hour <= 23 && civil->minute >= 0 && civil->minute <= 59
           && civil->second >= 0 && civil->second <= 59;
}

/* Floor division, since a moment before 1970 is negative. */
static int64_t floor_divide(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

static int64_t to_seconds(moment when)
{
    return floor_divide(when, 8);
}

moment moment_make(const struct civil *civil, enum precision precision)
{
    if (precision == PRECISION_NONE)
        return MOMENT_UNKNOWN;
    int month = precision >= PRECISION_MONTH ? civil->month : 1;
    int day = precision >= PRECISION_DAY ? civil->day : 1;
    int64_t seconds = days_from_civil(civil->year, month, day) * DAY;
    if (precision == PRECISION_SECOND)
        seconds += civil->hour * HOUR + civil->minute * MINUTE + civil->second;
    return moment_from_seconds(seconds, precision);
}

enum precision moment_precision(moment when)
{
    return when == MOMENT_UNKNOWN ? PRECISION_NONE : (enum precision)(when & 7);
}

int64_t moment_day(moment when)
{
    return when == MOMENT_UNKNOWN ? INT64_MIN : floor_divide(to_seconds(when), DAY);
}

struct civil moment_civil(moment when)
{
    if (when == MOMENT_UNKNOWN)
        return (struct civil){.year = 1, .month = 1, .day = 1};
    struct civil civil = civil_from_days(moment_day(when));
    int second = (int)(to_seconds(when) - moment_day(when) * DAY);
    civil.hour = second / HOUR;
    civil.minute = second % HOUR / MINUTE;
    civil.second = second % MINUTE;
    return civil;
}

moment moment_cut(moment when, enum precision precision)
{
    if (moment_precision(when) <= precision)
        return when;
    struct civil civil = moment_civil(when);
    return moment_make(&civil, precision);
}

int moment_weekday(moment when)
{
    if (moment_precision(when) < PRECISION_DAY)
        return -1;
    int64_t from_monday = moment_day(when) + 3; /* 1970-01-01 was a Thursday */
    return (int)(from_monday - floor_divide(from_monday, 7) * 7);
}

int moment_hour(moment when)
{
    return moment_precision(when) < PRECISION_SECOND ? -1 : moment_civil(when).hour;
}

int64_t moment_first_day(moment when)
{
    return moment_day(when);
}

int64_t moment_last_day(moment when)
{
    struct civil civil = moment_civil(when);
    switch (moment_precision(when)) {
    case PRECISION_YEAR:
        return days_from_civil(civil.year, 12, 31);
    case PRECISION_MONTH:
        return days_from_civil(civil.year, civil.month, month_length(civil.year, civil.month));
    case PRECISION_NONE:
    case PRECISION_DAY:
    case PRECISION_SECOND:
        break;
    }
    return moment_day(when);
}

void moment_format(char text[MOMENT_TEXT], moment when)
{
    static const unsigned char LENGTHS[] = {0, 4, 7, 10, 19};
    struct civil civil = moment_civil(when);
    memcpy(text, "0000-00-00T00:00:00", 20);
    decimals_put_digits(text, (unsigned)civil.year, 4);
    decimals_put_digits(text + 5, (unsigned)civil.month, 2);
    decimals_put_digits(text + 8, (unsigned)civil.day, 2);
    decimals_put_digits(text + 11, (unsigned)civil.hour, 2);
    decimals_put_digits(text + 14, (unsigned)civil.minute, 2);
    decimals_put_digits(text + 17, (unsigned)civil.second, 2);
    text[LENGTHS[moment_precision(when)]] = '\0';
}

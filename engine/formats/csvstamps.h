/* Reads stamps as nearly all files write them. What is written otherwise is left to date_parse,
 * which says the same of what is read here. */
#ifndef PLEIN_FORMATS_CSVSTAMPS_H
#define PLEIN_FORMATS_CSVSTAMPS_H

#include "engine/core/dates.h"
#include "engine/core/eight.h"
#include "engine/core/simd.h"

enum {
    CSV_STAMP_SLACK = 8, /* bytes behind a field that may be read */
    CSV_MONTH_BITS = 10,
    CSV_MONTHS = 1 << CSV_MONTH_BITS, /* kept at one time */
};

/* The months that stamps lie in, by how they are written: the eight characters of `2024-05-`,
 * `-05-2024` or, from 05/31/2024, `05//2024`; or the seven of `2024-05`. A column has few, so that
 * each is worked out once. Zeroed is empty. */
struct csv_months {
    struct csv_month {
        uint64_t written;
        int32_t first; /* day, since 1970-01-01 */
        uint8_t days;  /* that may follow: 0 for `2024-05`, and for what is no month */
        bool whole;    /* `2024-05` */
    } months[CSV_MONTHS];
    bool month_first; /* 05/31/2024 */
};

/* Works out a month that is not among them, as date_parse would read it. */
const struct csv_month *csv_months_add(struct csv_months *months, uint64_t written);

SIMD_INLINE size_t csv_months_slot(uint64_t written)
{
    return written * 0x9E3779B97F4A7C15u >> (64 - CSV_MONTH_BITS);
}

SIMD_INLINE const struct csv_month *csv_months_find(struct csv_months *months, uint64_t written)
{
    const struct csv_month *month = &months->months[csv_months_slot(written)];
    return month->written == written ? month : csv_months_add(months, written);
}

/* Seconds of `23:59:30`. */
SIMD_INLINE bool csv_stamp_seconds(int64_t *seconds, uint64_t written)
{
    uint64_t pairs;
    if (!eight_match(&pairs, written, eight_load("00:00:00"), 0x0000FF0000FF0000u))
        return false;
    int hour = eight_byte(pairs, 0), minute = eight_byte(pairs, 3), second = eight_byte(pairs, 6);
    *seconds = hour * 3600 + minute * 60 + second;
    return hour < 24 && minute < 60 && second < 60;
}

/* The day of 2024-05-31, 31-05-2024 or, when months go first, 05/31/2024. False: it is none. */
SIMD_INLINE bool csv_stamp_day(int64_t *day, struct csv_months *months, const char *begin)
{
    uint64_t written = eight_load(begin);
    const char *day_at = begin + 8;
    if (begin[2] < '0' || begin[2] > '9') {
        bool month_first = months->month_first;
        written = month_first ? (written & 0xFFFFFF) | eight_load(begin + 5) << 24
                              : eight_load(begin + 2);
        day_at = month_first ? begin + 3 : begin;
    }
    const struct csv_month *month = csv_months_find(months, written);
    unsigned tens = (unsigned char)day_at[0] - (unsigned)'0';
    unsigned ones = (unsigned char)day_at[1] - (unsigned)'0', from_first = tens * 10 + ones - 1;
    *day = (int64_t)month->first + from_first;
    return ones <= 9 && from_first < month->days;
}

/* The whole stamp, whose clock's eight characters are 23:59:30. */
SIMD_INLINE bool csv_stamp_join(moment *when, const char *begin, int64_t day, uint64_t clock)
{
    int64_t seconds;
    if ((begin[10] != 'T' && begin[10] != ' ') || !csv_stamp_seconds(&seconds, clock))
        return false;
    *when = moment_from_seconds(day * 86400 + seconds, PRECISION_SECOND);
    return true;
}

/* ` AM` or ` PM` behind the clock of a day; in *seconds its twelve hours become 24. */
static inline bool csv_stamp_half_day(int64_t *seconds, const char *at)
{
    char half = (char)(at[1] | 0x20);
    const int64_t hour = 3600;
    if (at[0] != ' ' || (half != 'a' && half != 'p') || (at[2] | 0x20) != 'm' || *seconds < hour
        || *seconds >= 13 * hour)
        return false;
    *seconds = *seconds % (12 * hour) + (half == 'p' ? 12 * hour : 0);
    return true;
}

/* A day, alone or with 23:59, 23:59:30 or 11:59:30 PM behind a T or a blank; or 2024-05. False: it
 * is not written so. */
SIMD_INLINE bool csv_stamp_read(moment *when, struct csv_months *months, const char *begin,
                                const char *end)
{
    const uint64_t no_seconds = (uint64_t)0x30303A << 40; /* ":00" */
    const struct csv_month *month;
    int64_t day, seconds;
    switch (end - begin) {
    case 19:
        return csv_stamp_day(&day, months, begin)
               && csv_stamp_join(when, begin, day, eight_load(begin + 11));
    case 16:
        return csv_stamp_day(&day, months, begin)
               && csv_stamp_join(when, begin, day, eight_load(begin + 8) >> 24 | no_seconds);
    case 22:
        if (begin[10] != ' ' || !csv_stamp_day(&day, months, begin)
            || !csv_stamp_seconds(&seconds, eight_load(begin + 11))
            || !csv_stamp_half_day(&seconds, begin + 19))
            return false;
        *when = moment_from_seconds(day * 86400 + seconds, PRECISION_SECOND);
        return true;
    case 10:
        if (!csv_stamp_day(&day, months, begin))
            return false;
        *when = moment_from_seconds(day * 86400, PRECISION_DAY);
        return true;
    case 7:
        month = csv_months_find(months, eight_load(begin) & UINT64_MAX >> 8);
        *when = moment_from_seconds((int64_t)month->first * 86400, PRECISION_MONTH);
        return month->whole;
    default:
        return false;
    }
}

#endif

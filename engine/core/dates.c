/* Dates and times of day from text, as Dutch, German and English files write them. */
#include "engine/core/dates.h"

#include "engine/core/eight.h"
#include "engine/core/text.h"
#include "engine/core/zone.h"

#include <string.h>

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

/* A date as written: the parts, and the offset from UTC when one stands there. */
struct stamp {
    struct civil civil;
    enum precision precision;
    bool next_day; /* written as 24:00 */
    bool has_offset;
    int offset; /* seconds */
};

/* What is left to read. */
struct reader {
    const char *at, *end;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool ended(const struct reader *reader)
{
    return reader->at == reader->end;
}

static bool take(struct reader *reader, char c)
{
    if (ended(reader) || lower(*reader->at) != c)
        return false;
    reader->at++;
    return true;
}

static void skip_blanks(struct reader *reader)
{
    while (take(reader, ' ')) {
    }
}

static bool take_word(struct reader *reader, const char *word)
{
    const char *at = reader->at;
    while (*word != '\0' && at < reader->end && lower(*at) == *word) {
        at++;
        word++;
    }
    if (*word != '\0')
        return false;
    reader->at = at;
    return true;
}

/* Reads a run of 1 to `most` digits, and tells how many there were; 0 when there are none or more
 * than that. */
static int take_digits(struct reader *reader, int *value, int most)
{
    const char *at = reader->at;
    int number = 0, count = 0;
    for (; at < reader->end && is_digit(*at) && count <= most; at++, count++)
        number = count < most ? number * 10 + (*at - '0') : number;
    if (count > most)
        return 0;
    reader->at = at;
    *value = number;
    return count;
}

/* Month names begin so in English, Dutch and German; a longer name goes before one that begins it.
 * "m\xE4rz" is the Windows-1252 spelling. */
static const struct {
    const char *word;
    int month;
} MONTH_WORDS[] = {
    {"januari", 1},     {"january", 1}, {"januar", 1},    {"jan", 1},      {"februari", 2},
    {"february", 2},    {"februar", 2}, {"feb", 2},       {"maart", 3},    {"march", 3},
    {"m\xC3\xA4rz", 3}, {"m\xE4rz", 3}, {"maerz", 3},     {"mar", 3},      {"mrt", 3},
    {"mrz", 3},         {"april", 4},   {"apr", 4},       {"may", 5},      {"mei", 5},
    {"mai", 5},         {"june", 6},    {"juni", 6},      {"jun", 6},      {"july", 7},
    {"juli", 7},        {"jul", 7},     {"augustus", 8},  {"august", 8},   {"aug", 8},
    {"september", 9},   {"sept", 9},    {"sep", 9},       {"october", 10}, {"oktober", 10},
    {"oct", 10},        {"okt", 10},    {"november", 11}, {"nov", 11},     {"december", 12},
    {"dezember", 12},   {"dec", 12},    {"dez", 12},
};

static bool take_month_name(struct reader *reader, int *month)
{
    for (size_t i = 0; i < sizeof MONTH_WORDS / sizeof *MONTH_WORDS; i++)
        if (take_word(reader, MONTH_WORDS[i].word)) {
            *month = MONTH_WORDS[i].month;
            take(reader, '.');
            return true;
        }
    return false;
}

/* One of - / . or blanks, or a point and blanks. */
static bool take_separator(struct reader *reader)
{
    const char *before = reader->at;
    if (!take(reader, '-') && !take(reader, '/'))
        take(reader, '.');
    skip_blanks(reader);
    return reader->at > before;
}

static bool whole_day(struct stamp *stamp, int year, int month, int day)
{
    stamp->civil = (struct civil){.year = year, .month = month, .day = day};
    stamp->precision = PRECISION_DAY;
    return true;
}

static bool whole_month(struct stamp *stamp, int year, int month)
{
    stamp->civil = (struct civil){.year = year, .month = month, .day = 1};
    stamp->precision = PRECISION_MONTH;
    return true;
}

/* 2024, 2024-05, 2024-05-31, 2024-May-31; the year has been read. */
static bool read_after_year(struct reader *reader, struct stamp *stamp, int year)
{
    int month, day;
    if (ended(reader)) {
        stamp->civil = (struct civil){.year = year, .month = 1, .day = 1};
        stamp->precision = PRECISION_YEAR;
        return true;
    }
    char separator = *reader->at;
    bool named = false;
    if (!take_separator(reader)
        || (!take_digits(reader, &month, 2) && !(named = take_month_name(reader, &month))))
        return false;
    if (ended(reader))
        return whole_month(stamp, year, month);
    if (!(named ? take_separator(reader) : take(reader, separator))
        || !take_digits(reader, &day, 2))
        return false;
    return whole_day(stamp, year, month, day);
}

/* 31-12-2024, 12/31/2024, 1 maart 2024, 05-2024; the first number has been read. */
static bool read_after_day(struct reader *reader, struct stamp *stamp, int first, bool month_first)
{
    int second, year;
    char separator = ended(reader) ? '\0' : *reader->at;
    if (!take_separator(reader))
        return false;
    int count = take_digits(reader, &second, 4);
    if (count == 4)
        return whole_month(stamp, second, first);
    if (count == 0) {
        if (!take_month_name(reader, &second))
            return false;
        take_separator(reader);
        month_first = false;
    } else if (count > 2 || !take(reader, separator))
        return false;
    skip_blanks(reader);
    if (take_digits(reader, &year, 4) != 4)
        return false;
    return month_first ? whole_day(stamp, year, first, second)
                       : whole_day(stamp, year, second, first);
}

/* May 31, 2024; May 2024. */
static bool read_month_name_first(struct reader *reader, struct stamp *stamp)
{
    int month, day, year;
    if (!take_month_name(reader, &month))
        return false;
    take_separator(reader);
    int count = take_digits(reader, &day, 4);
    if (count == 4)
        return whole_month(stamp, day, month);
    if (count < 1 || count > 2)
        return false;
    take(reader, ',');
    take_separator(reader);
    return take_digits(reader, &year, 4) == 4 && whole_day(stamp, year, month, day);
}

/* 20240531; in a month column 202405. */
static bool read_run(struct stamp *stamp, int run, int length)
{
    if (length == 8)
        return whole_day(stamp, run / 10000, run / 100 % 100, run % 100);
    return whole_month(stamp, run / 100, run % 100);
}

static bool read_date(struct reader *reader, struct stamp *stamp, const struct date_style *style)
{
    int first, month;
    if (!ended(reader) && !is_digit(*reader->at))
        return read_month_name_first(reader, stamp);
    int count = take_digits(reader, &first, 8);
    if (count == 8 || (count == 6 && style->month_only))
        return read_run(stamp, first, count);
    /* 2024MM05 is how Statistics Netherlands writes a month. */
    if (count == 4 && style->month_only && take_word(reader, "mm"))
        return take_digits(reader, &month, 2) == 2 && whole_month(stamp, first, month);
    if (count == 4)
        return read_after_year(reader, stamp, first);
    return (count == 1 || count == 2) && read_after_day(reader, stamp, first, style->month_first);
}

/* ".25" or ",25" behind the seconds: read over, since a moment knows whole seconds. */
static bool skip_fraction(struct reader *reader)
{
    if (!take(reader, '.') && !take(reader, ','))
        return true;
    const char *before = reader->at;
    while (!ended(reader) && is_digit(*reader->at))
        reader->at++;
    return reader->at > before;
}

/* AM and PM, uur, Uhr, h. */
static bool read_clock_word(struct reader *reader, struct civil *civil, bool *found)
{
    skip_blanks(reader);
    bool am = take_word(reader, "am") || take_word(reader, "a.m."), pm = false;
    *found = am || (pm = take_word(reader, "pm") || take_word(reader, "p.m."));
    if (!*found) {
        *found = take_word(reader, "uur") || take_word(reader, "uhr") || take_word(reader, "h");
        return true;
    }
    if (civil->hour < 1 || civil->hour > 12)
        return false;
    civil->hour = civil->hour % 12 + (pm ? 12 : 0);
    return true;
}

/* 2359, 930 and 235930: hour, minute and second without a mark. */
static bool split_run(struct civil *civil, int run, int length)
{
    if (length == 6) {
        civil->second = run % 100;
        run /= 100;
    }
    civil->hour = run / 100;
    civil->minute = run % 100;
    return length == 3 || length == 4 || length == 6;
}

/* The parts of 23:59, 23:59:30.25 or 9.30; *hour_alone when there is only an hour. */
static bool read_clock_parts(struct reader *reader, struct civil *civil, bool *hour_alone)
{
    int run = 0, count = take_digits(reader, &run, 6);
    *hour_alone = false;
    if (count > 2)
        return split_run(civil, run, count) && skip_fraction(reader);
    civil->hour = run;
    if (count < 1)
        return false;
    if (ended(reader) || (*reader->at != ':' && *reader->at != '.')) {
        *hour_alone = true;
        return true;
    }
    char mark = *reader->at++;
    if (take_digits(reader, &civil->minute, 2) != 2)
        return false;
    if (ended(reader) || *reader->at != mark)
        return true;
    reader->at++;
    return take_digits(reader, &civil->second, 2) == 2 && skip_fraction(reader);
}

/* Reads a time of day. An hour alone needs a word behind it, or `hours_alone`. */
static bool read_clock(struct reader *reader, struct stamp *stamp, bool hours_alone)
{
    bool alone, word;
    struct civil *civil = &stamp->civil;
    if (!read_clock_parts(reader, civil, &alone))
        return false;
    const char *before = reader->at;
    if (!read_clock_word(reader, civil, &word))
        return false;
    if (!word)
        reader->at = before;
    if (alone && !word && !hours_alone)
        return false;
    if (civil->second == 60) /* a leap second, which local clocks show as the one before */
        civil->second = 59;
    stamp->next_day = civil->hour == 24 && civil->minute == 0 && civil->second == 0;
    if (stamp->next_day)
        civil->hour = 0;
    stamp->precision = PRECISION_SECOND;
    return true;
}

/* Z, UTC, +02:00, +0200 or +02. */
static bool read_offset(struct reader *reader, struct stamp *stamp)
{
    skip_blanks(reader);
    if (ended(reader))
        return true;
    stamp->has_offset = true;
    if (take(reader, 'z') || take_word(reader, "utc") || take_word(reader, "gmt"))
        return true;
    int sign = take(reader, '+') ? 1 : take(reader, '-') ? -1 : 0, hours, minutes = 0;
    int count = sign != 0 ? take_digits(reader, &hours, 4) : 0;
    if (count == 4) {
        minutes = hours % 100;
        hours /= 100;
    } else if (count != 2 || (take(reader, ':') && take_digits(reader, &minutes, 2) != 2))
        return false;
    stamp->offset = sign * (hours * HOUR + minutes * MINUTE);
    return hours <= 18 && minutes < 60;
}

static bool read_stamp(struct reader *reader, struct stamp *stamp, const struct date_style *style)
{
    *stamp = (struct stamp){0};
    if (!read_date(reader, stamp, style))
        return false;
    if (!ended(reader)) {
        if (stamp->precision != PRECISION_DAY)
            return false;
        if (!take(reader, 't')) {
            take(reader, ',');
            if (take(reader, ' '))
                skip_blanks(reader);
            else
                return false;
        }
        if (!read_clock(reader, stamp, false) || !read_offset(reader, stamp))
            return false;
    }
    return ended(reader) && civil_is_valid(&stamp->civil);
}

static int64_t stamp_seconds(const struct stamp *stamp)
{
    const struct civil *civil = &stamp->civil;
    int64_t day = days_from_civil(civil->year, civil->month, civil->day) + stamp->next_day;
    return day * DAY + civil->hour * HOUR + civil->minute * MINUTE + civil->second;
}

/* False when the local time falls out of the years 1 to 9999. */
static bool stamp_moment(moment *when, const struct stamp *stamp, const struct date_style *style)
{
    int64_t seconds = stamp_seconds(stamp);
    if (stamp->has_offset && !style->day_only) {
        if (style->zone == NULL)
            return false;
        int64_t utc = seconds - stamp->offset;
        seconds = utc + zone_offset(style->zone, utc);
    }
    if (seconds < days_from_civil(1, 1, 1) * DAY || seconds >= days_from_civil(10000, 1, 1) * DAY)
        return false;
    *when = moment_from_seconds(seconds, stamp->precision);
    return true;
}

static moment cut_to_style(moment when, const struct date_style *style)
{
    if (style->month_only)
        return moment_cut(when, PRECISION_MONTH);
    return style->day_only ? moment_cut(when, PRECISION_DAY) : when;
}

/* 2024-05-31, 2024-05-31T23:59 and 2024-05-31 23:59:30 exactly: what nearly every file has. */
static bool parse_fixed(moment *when, const char *at, const char *end)
{
    long length = (long)(end - at);
    uint64_t date, rest;
    if (length != 10 && length != 16 && length != 19)
        return false;
    if (!eight_match(&date, eight_load(at), eight_load("0000-00-"), 0xFF0000FF00000000u))
        return false;
    struct civil civil = {.year = eight_byte(date, 0) * 100 + eight_byte(date, 2),
                          .month = eight_byte(date, 5)};
    if (length == 10) {
        if (!is_digit(at[8]) || !is_digit(at[9]))
            return false;
        civil.day = (at[8] - '0') * 10 + (at[9] - '0');
    } else {
        uint64_t pattern = eight_load(at[10] == ' ' ? "00 00:00" : "00T00:00");
        if (!eight_match(&rest, eight_load(at + 8), pattern, 0x0000FF0000FF0000u))
            return false;
        civil.day = eight_byte(rest, 0);
        civil.hour = eight_byte(rest, 3);
        civil.minute = eight_byte(rest, 6);
    }
    if (length == 19) {
        if (at[16] != ':' || !is_digit(at[17]) || !is_digit(at[18]))
            return false;
        civil.second = (at[17] - '0') * 10 + (at[18] - '0');
    }
    if (!civil_is_valid(&civil))
        return false;
    *when = moment_make(&civil, length > 10 ? PRECISION_SECOND : PRECISION_DAY);
    return true;
}

static __attribute__((noinline)) bool parse_slowly(moment *when, const char *begin, const char *end,
                                                   const struct date_style *style)
{
    struct stamp stamp;
    text_trim(&begin, &end);
    *when = MOMENT_UNKNOWN;
    return begin == end
           || (read_stamp(&(struct reader){begin, end}, &stamp, style)
               && stamp_moment(when, &stamp, style));
}

bool date_parse(moment *when, const char *begin, const char *end, const struct date_style *style)
{
    if (!parse_fixed(when, begin, end) && !parse_slowly(when, begin, end, style))
        return false;
    if (style->month_only || style->day_only)
        *when = cut_to_style(*when, style);
    return true;
}

/* "14:30" alone, or the time of "1899-12-30 14:30:00", as spreadsheets export a time. */
static bool read_time_alone(struct stamp *stamp, const char *begin, const char *end)
{
    struct reader reader = {begin, end};
    *stamp = (struct stamp){.civil = {.year = 2000, .month = 1, .day = 1}};
    if (read_clock(&reader, stamp, true) && ended(&reader) && civil_is_valid(&stamp->civil))
        return true;
    return read_stamp(&(struct reader){begin, end}, stamp, &(struct date_style){0})
           && stamp->precision == PRECISION_SECOND && !stamp->has_offset;
}

bool date_add_time(moment *when, const char *begin, const char *end)
{
    struct stamp stamp;
    text_trim(&begin, &end);
    if (begin == end || moment_precision(*when) != PRECISION_DAY)
        return true;
    if (!read_time_alone(&stamp, begin, end))
        return false;
    struct civil day = moment_civil(*when);
    stamp.civil.year = day.year;
    stamp.civil.month = day.month;
    stamp.civil.day = day.day;
    return stamp_moment(when, &stamp, &(struct date_style){0});
}

static int look_at_order(const char *begin, const char *end)
{
    struct reader reader = {begin, end};
    int first, second, year;
    if (!take_digits(&reader, &first, 2) || !take_separator(&reader)
        || !take_digits(&reader, &second, 2) || !take_separator(&reader)
        || take_digits(&reader, &year, 4) != 4)
        return 0;
    return (first > 12) - (second > 12);
}

struct date_facts date_look(const char *begin, const char *end)
{
    struct stamp stamp;
    text_trim(&begin, &end);
    if (!read_stamp(&(struct reader){begin, end}, &stamp, &(struct date_style){0})
        && !read_stamp(&(struct reader){begin, end}, &stamp,
                       &(struct date_style){.month_first = true}))
        return (struct date_facts){0};
    return (struct date_facts){.is_day = stamp.precision >= PRECISION_DAY,
                               .has_time = stamp.precision == PRECISION_SECOND,
                               .is_midnight = stamp.precision == PRECISION_SECOND
                                              && stamp_seconds(&stamp) % DAY == 0,
                               .has_offset = stamp.has_offset,
                               .order = look_at_order(begin, end)};
}

bool date_parse_month(int *month, const char *begin, const char *end)
{
    struct reader reader = {begin, end};
    text_trim(&reader.at, &reader.end);
    if (!take_digits(&reader, month, 2) && !take_month_name(&reader, month))
        return false;
    return ended(&reader) && *month >= 1 && *month <= 12;
}

/* Time zones from tzdata: turns stamps in UTC into local clock time. */
#include "engine/core/zone.h"

#include "engine/core/files.h"
#include "engine/core/moments.h"
#include "engine/core/text.h"

#include <stdlib.h>
#include <string.h>

enum {
    HEADER_BYTES = 44,
    LARGEST_FILE = 1 << 20, /* the largest zone in tzdata has 4 kB */
    HOUR = 3600,
    DAY = 86400,
};

/* A day of the year on which the clocks change, as POSIX writes it. */
struct rule {
    enum { RULE_JULIAN, RULE_DAY, RULE_WEEKDAY } kind; /* Jn, n, Mm.w.d */
    int day;                                           /* of Jn and n */
    int month, week, weekday;                          /* week 5 is the last; weekday 0 is Sunday */
    int time; /* seconds after midnight, on the old clock */
};

/* What counts after the last transition: one offset, or two that alternate. */
struct footer {
    bool known, has_summer;
    int standard, summer; /* seconds east */
    struct rule to_summer, to_standard;
};

struct zone {
    int64_t *at;  /* transitions, rising */
    int *offsets; /* from that transition on */
    size_t count;
    int first_offset; /* before the first transition */
    struct footer footer;
};

/* The counts of a TZif header (RFC 8536, 3.1). */
struct header {
    size_t ut_count, std_count, leap_count, time_count, type_count, char_count;
    size_t width; /* bytes of a time: 4, or 8 in the second block */
};

static uint32_t read_32(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static int64_t read_time(const unsigned char *bytes, size_t width)
{
    if (width == 4)
        return (int32_t)read_32(bytes);
    return (int64_t)((uint64_t)read_32(bytes) << 32 | read_32(bytes + 4));
}

static bool read_header(struct header *header, const unsigned char *bytes, size_t left,
                        size_t width)
{
    if (left < HEADER_BYTES || memcmp(bytes, "TZif", 4) != 0)
        return false;
    *header = (struct header){read_32(bytes + 20),
                              read_32(bytes + 24),
                              read_32(bytes + 28),
                              read_32(bytes + 32),
                              read_32(bytes + 36),
                              read_32(bytes + 40),
                              width};
    return header->type_count >= 1 && header->type_count <= 256;
}

/* Bytes of the data block behind a header; the counts have 32 bits, so this cannot overflow 64. */
static uint64_t block_size(const struct header *header)
{
    size_t width = header->width;
    return (uint64_t)header->time_count * (width + 1) + (uint64_t)header->type_count * 6
           + header->char_count + (uint64_t)header->leap_count * (width + 4) + header->std_count
           + header->ut_count;
}

static bool read_block(struct zone *zone, const struct header *header, const unsigned char *block,
                       struct error *error)
{
    size_t width = header->width;
    const unsigned char *indexes = block + header->time_count * width;
    const unsigned char *types = indexes + header->time_count;
    if (!array_new(&zone->at, header->time_count, sizeof *zone->at, error)
        || !array_new(&zone->offsets, header->time_count, sizeof *zone->offsets, error))
        return false;
    zone->count = header->time_count;
    zone->first_offset = (int32_t)read_32(types);
    for (size_t i = 0; i < zone->count; i++) {
        zone->at[i] = read_time(block + i * width, width);
        if (indexes[i] >= header->type_count || (i > 0 && zone->at[i] <= zone->at[i - 1]))
            return false;
        zone->offsets[i] = (int32_t)read_32(types + (size_t)indexes[i] * 6);
    }
    return true;
}

/* Reads [+-]hh[:mm[:ss]]; NULL when there is none. */
static const char *read_clock(const char *at, int *seconds)
{
    int sign = *at == '-' ? -1 : 1, unit = HOUR;
    *seconds = 0;
    if (*at == '-' || *at == '+')
        at++;
    if (*at < '0' || *at > '9')
        return NULL;
    for (; unit > 0; unit /= 60) {
        int value = 0;
        for (int digits = 0; *at >= '0' && *at <= '9' && digits < 3; digits++)
            value = value * 10 + (*at++ - '0');
        *seconds += value * unit;
        if (*at != ':')
            break;
        at++;
    }
    *seconds *= sign;
    return at;
}

/* Steps over a name: letters, or anything within < >. NULL when there is none. */
static const char *skip_name(const char *at)
{
    const char *begin = at;
    if (*at == '<') {
        at = strchr(at, '>');
        return at != NULL ? at + 1 : NULL;
    }
    while ((*at >= 'A' && *at <= 'Z') || (*at >= 'a' && *at <= 'z'))
        at++;
    return at > begin ? at : NULL;
}

static const char *read_number(const char *at, int *value)
{
    const char *begin = at;
    *value = 0;
    for (; *at >= '0' && *at <= '9' && at - begin < 3; at++)
        *value = *value * 10 + (*at - '0');
    return at > begin ? at : NULL;
}

static const char *read_weekday_rule(const char *at, struct rule *rule)
{
    at = read_number(at, &rule->month);
    if (at == NULL || *at != '.' || (at = read_number(at + 1, &rule->week)) == NULL || *at != '.'
        || (at = read_number(at + 1, &rule->weekday)) == NULL)
        return NULL;
    bool sound = rule->month >= 1 && rule->month <= 12 && rule->week >= 1 && rule->week <= 5
                 && rule->weekday <= 6;
    return sound ? at : NULL;
}

/* Reads ",M3.5.0/2": a rule with its time, 02:00 when none stands there. */
static const char *read_rule(const char *at, struct rule *rule)
{
    if (at == NULL || *at++ != ',')
        return NULL;
    *rule = (struct rule){.kind = RULE_DAY, .time = 2 * HOUR};
    if (*at == 'M') {
        rule->kind = RULE_WEEKDAY;
        at = read_weekday_rule(at + 1, rule);
    } else if (*at == 'J') {
        rule->kind = RULE_JULIAN;
        at = read_number(at + 1, &rule->day);
    } else
        at = read_number(at, &rule->day);
    if (at != NULL && *at == '/')
        at = read_clock(at + 1, &rule->time);
    return at;
}

/* A POSIX TZ string like CET-1CEST,M3.5.0,M10.5.0/3, whose offsets count to the west. */
static bool read_footer(struct footer *footer, const char *at)
{
    int west;
    if ((at = skip_name(at)) == NULL || (at = read_clock(at, &west)) == NULL)
        return false;
    footer->standard = -west;
    footer->known = true;
    if (*at == '\0')
        return true;
    footer->summer = footer->standard + HOUR;
    if ((at = skip_name(at)) == NULL)
        return false;
    if (*at != ',' && *at != '\0') {
        if ((at = read_clock(at, &west)) == NULL)
            return false;
        footer->summer = -west;
    }
    footer->has_summer = true;
    at = read_rule(read_rule(at, &footer->to_summer), &footer->to_standard);
    return at != NULL && *at == '\0';
}

/* The footer stands between two newlines behind the second block. */
static bool read_footer_line(struct zone *zone, const char *begin, const char *end,
                             struct error *error)
{
    const char *close =
        begin < end && *begin == '\n' ? memchr(begin + 1, '\n', (size_t)(end - begin - 1)) : NULL;
    if (close == NULL)
        return false;
    char *line = text_copy(begin + 1, (size_t)(close - begin - 1), error);
    bool sound = line != NULL && (line[0] == '\0' || read_footer(&zone->footer, line));
    free(line);
    return sound;
}

/* Version 1 has 32-bit times alone; later ones have a second header and block with 64 bits. False
 * without an error when it is no zone. */
static bool read_zone(struct zone *zone, const struct file_bytes *file, struct error *error)
{
    const unsigned char *bytes = (const unsigned char *)file->bytes;
    struct header header;
    size_t at = HEADER_BYTES;
    bool sound =
        read_header(&header, bytes, file->size, 4) && block_size(&header) <= file->size - at;
    if (sound && bytes[4] >= '2') {
        at += (size_t)block_size(&header);
        sound = read_header(&header, bytes + at, file->size - at, 8);
        at += HEADER_BYTES;
        sound = sound && block_size(&header) <= file->size - at;
    }
    if (!sound || !read_block(zone, &header, bytes + at, error))
        return false;
    at += (size_t)block_size(&header);
    return header.width == 4
           || read_footer_line(zone, file->bytes + at, file->bytes + file->size, error);
}

static bool is_zone_name(const char *name)
{
    return name[0] != '\0' && name[0] != '/' && strstr(name, "..") == NULL && strlen(name) < 100;
}

static bool read_zone_file(struct file_bytes *file, const char *name, struct error *error)
{
    const char *folder = getenv("TZDIR");
    struct text path = {0};
    text_add(&path, "%s/%s", folder != NULL && folder[0] != '\0' ? folder : "/usr/share/zoneinfo",
             name);
    bool done =
        text_check(&path, error) && file_read_regular(file, path.bytes, LARGEST_FILE, error);
    text_free(&path);
    return done;
}

struct zone *zone_open(const char *name, struct error *error)
{
    struct file_bytes file = {0};
    struct error why = {0};
    struct zone *zone = NULL;
    bool there = is_zone_name(name) && read_zone_file(&file, name, &why);
    bool done = there && array_new(&zone, 1, sizeof *zone, &why) && read_zone(zone, &file, &why);
    file_free(&file);
    if (done)
        return zone;
    zone_close(zone);
    if (why.kind == ERROR_INTERNAL)
        error_set(error, ERROR_INTERNAL, "out of memory");
    else if (there)
        error_set(error, ERROR_USAGE, "'%s' is no time zone; write one like Europe/Amsterdam",
                  name);
    else
        error_set(
            error, ERROR_USAGE,
            "there is no time zone '%s'; write one like Europe/Amsterdam or UTC (tzdata must be "
            "installed)",
            name);
    return NULL;
}

void zone_close(struct zone *zone)
{
    if (zone == NULL)
        return;
    free(zone->at);
    free(zone->offsets);
    free(zone);
}

/* The day, counted from 1970, on which a rule falls in a year. */
static int64_t rule_day(const struct rule *rule, int year)
{
    int64_t new_year = days_from_civil(year, 1, 1);
    bool leap = days_from_civil(year + 1, 1, 1) - new_year == 366;
    switch (rule->kind) {
    case RULE_DAY:
        return new_year + rule->day;
    case RULE_JULIAN: /* 1 to 365; February 29 is never counted */
        return new_year + rule->day - 1 + (leap && rule->day >= 60);
    case RULE_WEEKDAY:
        break;
    }
    int64_t first = days_from_civil(year, rule->month, 1);
    int64_t after = rule->month < 12 ? days_from_civil(year, rule->month + 1, 1)
                                     : days_from_civil(year + 1, 1, 1);
    int weekday = (int)(((first + 4) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
    int64_t day = first + (rule->weekday - weekday + 7) % 7 + (rule->week - 1) * 7;
    return day < after ? day : day - 7;
}

static int footer_offset(const struct footer *footer, int64_t utc_second)
{
    static const int64_t FAR = (int64_t)400000 * 1000000; /* past the year 9999, either way */
    if (!footer->has_summer || utc_second > FAR || utc_second < -FAR)
        return footer->standard;
    int64_t local = utc_second + footer->standard;
    int64_t day = local / DAY - (local % DAY < 0);
    int year = moment_civil(moment_from_seconds(day * DAY, PRECISION_DAY)).year;
    int64_t to_summer =
        rule_day(&footer->to_summer, year) * DAY + footer->to_summer.time - footer->standard;
    int64_t to_standard =
        rule_day(&footer->to_standard, year) * DAY + footer->to_standard.time - footer->summer;
    bool summer = to_summer < to_standard ? utc_second >= to_summer && utc_second < to_standard
                                          : utc_second >= to_summer || utc_second < to_standard;
    return summer ? footer->summer : footer->standard;
}

int zone_offset(const struct zone *zone, int64_t utc_second)
{
    size_t low = 0, high = zone->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zone->at[middle] <= utc_second)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == zone->count && zone->footer.known)
        return footer_offset(&zone->footer, utc_second);
    return low == 0 ? zone->first_offset : zone->offsets[low - 1];
}

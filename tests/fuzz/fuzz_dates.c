/* Fuzzes the reading of dates, times, months and numbers: any bytes are one or are refused, and
 * what is read writes and reads back the same. */
#include "engine/core/dates.h"
#include "engine/core/numbers.h"
#include "engine/core/zone.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_date(const char *begin, const char *end, const struct date_style *style)
{
    moment when, back;
    char text[MOMENT_TEXT];
    if (!date_parse(&when, begin, end, style)) {
        if (when != MOMENT_UNKNOWN)
            abort();
        return;
    }
    moment_format(text, when);
    if (!date_parse(&back, text, text + strlen(text), &(struct date_style){0}) || back != when)
        abort();
    struct civil civil = moment_civil(when);
    if (!civil_is_valid(&civil)
        || (when != MOMENT_UNKNOWN && moment_last_day(when) < moment_first_day(when)))
        abort();
    moment day = moment_from_seconds(0, PRECISION_DAY);
    (void)date_add_time(&day, begin, end);
}

static void try_number(const char *begin, const char *end)
{
    double value, back;
    int64_t whole;
    char text[NUMBER_TEXT];
    if (number_parse(&value, begin, end)) {
        number_format_exact(text, value);
        if (!number_parse(&back, text, text + strlen(text)) || back != value)
            abort();
        for (int decimals = 0; decimals < 7; decimals++)
            number_format(text, value, decimals);
    }
    if (number_parse_whole(&whole, begin, end) && end - begin < 16
        && (!number_parse(&value, begin, end) || value != (double)whole))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct zone *zone;
    if (zone == NULL)
        zone = zone_open("Europe/Amsterdam", NULL);
    char *copy = malloc(size + 1); /* its own block, so that a read beyond it shows */
    if (copy == NULL)
        return 0;
    memcpy(copy, data, size);
    const char *begin = copy, *end = copy + size;
    int month;
    try_date(begin, end, &(struct date_style){0});
    try_date(begin, end, &(struct date_style){.month_first = true, .zone = zone});
    try_date(begin, end, &(struct date_style){.month_only = true});
    try_date(begin, end, &(struct date_style){.day_only = true});
    (void)date_look(begin, end);
    (void)date_parse_month(&month, begin, end);
    try_number(begin, end);
    free(copy);
    return 0;
}

/* Reads stamps as nearly all files write them. */
#include "engine/formats/csvstamps.h"

enum { WHOLE_MONTH = 7, DAY = 10 }; /* characters */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Writes a month as date_parse reads it, with the first of its days put in; returns the length. */
static size_t spell(char text[DAY], uint64_t written, bool *month_first)
{
    char eight[8];
    for (int i = 0; i < 8; i++)
        eight[i] = (char)eight_byte(written, i);
    *month_first = is_digit(eight[0]) && !is_digit(eight[2]);
    if (eight[7] == '\0') {
        memcpy(text, eight, WHOLE_MONTH);
        return WHOLE_MONTH;
    }
    size_t day_at = !is_digit(eight[0]) ? 0 : *month_first ? 3 : 8;
    memcpy(text, eight, day_at);
    memcpy(text + day_at, "01", 2);
    memcpy(text + day_at + 2, eight + day_at, 8 - day_at);
    return DAY;
}

const struct csv_month *csv_months_add(struct csv_months *months, uint64_t written)
{
    struct csv_month *month = &months->months[csv_months_slot(written)];
    struct date_style style = {0};
    char text[DAY] = {0};
    moment when;
    size_t length = spell(text, written, &style.month_first);
    *month = (struct csv_month){.written = written};
    if (!date_parse(&when, text, text + length, &style))
        return month;
    month->whole = length == WHOLE_MONTH && moment_precision(when) == PRECISION_MONTH;
    if (length == DAY && moment_precision(when) == PRECISION_DAY)
        month->days =
            (uint8_t)(moment_last_day(moment_cut(when, PRECISION_MONTH)) + 1 - moment_day(when));
    if (month->whole || month->days > 0)
        month->first = (int32_t)moment_day(when);
    return month;
}

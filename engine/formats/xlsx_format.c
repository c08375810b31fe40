/* What a number in a cell means by its format: a day, a time, or a number; and how it is written
 * then. */
#include "engine/formats/xlsx_format.h"

#include "engine/formats/features.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

enum xlsx_meaning xlsx_builtin(unsigned id)
{
    if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 58))
        return XLSX_DAY;
    if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47))
        return XLSX_TIME;
    return id == 22 ? XLSX_STAMP : XLSX_NUMBER;
}

/* Past what is shown as it stands: "text", \x, and _x and *x, which are blanks and fillings. */
static const char *skip_literal(const char *code)
{
    if (*code == '"') {
        const char *end = strchr(code + 1, '"');
        return end != NULL ? end + 1 : code + strlen(code);
    }
    if (strchr("\\_*", *code) != NULL)
        return code[1] != '\0' ? code + 2 : code + 1;
    return code;
}

/* [h] and [mm] are times that have elapsed; [Red], [$-413] and [>100] tell nothing. */
static const char *skip_bracket(const char *code, unsigned *found)
{
    const char *end = strchr(code, ']');
    if (end == NULL)
        return code + strlen(code);
    size_t length = (size_t)(end - code) - 1, same = strspn(code + 1, "hHmMsS");
    if (length > 0 && same == length)
        *found |= XLSX_TIME;
    return end + 1;
}

enum xlsx_meaning xlsx_meaning_of(const char *code)
{
    unsigned found = 0;
    bool months = false;
    if (strncasecmp(code, "General", 7) == 0)
        return XLSX_NUMBER;
    while (*code != '\0' && *code != ';') {
        const char *next = skip_literal(code);
        if (next != code) {
            code = next;
            continue;
        }
        if (*code == '[') {
            code = skip_bracket(code, &found);
            continue;
        }
        if (strncasecmp(code, "AM/PM", 5) == 0 || strncasecmp(code, "A/P", 3) == 0) {
            found |= XLSX_TIME;
            code += toupper((unsigned char)code[1]) == 'M' ? 5 : 3;
            continue;
        }
        int letter = tolower((unsigned char)*code++);
        if (letter == 'e' && (*code == '+' || *code == '-')) /* of 0.00E+00 */
            return XLSX_NUMBER;
        if (letter == 'y' || letter == 'd')
            found |= XLSX_DAY;
        if (letter == 'h' || letter == 's')
            found |= XLSX_TIME;
        months = months || letter == 'm'; /* or minutes, beside hours or seconds */
    }
    if (found == 0 && months)
        return XLSX_DAY;
    return (enum xlsx_meaning)found;
}

/* Days from 1 January 1970, or some before it, as a date of the Gregorian calendar, which repeats
 * after 400 years. */
static void add_day(struct text *into, int64_t days)
{
    int64_t shifted = days + 719468; /* from 1 March 0000, so that a leap day ends its year */
    int64_t era = shifted / 146097;
    int64_t of_era = shifted - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153; /* 0 is March */
    int64_t day = of_year - (153 * month + 2) / 5 + 1;
    month = month < 10 ? month + 3 : month - 9;
    text_add(into, "%04d-%02d-%02d", (int)(year + era * 400 + (month <= 2)), (int)month, (int)day);
}

static void add_time(struct text *into, int64_t seconds)
{
    text_add(into, "%02d:%02d:%02d", (int)(seconds / 3600), (int)(seconds / 60 % 60),
             (int)(seconds % 60));
}

void xlsx_add(struct text *into, double value, enum xlsx_meaning meaning, bool since_1904)
{
    enum { DAY = 86400, SINCE_1900 = 25569, SINCE_1904 = 24107, LEAP_1900 = 60 };
    const double latest = 2958466; /* the year 10000 */
    if (meaning == XLSX_NUMBER || !(value >= 0 && value < latest)
        || (meaning == XLSX_DAY && value < 1 && !since_1904)) {
        features_add_number(into, value);
        return;
    }
    int64_t seconds = (int64_t)floor(value * DAY + 0.5);
    int64_t days = seconds / DAY;
    seconds %= DAY;
    if (days > 0 || (meaning & XLSX_DAY) != 0) {
        int64_t early = !since_1904 && days < LEAP_1900 ? 1 : 0;
        add_day(into, days + early - (since_1904 ? SINCE_1904 : SINCE_1900));
        if ((meaning & XLSX_TIME) == 0 && seconds == 0)
            return;
        text_add(into, "T");
    }
    add_time(into, seconds);
}

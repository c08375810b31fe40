/* Numbers, dates and words as a reader of the language in force writes them. */
#include "engine/report/wording.h"

#include "engine/core/numbers.h"

#include <stdio.h>
#include <string.h>

/* The sign stands behind a word, so that a translator sees what it is. */
char wording_thousands(void)
{
    const char *entry = _("thousands ,");
    return entry[strlen(entry) - 1];
}

char wording_decimal(void)
{
    return wording_thousands() == '.' ? ',' : '.';
}

const char *wording_language(void)
{
    return wording_thousands() == '.' ? "nl" : "en";
}

struct wording_figure wording_figure(size_t count)
{
    struct wording_figure figure = {""};
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%zu", count);
    char separator = wording_thousands();
    for (int i = 0, at = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            figure.text[at++] = separator;
        figure.text[at++] = digits[i];
    }
    return figure;
}

void wording_count(struct text *text, size_t count)
{
    struct wording_figure figure = wording_figure(count);
    text_add_bytes(text, figure.text, strlen(figure.text));
}

void wording_number(struct text *text, double value)
{
    char number[NUMBER_TEXT];
    char decimal = wording_decimal();
    number_format(number, value, 2);
    size_t length = strlen(number);
    while (length > 0 && strchr(number, '.') != NULL && number[length - 1] == '0')
        number[--length] = '\0';
    if (length > 0 && number[length - 1] == '.')
        number[--length] = '\0';
    for (size_t i = 0; i < length; i++)
        text_add_bytes(text, number[i] == '.' ? &decimal : &number[i], 1);
}

static const char *const MONTHS[] = {
    N_("January"), N_("February"), N_("March"),     N_("April"),   N_("May"),      N_("June"),
    N_("July"),    N_("August"),   N_("September"), N_("October"), N_("November"), N_("December")};
static const char *const WEEKDAYS[] = {N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"),
                                       N_("Fri"), N_("Sat"), N_("Sun")};

static const char *const WHOLE_WEEKDAYS[] = {N_("Monday"),   N_("Tuesday"), N_("Wednesday"),
                                             N_("Thursday"), N_("Friday"),  N_("Saturday"),
                                             N_("Sunday")};

static struct civil civil_of_day(int64_t day)
{
    return moment_civil(moment_from_seconds(day * 86400, PRECISION_DAY));
}

void wording_day(struct text *text, int64_t day)
{
    struct civil civil = civil_of_day(day);
    text_add(text, "%d %s %d", civil.day, _(MONTHS[civil.month - 1]), civil.year);
}

void wording_period(struct text *text, int64_t first, int64_t last)
{
    struct civil from = civil_of_day(first), to = civil_of_day(last);
    if (first != last && from.year == to.year)
        text_add(text, "%d %s", from.day, _(MONTHS[from.month - 1]));
    else
        wording_day(text, first);
    if (first == last)
        return;
    text_add(text, " %s ", _("to"));
    wording_day(text, last);
}

void wording_month(struct text *text, int year, int month)
{
    text_add(text, "%s %d", _(MONTHS[month]), year);
}

const char *wording_month_name(int month)
{
    return _(MONTHS[month]);
}

const char *wording_weekday_whole(int weekday)
{
    return _(WHOLE_WEEKDAYS[weekday]);
}

const char *wording_weekday(int weekday)
{
    return _(WEEKDAYS[weekday]);
}

const char *wording_domain(enum domain domain)
{
    switch (domain) {
    case DOMAIN_SOCIAL:
        return _("social");
    case DOMAIN_PHYSICAL:
        return _("physical");
    case DOMAIN_SAFETY:
        return _("safety");
    case DOMAIN_UNMAPPED:
        return _("unmapped");
    }
    return "";
}

const char *wording_category(const char *category)
{
    static const char *const OWN[] = {
        N_("loitering"),    N_("dealing"),         N_("litter"),          N_("traffic"),
        N_("neglect"),      N_("animals"),         N_("boating"),         N_("fireworks"),
        N_("homelessness"), N_("lighting"),        N_("noise"),           N_("nuisance"),
        N_("odour"),        N_("substance-use"),   N_("vandalism"),       N_("theft"),
        N_("violence"),     N_("confused-person"), N_("organised-crime"),
    };
    for (size_t i = 0; i < sizeof OWN / sizeof *OWN; i++)
        if (strcmp(category, OWN[i]) == 0)
            return _(OWN[i]);
    return category;
}

/* Numbers, dates and words as a reader of the language in force writes them. */
#ifndef PLEIN_REPORT_WORDING_H
#define PLEIN_REPORT_WORDING_H

#include "engine/core/dates.h"
#include "engine/core/incidents.h"
#include "engine/core/text.h"

#include <libintl.h>

#define _(text) gettext(text)

/* "nl" or "en": the language in force. */
const char *wording_language(void);
/* '.' in Dutch and ',' in English between thousands; the other one before decimals. */
char wording_thousands(void);
char wording_decimal(void);
/* "1.234"; as a figure it takes no memory, and can stand among the arguments of a sentence. */
struct wording_figure {
    char text[32];
};
struct wording_figure wording_figure(size_t count);
void wording_count(struct text *text, size_t count);
/* "12,5": at most two decimals, no zeros at the end. */
void wording_number(struct text *text, double value);
/* "1 maart 2024" from days since 1970. */
void wording_day(struct text *text, int64_t day);
/* "1 januari t/m 31 december 2024": the first day's year is left out when it is the same. */
void wording_period(struct text *text, int64_t first, int64_t last);
/* "maart 2024" for year 2024 and month 2, January being 0. */
void wording_month(struct text *text, int year, int month);
/* "maart" of a month of 0 to 11. */
const char *wording_month_name(int month);
/* "vrijdag" for Monday 0 to Sunday 6. */
const char *wording_weekday_whole(int weekday);
/* "fr" or "vr" for Monday 0 to Sunday 6. */
const char *wording_weekday(int weekday);
/* "veiligheid"; and plein's own categories by their Dutch names, others as they are. */
const char *wording_domain(enum domain domain);
const char *wording_category(const char *category);

#endif

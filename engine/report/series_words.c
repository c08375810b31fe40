/* The words of a series of maps: what each map is of, what the series shows, and what is left out.
 */
#include "engine/report/series_words.h"

#include "engine/report/wording.h"

#include <stdio.h>

/* ---- one value ---- */

static const char *const WEEKDAYS[] = {N_("Monday"),   N_("Tuesday"), N_("Wednesday"),
                                       N_("Thursday"), N_("Friday"),  N_("Saturday"),
                                       N_("Sunday")};
static const char *const DAYPARTS[] = {N_("night (0–6 h)"), N_("morning (6–12 h)"),
                                       N_("afternoon (12–18 h)"), N_("evening (18–24 h)")};
/* As they stand at the head of a sentence. */
static const char *const IN_DAYPARTS[] = {N_("At night"), N_("In the morning"),
                                          N_("In the afternoon"), N_("In the evening")};

static void add_quarter(struct text *text, int64_t code)
{
    switch (code % 4) {
    case 0:
        text_add(text, _("1st quarter of %d"), (int)(code / 4));
        break;
    case 1:
        text_add(text, _("2nd quarter of %d"), (int)(code / 4));
        break;
    case 2:
        text_add(text, _("3rd quarter of %d"), (int)(code / 4));
        break;
    default:
        text_add(text, _("4th quarter of %d"), (int)(code / 4));
        break;
    }
}

static const char *word_of(const struct series_telling *telling, int64_t code)
{
    const struct study *study = telling->gathered->study;
    if (telling->series->key == SERIES_SOURCE)
        return dictionary_text(study->sources, (uint32_t)code);
    return wording_category(dictionary_text(study->categories, (uint32_t)code));
}

/* As it is called within a sentence. */
static void add_value(struct text *text, const struct series_telling *telling, int64_t code)
{
    switch (telling->series->key) {
    case SERIES_NONE:
        break;
    case SERIES_DOMAIN:
        text_add(text, "%s", wording_domain((enum domain)code));
        break;
    case SERIES_CATEGORY:
    case SERIES_SOURCE:
        text_add(text, "%s", word_of(telling, code));
        break;
    case SERIES_YEAR:
        text_add(text, "%d", (int)code);
        break;
    case SERIES_QUARTER:
        add_quarter(text, code);
        break;
    case SERIES_MONTH:
        wording_month(text, (int)(code / 12), (int)(code % 12));
        break;
    case SERIES_WEEKDAY:
        text_add(text, "%s", _(WEEKDAYS[code]));
        break;
    case SERIES_DAYPART:
        text_add(text, "%s", _(DAYPARTS[code]));
        break;
    }
}

void series_words_value(struct text *text, const struct series_telling *telling, size_t value)
{
    size_t begin = text->length;
    add_value(text, telling, telling->series->items[value].code);
    if (text->length > begin && text->bytes[begin] >= 'a' && text->bytes[begin] <= 'z')
        text->bytes[begin] = (char)(text->bytes[begin] - 'a' + 'A');
}

/* ---- the finding ---- */

/* "In de avond", "Op maandag", "In maart 2024": how the sentence begins. */
static void add_when(struct text *text, const struct series_telling *telling, size_t value)
{
    int64_t code = telling->series->items[value].code;
    struct text name = {0};
    add_value(&name, telling, code);
    switch (telling->series->key) {
    case SERIES_NONE:
        break;
    case SERIES_DOMAIN:
        text_add(text, _("In the domain %s"), text_part(text, &name));
        break;
    case SERIES_CATEGORY:
        text_add(text, _("In the category %s"), text_part(text, &name));
        break;
    case SERIES_SOURCE:
        text_add(text, _("Among the incidents from %s"), text_part(text, &name));
        break;
    case SERIES_YEAR:
    case SERIES_MONTH:
        text_add(text, _("In %s"), text_part(text, &name));
        break;
    case SERIES_QUARTER:
        text_add(text, _("In the %s"), text_part(text, &name));
        break;
    case SERIES_WEEKDAY:
        text_add(text, _("On %s"), text_part(text, &name));
        break;
    case SERIES_DAYPART:
        text_add(text, "%s", _(IN_DAYPARTS[code]));
        break;
    }
    text_free(&name);
}

static void add_place(struct text *text, const struct series_peak *peak)
{
    if (peak->place != NULL)
        text_add(text, _("at %s"), peak->place);
    else if (peak->jurisdictions[1] != NULL)
        text_add(text, _("on the border of %s and %s"), peak->jurisdictions[0],
                 peak->jurisdictions[1]);
    else
        text_add(text, _("in %s"), peak->jurisdictions[0]);
}

static const char *nothing_stands_out(enum series_key key)
{
    switch (key) {
    case SERIES_NONE:
        break;
    case SERIES_DOMAIN:
        return _("No domain clearly stands out");
    case SERIES_CATEGORY:
        return _("No category clearly stands out");
    case SERIES_SOURCE:
        return _("No source clearly stands out");
    case SERIES_YEAR:
        return _("No year clearly stands out");
    case SERIES_QUARTER:
        return _("No quarter clearly stands out");
    case SERIES_MONTH:
        return _("No month clearly stands out");
    case SERIES_WEEKDAY:
        return _("No day of the week clearly stands out");
    case SERIES_DAYPART:
        return _("No part of the day clearly stands out");
    }
    return "";
}

void series_words_title(struct text *text, const struct series_telling *telling,
                        const struct series_peak *peak)
{
    struct text when = {0}, place = {0};
    if (!peak->is_clear) {
        text_add(text, "%s", nothing_stands_out(telling->series->key));
        return;
    }
    add_when(&when, telling, peak->value);
    add_place(&place, peak);
    text_add(text, _("%s the peak lies %s: %s of the %s incidents there"), text_part(text, &when),
             text_part(text, &place), wording_figure(peak->here).text,
             wording_figure(peak->in_all).text);
    text_free(&when);
    text_free(&place);
}

/* ---- the lines below the maps ---- */

void series_words_method(struct text *text, const struct series_telling *telling)
{
    switch (telling->series->key) {
    case SERIES_NONE:
    case SERIES_DOMAIN:
    case SERIES_CATEGORY:
    case SERIES_SOURCE:
        break;
    case SERIES_YEAR:
    case SERIES_QUARTER:
    case SERIES_MONTH:
        text_add(text, "%s", _(" Each map is a sum, not an average per day."));
        break;
    case SERIES_WEEKDAY:
    case SERIES_DAYPART:
        text_add(text, "%s",
                 _(" Each map is a sum over the whole period, not an average per day."));
        break;
    }
}

static void begin_item(struct text *text, size_t begin)
{
    text_add(text, "%s", text->length > begin ? ", " : _("On no map (incidents): "));
}

static void add_others(struct text *text, enum series_key key, const char *const counts[2])
{
    if (key == SERIES_DOMAIN)
        text_add(text, _("%s in the %s smallest domains"), counts[0], counts[1]);
    if (key == SERIES_CATEGORY)
        text_add(text, _("%s in the %s smallest categories"), counts[0], counts[1]);
    if (key == SERIES_SOURCE)
        text_add(text, _("%s from the %s smallest sources"), counts[0], counts[1]);
}

static void add_unknown(struct text *text, enum series_key key, const char *count)
{
    switch (key) {
    case SERIES_NONE:
    case SERIES_DOMAIN:
        break;
    case SERIES_CATEGORY:
        text_add(text, _("%s of unknown category"), count);
        break;
    case SERIES_SOURCE:
        text_add(text, _("%s of unknown source"), count);
        break;
    case SERIES_YEAR:
        text_add(text, _("%s of unknown year"), count);
        break;
    case SERIES_QUARTER:
    case SERIES_MONTH:
        text_add(text, _("%s of unknown month"), count);
        break;
    case SERIES_WEEKDAY:
        text_add(text, _("%s of unknown day"), count);
        break;
    case SERIES_DAYPART:
        text_add(text, _("%s of unknown hour"), count);
        break;
    }
}

void series_words_left_out(struct text *text, const struct series_telling *telling)
{
    const struct series *series = telling->series;
    const struct wording_figure others = wording_figure(series->others);
    const struct wording_figure kinds = wording_figure(series->others_values);
    size_t begin = text->length;
    if (series->others > 0) {
        begin_item(text, begin);
        add_others(text, series->key, (const char *const[2]){others.text, kinds.text});
    }
    if (series->unknown > 0) {
        begin_item(text, begin);
        add_unknown(text, series->key, wording_figure(series->unknown).text);
    }
    if (series->hidden > 0) {
        begin_item(text, begin);
        text_add(text, _("%s of organised crime, which is not shown on its own"),
                 wording_figure(series->hidden).text);
    }
    if (text->length > begin)
        text_add(text, ".");
}

void series_words_counts(struct text *text, const struct series_telling *telling)
{
    for (size_t v = 0; v < telling->series->count; v++) {
        text_add(text, "%s", v > 0 ? "; " : "");
        series_words_value(text, telling, v);
        text_add(text, ": ");
        wording_count(text, telling->series->items[v].incidents);
    }
}

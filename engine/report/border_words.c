/* The sentences of a border sheet: its finding, its verdicts and the rule behind them. */
#include "engine/report/border_words.h"

#include "engine/report/wording.h"

#include <math.h>

const struct border_cluster *border_words_subject(const struct border *border)
{
    for (size_t i = 0; i < border->together.count; i++)
        if (border->clusters[i].crosses)
            return &border->clusters[i];
    return NULL;
}

void border_words_place(struct text *text, const char *place, int32_t number)
{
    if (place != NULL)
        text_add(text, "%s", place);
    else
        text_add(text, _("cluster %d"), number);
}

void border_words_title(struct text *text, const struct border_telling *telling)
{
    const struct border_cluster *subject = border_words_subject(&telling->finding->border);
    struct text place = {0};
    if (subject == NULL) {
        text_add(text, _("No hotspot lies across the border of %s and %s"), telling->names[0],
                 telling->names[1]);
        return;
    }
    border_words_place(&place, telling->place, subject->number);
    const char *name = text_part(text, &place);
    int32_t first = subject->rank[0], second = subject->rank[1];
    if (first > 0 && second > 0)
        text_add(text, _("Together %s ranks %d; alone %s ranks it %d and %s ranks it %d"), name,
                 subject->number, telling->names[0], first, telling->names[1], second);
    else if (first > 0 || second > 0)
        text_add(text, _("Together %s ranks %d; alone %s ranks it %d and %s does not see it"), name,
                 subject->number, telling->names[first > 0 ? 0 : 1], first > 0 ? first : second,
                 telling->names[first > 0 ? 1 : 0]);
    else
        text_add(text, _("Together %s ranks %d; alone neither %s nor %s sees it"), name,
                 subject->number, telling->names[0], telling->names[1]);
    text_free(&place);
}

void border_words_verdict(struct text *text, const struct border_telling *telling,
                          const struct sides *sides)
{
    switch (sides->verdict) {
    case LEAD_POINTS_TO:
        text_add(text, _("points to %s"), telling->names[sides->points_to]);
        return;
    case LEAD_SHARED:
        text_add(text, "%s", _("shared"));
        return;
    case LEAD_CANNOT_TELL:
        text_add(text, "%s", _("cannot tell"));
        return;
    }
}

void border_words_elsewhere(struct text *text, const struct border_telling *telling,
                            enum holder_role role, int lies)
{
    const struct holdings *holdings = &telling->finding->holdings[role];
    const char *where = telling->names[lies], *who = telling->names[1 - lies];
    size_t incidents = holdings->count > 0 ? holdings->items[1 - lies].incidents[lies] : 0;
    const struct wording_figure many = wording_figure(incidents);
    if (incidents == 0)
        return;
    if (role == HOLDER_REPORTED_TO && incidents == 1)
        text_add(text, _("1 reported to %s lies in %s"), who, where);
    else if (role == HOLDER_REPORTED_TO)
        text_add(text, _("%s reported to %s lie in %s"), many.text, who, where);
    else if (incidents == 1)
        text_add(text, _("1 that %s is responsible for lies in %s"), who, where);
    else
        text_add(text, _("%s that %s is responsible for lie in %s"), many.text, who, where);
}

void border_words_method(struct text *text, const struct border_telling *telling)
{
    static const char *const KERNELS[] = {N_("quartic kernel"),      N_("Gaussian kernel"),
                                          N_("Epanechnikov kernel"), N_("triangular kernel"),
                                          N_("triweight kernel"),    N_("uniform kernel")};
    const struct options *options = telling->findings->gathered.study->options;
    struct text bandwidth = {0}, radius = {0};
    wording_number(&bandwidth, options->bandwidth_m);
    wording_number(&radius, options->radius_m);
    const char *metres = text_part(text, &bandwidth);
    text_add(text,
             _("Method: density with a radius of %s m (%s); clusters: at least %d incidents "
               "within %s m; strip: %s m on a side's own ground. Fewer than %d incidents "
               "within %s m: not coloured. No names, addresses or single incidents."),
             metres, _(KERNELS[options->kernel]), options->min_points, text_part(text, &radius),
             metres, options->min_count, metres);
    text_free(&bandwidth);
    text_free(&radius);
}

void border_words_guess(struct text *text, const struct border_telling *telling)
{
    const struct border_strip *strips = telling->finding->border.strips;
    struct text first = {0}, second = {0};
    if (isnan(strips[0].guess_error) || isnan(strips[1].guess_error))
        return;
    wording_number(&first, round(strips[0].guess_error * 100));
    wording_number(&second, round(strips[1].guess_error * 100));
    text_add(text,
             _(" Guessing the other side by edge correction is %s%% (%s) and %s%% (%s) wrong "
               "in the strip."),
             text_part(text, &first), telling->names[0], text_part(text, &second),
             telling->names[1]);
    text_free(&first);
    text_free(&second);
}

void border_words_rule(struct text *text, const struct border_telling *telling)
{
    const struct options *options = telling->findings->gathered.study->options;
    struct text high = {0}, low = {0};
    wording_number(&high, round(options->lead_share * 100));
    wording_number(&low, round((1 - options->lead_share) * 100));
    text_add(text,
             _("Lead: “points to” from %s%% of the incidents on with an interval (Wilson) clear "
               "of 50%%; “shared” when the interval lies within %s–%s%%; else “cannot tell”. "
               "At least %d incidents."),
             text_part(text, &high), text_part(text, &low), text_part(text, &high),
             options->lead_min_incidents);
    text_free(&high);
    text_free(&low);
}

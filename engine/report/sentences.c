/* The sentences on a map: its finding, what it is of, how it was made, and what each cluster is. */
#include "engine/report/sentences.h"

#include "engine/report/package_words.h"
#include "engine/report/wording.h"

#include <stdio.h>
#include <string.h>

static const char *owner_name(const struct telling *telling, uint32_t owner)
{
    return telling->gathered->study->boundaries.jurisdictions.items[owner].name;
}

/* Where the incidents of a map without clusters lie. */
static void add_ground(struct text *text, const struct scene *scene)
{
    size_t shown = 0;
    for (size_t i = 0; i < scene->area_count; i++)
        shown += scene->owner_counts[i] > 0;
    if (shown == 0 || shown > 2) {
        text_add(text, "%s", _("Where the incidents lie"));
        return;
    }
    const char *first = scene->areas[scene->first].name, *second = scene->areas[scene->second].name;
    if (shown == 2)
        text_add(text, _("Where the incidents in %s and %s lie"), first, second);
    else
        text_add(text, _("Where the incidents in %s lie"),
                 scene->owner_counts[scene->first] > 0 ? first : second);
}

/* Clusters are then of a part of what the map shows. */
static bool has_squares(const struct telling *telling)
{
    return telling->packages != NULL && packages_take_part(telling->packages);
}

const char *sentences_table_head(size_t listed, const struct telling *telling)
{
    if (listed > 0 && has_squares(telling))
        return _("The largest clusters, without the squares");
    switch (listed) {
    case 0:
        return "";
    case 1:
        return _("The largest cluster");
    case 2:
        return _("The two largest clusters");
    case 3:
        return _("The three largest clusters");
    case 4:
        return _("The four largest clusters");
    default:
        return _("The five largest clusters");
    }
}

void sentences_title(struct text *text, const struct telling *telling)
{
    if (telling->gathered->study->options->no_clusters || has_squares(telling)) {
        add_ground(text, telling->scene);
        return;
    }
    if (telling->clusters->count == 0) {
        text_add(text, "%s", _("No place clearly stands out"));
        return;
    }
    const struct cluster *largest = &telling->clusters->items[0];
    uint32_t first = largest->owners.items[0].value;
    if (!shares_are_parted(&largest->owners)) {
        text_add(text, _("The largest cluster lies in %s: %s incidents"),
                 owner_name(telling, first), wording_figure(largest->incidents).text);
        return;
    }
    uint32_t second = largest->owners.items[1].value;
    text_add(text, _("The border of %s and %s cuts the largest hotspot in two"),
             owner_name(telling, first < second ? first : second),
             owner_name(telling, first < second ? second : first));
}

void sentences_period(struct text *text, const struct telling *telling)
{
    const struct selection *selection = &telling->gathered->study->selection;
    const struct gathered *gathered = telling->gathered;
    const struct period own = {gathered->first != MOMENT_UNKNOWN, moment_first_day(gathered->first),
                               moment_last_day(gathered->last)};
    const struct period period =
        telling->packages != NULL ? packages_period(own, telling->packages) : own;
    bool from = selection->has_period && selection->first_day != INT64_MIN;
    bool to = selection->has_period && selection->last_day != INT64_MAX;
    if (!period.known && !(from && to)) {
        text_add(text, "%s", _("period unknown"));
        return;
    }
    wording_period(text, from ? selection->first_day : period.first,
                   to ? selection->last_day : period.last);
}

static void add_words(struct text *text, const struct words *words,
                      const char *(*say)(const char *))
{
    for (size_t i = 0; i < words->count; i++)
        text_add(text, "%s%s", i > 0 ? ", " : "", say(words->items[i]));
}

static const char *as_it_is(const char *word)
{
    return word;
}

static const char *say_domain(const char *word)
{
    enum domain domain;
    return domain_parse(&domain, word) ? wording_domain(domain) : word;
}

static void add_selection(struct text *text, const struct options *options)
{
    const struct words *domains =
        options->domains.count > 0 ? &options->domains : &options->domains_any;
    bool all = options->sources.count == 0 && domains->count == 0 && options->categories.count == 0;
    if (all)
        text_add(text, "%s", _("all sources and domains"));
    add_words(text, &options->sources, as_it_is);
    text_add(text, "%s", options->sources.count > 0 && domains->count > 0 ? ", " : "");
    add_words(text, domains, say_domain);
    text_add(text, "%s",
             options->categories.count > 0 && options->sources.count + domains->count > 0 ? ", "
                                                                                          : "");
    add_words(text, &options->categories, wording_category);
    if (options->hours != NULL)
        text_add(text, _(", hours %s"), options->hours);
    if (options->days != NULL)
        text_add(text, ", %s", options->days);
}

void sentences_subtitle(struct text *text, const struct telling *telling)
{
    const struct scene *scene = telling->scene;
    if (has_squares(telling)) {
        text_add(text, _("%s incidents"), wording_figure(telling->gathered->incidents).text);
        package_words_counts(text, telling->packages);
        text_add(text, ", ");
    } else
        text_add(text, _("%s incidents, "), wording_figure(telling->gathered->incidents).text);
    sentences_period(text, telling);
    text_add(text, " · ");
    add_selection(text, telling->gathered->study->options);
    /* "0 in Beverwijk" would say that nothing happened where nobody was asked about. */
    if (scene->area_count < 2 || has_squares(telling)
        || (telling->gathered->study->options->jurisdictions.count > 0
            && (scene->owner_counts[scene->first] == 0 || scene->owner_counts[scene->second] == 0)))
        return;
    text_add(
        text, _(" · %s in %s, %s in %s"), wording_figure(scene->owner_counts[scene->first]).text,
        scene->areas[scene->first].name, wording_figure(scene->owner_counts[scene->second]).text,
        scene->areas[scene->second].name);
}

void sentences_aside(struct text *text, const struct telling *telling, size_t listed)
{
    size_t inside = 0, smaller = 0;
    for (size_t i = 0; i < telling->clusters->count; i++)
        *(i < listed ? &inside : &smaller) += telling->clusters->items[i].incidents;
    if (listed > 0)
        text_add(text,
                 _("%s of the %s incidents lie in the clusters named here, %s in smaller ones."),
                 wording_figure(inside).text, wording_figure(telling->gathered->incidents).text,
                 wording_figure(smaller).text);
    if (telling->scene->area_count < 2)
        return;
    text_add(text, "%s", listed > 0 ? " " : "");
    struct text metres = {0};
    wording_number(&metres, telling->band_m);
    text_add(text,
             listed > 0
                 ? _("Of %s the municipality is uncertain: they lie within %s m of the border.")
                 : _("Of %s incidents the municipality is uncertain: they lie within %s m of the "
                     "border."),
             wording_figure(telling->in_band).text, text_part(text, &metres));
    text_free(&metres);
}

/* Whether a file is named before another: by its source, then its name, then as they were given,
 * which shows no more. */
static bool is_named_before(const struct source_facts *file, const struct source_facts *other)
{
    int order = strcmp(file->source, other->source);
    if (order == 0)
        order = strcmp(file->file, other->file);
    return order != 0 ? order < 0 : file < other;
}

/* The file that is named after so many others. */
static const struct source_facts *file_at(const struct study *study, size_t place)
{
    for (size_t i = 0; i < study->file_count; i++) {
        size_t before = 0;
        for (size_t j = 0; j < study->file_count; j++)
            before += is_named_before(&study->files[j], &study->files[i]);
        if (before == place)
            return &study->files[i];
    }
    return &study->files[place];
}

void sentences_source(struct text *text, const struct telling *telling)
{
    const struct study *study = telling->gathered->study;
    text_add(text, "%s", _("Source: incidents from "));
    for (size_t i = 0; i < study->file_count; i++)
        text_add(text, "%s%s (%s)", i > 0 ? ", " : "", file_at(study, i)->source,
                 file_at(study, i)->file);
    if (has_squares(telling))
        package_words_source(text, telling->packages);
    text_add(text, _("; boundaries from %s."), text_file_name(study->options->boundaries));
}

void sentences_method(struct text *text, const struct telling *telling)
{
    static const char *const KERNELS[] = {N_("quartic kernel"),      N_("Gaussian kernel"),
                                          N_("Epanechnikov kernel"), N_("triangular kernel"),
                                          N_("triweight kernel"),    N_("uniform kernel")};
    const struct options *options = telling->gathered->study->options;
    struct text bandwidth = {0}, cell = {0}, radius = {0};
    wording_number(&bandwidth, options->bandwidth_m);
    wording_number(&cell, telling->cell_m);
    wording_number(&radius, options->radius_m);
    bool without = options->no_clusters || telling->clusters == NULL;
    if (without)
        text_add(text, _("Method: density with a radius of %s m (%s, cell %s m)."),
                 text_part(text, &bandwidth), _(KERNELS[options->kernel]), text_part(text, &cell));
    else
        text_add(text,
                 _("Method: density with a radius of %s m (%s, cell %s m); clusters: at least %d "
                   "incidents within "
                   "%s m (DBSCAN). Shares are rounded."),
                 text_part(text, &bandwidth), _(KERNELS[options->kernel]), text_part(text, &cell),
                 options->min_points, text_part(text, &radius));
    if (!options->no_clusters && has_squares(telling))
        package_words_method(text, telling->packages);
    text_free(&bandwidth);
    text_free(&cell);
    text_free(&radius);
}

void sentences_privacy(struct text *text, const struct telling *telling)
{
    const struct options *options = telling->gathered->study->options;
    struct text bandwidth = {0};
    if (options->points) {
        text_add(text, "%s",
                 _("Privacy: this map shows single incidents and is not for handing on."));
        return;
    }
    wording_number(&bandwidth, options->bandwidth_m);
    text_add(text,
             _("Privacy: no names, addresses or single incidents. Where fewer than %d incidents "
               "lie within %s m, "
               "nothing is coloured."),
             options->min_count, text_part(text, &bandwidth));
    text_free(&bandwidth);
}

/* When the incidents of one cluster come: how many per weekday and per hour. */
struct rhythm {
    size_t days[7], hours[24], known_days, known_hours;
};

static struct rhythm rhythm_of(const struct telling *telling, int32_t number)
{
    struct rhythm rhythm = {{0}, {0}, 0, 0};
    const struct gathered *gathered = telling->gathered;
    for (size_t i = 0; i < gathered->count; i++) {
        if (telling->clusters->membership[i] != number)
            continue;
        size_t weight = gathered->weight != NULL ? gathered->weight[i] : 1;
        int day = moment_weekday(gathered->when[i]), hour = moment_hour(gathered->when[i]);
        if (day >= 0) {
            rhythm.days[day] += weight;
            rhythm.known_days += weight;
        }
        if (hour >= 0) {
            rhythm.hours[hour] += weight;
            rhythm.known_hours += weight;
        }
    }
    return rhythm;
}

static void add_days(struct text *text, const struct rhythm *rhythm)
{
    int best = 0, next = -1;
    for (int day = 1; day < 7; day++)
        if (rhythm->days[day] > rhythm->days[best])
            best = day;
    for (int day = 0; day < 7; day++)
        if (day != best && (next < 0 || rhythm->days[day] > rhythm->days[next]))
            next = day;
    text_add(text, _(" · %s and %s"), wording_weekday(best < next ? best : next),
             wording_weekday(best < next ? next : best));
}

static void add_hours(struct text *text, const struct rhythm *rhythm)
{
    enum { SPAN = 4 };
    size_t most = 0;
    int begin = 0;
    for (int hour = 0; hour < 24; hour++) {
        size_t sum = 0;
        for (int i = 0; i < SPAN; i++)
            sum += rhythm->hours[(hour + i) % 24];
        if (sum > most) {
            most = sum;
            begin = hour;
        }
    }
    text_add(text, _(", %d–%d h"), begin, (begin + SPAN) % 24 == 0 ? 24 : (begin + SPAN) % 24);
}

void sentences_cluster(struct text *text, const struct telling *telling, size_t index)
{
    const struct cluster *cluster = &telling->clusters->items[index];
    struct rhythm rhythm = rhythm_of(telling, cluster->number);
    if (cluster->domains.count > 0) {
        const struct share *main = &cluster->domains.items[0];
        text_add(text, _("%s %zu%%"), wording_domain((enum domain)main->value),
                 (main->incidents * 200 + cluster->incidents) / (2 * cluster->incidents));
    }
    if (rhythm.known_days * 2 > cluster->incidents)
        add_days(text, &rhythm);
    if (rhythm.known_hours * 2 > cluster->incidents)
        add_hours(text, &rhythm);
}

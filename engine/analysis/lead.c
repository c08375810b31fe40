/* Evidence for a lead ("trekker") at a hotspot on a border: whose ground its incidents lie on, how
 * sure that is, and whether it stays so. */
#include "engine/analysis/lead.h"

#include "engine/space/radix.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The rule */

static struct lead_rule rule_of(const struct lead_rule *rule)
{
    return (struct lead_rule){rule->share != 0 ? rule->share : 0.6,
                              rule->least != 0 ? rule->least : 20};
}

static bool rule_check(const struct lead_rule *rule, struct error *error)
{
    if (!(rule->share >= 0.5 && rule->share <= 1))
        return error_set(error, ERROR_SETTINGS,
                         "a lead at a share of %g is no rule; give 0.5 to 1, such as 0.6",
                         rule->share);
    return true;
}

size_t lead_majority(const size_t incidents[SIDES])
{
    if (incidents[0] == incidents[1])
        return SIDES;
    return incidents[0] > incidents[1] ? 0 : 1;
}

static bool points_to(const struct interval *share, const struct lead_rule *rule)
{
    return share->estimate >= rule->share && share->low > 0.5;
}

struct sides lead_judge(const size_t incidents[SIDES], const struct lead_rule *rule)
{
    const struct lead_rule held = rule_of(rule);
    size_t all = incidents[0] + incidents[1];
    struct sides sides = {.incidents = {incidents[0], incidents[1]}, .points_to = SIDES};
    for (int side = 0; side < SIDES; side++)
        sides.share[side] = interval_share(incidents[side], all);
    if (all < held.least)
        return sides;
    for (size_t side = 0; side < SIDES; side++)
        if (points_to(&sides.share[side], &held)) {
            sides.verdict = LEAD_POINTS_TO;
            sides.points_to = side;
        }
    /* One side's lowest share is 1 less the other's highest: so both highest say all. */
    if (sides.verdict == LEAD_CANNOT_TELL && sides.share[0].high <= held.share
        && sides.share[1].high <= held.share)
        sides.verdict = LEAD_SHARED;
    return sides;
}

/* Incidents by cluster */

typedef size_t side_counts[SIDES];

struct search {
    const struct lead_input *input;
    struct lead_options options;
    struct leads *leads;
    size_t *lead_of;   /* by cluster number: the lead's place from 1; 0: has none */
    size_t *starts;    /* of each lead's incidents */
    uint32_t *members; /* incidents, by lead */
};

static size_t weight_of(const struct lead_input *input, size_t incident)
{
    return input->incidents->weight != NULL ? input->incidents->weight[incident] : 1;
}

/* Of each cluster number, noise (0) too. */
static bool count_sides(side_counts **counts, const struct lead_input *input,
                        const int32_t *membership, size_t cluster_count, struct error *error)
{
    if (!array_new(counts, cluster_count + 1, sizeof **counts, error))
        return false;
    for (size_t i = 0; i < input->incidents->count; i++)
        (*counts)[membership[i]][input->side[i]] += weight_of(input, i);
    return true;
}

static bool choose_clusters(struct search *search, struct error *error)
{
    const struct clusters *clusters = search->input->clusters;
    struct leads *leads = search->leads;
    side_counts *counts = NULL;
    bool done = count_sides(&counts, search->input, clusters->membership, clusters->count, error)
                && array_new(&search->lead_of, clusters->count + 1, sizeof *search->lead_of, error)
                && array_new(&leads->items, clusters->count, sizeof *leads->items, error);
    for (size_t number = 1; done && number <= clusters->count; number++) {
        if (counts[number][0] == 0 || counts[number][1] == 0)
            continue;
        struct lead *lead = &leads->items[leads->count++];
        lead->cluster = (int32_t)number;
        lead->sides = lead_judge(counts[number], &search->options.rule);
        search->lead_of[number] = leads->count;
    }
    array_free(&counts);
    return done;
}

static bool list_members(struct search *search, struct error *error)
{
    const int32_t *membership = search->input->clusters->membership;
    size_t count = search->input->incidents->count, leads = search->leads->count;
    size_t *next = NULL;
    if (!array_new(&search->starts, leads + 2, sizeof *search->starts, error))
        return false;
    for (size_t i = 0; i < count; i++)
        search->starts[search->lead_of[membership[i]] + 1]++;
    search->starts[1] = 0; /* incidents without a lead are not listed */
    for (size_t l = 1; l <= leads; l++)
        search->starts[l + 1] += search->starts[l];
    if (!array_new_raw(&search->members, search->starts[leads + 1], sizeof *search->members, error)
        || !array_new_raw(&next, leads + 2, sizeof *next, error))
        return false;
    memcpy(next, search->starts, (leads + 2) * sizeof *next);
    for (size_t i = 0; i < count; i++) {
        size_t lead = search->lead_of[membership[i]];
        if (lead > 0)
            search->members[next[lead]++] = (uint32_t)i;
    }
    array_free(&next);
    return true;
}

/* The incidents of one lead. */
struct crew {
    const uint32_t *incidents;
    size_t count;
};

static struct crew crew_of(const struct search *search, size_t lead)
{
    size_t first = search->starts[lead + 1];
    return (struct crew){search->members + first, search->starts[lead + 2] - first};
}

/* Domains and quarters */

/* False: not known. */
typedef bool part_value(uint32_t *value, const struct cluster_input *incidents, size_t incident);

static bool domain_at(uint32_t *value, const struct cluster_input *incidents, size_t incident)
{
    *value = incidents->domain != NULL ? incidents->domain[incident] : 0;
    return incidents->domain != NULL;
}

static bool quarter_at(uint32_t *value, const struct cluster_input *incidents, size_t incident)
{
    moment when = incidents->when != NULL ? incidents->when[incident] : MOMENT_UNKNOWN;
    if (moment_precision(when) < PRECISION_MONTH)
        return false;
    struct civil civil = moment_civil(when);
    *value = (uint32_t)(civil.year * 4 + (civil.month - 1) / 3);
    return true;
}

/* Sorted by value; `carried` is the incident. */
static size_t list_values(struct keyed *values, const struct lead_input *input,
                          const struct crew *crew, part_value *value_at)
{
    size_t count = 0;
    for (size_t i = 0; i < crew->count; i++) {
        uint32_t value;
        if (value_at(&value, input->incidents, crew->incidents[i]))
            values[count++] = (struct keyed){value, crew->incidents[i]};
    }
    return count;
}

static bool sum_values(struct lead_parts *parts, const struct keyed *values, size_t count,
                       const struct lead_input *input, struct error *error)
{
    size_t distinct = 0;
    for (size_t i = 0; i < count; i++)
        distinct += i == 0 || values[i].key != values[i - 1].key;
    if (!array_new(&parts->items, distinct, sizeof *parts->items, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || values[i].key != values[i - 1].key)
            parts->items[parts->count++].value = (uint32_t)values[i].key;
        parts->items[parts->count - 1].sides.incidents[input->side[values[i].carried]] +=
            weight_of(input, values[i].carried);
    }
    return true;
}

/* The cluster's incidents by value, each value divided over the sides. */
static bool divide(struct lead_parts *parts, const struct search *search, const struct crew *crew,
                   part_value *value_at, struct error *error)
{
    struct keyed *values = NULL;
    if (!array_new_raw(&values, crew->count, sizeof *values, error))
        return false;
    size_t count = list_values(values, search->input, crew, value_at);
    bool done =
        radix_sort(values, count, error) && sum_values(parts, values, count, search->input, error);
    for (size_t p = 0; done && p < parts->count; p++)
        parts->items[p].sides = lead_judge(parts->items[p].sides.incidents, &search->options.rule);
    array_free(&values);
    return done;
}

static size_t incidents_of(const struct sides *sides)
{
    return sides->incidents[0] + sides->incidents[1];
}

static int by_falling_incidents(const void *left, const void *right)
{
    const struct lead_part *a = left, *b = right;
    size_t a_count = incidents_of(&a->sides), b_count = incidents_of(&b->sides);
    if (a_count != b_count)
        return a_count > b_count ? -1 : 1;
    return a->value < b->value ? -1 : a->value > b->value;
}

static bool describe(struct search *search, size_t number, struct error *error)
{
    struct lead *lead = &search->leads->items[number];
    struct crew crew = crew_of(search, number);
    if (!divide(&lead->domains, search, &crew, domain_at, error)
        || !divide(&lead->quarters, search, &crew, quarter_at, error))
        return false;
    if (lead->domains.count > 1)
        qsort(lead->domains.items, lead->domains.count, sizeof *lead->domains.items,
              by_falling_incidents);
    size_t majority = lead_majority(lead->sides.incidents);
    lead->undated = incidents_of(&lead->sides);
    for (size_t q = 0; q < lead->quarters.count; q++) {
        const struct sides *sides = &lead->quarters.items[q].sides;
        lead->undated -= incidents_of(sides);
        lead->quarters_same += lead_majority(sides->incidents) == majority;
    }
    return true;
}

/* Other radiuses and minimums */

static struct lead_run run_of(const struct dbscan_options *options, int number)
{
    size_t radius_quarters = 3 + (size_t)number / 3, least_quarters = 3 + (size_t)number % 3;
    return (struct lead_run){
        .radius_m = options->radius_m * ((double)radius_quarters / 4),
        .min_points = (options->min_points * least_quarters + 2) / 4,
    };
}

/* The cluster that holds most of the crew, of equals the lower; 0 when they are all noise. The
 * tally is all 0 before and after. */
static size_t holder_of(const struct crew *crew, const struct lead_input *input,
                        const int32_t *membership, size_t *tally)
{
    size_t holder = 0;
    for (size_t i = 0; i < crew->count; i++) {
        size_t number = (size_t)membership[crew->incidents[i]];
        tally[number] += number > 0 ? weight_of(input, crew->incidents[i]) : 0;
    }
    for (size_t i = 0; i < crew->count; i++) {
        size_t number = (size_t)membership[crew->incidents[i]];
        if (tally[number] > tally[holder] || (number < holder && tally[number] == tally[holder]))
            holder = number;
    }
    for (size_t i = 0; i < crew->count; i++)
        tally[membership[crew->incidents[i]]] = 0;
    return holder;
}

static bool match(const struct search *search, const struct dbscan_labels *labels,
                  const struct lead_run *run, int number, struct error *error)
{
    side_counts *counts = NULL;
    size_t *tally = NULL, clusters = (size_t)labels->cluster_count;
    bool done = count_sides(&counts, search->input, labels->cluster, clusters, error)
                && array_new(&tally, clusters + 1, sizeof *tally, error);
    for (size_t l = 0; done && l < search->leads->count; l++) {
        struct lead_run *into = &search->leads->items[l].runs[number];
        struct crew crew = crew_of(search, l);
        size_t holder = holder_of(&crew, search->input, labels->cluster, tally);
        *into = *run;
        into->found = holder > 0;
        for (int side = 0; holder > 0 && side < SIDES; side++)
            into->incidents[side] = counts[holder][side];
    }
    array_free(&counts);
    array_free(&tally);
    return done;
}

static bool run_again(const struct search *search, int number, struct error *error)
{
    const struct cluster_input *incidents = search->input->incidents;
    struct lead_run run = run_of(&search->options.clusters, number);
    struct dbscan_options options = search->options.clusters;
    struct weighted_points points = {{incidents->grid_x, incidents->grid_y, incidents->count},
                                     incidents->weight};
    struct dbscan_labels labels = {0};
    options.radius_m = run.radius_m;
    options.min_points = run.min_points;
    options.unit_mm = incidents->grid.unit_mm;
    bool done = dbscan_run(&labels, &points, &options, error)
                && match(search, &labels, &run, number, error);
    dbscan_free(&labels);
    return done;
}

static void take_own_run(const struct search *search)
{
    for (size_t l = 0; l < search->leads->count; l++) {
        struct lead *lead = &search->leads->items[l];
        struct lead_run *own = &lead->runs[LEAD_RUN_OWN];
        *own = run_of(&search->options.clusters, LEAD_RUN_OWN);
        own->found = true;
        memcpy(own->incidents, lead->sides.incidents, sizeof own->incidents);
    }
}

static void compare_runs(struct lead *lead)
{
    size_t majority = lead_majority(lead->sides.incidents);
    for (int side = 0; side < SIDES; side++)
        lead->run_low[side] = lead->run_high[side] = lead->sides.share[side].estimate;
    for (int r = 0; r < LEAD_RUNS; r++) {
        const struct lead_run *run = &lead->runs[r];
        if (!run->found)
            continue;
        lead->runs_same += lead_majority(run->incidents) == majority;
        for (int side = 0; side < SIDES; side++) {
            double all = (double)(run->incidents[0] + run->incidents[1]);
            double share = (double)run->incidents[side] / all;
            lead->run_low[side] = fmin(lead->run_low[side], share);
            lead->run_high[side] = fmax(lead->run_high[side], share);
        }
    }
}

static bool find(struct search *search, struct error *error)
{
    struct leads *leads = search->leads;
    if (!choose_clusters(search, error) || !list_members(search, error))
        return false;
    for (size_t l = 0; l < leads->count; l++)
        if (!describe(search, l, error))
            return false;
    take_own_run(search);
    for (int number = 0; leads->count > 0 && number < LEAD_RUNS; number++)
        if (number != LEAD_RUN_OWN && !run_again(search, number, error))
            return false;
    for (size_t l = 0; l < leads->count; l++)
        compare_runs(&leads->items[l]);
    return true;
}

bool lead_find(struct leads *leads, const struct lead_input *input,
               const struct lead_options *options, struct error *error)
{
    *leads = (struct leads){0};
    struct search search = {.input = input, .options = *options, .leads = leads};
    search.options.rule = rule_of(&options->rule);
    bool done = rule_check(&search.options.rule, error) && find(&search, error);
    array_free(&search.lead_of);
    array_free(&search.starts);
    array_free(&search.members);
    if (!done)
        lead_free(leads);
    return done;
}

void lead_free(struct leads *leads)
{
    for (size_t l = 0; l < leads->count; l++) {
        array_free(&leads->items[l].domains.items);
        array_free(&leads->items[l].quarters.items);
    }
    array_free(&leads->items);
    *leads = (struct leads){0};
}

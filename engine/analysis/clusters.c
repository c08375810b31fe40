/* Clusters of incidents per group, and what each one is: size, place, outline, period, categories,
 * shares. */
#include "engine/analysis/clusters.h"

#include "engine/core/parallel.h"
#include "engine/space/polygons.h"
#include "engine/space/radix.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Sums of weights times coordinates outgrow 64 bits. */
__extension__ typedef __int128 wide;

struct draft {
    struct cluster cluster;
    uint64_t place; /* of its westernmost, then southernmost member */
    uint32_t found; /* its place before the numbering */
};

struct finding {
    const struct cluster_input *input;
    struct dbscan_options options;
    struct clusters *clusters; /* its membership counts clusters from 1 in the order found */
    struct keyed *order;       /* incidents by group; NULL: one group */
    uint32_t *groups;          /* of each cluster found */
    size_t found, found_capacity;
    size_t *starts;    /* of each cluster's members */
    uint32_t *members; /* incidents, by cluster */
    struct draft *drafts;
    struct polygons *polygons[PARALLEL_MAX_THREADS]; /* one a worker */
};

static uint32_t weight_of(const struct cluster_input *input, size_t incident)
{
    return input->weight != NULL ? input->weight[incident] : 1;
}

/* Groups, one after the other */

/* The incidents of one group, side by side. */
struct run {
    int32_t *x, *y;
    uint32_t *weights;
    size_t first, count; /* a run of finding->order */
};

static void run_free(struct run *run)
{
    array_free(&run->x);
    array_free(&run->y);
    array_free(&run->weights);
}

static bool gather(struct run *run, const struct finding *finding, struct error *error)
{
    const struct cluster_input *input = finding->input;
    size_t count = run->count;
    if (!array_new_raw(&run->x, count, sizeof *run->x, error)
        || !array_new_raw(&run->y, count, sizeof *run->y, error)
        || !array_new_raw(&run->weights, count, sizeof *run->weights, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        size_t incident = finding->order[run->first + i].carried;
        run->x[i] = input->grid_x[incident];
        run->y[i] = input->grid_y[incident];
        run->weights[i] = weight_of(input, incident);
    }
    return true;
}

static size_t incident_at(const struct finding *finding, size_t position)
{
    return finding->order != NULL ? finding->order[position].carried : position;
}

static bool take_labels(struct finding *finding, const struct dbscan_labels *labels, size_t first,
                        struct error *error)
{
    const uint32_t *groups = finding->input->group;
    size_t clusters = (size_t)labels->cluster_count;
    struct capacity capacity = {finding->found_capacity, sizeof *finding->groups};
    if (!array_reserve(&finding->groups, &capacity, finding->found + clusters, error))
        return false;
    finding->found_capacity = capacity.held;
    for (size_t i = 0; i < labels->count; i++) {
        size_t incident = incident_at(finding, first + i);
        finding->clusters->core[incident] = labels->core[i];
        finding->clusters->membership[incident] =
            labels->cluster[i] == 0 ? 0 : labels->cluster[i] + (int32_t)finding->found;
    }
    for (size_t c = 0; c < clusters; c++)
        finding->groups[finding->found++] =
            groups != NULL ? groups[incident_at(finding, first)] : 0;
    return true;
}

static bool find_group(struct finding *finding, size_t first, size_t count, struct error *error)
{
    const struct cluster_input *input = finding->input;
    struct run run = {.first = first, .count = count};
    struct weighted_points points = {{input->grid_x, input->grid_y, count}, input->weight};
    struct dbscan_labels labels = {0};
    bool done = finding->order == NULL || gather(&run, finding, error);
    if (finding->order != NULL)
        points = (struct weighted_points){{run.x, run.y, count}, run.weights};
    done = done && dbscan_run(&labels, &points, &finding->options, error)
           && take_labels(finding, &labels, first, error);
    dbscan_free(&labels);
    run_free(&run);
    return done;
}

static bool find_groups(struct finding *finding, struct error *error)
{
    const struct cluster_input *input = finding->input;
    size_t first = 0;
    if (input->group == NULL)
        return find_group(finding, 0, input->count, error);
    if (!array_new_raw(&finding->order, input->count, sizeof *finding->order, error))
        return false;
    for (size_t i = 0; i < input->count; i++)
        finding->order[i] = (struct keyed){input->group[i], i};
    if (!radix_sort(finding->order, input->count, error))
        return false;
    while (first < input->count) {
        size_t end = first + 1;
        while (end < input->count && finding->order[end].key == finding->order[first].key)
            end++;
        if (!find_group(finding, first, end - first, error))
            return false;
        first = end;
    }
    return true;
}

/* Members */

static bool list_members(struct finding *finding, struct error *error)
{
    const int32_t *membership = finding->clusters->membership;
    size_t *next = NULL;
    if (!array_new(&finding->starts, finding->found + 2, sizeof *finding->starts, error))
        return false;
    for (size_t i = 0; i < finding->input->count; i++)
        finding->starts[membership[i] + 1] += membership[i] > 0;
    for (size_t c = 1; c <= finding->found; c++)
        finding->starts[c + 1] += finding->starts[c];
    if (!array_new_raw(&finding->members, finding->starts[finding->found + 1],
                       sizeof *finding->members, error)
        || !array_new_raw(&next, finding->found + 2, sizeof *next, error))
        return false;
    memcpy(next, finding->starts, (finding->found + 2) * sizeof *next);
    for (size_t i = 0; i < finding->input->count; i++)
        if (membership[i] > 0)
            finding->members[next[membership[i]]++] = (uint32_t)i;
    array_free(&next);
    return true;
}

/* The incidents of one cluster. */
struct crew {
    const struct cluster_input *input;
    const uint32_t *incidents;
    size_t count;
};

static uint64_t place_of(int32_t x, int32_t y)
{
    return (uint64_t)((uint32_t)x ^ 0x80000000u) << 32 | ((uint32_t)y ^ 0x80000000u);
}

/* Whole part and rest apart, so that the mean is as exact as a double can be. */
static double mean_of(wide sum, size_t count)
{
    return (double)(int64_t)(sum / (wide)count)
           + (double)(int64_t)(sum % (wide)count) / (double)count;
}

static void describe_place(struct draft *draft, const struct finding *finding,
                           const struct crew *crew)
{
    const struct cluster_input *input = crew->input;
    struct cluster *cluster = &draft->cluster;
    double metres = input->grid.unit_mm / 1000.0, farthest2 = 0;
    wide x_sum = 0, y_sum = 0;
    draft->place = UINT64_MAX;
    for (size_t i = 0; i < crew->count; i++) {
        size_t incident = crew->incidents[i];
        int32_t x = input->grid_x[incident], y = input->grid_y[incident];
        uint64_t place = place_of(x, y);
        uint32_t weight = weight_of(input, incident);
        x_sum += (wide)x * weight;
        y_sum += (wide)y * weight;
        cluster->incidents += weight;
        cluster->core += finding->clusters->core[incident] ? weight : 0;
        draft->place = place < draft->place ? place : draft->place;
    }
    double x_mean = mean_of(x_sum, cluster->incidents), y_mean = mean_of(y_sum, cluster->incidents);
    for (size_t i = 0; i < crew->count; i++) {
        double dx = input->grid_x[crew->incidents[i]] - x_mean;
        double dy = input->grid_y[crew->incidents[i]] - y_mean;
        farthest2 = fmax(farthest2, dx * dx + dy * dy);
    }
    cluster->x = input->grid.origin_x + x_mean * metres;
    cluster->y = input->grid.origin_y + y_mean * metres;
    cluster->reach_m = sqrt(farthest2) * metres;
}

static void describe_period(struct cluster *cluster, const struct crew *crew)
{
    cluster->first = cluster->last = MOMENT_UNKNOWN;
    for (size_t i = 0; crew->input->when != NULL && i < crew->count; i++) {
        moment when = crew->input->when[crew->incidents[i]];
        if (when == MOMENT_UNKNOWN)
            continue;
        if (cluster->first == MOMENT_UNKNOWN || when < cluster->first)
            cluster->first = when;
        if (cluster->last == MOMENT_UNKNOWN || when > cluster->last)
            cluster->last = when;
    }
}

static bool describe_outline(struct cluster *cluster, struct polygons *polygons,
                             const struct crew *crew, const struct finding *finding,
                             struct error *error)
{
    const struct cluster_input *input = crew->input;
    int32_t *x = NULL, *y = NULL;
    bool done = array_new_raw(&x, crew->count, sizeof *x, error)
                && array_new_raw(&y, crew->count, sizeof *y, error);
    for (size_t i = 0; done && i < crew->count; i++) {
        x[i] = input->grid_x[crew->incidents[i]];
        y[i] = input->grid_y[crew->incidents[i]];
    }
    const struct outlined outlined = {
        {x, y, crew->count}, input->grid, finding->options.radius_m / 2};
    done = done && polygons_outline(polygons, &cluster->outline, &outlined, error);
    cluster->area_ha = done ? polygons_area(&cluster->outline) / 10000 : 0;
    array_free(&x);
    array_free(&y);
    return done;
}

/* Shares */

/* A column of the input, whatever its type; all NULL when there is none. */
struct column {
    const int32_t *owners;
    const uint8_t *domains;
    const uint32_t *words;
};

static bool column_is_there(const struct column *column)
{
    return column->owners != NULL || column->domains != NULL || column->words != NULL;
}

static uint32_t value_at(const struct column *column, size_t incident)
{
    if (column->owners != NULL)
        return (uint32_t)column->owners[incident];
    return column->domains != NULL ? column->domains[incident] : column->words[incident];
}

static int by_falling_incidents(const void *left, const void *right)
{
    const struct share *a = left, *b = right;
    if (a->incidents != b->incidents)
        return a->incidents > b->incidents ? -1 : 1;
    return a->value < b->value ? -1 : a->value > b->value;
}

static bool sum_equal_values(struct shares *shares, const struct keyed *values, size_t count,
                             struct error *error)
{
    size_t distinct = 0;
    for (size_t i = 0; i < count; i++)
        distinct += i == 0 || values[i].key != values[i - 1].key;
    if (!array_new(&shares->items, distinct, sizeof *shares->items, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || values[i].key != values[i - 1].key)
            shares->items[shares->count++].value = (uint32_t)values[i].key;
        shares->items[shares->count - 1].incidents += values[i].carried;
    }
    qsort(shares->items, shares->count, sizeof *shares->items, by_falling_incidents);
    return true;
}

static bool describe_shares(struct shares *shares, const struct column *column,
                            const struct crew *crew, struct error *error)
{
    struct keyed *values = NULL;
    if (!column_is_there(column))
        return true;
    if (!array_new_raw(&values, crew->count, sizeof *values, error))
        return false;
    for (size_t i = 0; i < crew->count; i++)
        values[i] = (struct keyed){value_at(column, crew->incidents[i]),
                                   weight_of(crew->input, crew->incidents[i])};
    bool done = radix_sort(values, crew->count, error)
                && sum_equal_values(shares, values, crew->count, error);
    array_free(&values);
    return done;
}

static bool describe(void *state, size_t number, int worker, struct error *error)
{
    struct finding *finding = state;
    const struct cluster_input *input = finding->input;
    struct draft *draft = &finding->drafts[number];
    struct cluster *cluster = &draft->cluster;
    size_t first = finding->starts[number + 1];
    struct crew crew = {input, finding->members + first, finding->starts[number + 2] - first};
    draft->found = (uint32_t)number;
    cluster->group = finding->groups[number];
    describe_place(draft, finding, &crew);
    describe_period(cluster, &crew);
    if (finding->polygons[worker] == NULL)
        finding->polygons[worker] = polygons_open(error);
    return finding->polygons[worker] != NULL
           && describe_outline(cluster, finding->polygons[worker], &crew, finding, error)
           && describe_shares(&cluster->owners, &(struct column){.owners = input->owner}, &crew,
                              error)
           && describe_shares(&cluster->domains, &(struct column){.domains = input->domain}, &crew,
                              error)
           && describe_shares(&cluster->categories, &(struct column){.words = input->category},
                              &crew, error)
           && describe_shares(&cluster->sources, &(struct column){.words = input->source}, &crew,
                              error);
}

/* Numbers over all groups */

static int by_size_then_place(const void *left, const void *right)
{
    const struct draft *a = left, *b = right;
    if (a->cluster.incidents != b->cluster.incidents)
        return a->cluster.incidents > b->cluster.incidents ? -1 : 1;
    if (a->place != b->place)
        return a->place < b->place ? -1 : 1;
    return a->cluster.group < b->cluster.group ? -1 : a->cluster.group > b->cluster.group;
}

static bool number_clusters(struct finding *finding, struct error *error)
{
    struct clusters *clusters = finding->clusters;
    int32_t *numbers = NULL; /* by membership; noise stays 0 */
    if (!array_new(&numbers, finding->found + 1, sizeof *numbers, error)
        || !array_new(&clusters->items, finding->found, sizeof *clusters->items, error)) {
        array_free(&numbers);
        return false;
    }
    if (finding->found > 1)
        qsort(finding->drafts, finding->found, sizeof *finding->drafts, by_size_then_place);
    for (size_t c = 0; c < finding->found; c++) {
        clusters->items[c] = finding->drafts[c].cluster;
        clusters->items[c].number = numbers[finding->drafts[c].found + 1] = (int32_t)c + 1;
        finding->drafts[c].cluster = (struct cluster){0};
    }
    clusters->count = finding->found;
    for (size_t i = 0; i < clusters->incident_count; i++)
        clusters->membership[i] = numbers[clusters->membership[i]];
    array_free(&numbers);
    return true;
}

static void cluster_free(struct cluster *cluster)
{
    shape_free(&cluster->outline);
    array_free(&cluster->owners.items);
    array_free(&cluster->domains.items);
    array_free(&cluster->categories.items);
    array_free(&cluster->sources.items);
}

static void finding_free(struct finding *finding)
{
    for (size_t c = 0; finding->drafts != NULL && c < finding->found; c++)
        cluster_free(&finding->drafts[c].cluster);
    for (int worker = 0; worker < PARALLEL_MAX_THREADS; worker++)
        polygons_close(finding->polygons[worker]);
    array_free(&finding->drafts);
    array_free(&finding->order);
    array_free(&finding->groups);
    array_free(&finding->starts);
    array_free(&finding->members);
}

static bool find(struct finding *finding, struct error *error)
{
    struct clusters *clusters = finding->clusters;
    size_t count = finding->input->count;
    if (!array_new(&clusters->membership, count, sizeof *clusters->membership, error)
        || !array_new(&clusters->core, count, sizeof *clusters->core, error)
        || !find_groups(finding, error) || !list_members(finding, error)
        || !array_new(&finding->drafts, finding->found, sizeof *finding->drafts, error))
        return false;
    struct parallel_job job = {describe, finding, finding->found, finding->options.thread_count};
    return parallel_for(&job, error) && number_clusters(finding, error);
}

bool clusters_find(struct clusters *clusters, const struct cluster_input *input,
                   const struct dbscan_options *options, struct error *error)
{
    *clusters = (struct clusters){.incident_count = input->count};
    struct finding finding = {.input = input, .options = *options, .clusters = clusters};
    finding.options.unit_mm = input->grid.unit_mm;
    bool done = find(&finding, error);
    finding_free(&finding);
    if (!done)
        clusters_free(clusters);
    return done;
}

void clusters_free(struct clusters *clusters)
{
    for (size_t c = 0; c < clusters->count; c++)
        cluster_free(&clusters->items[c]);
    array_free(&clusters->items);
    array_free(&clusters->membership);
    array_free(&clusters->core);
    *clusters = (struct clusters){0};
}

/* Clusters of incidents per group, and what each one is: size, place, outline, period, categories,
 * shares. */
#include "engine/analysis/clusters.h"

#include "engine/analysis/incident_groups.h"
#include "engine/core/clones.h"
#include "engine/core/parallel.h"
#include "engine/space/polygons.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Sums of weights times coordinates outgrow 64 bits. */
__extension__ typedef __int128 wide;

enum { INCIDENTS_CHUNK = 1 << 16 };

/* The clusters of one group, and the places of their members: cluster c, counted from 1, has those
 * from starts[c] to starts[c + 1] - 1. */
struct gathering {
    struct dbscan_labels labels;
    size_t first;           /* clusters of the groups before */
    size_t *starts, *cores; /* weights counted */
    int32_t *x, *y;
    uint32_t *weights;
};

/* Clusters in the order found: groups by their number, in each the largest first. */
struct draft {
    struct cluster cluster;
    uint64_t place; /* of its westernmost, then southernmost member */
    uint32_t found; /* its place before the numbering */
    uint32_t group; /* rank */
};

/* What is found out of all clusters at a time, in passes over the columns. */
enum passes { PASS_PERIOD, PASS_OWNERS, PASS_DOMAINS, PASS_CATEGORIES, PASS_SOURCES, PASSES };

struct finding {
    const struct cluster_input *input;
    struct dbscan_options options;
    struct clusters *clusters; /* its membership counts clusters from 1 in the order found */
    struct incident_groups groups;
    struct gathering *gatherings; /* of each group */
    uint32_t *order;              /* of groups, then of clusters: the largest first */
    size_t found;
    struct draft *drafts;
    struct shares *shares[PASSES];                   /* by cluster */
    int32_t *numbers;                                /* by membership */
    struct polygons *polygons[PARALLEL_MAX_THREADS]; /* one a worker */
};

static uint32_t weight_of(const uint32_t *weights, size_t at)
{
    return weights != NULL ? weights[at] : 1;
}

/* ---- groups ---- */

static size_t group_size(const struct finding *finding, size_t group)
{
    return finding->groups.items[group].points.points.count;
}

/* Puts the members of each cluster side by side, in the order of the rows. */
static bool gather_members(struct gathering *gathering, const struct weighted_points *points,
                           struct error *error)
{
    const struct dbscan_labels *labels = &gathering->labels;
    size_t clusters = (size_t)labels->cluster_count;
    if (!array_new(&gathering->starts, clusters + 2, sizeof *gathering->starts, error)
        || !array_new(&gathering->cores, clusters + 1, sizeof *gathering->cores, error))
        return false;
    size_t *next = gathering->starts; /* each moves up to the start of the one after it */
    for (size_t i = 0; i < labels->count; i++) {
        next[labels->cluster[i]]++;
        gathering->cores[labels->cluster[i]] += labels->core[i] * weight_of(points->weights, i);
    }
    for (size_t c = 0, at = 0; c <= clusters; c++) {
        size_t size = c > 0 ? next[c] : 0; /* noise is left out */
        next[c] = at;
        at += size;
        next[clusters + 1] = at;
    }
    size_t members = next[clusters + 1];
    if (!array_new_raw(&gathering->x, members, sizeof *gathering->x, error)
        || !array_new_raw(&gathering->y, members, sizeof *gathering->y, error)
        || (points->weights != NULL
            && !array_new_raw(&gathering->weights, members, sizeof *gathering->weights, error)))
        return false;
    for (size_t i = 0; i < labels->count; i++) {
        if (labels->cluster[i] == 0)
            continue;
        size_t to = next[labels->cluster[i]]++;
        gathering->x[to] = points->points.x[i];
        gathering->y[to] = points->points.y[i];
        if (points->weights != NULL)
            gathering->weights[to] = points->weights[i];
    }
    memmove(next + 2, next + 1, clusters * sizeof *next);
    next[1] = 0;
    return true;
}

static bool find_in_group(void *state, size_t chunk, int worker, struct error *error)
{
    struct finding *finding = state;
    struct incident_group *group = &finding->groups.items[finding->order[chunk]];
    struct gathering *gathering = &finding->gatherings[finding->order[chunk]];
    (void)worker;
    bool done = dbscan_run(&gathering->labels, &group->points, &finding->options, error)
                && gather_members(gathering, &group->points, error);
    incident_group_forget_points(group);
    return done;
}

struct sized {
    size_t size;
    uint32_t number;
};

static int by_falling_size(const void *left, const void *right)
{
    const struct sized *a = left, *b = right;
    if (a->size != b->size)
        return a->size > b->size ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

/* The largest first, so that none is left for the end. */
static bool sort_by_size(uint32_t **order, struct sized *sized, size_t count, struct error *error)
{
    array_free(order);
    if (!array_new_raw(order, count, sizeof **order, error))
        return false;
    if (count > 1)
        qsort(sized, count, sizeof *sized, by_falling_size);
    for (size_t i = 0; i < count; i++)
        (*order)[i] = sized[i].number;
    return true;
}

static bool order_groups(struct finding *finding, struct error *error)
{
    struct sized *sized;
    size_t count = finding->groups.count;
    if (!array_new_raw(&sized, count, sizeof *sized, error))
        return false;
    for (size_t g = 0; g < count; g++)
        sized[g] = (struct sized){group_size(finding, g), (uint32_t)g};
    bool done = sort_by_size(&finding->order, sized, count, error);
    array_free(&sized);
    return done;
}

/* Groups side by side where that keeps all threads busy, else one after the other, each on all
 * threads. */
static bool find_in_groups(struct finding *finding, struct error *error)
{
    int threads = finding->options.thread_count;
    struct parallel_job job = {find_in_group, finding, finding->groups.count, threads};
    if (!order_groups(finding, error))
        return false;
    size_t largest = job.chunk_count > 0 ? group_size(finding, finding->order[0]) : 0;
    bool side_by_side =
        largest * (size_t)parallel_threads(threads) <= finding->input->count * 3 / 2;
    if (side_by_side)
        finding->options.thread_count = 1;
    else
        job.thread_count = 1;
    bool done = parallel_for(&job, error);
    finding->options.thread_count = threads;
    return done;
}

/* ---- members ---- */

static void write_members(void *state, const struct dealt *dealt)
{
    struct finding *finding = state;
    int32_t *membership = finding->clusters->membership + dealt->first;
    uint8_t *core = finding->clusters->core + dealt->first;
    for (size_t i = 0; i < dealt->count; i++) {
        const struct gathering *gathering = &finding->gatherings[dealt->groups[i]];
        int32_t cluster = gathering->labels.cluster[dealt->places[i]];
        membership[i] = cluster > 0 ? cluster + (int32_t)gathering->first : 0;
        core[i] = gathering->labels.core[dealt->places[i]];
    }
}

static bool list_clusters(struct finding *finding, struct error *error)
{
    struct clusters *clusters = finding->clusters;
    size_t count = finding->input->count;
    for (size_t g = 0; g < finding->groups.count; g++) {
        finding->gatherings[g].first = finding->found;
        finding->found += (size_t)finding->gatherings[g].labels.cluster_count;
    }
    if (!array_new(&finding->drafts, finding->found, sizeof *finding->drafts, error)
        || !array_new_raw(&clusters->membership, count, sizeof *clusters->membership, error)
        || !array_new_raw(&clusters->core, count, sizeof *clusters->core, error))
        return false;
    for (size_t g = 0; g < finding->groups.count; g++) {
        size_t first = finding->gatherings[g].first;
        for (int32_t c = 0; c < finding->gatherings[g].labels.cluster_count; c++) {
            struct draft *draft = &finding->drafts[first + (size_t)c];
            draft->found = (uint32_t)(first + (size_t)c);
            draft->group = (uint32_t)g;
            draft->cluster.group = finding->groups.items[g].number;
            draft->cluster.core = finding->gatherings[g].cores[c + 1];
        }
    }
    bool done = incident_groups_visit_all(&finding->groups, write_members, finding,
                                          finding->options.thread_count, error);
    for (size_t g = 0; g < finding->groups.count; g++)
        dbscan_free(&finding->gatherings[g].labels);
    return done;
}

/* ---- one cluster ---- */

/* Its members, side by side. */
struct crew {
    const int32_t *x, *y;
    const uint32_t *weights;
    size_t count;
};

static struct crew crew_of(const struct finding *finding, const struct draft *draft)
{
    const struct gathering *gathering = &finding->gatherings[draft->group];
    size_t cluster = draft->found - gathering->first + 1;
    size_t first = gathering->starts[cluster];
    return (struct crew){gathering->x + first, gathering->y + first,
                         gathering->weights != NULL ? gathering->weights + first : NULL,
                         gathering->starts[cluster + 1] - first};
}

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

enum { LANES = 8 };

static double distance2_to(const struct crew *crew, size_t i, double x, double y)
{
    double dx = crew->x[i] - x, dy = crew->y[i] - y;
    return dx * dx + dy * dy;
}

/* In lanes, since the largest number is the same in whatever order they are looked at. */
WIDE_CLONES static double farthest2(const struct crew *crew, double x_mean, double y_mean)
{
    double lanes[LANES] = {0}, most = 0;
    size_t whole = crew->count / LANES * LANES;
    for (size_t at = 0; at < whole; at += LANES)
        for (size_t i = 0; i < LANES; i++) {
            double distance2 = distance2_to(crew, at + i, x_mean, y_mean);
            lanes[i] = distance2 > lanes[i] ? distance2 : lanes[i];
        }
    for (size_t i = 0; i < LANES; i++)
        most = lanes[i] > most ? lanes[i] : most;
    for (size_t i = whole; i < crew->count; i++)
        most = fmax(most, distance2_to(crew, i, x_mean, y_mean));
    return most;
}

struct place_sums {
    wide x, y;
    size_t weight;
    uint64_t first; /* place */
};

static void add_weighted(struct place_sums *sums, const struct crew *crew)
{
    for (size_t i = 0; i < crew->count; i++) {
        sums->x += (wide)crew->x[i] * crew->weights[i];
        sums->y += (wide)crew->y[i] * crew->weights[i];
        sums->weight += crew->weights[i];
    }
}

/* Less than 2^32 coordinates of 32 bits add up within 64. */
static void add_ones(struct place_sums *sums, const struct crew *crew)
{
    int64_t x = 0, y = 0;
    for (size_t i = 0; i < crew->count; i++) {
        x += crew->x[i];
        y += crew->y[i];
    }
    sums->x = x;
    sums->y = y;
    sums->weight = crew->count;
}

static struct place_sums sum_places(const struct crew *crew)
{
    struct place_sums sums = {.first = UINT64_MAX};
    for (size_t i = 0; i < crew->count; i++) {
        uint64_t place = place_of(crew->x[i], crew->y[i]);
        sums.first = place < sums.first ? place : sums.first;
    }
    if (crew->weights != NULL)
        add_weighted(&sums, crew);
    else
        add_ones(&sums, crew);
    return sums;
}

static void describe_place(struct draft *draft, const struct grid *grid, const struct crew *crew)
{
    struct cluster *cluster = &draft->cluster;
    struct place_sums sums = sum_places(crew);
    double metres = grid->unit_mm / 1000.0;
    double x_mean = mean_of(sums.x, sums.weight), y_mean = mean_of(sums.y, sums.weight);
    draft->place = sums.first;
    cluster->incidents = sums.weight;
    cluster->x = grid->origin_x + x_mean * metres;
    cluster->y = grid->origin_y + y_mean * metres;
    cluster->reach_m = sqrt(farthest2(crew, x_mean, y_mean)) * metres;
}

static bool describe_outline(struct cluster *cluster, struct polygons *polygons,
                             const struct outlined *outlined, struct error *error)
{
    if (!polygons_outline(polygons, &cluster->outline, outlined, error))
        return false;
    cluster->area_ha = polygons_area(&cluster->outline) / 10000;
    return true;
}

static bool describe_cluster(struct finding *finding, size_t found, int worker, struct error *error)
{
    struct draft *draft = &finding->drafts[found];
    const struct grid *grid = &finding->input->grid;
    struct crew crew = crew_of(finding, draft);
    const struct outlined outlined = {
        {crew.x, crew.y, crew.count}, *grid, finding->options.radius_m / 2};
    describe_place(draft, grid, &crew);
    if (finding->polygons[worker] == NULL)
        finding->polygons[worker] = polygons_open(error);
    return finding->polygons[worker] != NULL
           && describe_outline(&draft->cluster, finding->polygons[worker], &outlined, error);
}

/* ---- all clusters ---- */

static bool find_periods(struct finding *finding)
{
    const moment *when = finding->input->when;
    const int32_t *membership = finding->clusters->membership;
    for (size_t c = 0; c < finding->found; c++)
        finding->drafts[c].cluster.first = finding->drafts[c].cluster.last = MOMENT_UNKNOWN;
    for (size_t i = 0; when != NULL && i < finding->input->count; i++) {
        if (membership[i] == 0 || when[i] == MOMENT_UNKNOWN)
            continue;
        struct cluster *cluster = &finding->drafts[membership[i] - 1].cluster;
        if (cluster->first == MOMENT_UNKNOWN || when[i] < cluster->first)
            cluster->first = when[i];
        if (cluster->last == MOMENT_UNKNOWN || when[i] > cluster->last)
            cluster->last = when[i];
    }
    return true;
}

static bool find_shares(struct finding *finding, enum passes pass, struct error *error)
{
    const struct cluster_input *input = finding->input;
    const struct share_column columns[PASSES] = {
        [PASS_OWNERS] = {.owners = input->owner},
        [PASS_DOMAINS] = {.domains = input->domain},
        [PASS_CATEGORIES] = {.words = input->category},
        [PASS_SOURCES] = {.words = input->source},
    };
    const struct shared_incidents incidents = {input->count, finding->found,
                                               finding->clusters->membership, input->weight};
    return cluster_shares(finding->shares[pass], &incidents, &columns[pass], error);
}

static bool describe(void *state, size_t chunk, int worker, struct error *error)
{
    struct finding *finding = state;
    if (chunk >= PASSES)
        return describe_cluster(finding, finding->order[chunk - PASSES], worker, error);
    return chunk == PASS_PERIOD ? find_periods(finding)
                                : find_shares(finding, (enum passes)chunk, error);
}

static bool order_clusters(struct finding *finding, struct error *error)
{
    struct sized *sized;
    if (!array_new_raw(&sized, finding->found, sizeof *sized, error))
        return false;
    for (size_t c = 0; c < finding->found; c++)
        sized[c] = (struct sized){crew_of(finding, &finding->drafts[c]).count, (uint32_t)c};
    bool done = sort_by_size(&finding->order, sized, finding->found, error);
    array_free(&sized);
    return done;
}

static bool describe_all(struct finding *finding, struct error *error)
{
    struct parallel_job job = {describe, finding, PASSES + finding->found,
                               finding->options.thread_count};
    for (int pass = 0; pass < PASSES; pass++)
        if (!array_new(&finding->shares[pass], finding->found, sizeof *finding->shares[pass],
                       error))
            return false;
    if (!order_clusters(finding, error) || !parallel_for(&job, error))
        return false;
    for (size_t c = 0; c < finding->found; c++) {
        struct cluster *cluster = &finding->drafts[c].cluster;
        struct shares *into[PASSES] = {NULL, &cluster->owners, &cluster->domains,
                                       &cluster->categories, &cluster->sources};
        for (int pass = PASS_OWNERS; pass < PASSES; pass++) {
            *into[pass] = finding->shares[pass][c];
            finding->shares[pass][c] = (struct shares){0};
        }
    }
    return true;
}

/* ---- numbers over all groups ---- */

static int by_size_then_place(const void *left, const void *right)
{
    const struct draft *a = left, *b = right;
    if (a->cluster.incidents != b->cluster.incidents)
        return a->cluster.incidents > b->cluster.incidents ? -1 : 1;
    if (a->place != b->place)
        return a->place < b->place ? -1 : 1;
    return a->cluster.group < b->cluster.group ? -1 : a->cluster.group > b->cluster.group;
}

static bool renumber(void *state, size_t chunk, int worker, struct error *error)
{
    struct finding *finding = state;
    struct clusters *clusters = finding->clusters;
    size_t end = (chunk + 1) * INCIDENTS_CHUNK;
    (void)worker, (void)error;
    for (size_t i = chunk * INCIDENTS_CHUNK; i < end && i < clusters->incident_count; i++)
        clusters->membership[i] = finding->numbers[clusters->membership[i]];
    return true;
}

static bool number_clusters(struct finding *finding, struct error *error)
{
    struct clusters *clusters = finding->clusters;
    if (!array_new(&finding->numbers, finding->found + 1, sizeof *finding->numbers, error)
        || !array_new(&clusters->items, finding->found, sizeof *clusters->items, error))
        return false;
    if (finding->found > 1)
        qsort(finding->drafts, finding->found, sizeof *finding->drafts, by_size_then_place);
    for (size_t c = 0; c < finding->found; c++) {
        clusters->items[c] = finding->drafts[c].cluster;
        clusters->items[c].number = finding->numbers[finding->drafts[c].found + 1] = (int32_t)c + 1;
        finding->drafts[c].cluster = (struct cluster){0};
    }
    clusters->count = finding->found;
    struct parallel_job job = {renumber, finding, clusters->incident_count / INCIDENTS_CHUNK + 1,
                               finding->options.thread_count};
    return parallel_for(&job, error);
}

/* ---- all together ---- */

static void cluster_free(struct cluster *cluster)
{
    shape_free(&cluster->outline);
    array_free(&cluster->owners.items);
    array_free(&cluster->domains.items);
    array_free(&cluster->categories.items);
    array_free(&cluster->sources.items);
}

static void gathering_free(struct gathering *gathering)
{
    dbscan_free(&gathering->labels);
    array_free(&gathering->starts);
    array_free(&gathering->cores);
    array_free(&gathering->x);
    array_free(&gathering->y);
    array_free(&gathering->weights);
}

static void finding_free(struct finding *finding)
{
    for (size_t c = 0; finding->drafts != NULL && c < finding->found; c++)
        cluster_free(&finding->drafts[c].cluster);
    for (size_t g = 0; finding->gatherings != NULL && g < finding->groups.count; g++)
        gathering_free(&finding->gatherings[g]);
    for (int pass = 0; pass < PASSES; pass++) {
        for (size_t c = 0; finding->shares[pass] != NULL && c < finding->found; c++)
            array_free(&finding->shares[pass][c].items);
        array_free(&finding->shares[pass]);
    }
    for (int worker = 0; worker < PARALLEL_MAX_THREADS; worker++)
        polygons_close(finding->polygons[worker]);
    incident_groups_free(&finding->groups);
    array_free(&finding->gatherings);
    array_free(&finding->order);
    array_free(&finding->drafts);
    array_free(&finding->numbers);
}

static bool find(struct finding *finding, struct error *error)
{
    const struct cluster_input *input = finding->input;
    const struct grouped_points points = {
        {{input->grid_x, input->grid_y, input->count}, input->weight},
        input->group,
        finding->options.thread_count};
    return incident_groups_new(&finding->groups, &points, error)
           && array_new(&finding->gatherings, finding->groups.count, sizeof *finding->gatherings,
                        error)
           && find_in_groups(finding, error) && list_clusters(finding, error)
           && describe_all(finding, error) && number_clusters(finding, error);
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

/* Clusters of incidents per group, and what each one is: size, place, outline, period, categories,
 * shares. */
#include "engine/analysis/clusters.h"

#include "engine/space/polygons.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The incidents sorted by group, then by cluster within it: `order` holds their indexes. */
struct sorting {
    const struct cluster_input *input;
    uint32_t *order;
    size_t group_count;
    size_t *group_starts; /* group_count + 1 */
};

struct keyed {
    uint32_t key, index;
};

static int by_key(const void *a, const void *b)
{
    const struct keyed *left = a, *right = b;
    if (left->key != right->key)
        return left->key < right->key ? -1 : 1;
    return (left->index > right->index) - (left->index < right->index);
}

static bool sort_groups(struct sorting *sorting, struct error *error)
{
    size_t count = sorting->input->count;
    struct keyed *keys;
    bool done =
        array_new(&keys, count, sizeof *keys, error)
        && array_new(&sorting->order, count, sizeof *sorting->order, error)
        && array_new(&sorting->group_starts, count + 1, sizeof *sorting->group_starts, error);
    for (size_t i = 0; done && i < count; i++)
        keys[i] = (struct keyed){sorting->input->group != NULL ? sorting->input->group[i] : 0,
                                 (uint32_t)i};
    if (done && sorting->input->group != NULL)
        qsort(keys, count, sizeof *keys, by_key);
    for (size_t i = 0; done && i < count; i++) {
        sorting->order[i] = keys[i].index;
        if (i == 0 || keys[i].key != keys[i - 1].key)
            sorting->group_starts[sorting->group_count++] = i;
    }
    if (done)
        sorting->group_starts[sorting->group_count] = count;
    array_free(&keys);
    return done;
}

static size_t weight_of(const struct cluster_input *input, size_t i)
{
    return input->weight != NULL ? input->weight[i] : 1;
}

/* The members of one cluster, as indexes into the input. */
struct members {
    const struct cluster_input *input;
    const uint32_t *indexes;
    size_t count;
};

static int by_share(const void *a, const void *b)
{
    const struct share *left = a, *right = b;
    if (left->incidents != right->incidents)
        return left->incidents > right->incidents ? -1 : 1;
    return (left->value > right->value) - (left->value < right->value);
}

static bool add_share(struct shares *shares, uint32_t value, size_t weight, struct error *error)
{
    for (size_t s = 0; s < shares->count; s++)
        if (shares->items[s].value == value) {
            shares->items[s].incidents += weight;
            return true;
        }
    struct capacity capacity = {shares->count, sizeof *shares->items};
    if ((shares->count & (shares->count - 1)) == 0) { /* full at every power of two */
        size_t room = shares->count > 0 ? shares->count * 2 : 1;
        if (!array_reserve(&shares->items, &capacity, room, error))
            return false;
    }
    shares->items[shares->count++] = (struct share){value, weight};
    return true;
}

enum column { OWNER, DOMAIN, CATEGORY, SOURCE };

static bool share_out(struct shares *shares, const struct members *members, enum column column,
                      struct error *error)
{
    const struct cluster_input *input = members->input;
    for (size_t m = 0; m < members->count; m++) {
        size_t i = members->indexes[m];
        uint32_t value = column == OWNER      ? (uint32_t)input->owner[i]
                         : column == DOMAIN   ? input->domain[i]
                         : column == CATEGORY ? input->category[i]
                                              : input->source[i];
        if (!add_share(shares, value, weight_of(input, i), error))
            return false;
    }
    if (shares->count > 1)
        qsort(shares->items, shares->count, sizeof *shares->items, by_share);
    return true;
}

static bool share_all(struct cluster *cluster, const struct members *members, struct error *error)
{
    const struct cluster_input *input = members->input;
    return (input->owner == NULL || share_out(&cluster->owners, members, OWNER, error))
           && (input->domain == NULL || share_out(&cluster->domains, members, DOMAIN, error))
           && (input->category == NULL || share_out(&cluster->categories, members, CATEGORY, error))
           && (input->source == NULL || share_out(&cluster->sources, members, SOURCE, error));
}

/* Sums of whole units are exact, so the mean does not hang on the order of the members. */
static void find_centre(struct cluster *cluster, const struct members *members)
{
    const struct cluster_input *input = members->input;
    int64_t x = 0, y = 0;
    double farthest = 0, scale = input->grid.unit_mm / 1000.0;
    for (size_t m = 0; m < members->count; m++) {
        size_t i = members->indexes[m];
        x += (int64_t)input->grid_x[i] * (int64_t)weight_of(input, i);
        y += (int64_t)input->grid_y[i] * (int64_t)weight_of(input, i);
        cluster->incidents += weight_of(input, i);
    }
    double mean_x = (double)x / (double)cluster->incidents;
    double mean_y = (double)y / (double)cluster->incidents;
    for (size_t m = 0; m < members->count; m++) {
        double dx = input->grid_x[members->indexes[m]] - mean_x;
        double dy = input->grid_y[members->indexes[m]] - mean_y;
        farthest = fmax(farthest, dx * dx + dy * dy);
    }
    cluster->x = input->grid.origin_x + mean_x * scale;
    cluster->y = input->grid.origin_y + mean_y * scale;
    cluster->reach_m = sqrt(farthest) * scale;
}

static void find_period(struct cluster *cluster, const struct members *members)
{
    cluster->first = cluster->last = MOMENT_UNKNOWN;
    for (size_t m = 0; members->input->when != NULL && m < members->count; m++) {
        moment when = members->input->when[members->indexes[m]];
        if (when == MOMENT_UNKNOWN)
            continue;
        if (cluster->first == MOMENT_UNKNOWN || when < cluster->first)
            cluster->first = when;
        if (when > cluster->last)
            cluster->last = when;
    }
}

struct place {
    int32_t x, y;
};

static int by_place(const void *a, const void *b)
{
    const struct place *left = a, *right = b;
    if (left->x != right->x)
        return left->x < right->x ? -1 : 1;
    return (left->y > right->y) - (left->y < right->y);
}

/* The distinct places in a fixed order, so that the outline is the same for any order of the rows.
 */
static bool list_places(struct shape *places, const struct members *members, struct error *error)
{
    const struct grid *grid = &members->input->grid;
    struct place *sorted;
    size_t distinct = 0;
    if (!array_new(&sorted, members->count, sizeof *sorted, error))
        return false;
    for (size_t m = 0; m < members->count; m++)
        sorted[m] = (struct place){members->input->grid_x[members->indexes[m]],
                                   members->input->grid_y[members->indexes[m]]};
    qsort(sorted, members->count, sizeof *sorted, by_place);
    for (size_t m = 0; m < members->count; m++)
        if (m == 0 || by_place(&sorted[m], &sorted[distinct - 1]) != 0)
            sorted[distinct++] = sorted[m];
    bool done = shape_new(places, distinct, 0, error);
    for (size_t i = 0; done && i < distinct; i++) {
        places->x[i] = grid_metres_x(grid, sorted[i].x);
        places->y[i] = grid_metres_y(grid, sorted[i].y);
    }
    array_free(&sorted);
    return done;
}

/* Everything of one finding that its steps share. */
struct finding {
    struct clusters *clusters;
    size_t capacity;
    const struct dbscan_options *options;
    struct polygons *polygons;
};

static bool outline(struct cluster *cluster, const struct members *members,
                    const struct finding *finding, struct error *error)
{
    struct shape places;
    if (!list_places(&places, members, error))
        return false;
    bool done = polygons_outline(finding->polygons, &cluster->outline, places.x, places.y,
                                 places.point_count, finding->options->radius_m / 2, error);
    cluster->area_ha = polygons_area(&cluster->outline) / 1e4;
    shape_free(&places);
    return done;
}

static bool describe(struct finding *finding, const struct members *members, struct error *error)
{
    struct clusters *clusters = finding->clusters;
    struct capacity capacity = {finding->capacity, sizeof *clusters->items};
    if (!array_reserve(&clusters->items, &capacity, clusters->count + 1, error))
        return false;
    finding->capacity = capacity.held;
    struct cluster *cluster = &clusters->items[clusters->count++];
    size_t first = members->indexes[0];
    *cluster =
        (struct cluster){.group = members->input->group != NULL ? members->input->group[first] : 0};
    cluster->number = (int32_t)clusters->count; /* for now: until all are ranked */
    for (size_t m = 0; m < members->count; m++) {
        clusters->membership[members->indexes[m]] = cluster->number;
        if (clusters->core[members->indexes[m]])
            cluster->core += weight_of(members->input, members->indexes[m]);
    }
    find_centre(cluster, members);
    find_period(cluster, members);
    return share_all(cluster, members, error) && outline(cluster, members, finding, error);
}

/* One group's points side by side, as the clustering wants them. */
struct packed {
    int32_t *x, *y;
    uint32_t *weights;
};

static bool pack(struct packed *packed, const struct cluster_input *input, const uint32_t *order,
                 size_t count, struct error *error)
{
    *packed = (struct packed){0};
    if (!array_new(&packed->x, count, sizeof *packed->x, error)
        || !array_new(&packed->y, count, sizeof *packed->y, error)
        || (input->weight != NULL
            && !array_new(&packed->weights, count, sizeof *packed->weights, error)))
        return false;
    for (size_t i = 0; i < count; i++) {
        packed->x[i] = input->grid_x[order[i]];
        packed->y[i] = input->grid_y[order[i]];
        if (packed->weights != NULL)
            packed->weights[i] = input->weight[order[i]];
    }
    return true;
}

/* Lists the members of each cluster of a group one after another (a counting sort by label) and
 * describes them. */
static bool describe_group(struct finding *finding, const struct members *group,
                           const struct dbscan_labels *labels, struct error *error)
{
    size_t *starts;
    uint32_t *indexes;
    size_t clusters = (size_t)labels->cluster_count;
    bool done = array_new(&starts, clusters + 2, sizeof *starts, error);
    if (!done)
        return false;
    done = array_new(&indexes, group->count, sizeof *indexes, error);
    for (size_t i = 0; done && i < group->count; i++)
        starts[labels->cluster[i] + 1]++;
    for (size_t c = 0; done && c <= clusters; c++)
        starts[c + 1] += starts[c];
    for (size_t i = 0; done && i < group->count; i++) {
        indexes[starts[labels->cluster[i]]++] = group->indexes[i];
        finding->clusters->core[group->indexes[i]] = labels->core[i];
    }
    for (size_t c = 1; done && c <= clusters; c++) { /* starts[c] is where cluster c ends by now */
        const struct members members = {group->input, indexes + starts[c - 1],
                                        starts[c] - starts[c - 1]};
        done = describe(finding, &members, error);
    }
    array_free(&starts);
    array_free(&indexes);
    return done;
}

static bool find_group(struct finding *finding, const struct members *group, struct error *error)
{
    struct packed packed;
    struct dbscan_labels labels = {0};
    bool done = pack(&packed, group->input, group->indexes, group->count, error);
    const struct weighted_points points = {{packed.x, packed.y, group->count}, packed.weights};
    done = done && dbscan_run(&labels, &points, finding->options, error)
           && describe_group(finding, group, &labels, error);
    dbscan_free(&labels);
    array_free(&packed.x);
    array_free(&packed.y);
    array_free(&packed.weights);
    return done;
}

/* A cluster with what ranks it: its size, its westernmost, southernmost member, its group. */
struct ranked {
    size_t incidents;
    struct place corner;
    uint32_t group;
    size_t index;
};

static int by_rank(const void *a, const void *b)
{
    const struct ranked *left = a, *right = b;
    if (left->incidents != right->incidents)
        return left->incidents > right->incidents ? -1 : 1;
    int order = by_place(&left->corner, &right->corner);
    return order != 0 ? order : (left->group > right->group) - (left->group < right->group);
}

static bool rank_all(struct ranked *ranked, struct clusters *clusters,
                     const struct cluster_input *input, struct error *error)
{
    struct cluster *sorted;
    int32_t *numbers;
    for (size_t c = 0; c < clusters->count; c++)
        ranked[c] = (struct ranked){
            clusters->items[c].incidents, {INT32_MAX, INT32_MAX}, clusters->items[c].group, c};
    for (size_t i = 0; i < input->count; i++) {
        const struct place place = {input->grid_x[i], input->grid_y[i]};
        if (clusters->membership[i] > 0
            && by_place(&place, &ranked[clusters->membership[i] - 1].corner) < 0)
            ranked[clusters->membership[i] - 1].corner = place;
    }
    if (!array_new(&sorted, clusters->count, sizeof *sorted, error))
        return false;
    if (!array_new(&numbers, clusters->count + 1, sizeof *numbers, error)) {
        array_free(&sorted);
        return false;
    }
    if (clusters->count > 1)
        qsort(ranked, clusters->count, sizeof *ranked, by_rank);
    for (size_t c = 0; c < clusters->count; c++) {
        sorted[c] = clusters->items[ranked[c].index];
        sorted[c].number = numbers[ranked[c].index + 1] = (int32_t)c + 1;
    }
    for (size_t i = 0; i < input->count; i++)
        clusters->membership[i] = numbers[clusters->membership[i]];
    array_free(&clusters->items);
    clusters->items = sorted;
    array_free(&numbers);
    return true;
}

bool clusters_find(struct clusters *clusters, const struct cluster_input *input,
                   const struct dbscan_options *options, struct error *error)
{
    struct sorting sorting = {.input = input};
    struct ranked *ranked = NULL;
    *clusters = (struct clusters){.incident_count = input->count};
    struct finding finding = {.clusters = clusters, .options = options};
    finding.polygons = polygons_open(error);
    bool done =
        finding.polygons != NULL
        && array_new(&clusters->membership, input->count, sizeof *clusters->membership, error)
        && array_new(&clusters->core, input->count, sizeof *clusters->core, error)
        && sort_groups(&sorting, error);
    for (size_t g = 0; done && g < sorting.group_count; g++) {
        const struct members group = {input, sorting.order + sorting.group_starts[g],
                                      sorting.group_starts[g + 1] - sorting.group_starts[g]};
        done = find_group(&finding, &group, error);
    }
    done = done && array_new(&ranked, clusters->count, sizeof *ranked, error)
           && rank_all(ranked, clusters, input, error);
    array_free(&ranked);
    array_free(&sorting.order);
    array_free(&sorting.group_starts);
    polygons_close(finding.polygons);
    if (!done)
        clusters_free(clusters);
    return done;
}

void clusters_free(struct clusters *clusters)
{
    for (size_t c = 0; c < clusters->count; c++) {
        struct cluster *cluster = &clusters->items[c];
        shape_free(&cluster->outline);
        array_free(&cluster->owners.items);
        array_free(&cluster->domains.items);
        array_free(&cluster->categories.items);
        array_free(&cluster->sources.items);
    }
    array_free(&clusters->items);
    array_free(&clusters->membership);
    array_free(&clusters->core);
    *clusters = (struct clusters){0};
}

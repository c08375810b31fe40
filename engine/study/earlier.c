/* The clusters of an earlier time, and what has become of them. */
#include "engine/study/earlier.h"

#include "engine/core/dictionary.h"
#include "engine/core/text.h"
#include "engine/formats/geojson.h"
#include "engine/space/polygons.h"
#include "engine/space/polygons_overlay.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double NUMBER_MOST = 1e9;

/* ---- what clusters are found per ---- */

/* NULL: they are not. */
struct group {
    const char *jurisdiction, *domain, *category, *source;
};

/* One text for a group; no name holds the separator but to play tricks. */
static bool name_group(struct text *text, const struct group *group, struct error *error)
{
    const char *const parts[] = {group->jurisdiction, group->domain, group->category,
                                 group->source};
    text->length = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        text_add(text, "%s\x1f", parts[i] != NULL ? parts[i] : "");
    return text_check(text, error);
}

/* ---- reading ---- */

struct reading {
    struct earlier *earlier;
    const struct grouping *grouping;
    const char *path;
    struct geojson *geojson;
    struct projection *projection;
    struct polygons *polygons;
};

static bool read_number(int32_t *number, double value, const struct reading *reading,
                        struct error *error)
{
    if (!(value >= 1 && value <= NUMBER_MOST && value == floor(value)))
        return error_set(error, ERROR_DATA,
                         "%s:%zu: a cluster's number is no whole number from 1 to %.0f; name a "
                         "file that plein clusters --format geojson wrote",
                         reading->path, geojson_line(reading->geojson), NUMBER_MOST);
    *number = (int32_t)value;
    if (*number > reading->earlier->highest)
        reading->earlier->highest = *number;
    return true;
}

/* The code serves before the name, as everywhere: a gemeente may be renamed. */
static const char *text_or_nothing(const struct reading *reading, const char *name)
{
    const char *text = geojson_text(reading->geojson, name);
    return text != NULL ? text : "";
}

static struct group group_in_file(const struct reading *reading)
{
    const char *code = text_or_nothing(reading, "jurisdiction_code");
    const char *name = text_or_nothing(reading, "jurisdiction");
    const char *domain = text_or_nothing(reading, "domain");
    struct group group = {0};
    if (code[0] != '\0' || name[0] != '\0')
        group.jurisdiction = code[0] != '\0' ? code : name;
    if (domain[0] != '\0')
        group.domain = domain;
    if (reading->grouping->category && geojson_items(reading->geojson, "categories") <= 1)
        group.category = text_or_nothing(reading, "category");
    if (reading->grouping->source && geojson_items(reading->geojson, "sources") == 1)
        group.source = geojson_item_text(reading->geojson, "sources", 0, "name");
    return group;
}

static bool check_group(const struct group *group, const struct reading *reading,
                        struct error *error)
{
    const struct grouping *grouping = reading->grouping;
    if (grouping->jurisdiction == (group->jurisdiction != NULL)
        && grouping->domain == (group->domain != NULL)
        && grouping->category == (group->category != NULL)
        && grouping->source == (group->source != NULL))
        return true;
    return error_set(error, ERROR_USAGE,
                     "%s:%zu: its clusters were not found per the same; give both the same --per",
                     reading->path, geojson_line(reading->geojson));
}

static bool copy_into(char **into, const char *text, struct error *error)
{
    *into = text_copy(text, strlen(text), error);
    return *into != NULL;
}

static bool read_group(struct earlier_cluster *cluster, const struct reading *reading,
                       struct error *error)
{
    struct group group = group_in_file(reading);
    struct text key = {0};
    bool done = check_group(&group, reading, error) && name_group(&key, &group, error)
                && copy_into(&cluster->group, key.bytes, error)
                && copy_into(&cluster->code, text_or_nothing(reading, "jurisdiction_code"), error)
                && copy_into(&cluster->name, text_or_nothing(reading, "jurisdiction"), error)
                && copy_into(&cluster->domain, text_or_nothing(reading, "domain"), error);
    text_free(&key);
    return done;
}

static bool project(struct shape *shape, const struct reading *reading, struct error *error)
{
    if (!projection_points_exact(reading->projection, shape->x, shape->y, shape->point_count,
                                 error))
        return false;
    for (size_t i = 0; i < shape->point_count; i++)
        if (isnan(shape->x[i]))
            return error_set(error, ERROR_DATA,
                             "it lies where the study's reference system does not reach");
    return true;
}

static bool read_outline(struct shape *outline, const struct reading *reading, struct error *error)
{
    char why[160];
    struct error inner = {0};
    if (!geojson_shape(outline, reading->geojson, error))
        return false;
    if (project(outline, reading, &inner)
        && polygons_repair(reading->polygons, outline, why, &inner))
        return true;
    return error_set(error, inner.kind, "%s:%zu: feature %zu: %s", reading->path,
                     geojson_line(reading->geojson), geojson_number(reading->geojson),
                     inner.message);
}

static bool add_cluster(struct reading *reading, struct error *error)
{
    struct earlier *earlier = reading->earlier;
    struct capacity capacity = {earlier->capacity, sizeof *earlier->items};
    if (!array_reserve(&earlier->items, &capacity, earlier->count + 1, error))
        return false;
    earlier->capacity = capacity.held;
    struct earlier_cluster *cluster = &earlier->items[earlier->count++];
    *cluster = (struct earlier_cluster){.line = geojson_line(reading->geojson)};
    return read_number(&cluster->number, geojson_property(reading->geojson, "cluster"), reading,
                       error)
           && read_group(cluster, reading, error)
           && read_outline(&cluster->outline, reading, error);
}

static bool read_feature(struct reading *reading, struct error *error)
{
    int32_t gone;
    if (geojson_has(reading->geojson, "cluster"))
        return add_cluster(reading, error);
    if (geojson_has(reading->geojson, "change"))
        return read_number(&gone, geojson_property(reading->geojson, "earlier"), reading, error);
    return error_set(error, ERROR_DATA,
                     "%s:%zu: feature %zu is no cluster; name a file that plein clusters --format "
                     "geojson wrote",
                     reading->path, geojson_line(reading->geojson),
                     geojson_number(reading->geojson));
}

/* What files from before have not got, or what makes no sense, is not known. */
static void read_settings(struct reading *reading)
{
    struct earlier *earlier = reading->earlier;
    if (!geojson_member(&earlier->radius_m, reading->geojson, "radius_m")
        || !(earlier->radius_m > 0))
        earlier->radius_m = 0;
    if (!geojson_member(&earlier->min_points, reading->geojson, "min_points")
        || !(earlier->min_points >= 1))
        earlier->min_points = 0;
}

static bool read_features(struct reading *reading, struct error *error)
{
    bool there;
    double highest;
    int32_t number;
    if (geojson_member(&highest, reading->geojson, "highest_cluster") && highest != 0
        && !read_number(&number, highest, reading, error))
        return false;
    read_settings(reading);
    do
        if (!geojson_next(&there, reading->geojson, error)
            || (there && !read_feature(reading, error)))
            return false;
    while (there);
    return true;
}

static int by_number(const void *left, const void *right)
{
    const struct earlier_cluster *a = left, *b = right;
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    return a->line < b->line ? -1 : a->line > b->line;
}

static bool put_in_order(struct earlier *earlier, const char *path, struct error *error)
{
    if (earlier->count > 1)
        qsort(earlier->items, earlier->count, sizeof *earlier->items, by_number);
    for (size_t i = 1; i < earlier->count; i++)
        if (earlier->items[i].number == earlier->items[i - 1].number)
            return error_set(error, ERROR_DATA,
                             "%s:%zu: cluster %d stands on line %zu already; keep one of the two",
                             path, earlier->items[i].line, (int)earlier->items[i].number,
                             earlier->items[i - 1].line);
    return true;
}

bool earlier_read(struct earlier *earlier, const struct study *study,
                  const struct grouping *grouping, struct error *error)
{
    struct reading reading = {
        .earlier = earlier, .grouping = grouping, .path = study->options->compare_with};
    *earlier = (struct earlier){0};
    bool done =
        (reading.geojson = geojson_open(reading.path, error)) != NULL
        && (reading.projection = projection_open("EPSG:4326", study->boundaries.crs, error)) != NULL
        && (reading.polygons = polygons_open(error)) != NULL && read_features(&reading, error)
        && put_in_order(earlier, reading.path, error);
    geojson_close(reading.geojson);
    projection_close(reading.projection);
    polygons_close(reading.polygons);
    if (!done)
        earlier_free(earlier);
    return done;
}

void earlier_free(struct earlier *earlier)
{
    for (size_t i = 0; i < earlier->count; i++) {
        struct earlier_cluster *cluster = &earlier->items[i];
        array_free(&cluster->code);
        array_free(&cluster->name);
        array_free(&cluster->domain);
        array_free(&cluster->group);
        shape_free(&cluster->outline);
    }
    array_free(&earlier->items);
    identity_free(&earlier->identity);
    *earlier = (struct earlier){0};
}

/* ---- comparing ---- */

/* One side of the comparison, as arrays. */
struct side {
    const struct shape **outlines;
    uint32_t *groups;
    double *areas_m2;
    size_t count;
};

struct comparison {
    struct earlier *earlier;
    struct clusters *clusters;
    struct study *study;
    const struct grouping *grouping;
    struct dictionary *groups;
    struct side before, now;
    int32_t *numbers;
};

static bool side_new(struct side *side, size_t count, struct error *error)
{
    side->count = count;
    return array_new(&side->outlines, count, sizeof *side->outlines, error)
           && array_new(&side->groups, count, sizeof *side->groups, error)
           && array_new(&side->areas_m2, count, sizeof *side->areas_m2, error);
}

static void side_free(struct side *side)
{
    array_free(&side->outlines);
    array_free(&side->groups);
    array_free(&side->areas_m2);
}

static bool list_before(struct comparison *comparison, struct error *error)
{
    struct side *side = &comparison->before;
    const struct earlier *earlier = comparison->earlier;
    if (!side_new(side, earlier->count, error)
        || !array_new(&comparison->numbers, earlier->count, sizeof *comparison->numbers, error))
        return false;
    for (size_t i = 0; i < earlier->count; i++) {
        const struct earlier_cluster *cluster = &earlier->items[i];
        comparison->numbers[i] = cluster->number;
        side->outlines[i] = &cluster->outline;
        side->areas_m2[i] = polygons_area(&cluster->outline);
        if (!dictionary_number(&side->groups[i], comparison->groups, cluster->group, error))
            return false;
    }
    return true;
}

/* As the file would have it: organised crime is not named there unless that is allowed. */
static struct group group_of(const struct cluster *cluster, const struct comparison *comparison)
{
    const struct grouping *grouping = comparison->grouping;
    const struct study *study = comparison->study;
    struct group group = {0};
    if (grouping->jurisdiction)
        group.jurisdiction = jurisdiction_key(
            &study->boundaries.jurisdictions.items[cluster->owners.items[0].value]);
    if (grouping->domain)
        group.domain = domain_name((enum domain)cluster->domains.items[0].value);
    if (grouping->category) {
        group.category = dictionary_text(study->categories, cluster->categories.items[0].value);
        if (!study->options->sensitive && strcmp(group.category, "organised-crime") == 0)
            group.category = "";
    }
    if (grouping->source)
        group.source = dictionary_text(study->sources, cluster->sources.items[0].value);
    return group;
}

static bool list_now(struct comparison *comparison, struct error *error)
{
    struct side *side = &comparison->now;
    struct text key = {0};
    bool done = side_new(side, comparison->clusters->count, error);
    for (size_t i = 0; done && i < side->count; i++) {
        const struct cluster *cluster = &comparison->clusters->items[i];
        struct group group = group_of(cluster, comparison);
        side->outlines[i] = &cluster->outline;
        side->areas_m2[i] = polygons_area(&cluster->outline);
        done = name_group(&key, &group, error)
               && dictionary_number(&side->groups[i], comparison->groups, key.bytes, error);
    }
    text_free(&key);
    return done;
}

static bool lay_over(struct overlay *overlay, const struct comparison *comparison,
                     struct error *error)
{
    const struct side *before = &comparison->before, *now = &comparison->now;
    const struct overlay_layer layers[2] = {{before->outlines, before->groups, before->count},
                                            {now->outlines, now->groups, now->count}};
    struct polygons *polygons = polygons_open(error);
    bool done = polygons != NULL && polygons_overlay(overlay, polygons, layers, error);
    polygons_close(polygons);
    return done;
}

static bool match(struct comparison *comparison, const struct overlay *overlay, struct error *error)
{
    const struct side *before = &comparison->before, *now = &comparison->now;
    struct identity_ground *shared;
    if (!array_new(&shared, overlay->count, sizeof *shared, error))
        return false;
    for (size_t p = 0; p < overlay->count; p++)
        shared[p] = (struct identity_ground){overlay->pairs[p].first, overlay->pairs[p].second,
                                             overlay->pairs[p].area_m2};
    const struct identity_input input = {.numbers = comparison->numbers,
                                         .earlier_m2 = before->areas_m2,
                                         .now_m2 = now->areas_m2,
                                         .earlier_count = before->count,
                                         .now_count = now->count,
                                         .shared = shared,
                                         .shared_count = overlay->count,
                                         .highest = comparison->earlier->highest};
    bool done = identity_match(&comparison->earlier->identity, &input, error);
    array_free(&shared);
    return done;
}

/* Until now a cluster's number was its place in the list. */
static void give_numbers(struct clusters *clusters, const struct identity *identity)
{
    for (size_t c = 0; c < clusters->count; c++)
        clusters->items[c].number = identity->now[c].number;
    for (size_t i = 0; i < clusters->incident_count; i++)
        if (clusters->membership[i] > 0)
            clusters->membership[i] = identity->now[clusters->membership[i] - 1].number;
}

static void tell(const struct comparison *comparison)
{
    const struct identity *identity = &comparison->earlier->identity;
    size_t counts[IDENTITY_CHANGES] = {0};
    for (size_t n = 0; n < comparison->now.count; n++)
        counts[identity->now[n].change]++;
    for (size_t e = 0; e < comparison->before.count; e++)
        counts[IDENTITY_GONE] += identity->earlier[e].change == IDENTITY_GONE;
    notes_add(&comparison->study->notes,
              "compared with %s: %zu clusters are the same, %zu new, %zu merged, %zu split; %zu of "
              "its %zu are gone",
              text_file_name(comparison->study->options->compare_with), counts[IDENTITY_SAME],
              counts[IDENTITY_NEW], counts[IDENTITY_MERGED], counts[IDENTITY_SPLIT],
              counts[IDENTITY_GONE], comparison->before.count);
}

/* Then clusters may have come, gone or grown without an incident more or less. */
static void warn_of_other_settings(const struct comparison *comparison)
{
    const struct earlier *earlier = comparison->earlier;
    const struct options *options = comparison->study->options;
    const double written_m = 0.0005; /* three decimals are */
    bool other_radius =
        earlier->radius_m > 0 && fabs(earlier->radius_m - options->radius_m) > written_m;
    bool other_minimum = earlier->min_points > 0 && earlier->min_points != options->min_points;
    const char *file = text_file_name(options->compare_with);
    if (other_radius)
        notes_add(&comparison->study->notes,
                  "the clusters in %s were found with --radius %g, those of now with %g: changes "
                  "may come of that alone",
                  file, earlier->radius_m, options->radius_m);
    if (other_minimum)
        notes_add(&comparison->study->notes,
                  "the clusters in %s were found with --min-points %.0f, those of now with %d: "
                  "changes may come of that alone",
                  file, earlier->min_points, options->min_points);
}

bool earlier_compare(struct earlier *earlier, struct clusters *clusters, struct study *study,
                     const struct grouping *grouping, struct error *error)
{
    struct overlay overlay = {0};
    struct comparison comparison = {
        .earlier = earlier, .clusters = clusters, .study = study, .grouping = grouping};
    comparison.groups = dictionary_open(error);
    bool done = comparison.groups != NULL && list_before(&comparison, error)
                && list_now(&comparison, error) && lay_over(&overlay, &comparison, error)
                && match(&comparison, &overlay, error);
    if (done) {
        give_numbers(clusters, &earlier->identity);
        tell(&comparison);
        warn_of_other_settings(&comparison);
    }
    overlay_free(&overlay);
    side_free(&comparison.before);
    side_free(&comparison.now);
    array_free(&comparison.numbers);
    dictionary_close(comparison.groups);
    return done;
}

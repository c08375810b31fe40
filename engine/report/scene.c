/* The ground of a map and what lies on it: frame, areas, borders, base layers. */
#include "engine/report/scene.h"

#include "engine/core/text.h"
#include "engine/formats/source.h"
#include "engine/space/polygons.h"
#include "engine/space/polygons_borders.h"
#include "engine/space/projection.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LISTED = 5 }; /* clusters, and squares of a package, that the map must show */

static struct box widen(struct box box, double by)
{
    return (struct box){box.x_min - by, box.y_min - by, box.x_max + by, box.y_max + by};
}

/* Grows the box about its centre to the shape of the map's frame, a little over, so that the raster
 * covers it. */
struct box scene_to_aspect(struct box box, double aspect)
{
    double width = box.x_max - box.x_min, height = box.y_max - box.y_min;
    double x = (box.x_min + box.x_max) / 2, y = (box.y_min + box.y_max) / 2;
    if (width < height * aspect)
        width = height * aspect;
    else
        height = width / aspect;
    return (struct box){x - width / 2, y - height / 2, x + width / 2, y + height / 2};
}

static struct box selected_box(const struct study *study)
{
    struct box box = box_empty();
    for (size_t i = 0; i < study->boundaries.jurisdictions.count; i++)
        if (study->selection.owner_in == NULL || study->selection.owner_in[i])
            box = box_union(box, shape_box(&study->boundaries.jurisdictions.items[i].shape));
    return box;
}

static bool begin_counts(struct scene *scene, const struct study *study, struct error *error)
{
    return array_new(&scene->owner_counts, study->boundaries.jurisdictions.count,
                     sizeof *scene->owner_counts, error);
}

static double per_square(const struct counted_square *counted)
{
    return counted->incidents / ((double)counted->square.size * counted->square.size);
}

/* Denser first, then from the west and the south. */
static int by_density(const void *left, const void *right)
{
    const struct counted_square *a = left, *b = right;
    if (per_square(a) != per_square(b))
        return per_square(a) > per_square(b) ? -1 : 1;
    return square_compare(&a->square, &b->square);
}

/* The densest squares of packages, as many as there are clusters. */
static bool add_squares(struct box *box, const struct study *study, struct error *error)
{
    struct square_list list = {0};
    bool done = packages_list(&list, &study->packages, OUTSIDE, error);
    if (list.count > 1)
        qsort(list.items, list.count, sizeof *list.items, by_density);
    for (size_t i = 0; done && i < list.count && i < LISTED; i++) {
        const struct square *square = &list.items[i].square;
        box_add(box, (double)square->east * SQUARE_M, (double)square->north * SQUARE_M);
        box_add(box, (double)(square->east + square->size) * SQUARE_M,
                (double)(square->north + square->size) * SQUARE_M);
    }
    array_free(&list.items);
    return done;
}

static const double rim_cells = 4;

/* How many whole cells lie from one end of a side to the end of a longer one about its middle. */
static double cells_beyond(double side, double longer, double cell_m)
{
    return ceil(fmax(longer - side, 0) / 2 / cell_m);
}

struct box scene_cover(struct box ground, const struct map_shapes *shapes, double cell_m)
{
    double width = ground.x_max - ground.x_min, height = ground.y_max - ground.y_min;
    double beside = (rim_cells + cells_beyond(width, height * shapes->most, cell_m)) * cell_m;
    double above = (rim_cells + cells_beyond(height, width / shapes->least, cell_m)) * cell_m;
    return (struct box){ground.x_min - beside, ground.y_min - above, ground.x_max + beside,
                        ground.y_max + above};
}

bool scene_shown(struct raster *shown, const struct raster *raster, struct box ground,
                 struct error *error)
{
    double cell = raster->cell_m, rim = rim_cells * cell;
    struct box box = {ground.x_min - rim, ground.y_min - rim, ground.x_max + rim,
                      ground.y_max + rim};
    if (!raster_new(shown, box, cell, error))
        return false;
    for (size_t i = 0; i < shown->columns * shown->rows; i++)
        shown->values[i] =
            raster_at(raster, shown->x_min + ((double)(i % shown->columns) + 0.5) * cell,
                      shown->y_min + ((double)(i / shown->columns) + 0.5) * cell);
    return true;
}

bool scene_begin(struct scene *scene, const struct scene_wish *wish, struct error *error)
{
    const struct study *study = wish->study;
    const struct clusters *clusters = wish->clusters;
    struct box box = box_empty();
    scene->largest = clusters->count > 0 ? &clusters->items[0] : NULL;
    if (study->options->frame != NULL) {
        if (!selection_parse_box(&box, "frame", study->options->frame, error))
            return false;
    } else {
        for (size_t i = 0; i < clusters->count && i < LISTED; i++)
            box = box_union(box, shape_box(&clusters->items[i].outline));
        if (!study->options->no_clusters && !add_squares(&box, study, error))
            return false;
        box =
            box_is_empty(box) ? selected_box(study) : widen(box, 1.2 * study->options->bandwidth_m);
    }
    scene->ground = scene_to_aspect(box, wish->shapes.usual);
    scene->cover = scene->ground;
    return begin_counts(scene, study, error);
}

void scene_count(struct scene *scene, const struct gathered *gathered)
{
    for (size_t i = 0; i < gathered->count; i++)
        scene->owner_counts[gathered->owner[i]] +=
            gathered->weight != NULL ? gathered->weight[i] : 1;
}

static void set_sides(struct scene *scene, size_t one, size_t other)
{
    scene->first = one < other ? one : other;
    scene->second = one < other ? other : one;
}

/* The title, the shares and the names on the map are about the same two. */
static void choose_sides(struct scene *scene, size_t count)
{
    size_t best = 0, next = count > 1 ? 1 : 0;
    if (scene->largest != NULL && shares_are_parted(&scene->largest->owners)) {
        const struct share *owners = scene->largest->owners.items;
        set_sides(scene, owners[0].value, owners[1].value);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        if (scene->owner_counts[i] > scene->owner_counts[best]) {
            next = best;
            best = i;
        } else if (i != best
                   && (next == best || scene->owner_counts[i] > scene->owner_counts[next])) {
            next = i;
        }
    }
    set_sides(scene, best, next);
}

static bool list_areas(struct scene *scene, const struct study *study, struct error *error)
{
    const struct jurisdictions *jurisdictions = &study->boundaries.jurisdictions;
    if (!array_new(&scene->areas, jurisdictions->count, sizeof *scene->areas, error))
        return false;
    scene->area_count = jurisdictions->count;
    for (size_t i = 0, others = 2; i < jurisdictions->count; i++) {
        size_t side = i == scene->first ? 0 : i == scene->second ? 1 : others++;
        scene->areas[i] =
            (struct map_area){&jurisdictions->items[i].shape, jurisdictions->items[i].name, side};
    }
    return true;
}

static bool boxes_meet(struct box a, struct box b)
{
    return a.x_min <= b.x_max && b.x_min <= a.x_max && a.y_min <= b.y_max && b.y_min <= a.y_max;
}

static bool add_border(struct scene *scene, struct polygons *polygons, const struct study *study,
                       const size_t pair[2], struct error *error)
{
    const double tolerance_m = 15;
    const struct jurisdiction *items = study->boundaries.jurisdictions.items;
    struct jurisdiction both[2] = {items[pair[0]], items[pair[1]]}; /* borrowed */
    const struct jurisdictions two = {.items = both, .count = 2};
    const struct border_search search = {.jurisdictions = &two, .tolerance_m = tolerance_m};
    struct capacity lines = {scene->border_capacity, sizeof *scene->lines};
    struct capacity borders = {scene->border_capacity, sizeof *scene->borders};
    if (!array_reserve(&scene->lines, &lines, scene->border_count + 1, error)
        || !array_reserve(&scene->borders, &borders, scene->border_count + 1, error))
        return false;
    scene->border_capacity = lines.held;
    struct shape *line = &scene->lines[scene->border_count];
    *line = (struct shape){0};
    if (!polygons_shared_border(polygons, line, &search, error))
        return false;
    if (line->ring_count == 0) {
        shape_free(line);
        return true;
    }
    scene->borders[scene->border_count++] = (struct map_border){NULL, pair[0], pair[1]};
    return true;
}

/* Beyond these a map shows a web of lines, in which no border stands out. */
enum { NEAR_MOST = 5000 };

static bool are_too_many(const struct scene *scene, const struct jurisdictions *jurisdictions)
{
    size_t near = 0;
    for (size_t i = 0; i < jurisdictions->count; i++)
        near += boxes_meet(shape_box(&jurisdictions->items[i].shape), scene->cover);
    return near > NEAR_MOST;
}

static bool list_borders(struct scene *scene, const struct study *study, struct error *error)
{
    const struct jurisdictions *jurisdictions = &study->boundaries.jurisdictions;
    if (are_too_many(scene, jurisdictions))
        return true;
    struct polygons *polygons = polygons_open(error);
    bool done = polygons != NULL;
    for (size_t a = 0; done && a < jurisdictions->count; a++) {
        struct box box = widen(shape_box(&jurisdictions->items[a].shape), 2);
        for (size_t b = a + 1; done && boxes_meet(box, scene->cover) && b < jurisdictions->count;
             b++) {
            struct box other = shape_box(&jurisdictions->items[b].shape);
            if (boxes_meet(box, other) && boxes_meet(other, scene->cover))
                done = add_border(scene, polygons, study, (size_t[]){a, b}, error);
        }
    }
    for (size_t i = 0; i < scene->border_count; i++)
        scene->borders[i].line = &scene->lines[i]; /* the array has stopped moving */
    polygons_close(polygons);
    return done;
}

/* FILE:STYLE; without one it is a street when it holds lines, else a building. */
static bool layer_kind(enum map_kind *kind, char *path, struct error *error)
{
    static const char *const NAMES[] = {"water",    "green",  "square",
                                        "building", "street", "main-street"};
    char *colon = strrchr(path, ':');
    *kind = MAP_BUILDING;
    if (colon == NULL || strchr(colon, '/') != NULL)
        return true;
    for (int i = 0; i < MAP_KINDS; i++)
        if (text_equal(colon + 1, NAMES[i])) {
            *kind = (enum map_kind)i;
            *colon = '\0';
            return true;
        }
    return error_set(error, ERROR_USAGE,
                     "--base: '%s' is none of street, main-street, building, water, green, square",
                     colon + 1);
}

static bool is_closed(const struct shape *shape)
{
    for (size_t r = 0; r < shape->ring_count; r++) {
        size_t first = shape->ring_starts[r], last = shape->ring_starts[r + 1] - 1;
        if (shape->x[first] != shape->x[last] || shape->y[first] != shape->y[last])
            return false;
    }
    return true;
}

static bool add_feature(struct map_feature **features, size_t *count, size_t *capacity,
                        const struct map_feature *feature, struct error *error)
{
    struct capacity held = {*capacity, sizeof **features};
    if (!array_reserve(features, &held, *count + 1, error))
        return false;
    *capacity = held.held;
    (*features)[(*count)++] = *feature;
    return true;
}

static bool add_features(struct scene *scene, const struct jurisdictions *layer, enum map_kind kind,
                         struct error *error)
{
    bool line = kind == MAP_STREET || kind == MAP_MAIN_STREET, done = true;
    for (size_t i = 0; done && i < layer->count; i++) {
        const struct jurisdiction *item = &layer->items[i];
        const struct map_feature feature = {kind, &item->shape, !line && is_closed(&item->shape),
                                            item->name, 0};
        if (boxes_meet(shape_box(&item->shape), scene->cover))
            done = add_feature(&scene->features, &scene->feature_count, &scene->feature_capacity,
                               &feature, error);
        if (done && item->name[0] != '\0')
            done = add_feature(&scene->named, &scene->named_count, &scene->named_capacity, &feature,
                               error);
    }
    return done;
}

static bool project_layer(struct jurisdictions *layer, const char *crs, struct error *error)
{
    if (layer->crs == NULL)
        return true; /* as it is: a note says so */
    struct projection *projection = projection_open(layer->crs, crs, error);
    bool done = projection != NULL;
    for (size_t i = 0; done && i < layer->count; i++)
        done = projection_points(projection, layer->items[i].shape.x, layer->items[i].shape.y,
                                 layer->items[i].shape.point_count, error);
    projection_close(projection);
    return done;
}

static bool add_layer(struct scene *scene, struct study *study, const char *given,
                      struct error *error)
{
    struct jurisdictions *layer = &scene->layers[scene->layer_count++];
    enum map_kind kind;
    char *path = text_copy(given, strlen(given), error);
    bool done = path != NULL && layer_kind(&kind, path, error)
                && source_read_shapes(layer, path, &study->notes, error)
                && project_layer(layer, study->boundaries.crs, error)
                && add_features(scene, layer, kind, error);
    array_free(&path);
    return done;
}

static bool list_layers(struct scene *scene, struct study *study, struct error *error)
{
    const struct words *base = &study->options->base;
    if (!array_new(&scene->layers, base->count, sizeof *scene->layers, error))
        return false;
    for (size_t i = 0; i < base->count; i++)
        if (!add_layer(scene, study, base->items[i], error))
            return false;
    return true;
}

static bool fill(struct scene *scene, struct study *study, struct error *error)
{
    return list_areas(scene, study, error) && list_borders(scene, study, error)
           && list_layers(scene, study, error);
}

bool scene_build(struct scene *scene, struct study *study, struct error *error)
{
    choose_sides(scene, study->boundaries.jurisdictions.count);
    return fill(scene, study, error);
}

bool scene_build_over(struct scene *scene, const struct gathered *gathered,
                      const struct scene_choice *choice, struct error *error)
{
    scene->ground = choice->ground;
    scene->cover = choice->cover;
    scene->first = choice->first;
    scene->second = choice->second;
    if (!begin_counts(scene, gathered->study, error))
        return false;
    scene_count(scene, gathered);
    return fill(scene, gathered->study, error);
}

void scene_free(struct scene *scene)
{
    for (size_t i = 0; i < scene->border_count; i++)
        shape_free(&scene->lines[i]);
    for (size_t i = 0; i < scene->layer_count; i++)
        jurisdictions_free(&scene->layers[i]);
    array_free(&scene->areas);
    array_free(&scene->owner_counts);
    array_free(&scene->lines);
    array_free(&scene->borders);
    array_free(&scene->layers);
    array_free(&scene->features);
    array_free(&scene->named);
    *scene = (struct scene){0};
}

/* Layers of polygons laid over one another: which ones share ground, and how much. */
#include "engine/space/polygons_overlay.h"

#include "engine/space/polygons_geos.h"

#include <stdlib.h>

enum { NODE_CAPACITY = 10 };

/* Two layers as GEOS sees them, on their way to an overlay. */
struct laying {
    struct overlay *overlay;
    struct polygons *polygons;
    const struct overlay_layer *layers;
    GEOSGeometry **laid[2];
    GEOSSTRtree *tree; /* of the second layer */
    size_t *near;      /* what the tree finds near one shape of the first layer */
    size_t near_count;
};

static void laying_free(struct laying *laying)
{
    if (laying->tree != NULL)
        GEOSSTRtree_destroy_r(laying->polygons->geos, laying->tree);
    for (int side = 0; side < 2; side++) {
        for (size_t i = 0; laying->laid[side] != NULL && i < laying->layers[side].count; i++)
            polygons_drop(laying->polygons, laying->laid[side][i]);
        array_free(&laying->laid[side]);
    }
    array_free(&laying->near);
}

static bool lay(struct laying *laying, int side, struct error *error)
{
    const struct overlay_layer *layer = &laying->layers[side];
    if (!array_new(&laying->laid[side], layer->count, sizeof(GEOSGeometry *), error))
        return false;
    for (size_t i = 0; i < layer->count; i++) {
        laying->laid[side][i] = polygons_of_shape(laying->polygons, layer->shapes[i], error);
        if (laying->laid[side][i] == NULL)
            return false;
    }
    return true;
}

static bool plant(struct laying *laying, struct error *error)
{
    GEOSContextHandle_t geos = laying->polygons->geos;
    laying->tree = GEOSSTRtree_create_r(geos, NODE_CAPACITY);
    if (laying->tree == NULL)
        return polygons_failed(laying->polygons, error);
    for (size_t i = 0; i < laying->layers[1].count; i++)
        if (GEOSisEmpty_r(geos, laying->laid[1][i]) == 0)
            GEOSSTRtree_insert_r(geos, laying->tree, laying->laid[1][i], &laying->laid[1][i]);
    return array_new_raw(&laying->near, laying->layers[1].count, sizeof *laying->near, error);
}

/* The tree hands back where the shape stands in its layer. */
static void note_near(void *item, void *state)
{
    struct laying *laying = state;
    GEOSGeometry *const *place = item;
    laying->near[laying->near_count++] = (size_t)(place - laying->laid[1]);
}

static int by_number(const void *left, const void *right)
{
    const size_t *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

static void look_around(struct laying *laying, size_t first)
{
    GEOSContextHandle_t geos = laying->polygons->geos;
    const GEOSGeometry *area = laying->laid[0][first];
    laying->near_count = 0;
    if (GEOSisEmpty_r(geos, area) == 0)
        GEOSSTRtree_query_r(geos, laying->tree, area, note_near, laying);
    if (laying->near_count > 1)
        qsort(laying->near, laying->near_count, sizeof *laying->near, by_number);
}

static bool are_held_together(const struct laying *laying, const struct overlay_pair *pair)
{
    const uint32_t *first = laying->layers[0].groups, *second = laying->layers[1].groups;
    return first == NULL || second == NULL || first[pair->first] == second[pair->second];
}

/* What holds no circle of a diameter is no wider than that, and its area at most half of that times
 * its outline; else the ground is narrowed from all sides, to see whether something is left. */
static bool drop_sliver(struct overlay_pair *pair, const struct laying *laying,
                        const GEOSGeometry *common, struct error *error)
{
    GEOSContextHandle_t geos = laying->polygons->geos;
    double sliver_m = laying->overlay->sliver_m, outline_m;
    if (!(sliver_m > 0))
        return true;
    if (GEOSLength_r(geos, common, &outline_m) == 0)
        return polygons_failed(laying->polygons, error);
    if (2 * pair->area_m2 > sliver_m * outline_m)
        return true;
    GEOSGeometry *left = GEOSBuffer_r(geos, common, -sliver_m / 2, 8);
    if (left == NULL)
        return polygons_failed(laying->polygons, error);
    if (GEOSisEmpty_r(geos, left) == 1)
        pair->area_m2 = 0;
    polygons_drop(laying->polygons, left);
    return true;
}

static bool measure(struct overlay_pair *pair, const struct laying *laying, struct error *error)
{
    GEOSContextHandle_t geos = laying->polygons->geos;
    GEOSGeometry *common =
        GEOSIntersection_r(geos, laying->laid[0][pair->first], laying->laid[1][pair->second]);
    bool done = (common != NULL && GEOSArea_r(geos, common, &pair->area_m2) != 0)
                || polygons_failed(laying->polygons, error);
    done = done && drop_sliver(pair, laying, common, error);
    polygons_drop(laying->polygons, common);
    return done;
}

static bool add_pairs(struct laying *laying, size_t first, struct error *error)
{
    struct overlay *overlay = laying->overlay;
    struct capacity capacity = {overlay->capacity, sizeof *overlay->pairs};
    look_around(laying, first);
    if (!array_reserve(&overlay->pairs, &capacity, overlay->count + laying->near_count, error))
        return false;
    overlay->capacity = capacity.held;
    for (size_t n = 0; n < laying->near_count; n++) {
        struct overlay_pair pair = {first, laying->near[n], 0};
        if (!are_held_together(laying, &pair))
            continue;
        if (!measure(&pair, laying, error))
            return false;
        if (pair.area_m2 > 0)
            overlay->pairs[overlay->count++] = pair;
    }
    return true;
}

bool polygons_overlay(struct overlay *overlay, struct polygons *polygons,
                      const struct overlay_layer layers[2], struct error *error)
{
    struct laying laying = {.overlay = overlay, .polygons = polygons, .layers = layers};
    bool done = polygons_ready(polygons, error) && lay(&laying, 0, error) && lay(&laying, 1, error)
                && plant(&laying, error);
    for (size_t i = 0; done && i < layers[0].count; i++)
        done = add_pairs(&laying, i, error);
    laying_free(&laying);
    if (!done)
        overlay_free(overlay);
    return done;
}

void overlay_free(struct overlay *overlay)
{
    array_free(&overlay->pairs);
    *overlay = (struct overlay){0};
}

/* Shapes as GEOS geometries and back, made valid in bounded time. */
#include "engine/space/polygons_geos.h"

#include "engine/space/polygons_intricacy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool polygons_failed(struct polygons *polygons, struct error *error)
{
    return error_set(error, ERROR_DATA,
                     "the polygons could not be worked out (%s); are the boundaries damaged?",
                     polygons->message[0] != '\0' ? polygons->message : "GEOS");
}

void polygons_drop(struct polygons *polygons, GEOSGeometry *geometry)
{
    if (geometry != NULL)
        GEOSGeom_destroy_r(polygons->geos, geometry);
}

/* ---- making valid ---- */

/* A part of a multipolygon; what lies alone and is valid needs no repair, which takes the square of
 * how many rings it is given. */
struct part {
    struct box box;
    const GEOSGeometry *polygon;
    size_t number, first, rings; /* its rings are first .. first + rings - 1 */
    bool alone;
};

/* To be made valid together, those that melt into one counting once: two seconds; and in all. */
enum { RINGS_MOST = 8000, MELTING_MOST = 40000 };
static const size_t PART_PAIRS_MOST = 100000000; /* beyond these no part is called alone */

static int compare_parts(const void *left, const void *right)
{
    const struct part *a = left, *b = right;
    if (a->box.x_min != b->box.x_min)
        return a->box.x_min < b->box.x_min ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

static bool describe_part(struct part *part, struct polygons *polygons, const GEOSGeometry *polygon)
{
    GEOSContextHandle_t geos = polygons->geos;
    int holes = polygon != NULL ? GEOSGetNumInteriorRings_r(geos, polygon) : -1;
    part->polygon = polygon;
    part->rings = (size_t)holes + 1;
    part->alone = true;
    return holes >= 0 && GEOSGeom_getXMin_r(geos, polygon, &part->box.x_min) == 1
           && GEOSGeom_getXMax_r(geos, polygon, &part->box.x_max) == 1
           && GEOSGeom_getYMin_r(geos, polygon, &part->box.y_min) == 1
           && GEOSGeom_getYMax_r(geos, polygon, &part->box.y_max) == 1;
}

/* Unmarks the parts whose boxes meet another's; false when there are too many to look at. */
static bool find_company(struct part *parts, size_t count, size_t *open)
{
    size_t opened = 0, pairs = 0;
    for (size_t p = 0; p < count; p++) {
        struct part *part = &parts[p];
        size_t kept = 0;
        pairs += opened;
        if (pairs > PART_PAIRS_MOST)
            return false;
        for (size_t o = 0; o < opened; o++) {
            struct part *other = &parts[open[o]];
            if (other->box.x_max < part->box.x_min)
                continue;
            open[kept++] = open[o];
            if (other->box.y_min <= part->box.y_max && part->box.y_min <= other->box.y_max)
                part->alone = other->alone = false;
        }
        open[kept] = p;
        opened = kept + 1;
    }
    return true;
}

struct parts {
    struct part *items;
    size_t count;
};

static bool mark_alone(const struct parts *parts, struct polygons *polygons, struct error *error)
{
    size_t *open;
    qsort(parts->items, parts->count, sizeof *parts->items, compare_parts);
    if (!array_new_raw(&open, parts->count, sizeof *open, error))
        return false;
    bool told = find_company(parts->items, parts->count, open);
    array_free(&open);
    for (size_t p = 0; p < parts->count; p++) {
        struct part *part = &parts->items[p];
        part->alone = told && part->alone && GEOSisValid_r(polygons->geos, part->polygon) == 1;
    }
    return true;
}

static bool list_parts(struct parts *parts, struct polygons *polygons, const GEOSGeometry *area,
                       struct error *error)
{
    int count = GEOSGetNumGeometries_r(polygons->geos, area);
    if (count < 0)
        return polygons_failed(polygons, error);
    parts->count = (size_t)count;
    if (!array_new(&parts->items, parts->count, sizeof *parts->items, error))
        return false;
    for (size_t p = 0, first = 0; p < parts->count; first += parts->items[p++].rings) {
        parts->items[p].number = p;
        parts->items[p].first = first;
        if (!describe_part(&parts->items[p], polygons,
                           GEOSGetGeometryN_r(polygons->geos, area, (int)p)))
            return polygons_failed(polygons, error);
    }
    return mark_alone(parts, polygons, error);
}

static bool gather_copy(struct gathered *gathered, struct polygons *polygons,
                        const GEOSGeometry *polygon, struct error *error)
{
    GEOSGeometry *copy = GEOSGeom_clone_r(polygons->geos, polygon);
    if (copy == NULL)
        return polygons_failed(polygons, error);
    return gather(gathered, polygons, copy, error);
}

static GEOSGeometry *gathered_multipolygon(struct gathered *gathered, struct polygons *polygons,
                                           struct error *error)
{
    GEOSGeometry *whole = GEOSGeom_createCollection_r(polygons->geos, GEOS_MULTIPOLYGON,
                                                      gathered->items, (unsigned)gathered->count);
    gathered->count = 0; /* GEOS has taken them over, also when it failed */
    if (whole == NULL)
        polygons_failed(polygons, error);
    return whole;
}

/* Adds the polygons of what the gathered ones become when they are made valid together. */
static bool mend_gathered(struct gathered *into, struct gathered *broken, struct polygons *polygons,
                          struct error *error)
{
    GEOSGeometry *area = gathered_multipolygon(broken, polygons, error);
    if (area == NULL)
        return false;
    GEOSGeometry *valid = GEOSMakeValidWithParams_r(polygons->geos, area, polygons->structure);
    bool done = valid != NULL || polygons_failed(polygons, error);
    for (int p = 0; done && p < GEOSGetNumGeometries_r(polygons->geos, valid); p++)
        done = gather_copy(into, polygons, GEOSGetGeometryN_r(polygons->geos, valid, p), error);
    polygons_drop(polygons, valid);
    polygons_drop(polygons, area);
    return done;
}

static bool check_count(const struct parts *parts, const size_t *melted, struct error *error)
{
    size_t rings = 0, kept = 0;
    for (size_t p = 0; p < parts->count; p++) {
        const struct part *part = &parts->items[p];
        rings += part->alone ? 0 : part->rings;
        for (size_t r = part->first; !part->alone && r < part->first + part->rings; r++)
            kept += melted[r] == r;
    }
    return (kept <= RINGS_MOST && rings <= MELTING_MOST)
           || error_set(error, ERROR_DATA,
                        "a polygon of %zu rings is not valid and has too many to be repaired; "
                        "mend it or simplify it first",
                        rings);
}

static GEOSGeometry *mend_parts(struct polygons *polygons, const struct parts *parts,
                                struct error *error)
{
    struct gathered whole = {0}, broken = {0};
    GEOSGeometry *valid = NULL;
    bool done = true;
    for (size_t p = 0; done && p < parts->count; p++) {
        const struct part *part = &parts->items[p];
        done = gather_copy(part->alone ? &whole : &broken, polygons, part->polygon, error);
    }
    if (done && mend_gathered(&whole, &broken, polygons, error))
        valid = gathered_multipolygon(&whole, polygons, error);
    gathered_free(&whole, polygons);
    gathered_free(&broken, polygons);
    return valid;
}

GEOSGeometry *polygons_made_valid(struct polygons *polygons, GEOSGeometry *area,
                                  const struct shape *rings, struct error *error)
{
    struct parts parts = {0};
    GEOSGeometry *valid = NULL;
    size_t *melted = NULL;
    if (array_new_raw(&melted, rings->ring_count, sizeof *melted, error)
        && rings_can_be_mended(melted, rings, error) && list_parts(&parts, polygons, area, error)
        && check_count(&parts, melted, error))
        valid = mend_parts(polygons, &parts, error);
    array_free(&melted);
    array_free(&parts.items);
    polygons_drop(polygons, area);
    return valid;
}

GEOSGeometry *polygons_of_shape(struct polygons *polygons, const struct shape *shape,
                                struct error *error)
{
    struct nest nest;
    if (!polygons_ready(polygons, error) || !nest_new(&nest, polygons, shape, error))
        return NULL;
    if ((!nest.simple && !rings_can_be_asked(&nest.rings, error))) {
        nest_free(&nest);
        return NULL;
    }
    GEOSGeometry *area = polygons_of_nest(polygons, &nest, error);
    char valid = area != NULL && !nest.simple ? GEOSisValid_r(polygons->geos, area) : (char)1;
    if (valid == 0)
        area = polygons_made_valid(polygons, area, &nest.rings, error);
    nest_free(&nest);
    if (valid <= 1)
        return area;
    polygons_drop(polygons, area);
    polygons_failed(polygons, error);
    return NULL;
}

/* ---- back to shapes ---- */

/* Counts first, then, when there is a shape to fill, fills it. */
struct taking {
    GEOSContextHandle_t geos;
    struct shape *into;
    size_t points, rings;
    bool lines; /* lines are wanted, not polygons */
};

static bool take_line(struct taking *taking, const GEOSGeometry *line, bool clockwise)
{
    const GEOSCoordSequence *corners = GEOSGeom_getCoordSeq_r(taking->geos, line);
    unsigned count;
    if (corners == NULL || GEOSCoordSeq_getSize_r(taking->geos, corners, &count) == 0)
        return false;
    struct shape *into = taking->into;
    size_t first = taking->points;
    taking->points += count;
    taking->rings++;
    if (into == NULL)
        return true;
    if (GEOSCoordSeq_copyToArrays_r(taking->geos, corners, into->x + first, into->y + first, NULL,
                                    NULL)
        == 0)
        return false;
    into->ring_starts[taking->rings] = taking->points;
    if (taking->lines || (shape_ring_area2(into, taking->rings - 1) < 0) == clockwise)
        return true;
    for (size_t a = first, b = taking->points - 1; a < b; a++, b--) {
        double x = into->x[a], y = into->y[a];
        into->x[a] = into->x[b];
        into->y[a] = into->y[b];
        into->x[b] = x;
        into->y[b] = y;
    }
    return true;
}

static bool take_polygon(struct taking *taking, const GEOSGeometry *polygon)
{
    int holes = GEOSGetNumInteriorRings_r(taking->geos, polygon);
    bool done =
        holes >= 0 && take_line(taking, GEOSGetExteriorRing_r(taking->geos, polygon), false);
    for (int h = 0; done && h < holes; h++)
        done = take_line(taking, GEOSGetInteriorRingN_r(taking->geos, polygon, h), true);
    return done;
}

/* GEOS nests collections in its answers two deep at most; ours are flat. */
static bool take(struct taking *taking, const GEOSGeometry *geometry)
{
    int type = GEOSGeomTypeId_r(taking->geos, geometry);
    if (type < 0)
        return false;
    if (GEOSisEmpty_r(taking->geos, geometry) != 0)
        return true;
    if (type == GEOS_POLYGON)
        return taking->lines || take_polygon(taking, geometry);
    if (type == GEOS_LINESTRING || type == GEOS_LINEARRING)
        return !taking->lines || take_line(taking, geometry, false);
    int parts = type >= GEOS_MULTIPOINT ? GEOSGetNumGeometries_r(taking->geos, geometry) : 0;
    bool done = true;
    for (int p = 0; done && p < parts; p++)
        done = take(taking, GEOSGetGeometryN_r(taking->geos, geometry, p));
    return done;
}

static bool take_all(struct shape *into, struct polygons *polygons, const GEOSGeometry *geometry,
                     bool lines, struct error *error)
{
    struct shape filled;
    struct taking counting = {.geos = polygons->geos, .lines = lines};
    if (!take(&counting, geometry))
        return polygons_failed(polygons, error);
    if (!shape_new(&filled, counting.points, counting.rings, error))
        return false;
    struct taking filling = {.geos = polygons->geos, .lines = lines, .into = &filled};
    if (!take(&filling, geometry)) {
        shape_free(&filled);
        return polygons_failed(polygons, error);
    }
    shape_free(into);
    *into = filled;
    return true;
}

bool polygons_to_shape(struct shape *into, struct polygons *polygons, const GEOSGeometry *geometry,
                       struct error *error)
{
    return take_all(into, polygons, geometry, false, error);
}

bool polygons_to_lines(struct shape *into, struct polygons *polygons, const GEOSGeometry *geometry,
                       struct error *error)
{
    return take_all(into, polygons, geometry, true, error);
}

/* ---- gathering ---- */

bool gather(struct gathered *gathered, struct polygons *polygons, GEOSGeometry *geometry,
            struct error *error)
{
    struct capacity capacity = {gathered->capacity, sizeof *gathered->items};
    if (geometry == NULL)
        return true;
    char empty = GEOSisEmpty_r(polygons->geos, geometry);
    if (empty != 0) {
        GEOSGeom_destroy_r(polygons->geos, geometry);
        return empty == 1 || polygons_failed(polygons, error);
    }
    if (!array_reserve(&gathered->items, &capacity, gathered->count + 1, error)) {
        GEOSGeom_destroy_r(polygons->geos, geometry);
        return false;
    }
    gathered->capacity = capacity.held;
    gathered->items[gathered->count++] = geometry;
    return true;
}

GEOSGeometry *gathered_union(struct gathered *gathered, struct polygons *polygons,
                             struct error *error)
{
    GEOSGeometry *all = GEOSGeom_createCollection_r(polygons->geos, GEOS_GEOMETRYCOLLECTION,
                                                    gathered->items, (unsigned)gathered->count);
    gathered->count = 0; /* GEOS has taken them over, also when it failed */
    gathered_free(gathered, polygons);
    GEOSGeometry *whole = all != NULL ? GEOSUnaryUnion_r(polygons->geos, all) : NULL;
    polygons_drop(polygons, all);
    if (whole == NULL)
        polygons_failed(polygons, error);
    return whole;
}

void gathered_free(struct gathered *gathered, struct polygons *polygons)
{
    for (size_t i = 0; i < gathered->count; i++)
        GEOSGeom_destroy_r(polygons->geos, gathered->items[i]);
    array_free(&gathered->items);
    *gathered = (struct gathered){0};
}

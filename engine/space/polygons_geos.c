/* Shapes as GEOS geometries and back, made valid in bounded time. */
#include "engine/space/polygons_geos.h"

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

/* ---- how intricate a polygon is ---- */

/* Making valid takes some 30 microseconds a crossing, and a look at whether it must be some 0.15
 * for each two sides whose boxes meet. */
static const size_t CROSSINGS_MOST = 60000, MEETINGS_MOST = 10000000;
/* Looked at for crossings: about a second, and half a one before GEOS is asked. */
static const size_t PAIRS_MOST = 600000000, PAIRS_MOST_ASKING = 250000000;

struct side {
    double x_min, x_max, y_min, y_max;
    size_t at; /* of its first corner */
};

static int compare_sides(const void *left, const void *right)
{
    const struct side *a = left, *b = right;
    if (a->x_min != b->x_min)
        return a->x_min < b->x_min ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

static size_t list_sides(struct side *sides, const struct shape *rings)
{
    size_t count = 0;
    for (size_t r = 0; r < rings->ring_count; r++)
        for (size_t i = rings->ring_starts[r]; i + 1 < rings->ring_starts[r + 1]; i++)
            sides[count++] = (struct side){.x_min = fmin(rings->x[i], rings->x[i + 1]),
                                           .x_max = fmax(rings->x[i], rings->x[i + 1]),
                                           .y_min = fmin(rings->y[i], rings->y[i + 1]),
                                           .y_max = fmax(rings->y[i], rings->y[i + 1]),
                                           .at = i};
    qsort(sides, count, sizeof *sides, compare_sides);
    return count;
}

/* Which side of a line a corner lies on: -1, 0 or 1. */
static int turn(const struct shape *rings, size_t line, size_t corner)
{
    double x = rings->x[line], y = rings->y[line];
    double across = (rings->x[line + 1] - x) * (rings->y[corner] - y)
                    - (rings->y[line + 1] - y) * (rings->x[corner] - x);
    return (across > 0) - (across < 0);
}

static bool same_corner(const struct shape *rings, size_t a, size_t b)
{
    return rings->x[a] == rings->x[b] && rings->y[a] == rings->y[b];
}

static bool cross(const struct shape *rings, size_t a, size_t b)
{
    if (same_corner(rings, a, b + 1) || same_corner(rings, a + 1, b))
        return false; /* one follows the other */
    return turn(rings, a, b) * turn(rings, a, b + 1) <= 0
           && turn(rings, b, a) * turn(rings, b, a + 1) <= 0;
}

/* Of the sides that a sweep from west to east has seen, which ends when there are too many. */
struct intricacy {
    size_t sides, pairs, meetings, crossings;
    size_t meetings_most, pairs_most;
};

static bool is_too_intricate(const struct intricacy *intricacy)
{
    return intricacy->meetings > intricacy->meetings_most || intricacy->crossings > CROSSINGS_MOST;
}

static void look_for_crossings(struct intricacy *intricacy, const struct side *sides, size_t count,
                               const struct shape *rings, size_t *open)
{
    size_t opened = 0;
    for (size_t s = 0; s < count; s++) {
        size_t kept = 0;
        intricacy->pairs += opened;
        for (size_t o = 0; o < opened; o++) {
            const struct side *other = &sides[open[o]];
            if (other->x_max < sides[s].x_min)
                continue;
            open[kept++] = open[o];
            if (other->y_min > sides[s].y_max || sides[s].y_min > other->y_max)
                continue;
            intricacy->meetings++;
            intricacy->crossings += cross(rings, other->at, sides[s].at);
        }
        if (is_too_intricate(intricacy) || intricacy->pairs > intricacy->pairs_most)
            return;
        intricacy->sides++;
        open[kept] = s;
        opened = kept + 1;
    }
}

static bool measure_intricacy(struct intricacy *intricacy, const struct shape *rings,
                              struct error *error)
{
    struct side *sides = NULL;
    size_t *open = NULL;
    intricacy->meetings_most = MEETINGS_MOST + 8 * rings->point_count;
    bool done = array_new_raw(&sides, rings->point_count, sizeof *sides, error)
                && array_new_raw(&open, rings->point_count, sizeof *open, error);
    if (done)
        look_for_crossings(intricacy, sides, list_sides(sides, rings), rings, open);
    array_free(&sides);
    array_free(&open);
    return done;
}

static bool check_intricacy(const struct shape *rings, struct error *error)
{
    struct intricacy intricacy = {.pairs_most = PAIRS_MOST};
    if (!measure_intricacy(&intricacy, rings, error))
        return false;
    return (!is_too_intricate(&intricacy) && intricacy.pairs <= PAIRS_MOST)
           || error_set(error, ERROR_DATA,
                        "a polygon of %zu corners crosses itself too often to be repaired; mend it "
                        "or simplify it first",
                        rings->point_count);
}

bool polygons_can_be_asked(const struct nest *nest, struct error *error)
{
    struct intricacy intricacy = {.pairs_most = PAIRS_MOST_ASKING};
    if (nest->simple)
        return true;
    if (!measure_intricacy(&intricacy, &nest->rings, error))
        return false;
    /* Where the sweep ended early, the rest is taken to be as the part that it saw. */
    double seen = (double)(intricacy.sides + 1) / (double)(nest->rings.point_count + 1);
    return (double)intricacy.meetings <= seen * (double)intricacy.meetings_most
           || error_set(error, ERROR_DATA,
                        "a polygon of %zu corners has too many sides across one another; simplify "
                        "it first",
                        nest->rings.point_count);
}

/* ---- making valid ---- */

/* A part of a multipolygon; what lies alone and is valid needs no repair, which takes the square of
 * how many rings it is given. */
struct part {
    struct box box;
    const GEOSGeometry *polygon;
    size_t number, rings;
    bool alone;
};

enum { RINGS_MOST = 8000 };                      /* to be made valid together: two seconds */
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
    for (int p = 0; p < count; p++) {
        parts->items[p].number = (size_t)p;
        if (!describe_part(&parts->items[p], polygons, GEOSGetGeometryN_r(polygons->geos, area, p)))
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

static GEOSGeometry *mend_parts(struct polygons *polygons, const struct parts *parts,
                                struct error *error)
{
    struct gathered whole = {0}, broken = {0};
    GEOSGeometry *valid = NULL;
    size_t rings = 0;
    bool done = true;
    for (size_t p = 0; done && p < parts->count; p++) {
        const struct part *part = &parts->items[p];
        rings += part->alone ? 0 : part->rings;
        done = gather_copy(part->alone ? &whole : &broken, polygons, part->polygon, error);
    }
    if (done && rings > RINGS_MOST)
        done = error_set(error, ERROR_DATA,
                         "a polygon of %zu rings is not valid and has too many to be repaired; "
                         "mend it or simplify it first",
                         rings);
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
    if (check_intricacy(rings, error) && list_parts(&parts, polygons, area, error))
        valid = mend_parts(polygons, &parts, error);
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
    if (!polygons_can_be_asked(&nest, error)) {
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

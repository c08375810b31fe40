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

/* Making valid takes some 30 microseconds a crossing. */
static const size_t CROSSINGS_MOST = 60000;
static const size_t PAIRS_MOST = 600000000; /* looked at for crossings: about a second */

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

/* Sweeps from west to east; false as soon as there are too many crossings, or pairs to look at. */
static bool is_simple_enough(const struct side *sides, size_t count, const struct shape *rings,
                             size_t *open)
{
    size_t opened = 0, crossings = 0, pairs = 0;
    for (size_t s = 0; s < count; s++) {
        size_t kept = 0;
        pairs += opened;
        for (size_t o = 0; o < opened; o++) {
            const struct side *other = &sides[open[o]];
            if (other->x_max < sides[s].x_min)
                continue;
            open[kept++] = open[o];
            if (other->y_min <= sides[s].y_max && sides[s].y_min <= other->y_max)
                crossings += cross(rings, other->at, sides[s].at);
        }
        if (crossings > CROSSINGS_MOST || pairs > PAIRS_MOST)
            return false;
        open[kept] = s;
        opened = kept + 1;
    }
    return true;
}

static bool check_intricacy(const struct shape *rings, struct error *error)
{
    struct side *sides = NULL;
    size_t *open = NULL;
    bool done = array_new_raw(&sides, rings->point_count, sizeof *sides, error)
                && array_new_raw(&open, rings->point_count, sizeof *open, error);
    if (done && !is_simple_enough(sides, list_sides(sides, rings), rings, open))
        done =
            error_set(error, ERROR_DATA,
                      "a polygon of %zu corners crosses itself too often to be repaired; mend it "
                      "or simplify it first",
                      rings->point_count);
    array_free(&sides);
    array_free(&open);
    return done;
}

GEOSGeometry *polygons_made_valid(struct polygons *polygons, GEOSGeometry *area,
                                  const struct shape *rings, struct error *error)
{
    GEOSGeometry *valid = NULL;
    if (check_intricacy(rings, error)) {
        valid = GEOSMakeValidWithParams_r(polygons->geos, area, polygons->structure);
        if (valid == NULL)
            polygons_failed(polygons, error);
    }
    polygons_drop(polygons, area);
    return valid;
}

GEOSGeometry *polygons_of_shape(struct polygons *polygons, const struct shape *shape,
                                struct error *error)
{
    struct nest nest;
    if (!polygons_ready(polygons, error) || !nest_new(&nest, polygons, shape, error))
        return NULL;
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

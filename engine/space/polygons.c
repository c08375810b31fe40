/* Polygon work by GEOS: repair, union, area, and the outlines of clusters. */
#include "engine/space/polygons.h"

#include "engine/space/polygons_geos.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the context ---- */

static void keep_message(const char *message, void *state)
{
    struct polygons *polygons = state;
    snprintf(polygons->message, sizeof polygons->message, "%s", message);
}

static void drop_message(const char *message, void *state)
{
    (void)message;
    (void)state;
}

struct polygons *polygons_open(struct error *error)
{
    struct polygons *polygons;
    if (!array_new(&polygons, 1, sizeof *polygons, error))
        return NULL;
    polygons->geos = GEOS_init_r();
    if (polygons->geos != NULL) {
        GEOSContext_setErrorMessageHandler_r(polygons->geos, keep_message, polygons);
        GEOSContext_setNoticeMessageHandler_r(polygons->geos, drop_message, NULL);
        polygons->structure = GEOSMakeValidParams_create_r(polygons->geos);
    }
    /* The other method, linework, takes 44 s for a star of 200 corners. */
    if (polygons->structure == NULL
        || GEOSMakeValidParams_setMethod_r(polygons->geos, polygons->structure,
                                           GEOS_MAKE_VALID_STRUCTURE)
               == 0) {
        polygons_failed(polygons, error);
        polygons_close(polygons);
        return NULL;
    }
    return polygons;
}

void polygons_close(struct polygons *polygons)
{
    if (polygons == NULL)
        return;
    if (polygons->structure != NULL)
        GEOSMakeValidParams_destroy_r(polygons->geos, polygons->structure);
    if (polygons->geos != NULL)
        GEOS_finish_r(polygons->geos);
    free(polygons);
}

/* ---- repair and union ---- */

enum { WHY_LENGTH = 160 };

/* What GEOS says and where, "Self-intersection at 104512.000 502231.000"; 1 when valid, 0 when not,
 * 2 when GEOS failed. */
static char ask_validity(struct polygons *polygons, const GEOSGeometry *area, char why[WHY_LENGTH])
{
    char *reason = NULL;
    GEOSGeometry *place = NULL;
    double x = NAN, y = NAN;
    char valid = GEOSisValidDetail_r(polygons->geos, area, 0, &reason, &place);
    if (valid == 0) {
        if (place != NULL) {
            GEOSGeomGetX_r(polygons->geos, place, &x);
            GEOSGeomGetY_r(polygons->geos, place, &y);
        }
        snprintf(why, WHY_LENGTH, "%.100s at %.3f %.3f", reason != NULL ? reason : "invalid", x, y);
    }
    if (reason != NULL)
        GEOSFree_r(polygons->geos, reason);
    polygons_drop(polygons, place);
    return valid;
}

static bool mend(struct shape *shape, struct polygons *polygons, GEOSGeometry *area,
                 const struct nest *nest, struct error *error)
{
    GEOSGeometry *valid = polygons_made_valid(polygons, area, &nest->rings, error);
    bool done = valid != NULL && polygons_to_shape(shape, polygons, valid, error);
    polygons_drop(polygons, valid);
    return done;
}

static void take_rings(struct shape *shape, struct nest *nest)
{
    shape_free(shape);
    *shape = nest->rings;
    nest->rings = (struct shape){0};
}

bool polygons_repair(struct polygons *polygons, struct shape *shape, char why[WHY_LENGTH],
                     struct error *error)
{
    struct nest nest;
    why[0] = '\0';
    if (!nest_new(&nest, polygons, shape, error))
        return false;
    if (nest.dropped)
        snprintf(why, WHY_LENGTH, "Ring of fewer than three corners");
    GEOSGeometry *area = polygons_of_nest(polygons, &nest, error);
    bool done = area != NULL;
    char valid = done ? ask_validity(polygons, area, why) : (char)2;
    if (done && valid == 0) {
        done = mend(shape, polygons, area, &nest, error);
        area = NULL; /* taken over */
    } else if (done && valid == 1)
        take_rings(shape, &nest);
    else if (done)
        done = polygons_failed(polygons, error);
    polygons_drop(polygons, area);
    nest_free(&nest);
    return done;
}

bool polygons_union(struct polygons *polygons, struct shape *into, const struct shape *shapes,
                    size_t count, struct error *error)
{
    struct gathered gathered = {0};
    GEOSGeometry *whole = NULL;
    bool done = true;
    for (size_t i = 0; done && i < count; i++) {
        GEOSGeometry *area = polygons_of_shape(polygons, &shapes[i], error);
        done = area != NULL && gather(&gathered, polygons, area, error);
    }
    if (done)
        whole = gathered_union(&gathered, polygons, error);
    done = whole != NULL && polygons_to_shape(into, polygons, whole, error);
    polygons_drop(polygons, whole);
    gathered_free(&gathered, polygons);
    return done;
}

double polygons_area(const struct shape *shape)
{
    double area2 = 0;
    for (size_t r = 0; r < shape->ring_count; r++)
        area2 += shape_ring_area2(shape, r);
    return area2 / 2;
}

/* ---- outlines ---- */

static const double LEAST_BUFFER_M = 1; /* corners of the hull are incidents' own places */
enum { TICKS_PER_BUFFER = 8 };          /* points are first moved to a lattice so fine */
enum { TICKS_MOST = 20000 };            /* hulls of more would take a second */
enum { QUADRANT_SIDES = 8 };

/* A place on the lattice. */
struct tick {
    int64_t x, y;
};

struct ticks {
    struct tick *items;
    size_t count;
    double step_m;
};

static int compare_ticks(const void *left, const void *right)
{
    const struct tick *a = left, *b = right;
    if (a->x != b->x)
        return a->x < b->x ? -1 : 1;
    return a->y < b->y ? -1 : a->y > b->y;
}

static void keep_one_of_each(struct ticks *ticks)
{
    size_t kept = 0;
    qsort(ticks->items, ticks->count, sizeof *ticks->items, compare_ticks);
    for (size_t i = 0; i < ticks->count; i++)
        if (kept == 0 || compare_ticks(&ticks->items[kept - 1], &ticks->items[i]) != 0)
            ticks->items[kept++] = ticks->items[i];
    ticks->count = kept;
}

static int64_t halved(int64_t tick)
{
    return tick >= 0 ? tick / 2 : -((1 - tick) / 2);
}

/* So that the cost depends on the place's size, not on the number of incidents. */
static bool thin(struct ticks *ticks, const double *x, const double *y, size_t count,
                 struct error *error)
{
    if (!array_new_raw(&ticks->items, count, sizeof *ticks->items, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        double across = floor(x[i] / ticks->step_m), up = floor(y[i] / ticks->step_m);
        if (!(fabs(across) < 1e15 && fabs(up) < 1e15))
            return error_set(error, ERROR_DATA, "an outline cannot hold a point at %g, %g", x[i],
                             y[i]);
        ticks->items[i] = (struct tick){(int64_t)across, (int64_t)up};
    }
    ticks->count = count;
    for (keep_one_of_each(ticks); ticks->count > TICKS_MOST; keep_one_of_each(ticks)) {
        ticks->step_m *= 2;
        for (size_t i = 0; i < ticks->count; i++)
            ticks->items[i] = (struct tick){halved(ticks->items[i].x), halved(ticks->items[i].y)};
    }
    return true;
}

static GEOSGeometry *tick_points(struct polygons *polygons, const struct ticks *ticks,
                                 struct error *error)
{
    GEOSGeometry **points, *all = NULL;
    size_t made = 0;
    if (!array_new(&points, ticks->count, sizeof(GEOSGeometry *), error))
        return NULL;
    for (; made < ticks->count; made++) {
        double x = ((double)ticks->items[made].x + 0.5) * ticks->step_m;
        double y = ((double)ticks->items[made].y + 0.5) * ticks->step_m;
        points[made] = GEOSGeom_createPointFromXY_r(polygons->geos, x, y);
        if (points[made] == NULL)
            break;
    }
    if (made == ticks->count)
        all = GEOSGeom_createCollection_r(polygons->geos, GEOS_MULTIPOINT, points, (unsigned)made);
    else
        while (made > 0)
            GEOSGeom_destroy_r(polygons->geos, points[--made]);
    array_free(&points);
    if (all == NULL)
        polygons_failed(polygons, error);
    return all;
}

struct lengths {
    double least, most;
};

/* The lengths between points that are each other's neighbours (Delaunay). */
static bool neighbour_lengths(struct lengths *lengths, struct polygons *polygons,
                              const GEOSGeometry *points)
{
    GEOSContextHandle_t geos = polygons->geos;
    GEOSGeometry *lines = GEOSDelaunayTriangulation_r(geos, points, 0, 1);
    int count = lines != NULL ? GEOSGetNumGeometries_r(geos, lines) : 0;
    *lengths = (struct lengths){INFINITY, 0};
    for (int i = 0; i < count; i++) {
        double length;
        if (GEOSLength_r(geos, GEOSGetGeometryN_r(geos, lines, i), &length) == 0)
            continue;
        lengths->least = fmin(lengths->least, length);
        lengths->most = fmax(lengths->most, length);
    }
    polygons_drop(polygons, lines);
    return lengths->most > 0;
}

/* The concave hull whose sides are no longer than `longest_m` where that keeps it in one piece;
 * GEOS wants that as a share of the way from the shortest to the longest. */
static GEOSGeometry *hull_of(struct polygons *polygons, const GEOSGeometry *points,
                             double longest_m)
{
    GEOSContextHandle_t geos = polygons->geos;
    struct lengths lengths;
    GEOSGeometry *convex = GEOSConvexHull_r(geos, points);
    if (convex == NULL || GEOSGeomTypeId_r(geos, convex) != GEOS_POLYGON
        || !neighbour_lengths(&lengths, polygons, points) || lengths.most <= longest_m)
        return convex;
    double ratio = (longest_m - lengths.least) / (lengths.most - lengths.least);
    GEOSGeometry *hull = GEOSConcaveHull_r(geos, points, fmin(fmax(ratio, 0), 1), 0);
    if (hull == NULL || GEOSGeomTypeId_r(geos, hull) != GEOS_POLYGON) {
        polygons_drop(polygons, hull);
        return convex;
    }
    GEOSGeom_destroy_r(geos, convex);
    return hull;
}

/* The outer ring alone, on whole decimetres. */
static bool take_outline(struct shape *outline, struct polygons *polygons,
                         const GEOSGeometry *widened, struct error *error)
{
    GEOSGeometry *rounded = GEOSGeom_setPrecision_r(polygons->geos, widened, 0.1, 0);
    bool done = rounded != NULL ? polygons_to_shape(outline, polygons, rounded, error)
                                : polygons_failed(polygons, error);
    polygons_drop(polygons, rounded);
    if (!done || outline->ring_count == 0)
        return done;
    outline->ring_count = 1;
    outline->point_count = outline->ring_starts[1];
    for (size_t i = 0; i < outline->point_count; i++) {
        outline->x[i] = round(outline->x[i] * 10) / 10;
        outline->y[i] = round(outline->y[i] * 10) / 10;
    }
    return true;
}

static bool draw_around(struct shape *outline, struct polygons *polygons, const struct ticks *ticks,
                        double buffer_m, struct error *error)
{
    GEOSGeometry *points = tick_points(polygons, ticks, error);
    if (points == NULL)
        return false;
    GEOSGeometry *hull = hull_of(polygons, points, 4 * buffer_m);
    /* A coarser lattice has moved points further, by half a diagonal. */
    double moved_m = ticks->step_m * TICKS_PER_BUFFER > buffer_m * 1.5 ? ticks->step_m * 0.71 : 0;
    GEOSGeometry *widened =
        hull != NULL ? GEOSBuffer_r(polygons->geos, hull, buffer_m + moved_m, QUADRANT_SIDES)
                     : NULL;
    bool done = widened != NULL ? take_outline(outline, polygons, widened, error)
                                : polygons_failed(polygons, error);
    polygons_drop(polygons, points);
    polygons_drop(polygons, hull);
    polygons_drop(polygons, widened);
    return done;
}

bool polygons_outline(struct polygons *polygons, struct shape *outline, const double *x,
                      const double *y, size_t count, double buffer_m, struct error *error)
{
    double buffer = buffer_m > LEAST_BUFFER_M ? buffer_m : LEAST_BUFFER_M;
    struct ticks ticks = {.step_m = buffer / TICKS_PER_BUFFER};
    bool done = thin(&ticks, x, y, count, error);
    shape_free(outline);
    done = done && (count == 0 || draw_around(outline, polygons, &ticks, buffer, error));
    array_free(&ticks.items);
    return done;
}

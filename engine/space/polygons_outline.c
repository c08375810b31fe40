/* The outlines of clusters. */
#include "engine/space/polygons_outline.h"

#include "engine/space/hulls.h"
#include "engine/space/polygons_geos.h"

#include <math.h>
#include <stdlib.h>

static const double LEAST_BUFFER_M = 1; /* corners of the hull are incidents' own places */
enum { TICKS_PER_BUFFER = 8 };          /* points are first moved to a lattice so fine */
enum { LONGEST = 4 * TICKS_PER_BUFFER };
enum { QUADRANT_SIDES = 8 };

/* ---- the hull, widened ---- */

static GEOSCoordSequence *corners_of(struct polygons *polygons, const struct hull *hull,
                                     const struct ticks *ticks)
{
    bool ring = hull->count > 2;
    GEOSCoordSequence *corners =
        GEOSCoordSeq_create_r(polygons->geos, (unsigned)(hull->count + ring), 2);
    for (size_t i = 0; corners != NULL && i < hull->count + ring; i++) {
        struct tick tick = hull->corners[i % hull->count];
        double x = (ticks->x + tick.x + 0.5) * ticks->step_m;
        double y = (ticks->y + tick.y + 0.5) * ticks->step_m;
        GEOSCoordSeq_setXY_r(polygons->geos, corners, (unsigned)i, x, y);
    }
    return corners;
}

static GEOSGeometry *hull_geometry(struct polygons *polygons, const struct hull *hull,
                                   const struct ticks *ticks)
{
    GEOSCoordSequence *corners = corners_of(polygons, hull, ticks);
    if (corners == NULL)
        return NULL;
    if (hull->count == 1)
        return GEOSGeom_createPoint_r(polygons->geos, corners);
    if (hull->count == 2)
        return GEOSGeom_createLineString_r(polygons->geos, corners);
    GEOSGeometry *ring = GEOSGeom_createLinearRing_r(polygons->geos, corners);
    return ring != NULL ? GEOSGeom_createPolygon_r(polygons->geos, ring, NULL, 0) : NULL;
}

static GEOSGeometry *widened(struct polygons *polygons, const struct hull *hull,
                             const struct ticks *ticks, double buffer_m)
{
    GEOSGeometry *shape = hull_geometry(polygons, hull, ticks), *wide = NULL;
    if (shape != NULL)
        wide = GEOSBuffer_r(polygons->geos, shape, buffer_m, QUADRANT_SIDES);
    polygons_drop(polygons, shape);
    return wide;
}

/* ---- on whole decimetres ---- */

/* Leaves out corners that have come to lie on the one before. */
static void round_corners(struct shape *outline)
{
    size_t kept = 0;
    for (size_t i = 0; i < outline->point_count; i++) {
        double x = round(outline->x[i] * 10), y = round(outline->y[i] * 10);
        if (kept > 0 && outline->x[kept - 1] == x && outline->y[kept - 1] == y)
            continue;
        outline->x[kept] = x;
        outline->y[kept++] = y;
    }
    outline->point_count = outline->ring_starts[1] = kept;
}

static void to_metres(struct shape *outline)
{
    for (size_t i = 0; i < outline->point_count; i++) {
        outline->x[i] = round(outline->x[i]) / 10;
        outline->y[i] = round(outline->y[i]) / 10;
    }
}

struct stretch {
    double x_min, x_max, y_min, y_max;
    size_t at; /* of its first corner */
};

static int from_west(const void *left, const void *right)
{
    const struct stretch *a = left, *b = right;
    if (a->x_min != b->x_min)
        return a->x_min < b->x_min ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

/* Exact: the numbers are whole, and their differences far below 2^26. */
static int side_of(const struct shape *ring, size_t line, size_t corner)
{
    double x = ring->x[line], y = ring->y[line];
    double across = (ring->x[line + 1] - x) * (ring->y[corner] - y)
                    - (ring->y[line + 1] - y) * (ring->x[corner] - x);
    return (across > 0) - (across < 0);
}

/* Stretches that follow one another have a corner in common, and must not double back; others must
 * not touch. Their boxes are known to touch. */
static bool in_conflict(const struct shape *ring, size_t a, size_t b)
{
    size_t last = ring->point_count - 2;
    if (a > b) {
        size_t swap = a;
        a = b;
        b = swap;
    }
    if (b == a + 1)
        return side_of(ring, a, b + 1) == 0
               && (ring->x[a] - ring->x[b]) * (ring->x[b + 1] - ring->x[b])
                          + (ring->y[a] - ring->y[b]) * (ring->y[b + 1] - ring->y[b])
                      > 0;
    if (a == 0 && b == last)
        return side_of(ring, b, 1) == 0
               && (ring->x[b] - ring->x[0]) * (ring->x[1] - ring->x[0])
                          + (ring->y[b] - ring->y[0]) * (ring->y[1] - ring->y[0])
                      > 0;
    return side_of(ring, a, b) * side_of(ring, a, b + 1) <= 0
           && side_of(ring, b, a) * side_of(ring, b, a + 1) <= 0;
}

/* Sweeps from west to east over stretches in that order; `open` holds those not yet passed. */
static bool none_meet(const struct stretch *stretches, size_t count, const struct shape *ring,
                      size_t *open)
{
    size_t opened = 0;
    for (size_t s = 0; s < count; s++) {
        size_t kept = 0;
        for (size_t o = 0; o < opened; o++) {
            const struct stretch *other = &stretches[open[o]];
            if (other->x_max < stretches[s].x_min)
                continue;
            open[kept++] = open[o];
            if (other->y_min <= stretches[s].y_max && stretches[s].y_min <= other->y_max
                && in_conflict(ring, other->at, stretches[s].at))
                return false;
        }
        open[kept] = s;
        opened = kept + 1;
    }
    return true;
}

/* Whether the ring still is one after rounding, which may have pushed two sides together. */
static bool is_simple(bool *simple, const struct shape *ring, struct error *error)
{
    struct stretch *stretches = NULL;
    size_t *open = NULL, count = ring->point_count > 0 ? ring->point_count - 1 : 0;
    bool done = array_new_raw(&stretches, count, sizeof *stretches, error)
                && array_new_raw(&open, count, sizeof *open, error);
    if (done) {
        for (size_t i = 0; i < count; i++)
            stretches[i] = (struct stretch){
                fmin(ring->x[i], ring->x[i + 1]), fmax(ring->x[i], ring->x[i + 1]),
                fmin(ring->y[i], ring->y[i + 1]), fmax(ring->y[i], ring->y[i + 1]), i};
        qsort(stretches, count, sizeof *stretches, from_west);
        *simple = count >= 3 && none_meet(stretches, count, ring, open);
    }
    array_free(&stretches);
    array_free(&open);
    return done;
}

static bool take_first_ring(struct shape *outline, struct polygons *polygons,
                            const GEOSGeometry *area, struct error *error)
{
    if (area == NULL)
        return polygons_failed(polygons, error);
    if (!polygons_to_shape(outline, polygons, area, error))
        return false;
    if (outline->ring_count > 0) {
        outline->ring_count = 1;
        outline->point_count = outline->ring_starts[1];
    }
    return true;
}

/* The outer ring alone. GEOS's own rounding mends a ring that is none any more, but takes twice as
 * long as all the rest. */
static bool take_outline(struct shape *outline, struct polygons *polygons, const GEOSGeometry *wide,
                         struct error *error)
{
    bool simple = true;
    if (!take_first_ring(outline, polygons, wide, error))
        return false;
    if (outline->ring_count == 0)
        return true;
    round_corners(outline);
    if (!is_simple(&simple, outline, error))
        return false;
    if (!simple) {
        GEOSGeometry *rounded = GEOSGeom_setPrecision_r(polygons->geos, wide, 0.1, 0);
        bool done = take_first_ring(outline, polygons, rounded, error);
        polygons_drop(polygons, rounded);
        if (!done || outline->ring_count == 0)
            return done;
        for (size_t i = 0; i < outline->point_count; i++) {
            outline->x[i] *= 10;
            outline->y[i] *= 10;
        }
    }
    to_metres(outline);
    return true;
}

static bool trace(struct hull *hull, struct ticks *ticks, struct error *error)
{
    return ticks_drop_hidden(ticks, LONGEST / 2, error) && ticks_sort(ticks, error)
           && hull_trace(hull, ticks, (int64_t)LONGEST * LONGEST, error);
}

bool polygons_outline(struct polygons *polygons, struct shape *outline,
                      const struct outlined *outlined, struct error *error)
{
    double buffer_m = outlined->buffer_m > LEAST_BUFFER_M ? outlined->buffer_m : LEAST_BUFFER_M;
    const struct tick_lattice lattice = {outlined->grid, buffer_m / TICKS_PER_BUFFER};
    struct ticks ticks = {0};
    struct hull hull = {0};
    shape_free(outline);
    if (outlined->points.count == 0)
        return true;
    bool done = polygons_ready(polygons, error)
                && ticks_new(&ticks, &outlined->points, &lattice, error)
                && trace(&hull, &ticks, error);
    if (done) {
        GEOSGeometry *wide = widened(polygons, &hull, &ticks, buffer_m);
        done = take_outline(outline, polygons, wide, error);
        polygons_drop(polygons, wide);
    }
    ticks_free(&ticks);
    hull_free(&hull);
    return done;
}

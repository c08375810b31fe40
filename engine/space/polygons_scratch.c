/* Steps with GEOS that need no look at the error each time. */
#include "engine/space/polygons_scratch.h"

static const double MITRE_LIMIT = 5;

GEOSGeometry *scratch_keep(struct scratch *scratch, GEOSGeometry *geometry)
{
    struct capacity capacity = {scratch->made.capacity, sizeof *scratch->made.items};
    if (scratch->failed || geometry == NULL
        || !array_reserve(&scratch->made.items, &capacity, scratch->made.count + 1,
                          scratch->error)) {
        if (!scratch->failed && geometry == NULL)
            polygons_failed(scratch->polygons, scratch->error);
        polygons_drop(scratch->polygons, geometry);
        scratch->failed = true;
        return NULL;
    }
    scratch->made.capacity = capacity.held;
    scratch->made.items[scratch->made.count++] = geometry;
    return geometry;
}

void scratch_clear(struct scratch *scratch)
{
    while (scratch->made.count > 0)
        polygons_drop(scratch->polygons, scratch->made.items[--scratch->made.count]);
}

bool scratch_is_empty(struct scratch *scratch, const GEOSGeometry *geometry)
{
    return scratch->failed || GEOSisEmpty_r(scratch->polygons->geos, geometry) != 0;
}

GEOSGeometry *scratch_only(struct scratch *scratch, GEOSGeometry *mixed, int dimension)
{
    GEOSContextHandle_t geos = scratch->polygons->geos;
    struct gathered parts = {0};
    bool done = mixed != NULL && !scratch->failed;
    if (!done || GEOSGeomTypeId_r(geos, mixed) != GEOS_GEOMETRYCOLLECTION)
        return mixed;
    int count = GEOSGetNumGeometries_r(geos, mixed);
    for (int i = 0; done && i < count; i++) {
        const GEOSGeometry *part = GEOSGetGeometryN_r(geos, mixed, i);
        if (GEOSGeom_getDimensions_r(geos, part) == dimension)
            done = gather(&parts, scratch->polygons, GEOSGeom_clone_r(geos, part), scratch->error);
    }
    GEOSGeometry *whole = done ? GEOSGeom_createCollection_r(
                              geos, dimension == 1 ? GEOS_MULTILINESTRING : GEOS_MULTIPOLYGON,
                              parts.items, (unsigned)parts.count)
                               : NULL;
    if (done)
        parts.count = 0; /* taken over */
    gathered_free(&parts, scratch->polygons);
    return scratch_keep(scratch, whole);
}

GEOSGeometry *scratch_common(struct scratch *scratch, const GEOSGeometry *a, const GEOSGeometry *b,
                             int dimension)
{
    if (scratch->failed)
        return NULL;
    return scratch_only(scratch,
                        scratch_keep(scratch, GEOSIntersection_r(scratch->polygons->geos, a, b)),
                        dimension);
}

GEOSGeometry *scratch_without(struct scratch *scratch, const GEOSGeometry *a, const GEOSGeometry *b)
{
    return scratch->failed ? NULL
                           : scratch_keep(scratch, GEOSDifference_r(scratch->polygons->geos, a, b));
}

GEOSGeometry *scratch_together(struct scratch *scratch, const GEOSGeometry *a,
                               const GEOSGeometry *b)
{
    return scratch->failed ? NULL
                           : scratch_keep(scratch, GEOSUnion_r(scratch->polygons->geos, a, b));
}

GEOSGeometry *scratch_around(struct scratch *scratch, const GEOSGeometry *geometry, double by_m,
                             int quadrant_sides)
{
    if (scratch->failed)
        return NULL;
    return scratch_keep(scratch,
                        GEOSBuffer_r(scratch->polygons->geos, geometry, by_m, quadrant_sides));
}

GEOSGeometry *scratch_mitred(struct scratch *scratch, const GEOSGeometry *geometry, double by_m)
{
    if (scratch->failed)
        return NULL;
    return scratch_keep(scratch, GEOSBufferWithStyle_r(scratch->polygons->geos, geometry, by_m,
                                                       SCRATCH_QUADRANT_SIDES, GEOSBUF_CAP_FLAT,
                                                       GEOSBUF_JOIN_MITRE, MITRE_LIMIT));
}

double scratch_area(struct scratch *scratch, const GEOSGeometry *geometry)
{
    double area = 0;
    if (!scratch->failed && GEOSArea_r(scratch->polygons->geos, geometry, &area) == 0)
        scratch->failed = !polygons_failed(scratch->polygons, scratch->error);
    return area;
}

double scratch_length(struct scratch *scratch, const GEOSGeometry *geometry)
{
    double length = 0;
    if (!scratch->failed && GEOSLength_r(scratch->polygons->geos, geometry, &length) == 0)
        scratch->failed = !polygons_failed(scratch->polygons, scratch->error);
    return length;
}

bool scratch_within(struct scratch *scratch, const GEOSGeometry *a, const GEOSGeometry *b,
                    double distance_m)
{
    return !scratch->failed && GEOSDistanceWithin_r(scratch->polygons->geos, a, b, distance_m) == 1;
}

double scratch_width(struct scratch *scratch, const GEOSGeometry *polygons)
{
    double widest = 0;
    int count = scratch->failed ? 0 : GEOSGetNumGeometries_r(scratch->polygons->geos, polygons);
    for (int i = 0; i < count && !scratch->failed; i++) {
        const GEOSGeometry *part = GEOSGetGeometryN_r(scratch->polygons->geos, polygons, i);
        double around = scratch_length(scratch, part);
        double width = around > 0 ? 2 * scratch_area(scratch, part) / around : 0;
        widest = width > widest ? width : widest;
    }
    return widest;
}

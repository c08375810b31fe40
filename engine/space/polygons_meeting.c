/* Where two jurisdictions meet: the line between them, and the slivers along it that are nobody's.
 */
#include "engine/space/polygons_meeting.h"

static const double TOUCHING_M = 0.001;     /* what the grid's rounding may part */
static const double SLIVER_LEAST_M2 = 1e-3; /* less is rounding */
static const double HOOK_M = 0.002;         /* what TOUCHING_M leaves at the ends of lines */
static const double LINE_LEAST_M = 0.05;    /* shorter lines are two corners that touch */

enum { ROUGH_SIDES = 2 };

/* ---- the jurisdictions ---- */

static bool boxes_meet(struct box a, struct box b)
{
    return a.x_min <= b.x_max && b.x_min <= a.x_max && a.y_min <= b.y_max && b.y_min <= a.y_max;
}

bool land_open(struct land *land, struct error *error)
{
    const struct jurisdictions *jurisdictions = land->jurisdictions;
    double wide = land->tolerance_m;
    if (!polygons_ready(land->polygons, error)
        || !array_new(&land->items, jurisdictions->count, sizeof *land->items, error)
        || !array_new(&land->boxes, jurisdictions->count, sizeof *land->boxes, error)
        || !array_new(&land->wide, jurisdictions->count, sizeof *land->wide, error))
        return false;
    for (size_t i = 0; i < jurisdictions->count; i++) {
        struct box box = shape_box(&jurisdictions->items[i].shape);
        land->boxes[i] = box;
        land->wide[i] =
            (struct box){box.x_min - wide, box.y_min - wide, box.x_max + wide, box.y_max + wide};
    }
    return true;
}

void land_free(struct land *land)
{
    for (size_t i = 0; land->items != NULL && i < land->jurisdictions->count; i++) {
        struct territory *territory = &land->items[i];
        if (territory->prepared != NULL)
            GEOSPreparedGeom_destroy_r(land->polygons->geos, territory->prepared);
        polygons_drop(land->polygons, territory->area);
        polygons_drop(land->polygons, territory->outline);
        polygons_drop(land->polygons, territory->touched);
        polygons_drop(land->polygons, territory->reached);
    }
    array_free(&land->items);
    array_free(&land->boxes);
    array_free(&land->wide);
}

static bool settle(struct territory *territory, const struct land *land, struct error *error)
{
    GEOSContextHandle_t geos = land->polygons->geos;
    const struct shape *shape = &land->jurisdictions->items[territory->number].shape;
    territory->area = polygons_of_shape(land->polygons, shape, error);
    if (territory->area == NULL)
        return false;
    if (GEOSisEmpty_r(geos, territory->area) != 0)
        return true;
    territory->outline = GEOSBoundary_r(geos, territory->area);
    territory->touched = GEOSBuffer_r(geos, territory->area, TOUCHING_M, ROUGH_SIDES);
    territory->reached =
        GEOSBuffer_r(geos, territory->area, land->tolerance_m, SCRATCH_QUADRANT_SIDES);
    territory->prepared = GEOSPrepare_r(geos, territory->area);
    return (territory->outline != NULL && territory->touched != NULL && territory->reached != NULL
            && territory->prepared != NULL)
           || polygons_failed(land->polygons, error);
}

const struct territory *land_territory(const struct land *land, size_t number, struct error *error)
{
    struct territory *territory = &land->items[number];
    territory->number = number;
    return territory->area != NULL || settle(territory, land, error) ? territory : NULL;
}

bool land_may_meet(const struct land *land, size_t a, size_t b)
{
    return boxes_meet(land->wide[a], land->boxes[b]);
}

bool pair_is_near(const struct pair *pair)
{
    return pair->a->outline != NULL && pair->b->outline != NULL
           && GEOSPreparedIntersects_r(pair->land->polygons->geos, pair->a->prepared,
                                       pair->b->reached)
                  == 1;
}

/* ---- a pair ---- */

static struct box box_around(struct scratch *scratch, const GEOSGeometry *geometry)
{
    GEOSContextHandle_t geos = scratch->polygons->geos;
    struct box box = {0};
    if (GEOSGeom_getXMin_r(geos, geometry, &box.x_min) == 0
        || GEOSGeom_getYMin_r(geos, geometry, &box.y_min) == 0
        || GEOSGeom_getXMax_r(geos, geometry, &box.x_max) == 0
        || GEOSGeom_getYMax_r(geos, geometry, &box.y_max) == 0)
        scratch->failed = !polygons_failed(scratch->polygons, scratch->error);
    return box;
}

/* What of the slivers nobody else has. */
static GEOSGeometry *less_others(struct scratch *scratch, const struct pair *pair,
                                 GEOSGeometry *slivers)
{
    if (scratch->failed || scratch_is_empty(scratch, slivers))
        return slivers;
    struct box around = box_around(scratch, slivers);
    for (size_t i = 0; i < pair->land->jurisdictions->count && !scratch->failed; i++) {
        if (i == pair->a->number || i == pair->b->number
            || !boxes_meet(around, pair->land->boxes[i]))
            continue;
        const struct territory *other = land_territory(pair->land, i, scratch->error);
        if (other == NULL)
            scratch->failed = true;
        else
            slivers = scratch_without(scratch, slivers, other->area);
    }
    return scratch->failed ? NULL : scratch_only(scratch, slivers, 2);
}

/* Of the parts of `filled`, those that lie between the two sides and not in a bay of one. */
static GEOSGeometry *between(struct scratch *scratch, GEOSGeometry *filled,
                             const GEOSGeometry *side_a, const GEOSGeometry *side_b)
{
    GEOSContextHandle_t geos = scratch->polygons->geos;
    struct gathered parts = {0};
    if (scratch->failed)
        return NULL;
    int count = GEOSGetNumGeometries_r(geos, filled);
    for (int i = 0; i < count && !scratch->failed; i++) {
        const GEOSGeometry *part = GEOSGetGeometryN_r(geos, filled, i);
        if (scratch_area(scratch, part) < SLIVER_LEAST_M2
            || !scratch_within(scratch, part, side_a, TOUCHING_M)
            || !scratch_within(scratch, part, side_b, TOUCHING_M))
            continue;
        scratch->failed =
            scratch->failed
            || !gather(&parts, scratch->polygons, GEOSGeom_clone_r(geos, part), scratch->error);
    }
    GEOSGeometry *whole = gathered_union(&parts, scratch->polygons, scratch->error);
    scratch->failed = scratch->failed || whole == NULL;
    return scratch_keep(scratch, whole);
}

/* The slivers along `loose`, the part of a's outline that is near b but does not touch it: what
 * closing (widening both and narrowing again) fills. Only the surroundings are worked on. */
static GEOSGeometry *slivers_along(struct scratch *scratch, const struct pair *pair,
                                   const GEOSGeometry *loose)
{
    double tolerance_m = pair->land->tolerance_m;
    GEOSGeometry *window = scratch_around(scratch, loose, 2 * tolerance_m, ROUGH_SIDES);
    GEOSGeometry *side_a = scratch_common(scratch, window, pair->a->area, 2);
    GEOSGeometry *side_b = scratch_common(scratch, window, pair->b->area, 2);
    GEOSGeometry *sides = scratch_together(scratch, side_a, side_b);
    GEOSGeometry *closed =
        scratch_mitred(scratch, scratch_mitred(scratch, sides, tolerance_m / 2), -tolerance_m / 2);
    GEOSGeometry *filled =
        scratch_common(scratch, scratch_without(scratch, closed, sides),
                       scratch_around(scratch, loose, tolerance_m, SCRATCH_QUADRANT_SIDES), 2);
    return less_others(scratch, pair, between(scratch, filled, side_a, side_b));
}

/* The part of a's outline that faces b, or lies in it; the meeting's gap is what lies between. */
static GEOSGeometry *line_towards(struct meeting *meeting, struct scratch *scratch,
                                  const struct pair *pair)
{
    GEOSGeometry *near = scratch_common(scratch, pair->a->outline, pair->b->reached, 1);
    GEOSGeometry *line = scratch_common(scratch, near, pair->b->touched, 1);
    GEOSGeometry *loose = scratch_without(scratch, near, pair->b->touched);
    if (scratch_is_empty(scratch, loose))
        return line;
    GEOSGeometry *slivers = slivers_along(scratch, pair, loose);
    if (scratch_is_empty(scratch, slivers))
        return line;
    meeting->gap_m2 = scratch_area(scratch, slivers);
    meeting->gap_width_m = scratch_width(scratch, slivers);
    GEOSGeometry *facing = scratch_common(
        scratch, loose, scratch_around(scratch, slivers, TOUCHING_M, ROUGH_SIDES), 1);
    return scratch_together(scratch, line, facing);
}

/* The lines joined end to end, without those that are too short to be more than a touch. */
static GEOSGeometry *joined(struct scratch *scratch, const GEOSGeometry *lines)
{
    GEOSContextHandle_t geos = scratch->polygons->geos;
    struct gathered parts = {0};
    if (scratch->failed)
        return NULL;
    GEOSGeometry *merged = scratch_keep(scratch, GEOSLineMerge_r(geos, lines));
    if (merged != NULL)
        merged = scratch_keep(scratch, GEOSSimplify_r(geos, merged, HOOK_M));
    int count = merged != NULL ? GEOSGetNumGeometries_r(geos, merged) : 0;
    for (int i = 0; i < count && !scratch->failed; i++) {
        const GEOSGeometry *part = GEOSGetGeometryN_r(geos, merged, i);
        if (scratch_length(scratch, part) < LINE_LEAST_M)
            continue;
        scratch->failed =
            scratch->failed
            || !gather(&parts, scratch->polygons, GEOSGeom_clone_r(geos, part), scratch->error);
    }
    GEOSGeometry *whole = scratch->failed
                              ? NULL
                              : GEOSGeom_createCollection_r(geos, GEOS_MULTILINESTRING, parts.items,
                                                            (unsigned)parts.count);
    if (whole != NULL)
        parts.count = 0; /* taken over */
    gathered_free(&parts, scratch->polygons);
    return scratch_keep(scratch, whole);
}

bool pair_meet(struct meeting *meeting, struct scratch *scratch, const struct pair *pair)
{
    *meeting = (struct meeting){0};
    GEOSGeometry *line = line_towards(meeting, scratch, pair);
    if (scratch_is_empty(scratch, line)) { /* b may lie within a */
        struct pair turned = {pair->land, pair->b, pair->a};
        line = line_towards(meeting, scratch, &turned);
    }
    meeting->line = joined(scratch, line);
    return !scratch->failed;
}

/* Where jurisdictions meet: the shared border as lines, and what is wrong along it. */
#include "engine/space/polygons_borders.h"

#include "engine/space/polygons_geos.h"

#include <math.h>
#include <stdlib.h>

static const double TOUCHING_M = 0.001;     /* what the grid's rounding may part */
static const double SLIVER_LEAST_M2 = 1e-3; /* less is rounding */
static const double HOOK_M = 0.002;         /* what TOUCHING_M leaves at the ends of lines */
static const double LINE_LEAST_M = 0.05;    /* shorter lines are two corners that touch */
static const double MITRE_LIMIT = 5;

enum { QUADRANT_SIDES = 8, ROUGH_SIDES = 2 };

/* ---- steps that need no look at the error each time ---- */

/* Owns what the steps make; once one fails, the others give NULL at once. */
struct scratch {
    struct polygons *polygons;
    struct gathered made;
    struct error *error;
    bool failed;
};

static GEOSGeometry *kept(struct scratch *scratch, GEOSGeometry *geometry)
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

static void scratch_empty(struct scratch *scratch)
{
    while (scratch->made.count > 0)
        polygons_drop(scratch->polygons, scratch->made.items[--scratch->made.count]);
}

static bool is_empty(struct scratch *scratch, const GEOSGeometry *geometry)
{
    return scratch->failed || GEOSisEmpty_r(scratch->polygons->geos, geometry) != 0;
}

/* The lines (1) or polygons (2) of a mixed answer, which GEOS itself takes no further. */
static GEOSGeometry *only(struct scratch *scratch, GEOSGeometry *mixed, int dimension)
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
    return kept(scratch, whole);
}

static GEOSGeometry *common(struct scratch *scratch, const GEOSGeometry *a, const GEOSGeometry *b,
                            int dimension)
{
    if (scratch->failed)
        return NULL;
    return only(scratch, kept(scratch, GEOSIntersection_r(scratch->polygons->geos, a, b)),
                dimension);
}

static GEOSGeometry *without(struct scratch *scratch, const GEOSGeometry *a, const GEOSGeometry *b)
{
    return scratch->failed ? NULL : kept(scratch, GEOSDifference_r(scratch->polygons->geos, a, b));
}

static GEOSGeometry *together(struct scratch *scratch, const GEOSGeometry *a, const GEOSGeometry *b)
{
    return scratch->failed ? NULL : kept(scratch, GEOSUnion_r(scratch->polygons->geos, a, b));
}

static GEOSGeometry *around(struct scratch *scratch, const GEOSGeometry *geometry, double by_m,
                            int quadrant_sides)
{
    if (scratch->failed)
        return NULL;
    return kept(scratch, GEOSBuffer_r(scratch->polygons->geos, geometry, by_m, quadrant_sides));
}

/* Corners keep their angles, so that going out and back in leaves them where they were. */
static GEOSGeometry *mitred(struct scratch *scratch, const GEOSGeometry *geometry, double by_m)
{
    if (scratch->failed)
        return NULL;
    return kept(scratch,
                GEOSBufferWithStyle_r(scratch->polygons->geos, geometry, by_m, QUADRANT_SIDES,
                                      GEOSBUF_CAP_FLAT, GEOSBUF_JOIN_MITRE, MITRE_LIMIT));
}

static double area_of(struct scratch *scratch, const GEOSGeometry *geometry)
{
    double area = 0;
    if (!scratch->failed && GEOSArea_r(scratch->polygons->geos, geometry, &area) == 0)
        scratch->failed = !polygons_failed(scratch->polygons, scratch->error);
    return area;
}

static double length_of(struct scratch *scratch, const GEOSGeometry *geometry)
{
    double length = 0;
    if (!scratch->failed && GEOSLength_r(scratch->polygons->geos, geometry, &length) == 0)
        scratch->failed = !polygons_failed(scratch->polygons, scratch->error);
    return length;
}

static bool lie_within(struct scratch *scratch, const GEOSGeometry *a, const GEOSGeometry *b,
                       double distance_m)
{
    return !scratch->failed && GEOSDistanceWithin_r(scratch->polygons->geos, a, b, distance_m) == 1;
}

/* ---- the jurisdictions ---- */

struct territory {
    size_t number;
    GEOSGeometry *area, *outline;
    const GEOSPreparedGeometry *prepared; /* the area */
    GEOSGeometry *touched;                /* the area and TOUCHING_M around it */
    GEOSGeometry *reached;                /* the area and the tolerance around it */
};

struct land {
    struct polygons *polygons;
    struct territory *items;
    size_t count;
    double tolerance_m;
    GEOSSTRtree *tree; /* by the boxes of `reached` */
};

static void land_free(struct land *land)
{
    if (land->tree != NULL)
        GEOSSTRtree_destroy_r(land->polygons->geos, land->tree);
    for (size_t i = 0; i < land->count; i++) {
        GEOSPreparedGeom_destroy_r(land->polygons->geos, land->items[i].prepared);
        polygons_drop(land->polygons, land->items[i].area);
        polygons_drop(land->polygons, land->items[i].outline);
        polygons_drop(land->polygons, land->items[i].touched);
        polygons_drop(land->polygons, land->items[i].reached);
    }
    array_free(&land->items);
}

static bool settle(struct territory *territory, const struct land *land, const struct shape *shape,
                   struct error *error)
{
    GEOSContextHandle_t geos = land->polygons->geos;
    territory->area = polygons_of_shape(land->polygons, shape, error);
    if (territory->area == NULL)
        return false;
    if (GEOSisEmpty_r(geos, territory->area) != 0)
        return true;
    territory->outline = GEOSBoundary_r(geos, territory->area);
    territory->touched = GEOSBuffer_r(geos, territory->area, TOUCHING_M, ROUGH_SIDES);
    territory->reached = GEOSBuffer_r(geos, territory->area, land->tolerance_m, QUADRANT_SIDES);
    territory->prepared = GEOSPrepare_r(geos, territory->area);
    if (territory->outline == NULL || territory->touched == NULL || territory->reached == NULL
        || territory->prepared == NULL)
        return polygons_failed(land->polygons, error);
    GEOSSTRtree_insert_r(geos, land->tree, territory->reached, territory);
    return true;
}

static bool land_new(struct land *land, const struct jurisdictions *jurisdictions,
                     struct error *error)
{
    land->tree = GEOSSTRtree_create_r(land->polygons->geos, 10);
    if (land->tree == NULL)
        return polygons_failed(land->polygons, error);
    if (!array_new(&land->items, jurisdictions->count, sizeof *land->items, error))
        return false;
    for (size_t j = 0; j < jurisdictions->count; j++) {
        land->items[j].number = land->count++;
        if (!settle(&land->items[j], land, &jurisdictions->items[j].shape, error))
            return false;
    }
    return true;
}

/* ---- a pair ---- */

struct numbers {
    size_t *items;
    size_t count, capacity, above;
    bool failed;
};

static void note_number(void *item, void *state)
{
    const struct territory *territory = item;
    struct numbers *numbers = state;
    struct capacity capacity = {numbers->capacity, sizeof *numbers->items};
    if (territory->number < numbers->above || numbers->failed)
        return;
    numbers->failed = !array_reserve(&numbers->items, &capacity, numbers->count + 1, NULL);
    if (numbers->failed)
        return;
    numbers->capacity = capacity.held;
    numbers->items[numbers->count++] = territory->number;
}

static int compare_numbers(const void *left, const void *right)
{
    const size_t *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

/* Those from number `above` on whose box meets that of the geometry, in rising order. */
static bool find_near(struct numbers *numbers, const struct land *land, GEOSGeometry *geometry,
                      struct error *error)
{
    GEOSSTRtree_query_r(land->polygons->geos, land->tree, geometry, note_number, numbers);
    if (numbers->failed)
        return error_set(error, ERROR_INTERNAL, "out of memory");
    if (numbers->count > 0)
        qsort(numbers->items, numbers->count, sizeof *numbers->items, compare_numbers);
    return true;
}

struct pair {
    const struct land *land;
    const struct territory *a, *b;
};

/* What of the slivers nobody else has. */
static GEOSGeometry *less_others(struct scratch *scratch, const struct pair *pair,
                                 GEOSGeometry *slivers)
{
    struct numbers near = {0};
    if (scratch->failed || is_empty(scratch, slivers))
        return slivers;
    if (!find_near(&near, pair->land, slivers, scratch->error))
        scratch->failed = true;
    for (size_t i = 0; i < near.count; i++)
        if (near.items[i] != pair->a->number && near.items[i] != pair->b->number)
            slivers = without(scratch, slivers, pair->land->items[near.items[i]].area);
    array_free(&near.items);
    return scratch->failed ? NULL : only(scratch, slivers, 2);
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
        if (area_of(scratch, part) < SLIVER_LEAST_M2
            || !lie_within(scratch, part, side_a, TOUCHING_M)
            || !lie_within(scratch, part, side_b, TOUCHING_M))
            continue;
        scratch->failed =
            scratch->failed
            || !gather(&parts, scratch->polygons, GEOSGeom_clone_r(geos, part), scratch->error);
    }
    GEOSGeometry *whole = gathered_union(&parts, scratch->polygons, scratch->error);
    scratch->failed = scratch->failed || whole == NULL;
    return kept(scratch, whole);
}

/* The slivers along `loose`, the part of a's outline that is near b but does not touch it: what
 * closing (widening both and narrowing again) fills. Only the surroundings are worked on. */
static GEOSGeometry *slivers_along(struct scratch *scratch, const struct pair *pair,
                                   const GEOSGeometry *loose)
{
    double tolerance_m = pair->land->tolerance_m;
    GEOSGeometry *window = around(scratch, loose, 2 * tolerance_m, ROUGH_SIDES);
    GEOSGeometry *side_a = common(scratch, window, pair->a->area, 2);
    GEOSGeometry *side_b = common(scratch, window, pair->b->area, 2);
    GEOSGeometry *sides = together(scratch, side_a, side_b);
    GEOSGeometry *closed =
        mitred(scratch, mitred(scratch, sides, tolerance_m / 2), -tolerance_m / 2);
    GEOSGeometry *filled = common(scratch, without(scratch, closed, sides),
                                  around(scratch, loose, tolerance_m, QUADRANT_SIDES), 2);
    return less_others(scratch, pair, between(scratch, filled, side_a, side_b));
}

/* The part of a's outline that faces b, or lies in it; *gap_m2 is what lies between. */
static GEOSGeometry *line_towards(double *gap_m2, struct scratch *scratch, const struct pair *pair)
{
    GEOSGeometry *near = common(scratch, pair->a->outline, pair->b->reached, 1);
    GEOSGeometry *line = common(scratch, near, pair->b->touched, 1);
    GEOSGeometry *loose = without(scratch, near, pair->b->touched);
    if (is_empty(scratch, loose))
        return line;
    GEOSGeometry *slivers = slivers_along(scratch, pair, loose);
    if (is_empty(scratch, slivers))
        return line;
    *gap_m2 = area_of(scratch, slivers);
    GEOSGeometry *facing =
        common(scratch, loose, around(scratch, slivers, TOUCHING_M, ROUGH_SIDES), 1);
    return together(scratch, line, facing);
}

/* The lines joined end to end, without those that are too short to be more than a touch. */
static GEOSGeometry *joined(struct scratch *scratch, const GEOSGeometry *lines)
{
    GEOSContextHandle_t geos = scratch->polygons->geos;
    struct gathered parts = {0};
    if (scratch->failed)
        return NULL;
    GEOSGeometry *merged = kept(scratch, GEOSLineMerge_r(geos, lines));
    if (merged != NULL)
        merged = kept(scratch, GEOSSimplify_r(geos, merged, HOOK_M));
    int count = merged != NULL ? GEOSGetNumGeometries_r(geos, merged) : 0;
    for (int i = 0; i < count && !scratch->failed; i++) {
        const GEOSGeometry *part = GEOSGetGeometryN_r(geos, merged, i);
        if (length_of(scratch, part) < LINE_LEAST_M)
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
    return kept(scratch, whole);
}

struct meeting {
    GEOSGeometry *line; /* of the scratch */
    double gap_m2;
};

static bool meet(struct meeting *meeting, struct scratch *scratch, const struct pair *pair)
{
    *meeting = (struct meeting){0};
    GEOSGeometry *line = line_towards(&meeting->gap_m2, scratch, pair);
    if (is_empty(scratch, line)) { /* b may lie within a */
        struct pair turned = {pair->land, pair->b, pair->a};
        line = line_towards(&meeting->gap_m2, scratch, &turned);
    }
    meeting->line = joined(scratch, line);
    return !scratch->failed;
}

/* ---- every pair ---- */

typedef bool visit_pair(void *state, const struct pair *pair, struct meeting *meeting,
                        struct scratch *scratch);

struct visitor {
    visit_pair *visit;
    void *state;
};

static bool visit_neighbours(const struct visitor *visitor, struct scratch *scratch,
                             const struct land *land, const struct territory *a)
{
    struct numbers near = {.above = a->number + 1};
    bool done = find_near(&near, land, a->area, scratch->error);
    for (size_t i = 0; done && i < near.count; i++) {
        struct pair pair = {land, a, &land->items[near.items[i]]};
        struct meeting meeting;
        if (GEOSPreparedDistanceWithin_r(land->polygons->geos, a->prepared, pair.b->area,
                                         land->tolerance_m)
            == 1)
            done = meet(&meeting, scratch, &pair)
                   && visitor->visit(visitor->state, &pair, &meeting, scratch);
        scratch_empty(scratch);
    }
    array_free(&near.items);
    return done;
}

static bool visit_pairs(const struct visitor *visitor, struct land *land,
                        const struct jurisdictions *jurisdictions, struct error *error)
{
    struct scratch scratch = {.polygons = land->polygons, .error = error};
    bool done = polygons_ready(land->polygons, error) && land_new(land, jurisdictions, error);
    for (size_t j = 0; done && j < land->count; j++)
        if (land->items[j].outline != NULL)
            done = visit_neighbours(visitor, &scratch, land, &land->items[j]);
    scratch_empty(&scratch);
    gathered_free(&scratch.made, land->polygons);
    land_free(land);
    return done;
}

/* ---- what is wrong ---- */

struct findings {
    struct border_quality *items;
    size_t count, capacity;
};

static void measure(struct border_quality *quality, const struct shape *lines)
{
    size_t segments = 0;
    for (size_t r = 0; r < lines->ring_count; r++)
        for (size_t i = lines->ring_starts[r]; i + 1 < lines->ring_starts[r + 1]; i++) {
            double dx = lines->x[i + 1] - lines->x[i], dy = lines->y[i + 1] - lines->y[i];
            double length_m = sqrt(dx * dx + dy * dy);
            quality->shared_m += length_m;
            quality->longest_straight_m = fmax(quality->longest_straight_m, length_m);
            segments++;
        }
    double corners = (double)(segments + lines->ring_count);
    quality->vertices_per_km = quality->shared_m > 0 ? corners / quality->shared_m * 1000 : NAN;
}

static bool find_wrong(void *state, const struct pair *pair, struct meeting *meeting,
                       struct scratch *scratch)
{
    struct findings *findings = state;
    struct capacity capacity = {findings->capacity, sizeof *findings->items};
    struct shape lines = {0};
    double overlap_m2 = area_of(scratch, common(scratch, pair->a->area, pair->b->area, 2));
    if (scratch->failed
        || !array_reserve(&findings->items, &capacity, findings->count + 1, scratch->error)
        || !polygons_to_lines(&lines, scratch->polygons, meeting->line, scratch->error))
        return false;
    findings->capacity = capacity.held;
    struct border_quality *quality = &findings->items[findings->count++];
    *quality = (struct border_quality){.a = pair->a->number,
                                       .b = pair->b->number,
                                       .overlap_m2 = overlap_m2,
                                       .gap_m2 = meeting->gap_m2,
                                       .along = shape_box(&lines)};
    measure(quality, &lines);
    shape_free(&lines);
    return true;
}

bool polygons_borders(struct polygons *polygons, struct border_qualities *found,
                      const struct border_search *search, struct error *error)
{
    struct findings findings = {0};
    struct land land = {.polygons = polygons, .tolerance_m = search->tolerance_m};
    bool done =
        visit_pairs(&(struct visitor){find_wrong, &findings}, &land, search->jurisdictions, error);
    if (!done) {
        array_free(&findings.items);
        findings.count = 0;
    }
    *found = (struct border_qualities){findings.items, findings.count};
    return done;
}

/* ---- the line to draw ---- */

static bool gather_line(void *state, const struct pair *pair, struct meeting *meeting,
                        struct scratch *scratch)
{
    (void)pair;
    return gather(state, scratch->polygons,
                  GEOSGeom_clone_r(scratch->polygons->geos, meeting->line), scratch->error);
}

bool polygons_shared_border(struct polygons *polygons, struct shape *lines,
                            const struct border_search *search, struct error *error)
{
    struct gathered gathered = {0};
    struct land land = {.polygons = polygons, .tolerance_m = search->tolerance_m};
    GEOSGeometry *whole = NULL, *merged = NULL;
    bool done =
        visit_pairs(&(struct visitor){gather_line, &gathered}, &land, search->jurisdictions, error);
    if (done)
        whole = gathered_union(&gathered, polygons, error);
    if (whole != NULL) {
        merged = GEOSLineMerge_r(polygons->geos, whole);
        done = merged != NULL ? polygons_to_lines(lines, polygons, merged, error)
                              : polygons_failed(polygons, error);
    }
    done = done && whole != NULL;
    polygons_drop(polygons, whole);
    polygons_drop(polygons, merged);
    gathered_free(&gathered, polygons);
    return done;
}

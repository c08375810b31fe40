/* Sorts the rings of a shape into shells and holes, whatever their order and orientation. */
#include "engine/space/polygons_geos.h"
#include "engine/space/polygons_simple.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double FURTHEST = 1e10;       /* beyond any reference system's numbers */
static const size_t LOOKS_MOST = 20000000; /* of one ring at another: about two seconds */
/* GEOS takes the square of these to see that rings within rings are valid. */
static const size_t HELD_MOST = 600000, HELD_MOST_EACH = 4;
enum { SMALL = 64 }; /* sides of a ring that GEOS need not prepare */

static const size_t NO_RING = SIZE_MAX;

/* ---- cleaning ---- */

static bool check_corners(const struct shape *shape, struct error *error)
{
    if (shape->point_count > INT32_MAX / 2)
        return error_set(error, ERROR_DATA,
                         "a polygon has %zu corners; simplify it first, or split it",
                         shape->point_count);
    for (size_t i = 0; i < shape->point_count; i++)
        if (!(fabs(shape->x[i]) <= FURTHEST && fabs(shape->y[i]) <= FURTHEST))
            return error_set(error, ERROR_DATA,
                             "a corner at %g, %g is no place on any map; is the file damaged?",
                             shape->x[i], shape->y[i]);
    return true;
}

static void put_corner(struct shape *into, size_t first, double x, double y)
{
    size_t end = into->point_count;
    if (end > first && into->x[end - 1] == x && into->y[end - 1] == y)
        return;
    into->x[end] = x;
    into->y[end] = y;
    into->point_count++;
}

/* Adds a ring closed and without repeated corners; leaves it out when nothing of it remains. */
static bool put_ring(struct shape *into, const struct shape *from, size_t ring)
{
    size_t start = from->ring_starts[ring], end = from->ring_starts[ring + 1];
    size_t first = into->point_count;
    for (size_t i = start; i < end; i++)
        put_corner(into, first, from->x[i], from->y[i]);
    if (end > start)
        put_corner(into, first, from->x[start], from->y[start]);
    if (into->point_count - first < 4) {
        into->point_count = first;
        return false;
    }
    into->ring_starts[++into->ring_count] = into->point_count;
    return true;
}

static bool clean(struct nest *nest, const struct shape *shape, struct error *error)
{
    if (!check_corners(shape, error)
        || !shape_new(&nest->rings, shape->point_count + shape->ring_count, shape->ring_count,
                      error))
        return false;
    nest->rings.point_count = 0;
    nest->rings.ring_count = 0;
    for (size_t r = 0; r < shape->ring_count; r++)
        nest->dropped |= !put_ring(&nest->rings, shape, r);
    return true;
}

/* ---- who lies in whom ---- */

struct ring {
    size_t number, first, end; /* its corners: first .. end - 1 */
    double area2;              /* twice its area, positive */
    double x, y;               /* a place inside it */
    struct box box;
    GEOSGeometry *polygon;
    const GEOSPreparedGeometry *prepared; /* made when first asked */
    size_t parent;                        /* the smallest ring around it, or NO_RING */
    bool is_hole, orphan;
};

struct nesting {
    struct polygons *polygons;
    const struct shape *shape;
    struct ring *rings;
    size_t count;
    GEOSSTRtree *tree;
    struct ring *asking;
    GEOSGeometry *point;
    size_t looks, held; /* how often a ring was asked about another, and lay in it */
    bool failed;
};

static double least_above(const double *values, size_t count, double floor)
{
    double least = INFINITY;
    for (size_t i = 0; i < count; i++)
        if (values[i] > floor && values[i] < least)
            least = values[i];
    return least;
}

/* A place inside the ring: on a level line between its two lowest heights, halfway between the two
 * leftmost crossings. */
static void find_inside(struct ring *ring, const struct shape *shape)
{
    size_t count = ring->end - ring->first;
    const double *x = shape->x + ring->first, *y = shape->y + ring->first;
    double low = least_above(y, count, -INFINITY), next = least_above(y, count, low);
    double level = isfinite(next) ? low + (next - low) / 2 : low;
    double left = INFINITY, right = INFINITY;
    for (size_t i = 0; i + 1 < count; i++) {
        if ((y[i] > level) == (y[i + 1] > level))
            continue;
        double at = x[i] + (level - y[i]) / (y[i + 1] - y[i]) * (x[i + 1] - x[i]);
        right = fmin(right, fmax(at, left));
        left = fmin(left, at);
    }
    ring->box = box_empty();
    for (size_t i = 0; i < count; i++)
        box_add(&ring->box, x[i], y[i]);
    ring->y = level;
    ring->x = isfinite(right) ? left + (right - left) / 2 : x[0];
}

static GEOSGeometry *ring_line(struct polygons *polygons, const struct shape *shape, size_t ring)
{
    size_t first = shape->ring_starts[ring], count = shape->ring_starts[ring + 1] - first;
    GEOSCoordSequence *corners = GEOSCoordSeq_copyFromArrays_r(
        polygons->geos, shape->x + first, shape->y + first, NULL, NULL, (unsigned)count);
    return corners != NULL ? GEOSGeom_createLinearRing_r(polygons->geos, corners) : NULL;
}

static GEOSGeometry *ring_polygon(struct polygons *polygons, const struct shape *shape, size_t ring)
{
    GEOSGeometry *line = ring_line(polygons, shape, ring);
    return line != NULL ? GEOSGeom_createPolygon_r(polygons->geos, line, NULL, 0) : NULL;
}

static bool larger(const struct ring *a, const struct ring *b)
{
    return a->area2 != b->area2 ? a->area2 > b->area2 : a->number < b->number;
}

static bool box_within(struct box inner, struct box outer)
{
    return inner.x_min >= outer.x_min && inner.x_max <= outer.x_max && inner.y_min >= outer.y_min
           && inner.y_max <= outer.y_max;
}

static bool small_holds(const struct ring *around, const struct shape *shape, double x, double y)
{
    bool inside = false;
    for (size_t i = around->first; i + 1 < around->end; i++) {
        double x0 = shape->x[i], y0 = shape->y[i], x1 = shape->x[i + 1], y1 = shape->y[i + 1];
        if ((y0 > y) != (y1 > y) && x < x0 + (y - y0) / (y1 - y0) * (x1 - x0))
            inside = !inside;
    }
    return inside;
}

static bool holds(struct ring *around, struct nesting *nesting)
{
    GEOSContextHandle_t geos = nesting->polygons->geos;
    const struct ring *asking = nesting->asking;
    if (around->end - around->first <= SMALL)
        return small_holds(around, nesting->shape, asking->x, asking->y);
    if (around->prepared == NULL)
        around->prepared = GEOSPrepare_r(geos, around->polygon);
    char answer = around->prepared != NULL
                      ? GEOSPreparedIntersects_r(geos, around->prepared, nesting->point)
                      : (char)2;
    nesting->failed = nesting->failed || answer > 1;
    return answer == 1;
}

/* Called for each ring whose box holds the asking ring's place. */
static void look(void *item, void *state)
{
    struct nesting *nesting = state;
    struct ring *around = item, *asking = nesting->asking;
    if (nesting->failed || nesting->looks++ > LOOKS_MOST || !larger(around, asking)
        || !box_within(asking->box, around->box) || !holds(around, nesting))
        return;
    nesting->held++;
    asking->is_hole = !asking->is_hole;
    if (asking->parent == NO_RING || larger(&nesting->rings[asking->parent], around))
        asking->parent = around->number;
}

static bool plant(struct nesting *nesting)
{
    const struct shape *shape = nesting->shape;
    nesting->tree = GEOSSTRtree_create_r(nesting->polygons->geos, 10);
    if (nesting->tree == NULL)
        return false;
    for (size_t r = 0; r < nesting->count; r++) {
        struct ring *ring = &nesting->rings[r];
        *ring = (struct ring){.number = r,
                              .first = shape->ring_starts[r],
                              .end = shape->ring_starts[r + 1],
                              .parent = NO_RING};
        ring->area2 = fabs(shape_ring_area2(shape, r));
        find_inside(ring, shape);
        ring->polygon = ring_polygon(nesting->polygons, shape, r);
        if (ring->polygon == NULL)
            return false;
        GEOSSTRtree_insert_r(nesting->polygons->geos, nesting->tree, ring->polygon, ring);
    }
    return true;
}

static bool is_too_much(const struct nesting *nesting)
{
    return nesting->looks > LOOKS_MOST
           || nesting->held > HELD_MOST + HELD_MOST_EACH * nesting->count;
}

static bool ask_all(struct nesting *nesting)
{
    GEOSContextHandle_t geos = nesting->polygons->geos;
    for (size_t r = 0; r < nesting->count && !nesting->failed && !is_too_much(nesting); r++) {
        nesting->asking = &nesting->rings[r];
        nesting->point = GEOSGeom_createPointFromXY_r(geos, nesting->asking->x, nesting->asking->y);
        if (nesting->point == NULL)
            return false;
        GEOSSTRtree_query_r(geos, nesting->tree, nesting->point, look, nesting);
        GEOSGeom_destroy_r(geos, nesting->point);
    }
    return !nesting->failed;
}

/* Rings that cross can make a hole the parent of a hole; it then stands by itself, for the repair
 * to find. */
static void free_orphans(struct nesting *nesting)
{
    for (size_t r = 0; r < nesting->count; r++) {
        struct ring *ring = &nesting->rings[r];
        ring->orphan = ring->is_hole && nesting->rings[ring->parent].is_hole;
    }
    for (size_t r = 0; r < nesting->count; r++)
        nesting->rings[r].is_hole &= !nesting->rings[r].orphan;
}

static void nesting_end(struct nesting *nesting)
{
    GEOSContextHandle_t geos = nesting->polygons->geos;
    if (nesting->tree != NULL)
        GEOSSTRtree_destroy_r(geos, nesting->tree);
    for (size_t r = 0; r < nesting->count; r++) {
        GEOSPreparedGeom_destroy_r(geos, nesting->rings[r].prepared);
        polygons_drop(nesting->polygons, nesting->rings[r].polygon);
    }
}

static bool find_parents(struct ring *rings, struct polygons *polygons, const struct shape *shape,
                         struct error *error)
{
    struct nesting nesting = {
        .polygons = polygons, .shape = shape, .rings = rings, .count = shape->ring_count};
    if (!polygons_ready(polygons, error))
        return false;
    bool done = plant(&nesting) && ask_all(&nesting);
    if (done)
        free_orphans(&nesting);
    nesting_end(&nesting);
    if (!done)
        return polygons_failed(polygons, error);
    if (is_too_much(&nesting))
        return error_set(
            error, ERROR_DATA,
            "a polygon of %zu rings, one over the other, is too intricate; simplify it "
            "first",
            shape->ring_count);
    return true;
}

/* ---- the same where rings are simple, without GEOS ---- */

static void begin_ring(struct ring *ring, const struct shape *shape, size_t number)
{
    *ring = (struct ring){.number = number,
                          .first = shape->ring_starts[number],
                          .end = shape->ring_starts[number + 1],
                          .parent = NO_RING,
                          .box = box_empty()};
    ring->area2 = fabs(shape_ring_area2(shape, number));
    for (size_t i = ring->first; i < ring->end; i++)
        box_add(&ring->box, shape->x[i], shape->y[i]);
}

/* False when it cannot be told for sure, or would take long: nothing is decided then. */
static bool find_simple_parent(struct ring *ring, const struct ring *rings,
                               const struct shape *shape, size_t *steps_left)
{
    for (size_t r = 0; r < shape->ring_count; r++) {
        const struct ring *around = &rings[r];
        if (!larger(around, ring) || !box_within(ring->box, around->box))
            continue;
        if (around->end - around->first > *steps_left)
            return false;
        *steps_left -= around->end - around->first;
        int side = ring_side(shape, r, shape->x[ring->first], shape->y[ring->first]);
        if (side == 0)
            return false;
        if (side < 0)
            continue;
        ring->is_hole = !ring->is_hole;
        if (ring->parent == NO_RING || larger(&rings[ring->parent], around))
            ring->parent = r;
    }
    return true;
}

enum { RINGS_FEW = 1000, STEPS_A_CORNER = 32 };

static bool find_simple_parents(struct ring *rings, const struct shape *shape)
{
    size_t steps_left = STEPS_A_CORNER * shape->point_count;
    if (shape->ring_count > RINGS_FEW)
        return false;
    for (size_t r = 0; r < shape->ring_count; r++)
        begin_ring(&rings[r], shape, r);
    for (size_t r = 0; r < shape->ring_count && shape->ring_count > 1; r++)
        if (!find_simple_parent(&rings[r], rings, shape, &steps_left))
            return false;
    return true;
}

/* ---- the right order ---- */

static int compare_places(const void *left, const void *right)
{
    const struct ring *a = left, *b = right;
    size_t shell_a = a->is_hole ? a->parent : a->number;
    size_t shell_b = b->is_hole ? b->parent : b->number;
    if (shell_a != shell_b)
        return shell_a < shell_b ? -1 : 1;
    if (a->is_hole != b->is_hole)
        return a->is_hole ? 1 : -1;
    return a->number < b->number ? -1 : 1;
}

static void copy_ring(struct shape *into, const struct shape *from, const struct ring *ring)
{
    size_t first = ring->first, count = ring->end - first;
    bool turn = (shape_ring_area2(from, ring->number) > 0) == ring->is_hole;
    for (size_t i = 0; i < count; i++) {
        size_t at = first + (turn ? count - 1 - i : i);
        into->x[into->point_count] = from->x[at];
        into->y[into->point_count++] = from->y[at];
    }
    into->ring_starts[++into->ring_count] = into->point_count;
}

static bool put_in_order(struct nest *nest, struct ring *rings, struct error *error)
{
    struct shape ordered;
    size_t count = nest->rings.ring_count;
    if (!shape_new(&ordered, nest->rings.point_count, count, error))
        return false;
    qsort(rings, count, sizeof *rings, compare_places);
    ordered.point_count = 0;
    ordered.ring_count = 0;
    for (size_t r = 0; r < count; r++) {
        copy_ring(&ordered, &nest->rings, &rings[r]);
        nest->is_hole[r] = rings[r].is_hole;
    }
    shape_free(&nest->rings);
    nest->rings = ordered;
    return true;
}

bool nest_new(struct nest *nest, struct polygons *polygons, const struct shape *shape,
              struct error *error)
{
    struct ring *rings = NULL;
    *nest = (struct nest){0};
    bool done = clean(nest, shape, error)
                && array_new(&rings, nest->rings.ring_count, sizeof *rings, error)
                && array_new(&nest->is_hole, nest->rings.ring_count, sizeof *nest->is_hole, error)
                && rings_are_simple(&nest->simple, &nest->rings, error)
                && ((nest->simple && find_simple_parents(rings, &nest->rings))
                    || find_parents(rings, polygons, &nest->rings, error))
                && put_in_order(nest, rings, error);
    array_free(&rings);
    if (!done)
        nest_free(nest);
    return done;
}

void nest_free(struct nest *nest)
{
    shape_free(&nest->rings);
    array_free(&nest->is_hole);
    *nest = (struct nest){0};
}

/* ---- to GEOS ---- */

static GEOSGeometry *polygon_of(struct polygons *polygons, const struct nest *nest, size_t shell,
                                size_t end, GEOSGeometry **holes)
{
    unsigned count = 0;
    GEOSGeometry *line = ring_line(polygons, &nest->rings, shell), *polygon = NULL;
    bool done = line != NULL;
    for (size_t r = shell + 1; done && r < end; r++) {
        holes[count] = ring_line(polygons, &nest->rings, r);
        done = holes[count] != NULL;
        count += done;
    }
    if (done)
        polygon = GEOSGeom_createPolygon_r(polygons->geos, line, holes, count);
    if (done) /* GEOS has taken them over, also when it failed */
        return polygon;
    polygons_drop(polygons, line);
    while (count > 0)
        GEOSGeom_destroy_r(polygons->geos, holes[--count]);
    return NULL;
}

GEOSGeometry *polygons_of_nest(struct polygons *polygons, const struct nest *nest,
                               struct error *error)
{
    GEOSGeometry **parts = NULL, **holes = NULL, *whole = NULL;
    size_t count = nest->rings.ring_count, end;
    unsigned made = 0;
    bool done = array_new(&parts, count, sizeof(GEOSGeometry *), error)
                && array_new(&holes, count, sizeof(GEOSGeometry *), error);
    for (size_t shell = 0; done && shell < count; shell = end) {
        for (end = shell + 1; end < count && nest->is_hole[end];)
            end++;
        parts[made] = polygon_of(polygons, nest, shell, end, holes);
        done = parts[made] != NULL || polygons_failed(polygons, error);
        made += done;
    }
    if (done) {
        whole = GEOSGeom_createCollection_r(polygons->geos, GEOS_MULTIPOLYGON, parts, made);
        if (whole == NULL)
            polygons_failed(polygons, error);
    } else
        while (made > 0)
            GEOSGeom_destroy_r(polygons->geos, parts[--made]);
    array_free(&parts);
    array_free(&holes);
    return whole;
}

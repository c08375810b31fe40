/* What is made of polygons when GEOS fails at any of its calls. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/space/polygons.h"
#include "engine/space/polygons_library.h"
#include "tests/faults.h"

#include <math.h>

/* ---- GEOS, one of whose functions fails ---- */

static struct geos_late whole; /* as it was loaded */
static long calls_left;        /* until the one that fails */

static bool fails_now(void)
{
    return --calls_left == 0;
}

/* The functions by their own names again. */
#undef GEOS_init_r
#undef GEOSSTRtree_create_r
#undef GEOSCoordSeq_copyFromArrays_r
#undef GEOSGeom_createLinearRing_r
#undef GEOSGeom_createPolygon_r
#undef GEOSGeom_createPointFromXY_r
#undef GEOSGeom_createCollection_r
#undef GEOSGeom_clone_r
#undef GEOSMakeValidWithParams_r
#undef GEOSPrepare_r
#undef GEOSPreparedIntersects_r
#undef GEOSisValidDetail_r

/* What was made is thrown away: what it was made of is gone all the same, as with GEOS. */
#define BREAK(type, name, parameters, arguments, destroy)                                          \
    static type broken_##name parameters                                                           \
    {                                                                                              \
        type made = whole.name arguments;                                                          \
        if (!fails_now())                                                                          \
            return made;                                                                           \
        destroy;                                                                                   \
        return NULL;                                                                               \
    }
/* clang-format off */
BREAK(GEOSContextHandle_t, GEOS_init_r, (void), (), GEOS_finish_r(made))
BREAK(GEOSSTRtree *, GEOSSTRtree_create_r, (GEOSContextHandle_t geos, size_t capacity),
      (geos, capacity), GEOSSTRtree_destroy_r(geos, made))
BREAK(GEOSCoordSequence *, GEOSCoordSeq_copyFromArrays_r,
      (GEOSContextHandle_t geos, const double *x, const double *y, const double *z,
       const double *m, unsigned count),
      (geos, x, y, z, m, count), GEOSCoordSeq_destroy_r(geos, made))
BREAK(GEOSGeometry *, GEOSGeom_createLinearRing_r,
      (GEOSContextHandle_t geos, GEOSCoordSequence *corners), (geos, corners),
      GEOSGeom_destroy_r(geos, made))
BREAK(GEOSGeometry *, GEOSGeom_createPolygon_r,
      (GEOSContextHandle_t geos, GEOSGeometry *shell, GEOSGeometry **holes, unsigned count),
      (geos, shell, holes, count), GEOSGeom_destroy_r(geos, made))
BREAK(GEOSGeometry *, GEOSGeom_createPointFromXY_r, (GEOSContextHandle_t geos, double x, double y),
      (geos, x, y), GEOSGeom_destroy_r(geos, made))
BREAK(GEOSGeometry *, GEOSGeom_createCollection_r,
      (GEOSContextHandle_t geos, int type, GEOSGeometry **parts, unsigned count),
      (geos, type, parts, count), GEOSGeom_destroy_r(geos, made))
BREAK(GEOSGeometry *, GEOSGeom_clone_r, (GEOSContextHandle_t geos, const GEOSGeometry *of),
      (geos, of), GEOSGeom_destroy_r(geos, made))
BREAK(GEOSGeometry *, GEOSMakeValidWithParams_r,
      (GEOSContextHandle_t geos, const GEOSGeometry *of, const GEOSMakeValidParams *how),
      (geos, of, how), GEOSGeom_destroy_r(geos, made))
BREAK(const GEOSPreparedGeometry *, GEOSPrepare_r,
      (GEOSContextHandle_t geos, const GEOSGeometry *of), (geos, of),
      GEOSPreparedGeom_destroy_r(geos, made))
/* clang-format on */

static char broken_GEOSPreparedIntersects_r(GEOSContextHandle_t geos, /* NOLINT */
                                            const GEOSPreparedGeometry *a, const GEOSGeometry *b)
{
    return fails_now() ? 2 : whole.GEOSPreparedIntersects_r(geos, a, b);
}

static char broken_GEOSisValidDetail_r(GEOSContextHandle_t geos, /* NOLINT */
                                       const GEOSGeometry *of, int flags, char **reason,
                                       GEOSGeometry **place)
{
    return fails_now() ? 2 : whole.GEOSisValidDetail_r(geos, of, flags, reason, place);
}

/* ---- a polygon ---- */

enum { ROUND = 100 };

static void put_ring(struct shape *shape, const double *corners, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        shape->x[shape->point_count] = corners[2 * i];
        shape->y[shape->point_count++] = corners[2 * i + 1];
    }
    shape->ring_starts[++shape->ring_count] = shape->point_count;
}

/* A round shell of many corners, with a hole that touches it, another one, and an island; when it
 * is to be mended, with a ring over its line too. */
static void make_shape(struct shape *shape, bool broken)
{
    static const double HOLE[] = {100, 0, 20, 30, 20, -30, 100, 0};
    static const double SECOND[] = {-60, -10, -40, -10, -40, -30, -60, -10};
    static const double ISLAND[] = {30, 5, 40, 5, 40, -5, 30, -5, 30, 5};
    static const double OVER[] = {-120, 5, -80, 5, -80, -5, -120, -5, -120, 5};
    double shell[2 * (ROUND + 1)];
    for (int i = 0; i <= ROUND; i++) {
        shell[2 * i] = 100 * cos(2 * M_PI * (i % ROUND) / ROUND);
        shell[2 * i + 1] = 100 * sin(2 * M_PI * (i % ROUND) / ROUND);
    }
    assert_true(shape_new(shape, ROUND + 24, 5, NULL));
    shape->point_count = shape->ring_count = 0;
    put_ring(shape, shell, ROUND + 1);
    put_ring(shape, HOLE, 4);
    put_ring(shape, SECOND, 4);
    put_ring(shape, ISLAND, 5);
    if (broken)
        put_ring(shape, OVER, 5);
}

/* Whether all went well; `area` is what has come out, when it has. */
static bool repair(double *area, bool broken)
{
    struct shape shape, before;
    struct error error = {0};
    char why[160];
    make_shape(&shape, broken);
    make_shape(&before, broken);
    struct polygons *polygons = polygons_open(&error);
    bool done = polygons_repair(polygons, &shape, why, &error);
    if (done) {
        *area = polygons_area(&shape);
    } else {
        assert_true(error.kind == ERROR_DATA || error.kind == ERROR_INTERNAL);
        assert_true(error.message[0] != '\0');
        assert_int_equal(shape.ring_count, before.ring_count);
        assert_int_equal(shape.point_count, before.point_count);
        assert_memory_equal(shape.x, before.x, before.point_count * sizeof *before.x);
        assert_memory_equal(shape.y, before.y, before.point_count * sizeof *before.y);
    }
    polygons_close(polygons);
    shape_free(&shape);
    shape_free(&before);
    return done;
}

/* Each call of one function fails once; how many there are. */
static long each_fails(const char *name, bool broken)
{
    double sound = NAN, area;
    long n = 0;
    bool met = true;
    calls_left = 0;
    assert_true(repair(&sound, broken));
    while (met) {
        calls_left = ++n;
        bool done = repair(&area, broken);
        met = calls_left <= 0;
        if (done && area != sound)
            fail_msg("%s %ld fails: %.3f, not %.3f m2", name, n, area, sound);
        if (!done && !met)
            fail_msg("%s: fails by itself", name);
        if (done && met)
            fail_msg("%s %ld fails, and nothing is said", name, n);
    }
    return n - 1;
}

static void what_geos_cannot_do_is_told_and_the_shape_kept(void **state)
{
    (void)state;
    assert_true(polygons_library_load(NULL));
    whole = geos_late;
#define FAILS(name)                                                                                \
    geos_late.name = broken_##name;                                                                \
    assert_true(each_fails(#name, false) + each_fails(#name, true) > 0);                           \
    geos_late = whole
    FAILS(GEOS_init_r);
    FAILS(GEOSSTRtree_create_r);
    FAILS(GEOSCoordSeq_copyFromArrays_r);
    FAILS(GEOSGeom_createLinearRing_r);
    FAILS(GEOSGeom_createPolygon_r);
    FAILS(GEOSGeom_createPointFromXY_r);
    FAILS(GEOSGeom_createCollection_r);
    FAILS(GEOSGeom_clone_r);
    FAILS(GEOSMakeValidWithParams_r);
    FAILS(GEOSPrepare_r);
    FAILS(GEOSPreparedIntersects_r);
    FAILS(GEOSisValidDetail_r);
}

/* ---- memory ---- */

/* Frees the shape. */
static bool mend(struct shape *shape, struct error *error)
{
    char why[160];
    struct polygons *polygons = polygons_open(error);
    bool done = polygons != NULL && polygons_repair(polygons, shape, why, error);
    if (done)
        tell("%zu rings of %.1f m2 %s", shape->ring_count, polygons_area(shape), why);
    polygons_close(polygons);
    shape_free(shape);
    return done;
}

static bool repair_one(bool broken, struct error *error)
{
    struct shape shape;
    enum fault_kind kind = plan->kind;
    plan->kind = FAULT_NONE;
    make_shape(&shape, broken);
    plan->kind = kind;
    return mend(&shape, error);
}

static bool repair_touching(struct error *error)
{
    return repair_one(false, error);
}

static bool repair_crossing(struct error *error)
{
    return repair_one(true, error);
}

/* A hole in a square: it is simple, and GEOS is not asked. */
static bool repair_apart(struct error *error)
{
    static const double SQUARE[] = {0, 0, 10, 0, 10, 10, 0, 10, 0, 0};
    static const double HOLE[] = {2, 2, 2, 4, 4, 3, 2, 2};
    struct shape shape;
    if (!shape_new(&shape, 9, 2, error))
        return false;
    shape.point_count = shape.ring_count = 0;
    put_ring(&shape, SQUARE, 5);
    put_ring(&shape, HOLE, 4);
    return mend(&shape, error);
}

/* A star whose sides are long: they are swept over. */
static bool repair_long(struct error *error)
{
    enum { CORNERS = 300 };
    struct shape shape;
    if (!shape_new(&shape, CORNERS + 1, 1, error))
        return false;
    for (int i = 0; i <= CORNERS; i++) {
        double angle = 2 * M_PI * (i % CORNERS) / CORNERS, radius = i % 2 == 0 ? 1000 : 100;
        shape.x[i] = radius * cos(angle);
        shape.y[i] = radius * sin(angle);
    }
    shape.ring_starts[1] = CORNERS + 1;
    return mend(&shape, error);
}

static void a_polygon_is_repaired_or_it_is_told(void **state)
{
    static const struct work WORKS[] = {{.name = "apart", .run = repair_apart},
                                        {.name = "touching", .run = repair_touching},
                                        {.name = "crossing", .run = repair_crossing},
                                        {.name = "long", .run = repair_long}};
    (void)state;
    for (size_t i = 0; i < sizeof WORKS / sizeof *WORKS; i++)
        each_allocation_fails(&WORKS[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_geos_cannot_do_is_told_and_the_shape_kept),
        cmocka_unit_test(a_polygon_is_repaired_or_it_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

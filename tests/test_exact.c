/* The owner of a point against an oracle in exact rational arithmetic, on lines that two share, on
 * T-junctions whose vertices miss one another by half a nanometre to a metre, in corners of three
 * and four, in slivers, gaps, overlaps, holes and islands, and along edges of a thousand
 * kilometres.
 *
 * The oracle knows the rule of DESIGN.md and nothing of cells or edges: a jurisdiction holds what
 * lies on one of its lines or within an odd number of its rings; of several that hold a point the
 * lower code has it; where none does, of those within the gap the nearer by whole square
 * millimetres, then the lower code, when there are at least two. A gap of 0 closes none. */
#include "engine/space/assign.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/cases.h"

__extension__ typedef __int128 wide;

enum { MOST_RINGS = 12, MOST_CORNERS = 64, MOST = 9 };

struct ring {
    double x[MOST_CORNERS], y[MOST_CORNERS]; /* metres from the grid's origin, before the grid */
    int count;
};
struct area {
    struct ring rings[MOST_RINGS];
    int count;
};
struct scene {
    struct grid grid;
    double gap_m;
    struct area areas[MOST];
    int count;
};

static uint64_t state;

static uint64_t draw(uint64_t below)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (state >> 33) % below;
}

static double draw_between(double low, double high)
{
    return low + (high - low) * (double)draw(1u << 30) / (1u << 30);
}

/* 0, or from half a nanometre to a metre, to either side: as far as two files of one border may
 * differ; or half a millimetre, on which rounding hangs. */
static double draw_miss(void)
{
    double size = draw(8) == 0 ? 0.0005 : 0.5e-9 * pow(10, draw_between(0, 9.3));
    uint64_t sign = draw(3);
    return sign == 0 ? 0 : sign == 1 ? size : -size;
}

/* ---- the oracle ---- */

/* A distance squared, in square units: top / bottom. */
struct ratio {
    wide top, bottom;
};

static struct ratio distance2(wide x, wide y, const int32_t from[2], const int32_t to[2])
{
    wide dx = (wide)to[0] - from[0], dy = (wide)to[1] - from[1];
    wide px = x - from[0], py = y - from[1], along = px * dx + py * dy, length2 = dx * dx + dy * dy;
    if (along <= 0)
        return (struct ratio){px * px + py * py, 1};
    if (along >= length2) {
        px = x - to[0];
        py = y - to[1];
        return (struct ratio){px * px + py * py, 1};
    }
    wide across = px * dy - py * dx;
    return (struct ratio){across * across, length2};
}

/* Whether a ray to the east crosses the edge: at a height from the lower end's on, to below the
 * upper's. */
static bool is_crossed(wide x, wide y, const int32_t from[2], const int32_t to[2])
{
    const int32_t *low = from[1] < to[1] ? from : to, *high = from[1] < to[1] ? to : from;
    if (y < low[1] || y >= high[1])
        return false;
    /* the edge's x at this height, times its height, against the point's */
    wide height = (wide)high[1] - low[1];
    return low[0] * height + (y - low[1]) * ((wide)high[0] - low[0]) > x * height;
}

/* What an area is to a point: holds it, in it or on its lines; or how far it lies, in whole square
 * millimetres, and whether that is within the gap, to the last fraction. */
struct standing {
    bool holds, near;
    wide whole_mm2;
};

static void stand_to_edge(struct standing *standing, const struct scene *scene,
                          const struct ratio *apart)
{
    wide unit2 = (wide)scene->grid.unit_mm * scene->grid.unit_mm;
    wide gap = (wide)llround(scene->gap_m * 1000), whole = apart->top / apart->bottom;
    wide rest = apart->top % apart->bottom * unit2;
    whole = whole * unit2 + rest / apart->bottom;
    standing->holds |= apart->top == 0;
    standing->near |=
        whole < gap * gap || (gap > 0 && whole == gap * gap && rest % apart->bottom == 0);
    if (whole < standing->whole_mm2 || standing->whole_mm2 < 0)
        standing->whole_mm2 = whole;
}

static struct standing stand_to(const struct scene *scene, const struct area *area,
                                const int32_t point[2])
{
    struct standing standing = {.whole_mm2 = -1};
    bool inside = false;
    for (int r = 0; r < area->count; r++)
        for (int i = 0; i < area->rings[r].count; i++) {
            const struct ring *ring = &area->rings[r];
            int j = (i + 1) % ring->count;
            double origin_x = scene->grid.origin_x, origin_y = scene->grid.origin_y;
            int32_t from[2] = {grid_x(&scene->grid, origin_x + ring->x[i]),
                               grid_y(&scene->grid, origin_y + ring->y[i])};
            int32_t to[2] = {grid_x(&scene->grid, origin_x + ring->x[j]),
                             grid_y(&scene->grid, origin_y + ring->y[j])};
            struct ratio apart = distance2(point[0], point[1], from, to);
            stand_to_edge(&standing, scene, &apart);
            inside ^= is_crossed(point[0], point[1], from, to);
        }
    standing.holds |= inside;
    return standing;
}

static int32_t oracle(const struct scene *scene, const int32_t point[2])
{
    wide best = -1;
    int32_t nearest = OUTSIDE;
    int near = 0;
    for (int a = 0; a < scene->count; a++) {
        struct standing standing = stand_to(scene, &scene->areas[a], point);
        if (standing.holds)
            return a;
        near += standing.near;
        if (standing.near && (best < 0 || standing.whole_mm2 < best)) {
            best = standing.whole_mm2;
            nearest = a;
        }
    }
    return near >= 2 ? nearest : OUTSIDE;
}

/* ---- scenes ---- */

static void corner(struct ring *ring, double x, double y)
{
    assert_true(ring->count < MOST_CORNERS);
    ring->x[ring->count] = x;
    ring->y[ring->count++] = y;
}

static struct ring *new_ring(struct area *area)
{
    assert_true(area->count < MOST_RINGS);
    return &area->rings[area->count++];
}

static void missed_corner(struct ring *ring, double x, double y)
{
    corner(ring, x + draw_miss(), y + draw_miss());
}

/* Bricks: each row is cut elsewhere, so that a vertex of one lies within an edge of another; and
 * some edges have vertices that the neighbour's do not. */
static void make_bricks(struct scene *scene)
{
    double size = draw_between(2, 40), slant = draw_between(-0.5, 0.5) * (double)draw(2);
    for (int a = 0; a < 9; a++) {
        int row = a / 3, column = a % 3;
        double left = size * (column + 0.5 * (row % 2)), low = size * row, high = low + size;
        struct ring *ring = new_ring(&scene->areas[a]);
        missed_corner(ring, left + slant * low, low);
        if (draw(2))
            missed_corner(ring, left + size / 3 + slant * low, low);
        missed_corner(ring, left + size + slant * low, low);
        missed_corner(ring, left + size + slant * high, high);
        if (draw(2))
            missed_corner(ring, left + size / 2 + slant * high, high);
        missed_corner(ring, left + slant * high, high);
    }
    scene->count = 9;
}

/* Three or four around one corner, which each has its own idea of. */
static void make_wedges(struct scene *scene)
{
    int count = 3 + (int)draw(2);
    double turn = draw_between(0, 6.28), size = draw_between(1, 300);
    for (int a = 0; a < count; a++) {
        struct ring *ring = new_ring(&scene->areas[a]);
        missed_corner(ring, 7, 11);
        for (int side = 0; side < 2; side++) {
            double angle = turn + 6.283185307179586 * (a + side) / count;
            missed_corner(ring, 7 + size * cos(angle), 11 + size * sin(angle));
        }
    }
    scene->count = count;
}

/* A border that winds, which two files tell with other vertices: slivers of overlap and of gap. */
static void make_slivers(struct scene *scene)
{
    double x[20], y[20];
    for (int i = 0; i < 20; i++) {
        x[i] = i * 3 + draw_between(-1, 1);
        y[i] = draw_between(-3, 3);
    }
    for (int a = 0; a < 2; a++) {
        struct ring *ring = new_ring(&scene->areas[a]);
        for (int i = 0; i < 20; i++)
            if (i == 0 || i == 19 || draw(4) > 0)
                missed_corner(ring, x[i], y[i]);
        corner(ring, x[19], a == 0 ? 30 : -30);
        corner(ring, x[0], a == 0 ? 30 : -30);
    }
    scene->count = 2;
}

static void rectangle(struct ring *ring, double cx, double cy, double half)
{
    missed_corner(ring, cx - half, cy - half);
    missed_corner(ring, cx + half, cy - half);
    missed_corner(ring, cx + half, cy + half);
    missed_corner(ring, cx - half, cy + half);
}

/* Holes with islands in them, down to the fourth; and a piece of the first elsewhere. */
static void make_islands(struct scene *scene)
{
    for (int a = 0; a < 4; a++) {
        rectangle(new_ring(&scene->areas[a]), 0, 0, 40 - 10 * a);
        if (a < 3)
            rectangle(new_ring(&scene->areas[a]), 0, 0, 30 - 10 * a);
    }
    rectangle(new_ring(&scene->areas[0]), draw_between(50, 60), 0, 10);
    scene->count = 4;
}

/* Stars over one another, whose edges cross themselves and each other anywhere. */
static void make_stars(struct scene *scene)
{
    for (int a = 0; a < 5; a++) {
        struct ring *ring = new_ring(&scene->areas[a]);
        for (int i = 3 + (int)draw(20); i > 0; i--)
            corner(ring, draw_between(-20, 20), draw_between(-20, 20));
    }
    scene->count = 5;
}

/* Edges of a thousand kilometres that rise a few millimetres. */
static void make_long(struct scene *scene)
{
    for (int a = 0; a < 4; a++) {
        double low = 0.02 * a, rise = draw_between(-0.03, 0.03);
        struct ring *ring = new_ring(&scene->areas[a]);
        missed_corner(ring, -500000, low);
        missed_corner(ring, 500000, low + rise);
        missed_corner(ring, 500000, low + rise + 0.02);
        missed_corner(ring, -500000, low + 0.02);
    }
    scene->count = 4;
}

static void (*const MAKERS[])(struct scene *) = {make_bricks,  make_wedges, make_slivers,
                                                 make_islands, make_stars,  make_long};
enum { KINDS = sizeof MAKERS / sizeof *MAKERS };

static void make_scene(struct scene *scene, uint64_t seed)
{
    static const double GAPS[] = {1, 0, 0.001, 0.25, 3.7};
    *scene = (struct scene){.grid = {100000, 500000, 1}, .gap_m = GAPS[seed % 5]};
    state = seed * 77 + 5;
    if (seed % KINDS != KINDS - 1 && draw(4) == 0)
        scene->grid.unit_mm = 10;
    MAKERS[seed % KINDS](scene);
}

/* ---- the engine ---- */

/* With each ring from another corner on, in either direction, and rings in another order. */
static struct shape shape_of(const struct scene *scene, const struct area *area, bool mixed)
{
    struct shape shape = {0};
    int points = 0;
    for (int r = 0; r < area->count; r++)
        points += area->rings[r].count + 1;
    assert_true(shape_new(&shape, (size_t)points, (size_t)area->count, NULL));
    size_t at = 0;
    for (int r = 0; r < area->count; r++) {
        const struct ring *ring = &area->rings[mixed ? area->count - 1 - r : r];
        int first = mixed ? (int)draw((uint64_t)ring->count) : 0, step = mixed && draw(2) ? -1 : 1;
        for (int i = 0; i <= ring->count; i++, at++) {
            int c = (first + step * i + 2 * ring->count) % ring->count;
            shape.x[at] = scene->grid.origin_x + ring->x[c];
            shape.y[at] = scene->grid.origin_y + ring->y[c];
        }
        shape.ring_starts[r + 1] = at;
    }
    grid_snap(&scene->grid, &shape);
    return shape;
}

static struct assignment *open_scene(const struct scene *scene, bool mixed)
{
    struct jurisdictions all = {0};
    struct error error = {0};
    for (int a = 0; a < scene->count; a++) {
        char code[] = {(char)('A' + a), 0};
        struct jurisdiction item = {.code = text_copy(code, 1, NULL),
                                    .name = text_copy("", 0, NULL),
                                    .shape = shape_of(scene, &scene->areas[a], mixed)};
        assert_true(jurisdictions_add(&all, &item, NULL));
    }
    struct assignment *assignment = assignment_open(
        &all, &(struct assignment_options){.grid = scene->grid, .gap_m = scene->gap_m}, &error);
    if (assignment == NULL)
        fail_msg("%s", error.message);
    jurisdictions_free(&all);
    return assignment;
}

/* Near a line or on it: at a corner, or part of the way along an edge, and a little off. */
static void draw_point(int32_t point[2], const struct scene *scene)
{
    const struct area *area = &scene->areas[draw((uint64_t)scene->count)];
    const struct ring *ring = &area->rings[draw((uint64_t)area->count)];
    int i = (int)draw((uint64_t)ring->count), j = (i + 1) % ring->count;
    double part = draw(3) == 0 ? 0 : draw_between(0, 1);
    static const double OFF[] = {0, 0, 0.0011, 0.004, 0.3, 1, 3, 20};
    double off = OFF[draw(sizeof OFF / sizeof *OFF)];
    double x = ring->x[i] + part * (ring->x[j] - ring->x[i]) + draw_between(-off, off);
    double y = ring->y[i] + part * (ring->y[j] - ring->y[i]) + draw_between(-off, off);
    point[0] = grid_x(&scene->grid, scene->grid.origin_x + x);
    point[1] = grid_y(&scene->grid, scene->grid.origin_y + y);
}

enum { POINTS = 500 };

struct met {
    uint64_t points, owned, outside, in_several, in_gap;
};

/* What kinds of place were met; a test that met none of a kind would hold nothing of it. */
static void note(struct met *met, const struct scene *scene, const int32_t point[2], int32_t owner)
{
    int holders = 0;
    for (int a = 0; a < scene->count; a++)
        holders += stand_to(scene, &scene->areas[a], point).holds;
    met->points++;
    met->owned += owner >= 0;
    met->outside += owner == OUTSIDE;
    met->in_several += holders > 1;
    met->in_gap += holders == 0 && owner >= 0;
}

static void hold(struct met *met, uint64_t seed)
{
    static struct scene scene;
    int32_t x[POINTS], y[POINTS], owners[2][POINTS];
    make_scene(&scene, seed);
    for (int i = 0; i < POINTS; i++) {
        int32_t point[2];
        draw_point(point, &scene);
        x[i] = point[0];
        y[i] = point[1];
    }
    for (int mixed = 0; mixed < 2; mixed++) {
        struct assignment *assignment = open_scene(&scene, mixed == 1);
        assignment_owners(owners[mixed], assignment, &(struct points){x, y, POINTS});
        assignment_close(assignment);
    }
    for (int i = 0; i < POINTS; i++) {
        int32_t point[2] = {x[i], y[i]}, wanted = oracle(&scene, point);
        if (owners[0][i] != wanted || owners[1][i] != wanted)
            fail_msg("seed %llu, point %d (%d, %d): %d and %d instead of %d",
                     (unsigned long long)seed, i, x[i], y[i], owners[0][i], owners[1][i], wanted);
        note(met, &scene, point, wanted);
    }
}

static void test_owners_are_those_of_exact_arithmetic(void **unused)
{
    (void)unused;
    struct met met = {0};
    uint64_t seeds = cases_rounds(60, POINTS);
    for (uint64_t seed = 0; seed < seeds; seed++)
        hold(&met, seed);
    print_message("%llu points: %llu owned, %llu of them in several and %llu in a gap, "
                  "%llu outside\n",
                  (unsigned long long)met.points, (unsigned long long)met.owned,
                  (unsigned long long)met.in_several, (unsigned long long)met.in_gap,
                  (unsigned long long)met.outside);
    assert_true(met.owned + met.outside == met.points);
    assert_true(met.in_several > met.points / 20);
    assert_true(met.in_gap > met.points / 200);
    assert_true(met.outside > met.points / 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_owners_are_those_of_exact_arithmetic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Tests of the triangulation: by its definition, over seeds full of ties. */
#include "engine/space/delaunay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

__extension__ typedef __int128 wide;

enum { MOST = 60 };

static uint64_t random_next(uint64_t *seed)
{
    *seed += 0x9e3779b97f4a7c15u;
    uint64_t z = *seed;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static int32_t below(uint64_t *seed, uint64_t limit)
{
    return (int32_t)(random_next(seed) % limit);
}

static int by_place(const void *left, const void *right)
{
    const struct tick *a = left, *b = right;
    if (a->x != b->x)
        return a->x < b->x ? -1 : 1;
    return (a->y > b->y) - (a->y < b->y);
}

/* Sorted, each once; small extents have many on one line and on one circle. */
static size_t random_places(struct tick *places, uint64_t seed)
{
    static const int32_t EXTENTS[] = {2, 4, 7, 30, 1 << 29};
    uint64_t state = seed;
    int32_t width = EXTENTS[below(&state, 5)], height = EXTENTS[below(&state, 5)];
    size_t count = 2 + (size_t)below(&state, MOST - 1), kept = 1;
    for (size_t i = 0; i < count; i++)
        places[i] = (struct tick){below(&state, (uint64_t)width), below(&state, (uint64_t)height)};
    qsort(places, count, sizeof *places, by_place);
    for (size_t i = 1; i < count; i++)
        if (by_place(&places[kept - 1], &places[i]) != 0)
            places[kept++] = places[i];
    return kept;
}

static void triangulate(struct delaunay *edges, const struct tick *places, size_t count)
{
    struct error error = {0};
    if (!delaunay_new(edges, places, count, &error))
        fail_msg("%s", error.message);
}

static bool is_strictly_in_circle(struct tick a, struct tick b, struct tick c, struct tick d)
{
    wide ax = a.x - d.x, ay = a.y - d.y, bx = b.x - d.x, by = b.y - d.y, cx = c.x - d.x,
         cy = c.y - d.y;
    return (ax * ax + ay * ay) * (bx * cy - cx * by) - (bx * bx + by * by) * (ax * cy - cx * ay)
               + (cx * cx + cy * cy) * (ax * by - bx * ay)
           > 0;
}

struct triangle {
    struct tick corners[3]; /* the westernmost, then southernmost first, counter-clockwise */
};

struct triangles {
    struct triangle items[2 * MOST];
    size_t count;
};

static struct triangle triangle_left_of(const struct delaunay *edges, int32_t edge,
                                        const struct tick *places)
{
    struct triangle triangle;
    for (int i = 0; i < 3; i++) {
        triangle.corners[i] = places[edges->from[edge]];
        edge = delaunay_left_next(edges, edge);
    }
    return triangle;
}

/* Goes from edge to edge over all that can be reached from the outer one. */
static void list_triangles(struct triangles *triangles, const struct delaunay *edges,
                           const struct tick *places)
{
    bool seen[6 * MOST] = {false};
    int32_t stack[6 * MOST], depth = 0;
    triangles->count = 0;
    stack[depth++] = edges->outer;
    seen[edges->outer] = true;
    while (depth > 0) {
        int32_t edge = stack[--depth],
                others[3] = {edge ^ 1, edges->next[edge], edges->before[edge]};
        for (int i = 0; i < 3; i++)
            if (!seen[others[i]]) {
                seen[others[i]] = true;
                stack[depth++] = others[i];
            }
        int32_t second = delaunay_left_next(edges, edge), third = delaunay_left_next(edges, second);
        bool first =
            edges->from[edge] < edges->from[second] && edges->from[edge] < edges->from[third];
        if (delaunay_left_next(edges, third) != edge || !first)
            continue;
        struct triangle triangle = triangle_left_of(edges, edge, places);
        if (tick_turn(triangle.corners[0], triangle.corners[1], triangle.corners[2]) > 0)
            triangles->items[triangles->count++] = triangle;
    }
}

/* Twice the area of the convex hull, by the outer edges. */
static int64_t outer_area2(const struct delaunay *edges, const struct tick *places)
{
    int64_t area2 = 0;
    int32_t edge = edges->outer;
    do {
        area2 += tick_turn(places[0], places[edges->from[edge]], places[delaunay_to(edges, edge)]);
        edge = delaunay_right_next(edges, edge);
    } while (edge != edges->outer);
    return area2;
}

static void every_place_lies_left_of_every_outer_edge(const struct delaunay *edges,
                                                      const struct tick *places, size_t count)
{
    int32_t edge = edges->outer;
    do {
        for (size_t i = 0; i < count; i++)
            assert_true(
                tick_turn(places[edges->from[edge]], places[delaunay_to(edges, edge)], places[i])
                >= 0);
        edge = delaunay_right_next(edges, edge);
    } while (edge != edges->outer);
}

static void triangles_fill_the_convex_hull_and_have_empty_circles(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 2000; seed++) {
        struct tick places[MOST];
        struct delaunay edges;
        struct triangles triangles;
        size_t count = random_places(places, seed);
        int64_t area2 = 0;
        if (count < 2)
            continue;
        triangulate(&edges, places, count);
        list_triangles(&triangles, &edges, places);
        for (size_t t = 0; t < triangles.count; t++) {
            const struct tick *corners = triangles.items[t].corners;
            area2 += tick_turn(corners[0], corners[1], corners[2]);
            for (size_t i = 0; i < count; i++)
                if (is_strictly_in_circle(corners[0], corners[1], corners[2], places[i]))
                    fail_msg("seed %llu", (unsigned long long)seed);
        }
        assert_true(area2 == outer_area2(&edges, places));
        every_place_lies_left_of_every_outer_edge(&edges, places, count);
        delaunay_free(&edges);
    }
}

static bool uses(const struct triangle *triangle, struct tick place)
{
    for (int i = 0; i < 3; i++)
        if (by_place(&triangle->corners[i], &place) == 0)
            return true;
    return false;
}

static bool holds(const struct triangles *triangles, const struct triangle *triangle)
{
    for (size_t i = 0; i < triangles->count; i++)
        if (memcmp(&triangles->items[i], triangle, sizeof *triangle) == 0)
            return true;
    return false;
}

/* Ties too are decided by the four places alone. */
static void without_a_place_all_other_triangles_stay(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 2000; seed++) {
        struct tick places[MOST], rest[MOST];
        struct delaunay edges, fewer;
        static struct triangles before, after;
        uint64_t random = seed * 31;
        size_t count = random_places(places, seed), gone = (size_t)below(&random, count);
        if (count < 3)
            continue;
        memcpy(rest, places, gone * sizeof *rest);
        memcpy(rest + gone, places + gone + 1, (count - 1 - gone) * sizeof *rest);
        triangulate(&edges, places, count);
        triangulate(&fewer, rest, count - 1);
        list_triangles(&before, &edges, places);
        list_triangles(&after, &fewer, rest);
        for (size_t t = 0; t < before.count; t++)
            if (!uses(&before.items[t], places[gone]) && !holds(&after, &before.items[t]))
                fail_msg("seed %llu", (unsigned long long)seed);
        delaunay_free(&edges);
        delaunay_free(&fewer);
    }
}

static void a_square_is_cut_from_its_westernmost_southernmost_corner(void **state)
{
    (void)state;
    const struct tick places[] = {{0, 0}, {0, 9}, {9, 0}, {9, 9}};
    struct delaunay edges;
    struct triangles triangles;
    triangulate(&edges, places, 4);
    list_triangles(&triangles, &edges, places);
    assert_int_equal(triangles.count, 2);
    for (size_t t = 0; t < 2; t++)
        assert_true(uses(&triangles.items[t], places[0]) && uses(&triangles.items[t], places[3]));
    delaunay_free(&edges);
}

static void few_places_have_few_edges(void **state)
{
    (void)state;
    const struct tick places[] = {{0, 0}, {1, 1}, {2, 2}};
    struct delaunay edges;
    for (size_t count = 0; count < 2; count++) {
        triangulate(&edges, places, count);
        assert_int_equal(edges.outer, -1);
        delaunay_free(&edges);
    }
    for (size_t count = 2; count <= 3; count++) {
        triangulate(&edges, places, count);
        assert_int_equal(edges.count, 2 * (count - 1));
        assert_true(outer_area2(&edges, places) == 0);
        delaunay_free(&edges);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(triangles_fill_the_convex_hull_and_have_empty_circles),
        cmocka_unit_test(without_a_place_all_other_triangles_stay),
        cmocka_unit_test(a_square_is_cut_from_its_westernmost_southernmost_corner),
        cmocka_unit_test(few_places_have_few_edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The owner rule in a tenth of a second: small crowded maps, asked at every whole place, fast
 * against plain and against every edge; and what is decided by one millimetre. */
#include "engine/space/assign.h"
#include "engine/space/edges.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct grid millimetres = {.origin_x = 0, .origin_y = 0, .unit_mm = 1};

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* One ring, its corners in millimetres. */
static void add_area(struct jurisdictions *into, const int32_t (*corners)[2], size_t count)
{
    char code[8];
    struct shape shape;
    snprintf(code, sizeof code, "J%03zu", into->count);
    assert_true(shape_new(&shape, count + 1, 1, NULL));
    for (size_t i = 0; i <= count; i++) {
        shape.x[i] = corners[i % count][0] / 1000.0;
        shape.y[i] = corners[i % count][1] / 1000.0;
    }
    shape.ring_starts[1] = count + 1;
    struct jurisdiction item = {.code = text_copy(code, strlen(code), NULL),
                                .name = text_copy("", 0, NULL),
                                .shape = shape};
    assert_true(jurisdictions_add(into, &item, NULL));
}

static void add_box(struct jurisdictions *into, int32_t x, int32_t y, int32_t x_end, int32_t y_end)
{
    const int32_t corners[][2] = {{x, y}, {x_end, y}, {x_end, y_end}, {x, y_end}};
    add_area(into, corners, 4);
}

static struct assignment *open_map(struct jurisdictions *all, double gap_m)
{
    struct error error = {0};
    struct assignment *assignment =
        assignment_open(all, &(struct assignment_options){millimetres, gap_m, 1}, &error);
    if (assignment == NULL)
        fail_msg("%s", error.message);
    return assignment;
}

static int32_t owner_of(const struct assignment *assignment, int32_t x, int32_t y)
{
    int32_t owner;
    assignment_owners(&owner, assignment, &(struct points){&x, &y, 1});
    assert_int_equal(owner, assignment_owner_plain(assignment, x, y));
    return owner;
}

static double border_of(const struct assignment *assignment, int32_t x, int32_t y, double limit_m)
{
    int32_t owner = owner_of(assignment, x, y);
    double border_m;
    assignment_border_m(&border_m, assignment, &(struct owned_points){{&x, &y, 1}, &owner},
                        limit_m);
    return border_m;
}

/* ---- crowded maps ---- */

enum { MOST = 4000 };

struct asked {
    int32_t x[MOST], y[MOST], owners[MOST];
    double border_m[MOST], limited_m[MOST];
    size_t count;
};

/* Many areas with few corners on a small lattice, so that corners, lines and edges meet. */
static void random_map(struct jurisdictions *all, uint32_t *seed, int32_t step, int32_t side)
{
    size_t count = 2 + next_random(seed) % 9;
    for (size_t j = 0; j < count; j++) {
        int32_t corners[12][2];
        size_t corner_count = 3 + next_random(seed) % 10;
        for (size_t i = 0; i < corner_count; i++)
            for (int axis = 0; axis < 2; axis++)
                corners[i][axis] =
                    step * ((int32_t)(next_random(seed) % (uint32_t)side) - side / 2);
        add_area(all, (const int32_t(*)[2])corners, corner_count);
    }
}

static void choose_places(struct asked *asked, uint32_t *seed, int32_t step, int32_t side)
{
    int32_t reach = step * side;
    for (asked->count = 0; asked->count < MOST; asked->count++) {
        int32_t *place[2] = {&asked->x[asked->count], &asked->y[asked->count]};
        for (int axis = 0; axis < 2; axis++) {
            int32_t on = step * ((int32_t)(next_random(seed) % (uint32_t)side) - side / 2);
            int32_t near = (int32_t)(next_random(seed) % 5) - 2;
            int32_t any = (int32_t)(next_random(seed) % (uint32_t)(2 * reach)) - reach;
            *place[axis] = next_random(seed) % 3 == 0 ? any : on + near;
        }
    }
}

static double plain_border_m(const struct edges *edges, struct place place, int32_t owner)
{
    double nearest = INFINITY;
    for (size_t i = 0; i < edges->count; i++)
        if (edges->items[i].jurisdiction != owner)
            nearest = fmin(nearest, edge_distance(&edges->items[i], place));
    return nearest * (edges->unit_mm / 1000.0);
}

static void compare(const struct asked *asked, const struct assignment *assignment,
                    const struct edges *edges, double limit_m)
{
    for (size_t i = 0; i < asked->count; i++) {
        int32_t owner = asked->owners[i];
        double border_m = asked->border_m[i], limited_m = asked->limited_m[i];
        if (owner != assignment_owner_plain(assignment, asked->x[i], asked->y[i]))
            fail_msg("at %d %d", asked->x[i], asked->y[i]);
        if (owner < 0) {
            assert_true(isnan(border_m));
            continue;
        }
        if (border_m != 0
            && border_m != plain_border_m(edges, (struct place){asked->x[i], asked->y[i]}, owner))
            fail_msg("border at %d %d", asked->x[i], asked->y[i]);
        if (limited_m != (border_m <= limit_m ? border_m : INFINITY))
            fail_msg("limited border at %d %d", asked->x[i], asked->y[i]);
    }
}

static void fast_is_plain_on_crowded_maps(void **state)
{
    (void)state;
    static struct asked asked;
    static const int32_t steps[] = {1, 7, 300, 20000, 1000000};
    for (uint32_t round = 0; round < 40; round++) {
        uint32_t seed = round;
        struct jurisdictions all = {0};
        struct edges edges = {0};
        int32_t step = steps[round % 5], side = round % 2 ? 9 : 40;
        double limit_m = (double)(step * (int32_t)(next_random(&seed) % 9)) / 1000;
        random_map(&all, &seed, step, side);
        choose_places(&asked, &seed, step, side);
        struct assignment *assignment = open_map(&all, round % 3 ? 0.003 * step : 0);
        assert_true(edges_new(&edges, &all, &millimetres, NULL));
        const struct points points = {asked.x, asked.y, asked.count};
        assignment_owners(asked.owners, assignment, &points);
        const struct owned_points owned = {points, asked.owners};
        assignment_border_m(asked.border_m, assignment, &owned, INFINITY);
        assignment_border_m(asked.limited_m, assignment, &owned, limit_m);
        compare(&asked, assignment, &edges, limit_m);
        edges_free(&edges);
        assignment_close(assignment);
        jurisdictions_free(&all);
    }
}

/* ---- by one millimetre ---- */

static void a_gap_counts_from_one_millimetre_on(void **state)
{
    (void)state;
    for (int gap_mm = 0; gap_mm <= 3; gap_mm++)
        for (int32_t from = 1; from <= 8; from++) {
            struct jurisdictions all = {0};
            add_box(&all, -100, -100, 0, 100);
            add_box(&all, from, -100, 100, 100);
            struct assignment *assignment = open_map(&all, gap_mm / 1000.0);
            for (int32_t x = 1; x < from; x++) {
                bool both = x <= gap_mm && from - x <= gap_mm;
                int32_t wanted = !both ? OUTSIDE : x <= from - x ? 0 : 1;
                assert_int_equal(owner_of(assignment, x, 0), wanted);
            }
            assignment_close(assignment);
            jurisdictions_free(&all);
        }
}

/* The border runs where squares of the index meet, whatever their size; it lies within a limit
 * that just reaches it, from all four sides. */
static void a_limit_that_just_reaches_the_border_finds_it(void **state)
{
    (void)state;
    for (int shift = 12; shift <= 22; shift++)
        for (int turned = 0; turned < 4; turned++) {
            int32_t half = 1 << shift, low = turned < 2 ? 0 : -1;
            struct jurisdictions all = {0};
            if (turned % 2 == 0) {
                add_box(&all, low, low, half, 2 * half);
                add_box(&all, half, low, 2 * half, 2 * half);
            } else {
                add_box(&all, low, low, 2 * half, half);
                add_box(&all, low, half, 2 * half, 2 * half);
            }
            struct assignment *assignment = open_map(&all, 0);
            for (int32_t away = 1; away < half; away += 1 + away / 3)
                for (int side = -1; side <= 1; side += 2) {
                    int32_t at = half + side * away, along = half / 3;
                    int32_t x = turned % 2 == 0 ? at : along, y = turned % 2 == 0 ? along : at;
                    double far = border_of(assignment, x, y, INFINITY);
                    assert_true(fabs(far - away / 1000.0) < 1e-9);
                    assert_true(border_of(assignment, x, y, far) == far);
                    assert_true(border_of(assignment, x, y, far - 0.0005) == INFINITY);
                }
            assignment_close(assignment);
            jurisdictions_free(&all);
        }
}

static void areas_end_with_the_grid(void **state)
{
    (void)state;
    const double most = (GRID_LIMIT - 1) / 1000.0;
    for (int beyond = 0; beyond < 2; beyond++)
        for (int turn = 0; turn < 4; turn++) {
            struct jurisdictions all = {0};
            struct error error = {0};
            add_box(&all, 0, 0, 1000, 1000);
            struct shape *shape = &all.items[0].shape;
            double far = (most + beyond / 1000.0) * (turn % 2 ? -1 : 1);
            (turn < 2 ? shape->x : shape->y)[1] = far;
            struct assignment *assignment =
                assignment_open(&all, &(struct assignment_options){.grid = millimetres}, &error);
            assert_int_equal(assignment == NULL, beyond);
            assert_int_equal(error.kind, beyond ? ERROR_DATA : ERROR_NONE);
            assignment_close(assignment);
            jurisdictions_free(&all);
        }
}

/* ---- the grid ---- */

static void places_round_to_whole_units_half_away_from_zero(void **state)
{
    (void)state;
    static const struct {
        double metres;
        int32_t mm, cm;
    } cases[] = {{0, 0, 0},        {0.0005, 1, 0},        {0.00049, 0, 0},
                 {-0.0005, -1, 0}, {-0.00049, 0, 0},      {0.005, 5, 1},
                 {-0.005, -5, -1}, {12.345, 12345, 1235}, {12.344, 12344, 1234}};
    const struct grid centimetres = {.unit_mm = 10};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double metres = cases[i].metres;
        int32_t column[2];
        assert_int_equal(grid_x(&millimetres, metres), cases[i].mm);
        assert_int_equal(grid_y(&centimetres, metres), cases[i].cm);
        grid_x_column(column, &millimetres, (const double[]){metres, metres}, 2);
        assert_int_equal(column[0], cases[i].mm);
        assert_int_equal(column[1], cases[i].mm);
        grid_y_column(column, &centimetres, (const double[]){metres, metres}, 2);
        assert_int_equal(column[1], cases[i].cm);
    }
    const struct grid moved = {100000, 500000, 10};
    assert_int_equal(grid_x(&moved, 100001.5), 150);
    assert_int_equal(grid_y(&moved, 499999), -100);
    assert_true(grid_metres_x(&moved, 150) == 100001.5);
    assert_true(grid_metres_y(&moved, -100) == 499999);
    assert_int_equal(grid_x(&millimetres, NAN), GRID_NOWHERE);
}

/* A pie of so many slices, the first to the east. */
static void add_pie(struct jurisdictions *into, int32_t x, int count)
{
    enum { RADIUS = 8000 };
    int32_t rim[2][2] = {{x + RADIUS, 0}};
    for (int i = 1; i <= count; i++) {
        double angle = 2 * 3.14159265358979 * (i % count) / count;
        rim[i % 2][0] = x + (int32_t)lrint(RADIUS * cos(angle));
        rim[i % 2][1] = (int32_t)lrint(RADIUS * sin(angle));
        const int32_t *from = rim[(i + 1) % 2], *to = rim[i % 2];
        add_area(into, (const int32_t[][2]){{x, 0}, {from[0], from[1]}, {to[0], to[1]}}, 3);
    }
}

/* Two pies, up to more slices than two pages of a leaf hold; the codes of the first one are lower.
 */
static void slices_around_a_corner_have_one_owner(void **state)
{
    enum { SLICES = 62, APART = 30000, AROUND = 6 };
    (void)state;
    for (int count = 3; count <= SLICES; count++) {
        struct jurisdictions slices = {0};
        add_pie(&slices, APART, count);
        add_pie(&slices, 0, count);
        struct assignment *assignment = open_map(&slices, 0);
        for (int32_t x = -AROUND; x <= AROUND; x++)
            for (int32_t y = -AROUND; y <= AROUND; y++) {
                int32_t first = owner_of(assignment, APART + x, y);
                int32_t second = owner_of(assignment, x, y);
                assert_true(first >= 0 && first < count);
                assert_int_equal(second, count + first);
            }
        assignment_close(assignment);
        jurisdictions_free(&slices);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gap_counts_from_one_millimetre_on),
        cmocka_unit_test(places_round_to_whole_units_half_away_from_zero),
        cmocka_unit_test(areas_end_with_the_grid),
        cmocka_unit_test(a_limit_that_just_reaches_the_border_finds_it),
        cmocka_unit_test(slices_around_a_corner_have_one_owner),
        cmocka_unit_test(fast_is_plain_on_crowded_maps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

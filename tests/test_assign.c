/* Ownership of points: by hand on squares, by GEOS on random borders, fast against plain. */
#include "tests/cases.h"

#include "engine/space/assign.h"
#include "engine/space/edges.h"

#include <geos_c.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* ---- random numbers ---- */

static uint64_t next_random(uint64_t *state)
{
    *state += 0x9e3779b97f4a7c15u; /* splitmix64 (Steele et al. 2014) */
    uint64_t z = *state;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* A whole number from -reach to reach. */
static int32_t around_zero(uint64_t *state, int32_t reach)
{
    return (int32_t)(next_random(state) % (2 * (uint64_t)reach + 1)) - reach;
}

static uint32_t below(uint64_t *state, uint32_t count)
{
    return (uint32_t)(next_random(state) % count);
}

/* ---- shapes from whole units ---- */

static const struct grid millimetres = {.origin_x = 100000, .origin_y = 500000, .unit_mm = 1};
static const struct grid centimetres = {.origin_x = 0, .origin_y = 0, .unit_mm = 10};

static void add_ring(struct shape *shape, const struct grid *grid, const int32_t (*corners)[2],
                     size_t count)
{
    struct shape ring;
    assert_true(shape_new(&ring, count + 1, 1, NULL));
    for (size_t i = 0; i <= count; i++) {
        ring.x[i] = grid_metres_x(grid, corners[i % count][0]);
        ring.y[i] = grid_metres_y(grid, corners[i % count][1]);
    }
    ring.ring_starts[1] = count + 1;
    if (shape->ring_starts == NULL)
        *shape = ring;
    else {
        assert_true(shape_append(shape, &ring, NULL));
        shape_free(&ring);
    }
}

static void add_jurisdiction(struct jurisdictions *into, const char *code, struct shape *shape)
{
    struct jurisdiction item = {.code = text_copy(code, strlen(code), NULL),
                                .name = text_copy("", 0, NULL),
                                .shape = *shape};
    assert_true(jurisdictions_add(into, &item, NULL));
    *shape = (struct shape){0};
}

static void add_rectangle(struct jurisdictions *into, const char *code, const struct grid *grid,
                          const int32_t box[4])
{
    int32_t corners[4][2] = {
        {box[0], box[1]}, {box[2], box[1]}, {box[2], box[3]}, {box[0], box[3]}};
    struct shape shape = {0};
    add_ring(&shape, grid, (const int32_t(*)[2])corners, 4);
    add_jurisdiction(into, code, &shape);
}

static struct assignment *open_assignment(const struct jurisdictions *jurisdictions,
                                          const struct grid *grid, double gap_m)
{
    struct error error = {0};
    struct assignment *assignment = assignment_open(
        jurisdictions, &(struct assignment_options){.grid = *grid, .gap_m = gap_m}, &error);
    if (assignment == NULL)
        fail_msg("%s", error.message);
    return assignment;
}

/* The owner, after seeing that fast and plain agree. */
static int32_t owner_of(const struct assignment *assignment, int32_t x, int32_t y)
{
    int32_t owner;
    assignment_owners(&owner, assignment, &(struct points){&x, &y, 1});
    assert_int_equal(owner, assignment_owner_plain(assignment, x, y));
    return owner;
}

static double border_of(const struct assignment *assignment, int32_t x, int32_t y, double limit_m)
{
    double border_m;
    int32_t owner = owner_of(assignment, x, y);
    assignment_border_m(&border_m, assignment, &(struct owned_points){{&x, &y, 1}, &owner},
                        limit_m);
    return border_m;
}

/* Two rectangles side by side, the second starting at x = `from`. */
static struct assignment *two_rectangles(int32_t from, double gap_m)
{
    struct jurisdictions both = {0};
    add_rectangle(&both, "A", &millimetres, (const int32_t[]){0, 0, 10000, 10000});
    add_rectangle(&both, "B", &millimetres, (const int32_t[]){from, 0, 20000, 10000});
    struct assignment *assignment = open_assignment(&both, &millimetres, gap_m);
    jurisdictions_free(&both);
    return assignment;
}

/* ---- by hand ---- */

static void a_point_on_the_shared_line_goes_to_the_lower_code(void **state)
{
    (void)state;
    struct assignment *assignment = two_rectangles(10000, 1);
    assert_int_equal(owner_of(assignment, 9999, 5000), 0);
    assert_int_equal(owner_of(assignment, 10000, 5000), 0);
    assert_int_equal(owner_of(assignment, 10001, 5000), 1);
    assert_int_equal(owner_of(assignment, 10000, 0), 0);
    assert_int_equal(owner_of(assignment, 10000, 10000), 0);
    assert_int_equal(owner_of(assignment, 20000, 10000), 1);
    assert_int_equal(owner_of(assignment, 0, 0), 0);
    assignment_close(assignment);
}

static void an_overlap_goes_to_the_lower_code(void **state)
{
    (void)state;
    struct assignment *assignment = two_rectangles(8000, 1);
    assert_int_equal(owner_of(assignment, 9500, 5000), 0);
    assert_int_equal(owner_of(assignment, 10000, 5000), 0);
    assert_int_equal(owner_of(assignment, 10001, 5000), 1);
    assignment_close(assignment);
}

static void an_outer_border_attracts_nobody(void **state)
{
    (void)state;
    struct assignment *assignment = two_rectangles(10000, 1);
    assert_int_equal(owner_of(assignment, -1, 5000), OUTSIDE);
    assert_int_equal(owner_of(assignment, 20001, 5000), OUTSIDE);
    assert_int_equal(owner_of(assignment, 5000, 10001), OUTSIDE);
    /* Above the corner where both end, both are near. */
    assert_int_equal(owner_of(assignment, 10001, 10001), 1);
    assert_int_equal(owner_of(assignment, 10000, 10001), 0);
    assignment_close(assignment);
}

static void a_gap_goes_to_the_nearer_and_in_its_middle_to_the_lower_code(void **state)
{
    (void)state;
    struct assignment *assignment = two_rectangles(10600, 1);
    assert_int_equal(owner_of(assignment, 10299, 5000), 0);
    assert_int_equal(owner_of(assignment, 10300, 5000), 0);
    assert_int_equal(owner_of(assignment, 10301, 5000), 1);
    assignment_close(assignment);
}

static void a_gap_is_closed_as_far_as_gap_m_reaches_and_no_further(void **state)
{
    (void)state;
    struct assignment *assignment = two_rectangles(11500, 1);
    assert_int_equal(owner_of(assignment, 10499, 5000), OUTSIDE); /* 1001 mm from B */
    assert_int_equal(owner_of(assignment, 10500, 5000), 0);       /* 1000 mm from B */
    assert_int_equal(owner_of(assignment, 11000, 5000), 1);       /* 1000 mm from A */
    assert_int_equal(owner_of(assignment, 11001, 5000), OUTSIDE);
    assignment_close(assignment);
    assignment = two_rectangles(10600, 0.5);
    assert_int_equal(owner_of(assignment, 10050, 5000), OUTSIDE);
    assert_int_equal(owner_of(assignment, 10100, 5000), 0);
    assignment_close(assignment);
    assignment = two_rectangles(11200, 1);                         /* from B's corner: */
    assert_int_equal(owner_of(assignment, 10600, 10800), 0);       /* 600, 800 */
    assert_int_equal(owner_of(assignment, 10599, 10800), OUTSIDE); /* 601, 800 */
    assignment_close(assignment);
    assignment = two_rectangles(11500, 0);
    assert_int_equal(owner_of(assignment, 10750, 5000), OUTSIDE);
    assignment_close(assignment);
}

static void nearer_means_by_whole_square_millimetres(void **state)
{
    (void)state;
    /* From (0, 0): A's slope x + y = -3 at 4.5 mm^2, B's corner at 4 mm^2 or 5 mm^2. */
    const int32_t slope[3][2] = {{-1003, 1000}, {997, -1000}, {-1003, -1000}};
    const int32_t corner_2[4] = {2, 0, 1000, 1000}, corner_5[4] = {2, 1, 1000, 1000};
    for (int lower = 0; lower < 2; lower++)
        for (int further = 0; further < 2; further++) {
            struct jurisdictions both = {0};
            struct shape shape = {0};
            add_ring(&shape, &millimetres, slope, 3);
            if (lower == 0)
                add_jurisdiction(&both, "A", &shape);
            add_rectangle(&both, "B", &millimetres, further ? corner_5 : corner_2);
            if (lower == 1)
                add_jurisdiction(&both, "C", &shape);
            struct assignment *assignment = open_assignment(&both, &millimetres, 1);
            /* 4.5 counts as 4: equal to B's 4, so the lower one; and less than B's 5. */
            assert_int_equal(owner_of(assignment, 0, 0), further ? lower : 0);
            assignment_close(assignment);
            jurisdictions_free(&both);
        }
}

static void a_grid_of_centimetres_measures_gaps_in_millimetres(void **state)
{
    (void)state;
    struct jurisdictions both = {0};
    add_rectangle(&both, "A", &centimetres, (const int32_t[]){0, 0, 1000, 1000});
    add_rectangle(&both, "B", &centimetres, (const int32_t[]){1150, 0, 2000, 1000});
    struct assignment *assignment = open_assignment(&both, &centimetres, 1);
    assert_int_equal(owner_of(assignment, 1049, 500), OUTSIDE);
    assert_int_equal(owner_of(assignment, 1050, 500), 0);
    assert_int_equal(owner_of(assignment, 1076, 500), 1);
    assert_true(fabs(border_of(assignment, 500, 500, INFINITY) - 6.5) < 1e-12);
    assignment_close(assignment);
    assignment = open_assignment(&both, &centimetres, 1.005); /* 100.5 units */
    assert_int_equal(owner_of(assignment, 1049, 500), OUTSIDE);
    assert_int_equal(owner_of(assignment, 1050, 500), 0);
    assignment_close(assignment);
    jurisdictions_free(&both);
}

static void an_island_in_a_hole_is_its_own(void **state)
{
    (void)state;
    const int32_t outer[4][2] = {{0, 0}, {9000, 0}, {9000, 9000}, {0, 9000}};
    const int32_t hole[4][2] = {{3000, 3000}, {6000, 3000}, {6000, 6000}, {3000, 6000}};
    struct jurisdictions both = {0};
    struct shape shape = {0};
    add_ring(&shape, &millimetres, hole, 4); /* any order, any orientation */
    add_ring(&shape, &millimetres, outer, 4);
    add_jurisdiction(&both, "A", &shape);
    add_rectangle(&both, "B", &millimetres, (const int32_t[]){4000, 4000, 5000, 5000});
    struct assignment *assignment = open_assignment(&both, &millimetres, 0.2);
    assert_int_equal(owner_of(assignment, 1000, 4500), 0);
    assert_int_equal(owner_of(assignment, 3000, 4500), 0);
    assert_int_equal(owner_of(assignment, 3500, 4500), OUTSIDE);
    assert_int_equal(owner_of(assignment, 4500, 4500), 1);
    assert_true(fabs(border_of(assignment, 4500, 4500, INFINITY) - 1.5) < 1e-12);
    assignment_close(assignment);
    jurisdictions_free(&both);
}

static void pieces_that_share_a_side_are_one_area(void **state)
{
    (void)state;
    const int32_t left[4][2] = {{0, 0}, {5000, 0}, {5000, 9000}, {0, 9000}};
    const int32_t right[4][2] = {{5000, 0}, {9000, 0}, {9000, 9000}, {5000, 9000}};
    struct jurisdictions both = {0};
    struct shape shape = {0};
    add_ring(&shape, &millimetres, left, 4);
    add_ring(&shape, &millimetres, right, 4);
    add_jurisdiction(&both, "A", &shape);
    add_rectangle(&both, "B", &millimetres, (const int32_t[]){0, 9000, 9000, 10000});
    struct assignment *assignment = open_assignment(&both, &millimetres, 1);
    for (int32_t x = 4990; x <= 5010; x++)
        for (int32_t y = 0; y <= 9001; y += 9001 / 64)
            assert_int_equal(owner_of(assignment, x, y), y > 9000);
    assignment_close(assignment);
    jurisdictions_free(&both);
}

static void a_ring_left_open_is_closed(void **state)
{
    (void)state;
    struct jurisdictions one = {0};
    add_rectangle(&one, "A", &millimetres, (const int32_t[]){0, 0, 1000, 1000});
    one.items[0].shape.point_count--;
    one.items[0].shape.ring_starts[1]--;
    struct assignment *assignment = open_assignment(&one, &millimetres, 1);
    assert_int_equal(owner_of(assignment, 500, 500), 0);
    assert_int_equal(owner_of(assignment, 0, 500), 0);
    assert_int_equal(owner_of(assignment, -1, 500), OUTSIDE);
    assignment_close(assignment);
    jurisdictions_free(&one);
}

static void no_place_stays_no_place_and_far_is_outside(void **state)
{
    (void)state;
    struct assignment *assignment = two_rectangles(10000, 1);
    assert_int_equal(owner_of(assignment, GRID_NOWHERE, GRID_NOWHERE), NO_PLACE);
    assert_int_equal(owner_of(assignment, GRID_FAR, GRID_FAR), OUTSIDE);
    assert_int_equal(owner_of(assignment, GRID_LIMIT - 1, 1 - GRID_LIMIT), OUTSIDE);
    assert_true(isnan(border_of(assignment, GRID_NOWHERE, GRID_NOWHERE, INFINITY)));
    assert_true(isnan(border_of(assignment, GRID_FAR, GRID_FAR, INFINITY)));
    assignment_close(assignment);
}

static void without_jurisdictions_all_is_outside(void **state)
{
    (void)state;
    struct jurisdictions none = {0};
    struct assignment *assignment = open_assignment(&none, &millimetres, 1);
    assert_int_equal(owner_of(assignment, 0, 0), OUTSIDE);
    assert_int_equal(owner_of(assignment, GRID_NOWHERE, GRID_NOWHERE), NO_PLACE);
    assignment_close(assignment);
}

static void a_jurisdiction_as_wide_as_the_grid_is_exact_to_the_unit(void **state)
{
    (void)state;
    const int32_t most = GRID_LIMIT - 1;
    const int32_t lower[3][2] = {{-most, -most}, {most, -most}, {most, most - 1}};
    const int32_t upper[3][2] = {{-most, -most}, {most, most - 1}, {-most, most}};
    struct jurisdictions both = {0};
    struct shape shape = {0};
    add_ring(&shape, &millimetres, upper, 3);
    add_jurisdiction(&both, "A", &shape);
    add_ring(&shape, &millimetres, lower, 3);
    add_jurisdiction(&both, "B", &shape);
    struct assignment *assignment = open_assignment(&both, &millimetres, 1);
    /* The diagonal passes half a unit below (0, 0). */
    assert_int_equal(owner_of(assignment, 0, 0), 0);
    assert_int_equal(owner_of(assignment, 0, -1), 1);
    assert_int_equal(owner_of(assignment, most, most - 1), 0);
    assert_int_equal(owner_of(assignment, most, most - 2), 1);
    assert_int_equal(owner_of(assignment, -most, -most), 0);
    assignment_close(assignment);
    jurisdictions_free(&both);
}

static void a_boundary_beyond_the_grid_is_an_error_that_names_it(void **state)
{
    (void)state;
    struct error error = {0};
    struct jurisdictions one = {0};
    add_rectangle(&one, "GM0396", &millimetres, (const int32_t[]){0, 0, 1000, 1000});
    one.items[0].shape.x[1] = 1e9;
    assert_null(assignment_open(&one, &(struct assignment_options){.grid = millimetres}, &error));
    assert_int_equal(error.kind, ERROR_DATA);
    assert_non_null(strstr(error.message, "GM0396"));
    one.items[0].shape.x[1] = NAN;
    assert_null(assignment_open(&one, &(struct assignment_options){.grid = millimetres}, &error));
    jurisdictions_free(&one);
}

static void border_m_is_zero_in_an_overlap_and_on_the_line(void **state)
{
    (void)state;
    struct assignment *assignment = two_rectangles(8000, 1);
    assert_true(border_of(assignment, 9500, 5000, INFINITY) == 0);
    assert_true(border_of(assignment, 8000, 5000, INFINITY) == 0);
    assert_true(border_of(assignment, 9000, 5000, 0.01) == 0);
    assert_true(fabs(border_of(assignment, 7000, 5000, INFINITY) - 1) < 1e-12);
    assert_true(fabs(border_of(assignment, 12000, 5000, INFINITY) - 2) < 1e-12);
    assert_true(border_of(assignment, 1000, 5000, 5) == INFINITY);
    assert_true(fabs(border_of(assignment, 1000, 5000, 7) - 7) < 1e-12);
    assignment_close(assignment);
}

static void border_m_is_zero_where_two_hold_all_around_a_third(void **state)
{
    (void)state;
    struct jurisdictions three = {0};
    add_rectangle(&three, "A", &millimetres, (const int32_t[]){0, 0, 10000, 10000});
    add_rectangle(&three, "B", &millimetres, (const int32_t[]){0, 0, 10000, 10000});
    add_rectangle(&three, "C", &millimetres, (const int32_t[]){5000, 5000, 20000, 20000});
    struct assignment *assignment = open_assignment(&three, &millimetres, 1);
    for (int32_t off = 1; off < 400; off += 7)
        assert_true(border_of(assignment, 5000 - off, 5000 + off, INFINITY) == 0);
    assignment_close(assignment);
    jurisdictions_free(&three);
}

static void border_m_is_unknown_for_one_that_is_alone(void **state)
{
    (void)state;
    struct jurisdictions one = {0};
    add_rectangle(&one, "A", &millimetres, (const int32_t[]){0, 0, 1000, 1000});
    struct assignment *assignment = open_assignment(&one, &millimetres, 1);
    assert_true(isnan(border_of(assignment, 500, 500, INFINITY)));
    assignment_close(assignment);
    jurisdictions_free(&one);
}

/* ---- random borders ---- */

enum { SIDE = 5, STEPS = 6, MOST_CORNERS = 256 };

/* A patchwork of SIDE x SIDE fields whose borders wander: neighbours share every corner, but for
 * what `build_world` leaves out, adds or shifts. */
struct world {
    struct grid grid;
    struct jurisdictions jurisdictions;
    int32_t spacing;
    int32_t nodes[SIDE + 1][SIDE + 1][2];
    int32_t across[SIDE + 1][SIDE][STEPS][2]; /* between nodes of one row */
    int32_t upright[SIDE][SIDE + 1][STEPS][2];
};

static void wander(uint64_t *random, int32_t (*corners)[2], const int32_t from[2],
                   const int32_t to[2])
{
    int32_t reach = abs(to[0] - from[0]) / 20 + abs(to[1] - from[1]) / 20 + 1;
    for (int i = 0; i < STEPS; i++)
        for (int axis = 0; axis < 2; axis++)
            corners[i][axis] =
                (int32_t)(from[axis] + ((int64_t)to[axis] - from[axis]) * (i + 1) / (STEPS + 1))
                + around_zero(random, reach);
}

static void lay_borders(struct world *world, uint64_t *random)
{
    int32_t middle = (int32_t)((int64_t)world->spacing * SIDE / 2);
    for (int row = 0; row <= SIDE; row++)
        for (int column = 0; column <= SIDE; column++) {
            world->nodes[row][column][0] =
                column * world->spacing - middle + around_zero(random, world->spacing / 5);
            world->nodes[row][column][1] =
                row * world->spacing - middle + around_zero(random, world->spacing / 5);
        }
    for (int row = 0; row <= SIDE; row++)
        for (int column = 0; column < SIDE; column++) {
            wander(random, world->across[row][column], world->nodes[row][column],
                   world->nodes[row][column + 1]);
            wander(random, world->upright[column][row], world->nodes[column][row],
                   world->nodes[column + 1][row]);
        }
}

struct ring {
    int32_t corners[MOST_CORNERS][2];
    size_t count;
};

static void put_corner(struct ring *ring, const int32_t corner[2])
{
    ring->corners[ring->count][0] = corner[0];
    ring->corners[ring->count++][1] = corner[1];
}

/* One side of a field; now and then a corner is missing, or one more lies on the line as near as
 * the grid allows: slivers, as in real files. */
static void put_side(struct ring *ring, uint64_t *random, const int32_t (*corners)[2], bool back)
{
    for (int i = 0; i < STEPS; i++) {
        const int32_t *here = corners[back ? STEPS - 1 - i : i];
        if (below(random, 12) == 0)
            continue;
        if (ring->count > 0 && below(random, 6) == 0) {
            const int32_t *last = ring->corners[ring->count - 1];
            int32_t middle[2] = {(last[0] + here[0]) / 2, (last[1] + here[1]) / 2};
            put_corner(ring, middle);
        }
        put_corner(ring, here);
    }
}

static struct ring field_ring(const struct world *world, uint64_t *random, int row, int column)
{
    struct ring ring = {.count = 0};
    put_corner(&ring, world->nodes[row][column]);
    put_side(&ring, random, world->across[row][column], false);
    put_corner(&ring, world->nodes[row][column + 1]);
    put_side(&ring, random, world->upright[row][column + 1], false);
    put_corner(&ring, world->nodes[row + 1][column + 1]);
    put_side(&ring, random, world->across[row + 1][column], true);
    put_corner(&ring, world->nodes[row + 1][column]);
    put_side(&ring, random, world->upright[row][column], true);
    return ring;
}

/* A rectangle in the middle of a field, for a hole and the island in it. */
static void put_hole(struct shape *field, struct shape *island, const struct world *world,
                     const int32_t near[2])
{
    int32_t x = near[0] + world->spacing / 2, y = near[1] + world->spacing / 2,
            half = world->spacing / 12 + 1;
    int32_t box[4][2] = {
        {x - half, y - half}, {x + half, y - half}, {x + half, y + half}, {x - half, y + half}};
    add_ring(field, &world->grid, (const int32_t(*)[2])box, 4);
    box[2][0] += half / 3; /* a corner reaches over the hole: an overlap, and a sliver */
    box[0][1] += half / 5;
    add_ring(island, &world->grid, (const int32_t(*)[2])box, 4);
}

static void shift_ring(struct ring *ring, uint64_t *random, int32_t by)
{
    int32_t dx = around_zero(random, by), dy = around_zero(random, by);
    for (size_t i = 0; i < ring->count; i++) {
        ring->corners[i][0] += dx;
        ring->corners[i][1] += dy;
    }
}

static void build_world(struct world *world, uint64_t seed)
{
    static const int32_t spacings[] = {60, 900, 20000, 1000000, 100000000};
    uint64_t random = seed;
    char code[16];
    *world = (struct world){.grid = seed % 7 == 3 ? centimetres : millimetres};
    world->spacing = spacings[seed % 5];
    lay_borders(world, &random);
    struct shape islands = {0}, fields[SIDE * SIDE / 2 + 1] = {{0}};
    for (int field = 0; field < SIDE * SIDE; field++) {
        struct ring ring = field_ring(world, &random, field / SIDE, field % SIDE);
        if (below(&random, 4) == 0)
            shift_ring(&ring, &random, world->spacing / 10 < 1500 ? world->spacing / 10 : 1500);
        if (below(&random, 10) == 0)
            continue; /* nobody's */
        /* Two fields each: many jurisdictions are in two pieces. */
        struct shape *shape = &fields[field % (SIDE * SIDE / 2 + 1)];
        add_ring(shape, &world->grid, (const int32_t(*)[2])ring.corners, ring.count);
        if (below(&random, 5) == 0)
            put_hole(shape, &islands, world, world->nodes[field / SIDE][field % SIDE]);
    }
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        snprintf(code, sizeof code, "G%02zu", i);
        if (fields[i].ring_count > 0)
            add_jurisdiction(&world->jurisdictions, code, &fields[i]);
    }
    if (islands.ring_count > 0)
        add_jurisdiction(&world->jurisdictions, "H", &islands);
}

/* A place anywhere, or on a corner, on an edge, or next to one. */
static struct points random_point(const struct world *world, uint64_t *random, int32_t place[2])
{
    int32_t reach = (int32_t)((int64_t)world->spacing * SIDE / 2 + world->spacing / 4);
    place[0] = around_zero(random, reach);
    place[1] = around_zero(random, reach);
    const struct jurisdictions *all = &world->jurisdictions;
    const struct shape *shape = &all->items[below(random, (uint32_t)all->count)].shape;
    size_t at = below(random, (uint32_t)shape->point_count - 1);
    int32_t x[2], y[2];
    for (size_t i = 0; i < 2; i++) {
        x[i] = grid_x(&world->grid, shape->x[at + i]);
        y[i] = grid_y(&world->grid, shape->y[at + i]);
    }
    uint32_t kind = below(random, 4), part = below(random, 65);
    if (kind > 0) {
        place[0] = (int32_t)(x[0] + ((int64_t)x[1] - x[0]) * part / 64);
        place[1] = (int32_t)(y[0] + ((int64_t)y[1] - y[0]) * part / 64);
    }
    if (kind == 2 || (kind == 1 && part == 0)) {
        place[0] += around_zero(random, 2);
        place[1] += around_zero(random, 2);
    }
    if (kind == 3) {
        place[0] += around_zero(random, 1200);
        place[1] += around_zero(random, 1200);
    }
    return (struct points){&place[0], &place[1], 1};
}

static void fast_equals_plain(void **state)
{
    (void)state;
    enum { POINTS = 3000 };
    for (uint64_t seed = 1; seed <= cases_rounds(100, POINTS); seed++) {
        struct world world;
        int32_t x[POINTS], y[POINTS], owners[POINTS];
        uint64_t random = seed * 1000003;
        build_world(&world, seed);
        struct assignment *assignment =
            open_assignment(&world.jurisdictions, &world.grid, seed % 4 == 0 ? 0.03 : 1);
        for (size_t i = 0; i < POINTS; i++) {
            int32_t place[2];
            random_point(&world, &random, place);
            x[i] = place[0];
            y[i] = place[1];
        }
        assignment_owners(owners, assignment, &(struct points){x, y, POINTS});
        for (size_t i = 0; i < POINTS; i++) {
            int32_t plain = assignment_owner_plain(assignment, x[i], y[i]);
            if (owners[i] != plain)
                fail_msg("seed %llu, point %zu at %d %d: fast %d, plain %d",
                         (unsigned long long)seed, i, x[i], y[i], owners[i], plain);
        }
        assignment_close(assignment);
        jurisdictions_free(&world.jurisdictions);
    }
}

/* Set up by one worker or by several, asked one by one or all together. */
static void threads_and_batches_change_no_owner(void **state)
{
    (void)state;
    enum { POINTS = 1000 };
    for (uint64_t seed = 1; seed <= cases_looked(30); seed++) {
        struct world world;
        int32_t x[POINTS], y[POINTS], owners[POINTS], alone[POINTS];
        uint64_t random = seed * 7919;
        build_world(&world, seed);
        struct assignment_options options = {.grid = world.grid, .gap_m = 1, .thread_count = 1};
        struct assignment *one = assignment_open(&world.jurisdictions, &options, NULL);
        options.thread_count = (int)(2 + seed % 7);
        struct assignment *several = assignment_open(&world.jurisdictions, &options, NULL);
        for (size_t i = 0; i < POINTS; i++) {
            int32_t place[2];
            random_point(&world, &random, place);
            x[i] = place[0];
            y[i] = place[1];
            assignment_owners(&alone[i], one, &(struct points){&x[i], &y[i], 1});
        }
        assignment_owners(owners, several, &(struct points){x, y, POINTS});
        assert_memory_equal(owners, alone, sizeof owners);
        assignment_close(one);
        assignment_close(several);
        jurisdictions_free(&world.jurisdictions);
    }
}

/* ---- GEOS as the oracle ---- */

struct oracle {
    GEOSContextHandle_t geos;
    GEOSGeometry *areas[64];
    const GEOSPreparedGeometry *prepared[64];
    size_t count;
};

static GEOSGeometry *geos_ring(GEOSContextHandle_t geos, const struct world *world,
                               const struct shape *shape, size_t ring)
{
    size_t first = shape->ring_starts[ring], count = shape->ring_starts[ring + 1] - first;
    GEOSCoordSequence *corners = GEOSCoordSeq_create_r(geos, (unsigned)count, 2);
    for (size_t i = 0; i < count; i++)
        GEOSCoordSeq_setXY_r(geos, corners, (unsigned)i, grid_x(&world->grid, shape->x[first + i]),
                             grid_y(&world->grid, shape->y[first + i]));
    return GEOSGeom_createPolygon_r(geos, GEOSGeom_createLinearRing_r(geos, corners), NULL, 0);
}

/* Even-odd by symmetric differences of the rings would move corners; a collection of rings counted
 * by the point locator does not. */
static GEOSGeometry *geos_area(GEOSContextHandle_t geos, const struct world *world,
                               const struct shape *shape)
{
    GEOSGeometry *rings[64];
    size_t count = 0;
    assert_true(shape->ring_count <= 64);
    for (size_t r = 0; r < shape->ring_count; r++)
        rings[count++] = geos_ring(geos, world, shape, r);
    return GEOSGeom_createCollection_r(geos, GEOS_MULTIPOLYGON, rings, (unsigned)count);
}

static void oracle_open(struct oracle *oracle, const struct world *world)
{
    oracle->geos = GEOS_init_r();
    oracle->count = world->jurisdictions.count;
    for (size_t j = 0; j < oracle->count; j++) {
        oracle->areas[j] = geos_area(oracle->geos, world, &world->jurisdictions.items[j].shape);
        oracle->prepared[j] = GEOSPrepare_r(oracle->geos, oracle->areas[j]);
    }
}

static void oracle_close(struct oracle *oracle)
{
    for (size_t j = 0; j < oracle->count; j++) {
        GEOSPreparedGeom_destroy_r(oracle->geos, oracle->prepared[j]);
        GEOSGeom_destroy_r(oracle->geos, oracle->areas[j]);
    }
    GEOS_finish_r(oracle->geos);
}

/* Distance in units from a place to a jurisdiction's area by GEOS, whose point locator for an area
 * counts the crossings of all rings. */
static double oracle_distance(const struct oracle *oracle, size_t jurisdiction,
                              const GEOSGeometry *point)
{
    double distance;
    if (GEOSPreparedIntersects_r(oracle->geos, oracle->prepared[jurisdiction], point) == 1)
        return 0;
    GEOSGeometry *lines = GEOSBoundary_r(oracle->geos, oracle->areas[jurisdiction]);
    assert_int_equal(GEOSDistance_r(oracle->geos, lines, point, &distance), 1);
    GEOSGeom_destroy_r(oracle->geos, lines);
    return distance;
}

/* The owner by GEOS's distances; *doubtful where they cannot tell. */
static int32_t oracle_owner(const double *distances, size_t count, const struct grid *grid,
                            bool *doubtful)
{
    double unit = grid->unit_mm, best = INFINITY;
    int32_t owner = OUTSIDE;
    size_t near = 0;
    *doubtful = false;
    for (size_t j = 0; j < count; j++)
        if (distances[j] == 0)
            return (int32_t)j;
    for (size_t j = 0; j < count; j++) {
        double apart2 = distances[j] * distances[j] * unit * unit;
        *doubtful = *doubtful || fabs(apart2 - 1000000) < 1e-3
                    || (apart2 < 1000001 && fabs(apart2 - round(apart2)) < 1e-6);
        if (apart2 > 1000000)
            continue;
        near++;
        if (floor(apart2) < best) {
            best = floor(apart2);
            owner = (int32_t)j;
        }
    }
    return near > 1 ? owner : OUTSIDE;
}

static void ask_both(const struct world *world, const struct oracle *oracle,
                     const struct assignment *assignment, uint64_t seed)
{
    uint64_t random = seed * 7919;
    for (int i = 0; i < 250; i++) {
        int32_t place[2];
        double distances[64], nearest = INFINITY;
        bool doubtful;
        random_point(world, &random, place);
        GEOSGeometry *point = GEOSGeom_createPointFromXY_r(oracle->geos, place[0], place[1]);
        for (size_t j = 0; j < oracle->count; j++)
            distances[j] = oracle_distance(oracle, j, point);
        GEOSGeom_destroy_r(oracle->geos, point);
        int32_t expected = oracle_owner(distances, oracle->count, &world->grid, &doubtful);
        int32_t plain = assignment_owner_plain(assignment, place[0], place[1]);
        if (!doubtful && plain != expected)
            fail_msg("seed %llu at %d %d: plain %d, GEOS %d", (unsigned long long)seed, place[0],
                     place[1], plain, expected);
        double border_m = border_of(assignment, place[0], place[1], INFINITY);
        for (size_t j = 0; j < oracle->count; j++)
            if ((int32_t)j != plain)
                nearest = fmin(nearest, distances[j] * world->grid.unit_mm / 1000);
        if (plain >= 0 ? !(fabs(border_m - nearest) <= 1e-9 * (1 + nearest)) : !isnan(border_m))
            fail_msg("seed %llu at %d %d: border %.9f, GEOS %.9f", (unsigned long long)seed,
                     place[0], place[1], border_m, nearest);
        double limited_m = border_of(assignment, place[0], place[1], 10);
        if (plain >= 0)
            assert_true(border_m <= 10 ? limited_m == border_m : limited_m == INFINITY);
    }
}

static void plain_and_border_m_equal_geos(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= cases_rounds(40, 2500); seed++) {
        struct world world;
        struct oracle oracle;
        build_world(&world, seed);
        oracle_open(&oracle, &world);
        struct assignment *assignment = open_assignment(&world.jurisdictions, &world.grid, 1);
        ask_both(&world, &oracle, assignment, seed);
        assignment_close(assignment);
        oracle_close(&oracle);
        jurisdictions_free(&world.jurisdictions);
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

/* To the last bit, from beside a border to far away; 0 (in an overlap) is what GEOS is asked. */
static void border_m_is_the_least_over_every_edge(void **state)
{
    (void)state;
    enum { POINTS = 400 };
    for (uint64_t seed = 1; seed <= cases_looked(60); seed++) {
        struct world world;
        struct edges edges = {0};
        int32_t x[POINTS], y[POINTS], owners[POINTS];
        double border_m[POINTS];
        uint64_t random = seed * 104729;
        size_t compared = 0;
        build_world(&world, seed);
        struct assignment *assignment = open_assignment(&world.jurisdictions, &world.grid, 1);
        assert_true(edges_new(&edges, &world.jurisdictions, &world.grid, NULL));
        for (size_t i = 0; i < POINTS; i++) {
            int32_t place[2];
            random_point(&world, &random, place);
            x[i] = place[0];
            y[i] = place[1];
        }
        const struct points points = {x, y, POINTS};
        assignment_owners(owners, assignment, &points);
        assignment_border_m(border_m, assignment, &(struct owned_points){points, owners}, INFINITY);
        for (size_t i = 0; i < POINTS; i++) {
            if (owners[i] < 0 || border_m[i] == 0)
                continue;
            double plain_m = plain_border_m(&edges, (struct place){x[i], y[i]}, owners[i]);
            if (border_m[i] != plain_m)
                fail_msg("seed %llu at %d %d: %.17g, plain %.17g", (unsigned long long)seed, x[i],
                         y[i], border_m[i], plain_m);
            compared++;
        }
        assert_true(compared > 20);
        edges_free(&edges);
        assignment_close(assignment);
        jurisdictions_free(&world.jurisdictions);
    }
}

static void a_limit_changes_no_border_m_within_it(void **state)
{
    (void)state;
    for (uint64_t seed = 3; seed <= 5 * cases_rounds(12, 3000); seed += 5) {
        struct world world;
        uint64_t random = seed;
        build_world(&world, seed);
        struct assignment *assignment = open_assignment(&world.jurisdictions, &world.grid, 1);
        for (int i = 0; i < 3000; i++) {
            int32_t reach = world.spacing * 2, x = around_zero(&random, reach),
                    y = around_zero(&random, reach);
            double limit_m = 1 + below(&random, 200), all_m = border_of(assignment, x, y, INFINITY),
                   limited_m = border_of(assignment, x, y, limit_m);
            if (!isnan(all_m) && limited_m != (all_m <= limit_m ? all_m : INFINITY))
                fail_msg("seed %llu at %d %d: within %.0f m %.9f, else %.9f",
                         (unsigned long long)seed, x, y, limit_m, limited_m, all_m);
        }
        assignment_close(assignment);
        jurisdictions_free(&world.jurisdictions);
    }
}

/* ---- order, crowds, bombs ---- */

static int compare_items(const void *a, const void *b)
{
    return jurisdiction_compare(a, b);
}

static void the_order_of_jurisdictions_and_rings_changes_no_owner(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct world world;
        uint64_t random = seed;
        build_world(&world, seed);
        struct assignment *before = open_assignment(&world.jurisdictions, &world.grid, 1);
        struct jurisdictions *all = &world.jurisdictions;
        for (size_t i = all->count; i > 1; i--) {
            size_t other = below(&random, (uint32_t)i);
            struct jurisdiction held = all->items[i - 1];
            all->items[i - 1] = all->items[other];
            all->items[other] = held;
        }
        for (size_t j = 0; j < all->count; j++) { /* each ring backwards */
            struct shape *shape = &all->items[j].shape;
            for (size_t r = 0; r < shape->ring_count; r++)
                for (size_t a = shape->ring_starts[r], b = shape->ring_starts[r + 1] - 1; a < b;
                     a++, b--) {
                    double x = shape->x[a], y = shape->y[a];
                    shape->x[a] = shape->x[b];
                    shape->y[a] = shape->y[b];
                    shape->x[b] = x;
                    shape->y[b] = y;
                }
        }
        qsort(all->items, all->count, sizeof *all->items, compare_items);
        struct assignment *after = open_assignment(all, &world.grid, 1);
        for (int i = 0; i < 2000; i++) {
            int32_t place[2];
            random_point(&world, &random, place);
            if (owner_of(before, place[0], place[1]) != owner_of(after, place[0], place[1]))
                fail_msg("seed %llu at %d %d", (unsigned long long)seed, place[0], place[1]);
        }
        assignment_close(before);
        assignment_close(after);
        jurisdictions_free(all);
    }
}

/* Wedges around one corner, `lap` of them over one another. */
static struct jurisdictions wedges(int count, int lap)
{
    struct jurisdictions all = {0};
    for (int i = 0; i < count; i++) {
        int32_t corners[3][2] = {{7, 11}};
        char code[16];
        struct shape shape = {0};
        for (int side = 0; side < 2; side++) {
            double angle = 6.283185307179586 * (i + side * lap) / count;
            corners[side + 1][0] = (int32_t)(100000 * cos(angle));
            corners[side + 1][1] = (int32_t)(100000 * sin(angle));
        }
        snprintf(code, sizeof code, "W%03d", i);
        add_ring(&shape, &millimetres, (const int32_t(*)[2])corners, 3);
        add_jurisdiction(&all, code, &shape);
    }
    return all;
}

static void a_hundred_jurisdictions_meet_in_one_corner(void **state)
{
    (void)state;
    for (int lap = 1; lap <= 41; lap += 20) {
        uint64_t random = 5;
        struct jurisdictions all = wedges(100, lap);
        struct assignment *assignment = open_assignment(&all, &millimetres, 1);
        assert_int_equal(owner_of(assignment, 7, 11), 0);
        for (int i = 0; i < 20000; i++)
            owner_of(assignment, 7 + around_zero(&random, i % 2 ? 60 : 3000),
                     11 + around_zero(&random, i % 3 ? 60 : 3000));
        /* Around the corner many hold a place at one time, however the pages fall. */
        if (lap > 1)
            for (int i = 0; i < 500; i++)
                assert_true(border_of(assignment, 7 + around_zero(&random, 900),
                                      11 + around_zero(&random, 900), INFINITY)
                            == 0);
        assignment_close(assignment);
        jurisdictions_free(&all);
    }
}

/* A star whose sides all pass near its centre, and a comb of long teeth: every edge crosses
 * everything. */
static void edges_that_cross_everything_stay_bounded_and_exact(void **state)
{
    (void)state;
    const int count = (int)cases_looked(20000) + 1; /* odd */
    int32_t(*corners)[2] = malloc((size_t)count * sizeof *corners);
    assert_non_null(corners);
    for (int comb = 0; comb < 2; comb++) {
        uint64_t random = 11;
        struct jurisdictions one = {0};
        struct shape shape = {0};
        for (int i = 0; i < count; i++) {
            double angle = 6.283185307179586 * (double)((int64_t)i * (count / 2) % count) / count;
            corners[i][0] = comb ? (i % 2 ? 500000000 : -500000000) : (int32_t)(1e6 * cos(angle));
            corners[i][1] = comb ? i * 3 : (int32_t)(1e6 * sin(angle));
        }
        add_ring(&shape, &millimetres, (const int32_t(*)[2])corners, (size_t)count);
        add_jurisdiction(&one, "S", &shape);
        struct assignment *assignment = open_assignment(&one, &millimetres, 1);
        for (int i = 0; i < 300; i++)
            owner_of(assignment, around_zero(&random, i % 2 ? 1000000 : 1000),
                     around_zero(&random, i % 3 ? 1000000 : 60000));
        assignment_close(assignment);
        jurisdictions_free(&one);
    }
    free(corners);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_point_on_the_shared_line_goes_to_the_lower_code),
        cmocka_unit_test(an_overlap_goes_to_the_lower_code),
        cmocka_unit_test(an_outer_border_attracts_nobody),
        cmocka_unit_test(a_gap_goes_to_the_nearer_and_in_its_middle_to_the_lower_code),
        cmocka_unit_test(a_gap_is_closed_as_far_as_gap_m_reaches_and_no_further),
        cmocka_unit_test(nearer_means_by_whole_square_millimetres),
        cmocka_unit_test(a_grid_of_centimetres_measures_gaps_in_millimetres),
        cmocka_unit_test(an_island_in_a_hole_is_its_own),
        cmocka_unit_test(pieces_that_share_a_side_are_one_area),
        cmocka_unit_test(a_ring_left_open_is_closed),
        cmocka_unit_test(no_place_stays_no_place_and_far_is_outside),
        cmocka_unit_test(without_jurisdictions_all_is_outside),
        cmocka_unit_test(a_jurisdiction_as_wide_as_the_grid_is_exact_to_the_unit),
        cmocka_unit_test(a_boundary_beyond_the_grid_is_an_error_that_names_it),
        cmocka_unit_test(border_m_is_zero_in_an_overlap_and_on_the_line),
        cmocka_unit_test(border_m_is_zero_where_two_hold_all_around_a_third),
        cmocka_unit_test(border_m_is_unknown_for_one_that_is_alone),
        cmocka_unit_test(fast_equals_plain),
        cmocka_unit_test(threads_and_batches_change_no_owner),
        cmocka_unit_test(plain_and_border_m_equal_geos),
        cmocka_unit_test(border_m_is_the_least_over_every_edge),
        cmocka_unit_test(a_limit_changes_no_border_m_within_it),
        cmocka_unit_test(the_order_of_jurisdictions_and_rings_changes_no_owner),
        cmocka_unit_test(a_hundred_jurisdictions_meet_in_one_corner),
        cmocka_unit_test(edges_that_cross_everything_stay_bounded_and_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Tests the lines of equal density. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/draw/contours.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint64_t random_next(uint64_t *state) /* Vigna's xorshift64* (2016) */
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 2685821657736338717u >> 16;
}

static struct raster raster_of(double extent, double cell)
{
    struct raster raster = {0};
    assert_true(raster_new(&raster, (struct box){0, 0, extent, extent}, cell, NULL));
    return raster;
}

static struct lattice lattice_over(double extent, double step)
{
    size_t count = (size_t)(extent / step) + 1;
    return (struct lattice){0, extent, step, count, count};
}

static void a_round_hill_has_a_round_line(void **state)
{
    (void)state;
    struct raster raster = raster_of(1000, 10);
    for (size_t i = 0; i < raster.columns * raster.rows; i++) {
        double x = (double)(i % raster.columns) * 10 + 5 - 500;
        double y = (double)(i / raster.columns) * 10 + 5 - 500;
        raster.values[i] = 100 - sqrt(x * x + y * y) / 4; /* 50 at 200 m */
    }
    const struct contour_source source = {.density = &raster, .lattice = lattice_over(1000, 4)};
    struct shape pieces = {0};
    assert_true(contours_find(&pieces, &source, 50, NULL));
    double length = 0;
    for (size_t i = 0; i < pieces.point_count; i++) {
        double x = pieces.x[i] - 500, y = pieces.y[i] - 500;
        assert_true(fabs(sqrt(x * x + y * y) - 200) < 0.2);
        if (i % 2 == 1)
            length += hypot(pieces.x[i] - pieces.x[i - 1], pieces.y[i] - pieces.y[i - 1]);
    }
    assert_true(fabs(length - 2 * acos(-1) * 200) < 1);
    shape_free(&pieces);
    assert_true(contours_find(&pieces, &source, 101, NULL));
    assert_int_equal(pieces.ring_count, 0);
    shape_free(&pieces);
    raster_free(&raster);
}

static int compare_places(const void *a, const void *b)
{
    return memcmp(a, b, 2 * sizeof(double));
}

/* Every end is the end of two pieces, but on the rim and where nothing is shown: the line never
 * breaks off, not at saddles either. */
static void lines_never_break_off(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        uint64_t random = seed;
        struct raster raster = raster_of(200, 10);
        for (size_t i = 0; i < raster.columns * raster.rows; i++)
            raster.values[i] = (double)(random_next(&random) % (seed % 3 ? 1000 : 4));
        const struct contour_source source = {.density = &raster,
                                              .lattice = lattice_over(200, 200.0 / 64)};
        struct shape pieces = {0};
        double value = seed % 3 ? 500 : 2; /* also exactly on values */
        assert_true(contours_find(&pieces, &source, value, NULL));
        size_t count = pieces.point_count;
        double(*ends)[2];
        assert_true(array_new(&ends, count, sizeof *ends, NULL));
        for (size_t i = 0; i < count; i++) {
            ends[i][0] = pieces.x[i];
            ends[i][1] = pieces.y[i];
        }
        qsort(ends, count, sizeof *ends, compare_places);
        for (size_t i = 0, next; i < count; i = next) {
            for (next = i + 1; next < count && compare_places(ends[i], ends[next]) == 0;)
                next++;
            bool rim = ends[i][0] <= 0 || ends[i][0] >= 200 || ends[i][1] <= 0 || ends[i][1] >= 200;
            if (!rim && (next - i) % 2 != 0)
                fail_msg("seed %d: %zu pieces end at %g %g", (int)seed, next - i, ends[i][0],
                         ends[i][1]);
        }
        assert_true(count > 100);
        array_free(&ends);
        shape_free(&pieces);
        raster_free(&raster);
    }
}

static void nothing_runs_where_few_stand_behind_it(void **state)
{
    (void)state;
    struct raster raster = raster_of(200, 10), support = raster_of(200, 10);
    for (size_t i = 0; i < raster.columns * raster.rows; i++) {
        raster.values[i] = (double)(i / raster.columns);     /* rises to the north */
        support.values[i] = i % raster.columns < 10 ? 4 : 5; /* the west is withheld */
    }
    raster.values[15] = NAN;
    struct contour_source source = {.density = &raster,
                                    .support = &support,
                                    .least_support = 5,
                                    .lattice = lattice_over(200, 5)};
    struct shape pieces = {0};
    assert_true(contours_find(&pieces, &source, 9.2, NULL));
    assert_true(pieces.ring_count > 10);
    for (size_t i = 0; i < pieces.point_count; i++)
        assert_true(pieces.x[i] >= 100 && fabs(pieces.y[i] - 97) < 0.5);
    shape_free(&pieces);
    source.support = NULL;
    assert_true(contours_find(&pieces, &source, 9.2, NULL));
    assert_true(pieces.ring_count > 30);
    shape_free(&pieces);
    raster_free(&raster);
    raster_free(&support);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_round_hill_has_a_round_line),
        cmocka_unit_test(lines_never_break_off),
        cmocka_unit_test(nothing_runs_where_few_stand_behind_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

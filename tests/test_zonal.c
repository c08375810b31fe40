/* Tests of sums over polygons: against asking each cell, and over polygons that share a line. */
#include "engine/analysis/zonal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/cases.h"

enum { COLUMNS = 40, ROWS = 30, CELLS = COLUMNS * ROWS, CORNERS = 9 };

static uint64_t state = 11;

static double draw(void)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (double)(state >> 40) / (1 << 24);
}

struct scene {
    double values[2][CELLS];
    struct raster rasters[2];
    const struct raster *both[2];
    struct zonal zonal;
};

/* Whole numbers, so that sums are the same in any order; and now and then half a cell's width, so
 * that centres lie on lines. */
static void set_scene(struct scene *scene)
{
    *scene = (struct scene){0};
    for (int r = 0; r < 2; r++) {
        scene->rasters[r] = (struct raster){
            .x_min = 100, .y_min = 200, .cell_m = 10, .columns = COLUMNS, .rows = ROWS};
        scene->rasters[r].values = scene->values[r];
        scene->both[r] = &scene->rasters[r];
        for (int i = 0; i < CELLS; i++)
            scene->values[r][i] = (int)(draw() * 2000) - 1000;
    }
    scene->zonal = (struct zonal){.rasters = scene->both, .count = 2};
}

/* A ring of any form around and beyond the rasters, on a lattice of 2.5 m: often through centres.
 */
static void set_ring(struct shape *shape, size_t ring)
{
    size_t first = ring * (CORNERS + 1);
    for (size_t i = first; i < first + CORNERS; i++) {
        shape->x[i] = 50 + 2.5 * (int)(draw() * 200);
        shape->y[i] = 150 + 2.5 * (int)(draw() * 160);
    }
    shape->x[first + CORNERS] = shape->x[first];
    shape->y[first + CORNERS] = shape->y[first];
    shape->ring_starts[ring + 1] = first + CORNERS + 1;
}

static size_t asked(const struct scene *scene, const struct shape *shape, double sums[2])
{
    size_t cells = 0;
    sums[0] = sums[1] = 0;
    for (int i = 0; i < CELLS; i++) {
        if (!shape_holds(shape, 105 + 10.0 * (i % COLUMNS), 205 + 10.0 * (i / COLUMNS)))
            continue;
        cells++;
        sums[0] += scene->values[0][i];
        sums[1] += scene->values[1][i];
    }
    return cells;
}

static void test_sums_are_those_of_asking_each_cell(void **unused)
{
    (void)unused;
    static struct scene scene;
    struct error error = {0};
    size_t most = 0;
    set_scene(&scene);
    for (uint64_t n = 0; n < cases_rounds(400, 1); n++) {
        struct shape shape;
        double got[2], wanted[2];
        size_t rings = 1 + n % 3;
        assert_true(shape_new(&shape, rings * (CORNERS + 1), rings, &error));
        for (size_t r = 0; r < rings; r++)
            set_ring(&shape, r);
        assert_true(zonal_sum(&scene.zonal, &shape, got, &error));
        size_t cells = asked(&scene, &shape, wanted);
        assert_int_equal(scene.zonal.cells, cells);
        assert_true(got[0] == wanted[0] && got[1] == wanted[1]);
        most = cells > most ? cells : most;
        shape_free(&shape);
    }
    assert_true(most > CELLS / 3);
    zonal_free(&scene.zonal);
}

/* A square cut by a line through centres: each cell is in one of the halves. */
static void test_halves_share_no_cell(void **unused)
{
    (void)unused;
    static struct scene scene;
    struct error error = {0};
    set_scene(&scene);
    for (int cut = 0; cut <= COLUMNS * 4; cut++) {
        double x = 100 + 2.5 * cut, sums[2][2], whole[2];
        double left_x[] = {100, x, x, 100, 100}, right_x[] = {x, 500, 500, x, x};
        double y[] = {200, 200, 500, 500, 200}, whole_x[] = {100, 500, 500, 100, 100};
        size_t starts[] = {0, 5}, cells = 0;
        struct shape left = {left_x, y, starts, 5, 1}, right = {right_x, y, starts, 5, 1};
        struct shape all = {whole_x, y, starts, 5, 1};
        assert_true(zonal_sum(&scene.zonal, &left, sums[0], &error));
        cells += scene.zonal.cells;
        assert_true(zonal_sum(&scene.zonal, &right, sums[1], &error));
        cells += scene.zonal.cells;
        assert_int_equal(cells, CELLS);
        assert_true(zonal_sum(&scene.zonal, &all, whole, &error));
        assert_int_equal(scene.zonal.cells, CELLS);
        assert_true(sums[0][0] + sums[1][0] == whole[0] && sums[0][1] + sums[1][1] == whole[1]);
    }
    zonal_free(&scene.zonal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums_are_those_of_asking_each_cell),
        cmocka_unit_test(test_halves_share_no_cell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

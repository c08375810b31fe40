/* Tests of the kernels and of density: other people's values, closed forms, and plain sums over
 * seeds. */
#include "tests/cases.h"

#include "engine/analysis/density.h"
#include "engine/analysis/elementary.h"
#include "engine/analysis/window.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 300 };

static const enum kernel KERNELS[KERNEL_COUNT] = {KERNEL_QUARTIC,      KERNEL_GAUSSIAN,
                                                  KERNEL_EPANECHNIKOV, KERNEL_TRIANGULAR,
                                                  KERNEL_TRIWEIGHT,    KERNEL_UNIFORM};

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

static bool is_near(double a, double b, double relative)
{
    bool near = fabs(a - b) <= relative * fmax(fabs(a), fabs(b));
    if (!near)
        print_error("%.17g is not %.17g\n", a, b);
    return near;
}

struct scene {
    int32_t x[MOST], y[MOST];
    uint32_t weights[MOST];
    size_t count;
    struct grid grid;
    struct box box;
    double cell_m;
    bool weighted;
};

static struct raster density_of(const struct scene *scene, const struct density_options *options)
{
    struct weighted_points points = {.points = {scene->x, scene->y, scene->count},
                                     .weights = scene->weighted ? scene->weights : NULL};
    struct raster raster;
    struct error error = {0};
    assert_true(raster_new(&raster, scene->box, scene->cell_m, &error));
    if (!density_run(&raster, &points, &scene->grid, options, &error)) {
        print_error("%s\n", error.message);
        fail();
    }
    return raster;
}

static void scene_random(struct scene *scene, uint64_t seed)
{
    uint64_t state = seed;
    int32_t extent = 1000 + below(&state, 400000);
    *scene = (struct scene){.grid = {100000, 500000, below(&state, 4) == 0 ? 10 : 1},
                            .count = (size_t)below(&state, MOST) + 1,
                            .weighted = below(&state, 2) == 0};
    int32_t step = below(&state, 3) == 0 ? 500 : 1;
    for (size_t i = 0; i < scene->count; i++) {
        scene->x[i] = below(&state, (uint64_t)extent) / step * step;
        scene->y[i] = below(&state, (uint64_t)extent) / step * step;
        scene->weights[i] = (uint32_t)below(&state, 4) + 1;
        if (i > 0 && below(&state, 5) == 0) {
            scene->x[i] = scene->x[i - 1];
            scene->y[i] = scene->y[i - 1];
        }
        if (below(&state, 30) == 0)
            scene->x[i] = scene->y[i] = below(&state, 2) == 0 ? GRID_NOWHERE : GRID_FAR;
    }
    double side = extent / 1000.0 * scene->grid.unit_mm, shift = side * below(&state, 3) / 4;
    scene->box = (struct box){100000 + shift, 500000 - shift / 3, 100000 + shift + side * 0.9,
                              500000 - shift / 3 + side * 1.1};
    scene->cell_m = side / (3 + below(&state, 40));
    if (below(&state, 2) == 0)
        scene->cell_m = fmax(0.5, floor(scene->cell_m * 2) / 2);
}

static double plain_sum(const struct scene *scene, const struct density_options *options, double x,
                        double y)
{
    double sum = 0;
    for (size_t i = 0; i < scene->count; i++) {
        if (scene->x[i] == GRID_NOWHERE || scene->x[i] == GRID_FAR)
            continue;
        double dx = grid_metres_x(&scene->grid, scene->x[i]) - x;
        double dy = grid_metres_y(&scene->grid, scene->y[i]) - y;
        sum += (scene->weighted ? scene->weights[i] : 1)
               * kernel_value(options->kernel, options->bandwidth_m, sqrt(dx * dx + dy * dy));
    }
    return sum;
}

static void small_jobs_are_plain_sums(void **state)
{
    (void)state;
    static struct scene scene;
    for (uint64_t seed = 1; seed <= cases_rounds(60, 2000); seed++) {
        scene_random(&scene, seed);
        double across = scene.box.x_max - scene.box.x_min;
        for (int k = 0; k < KERNEL_COUNT; k++) {
            struct density_options options = {.kernel = KERNELS[k],
                                              .bandwidth_m = across * (1 + (double)(seed % 7)) / 17,
                                              .thread_count = 1 + (int)(seed % 2)};
            struct raster raster = density_of(&scene, &options);
            double peak = raster_peak(&raster);
            for (size_t i = 0; i < raster.columns * raster.rows; i += 1 + i % 3) {
                double x = raster.x_min + ((double)(i % raster.columns) + 0.5) * raster.cell_m;
                double y = raster.y_min + ((double)(i / raster.columns) + 0.5) * raster.cell_m;
                double plain = plain_sum(&scene, &options, x, y);
                /* metres near 500,000 hold 6e-11 of their own, which a narrow kernel shows */
                double allowed = (1e-10 + 4e-10 / options.bandwidth_m) * peak + 1e-12 * plain;
                if (KERNELS[k] == KERNEL_UNIFORM && fabs(plain - raster.values[i]) > allowed)
                    continue; /* a rim is a matter of the last bit here; see the count's test */
                if (fabs(plain - raster.values[i]) > allowed)
                    print_error("seed %llu %s %g m cell %zu: %.17g for %.17g\n",
                                (unsigned long long)seed, kernel_name(KERNELS[k]),
                                options.bandwidth_m, i, raster.values[i], plain);
                assert_true(fabs(plain - raster.values[i]) <= allowed);
            }
            raster_free(&raster);
        }
    }
}

/* Whole millimetres and half cells: nothing is rounded, so the sums agree to the last bits. */
static void sums_in_whole_units_agree_to_1e_12(void **state)
{
    (void)state;
    static struct scene scene;
    uint64_t random = 9;
    scene = (struct scene){.grid = {0, 0, 1},
                           .count = MOST,
                           .box = {-50, -60, 350, 290},
                           .cell_m = 10,
                           .weighted = true};
    for (size_t i = 0; i < MOST; i++) {
        scene.x[i] = below(&random, 300000);
        scene.y[i] = below(&random, 250000);
        scene.weights[i] = (uint32_t)below(&random, 3) + 1;
    }
    for (int k = 0; k < KERNEL_COUNT; k++) {
        struct density_options options = {.kernel = KERNELS[k], .bandwidth_m = 64};
        struct raster raster = density_of(&scene, &options);
        double peak = raster_peak(&raster);
        for (size_t i = 0; i < raster.columns * raster.rows; i++) {
            double plain = plain_sum(&scene, &options, -45 + 10 * (double)(i % raster.columns),
                                     -55 + 10 * (double)(i / raster.columns));
            assert_true(fabs(plain - raster.values[i]) <= 1e-12 * plain + 1e-15 * peak);
        }
        raster_free(&raster);
    }
}

static void the_kernels_have_the_values_of_grass(void **state)
{
    (void)state;
    static const double VALUES[KERNEL_COUNT] = {
        [KERNEL_QUARTIC] = 9.54834e-05,   [KERNEL_EPANECHNIKOV] = 6.36588e-05,
        [KERNEL_TRIWEIGHT] = 1.27305e-04, [KERNEL_TRIANGULAR] = 9.48177e-05,
        [KERNEL_UNIFORM] = 3.18310e-05,   [KERNEL_GAUSSIAN] = 4 / (M_PI * 1e4) * 0.99980003,
    };
    for (int k = 0; k < KERNEL_COUNT; k++) {
        struct scene scene = {.count = 1, .grid = {0, 0, 1}, .cell_m = 1, .box = {-1, -1, 1, 1}};
        struct density_options options = {.kernel = KERNELS[k], .bandwidth_m = 100};
        struct raster raster = density_of(&scene, &options);
        assert_true(is_near(kernel_value(KERNELS[k], 100, 0.7071), VALUES[KERNELS[k]], 1e-5));
        assert_true(is_near(raster.values[0], VALUES[KERNELS[k]], 1e-5));
        raster_free(&raster);
    }
}

static void kernels_are_found_by_name_and_reach_as_far_as_they_say(void **state)
{
    (void)state;
    enum kernel kernel = KERNEL_UNIFORM;
    for (int k = 0; k < KERNEL_COUNT; k++) {
        assert_true(kernel_parse(&kernel, kernel_name(KERNELS[k])));
        assert_int_equal(kernel, KERNELS[k]);
        double reach = kernel_reach_m(kernel, 100);
        assert_true(kernel_value(kernel, 100, reach * 1.0000001) == 0);
        assert_true(kernel_value(kernel, 100, reach * 0.9999999) > 0);
    }
    assert_false(kernel_parse(&kernel, "boxcar"));
    assert_true(is_near(kernel_reach_m(KERNEL_QUARTIC, 100), 100, 0));
    assert_true(kernel_value(KERNEL_GAUSSIAN, 100, 239.9)
                < 1.1e-10 * kernel_peak(KERNEL_GAUSSIAN, 100));
}

static void elementary_functions_equal_the_library_to_the_last_bits(void **state)
{
    (void)state;
    uint64_t random = 3;
    for (int i = 0; i < 200000; i++) {
        double x = -(double)below(&random, 1 << 30) / (1 << 30) * (i % 2 ? 30 : 690);
        double a = (double)below(&random, 1 << 30) / (1 << 29) - 1;
        double b = (double)below(&random, 1 << 30) / (1 << 29) - 1;
        assert_true(is_near(elementary_exp(x), exp(x), 5e-16));
        assert_true(fabs(elementary_angle(a, b) - atan2(a, b)) < 2e-15);
    }
    assert_true(elementary_exp(0) == 1 && elementary_exp(-800) == 0);
    assert_true(elementary_angle(-0.0, -1) == elementary_angle(0.0, -1));
}

static void the_exponential_of_many_is_that_of_each(void **state)
{
    (void)state;
    uint64_t random = 4;
    double values[37], each[37];
    for (int round = 0; round < 3000; round++) {
        size_t count = (size_t)below(&random, 38);
        for (size_t i = 0; i < count; i++) {
            values[i] = -(double)below(&random, 1 << 30) / (1 << 30) * (round % 2 ? 5 : 720);
            if (below(&random, 20) == 0)
                values[i] = i % 2 ? 0 : -1e300;
            each[i] = elementary_exp(values[i]);
        }
        elementary_exp_all(values, count);
        assert_memory_equal(values, each, count * sizeof *values);
    }
}

static void an_uncorrected_density_integrates_to_the_number_of_points(void **state)
{
    (void)state;
    for (int k = 0; k < KERNEL_COUNT; k++) {
        struct scene scene = {.count = 3,
                              .grid = {0, 0, 1},
                              .cell_m = 2,
                              .weighted = true,
                              .x = {100, 52345, -30001},
                              .y = {7, -20000, 31234},
                              .weights = {1, 2, 5},
                              .box = {-400, -400, 400, 400}};
        struct density_options options = {.kernel = KERNELS[k], .bandwidth_m = 100};
        struct raster raster = density_of(&scene, &options);
        double sum = 0;
        for (size_t i = 0; i < raster.columns * raster.rows; i++)
            sum += raster.values[i] * 4;
        double allowed = KERNELS[k] == KERNEL_UNIFORM ? 2e-3 : 1e-5;
        if (KERNELS[k] == KERNEL_GAUSSIAN)
            allowed = 1e-9;
        assert_true(is_near(sum, 8, allowed));
        raster_free(&raster);
    }
}

static bool read_redwood(struct scene *scene)
{
    char path[1024], line[100];
    const char *real = getenv("PLEIN_REAL");
    snprintf(path, sizeof path, "%s/points/redwood.csv", real != NULL ? real : "../shared/real");
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        fprintf(stderr, "SKIPPED: %s is missing\n", path);
        return false;
    }
    *scene = (struct scene){.grid = {0, 0, 1}};
    while (fgets(line, sizeof line, file) != NULL) {
        double x, y;
        if (sscanf(line, "%lf,%lf", &x, &y) != 2)
            continue;
        /* the unit square is 1 km here; its y runs from -1 to 0 */
        scene->x[scene->count] = (int32_t)lround(x * 1e6);
        scene->y[scene->count++] = (int32_t)lround(y * 1e6);
    }
    fclose(file);
    return true;
}

static void redwood_has_the_densities_of_spatstat(void **state)
{
    (void)state;
    static const struct {
        enum kernel kernel;
        double bandwidth_m;
        double values[3];
    } CASES[] = {
        {KERNEL_QUARTIC, 282.84271247461903, {43.840224, 55.287145, 54.669126}},
        {KERNEL_GAUSSIAN, 282.84271247461903, {47.541540, 70.247163, 69.489660}},
        {KERNEL_EPANECHNIKOV, 244.94897427831782, {42.582789, 50.292962, 49.373400}},
    };
    static struct scene scene;
    if (!read_redwood(&scene))
        skip();
    assert_int_equal(scene.count, 62);
    for (size_t c = 0; c < 3; c++)
        for (size_t p = 0; p < 3; p++) {
            double x = scene.x[p] / 1000.0, y = scene.y[p] / 1000.0;
            scene.cell_m = 2;
            scene.box = (struct box){x - 1, y - 1, x + 1, y + 1};
            struct density_options options = {.kernel = CASES[c].kernel,
                                              .bandwidth_m = CASES[c].bandwidth_m};
            struct raster raster = density_of(&scene, &options);
            assert_true(is_near(raster.values[0] * 1e6, CASES[c].values[p], 2e-8));
            raster_free(&raster);
        }
}

/* Rings in any direction and order; the hole counts as outside. */
static const double SQUARE_X[] = {0, 0, 1000, 1000, 0}, SQUARE_Y[] = {-1000, 0, 0, -1000, -1000};

static struct shape unit_square(void)
{
    static double x[5], y[5];
    static size_t starts[] = {0, 5};
    memcpy(x, SQUARE_X, sizeof x);
    memcpy(y, SQUARE_Y, sizeof y);
    return (struct shape){x, y, starts, 5, 1};
}

static double redwood_integral(struct scene *scene, enum edge_correction edge)
{
    struct shape square = unit_square();
    struct density_options options = {.kernel = KERNEL_GAUSSIAN,
                                      .bandwidth_m = 282.84271247461903,
                                      .edge = edge,
                                      .window = &square,
                                      .thread_count = 2};
    scene->cell_m = 5;
    scene->box = (struct box){0, -1000, 1000, 0};
    struct raster raster = density_of(scene, &options);
    double sum = 0;
    for (size_t i = 0; i < raster.columns * raster.rows; i++)
        sum += raster.values[i] * 25;
    raster_free(&raster);
    return sum;
}

static void redwood_is_corrected_at_the_edges_as_by_spatstat(void **state)
{
    (void)state;
    static struct scene scene;
    if (!read_redwood(&scene))
        skip();
    double none = redwood_integral(&scene, EDGE_NONE);
    double uniform = redwood_integral(&scene, EDGE_UNIFORM);
    double diggle = redwood_integral(&scene, EDGE_DIGGLE);
    double exact = 0, s = 100;
    for (size_t i = 0; i < scene.count; i++) {
        double x = scene.x[i] / 1000.0, y = scene.y[i] / 1000.0;
        exact += (erf((1000 - x) / s / M_SQRT2) + erf(x / s / M_SQRT2))
                 * (erf(-y / s / M_SQRT2) + erf((1000 + y) / s / M_SQRT2)) / 4;
    }
    assert_true(is_near(none, exact, 2e-5));
    /* spatstat moves points and window to 128 x 128 pixels first */
    assert_true(is_near(none, 55.75459, 5e-4));
    assert_true(is_near(uniform, 64.66244, 2e-4));
    assert_true(is_near(diggle, 62, 5e-5));
}

static double square_mass(enum kernel kernel, double h, double x, double y)
{
    struct shape square = unit_square();
    struct window_options options = {&square, kernel, h};
    struct window *window = window_open(&options, NULL);
    assert_non_null(window);
    double mass = window_mass(window, x, y);
    window_close(window);
    return mass;
}

static void the_mass_at_a_straight_border_has_its_closed_form(void **state)
{
    (void)state;
    static const double AT[] = {0, 0.1, 0.25, 0.5, 1};
    static const double MASSES[] = {0.5, 0.60101415, 0.74175522, 0.91476467, 1};
    for (int i = 0; i < 5; i++) {
        assert_true(fabs(square_mass(KERNEL_QUARTIC, 100, AT[i] * 100, -500) - MASSES[i]) < 1e-8);
        assert_true(fabs(square_mass(KERNEL_QUARTIC, 100, 500, -AT[i] * 100) - MASSES[i]) < 1e-8);
        assert_true(fabs(square_mass(KERNEL_QUARTIC, 100, -AT[i] * 100, -500) - 1 + MASSES[i])
                    < 1e-8);
    }
}

static void the_gaussian_mass_in_a_square_is_a_product_of_error_functions(void **state)
{
    (void)state;
    uint64_t random = 77;
    double s = 120 / sqrt(8);
    for (int i = 0; i < 2000; i++) {
        double x = below(&random, 1400) - 200, y = below(&random, 1400) - 1200;
        double across = erf((1000 - x) / s / M_SQRT2) + erf(x / s / M_SQRT2);
        double up = erf(-y / s / M_SQRT2) + erf((1000 + y) / s / M_SQRT2);
        double mass = square_mass(KERNEL_GAUSSIAN, 120, x, y);
        if (fabs(mass - across * up / 4) > 1e-8)
            print_error("at %g %g: %.12g for %.12g\n", x, y, mass, across * up / 4);
        assert_true(fabs(mass - across * up / 4) <= 1e-8);
    }
}

/* A star in a star, three turns in one coordinate and some edges level: held against fine squares.
 */
static struct shape odd_window(double x[40], double y[40], size_t starts[4])
{
    size_t n = 0;
    for (size_t ring = 0; ring < 3; ring++) {
        starts[ring] = n;
        for (int i = 0; i <= 10; i++) {
            int k = ring == 1 ? 10 - i : i; /* the second the other way round */
            double r = ring == 0 ? (k % 2 == 0 ? 300 : 120) : ring == 1 ? 70 : 25;
            x[n] = 50 + r * cos(0.62831853071795865 * (k % 10));
            y[n++] = 20 + r * sin(0.62831853071795865 * (k % 10));
        }
    }
    starts[3] = n;
    return (struct shape){x, y, starts, n, 3};
}

static double mass_by_squares(const struct shape *shape, enum kernel kernel, const double at[3])
{
    double reach = fmin(kernel_reach_m(kernel, at[2]), 1.3 * at[2]), sum = 0, all = 0;
    const int n = 240;
    for (int j = 0; j < n; j++)
        for (int i = 0; i < n; i++) {
            double dx = ((i + 0.5) / n * 2 - 1) * reach, dy = ((j + 0.5) / n * 2 - 1) * reach;
            double value = kernel_value(kernel, at[2], sqrt(dx * dx + dy * dy));
            all += value;
            if (value > 0 && shape_holds(shape, at[0] + dx, at[1] + dy))
                sum += value;
        }
    return sum / all;
}

static void the_mass_in_an_odd_window_with_a_hole_agrees_with_squares(void **state)
{
    (void)state;
    double x[40], y[40];
    size_t starts[4];
    struct shape shape = odd_window(x, y, starts);
    uint64_t random = 5;
    for (int i = 0; i < 90; i++) {
        double at[3] = {below(&random, 700) - 300, below(&random, 700) - 330, 20 + i * 2};
        enum kernel kernel = KERNELS[i % KERNEL_COUNT];
        struct window_options options = {&shape, kernel, at[2]};
        struct window *window = window_open(&options, NULL);
        assert_non_null(window);
        double mass = window_mass(window, at[0], at[1]);
        double squares = mass_by_squares(&shape, kernel, at);
        double allowed = kernel == KERNEL_GAUSSIAN ? 6e-3 : 3e-3;
        if (fabs(mass - squares) > allowed)
            print_error("case %d %s: %.6f for %.6f\n", i, kernel_name(kernel), mass, squares);
        assert_true(fabs(mass - squares) <= allowed);
        window_close(window);
    }
}

static void a_corner_and_an_edge_itself_are_no_trap(void **state)
{
    (void)state;
    for (int k = 0; k < KERNEL_COUNT; k++) {
        assert_true(fabs(square_mass(KERNELS[k], 100, 0, 0) - 0.25) < 1e-8);
        assert_true(fabs(square_mass(KERNELS[k], 100, 1000, -1000) - 0.25) < 1e-8);
        assert_true(fabs(square_mass(KERNELS[k], 100, 0, -400) - 0.5) < 1e-8);
        assert_true(fabs(square_mass(KERNELS[k], 100, 300, -1000) - 0.5) < 1e-8);
        assert_true(square_mass(KERNELS[k], 100, 400, -400) == 1);
        assert_true(square_mass(KERNELS[k], 100, 4000, -400) == 0);
        assert_true(square_mass(KERNELS[k], 100, 500, 500) == 0);
    }
}

static void without_mass_there_is_no_data(void **state)
{
    (void)state;
    struct shape square = unit_square();
    for (int edge = EDGE_NONE; edge <= EDGE_DIGGLE; edge++) {
        struct scene scene = {.count = 2,
                              .grid = {0, 0, 1},
                              .cell_m = 20,
                              .x = {500000, 3000000},
                              .y = {-500000, 0},
                              .box = {-500, -1500, 3500, 500}};
        struct density_options options = {.kernel = KERNEL_QUARTIC,
                                          .bandwidth_m = 100,
                                          .edge = (enum edge_correction)edge,
                                          .window = &square};
        struct raster raster = density_of(&scene, &options);
        for (size_t i = 0; i < raster.columns * raster.rows; i++) {
            double x = -490 + 20 * (double)(i % raster.columns);
            double y = -1490 + 20 * (double)(i / raster.columns);
            double dx = fmax(fmax(-x, x - 1000), 0), dy = fmax(fmax(y, -1000 - y), 0);
            double away = sqrt(dx * dx + dy * dy);
            if (away >= 100)
                assert_true((isnan(raster.values[i]) != 0) == (edge != EDGE_NONE));
            else if (away < 90)
                assert_true(raster.values[i] >= 0);
        }
        raster_free(&raster);
    }
}

static void an_empty_window_blanks_everything(void **state)
{
    (void)state;
    struct shape none = {0};
    struct scene scene = {.count = 1, .grid = {0, 0, 1}, .cell_m = 20, .box = {0, 0, 100, 100}};
    struct density_options options = {
        .kernel = KERNEL_QUARTIC, .bandwidth_m = 100, .edge = EDGE_DIGGLE, .window = &none};
    struct raster raster = density_of(&scene, &options);
    assert_true(isnan(raster_peak(&raster)));
    raster_free(&raster);
}

static void counts_within_reach_are_exact(void **state)
{
    (void)state;
    static struct scene scene;
    for (uint64_t seed = 1; seed <= cases_rounds(60, 4000); seed++) {
        struct raster raster;
        struct error error;
        scene_random(&scene, seed);
        scene.grid = (struct grid){0, 0, 1};
        scene.box = (struct box){0, 0, 200, 150};
        scene.cell_m = 2 + (double)(seed % 3); /* with points on a lattice many lie on the rim */
        for (size_t i = 0; i < scene.count; i++)
            if (scene.x[i] != GRID_NOWHERE && scene.x[i] != GRID_FAR) {
                scene.x[i] = scene.x[i] % 250000 / 500 * 500;
                scene.y[i] = scene.y[i] % 200000 / 500 * 500;
            }
        struct density_options options = {.kernel = KERNEL_GAUSSIAN, .bandwidth_m = 25};
        struct weighted_points points = {.points = {scene.x, scene.y, scene.count},
                                         .weights = scene.weighted ? scene.weights : NULL};
        assert_true(raster_new(&raster, scene.box, scene.cell_m, &error));
        assert_true(density_support(&raster, &points, &scene.grid, &options, &error));
        for (size_t i = 0; i < raster.columns * raster.rows; i++) {
            double expected = 0;
            for (size_t p = 0; p < scene.count; p++) {
                double dx = scene.x[p] - 1000 * ((double)(i % raster.columns) + 0.5) * scene.cell_m;
                double dy = scene.y[p] - 1000 * ((double)(i / raster.columns) + 0.5) * scene.cell_m;
                if (dx * dx + dy * dy < 625e6 && scene.x[p] != GRID_NOWHERE)
                    expected += scene.weighted ? scene.weights[p] : 1;
            }
            assert_true(raster.values[i] == expected);
        }
        raster_free(&raster);
    }
}

static void order_threads_and_weights_change_no_bit(void **state)
{
    (void)state;
    static struct scene scene, other;
    struct shape square = unit_square();
    for (uint64_t seed = 1; seed <= 30; seed++) {
        scene_random(&scene, seed);
        scene.box = (struct box){100000 - 20, 500000 - 20, 100200, 500200};
        scene.cell_m = 3;
        other = scene;
        uint64_t random = seed;
        for (size_t i = 1; i < scene.count; i++) {
            size_t j = (size_t)below(&random, i + 1);
            int32_t x = other.x[i], y = other.y[i];
            uint32_t w = other.weights[i];
            other.x[i] = other.x[j], other.y[i] = other.y[j], other.weights[i] = other.weights[j];
            other.x[j] = x, other.y[j] = y, other.weights[j] = w;
        }
        for (size_t i = 0; i < 5; i++) {
            square.x[i] = 100000 + SQUARE_X[i] / 8;
            square.y[i] = 500120 + SQUARE_Y[i] / 8;
        }
        for (int k = 0; k < 3 * KERNEL_COUNT; k++) {
            struct density_options options = {.kernel = KERNELS[k % KERNEL_COUNT],
                                              .bandwidth_m = 20,
                                              .thread_count = 1,
                                              .edge = (enum edge_correction)(k / KERNEL_COUNT),
                                              .window = &square};
            struct raster first = density_of(&scene, &options);
            options.thread_count = 8;
            struct raster second = density_of(&other, &options);
            assert_memory_equal(first.values, second.values,
                                first.columns * first.rows * sizeof(double));
            raster_free(&first);
            raster_free(&second);
        }
    }
}

static void a_point_of_weight_three_is_three_points(void **state)
{
    (void)state;
    struct scene heavy = {.count = 1,
                          .grid = {0, 0, 1},
                          .cell_m = 5,
                          .box = {-50, -50, 50, 50},
                          .x = {1234},
                          .y = {-777},
                          .weights = {3},
                          .weighted = true};
    struct scene three = {.count = 3,
                          .grid = {0, 0, 1},
                          .cell_m = 5,
                          .box = {-50, -50, 50, 50},
                          .x = {1234, 1234, 1234},
                          .y = {-777, -777, -777}};
    struct density_options options = {.kernel = KERNEL_QUARTIC, .bandwidth_m = 30};
    struct raster first = density_of(&heavy, &options), second = density_of(&three, &options);
    assert_memory_equal(first.values, second.values, first.columns * first.rows * sizeof(double));
    raster_free(&first);
    raster_free(&second);
}

static void a_bandwidth_that_is_no_width_is_refused(void **state)
{
    (void)state;
    static const double BAD[] = {0, -5, NAN, INFINITY, 1e-9};
    struct weighted_points points = {0};
    struct grid grid = {0, 0, 1};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        struct raster raster;
        struct error error = {0};
        struct density_options options = {.bandwidth_m = BAD[i]};
        assert_true(raster_new(&raster, (struct box){0, 0, 10, 10}, 1, &error));
        assert_false(density_run(&raster, &points, &grid, &options, &error));
        assert_int_equal(error.kind, ERROR_USAGE);
        raster_free(&raster);
    }
}

/* Many points */

struct crowd {
    int32_t *x, *y;
    size_t count;
};

static void crowd_new(struct crowd *crowd, size_t count, uint64_t seed)
{
    crowd->count = count;
    crowd->x = malloc(count * sizeof *crowd->x);
    crowd->y = malloc(count * sizeof *crowd->y);
    assert_non_null(crowd->x);
    assert_non_null(crowd->y);
    for (size_t i = 0; i < count; i++) {
        int32_t x = 0, y = 0;
        int32_t hotspot = below(&seed, 60), wide = 3000 + hotspot * 700;
        for (int j = 0; j < 4; j++) {
            x += below(&seed, (uint64_t)wide);
            y += below(&seed, (uint64_t)wide);
        }
        bool stray = below(&seed, 4) == 0;
        crowd->x[i] = stray ? below(&seed, 900000) - 50000 : hotspot * 13577 % 800000 + x;
        crowd->y[i] = stray ? below(&seed, 700000) - 50000 : hotspot * 31337 % 600000 + y;
    }
}

static void crowd_free(struct crowd *crowd)
{
    free(crowd->x);
    free(crowd->y);
}

/* As one batch after the other, of which the first are few enough to be kept. */
static void density_in_batches(struct raster *raster, const struct crowd *crowd,
                               const uint32_t *weights, const struct density_options *options)
{
    struct grid grid = {0, 0, 1};
    uint64_t random = 3;
    struct density_sum *sum = density_open(raster, &grid, options, NULL);
    assert_non_null(sum);
    for (size_t at = 0; at < crowd->count;) {
        size_t count = (size_t)below(&random, 3) * (size_t)below(&random, 20000);
        if (count > crowd->count - at)
            count = crowd->count - at;
        struct weighted_points points = {.points = {crowd->x + at, crowd->y + at, count},
                                         .weights = weights != NULL ? weights + at : NULL};
        assert_true(density_add(sum, &points, NULL));
        at += count;
    }
    assert_true(density_finish(raster, sum, 1, NULL));
    density_close(sum);
}

static void reverse(struct crowd *crowd, uint32_t *weights)
{
    for (size_t i = 0, j = crowd->count - 1; i < j; i++, j--) {
        int32_t x = crowd->x[i], y = crowd->y[i];
        uint32_t weight = weights[i];
        crowd->x[i] = crowd->x[j], crowd->y[i] = crowd->y[j], weights[i] = weights[j];
        crowd->x[j] = x, crowd->y[j] = y, weights[j] = weight;
    }
}

static struct shape wide_window(void)
{
    static double x[] = {40, 700, 600, 100, 40}, y[] = {30, 60, 500, 450, 30};
    static size_t starts[] = {0, 5};
    return (struct shape){x, y, starts, 5, 1};
}

/* Few points, which are summed one by one, and many. */
static void batches_order_and_threads_change_no_bit(void **state)
{
    (void)state;
    static const size_t COUNTS[] = {3000, 150000};
    struct shape window = wide_window();
    struct grid grid = {0, 0, 1};
    for (int c = 0; c < 2 * 3 * KERNEL_COUNT; c++) {
        struct crowd crowd;
        struct raster first, second;
        struct density_options options = {.kernel = KERNELS[c / 6],
                                          .bandwidth_m = 100,
                                          .edge = (enum edge_correction)(c / 2 % 3),
                                          .window = &window,
                                          .thread_count = 1};
        bool weighted = c % 3 == 0;
        crowd_new(&crowd, COUNTS[c % 2], 6);
        uint32_t *weights = malloc(crowd.count * sizeof *weights);
        assert_non_null(weights);
        for (size_t i = 0; i < crowd.count; i++)
            weights[i] = 1 + (uint32_t)i % 3;
        struct weighted_points points = {.points = {crowd.x, crowd.y, crowd.count},
                                         .weights = weighted ? weights : NULL};
        struct box box = {0, 0, 500, 400};
        assert_true(raster_new(&first, box, 4, NULL) && raster_new(&second, box, 4, NULL));
        assert_true(density_run(&first, &points, &grid, &options, NULL));
        reverse(&crowd, weights);
        options.thread_count = 8;
        density_in_batches(&second, &crowd, weighted ? weights : NULL, &options);
        assert_memory_equal(first.values, second.values,
                            first.columns * first.rows * sizeof(double));
        raster_free(&first);
        raster_free(&second);
        crowd_free(&crowd);
        free(weights);
    }
}

/* Points all around a raster, so many that they are not kept, of which a few are seen. */
static void points_too_far_off_to_be_seen_change_no_bit_either(void **state)
{
    (void)state;
    struct grid grid = {0, 0, 1};
    for (size_t inside = 1000; inside <= 100000; inside += 99000) {
        struct crowd crowd = {malloc(800000 * sizeof(int32_t)), malloc(800000 * sizeof(int32_t)),
                              800000};
        struct density_options options = {.bandwidth_m = 100, .thread_count = 2};
        struct raster first, second;
        uint64_t seed = 7;
        for (size_t i = 0; i < crowd.count; i++) {
            crowd.x[i] = -100000 - below(&seed, 30000); /* the reach is 100 m */
            crowd.y[i] = below(&seed, 400000);
        }
        for (size_t i = 0; i < inside; i++)
            crowd.x[crowd.count - 1 - i * 7] = below(&seed, 500000);
        struct weighted_points points = {.points = {crowd.x, crowd.y, crowd.count}};
        struct box box = {0, 0, 500, 400};
        assert_true(raster_new(&first, box, 4, NULL) && raster_new(&second, box, 4, NULL));
        assert_true(density_run(&first, &points, &grid, &options, NULL));
        density_in_batches(&second, &crowd, NULL, &options);
        assert_memory_equal(first.values, second.values,
                            first.columns * first.rows * sizeof(double));
        raster_free(&first);
        raster_free(&second);
        crowd_free(&crowd);
    }
}

static double crowd_sum(const struct crowd *crowd, const struct density_options *options, double x,
                        double y)
{
    struct window_options window_options = {options->window, options->kernel, options->bandwidth_m};
    struct window *window = window_open(&window_options, NULL);
    double sum = 0;
    assert_non_null(window);
    for (size_t i = 0; i < crowd->count; i++) {
        double dx = crowd->x[i] / 1000.0 - x, dy = crowd->y[i] / 1000.0 - y;
        double value = kernel_value(options->kernel, options->bandwidth_m, sqrt(dx * dx + dy * dy));
        if (value > 0)
            sum += value / window_mass(window, crowd->x[i] / 1000.0, crowd->y[i] / 1000.0);
    }
    window_close(window);
    return sum;
}

/* A crowd within the window: beyond it, masses and so weights may be anything. */
static void diggles_weights_hold_for_many_points_too(void **state)
{
    (void)state;
    struct crowd crowd;
    struct shape window = wide_window();
    struct grid grid = {0, 0, 1};
    uint64_t random = 12;
    crowd_new(&crowd, 60000, 6);
    for (size_t i = 0; i < crowd.count; i++)
        while (!shape_holds(&window, crowd.x[i] / 1000.0, crowd.y[i] / 1000.0)) {
            crowd.x[i] = below(&random, 700000);
            crowd.y[i] = below(&random, 500000);
        }
    struct weighted_points points = {.points = {crowd.x, crowd.y, crowd.count}};
    for (int k = 0; k < KERNEL_COUNT; k++) {
        struct raster raster;
        struct density_options options = {
            .kernel = KERNELS[k], .bandwidth_m = 100, .edge = EDGE_DIGGLE, .window = &window};
        assert_true(raster_new(&raster, (struct box){0, 0, 600, 440}, 4, NULL));
        assert_true(density_run(&raster, &points, &grid, &options, NULL));
        double peak = raster_peak(&raster);
        for (size_t at = 61; at < raster.columns * raster.rows; at += 1501) {
            if (isnan(raster.values[at]))
                continue;
            double x = 2 + 4 * (double)(at % raster.columns);
            double y = 2 + 4 * (double)(at / raster.columns);
            assert_true(fabs(raster.values[at] - crowd_sum(&crowd, &options, x, y)) < 2e-4 * peak);
        }
        raster_free(&raster);
    }
    crowd_free(&crowd);
}

static void many_points_are_no_longer_summed_one_by_one(void **state)
{
    (void)state;
    struct crowd crowd;
    struct grid grid = {0, 0, 1};
    struct raster raster;
    struct density_options options = {.kernel = KERNEL_GAUSSIAN, .bandwidth_m = 30};
    crowd_new(&crowd, 180000, 6);
    struct weighted_points points = {.points = {crowd.x, crowd.y, crowd.count}};
    assert_true(raster_new(&raster, (struct box){0, 0, 500, 400}, 3, NULL));
    assert_true(density_run(&raster, &points, &grid, &options, NULL));
    double x = raster.x_min + 80.5 * 3, y = raster.y_min + 60.5 * 3, plain = 0;
    for (size_t i = 0; i < crowd.count; i++)
        plain +=
            kernel_value(KERNEL_GAUSSIAN, 30,
                         sqrt(pow(crowd.x[i] / 1000.0 - x, 2) + pow(crowd.y[i] / 1000.0 - y, 2)));
    assert_true(is_near(raster.values[60 * raster.columns + 80], plain, 1e-4));
    assert_true(raster.values[60 * raster.columns + 80] != plain);
    raster_free(&raster);
    crowd_free(&crowd);
}

static void a_sum_of_no_points_is_zero_everywhere(void **state)
{
    (void)state;
    struct grid grid = {0, 0, 1};
    struct raster raster;
    struct density_options options = {.bandwidth_m = 30};
    for (int k = 0; k <= KERNEL_COUNT; k++) {
        options.kernel = KERNELS[k % KERNEL_COUNT];
        assert_true(raster_new(&raster, (struct box){0, 0, 500, 400}, 7, NULL));
        struct density_sum *sum = k < KERNEL_COUNT
                                      ? density_open(&raster, &grid, &options, NULL)
                                      : density_open_support(&raster, &grid, &options, NULL);
        assert_non_null(sum);
        assert_true(density_finish(&raster, sum, 1e4, NULL));
        assert_true(raster_peak(&raster) == 0);
        density_close(sum);
        raster_free(&raster);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_jobs_are_plain_sums),
        cmocka_unit_test(sums_in_whole_units_agree_to_1e_12),
        cmocka_unit_test(the_kernels_have_the_values_of_grass),
        cmocka_unit_test(kernels_are_found_by_name_and_reach_as_far_as_they_say),
        cmocka_unit_test(elementary_functions_equal_the_library_to_the_last_bits),
        cmocka_unit_test(the_exponential_of_many_is_that_of_each),
        cmocka_unit_test(an_uncorrected_density_integrates_to_the_number_of_points),
        cmocka_unit_test(redwood_has_the_densities_of_spatstat),
        cmocka_unit_test(redwood_is_corrected_at_the_edges_as_by_spatstat),
        cmocka_unit_test(the_mass_at_a_straight_border_has_its_closed_form),
        cmocka_unit_test(the_gaussian_mass_in_a_square_is_a_product_of_error_functions),
        cmocka_unit_test(the_mass_in_an_odd_window_with_a_hole_agrees_with_squares),
        cmocka_unit_test(a_corner_and_an_edge_itself_are_no_trap),
        cmocka_unit_test(without_mass_there_is_no_data),
        cmocka_unit_test(an_empty_window_blanks_everything),
        cmocka_unit_test(counts_within_reach_are_exact),
        cmocka_unit_test(order_threads_and_weights_change_no_bit),
        cmocka_unit_test(a_point_of_weight_three_is_three_points),
        cmocka_unit_test(a_bandwidth_that_is_no_width_is_refused),
        cmocka_unit_test(batches_order_and_threads_change_no_bit),
        cmocka_unit_test(points_too_far_off_to_be_seen_change_no_bit_either),
        cmocka_unit_test(diggles_weights_hold_for_many_points_too),
        cmocka_unit_test(many_points_are_no_longer_summed_one_by_one),
        cmocka_unit_test(a_sum_of_no_points_is_zero_everywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

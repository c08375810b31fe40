/* Tests of alone and together: the closed form of the plaza, plain sums and plain counts over
 * seeds, any order of rows, and sides swapped. */
#include "engine/analysis/border.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 9000, CELLS_MOST = 60000 };

static const double ORIGIN_X = 100000, ORIGIN_Y = 500000;

/* Side 0's ground lies north of the line from (-1000, south) to (1000, south + rise); nobody's lies
 * east of `east`. All in metres from the origin. */
struct scene {
    int32_t x[MOST], y[MOST];
    uint8_t side[MOST], domain[MOST];
    uint32_t weight[MOST];
    size_t count;
    double south, rise, east;
    struct box box;
    double cell_m;
};

static double line_at(const struct scene *scene, double x)
{
    return scene->south + scene->rise * (x + 1000) / 2000;
}

static uint8_t ground_at(const struct scene *scene, double x, double y)
{
    return (uint8_t)(x > scene->east ? GROUND_NOBODY : y > line_at(scene, x) ? 0 : 1);
}

static void add(struct scene *scene, double x_m, double y_m)
{
    size_t i = scene->count;
    if (i == MOST || ground_at(scene, x_m, y_m) == GROUND_NOBODY)
        return;
    scene->x[i] = (int32_t)floor(x_m * 1000 + 0.5);
    scene->y[i] = (int32_t)floor(y_m * 1000 + 0.5);
    scene->side[i] = (uint8_t)ground_at(scene, x_m, y_m);
    scene->domain[i] = (uint8_t)(i % 3);
    scene->weight[i] = 1;
    scene->count++;
}

/* A scene as border_run takes it, and what it gives. */
struct stage {
    uint8_t ground[CELLS_MOST];
    double other_m[CELLS_MOST];
    double x[SIDES][5], y[SIDES][5], both_x[5], both_y[5];
    size_t starts[2];
    struct shape grounds[SIDES], both;
    struct border_input input;
    struct border border;
};

static void quadrangle(struct shape *shape, double *x, double *y, const double corners[4][2])
{
    static const size_t STARTS[] = {0, 5};
    for (int i = 0; i < 5; i++) {
        x[i] = ORIGIN_X + corners[i % 4][0];
        y[i] = ORIGIN_Y + corners[i % 4][1];
    }
    *shape = (struct shape){x, y, (size_t *)(uintptr_t)STARTS, 5, 1};
}

static void make_grounds(struct stage *stage, const struct scene *scene)
{
    double east = fmin(scene->east, 1000), at = line_at(scene, east);
    quadrangle(
        &stage->grounds[0], stage->x[0], stage->y[0],
        (const double[4][2]){{-1000, scene->south}, {east, at}, {east, 1500}, {-1000, 1500}});
    quadrangle(
        &stage->grounds[1], stage->x[1], stage->y[1],
        (const double[4][2]){{-1000, -1500}, {east, -1500}, {east, at}, {-1000, scene->south}});
    quadrangle(&stage->both, stage->both_x, stage->both_y,
               (const double[4][2]){{-1000, -1500}, {east, -1500}, {east, 1500}, {-1000, 1500}});
}

static double distance_to(const struct shape *shape, double x, double y)
{
    double least = INFINITY;
    for (size_t i = 0; i + 1 < shape->point_count; i++) {
        double dx = shape->x[i + 1] - shape->x[i], dy = shape->y[i + 1] - shape->y[i];
        double along = ((x - shape->x[i]) * dx + (y - shape->y[i]) * dy) / (dx * dx + dy * dy);
        along = fmin(fmax(along, 0), 1);
        least = fmin(least, hypot(x - shape->x[i] - along * dx, y - shape->y[i] - along * dy));
    }
    return least;
}

static double centre_x(const struct raster *raster, size_t cell)
{
    return raster->x_min + ((double)(cell % raster->columns) + 0.5) * raster->cell_m;
}

static double centre_y(const struct raster *raster, size_t cell)
{
    return raster->y_min + ((double)(cell / raster->columns) + 0.5) * raster->cell_m;
}

static void make_input(struct stage *stage, const struct scene *scene)
{
    struct box box = {scene->box.x_min + ORIGIN_X, scene->box.y_min + ORIGIN_Y,
                      scene->box.x_max + ORIGIN_X, scene->box.y_max + ORIGIN_Y};
    struct raster *frame = &stage->input.frame;
    stage->input = (struct border_input){
        .incidents = {.count = scene->count,
                      .grid_x = scene->x,
                      .grid_y = scene->y,
                      .domain = scene->domain,
                      .weight = scene->weight,
                      .grid = {ORIGIN_X, ORIGIN_Y, 1}},
        .side = scene->side,
        .ground = stage->ground,
        .other_m = stage->other_m,
        .grounds = {&stage->grounds[0], &stage->grounds[1]},
        .both = scene->east < 1000 ? &stage->both : NULL,
    };
    make_grounds(stage, scene);
    assert_true(raster_new(frame, box, scene->cell_m, NULL));
    assert_true(frame->columns * frame->rows <= CELLS_MOST);
    raster_free(&(struct raster){.values = frame->values});
    frame->values = NULL;
    for (size_t i = 0; i < frame->columns * frame->rows; i++) {
        double x = centre_x(frame, i), y = centre_y(frame, i);
        size_t ground = ground_at(scene, x - ORIGIN_X, y - ORIGIN_Y);
        stage->ground[i] = (uint8_t)ground;
        stage->other_m[i] =
            ground == GROUND_NOBODY ? NAN : distance_to(&stage->grounds[1 - ground], x, y);
    }
}

static struct border_options options_of(int threads)
{
    return (struct border_options){
        .density = {.bandwidth_m = 100, .thread_count = threads},
        .scale = 1e4,
        .clusters = {.radius_m = 35, .min_points = 10, .thread_count = threads},
    };
}

static void play(struct stage *stage, const struct border_options *options)
{
    struct error error = {0};
    if (!border_run(&stage->border, &stage->input, options, &error))
        fail_msg("%s", error.message);
}

static void assert_near(double a, double b, double allowed)
{
    if (isnan(a) && isnan(b))
        return;
    if (!(fabs(a - b) <= allowed))
        print_error("%.17g is not %.17g\n", a, b);
    assert_true(fabs(a - b) <= allowed);
}

static size_t cells_of(const struct stage *stage)
{
    return stage->input.frame.columns * stage->input.frame.rows;
}

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

/* Hotspots and a scatter on both sides of a slanting border; a third neighbour on some. */
static void scene_random(struct scene *scene, uint64_t seed)
{
    uint64_t random = seed;
    memset(scene, 0, sizeof *scene);
    scene->south = below(&random, 300) - 150;
    scene->rise = below(&random, 900) - 450;
    scene->east = below(&random, 2) == 0 ? 2000 : below(&random, 300);
    scene->cell_m = 20 + below(&random, 3) * 2.5;
    scene->box = (struct box){-500, -600, 500, 600};
    for (int hotspot = 0; hotspot < 14; hotspot++) {
        double x = below(&random, 1200) - 600;
        double reach = 30 + below(&random, 120);
        double y = line_at(scene, x) + below(&random, 400) - 200;
        for (int32_t i = 15 + below(&random, 40); i > 0; i--) {
            double east = reach * (below(&random, 1000) / 1000.0 - 0.5);
            double north = reach * (below(&random, 1000) / 1000.0 - 0.5);
            add(scene, x + east, y + north);
        }
    }
    for (int i = 0; i < 200; i++) {
        double x = below(&random, 1400) - 700;
        double y = below(&random, 1400) - 700;
        add(scene, x, y);
    }
    for (size_t i = 0; i < scene->count; i++)
        scene->weight[i] = below(&random, 6) == 0 ? 2 : 1;
}

/* The plaza */

/* A lattice of 10 m that reaches a bandwidth beyond the strip; rows 5 m, 15 m ... from the border.
 */
static void make_plaza(struct scene *scene, double cell_m, double shift_m)
{
    memset(scene, 0, sizeof *scene);
    scene->east = 2000;
    scene->box = (struct box){-200, -200 + shift_m, 200, 200 + shift_m};
    scene->cell_m = cell_m;
    for (int column = -30; column < 30; column++)
        for (int row = -30; row < 30; row++)
            add(scene, column * 10 + 5, row * 10 + 5);
}

static const double PLAZA_BLIND = 16 / (35 * M_PI); /* the integral of 1 - m(t) over 0 .. 1 */

static void the_closed_form_is_the_integral_of_what_the_border_hides(void **state)
{
    (void)state;
    const int steps = 2000;
    double sum = 0;
    for (int i = 0; i < steps; i++) { /* 1 - m(t), at the middle of each step, by midpoints too */
        double t = (i + 0.5) / steps, rest = 0;
        for (int j = 0; j < steps; j++) {
            double y = t + (1 - t) * (j + 0.5) / steps;
            rest += pow(1 - y * y, 2.5) * (1 - t) / steps;
        }
        sum += 16 / (5 * M_PI) * rest / steps;
    }
    assert_true(fabs(sum - PLAZA_BLIND) < 1e-6);
}

/* However the raster lies. */
static void the_plaza_has_the_blind_share_of_its_closed_form(void **state)
{
    (void)state;
    static struct scene scene;
    static struct stage stage;
    static const double CELLS[] = {10, 10, 10, 10, 10, 10, 10, 5, 5, 4, 2.5},
                        SHIFTS[] = {0, 1, 3, 4.999, 5, 7, 9.5, 0, 2, 1, 0};
    for (size_t c = 0; c < sizeof CELLS / sizeof *CELLS; c++) {
        make_plaza(&scene, CELLS[c], SHIFTS[c]);
        make_input(&stage, &scene);
        struct border_options options = options_of(1);
        play(&stage, &options);
        for (int side = 0; side < SIDES; side++) {
            const struct border_strip *strip = &stage.border.strips[side];
            assert_near(strip->blind / PLAZA_BLIND, 1, 0.005);
            assert_near(strip->incidents, 400, 0.2); /* 400 m x 100 m, one each 100 m2 */
            assert_near((double)strip->cells * CELLS[c] * CELLS[c], 40000, 400 * CELLS[c]);
            /* evenly spread: edge correction guesses right */
            assert_true(strip->guess_error < 0.005);
            assert_true(fabs(strip->guess_bias) <= strip->guess_error);
        }
        assert_int_equal(stage.border.incidents[0], 1800);
        assert_int_equal(stage.border.incidents[1], 1800);
        border_free(&stage.border);
    }
}

static void assert_adds_up(const struct stage *stage, const struct raster *all)
{
    const struct border_surfaces *surfaces = &stage->border.surfaces;
    double peak = raster_peak(&surfaces->together);
    for (size_t i = 0; i < cells_of(stage); i++) {
        double one = surfaces->alone[0].values[i], two = surfaces->alone[1].values[i];
        assert_true(surfaces->together.values[i] == one + two);
        assert_true(fabs(surfaces->together.values[i] - 1e4 * all->values[i]) <= 1e-12 * peak);
        double missed = surfaces->missed.values[i];
        if (stage->ground[i] == GROUND_NOBODY)
            assert_true(isnan(missed));
        else
            assert_true(stage->ground[i] == 0 ? missed == -two : missed == one);
        assert_true(missed != 0 || !signbit(missed));
    }
}

static void density_of_all(struct raster *raster, const struct stage *stage,
                           const struct density_options *options)
{
    const struct cluster_input *incidents = &stage->input.incidents;
    struct weighted_points points = {{incidents->grid_x, incidents->grid_y, incidents->count},
                                     incidents->weight};
    assert_true(
        raster_new(raster, raster_box(&stage->input.frame), stage->input.frame.cell_m, NULL));
    assert_true(density_run(raster, &points, &incidents->grid, options, NULL));
}

static void in_every_cell_alone_and_alone_are_together(void **state)
{
    (void)state;
    static struct scene scene;
    static struct stage stage;
    for (uint64_t seed = 0; seed <= 20; seed++) {
        struct border_options options = options_of(1 + (int)(seed % 3));
        struct raster all;
        if (seed == 0)
            make_plaza(&scene, 10, 0);
        else
            scene_random(&scene, seed);
        options.density.kernel = (enum kernel)(seed % KERNEL_COUNT);
        make_input(&stage, &scene);
        play(&stage, &options);
        density_of_all(&all, &stage, &options.density);
        assert_adds_up(&stage, &all);
        raster_free(&all);
        border_free(&stage.border);
    }
}

static void an_edge_correction_is_not_taken_over(void **state)
{
    (void)state;
    static struct scene scene;
    static struct stage stage;
    scene_random(&scene, 3);
    make_input(&stage, &scene);
    struct border_options options = options_of(1);
    struct raster all;
    density_of_all(&all, &stage, &options.density);
    options.density.edge = EDGE_UNIFORM;
    options.density.window = &stage.grounds[0];
    play(&stage, &options);
    assert_adds_up(&stage, &all);
    raster_free(&all);
    border_free(&stage.border);
}

/* Blind shares by plain sums of the kernel */

static double plain_density(const struct scene *scene, const struct border_options *options,
                            size_t side, double x, double y)
{
    double sum = 0;
    for (size_t i = 0; i < scene->count; i++)
        if (scene->side[i] == side)
            sum += scene->weight[i]
                   * kernel_value(options->density.kernel, options->density.bandwidth_m,
                                  hypot(ORIGIN_X + scene->x[i] / 1000.0 - x,
                                        ORIGIN_Y + scene->y[i] / 1000.0 - y));
    return sum;
}

/* Kernel by kernel, at every 4 m of the strip itself. */
static void check_strip(const struct stage *stage, const struct scene *scene,
                        const struct border_options *options, size_t side)
{
    const struct border_strip *strip = &stage->border.strips[side];
    struct box box = raster_box(&stage->input.frame);
    const double step = 4;
    double sums[SIDES] = {0};
    for (double x = box.x_min + step / 2; x < box.x_max; x += step)
        for (double y = box.y_min + step / 2; y < box.y_max; y += step) {
            if (ground_at(scene, x - ORIGIN_X, y - ORIGIN_Y) != side
                || !(distance_to(&stage->grounds[1 - side], x, y) < 100))
                continue;
            for (size_t s = 0; s < SIDES; s++)
                sums[s] += plain_density(scene, options, s, x, y);
        }
    /* where a third neighbour's border ends the strip, whole cells do */
    bool ends = scene->east < 1000;
    assert_near(strip->incidents / ((sums[0] + sums[1]) * step * step), 1, ends ? 0.06 : 0.002);
    assert_near(strip->blind, sums[1 - side] / (sums[0] + sums[1]), ends ? 0.015 : 0.002);
}

static void check_hotspot(const struct stage *stage, double *const alone[SIDES], size_t c)
{
    const struct border_cluster *cluster = &stage->border.clusters[c];
    const struct raster *frame = &stage->input.frame;
    double sums[SIDES] = {0};
    size_t cells = 0;
    for (size_t i = 0; i < cells_of(stage); i++)
        if (shape_holds(&stage->border.together.items[c].outline, centre_x(frame, i),
                        centre_y(frame, i))) {
            cells++;
            sums[0] += alone[0][i];
            sums[1] += alone[1][i];
        }
    assert_int_equal(cluster->cells, cells);
    assert_near(cluster->blind[0], sums[1] / (sums[0] + sums[1]), 1e-9);
    assert_near(cluster->blind[1], sums[0] / (sums[0] + sums[1]), 1e-9);
    if (cells > 0)
        assert_near(cluster->blind[0] + cluster->blind[1], 1, 1e-15);
}

static void blind_shares_are_those_of_plain_sums(void **state)
{
    (void)state;
    static struct scene scene;
    static struct stage stage;
    static double plain[SIDES][CELLS_MOST];
    double *const alone[SIDES] = {plain[0], plain[1]};
    size_t clusters = 0, off_frame = 0;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct border_options options = options_of(2);
        options.density.kernel = seed % 3 == 0 ? KERNEL_GAUSSIAN : KERNEL_QUARTIC;
        scene_random(&scene, seed);
        make_input(&stage, &scene);
        play(&stage, &options);
        for (size_t side = 0; side < SIDES; side++)
            for (size_t i = 0; i < cells_of(&stage); i++)
                plain[side][i] =
                    plain_density(&scene, &options, side, centre_x(&stage.input.frame, i),
                                  centre_y(&stage.input.frame, i));
        check_strip(&stage, &scene, &options, 0);
        check_strip(&stage, &scene, &options, 1);
        for (size_t c = 0; c < stage.border.together.count; c++, clusters++) {
            check_hotspot(&stage, alone, c);
            off_frame += stage.border.clusters[c].cells == 0;
        }
        border_free(&stage.border);
    }
    assert_true(clusters > 60 && off_frame > 0);
}

/* The guess */

static void density_corrected(struct raster *raster, const struct stage *stage,
                              const struct shape *window, size_t side)
{
    struct cluster_input *incidents = (struct cluster_input *)(uintptr_t)&stage->input.incidents;
    static int32_t x[MOST], y[MOST];
    static uint32_t weights[MOST];
    size_t count = 0;
    for (size_t i = 0; i < incidents->count; i++)
        if (side == SIDES || stage->input.side[i] == side) {
            x[count] = incidents->grid_x[i];
            y[count] = incidents->grid_y[i];
            weights[count++] = incidents->weight[i];
        }
    struct density_options options = {.bandwidth_m = 100, .edge = EDGE_UNIFORM, .window = window};
    struct weighted_points points = {{x, y, count}, weights};
    assert_true(
        raster_new(raster, raster_box(&stage->input.frame), stage->input.frame.cell_m, NULL));
    assert_true(density_run(raster, &points, &incidents->grid, &options, NULL));
}

static void check_guess(const struct stage *stage, const struct raster *guess,
                        const struct raster *joint, size_t side)
{
    const struct border_strip *strip = &stage->border.strips[side];
    double peak = raster_peak(&stage->border.surfaces.together), sum = 0, wrong = 0, bias = 0;
    for (size_t i = 0; i < cells_of(stage); i++) {
        if (stage->ground[i] != side)
            continue;
        double error = guess->values[i] - joint->values[i];
        assert_near(stage->border.surfaces.guess_error.values[i], 1e4 * error, 1e-9 * peak);
        if (!(stage->other_m[i] < 100))
            continue;
        sum += joint->values[i];
        wrong += fabs(error);
        bias += error;
    }
    /* here by whole cells */
    assert_near(strip->guess_error, wrong / sum, 0.004);
    assert_near(strip->guess_bias, bias / sum, 0.004);
    assert_true(strip->guess_error > 0.02); /* these are no even plazas */
}

static void the_guess_is_uniform_edge_correction_by_each_sides_own_ground(void **state)
{
    (void)state;
    static struct scene scene;
    static struct stage stage;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct raster guesses[SIDES], joint;
        struct border_options options = options_of(2);
        scene_random(&scene, seed);
        scene.cell_m = 5;
        make_input(&stage, &scene);
        play(&stage, &options);
        density_corrected(&joint, &stage, &stage.both, SIDES);
        for (size_t side = 0; side < SIDES; side++) {
            density_corrected(&guesses[side], &stage, &stage.grounds[side], side);
            check_guess(&stage, &guesses[side], &joint, side);
            raster_free(&guesses[side]);
        }
        for (size_t i = 0; i < cells_of(&stage); i++)
            assert_int_equal(isnan(stage.border.surfaces.guess_error.values[i]),
                             stage.ground[i] == GROUND_NOBODY);
        raster_free(&joint);
        border_free(&stage.border);
    }
}

/* What lies past a third border is hidden from the joint density as well: no error of the guess. */
static void a_third_neighbour_does_not_count_as_an_error(void **state)
{
    (void)state;
    static struct scene scene;
    static struct stage stage;
    make_plaza(&scene, 10, 0);
    scene.east = 0;
    size_t kept = 0;
    for (size_t i = 0; i < scene.count; i++)
        if (scene.x[i] < 0) {
            scene.x[kept] = scene.x[i];
            scene.y[kept] = scene.y[i];
            scene.side[kept++] = scene.side[i];
        }
    scene.count = kept;
    make_input(&stage, &scene);
    struct border_options options = options_of(1);
    play(&stage, &options);
    assert_true(stage.border.strips[0].guess_error < 0.005);
    border_free(&stage.border);
    stage.input.both = NULL;
    play(&stage, &options);
    assert_true(stage.border.strips[0].guess_bias > 0.05);
    border_free(&stage.border);
}

/* All of the hotspot is the neighbour's: side 0 sees its faint rim and guesses too little. */
static void a_hotspot_just_across_is_underrated_by_the_guess(void **state)
{
    (void)state;
    static struct scene scene;
    static struct stage stage;
    memset(&scene, 0, sizeof scene);
    scene.east = 2000;
    scene.box = (struct box){-200, -200, 200, 200};
    scene.cell_m = 10;
    for (int i = 0; i < 100; i++)
        add(&scene, i % 10 * 4, -5 - i / 10 * 4);
    add(&scene, 0, 50);
    make_input(&stage, &scene);
    struct border_options options = options_of(1);
    play(&stage, &options);
    assert_true(stage.border.strips[0].guess_bias < -0.9);
    assert_true(stage.border.strips[1].guess_bias > 0.1);
    assert_true(stage.border.strips[0].blind > 0.95);
    assert_true(stage.border.strips[1].blind < 0.02);
    border_free(&stage.border);
}

/* Clusters */

static void add_crowd(struct scene *scene, double x, double y, int count)
{
    for (int i = 0; i < count; i++)
        add(scene, x + i % 5 * 4, y + (y < 0 ? -1 : 1) * (i / 5 * 4));
}

/* 1 in the joint list; 3 in side 0's own, 2 in side 1's: the figures of a story. */
static void a_hotspot_that_the_border_cuts_ranks_higher_together(void **state)
{
    (void)state;
    static struct scene scene;
    static struct stage stage;
    memset(&scene, 0, sizeof scene);
    scene.east = 2000;
    scene.box = (struct box){-500, -400, 500, 400};
    scene.cell_m = 10;
    add_crowd(&scene, 0, 4, 33); /* the plaza */
    add_crowd(&scene, 0, -4, 36);
    add_crowd(&scene, -300, 200, 40);
    add_crowd(&scene, 300, 200, 38);
    add_crowd(&scene, 300, -200, 42);
    add_crowd(&scene, -300, -4, 8); /* seen by nobody alone */
    add_crowd(&scene, -300, 4, 9);
    make_input(&stage, &scene);
    struct border_options options = options_of(1);
    play(&stage, &options);
    const struct border *border = &stage.border;
    assert_int_equal(border->together.count, 5);
    assert_int_equal(border->alone[0].count, 3);
    assert_int_equal(border->alone[1].count, 2);
    const struct border_cluster *plaza = &border->clusters[0], *unseen = &border->clusters[4];
    assert_int_equal(plaza->number, 1);
    assert_int_equal(plaza->rank[0], 3);
    assert_int_equal(plaza->rank[1], 2);
    assert_int_equal(plaza->parts[0].count, 1);
    assert_int_equal(plaza->parts[0].items[0].incidents, 33);
    assert_int_equal(plaza->parts[1].items[0].incidents, 36);
    assert_int_equal(plaza->sides.incidents[0], 33);
    assert_int_equal(plaza->sides.incidents[1], 36);
    assert_true(plaza->crosses);
    assert_ptr_equal(plaza->lead, &border->leads.items[0]);
    assert_int_equal(plaza->lead->cluster, 1);
    assert_true(fabs(plaza->blind[0] - 0.52) < 0.03);
    assert_true(unseen->crosses && unseen->rank[0] == 0 && unseen->rank[1] == 0);
    assert_int_equal(unseen->parts[0].count, 0);
    assert_int_equal(unseen->lead->cluster, 5);
    const struct border_cluster *far = &border->clusters[1];
    assert_false(far->crosses);
    assert_null(far->lead);
    assert_int_equal(far->rank[0], 0);
    assert_int_equal(far->rank[1], 1);
    assert_int_equal(far->sides.incidents[1], 42);
    border_free(&stage.border);
}

/* Two crowds of one side that only the neighbour's incidents link. */
static void parts_are_listed_by_their_rank(void **state)
{
    (void)state;
    static struct scene scene;
    static struct stage stage;
    memset(&scene, 0, sizeof scene);
    scene.east = 2000;
    scene.box = (struct box){-100, -100, 200, 100};
    scene.cell_m = 10;
    add_crowd(&scene, 100, 4, 15);
    add_crowd(&scene, 0, 4, 12);
    for (int i = 0; i < 30; i++)
        add(&scene, i * 4, -4);
    scene.weight[0] = 6;
    make_input(&stage, &scene);
    struct border_options options = options_of(1);
    play(&stage, &options);
    const struct border *border = &stage.border;
    assert_int_equal(border->together.count, 1);
    const struct border_parts *parts = &border->clusters[0].parts[0];
    assert_int_equal(parts->count, 2);
    assert_int_equal(parts->items[0].rank, 1);
    assert_int_equal(parts->items[0].incidents, 20);
    assert_int_equal(parts->items[1].rank, 2);
    assert_int_equal(parts->items[1].incidents, 12);
    assert_int_equal(border->clusters[0].rank[0], 1);
    assert_int_equal(border->clusters[0].parts[1].count, 1);
    assert_int_equal(border->incidents[0], 32);
    border_free(&stage.border);
}

/* The incident between both is on the rim of side 0's cluster, but nearer to side 1's core. */
static void an_incident_on_the_rim_does_not_say_where_its_cluster_went(void **state)
{
    (void)state;
    static struct scene scene;
    static struct stage stage;
    memset(&scene, 0, sizeof scene);
    scene.east = 2000;
    scene.box = (struct box){-100, -100, 200, 100};
    scene.cell_m = 10;
    for (int i = 0; i < 10; i++) {
        add(&scene, i < 4 ? 0 : -30, 4);
        add(&scene, i < 4 ? 55 : 85, -4);
    }
    add(&scene, 30, 4);
    make_input(&stage, &scene);
    struct border_options options = options_of(1);
    play(&stage, &options);
    const struct border_cluster *one = &stage.border.clusters[0], *two = &stage.border.clusters[1];
    assert_int_equal(stage.border.together.count, 2);
    assert_true(one->crosses && one->sides.incidents[0] == 1 && one->sides.incidents[1] == 10);
    assert_true(one->rank[0] == 0 && one->rank[1] == 1);
    assert_true(!two->crosses && two->sides.incidents[0] == 10);
    assert_true(two->rank[0] == 1 && two->rank[1] == 0);
    assert_int_equal(two->parts[0].items[0].incidents, 11);
    border_free(&stage.border);
}

/* The same side's incidents on their own, in a run of their own. */
static void find_side(struct clusters *clusters, size_t *from, const struct scene *scene,
                      size_t side)
{
    static int32_t x[MOST], y[MOST];
    static uint32_t weights[MOST];
    struct cluster_input input = {
        .grid_x = x, .grid_y = y, .weight = weights, .grid = {ORIGIN_X, ORIGIN_Y, 1}};
    for (size_t i = 0; i < scene->count; i++)
        if (scene->side[i] == side) {
            x[input.count] = scene->x[i];
            y[input.count] = scene->y[i];
            weights[input.count] = scene->weight[i];
            from[input.count++] = i;
        }
    assert_true(clusters_find(clusters, &input,
                              &(struct dbscan_options){.radius_m = 35, .min_points = 10}, NULL));
}

static void check_alone(const struct border *border, const struct scene *scene, size_t side)
{
    static size_t from[MOST];
    const struct clusters *alone = &border->alone[side];
    struct clusters plain;
    find_side(&plain, from, scene, side);
    assert_int_equal(alone->count, plain.count);
    for (size_t c = 0; c < plain.count; c++) {
        assert_int_equal(alone->items[c].number, c + 1);
        assert_int_equal(alone->items[c].incidents, plain.items[c].incidents);
        assert_true(alone->items[c].x == plain.items[c].x);
        assert_true(alone->items[c].area_ha == plain.items[c].area_ha);
    }
    for (size_t i = 0; i < plain.incident_count; i++) {
        assert_int_equal(alone->membership[from[i]], plain.membership[i]);
        assert_int_equal(alone->core[from[i]], plain.core[i]);
    }
    for (size_t i = 0; i < scene->count; i++)
        if (scene->side[i] != side)
            assert_true(alone->membership[i] == 0 && alone->core[i] == 0);
    clusters_free(&plain);
}

/* Every core incident says where its cluster went, and each cluster went to one. */
static size_t check_parts(const struct border *border, const struct scene *scene, size_t side)
{
    const struct clusters *alone = &border->alone[side];
    size_t listed = 0;
    for (size_t c = 0; c < border->together.count; c++) {
        const struct border_cluster *cluster = &border->clusters[c];
        const struct border_parts *parts = &cluster->parts[side];
        assert_int_equal(cluster->rank[side], parts->count > 0 ? parts->items[0].rank : 0);
        for (size_t p = 0; p < parts->count; p++, listed++) {
            size_t core = 0;
            int32_t rank = parts->items[p].rank;
            assert_true(p == 0 || rank > parts->items[p - 1].rank);
            assert_int_equal(parts->items[p].incidents, alone->items[rank - 1].incidents);
            for (size_t i = 0; i < scene->count; i++) {
                if (!alone->core[i] || alone->membership[i] != rank)
                    continue;
                assert_true(border->together.core[i]);
                assert_int_equal(border->together.membership[i], cluster->number);
                core++;
            }
            assert_true(core > 0);
        }
    }
    assert_int_equal(listed, alone->count);
    return listed;
}

static void check_sides(const struct border *border, const struct scene *scene)
{
    size_t leads = 0;
    for (size_t c = 0; c < border->together.count; c++) {
        const struct border_cluster *cluster = &border->clusters[c];
        size_t counts[SIDES] = {0};
        for (size_t i = 0; i < scene->count; i++)
            if (border->together.membership[i] == (int32_t)c + 1)
                counts[scene->side[i]] += scene->weight[i];
        struct sides sides = lead_judge(counts, &(struct lead_rule){0});
        assert_memory_equal(cluster->sides.incidents, counts, sizeof counts);
        assert_int_equal(cluster->sides.verdict, sides.verdict);
        assert_int_equal(cluster->number, c + 1);
        assert_int_equal(cluster->crosses, counts[0] > 0 && counts[1] > 0);
        if (cluster->crosses)
            assert_int_equal(border->leads.items[leads++].cluster, c + 1);
        assert_ptr_equal(cluster->lead, cluster->crosses ? &border->leads.items[leads - 1] : NULL);
    }
    assert_int_equal(border->leads.count, leads);
}

static void clusters_alone_are_parts_of_clusters_together(void **state)
{
    (void)state;
    static struct scene scene;
    static struct stage stage;
    size_t parts = 0, together = 0;
    for (uint64_t seed = 1; seed <= 25; seed++) {
        struct border_options options = options_of(2);
        scene_random(&scene, seed);
        make_input(&stage, &scene);
        play(&stage, &options);
        for (size_t side = 0; side < SIDES; side++) {
            check_alone(&stage.border, &scene, side);
            parts += check_parts(&stage.border, &scene, side);
        }
        check_sides(&stage.border, &scene);
        together += stage.border.together.count;
        border_free(&stage.border);
    }
    assert_true(together > 100 && parts > together);
}

/* Order, threads, sides */

static void assert_same_raster(const struct raster *a, const struct raster *b, double sign)
{
    for (size_t i = 0; i < a->columns * a->rows; i++)
        if (!(isnan(a->values[i]) && isnan(b->values[i])))
            assert_true(a->values[i] == sign * b->values[i]);
}

static void assert_same_sides(const struct sides *a, const struct sides *b, bool swapped)
{
    assert_int_equal(a->verdict, b->verdict);
    for (size_t side = 0; side < SIDES; side++) {
        assert_int_equal(a->incidents[side], b->incidents[swapped ? 1 - side : side]);
        assert_memory_equal(&a->share[side], &b->share[swapped ? 1 - side : side],
                            sizeof a->share[side]);
    }
}

static void assert_same_cluster(const struct border_cluster *a, const struct border_cluster *b,
                                bool swapped)
{
    assert_int_equal(a->number, b->number);
    assert_int_equal(a->cells, b->cells);
    assert_same_sides(&a->sides, &b->sides, swapped);
    for (size_t side = 0; side < SIDES; side++) {
        size_t other = swapped ? 1 - side : side;
        assert_int_equal(a->rank[side], b->rank[other]);
        assert_memory_equal(&a->blind[side], &b->blind[other], sizeof a->blind[side]);
        assert_int_equal(a->parts[side].count, b->parts[other].count);
        for (size_t p = 0; p < a->parts[side].count; p++)
            assert_memory_equal(&a->parts[side].items[p].rank, &b->parts[other].items[p].rank,
                                sizeof a->parts[side].items[p].rank);
    }
    if (a->lead != NULL) {
        assert_int_equal(a->lead->runs_same, b->lead->runs_same);
        assert_true(a->lead->run_low[0] == b->lead->run_low[swapped ? 1 : 0]);
    }
}

static void assert_same(const struct border *a, const struct border *b, bool swapped)
{
    assert_same_raster(&a->surfaces.together, &b->surfaces.together, 1);
    assert_same_raster(&a->surfaces.missed, &b->surfaces.missed, swapped ? -1 : 1);
    assert_same_raster(&a->surfaces.guess_error, &b->surfaces.guess_error, 1);
    for (size_t side = 0; side < SIDES; side++) {
        size_t other = swapped ? 1 - side : side;
        assert_same_raster(&a->surfaces.alone[side], &b->surfaces.alone[other], 1);
        assert_memory_equal(&a->strips[side], &b->strips[other], sizeof a->strips[side]);
        assert_int_equal(a->incidents[side], b->incidents[other]);
        assert_int_equal(a->alone[side].count, b->alone[other].count);
        for (size_t c = 0; c < a->alone[side].count; c++)
            assert_true(a->alone[side].items[c].x == b->alone[other].items[c].x);
    }
    assert_int_equal(a->together.count, b->together.count);
    for (size_t c = 0; c < a->together.count; c++)
        assert_same_cluster(&a->clusters[c], &b->clusters[c], swapped);
}

static void shuffle(struct scene *into, const struct scene *scene, uint64_t seed)
{
    static size_t from[MOST];
    *into = *scene;
    for (size_t i = 0; i < scene->count; i++) {
        size_t j = (size_t)below(&seed, i + 1);
        from[i] = from[j];
        from[j] = i;
    }
    for (size_t i = 0; i < scene->count; i++) {
        into->x[i] = scene->x[from[i]];
        into->y[i] = scene->y[from[i]];
        into->side[i] = scene->side[from[i]];
        into->domain[i] = scene->domain[from[i]];
        into->weight[i] = scene->weight[from[i]];
    }
}

static void rows_in_another_order_and_threads_give_the_same(void **state)
{
    (void)state;
    static struct scene scene, other;
    static struct stage one, two;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct border_options single = options_of(1), many = options_of(2 + (int)seed % 7);
        scene_random(&scene, seed);
        shuffle(&other, &scene, seed);
        make_input(&one, &scene);
        make_input(&two, &other);
        play(&one, &single);
        play(&two, &many);
        assert_same(&one.border, &two.border, false);
        border_free(&one.border);
        border_free(&two.border);
    }
}

static void sides_swapped_give_the_same_swapped(void **state)
{
    (void)state;
    static struct scene scene;
    static struct stage one, two;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct border_options options = options_of(2);
        scene_random(&scene, seed);
        make_input(&one, &scene);
        play(&one, &options);
        make_input(&two, &scene);
        for (size_t i = 0; i < scene.count; i++)
            scene.side[i] = 1 - scene.side[i];
        for (size_t i = 0; i < cells_of(&two); i++)
            if (two.ground[i] < SIDES)
                two.ground[i] = 1 - two.ground[i];
        two.input.grounds[0] = &two.grounds[1];
        two.input.grounds[1] = &two.grounds[0];
        play(&two, &options);
        assert_same(&one.border, &two.border, true);
        border_free(&one.border);
        border_free(&two.border);
    }
}

/* Nothing there, and the border band */

static void one_side_may_have_nothing(void **state)
{
    (void)state;
    static struct scene scene;
    static struct stage stage;
    memset(&scene, 0, sizeof scene);
    scene.east = 2000;
    scene.box = (struct box){-100, -100, 100, 100};
    scene.cell_m = 10;
    struct border_options options = options_of(1);
    make_input(&stage, &scene);
    play(&stage, &options);
    assert_true(isnan(stage.border.strips[0].blind));
    assert_true(isnan(stage.border.strips[0].guess_error));
    assert_int_equal(stage.border.together.count, 0);
    border_free(&stage.border);
    add_crowd(&scene, 0, 4, 20);
    make_input(&stage, &scene);
    play(&stage, &options);
    assert_true(stage.border.strips[0].blind == 0);
    assert_true(stage.border.strips[1].blind == 1);
    assert_true(stage.border.strips[1].guess_bias == -1);
    assert_int_equal(stage.border.leads.count, 0);
    assert_int_equal(stage.border.clusters[0].rank[1], 0);
    assert_true(stage.border.clusters[0].blind[0] == 0 && stage.border.clusters[0].blind[1] == 1);
    border_free(&stage.border);
}

static void what_is_no_bandwidth_or_rule_is_an_error(void **state)
{
    (void)state;
    static struct scene scene;
    static struct stage stage;
    struct error error = {0};
    make_plaza(&scene, 10, 0);
    make_input(&stage, &scene);
    struct border_options options = options_of(1);
    options.lead.share = 0.3;
    assert_false(border_run(&stage.border, &stage.input, &options, &error));
    assert_int_equal(error.kind, ERROR_SETTINGS);
    options.density.bandwidth_m = 0;
    assert_false(border_run(&stage.border, &stage.input, &options, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    border_free(&stage.border);
}

static void incidents_in_the_band_could_change_hands(void **state)
{
    (void)state;
    const double other_m[] = {0, 9.999, 10, NAN, INFINITY, 3};
    const uint8_t side[] = {0, 0, 0, 0, 1, 1};
    const uint32_t weight[] = {1, 5, 1, 1, 1, 2};
    struct border_distances distances = {6, side, weight, other_m};
    size_t counts[SIDES];
    border_uncertain(counts, &distances, 10);
    assert_int_equal(counts[0], 6);
    assert_int_equal(counts[1], 2);
    distances.weight = NULL;
    border_uncertain(counts, &distances, 10);
    assert_int_equal(counts[0], 2);
    assert_int_equal(counts[1], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_closed_form_is_the_integral_of_what_the_border_hides),
        cmocka_unit_test(the_plaza_has_the_blind_share_of_its_closed_form),
        cmocka_unit_test(in_every_cell_alone_and_alone_are_together),
        cmocka_unit_test(an_edge_correction_is_not_taken_over),
        cmocka_unit_test(blind_shares_are_those_of_plain_sums),
        cmocka_unit_test(the_guess_is_uniform_edge_correction_by_each_sides_own_ground),
        cmocka_unit_test(a_third_neighbour_does_not_count_as_an_error),
        cmocka_unit_test(a_hotspot_just_across_is_underrated_by_the_guess),
        cmocka_unit_test(a_hotspot_that_the_border_cuts_ranks_higher_together),
        cmocka_unit_test(parts_are_listed_by_their_rank),
        cmocka_unit_test(an_incident_on_the_rim_does_not_say_where_its_cluster_went),
        cmocka_unit_test(clusters_alone_are_parts_of_clusters_together),
        cmocka_unit_test(rows_in_another_order_and_threads_give_the_same),
        cmocka_unit_test(sides_swapped_give_the_same_swapped),
        cmocka_unit_test(one_side_may_have_nothing),
        cmocka_unit_test(what_is_no_bandwidth_or_rule_is_an_error),
        cmocka_unit_test(incidents_in_the_band_could_change_hands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

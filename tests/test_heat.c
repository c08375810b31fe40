/* Tests the heat's pixels against a plain reading of the raster, and patches against a flood. */
#include "tests/cases.h"

#include "engine/draw/heat.h"
#include "engine/draw/patches.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint64_t draw(uint64_t *seed, uint64_t below) /* splitmix64 */
{
    uint64_t z = (*seed += 0x9E3779B97F4A7C15u);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (z ^ z >> 31) % below;
}

static double between(uint64_t *seed, double low, double high)
{
    return low + (high - low) * (double)draw(seed, 1 << 30) / (1 << 30);
}

/* ---- patches ---- */

enum { SIDE = 61 };

static size_t flood(int *numbers, const uint8_t *bytes, size_t start, int number)
{
    static size_t stack[SIDE * SIDE];
    size_t depth = 0, count = 0;
    stack[depth++] = start;
    numbers[start] = number;
    while (depth > 0) {
        size_t at = stack[--depth], x = at % SIDE, y = at / SIDE;
        const size_t beside[4] = {x > 0 ? at - 1 : at, x + 1 < SIDE ? at + 1 : at,
                                  y > 0 ? at - SIDE : at, y + 1 < SIDE ? at + SIDE : at};
        count++;
        for (int i = 0; i < 4; i++)
            if (numbers[beside[i]] < 0 && bytes[beside[i]] == bytes[at]) {
                numbers[beside[i]] = number;
                stack[depth++] = beside[i];
            }
    }
    return count;
}

/* Sizes of floods, by number; a flood's number is its first pixel. */
static void hold_patches(const uint8_t *bytes, uint64_t seed)
{
    static int numbers[SIDE * SIDE];
    static size_t sizes[SIDE * SIDE];
    static const uint8_t sorts[256] = {0, 1, 2};
    const struct patch_picture picture = {bytes, SIDE, SIDE, sorts};
    struct patches patches;
    size_t covered = 0, expected = 0;
    memset(numbers, 0xFF, sizeof numbers);
    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++) {
        expected += bytes[i] != 0;
        if (bytes[i] != 0 && numbers[i] < 0)
            sizes[i] = flood(numbers, bytes, i, (int)i);
    }
    assert_true(patches_find(&patches, &picture, NULL));
    int *first = calloc(patches.patch_count + 1, sizeof *first);
    assert_non_null(first);
    for (size_t r = 0; r < patches.run_count; r++) {
        const struct patch_run *run = &patches.runs[r];
        const struct patch *patch = &patches.patches[run->patch];
        size_t at = run->row * SIDE + run->begin;
        covered += run->end - run->begin;
        if (first[run->patch] == 0)
            first[run->patch] = numbers[at] + 1;
        for (size_t i = at; i < run->row * SIDE + run->end; i++)
            if (numbers[i] + 1 != first[run->patch] || bytes[i] != patch->sort)
                fail_msg("seed %llu: run %zu", (unsigned long long)seed, r);
        assert_int_equal(patch->pixels, sizes[numbers[at]]);
    }
    assert_int_equal(covered, expected);
    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++)
        if (bytes[i] != 0 && (i % SIDE == 0 || i / SIDE == SIDE - 1))
            for (size_t p = 0; p < patches.patch_count; p++)
                assert_true(first[p] != numbers[i] + 1 || patches.patches[p].cut);
    free(first);
    patches_free(&patches);
}

static void patches_are_what_a_flood_fills(void **state)
{
    static uint8_t bytes[SIDE * SIDE];
    (void)state;
    for (uint64_t seed = 1; seed <= cases_rounds(300, SIDE * SIDE); seed++) {
        uint64_t random = seed, dense = 1 + draw(&random, 6), sorts = 1 + draw(&random, 2);
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = draw(&random, 8) < dense ? (uint8_t)(1 + draw(&random, sorts)) : 0;
        hold_patches(bytes, seed);
    }
}

/* ---- the heat ---- */

struct scene {
    struct raster density, support;
    struct classes classes;
    struct colour colours[CLASSES_FINE_MOST];
    struct view view;
    struct heat_source source;
};

/* Noise, a plain just below the first limit, or lone peaks on quiet ground. */
static void fill(struct raster *raster, uint64_t *seed, bool gaps)
{
    static const double shapes[3][4] = {{6, 0, 40, 3}, {1000000, 5, 5.2, 4.99}, {70, 5, 40, 1}};
    const double *shape = shapes[draw(seed, 3)];
    double low = shape[3] > 4 ? 4.5 : 0;
    for (size_t i = 0; i < raster->columns * raster->rows; i++) {
        bool peak = draw(seed, (uint64_t)shape[0]) == 0;
        raster->values[i] = peak ? between(seed, shape[1], shape[2]) : between(seed, low, shape[3]);
        if (gaps && draw(seed, 20) == 0)
            raster->values[i] = NAN;
    }
}

static void make_scene(struct scene *scene, uint64_t seed)
{
    uint64_t random = seed;
    double cell = between(&random, 5, 15), wide = between(&random, 20, 60) * cell,
           high = between(&random, 10, 50) * cell;
    const struct box box = {1000, 2000, 1000 + wide, 2000 + high};
    memset(scene, 0, sizeof *scene);
    assert_true(raster_new(&scene->density, box, cell, NULL));
    assert_true(raster_new(&scene->support, box, cell, NULL));
    fill(&scene->density, &random, draw(&random, 3) == 0);
    fill(&scene->support, &random, false);
    scene->classes = (struct classes){.limits = {5, 10, 20}, .count = 3};
    for (int i = 0; i < 3; i++)
        scene->colours[i] = (struct colour){0.1 * i, 0.3, 1 - 0.2 * i, draw(&random, 2) ? 1 : 0.7};
    double grow = between(&random, 0.2, 1.3), x = between(&random, -0.3, 0.6) * wide;
    const struct box shown = {1000 + x, 2000 - 0.1 * high, 1000 + x + grow * wide,
                              2000 + grow * high};
    double frame[4] = {3, 4, between(&random, 20, 90), between(&random, 20, 60)};
    scene->view = view_fit(shown, frame);
    scene->source = (struct heat_source){.density = &scene->density,
                                         .support = draw(&random, 2) ? &scene->support : NULL,
                                         .least_support = 2,
                                         .classes = &scene->classes,
                                         .colours = scene->colours,
                                         .no_data = {0.9, 0.9, 0.9, 0.5},
                                         .view = &scene->view,
                                         .pixels_per_point = 1 + (double)draw(&random, 3) / 2};
}

static void free_scene(struct scene *scene)
{
    raster_free(&scene->density);
    raster_free(&scene->support);
}

/* Catmull and Rom's spline along one axis; the nearer of the middle two where one is not known. */
static double spline(const double four[4], double t)
{
    const double weights[4] = {((2 - t) * t - 1) * t / 2, ((3 * t - 5) * t * t + 2) / 2,
                               ((4 - 3 * t) * t + 1) * t / 2, (t - 1) * t * t / 2};
    double sum = 0;
    for (int i = 0; i < 4; i++)
        sum += four[i] * weights[i];
    return !isnan(sum) ? sum : weights[1] >= weights[2] ? four[1] : four[2];
}

static size_t clamp(double at, size_t count)
{
    return (size_t)fmin(fmax(at, 0), (double)count - 1);
}

/* The raster at a place: first between rows, then between columns; 0 off it. */
static double read_at(const struct raster *raster, double x, double y, bool linear)
{
    double column = (x - raster->x_min) / raster->cell_m - 0.5;
    double row = (y - raster->y_min) / raster->cell_m - 0.5;
    double c = floor(column), r = floor(row), u = column - c, v = row - r, across[4];
    if (!(column >= -0.5 && row >= -0.5 && column <= (double)raster->columns - 0.5
          && row <= (double)raster->rows - 0.5))
        return 0;
    for (int i = 0; i < 4; i++) {
        double down[4];
        for (int k = 0; k < 4; k++)
            down[k] = raster->values[clamp(r + k - 1, raster->rows) * raster->columns
                                     + clamp(c + i - 1, raster->columns)];
        across[i] = linear ? down[1] * (1 - v) + down[2] * v : spline(down, v);
    }
    return linear ? across[1] * (1 - u) + across[2] * u : spline(across, u);
}

/* Where colours run on, twenty steps from 5 to 10 and from 10 to 20, and one from there on. */
static size_t step_of(double value)
{
    size_t step = 0;
    for (int i = 0; i < 41; i++)
        step += value >= (i < 20 ? 5 + 5 * (i / 20.0) : 10 + 10 * ((i - 20) / 20.0)) ? 1 : 0;
    return step;
}

static uint8_t class_at(const struct scene *scene, double value, double support)
{
    if (isnan(value))
        return HEAT_NO_DATA;
    size_t rank = scene->classes.smooth ? step_of(value) : classes_of(&scene->classes, value);
    bool few = rank > 0 && scene->source.support && !(support >= 2 - 1e-9);
    return few ? HEAT_WITHHELD : (uint8_t)rank;
}

struct corners {
    double value[4], support[4];
    uint8_t rank[4];
};

static struct corners corners_of(const struct scene *scene, size_t column, size_t row)
{
    double step = 1 / (scene->view.scale * scene->source.pixels_per_point);
    struct corners corners = {0};
    for (size_t k = 0; k < 4; k++) {
        double x = scene->view.ground.x_min + (double)(column + k % 2) * step;
        double y = scene->view.ground.y_max - (double)(row + k / 2) * step;
        corners.value[k] = read_at(&scene->density, x, y, false);
        corners.support[k] = read_at(&scene->support, x, y, true);
        corners.rank[k] = class_at(scene, corners.value[k], corners.support[k]);
    }
    return corners;
}

static double inside(const double corners[4], double u, double v)
{
    return (corners[0] * (1 - u) + corners[1] * u) * (1 - v)
           + (corners[2] * (1 - u) + corners[3] * u) * v;
}

static uint32_t colour_of(const struct scene *scene, uint8_t rank)
{
    if (rank == HEAT_NO_DATA)
        return colour_pixel(scene->source.no_data);
    return rank == 0 || rank == HEAT_WITHHELD ? 0 : colour_pixel(scene->colours[rank - 1]);
}

static uint32_t pixel_of(const struct scene *scene, const struct corners *corners)
{
    uint32_t sums[4] = {0}, pixel = 0;
    for (int i = 0; i < 16; i++) {
        double u = (i % 4 + 0.5) / 4, v = ((int)(i / 4) + 0.5) / 4;
        uint32_t colour = colour_of(
            scene, class_at(scene, inside(corners->value, u, v), inside(corners->support, u, v)));
        for (int part = 0; part < 4; part++)
            sums[part] += colour >> (8 * part) & 255;
    }
    for (int part = 0; part < 4; part++)
        pixel |= (sums[part] + 8) / 16 << (8 * part);
    return pixel;
}

static void hold_heat(const struct scene *scene, const struct heat *heat, uint64_t seed)
{
    for (size_t at = 0; at < (size_t)(heat->width * heat->height); at++) {
        struct corners corners =
            corners_of(scene, at % (size_t)heat->width, at / (size_t)heat->width);
        const uint8_t *rank = corners.rank;
        bool same = rank[0] == rank[1] && rank[0] == rank[2] && rank[0] == rank[3];
        double middle =
            (corners.value[0] + corners.value[1] + corners.value[2] + corners.value[3]) / 4;
        double middle_support =
            (corners.support[0] + corners.support[1] + corners.support[2] + corners.support[3]) / 4;
        uint8_t wanted = same ? rank[0] : class_at(scene, middle, middle_support);
        uint32_t pixel = same ? colour_of(scene, rank[0]) : pixel_of(scene, &corners);
        if (scene->classes.smooth && wanted > 0 && wanted < HEAT_WITHHELD)
            wanted = (uint8_t)((wanted - 1) / 20 + 1);
        if (heat->classes[at] != wanted || heat->pixels[at] != pixel)
            fail_msg("seed %llu, pixel %zu: class %d for %d, #%08X for #%08X",
                     (unsigned long long)seed, at, heat->classes[at], wanted, heat->pixels[at],
                     pixel);
    }
}

static void every_pixel_is_what_a_plain_reading_says(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= cases_rounds(150, 4000); seed++) {
        struct scene scene;
        struct heat heat;
        make_scene(&scene, seed);
        assert_true(heat_read(&heat, &scene.source, NULL));
        hold_heat(&scene, &heat, seed);
        heat_free(&heat);
        free_scene(&scene);
    }
}

static void colours_run_on_in_steps(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= cases_rounds(60, 1000); seed++) {
        struct scene scene;
        struct heat heat;
        make_scene(&scene, seed);
        scene.classes.smooth = true;
        for (int i = 0; i < 41; i++)
            scene.colours[i] = (struct colour){i / 41.0, 1 - i / 41.0, (i % 7) / 7.0, 1};
        assert_true(heat_read(&heat, &scene.source, NULL));
        hold_heat(&scene, &heat, seed);
        heat_free(&heat);
        free_scene(&scene);
    }
}

static bool colours_box(const struct heat *heat, const double box[4])
{
    for (int row = 0; row < heat->height; row++)
        for (int column = 0; column < heat->width; column++)
            if (column >= floor(box[0]) && column <= box[1] && row >= floor(box[2]) && row <= box[3]
                && heat->pixels[row * heat->width + column] != 0)
                return true;
    return false;
}

static void no_coloured_pixel_lies_where_none_may(void **state)
{
    size_t none = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct scene scene;
        struct heat heat;
        make_scene(&scene, seed);
        assert_true(heat_read(&heat, &scene.source, NULL));
        uint64_t chance = seed;
        for (int i = 0; i < 30; i++) {
            double x = between(&chance, -30, heat.width + 30);
            double y = between(&chance, -30, heat.height + 30);
            const double box[4] = {x, x + between(&chance, 0, 20), y, y + between(&chance, 0, 20)};
            bool may = heat_may_colour(&heat, box);
            none += !may;
            if (!may && colours_box(&heat, box))
                fail_msg("seed %llu, box %d: it has colours", (unsigned long long)seed, i);
        }
        heat_free(&heat);
        free_scene(&scene);
    }
    assert_true(none > 100);
}

static void threads_change_no_pixel(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct scene scene;
        struct heat heats[3];
        make_scene(&scene, seed);
        scene.source.smallest_coloured_m2 = scene.source.smallest_hatched_m2 = 900;
        for (int i = 0; i < 3; i++) {
            scene.source.thread_count = i == 0 ? 1 : i == 1 ? 2 : 8;
            assert_true(heat_read(&heats[i], &scene.source, NULL));
            size_t count = (size_t)(heats[0].width * heats[0].height);
            assert_memory_equal(heats[i].pixels, heats[0].pixels, count * sizeof(uint32_t));
            assert_memory_equal(heats[i].classes, heats[0].classes, count);
        }
        for (int i = 0; i < 3; i++)
            heat_free(&heats[i]);
        free_scene(&scene);
    }
}

/* Without what is left out, a pixel is as it was unless it lies in a small patch or beside one. */
static void small_patches_and_their_edges_are_wiped(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct scene scene;
        struct heat all, large;
        make_scene(&scene, seed);
        assert_true(heat_read(&all, &scene.source, NULL));
        scene.source.smallest_coloured_m2 = 1500;
        scene.source.smallest_hatched_m2 = 400;
        assert_true(heat_read(&large, &scene.source, NULL));
        size_t width = (size_t)all.width, count = width * (size_t)all.height;
        for (size_t i = 0; i < count; i++) {
            bool gone = large.classes[i] != all.classes[i];
            bool beside =
                (i % width > 0 && large.classes[i - 1] != all.classes[i - 1])
                || (i % width + 1 < width && large.classes[i + 1] != all.classes[i + 1])
                || (i >= width && large.classes[i - width] != all.classes[i - width])
                || (i + width < count && large.classes[i + width] != all.classes[i + width]);
            assert_true(!gone || large.classes[i] == 0);
            assert_true(large.pixels[i] == (gone || beside ? 0 : all.pixels[i]));
        }
        heat_free(&all);
        heat_free(&large);
        free_scene(&scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patches_are_what_a_flood_fills),
        cmocka_unit_test(every_pixel_is_what_a_plain_reading_says),
        cmocka_unit_test(colours_run_on_in_steps),
        cmocka_unit_test(no_coloured_pixel_lies_where_none_may),
        cmocka_unit_test(threads_change_no_pixel),
        cmocka_unit_test(small_patches_and_their_edges_are_wiped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Tests of layers laid over one another, against areas worked out by hand. */
#include "engine/space/polygons_overlay.h"

#include "engine/space/polygons.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { MOST = 60 };

/* Rectangles, whose common ground is a product. */
struct layer {
    struct box boxes[MOST];
    struct shape shapes[MOST];
    const struct shape *pointers[MOST];
    uint32_t groups[MOST];
    size_t count;
};

static void add_box(struct layer *layer, struct box box, uint32_t group)
{
    size_t at = layer->count++;
    struct shape *shape = &layer->shapes[at];
    const double x[5] = {box.x_min, box.x_max, box.x_max, box.x_min, box.x_min};
    const double y[5] = {box.y_min, box.y_min, box.y_max, box.y_max, box.y_min};
    assert_true(shape_new(shape, 5, 1, NULL));
    for (int i = 0; i < 5; i++) {
        shape->x[i] = x[i];
        shape->y[i] = y[i];
    }
    shape->ring_starts[1] = 5;
    layer->boxes[at] = box;
    layer->groups[at] = group;
    layer->pointers[at] = shape;
}

static void layer_free(struct layer *layer)
{
    for (size_t i = 0; i < layer->count; i++)
        shape_free(&layer->shapes[i]);
}

static struct overlay wide_overlay_of(const struct layer *first, const struct layer *second,
                                      bool by_group, double sliver_m)
{
    struct error error = {0};
    struct overlay overlay = {.sliver_m = sliver_m};
    struct polygons *polygons = polygons_open(&error);
    const struct overlay_layer layers[2] = {
        {first->pointers, by_group ? first->groups : NULL, first->count},
        {second->pointers, by_group ? second->groups : NULL, second->count}};
    assert_non_null(polygons);
    if (!polygons_overlay(&overlay, polygons, layers, &error))
        fail_msg("%s", error.message);
    polygons_close(polygons);
    return overlay;
}

static struct overlay overlay_of(const struct layer *first, const struct layer *second,
                                 bool by_group)
{
    return wide_overlay_of(first, second, by_group, 0);
}

static void squares_that_overlap_share_their_common_ground(void **state)
{
    (void)state;
    struct layer before = {0}, now = {0};
    add_box(&before, (struct box){0, 0, 10, 10}, 0);
    add_box(&before, (struct box){100, 0, 110, 10}, 0);
    add_box(&now, (struct box){110, 0, 120, 10}, 0); /* touches, no more */
    add_box(&now, (struct box){5, 2, 15, 12}, 0);
    struct overlay overlay = overlay_of(&before, &now, false);
    assert_int_equal(overlay.count, 1);
    assert_int_equal(overlay.pairs[0].first, 0);
    assert_int_equal(overlay.pairs[0].second, 1);
    assert_true(overlay.pairs[0].area_m2 == 40);
    overlay_free(&overlay);
    layer_free(&before);
    layer_free(&now);
}

static void nothing_overlaps_nothing(void **state)
{
    (void)state;
    struct layer none = {0}, one = {0};
    add_box(&one, (struct box){0, 0, 10, 10}, 0);
    struct shape empty = {0};
    one.pointers[one.count++] = &empty;
    struct overlay overlay = overlay_of(&none, &one, false);
    assert_int_equal(overlay.count, 0);
    overlay_free(&overlay);
    overlay = overlay_of(&one, &none, false);
    assert_int_equal(overlay.count, 0);
    overlay_free(&overlay);
    overlay = overlay_of(&one, &one, false);
    assert_int_equal(overlay.count, 1);
    overlay_free(&overlay);
    one.count = 1;
    layer_free(&one);
}

static void a_bow_tie_is_mended_first(void **state)
{
    (void)state;
    struct layer before = {0}, now = {0};
    add_box(&before, (struct box){0, 0, 10, 10}, 0);
    before.shapes[0].x[1] = 10; /* 0,0 to 10,10 to 10,0 to 0,10: two triangles of 25 */
    before.shapes[0].y[1] = 10;
    before.shapes[0].x[2] = 10;
    before.shapes[0].y[2] = 0;
    add_box(&now, (struct box){-100, -100, 100, 100}, 0);
    struct overlay overlay = overlay_of(&before, &now, false);
    assert_int_equal(overlay.count, 1);
    assert_true(fabs(overlay.pairs[0].area_m2 - 50) < 1e-9);
    overlay_free(&overlay);
    layer_free(&before);
    layer_free(&now);
}

static double below(uint64_t *seed, double limit)
{
    *seed += 0x9e3779b97f4a7c15u; /* splitmix64 (Steele et al. 2014) */
    uint64_t z = *seed;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (double)((z ^ z >> 31) >> 11) / 9007199254740992.0 * limit;
}

static void fill_by_chance(struct layer *layer, uint64_t *seed)
{
    *layer = (struct layer){0};
    for (size_t count = (size_t)below(seed, MOST); layer->count < count;) {
        double x = floor(below(seed, 100)), y = floor(below(seed, 100));
        struct box box = {x, y, x + 1 + floor(below(seed, 20)), y + 1 + floor(below(seed, 20))};
        add_box(layer, box, (uint32_t)below(seed, 3));
    }
}

static double common_ground(struct box a, struct box b)
{
    double wide = fmin(a.x_max, b.x_max) - fmax(a.x_min, b.x_min);
    double high = fmin(a.y_max, b.y_max) - fmax(a.y_min, b.y_min);
    return wide > 0 && high > 0 ? wide * high : 0;
}

static void it_is_every_pair_of_one_group_on_random_rectangles(void **state)
{
    (void)state;
    for (uint64_t first = 0; first < 60; first++) {
        uint64_t seed = first;
        struct layer before, now;
        size_t at = 0;
        fill_by_chance(&before, &seed);
        fill_by_chance(&now, &seed);
        bool by_group = first % 2 == 0;
        struct overlay overlay = overlay_of(&before, &now, by_group);
        for (size_t i = 0; i < before.count; i++)
            for (size_t j = 0; j < now.count; j++) {
                double area = common_ground(before.boxes[i], now.boxes[j]);
                if (area == 0 || (by_group && before.groups[i] != now.groups[j]))
                    continue;
                if (at >= overlay.count || overlay.pairs[at].first != i
                    || overlay.pairs[at].second != j
                    || fabs(overlay.pairs[at].area_m2 - area) > 1e-6)
                    fail_msg("seed %llu, pair %zu", (unsigned long long)first, at);
                at++;
            }
        assert_int_equal(at, overlay.count);
        overlay_free(&overlay);
        layer_free(&before);
        layer_free(&now);
    }
}

/* A rectangle is as wide as its shorter side. */
static void slivers_are_left_out_however_long_they_are(void **state)
{
    (void)state;
    for (int step = 1; step <= 40; step++) {
        double wide = step / 20.0;
        struct layer before = {0}, now = {0};
        add_box(&before, (struct box){0, 0, 2000, 1000}, 0);
        add_box(&now, (struct box){0, 1000 - wide, 2000, 2000}, 0);     /* along one side */
        add_box(&now, (struct box){2000 - wide, -wide, 3000, wide}, 0); /* over a corner */
        struct overlay overlay = wide_overlay_of(&before, &now, false, 0.99);
        assert_int_equal(overlay.count, wide > 0.99 ? 2 : 0);
        overlay_free(&overlay);
        overlay = overlay_of(&before, &now, false);
        assert_int_equal(overlay.count, 2);
        overlay_free(&overlay);
        layer_free(&before);
        layer_free(&now);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(squares_that_overlap_share_their_common_ground),
        cmocka_unit_test(nothing_overlaps_nothing),
        cmocka_unit_test(a_bow_tie_is_mended_first),
        cmocka_unit_test(slivers_are_left_out_however_long_they_are),
        cmocka_unit_test(it_is_every_pair_of_one_group_on_random_rectangles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

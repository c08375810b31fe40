/* Tests of clusters: their numbers over groups, and what is told of each. */
#include "engine/analysis/clusters.h"
#include "engine/space/polygons.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 600 };

struct scene {
    int32_t x[MOST], y[MOST], owner[MOST];
    uint8_t domain[MOST];
    uint32_t category[MOST], source[MOST], weight[MOST], group[MOST];
    moment when[MOST];
    size_t count;
};

static struct cluster_input input_of(const struct scene *scene)
{
    return (struct cluster_input){.count = scene->count,
                                  .grid_x = scene->x,
                                  .grid_y = scene->y,
                                  .owner = scene->owner,
                                  .domain = scene->domain,
                                  .category = scene->category,
                                  .source = scene->source,
                                  .weight = scene->weight,
                                  .when = scene->when,
                                  .group = scene->group,
                                  .grid = {100000, 500000, 1}};
}

static void add(struct scene *scene, int32_t x_m, int32_t y_m, uint32_t group)
{
    size_t i = scene->count++;
    scene->x[i] = x_m * 1000;
    scene->y[i] = y_m * 1000;
    scene->owner[i] = x_m < 0 ? 0 : 1;
    scene->domain[i] = (uint8_t)group;
    scene->category[i] = (uint32_t)(i % 3);
    scene->source[i] = 7;
    scene->weight[i] = 1;
    scene->group[i] = group;
    scene->when[i] = MOMENT_UNKNOWN;
}

static void find(struct clusters *clusters, const struct scene *scene, double radius_m,
                 size_t min_points, int threads)
{
    struct cluster_input input = input_of(scene);
    struct dbscan_options options = {
        .radius_m = radius_m, .min_points = min_points, .thread_count = threads};
    struct error error = {0};
    if (!clusters_find(clusters, &input, &options, &error)) {
        print_error("%s\n", error.message);
        fail();
    }
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

static void a_cluster_tells_its_size_place_and_period(void **state)
{
    (void)state;
    static struct scene scene;
    struct clusters clusters;
    memset(&scene, 0, sizeof scene);
    add(&scene, -10, 0, 0);
    add(&scene, 0, 0, 0);
    add(&scene, 10, 0, 0);
    add(&scene, 500, 500, 0); /* noise */
    scene.weight[2] = 2;
    scene.when[0] = moment_make(&(struct civil){.year = 2024, .month = 3, .day = 9}, PRECISION_DAY);
    scene.when[1] = moment_make(&(struct civil){.year = 2023, .month = 7}, PRECISION_MONTH);
    scene.when[3] = moment_make(&(struct civil){.year = 1999, .month = 7}, PRECISION_MONTH);
    find(&clusters, &scene, 10, 3, 1);
    assert_int_equal(clusters.count, 1);
    const struct cluster *cluster = &clusters.items[0];
    assert_int_equal(cluster->number, 1);
    assert_int_equal(cluster->incidents, 4);
    assert_int_equal(cluster->core, 3); /* the first is a border point */
    assert_true(cluster->x == 100002.5);
    assert_true(cluster->y == 500000);
    assert_true(cluster->reach_m == 12.5);
    assert_true(cluster->first == scene.when[1]);
    assert_true(cluster->last == scene.when[0]);
    assert_memory_equal(clusters.membership, ((int32_t[]){1, 1, 1, 0}), 4 * sizeof(int32_t));
    assert_memory_equal(clusters.core, ((uint8_t[]){0, 1, 1, 0}), 4);
    clusters_free(&clusters);
}

static void the_outline_holds_every_member_and_has_the_area_told(void **state)
{
    (void)state;
    static struct scene scene;
    struct clusters clusters;
    memset(&scene, 0, sizeof scene);
    for (int32_t i = 0; i < 40; i++)
        add(&scene, i % 8 * 12, i / 8 * 9, 0);
    find(&clusters, &scene, 20, 4, 1);
    assert_int_equal(clusters.count, 1);
    const struct cluster *cluster = &clusters.items[0];
    for (size_t i = 0; i < scene.count; i++)
        assert_true(shape_holds(&cluster->outline, 100000 + scene.x[i] / 1000.0,
                                500000 + scene.y[i] / 1000.0));
    assert_true(fabs(cluster->area_ha * 10000 - polygons_area(&cluster->outline)) < 1e-9);
    /* 84 x 36 m, widened by 10 m with round corners */
    assert_true(fabs(cluster->area_ha - (84 * 36 + 2 * 10 * (84 + 36) + M_PI * 100) / 10000)
                < 0.06);
    clusters_free(&clusters);
}

static void shares_fall_and_equal_ones_rise_by_value(void **state)
{
    (void)state;
    static struct scene scene;
    struct clusters clusters;
    memset(&scene, 0, sizeof scene);
    for (int32_t i = 0; i < 7; i++)
        add(&scene, i - 2, 0, 0);
    static const uint32_t CATEGORIES[] = {9, 4, 9, 2, 4, 2, 8};
    memcpy(scene.category, CATEGORIES, sizeof CATEGORIES);
    scene.weight[6] = 5;
    find(&clusters, &scene, 3, 2, 1);
    const struct cluster *cluster = &clusters.items[0];
    static const struct share EXPECTED[] = {{8, 5}, {2, 2}, {4, 2}, {9, 2}};
    assert_int_equal(cluster->categories.count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(cluster->categories.items[i].value, EXPECTED[i].value);
        assert_int_equal(cluster->categories.items[i].incidents, EXPECTED[i].incidents);
    }
    assert_int_equal(cluster->owners.count, 2);
    assert_int_equal(cluster->owners.items[0].value, 1);
    assert_int_equal(cluster->owners.items[0].incidents, 9);
    assert_int_equal(cluster->owners.items[1].incidents, 2);
    assert_int_equal(cluster->sources.count, 1);
    assert_int_equal(cluster->sources.items[0].value, 7);
    clusters_free(&clusters);
}

static void clusters_never_cross_groups_and_are_numbered_over_all(void **state)
{
    (void)state;
    static struct scene scene;
    struct clusters clusters;
    memset(&scene, 0, sizeof scene);
    for (int32_t i = 0; i < 6; i++) { /* by turns of group 5 and 2, at the same places */
        add(&scene, i / 2, 0, 5);
        add(&scene, i / 2, 0, 2);
    }
    for (int32_t i = 0; i < 9; i++)
        add(&scene, 300 + i, 0, 2);
    find(&clusters, &scene, 2, 3, 2);
    assert_int_equal(clusters.count, 3);
    assert_int_equal(clusters.items[0].incidents, 9);
    assert_int_equal(clusters.items[0].group, 2);
    assert_int_equal(clusters.items[1].incidents, 6);
    assert_int_equal(clusters.items[1].group, 2); /* same size, same place: the lower group */
    assert_int_equal(clusters.items[2].group, 5);
    assert_int_equal(clusters.membership[0], 3);
    assert_int_equal(clusters.membership[1], 2);
    assert_int_equal(clusters.membership[12], 1);
    clusters_free(&clusters);
}

static void a_group_alone_has_the_labels_of_dbscan(void **state)
{
    (void)state;
    static struct scene scene;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        uint64_t random = seed;
        struct clusters clusters;
        struct dbscan_labels labels;
        memset(&scene, 0, sizeof scene);
        while (scene.count < MOST)
            add(&scene, below(&random, 400) - 200, below(&random, 400), 0);
        struct weighted_points points = {{scene.x, scene.y, scene.count}, scene.weight};
        struct dbscan_options options = {.radius_m = 14, .min_points = 4};
        assert_true(dbscan_run(&labels, &points, &options, NULL));
        find(&clusters, &scene, 14, 4, 2);
        assert_int_equal(clusters.count, labels.cluster_count);
        assert_memory_equal(clusters.membership, labels.cluster, MOST * sizeof(int32_t));
        assert_memory_equal(clusters.core, labels.core, MOST);
        dbscan_free(&labels);
        clusters_free(&clusters);
    }
}

static void assert_same(const struct cluster *a, const struct cluster *b)
{
    assert_int_equal(a->incidents, b->incidents);
    assert_int_equal(a->core, b->core);
    assert_int_equal(a->group, b->group);
    assert_true(a->x == b->x && a->y == b->y && a->reach_m == b->reach_m);
    assert_true(a->area_ha == b->area_ha && a->first == b->first && a->last == b->last);
    assert_int_equal(a->outline.point_count, b->outline.point_count);
    assert_memory_equal(a->outline.x, b->outline.x, a->outline.point_count * sizeof(double));
    assert_memory_equal(a->outline.y, b->outline.y, a->outline.point_count * sizeof(double));
    assert_int_equal(a->categories.count, b->categories.count);
    for (size_t i = 0; i < a->categories.count; i++) {
        assert_int_equal(a->categories.items[i].value, b->categories.items[i].value);
        assert_int_equal(a->categories.items[i].incidents, b->categories.items[i].incidents);
    }
}

static void rows_in_another_order_and_threads_give_the_same(void **state)
{
    (void)state;
    static struct scene scene, other;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        uint64_t random = seed;
        struct clusters first, second;
        size_t from[MOST];
        memset(&scene, 0, sizeof scene);
        while (scene.count < MOST)
            add(&scene, below(&random, 500) - 200, below(&random, 300),
                (uint32_t)below(&random, 4) * 1000000000u);
        for (size_t i = 0; i < MOST; i++) {
            size_t j = (size_t)below(&random, i + 1);
            scene.when[i] = 8 * below(&random, 100000);
            scene.weight[i] = (uint32_t)below(&random, 3) + 1;
            from[i] = from[j];
            from[j] = i;
        }
        other = scene;
        for (size_t i = 0; i < MOST; i++) {
            other.x[i] = scene.x[from[i]];
            other.y[i] = scene.y[from[i]];
            other.owner[i] = scene.owner[from[i]];
            other.domain[i] = scene.domain[from[i]];
            other.category[i] = scene.category[from[i]];
            other.weight[i] = scene.weight[from[i]];
            other.group[i] = scene.group[from[i]];
            other.when[i] = scene.when[from[i]];
        }
        find(&first, &scene, 16, 5, 1);
        find(&second, &other, 16, 5, 8);
        assert_int_equal(first.count, second.count);
        assert_true(first.count > 3);
        for (size_t c = 0; c < first.count; c++)
            assert_same(&first.items[c], &second.items[c]);
        for (size_t i = 0; i < MOST; i++)
            assert_int_equal(second.membership[i], first.membership[from[i]]);
        clusters_free(&first);
        clusters_free(&second);
    }
}

/* The sums of such weights do not fit in 64 bits. */
static void huge_weights_keep_the_mean_exact(void **state)
{
    (void)state;
    static struct scene scene;
    struct clusters clusters;
    memset(&scene, 0, sizeof scene);
    for (int i = 0; i < 64; i++) {
        add(&scene, 1000000, -1000000, 0);
        scene.weight[scene.count - 1] = UINT32_MAX;
    }
    find(&clusters, &scene, 5, 3, 1);
    assert_true(clusters.items[0].x == 1100000 && clusters.items[0].y == -500000);
    assert_true(clusters.items[0].incidents == 64 * (size_t)UINT32_MAX);
    clusters_free(&clusters);
}

static void nothing_gives_no_clusters_and_columns_may_be_missing(void **state)
{
    (void)state;
    struct clusters clusters;
    struct error error = {0};
    int32_t x[] = {0, 1, 2}, y[] = {0, 0, 0};
    struct cluster_input input = {.grid_x = x, .grid_y = y, .grid = {0, 0, 1}};
    struct dbscan_options options = {.radius_m = 1, .min_points = 3};
    assert_true(clusters_find(&clusters, &input, &options, &error));
    assert_int_equal(clusters.count, 0);
    clusters_free(&clusters);
    input.count = 3;
    assert_true(clusters_find(&clusters, &input, &options, &error));
    assert_int_equal(clusters.count, 1);
    assert_int_equal(clusters.items[0].owners.count, 0);
    assert_true(clusters.items[0].first == MOMENT_UNKNOWN);
    clusters_free(&clusters);
    options.radius_m = -3;
    assert_false(clusters_find(&clusters, &input, &options, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    clusters_free(&clusters);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cluster_tells_its_size_place_and_period),
        cmocka_unit_test(the_outline_holds_every_member_and_has_the_area_told),
        cmocka_unit_test(shares_fall_and_equal_ones_rise_by_value),
        cmocka_unit_test(clusters_never_cross_groups_and_are_numbered_over_all),
        cmocka_unit_test(a_group_alone_has_the_labels_of_dbscan),
        cmocka_unit_test(rows_in_another_order_and_threads_give_the_same),
        cmocka_unit_test(huge_weights_keep_the_mean_exact),
        cmocka_unit_test(nothing_gives_no_clusters_and_columns_may_be_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

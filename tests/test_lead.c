/* Tests of the evidence for a lead: its rule, and clusters found again by plain counting. */
#include "engine/analysis/lead.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 700 };

struct scene {
    int32_t x[MOST], y[MOST];
    uint8_t side[MOST], domain[MOST];
    uint32_t weight[MOST];
    moment when[MOST];
    size_t count;
};

static struct cluster_input input_of(const struct scene *scene)
{
    return (struct cluster_input){.count = scene->count,
                                  .grid_x = scene->x,
                                  .grid_y = scene->y,
                                  .domain = scene->domain,
                                  .weight = scene->weight,
                                  .when = scene->when,
                                  .grid = {100000, 500000, 1}};
}

static void add(struct scene *scene, int32_t x_m, int32_t y_m)
{
    size_t i = scene->count++;
    scene->x[i] = x_m * 1000;
    scene->y[i] = y_m * 1000;
    scene->side[i] = x_m < 0 ? 0 : 1;
    scene->domain[i] = 0;
    scene->weight[i] = 1;
    scene->when[i] = MOMENT_UNKNOWN;
}

/* A scene's clusters and the evidence for them. */
struct found {
    struct clusters clusters;
    struct leads leads;
};

static void find(struct found *found, const struct scene *scene, double radius_m, size_t min_points)
{
    const struct cluster_input incidents = input_of(scene);
    const struct dbscan_options dbscan = {.radius_m = radius_m, .min_points = min_points};
    const struct lead_input input = {&incidents, scene->side, &found->clusters};
    struct error error = {0};
    if (!clusters_find(&found->clusters, &incidents, &dbscan, &error)
        || !lead_find(&found->leads, &input, &(struct lead_options){.clusters = dbscan}, &error))
        fail_msg("%s", error.message);
}

static void found_free(struct found *found)
{
    clusters_free(&found->clusters);
    lead_free(&found->leads);
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

/* Crowds of different size and density on both sides of x = 0, some of them across it. */
static void scene_random(struct scene *scene, uint64_t seed)
{
    uint64_t random = seed;
    memset(scene, 0, sizeof *scene);
    while (scene->count < MOST) {
        int32_t x = below(&random, 160) - 80;
        int32_t y = below(&random, 900);
        int32_t spread = 10 + below(&random, 60);
        int32_t crowd = 10 + below(&random, 60);
        for (int32_t i = 0; i < crowd && scene->count < MOST; i++) {
            int32_t east = below(&random, (uint64_t)spread) - spread / 2;
            int32_t north = below(&random, (uint64_t)spread) - spread / 2;
            add(scene, x + east, y + north);
        }
    }
    for (size_t i = 0; i < MOST; i++) {
        scene->domain[i] = (uint8_t)below(&random, 4);
        scene->weight[i] = (uint32_t)below(&random, 3) + 1;
        struct civil civil = {.year = 2022 + below(&random, 3), .day = 3};
        civil.month = 1 + below(&random, 12);
        if (below(&random, 5) > 0)
            scene->when[i] =
                moment_make(&civil, below(&random, 6) == 0 ? PRECISION_YEAR : PRECISION_MONTH);
    }
}

/* The rule */

static void the_words_follow_the_rule(void **state)
{
    (void)state;
    static const struct {
        size_t incidents[SIDES];
        enum lead_verdict verdict;
        size_t points_to;
    } CASES[] = {
        {{99, 109}, LEAD_SHARED, SIDES},       /* 52 %, 46 to 59 % */
        {{21, 40}, LEAD_POINTS_TO, 1},         /* 66 %, 53 to 76 % */
        {{40, 21}, LEAD_POINTS_TO, 0},         /* the same, swapped */
        {{10, 17}, LEAD_CANNOT_TELL, SIDES},   /* 63 %, but 44 to 78 % */
        {{17, 2}, LEAD_CANNOT_TELL, SIDES},    /* 89 % of 19, one short of the least */
        {{17, 3}, LEAD_POINTS_TO, 0},          /* 85 % of 20 */
        {{59, 41}, LEAD_CANNOT_TELL, SIDES},   /* 59 %, 49 to 68 % */
        {{590, 410}, LEAD_CANNOT_TELL, SIDES}, /* surely more than half, but under 60 % */
        {{600, 400}, LEAD_POINTS_TO, 0},       /* exactly 60 % */
        {{0, 0}, LEAD_CANNOT_TELL, SIDES},
    };
    for (size_t c = 0; c < sizeof CASES / sizeof *CASES; c++) {
        struct sides sides = lead_judge(CASES[c].incidents, &(struct lead_rule){0});
        assert_int_equal(sides.verdict, CASES[c].verdict);
        assert_int_equal(sides.points_to, CASES[c].points_to);
    }
}

static void the_councils_set_the_rule(void **state)
{
    (void)state;
    static const size_t FEW[SIDES] = {2, 9}, EVEN[SIDES] = {15, 15}, MOSTLY[SIDES] = {21, 40};
    assert_int_equal(lead_judge(FEW, &(struct lead_rule){.least = 11}).verdict, LEAD_POINTS_TO);
    assert_int_equal(lead_judge(EVEN, &(struct lead_rule){0}).verdict, LEAD_CANNOT_TELL);
    assert_int_equal(lead_judge(EVEN, &(struct lead_rule){.share = 0.7}).verdict, LEAD_SHARED);
    assert_int_equal(lead_judge(MOSTLY, &(struct lead_rule){.share = 0.7}).verdict,
                     LEAD_CANNOT_TELL);
    assert_int_equal(lead_judge(MOSTLY, &(struct lead_rule){.least = 62}).verdict,
                     LEAD_CANNOT_TELL);
}

static void no_winner_where_intervals_overlap_and_no_side_is_favoured(void **state)
{
    (void)state;
    for (size_t a = 0; a < 90; a++)
        for (size_t b = 0; b < 90; b++) {
            struct lead_rule rule = {.share = 0.5 + 0.05 * (double)(a % 9), .least = 1 + b % 30};
            struct sides one = lead_judge((size_t[]){a, b}, &rule);
            struct sides other = lead_judge((size_t[]){b, a}, &rule);
            assert_int_equal(one.verdict, other.verdict);
            assert_memory_equal(&one.share[0], &other.share[1], sizeof one.share[0]);
            assert_memory_equal(&one.share[1], &other.share[0], sizeof one.share[0]);
            if (one.verdict != LEAD_POINTS_TO)
                continue;
            assert_int_equal(one.points_to, a > b ? 0 : 1);
            assert_int_equal(other.points_to, 1 - one.points_to);
            assert_true(one.share[one.points_to].low > one.share[1 - one.points_to].high);
        }
}

static void a_share_below_a_half_is_no_rule(void **state)
{
    (void)state;
    static struct scene scene;
    scene.count = 0;
    const struct cluster_input incidents = input_of(&scene);
    struct clusters clusters = {0};
    struct leads leads;
    struct error error = {0};
    const struct lead_input input = {&incidents, scene.side, &clusters};
    struct lead_options options = {{.radius_m = 10, .min_points = 3}, {.share = 0.4}};
    assert_false(lead_find(&leads, &input, &options, &error));
    assert_int_equal(error.kind, ERROR_SETTINGS);
    assert_non_null(strstr(error.message, "0.4"));
    options.rule.share = NAN;
    assert_false(lead_find(&leads, &input, &options, &error));
    lead_free(&leads);
}

/* Stability, quarters, domains */

static void only_clusters_on_the_border_have_evidence(void **state)
{
    (void)state;
    static struct scene scene;
    struct found found;
    memset(&scene, 0, sizeof scene);
    for (int32_t i = 0; i < 30; i++)
        add(&scene, 500 + i, 0);
    for (int32_t i = 0; i < 20; i++)
        add(&scene, i - 5, 0);
    add(&scene, -100, 0); /* noise */
    find(&found, &scene, 4, 3);
    assert_int_equal(found.clusters.count, 2);
    assert_int_equal(found.leads.count, 1);
    const struct lead *lead = &found.leads.items[0];
    assert_int_equal(lead->cluster, 2);
    assert_int_equal(lead->sides.incidents[0], 5);
    assert_int_equal(lead->sides.incidents[1], 15);
    assert_int_equal(lead->sides.verdict, LEAD_POINTS_TO);
    assert_int_equal(lead->runs_same, LEAD_RUNS);
    assert_true(lead->run_low[1] == 0.75 && lead->run_high[1] == 0.75);
    assert_int_equal(lead->undated, 20);
    assert_int_equal(lead->quarters.count, 0);
    assert_int_equal(lead->domains.count, 1);
    found_free(&found);
}

/* A dense core on side 0, and on side 1 a loose fringe that only the wider radius takes in. */
static void a_majority_that_hangs_on_the_radius_is_told(void **state)
{
    (void)state;
    static struct scene scene;
    struct found found;
    memset(&scene, 0, sizeof scene);
    for (int32_t i = 0; i < 20; i++)
        add(&scene, -20 + i, 0);
    for (int32_t i = 0; i < 8; i++)
        add(&scene, i * 3, 0);
    for (int32_t i = 0; i < 30; i++)
        add(&scene, 33 + i, 0); /* 12 m on */
    find(&found, &scene, 10, 4);
    assert_int_equal(found.leads.count, 1);
    const struct lead *lead = &found.leads.items[0];
    assert_int_equal(lead->sides.incidents[0], 20);
    assert_int_equal(lead->sides.incidents[1], 8);
    assert_int_equal(lead->runs_same, 6);
    for (int r = 0; r < LEAD_RUNS; r++) {
        assert_true(lead->runs[r].radius_m == 7.5 + 2.5 * (r / 3));
        assert_int_equal(lead->runs[r].min_points, 3 + r % 3);
        assert_true(lead->runs[r].found);
        assert_int_equal(lead->runs[r].incidents[1], r < 6 ? 8 : 38);
    }
    assert_true(lead->run_low[0] == 20.0 / 58 && lead->run_high[0] == 20.0 / 28);
    assert_true(lead->run_low[1] == 8.0 / 28 && lead->run_high[1] == 38.0 / 58);
    found_free(&found);
}

/* Ten within reach of each other: with a minimum of 13 they are noise. */
static void a_cluster_that_is_lost_in_a_run_does_not_count_as_the_same(void **state)
{
    (void)state;
    static struct scene scene;
    struct found found;
    memset(&scene, 0, sizeof scene);
    for (int32_t i = 0; i < 10; i++)
        add(&scene, i - 3, 0);
    find(&found, &scene, 40, 10);
    const struct lead *lead = &found.leads.items[0];
    assert_int_equal(lead->runs[0].min_points, 8);  /* 7.5 */
    assert_int_equal(lead->runs[2].min_points, 13); /* 12.5 */
    assert_int_equal(lead->runs_same, 6);
    assert_false(lead->runs[2].found || lead->runs[5].found || lead->runs[8].found);
    assert_int_equal(lead->runs[5].incidents[0] + lead->runs[5].incidents[1], 0);
    assert_true(lead->run_low[0] == 0.3 && lead->run_high[0] == 0.3);
    found_free(&found);
}

/* With the smaller radius and minimum a bridge joins the first cluster to the lesser part of the
 * second, whose greater part stands alone then. */
static void of_a_cluster_that_fell_apart_the_greater_part_counts(void **state)
{
    (void)state;
    static struct scene scene;
    struct found found;
    memset(&scene, 0, sizeof scene);
    for (int32_t y = 0; y <= 120; y++) {
        bool first = y < 40, bridge = y == 46 || y == 53 || y == 60 || y == 67;
        bool lesser = y >= 74 && y <= 83, greater = y >= 92;
        if (first || bridge || lesser || greater)
            add(&scene, -(y % 2), y);
    }
    find(&found, &scene, 10, 4);
    assert_int_equal(found.leads.count, 2);
    const size_t *one = found.leads.items[0].runs[0].incidents;
    const size_t *two = found.leads.items[1].runs[0].incidents;
    assert_int_equal(found.clusters.items[0].incidents, 42);
    assert_int_equal(found.clusters.items[1].incidents, 41);
    assert_int_equal(one[0] + one[1], 54);
    assert_int_equal(two[0] + two[1], 29);
    found_free(&found);
}

static void quarters_and_domains_are_divided_over_the_sides(void **state)
{
    (void)state;
    static struct scene scene;
    struct found found;
    memset(&scene, 0, sizeof scene);
    for (int32_t i = 0; i < 12; i++) {
        add(&scene, i - 5, 0);
        scene.domain[i] = i % 2 == 0 ? 3 : 1;
    }
    scene.weight[0] = 4; /* side 0, domain 3: 6 of them; side 1: 3 */
    scene.when[0] = moment_make(&(struct civil){2024, 3, 31, 23, 59, 59}, PRECISION_SECOND);
    scene.when[6] = moment_make(&(struct civil){.year = 2024, .month = 1}, PRECISION_MONTH);
    scene.when[7] =
        moment_make(&(struct civil){.year = 2023, .month = 12, .day = 31}, PRECISION_DAY);
    scene.when[8] = moment_make(&(struct civil){.year = 2024}, PRECISION_YEAR);
    find(&found, &scene, 4, 3);
    const struct lead *lead = &found.leads.items[0];
    assert_int_equal(lead->sides.incidents[0], 8);
    assert_int_equal(lead->quarters.count, 2);
    assert_int_equal(lead->quarters.items[0].value, 2023 * 4 + 3);
    assert_int_equal(lead->quarters.items[0].sides.incidents[1], 1);
    assert_int_equal(lead->quarters.items[1].value, 2024 * 4);
    assert_int_equal(lead->quarters.items[1].sides.incidents[0], 4);
    assert_int_equal(lead->quarters.items[1].sides.incidents[1], 1);
    assert_int_equal(lead->quarters_same, 1);
    assert_int_equal(lead->undated, 9);
    assert_int_equal(lead->domains.count, 2);
    assert_int_equal(lead->domains.items[0].value, 3);
    assert_int_equal(lead->domains.items[0].sides.incidents[0], 6);
    assert_int_equal(lead->domains.items[0].sides.incidents[1], 3);
    assert_int_equal(lead->domains.items[1].sides.incidents[0], 2);
    assert_int_equal(lead->domains.items[1].sides.incidents[1], 4);
    found_free(&found);
}

static void columns_may_be_missing(void **state)
{
    (void)state;
    int32_t x[] = {-1, 0, 1, 2}, y[] = {0, 0, 0, 0};
    const uint8_t side[] = {0, 1, 1, 1};
    const struct cluster_input incidents = {
        .count = 4, .grid_x = x, .grid_y = y, .grid = {0, 0, 1}};
    const struct dbscan_options dbscan = {.radius_m = 1, .min_points = 2};
    struct found found;
    const struct lead_input input = {&incidents, side, &found.clusters};
    assert_true(clusters_find(&found.clusters, &incidents, &dbscan, NULL));
    assert_true(lead_find(&found.leads, &input, &(struct lead_options){.clusters = dbscan}, NULL));
    assert_int_equal(found.leads.count, 1);
    assert_int_equal(found.leads.items[0].sides.incidents[1], 3);
    assert_int_equal(found.leads.items[0].domains.count, 0);
    assert_int_equal(found.leads.items[0].undated, 4);
    found_free(&found);
}

/* Each run's holder, by counting every cluster against every other. */
static void runs_are_those_of_plain_counting(void **state)
{
    (void)state;
    static struct scene scene;
    size_t leads = 0, lost = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct found found;
        scene_random(&scene, seed);
        find(&found, &scene, 9, 4 + seed % 40);
        const struct weighted_points points = {{scene.x, scene.y, scene.count}, scene.weight};
        for (int r = 0; found.leads.count > 0 && r < LEAD_RUNS; r++) {
            const struct lead_run *run = &found.leads.items[0].runs[r];
            struct dbscan_labels labels;
            assert_true(run->radius_m == 9 * (0.75 + 0.25 * (r / 3)));
            assert_int_equal(run->min_points,
                             floor((double)(4 + seed % 40) * (0.75 + 0.25 * (r % 3)) + 0.5));
            assert_true(dbscan_run(&labels, &points,
                                   &(struct dbscan_options){run->radius_m, run->min_points, 1, 1},
                                   NULL));
            for (size_t l = 0; l < found.leads.count; l++) {
                const struct lead *lead = &found.leads.items[l];
                size_t most = 0, sides[SIDES] = {0};
                for (int32_t c = 1; c <= labels.cluster_count; c++) {
                    size_t held = 0, counts[SIDES] = {0};
                    for (size_t i = 0; i < scene.count; i++) {
                        held +=
                            found.clusters.membership[i] == lead->cluster && labels.cluster[i] == c
                                ? scene.weight[i]
                                : 0;
                        counts[scene.side[i]] += labels.cluster[i] == c ? scene.weight[i] : 0;
                    }
                    if (held > most) {
                        most = held;
                        memcpy(sides, counts, sizeof sides);
                    }
                }
                assert_int_equal(lead->runs[r].found, most > 0);
                assert_memory_equal(lead->runs[r].incidents, sides, sizeof sides);
                lost += most == 0;
                leads++;
            }
            dbscan_free(&labels);
        }
        found_free(&found);
    }
    assert_true(leads > 500 && lost > 5);
}

/* Order and sides */

static void assert_same_sides(const struct sides *a, const struct sides *b, bool swapped)
{
    assert_int_equal(a->verdict, b->verdict);
    for (size_t side = 0; side < SIDES; side++) {
        size_t other = swapped ? 1 - side : side;
        assert_int_equal(a->incidents[side], b->incidents[other]);
        assert_memory_equal(&a->share[side], &b->share[other], sizeof a->share[side]);
        if (a->points_to == side)
            assert_int_equal(b->points_to, other);
    }
}

static void assert_same_parts(const struct lead_parts *a, const struct lead_parts *b, bool swapped)
{
    assert_int_equal(a->count, b->count);
    for (size_t p = 0; p < a->count; p++) {
        assert_int_equal(a->items[p].value, b->items[p].value);
        assert_same_sides(&a->items[p].sides, &b->items[p].sides, swapped);
    }
}

static void assert_same(const struct lead *a, const struct lead *b, bool swapped)
{
    assert_int_equal(a->cluster, b->cluster);
    assert_same_sides(&a->sides, &b->sides, swapped);
    assert_same_parts(&a->domains, &b->domains, swapped);
    assert_same_parts(&a->quarters, &b->quarters, swapped);
    assert_int_equal(a->undated, b->undated);
    assert_int_equal(a->runs_same, b->runs_same);
    assert_int_equal(a->quarters_same, b->quarters_same);
    for (size_t side = 0; side < SIDES; side++) {
        size_t other = swapped ? 1 - side : side;
        assert_true(a->run_low[side] == b->run_low[other]);
        assert_true(a->run_high[side] == b->run_high[other]);
        for (int r = 0; r < LEAD_RUNS; r++)
            assert_int_equal(a->runs[r].incidents[side], b->runs[r].incidents[other]);
    }
}

static void shuffle(struct scene *into, const struct scene *scene, uint64_t seed)
{
    size_t from[MOST];
    for (size_t i = 0; i < scene->count; i++) {
        size_t j = (size_t)below(&seed, i + 1);
        from[i] = from[j];
        from[j] = i;
    }
    into->count = scene->count;
    for (size_t i = 0; i < scene->count; i++) {
        into->x[i] = scene->x[from[i]];
        into->y[i] = scene->y[from[i]];
        into->side[i] = scene->side[from[i]];
        into->domain[i] = scene->domain[from[i]];
        into->weight[i] = scene->weight[from[i]];
        into->when[i] = scene->when[from[i]];
    }
}

static void rows_in_another_order_and_sides_swapped_give_the_same(void **state)
{
    (void)state;
    static struct scene scene, other;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct found one, two, three;
        scene_random(&scene, seed);
        shuffle(&other, &scene, seed);
        find(&one, &scene, 9, 6);
        find(&two, &other, 9, 6);
        for (size_t i = 0; i < other.count; i++)
            other.side[i] = 1 - other.side[i];
        find(&three, &other, 9, 6);
        assert_int_equal(one.leads.count, two.leads.count);
        assert_int_equal(one.leads.count, three.leads.count);
        for (size_t l = 0; l < one.leads.count; l++) {
            assert_same(&one.leads.items[l], &two.leads.items[l], false);
            assert_same(&one.leads.items[l], &three.leads.items[l], true);
        }
        found_free(&one);
        found_free(&two);
        found_free(&three);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_words_follow_the_rule),
        cmocka_unit_test(the_councils_set_the_rule),
        cmocka_unit_test(no_winner_where_intervals_overlap_and_no_side_is_favoured),
        cmocka_unit_test(a_share_below_a_half_is_no_rule),
        cmocka_unit_test(only_clusters_on_the_border_have_evidence),
        cmocka_unit_test(a_majority_that_hangs_on_the_radius_is_told),
        cmocka_unit_test(a_cluster_that_is_lost_in_a_run_does_not_count_as_the_same),
        cmocka_unit_test(of_a_cluster_that_fell_apart_the_greater_part_counts),
        cmocka_unit_test(quarters_and_domains_are_divided_over_the_sides),
        cmocka_unit_test(columns_may_be_missing),
        cmocka_unit_test(runs_are_those_of_plain_counting),
        cmocka_unit_test(rows_in_another_order_and_sides_swapped_give_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

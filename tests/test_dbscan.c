/* Tests of DBSCAN: other people's values, and brute force over seeds. */
#include "tests/cases.h"

#include "engine/analysis/dbscan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 700 };

struct set {
    int32_t x[MOST], y[MOST];
    uint32_t weights[MOST];
    size_t count, min_points;
    double radius_m;
};

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

static void run(struct dbscan_labels *labels, const struct set *set, bool weighted, int threads)
{
    struct weighted_points points = {.points = {set->x, set->y, set->count},
                                     .weights = weighted ? set->weights : NULL};
    struct dbscan_options options = {
        .radius_m = set->radius_m, .min_points = set->min_points, .thread_count = threads};
    struct error error = {0};
    assert_true(dbscan_run(labels, &points, &options, &error));
    assert_int_equal(labels->count, set->count);
}

/* The plain one: O(n^2), straight from the definition. */
struct plain {
    const struct set *set;
    bool weighted;
    int64_t reach2;
    int32_t cluster[MOST];
    uint8_t core[MOST];
};

static uint64_t plain_weight(const struct plain *plain, size_t i)
{
    return plain->weighted ? plain->set->weights[i] : 1;
}

static int64_t plain_distance2(const struct plain *plain, size_t i, size_t j)
{
    int64_t x = (int64_t)plain->set->x[i] - plain->set->x[j];
    int64_t y = (int64_t)plain->set->y[i] - plain->set->y[j];
    return x * x + y * y;
}

static bool west_or_south(const struct set *set, size_t i, size_t j)
{
    return set->x[i] != set->x[j] ? set->x[i] < set->x[j] : set->y[i] < set->y[j];
}

static void plain_core(struct plain *plain)
{
    for (size_t i = 0; i < plain->set->count; i++) {
        uint64_t sum = 0;
        for (size_t j = 0; j < plain->set->count; j++)
            if (plain_distance2(plain, i, j) <= plain->reach2)
                sum += plain_weight(plain, j);
        plain->core[i] = sum >= plain->set->min_points;
    }
}

static void plain_spread(struct plain *plain, size_t seed, int32_t cluster)
{
    size_t stack[MOST], depth = 0;
    plain->cluster[seed] = cluster;
    stack[depth++] = seed;
    while (depth > 0) {
        size_t i = stack[--depth];
        for (size_t j = 0; j < plain->set->count; j++)
            if (plain->core[j] && plain->cluster[j] == 0
                && plain_distance2(plain, i, j) <= plain->reach2) {
                plain->cluster[j] = cluster;
                stack[depth++] = j;
            }
    }
}

static void plain_borders(struct plain *plain)
{
    for (size_t i = 0; i < plain->set->count; i++) {
        size_t best = SIZE_MAX;
        if (plain->core[i])
            continue;
        for (size_t j = 0; j < plain->set->count; j++) {
            int64_t d = plain_distance2(plain, i, j);
            if (!plain->core[j] || d > plain->reach2)
                continue;
            int64_t least = best == SIZE_MAX ? INT64_MAX : plain_distance2(plain, i, best);
            if (d < least || (d == least && west_or_south(plain->set, j, best)))
                best = j;
        }
        plain->cluster[i] = best == SIZE_MAX ? 0 : plain->cluster[best];
    }
}

/* Numbers clusters by choosing, again and again, the first of those that are left. */
static void plain_number(struct plain *plain, int32_t clusters)
{
    int32_t numbered[MOST] = {0};
    for (int32_t number = 1; number <= clusters; number++) {
        uint64_t most = 0;
        size_t first = SIZE_MAX;
        for (int32_t c = 1; c <= clusters; c++) {
            uint64_t size = 0;
            size_t member = SIZE_MAX;
            for (size_t i = 0; i < plain->set->count; i++) {
                if (plain->cluster[i] != c || numbered[i] != 0)
                    continue;
                size += plain_weight(plain, i);
                if (member == SIZE_MAX || west_or_south(plain->set, i, member))
                    member = i;
            }
            if (size > most
                || (size == most && size > 0 && west_or_south(plain->set, member, first))) {
                most = size;
                first = member;
            }
        }
        int32_t chosen = plain->cluster[first];
        for (size_t i = 0; i < plain->set->count; i++)
            if (plain->cluster[i] == chosen)
                numbered[i] = number;
    }
    memcpy(plain->cluster, numbered, sizeof numbered);
}

static int32_t plain_run(struct plain *plain)
{
    int32_t clusters = 0;
    memset(plain->cluster, 0, sizeof plain->cluster);
    plain_core(plain);
    for (size_t i = 0; i < plain->set->count; i++)
        if (plain->core[i] && plain->cluster[i] == 0)
            plain_spread(plain, i, ++clusters);
    plain_borders(plain);
    plain_number(plain, clusters);
    return clusters;
}

/* Lattices have many points exactly the radius apart (3-4-5 with radius 5), duplicates and ties. */
static void set_random(struct set *set, uint64_t seed)
{
    static const double RADII[] = {0, 0.001, 0.0014142, 0.002, 0.005, 0.0125, 0.05, 3};
    static const int32_t EXTENTS[] = {6, 20, 60, 300, 2000000000};
    uint64_t state = seed;
    int32_t extent = EXTENTS[below(&state, 5)];
    int32_t step = below(&state, 3) == 0 ? 5 : 1;
    set->count = 1 + (size_t)below(&state, below(&state, 10) == 0 ? MOST : 120);
    set->min_points = 1 + (size_t)below(&state, below(&state, 5) == 0 ? 300 : 8);
    set->radius_m = RADII[below(&state, 8)];
    if (extent > 1000)
        set->radius_m *= 1e6;
    for (size_t i = 0; i < set->count; i++) {
        set->x[i] = below(&state, (uint64_t)extent) / step * step - extent / 2;
        set->y[i] = below(&state, (uint64_t)extent) / step * step - extent / 2;
        set->weights[i] = below(&state, 3) == 0 ? (uint32_t)below(&state, 5) + 1 : 1;
        if (i > 0 && below(&state, 5) == 0) {
            set->x[i] = set->x[i - 1];
            set->y[i] = set->y[i - 1];
        }
    }
}

static void compare(const struct set *set, bool weighted, uint64_t seed)
{
    static struct plain plain;
    plain = (struct plain){.set = set, .weighted = weighted};
    double radius = set->radius_m * 1000;
    plain.reach2 = (int64_t)(radius * radius + 1e-6);
    int32_t clusters = plain_run(&plain);
    for (int threads = 1; threads <= 8; threads = threads == 1 ? 2 : threads * 4) {
        struct dbscan_labels labels;
        run(&labels, set, weighted, threads);
        bool same = labels.cluster_count == clusters
                    && memcmp(labels.cluster, plain.cluster, set->count * sizeof(int32_t)) == 0
                    && memcmp(labels.core, plain.core, set->count) == 0;
        if (!same)
            print_error("seed %llu, %d threads, weighted %d\n", (unsigned long long)seed, threads,
                        weighted);
        assert_true(same);
        dbscan_free(&labels);
    }
}

static void brute_force_agrees_over_seeds(void **state)
{
    (void)state;
    static struct set set;
    for (uint64_t seed = 1; seed <= cases_rounds(500, 100); seed++) {
        set_random(&set, seed);
        compare(&set, false, seed);
        compare(&set, true, seed);
    }
}

/* So many in few cells that they are sorted into blocks. */
static void brute_force_agrees_where_cells_are_crowded(void **state)
{
    (void)state;
    static struct set set;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        uint64_t random = seed;
        set.count = MOST;
        set.radius_m = 0.05 + 0.01 * below(&random, 5);
        set.min_points = (size_t)below(&random, 650) + 1;
        int shape = below(&random, 4);
        for (size_t i = 0; i < MOST; i++) {
            int side = below(&random, 2);
            set.x[i] = shape == 0 ? side * 51 : below(&random, 110);
            set.y[i] = shape == 1   ? set.x[i]
                       : shape == 2 ? 0
                                    : below(&random, shape == 3 ? 20 : 60);
            set.weights[i] = (uint32_t)below(&random, 2) + 1;
        }
        compare(&set, false, seed);
        compare(&set, true, seed);
    }
}

/* Every cell holds enough to be left out, but its points lie together, often out of the reach of
 * those in the cells beside it: what their boxes say is not always enough. */
static void brute_force_agrees_where_crowded_cells_do_not_touch(void **state)
{
    (void)state;
    static struct set set;
    for (uint64_t seed = 1; seed <= cases_rounds(60, 500); seed++) {
        uint64_t random = seed;
        int32_t side = 71, cells = 9; /* 71 is the side for a radius of 100 */
        set.radius_m = 0.1;
        set.min_points = 1 + (size_t)below(&random, 4);
        set.count = 0;
        int32_t pull = below(&random, 4);
        for (int32_t c = 0; c < cells * cells; c++) {
            int32_t x = c % cells, y = c / cells;
            /* drawn to the middle of a square of four cells, or anywhere */
            int32_t dx = pull > 0 ? (x % 2 ? below(&random, 20) : side - 1 - below(&random, 20))
                                  : below(&random, (uint64_t)side);
            int32_t dy = pull > 1 ? (y % 2 ? below(&random, 20) : side - 1 - below(&random, 20))
                                  : below(&random, (uint64_t)side);
            for (size_t k = 0; k < set.min_points + 1 && set.count < MOST; k++) {
                set.x[set.count] = x * side + (c == 0 ? 0 : dx) - 300;
                set.y[set.count] = y * side + (c == 0 ? 0 : dy) + 77;
                set.weights[set.count++] = 1;
            }
        }
        compare(&set, false, seed);
    }
}

/* ---- many points ---- */

/* A slower one that is as plain: every point asks all those in the squares around its own, which
 * are strung together by square. */
struct listed {
    const int32_t *x, *y;
    size_t count;
    int64_t radius, columns;
    int32_t *first, *next; /* by square, by point; -1: none */
    int32_t *cluster, *stack;
    uint8_t *core;
    size_t min_points;
};

static int64_t square_of(const struct listed *listed, size_t i)
{
    return (listed->y[i] / listed->radius + 1) * listed->columns + listed->x[i] / listed->radius
           + 1;
}

static int64_t listed_distance2(const struct listed *listed, size_t i, size_t j)
{
    int64_t x = (int64_t)listed->x[i] - listed->x[j], y = (int64_t)listed->y[i] - listed->y[j];
    return x * x + y * y;
}

static int32_t *listed_neighbours(const struct listed *listed, size_t i, int32_t *into)
{
    for (int64_t row = -1; row <= 1; row++)
        for (int64_t column = -1; column <= 1; column++)
            for (int32_t j = listed->first[square_of(listed, i) + row * listed->columns + column];
                 j >= 0; j = listed->next[j])
                if (listed_distance2(listed, i, (size_t)j) <= listed->radius * listed->radius)
                    *into++ = j;
    return into;
}

static int32_t *integers(size_t count, int value)
{
    int32_t *items = malloc(count * sizeof *items);
    assert_non_null(items);
    memset(items, value, count * sizeof *items);
    return items;
}

static void listed_spread(struct listed *listed, size_t seed, int32_t cluster, int32_t *near)
{
    size_t depth = 0;
    listed->stack[depth++] = (int32_t)seed;
    listed->cluster[seed] = cluster;
    while (depth > 0) {
        int32_t *end = listed_neighbours(listed, (size_t)listed->stack[--depth], near);
        for (int32_t *j = near; j < end; j++)
            if (listed->core[*j] && listed->cluster[*j] == 0) {
                listed->cluster[*j] = cluster;
                listed->stack[depth++] = *j;
            }
    }
}

static bool listed_comes_first(const struct listed *listed, int32_t a, int32_t b)
{
    return listed->x[a] != listed->x[b] ? listed->x[a] < listed->x[b] : listed->y[a] < listed->y[b];
}

static void listed_border(struct listed *listed, size_t i, int32_t *near)
{
    int32_t best = -1, *end = listed_neighbours(listed, i, near);
    for (int32_t *j = near; j < end; j++) {
        if (!listed->core[*j])
            continue;
        int64_t more = best < 0 ? -1
                                : listed_distance2(listed, i, (size_t)*j)
                                      - listed_distance2(listed, i, (size_t)best);
        if (more < 0 || (more == 0 && listed_comes_first(listed, *j, best)))
            best = *j;
    }
    listed->cluster[i] = best < 0 ? 0 : listed->cluster[best];
}

/* Clusters come in the order of their lowest row; their numbers differ from dbscan_run's. */
static void listed_run(struct listed *listed)
{
    int32_t *near = integers(listed->count, 0), clusters = 0;
    for (size_t i = 0; i < listed->count; i++) {
        int32_t *first = &listed->first[square_of(listed, i)];
        listed->next[i] = *first;
        *first = (int32_t)i;
    }
    for (size_t i = 0; i < listed->count; i++)
        listed->core[i] = listed_neighbours(listed, i, near) - near >= (int64_t)listed->min_points;
    for (size_t i = 0; i < listed->count; i++)
        if (listed->core[i] && listed->cluster[i] == 0)
            listed_spread(listed, i, ++clusters, near);
    for (size_t i = 0; i < listed->count; i++)
        if (!listed->core[i])
            listed_border(listed, i, near);
    free(near);
}

/* Whether two labellings are the same but for the clusters' numbers. */
static bool same_parts(const int32_t *a, const int32_t *b, size_t count, size_t clusters)
{
    int32_t *to = integers(clusters + 1, 0), *from = integers(clusters + 1, 0);
    bool same = true;
    for (size_t i = 0; same && i < count; i++) {
        same = (a[i] == 0) == (b[i] == 0) && (size_t)a[i] <= clusters && (size_t)b[i] <= clusters;
        if (!same || a[i] == 0)
            continue;
        if (to[a[i]] == 0 && from[b[i]] == 0) {
            to[a[i]] = b[i];
            from[b[i]] = a[i];
        }
        same = to[a[i]] == b[i] && from[b[i]] == a[i];
    }
    free(to);
    free(from);
    return same;
}

/* Around some spots and anywhere, with many of one place. */
static void scatter(int32_t *x, int32_t *y, size_t count, uint64_t seed)
{
    enum { WIDE = 2000000, SPOTS = 12 };
    uint64_t random = seed;
    for (size_t i = 0; i < count; i++) {
        uint64_t spot = random_next(&random) % SPOTS, other = spot * 7919 + seed;
        int32_t spread = (int32_t)(15000 + 9000 * spot);
        x[i] = below(&random, WIDE);
        y[i] = below(&random, WIDE / 2);
        if (i % 8 != 0) {
            x[i] = below(&other, WIDE - 400000) + 200000 + below(&random, (uint64_t)spread)
                   - below(&random, (uint64_t)spread);
            y[i] = below(&other, WIDE / 2 - 400000) + 200000 + below(&random, (uint64_t)spread)
                   - below(&random, (uint64_t)spread);
        }
        if (i > 0 && i % 16 == 3) {
            x[i] = x[i - 1];
            y[i] = y[i - 1];
        }
    }
}

static void the_plain_one_agrees_on_many_points_whatever_the_threads(void **state)
{
    (void)state;
    enum { COUNT = 60000, SQUARES = 1 << 20 };
    struct listed listed = {.count = COUNT,
                            .radius = 6000,
                            .columns = 1000,
                            .first = integers(SQUARES, -1),
                            .next = integers(COUNT, -1),
                            .cluster = integers(COUNT, 0),
                            .stack = integers(COUNT, 0),
                            .core = calloc(COUNT, 1),
                            .min_points = 10};
    int32_t *x = integers(COUNT, 0), *y = integers(COUNT, 0);
    assert_non_null(listed.core);
    scatter(x, y, COUNT, 11);
    listed.x = x;
    listed.y = y;
    listed_run(&listed);
    struct dbscan_labels labels[3];
    for (size_t t = 0; t < 3; t++) {
        struct weighted_points points = {.points = {x, y, COUNT}};
        struct dbscan_options options = {.radius_m = 6,
                                         .min_points = 10,
                                         .thread_count = t == 0   ? 1
                                                         : t == 1 ? 2
                                                                  : 8};
        struct error error;
        assert_true(dbscan_run(&labels[t], &points, &options, &error));
        assert_memory_equal(labels[t].core, listed.core, COUNT);
        assert_memory_equal(labels[t].cluster, labels[0].cluster, COUNT * sizeof(int32_t));
    }
    assert_true(labels[0].cluster_count > 5);
    assert_true(
        same_parts(labels[0].cluster, listed.cluster, COUNT, (size_t)labels[0].cluster_count));
    for (size_t t = 0; t < 3; t++)
        dbscan_free(&labels[t]);
    free(listed.first);
    free(listed.next);
    free(listed.cluster);
    free(listed.stack);
    free(listed.core);
    free(x);
    free(y);
}

static void the_order_of_rows_changes_no_label(void **state)
{
    (void)state;
    static struct set set, shuffled;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        size_t from[MOST];
        uint64_t random = seed * 77;
        struct dbscan_labels labels, again;
        set_random(&set, seed);
        shuffled = set;
        for (size_t i = 0; i < set.count; i++) {
            size_t j = (size_t)below(&random, i + 1);
            from[i] = from[j];
            from[j] = i;
        }
        for (size_t i = 0; i < set.count; i++) {
            shuffled.x[i] = set.x[from[i]];
            shuffled.y[i] = set.y[from[i]];
            shuffled.weights[i] = set.weights[from[i]];
        }
        run(&labels, &set, true, 1);
        run(&again, &shuffled, true, 2);
        for (size_t i = 0; i < set.count; i++) {
            if (again.cluster[i] != labels.cluster[from[i]])
                print_error("seed %llu\n", (unsigned long long)seed);
            assert_int_equal(again.cluster[i], labels.cluster[from[i]]);
            assert_int_equal(again.core[i], labels.core[from[i]]);
        }
        dbscan_free(&labels);
        dbscan_free(&again);
    }
}

/* Clusters as PostGIS numbers them differ from ours in number only. */
static void postgis_regression_values_hold(void **state)
{
    (void)state;
    struct set set = {.x = {0, 0, -500, 1000, 1000, 1000},
                      .y = {0, 1000, 500, 0, 1000, 500},
                      .count = 6,
                      .min_points = 1,
                      .radius_m = 0.8};
    struct dbscan_labels labels;
    run(&labels, &set, false, 1);
    assert_memory_equal(labels.cluster, ((int32_t[]){1, 1, 1, 2, 2, 2}), 6 * sizeof(int32_t));
    dbscan_free(&labels);
    set.min_points = 4;
    run(&labels, &set, false, 1);
    assert_memory_equal(labels.cluster, ((int32_t[]){0, 0, 0, 0, 0, 0}), 6 * sizeof(int32_t));
    dbscan_free(&labels);
    set.min_points = 3;
    set.radius_m = 0.6;
    run(&labels, &set, false, 1);
    assert_memory_equal(labels.cluster, ((int32_t[]){0, 0, 0, 1, 1, 1}), 6 * sizeof(int32_t));
    dbscan_free(&labels);
}

static bool read_redwood(struct set *set)
{
    char path[1024], line[100];
    const char *real = getenv("PLEIN_REAL");
    snprintf(path, sizeof path, "%s/points/redwood.csv", real != NULL ? real : "../shared/real");
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        fprintf(stderr, "SKIPPED: %s is missing\n", path);
        return false;
    }
    set->count = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        double x, y;
        if (sscanf(line, "%lf,%lf", &x, &y) != 2)
            continue;
        /* a unit is 1 km: two decimals in the file, whole metres here */
        set->x[set->count] = (int32_t)(x * 1e6 + (x < 0 ? -0.5 : 0.5));
        set->y[set->count++] = (int32_t)(y * 1e6 + (y < 0 ? -0.5 : 0.5));
    }
    fclose(file);
    return true;
}

static void redwood_has_the_clusters_of_r_dbscan(void **state)
{
    (void)state;
    static const struct {
        double radius_m;
        size_t min_points;
        int32_t clusters;
        size_t noise;
    } CASES[] = {{50, 3, 10, 17}, {50, 4, 3, 41}, {100, 5, 5, 9}};
    static struct set set;
    if (!read_redwood(&set))
        skip();
    assert_int_equal(set.count, 62);
    for (size_t c = 0; c < 3; c++) {
        struct dbscan_labels labels;
        size_t noise = 0;
        set.radius_m = CASES[c].radius_m;
        set.min_points = CASES[c].min_points;
        run(&labels, &set, false, 2);
        for (size_t i = 0; i < set.count; i++)
            noise += labels.cluster[i] == 0;
        assert_int_equal(labels.cluster_count, CASES[c].clusters);
        assert_int_equal(noise, CASES[c].noise);
        dbscan_free(&labels);
    }
}

static void a_point_exactly_the_radius_away_is_a_neighbour(void **state)
{
    (void)state;
    struct set set = {
        .x = {0, 3000, 3000}, .y = {0, 4000, 4001}, .count = 3, .min_points = 2, .radius_m = 5};
    struct dbscan_labels labels;
    run(&labels, &set, false, 1);
    assert_int_equal(labels.cluster[0], 1);
    assert_int_equal(labels.core[0], 1);
    dbscan_free(&labels);
    set.count = 2;
    set.y[1] = 4001;
    run(&labels, &set, false, 1);
    assert_int_equal(labels.cluster_count, 0);
    dbscan_free(&labels);
}

static void a_unit_of_ten_millimetres_scales_the_radius(void **state)
{
    (void)state;
    int32_t x[] = {0, 100}, y[] = {0, 0};
    struct weighted_points points = {.points = {x, y, 2}};
    struct dbscan_labels labels;
    struct error error;
    struct dbscan_options options = {.radius_m = 1, .min_points = 2, .unit_mm = 10};
    assert_true(dbscan_run(&labels, &points, &options, &error));
    assert_int_equal(labels.cluster_count, 1);
    dbscan_free(&labels);
    options.radius_m = 0.99;
    assert_true(dbscan_run(&labels, &points, &options, &error));
    assert_int_equal(labels.cluster_count, 0);
    dbscan_free(&labels);
}

static void no_points_and_bad_radii_are_answered(void **state)
{
    (void)state;
    struct weighted_points points = {0};
    struct dbscan_labels labels;
    struct error error = {0};
    struct dbscan_options options = {.radius_m = 35, .min_points = 10};
    assert_true(dbscan_run(&labels, &points, &options, &error));
    assert_int_equal(labels.cluster_count, 0);
    dbscan_free(&labels);
    options.radius_m = -1;
    assert_false(dbscan_run(&labels, &points, &options, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    options.radius_m = 0.0 / 0.0;
    assert_false(dbscan_run(&labels, &points, &options, &error));
}

/* Each of these would take minutes if any step looked at all pairs. */
static void a_crowd_takes_no_square_of_its_size(void **state)
{
    (void)state;
    enum { COUNT = 200000 };
    int32_t *x = malloc(COUNT * sizeof *x), *y = malloc(COUNT * sizeof *y);
    assert_non_null(x);
    assert_non_null(y);
    for (int shape = 0; shape < 4; shape++)
        for (size_t min_points = 10; min_points <= 1000000;
             min_points = min_points == 10 ? 40000 : min_points + 960000) {
            for (size_t i = 0; i < COUNT; i++) {
                x[i] = shape == 0   ? 7
                       : shape == 1 ? (int32_t)(i % 2) * 35001
                                    : (int32_t)(i * 9 % COUNT);
                y[i] = shape == 3 ? x[i] : 0;
            }
            struct weighted_points points = {.points = {x, y, COUNT}};
            struct dbscan_options options = {.radius_m = 35, .min_points = min_points};
            struct dbscan_labels labels;
            struct error error;
            assert_true(dbscan_run(&labels, &points, &options, &error));
            assert_int_equal(labels.cluster_count, min_points > COUNT ? 0 : shape == 1 ? 2 : 1);
            dbscan_free(&labels);
        }
    free(x);
    free(y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(brute_force_agrees_over_seeds),
        cmocka_unit_test(brute_force_agrees_where_cells_are_crowded),
        cmocka_unit_test(brute_force_agrees_where_crowded_cells_do_not_touch),
        cmocka_unit_test(the_plain_one_agrees_on_many_points_whatever_the_threads),
        cmocka_unit_test(the_order_of_rows_changes_no_label),
        cmocka_unit_test(postgis_regression_values_hold),
        cmocka_unit_test(redwood_has_the_clusters_of_r_dbscan),
        cmocka_unit_test(a_point_exactly_the_radius_away_is_a_neighbour),
        cmocka_unit_test(a_unit_of_ten_millimetres_scales_the_radius),
        cmocka_unit_test(no_points_and_bad_radii_are_answered),
        cmocka_unit_test(a_crowd_takes_no_square_of_its_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

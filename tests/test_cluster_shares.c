/* Tests of shares: against counting one by one, with tables that hold all clusters and not. */
#include "engine/analysis/cluster_shares.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 5000 };

static uint64_t random_next(uint64_t *seed)
{
    *seed += 0x9e3779b97f4a7c15u;
    uint64_t z = *seed;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

struct rows {
    int32_t membership[MOST];
    uint32_t words[MOST], weights[MOST];
    size_t count, clusters;
};

static void rows_random(struct rows *rows, uint64_t seed, size_t clusters, uint32_t values)
{
    uint64_t random = seed;
    rows->count = MOST;
    rows->clusters = clusters;
    for (size_t i = 0; i < MOST; i++) {
        rows->membership[i] = (int32_t)(random_next(&random) % (clusters + 1));
        rows->words[i] = (uint32_t)(random_next(&random) % values);
        rows->weights[i] = (uint32_t)(random_next(&random) % 5 + 1);
    }
}

static size_t plain_count(const struct rows *rows, int32_t cluster, uint32_t value, bool weighted)
{
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++)
        if (rows->membership[i] == cluster && rows->words[i] == value)
            count += weighted ? rows->weights[i] : 1;
    return count;
}

static size_t size_of(const struct rows *rows, int32_t cluster, bool weighted)
{
    size_t size = 0;
    for (size_t i = 0; i < rows->count; i++)
        if (rows->membership[i] == cluster)
            size += weighted ? rows->weights[i] : 1;
    return size;
}

static void look_at(const struct shares *shares, const struct rows *rows, int32_t cluster,
                    bool weighted)
{
    size_t sum = 0;
    for (size_t s = 0; s < shares->count; s++) {
        const struct share *share = &shares->items[s];
        assert_true(share->incidents > 0);
        assert_int_equal(share->incidents, plain_count(rows, cluster, share->value, weighted));
        if (s > 0)
            assert_true(
                share[-1].incidents > share->incidents
                || (share[-1].incidents == share->incidents && share[-1].value < share->value));
        sum += share->incidents;
    }
    assert_int_equal(sum, size_of(rows, cluster, weighted));
}

static void shares_are_what_is_counted_one_by_one(void **state)
{
    (void)state;
    /* the last ones have more counts than are held at one time, and more a cluster than that */
    static const uint32_t SIZES[][2] = {{1, 1}, {3, 7}, {40, 300}, {30, 100000}, {2, 3000000}};
    static struct rows rows;
    for (size_t n = 0; n < sizeof SIZES / sizeof *SIZES; n++)
        for (int weighted = 0; weighted <= 1; weighted++) {
            struct shares shares[64] = {{0}};
            rows_random(&rows, n + 1, SIZES[n][0], SIZES[n][1]);
            const struct shared_incidents incidents = {rows.count, rows.clusters, rows.membership,
                                                       weighted ? rows.weights : NULL};
            assert_true(cluster_shares(shares, &incidents,
                                       &(struct share_column){.words = rows.words}, NULL));
            for (size_t c = 0; c < rows.clusters; c++) {
                look_at(&shares[c], &rows, (int32_t)c + 1, weighted);
                array_free(&shares[c].items);
            }
        }
}

static void columns_may_be_of_any_type_or_missing(void **state)
{
    (void)state;
    const int32_t membership[] = {1, 0, 1, 1}, owners[] = {5, 5, 2, 5};
    const uint8_t domains[] = {2, 1, 2, 0};
    const struct shared_incidents incidents = {4, 1, membership, NULL};
    struct shares shares = {0};
    assert_true(cluster_shares(&shares, &incidents, &(struct share_column){0}, NULL));
    assert_int_equal(shares.count, 0);
    assert_true(
        cluster_shares(&shares, &incidents, &(struct share_column){.owners = owners}, NULL));
    assert_int_equal(shares.count, 2);
    assert_int_equal(shares.items[0].value, 5);
    assert_int_equal(shares.items[0].incidents, 2);
    array_free(&shares.items);
    shares = (struct shares){0};
    assert_true(
        cluster_shares(&shares, &incidents, &(struct share_column){.domains = domains}, NULL));
    assert_int_equal(shares.count, 2);
    assert_int_equal(shares.items[0].value, 2);
    array_free(&shares.items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_are_what_is_counted_one_by_one),
        cmocka_unit_test(columns_may_be_of_any_type_or_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Tests of identity: which cluster of now carries on which earlier one. */
#include "engine/analysis/identity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 12 };

/* Clusters of 100 square metres each, but where a test says otherwise. */
struct ground {
    int32_t numbers[MOST];
    double earlier_m2[MOST], now_m2[MOST];
    struct identity_ground shared[MOST * MOST];
    struct identity_input input;
};

static void set_up(struct ground *ground, size_t earlier_count, size_t now_count)
{
    *ground = (struct ground){0};
    for (size_t i = 0; i < MOST; i++) {
        ground->numbers[i] = (int32_t)i + 1;
        ground->earlier_m2[i] = ground->now_m2[i] = 100;
    }
    ground->input = (struct identity_input){.numbers = ground->numbers,
                                            .earlier_m2 = ground->earlier_m2,
                                            .now_m2 = ground->now_m2,
                                            .earlier_count = earlier_count,
                                            .now_count = now_count,
                                            .shared = ground->shared};
}

static void share(struct ground *ground, size_t earlier, size_t now, double area_m2)
{
    ground->shared[ground->input.shared_count++] = (struct identity_ground){earlier, now, area_m2};
}

static struct identity match(const struct ground *ground)
{
    struct identity identity;
    struct error error = {0};
    if (!identity_match(&identity, &ground->input, &error))
        fail_msg("%s", error.message);
    return identity;
}

static void assert_now(const struct identity *identity, size_t now, int32_t number, int32_t earlier,
                       enum identity_change change)
{
    assert_int_equal(identity->now[now].number, number);
    assert_int_equal(identity->now[now].earlier, earlier);
    assert_string_equal(identity_change_name(identity->now[now].change),
                        identity_change_name(change));
}

static void assert_earlier(const struct identity *identity, size_t earlier, int32_t into,
                           enum identity_change change)
{
    assert_int_equal(identity->earlier[earlier].into, into);
    assert_string_equal(identity_change_name(identity->earlier[earlier].change),
                        identity_change_name(change));
}

static void a_cluster_on_the_same_ground_keeps_its_number(void **state)
{
    (void)state;
    struct ground ground;
    set_up(&ground, 2, 2);
    share(&ground, 1, 0, 90);
    share(&ground, 0, 1, 80);
    struct identity identity = match(&ground);
    assert_now(&identity, 0, 2, 2, IDENTITY_SAME);
    assert_now(&identity, 1, 1, 1, IDENTITY_SAME);
    assert_earlier(&identity, 0, 1, IDENTITY_SAME);
    assert_int_equal(identity.highest, 2);
    identity_free(&identity);
}

static void half_of_the_smaller_is_enough_and_less_is_not(void **state)
{
    (void)state;
    struct ground ground;
    set_up(&ground, 2, 2);
    ground.now_m2[0] = 40;
    share(&ground, 0, 0, 20); /* half of now's, a fifth of the earlier one's */
    share(&ground, 1, 1, 49.999);
    struct identity identity = match(&ground);
    assert_now(&identity, 0, 1, 1, IDENTITY_SAME);
    assert_now(&identity, 1, 3, 0, IDENTITY_NEW);
    assert_earlier(&identity, 1, 0, IDENTITY_GONE);
    identity_free(&identity);
}

static void a_new_one_has_a_number_that_none_ever_had(void **state)
{
    (void)state;
    struct ground ground;
    set_up(&ground, 2, 3);
    ground.numbers[0] = 8;
    share(&ground, 1, 1, 100);
    struct identity identity = match(&ground);
    assert_now(&identity, 0, 9, 0, IDENTITY_NEW);
    assert_now(&identity, 1, 2, 2, IDENTITY_SAME);
    assert_now(&identity, 2, 10, 0, IDENTITY_NEW);
    identity_free(&identity);
    ground.input.highest = 20; /* of an earlier one that was gone already */
    identity = match(&ground);
    assert_int_equal(identity.now[0].number, 21);
    assert_int_equal(identity.highest, 22);
    identity_free(&identity);
}

static void two_that_became_one_are_merged(void **state)
{
    (void)state;
    struct ground ground;
    set_up(&ground, 3, 1);
    ground.now_m2[0] = 400;
    share(&ground, 0, 0, 70);
    share(&ground, 1, 0, 95); /* the most ground: its number lives on */
    share(&ground, 2, 0, 10);
    struct identity identity = match(&ground);
    assert_now(&identity, 0, 2, 2, IDENTITY_MERGED);
    assert_earlier(&identity, 0, 2, IDENTITY_MERGED);
    assert_earlier(&identity, 1, 2, IDENTITY_SAME);
    assert_earlier(&identity, 2, 0, IDENTITY_GONE);
    identity_free(&identity);
}

static void one_that_fell_apart_is_split(void **state)
{
    (void)state;
    struct ground ground;
    set_up(&ground, 1, 3);
    ground.earlier_m2[0] = 400;
    share(&ground, 0, 0, 60);
    share(&ground, 0, 1, 80);
    share(&ground, 0, 2, 30);
    struct identity identity = match(&ground);
    assert_now(&identity, 0, 2, 1, IDENTITY_SPLIT);
    assert_now(&identity, 1, 1, 1, IDENTITY_SPLIT);
    assert_now(&identity, 2, 3, 0, IDENTITY_NEW); /* less than half of it */
    assert_earlier(&identity, 0, 1, IDENTITY_SAME);
    identity_free(&identity);
}

/* The first loses a part to a second, which takes over what was another: 1 lives on in the first,
 * 2 in the second, and neither is new. */
static void a_part_that_changes_sides_leaves_both_numbers(void **state)
{
    (void)state;
    struct ground ground;
    set_up(&ground, 2, 2);
    ground.earlier_m2[0] = 300;
    share(&ground, 0, 0, 100);
    share(&ground, 0, 1, 60);
    share(&ground, 1, 1, 50);
    struct identity identity = match(&ground);
    assert_now(&identity, 0, 1, 1, IDENTITY_SAME);
    assert_now(&identity, 1, 2, 2, IDENTITY_SAME);
    identity_free(&identity);
}

static void one_that_took_in_and_lost_is_merged_and_the_part_is_split(void **state)
{
    (void)state;
    struct ground ground;
    set_up(&ground, 2, 2);
    ground.earlier_m2[0] = 300;
    ground.now_m2[0] = 300;
    share(&ground, 0, 0, 150);
    share(&ground, 1, 0, 90);
    share(&ground, 0, 1, 80);
    struct identity identity = match(&ground);
    assert_now(&identity, 0, 1, 1, IDENTITY_MERGED);
    assert_now(&identity, 1, 3, 1, IDENTITY_SPLIT);
    assert_earlier(&identity, 1, 1, IDENTITY_MERGED);
    identity_free(&identity);
}

static void equal_grounds_go_by_the_lower_number_then_by_the_order_of_now(void **state)
{
    (void)state;
    struct ground ground;
    set_up(&ground, 2, 1);
    ground.numbers[0] = 7;
    ground.numbers[1] = 3;
    share(&ground, 0, 0, 60);
    share(&ground, 1, 0, 60);
    struct identity identity = match(&ground);
    assert_now(&identity, 0, 3, 3, IDENTITY_MERGED);
    identity_free(&identity);
    set_up(&ground, 1, 2);
    share(&ground, 0, 1, 60);
    share(&ground, 0, 0, 60);
    identity = match(&ground);
    assert_int_equal(identity.now[0].number, 1);
    identity_free(&identity);
}

static void nothing_before_or_nothing_now_is_fine(void **state)
{
    (void)state;
    struct ground ground;
    set_up(&ground, 0, 2);
    struct identity identity = match(&ground);
    assert_now(&identity, 1, 2, 0, IDENTITY_NEW);
    identity_free(&identity);
    set_up(&ground, 2, 0);
    identity = match(&ground);
    assert_earlier(&identity, 1, 0, IDENTITY_GONE);
    assert_int_equal(identity.highest, 2);
    identity_free(&identity);
}

static void numbers_that_run_out_are_an_error(void **state)
{
    (void)state;
    struct ground ground;
    struct identity identity;
    struct error error = {0};
    set_up(&ground, 1, 1);
    ground.numbers[0] = INT32_MAX;
    assert_false(identity_match(&identity, &ground.input, &error));
    assert_int_equal(error.kind, ERROR_DATA);
}

static uint64_t random_next(uint64_t *seed)
{
    *seed += 0x9e3779b97f4a7c15u; /* splitmix64 (Steele et al. 2014) */
    uint64_t z = *seed;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static size_t below(uint64_t *seed, size_t limit)
{
    return (size_t)(random_next(seed) % limit);
}

static void set_up_by_chance(struct ground *ground, uint64_t *seed)
{
    set_up(ground, below(seed, MOST), below(seed, MOST));
    for (size_t i = 0; i < MOST; i++) {
        ground->earlier_m2[i] = (double)(10 + below(seed, 40));
        ground->now_m2[i] = (double)(10 + below(seed, 40));
    }
    for (size_t e = 0; e < ground->input.earlier_count; e++)
        for (size_t n = 0; n < ground->input.now_count; n++)
            if (below(seed, 3) == 0) /* whole numbers, so that many are equal */
                share(ground, e, n, (double)below(seed, 12));
}

static bool is_linked(const struct ground *ground, const struct identity_ground *shared)
{
    double a = ground->earlier_m2[shared->earlier], b = ground->now_m2[shared->now];
    return shared->area_m2 > 0 && (shared->area_m2 * 2 >= a || shared->area_m2 * 2 >= b);
}

/* The rule said again, in the plainest way: look through all pairs for the next one to join. */
static void match_plainly(int32_t *numbers, const struct ground *ground)
{
    bool taken[MOST] = {false};
    memset(numbers, 0, MOST * sizeof *numbers);
    for (;;) {
        const struct identity_ground *best = NULL;
        for (size_t s = 0; s < ground->input.shared_count; s++) {
            const struct identity_ground *one = &ground->shared[s];
            if (!is_linked(ground, one) || taken[one->earlier] || numbers[one->now] != 0)
                continue;
            if (best == NULL || one->area_m2 > best->area_m2
                || (one->area_m2 == best->area_m2
                    && (one->earlier < best->earlier
                        || (one->earlier == best->earlier && one->now < best->now))))
                best = one;
        }
        if (best == NULL)
            return;
        taken[best->earlier] = true;
        numbers[best->now] = ground->numbers[best->earlier];
    }
}

static size_t count_links(const struct ground *ground, size_t earlier, size_t now)
{
    size_t count = 0;
    for (size_t s = 0; s < ground->input.shared_count; s++)
        count += (ground->shared[s].earlier == earlier || earlier == MOST)
                 && (ground->shared[s].now == now || now == MOST)
                 && is_linked(ground, &ground->shared[s]);
    return count;
}

static void check_words(const struct ground *ground, const struct identity *identity)
{
    bool seen[3 * MOST] = {false};
    for (size_t n = 0; n < ground->input.now_count; n++) {
        const struct identity_now *now = &identity->now[n];
        assert_true(now->number >= 1 && now->number <= identity->highest && !seen[now->number]);
        seen[now->number] = true;
        assert_int_equal(now->change == IDENTITY_NEW, count_links(ground, MOST, n) == 0);
        assert_int_equal(now->change == IDENTITY_NEW, now->earlier == 0);
        size_t taken_in = 0;
        for (size_t e = 0; e < ground->input.earlier_count; e++)
            taken_in += identity->earlier[e].change == IDENTITY_MERGED
                        && identity->earlier[e].into == now->number;
        assert_int_equal(now->change == IDENTITY_MERGED, taken_in > 0);
    }
    for (size_t e = 0; e < ground->input.earlier_count; e++) {
        const struct identity_earlier *earlier = &identity->earlier[e];
        assert_int_equal(earlier->change == IDENTITY_GONE, count_links(ground, e, MOST) == 0);
        assert_int_equal(earlier->change == IDENTITY_SAME, seen[ground->numbers[e]]);
        assert_int_equal(earlier->change == IDENTITY_SAME, earlier->into == ground->numbers[e]);
    }
}

static void swap_by_chance(struct ground *ground, uint64_t *seed)
{
    for (size_t s = ground->input.shared_count; s > 1; s--) {
        size_t other = below(seed, s);
        struct identity_ground kept = ground->shared[s - 1];
        ground->shared[s - 1] = ground->shared[other];
        ground->shared[other] = kept;
    }
}

static void it_is_the_plain_rule_on_random_ground_in_any_order(void **state)
{
    (void)state;
    for (uint64_t first = 0; first < 3000; first++) {
        uint64_t seed = first;
        struct ground ground;
        int32_t numbers[MOST];
        set_up_by_chance(&ground, &seed);
        match_plainly(numbers, &ground);
        struct identity identity = match(&ground);
        swap_by_chance(&ground, &seed);
        struct identity again = match(&ground);
        for (size_t n = 0; n < ground.input.now_count; n++) {
            int32_t kept = identity.now[n].number <= (int32_t)ground.input.earlier_count
                               ? identity.now[n].number
                               : 0;
            if (kept != numbers[n])
                fail_msg("seed %llu", (unsigned long long)first);
            assert_memory_equal(&identity.now[n], &again.now[n], sizeof again.now[n]);
        }
        check_words(&ground, &identity);
        identity_free(&identity);
        identity_free(&again);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cluster_on_the_same_ground_keeps_its_number),
        cmocka_unit_test(half_of_the_smaller_is_enough_and_less_is_not),
        cmocka_unit_test(a_new_one_has_a_number_that_none_ever_had),
        cmocka_unit_test(two_that_became_one_are_merged),
        cmocka_unit_test(one_that_fell_apart_is_split),
        cmocka_unit_test(a_part_that_changes_sides_leaves_both_numbers),
        cmocka_unit_test(one_that_took_in_and_lost_is_merged_and_the_part_is_split),
        cmocka_unit_test(equal_grounds_go_by_the_lower_number_then_by_the_order_of_now),
        cmocka_unit_test(nothing_before_or_nothing_now_is_fine),
        cmocka_unit_test(numbers_that_run_out_are_an_error),
        cmocka_unit_test(it_is_the_plain_rule_on_random_ground_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

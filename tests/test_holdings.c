/* Tests who has the incidents on either side of a border: the two sides first, then all others that
 * have any. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/study/holdings.h"

#include <string.h>

enum { A, B, C, ROWS = 9 };

static struct jurisdiction towns[] = {
    {.code = "A", .name = "Aa"}, {.code = "B", .name = "Bee"}, {.code = "C", .name = "Cee"}};
static const struct jurisdictions TOWNS = {.items = towns, .count = 3};

/* Each row's owner and holder, by name; "" is not known. */
static const struct {
    int32_t owner;
    const char *holder;
    uint32_t weight;
} ROWS_OF[ROWS] = {{A, "Aa", 1},    {A, "Zorg", 2}, {B, "Cee", 3}, {A, "", 4},      {C, "Bee", 5},
                   {B, "Buurt", 6}, {B, "Bee", 7},  {A, "Bee", 8}, {C, "Alleen", 9}};

static void number(uint32_t numbers[ROWS], const struct holders *holders)
{
    for (int i = 0; i < ROWS; i++)
        assert_true(holders_number(&numbers[i], holders, ROWS_OF[i].holder, NULL));
}

static void assert_holding(const struct holding *holding, const char *name, size_t first,
                           size_t second)
{
    assert_string_equal(holding->name, name);
    assert_int_equal(holding->incidents[0], first);
    assert_int_equal(holding->incidents[1], second);
}

static void both_sides_come_first_then_towns_then_texts_then_the_unknown(void **state)
{
    (void)state;
    struct study study = {0};
    struct holdings holdings;
    int32_t owner[ROWS];
    uint32_t holder[ROWS], weight[ROWS];
    const size_t owners[SIDES] = {B, A};
    assert_true(holders_open(&study.holders, &TOWNS, NULL));
    number(holder, &study.holders);
    for (int i = 0; i < ROWS; i++) {
        owner[i] = ROWS_OF[i].owner;
        weight[i] = ROWS_OF[i].weight;
    }
    struct gathered gathered = {.count = ROWS, .owner = owner, .weight = weight, .study = &study};
    assert_true(holdings_count(&holdings, &gathered, HOLDER_RESPONSIBLE, owners, NULL));
    assert_int_equal(holdings.count, 0);
    holdings_free(&holdings);
    gathered.holder[HOLDER_RESPONSIBLE] = holder;
    for (int weighted = 1; weighted >= 0; weighted--) {
        gathered.weight = weighted == 1 ? weight : NULL;
        assert_true(holdings_count(&holdings, &gathered, HOLDER_RESPONSIBLE, owners, NULL));
        assert_int_equal(holdings.count, 6);
        bool all = weighted == 1;
        assert_holding(&holdings.items[0], "Bee", all ? 7 : 1, all ? 8 : 1);
        assert_holding(&holdings.items[1], "Aa", 0, 1);
        assert_holding(&holdings.items[2], "Cee", all ? 3 : 1, 0);
        assert_holding(&holdings.items[3], "Buurt", all ? 6 : 1, 0);
        assert_holding(&holdings.items[4], "Zorg", 0, all ? 2 : 1);
        assert_holding(&holdings.items[5], "(unknown)", 0, all ? 4 : 1);
        assert_int_equal(holdings.known[0], all ? 16 : 3);
        assert_int_equal(holdings.known[1], all ? 11 : 3);
        holdings_free(&holdings);
    }
    holders_close(&study.holders);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_come_first_then_towns_then_texts_then_the_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

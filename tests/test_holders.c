/* Who has an incident is a jurisdiction, a text, or not known. */
#include "engine/study/holders.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* Two go by one name, and the name of one is the code of another. */
static struct jurisdiction items[] = {
    {.code = "GM0375", .name = "Beverwijk"}, {.code = "GM0396", .name = "Heemskerk"},
    {.code = "GM0820", .name = "Nuenen"},    {.code = "GM1000", .name = "Súdwest-Fryslân"},
    {.code = "GM9998", .name = "Hengelo"},   {.code = "GM9999", .name = "Hengelo"},
    {.code = "NUENEN", .name = "GM0396"}};
enum { ITEMS = sizeof items / sizeof *items };
static const struct jurisdictions JURISDICTIONS = {.items = items, .count = ITEMS};

static uint32_t number_of(const struct holders *holders, const char *text)
{
    uint32_t number;
    assert_true(holders_number(&number, holders, text, NULL));
    return number;
}

static void a_code_goes_before_a_name_and_case_counts_for_nothing(void **state)
{
    struct holders holders;
    (void)state;
    assert_true(holders_open(&holders, &JURISDICTIONS, NULL));
    assert_int_equal(number_of(&holders, "beverwijk"), 0);
    assert_int_equal(number_of(&holders, "gm0396"), 1);
    assert_int_equal(number_of(&holders, "SÚDWEST-FRYSLÂN"), 3);
    assert_int_equal(number_of(&holders, "nuenen"), 6);
    assert_string_equal(holders_name(&holders, 0), "Beverwijk");
    assert_ptr_equal(holders_jurisdiction(&holders, 6), &items[6]);
    holders_close(&holders);
}

static void what_names_none_or_several_is_kept_as_it_stands(void **state)
{
    struct holders holders;
    (void)state;
    assert_true(holders_open(&holders, &JURISDICTIONS, NULL));
    uint32_t several = number_of(&holders, "Hengelo"), none = number_of(&holders, "Provincie");
    assert_true(several >= ITEMS && none >= ITEMS && several != none);
    assert_int_equal(number_of(&holders, "Provincie"), none);
    assert_string_equal(holders_name(&holders, several), "Hengelo");
    assert_null(holders_jurisdiction(&holders, none));
    assert_int_equal(holders_count(&holders), ITEMS + 2);
    assert_int_equal(number_of(&holders, ""), HOLDER_UNKNOWN);
    assert_int_equal(number_of(&holders, "NULL"), HOLDER_UNKNOWN);
    assert_string_equal(holders_name(&holders, HOLDER_UNKNOWN), "(unknown)");
    holders_close(&holders);
}

static void they_stand_in_one_order_whatever_came_first(void **state)
{
    struct holders holders;
    (void)state;
    assert_true(holders_open(&holders, &JURISDICTIONS, NULL));
    uint32_t waternet = number_of(&holders, "Waternet"), police = number_of(&holders, "Politie");
    assert_true(waternet < police);
    assert_true(holders_compare(&holders, police, waternet) < 0);
    assert_true(holders_compare(&holders, waternet, police) > 0);
    assert_true(holders_compare(&holders, 5, police) < 0);
    assert_true(holders_compare(&holders, HOLDER_UNKNOWN, waternet) > 0);
    assert_true(holders_compare(&holders, 1, 2) < 0);
    assert_int_equal(holders_compare(&holders, police, police), 0);
    holders_close(&holders);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_goes_before_a_name_and_case_counts_for_nothing),
        cmocka_unit_test(what_names_none_or_several_is_kept_as_it_stands),
        cmocka_unit_test(they_stand_in_one_order_whatever_came_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

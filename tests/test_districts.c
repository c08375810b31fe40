/* Tests that a finer layer of areas adds up with the first, and what is said when it does not nest.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/study/districts.h"

static void every_scale_comes_to_one_number(void **state)
{
    (void)state;
    struct nesting nesting;
    assert_true(nesting_new(&nesting, 2, 3, NULL));
    nesting_add(&nesting, 0, 0, 5);
    nesting_add(&nesting, 1, 2, 7);
    nesting_add(&nesting, 1, OUTSIDE, 2);
    nesting_add(&nesting, 0, 0, 1);
    const struct scales sums = nesting_sums(&nesting);
    assert_int_equal(sums.cells, 15);
    assert_int_equal(sums.districts, 15);
    assert_int_equal(sums.jurisdictions, 15);
    assert_int_equal(sums.in_none, 2);
    nesting_free(&nesting);
}

static void a_district_in_two_jurisdictions_straddles_and_no_other(void **state)
{
    (void)state;
    struct nesting nesting;
    struct straddling found;
    assert_true(nesting_new(&nesting, 3, 3, NULL));
    nesting_add(&nesting, 0, 0, 5);
    nesting_add(&nesting, 0, 1, 2);
    nesting_add(&nesting, 2, 1, 9);
    nesting_add(&nesting, 0, OUTSIDE, 4);
    nesting_add(&nesting, 1, OUTSIDE, 4); /* in none is not a district */
    assert_true(nesting_straddling(&found, &nesting, 0));
    assert_int_equal(found.district, 1);
    assert_int_equal(found.most, 2);
    assert_int_equal(found.incidents, 11);
    assert_int_equal(found.elsewhere, 2);
    assert_false(nesting_straddling(&found, &nesting, 1));
    nesting_free(&nesting);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_scale_comes_to_one_number),
        cmocka_unit_test(a_district_in_two_jurisdictions_straddles_and_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Libraries that are loaded when first needed: what is not there is said, once and clearly. */
#include "engine/core/late.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#define FUNCTIONS(F) F(crc32) F(adler32)

static void a_library_fills_its_table(void **state)
{
    (void)state;
    static const char *const names[] = {FUNCTIONS(LATE_NAME) NULL};
    struct {
        FUNCTIONS(LATE_MEMBER)
    } table = {0};
    struct late_library library = {"libz.so.1", names, &table, PTHREAD_MUTEX_INITIALIZER, false};
    assert_true(late_load(&library, NULL));
    assert_true(late_load(&library, NULL));
    assert_int_equal(table.adler32(1, (const Bytef *)"plein", 5),
                     adler32(1, (const Bytef *)"plein", 5));
    assert_int_equal(table.crc32(0, (const Bytef *)"plein", 5),
                     crc32(0, (const Bytef *)"plein", 5));
}

static void what_is_not_there_is_named(void **state)
{
    (void)state;
    static const char *const names[] = {"adler32", "adler33", NULL};
    void *table[2];
    struct late_library lacking = {"libz.so.1", names, table, PTHREAD_MUTEX_INITIALIZER, false};
    struct late_library missing = {"libnothing.so.9", names, table, PTHREAD_MUTEX_INITIALIZER,
                                   false};
    struct error error = {0};
    assert_false(late_load(&lacking, &error));
    assert_int_equal(error.kind, ERROR_SETTINGS);
    assert_non_null(strstr(error.message, "adler33"));
    error = (struct error){0};
    assert_false(late_load(&missing, &error));
    assert_int_equal(error.kind, ERROR_SETTINGS);
    assert_non_null(strstr(error.message, "libnothing.so.9"));
    assert_false(late_load(&missing, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_library_fills_its_table),
        cmocka_unit_test(what_is_not_there_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

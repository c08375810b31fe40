/* Numbers as digits: what is written is what printf writes. */
#include "engine/core/decimals.h"

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static uint64_t draw(uint64_t *seed) /* splitmix64 */
{
    uint64_t z = (*seed += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static void same(const char *text, const char *end, const char *printed)
{
    if ((size_t)(end - text) != strlen(printed) || memcmp(text, printed, strlen(printed)) != 0)
        fail_msg("'%.*s' is not '%s'", (int)(end - text), text, printed);
}

static void whole_numbers_and_thousandths(void **state)
{
    (void)state;
    char text[DECIMALS_FIXED], printed[64];
    uint64_t seed = 1;
    static const int64_t odd[] = {0,    9,  10,   99,    100,       999,
                                  1000, -1, -999, -1000, INT64_MAX, INT64_MIN};
    for (int i = 0; i < 200000; i++) {
        bool listed = (size_t)i < sizeof odd / sizeof *odd;
        int64_t number = listed ? odd[i] : (int64_t)draw(&seed) >> (draw(&seed) % 64);
        snprintf(printed, sizeof printed, "%" PRIu64, (uint64_t)number);
        same(text, decimals_put_integer(text, (uint64_t)number), printed);
        uint64_t size = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
        snprintf(printed, sizeof printed, "%s%" PRIu64 ".%03" PRIu64, number < 0 ? "-" : "",
                 size / 1000, size % 1000);
        same(text, decimals_put_thousandths(text, number), printed);
        snprintf(printed, sizeof printed, "%04u", (unsigned)(size % 10000));
        same(text, decimals_put_digits(text, (unsigned)(size % 10000), 4), printed);
    }
}

/* Halves of a thousandth, what lies beside them, and any size. */
static void three_decimals_of_any_number(void **state)
{
    (void)state;
    char text[DECIMALS_FIXED], printed[DECIMALS_FIXED];
    uint64_t seed = 2;
    static const double odd[] = {0.0,    -0.0,  0.0005, 0.0015, 0.0025,   0.1235,  1e15,
                                 4.5e15, 1e300, 5e-324, 0.9995, 999.9995, -0.0004, 2.5e-4};
    for (int i = 0; i < 400000; i++) {
        double number;
        uint64_t kind = draw(&seed) % 4;
        if ((size_t)i < sizeof odd / sizeof *odd)
            number = odd[i];
        else if (kind == 0)
            number = ldexp((double)(draw(&seed) >> 11), (int)(draw(&seed) % 200) - 150);
        else if (kind == 1)
            number = ((double)(draw(&seed) % 100000000) + 0.5) / 1000;
        else if (kind == 2)
            number = nextafter(((double)(draw(&seed) % 100000) + 0.5) / 1000,
                               draw(&seed) % 2 ? 1e9 : -1e9);
        else
            number = sqrt((double)(draw(&seed) % 1000000000000)) / 1000;
        number = draw(&seed) % 2 ? number : -number;
        snprintf(printed, sizeof printed, "%.3f", number);
        same(text, decimals_put_fixed(text, number), printed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_and_thousandths),
        cmocka_unit_test(three_decimals_of_any_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

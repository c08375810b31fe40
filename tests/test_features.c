/* Tests of what all formats hand over: numbers that come back the same, and reference systems. */
#include "engine/formats/features.h"

#include "engine/core/numbers.h"
#include "tests/cases.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint64_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 11;
}

static void assert_comes_back(double value)
{
    struct text text = {0};
    double back;
    features_add_number(&text, value);
    assert_non_null(text.bytes);
    if (strpbrk(text.bytes, "eE") != NULL
        || !number_parse(&back, text.bytes, text.bytes + text.length) || back != value
        || strtod(text.bytes, NULL) != value)
        fail_msg("%.17g is written %s", value, text.bytes);
    text_free(&text);
}

static void a_number_comes_back_the_same(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (uint64_t i = 0; i < cases_rounds(20000, 4); i++) {
        double whole = (double)(next_random(&seed) % 1000000000), power = 1;
        for (uint64_t d = next_random(&seed) % 13; d > 0; d--)
            power *= 10;
        assert_comes_back(whole / power);
        assert_comes_back(-whole / power);
        assert_comes_back((double)next_random(&seed) / (double)(next_random(&seed) + 1));
        assert_comes_back(ldexp((double)next_random(&seed), (int)(next_random(&seed) % 120) - 110));
    }
}

static void assert_written(double value, const char *expected)
{
    struct text text = {0};
    text_add(&text, "%s", "");
    features_add_number(&text, value);
    assert_string_equal(text.bytes, expected);
    text_free(&text);
}

static void numbers_are_short(void **state)
{
    (void)state;
    assert_written(0, "0");
    assert_written(-0.0, "0");
    assert_written(4.65, "4.65");
    assert_written(-2.4646, "-2.4646");
    assert_written(0.05, "0.05");
    assert_written(104940.885, "104940.885");
    assert_written(9007199254740991, "9007199254740991");
    assert_written(0.1 + 0.2, "0.30000000000000004");
    assert_written(NAN, "");
    assert_written(INFINITY, "");
}

static void a_reference_system_has_many_names(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"EPSG:28992", "EPSG:28992"},
        {"urn:ogc:def:crs:EPSG::28992", "EPSG:28992"},
        {"urn:ogc:def:crs:EPSG:6.9:28992", "EPSG:28992"},
        {"http://www.opengis.net/def/crs/EPSG/0/28992", "EPSG:28992"},
        {"urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"},
        {"urn:ogc:def:crs:EPSG::4326", "EPSG:4326"},
        {"GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\",SPHEROID[\"WGS_1984\",6378137,298.25]]]",
         "EPSG:4326"},
        {"GEOGCS[\"x\",DATUM[\"WGS 84\"]]", "EPSG:4326"},
        {"GEOGCRS[\"x\",DATUM[\"WGS84\"]]", "EPSG:4326"},
        {"GEOGCRS[\"x\",DATUM[\"World Geodetic System 1984\"]]", "EPSG:4326"},
        {"GEOGCS[\"x\",DATUM[\"WGS 84\",TOWGS84[1,2,3]]]",
         "GEOGCS[\"x\",DATUM[\"WGS 84\",TOWGS84[1,2,3]]]"},
        {"GEOGCS[\"x\",DATUM[\"ETRS89\"]]", "GEOGCS[\"x\",DATUM[\"ETRS89\"]]"},
        {"PROJCS[\"RD_New\",GEOGCS[\"x\"]]", "PROJCS[\"RD_New\",GEOGCS[\"x\"]]"},
        {"urn:ogc:def:crs:epsg::28992", "EPSG:28992"},
        {"EPSG:12345678", "EPSG:12345678"}, /* no code is as long */
        {"28992", "28992"},
        {"urn:ogc:def:crs:OGC:1.3:CRS83", "urn:ogc:def:crs:OGC:1.3:CRS83"},
        {"EPSG:", "EPSG:"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error = {0};
        char *crs = features_crs(cases[i][0], &error);
        assert_string_equal(crs, cases[i][1]);
        free(crs);
    }
}

static void text_of_a_stranger_becomes_utf8(void **state)
{
    (void)state;
    struct error error = {0};
    struct text text = {0};
    assert_true(features_add_text(&text, "caf\xE9", 4, &error));
    assert_true(features_add_text(&text, "\xC3\xA9\0x", 4, &error));
    assert_string_equal(text.bytes, "caf\xC3\xA9\xC3\xA9");
    text_free(&text);
}

static void a_table_has_so_many_columns_at_most(void **state)
{
    (void)state;
    struct features features = {.path = "x"};
    struct error error = {0};
    for (int i = 0; i < 2000; i++)
        assert_true(features_add_column(&features, "a", true, &error));
    assert_false(features_add_column(&features, "a", true, &error));
    assert_int_equal(error.kind, ERROR_DATA);
    assert_string_equal(error.message, "x: more than 2000 columns");
    features_close(&features);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_comes_back_the_same),
        cmocka_unit_test(numbers_are_short),
        cmocka_unit_test(a_reference_system_has_many_names),
        cmocka_unit_test(text_of_a_stranger_becomes_utf8),
        cmocka_unit_test(a_table_has_so_many_columns_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

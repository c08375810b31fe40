/* Tests the edges of what a reference system's text may be, and of the systems that are known by
 * it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/space/crs_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* What the text comes to, or "refused". */
static void expect(const char *text, const char *wanted)
{
    struct error error = {0};
    char *clean = crs_text_clean(text, &error);
    if (strcmp(clean != NULL ? clean : "refused", wanted) != 0)
        fail_msg("'%.100s' is '%.100s'", text, clean != NULL ? clean : error.message);
    assert_int_equal(error.kind, clean != NULL ? ERROR_NONE : ERROR_DATA);
    array_free(&clean);
}

static void take(const char *text)
{
    expect(text, text);
}

static void refuse(const char *text)
{
    expect(text, "refused");
}

static void codes(void **state)
{
    (void)state;
    static const char *const taken[] = {"EPSG:1",
                                        "ESRI:102110",
                                        "OGC:CRS84",
                                        "IGNF:LAMB93",
                                        "IAU_2015:49900",
                                        "EPSG:28992+5709",
                                        "epsg:azAZ09",
                                        "EPSG:12345678901234567890123456789012345",
                                        "EPSG:123456789012345678901234567890123456789"};
    static const char *const refused[] = {"EPSG:1234567890123456789012345678901234567890",
                                          "EPSG:12345678901234567890123456789012345678901",
                                          "EPSG:1234567890123456789012345678901234567+34",
                                          "EPSG:1+x",
                                          "EPSG:1-2",
                                          "EPSG:1 2",
                                          "EPSG",
                                          ":28992",
                                          "EPS:28992",
                                          "EPSGG:28992",
                                          "EPSG:+5709"};
    for (size_t i = 0; i < COUNT(taken); i++)
        take(taken[i]);
    for (size_t i = 0; i < COUNT(refused); i++)
        refuse(refused[i]);
    expect("\xEF\xBB\xBF \t\r\nEPSG:1\n\r\t ", "EPSG:1");
    refuse("\xEF\xBB\xBF");
}

static void urns(void **state)
{
    (void)state;
    expect("urn:ogc:def:crs:EPSG::28992", "EPSG:28992");
    expect("URN:OGC:DEF:CRS:EPSG:9.9:28992", "EPSG:28992");
    expect("urn:ogc:def:crs:IAU_2015::49900", "IAU_2015:49900");
    refuse("urn:ogc:def:crs:IAU_20155::49900");
    refuse("urn:ogc:def:crs:EPSG:28992");
    refuse("urn:ogc:def:crs:EPSG");
    refuse("urn:ogc:def:EPSG::28992");
    expect("urn:ogc:def:crs:EPSG::123456789012345678901234567890123456789",
           "EPSG:123456789012345678901234567890123456789");
    refuse("urn:ogc:def:crs:EPSG::1234567890123456789012345678901234567890");
}

static void proj_strings(void **state)
{
    (void)state;
    static const char *const taken[] = {"+proj=utm +zone=32",
                                        "+proj=longlat +nadgrids=@null",
                                        "+proj=longlat +NADGRIDS=@null",
                                        "+proj=utm\t+zone=33 +south\n+no_defs",
                                        "+lat_0=-1.5e+3 +proj=tmerc +towgs84=1,2,3",
                                        "+proj=tmerc +title=a_b"};
    static const char *const refused[] = {"+zone=32",
                                          "+proj=utm zone=32",
                                          "+proj=utm +",
                                          "+proj=utm +zones=32",
                                          "+proj=utm +zon=32",
                                          "+proj=utm +title=a/b",
                                          "+proj=utm +title=a:b",
                                          "+proj=utm +title=a@b",
                                          "+proj=longlat +nadgrids=@nulx",
                                          "+proj=longlat +nadgrids=@nullx",
                                          "+proj=longlat +nadgrids",
                                          "+proj=longlat +nadgrids=xnull",
                                          "+proj=pipeline",
                                          "+proj=PIPELINE +proj=utm",
                                          "+proj=utm +proj=pipelines",
                                          "-proj=utm"};
    for (size_t i = 0; i < COUNT(taken); i++)
        take(taken[i]);
    for (size_t i = 0; i < COUNT(refused); i++)
        refuse(refused[i]);
}

static void wkt(void **state)
{
    (void)state;
    static const char *const taken[] = {
        "GEOGCS[\"x\"]",
        "geogcs [\"x\"]",
        "PROJCRS(\"x\")",
        "GEOGCS[\"a ] [ b\"]",
        "GEOGCS[\"x\",A[1],B(2)]",
        "GEOGCS[\"x\",EXTENSION[\"PROJ4\",\"+proj=longlat +no_defs\"]]",
        "GEOGCS[\"x\",EXTENSION[\"PROJ4\",\"+proj=longlat\"],EXTENSION[\"PROJ4\",\"+proj=utm\"]]",
    };
    static const char *const refused[] = {
        "GEOGCSX[\"x\"]",
        "GEOGC[\"x\"]",
        "GEOGCS{\"x\"}",
        "GEOGCS x[\"x\"]",
        "GEOGCS[\"x\"",
        "GEOGCS[\"x]",
        "GEOGCS[\"x\"]]",
        "GEOGCS[\"x\"]][",
        "GEOGCS[\"x\",\"ftp://y\"]",
        "GEOGCS[\"x\",\"+init=y\"]",
        "GEOGCS[\"x\",\"+grids=y\"]",
        "GEOGCS[\"x\",\"+GEOIDGRIDS=y\"]",
        "GEOGCS[\"x\",ParameterFile[\"y\"]]",
        "GEOGCS[\"x\",EXTENSION[]]",
        "GEOGCS[\"x\",EXTENSION[\"PROJ4\"]]",
        "GEOGCS[\"x\",EXTENSION[\"PROJ4\",\"no\"]]",
        "GEOGCS[\"x\",EXTENSION[\"PROJ4\",\"+proj=utm +grids_=y\"]]",
        "GEOGCS[\"x\",EXTENSION[\"PROJ4\",\"+proj=utm\"],EXTENSION[\"PROJ4\",\"+nadgrids=y\"]]",
    };
    for (size_t i = 0; i < COUNT(taken); i++)
        take(taken[i]);
    for (size_t i = 0; i < COUNT(refused); i++)
        refuse(refused[i]);
}

static void wkt_nests_24_deep_and_no_deeper(void **state)
{
    (void)state;
    for (size_t depth = 23; depth <= 25; depth++) {
        char text[256] = "GEOGCS";
        for (size_t i = 0; i < depth; i++)
            strcat(text, i % 2 ? "(" : "[");
        for (size_t i = 0; i < depth; i++)
            strcat(text, i % 2 ? "]" : ")");
        expect(text, depth <= 24 ? text : "refused");
    }
}

static void a_text_has_65536_bytes_at_most(void **state)
{
    (void)state;
    enum { MOST = 65536 };
    char *text = malloc(MOST + 3);
    assert_non_null(text);
    for (size_t length = MOST; length <= MOST + 1; length++) {
        memset(text, 'x', length);
        memcpy(text, "GEOGCS[\"", 8);
        memcpy(text + length - 2, "\"]", 2);
        text[length] = '\0';
        expect(text, length <= MOST ? text : "refused");
        text[length] = ' '; /* blanks do not count */
        text[length + 1] = '\0';
        struct error error = {0};
        char *clean = crs_text_clean(text, &error);
        assert_int_equal(clean != NULL, length <= MOST);
        array_free(&clean);
    }
    free(text);
}

static void a_text_of_nothing_is_told_as_such(void **state)
{
    (void)state;
    static const char *const nothing[] = {"", " ", "\xEF\xBB\xBF\r\n"};
    for (size_t i = 0; i < COUNT(nothing); i++) {
        struct error error = {0};
        assert_null(crs_text_clean(nothing[i], &error));
        assert_non_null(strstr(error.message, "of 0 bytes says nothing"));
    }
    struct error error = {0};
    assert_null(crs_text_clean("4", &error));
    assert_non_null(strstr(error.message, "'4' is no reference system"));
}

static void known(const char *text, const char *wanted)
{
    char code[CRS_CODE_SIZE];
    crs_text_code(code, text);
    if (strcmp(code, wanted) != 0)
        fail_msg("'%.200s' is '%s', not '%s'", text, code, wanted);
}

static void codes_known_without_a_database(void **state)
{
    (void)state;
    static const struct {
        int first, last;
    } runs[] = {{4258, 4258},   {4326, 4326},   {28992, 28992},
                {25828, 25838}, {32601, 32660}, {32701, 32760}};
    for (size_t i = 0; i < COUNT(runs); i++)
        for (int number = runs[i].first - 1; number <= runs[i].last + 1; number++) {
            char text[16];
            snprintf(text, sizeof text, "EPSG:%d", number);
            known(text, number >= runs[i].first && number <= runs[i].last ? text : "");
        }
    known("OGC:CRS84", "EPSG:4326");
    known("OGC:CRS84x", "");
    known("OGC:CRS83", "");
    known("ESRI:4326", "");
    known("EPSG:04326", "EPSG:4326");
    known("EPSG:004326", "");
    known("EPSG:4326a", "");
}

/* ETRS89 or WGS 84 / UTM in WKT, as the changed numbers make it. */
struct utm {
    const char *datum, *spheroid, *meridian, *scale, *easting, *northing, *latitude;
};

static void known_utm(const struct utm *utm, const char *wanted)
{
    char text[1024];
    snprintf(text, sizeof text,
             "PROJCS[\"x\",GEOGCS[\"y\",DATUM[\"%s\",SPHEROID[\"z\",%s]],PRIMEM[\"Greenwich\",0],"
             "UNIT[\"Degree\",0.0174532925199433]],PROJECTION[\"Transverse_Mercator\"],"
             "PARAMETER[\"False_Easting\",%s],PARAMETER[\"False_Northing\",%s],"
             "PARAMETER[\"Central_Meridian\",%s],PARAMETER[\"Scale_Factor\",%s],"
             "PARAMETER[\"Latitude_Of_Origin\",%s],UNIT[\"Meter\",1]]",
             utm->datum, utm->spheroid, utm->easting, utm->northing, utm->meridian, utm->scale,
             utm->latitude);
    known(text, wanted);
}

#define WGS84 "D_WGS_1984", "6378137,298.257223563"
#define ETRS89 "D_ETRS_1989", "6378137,298.257222101"

static void zones_known_by_their_wkt(void **state)
{
    (void)state;
    static const struct {
        struct utm utm;
        const char *code;
    } cases[] = {
        {{WGS84, "-177", "0.9996", "500000", "0", "0"}, "EPSG:32601"},
        {{WGS84, "177", "0.9996", "500000", "0", "0"}, "EPSG:32660"},
        {{WGS84, "-177", "0.9996", "500000", "10000000", "0"}, "EPSG:32701"},
        {{WGS84, "177", "0.9996", "500000", "10000000", "0"}, "EPSG:32760"},
        {{WGS84, "-183", "0.9996", "500000", "0", "0"}, ""},
        {{WGS84, "183", "0.9996", "500000", "0", "0"}, ""},
        {{WGS84, "4", "0.9996", "500000", "0", "0"}, ""},
        {{WGS84, "3", "0.9999", "500000", "0", "0"}, ""},
        {{WGS84, "3", "0.9996", "500001", "0", "0"}, ""},
        {{WGS84, "3", "0.9996", "500000", "1", "0"}, ""},
        {{WGS84, "3", "0.9996", "500000", "0", "1"}, ""},
        {{ETRS89, "-15", "0.9996", "500000", "0", "0"}, "EPSG:25828"},
        {{ETRS89, "45", "0.9996", "500000", "0", "0"}, "EPSG:25838"},
        {{ETRS89, "-21", "0.9996", "500000", "0", "0"}, ""},
        {{ETRS89, "51", "0.9996", "500000", "0", "0"}, ""},
        {{ETRS89, "3", "0.9996", "500000", "10000000", "0"}, ""},
        {{"D_ETRS_1989", "6378137,298.257223563", "3", "0.9996", "500000", "0", "0"}, ""},
        {{"D_WGS_1984", "6378137,298.257222101", "3", "0.9996", "500000", "0", "0"}, ""},
        {{"World Geodetic System 1984 ensemble", "6378137,298.257223563", "3", "0.9996", "500000",
          "0", "0"},
         "EPSG:32631"},
        {{"World Geodetic System 1984 ensembles", "6378137,298.257223563", "3", "0.9996", "500000",
          "0", "0"},
         ""},
        {{"D_WGS_1984", "6378136,298.257223563", "3", "0.9996", "500000", "0", "0"}, ""},
        {{"D_WGS_1972", "6378137,298.257223563", "3", "0.9996", "500000", "0", "0"}, ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        known_utm(&cases[i].utm, cases[i].code);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes),
        cmocka_unit_test(urns),
        cmocka_unit_test(proj_strings),
        cmocka_unit_test(wkt),
        cmocka_unit_test(wkt_nests_24_deep_and_no_deeper),
        cmocka_unit_test(a_text_has_65536_bytes_at_most),
        cmocka_unit_test(a_text_of_nothing_is_told_as_such),
        cmocka_unit_test(codes_known_without_a_database),
        cmocka_unit_test(zones_known_by_their_wkt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

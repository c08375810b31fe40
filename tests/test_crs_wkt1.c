/* Tests of the plain WKT 1 that is read without a database: its numbers, and what is not plain. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/space/crs_wkt1.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void the_numbers_are_those_of_the_text(void **state)
{
    static const char *const TEXTS[] = {
        "PROJCS[\"RD_New\",GEOGCS[\"GCS_Amersfoort\",DATUM[\"D_Amersfoort\","
        "SPHEROID[\"Bessel_1841\",6377397.155,299.1528128]],PRIMEM[\"Greenwich\",0.0],"
        "UNIT[\"Degree\",0.0174532925199433]],PROJECTION[\"Double_Stereographic\"],"
        "PARAMETER[\"False_Easting\",155000.0],PARAMETER[\"False_Northing\",463000.0],"
        "PARAMETER[\"Central_Meridian\",5.38763888888889],PARAMETER[\"Scale_Factor\",0.9999079],"
        "PARAMETER[\"Latitude_Of_Origin\",52.1561605555556],UNIT[\"Meter\",1.0]]",
        /* in round brackets, spread out, with signs, keys in small letters, axes and authorities */
        "PROJCS ( \"RD_New\" ,\n geogcs(\"x\",datum(\"D_Amersfoort\",spheroid(\"y\",+6377397.155,"
        "299.1528128,authority(\"EPSG\",\"7004\"))),primem(\"Greenwich\",-0),"
        "unit(\"degree\",.0174532925199433)),projection(\"Double_Stereographic\"),"
        "parameter(\"false_easting\",155000),parameter(\"false_northing\",463000),"
        "parameter(\"central_meridian\",5.38763888888889),parameter(\"scale_factor\",0.9999079),"
        "parameter(\"latitude_of_origin\",52.1561605555556),unit(\"metre\",1.),"
        "axis(\"X\",east),AXIS(\"Y\",NORTH))"};
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct crs_wkt1 wkt;
        assert_true(crs_wkt1_read(&wkt, TEXTS[i]));
        assert_true(wkt.projected);
        assert_string_equal(wkt.datum, "damersfoort");
        assert_string_equal(wkt.projection, "doublestereographic");
        assert_true(fabs(wkt.semi_major - 6377397.155) < 1e-8);
        assert_true(fabs(wkt.flattening - 299.1528128) < 1e-12);
        assert_true(wkt.meridian == 0 && wkt.length_unit == 1);
        assert_true(fabs(wkt.angle_unit - 0.0174532925199433) < 1e-17);
        assert_true(wkt.parameters[CRS_WKT1_FALSE_EASTING] == 155000);
        assert_true(fabs(wkt.parameters[CRS_WKT1_LATITUDE_OF_ORIGIN] - 52.1561605555556) < 1e-13);
    }
}

#define DATUM "DATUM[\"d\",SPHEROID[\"s\",1,2]]"
#define BARE "GEOGCS[\"g\"," DATUM
#define NUMBER_OF_30 "1.2345678901234567890123456789"

static void what_is_plain_is_read(void **state)
{
    static const char *const TEXTS[] = {
        BARE "]",
        BARE ",PRIMEM[\"p\"," NUMBER_OF_30 "9]]",
        "GEOGCS[\"\xC3\xA9 1\"," DATUM "]",
        "GEOGCS[\"\",\"name\"," DATUM "]",
        BARE ",AUTHORITY[\"EPSG\",\"1\"]]",
    };
    (void)state;
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
        struct crs_wkt1 wkt;
        if (!crs_wkt1_read(&wkt, TEXTS[i]))
            fail_msg("%s is not read", TEXTS[i]);
        assert_false(wkt.projected);
        assert_string_equal(wkt.datum, "d");
        assert_true(isnan(wkt.parameters[CRS_WKT1_SCALE_FACTOR]));
    }
}

static void what_is_not_plain_is_left_to_the_database(void **state)
{
    static const char *const TEXTS[] = {
        "",
        "GEOCCS[\"g\"," DATUM "]",
        "GEOGCS",
        "GEOGCS{\"g\"," DATUM "}",
        "GEOGCS[\"g\"]", /* no datum */
        BARE,
        BARE ")",
        BARE "]]",
        BARE "] x",
        BARE "x]",
        BARE ",TOWGS84[0,0,0]]",
        BARE ",EXTENSION[\"PROJ4\",\"x\"]]",
        BARE ",PRIMEM[\"p\"]]",
        BARE ",PRIMEM[\"p\",1,2]]",
        BARE ",PRIMEM[\"p\",1,2,3]]",
        BARE ",UNIT[\"u\"]]",
        BARE ",PRIMEM[\"p\",1e5]]",
        BARE ",PRIMEM[\"p\",1E5]]",
        BARE ",PRIMEM[\"p\",-]]",
        BARE ",PRIMEM[\"p\",.]]",
        BARE ",PRIMEM[\"p\",1.2.3]]",
        BARE ",PRIMEM[\"p\"," NUMBER_OF_30 "0123]]",
        BARE ",PRIMEM[\"p\",{]]",
        BARE ",AXIS[\"a\",SOUTH]]",
        BARE ",AXIS[\"a\",NORTHEASTWARDS]]",
        BARE ",AXIS[\"a\"]]",
        BARE ",A_KEYWORD_THAT_IS_FAR_TOO_LONG[\"x\"]]",
        BARE ",[\"x\"]]",
        BARE ",PARAMETER[\"azimuth\",1]]",
        BARE ",PARAMETER[\"scale_factor\"]]",
        BARE ",PARAMETER[\"scale_factor\",1],PARAMETER[\"scale_factor\",1]]",
        "GEOGCS[\"g\",DATUM[\"d\",SPHEROID[\"s\",1]]]",
        "GEOGCS[\"g",
        "GEOGCS[\"aNameOfMoreThanSixtyThreeLettersAsNoSystemInAllTheWorldHasItIHope\"," DATUM "]",
        "GEOGCS[\"g\"," DATUM ",AUTHORITY[AUTHORITY[AUTHORITY[AUTHORITY[AUTHORITY[AUTHORITY"
        "[AUTHORITY[\"x\"]]]]]]]]",
    };
    (void)state;
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
        struct crs_wkt1 wkt;
        if (crs_wkt1_read(&wkt, TEXTS[i]))
            fail_msg("%s is read", TEXTS[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_numbers_are_those_of_the_text),
        cmocka_unit_test(what_is_plain_is_read),
        cmocka_unit_test(what_is_not_plain_is_left_to_the_database),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

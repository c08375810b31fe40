/* Tests the shapefile reader on other people's files, against what GDAL finds in them. */
#include "engine/formats/dbase.h"
#include "engine/formats/fields.h"
#include "engine/formats/rings.h"
#include "engine/formats/shapefile.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static double area_of(const struct shape *shape)
{
    double area;
    struct error error = {0};
    assert_true(rings_area(&area, shape, &error));
    return area;
}

static const char *real_folder(void)
{
    const char *folder = getenv("PLEIN_REAL");
    return folder != NULL ? folder : "../shared/real";
}

/* The path of a real file, or a loud skip of the test. */
static void need_real(char *path, size_t size, const char *name)
{
    snprintf(path, size, "%s/%s", real_folder(), name);
    if (access(path, R_OK) == 0)
        return;
    fprintf(stderr, "SKIPPED: %s is not there; set PLEIN_REAL\n", path);
    skip();
}

/* What ogrinfo (GDAL 3.6.2) counts, and the sum of its areas (OGR_GEOM_AREA, without the sign); no
 * area: GDAL gives no geometry, or there is no record. */
static const struct {
    const char *name;
    size_t records;
    double area;
    const char *fields;
} GDAL_SAYS[] = {
    {"basemap/delft/delft-boundary.shp", 1, 0.00314891452989006, "osm_id osm_id"},
    {"boundaries/berlin/lor_bzr.shp", 143, 890665100.2855827, "BZR_NAME BZR_ID"},
    {"boundaries/berlin/lor_plr.shp", 542, 890665100.2855995, "PLR_NAME PLR_ID"},
    {"boundaries/chicago_police_districts.shp", 25, 0.06600144395124669, "Name -"},
    {"boundaries/ijmond_2017.shp", 5, 172870055.4924868, "gm_naam gm_code"},
    {"boundaries/ijmond_2022_generalised.shp", 5, 173479567.7631698, "statnaam statcode"},
    {"boundaries/ijmond_detailed.shp", 5, 172861068.4519647, "GM_NAAM GM_CODE"},
    {"boundaries/lancashire_districts.shp", 14, 0.41878826294966975, "district objectid"},
    {"hostile/gdal_autotest_shp/CoHI_GCS12.shp", 4, 1.442030613071223, "atlas_name -"},
    {"hostile/gdal_autotest_shp/Stacks.shp", 1, 3091373921.71262, "Name -"},
    {"hostile/gdal_autotest_shp/asm.shp", 1, 229843441.819207, "CNTRY_NAME GEO_ID"},
    {"hostile/gdal_autotest_shp/bigoffset.shp", 1, 2.0, "FID FID"},
    {"hostile/gdal_autotest_shp/buggymultipoly.shp", 0, 0, ""},
    {"hostile/gdal_autotest_shp/buggymultipoly2.shp", 0, 0, ""},
    {"hostile/gdal_autotest_shp/cb_2022_us_county_20m_extract.shp", 1, 0.00822704846100089,
     "NAME GEOID"},
    {"hostile/gdal_autotest_shp/empty.shp", 0, 0, ""},
    {"hostile/gdal_autotest_shp/emptymultipoly.shp", 0, 0, ""},
    {"hostile/gdal_autotest_shp/emptyshapefilewithsbn.shp", 0, 0, ""},
    {"hostile/gdal_autotest_shp/extentnan.shp", 0, 0, ""},
    {"hostile/gdal_autotest_shp/gjmultipoly.shp", 1, 2.35999999999999, "NAME -"},
    {"hostile/gdal_autotest_shp/gjpoly.shp", 1, 1.0, "NAME -"},
    {"hostile/gdal_autotest_shp/issue_14385.shp", 3, 0.0006269365479765137, "id id"},
    {"hostile/gdal_autotest_shp/multipointz_non_constant_z.shp", 1, 1824.12972650302, "FID FID"},
    {"hostile/gdal_autotest_shp/multipolygon_as_invalid_polygon.shp", 2, 0, "id id"},
    {"hostile/gdal_autotest_shp/poly_golden/poly.shp", 10, 3894423.328125, "PRFEDEA EAS_ID"},
    {"hostile/gdal_autotest_shp/polygonm_with_m.shp", 2, 0.875, "- -"},
    {"hostile/gdal_autotest_shp/polygonm_without_m.shp", 2, 0.875, "- -"},
    {"hostile/gdal_autotest_shp/slightly_overlapping_polygons.shp", 1, 275.001236506734, "FID FID"},
    {"hostile/gdal_autotest_shp/test3356.shp", 1, 7.63957597125706e-07, "- -"},
    /* wound the wrong way throughout: GDAL has -15851 for record 13 */
    {"hostile/gdal_autotest_shp/testpoly.shp", 14, 13831.5 + 2 * 15851, "FID FID"},
    {"hostile/gdal_autotest_shp/testshp/poly.shp", 10, 3894423.328125, "PRFEDEA EAS_ID"},
    {"hostile/r_sf_shape/nc.shp", 100, 12.627802119779515, "NAME FIPS"},
    {"hostile/r_sf_shape/olinda1.shp", 470, 0.0034185707132819935, "NM_BAIR CD_GEOCODI"},
    {"hostile/shapelib_eg/CoHI_GCS12.shp", 4, 1.442030613071223, "atlas_name -"},
    {"hostile/shapelib_eg/anno.shp", 201, 41547396.03012857, "- -"},
    {"hostile/shapelib_eg/mexico/lakes.shp", 3, 0.2050236003851751, "NAME -"},
    {"hostile/shapelib_eg/mexico/states.shp", 32, 174.15609225171653, "NAME CODE"},
    {"hostile/shapelib_eg/polygon.shp", 474, 165984002.3125, "EAS_ID EAS_ID"},
};

static void assert_like_gdal(const char *path, size_t which)
{
    struct jurisdictions read;
    struct error error = {0};
    char fields[64];
    double area = 0, expected = GDAL_SAYS[which].area;
    bool done =
        shapefile_read(&read, path, &(struct boundary_options){.crs = "EPSG:28992"}, &error);
    if (done == (GDAL_SAYS[which].records == 0))
        fail_msg("%s: %s", path, done ? "was read" : error.message);
    if (!done) {
        assert_int_equal(error.kind, ERROR_DATA);
        return;
    }
    for (size_t i = 0; i < read.count; i++)
        area += area_of(&read.items[i].shape);
    if (read.count != GDAL_SAYS[which].records || !(fabs(area - expected) <= 1e-6 * expected))
        fail_msg("%s: %zu records, area %.15g", path, read.count, area);
    snprintf(fields, sizeof fields, "%s %s", read.name_field != NULL ? read.name_field : "-",
             read.code_field != NULL ? read.code_field : "-");
    assert_string_equal(fields, GDAL_SAYS[which].fields);
    jurisdictions_free(&read);
}

static void real_files_have_the_records_and_the_area_that_gdal_finds(void **state)
{
    (void)state;
    char path[512];
    for (size_t i = 0; i < sizeof GDAL_SAYS / sizeof GDAL_SAYS[0]; i++) {
        need_real(path, sizeof path, GDAL_SAYS[i].name);
        assert_like_gdal(path, i);
    }
}

/* FNV-1a over every cell and its NUL, row by row, as ogrinfo shows them. */
static const struct {
    const char *name;
    uint64_t hash;
} ENCODED[] = {
    {"encoding_1250", 0x6b7c00ffaad69845},   {"encoding_1251", 0x798cb858ae649c8f},
    {"encoding_1253", 0x85c0a3e0bb9efdec},   {"encoding_1254", 0x2cd6bca96e19a777},
    {"encoding_437", 0x2333920812c64837},    {"encoding_88591", 0x28f8a0a0bf4be4fd},
    {"encoding_885910", 0x0a9642a440dc4a74}, {"encoding_885911", 0x3c2d03f356960f2e},
    {"encoding_885913", 0x77dee0a45c669617}, {"encoding_885915", 0x5250776f7557c9b9},
    {"encoding_88592", 0x4dd3b3e5fceb7049},  {"encoding_88593", 0x33be7b9a2d4ef724},
    {"encoding_88594", 0xe37e3051727bacec},  {"encoding_88595", 0xcf36453736d52fc7},
    {"encoding_88596", 0x0c1f31856fcc1786},  {"encoding_88597", 0x94245fd1b2feba5d},
    {"encoding_88598", 0x13b5106117553052},  {"encoding_88599", 0x0dc2bfd3ab66464b},
    {"encodings_utf-8", 0xeea8813058236747},
};

static uint64_t hash_cells(const struct dbase *dbase)
{
    uint64_t hash = 1469598103934665603u;
    struct error error = {0};
    char ***columns;
    assert_true(array_new(&columns, dbase->field_count, sizeof *columns, &error));
    for (size_t f = 0; f < dbase->field_count; f++)
        assert_true(dbase_column(&columns[f], dbase, f, dbase->row_count, &error));
    for (size_t row = 0; row < dbase->row_count; row++)
        for (size_t f = 0; f < dbase->field_count; f++)
            for (const char *c = columns[f][row];; c++) {
                hash = (hash ^ (unsigned char)*c) * 1099511628211u;
                if (*c == '\0')
                    break;
            }
    for (size_t f = 0; f < dbase->field_count; f++)
        fields_free_column(&columns[f], dbase->row_count);
    array_free(&columns);
    return hash;
}

static void real_texts_in_nineteen_encodings_read_as_gdal_reads_them(void **state)
{
    (void)state;
    char path[512], name[128];
    for (size_t i = 0; i < sizeof ENCODED / sizeof ENCODED[0]; i++) {
        struct file_bytes dbf = {0}, cpg = {0};
        struct error error = {0};
        struct dbase dbase;
        snprintf(name, sizeof name, "hostile/mapserver_shp_encoding/%s.dbf", ENCODED[i].name);
        need_real(path, sizeof path, name);
        assert_true(file_read(&dbf, path, 0, &error));
        memcpy(path + strlen(path) - 3, "cpg", 3);
        assert_true(file_read(&cpg, path, 0, &error));
        struct dbase_options options = {.path = path, .cpg = &cpg};
        assert_true(dbase_open(&dbase, &dbf, &options, &error));
        if (hash_cells(&dbase) != ENCODED[i].hash)
            fail_msg("%s reads otherwise", ENCODED[i].name);
        dbase_free(&dbase);
        file_free(&dbf);
        file_free(&cpg);
    }
}

static void the_streets_of_delft_are_read_without_their_empty_table(void **state)
{
    (void)state;
    char path[512];
    struct jurisdictions read;
    struct error error = {0};
    need_real(path, sizeof path, "basemap/delft/delft-streets.shp");
    if (!shapefile_read_shapes(&read, path, NULL, &error))
        fail_msg("%s", error.message);
    assert_true(read.count > 1000);
    assert_non_null(read.crs);
    jurisdictions_free(&read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_files_have_the_records_and_the_area_that_gdal_finds),
        cmocka_unit_test(real_texts_in_nineteen_encodings_read_as_gdal_reads_them),
        cmocka_unit_test(the_streets_of_delft_are_read_without_their_empty_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Tests of the shapefile being written, as shapelib and plein's own reader read it. */
#include "engine/formats/shapefile_write.h"

#include "engine/formats/shapefile.h"
#include "tests/layers.h"

#include <shapefil.h>

static void write_areas(const char *name)
{
    struct error error = {0};
    struct layer layer;
    areas_layer(&layer);
    must(shapefile_write(in_folder(name), &layer, &RD, &error), &error);
    layer_free(&layer);
}

static void rings_run_as_a_shapefile_wants(void **state)
{
    (void)state;
    write_areas("a.shp");
    SHPHandle file = SHPOpen(in_folder("a.shp"), "rb");
    assert_non_null(file);
    int count, type;
    double low[4], high[4];
    SHPGetInfo(file, &count, &type, low, high);
    assert_int_equal(count, ROWS);
    assert_int_equal(type, SHPT_POLYGON);
    assert_true(low[0] == 100000 && high[0] == 100110 && low[1] == 500000 && high[1] == 500010);
    for (int i = 0; i < ROWS; i++) {
        SHPObject *object = SHPReadObject(file, i);
        assert_int_equal(object->nParts, i == 1 ? 3 : 2);
        assert_int_equal(SHPRewindObject(file, object), 0); /* nothing to turn around */
        SHPDestroyObject(object);
    }
    SHPClose(file);
}

static void names_are_short_and_differ_and_values_are_right(void **state)
{
    (void)state;
    write_areas("a.shp");
    DBFHandle file = DBFOpen(in_folder("a.dbf"), "rb");
    assert_non_null(file);
    static const char *const names[] = {"name", "incidents", "share", "occurred_t", "occrrd_t_d"};
    static const char types[] = "CNNCD";
    assert_int_equal(DBFGetFieldCount(file), 5);
    for (int f = 0; f < 5; f++) {
        char name[12];
        DBFGetFieldInfo(file, f, name, NULL, NULL);
        assert_string_equal(name, names[f]);
        assert_int_equal(DBFGetNativeFieldType(file, f), types[f]);
    }
    assert_string_equal(DBFReadStringAttribute(file, 4, 0), "Fryslân");
    assert_int_equal(DBFReadIntegerAttribute(file, 0, 1), -10);
    assert_true(DBFReadDoubleAttribute(file, 0, 2) == -0.25);
    assert_true(DBFIsAttributeNULL(file, 4, 1) && DBFIsAttributeNULL(file, 4, 2));
    assert_string_equal(DBFReadStringAttribute(file, 0, 3), "2024-02-29T23:30:15");
    assert_string_equal(DBFReadStringAttribute(file, 2, 3), "2024-02");
    assert_int_equal(DBFReadIntegerAttribute(file, 0, 4), 20240229);
    assert_int_equal(DBFReadIntegerAttribute(file, 1, 4), 20240229);
    for (int i = 2; i < 5; i++)
        assert_true(DBFIsAttributeNULL(file, i, 4));
    DBFClose(file);
}

static void our_own_reader_finds_the_areas(void **state)
{
    struct error error = {0};
    struct jurisdictions areas = {0};
    struct layer layer;
    struct file_bytes part;
    (void)state;
    areas_layer(&layer);
    write_areas("a.shp");
    const struct boundary_options fields = {0};
    must(shapefile_read(&areas, in_folder("a.shp"), &fields, &error), &error);
    assert_int_equal(areas.count, ROWS);
    assert_string_equal(areas.crs, RD.esri_wkt);
    for (size_t i = 0; i < ROWS; i++)
        assert_int_equal(areas.items[i].shape.point_count, layer.shapes[i].point_count);
    must(file_read(&part, in_folder("a.cpg"), 0, &error), &error);
    assert_string_equal(part.bytes, "UTF-8");
    file_free(&part);
    jurisdictions_free(&areas);
    layer_free(&layer);
}

static void long_names_lose_their_vowels_first(void **state)
{
    char taken[3][SHAPEFILE_NAME];
    (void)state;
    shapefile_short_name(taken[0], "jurisdiction_code", NULL, 0);
    assert_string_equal(taken[0], "jrsdctn_cd");
    shapefile_short_name(taken[1], "jurisdiction_codes", (const char(*)[SHAPEFILE_NAME])taken, 1);
    assert_string_equal(taken[1], "jrsdctn__1");
    shapefile_short_name(taken[2], "jurisdiction_coda", (const char(*)[SHAPEFILE_NAME])taken, 2);
    assert_string_equal(taken[2], "jrsdctn__2");
}

static void points_are_written_and_twice_the_same(void **state)
{
    static const char *const parts[] = {"shp", "shx", "dbf", "prj", "cpg"};
    struct error error = {0};
    struct layer layer;
    (void)state;
    points_layer(&layer, 1000);
    must(shapefile_write(in_folder("p.shp"), &layer, &RD, &error), &error);
    must(shapefile_write(in_folder("q.shp"), &layer, &RD, &error), &error);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        char name[2][8];
        snprintf(name[0], sizeof name[0], "p.%s", parts[i]);
        snprintf(name[1], sizeof name[1], "q.%s", parts[i]);
        same_bytes(in_folder(name[0]), in_folder(name[1]));
    }
    SHPHandle file = SHPOpen(in_folder("p.shp"), "rb");
    SHPObject *object = SHPReadObject(file, 999);
    assert_true(object->padfX[0] == layer.x[999] && object->padfY[0] == layer.y[999]);
    SHPDestroyObject(object);
    SHPClose(file);
    layer_free(&layer);
}

/* A folder in the way of one part: none of the others is left, nor a temporary. */
static void all_parts_are_written_or_none(void **state)
{
    struct error error = {0};
    struct layer layer;
    char command[200];
    (void)state;
    points_layer(&layer, 3);
    snprintf(command, sizeof command, "mkdir -p '%s/n' && mkdir '%s/n/z.shx'", folder, folder);
    assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c) */
    assert_false(shapefile_write(in_folder("n/z.shp"), &layer, &RD, &error));
    assert_int_equal(error.kind, ERROR_CANNOT_WRITE);
    snprintf(command, sizeof command, "test \"$(ls -A '%s/n')\" = z.shx", folder);
    assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c) */
    assert_false(shapefile_write("-", &layer, &RD, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    layer_free(&layer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rings_run_as_a_shapefile_wants),
        cmocka_unit_test(names_are_short_and_differ_and_values_are_right),
        cmocka_unit_test(our_own_reader_finds_the_areas),
        cmocka_unit_test(long_names_lose_their_vowels_first),
        cmocka_unit_test(points_are_written_and_twice_the_same),
        cmocka_unit_test(all_parts_are_written_or_none),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

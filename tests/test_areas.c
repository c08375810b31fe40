/* Tests of jurisdictions and base layers from GeoJSON: names, systems, what is left out, and what
 * is no map. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/core/text.h"
#include "engine/formats/source.h"
#include "engine/formats/xlsx_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

static char path[64];

static int make_file(void **state)
{
    (void)state;
    strcpy(path, access("/dev/shm", W_OK) == 0 ? "/dev/shm/plein-areas-XXXXXX"
                                               : "/tmp/plein-areas-XXXXXX");
    int descriptor = mkstemp(path);
    return descriptor >= 0 ? close(descriptor) : -1;
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static void put(const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

#define COLLECTION(...) "{\"type\":\"FeatureCollection\"," __VA_ARGS__ "}"
#define FEATURES(...) "\"features\":[" __VA_ARGS__ "]"
#define FEATURE(properties, geometry)                                                              \
    "{\"type\":\"Feature\",\"properties\":{" properties "},\"geometry\":" geometry "}"
#define SQUARE "{\"type\":\"Polygon\",\"coordinates\":[[[4,52],[5,52],[5,53],[4,53],[4,52]]]}"
#define LINE "{\"type\":\"LineString\",\"coordinates\":[[4,52],[5,52]]}"
#define POINT "{\"type\":\"Point\",\"coordinates\":[4,52]}"
#define EMPTY "{\"type\":\"Polygon\",\"coordinates\":[]}"
#define RD "\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:28992\"}},"

/* "crs: code|name; ..." with the notes behind it, or the error. Both without the path. */
static struct text told(bool shapes, const char *crs, bool with_notes)
{
    struct notes notes = {0};
    struct jurisdictions read = {0};
    struct error error = {0};
    struct text text = {0};
    const struct boundary_options options = {.crs = crs, .notes = with_notes ? &notes : NULL};
    bool done = shapes ? source_read_shapes(&read, path, options.notes, &error)
                       : source_read_boundaries(&read, path, &options, &error);
    text_add(&text, "%s", done ? read.crs != NULL ? read.crs : "-" : error.message + strlen(path));
    for (size_t i = 0; i < read.count; i++)
        text_add(&text, "%s%s|%s", i == 0 ? ": " : "; ", read.items[i].code, read.items[i].name);
    for (size_t i = 0; i < notes.count; i++)
        text_add(&text, "\n%s", notes.lines[i] + strlen(path));
    jurisdictions_free(&read);
    notes_free(&notes);
    return text;
}

static void assert_told(bool shapes, const char *crs, const char *wanted)
{
    struct text with = told(shapes, crs, true), without = told(shapes, crs, false);
    assert_string_equal(with.bytes, wanted);
    with.bytes[strcspn(with.bytes, "\n")] = '\0';
    assert_string_equal(without.bytes, with.bytes);
    text_free(&with);
    text_free(&without);
}

static void what_is_no_area_is_left_out_and_counted(void **state)
{
    (void)state;
    put(COLLECTION(FEATURES(FEATURE("\"name\":\"a\",\"code\":\"1\"", SQUARE) "," FEATURE(
        "\"name\":\"b\",\"code\":\"2\"",
        LINE) "," FEATURE("\"name\":\"c\",\"code\":\"3\"",
                          POINT) "," FEATURE("\"name\":\"d\",\"code\":\"4\"",
                                             "null") "," FEATURE("\"name\":\"e\",\"code\":\"5\"",
                                                                 EMPTY))));
    assert_told(false, NULL,
                "EPSG:4326: 1|a\n: names come from the field name, codes from code"
                "\n: features without a geometry, which are left out: 2"
                "\n: records that are no polygons and are left out: 2");
    assert_told(true, NULL,
                "EPSG:4326: |a; |b\n: features without a geometry, which are left out: 2"
                "\n: records that are neither lines nor polygons and are left out: 1");
    put(COLLECTION(FEATURES(FEATURE("", LINE))));
    assert_told(false, NULL,
                ": there is no polygon in it\n: no field holds names; the records are named by "
                "number (--boundaries-name names a field)"
                "\n: records that are no polygons and are left out: 1");
    put(COLLECTION(FEATURES(FEATURE("", POINT))));
    assert_told(true, NULL,
                "EPSG:4326\n: records that are neither lines nor polygons and are left out: 1");
}

static void a_record_goes_by_what_it_has(void **state)
{
    (void)state;
    put(COLLECTION(FEATURES(FEATURE("\"name\":\"a\",\"gm_code\":\"G1\"", SQUARE) "," FEATURE(
        "\"name\":null,\"gm_code\":\"G2\"", SQUARE) "," FEATURE("\"name\":\"c\",\"gm_code\":\"\"",
                                                                SQUARE) "," FEATURE("", SQUARE))));
    assert_told(false, NULL,
                "EPSG:4326: G1|a; G2|G2; |c; |4\n: names come from the field name, codes from "
                "gm_code");
    put(COLLECTION(
        FEATURES(FEATURE("\"name\":\" a \"", SQUARE) "," FEATURE("\"name\":\"b\"", SQUARE))));
    assert_told(false, NULL,
                "EPSG:4326: |a; |b\n: names come from the field name; no field holds codes");
}

static void the_system_is_the_files_or_the_options(void **state)
{
    (void)state;
    put(COLLECTION(FEATURES(FEATURE("\"name\":\"a\"", SQUARE))));
    assert_told(false, "epsg:4326",
                "EPSG:4326: |a\n: names come from the field name; no field holds codes");
    assert_told(false, "EPSG:28992",
                "EPSG:4326: |a\n: says that it is in EPSG:4326, and --boundaries-crs says "
                "EPSG:28992; it is read as the file says"
                "\n: names come from the field name; no field holds codes");
    put(COLLECTION(RD FEATURES(FEATURE("\"name\":\"a\"", SQUARE))));
    assert_told(false, NULL,
                "EPSG:28992: |a\n: names come from the field name; no field holds codes");
    assert_told(false, "EPSG:31370",
                "EPSG:31370: |a\n: says that it is in EPSG:28992, and --boundaries-crs says "
                "EPSG:31370; it is read as the option says"
                "\n: names come from the field name; no field holds codes");
}

static void assert_says(const char *wanted)
{
    assert_told(false, NULL, wanted);
    assert_told(true, NULL, wanted);
}

static void a_table_is_no_map(void **state)
{
    (void)state;
    struct layer layer;
    put("name,code\na,1\n");
    assert_told(false, NULL, ": this is no shapefile; name the file .shp of a set");
    gzFile file = gzopen(path, "wb");
    assert_int_equal(gzputs(file, "name,code\na,1\n"), 14);
    assert_int_equal(gzclose(file), Z_OK);
    assert_says(": this is text, and no map");
    assert_true(layer_new(&layer, "areas", LAYER_PLAIN, 1, NULL)
                && layer_add_column(&layer, "name", LAYER_TEXT, NULL)
                && layer_add_column(&layer, "code", LAYER_TEXT, NULL)
                && layer_set_text(&layer, 0, 0, "a", NULL)
                && layer_set_text(&layer, 1, 0, "1", NULL) && xlsx_write(path, &layer, 1, NULL));
    layer_free(&layer);
    assert_says(": this is a table, and no map; boundaries are polygons");
    put(COLLECTION("\"a\":1"));
    assert_told(false, NULL, ": JSON, but no GeoJSON FeatureCollection; is it the right file?");
    put("{\"type\":\"Topology\",\"features\":[]}");
    assert_told(false, NULL, ": JSON, but no GeoJSON FeatureCollection; is it the right file?");
}

/* Each on a line of its own, with or without the separators of RFC 8142. */
static void a_sequence_of_features_is_read_too(void **state)
{
    (void)state;
    put(FEATURE("\"name\":\"a\"", SQUARE) "\n" FEATURE("\"name\":\"b\"", SQUARE) "\n");
    assert_told(true, NULL, "EPSG:4326: |a; |b");
    put("\x1E" FEATURE("\"name\":\"a\"", SQUARE) "\n\x1E\n\x1E" FEATURE("\"name\":\"b\"", SQUARE));
    assert_told(true, NULL, "EPSG:4326: |a; |b");
    put(FEATURE("\"name\":\"a\"", SQUARE) "\n[]\n");
    assert_told(true, NULL, ":2: item 2 of the features is no Feature; is it the right file?");
    put(FEATURE("\"name\":\"a\"", SQUARE) "\n{\"type\":");
    assert_told(true, NULL, ":2: the file ends in the middle; was it written to the end?");
}

static void what_is_no_json_is_shown_where_it_is(void **state)
{
    static const struct {
        const char *text, *said;
    } CASES[] = {
        {COLLECTION(
             FEATURES("{\"type\":\"Feature\",\n\"properties\":{\"a\":tru},\"geometry\":null}")),
         ":2: this is no JSON: 'tru},"},
        {COLLECTION(FEATURES("{\"type\":\"Feature\",\"properties\":{\"a\" 1},\"geometry\":null}")),
         ":1: this is no JSON: '1},"},
        {COLLECTION(
             FEATURES("{\"type\":\"Feature\",\"properties\":{\"a\\x\":1},\"geometry\":null}")),
         ":1: this is no JSON: "},
        {COLLECTION(FEATURES("{\"type\":\"Feature\",\"properties\":{},\"geometry\":null,}")),
         ":1: this is no JSON: "},
        {COLLECTION(FEATURES(FEATURE("\"a\":1", "null") " " FEATURE("\"a\":1", "null"))),
         ":1: this is no JSON: '{\"type\""},
        {COLLECTION(FEATURES("1")), ":1: item 1 of the features is no Feature"},
        {COLLECTION(FEATURES("{\"type\":\"Polygon\"}")),
         ":1: item 1 of the features is no Feature"},
        {"{\"type\":\"FeatureCollection\",\"features\":[\xC3\xA9", ":1: "},
        {"{\"type\":\"FeatureCollection\",\"features\":[],\"a\":[1,2,{\"b\":\"c",
         ":1: the file ends"},
        {"{\"type\" \"FeatureCollection\"}", ":1: this is no JSON: '\"FeatureColl"},
        {"{type}", ":1: this is no JSON: 'type}'"},
        {"{\"a\":1]", ":1: this is no JSON: ']'"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        put(CASES[i].text);
        struct text text = told(true, NULL, true);
        if (strncmp(text.bytes, CASES[i].said, strlen(CASES[i].said)) != 0)
            fail_msg("%s: '%s', not '%s'", CASES[i].text, text.bytes, CASES[i].said);
        text_free(&text);
    }
}

static void a_shape_that_is_none_is_told_with_its_feature(void **state)
{
    static const char *const SHAPES[] = {
        "{\"type\":\"Polygon\",\"coordinates\":[[[4,52],[5,52],[5,53],[4,52.5]]]}", /* open */
        "{\"type\":\"Polygon\",\"coordinates\":[[[4,52],[5,52],[4,52]]]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[[4,52],[5,\"x\"],[5,53],[4,52]]]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[[4,52],[1e999,52],[5,53],[4,52]]]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[[4,52],[5],[5,53],[4,52]]]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[]]}",
        "{\"type\":\"Polygon\",\"coordinates\":{}}",
        "{\"type\":\"Polygon\"}",
        "{\"type\":\"Circle\",\"coordinates\":[4,52]}",
        "{\"coordinates\":[4,52]}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof SHAPES / sizeof *SHAPES; i++) {
        char text[400];
        snprintf(text, sizeof text, COLLECTION(FEATURES(FEATURE("", "%s"))), SHAPES[i]);
        put(text);
        struct text said = told(false, NULL, true);
        if (strstr(said.bytes, "1") == NULL || strstr(said.bytes, "EPSG") != NULL)
            fail_msg("%s: %s", SHAPES[i], said.bytes);
        text_free(&said);
    }
}

static void a_source_is_called_as_its_file_is(void **state)
{
    static const char *const CASES[][3] = {
        {"politie=a/b.csv", "a/b.csv", "politie"},
        {"=a=b.csv", "a=b.csv", "a=b"},
        {"far/a=b.csv", "far/a=b.csv", "a=b"},
        {"far/politie.csv.gz", "far/politie.csv.gz", "politie"},
        {".gz", ".gz", ".gz"},
        {".csv", ".csv", ".csv"},
        {"politie", "politie", "politie"},
        {"-", "-", "stdin"},
        {"far/a.gpkg:punten", "far/a.gpkg:punten", "a"},
        {"a.zip:politie.csv", "a.zip:politie.csv", "politie"},
        {":a", ":a", ":a"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char *name = source_name(CASES[i][0], NULL);
        assert_string_equal(source_path(CASES[i][0]), CASES[i][1]);
        assert_string_equal(name, CASES[i][2]);
        free(name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_area_is_left_out_and_counted),
        cmocka_unit_test(a_record_goes_by_what_it_has),
        cmocka_unit_test(the_system_is_the_files_or_the_options),
        cmocka_unit_test(a_table_is_no_map),
        cmocka_unit_test(a_sequence_of_features_is_read_too),
        cmocka_unit_test(what_is_no_json_is_shown_where_it_is),
        cmocka_unit_test(a_shape_that_is_none_is_told_with_its_feature),
        cmocka_unit_test(a_source_is_called_as_its_file_is),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}

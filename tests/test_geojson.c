/* Tests of reading GeoJSON: what a feature says, and what may not stand in a file. */
#include "engine/formats/geojson.h"

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

#define RING "[[4, 52], [5, 52], [5, 53], [4, 53.5], [4, 52]]"
#define POLYGON "{\"type\": \"Polygon\", \"coordinates\": [" RING "]}"
#define FEATURE(properties, geometry)                                                              \
    "{\"type\": \"Feature\", \"properties\": " properties ", \"geometry\": " geometry "}"
#define COLLECTION(features) "{\"type\": \"FeatureCollection\", \"features\": [\n" features "\n]}"

static struct geojson *open_bytes(const char *bytes, size_t length, struct error *error)
{
    char path[] = "/tmp/plein-geojson-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, bytes, length), length);
    close(descriptor);
    struct geojson *geojson = geojson_open(path, error);
    unlink(path);
    return geojson;
}

static struct geojson *open_text(const char *text)
{
    struct error error = {0};
    struct geojson *geojson = open_bytes(text, strlen(text), &error);
    if (geojson == NULL)
        fail_msg("%s", error.message);
    return geojson;
}

static bool next(struct geojson *geojson)
{
    struct error error = {0};
    bool there;
    if (!geojson_next(&there, geojson, &error))
        fail_msg("%s", error.message);
    return there;
}

/* Reads a file to its end, shapes and all. */
static bool read_all(const char *bytes, size_t length, struct error *error)
{
    bool there = false, done = true;
    struct geojson *geojson = open_bytes(bytes, length, error);
    if (geojson == NULL)
        return false;
    while (done && geojson_next(&there, geojson, error) && there) {
        struct shape shape;
        done = geojson_shape(&shape, geojson, error);
        shape_free(&shape);
    }
    geojson_close(geojson);
    return done && error->kind == ERROR_NONE;
}

static void assert_refused(const char *text, const char *expected)
{
    struct error error = {0};
    if (read_all(text, strlen(text), &error))
        fail_msg("not refused: %.80s", text);
    assert_int_equal(error.kind, ERROR_DATA);
    if (strstr(error.message, expected) == NULL || strchr(error.message, '\n') != NULL)
        fail_msg("not '%s': %s", expected, error.message);
}

static void a_feature_tells_its_properties(void **state)
{
    (void)state;
    struct geojson *geojson = open_text(
        COLLECTION(FEATURE("{\"cluster\": 7, \"domain\": \"social\", \"code\": null, \"name\": "
                           "\"caf\\u00e9 \\\"[{\", "
                           "\"sources\": [{\"name\": \"boa\"}, {\"name\": \"politie\"}, 3]}",
                           POLYGON)));
    assert_true(next(geojson));
    assert_true(geojson_property(geojson, "cluster") == 7);
    assert_string_equal(geojson_text(geojson, "domain"), "social");
    assert_string_equal(geojson_text(geojson, "name"), "caf\xC3\xA9 \"[{");
    assert_true(geojson_has(geojson, "cluster"));
    assert_false(geojson_has(geojson, "code"));
    assert_false(geojson_has(geojson, "other"));
    assert_true(isnan(geojson_property(geojson, "domain")));
    assert_null(geojson_text(geojson, "cluster"));
    assert_int_equal(geojson_items(geojson, "sources"), 3);
    assert_int_equal(geojson_items(geojson, "cluster"), 0);
    assert_string_equal(geojson_item_text(geojson, "sources", 1, "name"), "politie");
    assert_null(geojson_item_text(geojson, "sources", 2, "name"));
    assert_null(geojson_item_text(geojson, "sources", 3, "name"));
    assert_null(geojson_item_text(geojson, "cluster", 0, "name"));
    assert_false(next(geojson));
    assert_false(next(geojson));
    geojson_close(geojson);
}

static void a_polygon_and_a_multipolygon_are_rings(void **state)
{
    (void)state;
    struct shape shape;
    struct error error = {0};
    struct geojson *geojson = open_text(COLLECTION(FEATURE("{}", POLYGON) ",\n" FEATURE(
        "null", "{\"type\": \"MultiPolygon\", \"coordinates\": [[" RING ", " RING "], [" RING
                "]]}") ", " FEATURE("{}", "{\"type\": \"MultiPolygon\", \"coordinates\": []}")));
    assert_true(next(geojson));
    assert_true(geojson_shape(&shape, geojson, &error));
    assert_int_equal(shape.ring_count, 1);
    assert_int_equal(shape.point_count, 5);
    assert_true(shape.x[3] == 4 && shape.y[3] == 53.5);
    shape_free(&shape);
    assert_true(next(geojson));
    assert_false(geojson_has(geojson, "cluster"));
    assert_true(geojson_shape(&shape, geojson, &error));
    assert_int_equal(shape.ring_count, 3);
    assert_int_equal(shape.ring_starts[2], 10);
    assert_int_equal(shape.ring_starts[3], 15);
    shape_free(&shape);
    assert_true(next(geojson));
    assert_true(geojson_shape(&shape, geojson, &error));
    assert_int_equal(shape.ring_count, 0);
    shape_free(&shape);
    assert_false(next(geojson));
    geojson_close(geojson);
}

static void a_position_may_have_a_height(void **state)
{
    (void)state;
    struct shape shape;
    struct error error = {0};
    struct geojson *geojson = open_text(COLLECTION(FEATURE(
        "{}",
        "{\"type\": \"Polygon\", \"coordinates\": [[[4,52,1],[5,52,2],[5,53,3],[4,52,1]]]}")));
    assert_true(next(geojson));
    assert_true(geojson_shape(&shape, geojson, &error));
    assert_int_equal(shape.point_count, 4);
    assert_true(shape.y[2] == 53);
    shape_free(&shape);
    geojson_close(geojson);
}

static void lines_and_places_are_counted(void **state)
{
    (void)state;
    struct geojson *geojson =
        open_text("\xEF\xBB\xBF{\n\"features\": [\n\n" FEATURE("{}", "null") ",\n" FEATURE(
            "{\n}", "null") "\n, " FEATURE("{}", "null") "], \"highest\": 12,"
                                                         "\"crs\": {\"properties\": {\"name\": "
                                                         "\"urn:ogc:def:crs:OGC:1.3:CRS84\"}},"
                                                         "\n\"type\": \"FeatureCollection\"}\n");
    const size_t lines[3] = {4, 5, 7};
    for (size_t i = 0; i < 3; i++) {
        assert_true(next(geojson));
        assert_int_equal(geojson_number(geojson), i + 1);
        assert_int_equal(geojson_line(geojson), lines[i]);
    }
    assert_false(next(geojson));
    double value = 0;
    assert_true(geojson_member(&value, geojson, "highest"));
    assert_true(value == 12);
    assert_false(geojson_member(&value, geojson, "type"));
    assert_false(geojson_member(&value, geojson, "high"));
    geojson_close(geojson);
}

static void no_features_is_fine(void **state)
{
    (void)state;
    struct geojson *geojson = open_text("{\"type\":\"FeatureCollection\",\"features\":[]}");
    assert_false(next(geojson));
    geojson_close(geojson);
}

static void other_files_are_refused(void **state)
{
    (void)state;
    assert_refused("", ":1: the file ends in the middle");
    assert_refused("cluster,code\n1,GM1\n", ":1: this is no JSON: 'cluster,code'");
    assert_refused("{}", "no GeoJSON FeatureCollection");
    assert_refused("[{\"cluster\": 1}]", "no GeoJSON FeatureCollection");
    assert_refused(FEATURE("{}", POLYGON), "no GeoJSON FeatureCollection");
    assert_refused("{\"type\": \"FeatureCollection\"}", "no GeoJSON FeatureCollection");
    assert_refused("{\"type\": \"FeatureCollection\", \"features\": {}}", "no GeoJSON Feature");
    assert_refused("{\"type\": [], \"features\": []}", "no GeoJSON FeatureCollection");
    assert_refused("{\"type\": \"FeatureCollection\", \"features\": [],\n\"crs\": {\"properties\": "
                   "{\"name\": \"EPSG:28992\"}}}",
                   ":2: its reference system is not WGS 84");
    assert_refused("\xFF\xFE{", "UTF-8");
    struct error error = {0};
    assert_false(read_all("{\0}", 3, &error));
    assert_non_null(strstr(error.message, "UTF-8"));
    error = (struct error){0};
    assert_null(geojson_open("/tmp/plein-no-such-file.geojson", &error));
    assert_int_equal(error.kind, ERROR_NO_INPUT);
}

static void what_is_no_json_is_told_by_its_line(void **state)
{
    (void)state;
    assert_refused("{\"type\": \"FeatureCollection\",\n\"features\": [", ":2: the file ends");
    assert_refused(COLLECTION(FEATURE("{}", POLYGON) " " FEATURE("{}", POLYGON)), ":2: this is no");
    assert_refused(COLLECTION(FEATURE("{}", POLYGON) ","), ":3: this is no JSON: ']");
    assert_refused(COLLECTION(FEATURE("{\n\"cluster\": 1 2}", POLYGON)), ":3: this is no JSON");
    assert_refused(COLLECTION(FEATURE("{\n\"cluster\": one}", POLYGON)),
                   ":3: this is no JSON: 'one");
    assert_refused(COLLECTION(FEATURE("{\"a\": \"\\ud800\"}", POLYGON)), ":2: this is no JSON");
    assert_refused(COLLECTION("{\"type\": \"Feature\"]"), ":2: this is no JSON");
    assert_refused(COLLECTION("{\"type\": \"Feature}"), "the file ends in the middle");
    assert_refused(COLLECTION("") "x", ":3: this is no JSON: 'x'");
    assert_refused(COLLECTION("7"), ":2: item 1 of the features is no Feature");
    assert_refused(COLLECTION("{\"type\": \"Point\"}"), ":2: item 1 of the features");
    assert_refused("{\"a\": , \"b\": 1}", ":1: this is no JSON: ', \"b\"");
    assert_refused("{\"a\" 1}", ":1: this is no JSON: '1}'");
    assert_refused("{a: 1}", ":1: this is no JSON");
}

static void a_shape_that_is_none_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *geometry, *expected;
    } cases[] = {
        {"null", ":2: feature 1: its geometry is no Polygon"},
        {"{\"type\": \"Point\", \"coordinates\": [4, 52]}", "no Polygon or MultiPolygon"},
        {"{\"type\": 3, \"coordinates\": [4, 52]}", "no Polygon or MultiPolygon"},
        {"{\"type\": \"Polygon\"}", "no list of rings"},
        {"{\"type\": \"Polygon\", \"coordinates\": 7}", "no list of rings"},
        {"{\"type\": \"MultiPolygon\", \"coordinates\": \"x\"}", "no list of polygons"},
        {"{\"type\": \"MultiPolygon\", \"coordinates\": [7]}", "no list of rings"},
        {"{\"type\": \"Polygon\", \"coordinates\": [7]}", "fewer than four"},
        {"{\"type\": \"Polygon\", \"coordinates\": [[[4,52],[5,52],[4,52]]]}", "fewer than four"},
        {"{\"type\": \"Polygon\", \"coordinates\": [[[4,52],[5,52],[5,53],[4,53]]]}", "close it"},
        {"{\"type\": \"Polygon\", \"coordinates\": [[[4,52],[5],[5,53],[4,52]]]}",
         "position is no"},
        {"{\"type\": \"Polygon\", \"coordinates\": [[[4,52],\"5\",[5,53],[4,52]]]}",
         "position is no"},
        {"{\"type\": \"Polygon\", \"coordinates\": [[[4,52],[null,2],[5,53],[4,52]]]}",
         "position is no"},
        {"{\"type\": \"Polygon\", \"coordinates\": [[[106090,501727],[5,52],[5,53],[4,52]]]}",
         "106090, 501727 is no longitude"},
        {"{\"type\": \"Polygon\", \"coordinates\": [[[1e999,52],[5,52],[5,53],[4,52]]]}",
         "no longitude and latitude"},
        {"{\"type\": \"Polygon\", \"coordinates\": [[[4,-91],[5,52],[5,53],[4,52]]]}",
         "4, -91 is no longitude"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[1024];
        snprintf(text, sizeof text, COLLECTION(FEATURE("{}", "%s")), cases[i].geometry);
        assert_refused(text, cases[i].expected);
    }
}

/* A file of so many opening brackets must not use up the stack, wherever they stand. */
static void deep_nesting_is_refused(void **state)
{
    (void)state;
    enum { DEEP = 200000 };
    static const char *const heads[] = {
        "", "{\"a\": ", "{\"type\": \"FeatureCollection\", \"features\": [",
        "{\"type\": \"FeatureCollection\", \"features\": [{\"geometry\": {\"coordinates\": "};
    static char text[DEEP + 256];
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        size_t length = strlen(heads[i]);
        memcpy(text, heads[i], length);
        memset(text + length, '[', DEEP);
        text[length + DEEP] = '\0';
        struct error error = {0};
        assert_false(read_all(text, length + DEEP, &error));
        assert_int_equal(error.kind, ERROR_DATA);
    }
}

/* In what is passed over; brackets of both kinds count. */
static void brackets_go_100_deep_and_no_deeper(void **state)
{
    (void)state;
    for (size_t depth = 99; depth <= 101; depth++) {
        struct error error = {0};
        char text[1000] = "{\"a\": ";
        for (size_t i = 0; i < depth; i++)
            strcat(text, i % 2 ? "[" : "{\"b\":");
        strcat(text, "1");
        for (size_t i = depth; i-- > 0;)
            strcat(text, i % 2 ? "]" : "}");
        strcat(text, ", \"type\": \"FeatureCollection\", \"features\": []}");
        assert_int_equal(read_all(text, strlen(text), &error), depth <= 100);
        if (depth > 100)
            assert_non_null(strstr(error.message, "more than 100 deep"));
    }
}

/* Many rings, and many features, take time in proportion. */
static void many_rings_are_read_in_one_go(void **state)
{
    (void)state;
    enum { RINGS = 100000 };
    static const char ring[] = "[[4,52],[5,52],[5,53],[4,52]]";
    char *text = malloc((size_t)RINGS * (sizeof ring + 1) + 256);
    assert_non_null(text);
    size_t length =
        (size_t)sprintf(text, "{\"type\": \"FeatureCollection\", \"features\": [{\"type\": "
                              "\"Feature\", \"geometry\": {\"type\": \"Polygon\", "
                              "\"coordinates\": [");
    for (int i = 0; i < RINGS; i++)
        length += (size_t)sprintf(text + length, "%s%s", i > 0 ? "," : "", ring);
    length += (size_t)sprintf(text + length, "]}}]}");
    struct error error = {0};
    struct shape shape;
    struct geojson *geojson = open_bytes(text, length, &error);
    assert_non_null(geojson);
    assert_true(next(geojson));
    assert_true(geojson_shape(&shape, geojson, &error));
    assert_int_equal(shape.ring_count, RINGS);
    shape_free(&shape);
    geojson_close(geojson);
    free(text);
}

/* Wherever a file is cut off, it is refused; no byte behind its end is looked at. */
static void a_file_that_was_cut_short_is_refused(void **state)
{
    (void)state;
    static const char whole[] =
        COLLECTION(FEATURE("{\"cluster\": 1, \"name\": \"caf\xC3\xA9\\n\"}", POLYGON));
    struct error error = {0};
    assert_true(read_all(whole, sizeof whole - 1, &error));
    for (size_t length = 0; length < sizeof whole - 1; length++) {
        error = (struct error){0};
        if (read_all(whole, length, &error))
            fail_msg("%zu bytes are not refused", length);
        assert_int_equal(error.kind, ERROR_DATA);
    }
}

/* What geojson_lines says of the first feature; "" when it takes it, its parts in *parts. */
static const char *lines_of(const char *geometry, size_t *parts, struct error *error)
{
    char text[1024];
    struct shape shape;
    snprintf(text, sizeof text, COLLECTION(FEATURE("{}", "%s")), geometry);
    struct geojson *geojson = open_text(text);
    *error = (struct error){0};
    assert_true(next(geojson));
    bool done = geojson_lines(&shape, geojson, error);
    *parts = shape.ring_count;
    shape_free(&shape);
    geojson_close(geojson);
    return done ? "" : error->message;
}

static void lines_are_parts_and_what_is_none_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *geometry, *expected;
        size_t parts;
    } cases[] = {
        {"{\"type\": \"LineString\", \"coordinates\": [[4, 52], [5, 52]]}", "", 1},
        {"{\"type\": \"LineString\", \"coordinates\": []}", "", 0},
        {"{\"type\": \"MultiLineString\", \"coordinates\": [[[4, 52], [5, 52]], [], [[4, 53]]]}",
         "", 2},
        {"null", "no LineString", 0},
        {"{\"type\": \"Point\", \"coordinates\": [4, 52]}", "no LineString", 0},
        {"{\"type\": \"LineString\"}", "no list of positions", 0},
        {"{\"type\": \"LineString\", \"coordinates\": [[4, 52], [5]]}", "position is no", 0},
        {"{\"type\": \"MultiLineString\", \"coordinates\": [[4, 52]]}", "position is no", 0},
        {"{\"type\": \"MultiLineString\", \"coordinates\": [7]}", "no list of positions", 0},
        {"{\"type\": \"MultiLineString\", \"coordinates\": {\"a\": [[4, 52], [5, 52]]}}",
         "no list of positions", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error;
        size_t parts;
        const char *said = lines_of(cases[i].geometry, &parts, &error);
        if (strstr(said, cases[i].expected) == NULL
            || (*said == '\0') != (*cases[i].expected == '\0'))
            fail_msg("%s: not '%s': %s", cases[i].geometry, cases[i].expected, said);
        if (*said == '\0')
            assert_int_equal(parts, cases[i].parts);
    }
}

static void a_place_is_a_position_or_none(void **state)
{
    (void)state;
    static const struct {
        const char *geometry, *expected; /* "": a place, "-": none */
    } cases[] = {
        {"{\"type\": \"Point\", \"coordinates\": [4, 52]}", ""},
        {"{\"type\": \"MultiPoint\", \"coordinates\": [[4, 52]]}", ""},
        {"null", "-"},
        {"{\"type\": \"Point\", \"coordinates\": []}", "-"},
        {"{\"type\": \"Point\"}", "-"},
        {"{\"type\": \"MultiPoint\", \"coordinates\": []}", "-"},
        {"{\"type\": \"MultiPoint\", \"coordinates\": [[4, 52], [4, 53]]}", "several points"},
        {"{}", "is nothing"},
        {"{\"type\": \"LineString\", \"coordinates\": [[4, 52], [5, 52]]}", "is LineString"},
        {"{\"type\": \"Point\", \"coordinates\": [4]}", "at no position"},
        {"{\"type\": \"Point\", \"coordinates\": [4, \"52\"]}", "at no position"},
        {"{\"type\": \"Point\", \"coordinates\": [\"4\", 52]}", "at no position"},
        {"{\"type\": \"Point\", \"coordinates\": [1e999, 52]}", "at no position"},
        {"{\"type\": \"Point\", \"coordinates\": [4, -1e999]}", "at no position"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[1024];
        struct error error = {0};
        double place[2];
        bool there;
        snprintf(text, sizeof text, COLLECTION(FEATURE("{}", "%s")), cases[i].geometry);
        struct geojson *geojson = open_text(text);
        assert_true(next(geojson));
        bool done = geojson_point(place, &there, geojson, &error);
        const char *said = !done ? error.message : there ? "" : "-";
        if (strstr(said, cases[i].expected) == NULL
            || (done && strcmp(said, cases[i].expected) != 0))
            fail_msg("%s: not '%s': %s", cases[i].geometry, cases[i].expected, said);
        if (done && there)
            assert_true(place[0] == 4 && place[1] == 52);
        geojson_close(geojson);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_feature_tells_its_properties),
        cmocka_unit_test(a_polygon_and_a_multipolygon_are_rings),
        cmocka_unit_test(a_position_may_have_a_height),
        cmocka_unit_test(lines_and_places_are_counted),
        cmocka_unit_test(no_features_is_fine),
        cmocka_unit_test(other_files_are_refused),
        cmocka_unit_test(what_is_no_json_is_told_by_its_line),
        cmocka_unit_test(a_shape_that_is_none_is_refused),
        cmocka_unit_test(deep_nesting_is_refused),
        cmocka_unit_test(brackets_go_100_deep_and_no_deeper),
        cmocka_unit_test(many_rings_are_read_in_one_go),
        cmocka_unit_test(a_file_that_was_cut_short_is_refused),
        cmocka_unit_test(lines_are_parts_and_what_is_none_is_refused),
        cmocka_unit_test(a_place_is_a_position_or_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Tests of GeoJSON being written: rings run as RFC 7946 wants, and seven decimals. */
#include "engine/formats/geojson_write.h"

#include "tests/layers.h"

#include <cjson/cJSON.h>

/* Mirrors the plane, as no projection does, so that each ring must be turned around. */
static bool mirror(const void *state, double *x, double *y, size_t count, struct error *error)
{
    (void)error;
    for (size_t i = 0; i < count; i++) {
        x[i] = (*(const double *)state) * (x[i] - 100000) / 90001;
        y[i] = (y[i] - 500000) / 90001;
    }
    return true;
}

static cJSON *written(const struct layer *layer, double sign)
{
    struct error error = {0};
    struct file_bytes file;
    const struct geojson_degrees degrees = {mirror, &sign};
    must(geojson_write(in_folder("a.geojson"), layer, &degrees, &error), &error);
    must(file_read(&file, in_folder("a.geojson"), 0, &error), &error);
    cJSON *json = cJSON_Parse(file.bytes);
    assert_non_null(json);
    file_free(&file);
    return json;
}

static double area2(const cJSON *ring)
{
    double sum = 0;
    const cJSON *place;
    cJSON_ArrayForEach(place, ring)
    {
        if (place->next != NULL)
            sum += place->child->valuedouble * place->next->child->next->valuedouble
                   - place->next->child->valuedouble * place->child->next->valuedouble;
    }
    return sum;
}

static void check_polygon(const cJSON *polygon)
{
    assert_int_equal(cJSON_GetArraySize(cJSON_GetArrayItem(polygon, 0)) > 3, 1);
    assert_true(area2(cJSON_GetArrayItem(polygon, 0)) > 0);
    for (int hole = 1; hole < cJSON_GetArraySize(polygon); hole++)
        assert_true(area2(cJSON_GetArrayItem(polygon, hole)) < 0);
}

static void shells_run_counter_clockwise_and_holes_clockwise(void **state)
{
    struct layer layer;
    (void)state;
    areas_layer(&layer);
    for (double sign = -1; sign <= 1; sign += 2) {
        cJSON *json = written(&layer, sign);
        const cJSON *features = cJSON_GetObjectItem(json, "features");
        assert_int_equal(cJSON_GetArraySize(features), ROWS);
        for (int i = 0; i < ROWS; i++) {
            const cJSON *geometry =
                cJSON_GetObjectItem(cJSON_GetArrayItem(features, i), "geometry");
            const cJSON *coordinates = cJSON_GetObjectItem(geometry, "coordinates");
            bool two = i == 1;
            assert_string_equal(cJSON_GetObjectItem(geometry, "type")->valuestring,
                                two ? "MultiPolygon" : "Polygon");
            check_polygon(two ? cJSON_GetArrayItem(coordinates, 0) : coordinates);
            if (two)
                check_polygon(cJSON_GetArrayItem(coordinates, 1));
        }
        cJSON_Delete(json);
    }
    layer_free(&layer);
}

static void properties_have_their_kinds(void **state)
{
    struct layer layer;
    (void)state;
    points_layer(&layer, ROWS);
    cJSON *json = written(&layer, 1);
    const cJSON *features = cJSON_GetObjectItem(json, "features");
    const cJSON *first = cJSON_GetObjectItem(cJSON_GetArrayItem(features, 0), "properties");
    const cJSON *fifth = cJSON_GetObjectItem(cJSON_GetArrayItem(features, 4), "properties");
    assert_string_equal(cJSON_GetObjectItem(first, "name")->valuestring, "=1+1");
    assert_true(cJSON_GetObjectItem(first, "incidents")->valuedouble == -10);
    assert_string_equal(cJSON_GetObjectItem(first, "occurred_at")->valuestring,
                        "2024-02-29T23:30:15");
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(fifth, "share")));
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(fifth, "occurred_at")));
    cJSON_Delete(json);
    layer_free(&layer);
}

static void coordinates_have_seven_decimals_at_most(void **state)
{
    struct layer layer;
    struct error error = {0};
    struct file_bytes file;
    (void)state;
    points_layer(&layer, 500);
    cJSON_Delete(written(&layer, 1));
    must(file_read(&file, in_folder("a.geojson"), 0, &error), &error);
    for (const char *at = file.bytes; (at = strstr(at, "\"coordinates\": [")) != NULL; at++) {
        const char *point = strchr(at, '.');
        assert_true(strspn(point + 1, "0123456789") <= 7);
    }
    file_free(&file);
    layer_free(&layer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shells_run_counter_clockwise_and_holes_clockwise),
        cmocka_unit_test(properties_have_their_kinds),
        cmocka_unit_test(coordinates_have_seven_decimals_at_most),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

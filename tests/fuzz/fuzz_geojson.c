/* Feeds the GeoJSON reader arbitrary files, and asks every feature for all that it may say. */
#include "engine/formats/geojson.h"
#include "tests/fuzz/input_file.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_ring(const struct shape *shape, size_t ring)
{
    size_t first = shape->ring_starts[ring], end = shape->ring_starts[ring + 1];
    if (end < first + 4 || shape->x[first] != shape->x[end - 1]
        || shape->y[first] != shape->y[end - 1])
        abort();
    for (size_t i = first; i < end; i++)
        if (!(fabs(shape->x[i]) <= 180 && fabs(shape->y[i]) <= 90))
            abort();
}

static void ask(const struct geojson *geojson, size_t number)
{
    struct shape shape;
    struct error error = {0};
    const char *text = geojson_text(geojson, "domain");
    if (text != NULL && (!geojson_has(geojson, "domain") || strlen(text) > SIZE_MAX / 2))
        abort();
    if (geojson_number(geojson) != number || geojson_line(geojson) == 0)
        abort();
    if (!isnan(geojson_property(geojson, "cluster")) && !geojson_has(geojson, "cluster"))
        abort();
    for (size_t i = 0; i <= geojson_items(geojson, "sources") && i < 3; i++)
        geojson_item_text(geojson, "sources", i, "name");
    double place[2];
    bool there;
    if (!geojson_point(place, &there, geojson, &error))
        expect_told(&error);
    error = (struct error){0};
    if (geojson_shape(&shape, geojson, &error))
        for (size_t r = 0; r < shape.ring_count; r++)
            check_ring(&shape, r);
    else
        expect_told(&error);
    shape_free(&shape);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error error = {0};
    double value;
    bool there = true;
    write_input(data, size);
    struct geojson *geojson = geojson_open(path, &error);
    if (geojson == NULL) {
        expect_told(&error);
        return 0;
    }
    geojson_member(&value, geojson, "highest_cluster");
    for (size_t number = 1; there; number++) {
        if (!geojson_next(&there, geojson, &error))
            expect_told(&error);
        else if (there)
            ask(geojson, number);
    }
    geojson_close(geojson);
    return 0;
}

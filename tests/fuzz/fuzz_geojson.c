/* Feeds the GeoJSON reader arbitrary files, and asks every feature for all that it may say. */
#include "engine/formats/geojson.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char path[64];

static void remove_file(void)
{
    unlink(path);
}

static int make_file(const char *folder)
{
    snprintf(path, sizeof path, "%s/plein-fuzz-geojson-XXXXXX", folder);
    return mkstemp(path);
}

/* One file for the whole run, in memory where there is a place for that: making one an input, on a
 * disk, would cost more than reading it. */
static void write_input(const uint8_t *data, size_t size)
{
    static int descriptor = -1;
    if (descriptor < 0) {
        descriptor = make_file("/dev/shm");
        if (descriptor < 0)
            descriptor = make_file("/tmp");
        atexit(remove_file);
    }
    if (descriptor < 0 || ftruncate(descriptor, 0) != 0
        || pwrite(descriptor, data, size, 0) != (ssize_t)size)
        abort();
}

static void expect_told(const struct error *error)
{
    if (error->kind == ERROR_NONE || error->message[0] == '\0'
        || strchr(error->message, '\n') != NULL)
        abort();
}

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

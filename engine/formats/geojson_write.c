/* Writes a layer as GeoJSON (RFC 7946): longitude and latitude in WGS 84 with 7 decimals, outer
 * rings counter-clockwise, holes clockwise. */
#include "engine/formats/geojson_write.h"

#include "engine/core/files.h"
#include "engine/formats/json.h"

#include <string.h>

enum { DECIMALS = 7, BLOCK = 4096 /* rows that are written at a time */ };

/* ---- geometry ---- */

static void add_place(struct text *text, double lon, double lat)
{
    text_add_bytes(text, "[", 1);
    json_number(text, lon, DECIMALS);
    text_add_bytes(text, ", ", 2);
    json_number(text, lat, DECIMALS);
    text_add_bytes(text, "]", 1);
}

static void add_ring(struct text *text, const struct shape *shape, size_t ring, bool forward)
{
    size_t first = shape->ring_starts[ring], end = shape->ring_starts[ring + 1];
    text_add_bytes(text, "[", 1);
    for (size_t n = 0; n < end - first; n++) {
        size_t i = forward ? first + n : end - 1 - n;
        if (n > 0)
            text_add_bytes(text, ", ", 2);
        add_place(text, shape->x[i], shape->y[i]);
    }
    text_add_bytes(text, "]", 1);
}

static bool is_shell(const struct shape *shape, size_t ring)
{
    return shape_ring_area2(shape, ring) > 0;
}

void geojson_geometry(struct text *text, const struct shape *metres, const struct shape *degrees)
{
    size_t shells = 0;
    for (size_t r = 0; r < metres->ring_count; r++)
        shells += is_shell(metres, r);
    bool one = shells == 1;
    text_add(text, "{\"type\": \"%s\", \"coordinates\": [", one ? "Polygon" : "MultiPolygon");
    for (size_t r = 0; r < metres->ring_count; r++) {
        bool shell = is_shell(metres, r);
        if (!one)
            text_add(text, "%s", r == 0 ? "[" : shell ? "], [" : "");
        text_add(text, "%s", r > 0 && (one || !shell) ? ", " : "");
        add_ring(text, degrees, r, is_shell(degrees, r) == shell);
    }
    text_add(text, "%s]}", !one && metres->ring_count > 0 ? "]" : "");
}

/* ---- features ---- */

static void add_value(struct text *text, const struct layer *layer, size_t column, size_t row)
{
    char buffer[LAYER_CELL];
    const struct layer_column *from = &layer->columns[column];
    if (!layer_is_known(layer, column, row))
        text_add_bytes(text, "null", 4);
    else if (from->kind == LAYER_WHOLE || from->kind == LAYER_REAL)
        json_number(text, from->numbers[row], from->kind == LAYER_REAL ? from->decimals : 0);
    else
        json_string(text, layer_cell(buffer, layer, column, row));
}

static void add_properties(struct text *text, const struct layer *layer, size_t row)
{
    text_add(text, "%s\n  {\"type\": \"Feature\", \"properties\": {", row > 0 ? "," : "");
    for (size_t c = 0; c < layer->column_count; c++) {
        text_add(text, "%s\"%s\": ", c > 0 ? ", " : "", layer->columns[c].name);
        add_value(text, layer, c, row);
    }
    text_add(text, "}, \"geometry\": ");
}

static bool add_area(struct text *text, const struct shape *shape,
                     const struct geojson_degrees *degrees, struct error *error)
{
    struct shape turned = {0};
    if (shape->ring_count == 0) {
        text_add(text, "null");
        return true;
    }
    if (!shape_copy(&turned, shape, error))
        return false;
    bool done = degrees->turn(degrees->state, turned.x, turned.y, turned.point_count, error);
    geojson_geometry(text, shape, &turned);
    shape_free(&turned);
    return done;
}

static bool add_point(struct text *text, double x, double y, const struct geojson_degrees *degrees,
                      struct error *error)
{
    bool done = degrees->turn(degrees->state, &x, &y, 1, error);
    text_add(text, "{\"type\": \"Point\", \"coordinates\": ");
    add_place(text, x, y);
    text_add_bytes(text, "}", 1);
    return done;
}

static bool add_feature(struct text *text, const struct layer *layer, size_t row,
                        const struct geojson_degrees *degrees, struct error *error)
{
    bool done = true;
    add_properties(text, layer, row);
    if (layer->geometry == LAYER_PLAIN)
        text_add(text, "null");
    else if (layer->geometry == LAYER_POINTS)
        done = add_point(text, layer->x[row], layer->y[row], degrees, error);
    else
        done = add_area(text, &layer->shapes[row], degrees, error);
    text_add_bytes(text, "}", 1);
    return done;
}

bool geojson_write(const char *path, const struct layer *layer,
                   const struct geojson_degrees *degrees, struct error *error)
{
    struct output output;
    struct text text = {0};
    bool done = true;
    if (!output_open(&output, path, error))
        return false;
    text_add(&text, "{\"type\": \"FeatureCollection\", \"features\": [");
    for (size_t i = 0; done && i < layer->row_count; i++) {
        done = add_feature(&text, layer, i, degrees, error) && text_check(&text, error);
        if (done && i % BLOCK == BLOCK - 1) {
            fwrite(text.bytes, 1, text.length, output.stream);
            text.length = 0;
        }
    }
    text_add(&text, "\n]}\n");
    done = done && text_check(&text, error);
    if (done)
        fwrite(text.bytes, 1, text.length, output.stream);
    text_free(&text);
    if (done)
        return output_commit(&output, error);
    output_abandon(&output);
    return false;
}

/* A row's geometry as a GeoPackage holds it: a header with its box, and well-known binary. */
#include "engine/formats/geopackage_geometry.h"

#include <string.h>

enum { WKB_POINT = 1, WKB_POLYGON = 3, WKB_MULTIPOLYGON = 6 };
enum { FLAG_LITTLE_ENDIAN = 1, FLAG_BOX = 2 };

static void put_whole(struct text *into, uint32_t value)
{
    char bytes[4];
    for (int i = 0; i < 4; i++)
        bytes[i] = (char)(value >> 8 * i);
    text_add_bytes(into, bytes, sizeof bytes);
}

static void put_double(struct text *into, double value)
{
    uint64_t bits;
    char bytes[8];
    memcpy(&bits, &value, sizeof bits);
    for (int i = 0; i < 8; i++)
        bytes[i] = (char)(bits >> 8 * i);
    text_add_bytes(into, bytes, sizeof bytes);
}

static void put_head(struct text *into, int32_t srs_id, const struct box *box)
{
    const char head[] = {'G', 'P', 0, (char)(FLAG_LITTLE_ENDIAN | (box != NULL ? FLAG_BOX : 0))};
    text_add_bytes(into, head, sizeof head);
    put_whole(into, (uint32_t)srs_id);
    if (box == NULL)
        return;
    put_double(into, box->x_min);
    put_double(into, box->x_max);
    put_double(into, box->y_min);
    put_double(into, box->y_max);
}

static void begin(struct text *into, uint32_t type)
{
    const char little_endian = 1;
    text_add_bytes(into, &little_endian, 1);
    put_whole(into, type);
}

static size_t rings_of(const struct shape *shape, size_t shell)
{
    size_t end = shell + 1;
    while (end < shape->ring_count && !layer_is_shell(shape, end))
        end++;
    return end - shell;
}

/* A shell and its holes. */
static void put_polygon(struct text *into, const struct shape *shape, size_t shell)
{
    size_t count = shape->ring_count > 0 ? rings_of(shape, shell) : 0;
    begin(into, WKB_POLYGON);
    put_whole(into, (uint32_t)count);
    for (size_t r = shell; r < shell + count; r++) {
        size_t first = shape->ring_starts[r], end = shape->ring_starts[r + 1];
        put_whole(into, (uint32_t)(end - first));
        for (size_t i = first; i < end; i++) {
            put_double(into, shape->x[i]);
            put_double(into, shape->y[i]);
        }
    }
}

static void put_polygons(struct text *into, const struct shape *shape)
{
    uint32_t count = 0;
    for (size_t r = 0; r < shape->ring_count; r++)
        count += layer_is_shell(shape, r);
    begin(into, WKB_MULTIPOLYGON);
    put_whole(into, count);
    for (size_t r = 0; r < shape->ring_count; r++)
        if (layer_is_shell(shape, r))
            put_polygon(into, shape, r);
}

void geopackage_geometry(struct text *into, const struct layer *layer, size_t row, int32_t srs_id)
{
    struct box box = layer_box(layer, row);
    into->length = 0;
    put_head(into, srs_id, layer->geometry == LAYER_POINTS ? NULL : &box);
    if (layer->geometry == LAYER_POINTS) {
        begin(into, WKB_POINT);
        put_double(into, layer->x[row]);
        put_double(into, layer->y[row]);
    } else if (layer->geometry == LAYER_POLYGONS)
        put_polygon(into, &layer->shapes[row], 0);
    else
        put_polygons(into, &layer->shapes[row]);
}

const char *geopackage_geometry_type(enum layer_geometry geometry)
{
    switch (geometry) {
    case LAYER_PLAIN:
        break;
    case LAYER_POINTS:
        return "POINT";
    case LAYER_POLYGONS:
        return "POLYGON";
    case LAYER_MULTIPOLYGONS:
        return "MULTIPOLYGON";
    }
    return "GEOMETRY";
}

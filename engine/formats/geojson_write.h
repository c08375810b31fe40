/* Writes a layer as GeoJSON (RFC 7946): longitude and latitude in WGS 84 with 7 decimals, outer
 * rings counter-clockwise, holes clockwise. */
#ifndef PLEIN_FORMATS_GEOJSON_WRITE_H
#define PLEIN_FORMATS_GEOJSON_WRITE_H

#include "engine/core/layer.h"
#include "engine/core/text.h"

/* From the layer's metres to degrees, in place. */
struct geojson_degrees {
    bool (*turn)(const void *state, double *x, double *y, size_t count, struct error *error);
    const void *state;
};

/* NULL or "-" is standard output. */
bool geojson_write(const char *path, const struct layer *layer,
                   const struct geojson_degrees *degrees, struct error *error);

/* A Polygon, or a MultiPolygon when there are several shells. The shape in metres tells which rings
 * are shells, each before its holes; the one in degrees, which way they run there. */
void geojson_geometry(struct text *text, const struct shape *metres, const struct shape *degrees);

#endif

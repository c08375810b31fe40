/* Reads GeoJSON (RFC 7946) and sequences of it (RFC 8142) one feature at a time. */
#ifndef PLEIN_FORMATS_GEOJSON_H
#define PLEIN_FORMATS_GEOJSON_H

#include "engine/core/geometry.h"
#include "engine/core/text.h"
#include "engine/formats/input.h"

struct geojson;

/* Opens a FeatureCollection. ERROR_NO_INPUT; ERROR_DATA, with the line where it can be had: not
 * UTF-8, no JSON, cut short, nested deeper than 100, another JSON document, a `crs` other than
 * WGS 84. */
struct geojson *geojson_open(const char *path, struct error *error);
/* The same from an input, which must stay; sequences of features are read too, and an old `crs`
 * member is believed. */
struct geojson *geojson_open_input(struct input *input, struct error *error);
void geojson_close(struct geojson *geojson); /* NULL is fine */

/* A number beside the features, such as "version": 2; false when there is none of that name. */
bool geojson_member(double *value, const struct geojson *geojson, const char *name);

/* How many features there are. */
size_t geojson_count(const struct geojson *geojson);
/* The next feature again is the first one. */
bool geojson_rewind(struct geojson *geojson, struct error *error);
/* Goes on to the next feature; *there is false behind the last. ERROR_DATA: no JSON, no Feature. */
bool geojson_next(bool *there, struct geojson *geojson, struct error *error);

/* The same, but that nothing of the feature is read but its properties and its id, which takes less
 * time where its geometry is large. */
bool geojson_next_properties(bool *there, struct geojson *geojson, struct error *error);

/* The current feature: its place, from 1, and the line of the file on which it begins. */
size_t geojson_number(const struct geojson *geojson);
size_t geojson_line(const struct geojson *geojson);

/* A property that is null counts as one that is not there. */
bool geojson_has(const struct geojson *geojson, const char *name);
/* NAN when the property is no number. */
double geojson_property(const struct geojson *geojson, const char *name);
/* NULL when the property is no text; stays until the next feature. */
const char *geojson_text(const struct geojson *geojson, const char *name);
/* The feature's Point, longitude and latitude; *there is false when its geometry is null or empty.
 * One point alone in a MultiPoint counts too. ERROR_DATA: another geometry, or a position that is
 * none. */
bool geojson_point(double place[2], bool *there, const struct geojson *geojson,
                   struct error *error);
/* How many items a property that is a list has; 0 when it is none. */
size_t geojson_items(const struct geojson *geojson, const char *list);
/* The text `name` of an item that is an object: "sources": [{"name": "boa"}]; NULL: none. */
const char *geojson_item_text(const struct geojson *geojson, const char *list, size_t item,
                              const char *name);

/* False when it is null or is not there. */
bool geojson_has_geometry(const struct geojson *geojson);
/* Fills *shape with the rings of a Polygon or a MultiPolygon, in degrees, each closed. ERROR_DATA:
 * another geometry or none, a position that is no longitude and latitude, a ring of fewer than four
 * positions or one that does not end where it begins. */
bool geojson_shape(struct shape *shape, const struct geojson *geojson, struct error *error);
/* The parts of a LineString or a MultiLineString. ERROR_DATA as above. */
bool geojson_lines(struct shape *shape, const struct geojson *geojson, struct error *error);
/* "Polygon" ...; NULL: it has no geometry. */
const char *geojson_geometry_type(const struct geojson *geojson);

#endif

/* Reads jurisdictions from the polygons of a GeoJSON file. */
#ifndef PLEIN_FORMATS_GEOJSON_AREAS_H
#define PLEIN_FORMATS_GEOJSON_AREAS_H

#include "engine/formats/shapefile.h"

/* As shapefile_read: one item per feature, in degrees; its crs is EPSG:4326, whatever
 * options->crs says. A feature without geometry is counted in a note. ERROR_DATA: as geojson_open
 * and geojson_shape say, no polygons, no such property. */
bool geojson_read_areas(struct jurisdictions *into, const char *path,
                        const struct boundary_options *options, struct error *error);

#endif

/* Reads a layer of a GeoPackage (OGC 12-128) row by row, and leaves the file as it is. */
#ifndef PLEIN_FORMATS_GEOPACKAGE_READ_H
#define PLEIN_FORMATS_GEOPACKAGE_READ_H

#include "engine/formats/features.h"

/* The layer that input->layer names; else the only one of points, or else of rows without a place,
 * for rows; the only one of lines or areas, or else the one that is called after municipalities,
 * for shapes. Its reference system is the one that the geometries name; where the layer names
 * another, a note says so. The file is opened as one that does not change: no journal is written or
 * waited for, and a note tells of one that lies beside it.
 * ERROR_DATA: no GeoPackage, damaged, no such layer, several. */
bool geopackage_read(struct features *into, struct input *input, const struct features_wish *wish,
                     struct error *error);

#endif

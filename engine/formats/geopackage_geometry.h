/* A row's geometry as a GeoPackage holds it: a header with its box, and well-known binary. */
#ifndef PLEIN_FORMATS_GEOPACKAGE_GEOMETRY_H
#define PLEIN_FORMATS_GEOPACKAGE_GEOMETRY_H

#include "engine/core/layer.h"
#include "engine/core/text.h"

/* Fills the text, emptied first, with the bytes. */
void geopackage_geometry(struct text *into, const struct layer *layer, size_t row, int32_t srs_id);
/* "POINT", "POLYGON" or "MULTIPOLYGON". */
const char *geopackage_geometry_type(enum layer_geometry geometry);

#endif

/* Writes a raster as a float32 GeoTIFF. */
#ifndef PLEIN_FORMATS_GEOTIFF_H
#define PLEIN_FORMATS_GEOTIFF_H

#include "engine/core/layer.h"
#include "engine/core/raster.h"

/* Tiles of 256 by 256, deflated; no data is -9999, which the file says; a value stands for a
 * cell's whole area, and the outer corner is the raster's. The reference system is told by its EPSG
 * code, else by its WKT as ESRI writes it. NULL or "-" is standard output. */
bool geotiff_write(const struct raster *raster, const struct reference *reference, const char *path,
                   struct error *error);

#endif

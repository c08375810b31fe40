/* Writes a raster as an ESRI ASCII grid. */
#ifndef PLEIN_FORMATS_ASCIIGRID_H
#define PLEIN_FORMATS_ASCIIGRID_H

#include "engine/core/raster.h"

/* ncols, nrows, xllcorner, yllcorner, cellsize, NODATA_value -9999, northernmost row first, at
 * least 7 significant digits. NULL or "-" is standard output. */
bool asciigrid_write(const struct raster *raster, const char *path, int thread_count,
                     struct error *error);

#endif

/* Files beside a map's picture that tell where it lies: world file and GeoTIFF. */
#ifndef PLEIN_REPORT_BESIDE_H
#define PLEIN_REPORT_BESIDE_H

#include "engine/draw/map.h"

/* A picture that is written. */
struct beside {
    const struct map_drawing *drawing;
    const struct map_result *result;
    const char *path;
};

/* Writes the world file and the reference system, which is given as WKT. */
bool beside_write_world(const struct beside *beside, const char *wkt, struct error *error);
/* Writes the picture once more as a GeoTIFF in the reference system `crs`: the sheet, or the heat
 * alone where the style has no sheet. */
bool beside_write_geotiff(const struct beside *beside, const char *crs, struct error *error);

#endif

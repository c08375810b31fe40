/* Writes a raster as a float32 GeoTIFF, and a picture as one in colour. */
#ifndef PLEIN_FORMATS_GEOTIFF_H
#define PLEIN_FORMATS_GEOTIFF_H

#include "engine/core/layer.h"
#include "engine/core/raster.h"

/* Tiles of 256 by 256, deflated; no data is -9999, which the file says; a value stands for a
 * cell's whole area, and the outer corner is the raster's. The reference system is told by its EPSG
 * code, else by its WKT as ESRI writes it. NULL or "-" is standard output. */
bool geotiff_write(const struct raster *raster, const struct reference *reference, const char *path,
                   struct error *error);

/* Rows of pixels that somebody else owns: 32 bits each, blue in the lowest byte, then green and
 * red; and where the outer corner of the upper left one lies. */
struct geotiff_picture {
    const uint8_t *bytes;
    size_t stride; /* bytes from one row to the next */
    size_t width, height;
    double x_min, y_max, metres_per_pixel;
    bool alpha; /* the highest byte is how opaque a pixel is; its colour is not premultiplied */
};
/* The same for a picture: 8 bits each of red, green, blue and, where it has one, alpha. */
bool geotiff_write_picture(const struct geotiff_picture *picture, const struct reference *reference,
                           const char *path, struct error *error);

#endif

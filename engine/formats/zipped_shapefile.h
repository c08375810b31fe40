/* Reads the one shapefile in a zip, as portals deliver them. */
#ifndef PLEIN_FORMATS_ZIPPED_SHAPEFILE_H
#define PLEIN_FORMATS_ZIPPED_SHAPEFILE_H

#include "engine/formats/shapefile.h"

/* As shapefile_read; ERROR_DATA too for a zip with no .shp or several, which the error lists. At
 * most 1 GB, unpacked into memory alone. */
bool zipped_shapefile_read(struct jurisdictions *into, const char *path,
                           const struct boundary_options *options, struct error *error);

#endif

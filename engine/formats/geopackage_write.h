/* Writes layers into a GeoPackage (OGC 12-128r18, version 1.3), each with a spatial index and the
 * style that it is opened with. */
#ifndef PLEIN_FORMATS_GEOPACKAGE_WRITE_H
#define PLEIN_FORMATS_GEOPACKAGE_WRITE_H

#include "engine/core/layer.h"

struct geopackage_content {
    const struct layer *layers;
    size_t layer_count;
    const struct reference *reference; /* of all of them */
};

/* Whole or not at all; the same layers give the same bytes with one version of SQLite. A MOMENT
 * becomes two columns: NAME, as text in local clock time as far as it is known (a GeoPackage's own
 * times are in UTC), and NAME_date, where the day is. ERROR_CANNOT_WRITE; ERROR_USAGE for standard
 * output and pipes, which cannot be written here and there. */
bool geopackage_write(const char *path, const struct geopackage_content *content,
                      struct error *error);

#endif

/* The spatial index of a layer, packed at once instead of being grown row by row. */
#ifndef PLEIN_FORMATS_GEOPACKAGE_INDEX_H
#define PLEIN_FORMATS_GEOPACKAGE_INDEX_H

#include "engine/core/layer.h"
#include "engine/formats/geopackage_sql.h"

/* Makes the R-tree of a table that has a column geom and whose rows are the layer's, numbered from
 * 1, and the triggers that keep it up. Sort-tile-recursive packing (Leutenegger, Lopez and
 * Edgington 1997). Boxes are rounded outwards to 32-bit floats, as SQLite does. */
bool geopackage_index(const struct geopackage *to, const struct layer *layer, struct error *error);

#endif

/* Jurisdictions, and the shapes of base layers, from the rows of a map's layer. */
#ifndef PLEIN_FORMATS_AREAS_H
#define PLEIN_FORMATS_AREAS_H

#include "engine/formats/features.h"
#include "engine/formats/shapefile.h"

/* As shapefile_read: one item per row with a polygon, as the file has them. The file's own system
 * counts where it is degrees; options->crs counts before another one, and a note tells when they
 * differ. ERROR_DATA: no polygons, no such field, no system. */
bool areas_read(struct jurisdictions *into, struct features *features,
                const struct boundary_options *options, struct error *error);
/* As shapefile_read_shapes: lines and polygons, with their names where there are any. */
bool areas_read_shapes(struct jurisdictions *into, struct features *features, struct notes *notes,
                       struct error *error);

#endif

/* Reads through ogr2ogr, where it is installed, what plein does not read itself. */
#ifndef PLEIN_FORMATS_OGR2OGR_H
#define PLEIN_FORMATS_OGR2OGR_H

#include "engine/formats/features.h"

/* Makes an INPUT_FOREIGN give the features that ogr2ogr writes, as a sequence of GeoJSON in WGS 84,
 * and opens that; a note says so. ERROR_DATA: not installed, or it cannot read the file, in its own
 * words; of a kind that it is not asked for; in a zip or gzip. */
bool ogr2ogr_open(struct features *into, struct input *input, const struct features_wish *wish,
                  struct error *error);

#endif

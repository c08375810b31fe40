/* The features of GeoJSON as rows: their properties are the columns. */
#ifndef PLEIN_FORMATS_GEOJSON_FEATURES_H
#define PLEIN_FORMATS_GEOJSON_FEATURES_H

#include "engine/formats/features.h"

/* A FeatureCollection or a sequence of features. An object among the properties, as Signalen's
 * category, is told by its name; the id of a feature is a column `id` where no property is. */
bool geojson_features(struct features *into, struct input *input, struct error *error);

#endif

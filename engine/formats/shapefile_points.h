/* Reads the points of a shapefile, with their table, record by record. */
#ifndef PLEIN_FORMATS_SHAPEFILE_POINTS_H
#define PLEIN_FORMATS_SHAPEFILE_POINTS_H

#include "engine/formats/features.h"

/* Points, with or without measures and heights; null shapes have no place, and rows that are marked
 * as deleted are passed over. The system is the .prj's; without one it is not told. Dates are
 * written 2024-05-31, truths true and false. ERROR_DATA: another kind of shape, damaged records, a
 * damaged .dbf. */
bool shapefile_points(struct features *into, struct input *input, const struct features_wish *wish,
                      struct error *error);

#endif

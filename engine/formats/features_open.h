/* Opens the reader that a file's content asks for. */
#ifndef PLEIN_FORMATS_FEATURES_OPEN_H
#define PLEIN_FORMATS_FEATURES_OPEN_H

#include "engine/formats/features.h"

/* The input must stay until the features are closed. Not for INPUT_TEXT, nor, for shapes, for
 * INPUT_SHAPEFILE: those have rooms of their own. ERROR_DATA: as the formats say. */
bool features_open(struct features *into, struct input *input, const struct features_wish *wish,
                   struct error *error);

#endif

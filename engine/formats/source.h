/* Opens what users name, by its content and never by its extension. */
#ifndef PLEIN_FORMATS_SOURCE_H
#define PLEIN_FORMATS_SOURCE_H

#include "engine/formats/csv.h"
#include "engine/formats/shapefile.h"

/* Jurisdictions from a boundaries file, a shapefile or GeoJSON. ERROR_DATA names what else the file
 * seems to be. */
bool source_read_boundaries(struct jurisdictions *into, const char *path,
                            const struct boundary_options *options, struct error *error);

/* What `--incidents [SOURCE=]FILE` names: the length of the source's name, 0 when there is none,
 * and where the path begins. */
size_t source_name_length(const char *incidents);
const char *source_path(const char *incidents);

#endif

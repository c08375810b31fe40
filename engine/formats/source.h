/* Opens what users name, by its content and never by its extension. */
#ifndef PLEIN_FORMATS_SOURCE_H
#define PLEIN_FORMATS_SOURCE_H

#include "engine/formats/csv.h"
#include "engine/formats/shapefile.h"

/* Jurisdictions from a boundaries file, FILE or FILE:layer: a shapefile, a GeoPackage, GeoJSON, and
 * what others can turn into it, with or without a zip around it. ERROR_DATA names what else the
 * file seems to be. */
bool source_read_boundaries(struct jurisdictions *into, const char *path,
                            const struct boundary_options *options, struct error *error);

/* The same for a base layer: lines or polygons, as shapefile_read_shapes has them. */
bool source_read_shapes(struct jurisdictions *into, const char *path, struct notes *notes,
                        struct error *error);

/* What `--incidents [SOURCE=]FILE` names: the length of the source's name, 0 when there is none,
 * and where the path begins. */
size_t source_name_length(const char *incidents);
const char *source_path(const char *incidents);
/* The source's name: the given one, else the file's bare name. The caller frees it. */
char *source_name(const char *incidents, struct error *error);

#endif

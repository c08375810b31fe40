/* Reads boundary shapefiles by shapelib, behind a guard that looks at every length first. */
#ifndef PLEIN_FORMATS_SHAPEFILE_H
#define PLEIN_FORMATS_SHAPEFILE_H

#include "engine/core/jurisdictions.h"

struct boundary_options {
    const char *name_field, *code_field; /* NULL: found among the usual names */
    const char *crs;                     /* --boundaries-crs: NULL: the file's own must be there */
    struct notes *notes;                 /* what was found odd; NULL: not wanted */
};

/* One item per record with a polygon; null shapes are counted in a note. Coordinates as in the
 * file, texts in UTF-8, jurisdictions->crs is the .prj's text (or options->crs). options->notes say
 * what was found odd: which fields serve, records without a code, null shapes, a missing .dbf or
 * .shx, open rings that were closed. ERROR_NO_INPUT: no such file. ERROR_DATA: lying headers, no
 * polygons, no .prj and no options->crs, no such field. */
bool shapefile_read(struct jurisdictions *into, const char *path,
                    const struct boundary_options *options, struct error *error);
/* True when the first bytes are a shapefile's (.shp). */
bool shapefile_recognised(const char *bytes, size_t length);

/* Lines or polygons for a base layer, without attributes; points are left out. */
bool shapefile_read_shapes(struct jurisdictions *into, const char *path, struct notes *notes,
                           struct error *error);

#endif

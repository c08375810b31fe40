/* Reads boundary shapefiles by shapelib, behind a guard that looks at every length first. */
#ifndef PLEIN_FORMATS_SHAPEFILE_H
#define PLEIN_FORMATS_SHAPEFILE_H

#include "engine/core/files.h"
#include "engine/core/jurisdictions.h"

struct boundary_options {
    const char *name_field, *code_field; /* NULL: found among the usual names */
    const char *crs;                     /* --boundaries-crs: NULL: the file's own must be there */
    struct notes *notes;                 /* what was found odd; NULL: not wanted */
};

/* One item per record with a polygon, in the file's order; null shapes are counted in a note.
 * Coordinates as in the file, texts in UTF-8, jurisdictions->crs is the .prj's text (or
 * options->crs). options->notes say what was found odd: which fields serve, records without a code,
 * null shapes, a missing .dbf or .shx, rows that are deleted or missing, open rings that were
 * closed. ERROR_NO_INPUT: no such file. ERROR_DATA: lying headers, damaged records, no polygons, no
 * .prj and no options->crs, no such field, more than would fit in 1 GB of memory. */
bool shapefile_read(struct jurisdictions *into, const char *path,
                    const struct boundary_options *options, struct error *error);
/* True when the first bytes are a shapefile's (.shp). */
bool shapefile_recognised(const char *bytes, size_t length);

/* Lines or polygons for a base layer, with their names where the table beside it has a usual field
 * for them ("" else), and without codes; points and null shapes are left out,
 * which a note says. crs is the .prj's text; NULL, with a note, where there is none. */
bool shapefile_read_shapes(struct jurisdictions *into, const char *path, struct notes *notes,
                           struct error *error);

/* The files of a shapefile in memory, for those who have them from elsewhere (an archive, a test).
 * A part without bytes is not there. */
struct shapefile_parts {
    const char *path; /* of the .shp, for messages */
    struct file_bytes shp, shx, dbf, prj, cpg;
};
/* shapefile_read from these bytes; it may change the header of the .shp's, and frees none. */
bool shapefile_read_parts(struct jurisdictions *into, struct shapefile_parts *parts,
                          const struct boundary_options *options, struct error *error);
bool shapefile_read_shapes_parts(struct jurisdictions *into, struct shapefile_parts *parts,
                                 struct notes *notes, struct error *error);
void shapefile_parts_free(struct shapefile_parts *parts);

#endif

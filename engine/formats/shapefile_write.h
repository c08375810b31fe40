/* Writes a layer as a shapefile: .shp, .shx, .dbf, .prj and .cpg, all of them or none. */
#ifndef PLEIN_FORMATS_SHAPEFILE_WRITE_H
#define PLEIN_FORMATS_SHAPEFILE_WRITE_H

#include "engine/core/layer.h"

/* Points or areas. A name of more than 10 letters loses its last vowels, then its end, and is made
 * unique. A MOMENT becomes two fields: NAME, as text as far as it is known, and NAME_date, a date.
 * Texts are UTF-8, cut to 254 bytes. ERROR_USAGE for standard output and for a layer without
 * places; ERROR_CANNOT_WRITE, also for what is larger than the 2 GB that a shapefile has room for.
 */
bool shapefile_write(const char *path, const struct layer *layer, const struct reference *reference,
                     struct error *error);

enum { SHAPEFILE_NAME = 11 }; /* with the NUL */
/* Shortens a name; `taken` are `count` names that it must differ from. */
void shapefile_short_name(char into[SHAPEFILE_NAME], const char *name,
                          const char (*taken)[SHAPEFILE_NAME], size_t count);

#endif

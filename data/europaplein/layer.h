/* Writes one layer of shapes with text fields as a shapefile, from whole millimetres. */
#ifndef EUROPAPLEIN_LAYER_H
#define EUROPAPLEIN_LAYER_H

#include "ground.h"

#include <stdio.h>

struct layer_field {
    const char *name;
    int width;
};

enum layer_kind { LAYER_LINES = 3, LAYER_POLYGONS = 5 };

struct layer {
    FILE *shp, *shx, *dbf;
    enum layer_kind kind;
    const struct layer_field *fields;
    int field_count;
    int64_t units; /* of a place in one unit of the file: 1000 for metres */
    int32_t records;
    int64_t words; /* of 16 bits written to the .shp so far, its header included */
    int64_t x_min, y_min, x_max, y_max;
};

/* Opens FOLDER/name.shp, .shx and .dbf and writes .prj and .cpg. layer->kind, fields, field_count
 * and units are set by the caller. Ends the program when a file can't be written. */
void layer_open(struct layer *layer, const char *folder, const char *name, const char *prj);
/* One line, or one ring whose first place is repeated at its end; a ring is written clockwise. */
void layer_add(struct layer *layer, const struct place *places, int count,
               const char *const *values);
void layer_close(struct layer *layer);

extern const char LAYER_RD_NEW[]; /* the .prj of EPSG:28992 */
extern const char LAYER_WGS84[];  /* the .prj of EPSG:4326 */

#endif

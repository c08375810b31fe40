/* Which layers a GeoPackage has, which of them is meant, and what its reference systems are. Only
 * files called geopackage* include this. */
#ifndef PLEIN_FORMATS_GEOPACKAGE_LAYERS_H
#define PLEIN_FORMATS_GEOPACKAGE_LAYERS_H

#include "engine/formats/geopackage_sql.h"
#include "engine/formats/input.h"

/* The texts are owned. Zeroed is empty. */
struct geopackage_layer {
    char *table;
    char *geometry; /* its column; NULL: rows without a place */
    char *type;     /* "POINT", "MULTIPOLYGON", "GEOMETRY"; NULL as above */
    int32_t srs_id;
};
void geopackage_layer_free(struct geopackage_layer *layer);

struct geopackage_wish {
    const char *layer; /* NULL: none was named */
    enum input_use use;
    struct notes *notes; /* NULL: not wanted */
};
bool geopackage_choose(struct geopackage_layer *layer, const struct geopackage *from,
                       const struct geopackage_wish *wish, struct error *error);
/* "EPSG:n" or WKT; *crs stays NULL where none is told. The caller frees it. */
bool geopackage_system(char **crs, const struct geopackage *from, int32_t srs_id,
                       struct error *error);

/* A compiled question; the format is sqlite3_mprintf's. NULL and an error when it cannot be. */
sqlite3_stmt *geopackage_query(const struct geopackage *from, struct error *error,
                               const char *format, ...);
/* Tells, as ERROR_DATA, what SQLite says: false. */
bool geopackage_unreadable(const struct geopackage *from, struct error *error);

#endif

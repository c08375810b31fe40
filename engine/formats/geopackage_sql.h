/* A GeoPackage being written: SQL with its errors told by the file's name. Only files called
 * geopackage* include this. */
#ifndef PLEIN_FORMATS_GEOPACKAGE_SQL_H
#define PLEIN_FORMATS_GEOPACKAGE_SQL_H

#include "engine/core/text.h"
#include "engine/formats/geopackage_library.h"

struct geopackage {
    sqlite3 *database;
    const char *path; /* as errors name it */
};

bool geopackage_failed(const struct geopackage *to, struct error *error);
/* Runs statements; the format is sqlite3_mprintf's: %w for a name in double quotes, %Q for a
 * text with its quotes. */
bool geopackage_run(const struct geopackage *to, struct error *error, const char *format, ...);
/* Compiles one; NULL and an error when it cannot be. */
sqlite3_stmt *geopackage_prepare(const struct geopackage *to, struct error *error,
                                 const char *format, ...);
/* Runs a compiled statement that gives no rows, and readies it for the next. */
bool geopackage_step(const struct geopackage *to, sqlite3_stmt *statement, struct error *error);

#endif

/* A GeoPackage being written: SQL with its errors told by the file's name. */
#include "engine/formats/geopackage_sql.h"

bool geopackage_failed(const struct geopackage *to, struct error *error)
{
    return error_set(error, ERROR_CANNOT_WRITE, "%s: the GeoPackage cannot be written: %s",
                     to->path, sqlite3_errmsg(to->database));
}

bool geopackage_run(const struct geopackage *to, struct error *error, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    char *sql = sqlite3_vmprintf(format, values);
    va_end(values);
    bool done = sql != NULL && sqlite3_exec(to->database, sql, NULL, NULL, NULL) == SQLITE_OK;
    sqlite3_free(sql);
    return done || geopackage_failed(to, error);
}

sqlite3_stmt *geopackage_prepare(const struct geopackage *to, struct error *error,
                                 const char *format, ...)
{
    sqlite3_stmt *statement = NULL;
    va_list values;
    va_start(values, format);
    char *sql = sqlite3_vmprintf(format, values);
    va_end(values);
    if (sql == NULL || sqlite3_prepare_v2(to->database, sql, -1, &statement, NULL) != SQLITE_OK)
        geopackage_failed(to, error);
    sqlite3_free(sql);
    return statement;
}

bool geopackage_step(const struct geopackage *to, sqlite3_stmt *statement, struct error *error)
{
    return (sqlite3_step(statement) == SQLITE_DONE && sqlite3_reset(statement) == SQLITE_OK)
           || geopackage_failed(to, error);
}

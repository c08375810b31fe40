/* SQLite's functions, from a library that is loaded when one is first needed. Only
 * files called geopackage* include this. */
#ifndef PLEIN_FORMATS_GEOPACKAGE_LIBRARY_H
#define PLEIN_FORMATS_GEOPACKAGE_LIBRARY_H

#include "engine/core/late.h"

#include <sqlite3.h>

/* A function that is used is listed here and named below. */
/* clang-format off */
#define GEOPACKAGE_FUNCTIONS(F) \
    F(sqlite3_bind_blob) F(sqlite3_bind_blob64) F(sqlite3_bind_double) F(sqlite3_bind_int) \
    F(sqlite3_bind_int64) F(sqlite3_bind_null) F(sqlite3_bind_text) F(sqlite3_close) \
    F(sqlite3_column_blob) F(sqlite3_column_bytes) F(sqlite3_column_count) \
    F(sqlite3_column_decltype) F(sqlite3_column_double) F(sqlite3_column_int64) \
    F(sqlite3_column_name) F(sqlite3_column_text) F(sqlite3_column_type) F(sqlite3_db_config) \
    F(sqlite3_deserialize) F(sqlite3_errmsg) F(sqlite3_exec) F(sqlite3_finalize) F(sqlite3_free) \
    F(sqlite3_limit) F(sqlite3_open_v2) F(sqlite3_prepare_v2) F(sqlite3_progress_handler) \
    F(sqlite3_reset) F(sqlite3_step) F(sqlite3_vmprintf)
/* clang-format on */

struct geopackage_late {
    GEOPACKAGE_FUNCTIONS(LATE_MEMBER)
};

/* Filled by geopackage_library_load, before which no function below may be called. */
extern struct geopackage_late geopackage_late;
bool geopackage_library_load(struct error *error);

#define sqlite3_bind_blob geopackage_late.sqlite3_bind_blob
#define sqlite3_bind_blob64 geopackage_late.sqlite3_bind_blob64
#define sqlite3_bind_double geopackage_late.sqlite3_bind_double
#define sqlite3_bind_int geopackage_late.sqlite3_bind_int
#define sqlite3_bind_int64 geopackage_late.sqlite3_bind_int64
#define sqlite3_bind_null geopackage_late.sqlite3_bind_null
#define sqlite3_bind_text geopackage_late.sqlite3_bind_text
#define sqlite3_close geopackage_late.sqlite3_close
#define sqlite3_column_blob geopackage_late.sqlite3_column_blob
#define sqlite3_column_bytes geopackage_late.sqlite3_column_bytes
#define sqlite3_column_count geopackage_late.sqlite3_column_count
#define sqlite3_column_decltype geopackage_late.sqlite3_column_decltype
#define sqlite3_column_double geopackage_late.sqlite3_column_double
#define sqlite3_column_int64 geopackage_late.sqlite3_column_int64
#define sqlite3_column_name geopackage_late.sqlite3_column_name
#define sqlite3_column_text geopackage_late.sqlite3_column_text
#define sqlite3_column_type geopackage_late.sqlite3_column_type
#define sqlite3_db_config geopackage_late.sqlite3_db_config
#define sqlite3_deserialize geopackage_late.sqlite3_deserialize
#define sqlite3_errmsg geopackage_late.sqlite3_errmsg
#define sqlite3_exec geopackage_late.sqlite3_exec
#define sqlite3_finalize geopackage_late.sqlite3_finalize
#define sqlite3_free geopackage_late.sqlite3_free
#define sqlite3_limit geopackage_late.sqlite3_limit
#define sqlite3_open_v2 geopackage_late.sqlite3_open_v2
#define sqlite3_prepare_v2 geopackage_late.sqlite3_prepare_v2
#define sqlite3_progress_handler geopackage_late.sqlite3_progress_handler
#define sqlite3_reset geopackage_late.sqlite3_reset
#define sqlite3_step geopackage_late.sqlite3_step
#define sqlite3_vmprintf geopackage_late.sqlite3_vmprintf

#endif

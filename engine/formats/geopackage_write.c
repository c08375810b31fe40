/* Writes layers into a GeoPackage (OGC 12-128r18, version 1.3), each with a spatial index and the
 * style that it is opened with. */
#include "engine/formats/geopackage_write.h"

#include "engine/core/files.h"
#include "engine/formats/geopackage_geometry.h"
#include "engine/formats/geopackage_index.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SRS_WGS84 = 4326, SRS_OWN = 100000 }; /* the first number that is nobody's */

static int32_t srs_of(const struct reference *reference)
{
    return reference->epsg > 0 ? reference->epsg : SRS_OWN;
}

/* ---- the tables that every GeoPackage has ---- */

/* No journal: what is written is thrown away when anything fails. */
static bool begin(const struct geopackage *to, struct error *error)
{
    return geopackage_run(to, error,
                          "PRAGMA page_size = 4096; PRAGMA auto_vacuum = NONE;"
                          "PRAGMA encoding = 'UTF-8'; PRAGMA journal_mode = OFF;"
                          "PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"
                          "PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF;"
                          "BEGIN; PRAGMA application_id = 1196444487; /* GPKG */"
                          "PRAGMA user_version = 10300");
}

static bool add_own_tables(const struct geopackage *to, struct error *error)
{
    return geopackage_run(
        to, error,
        "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL "
        "PRIMARY KEY, organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, "
        "definition TEXT NOT NULL, description TEXT);"
        "CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT "
        "NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '', last_change DATETIME NOT NULL "
        "DEFAULT (strftime('%%Y-%%m-%%dT%%H:%%M:%%fZ','now')), min_x DOUBLE, min_y DOUBLE, max_x "
        "DOUBLE, max_y DOUBLE, srs_id INTEGER, CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) "
        "REFERENCES gpkg_spatial_ref_sys(srs_id));"
        "CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, "
        "geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT "
        "NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT "
        "uk_gc_table_name UNIQUE (table_name), CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) "
        "REFERENCES gpkg_contents(table_name), CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) "
        "REFERENCES gpkg_spatial_ref_sys (srs_id));"
        "CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT "
        "NULL, definition TEXT NOT NULL, scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE "
        "(table_name, column_name, extension_name))");
}

static bool add_systems(const struct geopackage *to, const struct reference *reference,
                        struct error *error)
{
    static const char wgs84[] =
        "GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563,"
        "AUTHORITY[\"EPSG\",\"7030\"]],AUTHORITY[\"EPSG\",\"6326\"]],PRIMEM[\"Greenwich\",0,"
        "AUTHORITY[\"EPSG\",\"8901\"]],UNIT[\"degree\",0.0174532925199433,AUTHORITY[\"EPSG\","
        "\"9122\"]],AXIS[\"Latitude\",NORTH],AXIS[\"Longitude\",EAST],AUTHORITY[\"EPSG\","
        "\"4326\"]]";
    static const char row[] = "INSERT INTO gpkg_spatial_ref_sys VALUES (%Q, %d, %Q, %d, %Q, %Q)";
    int32_t own = srs_of(reference);
    return geopackage_run(to, error, row, "Undefined Cartesian SRS", -1, "NONE", -1, "undefined",
                          "undefined Cartesian coordinate reference system")
           && geopackage_run(to, error, row, "Undefined geographic SRS", 0, "NONE", 0, "undefined",
                             "undefined geographic coordinate reference system")
           && geopackage_run(to, error, row, "WGS 84 geodetic", SRS_WGS84, "EPSG", SRS_WGS84, wgs84,
                             "longitude/latitude coordinates in decimal degrees on the WGS 84 "
                             "spheroid")
           && (own == SRS_WGS84
               || geopackage_run(to, error, row, reference->name, own,
                                 own == SRS_OWN ? "NONE" : "EPSG", own, reference->wkt,
                                 reference->name));
}

enum { STAMP_TEXT = MOMENT_TEXT + 8 };

/* `2024-05-31T23:59:00.000Z` */
static void made_at(char stamp[STAMP_TEXT])
{
    char second[MOMENT_TEXT];
    moment_format(second, moment_from_seconds(layer_made_at(), PRECISION_SECOND));
    snprintf(stamp, STAMP_TEXT, "%s.000Z", second);
}

/* ---- a layer ---- */

static const char *type_of(enum layer_kind kind)
{
    switch (kind) {
    case LAYER_TEXT:
    case LAYER_MOMENT:
        break;
    case LAYER_WHOLE:
        return "INTEGER";
    case LAYER_REAL:
        return "REAL";
    }
    return "TEXT";
}

static bool add_table(const struct geopackage *to, const struct layer *layer, struct error *error)
{
    struct text sql = {0};
    text_add(&sql, "CREATE TABLE \"%s\" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL",
             layer->name);
    if (layer->geometry != LAYER_PLAIN)
        text_add(&sql, ", geom %s", geopackage_geometry_type(layer->geometry));
    for (size_t c = 0; c < layer->column_count; c++) {
        text_add(&sql, ", \"%s\" %s", layer->columns[c].name, type_of(layer->columns[c].kind));
        if (layer->columns[c].kind == LAYER_MOMENT)
            text_add(&sql, ", \"%s_date\" DATE", layer->columns[c].name);
    }
    text_add(&sql, ")");
    bool done = text_check(&sql, error) && geopackage_run(to, error, "%s", sql.bytes);
    text_free(&sql);
    return done;
}

static struct box extent_of(const struct layer *layer)
{
    struct box extent = box_empty();
    for (size_t i = 0; i < layer->row_count; i++)
        extent = box_union(extent, layer_box(layer, i));
    return extent;
}

static bool add_content(const struct geopackage *to, const struct layer *layer, int32_t srs_id,
                        struct error *error)
{
    char stamp[STAMP_TEXT];
    bool plain = layer->geometry == LAYER_PLAIN;
    struct box extent = extent_of(layer);
    sqlite3_stmt *row =
        geopackage_prepare(to, error, "INSERT INTO gpkg_contents VALUES (?,?,?,?,?,?,?,?,?,?)");
    made_at(stamp);
    if (row == NULL)
        return false;
    sqlite3_bind_text(row, 1, layer->name, -1, SQLITE_STATIC);
    sqlite3_bind_text(row, 2, plain ? "attributes" : "features", -1, SQLITE_STATIC);
    sqlite3_bind_text(row, 3, layer->name, -1, SQLITE_STATIC);
    sqlite3_bind_text(row, 4, layer->description, -1, SQLITE_STATIC);
    sqlite3_bind_text(row, 5, stamp, -1, SQLITE_STATIC);
    if (!box_is_empty(extent)) {
        sqlite3_bind_double(row, 6, extent.x_min);
        sqlite3_bind_double(row, 7, extent.y_min);
        sqlite3_bind_double(row, 8, extent.x_max);
        sqlite3_bind_double(row, 9, extent.y_max);
    }
    if (!plain)
        sqlite3_bind_int(row, 10, srs_id);
    bool done = geopackage_step(to, row, error);
    sqlite3_finalize(row);
    return done
           && (plain
               || geopackage_run(to, error,
                                 "INSERT INTO gpkg_geometry_columns VALUES (%Q, 'geom', %Q, %d, "
                                 "0, 0)",
                                 layer->name, geopackage_geometry_type(layer->geometry), srs_id));
}

/* Binds one cell from place `at` on; returns the next place. */
static int bind_cell(sqlite3_stmt *statement, int at, const struct layer *layer, size_t column,
                     size_t row)
{
    char cell[LAYER_CELL];
    const struct layer_column *from = &layer->columns[column];
    bool known = layer_is_known(layer, column, row);
    if (from->kind == LAYER_REAL && known)
        sqlite3_bind_double(statement, at, from->numbers[row]);
    else if (from->kind == LAYER_WHOLE && known)
        sqlite3_bind_int64(statement, at, (int64_t)from->numbers[row]);
    else if (known)
        sqlite3_bind_text(statement, at, layer_cell(cell, layer, column, row), -1,
                          SQLITE_TRANSIENT);
    else
        sqlite3_bind_null(statement, at);
    if (from->kind != LAYER_MOMENT)
        return at + 1;
    sqlite3_bind_null(statement, at + 1);
    if (moment_precision(from->moments[row]) >= PRECISION_DAY) {
        moment_format(cell, moment_cut(from->moments[row], PRECISION_DAY));
        sqlite3_bind_text(statement, at + 1, cell, -1, SQLITE_TRANSIENT);
    }
    return at + 2;
}

static sqlite3_stmt *prepare_rows(const struct geopackage *to, const struct layer *layer,
                                  struct error *error)
{
    struct text sql = {0};
    text_add(&sql, "INSERT INTO \"%s\" VALUES (?", layer->name);
    if (layer->geometry != LAYER_PLAIN)
        text_add(&sql, ", ?");
    for (size_t c = 0; c < layer->column_count; c++)
        text_add(&sql, layer->columns[c].kind == LAYER_MOMENT ? ", ?, ?" : ", ?");
    text_add(&sql, ")");
    sqlite3_stmt *rows =
        text_check(&sql, error) ? geopackage_prepare(to, error, "%s", sql.bytes) : NULL;
    text_free(&sql);
    return rows;
}

static bool add_rows(const struct geopackage *to, const struct layer *layer, int32_t srs_id,
                     struct error *error)
{
    struct text geometry = {0};
    sqlite3_stmt *rows = prepare_rows(to, layer, error);
    bool done = rows != NULL;
    for (size_t i = 0; done && i < layer->row_count; i++) {
        int at = 2;
        sqlite3_bind_int64(rows, 1, (int64_t)i + 1);
        if (layer->geometry != LAYER_PLAIN) {
            geopackage_geometry(&geometry, layer, i, srs_id);
            done = text_check(&geometry, error);
            sqlite3_bind_blob64(rows, at++, geometry.bytes, geometry.length, SQLITE_STATIC);
        }
        for (size_t c = 0; c < layer->column_count; c++)
            at = bind_cell(rows, at, layer, c, i);
        done = done && geopackage_step(to, rows, error);
    }
    sqlite3_finalize(rows);
    text_free(&geometry);
    return done;
}

static bool add_layer(const struct geopackage *to, const struct layer *layer, int32_t srs_id,
                      struct error *error)
{
    return add_table(to, layer, error) && add_content(to, layer, srs_id, error)
           && add_rows(to, layer, srs_id, error)
           && (layer->geometry == LAYER_PLAIN || geopackage_index(to, layer, error));
}

/* ---- styles, as QGIS keeps them ---- */

static bool add_style(const struct geopackage *to, const struct layer *layer, const char *stamp,
                      struct error *error)
{
    return geopackage_run(to, error,
                          "INSERT INTO layer_styles (f_table_catalog, f_table_schema, "
                          "f_table_name, f_geometry_column, styleName, styleQML, styleSLD, "
                          "useAsDefault, description, owner, ui, update_time) VALUES ('', '', "
                          "%Q, 'geom', %Q, %Q, %Q, 1, '', '', NULL, %Q)",
                          layer->name, layer->name, layer->qml, layer->sld, stamp);
}

static bool add_styles(const struct geopackage *to, const struct geopackage_content *content,
                       struct error *error)
{
    char stamp[STAMP_TEXT];
    made_at(stamp);
    if (!geopackage_run(
            to, error,
            "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, "
            "f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256), "
            "f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, "
            "useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time "
            "DATETIME DEFAULT CURRENT_TIMESTAMP);"
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, "
            "last_change) VALUES ('layer_styles', 'attributes', 'layer_styles', '', %Q)",
            stamp))
        return false;
    for (size_t i = 0; i < content->layer_count; i++)
        if (content->layers[i].qml != NULL && !add_style(to, &content->layers[i], stamp, error))
            return false;
    return true;
}

static bool fill(const struct geopackage *to, const struct geopackage_content *content,
                 struct error *error)
{
    bool done =
        begin(to, error) && add_own_tables(to, error) && add_systems(to, content->reference, error);
    for (size_t i = 0; done && i < content->layer_count; i++)
        done = add_layer(to, &content->layers[i], srs_of(content->reference), error);
    return done && add_styles(to, content, error) && geopackage_run(to, error, "COMMIT");
}

bool geopackage_write(const char *path, const struct geopackage_content *content,
                      struct error *error)
{
    struct output output;
    struct geopackage to = {.path = path};
    if (!geopackage_library_load(error) || !output_open(&output, path, error))
        return false;
    if (output.temporary == NULL) {
        output_abandon(&output);
        return error_set(error, ERROR_USAGE,
                         "a GeoPackage is written to a file, not to standard output or a pipe; "
                         "name one with -o");
    }
    bool done =
        sqlite3_open_v2(output.temporary, &to.database, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK
            ? fill(&to, content, error)
            : geopackage_failed(&to, error);
    if (sqlite3_close(to.database) != SQLITE_OK && done)
        done = geopackage_failed(&to, error);
    if (done)
        return output_commit(&output, error);
    output_abandon(&output);
    return false;
}

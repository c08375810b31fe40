/* Which layers a GeoPackage has, which of them is meant, and what its reference systems are. */
#include "engine/formats/geopackage_layers.h"

#include "engine/formats/prj.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool geopackage_unreadable(const struct geopackage *from, struct error *error)
{
    return error_set(error, ERROR_DATA, "%s: the GeoPackage cannot be read: %s", from->path,
                     from->database != NULL ? sqlite3_errmsg(from->database) : "?");
}

sqlite3_stmt *geopackage_query(const struct geopackage *from, struct error *error,
                               const char *format, ...)
{
    sqlite3_stmt *statement = NULL;
    va_list values;
    va_start(values, format);
    char *sql = sqlite3_vmprintf(format, values);
    va_end(values);
    if (sql == NULL || sqlite3_prepare_v2(from->database, sql, -1, &statement, NULL) != SQLITE_OK)
        geopackage_unreadable(from, error);
    sqlite3_free(sql);
    return statement;
}

/* ---- layers ---- */

void geopackage_layer_free(struct geopackage_layer *layer)
{
    free(layer->table);
    free(layer->geometry);
    free(layer->type);
    *layer = (struct geopackage_layer){0};
}

struct layers {
    struct geopackage_layer *items;
    size_t count, capacity;
};

static void layers_free(struct layers *layers)
{
    for (size_t i = 0; i < layers->count; i++)
        geopackage_layer_free(&layers->items[i]);
    array_free(&layers->items);
}

static bool copy_column(char **copy, sqlite3_stmt *row, int column, struct error *error)
{
    const char *text = (const char *)sqlite3_column_text(row, column);
    *copy = text != NULL ? text_copy(text, strlen(text), error) : NULL;
    return text == NULL || *copy != NULL;
}

static bool add_layer(struct layers *layers, sqlite3_stmt *row, struct error *error)
{
    struct capacity capacity = {layers->capacity, sizeof *layers->items};
    if (!array_reserve(&layers->items, &capacity, layers->count + 1, error))
        return false;
    layers->capacity = capacity.held;
    struct geopackage_layer *layer = &layers->items[layers->count++];
    *layer = (struct geopackage_layer){.srs_id = (int32_t)sqlite3_column_int64(row, 3)};
    return copy_column(&layer->table, row, 0, error) && copy_column(&layer->geometry, row, 1, error)
           && copy_column(&layer->type, row, 2, error)
           && (layer->table != NULL || (layer->table = text_copy("", 0, error)) != NULL);
}

/* QGIS's styles are a table of their own. */
static bool list_layers(struct layers *layers, const struct geopackage *from, struct error *error)
{
    enum { MOST = 10000 };
    int state = SQLITE_DONE;
    bool done = true;
    struct error none = {0};
    sqlite3_stmt *rows = geopackage_query(
        from, &none,
        "SELECT c.table_name, g.column_name, upper(g.geometry_type_name), g.srs_id FROM "
        "gpkg_contents c LEFT JOIN gpkg_geometry_columns g ON g.table_name = c.table_name WHERE "
        "c.data_type IN ('features', 'attributes') AND c.table_name <> 'layer_styles' ORDER BY 1");
    if (rows == NULL)
        return error_set(error, ERROR_DATA,
                         "%s: an SQLite file, but no whole GeoPackage; is it the right file?",
                         from->path);
    while (done && layers->count < MOST && (state = sqlite3_step(rows)) == SQLITE_ROW)
        done = add_layer(layers, rows, error);
    if (done && state != SQLITE_DONE && state != SQLITE_ROW)
        done = geopackage_unreadable(from, error);
    sqlite3_finalize(rows);
    return done;
}

static bool has_type(const struct geopackage_layer *layer, const char *part)
{
    return layer->type != NULL && strstr(layer->type, part) != NULL;
}

static bool is_called_after(const struct geopackage_layer *layer)
{
    return strncasecmp(layer->table, "gemeente", 8) == 0
           || strncasecmp(layer->table, "municipalit", 11) == 0;
}

/* Ways to find a layer, the first that finds just one is taken. */
enum way { WAY_SHAPES, WAY_CALLED, WAY_POINTS, WAY_ANY_GEOMETRY, WAY_PLAIN };

static bool fits(const struct geopackage_layer *layer, enum way way)
{
    bool points = has_type(layer, "POINT");
    switch (way) {
    case WAY_SHAPES:
        return layer->geometry != NULL && !points;
    case WAY_CALLED:
        return layer->geometry != NULL && !points && is_called_after(layer);
    case WAY_POINTS:
        return layer->geometry != NULL && points;
    case WAY_ANY_GEOMETRY:
        return layer->geometry != NULL;
    case WAY_PLAIN:
        return layer->geometry == NULL;
    }
    return false;
}

/* NULL: none, or several. */
static struct geopackage_layer *only_one(const struct layers *layers, enum way way)
{
    struct geopackage_layer *found = NULL;
    for (size_t i = 0; i < layers->count; i++)
        if (fits(&layers->items[i], way)) {
            if (found != NULL)
                return NULL;
            found = &layers->items[i];
        }
    return found;
}

static bool tell_layers(const struct layers *layers, const char *format, const char *path,
                        struct error *error)
{
    enum { LISTED = 500 };
    struct text names = {0};
    text_add(&names, "%s", "");
    for (size_t i = 0; i < layers->count && names.length < LISTED; i++)
        text_add(&names, "%s%s", i > 0 ? ", " : "", layers->items[i].table);
    struct error told = {0};
    error_set(&told, ERROR_DATA, "%s: %s", path, message_part(format));
    error_set(error, ERROR_DATA, "%.400s; there are: %.500s", told.message,
              names.failed ? "..." : names.bytes);
    text_free(&names);
    return false;
}

static struct geopackage_layer *find_named(const struct layers *layers, const char *name)
{
    for (size_t i = 0; i < layers->count; i++)
        if (strcmp(layers->items[i].table, name) == 0)
            return &layers->items[i];
    for (size_t i = 0; i < layers->count; i++)
        if (text_equal(layers->items[i].table, name))
            return &layers->items[i];
    return NULL;
}

static struct geopackage_layer *find_meant(const struct layers *layers, enum input_use use)
{
    static const enum way WAYS[2][3] = {
        [INPUT_FOR_ROWS] = {WAY_POINTS, WAY_ANY_GEOMETRY, WAY_PLAIN},
        [INPUT_FOR_SHAPES] = {WAY_SHAPES, WAY_CALLED, WAY_SHAPES},
    };
    struct geopackage_layer *found = NULL;
    for (int w = 0; found == NULL && w < 3; w++)
        found = only_one(layers, WAYS[use][w]);
    return found;
}

static void note_choice(const struct geopackage_layer *layer, size_t count, const char *path,
                        struct notes *notes)
{
    if (notes != NULL && count > 1)
        notes_add(notes, "%s: of its %zu layers '%s' is read; name another behind a colon", path,
                  count, layer->table);
}

bool geopackage_choose(struct geopackage_layer *layer, const struct geopackage *from,
                       const struct geopackage_wish *wish, struct error *error)
{
    struct layers layers = {0};
    struct geopackage_layer *found = NULL;
    bool done = list_layers(&layers, from, error);
    if (done && wish->layer != NULL) {
        found = find_named(&layers, wish->layer);
        done = found != NULL
               || tell_layers(&layers, N_("there is no layer of that name"), from->path, error);
    } else if (done) {
        found = find_meant(&layers, wish->use);
        done = found != NULL
               || tell_layers(&layers,
                              N_("which layer is meant is not clear; name it behind a colon, as in "
                                 "FILE.gpkg:LAYER"),
                              from->path, error);
        if (done)
            note_choice(found, layers.count, from->path, wish->notes);
    }
    if (done) {
        *layer = *found;
        *found = (struct geopackage_layer){0};
    }
    layers_free(&layers);
    return done;
}

/* ---- reference systems ---- */

static bool read_system(char **crs, sqlite3_stmt *row, struct error *error)
{
    char code[32];
    const char *authority = (const char *)sqlite3_column_text(row, 0);
    const char *definition = (const char *)sqlite3_column_text(row, 2);
    if (authority != NULL && strcasecmp(authority, "EPSG") == 0) {
        snprintf(code, sizeof code, "EPSG:%lld", (long long)sqlite3_column_int64(row, 1));
        *crs = text_copy(code, strlen(code), error);
        return *crs != NULL;
    }
    if (definition != NULL && prj_is_wkt(definition)) {
        *crs = text_copy(definition, strlen(definition), error);
        return *crs != NULL;
    }
    return true;
}

bool geopackage_system(char **crs, const struct geopackage *from, int32_t srs_id,
                       struct error *error)
{
    *crs = NULL;
    sqlite3_stmt *rows = geopackage_query(
        from, error,
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys "
        "WHERE srs_id = %d",
        (int)srs_id);
    if (rows == NULL)
        return false;
    int state = sqlite3_step(rows);
    bool done = state == SQLITE_ROW    ? srs_id <= 0 || read_system(crs, rows, error)
                : state == SQLITE_DONE ? true
                                       : geopackage_unreadable(from, error);
    sqlite3_finalize(rows);
    return done;
}

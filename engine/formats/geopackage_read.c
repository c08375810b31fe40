/* Reads a layer of a GeoPackage (OGC 12-128) row by row, and leaves the file as it is. */
#include "engine/formats/geopackage_read.h"

#include "engine/formats/geopackage_layers.h"
#include "engine/formats/prj.h"
#include "engine/formats/rings.h"
#include "engine/formats/wkb.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Steps of SQLite's machine between two rows; no table takes so many, but a view without end. */
enum { STEPS_A_CALL = 10000, CALLS_MOST = 8000 };

enum { UNDEFINED_SYSTEM = 0 }; /* and -1 */

struct reading {
    struct geopackage from;
    sqlite3_stmt *rows;
    int geometry;   /* its column; -1: none */
    int *columns;   /* of the statement, for each of the features' */
    int32_t srs_id; /* of the geometries */
    size_t number;  /* of the row, from 1 */
    size_t most;    /* rows; more than fit into the file come from a view without end */
    int calls;      /* since the last row */
};

/* ---- the database ---- */

static int is_endless(void *state)
{
    struct reading *reading = state;
    return ++reading->calls > CALLS_MOST;
}

static bool name_file(struct text *uri, const char *path, struct error *error)
{
    text_add(uri, "%s", path[0] == '/' ? "file://" : "file:"); /* else //a/b names a host, a */
    for (; *path != '\0'; path++)
        if (strchr("?#%", *path) != NULL)
            text_add(uri, "%%%02X", (unsigned)(unsigned char)*path);
        else
            text_add_bytes(uri, path, 1);
    text_add(uri, "?immutable=1");
    return text_check(uri, error);
}

static bool open_file(struct reading *reading, const struct input *input, struct error *error)
{
    struct text uri = {0};
    bool done = name_file(&uri, input->path, error);
    if (done
        && sqlite3_open_v2(uri.bytes, &reading->from.database,
                           SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL)
               != SQLITE_OK)
        done = geopackage_unreadable(&reading->from, error);
    text_free(&uri);
    return done;
}

/* A row of a table takes some bytes at least. */
static bool bound_rows(struct reading *reading, const struct input *input, struct error *error)
{
    struct stat facts;
    reading->most = input->bytes.size;
    if (input->bytes.bytes != NULL)
        return true;
    if (stat(input->path, &facts) != 0)
        return error_set(error, ERROR_NO_INPUT, "%s: %s", input->path, strerror(errno));
    reading->most = (size_t)facts.st_size;
    return true;
}

static bool open_bytes(struct reading *reading, const struct input *input, struct error *error)
{
    const struct file_bytes *bytes = &input->bytes;
    return (sqlite3_open_v2(":memory:", &reading->from.database, SQLITE_OPEN_READWRITE, NULL)
                == SQLITE_OK
            && sqlite3_deserialize(reading->from.database, "main", (unsigned char *)bytes->bytes,
                                   (sqlite3_int64)bytes->size, (sqlite3_int64)bytes->size,
                                   SQLITE_DESERIALIZE_READONLY)
                   == SQLITE_OK)
           || geopackage_unreadable(&reading->from, error);
}

/* What a stranger's file may say is bounded: no functions of its schema that do things, no value
 * over a quarter of a gigabyte, no view without an end. */
static bool open_database(struct reading *reading, const struct input *input, struct error *error)
{
    enum { LONGEST = 256 << 20 };
    reading->from.path = input->shown;
    if (!geopackage_library_load(error) || !bound_rows(reading, input, error)
        || !(input->bytes.bytes != NULL ? open_bytes(reading, input, error)
                                        : open_file(reading, input, error)))
        return false;
    sqlite3_limit(reading->from.database, SQLITE_LIMIT_LENGTH, LONGEST);
    sqlite3_db_config(reading->from.database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(reading->from.database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_progress_handler(reading->from.database, STEPS_A_CALL, is_endless, reading);
    return true;
}

/* ---- rows ---- */

static bool step(bool *there, struct reading *reading, struct error *error)
{
    reading->calls = 0;
    int state = sqlite3_step(reading->rows);
    *there = state == SQLITE_ROW;
    reading->number += *there;
    if (reading->number > reading->most)
        return error_set(error, ERROR_DATA,
                         "%s: gives more rows than it has bytes, as a view without an end does",
                         reading->from.path);
    if (state == SQLITE_INTERRUPT)
        return error_set(error, ERROR_DATA,
                         "%s: takes too long to give a row, as a view without an end does",
                         reading->from.path);
    return state == SQLITE_ROW || state == SQLITE_DONE
           || geopackage_unreadable(&reading->from, error);
}

static bool next_row(bool *there, void *state, struct error *error)
{
    return step(there, state, error);
}

static bool rewind_rows(void *state, struct error *error)
{
    struct reading *reading = state;
    (void)error;
    reading->number = 0;
    sqlite3_reset(reading->rows); /* tells again what step has told */
    return true;
}

static bool print_cell(struct text *into, void *state, size_t column, struct error *error)
{
    struct reading *reading = state;
    int at = reading->columns[column];
    switch (sqlite3_column_type(reading->rows, at)) {
    case SQLITE_INTEGER:
        text_add(into, "%lld", (long long)sqlite3_column_int64(reading->rows, at));
        return true;
    case SQLITE_FLOAT:
        features_add_number(into, sqlite3_column_double(reading->rows, at));
        return true;
    case SQLITE_TEXT: {
        const char *text = (const char *)sqlite3_column_text(reading->rows, at);
        int length = sqlite3_column_bytes(reading->rows, at);
        return text == NULL || features_add_text(into, text, (size_t)length, error);
    }
    default:
        return true;
    }
}

/* ---- geometries ---- */

struct geometry {
    const unsigned char *bytes; /* well-known binary; NULL: none */
    size_t length;
    int32_t srs_id;
};

static bool bad_row(const struct reading *reading, const char *why, struct error *error)
{
    return error_set(error, ERROR_DATA, "%s: row %zu: %s", reading->from.path, reading->number,
                     message_part(why));
}

static int32_t read_srs(const unsigned char *bytes, bool little)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++)
        value |= (uint32_t)bytes[4 + i] << (little ? 8 * i : 24 - 8 * i);
    return (int32_t)value;
}

static bool read_geometry(struct geometry *geometry, const struct reading *reading,
                          struct error *error)
{
    enum { HEAD = 8, LITTLE = 1, EMPTY = 16, EXTENDED = 32 };
    static const size_t BOXES[8] = {0, 32, 48, 48, 64, SIZE_MAX, SIZE_MAX, SIZE_MAX};
    const unsigned char *bytes = sqlite3_column_blob(reading->rows, reading->geometry);
    size_t length = (size_t)sqlite3_column_bytes(reading->rows, reading->geometry);
    *geometry = (struct geometry){0};
    if (bytes == NULL || length == 0)
        return true;
    if (length < HEAD || bytes[0] != 'G' || bytes[1] != 'P')
        return bad_row(reading, N_("its geometry is none of a GeoPackage's"), error);
    unsigned flags = bytes[3];
    size_t box = BOXES[flags >> 1 & 7];
    if ((flags & EXTENDED) != 0 || box == SIZE_MAX || length - HEAD < box)
        return bad_row(reading, N_("its geometry has a header that is not known"), error);
    geometry->srs_id = read_srs(bytes, (flags & LITTLE) != 0);
    if ((flags & EMPTY) != 0)
        return true;
    geometry->bytes = bytes + HEAD + box;
    geometry->length = length - HEAD - box;
    return true;
}

static bool is_told(int32_t srs_id)
{
    return srs_id > UNDEFINED_SYSTEM;
}

static bool check_system(const struct reading *reading, const struct geometry *geometry,
                         struct error *error)
{
    return geometry->srs_id == reading->srs_id || !is_told(geometry->srs_id)
           || error_set(error, ERROR_DATA,
                        "%s: row %zu is in another reference system (srs_id %ld) than those above "
                        "it (%ld); write the layer anew in one",
                        reading->from.path, reading->number, (long)geometry->srs_id,
                        (long)reading->srs_id);
}

static bool read_wkb(struct shape *shape, enum wkb_kind *kind, const struct reading *reading,
                     struct error *error)
{
    struct geometry geometry;
    struct error why = {0};
    *shape = (struct shape){0};
    *kind = WKB_EMPTY;
    if (reading->geometry < 0)
        return true;
    if (!read_geometry(&geometry, reading, error))
        return false;
    if (geometry.bytes == NULL)
        return true;
    if (!check_system(reading, &geometry, error))
        return false;
    return wkb_read(shape, kind, geometry.bytes, geometry.length, &why)
           || error_set(error, why.kind, "%s: row %zu: %s", reading->from.path, reading->number,
                        why.message);
}

static bool find_point(double place[2], bool *there, void *state, struct error *error)
{
    struct reading *reading = state;
    struct shape shape;
    enum wkb_kind kind;
    *there = false;
    if (!read_wkb(&shape, &kind, reading, error))
        return false;
    *there = kind == WKB_POINT;
    if (*there) {
        place[0] = shape.x[0];
        place[1] = shape.y[0];
    }
    shape_free(&shape);
    return kind == WKB_POINT || kind == WKB_EMPTY
           || bad_row(reading, N_("it is no point, and incidents are points"), error);
}

static bool find_shape(struct shape *shape, enum features_shape *kind, void *state,
                       struct error *error)
{
    struct reading *reading = state;
    struct rings_report mended = {0};
    enum wkb_kind found;
    *kind = FEATURES_NOTHING;
    if (!read_wkb(shape, &found, reading, error))
        return false;
    switch (found) {
    case WKB_POLYGONS:
        *kind = FEATURES_POLYGONS;
        rings_clean(shape, &mended);
        return true;
    case WKB_LINES:
        *kind = FEATURES_LINES;
        return true;
    case WKB_POINT:
    case WKB_POINTS:
        *kind = FEATURES_POINT;
        shape_free(shape);
        return true;
    case WKB_EMPTY:
        return true;
    case WKB_OTHER:
        break;
    }
    return bad_row(reading,
                   N_("its geometry is a collection or has curves; write it anew as lines "
                      "or polygons"),
                   error);
}

static void close_rows(void *state)
{
    struct reading *reading = state;
    sqlite3_finalize(reading->rows);
    sqlite3_close(reading->from.database);
    array_free(&reading->columns);
    array_free(&reading);
}

/* ---- opening ---- */

static bool is_text_type(const char *declared)
{
    return declared == NULL || strncmp(declared, "TEXT", 4) == 0
           || strncmp(declared, "VARCHAR", 7) == 0 || strncmp(declared, "text", 4) == 0;
}

static bool list_columns(struct features *into, struct reading *reading, const char *geometry,
                         struct error *error)
{
    int count = sqlite3_column_count(reading->rows);
    reading->geometry = -1;
    if (!array_new(&reading->columns, (size_t)count, sizeof *reading->columns, error))
        return false;
    for (int i = 0; i < count; i++) {
        const char *name = sqlite3_column_name(reading->rows, i);
        if (name == NULL)
            return geopackage_unreadable(&reading->from, error);
        if (geometry != NULL && reading->geometry < 0 && text_equal(name, geometry)) {
            reading->geometry = i;
            continue;
        }
        reading->columns[into->count] = i;
        if (!features_add_column(into, name,
                                 is_text_type(sqlite3_column_decltype(reading->rows, i)), error))
            return false;
    }
    return true;
}

/* The system that the first geometry names, for that is how its numbers are meant. */
static bool find_system(struct reading *reading, struct error *error)
{
    struct geometry geometry;
    bool there = true;
    while (reading->geometry >= 0 && there) {
        if (!step(&there, reading, error) || (there && !read_geometry(&geometry, reading, error)))
            return false;
        if (there && geometry.bytes != NULL) {
            if (is_told(geometry.srs_id))
                reading->srs_id = geometry.srs_id;
            break;
        }
    }
    return rewind_rows(reading, error);
}

static bool take_system(struct features *into, struct reading *reading,
                        const struct geopackage_layer *layer, const struct features_wish *wish,
                        struct error *error)
{
    char *crs = NULL;
    into->place = reading->geometry >= 0 ? FEATURES_XY : FEATURES_NO_PLACE;
    if (reading->geometry < 0)
        return true;
    if (!geopackage_system(&crs, &reading->from, reading->srs_id, error))
        return false;
    if (reading->srs_id != layer->srs_id && wish->notes != NULL)
        notes_add(
            wish->notes,
            "%s: its geometries say that they are in the system of srs_id %ld, its table says "
            "%ld; the geometries are believed",
            reading->from.path, (long)reading->srs_id, (long)layer->srs_id);
    bool done = crs == NULL || features_take_crs(into, crs, error);
    free(crs);
    return done;
}

static void note_journal(const struct input *input, struct notes *notes)
{
    struct text journal = {0};
    if (input->bytes.bytes != NULL || notes == NULL)
        return;
    text_add(&journal, "%s-wal", input->path);
    if (!journal.failed && file_exists(journal.bytes))
        notes_add(
            notes,
            "%s: another program has it open, or did not close it; what it wrote last may not "
            "be seen",
            input->shown);
    text_free(&journal);
}

static bool open_layer(struct features *into, struct reading *reading, const struct input *input,
                       const struct features_wish *wish, struct error *error)
{
    struct geopackage_layer layer = {0};
    bool done =
        geopackage_choose(&layer, &reading->from,
                          &(struct geopackage_wish){input->layer, wish->use, wish->notes}, error);
    if (done) {
        reading->srs_id = layer.srs_id;
        reading->rows =
            geopackage_query(&reading->from, error, "SELECT * FROM \"%w\"", layer.table);
        done = reading->rows != NULL && list_columns(into, reading, layer.geometry, error)
               && find_system(reading, error) && take_system(into, reading, &layer, wish, error);
    }
    geopackage_layer_free(&layer);
    return done;
}

bool geopackage_read(struct features *into, struct input *input, const struct features_wish *wish,
                     struct error *error)
{
    static const struct features_format FORMAT = {
        .next = next_row,
        .rewind = rewind_rows,
        .cell = print_cell,
        .point = find_point,
        .shape = find_shape,
        .close = close_rows,
    };
    struct reading *reading;
    *into = (struct features){.format = &FORMAT, .path = input->shown};
    if (!geopackage_library_load(error) || !array_new(&reading, 1, sizeof *reading, error))
        return false;
    into->state = reading;
    note_journal(input, wish->notes);
    if (open_database(reading, input, error) && open_layer(into, reading, input, wish, error))
        return true;
    features_close(into);
    return false;
}

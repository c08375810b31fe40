/* Tests of the GeoPackage: what the standard wants of its tables, its index against the features'
 * boxes, and its values as SQLite reads them. */
#include "engine/formats/geopackage_write.h"

#include "tests/layers.h"

#include <sqlite3.h>

static sqlite3 *written(struct layer *layers, size_t count)
{
    struct error error = {0};
    sqlite3 *database;
    const struct geopackage_content content = {layers, count, &RD};
    must(geopackage_write(in_folder("a.gpkg"), &content, &error), &error);
    assert_int_equal(sqlite3_open(in_folder("a.gpkg"), &database), SQLITE_OK);
    return database;
}

/* The one value that a query gives, as text. */
static const char *answer(sqlite3 *database, const char *sql)
{
    static char text[400];
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(database));
    snprintf(text, sizeof text, "(none)");
    if (sqlite3_step(statement) == SQLITE_ROW) {
        const unsigned char *value = sqlite3_column_text(statement, 0);
        snprintf(text, sizeof text, "%s", value != NULL ? (const char *)value : "(null)");
    }
    sqlite3_finalize(statement);
    return text;
}

static void the_file_is_what_the_standard_says(void **state)
{
    struct layer layers[2];
    (void)state;
    points_layer(&layers[0], 100);
    areas_layer(&layers[1]);
    sqlite3 *database = written(layers, 2);
    assert_string_equal(answer(database, "PRAGMA application_id"), "1196444487");
    assert_string_equal(answer(database, "PRAGMA user_version"), "10300");
    assert_string_equal(answer(database, "PRAGMA integrity_check"), "ok");
    assert_string_equal(answer(database, "PRAGMA foreign_key_check"), "(none)");
    assert_string_equal(answer(database,
                               "SELECT group_concat(srs_id || organization) FROM (SELECT * FROM "
                               "gpkg_spatial_ref_sys ORDER BY srs_id)"),
                        "-1NONE,0NONE,4326EPSG,28992EPSG");
    assert_string_equal(answer(database, "SELECT group_concat(table_name || data_type || "
                                         "coalesce(srs_id, '')) FROM gpkg_contents"),
                        "incidentsfeatures28992,areasfeatures28992,layer_stylesattributes");
    assert_string_equal(answer(database, "SELECT group_concat(geometry_type_name || z || m) FROM "
                                         "gpkg_geometry_columns"),
                        "POINT00,MULTIPOLYGON00");
    assert_string_equal(answer(database,
                               "SELECT count(*) FROM gpkg_extensions WHERE extension_name "
                               "= 'gpkg_rtree_index' AND scope = 'write-only'"),
                        "2");
    assert_string_equal(answer(database, "SELECT min_x || ' ' || max_x FROM gpkg_contents WHERE "
                                         "table_name = 'areas'"),
                        "100000.0 100110.0");
    assert_string_equal(
        answer(database, "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"), "12");
    assert_string_equal(answer(database, "SELECT count(*) FROM gpkg_contents WHERE last_change NOT "
                                         "GLOB '[0-9]*-[0-9]*-[0-9]*T[0-9]*:[0-9]*:[0-9]*.???Z'"),
                        "0");
    sqlite3_close(database);
    layer_free(&layers[0]);
    layer_free(&layers[1]);
}

/* Packed nodes, of one to three levels, against what SQLite itself checks and a plain search. */
static void the_index_holds_every_box(void **state)
{
    static const size_t counts[] = {0, 1, 51, 52, 2601, 2602, 20000};
    (void)state;
    for (size_t n = 0; n < sizeof counts / sizeof *counts; n++) {
        struct layer layer;
        sqlite3_stmt *rows;
        points_layer(&layer, counts[n]);
        sqlite3 *database = written(&layer, 1);
        assert_string_equal(answer(database, "SELECT rtreecheck('rtree_incidents_geom')"), "ok");
        assert_int_equal(sqlite3_prepare_v2(database,
                                            "SELECT id, minx, maxx, miny, maxy FROM "
                                            "rtree_incidents_geom ORDER BY id",
                                            -1, &rows, NULL),
                         SQLITE_OK);
        for (size_t i = 0; i < counts[n]; i++) {
            assert_int_equal(sqlite3_step(rows), SQLITE_ROW);
            assert_int_equal(sqlite3_column_int64(rows, 0), i + 1);
            double box[4];
            for (int c = 0; c < 4; c++)
                box[c] = sqlite3_column_double(rows, c + 1);
            assert_true(box[0] <= layer.x[i] && layer.x[i] <= box[1] && box[1] - box[0] < 0.02);
            assert_true(box[2] <= layer.y[i] && layer.y[i] <= box[3] && box[3] - box[2] < 0.07);
        }
        assert_int_equal(sqlite3_step(rows), SQLITE_DONE);
        sqlite3_finalize(rows);
        size_t inside = 0;
        for (size_t i = 0; i < counts[n]; i++)
            inside += layer.x[i] < 102000 && layer.y[i] > 505000 && layer.y[i] < 507000;
        assert_int_equal(
            atoi(answer(database, "SELECT count(*) FROM rtree_incidents_geom WHERE "
                                  "maxx < 102000 AND miny > 505000 AND maxy < 507000")),
            inside);
        sqlite3_close(database);
        layer_free(&layer);
    }
}

static void values_and_geometry_are_the_layers(void **state)
{
    struct layer layer;
    (void)state;
    areas_layer(&layer);
    sqlite3 *database = written(&layer, 1);
    assert_string_equal(answer(database, "SELECT group_concat(quote(name), '|') FROM areas"),
                        "'=1+1'|'-2'|'a,b;\"c\"\nd'|'\tx'|'Fryslân'|NULL");
    assert_string_equal(answer(database, "SELECT group_concat(quote(incidents)) FROM areas"),
                        "-10,0,10,20,NULL,40");
    assert_string_equal(answer(database, "SELECT group_concat(quote(occurred_at)) FROM areas"),
                        "'2024-02-29T23:30:15','2024-02-29','2024-02','2024',NULL,"
                        "'2024-02-29T23:30:15'");
    assert_string_equal(answer(database, "SELECT group_concat(quote(occurred_at_date)) FROM areas"),
                        "'2024-02-29','2024-02-29',NULL,NULL,NULL,'2024-02-29'");
    /* GP, version 0, little-endian with a box, 28992; then type 6 with two polygons in it. */
    assert_string_equal(answer(database, "SELECT hex(substr(geom, 1, 8)) FROM areas WHERE fid = 2"),
                        "4750000340710000");
    assert_string_equal(
        answer(database, "SELECT hex(substr(geom, 41, 9)) FROM areas WHERE fid = 2"),
        "010600000002000000");
    assert_string_equal(answer(database, "SELECT length(geom) FROM areas WHERE fid = 2"),
                        "287"); /* 40 + 9 + (9 + 4 + 5 * 16 + 4 + 4 * 16) + (9 + 4 + 4 * 16) */
    sqlite3_close(database);
    layer_free(&layer);
}

static void the_same_layers_give_the_same_bytes(void **state)
{
    struct error error = {0};
    struct layer layer;
    const struct geopackage_content content = {&layer, 1, &RD};
    (void)state;
    points_layer(&layer, 5000);
    must(geopackage_write(in_folder("a.gpkg"), &content, &error), &error);
    must(geopackage_write(in_folder("b.gpkg"), &content, &error), &error);
    same_bytes(in_folder("a.gpkg"), in_folder("b.gpkg"));
    layer_free(&layer);
}

static void a_file_that_was_there_stays_when_it_fails(void **state)
{
    struct error error = {0};
    struct layer layers[2];
    const struct geopackage_content content = {layers, 2, &RD};
    (void)state;
    points_layer(&layers[0], 10);
    points_layer(&layers[1], 10); /* a table of this name is there: it cannot be made */
    FILE *file = fopen(in_folder("old.gpkg"), "w");
    assert_non_null(file);
    fputs("old", file);
    fclose(file);
    assert_false(geopackage_write(in_folder("old.gpkg"), &content, &error));
    assert_int_equal(error.kind, ERROR_CANNOT_WRITE);
    struct file_bytes bytes;
    must(file_read(&bytes, in_folder("old.gpkg"), 0, &error), &error);
    assert_string_equal(bytes.bytes, "old");
    file_free(&bytes);
    assert_false(geopackage_write("-", &content, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    layer_free(&layers[0]);
    layer_free(&layers[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_is_what_the_standard_says),
        cmocka_unit_test(the_index_holds_every_box),
        cmocka_unit_test(values_and_geometry_are_the_layers),
        cmocka_unit_test(the_same_layers_give_the_same_bytes),
        cmocka_unit_test(a_file_that_was_there_stays_when_it_fails),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

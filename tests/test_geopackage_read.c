/* Tests what is let in of a GeoPackage's rows: the head of a geometry bit by bit, its reference
 * system, values, and views without end. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/formats/geopackage_read.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[64], wal[80];
static sqlite3 *database;

/* POINT(3 4), little-endian. */
#define POINT                                                                                      \
    "0101000000"                                                                                   \
    "0000000000000840"                                                                             \
    "0000000000001040"
#define LINE                                                                                       \
    "010200000002000000"                                                                           \
    "0000000000000840"                                                                             \
    "0000000000001040"                                                                             \
    "0000000000000000"                                                                             \
    "0000000000000000"
#define HEAD "4750000140700000" /* srs_id 28736 */

static void run(const char *format, ...)
{
    char sql[2000], *message = NULL;
    va_list rest;
    va_start(rest, format);
    vsnprintf(sql, sizeof sql, format, rest);
    va_end(rest);
    if (sqlite3_exec(database, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
}

/* A layer of points in the system 28736, without a row. */
static int begin(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "/tmp/plein-gpkg-XXXXXX");
    int file = mkstemp(path);
    if (file < 0 || close(file) != 0 || sqlite3_open(path, &database) != SQLITE_OK)
        return -1;
    run("CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT);"
        "CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name "
        "TEXT, srs_id INTEGER);"
        "CREATE TABLE gpkg_spatial_ref_sys (srs_id INTEGER, organization TEXT, "
        "organization_coordsys_id INTEGER, definition TEXT);"
        "INSERT INTO gpkg_contents VALUES ('t', 'features');"
        "INSERT INTO gpkg_geometry_columns VALUES ('t', 'geom', 'POINT', 28736);"
        "INSERT INTO gpkg_spatial_ref_sys VALUES (28736, 'EPSG', 28992, 'x'), (1, 'EPSG', 25831, "
        "'x'), (0, 'NONE', 0, 'undefined');"
        "CREATE TABLE t (geom BLOB, word TEXT, number REAL, whole INTEGER, v VARCHAR(9))");
    return 0;
}

static int end(void **state)
{
    (void)state;
    snprintf(wal, sizeof wal, "%s-wal", path);
    unlink(wal);
    sqlite3_close(database);
    return unlink(path);
}

struct reading {
    struct input input;
    struct features features;
    struct error error;
    struct notes notes;
    bool opened;
};

static void open_reading(struct reading *reading, enum input_use use)
{
    *reading = (struct reading){0};
    if (!input_open(&reading->input, path, use, &reading->error))
        fail_msg("%s", reading->error.message);
    const struct features_wish wish = {use, &reading->notes};
    reading->opened = geopackage_read(&reading->features, &reading->input, &wish, &reading->error);
}

static void close_reading(struct reading *reading)
{
    if (reading->opened)
        features_close(&reading->features);
    input_close(&reading->input);
    notes_free(&reading->notes);
}

static bool next(struct reading *reading)
{
    bool there;
    if (!reading->features.format->next(&there, reading->features.state, &reading->error))
        fail_msg("%s", reading->error.message);
    return there;
}

static bool point(struct reading *reading, double place[2])
{
    bool there;
    if (!reading->features.format->point(place, &there, reading->features.state, &reading->error))
        fail_msg("%s", reading->error.message);
    return there;
}

/* The one row has this geometry: '3 4' when it is taken, '' when it has no place, else the error.
 */
static void expect(const char *hex, const char *wanted)
{
    struct reading reading;
    double place[2];
    bool there = false;
    char told[1100] = "";
    run("DELETE FROM t; INSERT INTO t (geom) VALUES (x'%s')", hex);
    open_reading(&reading, INPUT_FOR_ROWS);
    if (!reading.opened
        || (next(&reading)
            && !reading.features.format->point(place, &there, reading.features.state,
                                               &reading.error)))
        snprintf(told, sizeof told, "%s", reading.error.message);
    else if (there)
        snprintf(told, sizeof told, "%g %g", place[0], place[1]);
    if (*wanted == '\0' ? *told != '\0' : strstr(told, wanted) == NULL)
        fail_msg("%s: '%s', not '%s'", hex, told, wanted);
    close_reading(&reading);
}

#define BOX8 "0000000000000000"

static void the_head_of_a_geometry_has_a_box_of_four_sizes(void **state)
{
    (void)state;
    expect(HEAD POINT, "3 4");
    expect("4750000340700000" BOX8 BOX8 BOX8 BOX8 POINT, "3 4");
    expect("4750000540700000" BOX8 BOX8 BOX8 BOX8 BOX8 BOX8 POINT, "3 4");
    expect("4750000740700000" BOX8 BOX8 BOX8 BOX8 BOX8 BOX8 POINT, "3 4");
    expect("4750000940700000" BOX8 BOX8 BOX8 BOX8 BOX8 BOX8 BOX8 BOX8 POINT, "3 4");
    expect("4750000b40700000" BOX8 BOX8 BOX8 BOX8 BOX8 BOX8 BOX8 BOX8 POINT, "row 1: its geometry "
                                                                             "has a header");
    expect("4750002140700000" POINT, "has a header that is not known"); /* extended */
    expect("4750000340700000" BOX8 BOX8 BOX8 "00000000000000", "has a header");
    expect("4750000340700000" BOX8 BOX8 BOX8 BOX8, "row 1: its geometry is damaged");
    expect("4751000140700000" POINT, "row 1: its geometry is none of a GeoPackage's");
    expect("4650000140700000" POINT, "is none of a GeoPackage's");
    expect("47500001407000", "is none of a GeoPackage's");
    expect(HEAD, "row 1: its geometry is damaged");
    expect("", "");
}

static void an_empty_geometry_is_no_place(void **state)
{
    (void)state;
    expect("4750001140700000" POINT, "");
    expect("4750001140700000", "");
    expect(HEAD "0101000000000000000000f87f000000000000f87f", "");
    expect(HEAD LINE, "row 1: it is no point");
}

static void the_system_is_read_in_either_order_of_bytes(void **state)
{
    static const struct {
        const char *geometry, *crs;
        size_t notes;
    } cases[] = {
        {HEAD POINT, "EPSG:28992", 0},
        {"4750000000007040" POINT, "EPSG:28992", 0}, /* big-endian */
        {"4750000101000000" POINT, "EPSG:25831", 1}, /* the layer says 28736 */
        {"4750000000000001" POINT, "EPSG:25831", 1},
        {"4750000100000000" POINT, "EPSG:28992", 0}, /* undefined: the layer's */
        {"47500001ffffffff" POINT, "EPSG:28992", 0},
        {"4750000102000000" POINT, NULL, 1}, /* not in the file */
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading;
        double place[2];
        run("DELETE FROM t; INSERT INTO t (geom) VALUES (NULL), (x'%s')", cases[i].geometry);
        open_reading(&reading, INPUT_FOR_ROWS);
        if (!reading.opened)
            fail_msg("%s", reading.error.message);
        assert_int_equal(reading.features.place, FEATURES_XY);
        if (cases[i].crs == NULL)
            assert_null(reading.features.crs);
        else
            assert_string_equal(reading.features.crs, cases[i].crs);
        assert_int_equal(reading.notes.count, cases[i].notes);
        assert_true(next(&reading) && !point(&reading, place));
        assert_true(next(&reading) && point(&reading, place));
        assert_false(next(&reading));
        close_reading(&reading);
    }
}

static void two_systems_in_one_layer_are_refused_by_row(void **state)
{
    struct reading reading;
    double place[2];
    bool there;
    (void)state;
    run("DELETE FROM t; INSERT INTO t (geom) VALUES (x'" HEAD POINT "'), (x'4750000100000000" POINT
        "'), (x'4750000101000000" POINT "')");
    open_reading(&reading, INPUT_FOR_ROWS);
    assert_true(next(&reading) && point(&reading, place));
    assert_true(next(&reading) && point(&reading, place)); /* that of none is no contradiction */
    assert_true(next(&reading));
    assert_false(
        reading.features.format->point(place, &there, reading.features.state, &reading.error));
    assert_non_null(strstr(reading.error.message,
                           "row 3 is in another reference system (srs_id 1) than those above it "
                           "(28736)"));
    close_reading(&reading);
}

static const char *cell(struct reading *reading, size_t column)
{
    static struct text text;
    text_free(&text);
    text_add(&text, "%s", "");
    assert_true(
        reading->features.format->cell(&text, reading->features.state, column, &reading->error));
    return text.bytes;
}

static void cells_are_values_and_the_first_row_comes_again(void **state)
{
    struct reading reading;
    (void)state;
    run("DELETE FROM t; INSERT INTO t VALUES (NULL, 'a', 2.5, -7, 'v'), (NULL, NULL, 1e3, 9, "
        "x'00')");
    open_reading(&reading, INPUT_FOR_ROWS);
    assert_int_equal(reading.features.count, 4);
    assert_string_equal(reading.features.columns[0].name, "word");
    assert_true(reading.features.columns[0].is_text);
    assert_false(reading.features.columns[1].is_text);
    assert_false(reading.features.columns[2].is_text);
    assert_true(reading.features.columns[3].is_text);
    for (int pass = 0; pass < 2; pass++) {
        assert_true(next(&reading));
        assert_string_equal(cell(&reading, 0), "a");
        assert_string_equal(cell(&reading, 1), "2.5");
        assert_string_equal(cell(&reading, 2), "-7");
        assert_string_equal(cell(&reading, 3), "v");
        assert_true(next(&reading));
        assert_string_equal(cell(&reading, 0), "");
        assert_string_equal(cell(&reading, 1), "1000");
        assert_string_equal(cell(&reading, 3), "");
        assert_false(next(&reading));
        assert_true(reading.features.format->rewind(reading.features.state, &reading.error));
    }
    close_reading(&reading);
}

/* As out of a gzip or zip: no file is there to be looked at. */
static void bytes_in_memory_are_read_without_their_file(void **state)
{
    struct reading reading = {0};
    double place[2];
    char nowhere[] = "/tmp/plein-no-such.gz", shown[] = "a.gz";
    (void)state;
    run("DELETE FROM t; INSERT INTO t (geom) VALUES (x'" HEAD POINT "')");
    reading.input = (struct input){.kind = INPUT_SQLITE, .path = nowhere, .shown = shown};
    assert_true(file_read(&reading.input.bytes, path, 0, NULL));
    const struct features_wish wish = {INPUT_FOR_ROWS, NULL};
    if (!geopackage_read(&reading.features, &reading.input, &wish, &reading.error))
        fail_msg("%s", reading.error.message);
    assert_true(next(&reading) && point(&reading, place));
    assert_true(place[0] == 3 && place[1] == 4);
    assert_false(next(&reading));
    features_close(&reading.features);
    file_free(&reading.input.bytes);
}

/* More rows than the file has bytes. */
static void a_view_without_end_is_left(void **state)
{
    struct reading reading;
    bool there = true, done = true;
    size_t rows = 0;
    (void)state;
    run("INSERT INTO gpkg_contents VALUES ('endless', 'attributes'); CREATE VIEW endless AS WITH "
        "RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n");
    reading = (struct reading){0};
    char named[100];
    snprintf(named, sizeof named, "%s:endless", path);
    assert_true(input_open(&reading.input, named, INPUT_FOR_ROWS, &reading.error));
    const struct features_wish wish = {INPUT_FOR_ROWS, NULL};
    assert_true(geopackage_read(&reading.features, &reading.input, &wish, &reading.error));
    assert_int_equal(reading.features.place, FEATURES_NO_PLACE);
    for (; done && there; rows += done)
        done = reading.features.format->next(&there, reading.features.state, &reading.error);
    assert_false(done);
    assert_non_null(strstr(reading.error.message, "gives more rows than it has bytes"));
    FILE *file = fopen(path, "rb");
    fseek(file, 0, SEEK_END);
    assert_int_equal(rows, ftell(file));
    fclose(file);
    reading.opened = true;
    close_reading(&reading);
    run("DELETE FROM gpkg_contents WHERE table_name = 'endless'; DROP VIEW endless");
}

static void a_journal_beside_it_is_told_and_left(void **state)
{
    struct reading reading;
    (void)state;
    run("DELETE FROM t");
    open_reading(&reading, INPUT_FOR_ROWS);
    assert_true(reading.opened);
    assert_int_equal(reading.notes.count, 0);
    close_reading(&reading);
    snprintf(wal, sizeof wal, "%s-wal", path);
    FILE *journal = fopen(wal, "wb");
    assert_non_null(journal);
    fclose(journal);
    open_reading(&reading, INPUT_FOR_ROWS);
    assert_true(reading.opened);
    assert_int_equal(reading.notes.count, 1);
    assert_int_equal(access(wal, F_OK), 0);
    close_reading(&reading);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_head_of_a_geometry_has_a_box_of_four_sizes),
        cmocka_unit_test(an_empty_geometry_is_no_place),
        cmocka_unit_test(the_system_is_read_in_either_order_of_bytes),
        cmocka_unit_test(two_systems_in_one_layer_are_refused_by_row),
        cmocka_unit_test(cells_are_values_and_the_first_row_comes_again),
        cmocka_unit_test(bytes_in_memory_are_read_without_their_file),
        cmocka_unit_test(a_view_without_end_is_left),
        cmocka_unit_test(a_journal_beside_it_is_told_and_left),
    };
    return cmocka_run_group_tests(tests, begin, end);
}

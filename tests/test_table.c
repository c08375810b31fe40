/* Small tables: the oddities of csv-spectrum, and what is no table. */
#include "engine/formats/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Skips the test, loudly, when the file is not there. */
static void read_real(struct table *table, const char *name)
{
    char path[512];
    const char *real = getenv("PLEIN_REAL");
    snprintf(path, sizeof path, "%s/hostile/csv-spectrum/%s",
             real != NULL ? real : "../shared/real", name);
    if (access(path, R_OK) != 0) {
        fprintf(stderr, "SKIPPED: %s is missing\n", path);
        skip();
    }
    struct error error = {0};
    if (!table_read(table, path, &error))
        fail_msg("%s", error.message);
}

static bool read_text(struct table *table, const char *bytes, size_t length, struct error *error)
{
    char path[] = "/tmp/plein-table-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, bytes, length), (ssize_t)length);
    close(descriptor);
    bool done = table_read(table, path, error);
    unlink(path);
    return done;
}

/* Compares a table with its cells row by row. */
static void holds(const struct table *table, size_t rows, size_t columns, const char *const *cells)
{
    assert_int_equal(table->row_count, rows);
    assert_int_equal(table->column_count, columns);
    for (size_t i = 0; i < rows * columns; i++)
        assert_string_equal(table->rows[i / columns][i % columns], cells[i]);
}

#define HOLDS(table, rows, columns, ...)                                                           \
    holds(table, rows, columns, (const char *const[]){__VA_ARGS__})

static void simple_rows_are_read(void **state)
{
    static const char *const FILES[] = {"simple.csv", "simple_crlf.csv"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct table table = {0};
        read_real(&table, FILES[i]);
        HOLDS(&table, 2, 3, "a", "b", "c", "1", "2", "3");
        table_free(&table);
    }
}

static void commas_in_quotes_part_nothing(void **state)
{
    struct table table = {0};
    (void)state;
    read_real(&table, "comma_in_quotes.csv");
    HOLDS(&table, 2, 5, "first", "last", "address", "city", "zip", "John", "Doe", "120 any st.",
          "Anytown, WW", "08123");
    table_free(&table);
}

static void empty_quotes_are_empty_cells(void **state)
{
    static const char *const FILES[] = {"empty.csv", "empty_crlf.csv"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct table table = {0};
        read_real(&table, FILES[i]);
        HOLDS(&table, 3, 3, "a", "b", "c", "1", "", "", "2", "3", "4");
        table_free(&table);
    }
}

static void doubled_quotes_are_one_quote(void **state)
{
    struct table table = {0};
    (void)state;
    read_real(&table, "escaped_quotes.csv");
    HOLDS(&table, 3, 2, "a", "b", "1", "ha \"ha\" ha", "3", "4");
    table_free(&table);
}

static void json_in_a_cell_stays_whole(void **state)
{
    struct table table = {0};
    (void)state;
    read_real(&table, "json.csv");
    HOLDS(&table, 2, 2, "key", "val", "1", "{\"type\": \"Point\", \"coordinates\": [102.0, 0.5]}");
    table_free(&table);
}

static void quotes_inside_a_plain_field_are_plain(void **state)
{
    struct table table = {0};
    (void)state;
    read_real(&table, "location_coordinates.csv");
    HOLDS(&table, 2, 4, "Contact Phone Number", "Location Coordinates", "Cities", "Counties",
          "2095257564",
          "37\xEF\xBF\xBD"
          "36'37.8\"N 121\xEF\xBF\xBD"
          "2'17.9\"W",
          "Modesto", "Stanislaus");
    table_free(&table);
}

static void newlines_in_quotes_stay_in_the_cell(void **state)
{
    static const char *const FILES[] = {"newlines.csv", "newlines_crlf.csv"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct table table = {0};
        read_real(&table, FILES[i]);
        HOLDS(&table, 4, 3, "a", "b", "c", "1", "2", "3", "Once upon \na time", "5", "6", "7", "8",
              "9");
        assert_int_equal(table.lines[2], 3);
        assert_int_equal(table.lines[3], 5);
        table_free(&table);
    }
}

static void quotes_and_newlines_go_together(void **state)
{
    struct table table = {0};
    (void)state;
    read_real(&table, "quotes_and_newlines.csv");
    HOLDS(&table, 3, 2, "a", "b", "1", "ha \n\"ha\" \nha", "3", "4");
    table_free(&table);
}

static void utf8_stays_utf8(void **state)
{
    struct table table = {0};
    (void)state;
    read_real(&table, "utf8.csv");
    HOLDS(&table, 3, 3, "a", "b", "c", "1", "2", "3", "4", "5", "\xCA\xA4");
    table_free(&table);
}

static void reads_text(const char *text, size_t rows, size_t columns, const char *const *cells)
{
    struct table table = {0};
    struct error error = {0};
    if (!read_text(&table, text, strlen(text), &error))
        fail_msg("%s", error.message);
    holds(&table, rows, columns, cells);
    table_free(&table);
}

#define READS(text, rows, columns, ...)                                                            \
    reads_text(text, rows, columns, (const char *const[]){__VA_ARGS__})

static void any_line_end_and_any_delimiter_will_do(void **state)
{
    (void)state;
    READS("a;b\r1;\"2\rx\"\r", 2, 2, "a", "b", "1", "2\rx");
    READS("a\tb\r\n1,5\t\"2\"\r\n", 2, 2, "a", "b", "1,5", "2");
    READS("\xEF\xBB\xBFsource;reported\n;x\n", 2, 2, "source", "reported", "", "x");
    READS("sep=;\na;b,c\n1;2\n", 2, 2, "a", "b,c", "1", "2");
    READS("a,b\n\n\r\n1\n", 2, 2, "a", "b", "1", "");
    READS("a\n\"\"\n", 2, 1, "a", "");
    READS("naam\nA\xE9\n", 2, 1, "naam", "A\xC3\xA9");
    READS("a;b;c\n1,1;2,2;3,3\n", 2, 3, "a", "b", "c", "1,1", "2,2", "3,3");
    READS("a,b;c;d\n1,2;3;4\n", 2, 3, "a,b", "c", "d", "1,2", "3", "4");
    READS("a,b\n\"x\"y,\"\"\"\"\n", 2, 2, "a", "b", "xy", "\"");
}

static void what_is_no_table_is_refused_with_its_name(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
        const char *why;
    } FILES[] = {{"", 0, "empty"},
                 {"\xEF\xBB\xBF\n\n", 5, "empty"},
                 {"\xFF\xFE"
                  "a\0",
                  4, "UTF-16"},
                 {"PK\x03\x04...", 7, "spreadsheet"},
                 {"\x1F\x8B...", 5, "gzip"},
                 {"a,b\n1,\0\n", 8, "NUL"},
                 {"a,b\n1,\"2\n", 9, ":2: a quote"},
                 {"a,b\n1,\"2\n3,\"4\"\n", 15, ":2: a quote"}};
    (void)state;
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        struct table table = {0};
        struct error error = {0};
        assert_false(read_text(&table, FILES[i].bytes, FILES[i].length, &error));
        assert_int_equal(error.kind, ERROR_DATA);
        assert_non_null(strstr(error.message, "/tmp/plein-table-"));
        if (strstr(error.message, FILES[i].why) == NULL)
            fail_msg("'%s' does not say '%s'", error.message, FILES[i].why);
        table_free(&table);
    }
    struct error error = {0};
    struct table table = {0};
    assert_false(table_read(&table, "/tmp/plein-there-is-no-such-file", &error));
    assert_int_equal(error.kind, ERROR_NO_INPUT);
}

/* 16,384 columns in the header and very many rows of one cell would be billions of cells. */
static void a_short_file_cannot_name_billions_of_cells(void **state)
{
    size_t columns = 16000, rows = 100000, length = 0;
    char *bytes = malloc(columns * 2 + rows * 2);
    struct table table = {0};
    struct error error = {0};
    (void)state;
    assert_non_null(bytes);
    for (size_t i = 0; i < columns; i++) {
        bytes[length++] = 'a';
        bytes[length++] = i + 1 < columns ? ',' : '\n';
    }
    for (size_t i = 0; i < rows; i++) {
        bytes[length++] = '1';
        bytes[length++] = '\n';
    }
    assert_false(read_text(&table, bytes, length, &error));
    assert_int_equal(error.kind, ERROR_DATA);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(simple_rows_are_read),
        cmocka_unit_test(commas_in_quotes_part_nothing),
        cmocka_unit_test(empty_quotes_are_empty_cells),
        cmocka_unit_test(doubled_quotes_are_one_quote),
        cmocka_unit_test(json_in_a_cell_stays_whole),
        cmocka_unit_test(quotes_inside_a_plain_field_are_plain),
        cmocka_unit_test(newlines_in_quotes_stay_in_the_cell),
        cmocka_unit_test(quotes_and_newlines_go_together),
        cmocka_unit_test(utf8_stays_utf8),
        cmocka_unit_test(any_line_end_and_any_delimiter_will_do),
        cmocka_unit_test(what_is_no_table_is_refused_with_its_name),
        cmocka_unit_test(a_short_file_cannot_name_billions_of_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

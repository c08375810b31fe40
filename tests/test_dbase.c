/* Tests the guard of a .dbf: each length at its edge, and rows that are not all there. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/formats/dbase.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER = 32 + 2 * 32 + 1, ROW = 1 + 4 + 3, ROWS = 2, WHOLE = HEADER + ROWS * ROW };

/* NAME of four characters and N of three digits; two rows, the second one deleted. */
static void make(unsigned char bytes[WHOLE])
{
    memset(bytes, 0, WHOLE);
    bytes[0] = 3;
    bytes[4] = ROWS;
    bytes[8] = HEADER;
    bytes[10] = ROW;
    memcpy(bytes + 32, "NAME", 4);
    bytes[32 + 11] = 'C';
    bytes[32 + 16] = 4;
    memcpy(bytes + 64, "N", 1);
    bytes[64 + 11] = 'N';
    bytes[64 + 16] = 3;
    bytes[96] = 0x0D;
    memcpy(bytes + HEADER, " ab  1.0*cdef 20", ROWS * ROW);
}

/* In memory that ends with it, so that a step too far is seen by a sanitizer. */
static bool open_first(struct dbase *dbase, struct file_bytes *file, const unsigned char *bytes,
                       size_t size, struct error *error)
{
    file->bytes = malloc(size > 0 ? size : 1);
    assert_non_null(file->bytes);
    memcpy(file->bytes, bytes, size);
    file->size = size;
    return dbase_open(dbase, file, &(struct dbase_options){.path = "a.dbf"}, error);
}

static void refuse(const unsigned char *bytes, size_t size, const char *why)
{
    struct dbase dbase;
    struct file_bytes file;
    struct error error = {0};
    if (open_first(&dbase, &file, bytes, size, &error))
        fail_msg("taken: %s", why);
    assert_int_equal(error.kind, ERROR_DATA);
    if (strstr(error.message, why) == NULL)
        fail_msg("'%s' tells of no '%s'", error.message, why);
    free(file.bytes);
}

static void take(const unsigned char *bytes, size_t size, size_t fields, size_t rows)
{
    struct dbase dbase;
    struct file_bytes file;
    struct error error = {0};
    if (!open_first(&dbase, &file, bytes, size, &error))
        fail_msg("%s", error.message);
    assert_int_equal(dbase.field_count, fields);
    assert_int_equal(dbase.row_count, rows);
    dbase_free(&dbase);
    free(file.bytes);
}

static void expect_cell(const struct dbase *dbase, size_t field, size_t row, const char *wanted)
{
    char *cell = dbase_cell(dbase, field, row, NULL);
    assert_non_null(cell);
    assert_string_equal(cell, wanted);
    free(cell);
}

static void cells_are_where_the_header_puts_them(void **state)
{
    (void)state;
    unsigned char bytes[WHOLE];
    struct dbase dbase;
    struct file_bytes file;
    char **column;
    make(bytes);
    assert_true(open_first(&dbase, &file, bytes, WHOLE, NULL));
    assert_string_equal(dbase.fields[0].name, "NAME");
    assert_string_equal(dbase.fields[1].name, "N");
    assert_true(dbase.fields[0].is_text && !dbase.fields[0].is_number);
    assert_true(dbase.fields[1].is_number && !dbase.fields[1].is_text);
    expect_cell(&dbase, 0, 0, "ab");
    expect_cell(&dbase, 1, 0, "1");
    expect_cell(&dbase, 0, 1, "cdef");
    expect_cell(&dbase, 1, 1, "20");
    expect_cell(&dbase, 0, 2, ""); /* a row that is not there */
    assert_false(dbase_is_deleted(&dbase, 0));
    assert_true(dbase_is_deleted(&dbase, 1));
    assert_false(dbase_is_deleted(&dbase, 2));
    assert_true(dbase_column(&column, &dbase, 1, 3, NULL));
    assert_string_equal(column[1], "20");
    assert_string_equal(column[2], "");
    for (int i = 0; i < 3; i++)
        free(column[i]);
    free(column);
    dbase_free(&dbase);
    free(file.bytes);
}

static void numbers_lose_only_idle_zeros(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"1.0", "1"}, {"100", "100"}, {".50", ".5"},
                                           {"0.0", "0"}, {"2.", "2"},    {"1e0", "1e0"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned char bytes[WHOLE];
        struct dbase dbase;
        struct file_bytes file;
        make(bytes);
        memset(bytes + HEADER + 5, ' ', 3);
        memcpy(bytes + HEADER + 5, cases[i][0], strlen(cases[i][0]));
        assert_true(open_first(&dbase, &file, bytes, WHOLE, NULL));
        expect_cell(&dbase, 1, 0, cases[i][1]);
        dbase_free(&dbase);
        free(file.bytes);
    }
}

static void the_header_lies_within_the_file(void **state)
{
    (void)state;
    unsigned char bytes[WHOLE];
    make(bytes);
    refuse(bytes, 0, "cut off within its header");
    refuse(bytes, 32, "cut off within its header");
    refuse(bytes, 33, "header is longer than the file");
    refuse(bytes, HEADER - 1, "header is longer than the file");
    take(bytes, HEADER, 2, 0);
    bytes[8] = 32;
    refuse(bytes, WHOLE, "header is longer than the file");
    bytes[8] = 33;
    take(bytes, WHOLE, 0, ROWS);
    take(bytes, 33, 0, 0);
    bytes[9] = 1;
    refuse(bytes, WHOLE, "header is longer than the file");
}

static void fields_end_with_the_header_or_its_mark(void **state)
{
    (void)state;
    unsigned char bytes[WHOLE];
    make(bytes);
    bytes[64] = 0x0D;
    take(bytes, WHOLE, 1, ROWS);
    make(bytes);
    bytes[8] = 96; /* no mark, and the header ends right behind the second field */
    take(bytes, WHOLE, 2, ROWS);
    bytes[8] = 95;
    take(bytes, WHOLE, 1, ROWS);
}

static void rows_are_as_long_as_their_fields_or_longer(void **state)
{
    (void)state;
    unsigned char bytes[WHOLE];
    make(bytes);
    bytes[10] = 0;
    refuse(bytes, WHOLE, "rows have no length");
    bytes[10] = ROW - 1;
    refuse(bytes, WHOLE, "fields are wider than its rows");
    bytes[10] = ROW + 1;
    take(bytes, WHOLE, 2, 1);
    bytes[11] = 1;
    take(bytes, WHOLE, 2, 0);
}

static void rows_are_those_that_are_there_and_told(void **state)
{
    (void)state;
    unsigned char bytes[WHOLE];
    make(bytes);
    take(bytes, WHOLE - 1, 2, 1);
    take(bytes, HEADER + ROW, 2, 1);
    take(bytes, HEADER + ROW - 1, 2, 0);
    bytes[4] = 1;
    take(bytes, WHOLE, 2, 1);
    bytes[4] = 0;
    bytes[7] = 0x80; /* 2^31 of them */
    take(bytes, WHOLE, 2, ROWS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_where_the_header_puts_them),
        cmocka_unit_test(numbers_lose_only_idle_zeros),
        cmocka_unit_test(the_header_lies_within_the_file),
        cmocka_unit_test(fields_end_with_the_header_or_its_mark),
        cmocka_unit_test(rows_are_as_long_as_their_fields_or_longer),
        cmocka_unit_test(rows_are_those_that_are_there_and_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

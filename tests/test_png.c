/* Tests writing PNG files, by reading them back. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/draw/png.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char path[] = "/tmp/plein_test_png.png";

static const uint8_t pixels_2x2[] = {
    /* blue, green, red, anything */
    10, 20, 30, 99, 40, 50, 60, 0, 255, 255, 255, 7, 0, 0, 0, 255,
};

static bool write_small(const struct png_options *options, struct error *error)
{
    struct png_pixels pixels = {pixels_2x2, 8, 2, 2};
    return png_write(path, &pixels, options, error);
}

static void pixels_texts_and_resolution_come_back(void **state)
{
    struct png_note notes[] = {{"Title", "Één plein, twee gemeenten"}, {"Extent", "1 2 3 4"}};
    struct png_picture picture;
    struct error error = {0};
    (void)state;
    if (!write_small(&(struct png_options){144, notes, 2}, &error)
        || !png_read(&picture, path, &error))
        fail_msg("%s", error.message);
    static const uint8_t wanted[] = {30,  20,  10,  255, 60, 50, 40, 255,
                                     255, 255, 255, 255, 0,  0,  0,  255};
    assert_int_equal(picture.width, 2);
    assert_int_equal(picture.height, 2);
    assert_memory_equal(picture.rgba, wanted, sizeof wanted);
    assert_true(fabs(picture.dpi - 144) < 0.05);
    assert_int_equal(picture.text_count, 2);
    assert_string_equal(picture.texts[0], "Title\nÉén plein, twee gemeenten");
    assert_string_equal(picture.texts[1], "Extent\n1 2 3 4");
    png_picture_free(&picture);
    unlink(path);
}

static void the_same_picture_is_the_same_bytes(void **state)
{
    char bytes[2][4096];
    size_t length[2];
    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_true(write_small(&(struct png_options){72, NULL, 0}, NULL));
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        length[i] = fread(bytes[i], 1, sizeof bytes[i], file);
        fclose(file);
    }
    assert_int_equal(length[0], length[1]);
    assert_memory_equal(bytes[0], bytes[1], length[0]);
    for (size_t i = 0; i + 4 < length[0]; i++)
        assert_memory_not_equal(bytes[0] + i, "tIME", 4);
    unlink(path);
}

static void an_indexed_picture_keeps_its_transparency(void **state)
{
    static const uint8_t indexes[] = {0, 1, 2, 1, 0, 2};
    static const uint32_t palette[] = {0x00000000, 0xFFFE0102, 0x80030405};
    struct png_picture picture;
    (void)state;
    assert_true(png_write_indexed(path, &(struct png_indexed){indexes, 3, 2, palette, 3},
                                  &(struct png_options){0}, NULL));
    assert_true(png_read(&picture, path, NULL));
    for (size_t i = 0; i < 6; i++) {
        uint32_t colour = palette[indexes[i]];
        const uint8_t *rgba = picture.rgba + 4 * i;
        assert_int_equal((uint32_t)rgba[3] << 24 | (uint32_t)rgba[0] << 16 | (uint32_t)rgba[1] << 8
                             | rgba[2],
                         colour);
    }
    png_picture_free(&picture);
    unlink(path);
}

static void a_folder_that_is_not_there_cannot_be_written(void **state)
{
    struct png_pixels pixels = {pixels_2x2, 8, 2, 2};
    struct error error = {0};
    (void)state;
    assert_false(
        png_write("/tmp/plein_no_such_folder/x.png", &pixels, &(struct png_options){0}, &error));
    assert_int_equal(error.kind, ERROR_CANNOT_WRITE);
}

static void a_size_or_key_that_cannot_be_is_refused(void **state)
{
    struct png_note wrong[] = {{"", "x"}, {" x", "x"}, {"x  y", "x"}, {"\x01", "x"}};
    struct error error = {0};
    (void)state;
    struct png_pixels pixels = {pixels_2x2, 8, 0, 2};
    assert_false(png_write(path, &pixels, &(struct png_options){0}, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    for (size_t i = 0; i < 4; i++)
        assert_false(write_small(&(struct png_options){0, &wrong[i], 1}, NULL));
    assert_int_equal(access(path, F_OK), -1);
}

static void what_is_no_picture_is_an_error(void **state)
{
    struct png_picture picture;
    struct error error = {0};
    (void)state;
    assert_false(png_read(&picture, "/tmp/plein_no_such.png", &error));
    assert_int_equal(error.kind, ERROR_NO_INPUT);
    assert_true(write_small(&(struct png_options){0}, NULL));
    for (long cut = 0; cut < 60; cut += 3) {
        assert_true(write_small(&(struct png_options){0}, NULL));
        assert_int_equal(truncate(path, cut), 0);
        assert_false(png_read(&picture, path, &error));
        assert_int_equal(error.kind, ERROR_DATA);
    }
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pixels_texts_and_resolution_come_back),
        cmocka_unit_test(the_same_picture_is_the_same_bytes),
        cmocka_unit_test(an_indexed_picture_keeps_its_transparency),
        cmocka_unit_test(a_folder_that_is_not_there_cannot_be_written),
        cmocka_unit_test(a_size_or_key_that_cannot_be_is_refused),
        cmocka_unit_test(what_is_no_picture_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

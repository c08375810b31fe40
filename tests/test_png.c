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
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

static char folder[] = "/tmp/plein-png-XXXXXX", path[64];

static int in_a_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/a.png", folder);
    return 0;
}

static int without_it(void **state)
{
    (void)state;
    return rmdir(folder);
}

static const uint8_t pixels_2x2[] = {
    /* blue, green, red, anything */
    10, 20, 30, 99, 40, 50, 60, 0, 255, 255, 255, 7, 0, 0, 0, 255,
};

static bool write_small(const struct png_options *options, struct error *error)
{
    struct png_pixels pixels = {.bytes = pixels_2x2, .stride = 8, .width = 2, .height = 2};
    return png_write(path, &pixels, options, error);
}

static void pixels_texts_and_resolution_come_back(void **state)
{
    struct png_note notes[] = {{"Title", "Één plein, twee gemeenten"}, {"Extent", "1 2 3 4"}};
    struct png_picture picture;
    struct error error = {0};
    (void)state;
    if (!write_small(&(struct png_options){144, notes, 2, 0}, &error)
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

static void a_resolution_of_one_comes_back_and_of_none_does_not(void **state)
{
    struct error error = {0};
    (void)state;
    for (int dpi = 0; dpi <= 1; dpi++) {
        struct png_picture picture;
        if (!write_small(&(struct png_options){dpi, NULL, 0, 0}, &error)
            || !png_read(&picture, path, &error))
            fail_msg("%s", error.message);
        assert_true(fabs(picture.dpi - dpi) < 0.01); /* 39 dots a metre are 0.99 */
        png_picture_free(&picture);
        unlink(path);
    }
}

static void one_text_alone_comes_back(void **state)
{
    const struct png_note note = {"Scale", "5 10 per ha"};
    struct png_picture picture;
    (void)state;
    assert_true(write_small(&(struct png_options){.notes = &note, .note_count = 1}, NULL));
    assert_true(png_read(&picture, path, NULL));
    assert_int_equal(picture.text_count, 1);
    assert_string_equal(picture.texts[0], "Scale\n5 10 per ha");
    png_picture_free(&picture);
    assert_int_equal(picture.text_count, 0);
    assert_true(write_small(&(struct png_options){0}, NULL));
    assert_true(png_read(&picture, path, NULL));
    assert_int_equal(picture.text_count, 0);
    png_picture_free(&picture);
    unlink(path);
}

static void the_same_picture_is_the_same_bytes(void **state)
{
    char bytes[2][4096];
    size_t length[2];
    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_true(write_small(&(struct png_options){.dpi = 72}, NULL));
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

static void translucent_pixels_come_back_as_they_were_before_they_were_multiplied(void **state)
{
    (void)state;
    enum { SIDE = 256 };
    uint8_t *bytes;
    struct png_picture picture;
    assert_true(array_new(&bytes, (size_t)4 * SIDE * SIDE, 1, NULL));
    for (int alpha = 0; alpha < SIDE; alpha++)
        for (int part = 0; part < SIDE; part++) {
            const int colour[3] = {part, 255 - part, part / 2};
            uint8_t *pixel = bytes + 4 * (alpha * SIDE + part);
            for (int i = 0; i < 3; i++)
                pixel[i] = (uint8_t)((colour[i] * alpha + 127) / 255);
            pixel[3] = (uint8_t)alpha;
        }
    const struct png_pixels pixels = {
        .bytes = bytes, .stride = 4 * SIDE, .width = SIDE, .height = SIDE, .has_alpha = true};
    assert_true(png_write(path, &pixels, &(struct png_options){0}, NULL));
    assert_true(png_read(&picture, path, NULL));
    for (int alpha = 0; alpha < SIDE; alpha++)
        for (int part = 0; part < SIDE; part++) {
            const uint8_t *rgba = picture.rgba + 4 * (alpha * SIDE + part);
            const int colour[3] = {part / 2, 255 - part, part};
            assert_int_equal(rgba[3], alpha);
            for (int i = 0; i < 3; i++) /* as near as the product let it */
                assert_true(abs(rgba[i] - colour[i]) * alpha <= 255 / 2 + alpha / 2 + 1
                            || alpha == 0);
        }
    png_picture_free(&picture);
    array_free(&bytes);
    unlink(path);
}

static void a_folder_that_is_not_there_cannot_be_written(void **state)
{
    struct png_pixels pixels = {.bytes = pixels_2x2, .stride = 8, .width = 2, .height = 2};
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
    struct png_pixels pixels = {.bytes = pixels_2x2, .stride = 8, .width = 0, .height = 2};
    assert_false(png_write(path, &pixels, &(struct png_options){0}, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    for (size_t i = 0; i < 4; i++)
        assert_false(write_small(&(struct png_options){.notes = &wrong[i], .note_count = 1}, NULL));
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

static void put_chunk(FILE *file, const char *kind, const uint8_t *bytes, uint32_t length)
{
    uint8_t chunk[64] = {(uint8_t)(length >> 24), (uint8_t)(length >> 16), (uint8_t)(length >> 8),
                         (uint8_t)length};
    memcpy(chunk + 4, kind, 4);
    memcpy(chunk + 8, bytes, length);
    uint32_t sum = (uint32_t)crc32(0, chunk + 4, length + 4);
    for (int i = 0; i < 4; i++)
        chunk[8 + length + (uint32_t)i] = (uint8_t)(sum >> (24 - 8 * i));
    assert_int_equal(fwrite(chunk, 1, length + 12, file), length + 12);
}

/* What is said of a picture of which the head alone is there. */
static const char *told_of_size(uint32_t width, uint32_t height)
{
    static struct error error;
    struct png_picture picture;
    uint8_t head[13] = {[8] = 1};
    for (int i = 0; i < 4; i++) {
        head[i] = (uint8_t)(width >> (24 - 8 * i));
        head[4 + i] = (uint8_t)(height >> (24 - 8 * i));
    }
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fwrite("\x89PNG\r\n\x1A\n", 1, 8, file);
    put_chunk(file, "IHDR", head, sizeof head);
    put_chunk(file, "IDAT", (const uint8_t *)"x", 1);
    assert_int_equal(fclose(file), 0);
    assert_false(png_read(&picture, path, &error));
    assert_int_equal(error.kind, ERROR_DATA);
    assert_null(picture.rgba);
    unlink(path);
    return error.message;
}

/* A few bytes can tell of any number of pixels. */
static void a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(void **state)
{
    static const uint32_t few[][2] = {{1, 1}, {100000, 1}, {1, 100000}};
    static const uint32_t many[][2] = {{10001, 10000}, {100000, 1001}, {1001, 100000}};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        assert_null(strstr(told_of_size(few[i][0], few[i][1]), "100 million pixels"));
        assert_non_null(strstr(told_of_size(many[i][0], many[i][1]), "100 million pixels"));
    }
    assert_non_null(strstr(told_of_size(100001, 1), "IHDR"));
    assert_non_null(strstr(told_of_size(1, 100001), "IHDR"));
}

static void keys_and_sides_end_at_their_limits(void **state)
{
    char key[82];
    struct error error = {0};
    (void)state;
    for (size_t length = 78; length <= 80; length++) {
        memset(key, '~', sizeof key);
        key[length] = '\0';
        const struct png_note note = {key, "x"};
        assert_int_equal(write_small(&(struct png_options){.notes = &note, .note_count = 1}, NULL),
                         length <= 79);
    }
    const struct png_note wrong[] = {{"x ", "x"}, {"a\x7Fz", "x"}, {"a\x1Fz", "x"}};
    for (size_t i = 0; i < 3; i++)
        assert_false(write_small(&(struct png_options){.notes = &wrong[i], .note_count = 1}, NULL));
    uint8_t *row = calloc(100001, 4);
    assert_non_null(row);
    for (uint32_t side = 100000; side <= 100001; side++) {
        const struct png_pixels wide = {
            .bytes = row, .stride = 4 * side, .width = side, .height = 1};
        const struct png_pixels high = {.bytes = row, .stride = 4, .width = 1, .height = side};
        assert_int_equal(png_write(path, &wide, &(struct png_options){0}, &error), side <= 100000);
        assert_int_equal(png_write(path, &high, &(struct png_options){0}, &error), side <= 100000);
    }
    assert_int_equal(error.kind, ERROR_USAGE);
    free(row);
    unlink(path);
}

enum { WIDE = 611, HIGH = 1203 }; /* several bands, the last one short */

/* A picture of so many colours: flat patches, a slope and noise. */
static void paint(uint8_t *bytes, unsigned colours)
{
    uint64_t seed = 20240531;
    for (size_t i = 0; i < (size_t)WIDE * HIGH; i++) {
        size_t x = i % WIDE, y = i / WIDE;
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        unsigned number = y < 400 ? (unsigned)(x / 50 + y / 40) : (unsigned)(x * y / 300);
        if (y > 900)
            number = (unsigned)(seed >> 40);
        number = i < colours ? (unsigned)i : number % colours;
        bytes[4 * i] = (uint8_t)number;
        bytes[4 * i + 1] = (uint8_t)(number >> 8);
        bytes[4 * i + 2] = (uint8_t)(number * 7);
        bytes[4 * i + 3] = (uint8_t)(seed >> 33); /* not looked at */
    }
}

static size_t file_bytes(uint8_t **bytes)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    *bytes = malloc(1 << 24);
    assert_non_null(*bytes);
    size_t length = fread(*bytes, 1, 1 << 24, file);
    fclose(file);
    return length;
}

static void hold_pixels(const uint8_t *bytes)
{
    struct png_picture picture;
    struct error error = {0};
    if (!png_read(&picture, path, &error))
        fail_msg("%s", error.message);
    assert_int_equal(picture.width, WIDE);
    assert_int_equal(picture.height, HIGH);
    for (size_t i = 0; i < (size_t)WIDE * HIGH; i++)
        for (size_t part = 0; part < 3; part++)
            if (picture.rgba[4 * i + part] != bytes[4 * i + 2 - part])
                fail_msg("pixel %zu", i);
    png_picture_free(&picture);
}

/* 256 colours are a palette's, one more is not. */
static void bands_come_back_and_threads_change_no_byte(void **state)
{
    static const unsigned counts[] = {1, 2, 255, 256, 257, 40000};
    static uint8_t bytes[4 * WIDE * HIGH];
    (void)state;
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        struct png_pixels pixels = {
            .bytes = bytes, .stride = (size_t)4 * WIDE, .width = WIDE, .height = HIGH};
        uint8_t *first = NULL;
        size_t length = 0;
        paint(bytes, counts[c]);
        for (int threads = 1; threads <= 8; threads *= 2) {
            uint8_t *file;
            assert_true(
                png_write(path, &pixels, &(struct png_options){.thread_count = threads}, NULL));
            size_t size = file_bytes(&file);
            assert_true(threads == 1 || (size == length && memcmp(file, first, size) == 0));
            length = size;
            free(first);
            first = file;
        }
        assert_int_equal(first[25], counts[c] > 256 ? 2 : 3); /* the colour type of IHDR */
        hold_pixels(bytes);
        free(first);
    }
    unlink(path);
}

static void a_ramp_comes_back_and_threads_change_no_byte(void **state)
{
    static uint8_t indexes[WIDE * HIGH], bytes[4 * WIDE * HIGH];
    static uint32_t palette[256];
    uint8_t *files[2];
    size_t lengths[2];
    (void)state;
    for (uint32_t i = 0; i < 256; i++)
        palette[i] = 0xFF000000u | i << 16 | (255 - i) << 8 | i / 2;
    for (size_t i = 0; i < (size_t)WIDE * HIGH; i++) {
        indexes[i] = (uint8_t)(i % WIDE / 3 + i / WIDE / 5 + (i * i >> 20) % 2);
        for (size_t part = 0; part < 3; part++)
            bytes[4 * i + part] = (uint8_t)(palette[indexes[i]] >> (8 * part));
    }
    const struct png_indexed image = {indexes, WIDE, HIGH, palette, 256};
    for (int i = 0; i < 2; i++) {
        assert_true(png_write_indexed(path, &image,
                                      &(struct png_options){.thread_count = 1 + 7 * i}, NULL));
        lengths[i] = file_bytes(&files[i]);
    }
    assert_int_equal(lengths[0], lengths[1]);
    assert_memory_equal(files[0], files[1], lengths[0]);
    hold_pixels(bytes);
    free(files[0]);
    free(files[1]);
    unlink(path);
}

static void a_full_disk_is_told(void **state)
{
    static uint8_t bytes[4 * WIDE * HIGH];
    struct error error = {0};
    struct png_pixels pixels = {
        .bytes = bytes, .stride = (size_t)4 * WIDE, .width = WIDE, .height = HIGH};
    (void)state;
    if (access("/dev/full", W_OK) != 0)
        skip();
    paint(bytes, 40000);
    assert_false(png_write("/dev/full", &pixels, &(struct png_options){0}, &error));
    assert_int_equal(error.kind, ERROR_CANNOT_WRITE);
}

/* libpng would take a gigabyte for a text that says it is as long. */
static void a_part_longer_than_the_file_is_refused_before_it_is_read(void **state)
{
    static const struct png_note note = {"Scale", "5 10 20 per ha"};
    static const uint8_t bytes[12] = {0};
    const struct png_pixels pixels = {.bytes = bytes, .stride = 12, .width = 3, .height = 1};
    struct png_picture picture;
    (void)state;
    /* The last chunk has no bytes but 4 of its checksum: that it has 4 can be, that it has 5 not.
     */
    for (uint8_t claimed = 4; claimed <= 5; claimed++) {
        const uint8_t length[4] = {0, 0, 0, claimed};
        struct error error = {0};
        assert_true(
            png_write(path, &pixels, &(struct png_options){.notes = &note, .note_count = 1}, NULL));
        FILE *file = fopen(path, "r+b");
        assert_non_null(file);
        assert_int_equal(fseek(file, -12, SEEK_END), 0);
        assert_int_equal(fwrite(length, 1, sizeof length, file), sizeof length);
        fclose(file);
        assert_false(png_read(&picture, path, &error));
        assert_int_equal(error.kind, ERROR_DATA);
        assert_int_equal(strstr(error.message, "is to go on for 5 bytes, and has 4") != NULL,
                         claimed == 5);
    }
    unlink(path);
}

static void a_pipe_is_no_picture(void **state)
{
    struct png_picture picture;
    struct error error = {0};
    (void)state;
    unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_false(png_read(&picture, path, &error));
    assert_int_equal(error.kind, ERROR_DATA);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pixels_texts_and_resolution_come_back),
        cmocka_unit_test(a_resolution_of_one_comes_back_and_of_none_does_not),
        cmocka_unit_test(one_text_alone_comes_back),
        cmocka_unit_test(the_same_picture_is_the_same_bytes),
        cmocka_unit_test(an_indexed_picture_keeps_its_transparency),
        cmocka_unit_test(bands_come_back_and_threads_change_no_byte),
        cmocka_unit_test(a_ramp_comes_back_and_threads_change_no_byte),
        cmocka_unit_test(a_full_disk_is_told),
        cmocka_unit_test(translucent_pixels_come_back_as_they_were_before_they_were_multiplied),
        cmocka_unit_test(a_folder_that_is_not_there_cannot_be_written),
        cmocka_unit_test(a_size_or_key_that_cannot_be_is_refused),
        cmocka_unit_test(what_is_no_picture_is_an_error),
        cmocka_unit_test(a_part_longer_than_the_file_is_refused_before_it_is_read),
        cmocka_unit_test(a_pipe_is_no_picture),
        cmocka_unit_test(a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked),
        cmocka_unit_test(keys_and_sides_end_at_their_limits),
    };
    return cmocka_run_group_tests(tests, in_a_folder, without_it);
}

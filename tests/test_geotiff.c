/* Tests of the GeoTIFF: values, corner, cell, no data and reference system as libtiff and
 * libgeotiff read them. */
#include "engine/formats/geotiff.h"

#include "engine/core/files.h"

#include <geotiff/geotiffio.h>
#include <geotiff/xtiffio.h>
#include <tiffio.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { COLUMNS = 300, ROWS = 270, NODATA = 42113 };
static char folder[] = "/tmp/plein-geotiff-XXXXXX";
static char path[64];
static double values[COLUMNS * ROWS];
static const struct raster RASTER = {values, COLUMNS, ROWS, 97000.5, 491850.25, 12.5};
static const struct reference RD = {(char *)"Amersfoort / RD New", (char *)"PROJCS[]",
                                    (char *)"PROJCS[]", 28992};
static const struct reference OWN = {(char *)"ours", (char *)"PROJCS[\"ours\"]",
                                     (char *)"PROJCS[\"ours_esri\"]", 0};

static int make_folder(void **state)
{
    (void)state;
    for (int i = 0; i < COLUMNS * ROWS; i++)
        values[i] = i % 7 == 3 ? NAN : i % 5 == 0 ? 0 : i / 3.0;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/grid.tif", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static TIFF *written(const struct reference *reference)
{
    struct error error = {0};
    if (!geotiff_write(&RASTER, reference, path, &error)) {
        print_error("%s\n", error.message);
        fail();
    }
    TIFF *tiff = XTIFFOpen(path, "r");
    assert_non_null(tiff);
    return tiff;
}

static void every_cell_is_the_rasters_as_a_float(void **state)
{
    (void)state;
    static float tile[256 * 256];
    TIFF *tiff = written(&RD);
    for (uint32_t row = 0; row < ROWS; row++)
        for (uint32_t column = 0; column < COLUMNS; column++) {
            if (column % 256 == 0)
                assert_int_equal(TIFFReadTile(tiff, tile, column, row, 0, 0), sizeof tile);
            double value = values[(ROWS - 1 - row) * COLUMNS + column];
            float expected = isnan(value) ? -9999.0F : (float)value;
            assert_true(tile[row % 256 * 256 + column % 256] == expected);
        }
    XTIFFClose(tiff);
}

static void the_place_and_the_system_are_told(void **state)
{
    (void)state;
    TIFF *tiff = written(&RD);
    uint16_t count;
    double *numbers;
    assert_true(TIFFGetField(tiff, TIFFTAG_GEOPIXELSCALE, &count, &numbers));
    assert_true(numbers[0] == 12.5 && numbers[1] == 12.5);
    assert_true(TIFFGetField(tiff, TIFFTAG_GEOTIEPOINTS, &count, &numbers));
    assert_true(numbers[0] == 0 && numbers[1] == 0 && numbers[3] == 97000.5
                && numbers[4] == 491850.25 + ROWS * 12.5);
    GTIF *keys = GTIFNew(tiff);
    unsigned short code = 0;
    assert_int_equal(GTIFKeyGet(keys, ProjectedCSTypeGeoKey, &code, 0, 1), 1);
    assert_int_equal(code, 28992);
    assert_int_equal(GTIFKeyGet(keys, GTRasterTypeGeoKey, &code, 0, 1), 1);
    assert_int_equal(code, RasterPixelIsArea);
    GTIFFree(keys);
    XTIFFClose(tiff);
}

static void a_system_without_a_code_is_told_by_its_wkt(void **state)
{
    (void)state;
    TIFF *tiff = written(&OWN);
    GTIF *keys = GTIFNew(tiff);
    char text[128] = "";
    unsigned short code = 0;
    assert_int_equal(GTIFKeyGet(keys, ProjectedCSTypeGeoKey, &code, 0, 1), 1);
    assert_int_equal(code, 32767);
    assert_int_equal(GTIFKeyGet(keys, GTModelTypeGeoKey, &code, 0, 1), 1);
    assert_int_equal(code, 32767);
    assert_true(GTIFKeyGet(keys, PCSCitationGeoKey, text, 0, sizeof text) > 0);
    assert_string_equal(text, "ESRI PE String = PROJCS[\"ours_esri\"]");
    GTIFFree(keys);
    XTIFFClose(tiff);
}

static void the_same_raster_gives_the_same_bytes(void **state)
{
    (void)state;
    struct error error = {0};
    struct file_bytes first, second;
    XTIFFClose(written(&RD));
    assert_true(file_read(&first, path, 0, &error));
    XTIFFClose(written(&RD));
    assert_true(file_read(&second, path, 0, &error));
    assert_int_equal(first.size, second.size);
    assert_memory_equal(first.bytes, second.bytes, first.size);
    file_free(&first);
    file_free(&second);
}

static void a_picture_has_its_colours_and_its_corner(void **state)
{
    enum { WIDTH = 261, HEIGHT = 7 };
    static uint8_t pixels[HEIGHT][WIDTH][4];
    static uint8_t tile[256 * 256 * 3];
    struct error error = {0};
    double *numbers;
    uint16_t count;
    (void)state;
    for (int row = 0; row < HEIGHT; row++)
        for (int column = 0; column < WIDTH; column++) {
            pixels[row][column][0] = (uint8_t)column; /* blue */
            pixels[row][column][1] = (uint8_t)(row * 30);
            pixels[row][column][2] = 200;
        }
    const struct geotiff_picture picture = {pixels[0][0], sizeof pixels[0], WIDTH,    HEIGHT,
                                            104394.25,    503283.5,         2.619417, false};
    assert_true(geotiff_write_picture(&picture, &RD, path, &error));
    TIFF *tiff = XTIFFOpen(path, "r");
    assert_non_null(tiff);
    assert_int_equal(TIFFReadEncodedTile(tiff, 1, tile, sizeof tile), sizeof tile);
    for (size_t row = 0; row < HEIGHT; row++)
        for (size_t column = 256; column < WIDTH; column++) {
            const uint8_t *pixel = tile + (row * 256 + column - 256) * 3;
            assert_int_equal(pixel[0], 200);
            assert_int_equal(pixel[1], row * 30);
            assert_int_equal(pixel[2], (uint8_t)column);
        }
    assert_true(TIFFGetField(tiff, TIFFTAG_GEOTIEPOINTS, &count, &numbers));
    assert_true(numbers[3] == 104394.25 && numbers[4] == 503283.5);
    assert_true(TIFFGetField(tiff, TIFFTAG_GEOPIXELSCALE, &count, &numbers));
    assert_true(numbers[0] == 2.619417 && numbers[1] == 2.619417);
    XTIFFClose(tiff);
}

static void what_cannot_be_written_leaves_an_error(void **state)
{
    (void)state;
    struct error error = {0};
    assert_false(geotiff_write(&RASTER, &RD, "/nowhere/x.tif", &error));
    assert_int_equal(error.kind, ERROR_CANNOT_WRITE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_is_the_rasters_as_a_float),
        cmocka_unit_test(the_place_and_the_system_are_told),
        cmocka_unit_test(a_system_without_a_code_is_told_by_its_wkt),
        cmocka_unit_test(the_same_raster_gives_the_same_bytes),
        cmocka_unit_test(a_picture_has_its_colours_and_its_corner),
        cmocka_unit_test(what_cannot_be_written_leaves_an_error),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

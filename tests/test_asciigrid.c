/* Tests of the ESRI ASCII grid: its text and its figures. */
#include "engine/formats/asciigrid.h"

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

static char folder[] = "/tmp/plein-asciigrid-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/grid.asc", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static char *written(const struct raster *raster)
{
    struct error error = {0};
    if (!asciigrid_write(raster, path, 2, &error)) {
        print_error("%s\n", error.message);
        fail();
    }
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *bytes = calloc(size + 1, 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, size, file), size);
    fclose(file);
    return bytes;
}

static void the_northernmost_row_comes_first(void **state)
{
    (void)state;
    double values[] = {1, 2.5, NAN, 0, -0.125, 1e-7};
    struct raster raster = {values, 3, 2, 104500.123, -0.5, 12.5};
    char *text = written(&raster);
    assert_string_equal(text, "ncols 3\nnrows 2\nxllcorner 104500.123\nyllcorner -0.5\n"
                              "cellsize 12.5\nNODATA_value -9999\n"
                              "0 -0.125 1e-07\n1 2.5 -9999\n");
    free(text);
}

static void check_figures(double value, const char *text)
{
    double read = strtod(text, NULL);
    bool near = fabs(read - value) <= 5.01e-9 * fabs(value);
    if (!near)
        print_error("%.17g is written %.20s\n", value, text);
    assert_true(near);
}

static void every_value_reads_back_to_nine_figures(void **state)
{
    (void)state;
    enum { COUNT = 3000 };
    static double values[COUNT];
    uint64_t seed = 12345;
    for (size_t i = 0; i < COUNT; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        double size = (double)(seed >> 11) / 9007199254740992.0 + 0.1;
        int power = (int)(seed % 40) - 25;
        values[i] = (i % 5 == 0 ? -1 : 1) * (i % 3 == 0 ? 1 : size) * pow(10, power);
    }
    values[0] = 9.9999999996;
    values[1] = 999999999.4;
    values[2] = 0.99999999949999;
    values[3] = 5e-324;
    values[4] = 1.7e308;
    values[5] = 1e9 - 1;
    values[6] = 1e-13;
    values[7] = 100;
    values[8] = INFINITY;
    struct raster raster = {values, COUNT, 1, 0, 0, 1};
    char *text = written(&raster);
    char *at = strstr(text, "NODATA_value -9999\n");
    assert_non_null(at);
    at = strchr(at, '\n') + 1;
    for (size_t i = 0; i < COUNT; i++) {
        if (isfinite(values[i]))
            check_figures(values[i], at);
        else
            assert_memory_equal(at, "-9999 ", 6);
        at = strpbrk(at, " \n") + 1;
    }
    assert_true(*at == '\0');
    free(text);
}

/* More parts than are made at one time, and a last one that is not full. */
static void a_large_raster_keeps_its_rows_in_order(void **state)
{
    (void)state;
    enum { COLUMNS = 1001, ROWS = 2003 };
    double *values = malloc(sizeof *values * COLUMNS * ROWS);
    assert_non_null(values);
    for (size_t i = 0; i < (size_t)COLUMNS * ROWS; i++)
        values[i] = (double)i;
    struct raster raster = {values, COLUMNS, ROWS, 0, 0, 1};
    char *text = written(&raster);
    char *at = strchr(strstr(text, "NODATA"), '\n') + 1;
    for (size_t row = 0; row < ROWS; row++)
        for (size_t c = 0; c < COLUMNS; c++) {
            char *end;
            double expected = values[(ROWS - 1 - row) * COLUMNS + c];
            assert_true(strtod(at, &end) == expected);
            assert_true(*end == (c + 1 < COLUMNS ? ' ' : '\n'));
            at = end + 1;
        }
    assert_true(*at == '\0');
    free(text);
    free(values);
}

static void what_cannot_be_written_is_told(void **state)
{
    (void)state;
    double value = 1;
    struct raster raster = {&value, 1, 1, 0, 0, 1};
    struct error error = {0};
    assert_false(asciigrid_write(&raster, "/nowhere/at/all/grid.asc", 1, &error));
    assert_int_equal(error.kind, ERROR_CANNOT_WRITE);
    if (access("/dev/full", W_OK) == 0) {
        error = (struct error){0};
        assert_false(asciigrid_write(&raster, "/dev/full", 0, &error));
        assert_int_equal(error.kind, ERROR_CANNOT_WRITE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_northernmost_row_comes_first),
        cmocka_unit_test(every_value_reads_back_to_nine_figures),
        cmocka_unit_test(a_large_raster_keeps_its_rows_in_order),
        cmocka_unit_test(what_cannot_be_written_is_told),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

/* Layers for the tests of what writes them, and a folder to write them in. */
#ifndef PLEIN_TESTS_LAYERS_H
#define PLEIN_TESTS_LAYERS_H

#include "engine/core/files.h"
#include "engine/core/layer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <math.h>

static const struct reference RD = {(char *)"Amersfoort / RD New",
                                    (char *)"PROJCS[\"Amersfoort / RD New\",UNIT[\"metre\",1]]",
                                    (char *)"PROJCS[\"RD_New\",UNIT[\"Meter\",1.0]]", 28992};

static char folder[] = "/tmp/plein-layers-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int remove_folder(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    return system(command); /* NOLINT(cert-env33-c): a name of our own */
}

/* The path of a file in the folder; two at a time. */
static inline const char *in_folder(const char *name)
{
    static char paths[2][128];
    static int turn;
    turn = 1 - turn;
    snprintf(paths[turn], sizeof paths[turn], "%s/%s", folder, name);
    return paths[turn];
}

static inline void must(bool done, const struct error *error)
{
    if (!done) {
        print_error("%s\n", error->message);
        fail();
    }
}

static inline moment moment_at(int year, int month, int day, int hour, enum precision precision)
{
    const struct civil civil = {year, month, day, hour, 30, 15};
    return moment_cut(moment_make(&civil, PRECISION_SECOND), precision);
}

/* Texts that make trouble, a number and a whole one, moments known to all degrees. */
enum { ROWS = 6, NAME = 0, COUNT = 1, SHARE = 2, WHEN = 3 };
static const char *const TEXTS[ROWS] = {"=1+1", "-2", "a,b;\"c\"\nd", "\tx", "Fryslân", ""};

static inline void fill_columns(struct layer *layer)
{
    struct error error = {0};
    static const enum precision known[ROWS] = {PRECISION_SECOND, PRECISION_DAY,  PRECISION_MONTH,
                                               PRECISION_YEAR,   PRECISION_NONE, PRECISION_SECOND};
    must(layer_add_column(layer, "name", LAYER_TEXT, &error)
             && layer_add_column(layer, "incidents", LAYER_WHOLE, &error)
             && layer_add_column(layer, "share", LAYER_REAL, &error)
             && layer_add_column(layer, "occurred_at", LAYER_MOMENT, &error),
         &error);
    layer->columns[SHARE].decimals = 2;
    for (size_t i = 0; i < layer->row_count; i++) {
        must(layer_set_text(layer, NAME, i, TEXTS[i % ROWS], &error), &error);
        layer->columns[COUNT].numbers[i] = i % ROWS == 4 ? NAN : (double)i * 10 - 10;
        layer->columns[SHARE].numbers[i] = i % ROWS == 4 ? NAN : (double)i / 8 - 0.25;
        if (known[i % ROWS] != PRECISION_NONE)
            layer->columns[WHEN].moments[i] = moment_at(2024, 2, 29, 23, known[i % ROWS]);
    }
}

/* Points scattered by a seed, on whole millimetres. */
static inline void points_layer(struct layer *layer, size_t count)
{
    struct error error = {0};
    uint64_t seed = 7;
    must(layer_new(layer, "incidents", LAYER_POINTS, count, &error), &error);
    fill_columns(layer);
    for (size_t i = 0; i < 2 * count; i++) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        double at = (double)(seed >> 40) / 1000;
        if (i < count)
            layer->x[i] = 100000 + at;
        else
            layer->y[i - count] = 500000 + at;
    }
}

static inline void put_ring(struct shape *shape, size_t ring, const double *corners, size_t count)
{
    size_t first = shape->ring_starts[ring];
    for (size_t i = 0; i < count; i++) {
        shape->x[first + i] = corners[2 * i];
        shape->y[first + i] = corners[2 * i + 1];
    }
    shape->ring_starts[ring + 1] = first + count;
}

/* Row i: a square of 10 m with a hole in it; the second one has an island beside it. */
static inline void areas_layer(struct layer *layer)
{
    struct error error = {0};
    must(layer_new(layer, "areas", LAYER_MULTIPOLYGONS, ROWS, &error), &error);
    fill_columns(layer);
    for (size_t i = 0; i < ROWS; i++) {
        double x = 100000 + 20.0 * (double)i, y = 500000;
        bool two = i == 1;
        const double shell[] = {x, y, x + 10, y, x + 10, y + 10, x, y + 10, x, y};
        const double hole[] = {x + 2, y + 2, x + 2, y + 4, x + 4, y + 4, x + 2, y + 2};
        const double island[] = {x + 12, y, x + 14, y, x + 14, y + 2, x + 12, y};
        struct shape *shape = &layer->shapes[i];
        must(shape_new(shape, two ? 13 : 9, two ? 3 : 2, &error), &error);
        put_ring(shape, 0, shell, 5);
        put_ring(shape, 1, hole, 4);
        if (two)
            put_ring(shape, 2, island, 4);
    }
}

static inline void same_bytes(const char *a, const char *b)
{
    struct error error = {0};
    struct file_bytes left, right;
    must(file_read(&left, a, 0, &error), &error);
    must(file_read(&right, b, 0, &error), &error);
    assert_int_equal(left.size, right.size);
    assert_memory_equal(left.bytes, right.bytes, left.size);
    file_free(&left);
    file_free(&right);
}

#endif

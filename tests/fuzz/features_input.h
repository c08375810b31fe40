/* What the fuzzers of files with features share: a file that is written anew for each input, and a
 * reading of it from end to end. */
#ifndef PLEIN_TESTS_FEATURES_INPUT_H
#define PLEIN_TESTS_FEATURES_INPUT_H

#include "engine/formats/features_open.h"
#include "tests/fuzz/input_file.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool read_row(const struct features *features, struct error *error)
{
    double place[2];
    bool there;
    struct text cell = {0};
    bool done = true;
    for (size_t i = 0; done && i < features->count; i++)
        done = features->format->cell(&cell, features->state, i, error);
    if (cell.bytes != NULL && !text_is_utf8(cell.bytes, cell.length))
        abort();
    text_free(&cell);
    if (done && features->place != FEATURES_NO_PLACE) {
        done = features->format->point(place, &there, features->state, error);
        if (done && there && (!isfinite(place[0]) || !isfinite(place[1])))
            abort();
    }
    return done;
}

static bool read_shape(const struct features *features, struct error *error)
{
    enum features_shape kind;
    struct shape shape;
    if (features->format->shape == NULL)
        return true;
    bool done = features->format->shape(&shape, &kind, features->state, error);
    if (done && kind <= FEATURES_POINT && shape.point_count > 0)
        abort();
    shape_free(&shape);
    return done;
}

/* Rows first, then, from the start again, shapes. */
static void read_features(const struct features *features)
{
    for (int pass = 0; pass < 2; pass++) {
        struct error error = {0};
        bool there = true, done = true;
        for (size_t row = 0; done && there && row < 10000; row++)
            done = features->format->next(&there, features->state, &error)
                   && (!there
                       || (pass == 0 ? read_row(features, &error) : read_shape(features, &error)));
        if (!done)
            expect_told(&error);
        error = (struct error){0};
        if (!features->format->rewind(features->state, &error))
            return;
    }
}

/* Reads what was written as a file that is named on the command line; of this kind alone. */
static inline int read_written(enum input_kind kind)
{
    struct error error = {0};
    struct input input;
    struct features features = {0};
    if (!input_open(&input, path, INPUT_FOR_ROWS, &error)) {
        expect_told(&error);
        return 0;
    }
    const struct features_wish wish = {INPUT_FOR_ROWS, NULL};
    if (input.kind == kind) {
        if (features_open(&features, &input, &wish, &error))
            read_features(&features);
        else
            expect_told(&error);
        features_close(&features);
    }
    input_close(&input);
    return 0;
}

static inline int read_as(const uint8_t *data, size_t size, enum input_kind kind)
{
    write_input(data, size);
    return read_written(kind);
}

#endif

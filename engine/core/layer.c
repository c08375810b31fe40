/* Features to be written to a file: rows of typed columns, each with a place or an area. */
#include "engine/core/layer.h"

#include "engine/core/numbers.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void reference_free(struct reference *reference)
{
    free(reference->name);
    free(reference->wkt);
    free(reference->esri_wkt);
    *reference = (struct reference){0};
}

bool layer_new(struct layer *layer, const char *name, enum layer_geometry geometry,
               size_t row_count, struct error *error)
{
    *layer = (struct layer){
        .name = name, .description = "", .geometry = geometry, .row_count = row_count};
    layer->words = dictionary_open(error);
    uint32_t empty;
    bool done = layer->words != NULL && dictionary_number(&empty, layer->words, "", error);
    if (done && geometry == LAYER_POINTS)
        done = array_new(&layer->x, row_count, sizeof *layer->x, error)
               && array_new(&layer->y, row_count, sizeof *layer->y, error);
    else if (done && geometry != LAYER_PLAIN)
        done = array_new(&layer->shapes, row_count, sizeof *layer->shapes, error);
    if (!done)
        layer_free(layer);
    return done;
}

void layer_free(struct layer *layer)
{
    for (size_t c = 0; c < layer->column_count; c++) {
        free(layer->columns[c].words);
        free(layer->columns[c].numbers);
        free(layer->columns[c].moments);
    }
    for (size_t i = 0; layer->shapes != NULL && i < layer->row_count; i++)
        shape_free(&layer->shapes[i]);
    free(layer->columns);
    free(layer->shapes);
    free(layer->x);
    free(layer->y);
    free(layer->qml);
    free(layer->sld);
    dictionary_close(layer->words);
    *layer = (struct layer){0};
}

static bool is_taken(const struct layer *layer, const char *name)
{
    for (size_t c = 0; c < layer->column_count; c++)
        if (strcmp(layer->columns[c].name, name) == 0)
            return true;
    return strcmp(name, "fid") == 0 || strcmp(name, "geom") == 0; /* a GeoPackage's own */
}

static void fold_name(char folded[LAYER_NAME], const struct layer *layer, const char *name)
{
    enum { ROOM = LAYER_NAME - 12 }; /* for a number behind it */
    size_t length = 0;
    if (!isalpha((unsigned char)name[0]))
        folded[length++] = 'c';
    for (; *name != '\0' && length < ROOM; name++)
        folded[length++] =
            isalnum((unsigned char)*name) ? (char)tolower((unsigned char)*name) : '_';
    folded[length] = '\0';
    for (int number = 1; is_taken(layer, folded); number++)
        snprintf(folded + length, LAYER_NAME - length, "_%d", number);
}

static bool fill_column(struct layer_column *column, size_t count, struct error *error)
{
    switch (column->kind) {
    case LAYER_TEXT:
        return array_new(&column->words, count, sizeof *column->words, error);
    case LAYER_WHOLE:
    case LAYER_REAL:
        if (!array_new_raw(&column->numbers, count, sizeof *column->numbers, error))
            return false;
        for (size_t i = 0; i < count; i++)
            column->numbers[i] = NAN;
        return true;
    case LAYER_MOMENT:
        if (!array_new_raw(&column->moments, count, sizeof *column->moments, error))
            return false;
        for (size_t i = 0; i < count; i++)
            column->moments[i] = MOMENT_UNKNOWN;
        return true;
    }
    return false;
}

bool layer_add_column(struct layer *layer, const char *name, enum layer_kind kind,
                      struct error *error)
{
    struct layer_column column = {.kind = kind};
    struct capacity capacity = {layer->column_capacity, sizeof *layer->columns};
    if (!array_reserve(&layer->columns, &capacity, layer->column_count + 1, error))
        return false;
    layer->column_capacity = capacity.held;
    fold_name(column.name, layer, name);
    if (!fill_column(&column, layer->row_count, error))
        return false;
    layer->columns[layer->column_count++] = column;
    return true;
}

bool layer_set_text(struct layer *layer, size_t column, size_t row, const char *text,
                    struct error *error)
{
    return dictionary_number(&layer->columns[column].words[row], layer->words, text, error);
}

const char *layer_text(const struct layer *layer, size_t column, size_t row)
{
    return dictionary_text(layer->words, layer->columns[column].words[row]);
}

bool layer_is_known(const struct layer *layer, size_t column, size_t row)
{
    const struct layer_column *from = &layer->columns[column];
    switch (from->kind) {
    case LAYER_TEXT:
        return layer_text(layer, column, row)[0] != '\0';
    case LAYER_WHOLE:
    case LAYER_REAL:
        return isfinite(from->numbers[row]);
    case LAYER_MOMENT:
        return from->moments[row] != MOMENT_UNKNOWN;
    }
    return false;
}

const char *layer_cell(char buffer[LAYER_CELL], const struct layer *layer, size_t column,
                       size_t row)
{
    const struct layer_column *from = &layer->columns[column];
    buffer[0] = '\0';
    switch (from->kind) {
    case LAYER_TEXT:
        return layer_text(layer, column, row);
    case LAYER_WHOLE:
        return number_format(buffer, from->numbers[row], 0);
    case LAYER_REAL:
        return number_format(buffer, from->numbers[row], from->decimals);
    case LAYER_MOMENT:
        moment_format(buffer, from->moments[row]);
        return buffer;
    }
    return buffer;
}

struct box layer_box(const struct layer *layer, size_t row)
{
    struct box box = box_empty();
    if (layer->geometry == LAYER_POINTS)
        box_add(&box, layer->x[row], layer->y[row]);
    else if (layer->geometry != LAYER_PLAIN)
        box = shape_box(&layer->shapes[row]);
    return box;
}

bool layer_is_shell(const struct shape *shape, size_t ring)
{
    return ring == 0 || shape_ring_area2(shape, ring) > 0;
}

int64_t layer_made_at(void)
{
    const int64_t usual = 315532800;
    const char *given = getenv("SOURCE_DATE_EPOCH");
    int64_t seconds;
    if (given == NULL || !number_parse_whole(&seconds, given, given + strlen(given)) || seconds < 1
        || seconds > 4102444800)
        return usual;
    return seconds < usual ? usual : seconds;
}

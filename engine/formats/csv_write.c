/* Writes a layer's columns as CSV that a spreadsheet can open without harm. */
#include "engine/formats/csv_write.h"

#include "engine/core/files.h"
#include "engine/core/text.h"

#include <string.h>

enum { PIECE = 1 << 20 }; /* bytes that are written at a time */

static void add_quoted(struct text *text, const char *cell, bool guarded)
{
    text_add_bytes(text, "\"", 1);
    if (guarded)
        text_add_bytes(text, "'", 1);
    for (; *cell != '\0'; cell++) {
        if (*cell == '"')
            text_add_bytes(text, "\"", 1);
        text_add_bytes(text, cell, 1);
    }
    text_add_bytes(text, "\"", 1);
}

static void add_text(struct text *text, const char *cell)
{
    bool guarded = cell[0] != '\0' && strchr("=+-@\t\r\n", cell[0]) != NULL;
    if (strpbrk(cell, ",;\"\r\n") != NULL) {
        add_quoted(text, cell, guarded);
        return;
    }
    if (guarded)
        text_add_bytes(text, "'", 1);
    text_add_bytes(text, cell, strlen(cell));
}

static void add_number(struct text *text, const char *cell, bool excel)
{
    for (; *cell != '\0'; cell++)
        text_add_bytes(text, excel && *cell == '.' ? "," : cell, 1);
}

static void add_row(struct text *text, const struct layer *layer, size_t row, bool excel)
{
    char buffer[LAYER_CELL];
    for (size_t c = 0; c < layer->column_count; c++) {
        const char *cell = layer_cell(buffer, layer, c, row);
        if (c > 0)
            text_add_bytes(text, excel ? ";" : ",", 1);
        if (layer->columns[c].kind == LAYER_TEXT)
            add_text(text, cell);
        else
            add_number(text, cell, excel);
    }
    text_add_bytes(text, "\r\n", 2);
}

static void add_head(struct text *text, const struct layer *layer, bool excel)
{
    if (excel)
        text_add(text, "\xEF\xBB\xBF");
    for (size_t c = 0; c < layer->column_count; c++)
        text_add(text, "%s%s", c == 0 ? "" : excel ? ";" : ",", layer->columns[c].name);
    text_add_bytes(text, "\r\n", 2);
}

bool csv_write(const char *path, const struct layer *layer, bool excel, struct error *error)
{
    struct output output;
    struct text text = {0};
    if (!output_open(&output, path, error))
        return false;
    add_head(&text, layer, excel);
    for (size_t i = 0; i < layer->row_count; i++) {
        add_row(&text, layer, i, excel);
        if (text.length > PIECE) {
            fwrite(text.bytes, 1, text.length, output.stream);
            text.length = 0;
        }
    }
    bool done = text_check(&text, error);
    if (done)
        fwrite(text.bytes, 1, text.length, output.stream);
    text_free(&text);
    if (done)
        return output_commit(&output, error);
    output_abandon(&output);
    return false;
}

/* Writes a raster as an ESRI ASCII grid. */
#include "engine/formats/asciigrid.h"

#include "engine/core/files.h"
#include "engine/core/numbers.h"
#include "engine/core/text.h"

#include <math.h>
#include <stdio.h>

static void add_header(struct text *text, const struct raster *raster)
{
    char number[NUMBER_TEXT];
    text_add(text, "ncols %zu\nnrows %zu\n", raster->columns, raster->rows);
    text_add(text, "xllcorner %s\n", number_format_exact(number, raster->x_min));
    text_add(text, "yllcorner %s\n", number_format_exact(number, raster->y_min));
    text_add(text, "cellsize %s\n", number_format_exact(number, raster->cell_m));
    text_add(text, "NODATA_value -9999\n");
}

/* Nine digits: a float32 read from them is the one nearest to the value. */
static void add_row(struct text *text, const struct raster *raster, size_t row)
{
    const double *values = raster->values + row * raster->columns;
    for (size_t c = 0; c < raster->columns; c++) {
        char number[32];
        int length = 0;
        if (isnan(values[c]))
            length = snprintf(number, sizeof number, "-9999");
        else if (values[c] == 0) /* most of a map is empty */
            length = snprintf(number, sizeof number, "0");
        else
            length = snprintf(number, sizeof number, "%.9g", values[c]);
        if (c > 0)
            text_add_bytes(text, " ", 1);
        text_add_bytes(text, number, length > 0 ? (size_t)length : 0);
    }
    text_add_bytes(text, "\n", 1);
}

bool asciigrid_write(const struct raster *raster, const char *path, struct error *error)
{
    struct output output;
    struct text text = {0};
    if (!output_open(&output, path, error))
        return false;
    add_header(&text, raster);
    for (size_t row = raster->rows; row-- > 0 && !text.failed;) {
        add_row(&text, raster, row);
        fwrite(text.bytes, 1, text.length, output.stream);
        text.length = 0;
    }
    bool done = text_check(&text, error);
    text_free(&text);
    if (done)
        return output_commit(&output, error);
    output_abandon(&output);
    return false;
}

/* Writes a raster as an ESRI ASCII grid. */
#include "engine/formats/asciigrid.h"

#include "engine/core/files.h"
#include "engine/core/numbers.h"
#include "engine/core/parallel.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    DIGITS = 9,     /* significant ones: more than a float32 holds */
    CELL_TEXT = 24, /* the longest: -1.23456789e-308 and a blank */
    PART_CELLS = 1 << 16,
    PARTS_AT_ONCE = 16,
};

/* Rows of the raster as text. */
struct part {
    char *bytes;
    size_t length;
};

struct writing {
    const struct raster *raster;
    size_t part_rows, first_part; /* parts count from the north */
    struct part parts[PARTS_AT_ONCE];
};

static const double POWERS[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
/* The whole number of DIGITS digits that value rounds to once scaled, and its exponent; value is
 * 1e-13 to 1e9 - 1, so that the power it is scaled by is exact. */
static uint64_t digits_of(double value, int *exponent)
{
    int binary;
    frexp(value, &binary);
    *exponent = (int)floor((binary - 1) * 0.30102999566398120); /* right, or one too low */
    double scaled = value * POWERS[DIGITS - 1 - *exponent];
    if (scaled >= 1e9 - 0.5) {
        ++*exponent;
        scaled = value * POWERS[DIGITS - 1 - *exponent];
    }
    return (uint64_t)(scaled + 0.5);
}

/* d.ddd, 0.000ddd or d.ddde-07, without zeros at the end. */
static char *put_digits(char *at, const char digits[DIGITS], int exponent)
{
    bool scientific = exponent < -5, small = exponent < 0 && !scientific;
    int last = DIGITS - 1, point = exponent < 0 ? 0 : exponent;
    while (last > point && digits[last] == '0')
        last--;
    if (small) {
        *at++ = '0';
        *at++ = '.';
        for (int zero = -1; zero > exponent; zero--)
            *at++ = '0';
    }
    for (int d = 0; d <= last; d++) {
        if (d == point + 1 && !small)
            *at++ = '.';
        *at++ = digits[d];
    }
    if (scientific) {
        *at++ = 'e';
        *at++ = '-';
        *at++ = (char)('0' + -exponent / 10);
        *at++ = (char)('0' + -exponent % 10);
    }
    return at;
}

static char *put_value(char *at, double value)
{
    if (!isfinite(value))
        return memcpy(at, "-9999", 5), at + 5;
    if (value == 0)
        return *at = '0', at + 1;
    double size = fabs(value);
    if (!(size >= 1e-13 && size < 1e9 - 1)) /* seldom */
        return at + snprintf(at, CELL_TEXT, "%.8e", value);
    int exponent;
    uint64_t whole = digits_of(size, &exponent);
    char digits[DIGITS];
    for (int d = DIGITS - 1; d >= 0; d--, whole /= 10)
        digits[d] = (char)('0' + whole % 10);
    if (value < 0)
        *at++ = '-';
    return put_digits(at, digits, exponent);
}

static bool write_part(void *state, size_t number, int worker, struct error *error)
{
    struct writing *writing = state;
    const struct raster *raster = writing->raster;
    struct part *part = &writing->parts[number];
    size_t first = (writing->first_part + number) * writing->part_rows;
    size_t end =
        first + writing->part_rows < raster->rows ? first + writing->part_rows : raster->rows;
    (void)worker;
    if (!array_new_raw(&part->bytes, (end - first) * raster->columns, CELL_TEXT, error))
        return false;
    char *at = part->bytes;
    for (size_t row = first; row < end; row++) {
        const double *values = raster->values + (raster->rows - 1 - row) * raster->columns;
        for (size_t c = 0; c < raster->columns; c++) {
            at = put_value(at, values[c]);
            *at++ = c + 1 < raster->columns ? ' ' : '\n';
        }
    }
    part->length = (size_t)(at - part->bytes);
    return true;
}

static bool put_parts(struct writing *writing, size_t count, FILE *stream, struct error *error)
{
    struct parallel_job job = {write_part, writing, count, 0};
    bool done = parallel_for(&job, error);
    for (size_t p = 0; p < count; p++) {
        /* a failed write stays with the stream, and output_commit tells of it */
        if (done)
            fwrite(writing->parts[p].bytes, 1, writing->parts[p].length, stream);
        array_free(&writing->parts[p].bytes);
    }
    return done && !ferror(stream);
}

static bool put_rows(const struct raster *raster, FILE *stream, struct error *error)
{
    struct writing writing = {.raster = raster};
    writing.part_rows = raster->columns < PART_CELLS ? PART_CELLS / raster->columns : 1;
    size_t parts = (raster->rows + writing.part_rows - 1) / writing.part_rows;
    while (writing.first_part < parts) {
        size_t count = parts - writing.first_part;
        if (count > PARTS_AT_ONCE)
            count = PARTS_AT_ONCE;
        if (!put_parts(&writing, count, stream, error))
            return ferror(stream) != 0; /* then output_commit has the reason */
        writing.first_part += count;
    }
    return true;
}

static void put_header(const struct raster *raster, FILE *stream)
{
    char x[NUMBER_TEXT], y[NUMBER_TEXT], cell[NUMBER_TEXT];
    fprintf(stream, "ncols %zu\nnrows %zu\nxllcorner %s\nyllcorner %s\ncellsize %s\n",
            raster->columns, raster->rows, number_format_exact(x, raster->x_min),
            number_format_exact(y, raster->y_min), number_format_exact(cell, raster->cell_m));
    fputs("NODATA_value -9999\n", stream);
}

bool asciigrid_write(const struct raster *raster, const char *path, struct error *error)
{
    struct output output;
    if (!output_open(&output, path, error))
        return false;
    put_header(raster, output.stream);
    bool done = put_rows(raster, output.stream, error) && output_commit(&output, error);
    output_abandon(&output);
    return done;
}

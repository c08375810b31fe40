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
    CELL_TEXT = 32, /* the longest, -1.23456789e-308 and a blank, and what is written beyond it */
    PART_CELLS = 1 << 15,
    PARTS_MOST = 16,
};

/* Rows of the raster as text. */
struct part {
    char *bytes;
    size_t length;
};

struct writing {
    const struct raster *raster;
    size_t part_rows, first_part; /* parts count from the north */
    struct part parts[PARTS_MOST];
    size_t part_count; /* made at one time */
    int thread_count;
};

static const double POWERS[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
/* The whole number of DIGITS digits that value rounds to once scaled, and its exponent; value is
 * 1e-13 to 1e9 - 1, so that the power it is scaled by is exact. */
static uint32_t digits_of(double value, int *exponent)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    int binary = (int)(bits >> 52) - 1023;
    *exponent = (binary * 78913) >> 18; /* times log10(2): right, or one too low */
    double scaled = value * POWERS[DIGITS - 1 - *exponent];
    if (scaled >= 1e9 - 0.5) {
        ++*exponent;
        scaled = value * POWERS[DIGITS - 1 - *exponent];
    }
    return (uint32_t)(scaled + 0.5);
}

/* Digits from the tens down, two at a time. */
static void spell(char digits[DIGITS], uint32_t whole)
{
    static const char PAIRS[201] = "000102030405060708091011121314151617181920212223242526272829303"
                                   "13233343536373839404142434445"
                                   "464748495051525354555657585960616263646566676869707172737475767"
                                   "77879808182838485868788899091"
                                   "9293949596979899";
    uint32_t high = whole / 10000, low = whole % 10000, middle = high % 10000;
    digits[0] = (char)('0' + high / 10000);
    memcpy(digits + 1, PAIRS + middle / 100 * 2, 2);
    memcpy(digits + 3, PAIRS + middle % 100 * 2, 2);
    memcpy(digits + 5, PAIRS + low / 100 * 2, 2);
    memcpy(digits + 7, PAIRS + low % 100 * 2, 2);
}

/* d.ddd, 0.000ddd or d.ddde-07, without zeros at the end. Copies as many bytes as there may be, of
 * which the next value writes over those that were too many. */
static char *put_digits(char *at, const char digits[DIGITS], int exponent)
{
    bool scientific = exponent < -5, small = exponent < 0 && !scientific;
    int last = DIGITS - 1, point = exponent < 0 ? 0 : exponent;
    while (last > point && digits[last] == '0')
        last--;
    if (small) {
        memcpy(at, "0.00000", 7);
        at += 1 - exponent;
        memcpy(at, digits, DIGITS);
        return at + last + 1;
    }
    memcpy(at, digits, DIGITS);
    at += point + 1;
    if (last > point) {
        *at = '.';
        memcpy(at + 1, digits + point + 1, (size_t)(DIGITS - 1 - point));
        at += last - point + 1;
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
    char digits[DIGITS];
    spell(digits, digits_of(size, &exponent));
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
    char *at = part->bytes;
    (void)worker, (void)error;
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

/* A failed write stays with the stream, and output_commit tells of it. */
static bool put_parts(struct writing *writing, size_t count, FILE *stream, struct error *error)
{
    struct parallel_job job = {write_part, writing, count, writing->thread_count};
    bool done = parallel_for(&job, error);
    for (size_t p = 0; done && p < count; p++)
        fwrite(writing->parts[p].bytes, 1, writing->parts[p].length, stream);
    return done;
}

static bool put_rows(struct writing *writing, FILE *stream, struct error *error)
{
    const struct raster *raster = writing->raster;
    size_t parts = (raster->rows + writing->part_rows - 1) / writing->part_rows;
    bool done = true;
    for (size_t p = 0; done && p < writing->part_count; p++)
        done = array_new_raw(&writing->parts[p].bytes, writing->part_rows * raster->columns,
                             CELL_TEXT, error);
    while (done && writing->first_part < parts && !ferror(stream)) {
        size_t count = parts - writing->first_part;
        if (count > writing->part_count)
            count = writing->part_count;
        done = put_parts(writing, count, stream, error);
        writing->first_part += count;
    }
    for (size_t p = 0; p < writing->part_count; p++)
        array_free(&writing->parts[p].bytes);
    return done;
}

static void put_header(const struct raster *raster, FILE *stream)
{
    char x[NUMBER_TEXT], y[NUMBER_TEXT], cell[NUMBER_TEXT];
    fprintf(stream, "ncols %zu\nnrows %zu\nxllcorner %s\nyllcorner %s\ncellsize %s\n",
            raster->columns, raster->rows, number_format_exact(x, raster->x_min),
            number_format_exact(y, raster->y_min), number_format_exact(cell, raster->cell_m));
    fputs("NODATA_value -9999\n", stream);
}

bool asciigrid_write(const struct raster *raster, const char *path, int thread_count,
                     struct error *error)
{
    struct writing writing = {.raster = raster, .thread_count = thread_count};
    struct output output;
    writing.part_rows = raster->columns < PART_CELLS ? PART_CELLS / raster->columns : 1;
    writing.part_count = 2 * (size_t)parallel_threads(thread_count);
    if (writing.part_count > PARTS_MOST)
        writing.part_count = PARTS_MOST;
    if (!output_open(&output, path, error))
        return false;
    put_header(raster, output.stream);
    bool done = put_rows(&writing, output.stream, error) && output_commit(&output, error);
    output_abandon(&output);
    return done;
}

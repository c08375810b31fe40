/* Feeds the shapefile reader arbitrary sets of files, in memory, and looks its shapes over. */
#include "engine/formats/rings.h"
#include "engine/formats/shapefile.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
    const uint8_t *data;
    size_t size;
};

/* Cuts the next part off the input, in a block of its own length, so that the sanitizer sees the
 * first byte read too far. */
static struct file_bytes take(struct input *input, size_t length)
{
    struct file_bytes part = {0};
    if (length > input->size)
        length = input->size;
    part.bytes = malloc(length > 0 ? length : 1);
    if (part.bytes == NULL)
        abort();
    memcpy(part.bytes, input->data, length);
    part.size = length;
    input->data += length;
    input->size -= length;
    return part;
}

/* A length of 0 is a part that is not there. */
static struct file_bytes take_optional(struct input *input, size_t length)
{
    return length > 0 ? take(input, length) : (struct file_bytes){0};
}

static void check_shape(const struct shape *shape)
{
    double area;
    if (shape->ring_count == 0 || shape->ring_starts[0] != 0
        || shape->ring_starts[shape->ring_count] != shape->point_count)
        abort();
    for (size_t r = 0; r < shape->ring_count; r++) {
        size_t first = shape->ring_starts[r], end = shape->ring_starts[r + 1];
        if (end < first + 4 || shape->x[first] != shape->x[end - 1]
            || shape->y[first] != shape->y[end - 1])
            abort();
    }
    for (size_t i = 0; i < shape->point_count; i++)
        if (!isfinite(shape->x[i]) || !isfinite(shape->y[i]))
            abort();
    if (!rings_area(&area, shape, NULL) || !isfinite(area))
        abort();
}

static void read_parts(struct shapefile_parts *parts, const char *crs)
{
    struct jurisdictions read;
    struct notes notes = {0};
    struct error error = {0};
    struct boundary_options options = {.crs = crs, .notes = &notes};
    if (shapefile_read_parts(&read, parts, &options, &error)) {
        if (read.count == 0 || read.crs == NULL)
            abort();
        for (size_t i = 0; i < read.count; i++) {
            check_shape(&read.items[i].shape);
            if (read.items[i].code == NULL || read.items[i].name[0] == '\0')
                abort();
        }
    } else if (error.kind != ERROR_DATA || error.message[0] == '\0') {
        abort();
    }
    jurisdictions_free(&read);
    notes_free(&notes);
}

/* Three two-byte lengths and a one-byte length (.shx, .dbf, .prj, .cpg), least byte first; those
 * parts; the rest is the .shp. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { LENGTHS = 7 };
    if (size < LENGTHS)
        return 0;
    struct input input = {data + LENGTHS, size - LENGTHS};
    struct shapefile_parts parts = {.path = "fuzz.shp"};
    parts.shx = take_optional(&input, (size_t)(data[0] | data[1] << 8));
    parts.dbf = take_optional(&input, (size_t)(data[2] | data[3] << 8));
    parts.prj = take_optional(&input, (size_t)(data[4] | data[5] << 8));
    parts.cpg = take_optional(&input, data[6]);
    parts.shp = take(&input, input.size);
    read_parts(&parts, parts.prj.bytes != NULL ? NULL : "EPSG:28992");
    shapefile_parts_free(&parts);
    return 0;
}

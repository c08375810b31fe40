/* Reads well-known binary (ISO 19125 and SQL/MM, with heights and measures; EWKB of PostGIS too)
 * from bytes that nobody vouches for. */
#include "engine/formats/wkb.h"

#include <math.h>
#include <string.h>

enum { DEEPEST = 8 };

enum { POINT = 1, LINE, POLYGON, MULTIPOINT, MULTILINE, MULTIPOLYGON, COLLECTION };

/* Reads twice: counts first, then fills. */
struct reading {
    const unsigned char *at, *end;
    bool little; /* of the geometry that is being read */
    size_t dimension;
    struct shape *shape; /* NULL while counting */
    size_t points, parts, polygons, lines, places, others;
    struct error *error;
};

static bool cut_short(const struct reading *reading)
{
    return error_set(reading->error, ERROR_DATA,
                     "its geometry is damaged: it counts more than it holds");
}

static bool read_number(uint32_t *number, struct reading *reading)
{
    if (reading->end - reading->at < 4)
        return cut_short(reading);
    const unsigned char *b = reading->at;
    *number =
        reading->little
            ? (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24
            : (uint32_t)b[3] | (uint32_t)b[2] << 8 | (uint32_t)b[1] << 16 | (uint32_t)b[0] << 24;
    reading->at += 4;
    return true;
}

static double read_double(struct reading *reading)
{
    uint64_t bits = 0;
    double value;
    for (int i = 0; i < 8; i++)
        bits |= (uint64_t)reading->at[i] << (reading->little ? 8 * i : 56 - 8 * i);
    reading->at += 8;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* So many of at least so many bytes each. */
static bool read_count(size_t *count, struct reading *reading, size_t bytes)
{
    uint32_t number;
    if (!read_number(&number, reading))
        return false;
    *count = number;
    return *count <= (size_t)(reading->end - reading->at) / bytes || cut_short(reading);
}

static bool read_position(struct reading *reading, bool may_be_empty)
{
    if ((size_t)(reading->end - reading->at) < 8 * reading->dimension)
        return cut_short(reading);
    const unsigned char *next = reading->at + 8 * reading->dimension;
    double x = read_double(reading), y = read_double(reading);
    reading->at = next;
    if (may_be_empty && isnan(x) && isnan(y))
        return true;
    if (!isfinite(x) || !isfinite(y))
        return error_set(reading->error, ERROR_DATA,
                         "its geometry is damaged: a coordinate is no number");
    reading->places += may_be_empty;
    if (reading->shape != NULL) {
        reading->shape->x[reading->points] = x;
        reading->shape->y[reading->points] = y;
    }
    reading->points++;
    return true;
}

static void end_part(struct reading *reading)
{
    reading->parts++;
    if (reading->shape != NULL)
        reading->shape->ring_starts[reading->parts] = reading->points;
}

static bool read_positions(struct reading *reading)
{
    size_t count;
    if (!read_count(&count, reading, 8 * reading->dimension))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!read_position(reading, false))
            return false;
    if (count > 0)
        end_part(reading);
    return true;
}

static bool read_polygon(struct reading *reading)
{
    size_t count;
    if (!read_count(&count, reading, 4))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!read_positions(reading))
            return false;
    reading->polygons += count > 0;
    return true;
}

static bool read_line(struct reading *reading)
{
    size_t before = reading->parts;
    if (!read_positions(reading))
        return false;
    reading->lines += reading->parts > before;
    return true;
}

/* The byte order and the kind; heights and measures only lengthen each position. */
static bool read_head(uint32_t *type, struct reading *reading)
{
    uint32_t code, srid;
    if (reading->end - reading->at < 1)
        return cut_short(reading);
    if (*reading->at > 1)
        return error_set(reading->error, ERROR_DATA,
                         "its geometry is damaged: its order of bytes is neither way");
    reading->little = *reading->at++ == 1;
    if (!read_number(&code, reading))
        return false;
    uint32_t flags = code >> 28, kind = code & 0x0FFFFFFF;
    if ((flags & 2) != 0 && !read_number(&srid, reading))
        return false;
    uint32_t thousands = kind / 1000;
    *type = kind % 1000;
    bool z = (flags & 8) != 0 || thousands == 1 || thousands == 3;
    bool m = (flags & 4) != 0 || thousands == 2 || thousands == 3;
    reading->dimension = 2 + (size_t)z + (size_t)m;
    return thousands <= 3
           || error_set(reading->error, ERROR_DATA, "its geometry is damaged: there is no kind %lu",
                        (unsigned long)code);
}

static bool read_geometry(struct reading *reading, int depth);

static bool read_members(struct reading *reading, int depth)
{
    enum { LEAST = 5 }; /* bytes of a geometry */
    size_t count;
    if (depth >= DEEPEST)
        return error_set(reading->error, ERROR_DATA,
                         "its geometry is damaged: geometries within geometries");
    if (!read_count(&count, reading, LEAST))
        return false;
    for (size_t i = 0; i < count && reading->others == 0; i++)
        if (!read_geometry(reading, depth + 1))
            return false;
    return true;
}

static bool read_geometry(struct reading *reading, int depth)
{
    uint32_t type = 0;
    if (!read_head(&type, reading))
        return false;
    switch (type) {
    case POINT:
        return read_position(reading, true);
    case LINE:
        return read_line(reading);
    case POLYGON:
        return read_polygon(reading);
    case MULTIPOINT:
    case MULTILINE:
    case MULTIPOLYGON:
    case COLLECTION:
        return read_members(reading, depth);
    default: /* curves and surfaces: what they hold, and what follows, is not walked through */
        reading->others++;
        reading->at = reading->end;
        return true;
    }
}

static enum wkb_kind kind_of(const struct reading *reading)
{
    int kinds = (reading->places > 0) + (reading->lines > 0) + (reading->polygons > 0);
    if (reading->others > 0 || kinds > 1)
        return WKB_OTHER;
    if (reading->places > 0)
        return reading->places == 1 ? WKB_POINT : WKB_POINTS;
    if (reading->lines > 0)
        return WKB_LINES;
    return reading->parts > 0 ? WKB_POLYGONS : WKB_EMPTY;
}

/* Points are one part, which no line or ring ended. */
static bool fill(struct shape *shape, const struct reading *counted, struct error *error)
{
    struct reading reading = {
        .at = counted->at, .end = counted->end, .shape = shape, .error = error};
    size_t parts = counted->places > 0 ? 1 : counted->parts;
    if (!shape_new(shape, counted->points + parts, parts, error))
        return false;
    (void)read_geometry(&reading, 0); /* as it was counted */
    shape->point_count = counted->points;
    if (counted->places > 0)
        shape->ring_starts[1] = counted->points;
    return true;
}

bool wkb_read(struct shape *shape, enum wkb_kind *kind, const unsigned char *bytes, size_t length,
              struct error *error)
{
    struct reading reading = {.at = bytes, .end = bytes + length, .error = error};
    *shape = (struct shape){0};
    *kind = WKB_EMPTY;
    if (!read_geometry(&reading, 0))
        return false;
    if (reading.at != reading.end)
        return error_set(error, ERROR_DATA, "its geometry is damaged: %zu bytes are left over",
                         (size_t)(reading.end - reading.at));
    *kind = kind_of(&reading);
    if (*kind == WKB_EMPTY || *kind == WKB_OTHER)
        return true;
    reading.at = bytes;
    return fill(shape, &reading, error);
}

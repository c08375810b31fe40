/* Tests the shapefile reader: what it makes of good files, of odd ones, and of files that lie. */
#include "engine/core/text.h"
#include "engine/formats/rings.h"
#include "engine/formats/shapefile.h"
#include "tests/shapebytes.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { POLYGON = 5, POLYGON_Z = 15, POLYGON_M = 25, LINE = 3, POINT = 1 };

/* A shapefile being built in memory. */
struct builder {
    struct text shp, shx, dbf;
    uint32_t type, records;
};

static struct builder builder_new(uint32_t type)
{
    struct builder builder = {.type = type};
    put_header(&builder.shp, type);
    put_header(&builder.shx, type);
    return builder;
}

static void builder_free(struct builder *builder)
{
    text_free(&builder->shp);
    text_free(&builder->shx);
    text_free(&builder->dbf);
}

static void add_content(struct builder *builder, const struct text *content)
{
    put32(&builder->shx, (uint32_t)(builder->shp.length / 2), true);
    put32(&builder->shx, (uint32_t)(content->length / 2), true);
    put32(&builder->shp, ++builder->records, true);
    put32(&builder->shp, (uint32_t)(content->length / 2), true);
    text_add_bytes(&builder->shp, content->bytes, content->length);
    poke32(&builder->shp, 24, (uint32_t)(builder->shp.length / 2), true);
    poke32(&builder->shx, 24, (uint32_t)(builder->shx.length / 2), true);
}

static void add_null(struct builder *builder)
{
    struct text content = {0};
    put32(&content, 0, false);
    add_content(builder, &content);
    text_free(&content);
}

/* Rings by their points: x, y, x, y ...; NAN, NAN parts two rings. */
static void add_rings(struct builder *builder, const double *xy, size_t numbers)
{
    struct text content = {0}, starts = {0}, places = {0};
    uint32_t points = 0, parts = 1;
    put32(&starts, 0, false);
    for (size_t i = 0; i < numbers; i += 2) {
        if (isnan(xy[i])) {
            put32(&starts, points, false);
            parts++;
            continue;
        }
        put_double(&places, xy[i]);
        put_double(&places, xy[i + 1]);
        points++;
    }
    put32(&content, builder->type, false);
    for (int i = 0; i < 4; i++)
        put_double(&content, 0);
    put32(&content, parts, false);
    put32(&content, points, false);
    text_add_bytes(&content, starts.bytes, starts.length);
    text_add_bytes(&content, places.bytes, places.length);
    for (uint32_t i = 0; builder->type > 10 && i < points + 2; i++)
        put_double(&content, 7);
    add_content(builder, &content);
    text_free(&content);
    text_free(&starts);
    text_free(&places);
}

#define ADD_RINGS(builder, ...)                                                                    \
    add_rings(builder, (const double[]){__VA_ARGS__},                                              \
              sizeof((const double[]){__VA_ARGS__}) / sizeof(double))
#define NEXT NAN, NAN
/* Clockwise, as a shell is; and the other way round. */
#define SQUARE(x, y, s) x, y, x, (y) + (s), (x) + (s), (y) + (s), (x) + (s), y, x, y
#define HOLE(x, y, s) x, y, (x) + (s), y, (x) + (s), (y) + (s), x, (y) + (s), x, y

/* A .dbf with fields "NAME:C:10 ID:N:4" and rows of padded cells end to end. */
static void put_table(struct text *dbf, const char *fields, const char *const *rows, uint8_t ldid)
{
    struct text descriptors = {0};
    uint32_t row_length = 1, count = 0, row_count = 0;
    for (const char *at = fields; *at != '\0'; count++) {
        char name[32], type;
        unsigned width;
        int used = 0;
        assert_int_equal(sscanf(at, "%31[^:]:%c:%u %n", name, &type, &width, &used), 3);
        char descriptor[32] = {0};
        memcpy(descriptor, name, strnlen(name, 11));
        descriptor[11] = type;
        descriptor[16] = (char)width;
        text_add_bytes(&descriptors, descriptor, 32);
        row_length += width;
        at += used;
    }
    while (rows[row_count] != NULL)
        row_count++;
    uint32_t header = 33 + 32 * count;
    put32(dbf, 0x0101013u << 4 | 3, false);
    put32(dbf, row_count, false);
    put32(dbf, header | row_length << 16, false);
    for (int i = 0; i < 5; i++)
        put32(dbf, i == 4 ? (uint32_t)ldid << 8 : 0, false);
    text_add_bytes(dbf, descriptors.bytes, descriptors.length);
    text_add(dbf, "\r");
    for (uint32_t i = 0; i < row_count; i++)
        text_add(dbf, "%s%-*s", rows[i][0] == '*' ? "" : " ", (int)row_length - (rows[i][0] != '*'),
                 rows[i]);
    text_free(&descriptors);
}

#define ROWS(...) ((const char *const[]){__VA_ARGS__, NULL})
static const char WKT[] = "LOCAL_CS[\"x\"]";
static const char RD[] = "PROJCS[\"RD_New\",GEOGCS[\"Amersfoort\"]]";

/* Exactly as long as they are, so that a sanitizer sees the first byte read too far. */
static struct file_bytes exact(const char *bytes, size_t length)
{
    struct file_bytes file = {malloc(length > 0 ? length : 1), length};
    assert_non_null(file.bytes);
    if (length > 0)
        memcpy(file.bytes, bytes, length);
    return file;
}

struct reading {
    struct jurisdictions read;
    struct notes notes;
    struct error error;
    bool done;
};

static struct reading read_with(const struct builder *builder, struct boundary_options options,
                                const char *prj, const char *cpg)
{
    struct reading reading = {0};
    struct shapefile_parts parts = {.path = "x.shp"};
    parts.shp = exact(builder->shp.bytes, builder->shp.length);
    if (builder->shx.bytes != NULL)
        parts.shx = exact(builder->shx.bytes, builder->shx.length);
    if (builder->dbf.bytes != NULL)
        parts.dbf = exact(builder->dbf.bytes, builder->dbf.length);
    if (prj != NULL)
        parts.prj = exact(prj, strlen(prj));
    if (cpg != NULL)
        parts.cpg = exact(cpg, strlen(cpg));
    options.notes = &reading.notes;
    reading.done = shapefile_read_parts(&reading.read, &parts, &options, &reading.error);
    shapefile_parts_free(&parts);
    return reading;
}

static struct reading read_built(const struct builder *builder)
{
    return read_with(builder, (struct boundary_options){.crs = "EPSG:28992"}, NULL, NULL);
}

static void reading_free(struct reading *reading)
{
    jurisdictions_free(&reading->read);
    notes_free(&reading->notes);
}

static bool noted(const struct reading *reading, const char *what)
{
    for (size_t i = 0; i < reading->notes.count; i++)
        if (strstr(reading->notes.lines[i], what) != NULL)
            return true;
    return false;
}

static void assert_read(const struct reading *reading, size_t count)
{
    if (!reading->done)
        fail_msg("%s", reading->error.message);
    assert_int_equal(reading->read.count, count);
}

static void assert_refused(struct builder *builder, const char *what)
{
    struct reading reading = read_built(builder);
    if (reading.done || reading.error.kind != ERROR_DATA
        || strstr(reading.error.message, what) == NULL)
        fail_msg("not refused for '%s' but: %s", what, reading.error.message);
    assert_int_equal(reading.read.count, 0);
    reading_free(&reading);
    builder_free(builder);
}

static double area_of(const struct shape *shape)
{
    double area;
    struct error error = {0};
    assert_true(rings_area(&area, shape, &error));
    return area;
}

/* One square of side 10 a record. */
static struct builder squares(int count)
{
    struct builder builder = builder_new(POLYGON);
    for (int i = 0; i < count; i++)
        ADD_RINGS(&builder, SQUARE(20.0 * i, 0.0, 10.0));
    return builder;
}

static void a_polygon_keeps_its_hole_and_its_parts(void **state)
{
    (void)state;
    const uint32_t types[] = {POLYGON, POLYGON_Z, POLYGON_M};
    for (size_t i = 0; i < 3; i++) {
        struct builder builder = builder_new(types[i]);
        ADD_RINGS(&builder, SQUARE(0.0, 0.0, 10.0), NEXT, HOLE(2.0, 2.0, 3.0), NEXT,
                  SQUARE(50.0, 50.0, 2.0));
        struct reading reading = read_built(&builder);
        assert_read(&reading, 1);
        const struct shape *shape = &reading.read.items[0].shape;
        assert_int_equal(shape->ring_count, 3);
        assert_int_equal(shape->point_count, 15);
        assert_int_equal(shape->ring_starts[2], 10);
        assert_true(shape_holds(shape, 1, 1) && !shape_holds(shape, 3, 3));
        assert_true(area_of(shape) == 100 - 9 + 4);
        reading_free(&reading);
        builder_free(&builder);
    }
}

static void null_shapes_are_counted_and_rows_stay_with_their_records(void **state)
{
    (void)state;
    struct builder builder = builder_new(POLYGON);
    ADD_RINGS(&builder, SQUARE(0.0, 0.0, 1.0));
    add_null(&builder);
    ADD_RINGS(&builder, SQUARE(5.0, 0.0, 1.0));
    put_table(&builder.dbf, "NAAM:C:4", ROWS("een", "twee", "drie"), 0);
    struct reading reading = read_built(&builder);
    assert_read(&reading, 2);
    assert_string_equal(reading.read.items[1].name, "drie");
    assert_true(noted(&reading, "records without a shape: 1"));
    reading_free(&reading);
    builder_free(&builder);
}

static void an_open_ring_is_closed_and_one_without_area_dropped(void **state)
{
    (void)state;
    struct builder builder = builder_new(POLYGON);
    ADD_RINGS(&builder, 0, 0, 0, 4, 4, 4, NEXT, 9, 9, 8, 8, NEXT, 1, 1, 2, 2, 3, 3, 1, 1, NEXT,
              SQUARE(20.0, 0.0, 1.0), NEXT, 30, 0, 30, 1, 31, 1, 31, 0);
    struct reading reading = read_built(&builder);
    assert_read(&reading, 1);
    const struct shape *shape = &reading.read.items[0].shape;
    assert_int_equal(shape->ring_count, 3);
    assert_int_equal(shape->point_count, 4 + 5 + 5);
    for (size_t r = 0; r < 3; r++) {
        size_t first = shape->ring_starts[r], last = shape->ring_starts[r + 1] - 1;
        assert_true(shape->x[first] == shape->x[last] && shape->y[first] == shape->y[last]);
    }
    assert_true(area_of(shape) == 8 + 1 + 1);
    assert_true(shape->x[13] == 30 && shape->y[13] == 0);
    assert_true(noted(&reading, "closed now: 2") && noted(&reading, "left out: 2"));
    reading_free(&reading);
    builder_free(&builder);
}

static void a_record_without_any_area_counts_as_a_null_shape(void **state)
{
    (void)state;
    struct builder builder = squares(1);
    ADD_RINGS(&builder, 1, 1, 2, 2, 1, 1);
    struct reading reading = read_built(&builder);
    assert_read(&reading, 1);
    assert_true(noted(&reading, "records without a shape: 1"));
    reading_free(&reading);
    builder_free(&builder);
}

static void the_area_is_that_of_shells_minus_holes_whatever_the_winding(void **state)
{
    (void)state;
    const double expected[] = {100 - 4 - 4,  100 - 4, 100 - 4 - 4, 100 + 4,
                               100 - 36 + 4, 0,       175 - 1 + 4};
    struct builder builder = builder_new(POLYGON);
    ADD_RINGS(&builder, SQUARE(0.0, 0.0, 10.0), NEXT, HOLE(1.0, 1.0, 2.0), NEXT,
              HOLE(5.0, 5.0, 2.0));
    ADD_RINGS(&builder, HOLE(0.0, 0.0, 10.0), NEXT, SQUARE(1.0, 1.0, 2.0)); /* all reversed */
    ADD_RINGS(&builder, HOLE(0.0, 0.0, 10.0), NEXT, SQUARE(1.0, 1.0, 2.0), NEXT,
              SQUARE(5.0, 5.0, 2.0));
    ADD_RINGS(&builder, SQUARE(0.0, 0.0, 10.0), NEXT, SQUARE(20.0, 1.0, 2.0));
    ADD_RINGS(&builder, SQUARE(0.0, 0.0, 10.0), NEXT, HOLE(1.0, 1.0, 6.0), NEXT,
              SQUARE(3.0, 3.0, 2.0)); /* an island in a lake */
    /* one clockwise ring: the other is its hole, as GDAL 3.6 has it, wherever it lies */
    ADD_RINGS(&builder, SQUARE(0.0, 0.0, 1.0), NEXT, HOLE(10.0, 0.0, 1.0));
    /* a hole in no shell but in the largest one's box is the largest one's, as GDAL has it */
    ADD_RINGS(&builder, 0, 0, 0, 20, 5, 20, 5, 5, 20, 5, 20, 0, 0, 0, NEXT, SQUARE(50.0, 0.0, 2.0),
              NEXT, HOLE(10.0, 10.0, 1.0));
    struct reading reading = read_built(&builder);
    assert_read(&reading, 7);
    for (size_t i = 0; i < 7; i++)
        if (area_of(&reading.read.items[i].shape) != expected[i])
            fail_msg("record %zu: %g and not %g", i, area_of(&reading.read.items[i].shape),
                     expected[i]);
    reading_free(&reading);
    builder_free(&builder);
}

static void a_hole_belongs_to_the_smallest_shell_around_it(void **state)
{
    (void)state;
    struct builder builder = builder_new(POLYGON);
    ADD_RINGS(&builder, HOLE(13.0, 13.0, 2.0), NEXT, SQUARE(0.0, 0.0, 40.0), NEXT,
              HOLE(10.0, 10.0, 20.0), NEXT, SQUARE(12.0, 12.0, 8.0), NEXT, HOLE(60.0, 0.0, 1.0));
    struct reading reading = read_built(&builder);
    assert_read(&reading, 1);
    size_t shell_of[5];
    struct error error = {0};
    assert_true(rings_shells(shell_of, &reading.read.items[0].shape, &error));
    const size_t expected[5] = {3, 1, 1, 3, 4};
    assert_memory_equal(shell_of, expected, sizeof expected);
    reading_free(&reading);
    builder_free(&builder);
}

static void a_hole_that_touches_its_shell_is_still_its_hole(void **state)
{
    (void)state;
    struct builder builder = builder_new(POLYGON);
    /* the larger shell's box holds the hole too, but not its area: an L */
    ADD_RINGS(&builder, 0, 0, 0, 20, 5, 20, 5, 5, 20, 5, 20, 0, 0, 0, NEXT, SQUARE(5.0, 5.0, 10.0),
              NEXT, HOLE(5.0, 5.0, 4.0), NEXT, SQUARE(-90.0, 0.0, 80.0));
    struct reading reading = read_built(&builder);
    assert_read(&reading, 1);
    size_t shell_of[4];
    struct error error = {0};
    assert_true(rings_shells(shell_of, &reading.read.items[0].shape, &error));
    assert_int_equal(shell_of[2], 1);
    reading_free(&reading);
    builder_free(&builder);
}

static void a_missing_shx_is_made_and_said(void **state)
{
    (void)state;
    struct builder builder = squares(3);
    text_free(&builder.shx);
    struct reading reading = read_built(&builder);
    assert_read(&reading, 3);
    assert_true(reading.read.items[2].shape.x[0] == 40);
    assert_true(noted(&reading, "there is no .shx"));
    reading_free(&reading);
    builder_free(&builder);
}

/* A head alone is whole when there is no record. */
static void a_shx_without_an_entry_fits_a_shp_without_a_record(void **state)
{
    (void)state;
    struct builder builder = squares(0);
    struct reading reading = read_built(&builder);
    assert_false(noted(&reading, ".shx"));
    reading_free(&reading);
    builder_free(&builder);
}

/* How many squares are read of three, when nobody wants notes. */
static size_t count_without_notes(const struct builder *builder)
{
    struct jurisdictions read = {0};
    struct error error = {0};
    struct shapefile_parts parts = {.path = "x.shp"};
    parts.shp = exact(builder->shp.bytes, builder->shp.length);
    if (builder->shx.bytes != NULL)
        parts.shx = exact(builder->shx.bytes, builder->shx.length);
    const struct boundary_options options = {.crs = "EPSG:28992"};
    if (!shapefile_read_parts(&read, &parts, &options, &error))
        fail_msg("%s", error.message);
    size_t count = read.count;
    jurisdictions_free(&read);
    shapefile_parts_free(&parts);
    return count;
}

static void notes_are_for_who_wants_them(void **state)
{
    (void)state;
    struct builder builder = squares(3);
    poke32(&builder.shx, 24, 50 + 8, true); /* two of the three */
    assert_int_equal(count_without_notes(&builder), 2);
    poke32(&builder.shx, 0, 1234, true); /* no index at all */
    assert_int_equal(count_without_notes(&builder), 3);
    text_free(&builder.shx);
    assert_int_equal(count_without_notes(&builder), 3);
    builder_free(&builder);
}

static void a_shx_that_is_cut_off_is_overruled(void **state)
{
    (void)state;
    for (size_t length = 1; length < 104; length++) {
        struct builder builder = squares(1);
        builder.shx.length = length;
        struct reading reading = read_built(&builder);
        assert_read(&reading, 1);
        assert_true(noted(&reading, "the .shx does not fit"));
        reading_free(&reading);
        builder_free(&builder);
    }
}

/* What the .shx says at byte `at` is `value`; the three squares must come out all the same. */
static void assert_shx_overruled(size_t at, uint32_t value, bool is_said)
{
    struct builder builder = squares(3);
    poke32(&builder.shx, at, value, true);
    struct reading reading = read_built(&builder);
    assert_read(&reading, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(reading.read.items[i].shape.point_count, 5);
        assert_true(reading.read.items[i].shape.x[0] == 20.0 * (double)i);
    }
    assert_int_equal(noted(&reading, "the .shx does not fit"), is_said);
    reading_free(&reading);
    builder_free(&builder);
}

static void a_shx_that_lies_is_overruled_by_the_shp(void **state)
{
    (void)state;
    assert_shx_overruled(0, 1234, true);          /* no index at all */
    assert_shx_overruled(24, 0x7FFFFFFF, true);   /* 256 million records in 124 bytes */
    assert_shx_overruled(24, 50, true);           /* none */
    assert_shx_overruled(100, 10, true);          /* a record within the header */
    assert_shx_overruled(100, 0xFFFFFFFF, true);  /* beyond the file */
    assert_shx_overruled(108, 50, true);          /* two entries on one record */
    assert_shx_overruled(108, 50 + 4, true);      /* entries that overlap */
    assert_shx_overruled(104, 68, false);         /* 8 bytes too long: stale heap in shapelib */
    assert_shx_overruled(104, 0xFFFFFFFF, false); /* lengths are the .shp's own */
}

static void a_shx_that_points_into_the_header_is_overruled(void **state)
{
    (void)state;
    struct builder builder = squares(1);
    poke32(&builder.shx, 100, 46, true);
    poke32(&builder.shp, 96, 10, true); /* what would be that record's length */
    struct reading reading = read_built(&builder);
    assert_read(&reading, 1);
    reading_free(&reading);
    builder_free(&builder);
}

static void twenty_thousand_entries_on_one_record_are_one_record(void **state)
{
    (void)state;
    struct builder builder = squares(1);
    for (int i = 1; i < 20000; i++) {
        put32(&builder.shx, 50, true);
        put32(&builder.shx, 68, true);
    }
    poke32(&builder.shx, 24, (uint32_t)(builder.shx.length / 2), true);
    struct reading reading = read_built(&builder);
    assert_read(&reading, 1);
    reading_free(&reading);
    builder_free(&builder);
}

static void the_shx_gives_the_order_and_may_leave_records_out(void **state)
{
    (void)state;
    struct builder builder = squares(3);
    uint32_t second = 50 + 68, first = 50;
    poke32(&builder.shx, 100, second, true);
    poke32(&builder.shx, 108, first, true);
    poke32(&builder.shx, 24, 50 + 8, true);
    struct reading reading = read_built(&builder);
    assert_read(&reading, 2);
    assert_true(reading.read.items[0].shape.x[0] == 20 && reading.read.items[1].shape.x[0] == 0);
    assert_true(noted(&reading, "lists 2 of the 3 records"));
    reading_free(&reading);
    builder_free(&builder);
}

/* One square, of whose .shp the four bytes at `at` are `value`. */
static void assert_lie_refused(size_t at, uint32_t value, bool big, const char *what)
{
    struct builder builder = squares(1);
    poke32(&builder.shp, at, value, big);
    assert_refused(&builder, what);
}

static void a_shp_that_lies_is_refused(void **state)
{
    (void)state;
    enum { RECORD = 100, CONTENT = 108 };
    assert_lie_refused(0, 9993, true, "no shapefile");
    assert_lie_refused(28, 1001, false, "no shapefile");
    assert_lie_refused(32, 77, false, "does not exist (77)");
    assert_lie_refused(RECORD + 4, 63, true, "more points than it holds");
    assert_lie_refused(RECORD + 4, 0x40000000, true, "record 1 of the .shp does not fit");
    assert_lie_refused(RECORD + 4, 0xFFFFFFFF, true, "record 1 of the .shp does not fit");
    assert_lie_refused(RECORD + 4, 1, true, "does not fit");
    assert_lie_refused(RECORD + 4, 10, true, "record 1 is damaged (too short");
    assert_lie_refused(CONTENT, 6, false, "record 1 is damaged (no such kind of shape");
    assert_lie_refused(CONTENT, 0x80000005, false, "no such kind of shape");
    assert_lie_refused(CONTENT, POLYGON_Z, false, "more points than it holds");
    assert_lie_refused(CONTENT + 36, 2, false, "more points than it holds");
    assert_lie_refused(CONTENT + 36, 0x40000000, false, "more points than it holds");
    assert_lie_refused(CONTENT + 36, 0xFFFFFFFF, false, "more points than it holds");
    assert_lie_refused(CONTENT + 40, 0xFFFFFFFF, false, "more points than it holds");
    assert_lie_refused(CONTENT + 40, 0x10000000, false, "more points than it holds");
    assert_lie_refused(CONTENT + 44, 1, false, "parts are out of order");
    assert_lie_refused(CONTENT + 44, 0xFFFFFFFF, false, "parts are out of order");
    assert_lie_refused(CONTENT + 48 + 4, 0x7FF80000, false, "coordinate");
    assert_lie_refused(CONTENT + 48 + 76, 0xFFF00000, false, "coordinate");
    assert_lie_refused(CONTENT + 48 + 76, 0x7FE00000, false, "coordinate");
    assert_lie_refused(CONTENT + 36, 0, false, "no polygons");
    assert_lie_refused(CONTENT + 40, 0, false, "no polygons");
}

static void a_shp_cut_off_between_records_is_refused(void **state)
{
    (void)state;
    struct builder builder = squares(2);
    builder.shp.length -= 136;
    assert_refused(&builder, "cut off");
    builder = squares(2);
    builder.shp.length -= 136;
    text_free(&builder.shx);
    assert_refused(&builder, "cut off");
}

static void parts_that_do_not_rise_are_refused(void **state)
{
    (void)state;
    const uint32_t starts[] = {0, 10, 11, 0x80000000};
    for (size_t i = 0; i < 4; i++) {
        struct builder builder = builder_new(POLYGON);
        ADD_RINGS(&builder, SQUARE(0.0, 0.0, 10.0), NEXT, HOLE(1.0, 1.0, 2.0));
        poke32(&builder.shp, 108 + 48, starts[i], false);
        assert_refused(&builder, "parts are out of order");
    }
}

static void a_header_that_tells_another_length_does_no_harm(void **state)
{
    (void)state;
    const uint32_t lengths[] = {0, 49, 0x7FFFFFFF, 0xFFFFFFFF};
    for (size_t i = 0; i < 4; i++) {
        struct builder builder = squares(2);
        poke32(&builder.shp, 24, lengths[i], true);
        struct reading reading = read_built(&builder);
        assert_read(&reading, 2);
        reading_free(&reading);
        builder_free(&builder);
    }
}

static void every_cut_of_a_file_is_refused_or_read(void **state)
{
    (void)state;
    struct builder whole = squares(2);
    for (size_t length = 0; length < whole.shp.length; length++) {
        struct builder cut = squares(2);
        cut.shp.length = length;
        struct reading reading = read_built(&cut);
        assert_false(reading.done);
        assert_int_equal(reading.error.kind, ERROR_DATA);
        reading_free(&reading);
        builder_free(&cut);
    }
    builder_free(&whole);
}

/* Any bytes anywhere: the answer is an area or a sentence, and the sanitizers stay silent. */
static void random_bytes_in_any_part_do_no_harm(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4000; seed++) {
        struct builder builder = builder_new(seed % 3 == 0 ? POLYGON_Z : POLYGON);
        ADD_RINGS(&builder, SQUARE(0.0, 0.0, 10.0), NEXT, HOLE(1.0, 1.0, 2.0));
        ADD_RINGS(&builder, SQUARE(30.0, 0.0, 10.0));
        put_table(&builder.dbf, "NAAM:C:4 CODE:C:3", ROWS("een 001", "twee002"), 0);
        struct text *parts[] = {&builder.shp, &builder.shx, &builder.dbf};
        uint64_t random = seed * 0x9e3779b97f4a7c15u;
        for (int change = 0; change < 3; change++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            struct text *part = parts[random >> 60 & 1 ? 0 : (random >> 40) % 3];
            part->bytes[(random >> 33) % part->length] =
                (char)((random >> 20 & 3) == 0 ? 0xFF : random >> 22);
        }
        struct reading reading = read_built(&builder);
        if (!reading.done && (reading.error.kind != ERROR_DATA || !reading.error.message[0]))
            fail_msg("seed %llu: %s", (unsigned long long)seed, reading.error.message);
        for (size_t i = 0; i < reading.read.count; i++)
            assert_true(isfinite(area_of(&reading.read.items[i].shape)));
        reading_free(&reading);
        builder_free(&builder);
    }
}

static void points_lines_and_empty_files_are_refused_by_name(void **state)
{
    (void)state;
    const uint32_t types[] = {POINT, LINE, 31, 8, 0};
    const char *const what[] = {"holds points", "holds lines", "multipatch", "holds points",
                                "only null shapes"};
    for (size_t i = 0; i < 5; i++) {
        struct builder builder = builder_new(types[i]);
        add_null(&builder);
        assert_refused(&builder, what[i]);
    }
    struct builder none = builder_new(POLYGON);
    assert_refused(&none, "holds no polygons (0 records)");
}

static void records_of_another_kind_are_left_out_and_said(void **state)
{
    (void)state;
    struct builder builder = squares(1);
    builder.type = LINE;
    ADD_RINGS(&builder, 0, 0, 5, 5);
    struct reading reading = read_built(&builder);
    assert_read(&reading, 1);
    assert_true(noted(&reading, "no polygons and are left out: 1"));
    reading_free(&reading);
    builder_free(&builder);
}

/* Which fields serve for a table with these fields and rows: "NAME CODE". */
static void assert_fields(const char *fields, const char *const *rows, const char *expected)
{
    int count = 0;
    char chosen[64];
    while (rows[count] != NULL)
        count++;
    struct builder builder = squares(count);
    put_table(&builder.dbf, fields, rows, 0);
    struct reading reading = read_built(&builder);
    assert_read(&reading, (size_t)count);
    snprintf(chosen, sizeof chosen, "%s %s",
             reading.read.name_field != NULL ? reading.read.name_field : "-",
             reading.read.code_field != NULL ? reading.read.code_field : "-");
    if (strcmp(chosen, expected) != 0)
        fail_msg("%s: '%s' serve and not '%s'", fields, chosen, expected);
    reading_free(&reading);
    builder_free(&builder);
}

static void names_and_codes_are_found_among_the_usual_fields(void **state)
{
    (void)state;
    assert_fields("GM_CODE:C:2 GM_NAAM:C:2", ROWS("01aa", "02bb"), "GM_NAAM GM_CODE");
    assert_fields("id:N:2 statcode:C:2 jrstatcode:C:2 statnaam:C:2", ROWS(" 1G1J1aa", " 2G2J2bb"),
                  "statnaam statcode");
    assert_fields("objectid:C:2 district:C:2", ROWS("E1aa", "E2bb"), "district objectid");
    assert_fields("objectid:N:2 district:C:2", ROWS(" 1aa", " 2bb"), "district -");
    assert_fields("Name:C:2 descriptio:C:2", ROWS("17xx", "20xx"), "Name -");
    assert_fields("PLR_ID:C:2 PLR_NAME:C:2", ROWS("01aa", "02bb"), "PLR_NAME PLR_ID");
    assert_fields("STATE_CODE:C:2 NAME:C:2 GEOID:C:2", ROWS("08aax1", "08bbx2"), "NAME GEOID");
    assert_fields("gemeentena:C:2 gemeenteco:C:2", ROWS("aa01", "bb02"), "gemeentena gemeenteco");
    assert_fields("NAME_1:C:2 NAME_2:C:2 GID_1:C:2 GID_2:C:2", ROWS("NHaan1x1", "ZHbbz1y2"),
                  "NAME_2 GID_2");
    assert_fields("NAME_:N:2 TXT:C:2", ROWS(" 1aa", " 2bb"), "TXT -");
    assert_fields("since:D:8 label:C:2", ROWS("20200101aa", "20200102bb"), "label -");
}

static void a_field_that_tells_nothing_apart_does_not_serve(void **state)
{
    (void)state;
    /* all of one gemeente: its wijken are meant */
    assert_fields("GM_CODE:C:2 GM_NAAM:C:2 WK_CODE:C:2 WK_NAAM:C:2", ROWS("01AAw1aa", "01AAw2bb"),
                  "WK_NAAM WK_CODE");
    assert_fields("X_ID:N:2 Y_ID:N:2 naam:C:2", ROWS(" 0 1aa", " 0 2bb"), "naam Y_ID");
    /* one code for two names is no code of theirs */
    assert_fields("PROV_CODE:C:2 naam:C:2", ROWS("NHaa", "NHbb", "ZHcc"), "naam -");
    assert_fields("OBJECTID:N:2 OBJECTNAAM:C:2", ROWS(" 1aa", " 2bb"), "OBJECTNAAM -");
    /* but two records of one name share theirs, and their own code may be spelt two ways */
    assert_fields("CODE:C:2 naam:C:2", ROWS("01aa", "01aa", "02bb"), "naam CODE");
    assert_fields("GM_CODE:C:2 GM_NAAM:C:2", ROWS("01aa", "01ab", "02bb"), "GM_NAAM GM_CODE");
    assert_fields("naam:C:2 what:C:2", ROWS("  aa", "  bb"), "what -");
    assert_fields("id:N:2 v:N:2", ROWS(" 1 7", " 2 7"), "id id");
    assert_fields("v:N:2 w:C:2", ROWS(" 1xx", " 2xx"), "- -");
    assert_fields("naam:C:2 what:C:2", ROWS("  aa"), "what -");
    assert_fields("id:N:2 naam:C:2", ROWS(" 1aa", " 2bb"), "naam -");
}

static void asked_fields_serve_and_absent_ones_list_what_there_is(void **state)
{
    (void)state;
    struct builder builder = squares(2);
    put_table(&builder.dbf, "GM_CODE:C:2 GM_NAAM:C:2 gebiedsnaa:C:2", ROWS("01aaxx", "02bbyy"), 0);
    struct boundary_options options = {
        .crs = "EPSG:28992", .name_field = "GEBIEDSNAAM", .code_field = "gm_naam"};
    struct reading reading = read_with(&builder, options, NULL, NULL);
    assert_read(&reading, 2);
    assert_string_equal(reading.read.items[1].name, "yy");
    assert_string_equal(reading.read.items[1].code, "bb");
    reading_free(&reading);
    options.name_field = "naam";
    reading = read_with(&builder, options, NULL, NULL);
    assert_false(reading.done);
    assert_int_equal(reading.error.kind, ERROR_DATA);
    assert_non_null(strstr(reading.error.message, "GM_CODE, GM_NAAM, gebiedsnaa"));
    reading_free(&reading);
    text_free(&builder.dbf);
    reading = read_with(&builder, options, NULL, NULL);
    assert_false(reading.done);
    assert_non_null(strstr(reading.error.message, "no table"));
    reading_free(&reading);
    builder_free(&builder);
}

static void without_a_dbf_the_records_are_numbered(void **state)
{
    (void)state;
    struct builder builder = squares(2);
    for (int empty = 0; empty < 2; empty++) {
        struct reading reading = read_built(&builder);
        assert_read(&reading, 2);
        assert_string_equal(reading.read.items[0].name, "1");
        assert_string_equal(reading.read.items[1].name, "2");
        assert_string_equal(reading.read.items[1].code, "");
        assert_true(noted(&reading, "no .dbf") && noted(&reading, "named by number"));
        reading_free(&reading);
        text_add_bytes(&builder.dbf, "", 0);
    }
    builder_free(&builder);
}

static void a_record_without_a_code_goes_by_its_name(void **state)
{
    (void)state;
    struct builder builder = squares(3);
    put_table(&builder.dbf, "GM_CODE:C:4 GM_NAAM:C:4", ROWS("G1  aa  ", "    bb  ", "G3      "), 0);
    struct reading reading = read_built(&builder);
    assert_read(&reading, 3);
    assert_string_equal(reading.read.items[1].code, "");
    assert_string_equal(reading.read.items[2].name, "G3");
    assert_true(noted(&reading, "without a code, which go by their name: 1"));
    assert_true(noted(&reading, "names come from the field GM_NAAM, codes from GM_CODE"));
    reading_free(&reading);
    builder_free(&builder);
}

static void numbers_lose_idle_zeros_and_texts_their_control_characters(void **state)
{
    (void)state;
    struct builder builder = squares(3);
    put_table(&builder.dbf, "NAAM:C:6 CODE:N:8",
              ROWS("a\033[1mb   12.000", "  c d    0.50", "e      100"), 0);
    struct reading reading = read_built(&builder);
    assert_read(&reading, 3);
    assert_string_equal(reading.read.items[0].name, "a [1mb");
    assert_string_equal(reading.read.items[0].code, "12");
    assert_string_equal(reading.read.items[1].name, "c d");
    assert_string_equal(reading.read.items[1].code, "0.5");
    assert_string_equal(reading.read.items[2].code, "100");
    reading_free(&reading);
    builder_free(&builder);
}

static void rows_that_are_deleted_missing_or_too_many_are_said(void **state)
{
    (void)state;
    struct builder builder = squares(3);
    put_table(&builder.dbf, "NAAM:C:2", ROWS("aa", "*bb"), 0);
    struct reading reading = read_built(&builder);
    assert_read(&reading, 2);
    assert_string_equal(reading.read.items[1].name, "3");
    assert_true(noted(&reading, "deleted") && noted(&reading, "2 rows in the .dbf for 3"));
    reading_free(&reading);
    poke32(&builder.dbf, 4, 0x80000000, false);
    reading = read_built(&builder);
    assert_read(&reading, 2);
    assert_true(noted(&reading, "2147483648 rows and holds 2"));
    reading_free(&reading);
    builder_free(&builder);
}

static void a_dbf_that_lies_is_refused(void **state)
{
    (void)state;
    const struct {
        uint32_t header_and_row, width;
        const char *what;
    } lies[] = {{65 | 0u << 16, 2, "rows have no length"},
                {65 | 2u << 16, 2, "wider than its rows"},
                {0xFFFF | 3u << 16, 2, "longer than the file"},
                {10 | 3u << 16, 2, "longer"},
                {65 | 3u << 16, 255, "wider than its rows"}};
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        struct builder builder = squares(1);
        put_table(&builder.dbf, "NAAM:C:2", ROWS("aa"), 0);
        poke32(&builder.dbf, 8, lies[i].header_and_row, false);
        poke32(&builder.dbf, 32 + 16, lies[i].width, false);
        assert_refused(&builder, lies[i].what);
    }
    for (size_t length = 1; length < 65; length++) {
        struct builder builder = squares(1);
        put_table(&builder.dbf, "NAAM:C:2", ROWS("aa"), 0);
        builder.dbf.length = length;
        assert_refused(&builder, "damaged");
    }
}

/* One name with these bytes, a .cpg (NULL: none) and a language byte. */
static void assert_decoded(const char *bytes, const char *cpg, uint8_t ldid, const char *expected)
{
    struct builder builder = squares(1);
    put_table(&builder.dbf, "NAAM:C:8", ROWS(bytes), ldid);
    struct reading reading =
        read_with(&builder, (struct boundary_options){.crs = "EPSG:28992"}, NULL, cpg);
    assert_read(&reading, 1);
    if (strcmp(reading.read.items[0].name, expected) != 0)
        fail_msg(".cpg %s, language %d: '%s' and not '%s'", cpg != NULL ? cpg : "none", ldid,
                 reading.read.items[0].name, expected);
    reading_free(&reading);
    builder_free(&builder);
}

static void names_are_decoded_by_cpg_then_language_then_looks(void **state)
{
    (void)state;
    const char *const latin1[] = {"1252",       "88591\r\n",
                                  "ISO-8859-1", "ISO 8859-1",
                                  "ISO88591",   "8859-1",
                                  "cp1252",     "ANSI 1252",
                                  "LDID/3",     "windows-1252",
                                  "28591",      "latin1",
                                  "iso8859_1",  "\xEF\xBB\xBF\x31\x32\x35\x32"};
    for (size_t i = 0; i < sizeof latin1 / sizeof latin1[0]; i++)
        assert_decoded("Caf\xE9", latin1[i], 0, "Café");
    const char *const utf8[] = {"UTF-8", "utf8", "UTF 8", "65001"};
    for (size_t i = 0; i < 4; i++)
        assert_decoded("Caf\xC3\xA9", utf8[i], 0x03, "Café"); /* the .cpg comes first */
    assert_decoded("\xCC\xEE", "ANSI 1251", 0, "Мо");
    assert_decoded("\xCC\xEE", NULL, 0xC9, "Мо");
    assert_decoded("\xA4\xA4\xA4\xE5", "Big5", 0, "中文");
    assert_decoded("\xD6\xD0\xCE\xC4", "936", 0, "中文");
    assert_decoded("\xD6\xD0\xCE\xC4", NULL, 0x4D, "中文");
    assert_decoded("Caf\x82", "437", 0, "Café");
    assert_decoded("Caf\x82", "OEM 850", 0, "Café");
    assert_decoded("\x80", "885915", 0, "\xC2\x80");
    assert_decoded("\xA4", "885915", 0, "€");
    assert_decoded("Caf\xE9", NULL, 0, "Café");
    assert_decoded("Caf\xE9\x80", NULL, 0x57, "Café€");
    assert_decoded("Caf\xC3\xA9", NULL, 0, "Café");
    assert_decoded("Caf\xC3\xA9", NULL, 0x57, "Café");
    assert_decoded("Caf\xC3\xA9", "", 0, "Café");
    assert_decoded("Caf\xE9", "nonsense", 0, "Café");
    assert_decoded("Caf\xE9", "UTF-16", 0, "Café");
    assert_decoded("abcdefg\xC3", NULL, 0, "abcdefg"); /* a character that the field cut off */
    assert_decoded("abcdefg\xC3", "UTF-8", 0, "abcdefg");
}

static void the_prj_is_the_reference_system_unless_one_is_given(void **state)
{
    (void)state;
    struct builder builder = squares(1);
    struct boundary_options options = {0};
    char bom[128];
    snprintf(bom, sizeof bom, "\xEF\xBB\xBF%s\r\n", RD);
    struct reading reading = read_with(&builder, options, bom, NULL);
    assert_read(&reading, 1);
    assert_string_equal(reading.read.crs, RD);
    reading_free(&reading);
    const char *const bad[] = {NULL,
                               "",
                               " \n",
                               "hello",
                               "EPSG:28992",
                               "http://x/y",
                               WKT,
                               "PROJCS[\"a\"",
                               "PROJCS[\"a\"]]",
                               "PROJCS[\"a\"] GEOGCS[\"b\"]",
                               "PROJCS[\"a]",
                               "+proj=longlat",
                               "PROJCS"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        options.crs = NULL;
        reading = read_with(&builder, options, bad[i], NULL);
        if (reading.done || strstr(reading.error.message, "--boundaries-crs") == NULL)
            fail_msg("a .prj of '%s' was taken", bad[i]);
        assert_int_equal(reading.error.kind, ERROR_DATA);
        reading_free(&reading);
        options.crs = "EPSG:28992";
        reading = read_with(&builder, options, bad[i], NULL);
        assert_read(&reading, 1);
        assert_string_equal(reading.read.crs, "EPSG:28992");
        reading_free(&reading);
    }
    builder_free(&builder);
}

/* A folder of files for what reads by path; removed by its name. */
static void write_part(const char *folder, const char *name, const struct text *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text->bytes, 1, text->length, file), text->length);
    fclose(file);
}

static void remove_parts(const char *folder)
{
    const char *const names[] = {"a.shp", "a.shx", "a.DBF", "text.shp", "empty.shp"};
    char path[128];
    for (size_t i = 0; i < 5; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
}

static void files_are_read_by_path_with_their_siblings(void **state)
{
    (void)state;
    char folder[] = "/tmp/plein-shapefile-XXXXXX", path[64], what[] = "x,y\n1,2\n";
    assert_non_null(mkdtemp(folder));
    struct builder builder = squares(2);
    put_table(&builder.dbf, "NAAM:C:2", ROWS("aa", "bb"), 0);
    write_part(folder, "a.shp", &builder.shp);
    write_part(folder, "a.shx", &builder.shx);
    write_part(folder, "a.DBF", &builder.dbf);
    write_part(folder, "text.shp", &(struct text){.bytes = what, .length = strlen(what)});
    write_part(folder, "empty.shp", &(struct text){.bytes = what});
    const struct {
        const char *name;
        enum error_kind kind;
        const char *what;
    } cases[] = {{"a.shp", ERROR_NONE, ""},
                 {"none.shp", ERROR_NO_INPUT, "none.shp"},
                 {"text.shp", ERROR_DATA, "no shapefile"},
                 {"empty.shp", ERROR_DATA, "empty"},
                 {"a.DBF", ERROR_DATA, "no shapefile"},
                 {"", ERROR_DATA, "folder"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct jurisdictions read;
        struct error error = {0};
        snprintf(path, sizeof path, "%s/%s", folder, cases[i].name);
        shapefile_read(&read, path, &(struct boundary_options){.crs = "EPSG:28992"}, &error);
        if (error.kind != cases[i].kind || strstr(error.message, cases[i].what) == NULL)
            fail_msg("%s: %d %s", cases[i].name, error.kind, error.message);
        if (error.kind == ERROR_NONE)
            assert_string_equal(read.items[1].name, "bb");
        jurisdictions_free(&read);
    }
    remove_parts(folder);
    builder_free(&builder);
}

static void add_point(struct builder *builder)
{
    struct text content = {0};
    put32(&content, 1, false);
    put_double(&content, 1);
    put_double(&content, 2);
    add_content(builder, &content);
    text_free(&content);
}

/* A point among polygons, and a row that is deleted: with notes and without. */
static void what_is_left_out_is_counted_for_who_wants_it(void **state)
{
    (void)state;
    for (int shapes = 0; shapes < 2; shapes++)
        for (int with = 0; with < 2; with++) {
            struct builder builder = squares(2);
            struct jurisdictions read = {0};
            struct notes notes = {0};
            struct error error = {0};
            add_point(&builder);
            put_table(&builder.dbf, "NAAM:C:2 CODE:C:2", ROWS("aa01", "*bb", "cc  "), 0);
            struct shapefile_parts parts = {.path = "x.shp"};
            parts.shp = exact(builder.shp.bytes, builder.shp.length);
            parts.shx = exact(builder.shx.bytes, builder.shx.length);
            parts.dbf = exact(builder.dbf.bytes, builder.dbf.length);
            const struct boundary_options options = {.crs = "EPSG:28992",
                                                     .notes = with == 1 ? &notes : NULL};
            bool done = shapes == 1
                            ? shapefile_read_shapes_parts(&read, &parts, options.notes, &error)
                            : shapefile_read_parts(&read, &parts, &options, &error);
            if (!done)
                fail_msg("%s", error.message);
            assert_int_equal(read.count, shapes == 1 ? 2 : 1);
            assert_string_equal(read.items[0].name, "aa");
            const char *const wanted[2] = {"records marked as deleted that are left out: 1",
                                           "neither lines nor polygons and are left out: 1"};
            bool is_noted = false;
            for (size_t i = 0; i < notes.count; i++)
                is_noted |= strstr(notes.lines[i], wanted[shapes]) != NULL;
            assert_int_equal(is_noted, with == 1);
            shapefile_parts_free(&parts);
            jurisdictions_free(&read);
            notes_free(&notes);
            builder_free(&builder);
        }
}

static void a_base_layer_takes_lines_and_needs_no_table_and_no_system(void **state)
{
    (void)state;
    char folder[] = "/tmp/plein-shapefile-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    struct builder builder = builder_new(LINE);
    ADD_RINGS(&builder, 0, 0, 5, 5, NEXT, 6, 6, 7, 7, 8, 7);
    add_null(&builder);
    write_part(folder, "a.shp", &builder.shp);
    snprintf(path, sizeof path, "%s/a.shp", folder);
    struct jurisdictions read;
    struct notes notes = {0};
    struct error error = {0};
    assert_true(shapefile_read_shapes(&read, path, &notes, &error));
    assert_int_equal(read.count, 1);
    assert_int_equal(read.items[0].shape.ring_count, 2);
    assert_int_equal(read.items[0].shape.point_count, 5);
    assert_null(read.crs);
    assert_int_equal(notes.count, 4); /* no .prj, no .shx, no .dbf, a null shape */
    notes_free(&notes);
    jurisdictions_free(&read);
    remove_parts(folder);
    builder_free(&builder);
}

static void a_base_layer_takes_the_names_that_its_table_has(void **state)
{
    (void)state;
    struct jurisdictions streets, buildings;
    struct error error = {0};
    assert_true(shapefile_read_shapes(&streets, "data/europaplein/straten.shp", NULL, &error));
    assert_string_equal(streets.items[0].name, "Lindenstraat");
    assert_string_equal(streets.items[streets.count - 1].code, "");
    assert_true(shapefile_read_shapes(&buildings, "data/europaplein/gebouwen.shp", NULL, &error));
    for (size_t i = 0; i < buildings.count; i++)
        assert_string_equal(buildings.items[i].name, ""); /* it holds kinds, not names */
    jurisdictions_free(&streets);
    jurisdictions_free(&buildings);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now); /* other programs do not count */
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Three shells of many corners and 50,000 holes that lie in none but the box of each. */
static void rings_that_would_take_forever_are_bounded(void **state)
{
    (void)state;
    enum { HOLES = 50000, CORNERS = 100000 };
    struct shape shape;
    struct error error = {0};
    assert_true(shape_new(&shape, 3 * (CORNERS + 1) + 4 * HOLES, 3 + HOLES, &error));
    size_t at = 0, ring = 0;
    for (int shell = 0; shell < 3; shell++) {
        shape.ring_starts[ring++] = at;
        for (int i = 0; i < CORNERS; i++, at++) { /* a comb, clockwise */
            shape.x[at] = i;
            shape.y[at] = i % 2 == 1 && i != CORNERS - 1 ? 1000 : 1;
        }
        shape.x[at] = shape.x[at - CORNERS];
        shape.y[at] = shape.y[at - CORNERS];
        shape.y[at - 1] = -shell;
        at++;
    }
    for (int hole = 0; hole < HOLES; hole++, at += 4) {
        const double x[4] = {0, .01, 0, 0}, y[4] = {0, 0, .01, 0};
        shape.ring_starts[ring++] = at;
        for (int i = 0; i < 4; i++) {
            shape.x[at + (size_t)i] = x[i] + 2 * (hole % 49999) + 2;
            shape.y[at + (size_t)i] = y[i] + 999;
        }
    }
    shape.ring_starts[ring] = at;
    double begin = seconds();
    assert_true(isfinite(area_of(&shape)));
    assert_true(seconds() - begin < 5);
    shape_free(&shape);
}

static void a_file_of_null_shapes_without_end_is_refused(void **state)
{
    (void)state;
    struct builder builder = builder_new(POLYGON);
    enum { MANY = (1 << 22) + 10 };
    char record[12] = {0, 0, 0, 1, 0, 0, 0, 2};
    for (int i = 0; i < MANY; i++)
        text_add_bytes(&builder.shp, record, sizeof record);
    poke32(&builder.shp, 24, (uint32_t)(builder.shp.length / 2), true);
    assert_refused(&builder, "records");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_polygon_keeps_its_hole_and_its_parts),
        cmocka_unit_test(null_shapes_are_counted_and_rows_stay_with_their_records),
        cmocka_unit_test(an_open_ring_is_closed_and_one_without_area_dropped),
        cmocka_unit_test(a_record_without_any_area_counts_as_a_null_shape),
        cmocka_unit_test(the_area_is_that_of_shells_minus_holes_whatever_the_winding),
        cmocka_unit_test(a_hole_belongs_to_the_smallest_shell_around_it),
        cmocka_unit_test(a_hole_that_touches_its_shell_is_still_its_hole),
        cmocka_unit_test(a_missing_shx_is_made_and_said),
        cmocka_unit_test(a_shx_without_an_entry_fits_a_shp_without_a_record),

        cmocka_unit_test(notes_are_for_who_wants_them),
        cmocka_unit_test(what_is_left_out_is_counted_for_who_wants_it),
        cmocka_unit_test(a_shx_that_is_cut_off_is_overruled),
        cmocka_unit_test(a_shx_that_lies_is_overruled_by_the_shp),
        cmocka_unit_test(a_shx_that_points_into_the_header_is_overruled),
        cmocka_unit_test(twenty_thousand_entries_on_one_record_are_one_record),
        cmocka_unit_test(the_shx_gives_the_order_and_may_leave_records_out),
        cmocka_unit_test(a_shp_that_lies_is_refused),
        cmocka_unit_test(a_shp_cut_off_between_records_is_refused),
        cmocka_unit_test(parts_that_do_not_rise_are_refused),
        cmocka_unit_test(a_header_that_tells_another_length_does_no_harm),
        cmocka_unit_test(every_cut_of_a_file_is_refused_or_read),
        cmocka_unit_test(random_bytes_in_any_part_do_no_harm),
        cmocka_unit_test(points_lines_and_empty_files_are_refused_by_name),
        cmocka_unit_test(records_of_another_kind_are_left_out_and_said),
        cmocka_unit_test(names_and_codes_are_found_among_the_usual_fields),
        cmocka_unit_test(a_field_that_tells_nothing_apart_does_not_serve),
        cmocka_unit_test(asked_fields_serve_and_absent_ones_list_what_there_is),
        cmocka_unit_test(without_a_dbf_the_records_are_numbered),
        cmocka_unit_test(a_record_without_a_code_goes_by_its_name),
        cmocka_unit_test(numbers_lose_idle_zeros_and_texts_their_control_characters),
        cmocka_unit_test(rows_that_are_deleted_missing_or_too_many_are_said),
        cmocka_unit_test(a_dbf_that_lies_is_refused),
        cmocka_unit_test(names_are_decoded_by_cpg_then_language_then_looks),
        cmocka_unit_test(the_prj_is_the_reference_system_unless_one_is_given),
        cmocka_unit_test(files_are_read_by_path_with_their_siblings),
        cmocka_unit_test(a_base_layer_takes_lines_and_needs_no_table_and_no_system),
        cmocka_unit_test(a_base_layer_takes_the_names_that_its_table_has),
        cmocka_unit_test(rings_that_would_take_forever_are_bounded),
        cmocka_unit_test(a_file_of_null_shapes_without_end_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

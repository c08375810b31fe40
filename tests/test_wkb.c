/* Tests of reading well-known binary: every kind, both orders of bytes, and what lies. */
#include "engine/formats/wkb.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct bytes {
    unsigned char data[4096];
    size_t length;
    bool big; /* the most significant byte first */
};

static void put(struct bytes *bytes, uint64_t value, int size)
{
    for (int i = 0; i < size; i++)
        bytes->data[bytes->length++] =
            (unsigned char)(value >> 8 * (bytes->big ? size - 1 - i : i));
}

static void head(struct bytes *bytes, uint32_t type)
{
    put(bytes, bytes->big ? 0 : 1, 1);
    put(bytes, type, 4);
}

static void number(struct bytes *bytes, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put(bytes, bits, 8);
}

/* A square of this side, closed. */
static void ring(struct bytes *bytes, double side, int extra)
{
    const double x[] = {0, 1, 1, 0, 0}, y[] = {0, 0, 1, 1, 0};
    put(bytes, 5, 4);
    for (int i = 0; i < 5; i++) {
        number(bytes, x[i] * side);
        number(bytes, y[i] * side);
        for (int e = 0; e < extra; e++)
            number(bytes, 7);
    }
}

static bool read(struct shape *shape, enum wkb_kind *kind, const struct bytes *bytes,
                 struct error *error)
{
    unsigned char *exact = malloc(bytes->length > 0 ? bytes->length : 1); /* ASan sees its end */
    assert_non_null(exact);
    memcpy(exact, bytes->data, bytes->length);
    bool done = wkb_read(shape, kind, exact, bytes->length, error);
    free(exact);
    return done;
}

static void points_of_every_dimension_and_order(void **state)
{
    (void)state;
    static const struct {
        uint32_t type;
        int extra;
    } cases[] = {{1, 0},          {1001, 1},       {2001, 1},      {3001, 2},
                 {0x80000001, 1}, {0x40000001, 1}, {0xC0000001, 2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int big = 0; big < 2; big++) {
            struct bytes bytes = {.big = big};
            struct shape shape;
            enum wkb_kind kind;
            struct error error = {0};
            head(&bytes, cases[i].type);
            number(&bytes, 4.65);
            number(&bytes, 52.5);
            for (int e = 0; e < cases[i].extra; e++)
                number(&bytes, NAN);
            assert_true(read(&shape, &kind, &bytes, &error));
            assert_int_equal(kind, WKB_POINT);
            assert_true(shape.x[0] == 4.65 && shape.y[0] == 52.5);
            shape_free(&shape);
        }
}

static void a_point_of_nan_is_empty(void **state)
{
    (void)state;
    struct bytes bytes = {0};
    struct shape shape;
    enum wkb_kind kind;
    struct error error = {0};
    head(&bytes, 1);
    number(&bytes, NAN);
    number(&bytes, NAN);
    assert_true(read(&shape, &kind, &bytes, &error));
    assert_int_equal(kind, WKB_EMPTY);
    bytes.length = 5;
    number(&bytes, 4);
    number(&bytes, INFINITY);
    assert_false(read(&shape, &kind, &bytes, &error));
    assert_non_null(strstr(error.message, "is no number"));
}

static void a_multipolygon_is_rings(void **state)
{
    (void)state;
    struct bytes bytes = {0};
    struct shape shape;
    enum wkb_kind kind;
    struct error error = {0};
    head(&bytes, 1006);
    put(&bytes, 2, 4);
    head(&bytes, 1003);
    put(&bytes, 2, 4);
    ring(&bytes, 10, 1);
    ring(&bytes, 5, 1);
    bytes.big = true; /* each may have its own */
    head(&bytes, 1003);
    put(&bytes, 1, 4);
    ring(&bytes, 3, 1);
    assert_true(read(&shape, &kind, &bytes, &error));
    assert_int_equal(kind, WKB_POLYGONS);
    assert_int_equal(shape.ring_count, 3);
    assert_int_equal(shape.point_count, 15);
    assert_int_equal(shape.ring_starts[2], 10);
    assert_int_equal(shape.ring_starts[3], 15);
    assert_true(shape.x[11] == 3);
    shape_free(&shape);
}

static void lines_and_collections(void **state)
{
    (void)state;
    struct bytes bytes = {0};
    struct shape shape;
    enum wkb_kind kind;
    struct error error = {0};
    head(&bytes, 7);
    put(&bytes, 2, 4);
    for (int i = 0; i < 2; i++) {
        head(&bytes, 2);
        ring(&bytes, i + 1, 0);
    }
    assert_true(read(&shape, &kind, &bytes, &error));
    assert_int_equal(kind, WKB_LINES);
    assert_int_equal(shape.ring_count, 2);
    shape_free(&shape);
    bytes.length = 5;
    put(&bytes, 2, 4);
    head(&bytes, 2);
    ring(&bytes, 1, 0);
    head(&bytes, 3);
    put(&bytes, 1, 4);
    ring(&bytes, 1, 0);
    assert_true(read(&shape, &kind, &bytes, &error));
    assert_int_equal(kind, WKB_OTHER);
    shape_free(&shape);
    bytes.length = 0;
    head(&bytes, 10); /* a CurvePolygon */
    put(&bytes, 1, 4);
    assert_true(read(&shape, &kind, &bytes, &error));
    assert_int_equal(kind, WKB_OTHER);
}

static void what_counts_more_than_it_holds_is_refused(void **state)
{
    (void)state;
    static const uint32_t types[] = {2, 3, 4, 5, 6, 7, 3003};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        for (uint32_t count = 0xFFFFFFFF; count > 0x7FFF; count /= 4) {
            struct bytes bytes = {0};
            struct shape shape;
            enum wkb_kind kind;
            struct error error = {0};
            head(&bytes, types[i]);
            put(&bytes, count, 4);
            ring(&bytes, 1, 0);
            assert_false(read(&shape, &kind, &bytes, &error));
            assert_int_equal(error.kind, ERROR_DATA);
        }
}

static void deep_nesting_and_odd_bytes_are_refused(void **state)
{
    (void)state;
    struct bytes bytes = {0};
    struct shape shape;
    enum wkb_kind kind;
    struct error error = {0};
    for (int i = 0; i < 400; i++) {
        head(&bytes, 7);
        put(&bytes, 1, 4);
    }
    assert_false(read(&shape, &kind, &bytes, &error));
    assert_non_null(strstr(error.message, "within geometries"));
    bytes.length = 0;
    head(&bytes, 1);
    number(&bytes, 1);
    number(&bytes, 1);
    put(&bytes, 0, 1);
    assert_false(read(&shape, &kind, &bytes, &error));
    assert_non_null(strstr(error.message, "left over"));
    bytes.data[0] = 2;
    assert_false(read(&shape, &kind, &bytes, &error));
    bytes.length = 0;
    assert_false(read(&shape, &kind, &bytes, &error));
}

/* So many collections around a point. */
static void nest(struct bytes *bytes, int depth)
{
    bytes->length = 0;
    for (int i = 0; i < depth; i++) {
        head(bytes, 7);
        put(bytes, 1, 4);
    }
    head(bytes, 1);
    number(bytes, 3);
    number(bytes, 4);
}

static void collections_nest_eight_deep_and_no_deeper(void **state)
{
    (void)state;
    for (int depth = 0; depth <= 9; depth++) {
        struct bytes bytes = {0};
        struct shape shape;
        enum wkb_kind kind;
        struct error error = {0};
        nest(&bytes, depth);
        assert_int_equal(read(&shape, &kind, &bytes, &error), depth <= 8);
        if (depth <= 8) {
            assert_int_equal(kind, WKB_POINT);
            assert_true(shape.x[0] == 3 && shape.y[0] == 4);
        }
        shape_free(&shape);
    }
}

/* One more than there are, where the count alone tells it or reading on does. */
static void one_more_than_it_holds_is_refused(void **state)
{
    (void)state;
    static const uint32_t types[] = {2, 1002, 3002, 3, 4, 5, 6, 7};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        for (uint32_t more = 0; more < 2; more++) {
            struct bytes bytes = {0};
            struct shape shape;
            enum wkb_kind kind;
            struct error error = {0};
            head(&bytes, types[i]);
            put(&bytes, (types[i] % 1000 == 2 ? 3 : 1) + more, 4);
            if (types[i] % 1000 == 2)
                for (uint32_t n = 0; n < 3 * (2 + types[i] / 1000 % 2 + types[i] / 3000); n++)
                    number(&bytes, 1);
            else if (types[i] == 3)
                ring(&bytes, 1, 0);
            else if (types[i] == 5) {
                head(&bytes, 2);
                put(&bytes, 0, 4);
            } else {
                head(&bytes, 1);
                number(&bytes, 1);
                number(&bytes, 1);
            }
            assert_int_equal(read(&shape, &kind, &bytes, &error), more == 0);
            shape_free(&shape);
        }
}

/* Wherever it is cut, nothing behind the end is looked at. */
static void whatever_is_cut_short_is_refused(void **state)
{
    (void)state;
    struct bytes bytes = {0};
    head(&bytes, 6);
    put(&bytes, 1, 4);
    head(&bytes, 3);
    put(&bytes, 2, 4);
    ring(&bytes, 10, 0);
    ring(&bytes, 5, 0);
    size_t whole = bytes.length;
    for (bytes.length = 0; bytes.length <= whole; bytes.length++) {
        struct shape shape;
        enum wkb_kind kind;
        struct error error = {0};
        assert_true(read(&shape, &kind, &bytes, &error) == (bytes.length == whole));
        shape_free(&shape);
    }
}

/* Of PostGIS: flags for heights, measures and the number of the system, which stands behind them.
 */
static void postgis_says_which_system_it_is(void **state)
{
    (void)state;
    static const uint32_t HEIGHT = 0x80000000, MEASURE = 0x40000000, SYSTEM = 0x20000000;
    const uint32_t flags[] = {SYSTEM, SYSTEM | HEIGHT, SYSTEM | MEASURE, SYSTEM | HEIGHT | MEASURE};
    const int extra[] = {0, 1, 1, 2};
    for (int i = 0; i < 4; i++) {
        struct bytes bytes = {0};
        head(&bytes, 1 | flags[i]);
        put(&bytes, 28992, 4);
        number(&bytes, 1);
        number(&bytes, 2);
        for (int e = 0; e < extra[i]; e++)
            number(&bytes, 7);
        size_t whole = bytes.length;
        for (bytes.length = 0; bytes.length <= whole; bytes.length++) {
            struct shape shape;
            enum wkb_kind kind;
            struct error error = {0};
            assert_true(read(&shape, &kind, &bytes, &error) == (bytes.length == whole));
            if (bytes.length == whole)
                assert_true(kind == WKB_POINT && shape.x[0] == 1 && shape.y[0] == 2);
            shape_free(&shape);
        }
    }
}

static void a_kind_or_a_place_that_is_none_is_refused(void **state)
{
    (void)state;
    static const uint32_t KINDS[] = {4001, 9001, 0x0FFFFFFF};
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        struct bytes bytes = {0};
        struct shape shape;
        enum wkb_kind kind;
        struct error error = {0};
        head(&bytes, KINDS[i]);
        assert_false(read(&shape, &kind, &bytes, &error));
        assert_non_null(strstr(error.message, "there is no kind"));
    }
    const double places[][2] = {{INFINITY, 1}, {1, INFINITY}, {NAN, 1}, {1, NAN}};
    for (size_t i = 0; i < 2 * sizeof places / sizeof *places; i++) {
        struct bytes bytes = {0};
        struct shape shape;
        enum wkb_kind kind;
        struct error error = {0};
        head(&bytes, i % 2 == 0 ? 1 : 2);
        if (i % 2 == 1)
            put(&bytes, 1, 4);
        number(&bytes, places[i / 2][0]);
        number(&bytes, places[i / 2][1]);
        assert_false(read(&shape, &kind, &bytes, &error));
        assert_non_null(strstr(error.message, "a coordinate is no number"));
    }
}

static void points_are_told_from_one_point(void **state)
{
    (void)state;
    for (uint32_t count = 0; count < 3; count++) {
        struct bytes bytes = {0};
        struct shape shape;
        enum wkb_kind kind;
        struct error error = {0};
        head(&bytes, 4);
        put(&bytes, count, 4);
        for (uint32_t i = 0; i < count; i++) {
            head(&bytes, 1);
            number(&bytes, i);
            number(&bytes, 5);
        }
        assert_true(read(&shape, &kind, &bytes, &error));
        assert_int_equal(kind, count == 0 ? WKB_EMPTY : count == 1 ? WKB_POINT : WKB_POINTS);
        assert_int_equal(shape.point_count, count);
        assert_int_equal(shape.ring_count, count > 0 ? 1 : 0);
        shape_free(&shape);
    }
}

/* A curve has no length that is known, so what follows it is not looked at; yet it is no damage. */
static void what_follows_a_curve_is_no_damage(void **state)
{
    (void)state;
    struct bytes bytes = {0};
    struct shape shape;
    enum wkb_kind kind;
    struct error error = {0};
    head(&bytes, 7);
    put(&bytes, 2, 4);
    head(&bytes, 8); /* a CircularString */
    ring(&bytes, 1, 0);
    head(&bytes, 1);
    number(&bytes, 1);
    number(&bytes, 2);
    assert_true(read(&shape, &kind, &bytes, &error));
    assert_int_equal(kind, WKB_OTHER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_of_every_dimension_and_order),
        cmocka_unit_test(a_point_of_nan_is_empty),
        cmocka_unit_test(a_multipolygon_is_rings),
        cmocka_unit_test(lines_and_collections),
        cmocka_unit_test(what_counts_more_than_it_holds_is_refused),
        cmocka_unit_test(deep_nesting_and_odd_bytes_are_refused),
        cmocka_unit_test(collections_nest_eight_deep_and_no_deeper),
        cmocka_unit_test(one_more_than_it_holds_is_refused),
        cmocka_unit_test(whatever_is_cut_short_is_refused),
        cmocka_unit_test(postgis_says_which_system_it_is),
        cmocka_unit_test(a_kind_or_a_place_that_is_none_is_refused),
        cmocka_unit_test(points_are_told_from_one_point),
        cmocka_unit_test(what_follows_a_curve_is_no_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The walk through JSON in a window: every document that is cut short or broken is refused in
 * words, and where the window ends changes nothing. */
#include "engine/formats/geojson_scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/scratch.h"

enum { ROOM = 2 << 20, LONGEST_NAME = 4096 };

static const char WHOLE[] =
    "{\"a\": [1, {\"b\\\"\": \"\\u00e9]\"}, [], {}],\n \"n\xC3\xA9\": -1.5e3 ,"
    "\"c\":{\"d\":null, \"\xE2\x82\xAC\":\"\xF0\x9D\x84\x9E\\\\\"}}";
/* Its names one behind the other, as they stand. */
static const char NAMES[] = "ab\\\"n\xC3\xA9"
                            "cd\xE2\x82\xAC";

/* A document that is being walked through. */
struct walk {
    struct input input;
    struct geojson_scan scan;
    struct text name, names;
};

static void begin(struct walk *walk, const char *bytes, size_t size)
{
    struct error error = {0};
    *walk = (struct walk){0};
    put_bytes("a.json", bytes, size);
    assert_true(input_open_raw(&walk->input, "a.json", &error));
    walk->scan.input = &walk->input;
    walk->scan.is_checked = true;
    assert_true(geojson_scan_seek(&walk->scan, 0, 1, &error));
}

static void end(struct walk *walk)
{
    geojson_scan_close(&walk->scan);
    input_close(&walk->input);
    text_free(&walk->name);
    text_free(&walk->names);
}

/* One value with all that is in it. */
static bool pass(struct walk *walk, struct error *error)
{
    struct geojson_scan *scan = &walk->scan;
    const int byte = geojson_scan_blanks(scan);
    bool there = true, first = true;
    if (byte != '{' && byte != '[')
        return geojson_scan_value(scan, error);
    for (scan->at++; there;) {
        if (!(byte == '{' ? geojson_scan_member(&there, &walk->name, scan, &first, error)
                          : geojson_scan_item(&there, scan, &first, error)))
            return false;
        assert_null(scan->keep);
        if (!there)
            return true;
        assert_int_not_equal(geojson_scan_peek(scan), GEOJSON_END); /* it stops at a value */
        if (byte == '{')
            text_add_bytes(&walk->names, walk->name.bytes, walk->name.length);
        if (!pass(walk, error))
            return false;
    }
    return true;
}

/* What is said of the whole document, "" when nothing is. */
static void expect(const char *bytes, size_t size, const char *said)
{
    struct walk walk;
    struct error error = {0};
    begin(&walk, bytes, size);
    if (pass(&walk, &error) != (said[0] == '\0'))
        fail_msg("%.*s: %s", (int)size, bytes, error.message);
    assert_string_equal(error.message, said);
    end(&walk);
}

static void every_document_that_is_cut_short_says_so(void **state)
{
    (void)state;
    const size_t size = sizeof WHOLE - 1;
    for (size_t length = 0; length < size; length++) {
        struct walk walk;
        struct error error = {0};
        begin(&walk, WHOLE, length);
        if (pass(&walk, &error))
            fail_msg("%zu bytes are taken for a document", length);
        assert_int_equal(error.kind, ERROR_DATA);
        if (text_is_utf8(WHOLE, length))
            assert_non_null(strstr(error.message, ": the file ends in the middle; "));
        else
            assert_string_equal(error.message, "a.json: no text in UTF-8, as JSON is");
        end(&walk);
    }
    expect(WHOLE, size, "");
}

static void what_is_no_json_is_shown_with_its_line(void **state)
{
    static const struct {
        const char *bytes, *at;
    } BROKEN[] = {
        {"{\n\"a\"}", "2: this is no JSON: '}'"},
        {"{\"a\":}", "1: this is no JSON: '}'"},
        {"{\"a\":1,\n\n}", "3: this is no JSON: '}'"},
        {"{\"a\":1]", "1: this is no JSON: ']'"},
        {"{\"a\" 1}", "1: this is no JSON: '1}'"},
        {"{1:2}", "1: this is no JSON: '1:2}'"},
        {"[1 2]", "1: this is no JSON: '2]'"},
        {"[1,\n]", "2: this is no JSON: ']'"},
        {"[1}", "1: this is no JSON: '}'"},
        {"]", "1: this is no JSON: ']'"},
        {"[\"a\" : 1 ]", "1: this is no JSON: ': 1 ]'"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof BROKEN / sizeof *BROKEN; i++) {
        char said[200];
        snprintf(said, sizeof said, "a.json:%s; mend it, or write it anew", BROKEN[i].at);
        expect(BROKEN[i].bytes, strlen(BROKEN[i].bytes), said);
    }
    expect("[\"\0\"]", 5, "a.json: no text in UTF-8, as JSON is");
    expect("[\"\xE2\x82\"]", 6, "a.json: no text in UTF-8, as JSON is");
}

/* How much is read at once, of a file that is long enough. */
static size_t window(void)
{
    struct walk walk;
    begin(&walk, "[]", 2);
    const size_t size = walk.scan.capacity;
    end(&walk);
    assert_true(size > 0 && size < ROOM / 4);
    return size;
}

static char *blanks(void)
{
    char *bytes = malloc(ROOM);
    assert_non_null(bytes);
    memset(bytes, ' ', ROOM);
    return bytes;
}

static void where_a_window_ends_changes_nothing(void **state)
{
    (void)state;
    const size_t size = sizeof WHOLE - 1, edge = window();
    char *bytes = blanks();
    for (size_t before = 0; before <= size; before++) {
        struct walk walk;
        struct error error = {0};
        memset(bytes, ' ', edge + size);
        memcpy(bytes + edge - before, WHOLE, size);
        bytes[7] = '\n';
        begin(&walk, bytes, edge - before + size);
        if (!pass(&walk, &error))
            fail_msg("%zu bytes before the edge: %s", before, error.message);
        assert_int_equal(walk.names.length, sizeof NAMES - 1);
        assert_memory_equal(walk.names.bytes, NAMES, sizeof NAMES - 1);
        assert_int_equal(geojson_scan_line(&walk.scan, walk.scan.at), 3);
        end(&walk);
    }
    free(bytes);
}

static void a_character_across_two_windows_is_looked_at_whole(void **state)
{
    static const char *const WRONG[] = {"\xE2\x82\x28", "\xF0\x9D\x84\x28", "\xC3\x28", "\xE2\x28"};
    (void)state;
    const size_t edge = window();
    char *bytes = blanks();
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        for (size_t before = 1; before < 4; before++) {
            struct walk walk;
            struct error error = {0};
            memset(bytes, ' ', edge + 8);
            bytes[edge - before - 1] = '"';
            memcpy(bytes + edge - before, WRONG[i], strlen(WRONG[i]));
            bytes[edge - before + strlen(WRONG[i])] = '"';
            begin(&walk, bytes, edge + 8);
            assert_false(pass(&walk, &error));
            assert_string_equal(error.message, "a.json: no text in UTF-8, as JSON is");
            end(&walk);
        }
    free(bytes);
}

/* A name that begins so many bytes before the window's edge, and is longer. */
static bool takes_name(size_t before, size_t length, char *bytes, size_t edge)
{
    struct walk walk;
    struct error error = {0};
    const size_t size = edge - before + length + 10;
    assert_true(size < ROOM);
    memset(bytes, ' ', size);
    bytes[0] = '{';
    bytes[edge - before] = '"';
    memset(bytes + edge - before + 1, 'n', length);
    memcpy(bytes + edge - before + 1 + length, "\": 1}", 5);
    begin(&walk, bytes, size);
    const bool taken = pass(&walk, &error);
    if (taken)
        assert_int_equal(walk.names.length, length);
    assert_true(walk.scan.capacity <= 2 * edge);
    end(&walk);
    return taken;
}

static void a_name_without_an_end_takes_no_room(void **state)
{
    (void)state;
    const size_t edge = window();
    char *bytes = blanks();
    assert_true(takes_name(LONGEST_NAME - 1, LONGEST_NAME - 2, bytes, edge));
    assert_false(takes_name(LONGEST_NAME, LONGEST_NAME, bytes, edge));
    assert_true(takes_name(1, 5, bytes, edge));
    assert_false(takes_name(5, 3 * edge, bytes, edge));
    free(bytes);
}

static void from_another_place_it_is_begun_anew(void **state)
{
    (void)state;
    const size_t edge = window();
    char *bytes = blanks();
    struct walk walk;
    struct error error = {0};
    memset(bytes, ' ', 3 * edge);
    memcpy(bytes + edge - 2, "\xF0\x9D\x84\x9E", 4); /* half of it is seen */
    memcpy(bytes + 3 * edge - 2, "[]", 2);
    begin(&walk, bytes, 3 * edge);
    assert_int_equal(geojson_scan_peek(&walk.scan), ' ');
    walk.scan.keep = walk.scan.at;
    walk.scan.keep_most = SIZE_MAX;
    assert_true(geojson_scan_seek(&walk.scan, edge + 2, 5, &error));
    assert_int_equal(geojson_scan_blanks(&walk.scan), '[');
    assert_int_equal(walk.scan.offset + (size_t)(walk.scan.at - walk.scan.buffer), 3 * edge - 2);
    assert_true(walk.scan.capacity <= 2 * edge); /* nothing had to stay */
    assert_int_equal(geojson_scan_line(&walk.scan, walk.scan.at), 5);
    assert_true(pass(&walk, &error));
    assert_int_equal(geojson_scan_blanks(&walk.scan), GEOJSON_END);
    assert_int_equal(walk.scan.failure.kind, ERROR_NONE);
    end(&walk);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_document_that_is_cut_short_says_so, in_a_folder,
                                        without_it),
        cmocka_unit_test_setup_teardown(what_is_no_json_is_shown_with_its_line, in_a_folder,
                                        without_it),
        cmocka_unit_test_setup_teardown(where_a_window_ends_changes_nothing, in_a_folder,
                                        without_it),
        cmocka_unit_test_setup_teardown(a_character_across_two_windows_is_looked_at_whole,
                                        in_a_folder, without_it),
        cmocka_unit_test_setup_teardown(a_name_without_an_end_takes_no_room, in_a_folder,
                                        without_it),
        cmocka_unit_test_setup_teardown(from_another_place_it_is_begun_anew, in_a_folder,
                                        without_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

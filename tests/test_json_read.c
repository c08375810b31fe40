/* Tests what is found in a JSON document by name, and what is no JSON at all. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/formats/json_read.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct json *must_open(const char *text)
{
    struct error error = {0};
    struct json *json = json_open("a.json", text, strlen(text), &error);
    if (json == NULL)
        fail_msg("%s", error.message);
    return json;
}

static void values_are_found_by_name_and_number(void **state)
{
    (void)state;
    struct json *json =
        must_open("{\"a\": {\"name\": \"x\", \"Name\": \"y\", \"n\": 2.5, \"t\": true, \"f\": "
                  "false},\n \"list\": [\"p\", \"q\", {\"deep\": [7]}], \"none\": [], \"0\": 4}\n");
    assert_string_equal(json_text_at(json, "a.name"), "x");
    assert_string_equal(json_text_at(json, "a.Name"), "y");
    assert_string_equal(json_text_at(json, "list.0"), "p");
    assert_string_equal(json_text_at(json, "list.1"), "q");
    assert_true(json_number_at(json, "list.2.deep.0") == 7);
    assert_true(json_number_at(json, "a.n") == 2.5);
    assert_true(json_number_at(json, "0") == 4);
    assert_true(json_true_at(json, "a.t"));
    assert_int_equal(json_count_at(json, "list"), 3);
    assert_int_equal(json_count_at(json, "none"), 0);
    assert_int_equal(json_count_at(json, "list.2.deep"), 1);
    json_close(json);
}

static void what_is_not_there_or_is_another_kind_is_nothing(void **state)
{
    (void)state;
    struct json *json = must_open("{\"text\": \"1\", \"n\": 1, \"t\": true, \"list\": [5, 6]}");
    static const char *const none[] = {"x",      "text.x",  "n.x",      "list.2", "list.-1",
                                       "list.x", "list.0x", "list.0.1", "t.0",    ".text"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_null(json_text_at(json, none[i]));
        assert_true(isnan(json_number_at(json, none[i])));
        assert_false(json_true_at(json, none[i]));
        assert_int_equal(json_count_at(json, none[i]), 0);
    }
    assert_null(json_text_at(json, "n"));
    assert_true(isnan(json_number_at(json, "text")));
    assert_false(json_true_at(json, "n"));
    assert_int_equal(json_count_at(json, ""), 0); /* an object is no list */
    json_close(json);
    json_close(NULL);
}

/* A name of 63 bytes is looked for, of 64 not. */
static void a_name_has_63_bytes_at_most(void **state)
{
    (void)state;
    for (int length = 62; length <= 65; length++) {
        char name[80], text[120];
        memset(name, 'n', sizeof name);
        name[length] = '\0';
        snprintf(text, sizeof text, "{\"%s\": 3}", name);
        struct json *json = must_open(text);
        double found = json_number_at(json, name);
        assert_true(length < 64 ? found == 3 : isnan(found));
        json_close(json);
    }
}

static void refuse(const char *text, const char *told)
{
    struct error error = {0};
    if (json_open("a.json", text, strlen(text), &error) != NULL)
        fail_msg("'%.20s' was taken", text);
    assert_int_equal(error.kind, ERROR_DATA);
    assert_string_equal(error.message, told);
}

static void what_is_no_json_is_refused_with_its_byte(void **state)
{
    (void)state;
    refuse("", "a.json: is no JSON from byte 1 on");
    refuse("x", "a.json: is no JSON from byte 1 on");
    refuse("{\"a\":1} x", "a.json: is no JSON from byte 9 on");
    refuse("{\"a\":}", "a.json: is no JSON from byte 6 on");
}

/* cJSON's own limit is 1,000. */
static void nesting_is_bounded(void **state)
{
    (void)state;
    enum { MOST = 1000 };
    for (size_t depth = MOST - 1; depth <= MOST + 1; depth++) {
        char text[2 * MOST + 3];
        struct error error = {0};
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        text[2 * depth] = '\0';
        struct json *json = json_open("a.json", text, 2 * depth, &error);
        assert_int_equal(json != NULL, depth <= MOST);
        json_close(json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_found_by_name_and_number),
        cmocka_unit_test(what_is_not_there_or_is_another_kind_is_nothing),
        cmocka_unit_test(a_name_has_63_bytes_at_most),
        cmocka_unit_test(what_is_no_json_is_refused_with_its_byte),
        cmocka_unit_test(nesting_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

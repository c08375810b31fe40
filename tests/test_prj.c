/* Tests what may stand in a .prj: WKT and nothing else, to the byte. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/formats/prj.h"

#include <stdlib.h>
#include <string.h>

/* What the bytes come to, NULL when they are refused. */
static void expect(const char *bytes, size_t size, const char *wanted)
{
    struct error error = {0};
    char *exact = malloc(size + 1); /* what reads a file puts a NUL behind it */
    assert_non_null(exact);
    memcpy(exact, bytes, size);
    exact[size] = '\0';
    char *text = prj_text(&(struct file_bytes){.bytes = exact, .size = size}, "a.prj", &error);
    if (wanted == NULL ? text != NULL : text == NULL || strcmp(text, wanted) != 0)
        fail_msg("'%.80s' is '%.80s'", bytes, text != NULL ? text : error.message);
    assert_int_equal(error.kind, wanted != NULL ? ERROR_NONE : ERROR_DATA);
    free(text);
    free(exact);
}

static void one_definition_stands_there_alone(void **state)
{
    (void)state;
    static const char *const taken[] = {
        "PROJCS[\"x\"]",         "GEOGCS(\"x\")",           "PROJCRS [\"x\"]",
        "BOUNDCRS\t\r\n[\"x\"]", "COMPD_CS[\"]\",A[B(1)]]", "PROJCS[\"a\"\"b\"]",
    };
    static const char *const refused[] = {
        "PROJCS",       "PROJCS{\"x\"}",     "PROJCS[\"x\"",          "PROJCS[\"x\"]]",
        "PROJCS[\"x]",  "PROJC[\"x\"]",      "PROJCSS[\"x\"]",        "projcs[\"x\"]",
        "PROJCS[\x01]", "PROJCS[\x1F]",      "PROJCS[\"x\"];",        "[\"x\"]",
        "PARAMETER[1]", "PROJCS[1]GEOGCS[]", "PROJCS[\"x\"] [\"y\"]", "",
    };
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        expect(taken[i], strlen(taken[i]), taken[i]);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        expect(refused[i], strlen(refused[i]), NULL);
}

static void what_is_around_it_is_taken_off(void **state)
{
    (void)state;
    expect("\xEF\xBB\xBFPROJCS[1]", 12, "PROJCS[1]");
    expect(" \r\n\tPROJCS[1]\n ", 15, "PROJCS[1]");
    expect("PROJCS[1]\0", 10, "PROJCS[1]");
    expect("PROJCS[1]\0\0", 11, NULL); /* a binary file */
    expect("PROJCS[1]\0x", 11, NULL);
    expect("\xEF\xBB", 2, NULL);
    expect("\xEF\xBB\xBF", 3, NULL);
    expect("PROJCS[\"\xE9\"]", 11, "PROJCS[\"\xC3\xA9\"]"); /* Windows-1252 */
    expect("PROJCS[\"\xC3\xA9\"]", 12, "PROJCS[\"\xC3\xA9\"]");
}

static void it_has_65536_bytes_at_most(void **state)
{
    (void)state;
    enum { MOST = 65536 };
    for (size_t length = MOST - 1; length <= MOST + 1; length++) {
        char *text = malloc(length + 1);
        assert_non_null(text);
        memset(text, 'x', length);
        memcpy(text, "PROJCS[\"", 8);
        memcpy(text + length - 2, "\"]", 3);
        expect(text, length, length <= MOST ? text : NULL);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_definition_stands_there_alone),
        cmocka_unit_test(what_is_around_it_is_taken_off),
        cmocka_unit_test(it_has_65536_bytes_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Tests of the encodings that a .cpg or a .dbf names, and of cells in them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/formats/codepage.h"

#include <stdlib.h>
#include <string.h>

static void a_cpg_names_an_encoding_in_many_ways(void **state)
{
    static const char *const CASES[][2] = {
        {"UTF-8", "UTF-8"},
        {"\xEF\xBB\xBFutf8\r\nmore", "UTF-8"},
        {"65001", "UTF-8"},
        {" 1252 ", "CP1252"},
        {"CP1252", "CP1252"},
        {"ANSI 1251", "CP1251"},
        {"OEM 850", "CP850"},
        {"windows-1250", "CP1250"},
        {"88591", "ISO-8859-1"},
        {"8859-15", "ISO-8859-15"},
        {"ISO 8859-2", "ISO-8859-2"},
        {"28591", "ISO-8859-1"},
        {"20127", "ISO-8859-1"},
        {"28592", "ISO-8859-2"},
        {"28606", "ISO-8859-16"},
        {"10000", "MACINTOSH"},
        {"10007", "MAC-CYRILLIC"},
        {"LDID/87", ""}, /* of whatever the writer's machine had */
        {"LDID/201", "CP1251"},
        {"ldid38", "CP866"},
        {"Big5", "Big5"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct codepage codepage;
        if (!codepage_from_text(&codepage, CASES[i][0], strlen(CASES[i][0])))
            fail_msg("%s is not known", CASES[i][0]);
        assert_string_equal(codepage.encoding, CASES[i][1]);
    }
}

static void what_names_no_encoding_is_not_known(void **state)
{
    static const char *const CASES[] = {"",          "\xEF\xBB\xBF",
                                        "x",         "1252x",
                                        "123456",    "28607",
                                        "28590",     "iso8859",
                                        "ISO-8859-", "LDID",
                                        "ldid/",     "UTF-16",
                                        "8859-x",    "an encoding of a very long name"};
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct codepage codepage;
        if (codepage_from_text(&codepage, CASES[i], strlen(CASES[i])))
            fail_msg("'%s' is %s", CASES[i], codepage.encoding);
        assert_string_equal(codepage.encoding, "");
    }
}

static void a_language_byte_names_one(void **state)
{
    static const struct {
        uint8_t byte;
        const char *encoding;
    } CASES[] = {{0, ""},
                 {0x57, ""},
                 {0x03, "CP1252"},
                 {0xC9, "CP1251"},
                 {0xFF, ""},
                 {0x65, "CP866"},
                 {0x97, "MACCENTRALEUROPE"},
                 {0x98, "MACGREEK"},
                 {0x96, "MAC-CYRILLIC"}};
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct codepage codepage;
        codepage_from_language(&codepage, CASES[i].byte);
        assert_string_equal(codepage.encoding, CASES[i].encoding);
    }
}

static void assert_cell(const char *encoding, const char *cell, size_t length, const char *wanted)
{
    struct codepage codepage = {0};
    strcpy(codepage.encoding, encoding);
    char *text = codepage_decode(&codepage, cell, length, NULL);
    assert_string_equal(text, wanted);
    free(text);
}

static void a_cell_becomes_utf8(void **state)
{
    (void)state;
    assert_cell("", "", 0, "");
    assert_cell("", " caf\xE9 ", 6, "caf\xC3\xA9");
    assert_cell("CP1252", "\x80", 1, "\xE2\x82\xAC");
    assert_cell("CP1251", "\xC4", 1, "\xD0\x94");
    assert_cell("UTF-8", "caf\xC3\xA9", 5, "caf\xC3\xA9");
    assert_cell("UTF-8", "caf\xC3", 4, "caf");
    assert_cell("UTF-8", "a\tb\x7F\nc\0d", 8, "a b  c");
}

static void only_a_character_that_was_cut_off_is_left_out(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
    } CASES[] = {
        {"", 0},
        {"a", 1},
        {"a\xC3", 1},
        {"a\xC3\xA9", 3},
        {"a\xE2\x82", 1},
        {"a\xE0\xA4", 1},
        {"a\xE2\x82\xAC", 4},
        {"a\xF0\x9F\x98", 1},
        {"a\xF0\x9F\x98\x80", 5},
        {"\xC3", 0},
        {"\x80\x80\x80\x80\x80", 5}, /* of no character */
        {"\x80", 1},
        {"\xFF\xC3", 2}, /* what is before it is no UTF-8 either */
        {"a\xC1", 2},    /* begins none */
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_int_equal(utf8_without_cut_tail(CASES[i].bytes, strlen(CASES[i].bytes)),
                         CASES[i].length);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cpg_names_an_encoding_in_many_ways),
        cmocka_unit_test(what_names_no_encoding_is_not_known),
        cmocka_unit_test(a_language_byte_names_one),
        cmocka_unit_test(a_cell_becomes_utf8),
        cmocka_unit_test(only_a_character_that_was_cut_off_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

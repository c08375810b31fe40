/* Tests of words and encodings: what is UTF-8, what becomes of foreign bytes, and when two words
 * are one. */
#include "engine/core/jurisdictions.h"
#include "engine/core/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Unicode 15, table 3-7: the first and the last of each row, and the bytes beside them. */
static void only_well_formed_sequences_are_utf8(void **state)
{
    (void)state;
    static const char *const right[] = {"",
                                        "a\x7F",
                                        "\xC2\x80",
                                        "\xDF\xBF",
                                        "\xE0\xA0\x80",
                                        "\xEC\xBF\xBF",
                                        "\xED\x9F\xBF",
                                        "\xEE\x80\x80",
                                        "\xEF\xBF\xBF",
                                        "\xF0\x90\x80\x80",
                                        "\xF3\xBF\xBF\xBF",
                                        "\xF4\x8F\xBF\xBF"};
    static const char *const wrong[] = {
        "\x80",         "\xBF",          "\xC1\xBF",         "\xC2",
        "\xC2\x7F",     "\xC2\xC0",      "\xE0\x9F\xBF",     "\xED\xA0\x80",
        "\xE1\x80",     "\xE1\x80\xC0",  "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
        "\xF1\x80\x80", "\xF1\x80\x80z", "\xF5\x80\x80\x80", "\xFF"};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        assert_true(text_is_utf8(right[i], strlen(right[i])));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (text_is_utf8(wrong[i], strlen(wrong[i])))
            fail_msg("row %zu is none", i);
}

static void assert_decoded(char *text, const char *expected)
{
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
}

static void bytes_of_windows_become_utf8(void **state)
{
    (void)state;
    struct error error = {0};
    char all[128], *text;
    assert_decoded(text_from_cp1252("caf\xE9 \x80 \x9F", 8, &error), "café € Ÿ");
    assert_decoded(text_from_cp1252("\x81\x8D\x8F\x90\x9D", 5, &error),
                   "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
    assert_decoded(text_from_cp1252("", 0, &error), "");
    for (int i = 0; i < 128; i++)
        all[i] = (char)(128 + i);
    text = text_from_cp1252(all, sizeof all, &error);
    assert_non_null(text);
    assert_true(text_is_utf8(text, strlen(text)));
    free(text);
}

static void what_is_not_of_the_encoding_is_marked(void **state)
{
    (void)state;
    struct error error = {0};
    char long_text[2000], *text;
    assert_decoded(text_from_encoding("\x8E", 1, "CP850", &error), "Ä");
    assert_decoded(text_from_encoding("a\xFF\xE9z", 4, "UTF-8", &error), "a\uFFFD\uFFFDz");
    assert_decoded(text_from_encoding("a\xE2\x82", 3, "UTF-8", &error), "a\uFFFD\uFFFD");
    memset(long_text, 0xE9, sizeof long_text); /* longer than a piece */
    text = text_from_encoding(long_text, sizeof long_text, "ISO-8859-1", &error);
    assert_non_null(text);
    assert_int_equal(strlen(text), 4000);
    free(text);
    assert_null(text_from_encoding("a", 1, "KLINGON", &error));
    assert_int_equal(error.kind, ERROR_DATA);
    assert_true(text_encoding_has_ascii("CP850") && text_encoding_has_ascii("UTF-8"));
    assert_false(text_encoding_has_ascii("KLINGON"));
    assert_false(text_encoding_has_ascii("UTF-16LE"));
    assert_false(text_encoding_has_ascii("EBCDIC-US"));
}

static void case_makes_no_difference(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool same;
    } cases[] = {
        {"Heemskerk", "HEEMSKERK", true},
        {"", "", true},
        {"a", "", false},
        {"", "a", false},
        {"ab", "a", false},
        {"@", "`", false},
        {"[", "{", false},
        {"À", "à", true},
        {"Þ", "þ", true},
        {"×", "÷", false},
        {"ß", "ß", true},
        {"Ÿ", "ÿ", true},
        {"Ā", "ā", true},
        {"Ķ", "ķ", true},
        {"ā", "Ă", false},
        {"Ĺ", "ĺ", true},
        {"Ň", "ň", true},
        {"ĺ", "Ļ", false},
        {"Ŋ", "ŋ", true},
        {"Ŷ", "ŷ", true},
        {"Ź", "ź", true},
        {"Ž", "ž", true},
        {"İ", "i", false},
        {"ı", "I", false},
        {"ĸ", "Ĺ", false},
        {"ſ", "s", false},
        {"ƀ", "Ɓ", false},
        {"€", "€", true},
        {"€", "₭", false},
        {"😀", "😀", true},
        {"😀", "😁", false},
        {"\xE9", "\xE8", false},
        {"\xE9", "é", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (text_equal(cases[i].a, cases[i].b) != cases[i].same)
            fail_msg("'%s' and '%s'", cases[i].a, cases[i].b);
}

static void a_name_is_its_letters_and_digits(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"GM-Naam ", "gmnaam"},    {"", ""},       {" _-.", ""},
        {"Straße 12", "straße12"}, {"ÉÉN", "één"}, {"a/0:9[z{", "a09z"},
        {"prijs €", "prijs€"},     {"x😀y", "xy"},  {"caf\xE9", "café"},
    };
    char folded[8];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char all[64];
        text_fold(all, sizeof all, cases[i][0]);
        assert_string_equal(all, cases[i][1]);
    }
    text_fold(folded, sizeof folded, "0123456789");
    assert_string_equal(folded, "0123456");
    text_fold(folded, 1, "abc");
    assert_string_equal(folded, "");
}

static void edits_part_two_words(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        size_t edits;
    } cases[] = {
        {"", "", 0},
        {"a", "", 1},
        {"", "abc", 3},
        {"radius", "raduis", 2},
        {"kitten", "Sitting", 3},
        {"QUERY", "query", 0},
        {"flaw", "lawn", 2},
    };
    char longest[66];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(text_distance(cases[i].a, cases[i].b), cases[i].edits);
        assert_int_equal(text_distance(cases[i].b, cases[i].a), cases[i].edits);
    }
    memset(longest, 'a', sizeof longest);
    longest[65] = '\0';
    assert_int_equal(text_distance(longest, "a"), 64);
    assert_int_equal(text_distance("a", longest), 64);
    assert_int_equal(text_distance(longest + 1, "a"), 63);
}

static void blanks_are_cut_off_both_ends(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", ""},
        {" \t\r\n", ""},
        {"\xC2\xA0 a b\xC2\xA0", "a b"},
        {"\xC2\xA0", ""},
        {"\xC2", "\xC2"},
        {"\xC2\xA1", "\xC2\xA1"},
        {"\xA0", "\xA0"},
        {"a\xC3\xA0 ", "a\xC3\xA0"},
        {"a\xA0", "a\xA0"},
        {" x", "x"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *begin = cases[i][0], *end = begin + strlen(begin);
        text_trim(&begin, &end);
        assert_int_equal(end - begin, strlen(cases[i][1]));
        assert_memory_equal(begin, cases[i][1], strlen(cases[i][1]));
    }
}

static void assert_squeezed(const char *text, const char *expected)
{
    char buffer[64];
    snprintf(buffer, sizeof buffer, "%s", text);
    text_squeeze(buffer);
    assert_string_equal(buffer, expected);
    assert_true(text_equal_words(text, expected) && text_equal_words(expected, text));
}

static void a_run_of_blanks_is_one(void **state)
{
    (void)state;
    assert_squeezed("Bad Homburg", "Bad Homburg");
    assert_squeezed("  Bad \t\xC2\xA0\r\n Homburg\xC2\xA0 ", "Bad Homburg");
    assert_squeezed("Bad\xC2\xA0Homburg", "Bad Homburg");
    assert_squeezed("\xC3\x82\xA0", "\xC3\x82\xA0"); /* no blank, though it looks like one */
    assert_squeezed("", "");
    assert_squeezed(" \xC2\xA0", "");
    assert_squeezed("a", "a");
}

static void words_are_the_same_however_they_are_parted(void **state)
{
    (void)state;
    assert_true(text_equal_words("BAD  homburg", " Bad Homburg"));
    assert_true(text_equal_words("S\xC3\x9C\xC3\x9F", "s\xC3\xBC\xC3\x9F "));
    assert_true(text_equal_words("", "  "));
    assert_false(text_equal_words("BadHomburg", "Bad Homburg"));
    assert_false(text_equal_words("Bad Homburg", "Bad Homburg v"));
    assert_false(text_equal_words("Bad", "Bad H"));
    assert_false(text_equal_words("", "a"));
}

static void names_of_jurisdictions_are_squeezed(void **state)
{
    struct jurisdictions two = {0};
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct jurisdiction item = {
            .code = text_copy("", 0, NULL),
            .name = text_copy(i == 0 ? "Bad  Homburg" : "Bad Homburg", i == 0 ? 12 : 11, NULL)};
        assert_true(jurisdictions_add(&two, &item, NULL));
    }
    assert_int_equal(jurisdiction_compare(&two.items[0], &two.items[1]), 0);
    assert_string_equal(two.items[0].name, "Bad Homburg");
    jurisdictions_free(&two);
}

static void some_words_mean_nothing(void **state)
{
    (void)state;
    static const char *const nothing[] = {"", "  ", "NA", "nan", "NULL", " none ", "N/A", "\\N"};
    static const char *const something[] = {"N", "NO", "nil", "NULLEN", "Nothing at all", "0", "-"};
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
        assert_true(text_is_missing(nothing[i], nothing[i] + strlen(nothing[i])));
    for (size_t i = 0; i < sizeof something / sizeof *something; i++)
        assert_false(text_is_missing(something[i], something[i] + strlen(something[i])));
}

static const char *fold(size_t size, const char *name)
{
    static char folded[64];
    text_fold(folded, size, name);
    return folded;
}

static void a_name_is_folded_to_its_letters_and_digits(void **state)
{
    (void)state;
    assert_string_equal(fold(64, "GM-Naam "), "gmnaam");
    assert_string_equal(fold(64, "__ 12.b"), "12b");
    assert_string_equal(fold(64, "\xC3\x89\xC3\xA9n \xC4\xB0"), "\xC3\xA9\xC3\xA9n\xC4\xB0");
    assert_string_equal(fold(64, "\xE9n"), "\xC3\xA9n"); /* no UTF-8: its own code point */
    assert_string_equal(fold(64, "\xE2\x82\xAC 5"), "\xE2\x82\xAC"
                                                    "5");
    assert_string_equal(fold(64, "\xF0\x9F\x98\x80x"), "x"); /* past the first plane */
}

static void a_folded_name_is_cut_where_there_is_no_room(void **state)
{
    (void)state;
    assert_string_equal(fold(4, "abcdef"), "abc");
    assert_string_equal(fold(1, "abc"), "");
    assert_string_equal(fold(3, "a\xE2\x82\xAC"), "a\xE2");
}

/* As when memory was out for it alone: a sentence without it would be another one. */
static void a_part_that_failed_fails_the_whole(void **state)
{
    struct text part = {0}, text = {0};
    struct error error = {0};
    (void)state;
    text_add(&text, "%s", text_part(&text, &part));
    text_add(&part, "12");
    text_add(&text, "of %s", text_part(&text, &part));
    assert_true(text_check(&text, &error));
    assert_string_equal(text.bytes, "of 12");
    part.failed = true;
    text_add(&text, " and %s", text_part(&text, &part));
    assert_false(text_check(&text, &error));
    assert_int_equal(error.kind, ERROR_INTERNAL);
    text_free(&text);
    text_free(&part);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_well_formed_sequences_are_utf8),
        cmocka_unit_test(bytes_of_windows_become_utf8),
        cmocka_unit_test(what_is_not_of_the_encoding_is_marked),
        cmocka_unit_test(case_makes_no_difference),
        cmocka_unit_test(a_name_is_its_letters_and_digits),
        cmocka_unit_test(a_name_is_folded_to_its_letters_and_digits),
        cmocka_unit_test(a_folded_name_is_cut_where_there_is_no_room),
        cmocka_unit_test(a_part_that_failed_fails_the_whole),
        cmocka_unit_test(edits_part_two_words),
        cmocka_unit_test(blanks_are_cut_off_both_ends),
        cmocka_unit_test(a_run_of_blanks_is_one),
        cmocka_unit_test(words_are_the_same_however_they_are_parted),
        cmocka_unit_test(names_of_jurisdictions_are_squeezed),
        cmocka_unit_test(some_words_mean_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Folded names, and texts that are made of parts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/core/text.h"

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
        cmocka_unit_test(a_name_is_folded_to_its_letters_and_digits),
        cmocka_unit_test(a_folded_name_is_cut_where_there_is_no_room),
        cmocka_unit_test(a_part_that_failed_fails_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Tests of what every room stands on: errors in one line, arrays that grow, and files that are read
 * and found. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/core/files.h"
#include "engine/core/settings.h"
#include "tests/scratch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- errors and arrays ---- */

static void a_message_gives_no_orders_to_a_terminal(void **state)
{
    struct error error = {0};
    (void)state;
    assert_false(error_set(&error, ERROR_DATA, "a\033[2Jb\nc\177d"));
    assert_string_equal(error.message, "a [2Jb c d");
    assert_false(error_about(&error, "a\nb.csv"));
    assert_string_equal(error.message, "a b.csv: a [2Jb c d");
    assert_int_equal(error.kind, ERROR_DATA);
    assert_false(error_set(NULL, ERROR_DATA, "x"));
    assert_false(error_about(NULL, "x"));
}

static void what_cannot_be_counted_is_out_of_memory(void **state)
{
    (void)state;
    char *array = NULL;
    struct error error = {0};
    if (getenv("PLEIN_SANITIZED") == NULL) { /* a sanitizer ends the program there */
        assert_false(array_new(&array, SIZE_MAX / 8, 16, &error));
        assert_null(array);
        assert_int_equal(error.kind, ERROR_INTERNAL);
        error = (struct error){0};
    }
    assert_false(array_new_raw(&array, SIZE_MAX / 8, 16, &error)); /* 16 bytes less two pages */
    assert_null(array);
    assert_int_equal(error.kind, ERROR_INTERNAL);
    struct capacity capacity = {.size = 16};
    assert_true(array_reserve(&array, &capacity, 1, &error));
    char *before = array;
    const size_t many[] = {SIZE_MAX / 8, SIZE_MAX}; /* in bytes, and in doubled elements */
    for (int i = 0; i < 2; i++) {
        error = (struct error){0};
        assert_false(array_reserve(&array, &capacity, many[i], &error));
        assert_int_equal(error.kind, ERROR_INTERNAL);
        assert_ptr_equal(array, before);
        assert_int_equal(capacity.held, 8);
    }
    array_free(&array);
}

/* ---- reading ---- */

static void a_file_of_more_bytes_than_wanted_is_refused(void **state)
{
    struct file_bytes file;
    struct error error = {0};
    (void)state;
    put("a", "12345");
    assert_true(file_read(&file, "a", 5, &error));
    assert_int_equal(file.size, 5);
    file_free(&file);
    assert_false(file_read(&file, "a", 4, &error));
    assert_int_equal(error.kind, ERROR_DATA);
    assert_string_equal(error.message, "a: larger than the 4 bytes that are read");
    assert_null(file.bytes);
    assert_false(file_read(&file, "a", 4, NULL));
}

static void a_folder_and_a_pipe_are_no_regular_file(void **state)
{
    struct file_bytes file;
    struct error error = {0};
    (void)state;
    assert_int_equal(mkfifo("pipe", 0600), 0);
    assert_false(file_read(&file, ".", 0, &error));
    assert_int_equal(error.kind, ERROR_DATA);
    assert_non_null(strstr(error.message, "this is a folder"));
    assert_false(file_read_regular(&file, "pipe", 0, &error)); /* at once: nobody writes */
    assert_int_equal(error.kind, ERROR_DATA);
    assert_non_null(strstr(error.message, "this is a pipe or a device"));
    assert_false(file_read_regular(&file, "none", 0, &error));
    assert_int_equal(error.kind, ERROR_NO_INPUT);
}

/* ---- names ---- */

static void assert_sibling(const char *path, const char *wanted)
{
    struct error error = {0};
    char *sibling = file_sibling(path, ".dbf", &error);
    if (wanted == NULL)
        assert_null(sibling);
    else
        assert_string_equal(sibling, wanted);
    assert_int_equal(error.kind, ERROR_NONE);
    free(sibling);
}

static void a_sibling_has_the_name_up_to_its_last_dot(void **state)
{
    (void)state;
    assert_int_equal(mkdir("v1.2", 0700), 0);
    put("a.b.dbf", "");
    put("v1.2/a.DBF", "");
    put(".shp.dbf", "");
    assert_sibling("a.b.shp", "a.b.dbf");
    assert_sibling("v1.2/a", "v1.2/a.DBF"); /* a folder's dot is none of the name's */
    assert_sibling(".shp", ".shp.dbf");     /* nor one that the name begins with */
    assert_sibling("a.shp", NULL);
    put("v1.2/a.dbf", "");
    assert_sibling("v1.2/a", "v1.2/a.dbf");
}

static void assert_beside(const char *beside, const char *path, const char *wanted)
{
    char *joined = file_beside(beside, path, NULL);
    assert_string_equal(joined, wanted);
    free(joined);
}

static void a_path_is_meant_from_the_folder_of_another(void **state)
{
    (void)state;
    assert_beside("far/study.ini", "a.csv", "far/a.csv");
    assert_beside("/far/study.ini", "../a.csv", "/far/../a.csv");
    assert_beside("far/study.ini", "/a.csv", "/a.csv");
    assert_beside("study.ini", "a.csv", "a.csv");
    assert_beside(NULL, "a.csv", "a.csv");
}

static void a_folder_is_made_where_there_is_none(void **state)
{
    struct error error = {0};
    struct stat facts;
    (void)state;
    put("file", "");
    for (int i = 0; i < 2; i++)
        assert_true(file_make_folder("a", &error));
    assert_int_equal(stat("a", &facts), 0);
    assert_true(S_ISDIR(facts.st_mode));
    assert_int_equal(symlink("none", "link"), 0);
    static const char *const OTHERS[] = {"file", "none/b", "link"};
    for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++) {
        error = (struct error){0};
        assert_false(file_make_folder(OTHERS[i], &error));
        assert_int_equal(error.kind, ERROR_CANNOT_WRITE);
        assert_non_null(strstr(error.message, OTHERS[i]));
    }
}

static void what_ships_is_found_where_it_is_said_to_be(void **state)
{
    struct error error = {0};
    (void)state;
    put("plein-own-file", "");
    assert_null(file_shipped("plein-own-file", &error));
    assert_int_equal(error.kind, ERROR_SETTINGS);
    setenv("PLEIN_DATADIR", folder, 1);
    char *found = file_shipped("plein-own-file", &error);
    char *none = file_shipped("plein-no-file", NULL);
    unsetenv("PLEIN_DATADIR");
    assert_non_null(found);
    assert_int_equal(strncmp(found, folder, strlen(folder)), 0);
    assert_null(none);
    free(found);
}

/* ---- settings ---- */

static void assert_refused(const char *bytes, size_t size, const char *said)
{
    struct settings settings = {0};
    struct error error = {0};
    put_bytes("a.ini", bytes, size);
    assert_false(settings_read(&settings, "a.ini", &error));
    assert_int_equal(error.kind, ERROR_SETTINGS);
    if (strstr(error.message, said) == NULL)
        fail_msg("'%s' tells of no '%s'", error.message, said);
    settings_free(&settings);
}

static void assert_settings(const char *text, const char *wanted)
{
    struct settings settings = {0};
    struct error error = {0};
    char told[256] = "";
    put("a.ini", text);
    if (!settings_read(&settings, "a.ini", &error))
        fail_msg("%s", error.message);
    for (size_t i = 0; i < settings.count; i++) {
        const struct setting *item = &settings.items[i];
        snprintf(told + strlen(told), sizeof told - strlen(told), "%d-%d [%s] %s=%s;",
                 item->section_line, item->line, item->section, item->key, item->value);
    }
    assert_string_equal(told, wanted);
    settings_free(&settings);
}

static void settings_are_lines_of_keys_and_values(void **state)
{
    (void)state;
    assert_settings("", "");
    assert_settings("\xEF\xBB\xBF[a]\n; x\n# y\n\nb = c d \n[e]\nb=", "1-5 [a] b=c d;6-7 [e] b=;");
    assert_settings("[a]\r\nb: c\r\n", "1-2 [a] b=c;");
    assert_settings("\nb = c\n", "2-2 [] b=c;");
    assert_refused("[a]\nb\n", 6, "a.ini:2");
    assert_refused("[a\nb = c\n", 9, "a.ini:1");
    assert_refused("[a]\nb = \xFF\n", 10, "UTF-8");
    assert_refused("[a]\nb = c\0d\n", 12, "a.ini");
}

static void a_line_may_not_be_too_long(void **state)
{
    enum { LONG = 70000 };
    static char text[LONG];
    (void)state;
    memset(text, 'x', sizeof text);
    memcpy(text, "[a]\nb = ", 8);
    assert_refused(text, sizeof text, "a.ini:2");
    text[LONG / 2] = text[LONG - 1] = '\n'; /* and a second one */
    assert_refused(text, sizeof text, "a.ini:2: the line is too long");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, in_a_folder, without_it)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_gives_no_orders_to_a_terminal),
        cmocka_unit_test(what_cannot_be_counted_is_out_of_memory),
        TEST(a_file_of_more_bytes_than_wanted_is_refused),
        TEST(a_folder_and_a_pipe_are_no_regular_file),
        TEST(a_sibling_has_the_name_up_to_its_last_dot),
        TEST(a_path_is_meant_from_the_folder_of_another),
        TEST(a_folder_is_made_where_there_is_none),
        TEST(what_ships_is_found_where_it_is_said_to_be),
        TEST(settings_are_lines_of_keys_and_values),
        TEST(a_line_may_not_be_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

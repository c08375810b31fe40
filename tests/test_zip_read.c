/* Tests what is let in of a zip that somebody else made, at the edge of each limit. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/core/files.h"
#include "engine/formats/zip_archive.h"
#include "engine/formats/zip_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

static char path[64];

/* A member and what is told of it; attributes 0 leaves them as they come. */
struct entry {
    const char *name, *bytes;
    uint32_t mode;
    int system;
    const char *password;
};

static void write_zip(const struct entry *entries, size_t count)
{
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
    assert_non_null(zip);
    for (size_t i = 0; i < count; i++) {
        const struct entry *entry = &entries[i];
        zip_source_t *source = zip_source_buffer(zip, entry->bytes, strlen(entry->bytes), 0);
        zip_int64_t at = zip_file_add(zip, entry->name, source, ZIP_FL_ENC_GUESS);
        assert_true(at >= 0);
        zip_set_file_compression(zip, (zip_uint64_t)at, ZIP_CM_STORE, 0);
        if (entry->mode != 0)
            zip_file_set_external_attributes(zip, (zip_uint64_t)at, 0, (zip_uint8_t)entry->system,
                                             entry->mode << 16);
        if (entry->password != NULL)
            assert_int_equal(
                zip_file_set_encryption(zip, (zip_uint64_t)at, ZIP_EM_AES_256, entry->password), 0);
    }
    assert_int_equal(zip_close(zip), 0);
}

static const struct zip_limits plenty = {.members = 10, .bytes = 1000};

static void refuse_file(const struct zip_limits *limits, const char *why)
{
    struct zip_contents contents;
    struct error error = {0};
    if (zip_read(&contents, path, limits, &error))
        fail_msg("taken, though it %s", why);
    assert_int_equal(error.kind, ERROR_DATA);
    assert_non_null(strstr(error.message, path));
    if (strstr(error.message, why) == NULL)
        fail_msg("'%s' tells of no '%s'", error.message, why);
    assert_null(contents.members);
    assert_int_equal(contents.count, 0);
}

static void refuse(const struct entry *entry, const char *why)
{
    write_zip(entry, 1);
    refuse_file(&plenty, why);
}

static void take(const struct entry *entries, size_t count, const struct zip_limits *limits)
{
    struct zip_contents contents;
    struct error error = {0};
    write_zip(entries, count);
    if (!zip_read(&contents, path, limits, &error))
        fail_msg("refused: %s", error.message);
    assert_int_equal(contents.count, count);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(contents.members[i].name, entries[i].name);
        assert_int_equal(contents.members[i].size, strlen(entries[i].bytes));
        assert_string_equal(contents.members[i].bytes, entries[i].bytes);
        assert_ptr_equal(zip_find(&contents, entries[i].name), &contents.members[i]);
    }
    assert_null(zip_find(&contents, "none"));
    zip_contents_free(&contents);
}

static void members_come_in_their_order_up_to_the_limits(void **state)
{
    (void)state;
    const struct entry three[] = {{.name = "b", .bytes = "12345"},
                                  {.name = "a", .bytes = ""},
                                  {.name = "c/d.txt", .bytes = "1234"}};
    /* The limit of bytes is the file's too, which is longer. */
    take(three, 3, &(struct zip_limits){.members = 3, .bytes = 1000});
    refuse_file(&(struct zip_limits){.members = 2, .bytes = 1000}, "holds 3 files, more than 2");
}

static void what_is_inflated_is_bounded_over_all_members(void **state)
{
    (void)state;
    enum { LENGTH = 4000 };
    static char zeros[LENGTH + 1];
    memset(zeros, '0', LENGTH);
    struct zip_contents contents;
    struct error error = {0};
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
    zip_file_add(zip, "a", zip_source_buffer(zip, zeros, LENGTH, 0), 0);
    zip_file_add(zip, "b", zip_source_buffer(zip, zeros, LENGTH, 0), 0);
    assert_int_equal(zip_close(zip), 0);
    assert_true(zip_read(&contents, path, &(struct zip_limits){2, 2 * LENGTH, false}, &error));
    assert_int_equal(contents.count, 2);
    zip_contents_free(&contents);
    refuse_file(&(struct zip_limits){2, 2 * LENGTH - 1, false}, "'b' is too large");
}

static void a_name_that_leads_out_is_refused(void **state)
{
    (void)state;
    static const char *const out[] = {"/a", "../a", "..", "a/..", "a/../b", "a\\b", "c:a"};
    static const char *const in[] = {"..a", "a..", "a..b/c", ".../a", ".a", "./a"};
    for (size_t i = 0; i < sizeof out / sizeof *out; i++)
        refuse(&(struct entry){.name = out[i], .bytes = "x"}, "leads out of the folder");
    for (size_t i = 0; i < sizeof in / sizeof *in; i++)
        take(&(struct entry){.name = in[i], .bytes = "x"}, 1, &plenty);
}

static void only_plain_files_are_taken(void **state)
{
    (void)state;
    take(&(struct entry){"a", "x", 0100644, ZIP_OPSYS_UNIX, NULL}, 1, &plenty);
    take(&(struct entry){"a", "x", 0644, ZIP_OPSYS_UNIX, NULL}, 1, &plenty);
    take(&(struct entry){"a", "x", 0120777, ZIP_OPSYS_DOS, NULL}, 1, &plenty); /* means nothing */
    refuse(&(struct entry){"a", "x", 0120777, ZIP_OPSYS_UNIX, NULL}, "'a' is no plain file");
    refuse(&(struct entry){"a", "x", 0040755, ZIP_OPSYS_UNIX, NULL}, "'a' is no plain file");
    refuse(&(struct entry){.name = "a", .bytes = "x", .password = "p"}, "'a' is encrypted");
}

static void folders_are_passed_over_where_they_may_be(void **state)
{
    (void)state;
    const struct zip_limits folders = {10, 1000, true};
    const struct entry with[] = {{.name = "d/", .bytes = ""}, {.name = "d/a", .bytes = "x"}};
    struct zip_contents contents;
    struct error error = {0};
    write_zip(with, 2);
    assert_true(zip_read(&contents, path, &folders, &error));
    assert_int_equal(contents.count, 1);
    assert_string_equal(contents.members[0].name, "d/a");
    zip_contents_free(&contents);
    refuse_file(&plenty, "'d/' is no plain file");
    write_zip(&(struct entry){.name = "d/", .bytes = "x"}, 1);
    refuse_file(&folders, "'d/' is no plain file");
    write_zip(&(struct entry){.name = "../", .bytes = ""}, 1);
    refuse_file(&folders, "leads out of the folder");
}

static void replace(const char *was, const char *becomes, bool every)
{
    char bytes[1000];
    FILE *file = fopen(path, "r+b");
    size_t length = fread(bytes, 1, sizeof bytes, file), found = 0;
    for (size_t i = 0; i + strlen(was) <= length; i++)
        if (memcmp(bytes + i, was, strlen(was)) == 0 && (every || found == 0)) {
            memcpy(bytes + i, becomes, strlen(was));
            found++;
        }
    assert_true(found > 0);
    rewind(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

static void what_is_damaged_or_there_twice_is_refused(void **state)
{
    (void)state;
    const struct entry two[] = {{.name = "one", .bytes = "abcdefgh"},
                                {.name = "two", .bytes = "x"}};
    write_zip(two, 2);
    replace("abcdefgh", "abcdefgX", true);
    refuse_file(&plenty, "'one' is damaged");
    write_zip(two, 2);
    replace("two", "one", true);
    refuse_file(&plenty, ""); /* by whom is libzip's own matter */
    write_zip(two, 2);
    replace("two", "t\xFFo", true);
    refuse_file(&plenty, "has a name that is no UTF-8");
    write_zip(two, 2);
    assert_int_equal(truncate(path, 60), 0);
    refuse_file(&plenty, "is no whole zip");
}

/* ---- a piece at a time ---- */

static struct zip_archive *open_archive(void)
{
    struct error error = {0};
    struct zip_archive *archive = zip_archive_open(path, NULL, &error);
    if (archive == NULL)
        fail_msg("%s", error.message);
    return archive;
}

static void a_member_is_loaded_up_to_its_limit(void **state)
{
    (void)state;
    const struct entry two[] = {{.name = "One", .bytes = "12345"}, {.name = "two", .bytes = ""}};
    struct file_bytes bytes;
    struct error error = {0};
    write_zip(two, 2);
    struct zip_archive *archive = open_archive();
    assert_int_equal(zip_archive_count(archive), 2);
    assert_string_equal(zip_archive_name(archive, 1), "two");
    assert_int_equal(zip_archive_find(archive, "oNE"), 0);
    assert_true(zip_archive_find(archive, "On") == SIZE_MAX);
    assert_true(zip_archive_load(&bytes, archive, 0, 5, &error));
    assert_int_equal(bytes.size, 5);
    assert_string_equal(bytes.bytes, "12345");
    file_free(&bytes);
    assert_true(zip_archive_load(&bytes, archive, 1, 0, &error));
    assert_int_equal(bytes.size, 0);
    assert_string_equal(bytes.bytes, "");
    file_free(&bytes);
    assert_false(zip_archive_load(&bytes, archive, 0, 4, &error));
    assert_non_null(strstr(error.message, "'One' is too large"));
    assert_null(bytes.bytes);
    zip_archive_close(archive);
}

static void a_damaged_member_ends_its_reading(void **state)
{
    (void)state;
    const struct entry one[] = {{.name = "one", .bytes = "abcdefgh"},
                                {.name = "s", .bytes = "x", .password = "p"}};
    struct file_bytes bytes;
    struct error error = {0};
    write_zip(one, 2);
    replace("abcdefgh", "abcdefgX", true);
    struct zip_archive *archive = open_archive();
    assert_false(zip_archive_load(&bytes, archive, 0, 100, &error));
    assert_non_null(strstr(error.message, "'one' is damaged"));
    assert_null(bytes.bytes);
    assert_false(zip_archive_enter(archive, 1, &error));
    assert_non_null(strstr(error.message, "'s' is encrypted"));
    assert_false(zip_archive_enter(archive, 2, &error));
    assert_non_null(strstr(error.message, "has no name or size"));
    zip_archive_close(archive);
}

/* 65 MB of zeros take 64 kB: no real file is packed so closely. Of a smaller one nothing is said.
 */
static void what_is_packed_too_closely_is_refused(void **state)
{
    (void)state;
    struct error error = {0};
    for (size_t over = 0; over < 2; over++) {
        size_t length = (64u << 20) + over;
        char *zeros = calloc(length, 1);
        assert_non_null(zeros);
        zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
        zip_file_add(zip, "bomb", zip_source_buffer(zip, zeros, length, 0), 0);
        zip_set_file_compression(zip, 0, ZIP_CM_DEFLATE, 9);
        assert_int_equal(zip_close(zip), 0);
        free(zeros);
        struct zip_archive *archive = open_archive();
        assert_int_equal(zip_archive_enter(archive, 0, &error), over == 0);
        zip_archive_close(archive);
    }
    assert_non_null(strstr(error.message, "packed far closer"));
}

static int make_path(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "/tmp/plein-zip-XXXXXX");
    int file = mkstemp(path);
    return file < 0 ? -1 : close(file);
}

static int remove_path(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_come_in_their_order_up_to_the_limits),
        cmocka_unit_test(what_is_inflated_is_bounded_over_all_members),
        cmocka_unit_test(a_name_that_leads_out_is_refused),
        cmocka_unit_test(only_plain_files_are_taken),
        cmocka_unit_test(folders_are_passed_over_where_they_may_be),
        cmocka_unit_test(what_is_damaged_or_there_twice_is_refused),
        cmocka_unit_test(a_member_is_loaded_up_to_its_limit),
        cmocka_unit_test(a_damaged_member_ends_its_reading),
        cmocka_unit_test(what_is_packed_too_closely_is_refused),
    };
    return cmocka_run_group_tests(tests, make_path, remove_path);
}

/* Tests that files that belong together come all or not at all. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/core/files.h"
#include "engine/core/staging.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/plein_test_staging_XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static void path_of(char path[200], const char *name)
{
    snprintf(path, 200, "%s/%s", folder, name);
}

static void write_to(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void stage(const struct staging *staging, const char *name, const char *text)
{
    char *path = staging_path(staging, name, NULL);
    assert_non_null(path);
    write_to(path, text);
    free(path);
}

static void holds(const char *name, const char *text)
{
    char path[200], read[32] = "";
    path_of(path, name);
    FILE *file = fopen(path, "r");
    if (text == NULL) {
        assert_null(file);
        return;
    }
    assert_non_null(file);
    assert_non_null(fgets(read, sizeof read, file));
    fclose(file);
    assert_string_equal(read, text);
}

/* How many names the folder has. */
static int count_names(void)
{
    int count = 0;
    DIR *open = opendir(folder);
    assert_non_null(open);
    for (struct dirent *entry = readdir(open); entry != NULL; entry = readdir(open))
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(open);
    return count;
}

static void forget(const char *name)
{
    char path[200];
    path_of(path, name);
    assert_int_equal(remove(path), 0);
}

static void begin(struct staging *staging)
{
    char path[200];
    path_of(path, "kaart.png");
    assert_true(staging_open(staging, path, NULL));
}

static void all_files_come_at_once_and_replace_the_old(void **state)
{
    struct staging staging;
    char path[200];
    (void)state;
    path_of(path, "a");
    write_to(path, "old");
    begin(&staging);
    stage(&staging, "a", "new a");
    stage(&staging, "b", "new b");
    holds("a", "old");
    holds("b", NULL);
    assert_true(staging_commit(&staging, NULL));
    staging_close(&staging);
    holds("a", "new a");
    holds("b", "new b");
    assert_int_equal(count_names(), 2);
    forget("a");
    forget("b");
}

static void what_is_not_committed_leaves_nothing(void **state)
{
    struct staging staging;
    (void)state;
    begin(&staging);
    stage(&staging, "a", "new");
    staging_close(&staging);
    assert_int_equal(count_names(), 0);
    staging_close(&staging); /* zeroed by now: nothing to do */
}

static void a_folder_in_the_way_stops_all(void **state)
{
    struct staging staging;
    struct error error = {0};
    char path[200];
    (void)state;
    path_of(path, "b");
    assert_int_equal(mkdir(path, 0777), 0);
    begin(&staging);
    stage(&staging, "a", "new");
    stage(&staging, "b", "new");
    assert_false(staging_commit(&staging, &error));
    assert_int_equal(error.kind, ERROR_CANNOT_WRITE);
    staging_close(&staging);
    holds("a", NULL);
    forget("b");
    assert_int_equal(count_names(), 0);
}

static void a_folder_that_is_not_there_is_an_error(void **state)
{
    struct staging staging;
    struct error error = {0};
    (void)state;
    assert_false(staging_open(&staging, "/tmp/plein_no_such_folder/kaart.png", &error));
    assert_int_equal(error.kind, ERROR_CANNOT_WRITE);
    staging_close(&staging);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_files_come_at_once_and_replace_the_old),
        cmocka_unit_test(what_is_not_committed_leaves_nothing),
        cmocka_unit_test(a_folder_in_the_way_stops_all),
        cmocka_unit_test(a_folder_that_is_not_there_is_an_error),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

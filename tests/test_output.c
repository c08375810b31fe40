/* Files that are there whole or not at all, alone and as a set, and what killed runs leave. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/core/files.h"
#include "engine/core/stage.h"
#include "engine/core/temporary.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64];

/* Each test has a folder of its own and stands in it. */
static int in_a_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/plein-output-XXXXXX");
    return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

static int without_it(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "cd / && rm -rf %s", folder);
    return system(command) == 0 ? 0 : -1;
}

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void holds(const char *path, const char *text)
{
    struct file_bytes file = {0};
    struct error error = {0};
    assert_true(file_read(&file, path, 0, &error));
    assert_string_equal(file.bytes, text);
    file_free(&file);
}

/* The folder's names, in order and with a blank behind each. */
static void lists(const char *names)
{
    char list[512] = "";
    FILE *listing = popen("LC_ALL=C ls -A | tr '\\n' ' '", "r"); /* NOLINT(cert-env33-c) */
    assert_non_null(listing);
    list[fread(list, 1, sizeof list - 1, listing)] = '\0';
    pclose(listing);
    assert_string_equal(list, names);
}

static void write_whole(const char *path, const char *text)
{
    struct output output;
    struct error error = {0};
    assert_true(output_open(&output, path, &error));
    fputs(text, output.stream);
    assert_true(output_commit(&output, &error));
}

static mode_t mode_of(const char *path)
{
    struct stat facts;
    assert_int_equal(stat(path, &facts), 0);
    return facts.st_mode & 0777;
}

/* The number of a process that is gone. */
static long gone(void)
{
    pid_t process = fork();
    if (process == 0)
        _exit(0);
    waitpid(process, NULL, 0);
    return (long)process;
}

static const char *ours(long process, const char *end)
{
    static char names[4][64];
    static int next;
    char *name = names[next++ % 4];
    snprintf(name, sizeof names[0], ".plein-%ld-%s", process, end);
    return name;
}

/* ---- one file ---- */

static void the_old_file_stays_until_the_new_one_is_whole(void **state)
{
    struct output output;
    struct error error = {0};
    (void)state;
    put("a", "old");
    assert_int_equal(chmod("a", 0640), 0);
    assert_true(output_open(&output, "a", &error));
    fputs("new", output.stream);
    fflush(output.stream);
    holds("a", "old");
    output_abandon(&output);
    holds("a", "old");
    lists("a ");
    write_whole("a", "new");
    holds("a", "new");
    assert_int_equal(mode_of("a"), 0640);
    lists("a ");
}

static void a_link_is_followed_also_to_what_is_not_there_yet(void **state)
{
    struct output output;
    struct error error = {0};
    (void)state;
    assert_int_equal(mkdir("far", 0700), 0);
    put("far/a", "old");
    assert_int_equal(symlink("far/a", "there"), 0);
    assert_int_equal(symlink("far/b", "dangling"), 0);
    assert_int_equal(symlink("round", "round"), 0);
    write_whole("there", "new");
    write_whole("dangling", "made");
    holds("far/a", "new");
    holds("far/b", "made");
    holds("dangling", "made");
    assert_false(output_open(&output, "round", &error));
    assert_int_equal(error.kind, ERROR_CANNOT_WRITE);
    lists("dangling far round there ");
}

static void a_folder_and_a_device_without_room_are_refused(void **state)
{
    struct output output;
    struct error error = {0};
    (void)state;
    assert_int_equal(mkdir("a", 0700), 0);
    assert_false(output_open(&output, "a", &error));
    assert_int_equal(error.kind, ERROR_CANNOT_WRITE);
    assert_true(output_open(&output, "/dev/full", &error));
    fputs("x", output.stream);
    assert_false(output_commit(&output, &error));
    assert_int_equal(error.kind, ERROR_CANNOT_WRITE);
    lists("a ");
}

static void a_pipe_is_written_straight(void **state)
{
    char text[8] = "";
    (void)state;
    assert_int_equal(mkfifo("pipe", 0600), 0);
    int end = open("pipe", O_RDONLY | O_NONBLOCK);
    write_whole("pipe", "text");
    assert_int_equal(read(end, text, sizeof text), 4);
    assert_string_equal(text, "text");
    close(end);
    assert_false(output_is_replaced("pipe"));
    lists("pipe ");
}

/* As a shell's `{ echo head; plein ... -o /dev/fd/3; } 3>a` means it. */
static void an_open_descriptor_is_written_on(void **state)
{
    char path[32];
    (void)state;
    int descriptor = open("a", O_WRONLY | O_CREAT, 0600);
    assert_int_equal(write(descriptor, "head ", 5), 5);
    snprintf(path, sizeof path, "/dev/fd/%d", descriptor);
    write_whole(path, "and tail");
    close(descriptor);
    holds("a", "head and tail");
    assert_false(output_is_replaced("/dev/stdout"));
    assert_false(output_is_replaced("/dev/stderr"));
    assert_false(output_is_replaced("-"));
    assert_true(output_is_replaced("a"));
    assert_true(output_is_replaced("b"));
}

static void a_descriptor_that_is_closed_is_told(void **state)
{
    struct output output;
    struct error error = {0};
    (void)state;
    assert_false(output_open(&output, "/dev/fd/1000", &error));
    assert_int_equal(error.kind, ERROR_CANNOT_WRITE);
    assert_non_null(strstr(error.message, "/dev/fd/1000: cannot write"));
}

static void a_link_by_its_whole_path_is_followed_too(void **state)
{
    char target[128];
    (void)state;
    snprintf(target, sizeof target, "%s/target", folder);
    assert_int_equal(symlink(target, "link"), 0);
    write_whole("link", "made");
    holds("target", "made");
    lists("link target ");
}

/* ---- what killed runs leave ---- */

static void what_nobody_writes_any_more_is_cleaned(void **state)
{
    char wanted[256];
    (void)state;
    put(ours(gone(), "aaaaaa"), "half");
    put(ours((long)getpid(), "bbbbbb"), "of a process that had this number");
    write_whole("a", "x");
    lists("a ");
    put(ours((long)getppid(), "cccccc"), "of a process that runs");
    put(".plein-notes", "of the user's");
    put(".plein-12", "of the user's");
    assert_int_equal(symlink("a", ours(gone(), "dddddd")), 0);
    write_whole("a", "y");
    assert_int_equal(access(ours((long)getppid(), "cccccc"), F_OK), 0);
    snprintf(wanted, sizeof wanted, "ls -A | wc -l | grep -q '^ *5$'");
    assert_int_equal(system(wanted), 0); /* NOLINT(cert-env33-c) */
}

/* By the number alone a writer in another container, or on another machine, seems gone. */
static void what_is_locked_stays(void **state)
{
    struct output output;
    struct error error = {0};
    (void)state;
    const char *locked = ours(gone(), "aaaaaa");
    put(locked, "half");
    int descriptor = open(locked, O_RDONLY);
    assert_int_equal(flock(descriptor, LOCK_EX), 0);
    assert_true(output_open(&output, "a", &error));
    write_whole("b", "x"); /* while this very process writes another */
    assert_true(output_commit(&output, &error));
    holds(locked, "half");
    close(descriptor);
    write_whole("b", "x");
    lists("a b ");
}

/* What a number like ours does not make ours: no process is 0, and nobody else's files are. */
static void what_is_not_ours_stays(void **state)
{
    const char *theirs = ours(gone(), "theirs");
    (void)state;
    put(".plein-0-aaaaaa", "of the user's");
    put(theirs, "of another user's");
    if (geteuid() == 0)
        assert_int_equal(lchown(theirs, 12345, 12345), 0);
    write_whole("a", "x");
    holds(".plein-0-aaaaaa", "of the user's");
    assert_int_equal(access(theirs, F_OK) == 0, geteuid() == 0);
}

/* Names longer than the system takes are passed over. */
static void what_has_too_long_a_path_stays(void **state)
{
    enum { LONGEST = 4095 };
    char path[LONGEST + 1] = "", inner[16] = "d/inner-file";
    (void)state;
    assert_int_equal(mkdir("d", 0700), 0);
    put(inner, "x");
    while (strlen(path) + 3 < LONGEST)
        strcat(path, "./");
    strcat(path, "d");
    temporary_remove(path);
    holds(inner, "x");
    temporary_remove("d");
    lists("");
}

/* ---- a set ---- */

static bool write_pair(const char *first, const char *second, bool done, struct error *error)
{
    struct stage stage;
    bool opened = stage_open(&stage, "main", error);
    if (opened) {
        char *beside = file_beside(stage.path, "side", error);
        write_whole(beside, first);
        write_whole(stage.path, second);
        free(beside);
    }
    return stage_close(&stage, opened && done, error);
}

static void a_set_is_put_in_place_together(void **state)
{
    struct error error = {0};
    (void)state;
    assert_true(write_pair("1", "2", true, &error));
    assert_int_equal(chmod("side", 0640), 0);
    assert_false(write_pair("3", "4", false, &error));
    holds("side", "1");
    holds("main", "2");
    assert_true(write_pair("3", "4", true, &error));
    holds("side", "3");
    holds("main", "4");
    assert_int_equal(mode_of("side"), 0640);
    lists("main side ");
}

/* A folder that comes in the way of one. (tests/inject has each of the moves fail.) */
static void a_set_that_cannot_be_whole_leaves_the_old_one(void **state)
{
    struct error error = {0};
    (void)state;
    struct stage stage;
    put("side", "old");
    assert_true(stage_open(&stage, "main", &error));
    assert_int_equal(mkdir("main", 0700), 0);
    char *beside = file_beside(stage.path, "side", &error);
    write_whole(beside, "new");
    write_whole(stage.path, "new");
    assert_false(stage_close(&stage, true, &error));
    assert_int_equal(error.kind, ERROR_CANNOT_WRITE);
    holds("side", "old");
    lists("main side ");
    free(beside);
}

/* Another file of the set, there or in another folder, and whether all is done. */
static bool write_also(const char *other, bool done, struct error *error)
{
    struct stage stage;
    bool opened = stage_open(&stage, "main", error);
    const char *also = opened ? stage_also(&stage, other, error) : NULL;
    if (also != NULL) {
        write_whole(also, "also");
        write_whole(stage.path, "new");
    }
    return stage_close(&stage, also != NULL && done, error);
}

static void a_set_may_have_a_file_in_another_folder(void **state)
{
    static const char *const OTHERS[] = {"./also", "other/also"};
    struct error error = {0};
    (void)state;
    assert_int_equal(mkdir("other", 0700), 0);
    for (int i = 0; i < 2; i++) {
        put("main", "old");
        put(OTHERS[i], "old");
        assert_false(write_also(OTHERS[i], false, &error));
        holds("main", "old");
        holds(OTHERS[i], "old");
        assert_true(write_also(OTHERS[i], true, &error));
        holds("main", "new");
        holds(OTHERS[i], "also");
    }
    assert_false(write_also("none/also", true, &error));
    assert_int_equal(error.kind, ERROR_CANNOT_WRITE);
    lists("also main other ");
}

static void what_no_longer_fits_goes_with_the_set(void **state)
{
    struct error error = {0};
    struct stage stage;
    bool is_there = true;
    (void)state;
    put("main", "old");
    put("side", "of the old one");
    for (int done = 0; done < 2; done++) {
        assert_true(stage_open(&stage, "main", &error));
        write_whole(stage.path, "new");
        assert_true(stage_drop(&stage, "side", &is_there, &error) && is_there);
        assert_true(stage_drop(&stage, "none", &is_there, &error) && !is_there);
        holds("side", "of the old one");
        assert_int_equal(stage_close(&stage, done == 1, &error), done == 1);
        lists(done == 0 ? "main side " : "main ");
    }
    holds("main", "new");
}

/* The last to be moved cannot be, so that what is gone comes back. */
static void what_went_with_a_set_comes_back_with_the_old_one(void **state)
{
    struct error error = {0};
    struct stage stage;
    bool is_there = false;
    (void)state;
    put("side", "old");
    assert_true(stage_open(&stage, "main", &error));
    write_whole(stage.path, "new");
    assert_true(stage_drop(&stage, "side", &is_there, &error) && is_there);
    assert_int_equal(symlink("none/main", "main"), 0);
    assert_false(stage_close(&stage, true, &error));
    holds("side", "old");
    lists("main side ");
}

static void an_error_names_the_place_and_not_the_stage(void **state)
{
    struct error error = {0};
    struct stage stage;
    (void)state;
    assert_true(stage_open(&stage, "./main", &error));
    error_set(&error, ERROR_CANNOT_WRITE, "%s: no room", stage.path);
    assert_false(stage_close(&stage, false, &error));
    assert_string_equal(error.message, "./main: no room");
    lists("");
}

static void a_set_in_a_pipe_is_the_pipe(void **state)
{
    struct error error = {0};
    struct stage stage;
    (void)state;
    assert_int_equal(mkfifo("pipe", 0600), 0);
    assert_true(stage_open(&stage, "pipe", &error));
    assert_string_equal(stage.path, "pipe");
    assert_true(stage_close(&stage, true, &error));
    lists("pipe ");
}

static void a_name_in_an_error_is_not_always_a_place(void **state)
{
    struct error error = {0};
    struct stage stage;
    char wanted[128];
    (void)state;
    assert_true(stage_open(&stage, "main", &error));
    error_set(&error, ERROR_CANNOT_WRITE, "%s: no room", stage.folder);
    memcpy(wanted, error.message, sizeof wanted);
    assert_false(stage_close(&stage, false, &error));
    assert_string_equal(error.message, wanted);
}

/* The one that people open is a pipe: what belongs to it is written by itself. */
static void what_goes_with_a_pipe_is_put_in_place_too(void **state)
{
    struct error error = {0};
    struct stage stage;
    bool is_there = true;
    (void)state;
    assert_int_equal(mkfifo("pipe", 0600), 0);
    put("side", "old");
    put("gone", "old");
    assert_true(stage_open(&stage, "pipe", &error));
    const char *also = stage_also(&stage, "side", &error);
    assert_non_null(also);
    assert_string_not_equal(also, "side");
    write_whole(also, "new");
    assert_true(stage_drop(&stage, "gone", &is_there, &error));
    assert_false(is_there);
    holds("side", "old");
    assert_true(stage_close(&stage, true, &error));
    holds("side", "new");
    lists("gone pipe side ");
}

/* And the other way round: a pipe is never put beside itself. */
static void a_pipe_that_goes_with_a_file_is_the_pipe(void **state)
{
    struct error error = {0};
    struct stage stage;
    (void)state;
    assert_int_equal(mkfifo("pipe", 0600), 0);
    assert_true(stage_open(&stage, "main", &error));
    write_whole(stage.path, "new");
    assert_string_equal(stage_also(&stage, "pipe", &error), "pipe");
    assert_true(stage_close(&stage, true, &error));
    lists("main pipe ");
}

static void a_set_may_have_a_file_on_another_disk(void **state)
{
    struct error error = {0};
    char far[128];
    (void)state;
    snprintf(far, sizeof far, "/dev/shm/plein-output-%ld", (long)getpid());
    if (access("/dev/shm", W_OK) != 0)
        skip();
    assert_true(write_also(far, true, &error));
    holds("main", "new");
    holds(far, "also");
    assert_int_equal(unlink(far), 0);
    lists("main ");
}

/* A folder is not removed with the set, and what has gone already is no trouble. */
static void what_is_to_go_is_a_file_that_is_there(void **state)
{
    struct error error = {0};
    struct stage stage;
    bool is_there = true;
    (void)state;
    assert_int_equal(mkdir("folder", 0700), 0);
    put("side", "old");
    assert_true(stage_open(&stage, "main", &error));
    write_whole(stage.path, "new");
    assert_true(stage_drop(&stage, "folder", &is_there, &error) && !is_there);
    assert_true(stage_drop(&stage, "side", &is_there, &error) && is_there);
    assert_int_equal(unlink("side"), 0);
    assert_true(stage_close(&stage, true, &error));
    lists("folder main ");
}

static void a_set_has_sixteen_files_at_most(void **state)
{
    struct error error = {0};
    (void)state;
    for (int count = 16; count <= 17; count++) {
        struct stage stage;
        assert_true(stage_open(&stage, "main", &error));
        for (int i = 1; i < count; i++) { /* none is the one that people open */
            char name[8];
            snprintf(name, sizeof name, "%d", i);
            char *beside = file_beside(stage.path, name, &error);
            write_whole(beside, "x");
            free(beside);
        }
        if (count == 17)
            write_whole(stage.path, "x");
        assert_int_equal(stage_close(&stage, true, &error), count == 16);
    }
    assert_int_equal(error.kind, ERROR_INTERNAL);
    assert_false(file_exists("main"));
}

/* Killed among the moves, with one done. */
static void the_next_run_ends_a_set_that_was_whole(void **state)
{
    char path[128];
    const char *set = ours(gone(), "aaaaaa.set");
    (void)state;
    put("side", "new");
    put("main", "old");
    assert_int_equal(mkdir(set, 0700), 0);
    snprintf(path, sizeof path, "%s/main", set);
    put(path, "new");
    snprintf(path, sizeof path, "%s/.plein-old", set);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/.plein-old/side", set);
    put(path, "old");
    write_whole("other", "x");
    holds("side", "new");
    holds("main", "new");
    lists("main other side ");
}

/* Killed before the first move. */
static void the_next_run_removes_what_a_whole_set_was_to_remove(void **state)
{
    char path[128];
    const char *set = ours(gone(), "aaaaaa.set");
    (void)state;
    put("side", "old");
    put("main", "old");
    assert_int_equal(mkdir(set, 0700), 0);
    snprintf(path, sizeof path, "%s/main", set);
    put(path, "new");
    snprintf(path, sizeof path, "%s/.plein-gone-side", set);
    put(path, "");
    write_whole("another", "");
    holds("main", "new");
    lists("another main ");
}

static void the_next_run_throws_away_a_set_that_was_not(void **state)
{
    char path[128];
    const char *stage = ours(gone(), "aaaaaa");
    (void)state;
    put("main", "old");
    assert_int_equal(mkdir(stage, 0700), 0);
    snprintf(path, sizeof path, "%s/main", stage);
    put(path, "new");
    snprintf(path, sizeof path, "%s/inner", stage);
    assert_int_equal(mkdir(path, 0700), 0);
    write_whole("other", "x");
    holds("main", "old");
    lists("main other ");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, in_a_folder, without_it)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_old_file_stays_until_the_new_one_is_whole),
        TEST(a_link_is_followed_also_to_what_is_not_there_yet),
        TEST(a_folder_and_a_device_without_room_are_refused),
        TEST(a_pipe_is_written_straight),
        TEST(an_open_descriptor_is_written_on),
        TEST(a_descriptor_that_is_closed_is_told),
        TEST(a_link_by_its_whole_path_is_followed_too),
        TEST(what_nobody_writes_any_more_is_cleaned),
        TEST(what_is_not_ours_stays),
        TEST(what_has_too_long_a_path_stays),
        TEST(what_is_locked_stays),
        TEST(a_set_is_put_in_place_together),
        TEST(a_set_that_cannot_be_whole_leaves_the_old_one),
        TEST(a_set_may_have_a_file_in_another_folder),
        TEST(what_no_longer_fits_goes_with_the_set),
        TEST(what_went_with_a_set_comes_back_with_the_old_one),
        TEST(an_error_names_the_place_and_not_the_stage),
        TEST(a_name_in_an_error_is_not_always_a_place),
        TEST(a_set_in_a_pipe_is_the_pipe),
        TEST(what_goes_with_a_pipe_is_put_in_place_too),
        TEST(a_pipe_that_goes_with_a_file_is_the_pipe),
        TEST(a_set_may_have_a_file_on_another_disk),
        TEST(what_is_to_go_is_a_file_that_is_there),
        TEST(a_set_has_sixteen_files_at_most),
        TEST(the_next_run_ends_a_set_that_was_whole),
        TEST(the_next_run_removes_what_a_whole_set_was_to_remove),
        TEST(the_next_run_throws_away_a_set_that_was_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

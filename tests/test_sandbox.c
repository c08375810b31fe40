/* Tests that a locked-in process can do what it is for, and nothing else. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/core/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char inside[64], outside[64], read_only[64];

static int make_folders(void **state)
{
    (void)state;
    char *const folders[] = {inside, outside, read_only};
    for (int i = 0; i < 3; i++) {
        char file[96];
        snprintf(folders[i], sizeof inside, "/tmp/plein-sandbox-XXXXXX");
        if (mkdtemp(folders[i]) == NULL)
            return -1;
        snprintf(file, sizeof file, "%s/old", folders[i]);
        FILE *old = fopen(file, "w");
        fputs("old", old);
        fclose(old);
    }
    return 0;
}

static int remove_folders(void **state)
{
    (void)state;
    char command[300];
    snprintf(command, sizeof command, "rm -rf %s %s %s", inside, outside, read_only);
    return system(command);
}

static bool run(int *status, sandbox_work *work, struct error *error)
{
    const struct sandbox_place places[] = {{inside, true}, {read_only, false}, {"/nowhere", true}};
    const struct sandbox sandbox = {.places = places,
                                    .place_count = 3,
                                    .memory_bytes = (size_t)1 << 30,
                                    .seconds = 1,
                                    .name = "x.zip"};
    return sandbox_run(status, &sandbox, work, NULL, error);
}

static int opens(const char *folder, const char *name, int flags)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int descriptor = open(path, flags, 0600);
    if (descriptor >= 0)
        close(descriptor);
    return descriptor >= 0 ? 0 : errno;
}

static int use_files(void *state)
{
    (void)state;
    const int create = O_WRONLY | O_CREAT | O_EXCL;
    if (opens(inside, "old", O_RDONLY) != 0 || opens(inside, "new", create) != 0)
        return 1;
    if (opens(read_only, "old", O_RDONLY) != 0 || opens(read_only, "new", create) != EACCES
        || opens(read_only, "old", O_WRONLY) != EACCES)
        return 2;
    if (opens(outside, "old", O_RDONLY) != EACCES || opens(outside, "new", create) != EACCES)
        return 3;
    char from[128], to[128];
    snprintf(from, sizeof from, "%s/new", inside);
    snprintf(to, sizeof to, "%s/old", inside);
    if (rename(from, to) != 0)
        return 4;
    snprintf(to, sizeof to, "%s/old", outside);
    return unlink(to) == -1 && errno == EACCES ? 0 : 5;
}

static void files_are_read_and_written_where_it_may_be(void **state)
{
    (void)state;
    int status = -1;
    if (!sandbox_can())
        skip();
    assert_true(run(&status, use_files, NULL));
    assert_int_equal(status, 0);
    assert_int_equal(opens(outside, "old", O_RDONLY), 0);
    assert_int_equal(opens(inside, "old", O_RDONLY), 0);
}

static void *count(void *state)
{
    *(int *)state += 1;
    return NULL;
}

static int reach_out(void *state)
{
    (void)state;
    if (socket(AF_INET, SOCK_STREAM, 0) != -1 || errno != EPERM)
        return 1;
    if (socket(AF_UNIX, SOCK_STREAM, 0) != -1 || errno != EPERM)
        return 2;
    if (fork() != -1 || errno != EPERM)
        return 3;
    execl("/bin/true", "true", (char *)NULL);
    if (errno != EPERM && errno != EACCES)
        return 4;
    if (kill(getppid(), 0) != -1 || errno != EPERM)
        return 5;
    pthread_t thread;
    int counted = 0;
    if (pthread_create(&thread, NULL, count, &counted) != 0 || pthread_join(thread, NULL) != 0)
        return 6;
    return counted == 1 ? 0 : 7;
}

static void threads_are_made_and_no_process_or_connection(void **state)
{
    (void)state;
    int status = -1;
    if (!sandbox_can())
        skip();
    assert_true(run(&status, reach_out, NULL));
    assert_int_equal(status, 0);
}

static int crash(void *state)
{
    (void)state;
    printf("half a result"); /* is not flushed */
    abort(); /* of all signals the one that neither a test frame nor a sanitizer takes */
    return 0;
}

static int spin(void *state)
{
    (void)state;
    for (volatile uint64_t i = 0;; i++)
        ;
    return 0;
}

static int hoard(void *state)
{
    (void)state;
    char *volatile much = malloc((size_t)2 << 30); /* or clang asks for none of it */
    bool refused = much == NULL;
    free(much);
    return refused ? 0 : 1;
}

static int answer(void *state)
{
    (void)state;
    return 42;
}

static int full; /* a device without room, opened before the process is locked in */

/* What is printed cannot be written; `state` is what it ends with. */
static int print_in_vain(void *state)
{
    dup2(full, STDOUT_FILENO);
    printf("a result");
    return *(const int *)state;
}

static void what_cannot_be_printed_is_told_by_the_status(void **state)
{
    (void)state;
    const struct sandbox sandbox = {.name = "x.zip"};
    struct error error = {0};
    full = open("/dev/full", O_WRONLY);
    if (full < 0)
        skip();
    for (int ends = 0; ends < 2; ends++) {
        int status = -1;
        assert_true(sandbox_run(&status, &sandbox, print_in_vain, &ends, &error));
        assert_int_equal(status, ends == 0 ? ERROR_CANNOT_WRITE : ends);
    }
    close(full);
}

static int end_by(void *state)
{
    signal(SIGXCPU, SIG_DFL);
    raise(*(const int *)state);
    return 0;
}

static void a_limit_is_told_from_a_crash(void **state)
{
    (void)state;
    const struct sandbox sandbox = {.seconds = 60, .name = "x.zip"};
    static const int SIGNALS[] = {SIGXCPU, SIGABRT};
    for (int i = 0; i < 2; i++) {
        struct error error = {0};
        int status = -1, number = SIGNALS[i];
        assert_false(sandbox_run(&status, &sandbox, end_by, &number, &error));
        assert_int_equal(error.kind, ERROR_DATA);
        assert_non_null(strstr(error.message, i == 0 ? "more than 60 s" : "ended in a crash"));
    }
}

static void a_crash_is_one_sentence_and_the_limits_hold(void **state)
{
    (void)state;
    struct error error = {0};
    int status = -1;
    assert_true(run(&status, answer, NULL));
    assert_int_equal(status, 42);
    assert_false(run(&status, crash, &error));
    assert_int_equal(error.kind, ERROR_DATA);
    assert_non_null(strstr(error.message, "x.zip: reading it ended in a crash"));
    assert_false(run(&status, spin, &error));
    assert_int_equal(error.kind, ERROR_DATA);
    assert_non_null(strstr(error.message, "more than 1 s"));
    if (!sandbox_can())
        return; /* a sanitizer takes all addresses */
    assert_true(run(&status, hoard, NULL));
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read_and_written_where_it_may_be),
        cmocka_unit_test(threads_are_made_and_no_process_or_connection),
        cmocka_unit_test(what_cannot_be_printed_is_told_by_the_status),
        cmocka_unit_test(a_limit_is_told_from_a_crash),
        cmocka_unit_test(a_crash_is_one_sentence_and_the_limits_hold),
    };
    return cmocka_run_group_tests(tests, make_folders, remove_folders);
}

/* When a command is locked in, where it may then read and write, and what it does when that cannot
 * be. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "cli/lockin.h"
#include "tests/faults.h"
#include "tests/scratch.h"

enum { AUTO, ON, OFF }; /* as the option's choices stand */

/* It is known by its address alone. */
bool cmd_handover(const struct options *options, int *answer, struct error *error)
{
    (void)options, (void)answer, (void)error;
    return false;
}

/* A folder with three of its own, a file in each, and a link from one to another. */
static int in_folders(void **state)
{
    static const char *const FOLDERS[] = {"own", "linked", "foreign", "out"};
    if (in_a_folder(state) != 0)
        return -1;
    for (size_t i = 0; i < sizeof FOLDERS / sizeof *FOLDERS; i++) {
        char path[64];
        snprintf(path, sizeof path, "%s/a.zip", FOLDERS[i]);
        FILE *file = mkdir(FOLDERS[i], 0700) == 0 ? fopen(path, "w") : NULL;
        if (file == NULL || fclose(file) != 0)
            return -1;
    }
    return symlink("../linked/a.zip", "own/link.zip");
}

static struct options options_of(int sandbox, const char *word, const char *file)
{
    struct options options = {0};
    assert_true(options_new(&options, NULL));
    options.sandbox = sandbox;
    if (word != NULL)
        assert_true(words_add(&options.operands, word, NULL));
    if (file != NULL)
        assert_true(words_add(&options.operands, file, NULL));
    return options;
}

/* ---- when ---- */

static bool is_wanted(int sandbox, bool handover, const char *word)
{
    struct options options = options_of(sandbox, word, NULL);
    const struct command command = {.run = handover ? cmd_handover : NULL};
    struct error error = {0};
    bool wanted = false;
    if (!lockin_wanted(&wanted, &command, &options, &error))
        fail_msg("%s", error.message);
    options_free(&options);
    return wanted;
}

static void what_others_have_made_is_read_locked_in(void **state)
{
    (void)state;
    bool can = sandbox_can();
    assert_int_equal(is_wanted(AUTO, true, "verify"), can);
    assert_int_equal(is_wanted(AUTO, true, "merge"), can);
    assert_false(is_wanted(AUTO, true, "make"));
    assert_false(is_wanted(AUTO, true, NULL));
    assert_false(is_wanted(AUTO, false, "verify"));
    assert_false(is_wanted(OFF, true, "verify"));
    if (can)
        assert_true(is_wanted(ON, false, NULL));
}

/* As on a system of before 2021. */
static void where_that_cannot_be_only_who_asks_is_told(void **state)
{
    (void)state;
    struct options options = options_of(ON, "verify", NULL);
    const struct command command = {.run = cmd_handover};
    struct error error = {0};
    bool wanted = false;
    struct fault_plan kernel = {
        .kind = FAULT_CALL, .only = "none", .always = "syscall", .why = ENOSYS};
    begin_faults(&kernel);
    bool done = lockin_wanted(&wanted, &command, &options, &error);
    bool usual = is_wanted(AUTO, true, "verify");
    end_faults();
    assert_false(done);
    assert_int_equal(error.kind, ERROR_USAGE);
    assert_non_null(strstr(error.message, "this system cannot lock a process in"));
    assert_false(usual);
    options_free(&options);
}

/* ---- where ---- */

/* A letter for each of the places: r it is read, w it is written, - neither. */
static const char *const PLACES[] = {"own/a.zip", "linked/a.zip", "foreign/a.zip", "out/a.zip"};
enum { PLACE_COUNT = 4 };

static int try_places(void *state)
{
    char *letters = state; /* in memory that is shared */
    for (int i = 0; i < PLACE_COUNT; i++) {
        int reading = open(PLACES[i], O_RDONLY), writing = open(PLACES[i], O_WRONLY);
        letters[i] = writing >= 0 ? 'w' : reading >= 0 ? 'r' : '-';
    }
    return 7;
}

static void assert_places(struct options *options, const char *wanted)
{
    char *letters = mmap(NULL, 16, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct error error = {0};
    int status = -1;
    assert_true(letters != MAP_FAILED);
    if (!lockin_run(&status, options, try_places, letters, &error))
        fail_msg("%s", error.message);
    assert_int_equal(status, 7);
    assert_string_equal(letters, wanted);
    munmap(letters, 16);
    options_free(options);
}

static void it_reads_the_package_and_writes_where_it_is_told(void **state)
{
    (void)state;
    if (!sandbox_can())
        skip();
    struct options options = options_of(ON, "verify", "own/a.zip");
    assert_places(&options, "r---");
    options = options_of(ON, "verify", "own/link.zip"); /* and where it leads */
    assert_places(&options, "rr--");
    options = options_of(ON, "verify", "own/a.zip");
    options.handover.key = text_copy("linked/a.pub", 12, NULL);
    options.output = text_copy("out/b.csv", 9, NULL);
    assert_places(&options, "rr-w");
    options = options_of(ON, "verify", "own/a.zip");
    options.output = text_copy("/dev/null", 9, NULL); /* and nothing that is beside it */
    options.members = text_copy("foreign/b.csv", 13, NULL);
    options.rasters = text_copy("out", 3, NULL); /* a folder itself, and what it is in */
    assert_places(&options, "wwww");
    options = options_of(ON, "verify", "own/a.zip");
    options.rasters = text_copy("/plein-none", 11, NULL);
    assert_places(&options, "wwww");             /* whoever writes into the root writes anywhere */
    options = options_of(ON, "verify", "a.zip"); /* what is beside it, with all that is below */
    assert_places(&options, "rrrr");
}

/* A study names files anywhere: all is read. A package is all that verify reads. */
static void what_a_study_names_may_be_anywhere(void **state)
{
    static const char *const WORDS[] = {"merge", "verify"};
    (void)state;
    if (!sandbox_can())
        skip();
    for (int i = 0; i < 2; i++) {
        struct options options = options_of(ON, WORDS[i], "own/a.zip");
        options.boundaries = text_copy("foreign/a.shp", 13, NULL);
        assert_places(&options, i == 0 ? "rrrr" : "r---");
        options = options_of(ON, WORDS[i], "own/a.zip");
        assert_true(words_add(&options.incidents, "foreign/a.csv", NULL));
        assert_places(&options, i == 0 ? "rrrr" : "r---");
        options = options_of(ON, WORDS[i], "own/a.zip");
        assert_places(&options, "r---");
    }
}

/* ---- when memory is out ---- */

static struct options locked;

static bool lock_in(struct error *error)
{
    static char *letters;
    int status = -1;
    if (letters == NULL)
        letters = mmap(NULL, 16, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(letters != MAP_FAILED);
    bool done = lockin_run(&status, &locked, try_places, letters, error);
    if (done)
        tell("%d %s", status, letters);
    return done;
}

static void who_cannot_say_where_does_not_begin(void **state)
{
    static const struct work WORK = {.name = "locked in", .run = lock_in};
    (void)state;
    locked = options_of(ON, "verify", "own/link.zip");
    locked.output = text_copy("out/b.csv", 9, NULL);
    each_allocation_fails(&WORK);
    options_free(&locked);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, in_folders, without_it)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_others_have_made_is_read_locked_in),
        cmocka_unit_test(where_that_cannot_be_only_who_asks_is_told),
        TEST(it_reads_the_package_and_writes_where_it_is_told),
        TEST(what_a_study_names_may_be_anywhere),
        TEST(who_cannot_say_where_does_not_begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What the rooms that stand before files do when memory, or a call of the system, fails. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/core/files.h"
#include "engine/core/sandbox.h"
#include "engine/core/settings.h"
#include "engine/core/stage.h"
#include "engine/core/zone.h"
#include "engine/formats/seal.h"
#include "tests/faults.h"
#include "tests/scratch.h"

/* What is in a file, up to its first line end; "" when it is not there. */
static const char *inside(const char *path)
{
    static char texts[4][32];
    static int turn;
    char *text = texts[turn++ % 4];
    FILE *file = fopen(path, "r");
    text[0] = '\0';
    if (file != NULL) {
        if (fgets(text, sizeof texts[0], file) == NULL)
            text[0] = '\0';
        fclose(file);
    }
    return text;
}

static bool is_in(const char *path, const char *text)
{
    return strcmp(inside(path), text) == 0;
}

/* How many names of ours are left in the folder. */
static int left(void)
{
    DIR *listing = opendir(".");
    const struct dirent *entry;
    int count = 0;
    assert_non_null(listing);
    while ((entry = readdir(listing)) != NULL)
        count += strncmp(entry->d_name, ".plein-", 7) == 0;
    closedir(listing);
    return count;
}

static bool write_file(const char *path, const char *text, struct error *error)
{
    struct output output;
    if (!output_open(&output, path, error))
        return false;
    fputs(text, output.stream);
    return output_commit(&output, error);
}

/* Has the next run clean, when something could not be removed. */
static void clean(void)
{
    if (left() == 0)
        return;
    assert_true(write_file("another", "x", NULL));
    assert_int_equal(unlink("another"), 0);
    assert_int_equal(left(), 0);
}

/* ---- reading ---- */

static bool read_a_file(struct error *error)
{
    struct file_bytes file = {0};
    if (!file_read_regular(&file, "in", 0, error))
        return false;
    tell("%s", file.bytes);
    file_free(&file);
    return true;
}

static bool read_a_sibling(struct error *error)
{
    char *path = file_sibling("in.shp", ".dbf", error);
    if (path == NULL)
        return false;
    tell("%s", path);
    free(path);
    path = file_beside("far/in", "side", error);
    if (path == NULL)
        return false;
    tell(" %s", path);
    free(path);
    return true;
}

static bool read_settings(struct error *error)
{
    struct settings settings = {0};
    bool done = settings_read(&settings, "in", error);
    for (size_t i = 0; done && i < settings.count; i++)
        tell("[%s] %s = %s\n", settings.items[i].section, settings.items[i].key,
             settings.items[i].value);
    settings_free(&settings);
    return done;
}

static bool read_a_zone(struct error *error)
{
    struct zone *zone = zone_open("Europe/Amsterdam", error);
    if (zone == NULL)
        return false;
    tell("%d", zone_offset(zone, 4000000000));
    zone_close(zone);
    return true;
}

static void what_cannot_be_read_is_told(void **state)
{
    static const struct work WORKS[] = {{.name = "a file", .run = read_a_file},
                                        {.name = "a sibling", .run = read_a_sibling},
                                        {.name = "settings", .run = read_settings},
                                        {.name = "a zone", .run = read_a_zone}};
    (void)state;
    put("in", "[study]\nboundaries = a.shp\nincidents = b.csv\n[map]\ntitle = Plein\n");
    put("in.DBF", "");
    size_t count = sizeof WORKS / sizeof *WORKS;
    if (access("/usr/share/zoneinfo/Europe/Amsterdam", R_OK) != 0)
        count--; /* no tzdata */
    for (size_t i = 0; i < count; i++) {
        each_allocation_fails(&WORKS[i]);
        each_call_fails(&WORKS[i], EIO);
        each_call_fails(&WORKS[i], EINTR);
    }
}

/* ---- one file ---- */

static void old_file(void)
{
    put("a", "old");
}

static bool write_a_file(struct error *error)
{
    return write_file("a", "new", error);
}

static void is_old_or_new(bool done)
{
    clean();
    assert_true(is_in("a", "new") || (!done && is_in("a", "old")));
}

static void a_file_is_the_old_one_or_the_new_one(void **state)
{
    static const struct work WORK = {"a file", old_file, write_a_file, is_old_or_new};
    static const int WHY[] = {ENOSPC, EINVAL, EACCES}; /* not every folder can be synced, or read */
    (void)state;
    each_allocation_fails(&WORK);
    for (size_t i = 0; i < sizeof WHY / sizeof *WHY; i++)
        each_call_fails(&WORK, WHY[i]);
}

/* Not every file system can sync a folder, and one that may be written into need not be readable.
 */
static void a_folder_that_cannot_be_synced_is_no_failure(void **state)
{
    static const struct {
        struct fault_plan plan;
        bool done;
    } CASES[] = {
        {{FAULT_CALL, .only = "fsync", .at = 2, .why = EINVAL}, true},
        {{FAULT_CALL, .only = "fsync", .at = 2, .why = EIO}, false},
        {{FAULT_CALL, .only = "open", .at = 1, .why = EACCES}, true},
        {{FAULT_CALL, .only = "open", .at = 1, .why = EIO}, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct error error = {0};
        old_file();
        begin_faults(&CASES[i].plan);
        bool done = write_a_file(&error);
        end_faults();
        assert_int_equal(plan->met, CASES[i].plan.at);
        assert_int_equal(done, CASES[i].done);
        assert_string_equal(inside("a"), "new");
    }
}

static bool write_a_descriptor(struct error *error)
{
    char name[32];
    int descriptor = open("a", O_WRONLY | O_TRUNC);
    if (descriptor < 0)
        return error_set(error, ERROR_CANNOT_WRITE, "a");
    snprintf(name, sizeof name, "/dev/fd/%d", descriptor);
    bool done = write_file(name, "new", error);
    close(descriptor);
    return done;
}

static void a_descriptor_is_written_or_it_is_told(void **state)
{
    static const struct work WORK = {.name = "a descriptor", .run = write_a_descriptor};
    (void)state;
    put("a", "old");
    each_allocation_fails(&WORK);
    each_call_fails(&WORK, EIO);
    assert_string_equal(inside("a"), "new");
}

/* ---- a set ---- */

/* Three files and one that goes, or one in another folder. */
static void old_set(void)
{
    put("main", "old");
    put("side", "old");
    put("gone", "old");
    unlink("new");
}

static bool fill(const struct stage *stage, const char *name, const char *text, struct error *error)
{
    char *path = file_beside(stage->path, name, error);
    bool done = path != NULL && write_file(path, text, error);
    free(path);
    return done;
}

static bool write_a_set(struct error *error)
{
    struct stage stage;
    bool there = false;
    bool done = stage_open(&stage, "main", error) && fill(&stage, "main", "new", error)
                && fill(&stage, "side", "new", error) && fill(&stage, "new", "new", error)
                && stage_drop(&stage, "gone", &there, error);
    return stage_close(&stage, done, error);
}

static void set_is_whole(bool done)
{
    clean();
    bool is_new = is_in("main", "new");
    const char *now = is_new ? "new" : "old";
    if (done)
        assert_true(is_new);
    assert_string_equal(inside("main"), now);
    assert_string_equal(inside("side"), now);
    assert_string_equal(inside("new"), is_new ? "new" : "");
    assert_string_equal(inside("gone"), is_new ? "" : "old");
}

static void a_set_is_the_old_one_or_the_new_one(void **state)
{
    static const struct work WORK = {"a set", old_set, write_a_set, set_is_whole};
    static const char *const ALWAYS[] = {"", "link"}; /* some file systems have but one name */
    (void)state;
    for (int i = 0; i < 2; i++)
        try_faults(&WORK, &(struct fault_plan){FAULT_CALL, .on = true, .only = "rename",
                                               .always = ALWAYS[i], .why = ENOSPC});
    each_allocation_fails(&WORK);
    each_call_fails(&WORK, ENOSPC);
}

static bool write_in_two_folders(struct error *error)
{
    struct stage stage;
    bool done = stage_open(&stage, "main", error) && fill(&stage, "main", "new", error);
    const char *also = done ? stage_also(&stage, "other/side", error) : NULL;
    done = also != NULL && write_file(also, "new", error);
    return stage_close(&stage, done, error);
}

static void a_set_in_two_folders_leaves_nothing(void **state)
{
    static const struct work WORK = {"two folders", NULL, write_in_two_folders, NULL};
    (void)state;
    assert_int_equal(mkdir("other", 0700), 0);
    each_allocation_fails(&WORK);
    each_call_fails(&WORK, ENOSPC);
}

/* ---- what a killed run left ---- */

static char set_left[64];

static void leave_a_set(void)
{
    char path[128];
    old_set();
    mkdir(set_left, 0700);
    snprintf(path, sizeof path, "%s/main", set_left);
    put(path, "new");
    snprintf(path, sizeof path, "%s/side", set_left);
    put(path, "new");
    snprintf(path, sizeof path, "%s/new", set_left);
    put(path, "new");
    snprintf(path, sizeof path, "%s/.plein-gone-gone", set_left);
    put(path, "");
    snprintf(path, sizeof path, "%s/.plein-old", set_left);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/.plein-old/main", set_left);
    put(path, "old");
}

static bool write_another(struct error *error)
{
    return write_file("other", "x", error);
}

static void set_has_come(bool done)
{
    (void)done;
    clean();
    assert_true(write_file("other", "x", NULL));
    set_is_whole(true);
}

static void a_set_that_cannot_be_ended_waits_for_the_next_run(void **state)
{
    static const struct work WORK = {"a set left", leave_a_set, write_another, set_has_come};
    pid_t process = fork();
    (void)state;
    if (process == 0)
        _exit(0);
    assert_int_equal(waitpid(process, NULL, 0), process);
    snprintf(set_left, sizeof set_left, ".plein-%ld-aaaaaa.set", (long)process);
    each_allocation_fails(&WORK);
    each_call_fails(&WORK, EPERM);
}

/* ---- signatures ---- */

static void no_keys(void)
{
    unlink("own.key");
    unlink("own.pub");
}

static bool make_keys(struct error *error)
{
    return seal_make_keys("own.key", "own.pub", error);
}

static void both_or_none(bool done)
{
    clean();
    assert_int_equal(file_exists("own.key"), file_exists("own.pub"));
    if (done)
        assert_true(file_exists("own.key"));
}

static bool sign_and_verify(struct error *error)
{
    enum seal_verdict verdict;
    unlink("letter.minisig");
    if (!seal_sign("letter", "own.key", error)
        || !seal_verify(&verdict, "letter", "own.pub", error))
        return false;
    tell("%d", verdict);
    return true;
}

static void a_seal_that_cannot_be_made_is_none(void **state)
{
    static const struct work KEYS = {"keys", no_keys, make_keys, both_or_none};
    static const struct work SEAL = {"a seal", NULL, sign_and_verify, NULL};
    (void)state;
    each_allocation_fails(&KEYS);
    each_call_fails(&KEYS, ENOSPC);
    no_keys();
    assert_true(make_keys(NULL));
    put("letter", "what is handed over");
    each_allocation_fails(&SEAL);
    each_call_fails(&SEAL, EIO);
}

/* ---- a process that is locked in ---- */

static int seven(void *state)
{
    (void)state;
    return 7;
}

static bool lock_in(struct error *error)
{
    static const struct sandbox_place PLACES[] = {{".", true}, {"/usr", false}, {"in", false}};
    const struct sandbox sandbox = {.places = PLACES, .place_count = 3, .name = "x.zip"};
    int status = 0;
    if (!sandbox_run(&status, &sandbox, seven, NULL, error))
        return false;
    if (status == 70)
        return error_set(error, ERROR_INTERNAL, "it is not locked in");
    tell("%d", status);
    return true;
}

static void what_cannot_be_locked_in_does_not_run(void **state)
{
    static const struct work WORK = {"a sandbox", NULL, lock_in, NULL};
    (void)state;
    put("in", "");
    each_call_fails(&WORK, EPERM);
    each_call_fails(&WORK, EINTR);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, in_a_folder, without_it)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_cannot_be_read_is_told),
        TEST(a_file_is_the_old_one_or_the_new_one),
        TEST(a_folder_that_cannot_be_synced_is_no_failure),
        TEST(a_descriptor_is_written_or_it_is_told),
        TEST(a_set_is_the_old_one_or_the_new_one),
        TEST(a_set_in_two_folders_leaves_nothing),
        TEST(a_set_that_cannot_be_ended_waits_for_the_next_run),
        TEST(a_seal_that_cannot_be_made_is_none),
        TEST(what_cannot_be_locked_in_does_not_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

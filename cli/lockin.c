/* Locks a command in before it reads files that nobody vouches for: --sandbox. */
#include "cli/lockin.h"

#include "engine/core/files.h"

#include <stdlib.h>
#include <string.h>

enum { AUTO, ON, OFF }; /* as the option's choices stand */

/* A package is some megabytes: what takes more than this to read is no package. */
enum { PACKAGE_SECONDS = 60 };
static const size_t package_bytes = (size_t)2 << 30;

static bool is_said(const struct options *options, const char *word)
{
    return options->operands.count > 0 && strcmp(options->operands.items[0], word) == 0;
}

/* verify and merge read what somebody else made; whoever makes a package reads what is their own.
 */
static bool is_foreign(const struct command *command, const struct options *options)
{
    return command->run == cmd_handover
           && (is_said(options, "verify") || is_said(options, "merge"));
}

/* Only a package is read, whatever a study file beside it names. */
static bool reads_package_only(const struct options *options)
{
    return is_said(options, "verify")
           || (options->boundaries == NULL && options->incidents.count == 0);
}

bool lockin_wanted(bool *wanted, const struct command *command, const struct options *options,
                   struct error *error)
{
    *wanted = options->sandbox == ON
              || (options->sandbox == AUTO && is_foreign(command, options) && sandbox_can());
    return options->sandbox != ON || sandbox_can()
           || error_set(error, ERROR_USAGE,
                        "--sandbox on: this system cannot lock a process in (it takes Linux 5.13 "
                        "with Landlock and seccomp); say --sandbox auto");
}

/* ---- places ---- */

struct places {
    struct words paths; /* what the list's paths are, for the folders that were made here */
    struct sandbox_place *items;
    size_t count, capacity;
    bool failed;
};

static void add(struct places *places, const char *path, bool writable)
{
    struct capacity capacity = {places->capacity, sizeof *places->items};
    if (path == NULL || places->failed)
        return;
    places->failed = !words_add(&places->paths, path, NULL)
                     || !array_reserve(&places->items, &capacity, places->count + 1, NULL);
    if (places->failed)
        return;
    places->capacity = capacity.held;
    places->items[places->count++] =
        (struct sandbox_place){places->paths.items[places->paths.count - 1], writable};
}

/* The folder that a file is in; a device is not to take its neighbours with it. */
static void add_folder(struct places *places, const char *file, bool writable)
{
    struct text folder = {0};
    if (file == NULL)
        return;
    const char *slash = strrchr(file, '/');
    bool device = strncmp(file, "/dev/", 5) == 0;
    if (slash == NULL)
        text_add(&folder, ".");
    else
        text_add(&folder, "%.*s", slash > file && !device ? (int)(slash - file) : 1, file);
    add(places, device ? file : folder.bytes, writable);
    places->failed = places->failed || folder.failed;
    text_free(&folder);
}

/* To be read, with what stands beside it; and where a link leads. */
static void add_file(struct places *places, const char *file)
{
    char *real = file != NULL ? realpath(file, NULL) : NULL;
    add_folder(places, file, false);
    add_folder(places, real, false);
    free(real);
}

static void add_system(struct places *places)
{
    static const char *const FOLDERS[] = {
        "/usr", "/lib", "/lib64", "/etc", "/opt", "/proc", "/sys/devices/system/cpu"};
    for (size_t i = 0; i < sizeof FOLDERS / sizeof *FOLDERS; i++)
        add(places, FOLDERS[i], false);
    char *shipped = file_shipped("locale", NULL);
    add(places, shipped, false);
    free(shipped);
}

/* A study may name files anywhere: then all may be read. */
static void add_inputs(struct places *places, const struct options *options)
{
    add(places, "/dev/null", true); /* where a library's own complaints go */
    if (!reads_package_only(options)) {
        add(places, "/", false);
        return;
    }
    add_system(places);
    for (size_t i = 1; i < options->operands.count; i++)
        add_file(places, options->operands.items[i]);
    add_file(places, options->handover.key);
}

static void add_outputs(struct places *places, const struct options *options)
{
    add_folder(places, options->output, true);
    add_folder(places, options->members, true);
    add_folder(places, options->rasters, true);
    add(places, options->rasters, true);
}

bool lockin_run(int *status, const struct options *options, sandbox_work *work, void *state,
                struct error *error)
{
    struct places places = {0};
    bool package_only = reads_package_only(options);
    add_inputs(&places, options);
    add_outputs(&places, options);
    const struct sandbox sandbox = {
        .places = places.items,
        .place_count = places.count,
        .memory_bytes = package_only ? package_bytes : 0,
        .seconds = package_only ? PACKAGE_SECONDS : 0,
        .name = options->operands.count > 1 ? text_file_name(options->operands.items[1])
                                            : message_part(N_("the input")),
    };
    bool done = places.failed ? error_set(error, ERROR_INTERNAL, "out of memory")
                              : sandbox_run(status, &sandbox, work, state, error);
    words_free(&places.paths);
    array_free(&places.items);
    return done;
}

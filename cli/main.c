/* The command line of plein: finds the command, runs it, and turns its error into an exit status.
 */
#include "cli/command.h"
#include "cli/lockin.h"
#include "cli/progress.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    INPUTS = OPTIONS_INPUT | OPTIONS_SELECTION | OPTIONS_GENERAL,
    TABLES = INPUTS | OPTIONS_OUTPUT,
};

static const struct command COMMANDS[] = {
    {"check", N_("what is in these files, and can it be trusted?"), TABLES, NULL, cmd_check},
    {"locate", N_("the jurisdiction of each incident, one row each"), TABLES, NULL, cmd_locate},
    {"query", N_("counts by jurisdiction, domain, category, source and time"),
     TABLES | OPTIONS_QUERY, NULL, cmd_query},
    {"clusters", N_("groups of incidents that lie close together (DBSCAN)"),
     TABLES | OPTIONS_CLUSTERS, NULL, cmd_clusters},
    {"density", N_("incidents per hectare as a raster"), INPUTS | OPTIONS_DENSITY, NULL,
     cmd_density},
    {"map", N_("the picture for a meeting"), INPUTS | OPTIONS_MAP, NULL, cmd_map},
    {"border", N_("alone and together: what each side sees, what it misses"),
     TABLES | OPTIONS_BORDER, NULL, cmd_border},
    {"priorities", N_("what councils say that they will act on, against what is reported"),
     TABLES | OPTIONS_PRIORITIES, NULL, cmd_priorities},
    {"handover", N_("makes and verifies the package for the neighbour"), INPUTS | OPTIONS_HANDOVER,
     "make|verify|merge|key [FILE ...]", cmd_handover},
    {"export", N_("GeoPackage, GeoJSON, shapefile, CSV, XLSX or GeoTIFF for other programs"),
     INPUTS | OPTIONS_EXPORT, NULL, cmd_export},
    {0},
};

static const struct command *find_command(const char *name)
{
    for (const struct command *command = COMMANDS; command->name != NULL; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}

static bool unknown_command(const char *name, struct error *error)
{
    const char *names[sizeof COMMANDS / sizeof *COMMANDS] = {0};
    for (size_t i = 0; COMMANDS[i].name != NULL; i++)
        names[i] = COMMANDS[i].name;
    const char *nearest = settings_nearest(name, names);
    if (nearest == NULL)
        return error_set(error, ERROR_USAGE, "there is no command '%s'; plein help lists them",
                         name);
    return error_set(error, ERROR_USAGE, "there is no command '%s'; did you mean '%s'?", name,
                     nearest);
}

/* `plein help COMMAND [--lang nl]` and `plein COMMAND --help [--lang nl]`. */
static bool help(const char *name, char **arguments, struct error *error)
{
    for (; *arguments != NULL; arguments++)
        if (strcmp(*arguments, "--lang") == 0 && arguments[1] != NULL)
            command_language(arguments[1]);
    if (name == NULL) {
        command_list(COMMANDS);
        return true;
    }
    const struct command *command = find_command(name);
    if (command == NULL)
        return unknown_command(name, error);
    command_help(command);
    return true;
}

static bool asks_for_help(char **arguments)
{
    for (; *arguments != NULL; arguments++)
        if (strcmp(*arguments, "--help") == 0 || strcmp(*arguments, "-h") == 0)
            return true;
    return false;
}

/* Not among rows that run over the same terminal. */
static bool tells_progress(const struct command *command, const struct options *options)
{
    bool mixed = command->run == cmd_locate && options->output == NULL && isatty(STDOUT_FILENO);
    return !options->quiet && !mixed && progress_is_wanted(stderr);
}

/* A command with all that it runs on. */
struct running {
    const struct command *command;
    struct options options;
};

/* The exit status, with the error told. */
static int conclude(bool done, int answer, struct error *error)
{
    if (done && fflush(stdout) == 0 && !ferror(stdout))
        return answer;
    if (done)
        error_set(error, ERROR_CANNOT_WRITE, "standard output: cannot write");
    fprintf(stderr, "plein: %s\n", error->message);
    return (int)error->kind;
}

static int run_command(void *state)
{
    struct running *running = state;
    struct error error = {0};
    struct progress_line line = {.stream = stderr};
    int answer = 0;
    if (tells_progress(running->command, &running->options)) {
        running->options.progress = progress_line_tell;
        running->options.progress_state = &line;
    }
    bool done = running->command->run(&running->options, &answer, &error);
    return conclude(done, answer, &error);
}

static bool run_with_options(struct running *running, int *status, struct error *error)
{
    bool locked;
    if (!lockin_wanted(&locked, running->command, &running->options, error))
        return false;
    if (locked)
        return lockin_run(status, &running->options, run_command, running, error);
    *status = run_command(running);
    return true;
}

/* False with an error that has not been told; else *status is what to end with. */
static bool run(char **arguments, int *status, struct error *error)
{
    const char *name = arguments[0];
    if (name == NULL)
        return error_set(error, ERROR_USAGE, "no command is given; plein help lists them");
    if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        bool named = arguments[1] != NULL && arguments[1][0] != '-';
        return help(named ? arguments[1] : NULL, arguments + 1, error);
    }
    if (strcmp(name, "--version") == 0) {
        printf("plein %s\n", PLEIN_VERSION);
        return true;
    }
    struct running running = {.command = find_command(name)};
    if (running.command == NULL)
        return unknown_command(name, error);
    if (asks_for_help(arguments + 1))
        return help(name, arguments + 1, error);
    bool done = options_new(&running.options, error)
                && command_options(&running.options, running.command, arguments + 1, error)
                && run_with_options(&running, status, error);
    options_free(&running.options);
    return done;
}

/* A program may be started without them; the first files it opens would then be its standard output
 * and its complaints would be written into them. These can only be read: writing is an error. */
static bool fill_standard_descriptors(struct error *error)
{
    for (int wanted = STDIN_FILENO; wanted <= STDERR_FILENO; wanted++)
        if (fcntl(wanted, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != wanted)
            return error_set(error, ERROR_NO_INPUT, "%s: %s", "/dev/null", strerror(errno));
    return true;
}

int main(int count, char **arguments)
{
    struct error error = {0};
    int status = 0;
    command_language(NULL);
    bool done =
        fill_standard_descriptors(&error) && run(arguments + (count > 0 ? 1 : 0), &status, &error);
    if (done && status >= (int)ERROR_USAGE)
        return status; /* told already */
    return conclude(done, status, &error);
}

/* Reads through ogr2ogr, where it is installed, what plein does not read itself. */
#define _GNU_SOURCE /* pipe2, environ */
#include "engine/formats/ogr2ogr.h"

#include "engine/formats/geojson_features.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char PROGRAM[] = "ogr2ogr";

/* Drivers that would fetch, from wherever a file says, what is not in it. */
static const char SKIPPED[] =
    "OGR_VRT,HTTP,WFS,OAPIF,CSW,GMLAS,EEDA,OGCAPI,NGW,Carto,Elasticsearch,"
    "AmigoCloud,PLSCENES,PostgreSQL,MySQL,MSSQLSpatial,ODBC,GPSBabel";

enum { WORDS = 24 };

/* A run of it, which may be repeated. */
struct run {
    char *path, *layer;
    const char *shown;
    pid_t process;
    FILE *complaints; /* what it writes to standard error */
};

static void list_words(const char *words[WORDS], const struct run *run)
{
    const char *const all[WORDS] = {PROGRAM,
                                    "--config",
                                    "OGR_SKIP",
                                    SKIPPED,
                                    "--config",
                                    "CPL_VSIL_CURL_ALLOWED_FILENAME",
                                    "/none",
                                    "-f",
                                    "GeoJSONSeq",
                                    "-lco",
                                    "COORDINATE_PRECISION=15",
                                    "/vsistdout/",
                                    run->path,
                                    run->layer};
    memcpy(words, all, sizeof all);
}

static bool cannot_run(const struct run *run, int reason, struct error *error)
{
    if (reason == ENOENT)
        return error_set(
            error, ERROR_DATA,
            "%s: is read through ogr2ogr, which is not installed; install gdal-bin, or "
            "write the file as a GeoPackage or GeoJSON",
            run->shown);
    return error_set(error, ERROR_INTERNAL, "%s: ogr2ogr cannot be started: %s", run->shown,
                     strerror(reason));
}

static int spawn(struct run *run, int output)
{
    const char *words[WORDS];
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t usual, none;
    list_words(words, run);
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, fileno(run->complaints), STDERR_FILENO);
    int reason =
        posix_spawnp(&run->process, PROGRAM, &actions, &attributes, (char *const *)words, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return reason;
}

static int start(void *state, struct error *error)
{
    struct run *run = state;
    int ends[2];
    run->complaints = tmpfile();
    if (run->complaints == NULL || pipe2(ends, O_CLOEXEC) != 0) {
        error_set(error, ERROR_INTERNAL, "%s: ogr2ogr cannot be started: %s", run->shown,
                  strerror(errno));
        return -1;
    }
    fcntl(fileno(run->complaints), F_SETFD, FD_CLOEXEC);
    int reason = spawn(run, ends[1]);
    close(ends[1]);
    if (reason == 0)
        return ends[0];
    close(ends[0]);
    run->process = 0;
    cannot_run(run, reason, error);
    return -1;
}

/* The first error that it wrote; warnings go before it. */
static bool tell_complaint(struct run *run, struct error *error)
{
    char line[300] = "", told[300] = "?";
    rewind(run->complaints);
    while (fgets(line, sizeof line, run->complaints) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        bool is_error = strncmp(line, "ERROR", 5) == 0 || strncmp(line, "FAILURE", 7) == 0;
        if (line[0] != '\0' && text_is_utf8(line, strlen(line)) && (is_error || told[0] == '?'))
            memcpy(told, line, sizeof told);
        if (is_error)
            break;
    }
    return error_set(error, ERROR_DATA, "%s: ogr2ogr cannot read it: %s", run->shown, told);
}

static bool finish(void *state, int descriptor, bool at_end, struct error *error)
{
    struct run *run = state;
    int status = 0;
    close(descriptor);
    if (run->process <= 0)
        return true;
    if (!at_end)
        kill(run->process, SIGTERM);
    while (waitpid(run->process, &status, 0) < 0 && errno == EINTR)
        ;
    run->process = 0;
    bool done =
        !at_end || (WIFEXITED(status) && WEXITSTATUS(status) == 0) || tell_complaint(run, error);
    fclose(run->complaints);
    run->complaints = NULL;
    return done;
}

static void free_run(void *state)
{
    struct run *run = state;
    if (run->complaints != NULL)
        fclose(run->complaints);
    free(run->path);
    free(run->layer);
    free(run);
}

/* A name that begins with a dash would be an option. */
static char *safe_path(const char *path, struct error *error)
{
    struct text safe = {0};
    text_add(&safe, "%s%s", path[0] == '-' ? "./" : "", path);
    if (text_check(&safe, error))
        return safe.bytes;
    text_free(&safe);
    return NULL;
}

static struct run *make_run(const struct input *input, struct error *error)
{
    struct run *run;
    if (!array_new(&run, 1, sizeof *run, error))
        return NULL;
    run->shown = input->shown;
    run->path = safe_path(input->path, error);
    bool done = run->path != NULL;
    if (done && input->layer != NULL)
        done = (run->layer = safe_path(input->layer, error)) != NULL;
    if (done)
        return run;
    free_run(run);
    return NULL;
}

bool ogr2ogr_open(struct features *into, struct input *input, const struct features_wish *wish,
                  struct error *error)
{
    const char *name = message_part(input_foreign_name(input->foreign));
    if (input->foreign == FOREIGN_PDF)
        return error_set(error, ERROR_DATA, "%s: this is %s, which is not read", input->shown,
                         name);
    if (!input->is_plain)
        return error_set(error, ERROR_DATA, "%s: this is %s; unpack it, and name what was in it",
                         input->shown, name);
    struct run *run = make_run(input, error);
    if (run == NULL)
        return false;
    const struct input_child child = {start, finish, free_run, run};
    if (!input_attach(input, &child, error) || !geojson_features(into, input, error))
        return false;
    if (wish->notes != NULL)
        notes_add(wish->notes, "%s: is %s, and is read through ogr2ogr", input->shown, name);
    return true;
}

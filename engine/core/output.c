/* Files written so that they are there whole or not at all. */
#include "engine/core/output.h"

#include "engine/core/temporary.h"
#include "engine/core/text.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool cannot_write(struct error *error, const char *path)
{
    return error_set(error, ERROR_CANNOT_WRITE, "%s: cannot write: %s", path, strerror(errno));
}

static bool open_temporary(struct output *output, mode_t mode, struct error *error)
{
    temporary_clean(output->path);
    output->temporary = temporary_beside(output->path, error);
    if (output->temporary == NULL)
        return false;
    int descriptor = mkstemp(output->temporary);
    if (descriptor < 0) {
        cannot_write(error, output->path);
        array_free(&output->temporary);
        return false;
    }
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    temporary_lock(descriptor);
    fchmod(descriptor, mode);
    output->stream = fdopen(descriptor, "w");
    if (output->stream == NULL) {
        cannot_write(error, output->path);
        close(descriptor);
    }
    return output->stream != NULL;
}

/* What a new file's permissions would be; umask can only be read by setting it. */
static mode_t fresh_mode(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/* The number of an open descriptor that a path like /dev/stdout or /dev/fd/3 stands for, or -1. It
 * is written on from where it stands: to open it anew would cut off what others wrote. */
static int named_descriptor(const char *path)
{
    static const char *const FOLDERS[] = {"/dev/fd/", "/proc/self/fd/"};
    if (path == NULL || strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0)
        return STDOUT_FILENO;
    if (strcmp(path, "/dev/stderr") == 0)
        return STDERR_FILENO;
    for (size_t i = 0; i < sizeof FOLDERS / sizeof *FOLDERS; i++) {
        size_t length = strlen(FOLDERS[i]);
        if (strncmp(path, FOLDERS[i], length) == 0 && isdigit((unsigned char)path[length]))
            return (int)strtol(path + length, NULL, 10);
    }
    return -1;
}

static bool open_straight(struct output *output, int descriptor, struct error *error)
{
    if (descriptor == STDOUT_FILENO)
        output->stream = stdout;
    else if (descriptor < 0)
        output->stream = fopen(output->path, "we");
    else if ((descriptor = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)) >= 0) {
        output->stream = fdopen(descriptor, "w");
        if (output->stream == NULL)
            close(descriptor);
    }
    return output->stream != NULL || cannot_write(error, output->path);
}

/* With the permissions of the file that was there, or as new ones are. */
static bool open_beside(struct output *output, const char *path, const struct stat *old,
                        struct error *error)
{
    free(output->path);
    output->path = path_target(path, error);
    return output->path != NULL
           && open_temporary(output, old != NULL ? old->st_mode & 0777 : fresh_mode(), error);
}

bool output_is_replaced(const char *path)
{
    struct stat facts;
    return named_descriptor(path) < 0 && (stat(path, &facts) != 0 || S_ISREG(facts.st_mode));
}

bool output_open(struct output *output, const char *path, struct error *error)
{
    struct stat facts;
    *output = (struct output){0};
    int descriptor = named_descriptor(path);
    const char *name = descriptor == STDOUT_FILENO ? "standard output" : path;
    bool there = descriptor < 0 && stat(path, &facts) == 0;
    bool done = false;
    output->path = text_copy(name, strlen(name), error);
    if (output->path == NULL)
        done = false;
    else if (there && S_ISDIR(facts.st_mode))
        error_set(error, ERROR_CANNOT_WRITE, "%s: this is a folder; name a file in it", path);
    else if (descriptor >= 0 || (there && !S_ISREG(facts.st_mode)))
        done = open_straight(output, descriptor, error);
    else
        done = open_beside(output, path, there ? &facts : NULL, error);
    if (!done)
        output_abandon(output);
    return done;
}

/* Lets go of the stream and, with it, of the temporary's lock. */
static bool close_stream(struct output *output)
{
    FILE *stream = output->stream;
    output->stream = NULL;
    return stream == NULL || stream == stdout || fclose(stream) == 0;
}

/* Everything is where it was sent: on the disk, or in the pipe. */
static bool flush_stream(struct output *output)
{
    bool good = fflush(output->stream) == 0;
    if (good && ferror(output->stream)) {
        good = false;
        errno = EIO; /* what the failed write said is gone */
    }
    if (output->temporary != NULL)
        return good && fsync(fileno(output->stream)) == 0;
    return good && close_stream(output);
}

void output_abandon(struct output *output)
{
    (void)close_stream(output);
    if (output->temporary != NULL)
        unlink(output->temporary);
    array_free(&output->temporary);
    array_free(&output->path);
}

bool output_commit(struct output *output, struct error *error)
{
    bool done = flush_stream(output)
                && (output->temporary == NULL
                    || (rename(output->temporary, output->path) == 0 && folder_sync(output->path)));
    if (!done)
        cannot_write(error, output->path);
    else
        array_free(&output->temporary);
    output_abandon(output);
    return done;
}

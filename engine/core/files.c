/* Files read whole or in pieces, and found beside others. */
#include "engine/core/files.h"

#include "engine/core/text.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool read_all(struct file_bytes *file, int descriptor, size_t most, struct error *error)
{
    enum { FIRST = 65536, ROOM = 2 /* for a byte, and the end */ };
    struct capacity capacity = {0, 1};
    for (;;) {
        const size_t needed = file->size > 0 ? file->size + ROOM : FIRST;
        if (!array_reserve(&file->bytes, &capacity, needed, error))
            return false;
        ssize_t got = read(descriptor, file->bytes + file->size, capacity.held - file->size - 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_set(error, ERROR_NO_INPUT, "%s", strerror(errno));
        if (got == 0)
            break;
        file->size += (size_t)got;
        if (file->size > most)
            return error_set(error, ERROR_DATA, "larger than the %zu bytes that are read", most);
    }
    file->bytes[file->size] = '\0';
    return true;
}

/* Puts the path before what went wrong. */
static bool name_file(struct error *error, const char *path)
{
    char what[sizeof error->message];
    if (error == NULL)
        return false;
    memcpy(what, error->message, sizeof what);
    snprintf(error->message, sizeof error->message, "%s: %.*s", path, 700, what);
    return false;
}

static int open_input(const char *path, int flags, struct error *error)
{
    struct stat facts;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | flags);
    if (descriptor < 0) {
        error_set(error, ERROR_NO_INPUT, "%s: %s", path, strerror(errno));
        return -1;
    }
    if (fstat(descriptor, &facts) != 0)
        error_set(error, ERROR_NO_INPUT, "%s: %s", path, strerror(errno));
    else if (S_ISDIR(facts.st_mode))
        error_set(error, ERROR_DATA, "%s: this is a folder; name a file in it", path);
    else if (flags != 0 && !S_ISREG(facts.st_mode))
        error_set(error, ERROR_DATA,
                  "%s: this is a pipe or a device; a regular file has to be here", path);
    else
        return descriptor;
    close(descriptor);
    return -1;
}

static bool read_input(struct file_bytes *file, int descriptor, const char *path, size_t most,
                       struct error *error)
{
    *file = (struct file_bytes){0};
    if (descriptor < 0)
        return false;
    bool done = read_all(file, descriptor, most > 0 ? most : (size_t)1 << 31, error);
    close(descriptor);
    if (!done) {
        name_file(error, path);
        file_free(file);
    }
    return done;
}

bool file_read(struct file_bytes *file, const char *path, size_t most, struct error *error)
{
    return read_input(file, open_input(path, 0, error), path, most, error);
}

int file_open_regular(const char *path, struct error *error)
{
    return open_input(path, O_NONBLOCK, error); /* a pipe without a writer would wait for one */
}

bool file_read_regular(struct file_bytes *file, const char *path, size_t most, struct error *error)
{
    return read_input(file, file_open_regular(path, error), path, most, error);
}

void file_free(struct file_bytes *file)
{
    free(file->bytes);
    *file = (struct file_bytes){0};
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static char *with_extension(const char *path, const char *extension, struct error *error)
{
    const char *name = text_file_name(path), *dot = strrchr(name, '.');
    struct text text = {0};
    text_add_bytes(&text, path, dot != NULL && dot != name ? (size_t)(dot - path) : strlen(path));
    text_add_bytes(&text, extension, strlen(extension));
    if (text_check(&text, error))
        return text.bytes;
    text_free(&text);
    return NULL;
}

char *file_sibling(const char *path, const char *extension, struct error *error)
{
    char *sibling = with_extension(path, extension, error);
    if (sibling == NULL || file_exists(sibling))
        return sibling;
    for (char *c = sibling + strlen(sibling) - strlen(extension); *c != '\0'; c++)
        *c = (char)toupper((unsigned char)*c);
    if (file_exists(sibling))
        return sibling;
    free(sibling);
    return NULL;
}

char *file_beside(const char *beside, const char *path, struct error *error)
{
    const char *slash = beside != NULL ? strrchr(beside, '/') : NULL;
    struct text text = {0};
    if (slash != NULL && path[0] != '/')
        text_add_bytes(&text, beside, (size_t)(slash - beside) + 1);
    text_add_bytes(&text, path, strlen(path));
    if (text_check(&text, error))
        return text.bytes;
    text_free(&text);
    return NULL;
}

bool file_make_folder(const char *path, struct error *error)
{
    struct stat facts;
    if (mkdir(path, 0777) == 0
        || (errno == EEXIST && stat(path, &facts) == 0 && S_ISDIR(facts.st_mode)))
        return true;
    return error_set(error, ERROR_CANNOT_WRITE, "%s: cannot make this folder: %s", path,
                     strerror(errno));
}

static char *join(const char *folder, const char *name)
{
    struct text text = {0};
    text_add(&text, "%s/%s", folder, name);
    if (!text.failed && file_exists(text.bytes))
        return text.bytes;
    text_free(&text);
    return NULL;
}

/* The program lies in build/ of a source tree, or deeper for the test programs. */
static char *beside_program(const char *name)
{
    char folder[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", folder, sizeof folder - 1);
    if (length <= 0)
        return NULL;
    folder[length] = '\0';
    for (int up = 0; up < 4; up++) {
        char *slash = strrchr(folder + 1, '/');
        if (slash == NULL)
            return NULL; /* at the root */
        *slash = '\0';
        char *found = join(folder, name);
        if (found != NULL)
            return found;
    }
    return NULL;
}

char *file_shipped(const char *name, struct error *error)
{
    const char *chosen = getenv("PLEIN_DATADIR");
    char *found = beside_program(name);
    if (found == NULL)
        found = join(PLEIN_SHIPPED, name);
    if (found == NULL && chosen != NULL)
        found = join(chosen, name);
    if (found == NULL)
        error_set(error, ERROR_SETTINGS,
                  "%s: it ships with plein and is not there; set PLEIN_DATADIR to the folder that "
                  "holds it",
                  name);
    return found;
}

/* Several files that belong together: all of them are there, or none of the new ones. */
#include "engine/core/staging.h"

#include "engine/core/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool cannot_write(struct error *error, const char *path)
{
    return error_set(error, ERROR_CANNOT_WRITE, "%s: cannot write: %s", path, strerror(errno));
}

static char *joined(const char *folder, const char *name, struct error *error)
{
    struct text text = {0};
    text_add(&text, "%s%s", folder, name);
    if (text_check(&text, error))
        return text.bytes;
    text_free(&text);
    return NULL;
}

bool staging_open(struct staging *staging, const char *path, struct error *error)
{
    size_t length = (size_t)(text_file_name(path) - path);
    *staging = (struct staging){.folder = text_copy(path, length, error)};
    if (staging->folder == NULL)
        return false;
    char *made = joined(staging->folder, ".plein-XXXXXX", error);
    if (made == NULL)
        return false;
    bool done = mkdtemp(made) != NULL || cannot_write(error, path);
    if (done)
        staging->hidden = joined(made, "/", error);
    free(made);
    return staging->hidden != NULL;
}

char *staging_path(const struct staging *staging, const char *name, struct error *error)
{
    return joined(staging->hidden, name, error);
}

static int is_file(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static int by_bytes(const struct dirent **left, const struct dirent **right)
{
    return strcmp((*left)->d_name, (*right)->d_name);
}

/* What is done with each file that was written. */
typedef bool staging_visit(const struct staging *staging, const char *name, struct error *error);

static bool visit_all(const struct staging *staging, staging_visit *visit, struct error *error)
{
    struct dirent **entries;
    int count = scandir(staging->hidden, &entries, is_file, by_bytes);
    bool done = count >= 0 || cannot_write(error, staging->hidden);
    for (int i = 0; i < count; i++) {
        done = done && visit(staging, entries[i]->d_name, error);
        free(entries[i]);
    }
    if (count >= 0)
        free((void *)entries);
    return done;
}

/* What would fail only once others had been moved is found before. */
static bool check(const struct staging *staging, const char *name, struct error *error)
{
    struct stat facts;
    char *to = joined(staging->folder, name, error);
    bool done =
        to != NULL
        && (stat(to, &facts) != 0 || !S_ISDIR(facts.st_mode)
            || error_set(error, ERROR_CANNOT_WRITE, "%s: this is a folder; name a file in it", to));
    free(to);
    return done;
}

static bool move(const struct staging *staging, const char *name, struct error *error)
{
    char *from = joined(staging->hidden, name, error), *to = joined(staging->folder, name, error);
    bool done = from != NULL && to != NULL && (rename(from, to) == 0 || cannot_write(error, to));
    free(from);
    free(to);
    return done;
}

static bool discard(const struct staging *staging, const char *name, struct error *error)
{
    char *path = joined(staging->hidden, name, error);
    if (path != NULL)
        unlink(path);
    free(path);
    return true;
}

bool staging_commit(struct staging *staging, struct error *error)
{
    return visit_all(staging, check, error) && visit_all(staging, move, error);
}

void staging_close(struct staging *staging)
{
    struct error error = {0}; /* there is nothing to be done about it */
    if (staging->hidden != NULL) {
        visit_all(staging, discard, &error);
        rmdir(staging->hidden);
    }
    free(staging->folder);
    free(staging->hidden);
    *staging = (struct staging){0};
}

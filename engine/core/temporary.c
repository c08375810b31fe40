/* Temporary files and folders: how they are named and locked, and how those of killed runs end. */
#include "engine/core/temporary.h"

#include "engine/core/text.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char MARK[] = ".plein-";

/* ---- paths ---- */

static char *join(const char *before, size_t length, const char *after, struct error *error)
{
    struct text text = {0};
    text_add_bytes(&text, before, length);
    text_add_bytes(&text, after, strlen(after));
    if (text_check(&text, error))
        return text.bytes;
    text_free(&text);
    return NULL;
}

char *path_beside(const char *path, const char *name, struct error *error)
{
    return join(path, (size_t)(text_file_name(path) - path), name, error);
}

static char *path_inside(const char *folder, const char *name)
{
    struct text text = {0};
    text_add(&text, "%s/%s", folder, name);
    if (!text.failed)
        return text.bytes;
    text_free(&text);
    return NULL;
}

char *path_target(const char *path, struct error *error)
{
    enum { LINKS_MOST = 40 };
    char *whole = realpath(path, NULL);
    if (whole != NULL)
        return whole;
    whole = text_copy(path, strlen(path), error);
    for (int i = 0; whole != NULL; i++) {
        char link[PATH_MAX];
        ssize_t length = readlink(whole, link, sizeof link - 1);
        if (length < 0)
            return whole;
        link[length] = '\0';
        char *next = NULL;
        if (i == LINKS_MOST)
            error_set(error, ERROR_CANNOT_WRITE, "%s: its links have no end", path);
        else
            next = link[0] == '/' ? text_copy(link, (size_t)length, error)
                                  : path_beside(whole, link, error);
        free(whole);
        whole = next;
    }
    return NULL;
}

bool folder_sync(const char *path)
{
    char *folder = path_beside(path, ".", NULL);
    int descriptor = folder != NULL ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    bool barred = folder != NULL && descriptor < 0 && errno == EACCES;
    free(folder);
    if (descriptor < 0)
        return barred; /* a folder that one may write into and not read */
    bool synced = fsync(descriptor) == 0 || errno == EINVAL; /* not every file system can */
    close(descriptor);
    return synced;
}

/* ---- names and locks ---- */

char *temporary_beside(const char *path, struct error *error)
{
    char name[40];
    snprintf(name, sizeof name, "%s%ld-XXXXXX", MARK, (long)getpid());
    return path_beside(path, name, error);
}

void temporary_lock(int descriptor)
{
    (void)flock(descriptor, LOCK_EX | LOCK_NB); /* where there are no locks, nobody cleans either */
}

static bool is_ours(const char *name, long *process)
{
    char *end = NULL;
    if (strncmp(name, MARK, sizeof MARK - 1) != 0 || !isdigit((unsigned char)name[sizeof MARK - 1]))
        return false;
    *process = strtol(name + sizeof MARK - 1, &end, 10);
    return *end == '-' && *process > 0;
}

/* The lock speaks for writers on other machines and in other containers, where a number says
 * nothing: there each may be the process 1. */
static bool is_stale(const char *path, long process)
{
    struct stat facts;
    if (process != (long)getpid() && (kill((pid_t)process, 0) == 0 || errno != ESRCH))
        return false;
    int descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    bool stale = fstat(descriptor, &facts) == 0
                 && (S_ISREG(facts.st_mode) || S_ISDIR(facts.st_mode)) && facts.st_uid == geteuid()
                 && flock(descriptor, LOCK_EX | LOCK_NB) == 0;
    close(descriptor);
    return stale;
}

/* ---- what is left behind ---- */

typedef bool visit(const char *folder, const char *name);

static bool each_in(const char *folder, visit *see)
{
    DIR *listing = opendir(folder);
    const struct dirent *entry;
    bool done = listing != NULL;
    while (listing != NULL && (entry = readdir(listing)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            done &= see(folder, entry->d_name);
    if (listing != NULL)
        closedir(listing);
    return done;
}

static bool remove_one(const char *folder, const char *name)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/%s", folder, name) < (int)sizeof path && unlink(path) != 0
        && (errno == EISDIR || errno == EPERM))
        temporary_remove(path);
    return true;
}

void temporary_remove(const char *folder)
{
    for (int tries = 0; tries < 2; tries++) {
        each_in(folder, remove_one);
        if (rmdir(folder) == 0)
            return;
    }
}

static bool remove_gone(const char *folder, const char *name)
{
    char *gone = path_beside(folder, name, NULL);
    bool done = gone != NULL && (unlink(gone) == 0 || errno == ENOENT);
    free(gone);
    return done;
}

static bool move_out(const char *folder, const char *name)
{
    size_t mark = sizeof TEMPORARY_GONE - 1;
    if (strcmp(name, TEMPORARY_OLD) == 0)
        return true;
    if (strncmp(name, TEMPORARY_GONE, mark) == 0)
        return remove_gone(folder, name + mark);
    char *from = path_inside(folder, name), *beside = path_beside(folder, name, NULL);
    char *to = beside != NULL ? path_target(beside, NULL) : NULL;
    bool done = from != NULL && to != NULL && rename(from, to) == 0;
    free(from);
    free(beside);
    free(to);
    return done;
}

/* Of a name of ours, which is longer. */
static bool is_set(const char *name)
{
    return strcmp(name + strlen(name) - (sizeof TEMPORARY_SET - 1), TEMPORARY_SET) == 0;
}

static bool end_one(const char *folder, const char *name)
{
    struct stat facts;
    long process;
    char *path = is_ours(name, &process) ? path_inside(folder, name) : NULL;
    if (path != NULL && is_stale(path, process) && stat(path, &facts) == 0) {
        if (S_ISREG(facts.st_mode))
            unlink(path);
        else if (!is_set(name) || (each_in(path, move_out) && folder_sync(path)))
            temporary_remove(path);
    }
    free(path);
    return true;
}

void temporary_clean(const char *path)
{
    char *folder = path_beside(path, ".", NULL);
    if (folder != NULL)
        each_in(folder, end_one);
    free(folder);
}

/* Forks a run at the points that are asked for, so that not each fault costs a run from the start.
 *
 * The child goes on as if it were the run itself, in a folder of its own: whoever asks puts a copy
 * in the place of the folder, which waits aside, and the child opens anew, in the copy, what is
 * open. Its number is that of the run, as plein's own code sees it. What cannot be had twice, such
 * as a second thread, a pipe or a listing that is half read, is said, and that fault is then made
 * in a run of its own, from the start.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* O_TMPFILE, gettid */
#endif
#include "tests/inject/serve.h"

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CANNOT_BE_SERVED = 98, DESCRIPTORS_MOST = 256 };

static struct {
    int ask, answer;
    char folder[PATH_MAX - 64], aside[PATH_MAX - 32], report[PATH_MAX - 32];
    bool forked;
    pid_t process; /* the run that serves */
    long next;     /* the first point that is wanted */
    pthread_mutex_t lock;
} service = {.ask = -1, .answer = -1, .lock = PTHREAD_MUTEX_INITIALIZER};

/* The linker gives them these names. NOLINTBEGIN(readability-identifier-naming) */
pid_t __real_getpid(void);
pid_t __wrap_getpid(void);
/* NOLINTEND(readability-identifier-naming) */

/* plein names its temporary files after it, and knows them by it. */
pid_t __wrap_getpid(void)
{
    return service.forked ? service.process : __real_getpid();
}

bool serve_open(bool *calls)
{
    const char *asked = getenv("PLEIN_INJECT_SERVE");
    char kind[16] = "";
    if (asked == NULL
        || sscanf(asked, "%15[^:]:%ld:%d:%d:%3999s", kind, &service.next, &service.ask,
                  &service.answer, service.folder)
               != 5)
        return false;
    snprintf(service.aside, sizeof service.aside, "%s.aside", service.folder);
    service.process = __real_getpid();
    *calls = strcmp(kind, "call") == 0;
    return true;
}

const char *serve_report(void)
{
    snprintf(service.report, sizeof service.report, "%s.report", service.folder);
    return service.forked ? service.report : NULL;
}

/* ---- the child's own descriptors ---- */

static int open_file(const char *path, int flags)
{
    return (int)inject_call(SYS_openat, (long[5]){AT_FDCWD, (long)path, flags, 0600});
}

static void close_file(int descriptor)
{
    inject_call(SYS_close, (long[5]){descriptor});
}

/* A file that has lost its name, with all that is in it. */
static int copy_nameless(int from)
{
    char bytes[1 << 14];
    int into = open_file(service.folder, O_TMPFILE | O_RDWR);
    ssize_t size;
    for (off_t at = 0; into >= 0 && (size = pread(from, bytes, sizeof bytes, at)) > 0; at += size)
        inject_call(SYS_pwrite64, (long[5]){into, (long)bytes, size, at});
    return into;
}

static int open_anew(int descriptor, const struct stat *facts, int flags)
{
    char link[32], path[PATH_MAX] = "", own[2 * PATH_MAX];
    size_t length = strlen(service.aside);
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    if (facts->st_nlink == 0)
        return S_ISREG(facts->st_mode) ? copy_nameless(descriptor) : -1;
    if (readlink(link, path, sizeof path - 1) < 0)
        return -1;
    bool inside = strncmp(path, service.aside, length) == 0;
    if (!inside && (flags & O_ACCMODE) != O_RDONLY)
        return -1;
    snprintf(own, sizeof own, "%s%s", service.folder, path + (inside ? length : 0));
    return open_file(inside ? own : link, flags & ~(O_CREAT | O_EXCL | O_TRUNC));
}

/* Parent and child would share the place that they read or write at. */
static bool take_over(int descriptor)
{
    struct stat facts;
    int kept = fcntl(descriptor, F_GETFD), flags = fcntl(descriptor, F_GETFL);
    if (kept < 0 || descriptor == STDERR_FILENO || fstat(descriptor, &facts) != 0
        || S_ISCHR(facts.st_mode))
        return true;
    off_t at = lseek(descriptor, 0, SEEK_CUR);
    if ((!S_ISREG(facts.st_mode) && !S_ISDIR(facts.st_mode)) || (S_ISDIR(facts.st_mode) && at != 0))
        return false;
    int anew = open_anew(descriptor, &facts, flags);
    if (anew < 0 || lseek(anew, at, SEEK_SET) != at)
        return false;
    flock(anew, LOCK_EX | LOCK_NB); /* of outputs; of what is read it does no harm */
    dup3(anew, descriptor, (kept & FD_CLOEXEC) != 0 ? O_CLOEXEC : 0);
    close_file(anew);
    return true;
}

static void go_on(void)
{
    char path[PATH_MAX];
    service.forked = true;
    snprintf(path, sizeof path, "%s.said", service.folder);
    int said = open_file(path, O_WRONLY | O_CREAT | O_APPEND);
    dup2(said, STDERR_FILENO);
    close_file(said);
    close_file(service.ask);
    close_file(service.answer);
    service.ask = service.answer = -1;
    for (int descriptor = 0; descriptor < DESCRIPTORS_MOST; descriptor++)
        if (!take_over(descriptor))
            _exit(CANNOT_BE_SERVED);
}

/* ---- asking ---- */

/* Another thread may be at its work; what this one does next can wait for it. */
static bool is_alone(void)
{
    enum { TRIES = 1000 };
    struct stat facts = {0};
    if (gettid() != service.process)
        return false;
    for (int i = 0; i < TRIES; i++) {
        if (stat("/proc/self/task", &facts) == 0 && facts.st_nlink == 3)
            return true;
        nanosleep(&(struct timespec){.tv_nsec = 200 * 1000}, NULL);
    }
    return false;
}

static void tell(const char *what, long number)
{
    char line[64];
    int length = snprintf(line, sizeof line, "%s %ld\n", what, number);
    inject_call(SYS_write, (long[5]){service.ask, (long)line, length});
}

static bool hear(char *line, size_t size)
{
    for (size_t i = 0; i + 1 < size && read(service.answer, line + i, 1) == 1; i++)
        if (line[i] == '\n') {
            line[i] = '\0';
            return true;
        }
    return false;
}

/* Without fork's care for threads, of which there is one: the child's is known to the C library by
 * the number that it had, so that locks which were held at the point can be let go. */
static bool fork_here(void)
{
    int status = 0;
    pid_t child = (pid_t)syscall(SYS_clone, (long)SIGCHLD, 0L, 0L, 0L, 0L);
    if (child == 0) {
        go_on();
        return true;
    }
    tell("child", child);
    waitpid(child, &status, 0);
    tell("ended", status);
    return false;
}

const char *serve_at(long number)
{
    static char fault[64];
    char answer[80];
    if (service.ask < 0 || number < __atomic_load_n(&service.next, __ATOMIC_RELAXED))
        return NULL;
    bool alone = is_alone(), here = false;
    pthread_mutex_lock(&service.lock);
    tell(alone ? "alone" : "busy", number);
    while (!here && number >= service.next) {
        if (!hear(answer, sizeof answer))
            service.next = LONG_MAX;
        else if (sscanf(answer, "next %ld", &service.next) != 1)
            here = sscanf(answer, "run %63s", fault) == 1 && fork_here();
    }
    pthread_mutex_unlock(&service.lock);
    return here ? fault : NULL;
}

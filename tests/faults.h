/* Has memory and calls of the system fail within a unit test, one at a time, where plein's own code
 * asks for them: the linker sends them here (--wrap, in the Makefile). What tests/inject does to
 * whole commands, for a room alone, which is thousands of times faster. */
#ifndef PLEIN_TESTS_FAULTS_H
#define PLEIN_TESTS_FAULTS_H

#include "engine/core/base.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum fault_kind { FAULT_NONE, FAULT_MEMORY, FAULT_CALL };

/* In memory that a child of the test shares, whose faults are to be counted too. */
struct fault_plan {
    enum fault_kind kind;
    bool on; /* from then on, not once; of a sort of plans: either */
    long at, met;
    const char *only;   /* of this name; NULL: of any */
    const char *always; /* calls of this name fail whatever else does; NULL: none */
    int why;            /* errno of a call that fails */
    char failed[24];    /* the name of the last call that failed */
};
static struct fault_plan *plan;

static bool falls(enum fault_kind kind, const char *name)
{
    if (plan == NULL || plan->kind != kind)
        return false;
    bool always = plan->always != NULL && strcmp(plan->always, name) == 0;
    if (!always && plan->only != NULL && strcmp(plan->only, name) != 0)
        return false;
    long number = always ? 0 : __atomic_add_fetch(&plan->met, 1, __ATOMIC_RELAXED);
    if (!always && number != plan->at && !(plan->on && number > plan->at))
        return false;
    snprintf(plan->failed, sizeof plan->failed, "%s", name);
    errno = kind == FAULT_MEMORY ? ENOMEM : plan->why;
    return true;
}

/* ---- memory ---- */

/* Our blocks that live and were made since the plan began. */
enum { BLOCKS_MOST = 1 << 14 };
static void *blocks[BLOCKS_MOST];
static size_t block_count;
static pthread_mutex_t blocks_lock = PTHREAD_MUTEX_INITIALIZER;

static void *block_born(void *block)
{
    if (block == NULL || plan == NULL || plan->kind == FAULT_NONE)
        return block;
    pthread_mutex_lock(&blocks_lock);
    if (block_count < BLOCKS_MOST)
        blocks[block_count++] = block;
    pthread_mutex_unlock(&blocks_lock);
    return block;
}

static void block_buried(const void *block)
{
    pthread_mutex_lock(&blocks_lock);
    for (size_t i = block_count; i > 0 && block != NULL; i--)
        if (blocks[i - 1] == block) {
            blocks[i - 1] = blocks[--block_count];
            break;
        }
    pthread_mutex_unlock(&blocks_lock);
}

/* The linker gives them these names. NOLINTBEGIN(readability-identifier-naming) */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void __wrap_free(void *block);

void *__wrap_malloc(size_t size)
{
    return falls(FAULT_MEMORY, "malloc") ? NULL : block_born(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
    return falls(FAULT_MEMORY, "calloc") ? NULL : block_born(__real_calloc(count, size));
}

void *__wrap_realloc(void *block, size_t size)
{
    if (falls(FAULT_MEMORY, "realloc"))
        return NULL;
    block_buried(block);
    return block_born(__real_realloc(block, size));
}

void __wrap_free(void *block)
{
    block_buried(block);
    __real_free(block);
}

/* What a library cannot get either. */
int __real_inflateInit2_(void *stream, int bits, const char *version, int size);
int __wrap_inflateInit2_(void *stream, int bits, const char *version, int size);

int __wrap_inflateInit2_(void *stream, int bits, const char *version, int size)
{
    enum { Z_IS_OUT = -4 };
    return falls(FAULT_MEMORY, "inflateInit2") ? Z_IS_OUT
                                               : __real_inflateInit2_(stream, bits, version, size);
}

/* ---- calls ---- */

#define FAULT(type, name, failed, parameters, arguments)                                           \
    type __real_##name parameters;                                                                 \
    type __wrap_##name parameters;                                                                 \
    type __wrap_##name parameters                                                                  \
    {                                                                                              \
        return falls(FAULT_CALL, #name) ? (failed) : __real_##name arguments;                      \
    }
FAULT(ssize_t, read, -1, (int descriptor, void *into, size_t size), (descriptor, into, size))
FAULT(int, fstat, -1, (int descriptor, struct stat *facts), (descriptor, facts))
FAULT(int, stat, -1, (const char *path, struct stat *facts), (path, facts))
FAULT(int, fsync, -1, (int descriptor), (descriptor))
FAULT(int, rename, -1, (const char *from, const char *to), (from, to))
FAULT(int, link, -1, (const char *from, const char *to), (from, to))
FAULT(int, mkdir, -1, (const char *path, mode_t mode), (path, mode))
FAULT(int, chmod, -1, (const char *path, mode_t mode), (path, mode))
FAULT(int, fchmod, -1, (int descriptor, mode_t mode), (descriptor, mode))
FAULT(int, mkstemp, -1, (char *path), (path))
FAULT(char *, mkdtemp, NULL, (char *path), (path))
FAULT(FILE *, fopen, NULL, (const char *path, const char *mode), (path, mode))
FAULT(FILE *, fdopen, NULL, (int descriptor, const char *mode), (descriptor, mode))
FAULT(FILE *, fmemopen, NULL, (void *bytes, size_t size, const char *mode), (bytes, size, mode))
FAULT(DIR *, opendir, NULL, (const char *path), (path))
FAULT(int, fflush, EOF, (FILE * stream), (stream))
FAULT(int, fseeko, -1, (FILE * stream, off_t offset, int whence), (stream, offset, whence))
FAULT(off_t, ftello, -1, (FILE * stream), (stream))
FAULT(size_t, fread, 0, (void *into, size_t size, size_t count, FILE *stream),
      (into, size, count, stream))
FAULT(off_t, lseek, -1, (int descriptor, off_t offset, int whence), (descriptor, offset, whence))
FAULT(int, unlink, -1, (const char *path), (path))
FAULT(int, rmdir, -1, (const char *path), (path))
FAULT(int, pipe2, -1, (int ends[2], int flags), (ends, flags))
FAULT(FILE *, tmpfile, NULL, (void), ())
FAULT(int, posix_spawnp, plan->why,
      (pid_t * child, const char *program, const posix_spawn_file_actions_t *actions,
       const posix_spawnattr_t *attributes, char *const words[], char *const environment[]),
      (child, program, actions, attributes, words, environment))
FAULT(int, pthread_create, plan->why,
      (pthread_t * thread, const pthread_attr_t *with, void *(*run)(void *), void *state),
      (thread, with, run, state))
FAULT(ssize_t, readlink, -1, (const char *path, char *into, size_t size), (path, into, size))
FAULT(int, kill, -1, (pid_t process, int signal), (process, signal))
FAULT(pid_t, fork, -1, (void), ())
FAULT(long, syscall, -1, (long number, long a, long b, long c, long d, long e, long f),
      (number, a, b, c, d, e, f))
FAULT(int, sodium_init, -1, (void), ())
FAULT(int, prctl, -1, (int what, long a, long b, long c, long d), (what, a, b, c, d))

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __real_fclose(FILE *stream);
int __wrap_fclose(FILE *stream);
pid_t __real_waitpid(pid_t child, int *status, int options);
pid_t __wrap_waitpid(pid_t child, int *status, int options);

int __wrap_open(const char *path, int flags, ...)
{
    mode_t mode = 0;
    va_list more;
    va_start(more, flags);
    if ((flags & O_CREAT) != 0)
        mode = va_arg(more, mode_t);
    va_end(more);
    return falls(FAULT_CALL, "open") ? -1 : __real_open(path, flags, mode);
}

/* The stream is gone all the same. */
int __wrap_fclose(FILE *stream)
{
    bool fails = falls(FAULT_CALL, "fclose");
    int status = __real_fclose(stream);
    if (fails)
        errno = plan->why;
    return fails ? EOF : status;
}

/* A child that is lost is none that the test is left with. */
pid_t __wrap_waitpid(pid_t child, int *status, int options)
{
    bool fails = falls(FAULT_CALL, "waitpid");
    if (fails && plan->why == EINTR)
        return -1;
    child = __real_waitpid(child, status, options);
    if (fails)
        errno = plan->why;
    return fails ? -1 : child;
}

#ifdef __GLIBC__ /* what its hardened headers make of some of them */
FAULT(int, __open_2, -1, (const char *path, int flags), (path, flags))
FAULT(ssize_t, __read_chk, -1, (int descriptor, void *into, size_t size, size_t room),
      (descriptor, into, size, room))
FAULT(size_t, __fread_chk, 0, (void *into, size_t room, size_t size, size_t count, FILE *stream),
      (into, room, size, count, stream))
#endif
/* NOLINTEND(readability-identifier-naming) */

/* ---- what is tried ---- */

/* What work has come to; it must be the same, whatever failed, where work says that it is done. */
static char told[8192];

static inline void tell(const char *format, ...) PRINTF_LIKE(1, 2);
static inline void tell(const char *format, ...)
{
    size_t length = strlen(told);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(told + length, sizeof told - length, format, arguments);
    va_end(arguments);
}

/* A thing to do that frees all that it takes. */
struct work {
    const char *name;
    void (*prepare)(void); /* before each time; NULL: nothing */
    bool (*run)(struct error *error);
    void (*look)(bool done); /* afterwards, at what must hold however it went; NULL: nothing */
};

static int lowest_descriptor(void)
{
    int lowest = dup(STDERR_FILENO);
    close(lowest);
    return lowest;
}

static void begin_faults(const struct fault_plan *wanted)
{
    if (plan == NULL)
        plan = mmap(NULL, sizeof *plan, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(plan != MAP_FAILED);
    *plan = *wanted;
}

static void end_faults(void)
{
    plan->kind = FAULT_NONE;
}

static bool run_with(const struct work *work, const struct fault_plan *wanted, struct error *error)
{
    if (work->prepare != NULL)
        work->prepare();
    int lowest = lowest_descriptor();
    told[0] = '\0';
    block_count = 0;
    *error = (struct error){0};
    begin_faults(wanted);
    bool done = work->run(error);
    end_faults();
    if (block_count > 0)
        fail_msg("%s: %s %ld fails: %zu blocks are left", work->name, plan->failed, wanted->at,
                 block_count);
    if (lowest_descriptor() != lowest)
        fail_msg("%s: %s %ld fails: a file is left open", work->name, plan->failed, wanted->at);
    if (work->look != NULL)
        work->look(done);
    return done;
}

static bool tells(const struct error *error)
{
    return error->kind != ERROR_NONE && error->message[0] != '\0'
           && strstr(error->message, "Success") == NULL;
}

static bool tells_of_memory(const struct error *error)
{
    return (error->kind == ERROR_INTERNAL && strstr(error->message, "out of memory") != NULL)
           || (error->kind == ERROR_CANNOT_WRITE
               && strstr(error->message, strerror(ENOMEM)) != NULL);
}

/* Whether there was a fault: none is at the end. */
static bool try_fault(const struct work *work, const struct fault_plan *wanted, const char *whole)
{
    struct error error;
    bool memory = wanted->kind == FAULT_MEMORY, done = run_with(work, wanted, &error);
    bool was = plan->met >= wanted->at;
    if (done && strcmp(told, whole) != 0)
        fail_msg("%s: %s %ld fails: '%s', not '%s'", work->name, plan->failed, wanted->at, told,
                 whole);
    if (!done && !was)
        fail_msg("%s: without a fault: %s", work->name, error.message);
    if (!done && !(memory ? tells_of_memory(&error) : tells(&error)))
        fail_msg("%s: %s %ld fails: error %d, '%s'", work->name, plan->failed, wanted->at,
                 error.kind, error.message);
    return was;
}

/* Each of them fails once, and where that is wanted then all from it on: work is done as ever, or
 * says what is wrong, and in either case leaves no block and no file open. */
static void try_faults(const struct work *work, const struct fault_plan *sort)
{
    static char whole[sizeof told];
    struct error error;
    if (!run_with(work, &(struct fault_plan){0}, &error))
        fail_msg("%s: %s", work->name, error.message);
    memcpy(whole, told, sizeof told);
    for (int on = 0; on <= (sort->on ? 1 : 0); on++) {
        struct fault_plan wanted = *sort;
        wanted.on = on == 1;
        do
            wanted.at++;
        while (try_fault(work, &wanted, whole));
    }
}

static inline void each_allocation_fails(const struct work *work)
{
    try_faults(work, &(struct fault_plan){.kind = FAULT_MEMORY, .on = true});
}

static inline void each_call_fails(const struct work *work, int why)
{
    /* One that is interrupted tries anew for ever. */
    try_faults(work, &(struct fault_plan){.kind = FAULT_CALL, .on = why != EINTR, .why = why});
}

#endif

/* Linked into a plein of its own: makes one allocation, or one call of the system, fail at a time.
 *
 * Allocations are those of plein's own objects, which the linker sends here (--wrap). Calls are all
 * that the process makes, by whatever library: a seccomp filter turns each into a signal, whose
 * handler counts it and makes it, or fails it. What to do is told in the environment:
 *
 *     PLEIN_INJECT=memory:N        the Nth allocation fails
 *     PLEIN_INJECT=memory:N:on     it and all after it
 *     PLEIN_INJECT=call:N:HOW      the Nth call: HOW is an error's number, short (half of what is
 *                                  to be written is) or kill (the process dies there)
 *     PLEIN_INJECT=call:N:HOW:on   it and all after it
 *     PLEIN_INJECT_REPORT=FILE     at the end, a line each: how many of our blocks were not freed,
 *                                  and the name of the call that failed; each allocation, as a
 *                                  number for the calls that led to it; the name of each call
 *     PLEIN_INJECT_LOG=FILE        what each call did to which file: for powercut.py
 *     PLEIN_INJECT_SERVE=...       a run to fork others from: see serve.h
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* the names of registers */
#endif
#include "tests/inject/serve.h"

#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

/* ---- what is asked for ---- */

enum { SHORT = -1, KILL = -2 };

static struct {
    bool memory, calls, on; /* which kind fails; from the Nth on */
    bool serves;            /* runs that are forked from this one have it fail */
    long at;
    int how;
    const char *report;
    int log;
} plan = {.log = -1};

static long allocations, calls;

static bool falls_on(bool kind, long number)
{
    return kind && (number == plan.at || (plan.on && number > plan.at));
}

static void read_plan(const char *text)
{
    char kind[16] = "", how[16] = "", on[16] = "";
    sscanf(text, "%15[^:]:%ld:%15[^:]:%15s", kind, &plan.at, how, on);
    plan.memory = strcmp(kind, "memory") == 0;
    plan.calls = strcmp(kind, "call") == 0;
    plan.on = strcmp(plan.memory ? how : on, "on") == 0;
    plan.how = strcmp(how, "short") == 0 ? SHORT : strcmp(how, "kill") == 0 ? KILL : atoi(how);
}

/* A run that serves goes on; in one that is forked from it the fault is here. */
static void ask(bool kind, long number)
{
    const char *fault = plan.serves && kind ? serve_at(number) : NULL;
    if (fault == NULL)
        return;
    plan.serves = false;
    plan.report = serve_report();
    read_plan(fault);
}

/* ---- memory ---- */

/* The linker gives them these names. NOLINTBEGIN(readability-identifier-naming) */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void __wrap_free(void *block);
extern const char __executable_start, etext; /* where our own code is */
/* NOLINTEND(readability-identifier-naming) */

/* Our blocks that live, by address: a table with open addressing. Neighbours in memory are
 * neighbours in it, so that a run that is forked to fail makes few of its pages its own. */
enum { SLOTS = 1 << 20 };
static void *living[SLOTS];
static size_t live_count;
static void *const GONE = (void *)1;

enum { TRACED_MOST = 1 << 20 };
static uint32_t traces[TRACED_MOST];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static size_t slot_of(const void *block)
{
    return ((uintptr_t)block >> 4) % SLOTS;
}

static void *born(void *block)
{
    pthread_mutex_lock(&lock);
    size_t slot = slot_of(block);
    while (block != NULL && living[slot] != NULL && living[slot] != GONE)
        slot = (slot + 1) % SLOTS;
    if (block != NULL) {
        living[slot] = block;
        live_count++;
    }
    pthread_mutex_unlock(&lock);
    return block;
}

static void buried(const void *block)
{
    pthread_mutex_lock(&lock);
    size_t slot = slot_of(block);
    while (living[slot] != NULL && living[slot] != block)
        slot = (slot + 1) % SLOTS;
    if (living[slot] != NULL) {
        living[slot] = GONE;
        live_count--;
    }
    pthread_mutex_unlock(&lock);
}

/* Tells from where an allocation comes, the same in each run. */
static uint32_t trace(void)
{
    enum { DEEPEST = 24 };
    void *callers[DEEPEST];
    uint32_t hash = 2166136261u;
    int depth = backtrace(callers, DEEPEST);
    for (int i = 0; i < depth; i++) {
        uintptr_t at = (uintptr_t)callers[i];
        if (at > (uintptr_t)&__executable_start && at < (uintptr_t)&etext)
            hash = (hash ^ (uint32_t)(at - (uintptr_t)&__executable_start)) * 16777619u;
    }
    return hash;
}

static bool fails(void)
{
    long number = __atomic_add_fetch(&allocations, 1, __ATOMIC_RELAXED);
    ask(plan.memory, number);
    if (plan.report != NULL && !plan.memory && !plan.calls && number < TRACED_MOST)
        traces[number] = trace();
    bool out = falls_on(plan.memory, number);
    if (out)
        errno = ENOMEM;
    return out;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : born(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : born(__real_calloc(count, size));
}

void *__wrap_realloc(void *block, size_t size)
{
    if (fails())
        return NULL;
    if (block != NULL)
        buried(block);
    return born(__real_realloc(block, size));
}

void __wrap_free(void *block)
{
    if (block != NULL)
        buried(block);
    __real_free(block);
}

/* ---- calls ---- */

enum {
    PASS = 0x706C6569,
    CALLS_MOST = 1 << 16
}; /* PASS as sixth argument: the filter looks away */

static const struct {
    const char *name;
    int number;
} FILTERED[] = {
#ifdef SYS_open
    {"open", SYS_open},       {"creat", SYS_creat},      {"rename", SYS_rename},
    {"mkdir", SYS_mkdir},     {"unlink", SYS_unlink},    {"rmdir", SYS_rmdir},
    {"link", SYS_link},       {"chmod", SYS_chmod},
#endif
    {"open", SYS_openat},     {"write", SYS_write},      {"write", SYS_pwrite64},
    {"write", SYS_writev},    {"fsync", SYS_fsync},      {"fsync", SYS_fdatasync},
    {"rename", SYS_renameat}, {"rename", SYS_renameat2}, {"close", SYS_close},
    {"mkdir", SYS_mkdirat},   {"unlink", SYS_unlinkat},  {"link", SYS_linkat},
    {"chmod", SYS_fchmodat},  {"chmod", SYS_fchmod},     {"truncate", SYS_ftruncate},
};
enum { FILTERED_COUNT = sizeof FILTERED / sizeof *FILTERED };

static unsigned char made[CALLS_MOST]; /* which of FILTERED each call was */
static const char *failed = "nothing";

/* A sanitizer's own calls cannot be told from ours, and it makes them where no signal may come. */
#if defined __SANITIZE_ADDRESS__
#define SANITIZED
#elif defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED
#endif
#endif

#if defined __x86_64__ && !defined SANITIZED
static const int ARGUMENT[] = {REG_RDI, REG_RSI, REG_RDX, REG_R10, REG_R8};
#define REGISTERS(context) ((context)->uc_mcontext.gregs)
#define RESULT REG_RAX
#define CAN_FILTER
#elif defined __aarch64__ && !defined SANITIZED
static const int ARGUMENT[] = {0, 1, 2, 3, 4};
#define REGISTERS(context) ((context)->uc_mcontext.regs)
#define RESULT 0
#define CAN_FILTER
#endif

long inject_call(int number, const long a[5])
{
    long result = syscall(number, a[0], a[1], a[2], a[3], a[4], (long)PASS);
    return result < 0 ? -errno : result;
}

static void put(int descriptor, const void *bytes, size_t size)
{
    inject_call(SYS_write, (long[5]){descriptor, (long)bytes, (long)size});
}

#ifdef CAN_FILTER
/* One line per call that changes a file: inodes, and whole paths. A write's bytes follow it. */
static void log_line(const char *what, unsigned long inode, long a, const char *path)
{
    char line[PATH_MAX + 80];
    int length = snprintf(line, sizeof line, "%s %lu %ld %s\n", what, inode, a, path);
    put(plan.log, line, (size_t)length);
}

static unsigned long inode_of(int descriptor)
{
    struct stat facts;
    return fstat(descriptor, &facts) == 0 ? (unsigned long)facts.st_ino : 0;
}

static void log_call(const char *name, int number, const long a[5], long result)
{
    char both[2 * PATH_MAX];
    bool at =
        number != SYS_write && (int)a[0] == AT_FDCWD; /* then the paths are one to the right */
    const char *path = (const char *)a[at ? 1 : 0];
    struct stat facts;
    if (strcmp(name, "open") == 0 && stat(path, &facts) == 0 && (a[at ? 2 : 1] & O_ACCMODE) != 0)
        log_line(a[at ? 2 : 1] & O_TRUNC ? "create" : "open", facts.st_ino, 0, path);
    else if (strcmp(name, "write") == 0) {
        long offset = number == SYS_pwrite64 ? a[3] : lseek((int)a[0], 0, SEEK_CUR) - result;
        log_line("write", inode_of((int)a[0]), offset, number == SYS_writev ? "?" : "");
        log_line("bytes", 0, result, "");
        put(plan.log, (const void *)a[1], (size_t)result);
    } else if (strcmp(name, "fsync") == 0)
        log_line("sync", inode_of((int)a[0]), 0, "");
    else if (strcmp(name, "truncate") == 0)
        log_line("truncate", inode_of((int)a[0]), a[1], "");
    else if (strcmp(name, "rename") == 0 || strcmp(name, "link") == 0) {
        snprintf(both, sizeof both, "%s\t%s", path, (const char *)a[at ? 3 : 1]);
        log_line(name, 0, 0, both);
    } else if (strcmp(name, "mkdir") == 0 && stat(path, &facts) == 0)
        log_line("mkdir", facts.st_ino, 0, path);
    else if (strcmp(name, "unlink") == 0 || strcmp(name, "rmdir") == 0)
        log_line("unlink", 0, 0, path);
}

static long fail_call(int which, const long a[5])
{
    int number = FILTERED[which].number;
    failed = FILTERED[which].name;
    if (plan.how == KILL)
        raise(SIGKILL);
    if (plan.how == SHORT && (number == SYS_write || number == SYS_pwrite64))
        return inject_call(number, (long[5]){a[0], a[1], (a[2] + 1) / 2, a[3]});
    if (plan.how == SHORT)
        return inject_call(number, a);
    if (number == SYS_close) /* as Linux does: what is told to have failed is closed nevertheless */
        inject_call(number, a);
    return -plan.how;
}

static void on_call(int signal, siginfo_t *info, void *state)
{
    ucontext_t *context = state;
    long a[5];
    int saved = errno, which = 0;
    (void)signal;
    for (int i = 0; i < 5; i++)
        a[i] = (long)REGISTERS(context)[ARGUMENT[i]];
    while (which < FILTERED_COUNT - 1 && FILTERED[which].number != info->si_syscall)
        which++;
    bool complains = info->si_syscall == SYS_write && a[0] == STDERR_FILENO; /* is to be heard */
    long number = complains ? 0 : __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
    if (number < CALLS_MOST)
        made[number] = (unsigned char)which;
    if (!complains)
        ask(plan.calls, number);
    long result = !complains && falls_on(plan.calls, number) ? fail_call(which, a)
                                                             : inject_call(info->si_syscall, a);
    if (plan.log >= 0 && result >= 0)
        log_call(FILTERED[which].name, info->si_syscall, a, result);
    REGISTERS(context)[RESULT] = (__typeof__(REGISTERS(context)[RESULT] + 0))result;
    errno = saved;
}

static bool filter_calls(void)
{
    struct sock_filter program[FILTERED_COUNT + 5];
    size_t n = 0;
    const struct sigaction action = {.sa_sigaction = on_call, .sa_flags = SA_SIGINFO | SA_NODEFER};
    program[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                                                offsetof(struct seccomp_data, args[5]));
    program[n++] =
        (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PASS, FILTERED_COUNT + 1, 0);
    program[n++] =
        (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (int i = 0; i < FILTERED_COUNT; i++)
        program[n++] =
            (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)FILTERED[i].number,
                                         (unsigned char)(FILTERED_COUNT - i), 0);
    program[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    program[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP);
    const struct sock_fprog whole = {(unsigned short)n, program};
    return sigaction(SIGSYS, &action, NULL) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
           && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &whole) == 0;
}

#else
static bool filter_calls(void)
{
    return true;
}
#endif

/* ---- begin and end ---- */

__attribute__((constructor)) static void begin(void)
{
    const char *asked = getenv("PLEIN_INJECT"), *log = getenv("PLEIN_INJECT_LOG");
    plan.report = getenv("PLEIN_INJECT_REPORT");
    if (log != NULL)
        plan.log = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
#ifndef SANITIZED /* whose leaks are those of a whole run */
    bool calls_are_served = false;
    plan.serves = serve_open(&calls_are_served);
    plan.memory = plan.serves && !calls_are_served;
    plan.calls = plan.serves && calls_are_served;
    plan.at = -1;
#endif
    if (asked != NULL)
        read_plan(asked);
    if (!plan.memory && !filter_calls())
        _exit(99);
}

__attribute__((destructor)) static void end(void)
{
    char line[64];
    bool counted = !plan.memory && !plan.calls;
    plan.memory = plan.calls = false;
    if (plan.report == NULL)
        return;
    int into = (int)inject_call(
        SYS_openat, (long[5]){AT_FDCWD, (long)plan.report, O_WRONLY | O_CREAT | O_TRUNC, 0600});
    put(into, line, (size_t)snprintf(line, sizeof line, "%zu %s\n", live_count, failed));
    for (long i = 1; counted && i <= allocations && i < TRACED_MOST; i++)
        put(into, line, (size_t)snprintf(line, sizeof line, "%x ", traces[i]));
    put(into, "\n", 1);
    for (long i = 1; counted && i <= calls && i < CALLS_MOST; i++)
        put(into, line, (size_t)snprintf(line, sizeof line, "%s ", FILTERED[made[i]].name));
    inject_call(SYS_close, (long[5]){into});
}

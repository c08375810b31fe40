/* Runs work on files that nobody vouches for in a child process that is locked in. */
#define _GNU_SOURCE /* O_PATH, CLONE_THREAD */
#include "engine/core/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SANITIZED 1
#elif defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)                            \
    || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif

#if defined __x86_64__
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined __aarch64__
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

/* ---- what the kernel is asked for ---- */

/* Files, memory, threads, clocks, and nothing that reaches another process or machine. */
static const int ALLOWED[] = {
    SYS_read,
    SYS_write,
    SYS_readv,
    SYS_writev,
    SYS_pread64,
    SYS_pwrite64,
    SYS_close,
    SYS_fstat,
    SYS_newfstatat,
    SYS_statx,
    SYS_statfs,
    SYS_fstatfs,
    SYS_lseek,
    SYS_openat,
    SYS_faccessat,
    SYS_faccessat2,
    SYS_readlinkat,
    SYS_getdents64,
    SYS_getcwd,
    SYS_chdir,
    SYS_fchdir,
    SYS_linkat,
    SYS_renameat,
    SYS_renameat2,
    SYS_mkdirat,
    SYS_unlinkat,
    SYS_ftruncate,
    SYS_truncate,
    SYS_fallocate,
    SYS_fchmod,
    SYS_fchmodat,
    SYS_utimensat,
    SYS_umask,
    SYS_fsync,
    SYS_fdatasync,
    SYS_sync_file_range,
    SYS_fadvise64,
    SYS_flock,
    SYS_fcntl,
    SYS_ioctl,
    SYS_dup,
    SYS_dup3,
    SYS_pipe2,
    SYS_ppoll,
    SYS_pselect6,
    SYS_eventfd2,
    SYS_memfd_create,
    SYS_copy_file_range,
    SYS_sendfile,
    SYS_mmap,
    SYS_munmap,
    SYS_mremap,
    SYS_mprotect,
    SYS_madvise,
    SYS_msync,
    SYS_mincore,
    SYS_brk,
    SYS_membarrier,
    SYS_get_mempolicy,
    SYS_futex,
    SYS_set_robust_list,
    SYS_get_robust_list,
    SYS_set_tid_address,
    SYS_rseq,
    SYS_sched_yield,
    SYS_sched_getaffinity,
    SYS_sched_setaffinity,
    SYS_sched_getparam,
    SYS_sched_getscheduler,
    SYS_rt_sigaction,
    SYS_rt_sigprocmask,
    SYS_rt_sigreturn,
    SYS_sigaltstack,
    SYS_restart_syscall,
    SYS_tgkill,
    SYS_nanosleep,
    SYS_clock_nanosleep,
    SYS_clock_gettime,
    SYS_clock_getres,
    SYS_gettimeofday,
    SYS_getpid,
    SYS_getppid,
    SYS_gettid,
    SYS_getuid,
    SYS_geteuid,
    SYS_getgid,
    SYS_getegid,
    SYS_getrusage,
    SYS_times,
    SYS_prlimit64,
    SYS_getrlimit,
    SYS_sysinfo,
    SYS_uname,
    SYS_getrandom,
    SYS_prctl,
    SYS_exit,
    SYS_exit_group,
#ifdef __x86_64__
    SYS_open,
    SYS_stat,
    SYS_lstat,
    SYS_access,
    SYS_readlink,
    SYS_link,
    SYS_rename,
    SYS_mkdir,
    SYS_rmdir,
    SYS_unlink,
    SYS_chmod,
    SYS_dup2,
    SYS_pipe,
    SYS_poll,
    SYS_select,
    SYS_time,
    SYS_arch_prctl,
#endif
};
enum { ALLOWED_COUNT = sizeof ALLOWED / sizeof *ALLOWED };

/* A thread of this process may be made, another process not. */
#define IS_THREAD (CLONE_VM | CLONE_THREAD | CLONE_SIGHAND)

static size_t add(struct sock_filter *filter, size_t at, struct sock_filter instruction)
{
    filter[at] = instruction;
    return at + 1;
}

#define LOAD(field)                                                                                \
    (struct sock_filter) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define ANSWER(what) (struct sock_filter) BPF_STMT(BPF_RET | BPF_K, what)
/* Goes on with the next instruction when equal, else with the one behind it. */
#define WHEN(value) (struct sock_filter) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1)

enum { FILTER_MOST = 2 * ALLOWED_COUNT + 16 };

#ifdef ARCHITECTURE
static size_t make_filter(struct sock_filter filter[FILTER_MOST])
{
    size_t at = add(filter, 0, LOAD(arch));
    at = add(filter, at,
             (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0));
    at = add(filter, at, ANSWER(SECCOMP_RET_KILL_PROCESS));
    at = add(filter, at, LOAD(nr));
    for (size_t i = 0; i < ALLOWED_COUNT; i++) {
        at = add(filter, at, WHEN((unsigned)ALLOWED[i]));
        at = add(filter, at, ANSWER(SECCOMP_RET_ALLOW));
    }
    /* The C library then takes clone, whose flags can be seen. */
    at = add(filter, at, WHEN((unsigned)SYS_clone3));
    at = add(filter, at, ANSWER(SECCOMP_RET_ERRNO | ENOSYS));
    at = add(filter, at,
             (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)SYS_clone, 0, 4));
    at = add(filter, at, LOAD(args[0]));
    at = add(filter, at, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, IS_THREAD));
    at = add(filter, at, WHEN(IS_THREAD));
    at = add(filter, at, ANSWER(SECCOMP_RET_ALLOW));
    return add(filter, at, ANSWER(SECCOMP_RET_ERRNO | EPERM));
}

static bool filter_calls(void)
{
    struct sock_filter filter[FILTER_MOST];
    struct sock_fprog program = {(unsigned short)make_filter(filter), filter};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}
#else
static bool filter_calls(void)
{
    return false;
}
#endif

/* ---- where it may read and write ---- */

#define READ_RIGHTS (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define FILE_RIGHTS (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE)
/* All of the first version, which every kernel with Landlock knows. */
#define ALL_RIGHTS (2 * LANDLOCK_ACCESS_FS_MAKE_SYM - 1)

/* To move files from one folder into another, as a set's are; the second version's, without which
 * nobody may. */
static uint64_t moving_right(void)
{
    const uint64_t refer = (uint64_t)1 << 13; /* LANDLOCK_ACCESS_FS_REFER, where headers have it */
    return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) >= 2
               ? refer
               : 0;
}

static bool add_place(int ruleset, const struct sandbox_place *place)
{
    struct stat what;
    int at = open(place->path, O_PATH | O_CLOEXEC);
    if (at < 0)
        return true;
    uint64_t rights = place->writable
                          ? (ALL_RIGHTS | moving_right()) & ~(uint64_t)LANDLOCK_ACCESS_FS_EXECUTE
                          : (uint64_t)READ_RIGHTS;
    if (fstat(at, &what) == 0 && !S_ISDIR(what.st_mode))
        rights &= FILE_RIGHTS;
    const struct landlock_path_beneath_attr beneath = {rights, at};
    bool done =
        syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0;
    close(at);
    return done;
}

static bool fence_files(const struct sandbox *sandbox)
{
    const struct landlock_ruleset_attr handled = {ALL_RIGHTS | moving_right()};
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
    bool done = ruleset >= 0;
    for (size_t i = 0; done && i < sandbox->place_count; i++)
        done = add_place(ruleset, &sandbox->places[i]);
    done = done && syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    if (ruleset >= 0)
        close(ruleset);
    return done;
}

bool sandbox_can(void)
{
#if defined SANITIZED || !defined ARCHITECTURE
    return false;
#else
    return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0
           && prctl(PR_GET_SECCOMP) >= 0;
#endif
}

/* ---- the child ---- */

static void set_limits(const struct sandbox *sandbox)
{
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
#ifndef SANITIZED /* which takes more addresses than there is memory */
    const struct rlimit memory = {sandbox->memory_bytes, sandbox->memory_bytes};
    if (sandbox->memory_bytes > 0)
        setrlimit(RLIMIT_AS, &memory);
#endif
    const struct rlimit time = {sandbox->seconds, sandbox->seconds};
    if (sandbox->seconds > 0)
        setrlimit(RLIMIT_CPU, &time);
}

enum { NOT_LOCKED = 70 }; /* what ERROR_INTERNAL ends with */

static _Noreturn void be_child(const struct sandbox *sandbox, sandbox_work *work, void *state)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    set_limits(sandbox);
    if (sandbox_can()
        && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !fence_files(sandbox)
            || !filter_calls()))
        _exit(NOT_LOCKED); /* rather than unlocked */
    int status = work(state);
    bool flushed = fflush(stdout) == 0;
    _exit(flushed || status != 0 ? status : (int)ERROR_CANNOT_WRITE);
}

static bool tell_signal(const struct sandbox *sandbox, int signal, struct error *error)
{
    if (signal == SIGXCPU || signal == SIGKILL)
        return error_set(error, ERROR_DATA,
                         "%s: reading it takes more than %u s or more memory than there may be; it "
                         "is damaged or hostile",
                         sandbox->name, sandbox->seconds);
    return error_set(error, ERROR_DATA,
                     "%s: reading it ended in a crash (%s), which harmed nothing; it is damaged or "
                     "hostile",
                     sandbox->name, strsignal(signal));
}

bool sandbox_run(int *status, const struct sandbox *sandbox, sandbox_work *work, void *state,
                 struct error *error)
{
    int ended = 0;
    fflush(NULL); /* or the child would print it once more */
    pid_t child = fork();
    if (child == 0)
        be_child(sandbox, work, state);
    if (child < 0)
        return error_set(error, ERROR_INTERNAL, "no process can be made to read %s: %s",
                         sandbox->name, strerror(errno));
    while (waitpid(child, &ended, 0) < 0)
        if (errno != EINTR)
            return error_set(error, ERROR_INTERNAL, "the process that reads %s is lost: %s",
                             sandbox->name, strerror(errno));
    if (WIFSIGNALED(ended))
        return tell_signal(sandbox, WTERMSIG(ended), error);
    *status = WEXITSTATUS(ended);
    return true;
}

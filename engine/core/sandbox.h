/* Runs work on files that nobody vouches for in a child process that is locked in. */
#ifndef PLEIN_CORE_SANDBOX_H
#define PLEIN_CORE_SANDBOX_H

#include "engine/core/base.h"

/* A file or folder, with all that is beneath it, that the child may read, or also write. */
struct sandbox_place {
    const char *path; /* what is not there is left out */
    bool writable;
};

struct sandbox {
    const struct sandbox_place *places;
    size_t place_count;
    size_t memory_bytes; /* of address space; 0: no limit */
    unsigned seconds;    /* of processor time; 0: no limit */
    const char *name;    /* of what is read, for the error: "overdracht.zip" */
};

/* Returns the status that the process ends with. */
typedef int sandbox_work(void *state);

/* Whether the kernel can lock a process in: seccomp and Landlock are there, and no sanitizer, which
 * needs more of the system, is in the program. */
bool sandbox_can(void);

/* Forks, before there is any other thread, and runs the work in the child, with what it has printed
 * flushed at its end: it can read and write at the places and the descriptors that are open, and
 * compute; it starts no program, opens no connection, and gains no right. *status is the work's.
 * ERROR_DATA when a signal ended it: a crash, or one of the limits. ERROR_INTERNAL: no process can
 * be made. Where sandbox_can is false only the limits hold. (Corbet 2012, "Yet another new approach
 * to seccomp"; Salaün, Landlock: docs.kernel.org/userspace-api/landlock.html.) */
bool sandbox_run(int *status, const struct sandbox *sandbox, sandbox_work *work, void *state,
                 struct error *error);

#endif

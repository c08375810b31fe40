/* Runs a piece of work over fixed chunks on several threads, with a result that the threads cannot
 * change. */
#ifndef PLEIN_CORE_PARALLEL_H
#define PLEIN_CORE_PARALLEL_H

#include "engine/core/base.h"

#include <pthread.h>

enum { PARALLEL_MAX_THREADS = 64 };

/* Does chunk number `chunk` (0 to chunk_count - 1). `worker` is 0 to thread_count - 1 and no two
 * calls that run at one time share it: scratch space can hang on it, results must hang on the
 * chunk. */
typedef bool parallel_work(void *state, size_t chunk, int worker, struct error *error);

struct parallel_job {
    parallel_work *work;
    void *state;
    size_t chunk_count;
    int thread_count; /* 0: as many as there are processors; never more than PARALLEL_MAX_THREADS */
};

/* Every chunk is done once, unless one fails: then chunks not yet begun may be left out, and the
 * error of the lowest failing chunk is reported. Chunks are handed out in rising order. */
bool parallel_for(const struct parallel_job *job, struct error *error);

/* The number of workers a job with this thread_count would use: at least 1. */
int parallel_threads(int thread_count);

/* One piece of work that is done beside its caller; it touches nothing that the caller does until
 * the end is waited for. */
struct parallel_aside {
    bool (*work)(void *state, struct error *error);
    void *state;
    pthread_t thread; /* this and what follows are for parallel_aside_... alone */
    bool begun, done;
    struct error error;
};

/* Begins it on a thread of its own; not with a thread_count of 1. */
void parallel_aside_begin(struct parallel_aside *aside, int thread_count);
/* Waits for it, or does it now when no thread has begun it; returns what the work did. */
bool parallel_aside_end(struct parallel_aside *aside, struct error *error);

#endif

/* Runs a piece of work over fixed chunks on several threads, with a result that the threads cannot
 * change. */
#include "engine/core/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

struct crew {
    const struct parallel_job *job;
    atomic_size_t next;
    pthread_mutex_t lock; /* guards the two below */
    size_t failed_chunk;
    struct error *error;
    atomic_bool failed;
};

struct worker {
    struct crew *crew;
    int number;
    pthread_t thread;
};

int parallel_threads(int thread_count)
{
    long processors = thread_count > 0 ? thread_count : sysconf(_SC_NPROCESSORS_ONLN);
    if (processors < 1)
        return 1;
    return processors > PARALLEL_MAX_THREADS ? PARALLEL_MAX_THREADS : (int)processors;
}

static void report(struct crew *crew, size_t chunk, const struct error *error)
{
    pthread_mutex_lock(&crew->lock);
    if (!atomic_load(&crew->failed) || chunk < crew->failed_chunk) {
        crew->failed_chunk = chunk;
        if (crew->error != NULL)
            *crew->error = *error;
    }
    atomic_store(&crew->failed, true);
    pthread_mutex_unlock(&crew->lock);
}

/* Chunks rise, so every chunk below a failing one has been begun and will report its own error. */
static void *labour(void *argument)
{
    struct worker *worker = argument;
    struct crew *crew = worker->crew;
    while (!atomic_load(&crew->failed)) {
        size_t chunk = atomic_fetch_add(&crew->next, 1);
        if (chunk >= crew->job->chunk_count)
            break;
        struct error error = {0};
        if (!crew->job->work(crew->job->state, chunk, worker->number, &error))
            report(crew, chunk, &error);
    }
    return NULL;
}

bool parallel_for(const struct parallel_job *job, struct error *error)
{
    struct crew crew = {.job = job, .error = error, .lock = PTHREAD_MUTEX_INITIALIZER};
    struct worker workers[PARALLEL_MAX_THREADS];
    size_t wanted = (size_t)parallel_threads(job->thread_count);
    if (wanted > job->chunk_count)
        wanted = job->chunk_count;
    size_t started = 1;
    for (size_t i = 0; i < wanted; i++)
        workers[i] = (struct worker){.crew = &crew, .number = (int)i};
    while (started < wanted
           && pthread_create(&workers[started].thread, NULL, labour, &workers[started]) == 0)
        started++; /* with fewer threads than asked the work is done all the same */
    if (wanted > 0)
        labour(&workers[0]);
    for (size_t i = 1; i < started; i++)
        pthread_join(workers[i].thread, NULL);
    pthread_mutex_destroy(&crew.lock);
    return !atomic_load(&crew.failed);
}

static void *do_aside(void *argument)
{
    struct parallel_aside *aside = argument;
    aside->done = aside->work(aside->state, &aside->error);
    return NULL;
}

void parallel_aside_begin(struct parallel_aside *aside, int thread_count)
{
    aside->begun = parallel_threads(thread_count) > 1
                   && pthread_create(&aside->thread, NULL, do_aside, aside) == 0;
}

bool parallel_aside_end(struct parallel_aside *aside, struct error *error)
{
    if (aside->begun)
        pthread_join(aside->thread, NULL);
    else
        do_aside(aside);
    aside->begun = false;
    if (!aside->done && error != NULL)
        *error = aside->error;
    return aside->done;
}

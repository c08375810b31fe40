/* Hands out pieces of work one by one, has threads do them, and delivers them in their order. */
#include "engine/core/pipeline.h"

#include "engine/core/parallel.h"

#include <pthread.h>

/* Pieces are numbered in the order in which they were handed out. All of it is guarded by `lock`.
 */
struct flow {
    const struct pipeline *pipeline;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t begun, delivered; /* how many */
    size_t working;
    bool fetching, delivering;       /* by some thread */
    bool waiting;                    /* the next piece comes when none is being worked on */
    bool ended;                      /* no more are handed out */
    size_t last;                     /* pieces from this one on are not delivered */
    bool ready[PIPELINE_SLOTS_MOST]; /* worked on, not yet delivered */
    struct error *error;
    bool failed;
};

static size_t slot_of(const struct flow *flow, size_t number)
{
    return number % flow->pipeline->slot_count;
}

/* The lowest number that fails is the one that counts. */
static void fail(struct flow *flow, size_t number, const struct error *error)
{
    flow->ended = true;
    if (flow->failed && number >= flow->last)
        return;
    flow->failed = true;
    flow->last = number;
    if (flow->error != NULL)
        *flow->error = *error;
}

static void fetch(struct flow *flow)
{
    const struct pipeline *pipeline = flow->pipeline;
    struct error error = {0};
    size_t number = flow->begun;
    bool resting = flow->working == 0;
    flow->fetching = true;
    pthread_mutex_unlock(&flow->lock);
    enum pipeline_next next =
        pipeline->next(pipeline->state, slot_of(flow, number), resting, &error);
    pthread_mutex_lock(&flow->lock);
    flow->fetching = false;
    flow->waiting = next == PIPELINE_LATER;
    if (next == PIPELINE_FAILED)
        fail(flow, number, &error);
    else if (next == PIPELINE_END)
        flow->ended = true;
    pthread_cond_broadcast(&flow->changed);
    if (next != PIPELINE_PIECE)
        return;
    flow->begun++;
    flow->working++;
    pthread_mutex_unlock(&flow->lock);
    bool done = pipeline->work(pipeline->state, slot_of(flow, number), &error);
    pthread_mutex_lock(&flow->lock);
    flow->working--;
    flow->ready[slot_of(flow, number)] = done;
    if (!done)
        fail(flow, number, &error);
    pthread_cond_broadcast(&flow->changed);
}

static void deliver(struct flow *flow)
{
    const struct pipeline *pipeline = flow->pipeline;
    struct error error = {0};
    size_t number = flow->delivered, slot = slot_of(flow, number);
    flow->delivering = true;
    pthread_mutex_unlock(&flow->lock);
    bool done = pipeline->deliver(pipeline->state, slot, &error);
    pthread_mutex_lock(&flow->lock);
    flow->delivering = false;
    flow->ready[slot] = false;
    if (done)
        flow->delivered++;
    else
        fail(flow, number, &error);
    pthread_cond_broadcast(&flow->changed);
}

static bool can_deliver(const struct flow *flow)
{
    return !flow->delivering && flow->delivered < flow->begun
           && (!flow->failed || flow->delivered < flow->last)
           && flow->ready[slot_of(flow, flow->delivered)];
}

static bool can_fetch(const struct flow *flow)
{
    return !flow->ended && !flow->fetching
           && flow->begun - flow->delivered < flow->pipeline->slot_count
           && (!flow->waiting || flow->working == 0);
}

static bool is_over(const struct flow *flow)
{
    return flow->ended && !flow->fetching
           && (flow->delivered == flow->begun || (flow->failed && flow->delivered == flow->last));
}

static void *labour(void *argument)
{
    struct flow *flow = argument;
    pthread_mutex_lock(&flow->lock);
    while (!is_over(flow))
        if (can_deliver(flow))
            deliver(flow);
        else if (can_fetch(flow))
            fetch(flow);
        else
            pthread_cond_wait(&flow->changed, &flow->lock);
    pthread_mutex_unlock(&flow->lock);
    return NULL;
}

bool pipeline_run(const struct pipeline *pipeline, struct error *error)
{
    struct flow flow = {.pipeline = pipeline,
                        .lock = PTHREAD_MUTEX_INITIALIZER,
                        .changed = PTHREAD_COND_INITIALIZER,
                        .error = error};
    pthread_t threads[PARALLEL_MAX_THREADS];
    int wanted = parallel_threads(pipeline->thread_count), started = 0;
    while (started < wanted - 1 && pthread_create(&threads[started], NULL, labour, &flow) == 0)
        started++; /* with fewer threads than asked the work is done all the same */
    labour(&flow);
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    pthread_cond_destroy(&flow.changed);
    pthread_mutex_destroy(&flow.lock);
    return !flow.failed;
}

/* Hands out pieces of work one by one, has threads do them, and delivers them in their order. */
#ifndef PLEIN_CORE_PIPELINE_H
#define PLEIN_CORE_PIPELINE_H

#include "engine/core/base.h"

enum { PIPELINE_SLOTS_MOST = 64 };

enum pipeline_next {
    PIPELINE_PIECE, /* there is a piece in the slot */
    PIPELINE_LATER, /* ask again when no piece is being worked on */
    PIPELINE_END,
    PIPELINE_FAILED,
};

/* A piece is in a slot, below `slot_count`, from `next` until it was delivered. `next` and
 * `deliver` are never called twice at one time; `work` is, for different slots, and beside both. */
struct pipeline {
    /* `resting`: no piece is being worked on. */
    enum pipeline_next (*next)(void *state, size_t slot, bool resting, struct error *error);
    bool (*work)(void *state, size_t slot, struct error *error);
    bool (*deliver)(void *state, size_t slot, struct error *error); /* in the order of `next` */
    void *state;
    size_t slot_count;
    int thread_count; /* 0: as many as there are processors */
};

/* Until the end, or until one fails: what comes before that piece is still delivered, nothing
 * behind it, and its error is reported, whatever the threads. */
bool pipeline_run(const struct pipeline *pipeline, struct error *error);

#endif

/* The stages that every batch of incidents goes through: read, project, locate, classify, select.
 */
#ifndef PLEIN_STUDY_STAGES_H
#define PLEIN_STUDY_STAGES_H

#include "engine/study/study.h"

enum { STAGES_SLOTS = 16 }; /* batches in hand at one time: bounds the memory */

/* A batch that was read, projected, located, classified and selected, and where it is held. */
struct staged {
    const struct incidents *batch;
    size_t slot; /* below STAGES_SLOTS; no two in hand have the same */
};

/* What is done with the incidents. */
struct fold {
    unsigned columns; /* wanted, besides the place and the owner */
    /* Takes a batch; they come one at a time, in the order of the rows. */
    bool (*take)(void *state, const struct incidents *batch, struct error *error);
    void *state;
    /* Or both of these: what can be done with several batches at one time, by threads, each in what
     * the state keeps for the slot; and what is then done with them, as take would be called. */
    bool (*prepare)(void *state, const struct staged *staged, struct error *error);
    bool (*deliver)(void *state, const struct staged *staged, struct error *error);
};
/* Reads every incidents file once and hands its batches to the fold. Afterwards study->files tells
 * what was read. */
bool stages_run(struct study *study, const struct fold *fold, struct error *error);

#endif

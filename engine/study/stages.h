/* The stages that every batch of incidents goes through: read, project, locate, classify, select.
 */
#ifndef PLEIN_STUDY_STAGES_H
#define PLEIN_STUDY_STAGES_H

#include "engine/study/study.h"

/* What is done with the incidents. */
struct fold {
    unsigned columns; /* wanted, besides the place and the owner */
    /* Takes a batch that was read, projected, located, classified and selected; batches come one at
     * a time, in the order of the rows. */
    bool (*take)(void *state, const struct incidents *batch, struct error *error);
    void *state;
};
/* Reads every incidents file once and hands its batches to the fold. Afterwards study->files tells
 * what was read. */
bool stages_run(struct study *study, const struct fold *fold, struct error *error);

#endif

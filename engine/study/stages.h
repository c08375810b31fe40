/* The stages that every batch of incidents goes through: read, project, locate, classify, select.
 */
#ifndef PLEIN_STUDY_STAGES_H
#define PLEIN_STUDY_STAGES_H

#include "engine/study/study.h"

/* Runs the stages over the incidents file number `file` of the options, several batches at one
 * time, and hands each to the fold in the order of the rows. Fills study->files[file]. */
bool stages_run(struct study *study, size_t file, const struct fold *fold, struct error *error);

#endif

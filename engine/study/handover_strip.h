/* The strip of a handover: who sends to whom, and the squares along their border. */
#ifndef PLEIN_STUDY_HANDOVER_STRIP_H
#define PLEIN_STUDY_HANDOVER_STRIP_H

#include "engine/study/handover_table.h"

/* Fills sender, receiver and squares; the study and the options are set. */
bool handover_find_parties(struct handover *handover, struct error *error);
bool handover_find_squares(struct handover *handover, struct error *error);

#endif

/* What one jurisdiction may hand over to its neighbour: counts by square, domain and quarter, with
 * what would give too much away withheld. */
#ifndef PLEIN_STUDY_HANDOVER_H
#define PLEIN_STUDY_HANDOVER_H

#include "engine/study/gather.h"
#include "engine/study/handover_table.h"

/* The sender is the one selected jurisdiction, or the receiver's only neighbour. Squares are those
 * of 100 m whose centre lies within the depth of the receiver's ground, and on the sender's or no
 * farther from it than half a diagonal; the sender's incidents in them are counted, all of them.
 * Organised crime is left out. ERROR_USAGE: a receiver that is not there, several possible senders;
 * ERROR_DATA: no square is near enough. */
bool handover_count(struct handover *handover, struct study *study,
                    const struct handover_options *options, struct error *error);

#endif

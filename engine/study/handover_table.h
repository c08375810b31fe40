/* The table of a handover: its axes with all sums, what earlier packages have told, and what is
 * published of it. */
#ifndef PLEIN_STUDY_HANDOVER_TABLE_H
#define PLEIN_STUDY_HANDOVER_TABLE_H

#include "engine/study/handover_model.h"

/* The empty table over squares, pieces and quarters, which are set, and over the squares and
 * periods of the earlier packages, whose published numbers become known. */
bool handover_lay_out(struct handover *handover, struct error *error);
/* Publishes what may be, and withholds the rest: after it, nothing leaks unless earlier packages
 * give it away. Finds the clusters of what is published. */
bool handover_protect(struct handover *handover, struct error *error);
bool handover_cluster(struct handover *handover, struct error *error);
void handover_free(struct handover *handover);

#endif

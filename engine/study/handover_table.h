/* The table of a handover: its axes with all sums, what earlier packages have told, and what is
 * published of it. */
#ifndef PLEIN_STUDY_HANDOVER_TABLE_H
#define PLEIN_STUDY_HANDOVER_TABLE_H

#include "engine/study/handover_model.h"

/* A square_test whose state is the handover: whether a square stands by itself. It goes by what the
 * sources back and not by the rule of 95 %: a square that one source has nearly all of is withheld,
 * and stands in the way of a larger one all the same. So the pieces are the same with one incident
 * fewer in any that is withheld, unless it was the only one there of all sources but the largest.
 * (The rule itself cannot be so: a square of 20 and 1 is withheld, one of 19 and 1 is not; were it
 * withheld as well, for the sake of that one incident, so would be one of 18 and 1, and so on:
 * every square.) */
bool handover_may_stand(const void *state, const uint32_t *by_source, size_t source_count);
/* The empty table over squares, pieces and quarters, which are set, and over the squares and
 * periods of the earlier packages, whose published numbers become known. */
bool handover_lay_out(struct handover *handover, struct error *error);
/* Publishes what may be, and withholds the rest: after it, nothing leaks unless earlier packages
 * give it away. Finds the clusters of what is published. */
bool handover_protect(struct handover *handover, struct error *error);
bool handover_cluster(struct handover *handover, struct error *error);
void handover_free(struct handover *handover);

#endif

/* Two packages as one: what both sides publish, laid over one another by squares of 100 m. */
#ifndef PLEIN_STUDY_HANDOVER_MERGE_H
#define PLEIN_STUDY_HANDOVER_MERGE_H

#include "engine/study/handover_model.h"

/* What one package tells of a square of 100 m. */
struct handover_part {
    double incidents; /* a larger square's count is spread evenly over its squares of 100 m; 0 where
                         withheld or not in the strip */
    double low, high; /* what rounding leaves open; withheld: 0 to k - 1 */
};

/* Zeroed is empty. */
struct handover_joint {
    struct handover handover; /* squares of 100 m that any of the two tells of, with the sums of
                                 both as whole numbers, and their clusters; its study is NULL */
    struct handover_part *parts[2]; /* of each package, for each square */
};

/* ERROR_DATA when the two are in different reference systems. A count withheld since one source has
 * nearly all of it may be more than `high`. */
bool handover_merge(struct handover_joint *joint, const struct handover packages[2],
                    struct error *error);
void handover_joint_free(struct handover_joint *joint);

#endif

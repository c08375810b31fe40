/* The pairs of jurisdictions that share a border, and how good that border is. */
#ifndef PLEIN_STUDY_PAIRS_H
#define PLEIN_STUDY_PAIRS_H

#include "engine/space/polygons_borders.h"
#include "engine/study/study.h"

/* Zeroed is empty. Ordered by the jurisdictions' order, and within a pair too; the pair that
 * --between names stands as it was asked. */
struct pairs {
    struct border_quality *items;
    size_t count;
};

/* All pairs of the selected jurisdictions, or the one that --between names. ERROR_USAGE: a name
 * that is none's or several's, or two that do not meet; ERROR_DATA: no two of them meet. */
bool pairs_find(struct pairs *pairs, const struct study *study, struct error *error);
void pairs_free(struct pairs *pairs);

/* How far two boundaries may stand apart along a shared border, metres. */
double pairs_tolerance_m(const struct study *study);

#endif

/* Points by group, those of each group side by side. */
#ifndef PLEIN_ANALYSIS_INCIDENT_GROUPS_H
#define PLEIN_ANALYSIS_INCIDENT_GROUPS_H

#include "engine/core/geometry.h"

/* In the order of the rows. */
struct incident_group {
    uint32_t number;
    struct weighted_points points;
    uint32_t *incidents; /* where each point stood; NULL: all of them, as they stood */
    int32_t *x, *y;      /* what `points` shows; NULL: another's */
    uint32_t *weights;
};

/* By rising number; none is empty. Zeroed is empty. */
struct incident_groups {
    struct incident_group *items;
    size_t count;
};

struct grouped_points {
    struct weighted_points points;
    const uint32_t *groups; /* NULL: one group, number 0 */
    int thread_count;
};
/* One group borrows the points, which must outlive it. Time O(points), memory 12 bytes a point. */
bool incident_groups_new(struct incident_groups *groups, const struct grouped_points *from,
                         struct error *error);
void incident_groups_free(struct incident_groups *groups);
/* Frees the points of one group; its incidents stay. */
void incident_group_forget_points(struct incident_group *group);

#endif

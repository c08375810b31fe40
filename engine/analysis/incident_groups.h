/* Points by group, those of each group side by side. */
#ifndef PLEIN_ANALYSIS_INCIDENT_GROUPS_H
#define PLEIN_ANALYSIS_INCIDENT_GROUPS_H

#include "engine/core/geometry.h"

/* In the order of the rows. */
struct incident_group {
    uint32_t number;
    struct weighted_points points;
    int32_t *x, *y; /* what `points` shows; NULL: another's */
    uint32_t *weights;
};

/* By rising number; none is empty. Zeroed is empty. */
struct incident_groups {
    struct incident_group *items;
    size_t count;
    struct dealing *dealing; /* where each point went; NULL: all are in one group */
    size_t point_count;
};

struct grouped_points {
    struct weighted_points points;
    const uint32_t *groups; /* NULL: one group, number 0 */
    int thread_count;
};
/* One group borrows the points, and several the numbers of their groups, which must outlive them.
 * Time O(points), memory 8 bytes a point. */
bool incident_groups_new(struct incident_groups *groups, const struct grouped_points *from,
                         struct error *error);
void incident_groups_free(struct incident_groups *groups);
/* Frees the points of one group; where they went stays known. */
void incident_group_forget_points(struct incident_group *group);

/* A few points that stood side by side: point first + i went to places[i] of items[groups[i]]. */
struct dealt {
    size_t first, count;
    const uint32_t *groups, *places;
};
typedef void incident_groups_visit(void *state, const struct dealt *dealt);

/* Visits all points as they stood; threads visit different ones at one time. */
bool incident_groups_visit_all(const struct incident_groups *groups, incident_groups_visit *visit,
                               void *state, int thread_count, struct error *error);

#endif

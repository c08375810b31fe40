/* The clusters of an earlier time, and what has become of them. */
#ifndef PLEIN_STUDY_EARLIER_H
#define PLEIN_STUDY_EARLIER_H

#include "engine/analysis/identity.h"
#include "engine/study/grouping.h"

struct earlier_cluster {
    int32_t number;
    size_t line;                /* of the file */
    char *code, *name, *domain; /* what it was found per; "" when it was not */
    char *group;                /* all that it was found per, as one text */
    struct shape outline;       /* repaired, in the study's metres */
};

/* Zeroed is empty. */
struct earlier {
    struct earlier_cluster *items; /* by number */
    size_t count, capacity;
    int32_t highest;             /* the highest number ever given, as far as the file tells */
    double radius_m, min_points; /* what they were found with; 0: the file does not tell */
    struct identity identity; /* once compared: `now` is in the order of the clusters, `earlier` in
                                 that of the items */
};

/* Reads what `plein clusters --format geojson` wrote (options->compare_with), also what it wrote
 * when it compared: clusters that were gone by then are passed over, but for their numbers. Errors
 * name file and line: ERROR_NO_INPUT; ERROR_DATA for other files and damaged ones; ERROR_USAGE when
 * it was found per something else. */
bool earlier_read(struct earlier *earlier, const struct study *study,
                  const struct grouping *grouping, struct error *error);

/* Fills earlier->identity, and gives `clusters`, which keep their order, and their members the
 * numbers that they carry on. Only clusters of one group can be one cluster. Adds notes: one that
 * counts the changes, and one when the earlier ones were found with another radius or minimum. */
bool earlier_compare(struct earlier *earlier, struct clusters *clusters, struct study *study,
                     const struct grouping *grouping, struct error *error);
void earlier_free(struct earlier *earlier);

#endif

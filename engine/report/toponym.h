/* What a cluster's place is called: the named square, park, water or street that it lies on. */
#ifndef PLEIN_REPORT_TOPONYM_H
#define PLEIN_REPORT_TOPONYM_H

#include "engine/analysis/clusters.h"
#include "engine/draw/sheet.h"

/* The named features of the ground that a name is sought among. */
struct toponyms {
    const struct map_feature *features;
    size_t count;
};

/* The name of the feature nearest to the cluster's centre: of a square that comes within the
 * cluster's reach, else of a park or water that holds the centre, else of a street within its
 * reach. NULL when there is none; equally near ones go by the name's bytes. */
const char *toponym_of(const struct toponyms *toponyms, const struct cluster *cluster);
/* The same for each of `count` clusters, largest first: a name that an earlier one has is not given
 * again (NULL). Names belong to the features. */
void toponyms_give(const char **names, const struct toponyms *toponyms,
                   const struct cluster *clusters, size_t count);

#endif

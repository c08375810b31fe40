/* Clusters of a study, per jurisdiction, domain, category or source, or of all together. */
#ifndef PLEIN_STUDY_GROUPING_H
#define PLEIN_STUDY_GROUPING_H

#include "engine/analysis/clusters.h"
#include "engine/study/gather.h"

struct grouping {
    bool jurisdiction, domain, category, source; /* what clusters are found per */
};

/* Reads --per: any of the keys, or none; NULL is jurisdiction,domain. ERROR_USAGE. */
bool grouping_parse(struct grouping *grouping, const char *per, struct error *error);
/* Finds the clusters of what was gathered with COLUMN_CATEGORY, COLUMN_SOURCE and COLUMN_TIME. */
bool grouping_find(struct clusters *clusters, const struct grouping *grouping,
                   const struct gathered *gathered, struct error *error);

#endif

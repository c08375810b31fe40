/* What clusters consist of: how many of their incidents have each value. */
#ifndef PLEIN_ANALYSIS_CLUSTER_SHARES_H
#define PLEIN_ANALYSIS_CLUSTER_SHARES_H

#include "engine/core/base.h"

/* A part of a cluster: how many of its incidents have this value. */
struct share {
    uint32_t value; /* an owner, domain, category, source number ... */
    size_t incidents;
};
/* By falling incidents, equal ones by value. */
struct shares {
    struct share *items;
    size_t count;
};

/* A column, whatever its type; all NULL when there is none. Its values are numbers that count from
 * 0 without large gaps. */
struct share_column {
    const int32_t *owners;
    const uint8_t *domains;
    const uint32_t *words;
};

struct shared_incidents {
    size_t count, cluster_count;
    const int32_t *membership; /* per incident: its cluster, counted from 1; 0: none */
    const uint32_t *weights;   /* NULL: 1 each */
};
/* Fills shares[cluster_count], which must be zeroed and is the caller's to free, also on failure;
 * it stays empty when there is no such column. Time O(incidents + clusters * values), in a few
 * passes over the incidents where clusters * values are many. */
bool cluster_shares(struct shares *shares, const struct shared_incidents *incidents,
                    const struct share_column *column, struct error *error);
/* Whether two values have a tenth or more each: of owners, that a border parts the cluster. */
bool shares_are_parted(const struct shares *shares);

#endif

/* Clusters of incidents per group, and what each one is: size, place, outline, period, categories,
 * shares. */
#ifndef PLEIN_ANALYSIS_CLUSTERS_H
#define PLEIN_ANALYSIS_CLUSTERS_H

#include "engine/analysis/cluster_shares.h"
#include "engine/analysis/dbscan.h"
#include "engine/core/dates.h"

/* The selected incidents, as arrays of `count`; all of them have an owner. Arrays may be NULL where
 * not said otherwise. Owners, categories and sources are numbers that count from 0. */
struct cluster_input {
    size_t count;
    const int32_t *grid_x, *grid_y; /* never NULL */
    const int32_t *owner;
    const uint8_t *domain;
    const uint32_t *category, *source, *weight;
    const moment *when;
    const uint32_t
        *group; /* the group each belongs to, NULL: one group; clusters never cross groups */
    struct grid grid;
};

struct cluster {
    int32_t number; /* 1, 2 ... by size over all groups; equal sizes by westernmost, southernmost
                       member, then group */
    uint32_t group;
    size_t incidents, core; /* weights counted */
    double x, y;            /* mean of its incidents, metres */
    double reach_m;         /* from the mean to its farthest incident */
    double area_ha;         /* of the outline */
    struct shape outline;   /* metres; hull widened by half the radius and rounded (DESIGN.md 6) */
    moment first, last;     /* MOMENT_UNKNOWN when no incident has a time */
    struct shares owners, domains, categories, sources;
};
/* Zeroed is empty. */
struct clusters {
    struct cluster *items;
    size_t count;
    int32_t *membership; /* per incident of the input: the cluster's number, 0 noise */
    uint8_t *core;       /* per incident */
    size_t incident_count;
};

bool clusters_find(struct clusters *clusters, const struct cluster_input *input,
                   const struct dbscan_options *options, struct error *error);
void clusters_free(struct clusters *clusters);

#endif

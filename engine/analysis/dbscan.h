/* Density-connected groups of points: exact DBSCAN on a grid (Ester et al. 1996). */
#ifndef PLEIN_ANALYSIS_DBSCAN_H
#define PLEIN_ANALYSIS_DBSCAN_H

#include "engine/core/geometry.h"

struct dbscan_options {
    double radius_m;   /* distance <= radius counts */
    size_t min_points; /* a core point has so many within the radius, itself included, weights
                          counted */
    int unit_mm;       /* of the points' grid; 0 means 1 */
    int thread_count;
};

/* Zeroed is empty. */
struct dbscan_labels {
    int32_t *cluster; /* per point: 0 noise, 1 .. cluster_count by size (weights counted), equal
                         sizes by their westernmost, then southernmost member */
    uint8_t *core;    /* 1 core, 0 border or noise */
    size_t count;
    int32_t cluster_count;
};

/* Every point must be on the grid (no GRID_NOWHERE or GRID_FAR); weights NULL means 1 each. A
 * border point goes to the nearest core point's cluster, of equally near ones to the westernmost
 * core point's, then the southernmost. The result does not depend on the order of the points nor on
 * the number of threads. */
bool dbscan_run(struct dbscan_labels *labels, const struct weighted_points *points,
                const struct dbscan_options *options, struct error *error);
void dbscan_free(struct dbscan_labels *labels);

#endif

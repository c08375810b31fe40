/* Clusters as a sheet, as JSON with shares, and as GeoJSON in WGS 84. */
#ifndef PLEIN_REPORT_CLUSTER_REPORT_H
#define PLEIN_REPORT_CLUSTER_REPORT_H

#include "engine/report/sheet.h"
#include "engine/study/earlier.h"

struct cluster_report {
    const struct study *study;
    const struct grouping *grouping;
    const struct clusters *clusters;
    const struct earlier *earlier; /* what they were compared with; NULL: nothing */
    bool in_words;                 /* a table: changes in the language in force */
};

/* Fills a zeroed sheet with the columns of DESIGN.md 4. Compared ones have three more: `earlier`,
 * `change`, and, for the rows of earlier clusters that are gone or were taken in, which come last
 * and have no cluster, `into`: who took them in. */
bool cluster_report_sheet(struct sheet *sheet, const struct cluster_report *report,
                          struct error *error);
void cluster_report_json(struct text *text, const struct cluster_report *report);
/* RFC 7946: longitude, latitude; outlines as polygons, outer rings counter-clockwise. Beside the
 * features: radius_m and min_points, what they were found with, and highest_cluster when they were
 * compared. */
bool cluster_report_geojson(struct text *text, const struct cluster_report *report,
                            struct error *error);
/* The category that most of its incidents have, organised crime passed over unless it is allowed;
 * "" when there is none. */
const char *cluster_report_category(const struct cluster *cluster, const struct study *study);

#endif

/* Where jurisdictions meet: the shared border as lines, and what is wrong along it. */
#ifndef PLEIN_SPACE_POLYGONS_BORDERS_H
#define PLEIN_SPACE_POLYGONS_BORDERS_H

#include "engine/core/jurisdictions.h"

struct polygons;

/* What is wrong between two neighbours, for `check`. */
struct border_quality {
    size_t a, b;       /* indexes of the pair, a < b */
    double overlap_m2; /* area claimed by both */
    double gap_m2;     /* area between them that is nobody's, where it is no wider than
                          tolerance_m */
    double overlap_width_m, gap_width_m; /* of the widest part of each, taken as a strip: twice its
                                            area by the length of its outline */
    double shared_m; /* length of a's outline that faces b within tolerance_m, or lies in b */
    double longest_straight_m; /* longest segment of it */
    double vertices_per_km;    /* of it; NAN when nothing is shared */
    struct box along;          /* around it; empty when nothing is shared */
};
struct border_qualities {
    struct border_quality *items; /* the caller's to free */
    size_t count;
};

struct border_search {
    const struct jurisdictions *jurisdictions;
    double tolerance_m;
    int thread_count; /* 0: as many as there are processors */
};
/* Whether GEOS can look at all pairs within a few minutes, for two that lie near one another cost a
 * thousandth of a second: that there are 100,000 pairs at most. Takes no notice of threads. */
bool polygons_borders_are_few(bool *few, const struct border_search *search, struct error *error);

/* Fills *found, ordered by a, then b, with every pair that touches, overlaps, or lies within
 * tolerance_m. Shapes are repaired on the way. */
bool polygons_borders(struct border_qualities *found, const struct border_search *search,
                      struct error *error);

/* The outlines' parts that separate one jurisdiction from another, merged into lines, for drawing
 * the shared border. Where two outlines differ, that of the lower index stands for both. */
bool polygons_shared_border(struct polygons *polygons, struct shape *lines,
                            const struct border_search *search, struct error *error);

#endif

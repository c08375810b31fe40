/* Looks whether files can be trusted: what was read, what was passed over, and where the borders do
 * not fit. */
#ifndef PLEIN_STUDY_CHECKING_H
#define PLEIN_STUDY_CHECKING_H

#include "engine/space/polygons_borders.h"
#include "engine/study/districts.h"
#include "engine/study/doubles.h"

/* Zeroed is empty. */
struct checking {
    struct border_quality *borders;
    size_t border_count;
    struct overlay crossing; /* districts in several jurisdictions, when districts are named */
    size_t selected, outside, no_place, in_band, duplicates;
    double band_m;
    moment first, last;
    size_t *by_category; /* incidents per category number */
    uint8_t *domain_of;  /* and its domain */
    size_t category_count;
    /* For duplicates: a hash of place, time, category and source per incident. */
    uint64_t *hashes;
    size_t hash_count, hash_capacity;
    struct doubles doubles; /* between sources */
    struct study *study;
};

/* Reads boundaries' neighbours and all incidents. */
bool checking_run(struct checking *checking, struct study *study, struct error *error);
void checking_free(struct checking *checking);

/* A shared border of which one straight run is this long, or that has so few vertices, is drawn for
 * a country and not for a plaza. */
bool checking_is_coarse(const struct border_quality *border);

#endif

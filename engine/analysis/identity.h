/* Which cluster of now is which earlier one, by the ground that they share. */
#ifndef PLEIN_ANALYSIS_IDENTITY_H
#define PLEIN_ANALYSIS_IDENTITY_H

#include "engine/core/base.h"

/* A cluster of now continues an earlier one when they share at least half of the ground of either:
 * of the smaller of the two outlines. So one that grew, shrank, took in others or fell apart still
 * counts, and one that merely moved next door does not. Of the pairs that qualify, the one with the
 * most shared ground gives its number on first, and each number goes on once. What is then left
 * over of an earlier cluster was taken in (merged), what is left over of now fell off (split). */
#define IDENTITY_LEAST_SHARE 0.5

/* The ground that one earlier cluster and one of now have in common, by their indexes. */
struct identity_ground {
    size_t earlier, now;
    double area_m2;
};

struct identity_input {
    const int32_t *numbers;            /* of the earlier ones: 1 or more, all different */
    const double *earlier_m2, *now_m2; /* areas of the outlines */
    size_t earlier_count, now_count;
    const struct identity_ground *shared; /* each pair at most once; pairs that may not be one
                                             cluster are left out */
    size_t shared_count;
    int32_t highest; /* the highest number ever given, when it was higher than those; else 0 */
};

enum identity_change {
    IDENTITY_NEW,    /* shares too little with any earlier one; has a number that none had */
    IDENTITY_SAME,   /* carries on the number of one earlier cluster */
    IDENTITY_MERGED, /* carries on one and took in others; or, of an earlier one, was taken in */
    IDENTITY_SPLIT,  /* is a part of an earlier one, which others are parts of too; when it also
                        took in others it is called merged */
    IDENTITY_GONE,   /* an earlier one that nothing carries on */
};
enum { IDENTITY_CHANGES = 5 };

struct identity_now {
    int32_t number;  /* the earlier cluster's whose number it carries on, else a new one */
    int32_t earlier; /* the earlier cluster that it carries on or fell off from; 0: none */
    enum identity_change change;
};
struct identity_earlier {
    int32_t into; /* the number of the cluster of now that has its number, or took it in; 0: none */
    enum identity_change change; /* SAME: its number is carried on; MERGED or GONE */
};

/* Zeroed is empty. */
struct identity {
    struct identity_now *now;         /* in the order of the input */
    struct identity_earlier *earlier; /* in the order of the input */
    int32_t highest;                  /* the highest number ever given, those of now included */
};

/* New clusters are numbered in the order of the input. The order of the earlier ones and of the
 * pairs changes nothing: equal grounds go by the lower earlier number, then by the order of now.
 * Time O(pairs log pairs). */
bool identity_match(struct identity *identity, const struct identity_input *input,
                    struct error *error);
void identity_free(struct identity *identity);

/* "new", "same", "merged", "split", "gone". */
const char *identity_change_name(enum identity_change change);

#endif

/* Evidence for a lead ("trekker") at a hotspot on a border: whose ground its incidents lie on, how
 * sure that is, and whether it stays so. */
#ifndef PLEIN_ANALYSIS_LEAD_H
#define PLEIN_ANALYSIS_LEAD_H

#include "engine/analysis/clusters.h"
#include "engine/analysis/intervals.h"

/* A border has two sides: 0 is the first jurisdiction, 1 the second. Nothing here favours one:
 * with the sides swapped, every answer is the same, swapped. */
enum { SIDES = 2 };

/* The words that a division of incidents over two sides allows. Counts say where incidents lie, not
 * who caused them nor who can end them: hence "evidence points to", and never a bare winner. */
enum lead_verdict {
    LEAD_CANNOT_TELL, /* too few, or too even to point and too unsure to call shared */
    LEAD_SHARED,      /* the interval lies within 1 - share .. share of the rule */
    LEAD_POINTS_TO,   /* one side has at least the rule's share, and its interval lies above a half
                       */
};

/* The rule, which the two councils set themselves. Zeroed is 0.6 and 20. */
struct lead_rule {
    double share; /* 0.5 to 1: what a side must have for the evidence to point to it */
    size_t least; /* incidents: with fewer, always "cannot tell" */
};

/* How a number of incidents (weights counted) is divided over the two sides. */
struct sides {
    size_t incidents[SIDES];
    struct interval share[SIDES]; /* Wilson, 95 %; NaN, 0 to 1 when there are no incidents */
    enum lead_verdict verdict;
    size_t points_to; /* the side that LEAD_POINTS_TO names; SIDES with every other verdict */
};
struct sides lead_judge(const size_t incidents[SIDES], const struct lead_rule *rule);

/* The side with more incidents; SIDES when both have as many. For counting only: to be shown, it
 * needs an interval. */
size_t lead_majority(const size_t incidents[SIDES]);

/* A part of a cluster, divided over the sides. */
struct lead_part {
    uint32_t value; /* a domain's number; of a quarter: year * 4 + 0 to 3 */
    struct sides sides;
};
struct lead_parts {
    struct lead_part *items;
    size_t count;
};

/* The cluster again with another radius or minimum: the cluster of that run that holds most of its
 * incidents, of equals the lower number. Its incidents need not be the same. */
struct lead_run {
    double radius_m;
    size_t min_points; /* rounded to a whole number, halves up */
    bool found;        /* false: all its incidents are noise there, and `incidents` is 0 */
    size_t incidents[SIDES];
};
enum {
    LEAD_RUNS = 9,    /* radius at -25, 0, +25 %, and within each the minimum at -25, 0, +25 % */
    LEAD_RUN_OWN = 4, /* the run as it was asked */
};

struct lead {
    int32_t cluster; /* its number among all incidents of both sides together */
    struct sides sides;
    struct lead_parts domains;  /* which side has most of each: by falling incidents, equals by
                                   number; empty without a domain column */
    struct lead_parts quarters; /* calendar quarters in which it has incidents, in order */
    size_t undated;             /* incidents of no known quarter */
    struct lead_run runs[LEAD_RUNS];
    /* How many of the runs, and of the quarters, have the majority of `sides`; a run in which it
     * was not found does not. */
    size_t runs_same, quarters_same;
    /* The lowest and the highest share of each side over the runs that found it. */
    double run_low[SIDES], run_high[SIDES];
};
/* Zeroed is empty. */
struct leads {
    struct lead *items; /* one for each cluster with incidents of both sides, by its number */
    size_t count;
};

struct lead_input {
    const struct cluster_input *incidents;
    const uint8_t *side;             /* of each incident: 0 or 1 */
    const struct clusters *clusters; /* of all of them together, without groups */
};
struct lead_options {
    struct dbscan_options clusters; /* by which they were found */
    struct lead_rule rule;
};

/* Fails on a rule that is none. Time: eight times that of dbscan_run. */
bool lead_find(struct leads *leads, const struct lead_input *input,
               const struct lead_options *options, struct error *error);
void lead_free(struct leads *leads);

#endif

/* A border that cuts a hotspot: what each side sees alone, what both see together, and what that
 * difference amounts to.
 *
 * Two jurisdictions share a border. Side 0 has its incidents, side 1 has its own, and neither has
 * the other's. Every number here compares what a side has with what both have.
 *
 * Density is incidents per square metre (times `scale`), from a kernel: each incident is spread
 * over a disc of one bandwidth around it (kernels.h, density.h). No edge correction is made, so
 * that a surface integrates to its number of incidents and surfaces can be added.
 *   alone      the density of one side's incidents. It reaches over the border by one bandwidth.
 *   together   alone of side 0 + alone of side 1: of that sum, in every cell, to the last bit. It
 *              is the density of all incidents (to the rounding of density_run's two ways: 1e-12
 *              of the value, or 4e-4 of the peak where density_run says so).
 *   missed     on a side's own ground, the density from the other side's incidents: what is there
 *              and it does not see. Below 0 on side 0's ground, above 0 on side 1's, so that
 *              rising values run along a diverging scale from the first side's colour to the
 *              second's. NaN on nobody's ground.
 *
 * Blind share is the part, 0 to 1, of the joint density that comes from the other side's incidents.
 *   of the strip    over the ground of a side that lies within one bandwidth of the other's. For
 *                   incidents spread evenly on both sides of a straight border and the quartic
 *                   kernel it is 16 / (35 pi) = 14.55 %: the integral over t = 0 .. 1 of
 *                   1 - m(t), where m(t) = 16 / (5 pi) integral_{-1}^{t} (1 - y^2)^(5/2) dy is the
 *                   part of a kernel at t bandwidths from the border that lies on its own side. So
 *                   a strip above 15 % is one where more happens at the neighbour's than at home.
 *   of a hotspot    over the outline of a joint cluster, on both sides of the border. What side 0
 *                   is blind to and what side 1 is blind to add up to 1.
 * Over an outline, integrals are sums over the cells whose centre lies in it. Over the strip they
 * are sums over cells that count by how much of them lies in it (by cubic interpolation across the
 * border, Keys 1981), so that they don't depend on how the raster happens to lie.
 *
 * Guess is what a side would put on its own ground without its neighbour, by uniform edge
 * correction (Diggle 1985; Jones 1993): its own density over the part of the kernel that lies on
 * its own ground, as if the neighbour's ground were like its own. Its error is guess less joint
 * density: above 0 the side overrates its own ground, below 0 it underrates it. Where a third
 * neighbour's border is near too, both are blind in the same way; so the joint density is there
 * corrected likewise, by both grounds as one window, and only what the neighbour's incidents would
 * add counts as an error. Over the strip, as a part of the joint density:
 *   guess_error     mean absolute error: what not sharing costs
 *   guess_bias      the same with its sign: errors that cancel are left out
 *
 * Clusters are DBSCAN's (dbscan.h): of all incidents together, and of each side's alone. An
 * incident in the core of a cluster alone is in the core of one together, where it has no fewer
 * neighbours; so each cluster alone is part of exactly one joint cluster.
 *   rank       place in a list by falling incidents: the joint list, side 0's own, side 1's own
 *   crosses    the joint cluster has at least one incident of each side
 *   parts      the clusters that a side would have found alone and that are part of it; the largest
 *              is where the hotspot stands in that side's own list. None: the side does not see it.
 *              Incidents on the rim of a part may be nearer to another joint cluster's core, and
 *              are then that one's.
 * Shares per jurisdiction have Wilson intervals (intervals.h); for those per domain and source take
 * interval_share over the counts in together.items[]. Evidence for a lead: lead.h.
 *
 * Everything is the same for any order of the incidents and any number of threads, and with the
 * sides swapped it is the same, swapped.
 *
 * Sources: Silverman, Density Estimation (1986), ch. 4; Diggle, Applied Statistics 34 (1985) 138;
 * Jones, Statistics and Computing 3 (1993) 135; Keys, IEEE Transactions on Acoustics, Speech and
 * Signal Processing 29 (1981) 1153; Ester et al., KDD-96 226; Wilson, JASA 22 (1927)
 * 209. */
#ifndef PLEIN_ANALYSIS_BORDER_H
#define PLEIN_ANALYSIS_BORDER_H

#include "engine/analysis/border_guess.h"
#include "engine/analysis/clusters.h"
#include "engine/analysis/square_density.h"

struct border_input {
    struct cluster_input incidents; /* of the two sides only; `group` is not used */
    const uint8_t *side;            /* of each incident: 0 or 1 */
    /* What is known of a side by squares alone: a part of its density, and so of all that comes
     * from densities; of no cluster, rank, share or lead. */
    struct counted_squares squares[SIDES];
    struct raster frame; /* the cells to work on; its values are not used, may be NULL */
    /* Per cell, by its centre: whose ground it is (0, 1 or GROUND_NOBODY), and how many metres it
     * lies from the other side's ground (INFINITY will do beyond the kernel's reach and two cells;
     * not read on nobody's ground). */
    const uint8_t *ground;
    const double *other_m;
    const struct shape *grounds[SIDES]; /* each side's own ground, for its guess */
    /* Their union, beyond which both are blind; NULL: their outer borders are far from the shared
     * one. Where they are near and not given, they count as errors of the guess. */
    const struct shape *both;
};

struct border_options {
    struct density_options density; /* its edge and window are not used */
    double scale;                   /* of every density: 1e4 for incidents per hectare; 0 means 1 */
    struct dbscan_options clusters;
    struct lead_rule lead;
    bool without_guess; /* what a side would guess is not asked for, and NaN */
};

struct border_surfaces {
    struct raster alone[SIDES], together, missed;
    struct raster guess_error; /* on each side's ground that of its own guess; NaN on nobody's, and
                                  where a side has too little ground to guess from */
};

/* The strip of one bandwidth on a side's own ground, within the frame. What is a part of nothing is
 * NaN. */
struct border_strip {
    size_t cells;     /* whose centre lies in it */
    double incidents; /* the joint density integrated over it */
    double blind;
    double guess_error, guess_bias;
};

/* A cluster of one side alone that became part of a joint one. */
struct border_part {
    int32_t rank; /* in that side's own list: alone[side].items[rank - 1] */
    size_t incidents;
};
struct border_parts {
    struct border_part *items; /* by rank */
    size_t count;
};

/* What the border does to one joint cluster: together.items[number - 1]. */
struct border_cluster {
    int32_t number; /* its rank in the joint list */
    struct sides sides;
    bool crosses;
    struct border_parts parts[SIDES];
    int32_t rank[SIDES];     /* of the largest part; 0: not in that side's list */
    size_t cells;            /* whose centre lies within its outline */
    double blind[SIDES];     /* NaN when there are no such cells */
    const struct lead *lead; /* NULL when it does not cross */
};

/* Zeroed is empty. */
struct border {
    size_t incidents[SIDES]; /* weights counted */
    struct border_surfaces surfaces;
    struct border_strip strips[SIDES];
    struct clusters together;
    struct clusters alone[SIDES];    /* each numbered from 1; membership and core are those of every
                                        incident of the input, 0 for the other side's */
    struct border_cluster *clusters; /* together.count of them */
    struct leads leads;
};

bool border_run(struct border *border, const struct border_input *input,
                const struct border_options *options, struct error *error);
void border_free(struct border *border);

/* Incidents and how far each lies from the other side's ground. */
struct border_distances {
    size_t count;
    const uint8_t *side;
    const uint32_t *weight; /* NULL: each counts once */
    const double *other_m;  /* metres; NaN: not known */
};
/* How many of each side (weights counted) lie nearer to the other side than the border band is
 * wide, and could change hands when the border or their place is corrected. */
void border_uncertain(size_t counts[SIDES], const struct border_distances *distances,
                      double band_m);

#endif

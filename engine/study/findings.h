/* What a study finds at the borders in it: what each side sees alone, and what both see together.
 */
#ifndef PLEIN_STUDY_FINDINGS_H
#define PLEIN_STUDY_FINDINGS_H

#include "engine/analysis/border.h"
#include "engine/study/gather.h"
#include "engine/study/holdings.h"
#include "engine/study/pairs.h"
#include "engine/study/priority_rows.h"

/* The incidents of two jurisdictions. */
struct both_sides {
    size_t count;
    int32_t *grid_x, *grid_y, *owner;
    uint8_t *side, *domain;
    uint32_t *category, *source, *weight; /* weight is NULL when every row counts once */
    moment *when;
};

/* What is known of a side by squares of packages, besides its incidents. */
struct side_squares {
    bool take_part;
    struct square_list list;
    struct package_count count; /* of all, with and without a count */
};

/* One border. */
struct finding {
    struct border_quality quality;
    size_t owners[SIDES]; /* quality.a and quality.b: the first and the second side */
    struct both_sides incidents;
    struct side_squares squares[SIDES]; /* where a side has any, clusters, leads, holdings and the
                                           border band are of incidents alone, and say too little */
    struct box extent;                  /* of its surfaces */
    double cell_m;
    double band_m; /* of the border band: the location's accuracy, the projection's, or the width of
                      the files' own gaps and overlaps, whichever is most */
    bool without_guess;
    struct border border;
    size_t uncertain[SIDES]; /* incidents within the border band, which could change hands */
    struct holdings holdings[HOLDER_ROLES]; /* empty where no file tells */
    size_t crossing;                        /* joint clusters with incidents of both sides */
    size_t crossing_incidents;
};

/* Zeroed is empty. */
struct findings {
    bool brief; /* set by the caller: of several borders only what a line each tells, which spares
                   the guesses */
    struct gathered gathered;
    struct pairs pairs;
    struct finding *items; /* one a pair, in their order */
    size_t count;
    struct priority_rows priorities; /* of the whole selection; empty without --priorities */
};

/* Reads the study's incidents and looks at every border between selected jurisdictions, or at the
 * one that --between names. Surfaces are kept when there is one border only. */
bool findings_read(struct findings *findings, struct study *study, struct error *error);
void findings_free(struct findings *findings);

/* The border with most clusters on it, then with most incidents in them, then the first: its index.
 */
size_t findings_foremost(const struct findings *findings);
/* Looks at border `number` once more, with surfaces over `extent` alone; its strips then end where
 * the extent does. The view is the caller's, to be freed also after a failure. */
bool findings_look(struct finding *view, const struct findings *findings, size_t number,
                   struct box extent, struct error *error);
void finding_free(struct finding *finding);
bool finding_has_squares(const struct finding *finding);

#endif

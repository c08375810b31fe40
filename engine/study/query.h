/* Counts of the selected incidents by any combination of keys. */
#ifndef PLEIN_STUDY_QUERY_H
#define PLEIN_STUDY_QUERY_H

#include "engine/study/districts.h"
#include "engine/study/query_rows.h"
#include "engine/study/study.h"

/* Zeroed is empty. */
struct query {
    bool by[QUERY_KEYS];
    struct query_rows rows; /* inside a jurisdiction, in the order in which they are shown */
    size_t outside, no_place, total; /* of the study's own incidents */
    bool has_squares;                /* there are packages, whether or not any is selected */
    struct query_amount squares;     /* of packages, in all; in the rows, and not in the total */
    struct nesting nesting;          /* when counted by district */
    double band_m;                   /* how wide the border band is, when counted by it */
    struct grid grid;                /* the study's */
    struct dictionary *categories, *sources; /* the study's, borrowed */
    const struct holders *holders;           /* the same */
};

/* ERROR_USAGE for a key that there is not. NULL means by jurisdiction. */
bool query_parse_keys(struct query *query, const char *by, struct error *error);
/* Whether it is by jurisdiction alone. */
bool query_is_plain(const struct query *query);
/* Reads the study's incidents and counts; packages are for query_squares. A query by jurisdiction
 * alone has a row for each one that may be selected, with or without incidents; by jurisdiction and
 * band it has two. */
bool query_run(struct query *query, struct study *study, struct error *error);
void query_free(struct query *query);

const char *query_key_name(enum query_key key);
/* Puts rows in the order in which they are shown. */
bool query_sort(struct query *query, struct error *error);

#endif

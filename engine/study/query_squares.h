/* The squares of packages in a query: what they tell of each combination of keys, and within what
 * bounds. */
#ifndef PLEIN_STUDY_QUERY_SQUARES_H
#define PLEIN_STUDY_QUERY_SQUARES_H

#include "engine/study/query.h"

/* Adds the selected squares of every package that takes part, once query_run has counted. What they
 * cannot tell (a category, a month, ...) is not known of them. Rows are each rounded and bounded on
 * their own, so that they need not add up to the total, whose own bounds hold too. */
bool query_add_squares(struct query *query, const struct study *study, struct error *error);

#endif

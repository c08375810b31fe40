/* Clusters as a map shows them: outlines, and for those that are listed a name, a count and words.
 */
#ifndef PLEIN_REPORT_CLUSTER_ROWS_H
#define PLEIN_REPORT_CLUSTER_ROWS_H

#include "engine/report/sentences.h"

enum { CLUSTER_ROWS_LISTED = 5 };

/* Owns what the sheet borrows, but for the outlines. Zeroed is empty. */
struct cluster_rows {
    struct map_cluster *items; /* one for each cluster that is told of */
    size_t count;
    struct map_share *shares;
    struct text *words; /* two each: count, detail */
    struct text *names;
};

/* Of telling->clusters; `listed` are the indexes of those with a badge and a row. ERROR_INTERNAL:
 * memory is out. */
bool cluster_rows_make(struct cluster_rows *rows, const struct telling *telling,
                       const size_t *listed, size_t listed_count, struct error *error);
void cluster_rows_free(struct cluster_rows *rows);

#endif

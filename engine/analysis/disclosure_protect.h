/* Complementary suppression: withholds more of a table until what was withheld cannot be worked
 * out.
 */
#ifndef PLEIN_ANALYSIS_DISCLOSURE_PROTECT_H
#define PLEIN_ANALYSIS_DISCLOSURE_PROTECT_H

#include "engine/analysis/disclosure_audit.h"

/* Cells that is_kept stay published. Of the lines by which a cell leaks, the smallest published
 * count is withheld too, and the table is audited again, until nothing leaks. *lost counts the
 * cells that were withheld for the sake of others. Where `known` numbers alone give a cell away
 * there is nothing to be done: then that still leaks, which disclosure_leaks lists. The same table
 * gives the same answer. */
bool disclosure_protect(struct disclosure *table, size_t *lost, struct error *error);

/* A cell that leaks, and what is left of it. */
struct disclosure_leak {
    size_t cell;
    struct disclosure_span span;
    enum disclosure_observer observer;
};
struct disclosure_leaks {
    struct disclosure_leak *items; /* by cell; the first observer who gets it */
    size_t count;
};
bool disclosure_leaks_find(struct disclosure_leaks *leaks, const struct disclosure *table,
                           struct error *error);
void disclosure_leaks_free(struct disclosure_leaks *leaks);

#endif

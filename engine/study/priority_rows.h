/* A study's stated priorities, crossed with what its incidents show. */
#ifndef PLEIN_STUDY_PRIORITY_ROWS_H
#define PLEIN_STUDY_PRIORITY_ROWS_H

#include "engine/analysis/loads.h"
#include "engine/formats/priorities.h"
#include "engine/study/study.h"

struct priority_standing {
    uint32_t jurisdiction;         /* index in the study's boundaries */
    const char *category;          /* plein's word */
    const struct priority *stated; /* NULL: none is */
    size_t incidents;              /* weights counted */
    double share;                  /* of the jurisdiction's incidents, 0 to 1; NAN: it has none */
    enum load_verdict verdict;
};

/* Zeroed is empty. */
struct priority_rows {
    struct priority_standing *items; /* by jurisdiction, falling incidents, then category */
    size_t count;
    struct load_rule rule; /* what counted as a load */
    size_t even_of;        /* the least share is one of so many categories; 0: it was given */
    struct priorities priorities;
    char **words; /* categories, by their bytes */
    size_t word_count;
};

/* Reads options->priorities and the study's incidents. Counts and shares are of the selection.
 * A jurisdiction that the file does not name has no rows, for what it wants is not known. A
 * priority counts when it is in force on a day of the selection's period, else of the months that
 * the incidents are of, and when its jurisdiction, category and domain are selected. Without
 * [priorities] least-share a load has at least the share that each category would have if all were
 * equally frequent: those of the selection's incidents that the vocabulary knows, or all when it
 * knows none.
 *
 * ERROR_SETTINGS with file and line: a jurisdiction that is not there, the same priority of the
 * same source twice at one time. Notes tell of a category that the vocabulary lacks, of priorities
 * left out, and of what counts as a load. */
bool priority_rows_find(struct priority_rows *rows, struct study *study, struct error *error);
void priority_rows_free(struct priority_rows *rows);

#endif

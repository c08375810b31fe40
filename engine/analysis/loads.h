/* Stated priorities against the load that was measured: what gets attention, and what asks for it.
 */
#ifndef PLEIN_ANALYSIS_LOADS_H
#define PLEIN_ANALYSIS_LOADS_H

#include "engine/core/base.h"

/* A category is a load for a jurisdiction when it has at least this share of the jurisdiction's
 * incidents, and at least so many of them. A share says nothing of how bad a thing is: that a
 * priority is without load does not mean that it should be none. */
struct load_rule {
    double least_share; /* 0 to 1 */
    size_t least_incidents;
};

/* What is measured, or stated, of one category in one jurisdiction. */
struct load_measured {
    uint32_t jurisdiction, category;
    size_t incidents;
};
struct load_stated {
    uint32_t jurisdiction, category;
};

struct load_input {
    const struct load_measured *measured; /* by jurisdiction, then category; each pair once */
    size_t measured_count;
    const struct load_stated *stated; /* by jurisdiction, then category */
    size_t stated_count;
    const size_t *totals; /* of each jurisdiction: incidents of all categories, and without one */
    const bool *is_known; /* of each jurisdiction: have its priorities been stated? Where not,
                             nothing can be said, and there are no rows */
    struct load_rule rule;
};

enum load_verdict {
    LOAD_PRIORITY_WITH,    /* a priority, and a load */
    LOAD_PRIORITY_WITHOUT, /* a priority, and no load */
    LOAD_WITHOUT_PRIORITY, /* a load, and no priority */
};
static const size_t LOAD_NOT_STATED = SIZE_MAX;

struct load_row {
    uint32_t jurisdiction, category;
    size_t stated; /* index of the priority, or LOAD_NOT_STATED */
    size_t incidents;
    double share; /* of the jurisdiction's incidents; NAN when it has none */
    enum load_verdict verdict;
};
/* By jurisdiction, falling incidents, category, then priority. Zeroed is empty. */
struct loads {
    struct load_row *rows;
    size_t count;
};

/* A row for each stated priority, and for each load of a known jurisdiction that no priority is
 * about. */
bool loads_find(struct loads *loads, const struct load_input *input, struct error *error);
void loads_free(struct loads *loads);

/* "priority with load", "priority without load", "load without priority". */
const char *load_verdict_name(enum load_verdict verdict);

#endif

/* Where incidents lie against who has them: those on either side of a border, by to whom they were
 * reported or who is to deal with them. */
#ifndef PLEIN_STUDY_HOLDINGS_H
#define PLEIN_STUDY_HOLDINGS_H

#include "engine/analysis/lead.h"
#include "engine/study/gather.h"

struct holding {
    uint32_t holder; /* a number among the study's holders, or HOLDER_UNKNOWN */
    const struct jurisdiction *jurisdiction; /* NULL: it is none */
    const char *name;                        /* "(unknown)" too */
    size_t incidents[SIDES];                 /* by the side on which they lie, weights counted */
};
/* First the two sides themselves, with or without incidents; then, with some, other jurisdictions
 * in the study's order, other texts by their bytes, and the unknown. Zeroed is empty, and stays so
 * when no file tells. */
struct holdings {
    struct holding *items;
    size_t count;
    size_t known[SIDES]; /* all that lie there and of which a file tells it */
};

/* Counts the incidents of the two owners. Time O(incidents + holders). */
bool holdings_count(struct holdings *holdings, const struct gathered *gathered,
                    enum holder_role role, const size_t owners[SIDES], struct error *error);
void holdings_free(struct holdings *holdings);

#endif

/* Totals that the receiver has from elsewhere: read from a file, and made known to the table of a
 * handover, so that they are thought of in what is withheld. */
#ifndef PLEIN_STUDY_HANDOVER_TOTALS_H
#define PLEIN_STUDY_HANDOVER_TOTALS_H

#include "engine/study/handover_model.h"

/* Of the sender's incidents: all that are in a square, a domain and a quarter, or in several. */
struct handover_total {
    struct square square; /* size 0: all squares of the strip */
    int32_t domain;       /* enum domain, or HANDOVER_DOMAINS: all */
    int32_t quarter;      /* its number, or HANDOVER_NO_QUARTER: all of the package's period */
    struct disclosure_span span;
};
/* Zeroed is empty. */
struct handover_totals {
    struct handover_total *items;
    size_t count, capacity;
};

/* Adds a CSV of columns square, domain, quarter, where an empty cell means all of them, and
 * incidents (exact), or low and high (an empty high: no less than low). A column size_m tells
 * larger squares from those of 100 m; other columns are passed over, and so is a row without a
 * number. ERROR_DATA with the line: columns that are not there, a square, domain, quarter or number
 * that is none, low over high. */
bool handover_totals_read(struct handover_totals *totals, const char *path, struct error *error);
void handover_totals_free(struct handover_totals *totals);

/* Adds sums for their squares to an axis whose own leaves and pieces are there. */
bool handover_totals_squares(struct handover *handover, struct disclosure_axis *axis,
                             struct error *error);
/* Makes the numbers known. Of a square that went into a larger one, what is beside it in that one
 * is guarded from then on. Counts in totals_aside those that say nothing of the package. */
void handover_totals_tell(struct handover *handover);

#endif

/* A chart of the second side's share in each cluster, with its interval and what the rule says. */
#ifndef PLEIN_DRAW_LEADCHART_H
#define PLEIN_DRAW_LEADCHART_H

#include "engine/draw/block.h"

struct lead_row {
    const char *label;       /* "Europaplein"; the share is put behind it */
    const char *verdict;     /* "gedeeld", "wijst naar Beverwijk", "niet te zeggen" */
    double share, low, high; /* of the second side, 0 to 1; low and high NAN: no interval */
    bool finding;
};

struct lead_chart {
    struct block_head head;
    const struct lead_row *rows; /* what does not fit is left out from the end */
    size_t row_count;            /* 0: no such block */
    /* Below the one the evidence can point to the first, above the other to the second: 0.4, 0.6.
     * The washes begin there. Both 0: no washes. */
    double first_below, second_above;
};

/* Draws the block. */
void leadchart_draw(const struct block *block, const struct lead_chart *chart);

#endif

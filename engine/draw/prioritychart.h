/* A chart of what each of two sides says comes first, against what is reported there. */
#ifndef PLEIN_DRAW_PRIORITYCHART_H
#define PLEIN_DRAW_PRIORITYCHART_H

#include "engine/draw/block.h"

/* Of one category on one side. Priority with load, without load, and load without priority all show
 * as what they are: a mark with a bar, a mark alone, a bar alone. */
struct priority_cell {
    const char *priority; /* as stated, short: "1", "hoog"; "" or NULL: none was stated */
    double load;          /* this category's share of the side's incidents, 0 to 1 */
};

struct priority_row {
    const char *label;             /* the category: "rondhangen" */
    struct priority_cell cells[2]; /* of the first and the second side */
};

struct priority_chart {
    struct block_head head;          /* "Prioriteit en last" */
    const struct priority_row *rows; /* what does not fit is left out from the end */
    size_t row_count;                /* 0: no such block, and it takes no room */
};

/* Draws the block. */
void prioritychart_draw(const struct block *block, const struct priority_chart *chart);

#endif

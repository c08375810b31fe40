/* Bars that tell how much of a density each of two sides cannot see. */
#ifndef PLEIN_DRAW_BLINDBARS_H
#define PLEIN_DRAW_BLINDBARS_H

#include "engine/draw/block.h"

struct blind_row {
    const char *label; /* "Strook 100 m", "Europaplein" */
    double share[2];   /* of the first and the second side, 0 to 1; NAN: not known */
    bool finding;
};

struct blind_bars {
    struct block_head head;
    const struct blind_row *rows; /* the most telling first: what does not fit is left out */
    size_t row_count;             /* 0: no such block */
};

/* Draws the block. */
void blindbars_draw(const struct block *block, const struct blind_bars *bars);

#endif

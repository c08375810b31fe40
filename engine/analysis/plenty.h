/* Tells where so many points lie that it matters no longer how many they are. */
#ifndef PLEIN_ANALYSIS_PLENTY_H
#define PLEIN_ANALYSIS_PLENTY_H

#include "engine/analysis/sums.h"

/* Points are counted in square blocks of cells, on the raster and around it; that they are within
 * reach of a cell is only said of blocks that are so as a whole. */
struct plenty {
    struct frame frame;
    double enough;        /* points within reach of a cell's centre */
    size_t around;        /* columns and rows before the raster and behind it */
    int shift;            /* a block's side is 2 to this */
    size_t columns, rows; /* blocks */
    long window;          /* blocks from one to the farthest that has a cell in reach, at least */
    int64_t *counts;      /* by block; the caller adds what it counts */
    int64_t *sums;        /* by row of blocks and column, and one more: of those before */
    int32_t *short_of;    /* in the same way, and over rows: blocks that have not enough */
    uint8_t *skips;       /* by block: whether its points need not be counted */
    long *sure;           /* by rows away: blocks to either side that are in reach as a whole */
    long sure_count;
};

bool plenty_new(struct plenty *plenty, const struct frame *frame, double enough, size_t around,
                struct error *error);
void plenty_free(struct plenty *plenty);
/* The block of the cell that lies so many columns and rows from the first one around the raster. */
static inline size_t plenty_block(const struct plenty *plenty, size_t column, size_t row)
{
    return (row >> plenty->shift) * plenty->columns + (column >> plenty->shift);
}
/* The first column after this one of the raster that lies in another block. */
static inline size_t plenty_block_end(const struct plenty *plenty, size_t column)
{
    size_t block = ((column + plenty->around) >> plenty->shift) + 1;
    return (block << plenty->shift) - plenty->around;
}

/* Looks anew at what the counts allow. A point that `skips` says so of can be left out, and out of
 * the counts: it changes only cells that plenty_covers. */
bool plenty_refresh(struct plenty *plenty, struct error *error);
/* Whether the raster's cell is farther than the reach from every one that may have less than
 * enough: the same whichever points were left out. */
bool plenty_covers(const struct plenty *plenty, size_t column, size_t row);

#endif

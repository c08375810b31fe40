/* A table of the rank of each cluster in several lists. */
#ifndef PLEIN_DRAW_RANKTABLE_H
#define PLEIN_DRAW_RANKTABLE_H

#include "engine/draw/block.h"

#include <stdint.h>

/* Instead of an area: the list of all together. */
#define RANK_TOGETHER SIZE_MAX

/* One list; its head is in the colour of the area's side. */
struct rank_column {
    const char *head; /* "Heemskerk", "samen" */
    size_t area;      /* index into the areas, or RANK_TOGETHER */
};

struct rank_cell {
    size_t rank;       /* 0: not in that list */
    const char *count; /* in brackets: "1.234"; "" or NULL: none */
};

struct rank_row {
    const char *label;
    const struct rank_cell *cells; /* one a column */
    bool finding;
};

struct rank_table {
    struct block_head head;
    const struct rank_column *columns;
    size_t column_count;
    const struct rank_row *rows; /* what does not fit is left out from the end */
    size_t row_count;            /* 0: no such block */
    const struct map_area *areas;
};

/* Draws the block. */
void ranktable_draw(const struct block *block, const struct rank_table *table);

#endif

/* The blocks beside the border sheet's maps: blind spots, places in the lists, who could lead, and
 * priorities with their load. */
#ifndef PLEIN_REPORT_BORDER_BLOCKS_H
#define PLEIN_REPORT_BORDER_BLOCKS_H

#include "engine/core/text.h"
#include "engine/draw/bordersheet.h"
#include "engine/report/border_words.h"
#include "engine/study/findings.h"

enum { BORDER_BLOCK_ROWS = 6, BORDER_BLOCK_TEXTS = 120 };

struct border_blocks_input {
    const struct findings *findings;
    const struct finding *finding; /* along the whole border */
    const struct finding *view;    /* over the sheet's ground */
    const struct border_telling *words;
    const char *const *places; /* of the joint clusters; NULL: unnamed */
    const struct map_area *areas;
    bool by_squares; /* a side is known by its squares: of those no cluster is, nor what follows */
};

/* What the rows of a sheet's blocks borrow. Zeroed is empty. */
struct border_blocks {
    struct text texts[BORDER_BLOCK_TEXTS];
    size_t text_count;
    struct blind_row blind[BORDER_BLOCK_ROWS + 1];
    struct rank_row ranks[BORDER_BLOCK_ROWS];
    struct rank_cell cells[BORDER_BLOCK_ROWS][BORDER_MAPS];
    struct rank_column columns[BORDER_MAPS];
    struct lead_row leads[BORDER_BLOCK_ROWS];
    struct priority_row priorities[BORDER_BLOCK_ROWS];
};

/* Sets the sheet's blocks, which borrow from `blocks` and from the input. */
bool border_blocks_set(struct border_sheet *sheet, struct border_blocks *blocks,
                       const struct border_blocks_input *input, struct error *error);
void border_blocks_free(struct border_blocks *blocks);

#endif

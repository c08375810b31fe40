/* The two ways to sort points into cells. Only files called neighbours* include this. */
#ifndef PLEIN_SPACE_NEIGHBOURS_BUILD_H
#define PLEIN_SPACE_NEIGHBOURS_BUILD_H

#include "engine/space/neighbours.h"

static inline int64_t cell_frame_key(const struct cell_frame *frame, int32_t x, int32_t y)
{
    uint32_t column = ((uint32_t)x - (uint32_t)frame->x_min) / frame->side;
    uint32_t row = ((uint32_t)y - (uint32_t)frame->y_min) / frame->side;
    return ((int64_t)row + CELL_MARGIN) * frame->stride + column + CELL_MARGIN;
}

/* Both fill neighbours whose frame is set, and free nothing when they fail. The dense grid must
 * have fewer than 2^31 cells. */
bool neighbours_build_dense(struct neighbours *neighbours, const struct points *points,
                            const struct neighbours_options *options, struct error *error);
bool neighbours_build_sparse(struct neighbours *neighbours, const struct points *points,
                             const struct neighbours_options *options, struct error *error);

#endif

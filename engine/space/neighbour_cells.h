/* Points in square cells, and the cells within reach of a cell. */
#ifndef PLEIN_SPACE_NEIGHBOUR_CELLS_H
#define PLEIN_SPACE_NEIGHBOUR_CELLS_H

#include "engine/core/geometry.h"

struct spot {
    int32_t x, y;
    uint32_t index; /* where the point stood */
};

struct place_box {
    int32_t x_min, y_min, x_max, y_max;
};

/* What is known of the points of a cell that are left out. */
struct left_out {
    struct place_box box;
    uint32_t size;
};

/* Where the cells lie: as wide as they can be so that any two points of one lie within the radius
 * (side radius / sqrt 2). A cell's key is row * stride + column, with empty cells all around. */
enum { CELL_MARGIN = 2 };
struct cell_frame {
    int64_t reach2; /* the radius squared, rounded down */
    int64_t stride, rows;
    int32_t x_min, y_min;
    uint32_t side;
    int spans[3]; /* how many columns away a cell 0, 1 or 2 rows away may be; -1: none */
};

/* Cell c holds the positions starts[c] .. starts[c + 1] - 1. On a dense grid there is every cell,
 * with a point or without; where that would be too many, the occupied ones alone are kept, so that
 * the extent costs nothing. Zeroed is empty. */
struct neighbours {
    size_t count, cell_count; /* of the points that are kept, and of cells */
    struct spot *spots;       /* the points, by cell; within one as they stood */
    uint32_t *starts;         /* cell_count + 1 */
    int64_t *keys;            /* of each cell, rising; NULL: dense, cell c has key c */
    uint32_t *left_numbers;   /* by cell: which of left_out, or CELL_IS_KEPT; NULL: all are kept */
    struct left_out *left_out;
    struct cell_frame frame;
};
#define CELL_IS_KEPT UINT32_MAX

static inline int64_t neighbours_distance2(struct spot a, struct spot b)
{
    int64_t x = (int64_t)a.x - b.x, y = (int64_t)a.y - b.y;
    return x * x + y * y;
}

/* NULL when the cell's points are kept. */
static inline const struct left_out *neighbours_left_out(const struct neighbours *neighbours,
                                                         size_t cell)
{
    return neighbours->left_numbers == NULL || neighbours->left_numbers[cell] == CELL_IS_KEPT
               ? NULL
               : neighbours->left_out + neighbours->left_numbers[cell];
}

/* How many points are in a cell, kept or left out. */
static inline size_t neighbours_size(const struct neighbours *neighbours, size_t cell)
{
    const struct left_out *left_out = neighbours_left_out(neighbours, cell);
    return left_out != NULL ? left_out->size
                            : neighbours->starts[cell + 1] - neighbours->starts[cell];
}

static inline int64_t neighbours_key(const struct neighbours *neighbours, size_t cell)
{
    return neighbours->keys != NULL ? neighbours->keys[cell] : (int64_t)cell;
}

/* Where a walk over rising cells stands; start it at the first cell that is asked about. */
struct neighbour_walk {
    size_t at[5];
};
void neighbours_walk(struct neighbour_walk *walk, const struct neighbours *neighbours, size_t cell);

/* Cells first .. end - 1, whose positions follow one another too. */
struct cell_run {
    size_t first, end;
    int row; /* away from the cell that was asked about */
};
enum { NEAR_RUNS = 5 };
size_t neighbours_near_sparse(struct cell_run runs[NEAR_RUNS], struct neighbour_walk *walk,
                              const struct neighbours *neighbours, size_t cell);
/* Writes the cells that may hold a point within the radius of one of this cell's, nearer rows
 * first, and returns how many runs they are. Its own row comes first, with the cell itself. Cells
 * must be asked about in rising order. */
static inline size_t neighbours_near(struct cell_run runs[NEAR_RUNS], struct neighbour_walk *walk,
                                     const struct neighbours *neighbours, size_t cell)
{
    static const int ROWS[NEAR_RUNS] = {0, -1, 1, -2, 2};
    const struct cell_frame *frame = &neighbours->frame;
    size_t count = 0;
    if (neighbours->keys != NULL)
        return neighbours_near_sparse(runs, walk, neighbours, cell);
    for (size_t r = 0; r < NEAR_RUNS; r++) {
        int span = frame->spans[(r + 1) / 2];
        size_t middle = cell + (size_t)(ROWS[r] * frame->stride);
        if (span >= 0)
            runs[count++] =
                (struct cell_run){middle - (size_t)span, middle + (size_t)span + 1, ROWS[r]};
    }
    return count;
}
/* Of the cells that share a side or a corner with this one, those below it in number: each pair of
 * cells once. */
size_t neighbours_adjacent_lower(struct cell_run runs[NEAR_RUNS], struct neighbour_walk *walk,
                                 const struct neighbours *neighbours, size_t cell);

/* The squared distances from a spot to the rows and columns of cells 2 before its own to 2 after
 * it. */
struct cell_gaps {
    int64_t rows2[5], columns2[5];
};
void neighbours_gaps(struct cell_gaps *gaps, const struct neighbours *neighbours, struct spot spot);

/* The key of the cell that holds a place. */
static inline int64_t cell_frame_key(const struct cell_frame *frame, int32_t x, int32_t y)
{
    uint32_t column = ((uint32_t)x - (uint32_t)frame->x_min) / frame->side;
    uint32_t row = ((uint32_t)y - (uint32_t)frame->y_min) / frame->side;
    return ((int64_t)row + CELL_MARGIN) * frame->stride + column + CELL_MARGIN;
}

#endif

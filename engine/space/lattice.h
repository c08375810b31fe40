/* Stands in for a costly transform by biquadratic patches on a fixed lattice. */
#ifndef PLEIN_SPACE_LATTICE_H
#define PLEIN_SPACE_LATTICE_H

#include "engine/core/base.h"

/* Points to transform in place. */
struct lattice_batch {
    double *x, *y;
    bool *off_grid; /* set for each: whether a correction was lacking there */
    size_t count;
};

/* The costly transform itself; NaN for what it cannot transform. Several threads may call it. */
typedef bool lattice_exact(void *state, const struct lattice_batch *batch, struct error *error);

/* Where the cells lie: a point is in cell (floor of column, floor of row), counted from the first,
 * with column = column[0] + column[1] x + column[2] y. */
struct lattice_frame {
    double column[3], row[3];
    int first_column, first_row, columns, rows;
};
enum { LATTICE_MOST_CELLS = 1 << 19 };

struct lattice;

/* Patches are made when a point first needs one, from nine values of `exact` (in metres), and held
 * against four more; where they are off by more than 0.05 mm, and outside the frame, `exact` does
 * every point. Either way a point's result depends on the point alone. Memory: at most 8 + 160
 * bytes a cell. */
struct lattice *lattice_open(const struct lattice_frame *frame, lattice_exact *exact, void *state,
                             struct error *error);
void lattice_close(struct lattice *lattice); /* NULL is fine */

/* Transforms in place (`off_grid` of the batch may be NULL) and adds the points off the correction
 * grid to *off_grid. Several threads may call at one time. About 8 ns a point once its patch is
 * there. */
bool lattice_points(struct lattice *lattice, const struct lattice_batch *points, size_t *off_grid,
                    struct error *error);

#endif

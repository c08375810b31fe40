/* Counts points within a distance of the centres of a raster's cells, exactly. */
#ifndef PLEIN_ANALYSIS_COUNTS_H
#define PLEIN_ANALYSIS_COUNTS_H

#include "engine/analysis/field.h"
#include "engine/analysis/sums.h"

/* Where a point begins and ends to count in each row within reach: told by a table, made once, of
 * 16 x 16 places in a cell; only cells whose centre is within reach of a part of such a place are
 * looked at for each point. */
struct counts;

/* A weight of 1 is `unit`: 1 for whole weights, which makes exact counts. Cells that are farther
 * than the reach from every one that counts less than `enough` may be given that instead of their
 * count, which is quicker where there are many points; 0: all of them are counted. */
struct counts *counts_open(const struct frame *frame, double unit, double enough,
                           struct error *error);
void counts_close(struct counts *counts); /* NULL is fine */

/* Adds points with their weights, rounded to whole units. Time O(points * rows within reach). */
bool counts_add(struct counts *counts, const struct points *points, const double *weights,
                struct error *error);
/* Writes into values (columns * rows) the sum of the weights less than the reach from each cell's
 * centre, as a number of units times factor. */
bool counts_sum(double *values, struct counts *counts, double factor, struct error *error);

#endif

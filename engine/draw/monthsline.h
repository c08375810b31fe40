/* A line per month, with what was done marked on it. */
#ifndef PLEIN_DRAW_MONTHSLINE_H
#define PLEIN_DRAW_MONTHSLINE_H

#include "engine/draw/block.h"

/* What was done, and for how long: in months from the beginning of the first month, parts of a
 * month included. */
struct months_measure {
    double from, until; /* may lie outside the chart, but not both on one side */
    const char *name;   /* "M1 extra toezicht" */
    const char *number; /* what stands there when that does not fit: "M1"; NULL: nothing */
};

/* A stretch of the opgave. */
struct months_phase {
    double from, until;
    const char *name;
};

struct months_chart {
    struct block_head head;
    int first_month; /* 12 times the year and 0 to 11 */
    size_t count;    /* months; at least 1 */
    const size_t *total;
    const size_t *sides[2];                /* of block.sides; NULL: not drawn */
    const char *total_name;                /* "samen"; its line ends on it when a side is drawn */
    const char *initials[12];              /* "j", "f" ... */
    bool first_partial, last_partial;      /* the period begins or ends within the month */
    const struct months_measure *measures; /* the most important first */
    size_t measure_count;
    const struct months_phase *phases; /* by their beginning */
    size_t phase_count;
    const char *foot[3]; /* lines under the chart */
};

/* Draws the block; the plot takes the height that the words leave. */
bool monthsline_draw(const struct block *block, const struct months_chart *chart,
                     struct error *error);

/* Figures from 0 up to at least the value, in at most so many (1 or more) round steps. */
struct months_axis {
    double step;
    int steps;
};
struct months_axis monthsline_axis(double most, int steps_most);

#endif

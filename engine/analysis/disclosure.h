/* Counts in a table that is to be published with all its sums: which cells are withheld, and what
 * the others are rounded to. After Hundepool et al. (2012), Statistical Disclosure Control, ch. 4.
 */
#ifndef PLEIN_ANALYSIS_DISCLOSURE_H
#define PLEIN_ANALYSIS_DISCLOSURE_H

#include "engine/core/base.h"

/* One way of dividing incidents, with the sums that are asked for: domains and all together,
 * quarters and all, squares with larger squares and all. Leaves come first, then sums. A line says
 * which nodes add up to a sum; some sums have more than one. */
struct disclosure_axis {
    size_t leaf_count, node_count;
    size_t line_count;
    size_t *sums;        /* of each line */
    size_t *part_starts; /* line_count + 1: where its parts begin */
    size_t *parts;       /* nodes with lower numbers than the sum */
};
/* An axis of leaves alone; false and an error when memory is out. */
bool disclosure_axis_new(struct disclosure_axis *axis, size_t leaf_count, struct error *error);
/* One more sum, of two or more nodes that are there already (of one, it would be that node); its
 * number is *node. */
bool disclosure_axis_add(struct disclosure_axis *axis, const size_t *parts, size_t count,
                         size_t *node, struct error *error);
/* Another way in which a sum adds up. */
bool disclosure_axis_also(struct disclosure_axis *axis, size_t sum, const size_t *parts,
                          size_t count, struct error *error);
void disclosure_axis_free(struct disclosure_axis *axis);

enum { DISCLOSURE_AXES = 3, DISCLOSURE_ROUNDED_TO = 5 };

enum disclosure_state {
    CELL_ABSENT,    /* no part of the table: it is not asked for at all */
    CELL_GUARDED,   /* the same, but an earlier table withheld it */
    CELL_WITHHELD,  /* its place in the table is blank */
    CELL_PUBLISHED, /* its rounded count stands in the table */
};

/* Whole numbers that a count may be. */
struct disclosure_span {
    int64_t low, high; /* DISCLOSURE_NO_END: there is no highest */
};
#define DISCLOSURE_NO_END (INT64_MAX / 4)

/* One cell for each node of the first axis by each of the second by each of the third, which runs
 * fastest. */
struct disclosure {
    struct disclosure_axis axes[DISCLOSURE_AXES]; /* taken over */
    size_t cell_count;
    uint32_t least;    /* k: a count below it is not published, 0 no less than 1 */
    uint32_t *counts;  /* of the leaves as they were added; of sums, after disclosure_sum */
    uint32_t *largest; /* the same of the one source that has most of the cell */
    uint8_t *states;   /* enum disclosure_state */
    bool *is_kept;     /* is not withheld for the sake of others */
    uint32_t *rounded; /* what is published */
    struct disclosure_span *known; /* to others, from elsewhere: {0, DISCLOSURE_NO_END} at first */
};
/* Takes the axes over, also on failure. All cells are CELL_WITHHELD with counts of 0. */
bool disclosure_new(struct disclosure *table, const struct disclosure_axis axes[DISCLOSURE_AXES],
                    uint32_t least, struct error *error);
void disclosure_free(struct disclosure *table);

bool disclosure_is_withheld(const struct disclosure *table, size_t cell); /* or guarded */
size_t disclosure_cell(const struct disclosure *table, size_t first, size_t second, size_t third);

/* Adds the counts of one source, given for the leaves (zeroed elsewhere), in the layout of the
 * table; `counts` is summed up on the way. */
void disclosure_add_source(struct disclosure *table, uint32_t *counts);

/* What of a count of several sources the others back: all of it, and at most so much that the
 * largest has 95 % of it, twenty times what the others have. Less than the count: the largest has
 * over 95 %. One incident fewer, of whatever source, never makes it more. */
uint32_t disclosure_backed(uint32_t count, uint32_t largest);

/* Primary suppression: publishes, rounded, each cell that is CELL_WITHHELD, has at least `least`
 * incidents and, where there are several sources, at most 95 % from one of them. */
void disclosure_publish(struct disclosure *table, size_t source_count);

/* The nearest multiple of DISCLOSURE_ROUNDED_TO. */
uint32_t disclosure_round(uint32_t count);
/* What a published number tells. */
struct disclosure_span disclosure_behind(uint32_t rounded, uint32_t least);

#endif

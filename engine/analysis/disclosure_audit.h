/* What somebody who has all that is published, and can add and subtract, learns of a cell that was
 * withheld. */
#ifndef PLEIN_ANALYSIS_DISCLOSURE_AUDIT_H
#define PLEIN_ANALYSIS_DISCLOSURE_AUDIT_H

#include "engine/analysis/disclosure.h"

/* Who looks: anybody takes the numbers as they stand; an insider knows the rules too, and so that
 * a kept cell that is withheld (for nobody else's sake) is below k. */
enum disclosure_observer { OBSERVER_ANYBODY, OBSERVER_INSIDER, OBSERVER_COUNT };

/* Fills spans[cell_count], the least and the most that each cell can be, by interval propagation:
 * every sum bounds its parts, and they bound it, until nothing changes (Denning & Schlörer 1983
 * call it a compromise when a span gets too narrow). Numbers that contradict one another, as those
 * of two packages may when a report came late, narrow nothing. */
void disclosure_spans(struct disclosure_span *spans, const struct disclosure *table,
                      enum disclosure_observer observer);

/* Narrows what is known of each cell to what the known numbers alone tell, so that nothing is laid
 * to the table that it does not add. */
void disclosure_work_out_known(struct disclosure *table);

/* Whether the cell is withheld, and the span tells too much of it: anybody must be left with at
 * least k between the ends, the insider with all numbers from 0 to k - 1 or as many others. What is
 * known from elsewhere as well as that is no leak of this table's. */
bool disclosure_is_leak(const struct disclosure *table, size_t cell, struct disclosure_span span,
                        enum disclosure_observer observer);

/* A sum and its parts, by cells. */
struct disclosure_line {
    size_t sum;
    const size_t *parts; /* nodes of the axis */
    size_t part_count;
    size_t first, stride; /* part p is the cell first + parts[p] * stride */
};
/* Visits every line that the cell stands in, as a sum or as a part. */
typedef void disclosure_visit(void *state, const struct disclosure_line *line);
void disclosure_lines_of(const struct disclosure *table, size_t cell, disclosure_visit *visit,
                         void *state);
/* What the line alone, its other cells being what they are, tells of one of its cells. */
struct disclosure_span disclosure_told(const struct disclosure_span *spans,
                                       const struct disclosure_line *line, size_t cell);

#endif

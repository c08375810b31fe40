/* The squares of packages on a border sheet: what of it they take part in, and what is said. */
#ifndef PLEIN_REPORT_BORDER_SQUARES_H
#define PLEIN_REPORT_BORDER_SQUARES_H

#include "engine/core/text.h"
#include "engine/study/findings.h"

enum { BORDER_SQUARES_BOTH = SIDES };

/* Of each side, and of both. Zeroed is empty. */
struct border_squares {
    const struct study *study;
    const struct finding *finding;
    struct packages packages[SIDES + 1]; /* items are copies that borrow */
    struct box *boxes[SIDES + 1];
    size_t counts[SIDES + 1]; /* boxes */
};
bool border_squares_find(struct border_squares *squares, const struct finding *finding,
                         const struct study *study, struct error *error);
void border_squares_free(struct border_squares *squares);
/* Whether a side has any: then no cluster of both is known, nor any place in a list of both. */
bool border_squares_are_there(const struct border_squares *squares);

/* Adds how many of their incidents lie within the kernel's reach of each cell. */
bool border_squares_support(struct raster *support, const struct border_squares *squares, int which,
                            struct error *error);
/* "1,728–1,732 incidents" of a side, or of both, squares counted. */
void border_squares_count(struct text *text, const struct border_squares *squares, int which);
/* The largest cluster of which either side misses a tenth at least, as its density tells; NULL:
 * there is none. */
const struct border_cluster *border_squares_subject(const struct border *border);

#endif

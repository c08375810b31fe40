/* What earlier packages tell: their squares and periods in the axes of a new table, and their
 * numbers as known. */
#ifndef PLEIN_STUDY_HANDOVER_EARLIER_H
#define PLEIN_STUDY_HANDOVER_EARLIER_H

#include "engine/study/handover_model.h"

/* Where an earlier package's nodes are in the new table. */
struct handover_nodes {
    size_t *squares;  /* of each of its pieces, and of all of them */
    size_t *quarters; /* of each of its quarters, of those without a date, and of all */
};
#define NODE_NOWHERE SIZE_MAX   /* no part of the new table says the same */
#define NODE_ALL (SIZE_MAX - 1) /* the sum that stands last */

/* The leaves that the quarters' axis needs besides its own: earlier quarters outside the new
 * period. */
size_t handover_earlier_quarters(const struct handover *handover);
/* Add sums for the squares, and for the periods, to axes whose own leaves and pieces are there; the
 * sum over all is added afterwards. */
bool handover_earlier_squares(struct handover *handover, struct disclosure_axis *axis,
                              struct error *error);
bool handover_earlier_periods(struct handover *handover, struct disclosure_axis *axis,
                              struct error *error);
/* The leaf of a quarter, the new table's or an earlier package's, or NODE_NOWHERE. */
size_t handover_earlier_quarter(const struct handover *handover, int32_t quarter);
/* The node of a square's part in the strip, added to the axis unless it is there as a piece or a
 * square of 100 m; NODE_NOWHERE when it has none. */
bool handover_earlier_square(struct handover *handover, struct disclosure_axis *axis,
                             const struct square *square, size_t *node, struct error *error);
/* Narrows what is known of a cell; what contradicts it tells of something else. */
void handover_make_known(struct handover *handover, size_t cell, struct disclosure_span span);
/* Makes the numbers known, and guards what was withheld. */
void handover_earlier_tell(struct handover *handover);
void handover_earlier_free(struct handover *handover);

#endif

/* Incidents one by one in a handover, as coarse as an agreement allows: by square of 100 m and
 * quarter, without anything that tells one from another. */
#ifndef PLEIN_STUDY_HANDOVER_ROWS_H
#define PLEIN_STUDY_HANDOVER_ROWS_H

#include "engine/formats/table.h"
#include "engine/study/gather.h"
#include "engine/study/handover_model.h"

/* Fills handover->rows with the sender's incidents in the squares, organised crime left out unless
 * the study's options allow it, in the order of handover_row_compare. */
bool handover_rows_list(struct handover *handover, const struct gathered *gathered,
                        struct error *error);
/* By square, domain, category, quarter, source, weight: all that is published, and nothing else, so
 * that the order of the rows tells nothing. */
int handover_row_compare(const void *left, const void *right);

/* Adds the incidents of a package's incidents.csv
 * (`square,x,y,domain,category,quarter,source,weight`, x and y being the square's centre) to the
 * counts of its table, as far as they are in its squares. *incidents is their number. ERROR_DATA
 * with the line: other columns, a value that is none or not the square's, a square or quarter
 * outside those of the package, rows that are not in their order, organised crime unless
 * `sensitive`. */
bool handover_rows_read(struct handover *handover, size_t *incidents,
                        const struct table_bytes *file, bool sensitive, struct error *error);

#endif

/* What two packages tell together, as tables, and how far that is from the incidents themselves. */
#ifndef PLEIN_REPORT_HANDOVER_TOGETHER_H
#define PLEIN_REPORT_HANDOVER_TOGETHER_H

#include "engine/report/sheet.h"
#include "engine/study/gather.h"
#include "engine/study/handover_merge.h"

enum { TOGETHER_SQUARE_COLUMNS = 10, TOGETHER_CLUSTER_COLUMNS = 8 };
/* `square,x,y,first,second,together,low,high,cluster,withheld`: each square of 100 m; withheld says
 * by whom, "first", "second" or "both". */
bool together_squares(struct sheet *sheet, const struct handover_joint *joint, struct error *error);
/* `cluster,squares,first,second,together,low,high,share_second`. For a table the columns of the two
 * sides are titled by their names. */
struct together_names {
    const char *sides[2];
    struct sheet_column
        columns[TOGETHER_CLUSTER_COLUMNS]; /* is filled, and must outlive the sheet */
};
bool together_clusters(struct sheet *sheet, const struct handover_joint *joint,
                       struct together_names *names, struct error *error);
/* Sentences on what the squares of two packages differ from the study's incidents: in the number
 * told, in density, and in the order of the densest squares. */
bool together_compare(struct text *text, const struct handover_joint *joint,
                      const struct gathered *gathered, struct error *error);

#endif

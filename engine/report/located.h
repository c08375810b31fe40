/* Located incidents as rows of csv or JSON, one each. */
#ifndef PLEIN_REPORT_LOCATED_H
#define PLEIN_REPORT_LOCATED_H

#include "engine/core/text.h"
#include "engine/study/study.h"

enum located_kind { LOCATED_CSV, LOCATED_EXCEL, LOCATED_JSON };

/* Adds what stands before the first row. */
void located_begin(struct text *text, enum located_kind kind);
/* Adds the rows of a batch that has an id, a category, a source and a time; border_m NaN or
 * INFINITY leaves its cell empty. A row of JSON begins with a comma, which the first row of all
 * goes without. Threads may call at one time, with a text each. */
bool located_rows(struct text *text, const struct study *study, const struct incidents *batch,
                  const double *border_m, enum located_kind kind);
/* Adds what stands behind the last row, when there was one or not. */
void located_end(struct text *text, enum located_kind kind, bool any);

#endif

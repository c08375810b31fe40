/* Incidents as layers of an export: counts by square, or one row each. */
#ifndef PLEIN_REPORT_EXPORT_INCIDENTS_H
#define PLEIN_REPORT_EXPORT_INCIDENTS_H

#include "engine/report/export_common.h"

/* Counts in squares of 100 m, by domain. Organised crime is left out (unless --sensitive), and so
 * are squares of fewer than --min-count incidents. A domain's count between 0 and that is not
 * given, nor that of another domain where the total would tell it. */
bool export_squares(struct layer *layer, const struct export_source *from, struct error *error);
/* One point an incident, ordered by place and time, so that nothing is told by the order of the
 * rows: no id, no free text, no category that the vocabulary does not know; organised crime is left
 * out (unless --sensitive). */
bool export_rows(struct layer *layer, const struct export_source *from, struct error *error);

#endif

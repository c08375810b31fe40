/* What a handover publishes, as tables: squares and the clusters that they make. */
#ifndef PLEIN_REPORT_HANDOVER_TABLES_H
#define PLEIN_REPORT_HANDOVER_TABLES_H

#include "engine/report/sheet.h"
#include "engine/study/handover_model.h"

/* `square,size_m,x,y,domain,quarter,incidents`: every cell of the table. An empty square, domain or
 * quarter is all of them; empty incidents are withheld. x and y are the south-western corner. Of a
 * square of which nothing is published there is one row. */
enum { HANDOVER_SQUARE_COLUMNS = 7, HANDOVER_CLUSTER_COLUMNS = 4, HANDOVER_ROW_COLUMNS = 8 };
bool handover_squares(struct sheet *sheet, const struct handover *handover, struct error *error);
/* `cluster,square,size_m,incidents`: the squares that each cluster covers, by number. */
bool handover_clusters(struct sheet *sheet, const struct handover *handover, struct error *error);
/* `square,x,y,domain,category,quarter,source,weight`: the rows, in their order; x and y are the
 * square's centre. */
bool handover_rows(struct sheet *sheet, const struct handover *handover, struct error *error);
/* The squares as GeoJSON in WGS 84, with their incidents, null where withheld. */
bool handover_geojson(struct text *text, const struct handover *handover, struct error *error);

#endif

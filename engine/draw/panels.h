/* What stands beside or under the map: legend, table of clusters, small map and sentence. */
#ifndef PLEIN_DRAW_PANELS_H
#define PLEIN_DRAW_PANELS_H

#include "engine/draw/ground.h"

/* Beside the map: fills the column (x, y, width, height) from top to bottom. What does not fit
 * gives way: the sentence, the small map, rows down to three, the third line of a row. */
bool panels_draw_column(const struct ground *ground, const double column[4], struct error *error);
/* Under the map: legend, then the table in two columns. */
bool panels_draw_strip(const struct ground *ground, const double strip[4], struct error *error);
/* The height that the strip wants, and the least with which it can show three clusters. */
double panels_strip_height(const struct ground *ground, double width);
double panels_strip_least(const struct ground *ground, double width);

#endif

/* Tells how often rings meet and cross, and so what GEOS will be too long about. */
#ifndef PLEIN_SPACE_POLYGONS_INTRICACY_H
#define PLEIN_SPACE_POLYGONS_INTRICACY_H

#include "engine/core/geometry.h"

/* The rings are closed, without repeated corners, and in metres. Both look at pairs of sides, for
 * about a second at most. */

/* False and ERROR_DATA where GEOS would take minutes to see whether the rings are valid. */
bool rings_can_be_asked(const struct shape *rings, struct error *error);
/* False and ERROR_DATA where GEOS would take minutes to make them valid. Sets melted[ring] for each
 * to the first ring that it melts into one with, over sides that both have whole: itself when there
 * is none before it. Rings of many corners never do. */
bool rings_can_be_mended(size_t *melted, const struct shape *rings, struct error *error);

#endif

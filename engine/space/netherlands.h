/* Whether a place lies in the Netherlands. */
#ifndef PLEIN_SPACE_NETHERLANDS_H
#define PLEIN_SPACE_NETHERLANDS_H

#include <stdbool.h>

/* European Netherlands with its inland and coastal waters, right to about a kilometre along the
 * land border; degrees. */
bool netherlands_hold(double lon, double lat);

#endif

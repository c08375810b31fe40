/* Points as distinct places, from south to north, each with its weight: an order that depends on
 * nothing but the places. */
#ifndef PLEIN_ANALYSIS_PLACES_H
#define PLEIN_ANALYSIS_PLACES_H

#include "engine/core/geometry.h"

/* By rising y, then x. Zeroed is empty. */
struct places {
    int32_t *x, *y;
    double *weights; /* whole numbers, exact below 2^53 */
    size_t count;
};

/* Points that are GRID_NOWHERE or GRID_FAR are left out. */
bool places_new(struct places *places, const struct weighted_points *points, int thread_count,
                struct error *error);
void places_free(struct places *places);
/* The first place whose y is at least so much. */
size_t places_from_y(const struct places *places, double y);

#endif

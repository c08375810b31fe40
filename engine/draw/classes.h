/* The limits between the classes of a map, in figures that people can read. */
#ifndef PLEIN_DRAW_CLASSES_H
#define PLEIN_DRAW_CLASSES_H

#include "engine/core/raster.h"

enum { CLASSES_MOST = 12 };

/* Class 0 lies below limits[0] and is not coloured; class k runs from limits[k - 1] up to, not
 * including, limits[k]; the last has no end. */
struct classes {
    double limits[CLASSES_MOST];
    size_t count; /* how many limits there are, and so how many coloured classes */
    bool smooth;  /* colours run on from limit to limit; the limits are but where figures stand */
};

/* Steps in which colours run on, so small that none is seen. */
enum { CLASSES_STEPS = 20, CLASSES_FINE_MOST = (CLASSES_MOST - 1) * CLASSES_STEPS + 1 };
/* Limits between all steps, rising; returns how many: of classes that are not smooth their own. */
size_t classes_fine(double limits[CLASSES_FINE_MOST], const struct classes *classes);

/* Chooses `count` limits (1 to CLASSES_MOST) from a doubling or a 1-2-5 series, so that 75 to 90 %
 * of the known cells stay uncoloured and under 1 % lie in the highest class, as nearly as one
 * series can give it. A raster without a positive value gets 5, 10, 20 ... */
bool classes_choose(struct classes *classes, const struct raster *raster, size_t count,
                    struct error *error);
/* Takes limits as they are; ERROR_USAGE unless they are above 0 and rise. */
bool classes_set(struct classes *classes, const double *limits, size_t count, struct error *error);
/* The class of a value; 0 for NaN. */
size_t classes_of(const struct classes *classes, double value);

#endif

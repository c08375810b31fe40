/* The exponential and the angle in plain arithmetic, so that every machine gives the same bits. */
#ifndef PLEIN_ANALYSIS_ELEMENTARY_H
#define PLEIN_ANALYSIS_ELEMENTARY_H

#include <stddef.h>

/* e^x for x <= 0, within 2 units of the last place; 0 below -700. */
double elementary_exp(double x);
/* The same of each of `count` values. */
void elementary_exp_all(double *values, size_t count);
/* The angle of (x, y) from the x axis, -pi to pi, within 1e-15; 0 for (0, 0), and the sign of a
 * zero does not matter: (-1, 0) gives pi. */
double elementary_angle(double y, double x);

#endif

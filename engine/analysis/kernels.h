/* The six kernels: their values, their reach, and how much of them lies beyond a distance. */
#ifndef PLEIN_ANALYSIS_KERNELS_H
#define PLEIN_ANALYSIS_KERNELS_H

#include <stdbool.h>

/* With u = d/h < 1: quartic 3/(pi h^2)(1-u^2)^2; Epanechnikov 2/(pi h^2)(1-u^2); triweight 4/(pi
 * h^2)(1-u^2)^3; triangular 3/(pi h^2)(1-u); uniform 1/(pi h^2). Gaussian: sd h/sqrt(8) per axis,
 * which is the quartic's, cut where it is below 1e-10 of its peak. All integrate to 1. */
enum kernel {
    KERNEL_QUARTIC,
    KERNEL_GAUSSIAN,
    KERNEL_EPANECHNIKOV,
    KERNEL_TRIANGULAR,
    KERNEL_TRIWEIGHT,
    KERNEL_UNIFORM
};
enum { KERNEL_COUNT = 6 };

/* The kernel's value at a distance. */
double kernel_value(enum kernel kernel, double bandwidth_m, double distance_m);
/* The value at its centre. */
double kernel_peak(enum kernel kernel, double bandwidth_m);
/* The value as a part of the peak, by (d/h)^2. */
double kernel_shape(enum kernel kernel, double u2);
/* How far from its centre a kernel is not 0 (for the Gaussian: where it is cut). */
double kernel_reach_m(enum kernel kernel, double bandwidth_m);
/* The part of the kernel that lies farther than d from its centre, less 1, over (d/h)^2: by
 * u2 = (d/h)^2. It is smooth down to 0, where the part itself is not when seen along a line. */
double kernel_tail_slope(enum kernel kernel, double u2);
const char *kernel_name(enum kernel kernel);
/* By its name in lower case. */
bool kernel_parse(enum kernel *kernel, const char *text);

#endif

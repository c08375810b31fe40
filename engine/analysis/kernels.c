/* The six kernels: their values, their reach, and how much of them lies beyond a distance. */
#include "engine/analysis/kernels.h"

#include "engine/analysis/elementary.h"

#include <math.h>
#include <string.h>

static const char *const NAMES[KERNEL_COUNT] = {
    [KERNEL_QUARTIC] = "quartic",           [KERNEL_GAUSSIAN] = "gaussian",
    [KERNEL_EPANECHNIKOV] = "epanechnikov", [KERNEL_TRIANGULAR] = "triangular",
    [KERNEL_TRIWEIGHT] = "triweight",       [KERNEL_UNIFORM] = "uniform",
};

/* With sd = h/sqrt(8) the Gaussian is exp(-4 u^2); ln(1e-10) = -23.02585... */
static const double GAUSSIAN_CUT_U2 = 23.025850929940457 / 4;

double kernel_shape(enum kernel kernel, double u2)
{
    double rest = 1 - u2;
    if (kernel == KERNEL_GAUSSIAN)
        return u2 < GAUSSIAN_CUT_U2 ? elementary_exp(-4 * u2) : 0;
    if (!(u2 < 1))
        return 0;
    switch (kernel) {
    case KERNEL_QUARTIC:
        return rest * rest;
    case KERNEL_EPANECHNIKOV:
        return rest;
    case KERNEL_TRIANGULAR:
        return 1 - sqrt(u2);
    case KERNEL_TRIWEIGHT:
        return rest * rest * rest;
    case KERNEL_UNIFORM:
    case KERNEL_GAUSSIAN:
        break;
    }
    return 1;
}

double kernel_peak(enum kernel kernel, double bandwidth_m)
{
    static const double PEAKS[KERNEL_COUNT] = {
        [KERNEL_QUARTIC] = 3,    [KERNEL_GAUSSIAN] = 4,  [KERNEL_EPANECHNIKOV] = 2,
        [KERNEL_TRIANGULAR] = 3, [KERNEL_TRIWEIGHT] = 4, [KERNEL_UNIFORM] = 1,
    };
    return PEAKS[kernel] / (M_PI * bandwidth_m * bandwidth_m);
}

double kernel_value(enum kernel kernel, double bandwidth_m, double distance_m)
{
    double u2 = distance_m * distance_m / (bandwidth_m * bandwidth_m);
    return kernel_peak(kernel, bandwidth_m) * kernel_shape(kernel, u2);
}

double kernel_reach_m(enum kernel kernel, double bandwidth_m)
{
    return kernel == KERNEL_GAUSSIAN ? bandwidth_m * sqrt(GAUSSIAN_CUT_U2) : bandwidth_m;
}

/* (exp(-z) - 1) / z, which loses its digits near 0 when computed as it stands there. */
static double exponential_slope(double z)
{
    if (z > 0.5)
        return (elementary_exp(-z) - 1) / z;
    double sum = 1;
    for (int term = 14; term >= 2; term--)
        sum = 1 - z * sum / term;
    return -sum;
}

/* The tails are (1-u^2)^3, exp(-4u^2), (1-u^2)^2, 1-3u^2+2u^3, (1-u^2)^4 and 1-u^2. */
double kernel_tail_slope(enum kernel kernel, double u2)
{
    switch (kernel) {
    case KERNEL_QUARTIC:
        return -3 + u2 * (3 - u2);
    case KERNEL_GAUSSIAN:
        return 4 * exponential_slope(4 * u2);
    case KERNEL_EPANECHNIKOV:
        return -2 + u2;
    case KERNEL_TRIANGULAR:
        return -3 + 2 * sqrt(u2);
    case KERNEL_TRIWEIGHT:
        return -4 + u2 * (6 - u2 * (4 - u2));
    case KERNEL_UNIFORM:
        break;
    }
    return -1;
}

const char *kernel_name(enum kernel kernel)
{
    return NAMES[kernel];
}

bool kernel_parse(enum kernel *kernel, const char *text)
{
    for (int k = 0; k < KERNEL_COUNT; k++)
        if (strcmp(text, NAMES[k]) == 0) {
            *kernel = (enum kernel)k;
            return true;
        }
    return false;
}

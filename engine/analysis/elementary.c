/* The exponential and the angle in plain arithmetic, so that every machine gives the same bits. */
#include "engine/analysis/elementary.h"

#include "engine/core/clones.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* ln 2 in two parts, the first short enough that its multiples by whole numbers are exact. */
static const double LN2_HIGH = 0x1.62e42fee00000p-1, LN2_LOW = 0x1.a39ef35793c76p-33;
static const double PI_LOW = 1.2246467991473532e-16; /* what the double pi lacks */

/* For -1022 to 1023: by its bits, since this is asked millions of times. */
static double power_of_two(int power)
{
    uint64_t bits = (uint64_t)(power + 1023) << 52;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

enum { TERMS = 14, LANES = 8 };

static const double INVERSE_FACTORIALS[TERMS] = {1.0,
                                                 1.0,
                                                 1 / 2.0,
                                                 1 / 6.0,
                                                 1 / 24.0,
                                                 1 / 120.0,
                                                 1 / 720.0,
                                                 1 / 5040.0,
                                                 1 / 40320.0,
                                                 1 / 362880.0,
                                                 1 / 3628800.0,
                                                 1 / 39916800.0,
                                                 1 / 479001600.0,
                                                 1 / 6227020800.0};

double elementary_exp(double x)
{
    if (!(x >= -700))
        return 0;
    double powers = rint(x * 1.4426950408889634);
    double rest = (x - powers * LN2_HIGH) - powers * LN2_LOW; /* at most ln(2) / 2 */
    double sum = 0;
    for (int power = TERMS - 1; power >= 0; power--)
        sum = INVERSE_FACTORIALS[power] + rest * sum;
    return sum * power_of_two((int)powers); /* exact: no result here is subnormal */
}

/* To a number this large no fraction can be added: what is added is rounded as by rint, and stands
 * in the lowest bits. */
static const double ROUNDER = 0x1.8p52;

/* LANES values in steps that take all of them at once. */
WIDE_CLONES static void exp_lanes(double *restrict values)
{
    double powers[LANES], rest[LANES], sum[LANES] = {0}, scale[LANES];
    uint64_t bits[LANES];
    for (int l = 0; l < LANES; l++)
        powers[l] = values[l] * 1.4426950408889634 + ROUNDER;
    memcpy(bits, powers, sizeof bits);
    for (int l = 0; l < LANES; l++)
        bits[l] = (bits[l] + 1023) << 52;
    memcpy(scale, bits, sizeof scale);
    for (int l = 0; l < LANES; l++) {
        double whole = powers[l] - ROUNDER;
        rest[l] = (values[l] - whole * LN2_HIGH) - whole * LN2_LOW;
    }
    for (int power = TERMS - 1; power >= 0; power--)
        for (int l = 0; l < LANES; l++)
            sum[l] = INVERSE_FACTORIALS[power] + rest[l] * sum[l];
    for (int l = 0; l < LANES; l++)
        values[l] = values[l] >= -700 ? sum[l] * scale[l] : 0;
}

void elementary_exp_all(double *values, size_t count)
{
    for (size_t i = 0; i < count; i += LANES) {
        double lanes[LANES] = {0};
        size_t held = count - i < LANES ? count - i : LANES;
        memcpy(lanes, values + i, held * sizeof *lanes);
        exp_lanes(lanes);
        memcpy(values + i, lanes, held * sizeof *lanes);
    }
}

/* The arc tangent of 0 to 1, by tan(a - b) brought within tan(pi / 16), then Taylor's series. */
static double arc_tangent(double t)
{
    static const double TANGENTS[] = {0, 0.41421356237309503, 1.0};
    static const double ANGLES[] = {0, 0.39269908169872414, 0.78539816339744828};
    int k = t < 0.19891236737965801 ? 0 : t < 0.66817863791929891 ? 1 : 2;
    double u = (t - TANGENTS[k]) / (1 + t * TANGENTS[k]);
    double u2 = u * u, sum = 0;
    for (int power = 23; power >= 3; power -= 2)
        sum = u2 * (1.0 / power - sum);
    return ANGLES[k] + (u - u * sum);
}

double elementary_angle(double y, double x)
{
    double across = fabs(x), up = fabs(y);
    if (across == 0 && up == 0)
        return 0;
    double angle =
        up <= across ? arc_tangent(up / across) : M_PI_2 - (arc_tangent(across / up) - PI_LOW / 2);
    if (x < 0)
        angle = M_PI - (angle - PI_LOW);
    return y < 0 ? -angle : angle;
}

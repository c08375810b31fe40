/* How sure a share, a count and a ratio of counts are: 95 % intervals in plain arithmetic. */
#include "engine/analysis/intervals.h"

#include <math.h>

static const double Z = 1.959963984540054; /* the normal distribution's 97.5 % point */
static const double TAIL = 0.025;          /* on each side */

struct interval interval_share(size_t part, size_t whole)
{
    if (whole == 0)
        return (struct interval){NAN, 0, 1};
    double n = (double)whole, share = (double)part / n, z2n = Z * Z / n;
    double centre = (share + z2n / 2) / (1 + z2n);
    double half = Z / (1 + z2n) * sqrt(share * (1 - share) / n + z2n / (4 * n));
    return (struct interval){share, part == 0 ? 0 : centre - half,
                             part == whole ? 1 : centre + half};
}

/* A distribution of counts, by how one chance follows from the last: Poisson's with this mean, or
 * with `trials` the binomial's, whose chance of success has these odds. */
struct chances {
    double mean_or_odds;
    double trials; /* 0: Poisson */
};

/* The chance of `count` + 1 over that of `count`. */
static double step_up(const struct chances *chances, double count)
{
    double left = chances->trials > 0 ? chances->trials - count : 1;
    return left * chances->mean_or_odds / (count + 1);
}

/* Below this part of a sum, terms that fall are left out. */
static const double NEGLIGIBLE = 1e-18;

/* The chances of more than `count`, over that of `count`; INFINITY when they have no size. */
static double sum_above(const struct chances *chances, double count)
{
    double term = 1, sum = 0;
    for (double i = count; isfinite(sum); i++) {
        double step = step_up(chances, i);
        term *= step;
        sum += term;
        if (step < 1 && !(term > NEGLIGIBLE * sum))
            break;
    }
    return sum;
}

/* The chances of less than `count`, over that of `count`. */
static double sum_below(const struct chances *chances, double count)
{
    double term = 1, sum = 0;
    for (double i = count - 1; i >= 0 && isfinite(sum); i--) {
        double step = step_up(chances, i);
        term /= step;
        sum += term;
        if (step > 1 && !(term > NEGLIGIBLE * sum))
            break;
    }
    return sum;
}

/* The chance of at least `count` (upper) or of at most `count`. Chances are taken relative to that
 * of `count`, so that neither a factorial nor a logarithm is needed. */
static double tail(const struct chances *chances, double count, bool upper)
{
    double above = sum_above(chances, count), below = sum_below(chances, count);
    return upper ? 1 / (1 + below / (1 + above)) : 1 / (1 + above / (1 + below));
}

/* The mean or odds at which that chance is TAIL: by halving, until a double cannot be halved. */
static double solve(double count, double trials, bool upper)
{
    double low = 0, high = 1;
    struct chances chances = {high, trials};
    while ((tail(&chances, count, upper) < TAIL) == upper && high < 1e300)
        chances.mean_or_odds = high *= 2;
    for (;;) {
        double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high)
            return middle;
        chances.mean_or_odds = middle;
        if ((tail(&chances, count, upper) < TAIL) == upper)
            low = middle;
        else
            high = middle;
    }
}

struct interval interval_count(size_t count)
{
    double k = (double)count;
    return (struct interval){k, count == 0 ? 0 : solve(k, 0, true), solve(k, 0, false)};
}

struct interval interval_ratio(size_t count, size_t base)
{
    double k = (double)count, trials = k + (double)base;
    return (struct interval){base == 0 ? NAN : k / (double)base,
                             count == 0 ? 0 : solve(k, trials, true),
                             base == 0 ? INFINITY : solve(k, trials, false)};
}

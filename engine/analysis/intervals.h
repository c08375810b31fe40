/* How sure a share, a count and a ratio of counts are: 95 % intervals in plain arithmetic. */
#ifndef PLEIN_ANALYSIS_INTERVALS_H
#define PLEIN_ANALYSIS_INTERVALS_H

#include "engine/core/base.h"

/* All take incidents as independent of one another. Reports that come in volleys (one fight, six
 * calls) are not, and their true interval is wider. No function of the C library is used whose
 * last bit differs between machines. */
struct interval {
    double estimate, low, high;
};

/* A share, `part` of `whole` (part <= whole), 0 to 1: the score interval of Wilson (1927). It is
 * never wider than 0 to 1 and has no width of 0 for a share of 0 or 1. Of nothing: NaN, 0 to 1. */
struct interval interval_share(size_t part, size_t whole);

/* The expected count behind a count: the exact Poisson interval (Garwood 1936). 0 gives 0 to 3.69.
 * Time O(sqrt(count)), 3 ms at a million. */
struct interval interval_count(size_t count);

/* How many times `base` a count is, of two counts over equally long periods: exact, by Clopper and
 * Pearson (1934) on count out of count + base (Przyborowski & Wilenski 1940). 10 against 20 is 0.5,
 * from 0.21 to 1.12: no significant halving. For periods of unequal length multiply all three by
 * the base's days over the count's. A base of 0: NaN, up to INFINITY. */
struct interval interval_ratio(size_t count, size_t base);

#endif

/* Chance that is the same on every machine: a small generator of whole numbers. */
#ifndef EUROPAPLEIN_CHANCE_H
#define EUROPAPLEIN_CHANCE_H

#include <stdint.h>

struct chance {
    uint64_t state;
};

/* SplitMix64 (Steele, Lea and Flood 2014). */
static inline uint64_t chance_next(struct chance *chance)
{
    uint64_t z = chance->state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* low to high, both included. */
static inline int64_t chance_between(struct chance *chance, int64_t low, int64_t high)
{
    return low + (int64_t)(chance_next(chance) % (uint64_t)(high - low + 1));
}

/* True in `percent` of a hundred cases. */
static inline int chance_happens(struct chance *chance, int percent)
{
    return chance_between(chance, 0, 99) < percent;
}

/* Bell-shaped around 0 with the given standard deviation: the sum of twelve even numbers less its
 * mean, which needs no logarithm. */
static inline int64_t chance_bell(struct chance *chance, int64_t deviation)
{
    int64_t sum = 0;
    for (int i = 0; i < 12; i++)
        sum += chance_between(chance, 0, 65535);
    return (sum - 6 * 65535) * deviation / 65536;
}

/* An index, the likelier the greater its weight. */
static inline int chance_pick(struct chance *chance, const int *weights, int count)
{
    int64_t sum = 0;
    for (int i = 0; i < count; i++)
        sum += weights[i];
    int64_t left = chance_between(chance, 0, sum - 1);
    int index = 0;
    while (left >= weights[index])
        left -= weights[index++];
    return index;
}

#endif

/* Sorts keys of 64 bits, each with what it carries. */
#ifndef PLEIN_SPACE_RADIX_H
#define PLEIN_SPACE_RADIX_H

#include "engine/core/base.h"

struct keyed {
    uint64_t key, carried;
};

/* By rising key, equal keys in the order they had. Time O(count), for each byte in which keys
 * differ. */
bool radix_sort(struct keyed *items, size_t count, struct error *error);

#endif

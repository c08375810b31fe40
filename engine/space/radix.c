/* Sorts keys of 64 bits, each with what it carries. */
#include "engine/space/radix.h"

#include <string.h>

enum { FEW = 48 };

static void insert_each(struct keyed *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct keyed item = items[i];
        size_t at = i;
        for (; at > 0 && items[at - 1].key > item.key; at--)
            items[at] = items[at - 1];
        items[at] = item;
    }
}

static void deal_by_byte(struct keyed *into, const struct keyed *from, size_t count, int low)
{
    size_t starts[257] = {0};
    for (size_t i = 0; i < count; i++)
        starts[(from[i].key >> low & 255) + 1]++;
    for (int byte = 0; byte < 256; byte++)
        starts[byte + 1] += starts[byte];
    for (size_t i = 0; i < count; i++)
        into[starts[from[i].key >> low & 255]++] = from[i];
}

static uint64_t bits_that_differ(const struct keyed *items, size_t count)
{
    uint64_t differ = 0;
    for (size_t i = 1; i < count; i++)
        differ |= items[i].key ^ items[0].key;
    return differ;
}

bool radix_sort(struct keyed *items, size_t count, struct error *error)
{
    if (count <= FEW) {
        insert_each(items, count);
        return true;
    }
    struct keyed *spare = NULL, *from = items, *into;
    uint64_t differ = bits_that_differ(items, count);
    if (!array_new_raw(&spare, count, sizeof *spare, error))
        return false;
    into = spare;
    for (int low = 0; low < 64; low += 8) {
        if ((differ >> low & 255) == 0)
            continue;
        deal_by_byte(into, from, count, low);
        struct keyed *swap = from;
        from = into;
        into = swap;
    }
    if (from != items)
        memcpy(items, from, count * sizeof *items);
    array_free(&spare);
    return true;
}

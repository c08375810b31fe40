/* What clusters consist of: how many of their incidents have each value. */
#include "engine/analysis/cluster_shares.h"

#include "engine/core/clones.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 1024 };
enum { TABLE_MOST = 1 << 20 }; /* counts held at one time, where a cluster's do not need more */

/* A table of counts for some clusters at a time: a row for each, and one for all other incidents,
 * so that nothing need be decided about one. */
struct tally {
    const struct shared_incidents *incidents;
    const struct share_column *column;
    size_t values;          /* columns of the table */
    size_t first, clusters; /* that have rows */
    uint64_t *counts;
};

/* A few values at a time, in one type: where they stand when they are of it, else in `scratch`. */
static const uint32_t *values_of(uint32_t scratch[restrict BLOCK],
                                 const struct share_column *column, size_t first, size_t count)
{
    if (column->words != NULL)
        return column->words + first;
    if (column->owners != NULL)
        memcpy(scratch, column->owners + first, count * sizeof *scratch);
    for (size_t i = 0; column->owners == NULL && i < count; i++)
        scratch[i] = column->domains[first + i];
    return scratch;
}

WIDE_CLONES static uint32_t largest_of(const uint32_t *values, size_t count)
{
    enum { LANES = 16 };
    uint32_t lanes[LANES] = {0}, largest = 0;
    size_t whole = count / LANES * LANES;
    for (size_t at = 0; at < whole; at += LANES)
        for (size_t i = 0; i < LANES; i++)
            lanes[i] = values[at + i] > lanes[i] ? values[at + i] : lanes[i];
    for (size_t i = 0; i < LANES; i++)
        largest = lanes[i] > largest ? lanes[i] : largest;
    for (size_t i = whole; i < count; i++)
        largest = values[i] > largest ? values[i] : largest;
    return largest;
}

static size_t count_values(const struct share_column *column, size_t incidents)
{
    uint32_t scratch[BLOCK], largest = 0;
    for (size_t first = 0; first < incidents; first += BLOCK) {
        size_t count = incidents - first < BLOCK ? incidents - first : BLOCK;
        uint32_t block = largest_of(values_of(scratch, column, first, count), count);
        largest = block > largest ? block : largest;
    }
    return (size_t)largest + 1;
}

/* Clusters first + 1 .. first + clusters have rows 0 .. clusters - 1. */
static void count_block(struct tally *tally, const uint32_t *values, size_t first, size_t count)
{
    const int32_t *membership = tally->incidents->membership + first;
    const uint32_t *weights =
        tally->incidents->weights != NULL ? tally->incidents->weights + first : NULL;
    size_t rows_before = tally->first + 1, rows = tally->clusters, width = tally->values;
    uint64_t *counts = tally->counts;
    for (size_t i = 0; i < count; i++) {
        size_t row = (size_t)(uint32_t)membership[i] - rows_before;
        row = row < rows ? row : rows;
        counts[row * width + values[i]] += weights != NULL ? weights[i] : 1;
    }
}

static void count_each(struct tally *tally)
{
    uint32_t scratch[BLOCK];
    for (size_t first = 0; first < tally->incidents->count; first += BLOCK) {
        size_t left = tally->incidents->count - first, count = left < BLOCK ? left : BLOCK;
        count_block(tally, values_of(scratch, tally->column, first, count), first, count);
    }
}

static int by_falling_incidents(const void *left, const void *right)
{
    const struct share *a = left, *b = right;
    if (a->incidents != b->incidents)
        return a->incidents > b->incidents ? -1 : 1;
    return a->value < b->value ? -1 : a->value > b->value;
}

static bool take_row(struct shares *shares, const uint64_t *counts, size_t values,
                     struct error *error)
{
    size_t held = 0;
    for (size_t v = 0; v < values; v++)
        held += counts[v] > 0;
    if (!array_new(&shares->items, held, sizeof *shares->items, error))
        return false;
    for (size_t v = 0; v < values; v++)
        if (counts[v] > 0)
            shares->items[shares->count++] = (struct share){(uint32_t)v, counts[v]};
    if (held > 1)
        qsort(shares->items, held, sizeof *shares->items, by_falling_incidents);
    return true;
}

static bool tally_all(struct tally *tally, struct shares *shares, struct error *error)
{
    size_t clusters = tally->incidents->cluster_count, at_once = TABLE_MOST / tally->values;
    at_once = at_once < 1 ? 1 : at_once < clusters ? at_once : clusters;
    size_t size = (at_once + 1) * tally->values;
    if (!array_new_raw(&tally->counts, size, sizeof *tally->counts, error))
        return false;
    tally->clusters = at_once;
    for (tally->first = 0; tally->first < clusters; tally->first += at_once) {
        memset(tally->counts, 0, size * sizeof *tally->counts);
        count_each(tally);
        for (size_t row = 0; row < at_once && tally->first + row < clusters; row++)
            if (!take_row(&shares[tally->first + row], tally->counts + row * tally->values,
                          tally->values, error))
                return false;
    }
    return true;
}

bool cluster_shares(struct shares *shares, const struct shared_incidents *incidents,
                    const struct share_column *column, struct error *error)
{
    struct tally tally = {.incidents = incidents, .column = column};
    if ((column->owners == NULL && column->domains == NULL && column->words == NULL)
        || incidents->cluster_count == 0)
        return true;
    tally.values = count_values(column, incidents->count);
    bool done = tally_all(&tally, shares, error);
    array_free(&tally.counts);
    return done;
}

bool shares_are_parted(const struct shares *shares)
{
    size_t sum = 0;
    for (size_t i = 0; i < shares->count; i++)
        sum += shares->items[i].incidents;
    return shares->count > 1 && shares->items[1].incidents * 10 >= sum;
}

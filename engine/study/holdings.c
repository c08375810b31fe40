/* Where incidents lie against who has them: those on either side of a border, by to whom they were
 * reported or who is to deal with them. */
#include "engine/study/holdings.h"

#include <stdlib.h>
#include <string.h>

/* Who is told apart: every number, and behind them the unknown. */
static void name_all(struct holding *all, size_t count, const struct holders *holders)
{
    for (size_t n = 0; n <= count; n++) {
        uint32_t holder = n < count ? (uint32_t)n : HOLDER_UNKNOWN;
        all[n] = (struct holding){.holder = holder,
                                  .jurisdiction = holders_jurisdiction(holders, holder),
                                  .name = holders_name(holders, holder)};
    }
}

static void count_sides(struct holding *all, size_t unknown, const struct gathered *gathered,
                        const uint32_t *holder, const size_t owners[SIDES])
{
    for (size_t i = 0; i < gathered->count; i++) {
        size_t owner = (size_t)gathered->owner[i];
        size_t at = holder[i] == HOLDER_UNKNOWN ? unknown : holder[i];
        if (owner == owners[0] || owner == owners[1])
            all[at].incidents[owner == owners[1]] +=
                gathered->weight != NULL ? gathered->weight[i] : 1;
    }
}

/* Texts are numbered as they happened to come, so their bytes put them in order. */
static int by_order(const void *left, const void *right)
{
    const struct holding *a = left, *b = right;
    bool texts = a->jurisdiction == NULL && b->jurisdiction == NULL && a->holder != HOLDER_UNKNOWN
                 && b->holder != HOLDER_UNKNOWN;
    if (texts)
        return strcmp(a->name, b->name);
    return (a->holder > b->holder) - (a->holder < b->holder);
}

static void put(struct holdings *holdings, const struct holding *holding)
{
    holdings->items[holdings->count++] = *holding;
    for (int side = 0; side < SIDES; side++)
        holdings->known[side] += holding->holder != HOLDER_UNKNOWN ? holding->incidents[side] : 0;
}

bool holdings_count(struct holdings *holdings, const struct gathered *gathered,
                    enum holder_role role, const size_t owners[SIDES], struct error *error)
{
    const struct holders *holders = &gathered->study->holders;
    size_t count = holders_count(holders);
    struct holding *all;
    *holdings = (struct holdings){0};
    if (gathered->holder[role] == NULL)
        return true;
    if (!array_new(&holdings->items, count + 1, sizeof *holdings->items, error)
        || !array_new(&all, count + 1, sizeof *all, error))
        return false;
    name_all(all, count, holders);
    count_sides(all, count, gathered, gathered->holder[role], owners);
    for (int side = 0; side < SIDES; side++)
        put(holdings, &all[owners[side]]);
    for (size_t n = 0; n <= count; n++)
        if (n != owners[0] && n != owners[1]
            && (all[n].incidents[0] > 0 || all[n].incidents[1] > 0))
            put(holdings, &all[n]);
    qsort(holdings->items + SIDES, holdings->count - SIDES, sizeof *holdings->items, by_order);
    array_free(&all);
    return true;
}

void holdings_free(struct holdings *holdings)
{
    array_free(&holdings->items);
    *holdings = (struct holdings){0};
}

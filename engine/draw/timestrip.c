/* When incidents come, in a strip under a map: the hours of the week, a line per month, or both. */
#include "engine/draw/timestrip.h"

#include <math.h>

/* Points before the kit's unit. */
static const double white_above = 6, gap_wide = 22;
/* Of the room, as much as it may take; of the width, what the hours take beside the months. */
static const double share_most = 0.36, hours_share = 0.55;

static bool has_any(const struct map_times *times)
{
    return times != NULL && (times->hours != NULL || times->months != NULL);
}

double timestrip_height(const struct kit *kit, const struct map_times *times, double room)
{
    if (!has_any(times))
        return 0;
    double high = fmin(room * share_most, hoursheat_most(kit));
    return fmax(high, hoursheat_least(kit)) + white_above * kit->unit;
}

bool timestrip_draw(const struct block *block, const struct map_times *times, struct error *error)
{
    double k = block->kit.unit;
    struct block part = *block;
    if (!has_any(times))
        return true;
    part.y += white_above * k;
    part.height -= white_above * k;
    if (times->months != NULL && times->hours != NULL)
        part.width = (block->width - gap_wide * k) * hours_share;
    if (times->hours != NULL)
        hoursheat_draw(&part, times->hours);
    if (times->months == NULL)
        return true;
    if (times->hours != NULL)
        part.x += part.width + gap_wide * k;
    part.width = block->x + block->width - part.x;
    return monthsline_draw(&part, times->months, error);
}

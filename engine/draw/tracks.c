/* Finds places for names that belong to marks on one line, in rows above it, so that none lies on
 * another. */
#include "engine/draw/tracks.h"

/* What was placed so far. */
struct taken {
    const struct track_spot *spots;
    const struct track_item *items;
    size_t count;
};

static double width_of(const struct track_item *item, const struct track_spot *spot)
{
    return spot->form == TRACK_NONE ? 0 : item->widths[spot->form];
}

static bool fits(const struct track_spot *spot, const struct track_item *item,
                 const struct taken *taken, const struct track_room *room)
{
    double right = spot->left + width_of(item, spot);
    if (spot->left < room->left || right > room->right)
        return false;
    for (size_t i = 0; i < taken->count; i++) {
        const struct track_spot *other = &taken->spots[i];
        if (other->form == TRACK_NONE || other->row != spot->row)
            continue;
        double other_right = other->left + width_of(&taken->items[i], other);
        if (spot->left < other_right + room->pad && other->left < right + room->pad)
            return false;
    }
    return true;
}

/* Behind the mark in every row, then before it. */
static bool find_place(struct track_spot *spot, const struct track_item *item,
                       const struct taken *taken, const struct track_room *room)
{
    double width = item->widths[spot->form];
    if (!(width > 0))
        return false;
    for (int before = 0; before < 2; before++)
        for (spot->row = 0; spot->row < room->rows; spot->row++) {
            spot->left = before ? item->x - room->pad - width : item->x + room->pad;
            if (fits(spot, item, taken, room))
                return true;
        }
    return false;
}

void tracks_place(struct track_spot *spots, const struct track_item *items, size_t count,
                  const struct track_room *room)
{
    for (size_t i = 0; i < count; i++) {
        struct taken taken = {spots, items, i};
        struct track_spot spot = {.form = TRACK_LONG};
        while (spot.form != TRACK_NONE && !find_place(&spot, &items[i], &taken, room))
            spot.form++;
        spots[i] = spot;
    }
}

size_t tracks_rows(const struct track_spot *spots, size_t count)
{
    size_t rows = 0;
    for (size_t i = 0; i < count; i++)
        if (spots[i].form != TRACK_NONE && spots[i].row + 1 > rows)
            rows = spots[i].row + 1;
    return rows;
}

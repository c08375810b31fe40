/* Finds places for names that belong to marks on one line, in rows above it, so that none lies on
 * another. */
#include "engine/draw/tracks.h"

/* All names, placed or not yet, and the one that looks for a place. */
struct search {
    struct track_spot *spots;
    const struct track_item *items;
    size_t count, self;
    const struct track_room *room;
};

static bool fits(const struct search *search, const struct track_spot *spot, double width)
{
    const struct track_room *room = search->room;
    double right = spot->left + width;
    if (spot->left < room->left || right > room->right)
        return false;
    for (size_t i = 0; i < search->count; i++) {
        const struct track_spot *other = &search->spots[i];
        if (i == search->self || other->form == TRACK_NONE || other->row != spot->row)
            continue;
        double other_right = other->left + search->items[i].widths[other->form];
        if (spot->left < other_right + room->pad && other->left < right + room->pad)
            return false;
    }
    return true;
}

/* Behind the mark in every row, then before it; leaves the spot as it is where nothing fits. */
static bool find_place(const struct search *search, int form)
{
    const struct track_item *item = &search->items[search->self];
    struct track_spot spot = {.form = form};
    double width = item->widths[form], pad = search->room->pad;
    if (!(width > 0))
        return false;
    for (int before = 0; before < 2; before++)
        for (spot.row = 0; spot.row < search->room->rows; spot.row++) {
            spot.left = before ? item->x - pad - width : item->x + pad;
            if (!fits(search, &spot, width))
                continue;
            search->spots[search->self] = spot;
            return true;
        }
    return false;
}

/* Whether all that may be placed in that form found a place. */
static bool place_all(struct search *search, int form)
{
    bool all = true;
    for (search->self = 0; search->self < search->count; search->self++)
        all = find_place(search, form) && all;
    return all;
}

static void forget_all(const struct search *search)
{
    for (size_t i = 0; i < search->count; i++)
        search->spots[i].form = TRACK_NONE;
}

void tracks_place(struct track_spot *spots, const struct track_item *items, size_t count,
                  const struct track_room *room)
{
    struct search search = {spots, items, count, 0, room};
    forget_all(&search);
    if (place_all(&search, TRACK_LONG))
        return;
    /* Short ones first, so that a long name takes no other's last place. */
    forget_all(&search);
    place_all(&search, TRACK_SHORT);
    place_all(&search, TRACK_LONG);
}

size_t tracks_rows(const struct track_spot *spots, size_t count)
{
    size_t rows = 0;
    for (size_t i = 0; i < count; i++)
        if (spots[i].form != TRACK_NONE && spots[i].row + 1 > rows)
            rows = spots[i].row + 1;
    return rows;
}

/* Incidents of different sources that may be one: alike in place, time and category. */
#include "engine/analysis/duplicates.h"

#include "engine/core/geometry.h"
#include "engine/space/radix.h"

#include <stdlib.h>
#include <string.h>

/* Cells of the reach's width, so that whoever is near lies in a cell beside. A key is the
 * category's lower bits, the cell's row, its column and whether the time of day is known; rows and
 * columns begin at 1, so that the cells beside one of the first have keys too. */
enum { COLUMN_BITS = 20, ROW_BITS = 20, CATEGORY_BITS = 23 };
#define ONE_COLUMN ((uint64_t)2)
#define ONE_ROW (ONE_COLUMN << COLUMN_BITS)
static const size_t LOOKS_MOST = (size_t)1 << 28;

struct search {
    struct duplicates_incident *sorted; /* by key, then by time */
    uint64_t *keys;                     /* theirs */
    size_t count;
    int64_t reach, width; /* of a cell: wider, where the cells would be too many */
    int32_t x_min, y_min;
    size_t looks;
    struct duplicates *found;
    size_t capacity;
    uint32_t *slots; /* pairs by their sources: a number from 1 on, 0 is free */
    size_t slot_count;
    struct error *error;
};

static bool has_day(const struct duplicates_incident *incident)
{
    return incident->when != MOMENT_UNKNOWN && moment_precision(incident->when) >= PRECISION_DAY;
}

static bool has_place(const struct duplicates_incident *incident)
{
    return incident->x != GRID_NOWHERE && incident->x != GRID_FAR;
}

static bool has_time(const struct duplicates_incident *incident)
{
    return moment_precision(incident->when) >= PRECISION_SECOND;
}

static uint64_t key_of(const struct search *search, const struct duplicates_incident *incident)
{
    uint64_t column = (uint64_t)(((int64_t)incident->x - search->x_min) / search->width) + 1;
    uint64_t row = (uint64_t)(((int64_t)incident->y - search->y_min) / search->width) + 1;
    uint64_t category = incident->category & ((1u << CATEGORY_BITS) - 1);
    return category * ONE_ROW << ROW_BITS | row * ONE_ROW | column * ONE_COLUMN
           | has_time(incident);
}

/* ---- sorting ---- */

static void measure(struct search *search, const struct duplicates_incident *incidents,
                    size_t count)
{
    int64_t x_max = INT32_MIN, y_max = INT32_MIN, most = ((int64_t)1 << ROW_BITS) - 4;
    search->x_min = search->y_min = INT32_MAX;
    for (size_t i = 0; i < count; i++) {
        const struct duplicates_incident *at = &incidents[i];
        if (!has_place(at))
            continue;
        search->x_min = at->x < search->x_min ? at->x : search->x_min;
        search->y_min = at->y < search->y_min ? at->y : search->y_min;
        x_max = at->x > x_max ? at->x : x_max;
        y_max = at->y > y_max ? at->y : y_max;
    }
    int64_t wide = x_max - search->x_min, high = y_max - search->y_min;
    int64_t least = (wide > high ? wide : high) / most + 1;
    search->width = search->reach > least ? search->reach : least;
}

static bool sort(struct search *search, const struct duplicates_incident *incidents, size_t count,
                 struct error *error)
{
    struct keyed *keyed = NULL;
    if (!array_new_raw(&keyed, count, sizeof *keyed, error))
        return false;
    for (size_t i = 0; i < count; i++)
        if (has_place(&incidents[i]) && has_day(&incidents[i]))
            keyed[search->count++] =
                (struct keyed){(uint64_t)incidents[i].when ^ (uint64_t)1 << 63, i};
    bool done = radix_sort(keyed, search->count, error);
    for (size_t i = 0; done && i < search->count; i++)
        keyed[i].key = key_of(search, &incidents[keyed[i].carried]);
    done = done && radix_sort(keyed, search->count, error)
           && array_new_raw(&search->sorted, search->count, sizeof *search->sorted, error);
    done = done && array_new_raw(&search->keys, search->count, sizeof *search->keys, error);
    for (size_t i = 0; done && i < search->count; i++) {
        search->sorted[i] = incidents[keyed[i].carried];
        search->keys[i] = keyed[i].key;
    }
    array_free(&keyed);
    return done;
}

/* ---- pairs of sources ---- */

static size_t slot_of(const struct search *search, uint32_t first, uint32_t second)
{
    uint64_t hash = ((uint64_t)first << 32 | second) * UINT64_C(0x9E3779B97F4A7C15);
    size_t slot = (size_t)(hash >> 20) & (search->slot_count - 1);
    for (;; slot = (slot + 1) & (search->slot_count - 1)) {
        uint32_t number = search->slots[slot];
        const struct duplicates_pair *pair = number > 0 ? &search->found->items[number - 1] : NULL;
        if (pair == NULL || (pair->first == first && pair->second == second))
            return slot;
    }
}

static bool widen(struct search *search)
{
    size_t count = search->slot_count > 0 ? search->slot_count * 2 : 64;
    array_free(&search->slots);
    if (!array_new(&search->slots, count, sizeof *search->slots, search->error))
        return false;
    search->slot_count = count;
    for (size_t i = 0; i < search->found->count; i++) {
        const struct duplicates_pair *pair = &search->found->items[i];
        search->slots[slot_of(search, pair->first, pair->second)] = (uint32_t)i + 1;
    }
    return true;
}

/* NULL when memory is out. */
static struct duplicates_pair *pair_of(struct search *search, uint32_t first, uint32_t second)
{
    struct duplicates *found = search->found;
    if (2 * found->count >= search->slot_count && !widen(search))
        return NULL;
    size_t slot = slot_of(search, first, second);
    if (search->slots[slot] > 0)
        return &found->items[search->slots[slot] - 1];
    struct capacity capacity = {search->capacity, sizeof *found->items};
    if (!array_reserve(&found->items, &capacity, found->count + 1, search->error))
        return NULL;
    search->capacity = capacity.held;
    found->items[found->count] = (struct duplicates_pair){first, second, 0, {{0}}};
    search->slots[slot] = (uint32_t)++found->count;
    return &found->items[found->count - 1];
}

static bool goes_before(const uint32_t a[2], const uint32_t b[2])
{
    return a[0] != b[0] ? a[0] < b[0] : a[1] < b[1];
}

static void note_rows(struct duplicates_pair *pair, uint32_t first, uint32_t second)
{
    const uint32_t rows[2] = {first, second};
    size_t at = DUPLICATES_EXAMPLES - 1; /* where the highest goes */
    if (pair->count < DUPLICATES_EXAMPLES)
        at = pair->count;
    else if (!goes_before(rows, pair->rows[at]))
        at = DUPLICATES_EXAMPLES;
    pair->count++;
    if (at == DUPLICATES_EXAMPLES)
        return;
    for (; at > 0 && goes_before(rows, pair->rows[at - 1]); at--)
        memcpy(pair->rows[at], pair->rows[at - 1], sizeof rows);
    memcpy(pair->rows[at], rows, sizeof rows);
}

static bool compare(struct search *search, const struct duplicates_incident *a,
                    const struct duplicates_incident *b)
{
    int64_t dx = (int64_t)a->x - b->x, dy = (int64_t)a->y - b->y;
    if (a->source == b->source || a->category != b->category
        || dx * dx + dy * dy > search->reach * search->reach)
        return true;
    if (a->source > b->source) {
        const struct duplicates_incident *swap = a;
        a = b;
        b = swap;
    }
    struct duplicates_pair *pair = pair_of(search, a->source, b->source);
    if (pair != NULL)
        note_rows(pair, a->row, b->row);
    return pair != NULL;
}

/* ---- groups of one key ---- */

struct group {
    size_t begin, end;
};

static size_t end_of(const struct search *search, size_t begin)
{
    size_t end = begin + 1;
    while (end < search->count && search->keys[end] == search->keys[begin])
        end++;
    return end;
}

/* Seconds. */
struct window {
    int64_t first, last;
};

static int64_t seconds_of(const struct duplicates_incident *incident)
{
    return incident->when >> 3; /* the precision stands below */
}

/* When the other one can have been, both groups having times or not. */
static struct window window_of(const struct duplicates_incident *incident, bool timed)
{
    const int64_t day = 86400;
    int64_t begin = moment_day(incident->when) * day, seconds = seconds_of(incident);
    return timed ? (struct window){seconds - DUPLICATES_SECONDS, seconds + DUPLICATES_SECONDS}
                 : (struct window){begin, begin + day - 1};
}

/* Every two, one of each group; of a group with itself, each two once. Both go by time. */
static bool compare_groups(struct search *search, struct group left, struct group right)
{
    const struct duplicates_incident *sorted = search->sorted;
    bool timed = has_time(&sorted[left.begin]) && has_time(&sorted[right.begin]);
    size_t first = right.begin;
    for (size_t i = left.begin; i < left.end && search->looks <= LOOKS_MOST; i++) {
        struct window window = window_of(&sorted[i], timed);
        while (first < right.end && seconds_of(&sorted[first]) < window.first)
            first++;
        size_t from = left.begin == right.begin ? i + 1 : first, end = from;
        for (; end < right.end && seconds_of(&sorted[end]) <= window.last; end++)
            if (!compare(search, &sorted[i], &sorted[end]))
                return false;
        search->looks += end - from;
    }
    return true;
}

/* The groups whose keys lie between, from *at on, which goes on to the first of them. */
static bool compare_between(struct search *search, struct group group, size_t *at,
                            const uint64_t keys[2])
{
    while (*at < search->count && search->keys[*at] < keys[0])
        ++*at;
    struct group other = {*at, *at};
    while (other.begin < search->count && search->keys[other.begin] <= keys[1]) {
        other.end = end_of(search, other.begin);
        if (!compare_groups(search, group, other))
            return false;
        other.begin = other.end;
    }
    return true;
}

/* Itself and the cells behind it: the rest of its own, the one beside, and three of the next row.
 */
static bool compare_all(struct search *search)
{
    size_t above = 0;
    struct group group = {0, 0};
    for (; group.begin < search->count && search->looks <= LOOKS_MOST; group.begin = group.end) {
        group.end = end_of(search, group.begin);
        uint64_t key = search->keys[group.begin], cell = key & ~(uint64_t)1;
        const uint64_t beside[2] = {key + 1, cell + ONE_COLUMN + 1};
        const uint64_t next_row[2] = {cell + ONE_ROW - ONE_COLUMN, cell + ONE_ROW + ONE_COLUMN + 1};
        size_t at = group.end;
        if (!compare_groups(search, group, group) || !compare_between(search, group, &at, beside)
            || !compare_between(search, group, &above, next_row))
            return false;
    }
    return true;
}

static int by_sources(const void *left, const void *right)
{
    const struct duplicates_pair *a = left, *b = right;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    return (a->second > b->second) - (a->second < b->second);
}

bool duplicates_find(struct duplicates *found, const struct duplicates_incident *incidents,
                     size_t count, int32_t reach, struct error *error)
{
    struct search search = {.reach = reach, .found = found, .error = error};
    *found = (struct duplicates){0};
    measure(&search, incidents, count);
    bool done = sort(&search, incidents, count, error) && compare_all(&search);
    array_free(&search.sorted);
    array_free(&search.keys);
    array_free(&search.slots);
    found->too_many = search.looks > LOOKS_MOST;
    if (!done || found->too_many) {
        array_free(&found->items);
        found->count = 0;
    }
    if (found->count > 1)
        qsort(found->items, found->count, sizeof *found->items, by_sources);
    return done;
}

void duplicates_free(struct duplicates *found)
{
    array_free(&found->items);
    *found = (struct duplicates){0};
}

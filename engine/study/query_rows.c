/* Counts by combinations of keys, whose values are packed into words: a hash table of rows. */
#include "engine/study/query_rows.h"

#include <string.h>

/* Bits of each key within the packed words: what a study has room for. */
struct field {
    int word, shift, bits;
};
static const struct field FIELDS[QUERY_KEYS] = {
    [KEY_JURISDICTION] = {0, 48, 16}, [KEY_DOMAIN] = {0, 46, 2},
    [KEY_CATEGORY] = {0, 28, 18},     [KEY_SOURCE] = {0, 20, 8},
    [KEY_YEAR] = {0, 12, 8},          [KEY_MONTH] = {0, 8, 4},
    [KEY_WEEKDAY] = {0, 5, 3},        [KEY_HOUR] = {0, 0, 5},
    [KEY_DISTRICT] = {1, 0, 24},      [KEY_BAND] = {1, 24, 2},
    [KEY_REPORTED_TO] = {1, 26, 19},  [KEY_RESPONSIBLE] = {1, 45, 19},
    [KEY_SQUARE] = {2, 0, 52},
};

uint64_t query_unknown_of(enum query_key key)
{
    return (UINT64_C(1) << FIELDS[key].bits) - 1;
}

int64_t query_value(const struct query_row *row, enum query_key key)
{
    uint64_t value =
        row->values.words[FIELDS[key].word] >> FIELDS[key].shift & query_unknown_of(key);
    if (value == query_unknown_of(key) && key != KEY_DOMAIN)
        return -1;
    return key == KEY_YEAR ? (int64_t)value + QUERY_FIRST_YEAR : (int64_t)value;
}

void query_put(struct query_values *values, enum query_key key, int64_t value)
{
    uint64_t most = query_unknown_of(key);
    uint64_t held = value < 0 || (uint64_t)value > most ? most : (uint64_t)value;
    values->words[FIELDS[key].word] |= held << FIELDS[key].shift;
}

/* Corners count from so many hundreds of metres west and south of zero. */
enum { SQUARE_BITS = 24, SQUARE_ZERO = 1 << (SQUARE_BITS - 1) };

int64_t query_of_square(const struct square *square)
{
    return ((int64_t)square->east + SQUARE_ZERO) << (SQUARE_BITS + 3)
           | ((int64_t)square->north + SQUARE_ZERO) << 3 | square->size;
}

struct square query_square(int64_t value)
{
    int64_t mask = (1 << SQUARE_BITS) - 1;
    return (struct square){(int32_t)(value >> (SQUARE_BITS + 3) & mask) - SQUARE_ZERO,
                           (int32_t)(value >> 3 & mask) - SQUARE_ZERO, (int32_t)(value & 7)};
}

static bool same_values(const struct query_values *a, const struct query_values *b)
{
    return a->words[0] == b->words[0] && a->words[1] == b->words[1] && a->words[2] == b->words[2];
}

/* Keys differ in their high bits alone, and slots are numbered by the low ones: mixed twice. */
static uint64_t hash_of(const struct query_values *values)
{
    uint64_t hash = (values->words[0] ^ values->words[1] * UINT64_C(0xBF58476D1CE4E5B9)
                     ^ values->words[2] * UINT64_C(0xD6E8FEB86659FD93))
                    * UINT64_C(0x9E3779B97F4A7C15);
    hash = (hash ^ hash >> 32) * UINT64_C(0x94D049BB133111EB);
    return hash ^ hash >> 32;
}

static size_t slot_of(const struct query_rows *rows, const struct query_values *values)
{
    size_t slot = hash_of(values) & (rows->slot_count - 1);
    while (rows->slots[slot] != 0
           && !same_values(&rows->items[rows->slots[slot] - 1].values, values))
        slot = (slot + 1) & (rows->slot_count - 1);
    return slot;
}

static bool widen(struct query_rows *rows, struct error *error)
{
    array_free(&rows->slots);
    rows->slot_count = rows->slot_count > 0 ? rows->slot_count * 2 : 256;
    if (!array_new(&rows->slots, rows->slot_count, sizeof *rows->slots, error))
        return false;
    for (size_t r = 0; r < rows->count; r++)
        rows->slots[slot_of(rows, &rows->items[r].values)] = r + 1;
    return true;
}

void query_add_amount(struct query_amount *to, const struct query_amount *from)
{
    bool endless = to->more == QUERY_NO_END || from->more == QUERY_NO_END;
    to->incidents += from->incidents;
    to->less += from->less;
    to->more = endless ? QUERY_NO_END : to->more + from->more;
}

bool query_rows_add(struct query_rows *rows, const struct query_values *values,
                    const struct query_amount *amount, struct error *error)
{
    struct capacity capacity = {rows->capacity, sizeof *rows->items};
    if (rows->count * 2 >= rows->slot_count && !widen(rows, error))
        return false;
    size_t slot = slot_of(rows, values);
    if (rows->slots[slot] == 0) {
        if (!array_reserve(&rows->items, &capacity, rows->count + 1, error))
            return false;
        rows->capacity = capacity.held;
        rows->items[rows->count++] = (struct query_row){.values = *values};
        rows->slots[slot] = rows->count;
    }
    query_add_amount(&rows->items[rows->slots[slot] - 1].amount, amount);
    return true;
}

void query_rows_empty(struct query_rows *rows)
{
    rows->count = 0;
    if (rows->slots != NULL)
        memset(rows->slots, 0, rows->slot_count * sizeof *rows->slots);
}

void query_rows_free(struct query_rows *rows)
{
    array_free(&rows->items);
    array_free(&rows->slots);
    *rows = (struct query_rows){0};
}

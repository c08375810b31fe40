/* Finds the fields of ordinary rows, 64 bytes at a time. */
#include "engine/formats/csvsplit.h"

#include "engine/formats/csvquotes.h"

#include <stdlib.h>

/* The bits up to the lowest one that is set, itself included. */
SIMD_INLINE uint64_t up_to_lowest(uint64_t bits)
{
    return bits ^ (bits - 1);
}

/* Takes out what stands within quotes. False: a quote that is not around a whole field, a doubled
 * one, or a line end within quotes. */
SIMD_INLINE bool pass_quotes(struct csv_marks *marks, struct csv_quote_carry *carry, const char *at,
                             bool wide)
{
    marks->quotes = csv_find(at, '"', wide);
    marks->returns = csv_find(at, '\r', wide);
    struct csv_quoting quoting = csv_pass_quotes(carry, marks, CSV_BLOCK - 1);
    uint64_t lines = marks->ends & quoting.inside;
    marks->separators &= ~quoting.inside;
    marks->ends &= ~quoting.inside;
    uint64_t row = marks->ends != 0 ? up_to_lowest(marks->ends) : UINT64_MAX;
    return (row & (quoting.odd | quoting.doubled | lines)) == 0;
}

/* Writes where the fields behind marks begin, counted from the base, of which `from` is the first
 * character's place; returns behind the last one written. */
SIMD_INLINE uint32_t *add_starts(uint32_t *starts, uint64_t marks, size_t from)
{
    uint32_t behind = (uint32_t)from + 1;
    for (; marks != 0; marks &= marks - 1)
        *starts++ = behind + (uint32_t)__builtin_ctzll(marks);
    return starts;
}

/* Writes the starts of the row at base + `row`; returns the next row's place, or 0 when this one is
 * out of the ordinary. `starts` has room for CSV_BLOCK more than there are. */
SIMD_INLINE size_t split_row(uint32_t *starts, const struct csv_splitter *by, const char *base,
                             size_t row)
{
    struct csv_quote_carry carry = {.opens = 1};
    uint32_t *next = starts, *last = starts + by->columns;
    *next++ = (uint32_t)row;
    for (size_t from = row; from < row + CSV_QUOTED_MOST && next <= last; from += CSV_BLOCK) {
        const char *at = base + from;
        struct csv_marks marks = {.ends = csv_find(at, by->dialect.newline, by->wide)};
        marks.separators = marks.ends | csv_find(at, by->dialect.delimiter, by->wide);
        if (by->has_quotes && !pass_quotes(&marks, &carry, at, by->wide))
            return 0;
        if (marks.ends == 0) {
            next = add_starts(next, marks.separators, from);
            continue;
        }
        next = add_starts(next, marks.separators & up_to_lowest(marks.ends), from);
        if (next != last + 1)
            return 0;
        size_t end = from + (size_t)__builtin_ctzll(marks.ends);
        *last -= base[end - 1] == '\r';
        return end + 1;
    }
    return 0;
}

/* split_row for rows of fewer than CSV_BLOCK bytes without quotes, 0 for others. */
SIMD_INLINE size_t split_short_row(uint32_t *starts, const struct csv_splitter *by,
                                   const char *base, size_t row)
{
    const char *at = base + row;
    uint64_t ends = csv_find(at, by->dialect.newline, by->wide);
    uint64_t separators = ends | csv_find(at, by->dialect.delimiter, by->wide);
    separators &= up_to_lowest(ends);
    if (ends == 0 || csv_mask_count(separators) != by->columns)
        return 0;
    size_t end = row + (size_t)__builtin_ctzll(ends);
    starts[0] = (uint32_t)row;
    add_starts(starts + 1, separators, row);
    starts[by->columns] -= base[end - 1] == '\r';
    return end + 1;
}

SIMD_INLINE const char *split_rows(struct csv_block *block, const struct csv_splitter *by,
                                   const char *row, const char *end)
{
    uint32_t *starts = block->starts;
    size_t at = 0, length = (size_t)(end - row), count = 0, capacity = block->capacity;
    for (; count < capacity && at < length; count++, starts += by->columns + 1) {
        size_t next = by->has_quotes ? 0 : split_short_row(starts, by, row, at);
        if (next == 0)
            next = split_row(starts, by, row, at);
        if (next == 0)
            break;
        at = next;
    }
    block->base = row;
    block->count = count;
    return row + at;
}

static const char *split_plain(struct csv_block *block, struct csv_splitter by, const char *row,
                               const char *end)
{
    by.wide = false;
    if (by.has_quotes)
        return split_rows(block, &by, row, end);
    by.has_quotes = false;
    return split_rows(block, &by, row, end);
}

#if SIMD_HAS_WIDE
SIMD_WIDE static const char *split_wide(struct csv_block *block, struct csv_splitter by,
                                        const char *row, const char *end)
{
    by.wide = true;
    if (by.has_quotes)
        return split_rows(block, &by, row, end);
    by.has_quotes = false;
    return split_rows(block, &by, row, end);
}
#endif

const char *csv_split_rows(struct csv_block *block, const struct csv_splitter *by, const char *row,
                           const char *end)
{
    block->columns = by->columns;
    block->has_quotes = by->has_quotes;
    block->count = 0;
    if (by->columns < 2)
        return row;
#if SIMD_HAS_WIDE
    if (by->wide)
        return split_wide(block, *by, row, end);
#endif
    return split_plain(block, *by, row, end);
}

bool csv_block_new(struct csv_block *block, const struct csv_splitter *by, struct error *error)
{
    size_t starts = by->columns + 1, rows = CSV_SPLIT_STARTS / starts + 1;
    *block = (struct csv_block){.capacity = rows < CSV_SPLIT_ROWS ? rows : CSV_SPLIT_ROWS};
    return array_new_raw(&block->starts, block->capacity * starts + CSV_BLOCK,
                         sizeof *block->starts, error);
}

void csv_block_free(struct csv_block *block)
{
    free(block->starts);
    *block = (struct csv_block){0};
}

/* Finds the fields of ordinary rows from an index of where delimiters, line ends and quotes stand,
 * made 64 bytes at a time. */
#include "engine/formats/csvindex.h"

#include "engine/formats/csvmask.h"

#include <string.h>

void csv_index_start(struct csv_index *index, const char *base, size_t length,
                     const struct csv_dialect *dialect)
{
    index->base = base;
    index->length = length;
    index->indexed = 0;
    index->dialect = *dialect;
    index->has_quotes = length > 0 && memchr(base, '"', length) != NULL;
    index->head = index->tail = 0;
}

static uint64_t find_marks(const struct csv_index *index)
{
    struct csv_block block = csv_block_load(index->base + index->indexed);
    uint64_t mask = csv_block_find(&block, index->dialect.delimiter)
                    | csv_block_find(&block, index->dialect.newline);
    if (index->has_quotes)
        mask |= csv_block_find(&block, '"');
    if (index->length - index->indexed < CSV_BLOCK)
        mask &= ((uint64_t)1 << (index->length - index->indexed)) - 1;
    return mask;
}

static __attribute__((noinline)) void index_more(struct csv_index *index)
{
    uint32_t left = index->tail - index->head, tail = left;
    memmove(index->marks, index->marks + index->head, left * sizeof *index->marks);
    while (index->indexed < index->length && tail + CSV_BLOCK <= CSV_MARKS) {
        uint32_t at = (uint32_t)index->indexed;
        for (uint64_t mask = find_marks(index); mask != 0; mask &= mask - 1)
            index->marks[tail++] = at + (uint32_t)__builtin_ctzll(mask);
        index->indexed += CSV_BLOCK;
    }
    index->head = 0;
    index->tail = tail;
}

/* Steps from the mark of an opening quote to the one behind the closing quote; 0: not that simple.
 */
static uint32_t pass_quoted(const struct csv_index *index, uint32_t mark)
{
    const char *base = index->base;
    const uint32_t *marks = index->marks;
    do
        mark++;
    while (mark < index->tail && base[marks[mark]] == index->dialect.delimiter);
    if (mark + 1 >= index->tail || base[marks[mark]] != '"')
        return 0;
    uint32_t behind = marks[mark] + 1;
    bool adjoins =
        marks[mark + 1] == behind || (base[behind] == '\r' && marks[mark + 1] == behind + 1);
    return adjoins ? mark + 1 : 0;
}

/* Fills the spans from the marks; the mark behind the row, or 0 when the row is not ordinary. */
static inline uint32_t take_fields(const struct csv_index *index, struct csv_row *row,
                                   bool has_quotes)
{
    const char *base = index->base, delimiter = index->dialect.delimiter;
    const uint32_t *marks = index->marks;
    uint32_t mark = index->head, tail = index->tail, start = (uint32_t)(row->begin - base);
    struct csv_span *span = row->spans, *last = span + row->field_count - 1;
    if (!has_quotes && tail - mark < row->field_count)
        return 0;
    for (;; span++) {
        if (has_quotes
            && (mark >= tail || (base[start] == '"' && (mark = pass_quoted(index, mark)) == 0)))
            return 0;
        uint32_t end = marks[mark++];
        span->begin = start;
        span->end = end;
        start = end + 1;
        if (span == last)
            return base[end] == index->dialect.newline ? mark : 0;
        if (base[end] != delimiter)
            return 0;
    }
}

bool csv_index_row(struct csv_index *index, struct csv_row *row)
{
    if (index->tail - index->head <= 3 * row->field_count && index->indexed < index->length)
        index_more(index);
    uint32_t mark =
        index->has_quotes ? take_fields(index, row, true) : take_fields(index, row, false);
    if (mark == 0)
        return false;
    struct csv_span *last = &row->spans[row->field_count - 1];
    row->next = index->base + last->end + 1;
    if (last->end > last->begin && index->base[last->end - 1] == '\r')
        last->end--;
    index->head = mark;
    return row->field_count > 1 || last->end > last->begin;
}

void csv_index_skip(struct csv_index *index, const char *next)
{
    size_t at = (size_t)(next - index->base);
    while (index->head < index->tail && index->marks[index->head] < at)
        index->head++;
    if (index->head == index->tail && index->indexed < at)
        index->indexed = at;
}

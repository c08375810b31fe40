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

static void index_more(struct csv_index *index)
{
    uint32_t left = index->tail - index->head, tail = left;
    memmove(index->marks, index->marks + index->head, left * sizeof *index->marks);
    while (index->indexed < index->length && tail + CSV_BLOCK <= CSV_MARKS) {
        for (uint64_t mask = find_marks(index); mask != 0; mask &= mask - 1)
            index->marks[tail++] = (uint32_t)index->indexed + (uint32_t)__builtin_ctzll(mask);
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

bool csv_index_row(struct csv_index *index, struct csv_row *row)
{
    if (index->tail - index->head <= 3 * row->field_count && index->indexed < index->length)
        index_more(index);
    const char *base = index->base;
    uint32_t mark = index->head, start = (uint32_t)(row->begin - base);
    size_t last = row->field_count - 1;
    for (size_t field = 0;; field++) {
        if (mark >= index->tail)
            return false;
        if (base[start] == '"' && (mark = pass_quoted(index, mark)) == 0)
            return false;
        uint32_t end = index->marks[mark++];
        row->spans[field] = (struct csv_span){start, end};
        start = end + 1;
        if (field == last)
            break;
        if (base[end] != index->dialect.delimiter)
            return false;
    }
    if (base[start - 1] != index->dialect.newline)
        return false;
    struct csv_span *span = &row->spans[last];
    if (span->end > span->begin && base[span->end - 1] == '\r')
        span->end--;
    row->next = base + start;
    index->head = mark;
    return last > 0 || span->end > span->begin;
}

void csv_index_skip(struct csv_index *index, const char *next)
{
    size_t at = (size_t)(next - index->base);
    while (index->head < index->tail && index->marks[index->head] < at)
        index->head++;
    if (index->head == index->tail && index->indexed < at)
        index->indexed = at;
}

/* Finds the fields of ordinary rows, 64 bytes at a time. */
#ifndef PLEIN_FORMATS_CSVSPLIT_H
#define PLEIN_FORMATS_CSVSPLIT_H

#include "engine/core/simd.h"
#include "engine/formats/csvscan.h"

enum {
    CSV_SPLIT_ROWS = 128,    /* of a block, at most */
    CSV_SPLIT_STARTS = 8192, /* of a block, about */
};

/* What rows are split by. */
struct csv_splitter {
    struct csv_dialect dialect;
    size_t columns;  /* of an ordinary row */
    bool has_quotes; /* false: there is none in the text */
    bool wide;       /* with the instructions of SIMD_WIDE */
};

/* Ordinary rows that follow one another. Field c of row r goes from
 * starts[r * (columns + 1) + c], counted from `base`, up to one before the next start. Where one
 * begins with a quote it ends with one, and there are none within. */
struct csv_block {
    const char *base;
    uint32_t *starts;
    size_t columns, count, capacity;
    bool has_quotes;
};

bool csv_block_new(struct csv_block *block, const struct csv_splitter *by, struct error *error);
void csv_block_free(struct csv_block *block);
/* Fills the block with the rows from `row` on, as many as it holds, up to `end` or to one that is
 * out of the ordinary: more or fewer fields, fewer than two, more than CSV_QUOTED_MOST bytes, or
 * quotes that are not simply around a whole field on one line. Returns where it stopped. CSV_BLOCK
 * bytes behind `end` may be read; the last row before it has its line end. */
const char *csv_split_rows(struct csv_block *block, const struct csv_splitter *by, const char *row,
                           const char *end);

/* A field without the quotes around it; `starts` are those of its row. */
SIMD_INLINE struct csv_piece csv_block_piece(const struct csv_block *block, const uint32_t *starts,
                                             size_t column)
{
    struct csv_piece piece = {block->base + starts[column], block->base + starts[column + 1] - 1};
    if (block->has_quotes && *piece.begin == '"') /* not behind the end of an empty one */
        return (struct csv_piece){piece.begin + 1, piece.end - 1};
    return piece;
}

/* Where the starts of the next row stand. */
SIMD_INLINE const uint32_t *csv_block_step(const struct csv_block *block, const uint32_t *starts)
{
    return starts + block->columns + 1;
}

/* The rows of a block from number `from` up to `to`. */
SIMD_INLINE struct csv_block csv_block_part(const struct csv_block *block, size_t from, size_t to)
{
    struct csv_block part = *block;
    part.starts += from * (block->columns + 1);
    part.count = to - from;
    return part;
}

#endif

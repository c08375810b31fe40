/* Source cells that stand for the points in them: how many there are, where they lie and how wide
 * they are spread. */
#ifndef PLEIN_ANALYSIS_SOURCES_H
#define PLEIN_ANALYSIS_SOURCES_H

#include "engine/analysis/sums.h"

/* Sums over a source cell's points of weight times 1, s, t, P2(s), s t and P2(t), where s and t run
 * from -1 to 1 over the cell and P2 is Legendre's second polynomial. Offsets are whole 2048ths of
 * the cell, so that sums of whole weights are exact in any order. */
enum { MOMENTS = 6 };
enum { OF_ONE, OF_S, OF_T, OF_SS, OF_ST, OF_TT };

/* How a raster is laid out in source cells: `step` of its cells along each axis make one. */
struct sources {
    const struct frame *frame;
    size_t step;
    size_t columns, rows; /* source cells over the raster */
    size_t margin;        /* source cells around it that can still reach a centre */
    double cell;          /* width of one, units */
};
/* Source cells of a tenth of the bandwidth, or of one raster cell where that is wider. */
struct sources sources_of(const struct frame *frame);

enum { SOURCES_TILE = 16 };
/* Rows first_row - margin .. first_row + row_count + margin - 1 of source cells; row 0 of the
 * arrays is the first of them and column 0 lies `margin` west of the raster. */
struct source_moments {
    double *sums[MOMENTS];
    uint8_t *used; /* per row and SOURCES_TILE columns: whether any is not 0 */
    size_t stride, tile_count, rows;
};
struct sources_span {
    size_t first_row, row_count;
};
bool sources_sum(struct source_moments *moments, const struct sources *sources,
                 const struct places *places, const struct sources_span *span, struct error *error);
void sources_free(struct source_moments *moments);
/* Whether any of columns first .. last of a row holds something. */
bool sources_any(const struct source_moments *moments, size_t row, size_t first, size_t last);

#endif

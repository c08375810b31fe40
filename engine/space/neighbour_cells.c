/* Points in square cells, and the cells within reach of a cell. */
#include "engine/space/neighbour_cells.h"

static size_t first_from(const struct neighbours *neighbours, int64_t key)
{
    size_t low = 0, high = neighbours->cell_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (neighbours->keys[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int span_of(const struct neighbours *neighbours, int row)
{
    return neighbours->frame.spans[row < 0 ? -row : row];
}

void neighbours_walk(struct neighbour_walk *walk, const struct neighbours *neighbours, size_t cell)
{
    *walk = (struct neighbour_walk){0};
    if (neighbours->keys == NULL || cell >= neighbours->cell_count)
        return;
    for (int row = -2; row <= 2; row++)
        walk->at[row + 2] =
            first_from(neighbours, neighbours->keys[cell] + row * neighbours->frame.stride
                                       - span_of(neighbours, row));
}

/* The cells of one row up to `span` columns away; false when there are none. */
static bool near_in_row(struct cell_run *run, struct neighbour_walk *walk,
                        const struct neighbours *neighbours, size_t cell, const int row_span[2])
{
    const int64_t *keys = neighbours->keys;
    int row = row_span[0], span = row_span[1];
    if (span < 0)
        return false;
    int64_t begin =
        (keys != NULL ? keys[cell] : (int64_t)cell) + row * neighbours->frame.stride - span;
    if (keys == NULL) {
        *run = (struct cell_run){(size_t)begin, (size_t)(begin + 2 * span + 1), row};
        return true;
    }
    size_t *at = &walk->at[row + 2], end;
    while (*at < neighbours->cell_count && keys[*at] < begin)
        ++*at;
    for (end = *at; end < neighbours->cell_count && keys[end] <= begin + 2 * span;)
        end++;
    *run = (struct cell_run){*at, end, row};
    return end > *at;
}

size_t neighbours_near_sparse(struct cell_run runs[NEAR_RUNS], struct neighbour_walk *walk,
                              const struct neighbours *neighbours, size_t cell)
{
    static const int ROWS[NEAR_RUNS] = {0, -1, 1, -2, 2};
    size_t count = 0;
    for (size_t r = 0; r < NEAR_RUNS; r++)
        count += near_in_row(&runs[count], walk, neighbours, cell,
                             (int[]){ROWS[r], span_of(neighbours, ROWS[r])});
    return count;
}

size_t neighbours_adjacent_lower(struct cell_run runs[NEAR_RUNS], struct neighbour_walk *walk,
                                 const struct neighbours *neighbours, size_t cell)
{
    size_t count = 0;
    for (int row = 0; row >= -1; row--) {
        int span = span_of(neighbours, row);
        count +=
            near_in_row(&runs[count], walk, neighbours, cell, (int[]){row, span > 1 ? 1 : span});
    }
    runs[0].end = cell;
    return count;
}

/* No two points lie 2^31 apart along an axis, and two such squares still add up to 63 bits. */
static int64_t gap2(int64_t gap)
{
    return gap < INT32_MAX ? gap * gap : (int64_t)INT32_MAX * INT32_MAX;
}

static void measure_gaps(int64_t gaps2[5], uint32_t within, uint32_t side)
{
    for (int away = 0; away <= 2; away++) {
        int64_t before = away > 0 ? (int64_t)within + 1 + (away - 1) * (int64_t)side : 0;
        int64_t after = away > 0 ? away * (int64_t)side - within : 0;
        gaps2[2 - away] = gap2(before);
        gaps2[2 + away] = gap2(after);
    }
}

void neighbours_gaps(struct cell_gaps *gaps, const struct neighbours *neighbours, struct spot spot)
{
    const struct cell_frame *frame = &neighbours->frame;
    measure_gaps(gaps->columns2, ((uint32_t)spot.x - (uint32_t)frame->x_min) % frame->side,
                 frame->side);
    measure_gaps(gaps->rows2, ((uint32_t)spot.y - (uint32_t)frame->y_min) % frame->side,
                 frame->side);
}

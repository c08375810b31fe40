/* Sorts points into a grid of cells by counting, and leaves out those that lie deep in a crowd. */
#include "engine/space/neighbours_dense.h"

#include "engine/core/parallel.h"

#include <string.h>

enum {
    BLOCK = 256,
    CELLS_CHUNK = 1 << 16,
    CHUNK_LEAST = 1 << 14, /* points */
    COUNTS_A_POINT = 4,    /* all chunks' counts together are no more than so many a point */
};
#define LEFT_OUT 0x80000000u /* with the number of the box */

struct building {
    struct neighbours *into;
    const struct points *points;
    size_t chunk_count;
    /* Of each chunk, by cell: how many points; then where the next one goes, or LEFT_OUT. */
    uint32_t *next;
    struct place_box *boxes; /* of each chunk, by number */
    size_t box_count;
    uint8_t *crowded; /* per cell: 1 when it holds enough to be left out, 2 when it will be */
    size_t crowd;
    struct parallel_job job;
};

/* ---- which cell ---- */

/* In doubles, which a compiler can do several of at a time. The scale is no less than 1 / side and
 * off by a part in 2^50 at most, the numbers are whole and below 2^32: a multiple of the side is
 * not scaled below its whole number, and what is one less falls short by 1 / side. */
struct scaling {
    double x_min, y_min, scale;
    int32_t stride, first;
};

static struct scaling scaling_of(const struct cell_frame *frame)
{
    const double up = 1 + 1.0 / ((uint64_t)1 << 51);
    return (struct scaling){.x_min = frame->x_min,
                            .y_min = frame->y_min,
                            .scale = 1.0 / frame->side * up,
                            .stride = (int32_t)frame->stride,
                            .first = (int32_t)cell_frame_key(frame, frame->x_min, frame->y_min)};
}

static void cells_of_block(uint32_t *restrict cells, const int32_t *restrict x,
                           const int32_t *restrict y, const struct scaling *scaling)
{
    const struct scaling s = *scaling;
    for (size_t i = 0; i < BLOCK; i++) {
        int32_t column = (int32_t)((x[i] - s.x_min) * s.scale);
        int32_t row = (int32_t)((y[i] - s.y_min) * s.scale);
        cells[i] = (uint32_t)(row * s.stride + column + s.first);
    }
}

/* Any number up to BLOCK. */
static void cells_of(uint32_t *cells, const struct points *points, size_t first, size_t count,
                     const struct scaling *scaling)
{
    int32_t x[BLOCK] = {0}, y[BLOCK] = {0};
    uint32_t all[BLOCK];
    if (count == BLOCK) {
        cells_of_block(cells, points->x + first, points->y + first, scaling);
        return;
    }
    memcpy(x, points->x + first, count * sizeof *x);
    memcpy(y, points->y + first, count * sizeof *y);
    cells_of_block(all, x, y, scaling);
    memcpy(cells, all, count * sizeof *cells);
}

void neighbours_cells(uint32_t *cells, const struct neighbours *neighbours,
                      const struct points *points)
{
    struct scaling scaling = scaling_of(&neighbours->frame);
    for (size_t at = 0; at < points->count; at += BLOCK) {
        size_t count = points->count - at < BLOCK ? points->count - at : BLOCK;
        cells_of(cells + at, points, at, count, &scaling);
    }
}

/* ---- counting ---- */

static size_t chunk_begin(const struct building *building, size_t chunk)
{
    return building->points->count / building->chunk_count * chunk
           + building->points->count % building->chunk_count * chunk / building->chunk_count;
}

static uint32_t *next_of(const struct building *building, size_t chunk)
{
    return building->next + chunk * building->into->cell_count;
}

static bool count_chunk(void *state, size_t chunk, int worker, struct error *error)
{
    struct building *building = state;
    struct scaling scaling = scaling_of(&building->into->frame);
    uint32_t *counts = next_of(building, chunk), cells[BLOCK];
    size_t end = chunk_begin(building, chunk + 1);
    (void)worker, (void)error;
    for (size_t at = chunk_begin(building, chunk); at < end; at += BLOCK) {
        size_t count = end - at < BLOCK ? end - at : BLOCK;
        cells_of(cells, building->points, at, count, &scaling);
        for (size_t i = 0; i < count; i++)
            counts[cells[i]]++;
    }
    return true;
}

static size_t cells_end(const struct building *building, size_t chunk)
{
    size_t end = (chunk + 1) * CELLS_CHUNK;
    return end < building->into->cell_count ? end : building->into->cell_count;
}

static uint32_t size_of(const struct building *building, size_t cell)
{
    uint32_t size = 0;
    for (size_t t = 0; t < building->chunk_count; t++)
        size += next_of(building, t)[cell];
    return size;
}

static bool find_crowds(void *state, size_t chunk, int worker, struct error *error)
{
    struct building *building = state;
    (void)worker, (void)error;
    for (size_t c = chunk * CELLS_CHUNK; c < cells_end(building, chunk); c++)
        building->crowded[c] = size_of(building, c) >= building->crowd;
    return true;
}

/* ---- what is left out ---- */

static bool crowded_in_row(const struct building *building, size_t cell, int row)
{
    const struct cell_frame *frame = &building->into->frame;
    int span = frame->spans[row < 0 ? -row : row];
    const uint8_t *at = building->crowded + (int64_t)cell + row * frame->stride;
    for (int column = -span; column <= span; column++)
        if (at[column] == 0)
            return false;
    return true;
}

static bool find_deep(void *state, size_t chunk, int worker, struct error *error)
{
    struct building *building = state;
    (void)worker, (void)error;
    for (size_t c = chunk * CELLS_CHUNK; c < cells_end(building, chunk); c++) {
        bool deep = building->crowded[c] != 0;
        for (int row = 0; deep && row <= 2; row++)
            deep = crowded_in_row(building, c, row) && crowded_in_row(building, c, -row);
        building->into->left_numbers[c] = deep ? 0 : CELL_IS_KEPT;
    }
    return true;
}

static bool number_left_out(struct building *building, struct error *error)
{
    const struct place_box empty = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};
    struct neighbours *into = building->into;
    for (size_t c = 0; c < into->cell_count; c++)
        if (into->left_numbers[c] != CELL_IS_KEPT)
            into->left_numbers[c] = (uint32_t)building->box_count++;
    if (building->box_count == 0) {
        array_free(&into->left_numbers);
        return true;
    }
    size_t count = building->box_count * building->chunk_count;
    if (!array_new_raw(&building->boxes, count, sizeof *building->boxes, error)
        || !array_new_raw(&into->left_out, building->box_count, sizeof *into->left_out, error))
        return false;
    for (size_t b = 0; b < count; b++)
        building->boxes[b] = empty;
    for (size_t c = 0; c < into->cell_count; c++)
        if (into->left_numbers[c] != CELL_IS_KEPT)
            into->left_out[into->left_numbers[c]] = (struct left_out){empty, size_of(building, c)};
    return true;
}

static void place_cells(struct building *building)
{
    struct neighbours *into = building->into;
    uint32_t at = 0;
    for (size_t c = 0; c < into->cell_count; c++) {
        bool kept = into->left_numbers == NULL || into->left_numbers[c] == CELL_IS_KEPT;
        into->starts[c] = at;
        for (size_t t = 0; t < building->chunk_count; t++) {
            uint32_t *next = &next_of(building, t)[c], count = *next;
            *next = kept ? at : LEFT_OUT | into->left_numbers[c];
            at += kept ? count : 0;
        }
    }
    into->starts[into->cell_count] = at;
    into->count = at;
}

/* ---- gathering ---- */

static void widen(struct place_box *box, int32_t x, int32_t y)
{
    if (x < box->x_min)
        box->x_min = x;
    if (y < box->y_min)
        box->y_min = y;
    if (x > box->x_max)
        box->x_max = x;
    if (y > box->y_max)
        box->y_max = y;
}

/* Points of a block, the kept ones and the others: sorted out without a branch, since no processor
 * could guess which way it goes. */
struct sorted_out {
    uint32_t to[BLOCK];
    uint32_t kept[BLOCK], left[BLOCK];
    size_t kept_count, left_count;
};

/* Also asks for the memory of every place, so that all of it is on its way when the first one is
 * written. `to` holds the cells before. */
static void sort_out(struct sorted_out *out, const struct building *building, uint32_t *next,
                     size_t count)
{
    const struct spot *spots = building->into->spots;
    out->kept_count = out->left_count = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t cell = out->to[i], to = next[cell];
        bool kept = to < LEFT_OUT;
        next[cell] = to + kept;
        out->to[i] = to;
        out->kept[out->kept_count] = out->left[out->left_count] = (uint32_t)i;
        out->kept_count += kept;
        out->left_count += !kept;
        __builtin_prefetch(spots + (kept ? to : 0), 1);
    }
}

static void put_block(struct building *building, const struct sorted_out *out,
                      struct place_box *boxes, size_t at)
{
    const int32_t *x = building->points->x + at, *y = building->points->y + at;
    struct spot *spots = building->into->spots;
    for (size_t k = 0; k < out->kept_count; k++) {
        uint32_t i = out->kept[k];
        spots[out->to[i]] = (struct spot){x[i], y[i], (uint32_t)at + i};
    }
    for (size_t k = 0; k < out->left_count; k++) {
        uint32_t i = out->left[k];
        widen(&boxes[out->to[i] - LEFT_OUT], x[i], y[i]);
    }
}

static bool gather_chunk(void *state, size_t chunk, int worker, struct error *error)
{
    struct building *building = state;
    struct scaling scaling = scaling_of(&building->into->frame);
    struct sorted_out out;
    struct place_box *boxes =
        building->box_count > 0 ? building->boxes + chunk * building->box_count : NULL;
    size_t end = chunk_begin(building, chunk + 1);
    (void)worker, (void)error;
    for (size_t at = chunk_begin(building, chunk); at < end; at += BLOCK) {
        size_t count = end - at < BLOCK ? end - at : BLOCK;
        cells_of(out.to, building->points, at, count, &scaling);
        sort_out(&out, building, next_of(building, chunk), count);
        put_block(building, &out, boxes, at);
    }
    return true;
}

/* Either may be empty. */
static void merge(struct place_box *box, const struct place_box *more)
{
    box->x_min = more->x_min < box->x_min ? more->x_min : box->x_min;
    box->y_min = more->y_min < box->y_min ? more->y_min : box->y_min;
    box->x_max = more->x_max > box->x_max ? more->x_max : box->x_max;
    box->y_max = more->y_max > box->y_max ? more->y_max : box->y_max;
}

static void merge_boxes(struct building *building)
{
    for (size_t t = 0; t < building->chunk_count; t++)
        for (size_t b = 0; b < building->box_count; b++)
            merge(&building->into->left_out[b].box, &building->boxes[t * building->box_count + b]);
}

/* ---- all together ---- */

static bool for_points(struct building *building, parallel_work *work, struct error *error)
{
    building->job.work = work;
    building->job.chunk_count = building->chunk_count;
    return parallel_for(&building->job, error);
}

static bool for_cells(struct building *building, parallel_work *work, struct error *error)
{
    building->job.work = work;
    building->job.chunk_count = building->into->cell_count / CELLS_CHUNK + 1;
    return parallel_for(&building->job, error);
}

static bool count_all(struct building *building, struct error *error)
{
    size_t counts = building->into->cell_count * building->chunk_count;
    return array_new(&building->next, counts, sizeof *building->next, error)
           && for_points(building, count_chunk, error);
}

static bool choose_left_out(struct building *building, struct error *error)
{
    struct neighbours *into = building->into;
    size_t cells = into->cell_count;
    return building->crowd == 0 || into->frame.spans[0] < 1 /* none is near another */
           || (array_new_raw(&building->crowded, cells, sizeof *building->crowded, error)
               && array_new_raw(&into->left_numbers, cells, sizeof *into->left_numbers, error)
               && for_cells(building, find_crowds, error) && for_cells(building, find_deep, error)
               && number_left_out(building, error));
}

static bool gather_all(struct building *building, struct error *error)
{
    struct neighbours *into = building->into;
    if (!array_new_raw(&into->starts, into->cell_count + 1, sizeof *into->starts, error))
        return false;
    place_cells(building);
    if (!array_new_raw(&into->spots, into->count, sizeof *into->spots, error)
        || !for_points(building, gather_chunk, error))
        return false;
    merge_boxes(building);
    return true;
}

static size_t chunks_of(const struct building *building, int thread_count)
{
    size_t points = building->points->count, chunks = (size_t)parallel_threads(thread_count);
    size_t by_memory = COUNTS_A_POINT * points / building->into->cell_count;
    if (chunks > points / CHUNK_LEAST)
        chunks = points / CHUNK_LEAST;
    if (chunks > by_memory)
        chunks = by_memory;
    return chunks > 0 ? chunks : 1;
}

bool neighbours_fill_dense(struct neighbours *neighbours, const struct points *points,
                           const struct dense_options *options, struct error *error)
{
    struct building building = {.into = neighbours, .points = points, .crowd = options->crowd};
    if (points->count > INT32_MAX)
        return error_set(error, ERROR_DATA,
                         "%zu points are more than can be taken at one time; select a part of them",
                         points->count);
    neighbours->cell_count = (size_t)(neighbours->frame.stride * neighbours->frame.rows);
    building.chunk_count = chunks_of(&building, options->thread_count);
    building.job.state = &building;
    building.job.thread_count = options->thread_count;
    bool done = count_all(&building, error) && choose_left_out(&building, error)
                && gather_all(&building, error);
    array_free(&building.next);
    array_free(&building.crowded);
    array_free(&building.boxes);
    return done;
}

/* Counts points within a distance of the centres of a raster's cells, exactly. */
#include "engine/analysis/counts.h"

#include "engine/analysis/plenty.h"
#include "engine/core/parallel.h"

#include <math.h>

enum {
    PLACES_MOST = 32,     /* in a cell, along each axis */
    TABLE_MOST = 1 << 18, /* entries */
    ROWS_MOST = 4096,     /* within reach; with more there is no table */
    ROWS_CHUNK = 64,
    BLOCK = 4096,   /* points put in order at one time */
    PART = 1 << 20, /* points after which it is first looked where there is plenty */
    SQUARE_SHIFT = 4,
    SQUARES = 256,
};

/* Columns first .. end - 1 of a row, counted from the point's own: within reach of every part of
 * the place. */
struct run {
    int16_t first, end; /* equal when there is none */
};

/* A cell, counted from the point's own, that is within reach of some part of the place only. */
struct doubt {
    int16_t column, row;
};

struct counts {
    struct frame frame;
    double unit;
    struct field field; /* what begins to count in a column, less what has ended there */
    long rows;          /* that can be in reach to the north, and to the south */
    size_t places;      /* 0: there is no table */
    struct run *runs;   /* by place: from the southernmost row on */
    struct doubt *doubts;
    size_t *doubt_starts; /* by place, and one more */
    size_t doubts_held;
    struct plenty plenty; /* without blocks where all points are counted */
    size_t added, next_look;
};

/* The table, in cells. Places are taken a little too large, so that rounding decides nothing. */

struct range {
    double low, high;
};

static struct range range_of(size_t place, size_t places)
{
    const double slack = 1e-6;
    return (struct range){(double)place / (double)places - slack,
                          (double)(place + 1) / (double)places + slack};
}

/* Along one axis, how far a cell's centre is from the farthest and from the nearest of a range. */
static double farthest(struct range range, double centre)
{
    return fmax(centre - range.low, range.high - centre);
}

static double nearest(struct range range, double centre)
{
    return fmax(fmax(range.low - centre, centre - range.high), 0);
}

static struct run sure_run(struct range across, double half2)
{
    double half = half2 > 0 ? sqrt(half2) : 0;
    struct run run = {(int16_t)ceil(across.high - half - 0.5),
                      (int16_t)(floor(across.low + half - 0.5) + 1)};
    return half2 > 0 && run.first < run.end ? run : (struct run){0, 0};
}

static struct run likely_run(struct range across, double half2)
{
    double half = half2 > 0 ? sqrt(half2) : 0;
    struct run run = {(int16_t)ceil(across.low - half - 0.5),
                      (int16_t)(floor(across.high + half - 0.5) + 1)};
    return half2 > 0 && run.first < run.end ? run : (struct run){0, 0};
}

static bool add_doubts(struct counts *counts, size_t place, long row, const struct run runs[2],
                       struct error *error)
{
    struct capacity capacity = {.held = counts->doubts_held, .size = sizeof *counts->doubts};
    size_t *count = &counts->doubt_starts[place + 1];
    for (int16_t column = runs[1].first; column < runs[1].end; column++) {
        if (column >= runs[0].first && column < runs[0].end)
            continue;
        if (!array_reserve(&counts->doubts, &capacity, *count + 1, error))
            return false;
        counts->doubts_held = capacity.held;
        counts->doubts[(*count)++] = (struct doubt){column, (int16_t)row};
    }
    return true;
}

static struct run *runs_of(const struct counts *counts, size_t place)
{
    return counts->runs + place * (size_t)(2 * counts->rows + 1);
}

static bool fill_place(struct counts *counts, size_t place, struct error *error)
{
    double reach2 = counts->frame.reach2 / (counts->frame.cell * counts->frame.cell);
    struct range across = range_of(place % counts->places, counts->places);
    struct range up = range_of(place / counts->places, counts->places);
    counts->doubt_starts[place + 1] = counts->doubt_starts[place];
    for (long row = -counts->rows; row <= counts->rows; row++) {
        double centre = (double)row + 0.5, far = farthest(up, centre), near = nearest(up, centre);
        const struct run runs[2] = {sure_run(across, reach2 * (1 - 1e-9) - far * far),
                                    likely_run(across, reach2 * (1 + 1e-9) - near * near)};
        runs_of(counts, place)[row + counts->rows] = runs[0];
        if (!add_doubts(counts, place, row, runs, error))
            return false;
    }
    return true;
}

static bool fill_table(struct counts *counts, struct error *error)
{
    size_t rows = (size_t)(2 * counts->rows + 1);
    if (counts->rows > ROWS_MOST)
        return true;
    counts->places = PLACES_MOST;
    while (counts->places > 1 && counts->places * counts->places * rows > TABLE_MOST)
        counts->places /= 2;
    size_t places = counts->places * counts->places;
    bool done =
        array_new(&counts->runs, places * rows, sizeof *counts->runs, error)
        && array_new(&counts->doubt_starts, places + 1, sizeof *counts->doubt_starts, error);
    for (size_t place = 0; done && place < places; place++)
        done = fill_place(counts, place, error);
    return done;
}

struct counts *counts_open(const struct frame *frame, double unit, double enough,
                           struct error *error)
{
    struct counts *counts;
    if (!array_new(&counts, 1, sizeof *counts, error))
        return NULL;
    counts->frame = *frame;
    counts->unit = unit;
    counts->rows = (long)floor(sqrt(frame->reach2) / frame->cell + 0.5) + 1;
    counts->field = (struct field){.columns = frame->columns + 1, /* what ends with the raster */
                                   .rows = frame->rows,
                                   .x_min = frame->x_min,
                                   .y_min = frame->y_min,
                                   .side = frame->cell};
    counts->next_look = PART;
    if (fill_table(counts, error) && field_new(&counts->field, error)
        && (!(enough > 0 && counts->places > 0)
            || plenty_new(&counts->plenty, frame, enough * unit, (size_t)counts->rows, error)))
        return counts;
    counts_close(counts);
    return NULL;
}

void counts_close(struct counts *counts)
{
    if (counts == NULL)
        return;
    field_free(&counts->field);
    plenty_free(&counts->plenty);
    array_free(&counts->runs);
    array_free(&counts->doubts);
    array_free(&counts->doubt_starts);
    array_free(&counts);
}

/* Points */

struct spot {
    int32_t x, y;
    long column, row; /* of the cell that it lies in */
    int64_t weight;
    size_t place;
};

static struct spot spot_of(const struct counts *counts, const struct field_points *points, size_t i)
{
    const struct field *field = &counts->field;
    struct field_point point = points->points[i];
    double per = field_per_unit(field), places = (double)counts->places;
    double x = (point.x - field->x_min) * per, y = (point.y - field->y_min) * per;
    long below = counts->rows + 1; /* so that cutting is to the west and south everywhere */
    long column = (long)(x + (double)below) - below, row = (long)(y + (double)below) - below;
    struct spot spot = {point.x, point.y, column, row, 1, 0};
    if (points->weights != NULL)
        spot.weight = (int64_t)rint(points->weights[i] * counts->unit);
    spot.place = (size_t)((y - (double)row) * places) * counts->places
                 + (size_t)((x - (double)column) * places);
    return spot;
}

static long within(long at, size_t columns)
{
    return at < 0 ? 0 : at > (long)columns ? (long)columns : at;
}

static bool in_reach(const struct frame *frame, const struct spot *spot, long column, double dy2)
{
    double dx = frame_centre_x(frame, (size_t)column) - spot->x;
    return dx * dx + dy2 < frame->reach2;
}

/* What the table says, where all of it is on the raster. */
static void add_inside(const struct counts *counts, int64_t *restrict cells,
                       const struct spot *spot)
{
    const struct frame *frame = &counts->frame;
    long stride = (long)counts->field.stride, rows = counts->rows;
    const struct run *restrict run = runs_of(counts, spot->place);
    int64_t *cell = cells + (spot->row - rows) * stride + spot->column, weight = spot->weight;
    for (long row = -rows; row <= rows; row++, run++, cell += stride) {
        cell[run->first] += weight;
        cell[run->end] -= weight;
    }
    const size_t *starts = counts->doubt_starts + spot->place;
    for (size_t d = starts[0]; d < starts[1]; d++) {
        long column = spot->column + counts->doubts[d].column;
        long row = spot->row + counts->doubts[d].row;
        double dy = frame_centre_y(frame, (size_t)row) - spot->y;
        weight = in_reach(frame, spot, column, dy * dy) ? spot->weight : 0;
        cells[row * stride + column] += weight;
        cells[row * stride + column + 1] -= weight;
    }
}

/* The same near the raster's edge. */
static void add_cut(const struct counts *counts, int64_t *cells, const struct spot *spot)
{
    const struct frame *frame = &counts->frame;
    long stride = (long)counts->field.stride, rows = counts->rows;
    long first = spot->row < rows ? -spot->row : -rows;
    long last = spot->row + rows < (long)frame->rows ? rows : (long)frame->rows - 1 - spot->row;
    const struct run *runs = runs_of(counts, spot->place) + rows;
    for (long row = first; row <= last; row++) {
        int64_t *cell = cells + (spot->row + row) * stride;
        cell[within(spot->column + runs[row].first, frame->columns)] += spot->weight;
        cell[within(spot->column + runs[row].end, frame->columns)] -= spot->weight;
    }
    const size_t *starts = counts->doubt_starts + spot->place;
    for (size_t d = starts[0]; d < starts[1]; d++) {
        long column = spot->column + counts->doubts[d].column;
        long row = spot->row + counts->doubts[d].row;
        if (column < 0 || column >= (long)frame->columns || row < 0 || row >= (long)frame->rows)
            continue;
        double dy = frame_centre_y(frame, (size_t)row) - spot->y;
        if (!in_reach(frame, spot, column, dy * dy))
            continue;
        cells[row * stride + column] += spot->weight;
        cells[row * stride + column + 1] -= spot->weight;
    }
}

/* Without a table: a run for each row, whose ends are tried. */
static void add_plainly(const struct counts *counts, int64_t *cells, const struct spot *spot)
{
    const struct frame *frame = &counts->frame;
    for (long row = 0; row < (long)frame->rows; row++) {
        double dy = frame_centre_y(frame, (size_t)row) - spot->y, dy2 = dy * dy;
        if (!(dy2 < frame->reach2))
            continue;
        double half = sqrt(frame->reach2 - dy2) / frame->cell + 2;
        double at = (spot->x - frame->x_min) / frame->cell, most = (double)frame->columns;
        long first = (long)fmin(fmax(at - half, 0), most),
             end = (long)fmin(fmax(at + half, 0), most);
        while (first < end && !in_reach(frame, spot, first, dy2))
            first++;
        while (first < end && !in_reach(frame, spot, end - 1, dy2))
            end--;
        cells[row * (long)counts->field.stride + first] += spot->weight;
        cells[row * (long)counts->field.stride + end] -= spot->weight;
    }
}

static void add_point(const struct counts *counts, int64_t *cells, const struct spot *spot)
{
    long rows = counts->rows, columns = (long)counts->frame.columns;
    if (counts->plenty.counts != NULL)
        counts->plenty.counts[plenty_block(&counts->plenty, (size_t)(spot->column + rows),
                                           (size_t)(spot->row + rows))] += spot->weight;
    if (counts->places == 0)
        add_plainly(counts, cells, spot);
    else if (spot->column > rows && spot->column + rows < columns && spot->row >= rows
             && spot->row + rows < (long)counts->frame.rows)
        add_inside(counts, cells, spot);
    else
        add_cut(counts, cells, spot);
}

/* Chooses the points that are to be added and puts them in order by small squares of cells, so that
 * what one changes is still at hand for the next one; returns how many there are. */
static size_t sort_block(uint16_t order[BLOCK], const struct counts *counts,
                         const struct field_point *points, size_t count)
{
    const struct field *field = &counts->field;
    double per = field_per_unit(field), low = (double)counts->rows;
    uint16_t squares[BLOCK], next[SQUARES + 1] = {0}, at = 0;
    for (size_t i = 0; i < count; i++) {
        size_t column = (size_t)((points[i].x - field->x_min) * per + low);
        size_t row = (size_t)((points[i].y - field->y_min) * per + low);
        size_t square = (row >> SQUARE_SHIFT & 15) << 4 | (column >> SQUARE_SHIFT & 15);
        bool skip = counts->plenty.counts != NULL
                    && counts->plenty.skips[plenty_block(&counts->plenty, column, row)];
        squares[i] = (uint16_t)(skip ? SQUARES : square);
        next[squares[i]]++;
    }
    for (int square = 0; square < SQUARES; square++) {
        uint16_t held = next[square];
        next[square] = at;
        at = (uint16_t)(at + held);
    }
    next[SQUARES] = at;
    for (size_t i = 0; i < count; i++)
        order[next[squares[i]]++] = (uint16_t)i;
    return at;
}

static void add_points(struct field *field, const void *state, const struct field_points *points)
{
    uint16_t order[BLOCK];
    for (size_t first = 0; first < points->count; first += BLOCK) {
        size_t count = points->count - first < BLOCK ? points->count - first : BLOCK;
        count = sort_block(order, state, points->points + first, count);
        for (size_t i = 0; i < count; i++) {
            struct spot spot = spot_of(state, points, first + order[i]);
            add_point(state, field->cells, &spot);
        }
    }
}

/* Whenever there are twice as many points as last time; until then no more than *count are added.
 */
static bool look_for_plenty(struct counts *counts, size_t *count, struct error *error)
{
    if (counts->added >= counts->next_look) {
        counts->next_look = 2 * counts->added;
        if (!plenty_refresh(&counts->plenty, error))
            return false;
    }
    if (*count > counts->next_look - counts->added)
        *count = counts->next_look - counts->added;
    return true;
}

bool counts_add(struct counts *counts, const struct points *points, const double *weights,
                struct error *error)
{
    double around = (double)counts->rows;
    struct field_rule rule = {.add = add_points,
                              .state = counts,
                              .low_column = -around,
                              .end_column = (double)counts->frame.columns + around,
                              .low_row = -around,
                              .end_row = (double)counts->frame.rows + around,
                              .reach_rows = (size_t)counts->rows,
                              .thread_count = counts->frame.thread_count};
    for (size_t at = 0, count; at < points->count; at += count) {
        count = points->count - at;
        if (counts->plenty.counts != NULL && !look_for_plenty(counts, &count, error))
            return false;
        struct points part = {points->x + at, points->y + at, count};
        if (!field_add_points(&counts->field, &rule, &part, weights != NULL ? weights + at : NULL,
                              error))
            return false;
        counts->added += count;
    }
    return true;
}

/* Sums */

struct summing {
    double *values;
    const struct counts *counts;
    double factor;
};

/* By the number of points, so that it is the same whatever the batches were. */
static bool has_plenty(const struct counts *counts)
{
    return counts->plenty.counts != NULL && counts->added > PART;
}

static void write_enough(double *values, const struct summing *summing, size_t row)
{
    const struct plenty *plenty = &summing->counts->plenty;
    size_t columns = summing->counts->frame.columns, end;
    for (size_t first = 0; first < columns; first = end) {
        end = plenty_block_end(plenty, first);
        if (!plenty_covers(plenty, first, row))
            continue;
        for (size_t c = first; c < end && c < columns; c++)
            values[c] = plenty->enough * summing->factor;
    }
}

static bool sum_rows(void *state, size_t chunk, int worker, struct error *error)
{
    const struct summing *summing = state;
    const struct frame *frame = &summing->counts->frame;
    size_t end = (chunk + 1) * ROWS_CHUNK;
    (void)worker, (void)error;
    for (size_t row = chunk * ROWS_CHUNK; row < end && row < frame->rows; row++) {
        const int64_t *cells = summing->counts->field.cells + row * summing->counts->field.stride;
        double *values = summing->values + row * frame->columns;
        int64_t sum = 0;
        for (size_t c = 0; c < frame->columns; c++) {
            sum += cells[c];
            values[c] = (double)sum * summing->factor;
        }
        if (has_plenty(summing->counts))
            write_enough(values, summing, row);
    }
    return true;
}

bool counts_sum(double *values, struct counts *counts, double factor, struct error *error)
{
    struct summing summing = {values, counts, factor};
    struct parallel_job job = {sum_rows, &summing, counts->frame.rows / ROWS_CHUNK + 1,
                               counts->frame.thread_count};
    return (!has_plenty(counts) || plenty_refresh(&counts->plenty, error))
           && parallel_for(&job, error);
}

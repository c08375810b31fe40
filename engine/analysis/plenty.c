/* Tells where so many points lie that it matters no longer how many they are. */
#include "engine/analysis/plenty.h"

#include "engine/core/parallel.h"

#include <math.h>

enum { SHIFT_MOST = 5, ROWS_CHUNK = 16 };

static double side_of(const struct plenty *plenty)
{
    return (double)(1 << plenty->shift);
}

/* How many blocks to either side are within reach as a whole of every centre in a block that lies
 * `away` rows of blocks off; -1 for none. */
static long sure_blocks(const struct plenty *plenty, long away)
{
    double side = side_of(plenty), cell2 = plenty->frame.cell * plenty->frame.cell;
    double up = (double)(away + 1) * side - 0.5;
    double rest = plenty->frame.reach2 / cell2 * (1 - 1e-9) - up * up;
    return rest > 0 ? (long)floor((sqrt(rest) + 0.5) / side) - 1 : -1;
}

bool plenty_new(struct plenty *plenty, const struct frame *frame, double enough, size_t around,
                struct error *error)
{
    double reach = sqrt(frame->reach2) / frame->cell;
    *plenty = (struct plenty){.frame = *frame, .enough = enough, .around = around};
    while (plenty->shift < SHIFT_MOST && side_of(plenty) * 8 <= reach)
        plenty->shift++;
    plenty->columns = ((frame->columns + 2 * around) >> plenty->shift) + 1;
    plenty->rows = ((frame->rows + 2 * around) >> plenty->shift) + 1;
    plenty->window = (long)ceil(reach / side_of(plenty)) + 1;
    size_t blocks = plenty->columns * plenty->rows, most = (size_t)plenty->window;
    size_t corners = (plenty->columns + 1) * (plenty->rows + 1);
    if (array_new(&plenty->counts, blocks, sizeof *plenty->counts, error)
        && array_new(&plenty->sums, corners, sizeof *plenty->sums, error)
        && array_new(&plenty->short_of, corners, sizeof *plenty->short_of, error)
        && array_new(&plenty->skips, blocks, sizeof *plenty->skips, error)
        && array_new(&plenty->sure, most, sizeof *plenty->sure, error)) {
        while ((size_t)plenty->sure_count < most && sure_blocks(plenty, plenty->sure_count) >= 0) {
            plenty->sure[plenty->sure_count] = sure_blocks(plenty, plenty->sure_count);
            plenty->sure_count++;
        }
        return true;
    }
    plenty_free(plenty);
    return false;
}

void plenty_free(struct plenty *plenty)
{
    array_free(&plenty->counts);
    array_free(&plenty->sums);
    array_free(&plenty->short_of);
    array_free(&plenty->skips);
    array_free(&plenty->sure);
    *plenty = (struct plenty){0};
}

/* Whether the block holds any of the raster's cells. */
static bool is_on_raster(const struct plenty *plenty, size_t column, size_t row)
{
    size_t around = plenty->around;
    return (column + 1) << plenty->shift > around && (row + 1) << plenty->shift > around
           && column << plenty->shift < around + plenty->frame.columns
           && row << plenty->shift < around + plenty->frame.rows;
}

static void sum_row(struct plenty *plenty, size_t row)
{
    const int64_t *counts = plenty->counts + row * plenty->columns;
    int64_t *sums = plenty->sums + row * (plenty->columns + 1);
    sums[0] = 0;
    for (size_t c = 0; c < plenty->columns; c++)
        sums[c + 1] = sums[c] + counts[c];
}

static int64_t count_between(const struct plenty *plenty, long row, long first, long end)
{
    if (row < 0 || row >= (long)plenty->rows)
        return 0;
    const int64_t *sums = plenty->sums + (size_t)row * (plenty->columns + 1);
    return sums[end < (long)plenty->columns ? end : (long)plenty->columns]
           - sums[first > 0 ? first : 0];
}

static bool has_enough(const struct plenty *plenty, long column, long row)
{
    int64_t count = 0;
    for (long away = 0; away < plenty->sure_count; away++) {
        long sure = plenty->sure[away];
        count += count_between(plenty, row + away, column - sure, column + sure + 1);
        if (away > 0)
            count += count_between(plenty, row - away, column - sure, column + sure + 1);
    }
    return (double)count >= plenty->enough;
}

typedef void work_on_row(struct plenty *plenty, size_t row);

struct working {
    struct plenty *plenty;
    work_on_row *work;
};

static bool work_on_rows(void *state, size_t chunk, int worker, struct error *error)
{
    const struct working *working = state;
    size_t end = (chunk + 1) * ROWS_CHUNK;
    (void)worker, (void)error;
    for (size_t row = chunk * ROWS_CHUNK; row < end && row < working->plenty->rows; row++)
        working->work(working->plenty, row);
    return true;
}

static bool for_rows(struct plenty *plenty, work_on_row *work, struct error *error)
{
    struct working working = {plenty, work};
    struct parallel_job job = {work_on_rows, &working, plenty->rows / ROWS_CHUNK + 1,
                               plenty->frame.thread_count};
    return parallel_for(&job, error);
}

/* Along the row; add_up adds the rows before. */
static void find_short(struct plenty *plenty, size_t row)
{
    int32_t *sums = plenty->short_of + (row + 1) * (plenty->columns + 1), sum = 0;
    for (size_t c = 0; c < plenty->columns; c++) {
        if (is_on_raster(plenty, c, row) && !has_enough(plenty, (long)c, (long)row))
            sum++;
        sums[c + 1] = sum;
    }
}

static void add_up(struct plenty *plenty)
{
    size_t stride = plenty->columns + 1;
    for (size_t i = stride; i < stride * (plenty->rows + 1); i++)
        plenty->short_of[i] += plenty->short_of[i - stride];
}

/* Whether no block at most so many away is short. */
static bool none_short(const struct plenty *plenty, long column, long row, long away)
{
    long stride = (long)plenty->columns + 1, columns = stride - 1, rows = (long)plenty->rows;
    long west = column > away ? column - away : 0, south = row > away ? row - away : 0;
    long east = column + away + 1 < columns ? column + away + 1 : columns;
    long north = row + away + 1 < rows ? row + away + 1 : rows;
    const int32_t *sums = plenty->short_of;
    return sums[north * stride + east] - sums[north * stride + west] - sums[south * stride + east]
               + sums[south * stride + west]
           == 0;
}

static void find_skips(struct plenty *plenty, size_t row)
{
    for (size_t c = 0; c < plenty->columns; c++)
        plenty->skips[row * plenty->columns + c] =
            none_short(plenty, (long)c, (long)row, 2 * plenty->window);
}

bool plenty_refresh(struct plenty *plenty, struct error *error)
{
    if (!for_rows(plenty, sum_row, error) || !for_rows(plenty, find_short, error))
        return false;
    add_up(plenty);
    return for_rows(plenty, find_skips, error);
}

bool plenty_covers(const struct plenty *plenty, size_t column, size_t row)
{
    return none_short(plenty, (long)((column + plenty->around) >> plenty->shift),
                      (long)((row + plenty->around) >> plenty->shift), plenty->window);
}

/* Sums of a kernel over the nodes of a mesh, at the centres of a raster's cells. */
#include "engine/analysis/spread.h"

#include "engine/core/clones.h"
#include "engine/core/parallel.h"

#include <math.h>
#include <string.h>

enum {
    WIDE = 64,         /* columns of a tile of the raster */
    STRIDE = WIDE + 8, /* no power of two, so that rows don't push one another out of the cache */
    LINES = 256,       /* rows of nodes over a tile, about */
    LANES = 4,         /* columns taken at once where there are several sums, */
    STRIP = 32,        /* and where there is one */
    TAPS = 4,          /* terms taken at once */
    POWERS = 4,        /* of u^2 in a kernel */
};

/* What a row of nodes is to the rows of cells that lie `row` nodes north and south of it. */
struct chord {
    size_t row;
    size_t end;             /* nodes from the middle to where the kernel ends */
    double factors[POWERS]; /* of the sums of nodes times their own u^0, u^2, u^4 and u^6 */
    double *up, *down;      /* sums of the cells north and south */
};

/* Pairs that lie as far from the middle to either side, by how far: where each begins. A multiple
 * of TAPS, of which the last may be the middle over again, for a factor of 0. */
struct pairs {
    size_t *east, *west;
    size_t count;
};

/* What one worker writes on. A line is a row of nodes by phase: first every parts-th node from the
 * first on, then every parts-th from the second on, and so on, so that the nodes that are to each
 * cell what one of them is to the first lie side by side. */
struct scratch {
    double *row, *line, *sums, *unused;
    double *lines; /* for the Gaussian: lines summed along */
    struct chord *chords;
};

struct spreading {
    double *values;
    const struct mesh *mesh;
    const struct frame *frame;
    double factor;
    size_t reach; /* nodes so far off add nothing */
    size_t phase_length;
    size_t high, tiles_across;
    double *u2;             /* by distance in nodes */
    struct chord *chords;   /* by row */
    struct pairs along, up; /* of a line, and of the Gaussian's lines */
    double *weights;        /* by chord and pair; the Gaussian has one chord */
    struct scratch *scratches;
};

/* A tile of the raster. */
struct tile {
    size_t column, row, columns, rows;
};

/* The kernels */

/* Powers of 1 - u^2: the sums grow from pair to pair, and each chord takes them where it ends. */
static inline __attribute__((always_inline)) void add_powers(const struct spreading *spreading,
                                                             const struct scratch *scratch,
                                                             size_t count, int powers)
{
    const size_t *restrict easts = spreading->along.east, *restrict wests = spreading->along.west;
    for (size_t k = 0; k < WIDE; k += LANES) {
        double zeroth[LANES], first[LANES] = {0}, second[LANES] = {0}, third[LANES] = {0};
        const double *restrict line = scratch->line + k;
        memcpy(zeroth, line + easts[0], sizeof zeroth);
        for (size_t c = 0, node = 1; c < count; c++) {
            const struct chord *chord = &scratch->chords[c];
            for (; node < chord->end; node++) {
                const double *restrict east = line + easts[node];
                const double *restrict west = line + wests[node];
                double u2 = spreading->u2[node], u4 = u2 * u2, u6 = u4 * u2;
                for (size_t l = 0; l < LANES; l++) {
                    double pair = east[l] + west[l];
                    zeroth[l] += pair;
                    first[l] += u2 * pair;
                    if (powers > 1)
                        second[l] += u4 * pair;
                    if (powers > 2)
                        third[l] += u6 * pair;
                }
            }
            const double *factors = chord->factors;
            double sum[LANES];
            for (size_t l = 0; l < LANES; l++) {
                sum[l] = factors[0] * zeroth[l] + factors[1] * first[l];
                if (powers > 1)
                    sum[l] += factors[2] * second[l];
                if (powers > 2)
                    sum[l] += factors[3] * third[l];
            }
            double *restrict up = chord->up + k, *restrict down = chord->down + k;
            for (size_t l = 0; l < LANES; l++)
                up[l] += sum[l];
            for (size_t l = 0; l < LANES; l++)
                down[l] += sum[l];
        }
    }
}

WIDE_CLONES static void add_epanechnikov(const struct spreading *spreading,
                                         const struct scratch *scratch, size_t count)
{
    add_powers(spreading, scratch, count, 1);
}

WIDE_CLONES static void add_quartic(const struct spreading *spreading,
                                    const struct scratch *scratch, size_t count)
{
    add_powers(spreading, scratch, count, 2);
}

WIDE_CLONES static void add_triweight(const struct spreading *spreading,
                                      const struct scratch *scratch, size_t count)
{
    add_powers(spreading, scratch, count, 3);
}

/* Any kernel: the sum over `count` pairs of each one's factor times both. */
WIDE_CLONES static void sum_pairs(double *restrict sums, const double *restrict from,
                                  const struct pairs *pairs, const double *restrict factors,
                                  size_t count)
{
    memset(sums, 0, STRIP * sizeof *sums);
    for (size_t i = 0; i < count; i += TAPS) {
        const size_t *restrict east = pairs->east + i, *restrict west = pairs->west + i;
        const double *restrict a = from + east[0], *restrict b = from + west[0];
        const double *restrict c = from + east[1], *restrict d = from + west[1];
        const double *restrict e = from + east[2], *restrict f = from + west[2];
        const double *restrict g = from + east[3], *restrict h = from + west[3];
        double p = factors[i], q = factors[i + 1], r = factors[i + 2], s = factors[i + 3];
        for (size_t k = 0; k < STRIP; k++)
            sums[k] +=
                (p * (a[k] + b[k]) + q * (c[k] + d[k])) + (r * (e[k] + f[k]) + s * (g[k] + h[k]));
    }
}

WIDE_CLONES static void add_strip(double *restrict to, const double *restrict from)
{
    for (size_t k = 0; k < STRIP; k++)
        to[k] += from[k];
}

static void add_any(const struct spreading *spreading, const struct scratch *scratch, size_t count)
{
    const struct pairs *pairs = &spreading->along;
    double sums[STRIP];
    for (size_t k = 0; k < WIDE; k += STRIP)
        for (size_t c = 0; c < count; c++) {
            const struct chord *chord = &scratch->chords[c];
            sum_pairs(sums, scratch->line + k, pairs,
                      spreading->weights + chord->row * pairs->count, chord->end);
            add_strip(chord->up + k, sums);
            add_strip(chord->down + k, sums);
        }
}

/* Adds the line to the rows of the scratch's chords, of which there are `count`, shortest first. */
static void add_line(const struct spreading *spreading, const struct scratch *scratch, size_t count)
{
    switch (spreading->frame->kernel) {
    case KERNEL_EPANECHNIKOV:
        add_epanechnikov(spreading, scratch, count);
        return;
    case KERNEL_QUARTIC:
        add_quartic(spreading, scratch, count);
        return;
    case KERNEL_TRIWEIGHT:
        add_triweight(spreading, scratch, count);
        return;
    case KERNEL_TRIANGULAR:
    case KERNEL_GAUSSIAN:
    case KERNEL_UNIFORM:
        add_any(spreading, scratch, count);
        return;
    }
}

/* Lines */

/* Whole numbers below 2^51 become doubles by their bits, which takes several at once. */
WIDE_CLONES static void to_doubles(double *restrict row, const int64_t *restrict nodes,
                                   size_t count)
{
    const uint64_t offset = 0x4338000000000000u; /* of 1.5 * 2^52 */
    enum { AT_ONCE = 8 };
    size_t n = 0;
    for (; n + AT_ONCE <= count; n += AT_ONCE) {
        uint64_t bits[AT_ONCE];
        double values[AT_ONCE];
        for (size_t i = 0; i < AT_ONCE; i++)
            bits[i] = (uint64_t)nodes[n + i] + offset;
        memcpy(values, bits, sizeof values);
        for (size_t i = 0; i < AT_ONCE; i++)
            row[n + i] = values[i] - 0x1.8p52;
    }
    for (; n < count; n++)
        row[n] = (double)nodes[n];
}

/* Ors of the nodes, and of the nodes and 2^51: below 2^52 when all are in between. */
WIDE_CLONES static void look_over(uint64_t seen[2], const int64_t *restrict nodes, size_t count)
{
    uint64_t any = 0, high = 0;
    for (size_t n = 0; n < count; n++) {
        any |= (uint64_t)nodes[n];
        high |= (uint64_t)nodes[n] + (UINT64_C(1) << 51);
    }
    seen[0] = any;
    seen[1] = high;
}

/* False when there is nothing in the row. */
static bool fetch_line(const struct spreading *spreading, struct scratch *scratch,
                       const int64_t *nodes, size_t count)
{
    size_t parts = spreading->mesh->parts;
    double *row = parts == 1 ? scratch->line : scratch->row;
    uint64_t seen[2];
    look_over(seen, nodes, count);
    if (seen[0] == 0)
        return false;
    if (seen[1] >> 52 == 0)
        to_doubles(row, nodes, count);
    else
        for (size_t n = 0; n < count; n++)
            row[n] = (double)nodes[n];
    for (size_t phase = 0; parts > 1 && phase < parts; phase++) {
        double *to = scratch->line + phase * spreading->phase_length;
        for (size_t n = phase; n < count; n += parts)
            *to++ = row[n];
    }
    return true;
}

/* The nodes that the tile's cells see of a row, which is counted north from the tile's first cells.
 */
static bool fetch_row(const struct spreading *spreading, struct scratch *scratch,
                      const struct tile *tile, long north)
{
    const struct mesh *mesh = spreading->mesh;
    size_t before = mesh->margin + 1 - spreading->reach;
    size_t count = (tile->columns - 1) * mesh->parts + 2 * spreading->reach - 1;
    long row = (long)(tile->row * mesh->parts + mesh->margin) + north;
    return fetch_line(spreading, scratch,
                      mesh->field.cells + (size_t)row * mesh->field.stride
                          + tile->column * mesh->parts + before,
                      count);
}

/* Where the rows of cells lie that are a number of nodes away: floor division that goes on step by
 * step. */
struct place {
    long row, rest, parts;
};

static struct place place_of(long north, long parts)
{
    long rest = (north % parts + parts) % parts;
    return (struct place){(north - rest) / parts, rest, parts};
}

static void place_north(struct place *place)
{
    if (++place->rest == place->parts) {
        place->rest = 0;
        place->row++;
    }
}

static void place_south(struct place *place)
{
    if (place->rest-- == 0) {
        place->rest = place->parts - 1;
        place->row--;
    }
}

static bool place_is_in(const struct place *place, const struct tile *tile)
{
    return place->rest == 0 && place->row >= 0 && place->row < (long)tile->rows;
}

/* The chords by which a row of nodes reaches rows of the tile, shortest first. */
static size_t chords_of(struct scratch *scratch, const struct spreading *spreading,
                        const struct tile *tile, long north)
{
    long most = (long)spreading->reach - 1, parts = (long)spreading->mesh->parts;
    struct place up = place_of(north + most, parts), down = place_of(north - most, parts);
    size_t count = 0;
    for (long row = most; row >= 0; row--, place_south(&up), place_north(&down)) {
        bool is_up = place_is_in(&up, tile), is_down = row > 0 && place_is_in(&down, tile);
        if (!is_up && !is_down)
            continue;
        struct chord *chord = &scratch->chords[count++];
        *chord = spreading->chords[row];
        chord->up = is_up ? scratch->sums + up.row * STRIDE : scratch->unused;
        chord->down = is_down ? scratch->sums + down.row * STRIDE : scratch->unused + WIDE;
    }
    return count;
}

/* Tiles */

static struct tile tile_at(const struct spreading *spreading, size_t number)
{
    const struct frame *frame = spreading->frame;
    struct tile tile = {number % spreading->tiles_across * WIDE,
                        number / spreading->tiles_across * spreading->high, WIDE, spreading->high};
    if (tile.column + tile.columns > frame->columns)
        tile.columns = frame->columns - tile.column;
    if (tile.row + tile.rows > frame->rows)
        tile.rows = frame->rows - tile.row;
    return tile;
}

static void sum_chords(const struct spreading *spreading, struct scratch *scratch,
                       const struct tile *tile)
{
    long reach = (long)spreading->reach, high = (long)((tile->rows - 1) * spreading->mesh->parts);
    memset(scratch->sums, 0, tile->rows * STRIDE * sizeof *scratch->sums);
    for (long north = 1 - reach; north < high + reach; north++)
        if (fetch_row(spreading, scratch, tile, north))
            add_line(spreading, scratch, chords_of(scratch, spreading, tile, north));
}

/* A factor in x times a factor in y, which is the same one: lines are summed along, then up. */
static void sum_gaussian(const struct spreading *spreading, struct scratch *scratch,
                         const struct tile *tile)
{
    const struct pairs *along = &spreading->along, *up = &spreading->up;
    long reach = (long)spreading->reach, high = (long)((tile->rows - 1) * spreading->mesh->parts);
    for (long north = 1 - reach; north < high + reach; north++) {
        double *to = scratch->lines + (north + reach - 1) * STRIDE;
        bool any = fetch_row(spreading, scratch, tile, north);
        for (size_t k = 0; any && k < WIDE; k += STRIP)
            sum_pairs(to + k, scratch->line + k, along, spreading->weights, along->count);
        if (!any)
            memset(to, 0, WIDE * sizeof *to);
    }
    for (size_t k = 0; k < WIDE; k += STRIP)
        for (size_t row = 0; row < tile->rows; row++)
            sum_pairs(scratch->sums + row * STRIDE + k,
                      scratch->lines + row * spreading->mesh->parts * STRIDE + k, up,
                      spreading->weights, up->count);
}

static bool spread_tile(void *state, size_t number, int worker, struct error *error)
{
    const struct spreading *spreading = state;
    struct scratch *scratch = &spreading->scratches[worker];
    struct tile tile = tile_at(spreading, number);
    (void)error;
    if (spreading->frame->kernel == KERNEL_GAUSSIAN)
        sum_gaussian(spreading, scratch, &tile);
    else
        sum_chords(spreading, scratch, &tile);
    for (size_t r = 0; r < tile.rows; r++) {
        const double *sums = scratch->sums + r * STRIDE;
        double *values =
            spreading->values + (tile.row + r) * spreading->frame->columns + tile.column;
        for (size_t c = 0; c < tile.columns; c++)
            values[c] = sums[c] > 0 ? sums[c] * spreading->factor : 0; /* shares may be negative */
    }
    return true;
}

/* Preparing */

/* (rest - u^2) to the kernel's power, where rest is 1 less the row's own u^2. */
static void expand(double factors[POWERS], enum kernel kernel, double rest)
{
    static const double BINOMIALS[3][POWERS] = {{1, -1}, {1, -2, 1}, {1, -3, 3, -1}};
    int power = kernel == KERNEL_EPANECHNIKOV ? 1 : kernel == KERNEL_QUARTIC ? 2 : 3;
    for (int i = 0; i <= power; i++) {
        factors[i] = BINOMIALS[power - 1][i];
        for (int j = i; j < power; j++)
            factors[i] *= rest;
    }
}

static void fill_pairs(struct spreading *spreading)
{
    size_t middle = spreading->reach - 1, parts = spreading->mesh->parts;
    for (size_t i = 0; i < spreading->along.count; i++) {
        size_t away = i <= middle ? i : 0, east = middle + away, west = middle - away;
        spreading->along.east[i] = east % parts * spreading->phase_length + east / parts;
        spreading->along.west[i] = west % parts * spreading->phase_length + west / parts;
        spreading->up.east[i] = east * STRIDE;
        spreading->up.west[i] = west * STRIDE;
    }
}

static void fill_chords(struct spreading *spreading)
{
    enum kernel kernel = spreading->frame->kernel;
    size_t chords = kernel == KERNEL_GAUSSIAN ? 1 : spreading->reach;
    double u = spreading->mesh->field.side / spreading->frame->bandwidth;
    for (size_t n = 0; n < spreading->reach; n++)
        spreading->u2[n] = (double)n * u * ((double)n * u);
    for (size_t row = 0; row < chords; row++) {
        struct chord *chord = &spreading->chords[row];
        double *weights = spreading->weights + row * spreading->along.count;
        chord->row = row;
        expand(chord->factors, kernel, 1 - spreading->u2[row]);
        for (size_t n = 0; n < spreading->reach; n++) {
            weights[n] = kernel_shape(kernel, spreading->u2[n] + spreading->u2[row]);
            if (weights[n] > 0)
                chord->end = n + 1;
        }
        weights[0] /= 2; /* the middle is no pair */
    }
}

static bool scratch_new(struct scratch *scratch, const struct spreading *spreading,
                        struct error *error)
{
    size_t parts = spreading->mesh->parts, length = parts * spreading->phase_length;
    size_t lines = (spreading->high - 1) * parts + 2 * spreading->reach - 1;
    bool gaussian = spreading->frame->kernel == KERNEL_GAUSSIAN;
    return array_new(&scratch->row, length, sizeof *scratch->row, error)
           && array_new(&scratch->line, length, sizeof *scratch->line, error)
           && array_new(&scratch->sums, spreading->high * STRIDE, sizeof *scratch->sums, error)
           && array_new(&scratch->unused, 2 * WIDE, sizeof *scratch->unused, error)
           && array_new(&scratch->lines, gaussian ? lines * STRIDE : 0, sizeof *scratch->lines,
                        error)
           && array_new(&scratch->chords, spreading->reach, sizeof *scratch->chords, error);
}

static void scratch_free(struct scratch *scratch)
{
    array_free(&scratch->row);
    array_free(&scratch->line);
    array_free(&scratch->sums);
    array_free(&scratch->unused);
    array_free(&scratch->lines);
    array_free(&scratch->chords);
}

static bool pairs_new(struct pairs *pairs, size_t reach, struct error *error)
{
    pairs->count = (reach + TAPS - 1) / TAPS * TAPS;
    return array_new(&pairs->east, pairs->count, sizeof *pairs->east, error)
           && array_new(&pairs->west, pairs->count, sizeof *pairs->west, error);
}

static bool spreading_new(struct spreading *spreading, size_t workers, struct error *error)
{
    size_t reach = spreading->reach;
    bool done = pairs_new(&spreading->along, reach, error)
                && pairs_new(&spreading->up, reach, error)
                && array_new(&spreading->u2, reach, sizeof *spreading->u2, error)
                && array_new(&spreading->chords, reach, sizeof *spreading->chords, error)
                && array_new(&spreading->weights, reach * spreading->along.count,
                             sizeof *spreading->weights, error)
                && array_new(&spreading->scratches, workers, sizeof *spreading->scratches, error);
    for (size_t w = 0; done && w < workers; w++)
        done = scratch_new(&spreading->scratches[w], spreading, error);
    return done;
}

static void spreading_free(struct spreading *spreading, size_t workers)
{
    for (size_t w = 0; spreading->scratches != NULL && w < workers; w++)
        scratch_free(&spreading->scratches[w]);
    array_free(&spreading->scratches);
    array_free(&spreading->along.east);
    array_free(&spreading->along.west);
    array_free(&spreading->up.east);
    array_free(&spreading->up.west);
    array_free(&spreading->u2);
    array_free(&spreading->chords);
    array_free(&spreading->weights);
}

bool spread_run(double *values, const struct mesh *mesh, const struct frame *frame, double factor,
                struct error *error)
{
    struct spreading spreading = {.values = values,
                                  .mesh = mesh,
                                  .frame = frame,
                                  .factor = factor,
                                  .reach = mesh->reach,
                                  .phase_length = WIDE + 2 * mesh->reach / mesh->parts + 1,
                                  .high = (LINES + mesh->parts - 1) / mesh->parts,
                                  .tiles_across = (frame->columns + WIDE - 1) / WIDE};
    size_t workers = (size_t)parallel_threads(frame->thread_count);
    size_t tiles_up = (frame->rows + spreading.high - 1) / spreading.high;
    struct parallel_job job = {spread_tile, &spreading, spreading.tiles_across * tiles_up,
                               frame->thread_count};
    bool done = spreading_new(&spreading, workers, error);
    if (done) {
        fill_pairs(&spreading);
        fill_chords(&spreading);
        done = parallel_for(&job, error);
    }
    spreading_free(&spreading, workers);
    return done;
}

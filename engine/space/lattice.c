/* Stands in for a costly transform by biquadratic patches on a fixed lattice. */
#include "engine/space/lattice.h"

#include "engine/core/clones.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

enum { BATCH = 256, SLAB_PATCHES = 64, NODES = 9, CHECKS = 4, SAMPLES = NODES + CHECKS };

static const double tolerance_m = 0.00005;

/* x and y side by side, so that both are reckoned at one time; the compiler splits it where the
 * machine has no such registers, with the same bits. */
typedef double pair __attribute__((vector_size(16)));

/* Values are the sum of terms[k] s^(k % 3) t^(k / 3), with s and t from -0.5 to 0.5 over the cell.
 */
struct patch {
    pair terms[NODES];
    bool off_grid;
};

/* What a cell points to when patches will not do there. */
static const struct patch no_patch;

struct slab {
    struct slab *next;
    struct patch patches[SLAB_PATCHES];
};

struct lattice {
    struct lattice_frame frame;
    lattice_exact *exact;
    void *state;
    pthread_mutex_t mutex; /* guards the slabs and whoever writes a cell */
    struct slab *slabs;
    size_t slab_used;
    _Atomic(const struct patch *) cells[];
};

/* Where in their cells points lie. */
struct spots {
    double s[BATCH], t[BATCH];
    int32_t cells[BATCH]; /* the one behind the last: outside */
};

/* Four points side by side; the compiler splits them where the machine has no such registers. */
enum { ABREAST = 4 };
typedef double four __attribute__((vector_size(32)));
typedef int64_t four_masks __attribute__((vector_size(32)));
typedef int32_t four_numbers __attribute__((vector_size(16)));

WIDE_CLONES static void find(struct spots *spots, const struct lattice_frame *frame,
                             const double *x_at, const double *y_at)
{
    const double *a = frame->column, *b = frame->row;
    double columns = frame->columns, rows = frame->rows, outside = columns * rows;
    for (int k = 0; k < BATCH; k += ABREAST) {
        four x, y, s, t;
        memcpy(&x, &x_at[k], sizeof x);
        memcpy(&y, &y_at[k], sizeof y);
        four column = a[0] + a[1] * x + a[2] * y - (double)frame->first_column;
        four row = b[0] + b[1] * x + b[2] * y - (double)frame->first_row;
        /* False for NaN; then both are taken as 0, so that the conversions are safe. */
        four_masks inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows);
        column = (four)(inside & (four_masks)column);
        row = (four)(inside & (four_masks)row);
        four i = __builtin_convertvector(__builtin_convertvector(column, four_numbers), four);
        four j = __builtin_convertvector(__builtin_convertvector(row, four_numbers), four);
        four cell = j * columns + i;
        cell = (four)((inside & (four_masks)cell) | (~inside & (four_masks)(cell * 0 + outside)));
        four_numbers cells = __builtin_convertvector(cell, four_numbers);
        s = column - i - 0.5;
        t = row - j - 0.5;
        memcpy(&spots->s[k], &s, sizeof s);
        memcpy(&spots->t[k], &t, sizeof t);
        memcpy(&spots->cells[k], &cells, sizeof cells);
    }
}

static inline pair horner(const struct patch *patch, double s, double t)
{
    const pair *terms = patch->terms;
    pair low = terms[0] + s * (terms[1] + s * terms[2]);
    pair middle = terms[3] + s * (terms[4] + s * terms[5]);
    pair high = terms[6] + s * (terms[7] + s * terms[8]);
    return low + t * (middle + t * high);
}

/* Nodes are rounded to 2^-20 m: then the terms are exact, and two machines whose sines differ in
 * the last bit make the same patch. */
static double rounded(double metres)
{
    return floor(metres * 1048576.0 + 0.5) / 1048576.0;
}

/* A quadratic through the values at -0.5, 0 and 0.5. */
static void fit_three(double *terms, const double *values, int stride)
{
    double low = values[0], middle = values[stride], high = values[2 * stride];
    terms[0] = middle;
    terms[stride] = high - low;
    terms[2 * stride] = 2 * (low - 2 * middle + high);
}

static void fit(struct patch *patch, const double *values, int axis)
{
    double across[NODES], terms[NODES], nodes[NODES];
    for (int k = 0; k < NODES; k++)
        nodes[k] = rounded(values[k]);
    for (int j = 0; j < 3; j++)
        fit_three(&across[3 * j], &nodes[3 * j], 1);
    for (int i = 0; i < 3; i++)
        fit_three(&terms[i], &across[i], 3);
    for (int k = 0; k < NODES; k++)
        patch->terms[k][axis] = terms[k];
}

/* The sample places of a cell: nine nodes row by row, then the middles of its quarters. */
static void place(int sample, double *s, double *t)
{
    if (sample < NODES) {
        *s = 0.5 * (sample % 3 - 1);
        int row = sample / 3;
        *t = 0.5 * (row - 1);
    } else {
        *s = sample % 2 ? 0.25 : -0.25;
        *t = sample < NODES + 2 ? 0.25 : -0.25;
    }
}

/* A node has the same bits whichever of its cells asks for it. */
static void set_sample(double *x, double *y, const struct lattice_frame *frame, size_t cell,
                       int sample)
{
    size_t columns = (size_t)frame->columns;
    const double *a = frame->column, *b = frame->row;
    double s, t, determinant = a[1] * b[2] - a[2] * b[1];
    place(sample, &s, &t);
    double column = (double)(cell % columns) + frame->first_column + 0.5 + s - a[0];
    double row = (double)(cell / columns) + frame->first_row + 0.5 + t - b[0];
    *x = (column * b[2] - row * a[2]) / determinant;
    *y = (row * a[1] - column * b[1]) / determinant;
}

/* What is known of a cell's samples. */
struct samples {
    double x[SAMPLES], y[SAMPLES];
    bool off_grid[SAMPLES], known[SAMPLES];
};

static bool is_good(const struct patch *patch, const struct samples *samples)
{
    for (size_t k = 0; k < SAMPLES; k++)
        if (!isfinite(samples->x[k]) || !isfinite(samples->y[k])
            || samples->off_grid[k] != patch->off_grid)
            return false;
    for (int k = NODES; k < SAMPLES; k++) {
        double s, t;
        place(k, &s, &t);
        pair value = horner(patch, s, t);
        if (!(fabs(value[0] - samples->x[k]) <= tolerance_m
              && fabs(value[1] - samples->y[k]) <= tolerance_m))
            return false;
    }
    return true;
}

static struct patch *slab_patch(struct lattice *lattice, struct error *error)
{
    if (!lattice->slabs || lattice->slab_used == SLAB_PATCHES) {
        struct slab *slab = NULL;
        if (!array_new(&slab, 1, sizeof *slab, error))
            return NULL;
        slab->next = lattice->slabs;
        lattice->slabs = slab;
        lattice->slab_used = 0;
    }
    return &lattice->slabs->patches[lattice->slab_used++];
}

/* Another thread may have made the same patch meanwhile: its bits are these. */
static bool publish(struct lattice *lattice, size_t cell, const struct patch *patch,
                    struct error *error)
{
    bool done = true;
    pthread_mutex_lock(&lattice->mutex);
    if (!atomic_load_explicit(&lattice->cells[cell], memory_order_relaxed)) {
        const struct patch *kept = &no_patch;
        if (patch != &no_patch) {
            struct patch *copy = slab_patch(lattice, error);
            if (copy)
                *copy = *patch;
            kept = copy;
        }
        done = kept != NULL;
        atomic_store_explicit(&lattice->cells[cell], kept, memory_order_release);
    }
    pthread_mutex_unlock(&lattice->mutex);
    return done;
}

/* Takes the nodes that a neighbour's patch has at its `across` and `up` side from it; at a node it
 * is the node's value, to the last bit. */
static void share_nodes(struct samples *samples, const struct lattice *lattice, size_t cell,
                        const int side[2])
{
    long columns = lattice->frame.columns, rows = lattice->frame.rows;
    long column = (long)cell % columns + side[0], row = (long)cell / columns + side[1];
    if (column < 0 || column >= columns || row < 0 || row >= rows)
        return;
    const struct patch *patch = atomic_load_explicit(
        &lattice->cells[(size_t)(row * columns + column)], memory_order_acquire);
    if (patch == NULL || patch == &no_patch)
        return;
    for (int k = 0; k < NODES; k++) {
        int i = k % 3 - 1, j = k / 3 - 1;
        if ((side[0] != 0 && i != side[0]) || (side[1] != 0 && j != side[1]))
            continue;
        pair value = horner(patch, 0.5 * i - side[0], 0.5 * j - side[1]);
        samples->x[k] = value[0];
        samples->y[k] = value[1];
        samples->off_grid[k] = patch->off_grid;
        samples->known[k] = true;
    }
}

/* Asks for the samples that no neighbour has. */
static bool fill_samples(struct samples *samples, const struct lattice *lattice, size_t cell,
                         struct error *error)
{
    double x[SAMPLES], y[SAMPLES];
    bool off_grid[SAMPLES];
    struct lattice_batch missing = {x, y, off_grid, 0};
    for (int k = 0; k < SAMPLES; k++)
        if (!samples->known[k]) {
            set_sample(&x[missing.count], &y[missing.count], &lattice->frame, cell, k);
            missing.count++;
        }
    if (!lattice->exact(lattice->state, &missing, error))
        return false;
    for (int k = SAMPLES; k-- > 0;)
        if (!samples->known[k]) {
            missing.count--;
            samples->x[k] = x[missing.count];
            samples->y[k] = y[missing.count];
            samples->off_grid[k] = off_grid[missing.count];
        }
    return true;
}

static const struct patch *make_patch(struct lattice *lattice, size_t cell, struct error *error)
{
    static const int SIDES[4][2] = {{-1, 0}, {1, 0}, {0, -1}, {0, 1}};
    struct samples samples = {0};
    for (int n = 0; n < 4; n++)
        share_nodes(&samples, lattice, cell, SIDES[n]);
    if (!fill_samples(&samples, lattice, cell, error))
        return NULL;
    struct patch patch = {.off_grid = samples.off_grid[0]};
    fit(&patch, samples.x, 0);
    fit(&patch, samples.y, 1);
    if (!publish(lattice, cell, is_good(&patch, &samples) ? &patch : &no_patch, error))
        return NULL;
    return atomic_load_explicit(&lattice->cells[cell], memory_order_acquire);
}

/* An earlier point of the batch may have had it made. */
static const struct patch *patch_of(struct lattice *lattice, size_t cell, struct error *error)
{
    const struct patch *patch = atomic_load_explicit(&lattice->cells[cell], memory_order_acquire);
    return patch ? patch : make_patch(lattice, cell, error);
}

struct lattice *lattice_open(const struct lattice_frame *frame, lattice_exact *exact, void *state,
                             struct error *error)
{
    struct lattice *lattice = NULL;
    size_t cells = (size_t)frame->columns * (size_t)frame->rows;
    size_t words = sizeof *lattice / sizeof(void *) + 2 + cells;
    if (!array_new(&lattice, words, sizeof(void *), error))
        return NULL;
    lattice->frame = *frame;
    atomic_init(&lattice->cells[cells], &no_patch); /* outside */
    lattice->exact = exact;
    lattice->state = state;
    if (pthread_mutex_init(&lattice->mutex, NULL) != 0) {
        array_free(&lattice);
        error_set(error, ERROR_INTERNAL, "no lock could be made for the projection");
    }
    return lattice;
}

void lattice_close(struct lattice *lattice)
{
    if (!lattice)
        return;
    for (struct slab *slab = lattice->slabs; slab;) {
        struct slab *next = slab->next;
        array_free(&slab);
        slab = next;
    }
    pthread_mutex_destroy(&lattice->mutex);
    array_free(&lattice);
}

/* Points that no patch serves, gathered so that the transform is asked once a batch. */
struct leftover {
    double x[BATCH], y[BATCH];
    bool off_grid[BATCH];
    size_t at[BATCH], count;
};

static bool transform_leftover(const struct lattice *lattice, struct leftover *leftover,
                               const struct lattice_batch *into, struct error *error)
{
    struct lattice_batch batch = {leftover->x, leftover->y, leftover->off_grid, leftover->count};
    if (!lattice->exact(lattice->state, &batch, error))
        return false;
    for (size_t k = 0; k < leftover->count; k++) {
        into->x[leftover->at[k]] = leftover->x[k];
        into->y[leftover->at[k]] = leftover->y[k];
        into->off_grid[leftover->at[k]] = leftover->off_grid[k];
    }
    return true;
}

/* What the next step wants of memory is asked for one step ahead. */
static void fetch_patches(const struct patch *patches[BATCH], struct lattice *lattice,
                          const struct spots *spots, size_t count)
{
    enum { LINE = 64 };
    for (size_t k = 0; k < count; k++)
        __builtin_prefetch((const void *)&lattice->cells[spots->cells[k]]);
    for (size_t k = 0; k < count; k++) {
        patches[k] = atomic_load_explicit(&lattice->cells[spots->cells[k]], memory_order_acquire);
        for (size_t line = 0; patches[k] != NULL && line < sizeof **patches; line += LINE)
            __builtin_prefetch((const char *)patches[k] + line);
    }
}

static bool transform_batch(struct lattice *lattice, const struct lattice_batch *batch,
                            const struct spots *spots, struct error *error)
{
    struct leftover leftover;
    const struct patch *patches[BATCH];
    leftover.count = 0;
    fetch_patches(patches, lattice, spots, batch->count);
    for (size_t k = 0; k < batch->count; k++) {
        const struct patch *patch = patches[k];
        if (!patch && !(patch = patch_of(lattice, (size_t)spots->cells[k], error)))
            return false;
        if (patch == &no_patch) {
            leftover.x[leftover.count] = batch->x[k];
            leftover.y[leftover.count] = batch->y[k];
            leftover.at[leftover.count++] = k;
            continue;
        }
        pair value = horner(patch, spots->s[k], spots->t[k]);
        batch->x[k] = value[0];
        batch->y[k] = value[1];
        batch->off_grid[k] = patch->off_grid;
    }
    return leftover.count == 0 || transform_leftover(lattice, &leftover, batch, error);
}

static void find_all(struct spots *spots, const struct lattice_frame *frame,
                     const struct lattice_batch *batch)
{
    double x[BATCH] = {0}, y[BATCH] = {0};
    if (batch->count == BATCH) {
        find(spots, frame, batch->x, batch->y);
        return;
    }
    memcpy(x, batch->x, batch->count * sizeof *x);
    memcpy(y, batch->y, batch->count * sizeof *y);
    find(spots, frame, x, y);
}

bool lattice_points(struct lattice *lattice, const struct lattice_batch *points, size_t *off_grid,
                    struct error *error)
{
    bool flags[BATCH] = {false};
    struct spots spots;
    for (size_t begin = 0; begin < points->count; begin += BATCH) {
        size_t count = points->count - begin < BATCH ? points->count - begin : BATCH;
        struct lattice_batch batch = {points->x + begin, points->y + begin, flags, count};
        find_all(&spots, &lattice->frame, &batch);
        if (!transform_batch(lattice, &batch, &spots, error))
            return false;
        for (size_t k = 0; k < count; k++)
            *off_grid += flags[k];
    }
    return true;
}

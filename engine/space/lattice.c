/* Stands in for a costly transform by biquadratic patches on a fixed lattice. */
#include "engine/space/lattice.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>

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

/* Where in its cell a point lies. */
struct spot {
    double s, t;
    size_t cell;
    bool inside;
};

static struct spot find(const struct lattice_frame *frame, double x, double y)
{
    double column = frame->column[0] + frame->column[1] * x + frame->column[2] * y;
    double row = frame->row[0] + frame->row[1] * x + frame->row[2] * y;
    column -= frame->first_column;
    row -= frame->first_row;
    /* False for NaN, so that the casts are safe. */
    bool inside = (column >= 0) & (column < frame->columns) & (row >= 0) & (row < frame->rows);
    if (!inside)
        return (struct spot){0};
    int i = (int)column, j = (int)row;
    return (struct spot){
        .s = column - i - 0.5,
        .t = row - j - 0.5,
        .cell = (size_t)j * (size_t)frame->columns + (size_t)i,
        .inside = true,
    };
}

static pair horner(const struct patch *patch, double s, double t)
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

static void set_samples(const struct lattice_frame *frame, size_t cell, double *x, double *y)
{
    size_t columns = (size_t)frame->columns;
    double column = (double)(cell % columns) + frame->first_column + 0.5 - frame->column[0];
    double row = (double)(cell / columns) + frame->first_row + 0.5 - frame->row[0];
    const double *a = frame->column, *b = frame->row;
    double determinant = a[1] * b[2] - a[2] * b[1];
    for (int k = 0; k < SAMPLES; k++) {
        double s, t;
        place(k, &s, &t);
        x[k] = ((column + s) * b[2] - (row + t) * a[2]) / determinant;
        y[k] = ((row + t) * a[1] - (column + s) * b[1]) / determinant;
    }
}

static bool is_good(const struct patch *patch, const struct lattice_batch *samples)
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

static const struct patch *make_patch(struct lattice *lattice, size_t cell, struct error *error)
{
    double x[SAMPLES], y[SAMPLES];
    bool off_grid[SAMPLES];
    struct lattice_batch samples = {x, y, off_grid, SAMPLES};
    set_samples(&lattice->frame, cell, x, y);
    if (!lattice->exact(lattice->state, &samples, error))
        return NULL;
    struct patch patch = {.off_grid = off_grid[0]};
    fit(&patch, x, 0);
    fit(&patch, y, 1);
    if (!publish(lattice, cell, is_good(&patch, &samples) ? &patch : &no_patch, error))
        return NULL;
    return atomic_load_explicit(&lattice->cells[cell], memory_order_acquire);
}

struct lattice *lattice_open(const struct lattice_frame *frame, lattice_exact *exact, void *state,
                             struct error *error)
{
    struct lattice *lattice = NULL;
    size_t cells = (size_t)frame->columns * (size_t)frame->rows;
    size_t words = sizeof *lattice / sizeof(void *) + 1 + cells;
    if (!array_new(&lattice, words, sizeof(void *), error))
        return NULL;
    lattice->frame = *frame;
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

static bool transform_batch(struct lattice *lattice, const struct lattice_batch *batch,
                            struct error *error)
{
    struct leftover leftover;
    leftover.count = 0;
    for (size_t k = 0; k < batch->count; k++) {
        struct spot spot = find(&lattice->frame, batch->x[k], batch->y[k]);
        const struct patch *patch = &no_patch;
        if (spot.inside) {
            patch = atomic_load_explicit(&lattice->cells[spot.cell], memory_order_acquire);
            if (!patch && !(patch = make_patch(lattice, spot.cell, error)))
                return false;
        }
        if (patch == &no_patch) {
            leftover.x[leftover.count] = batch->x[k];
            leftover.y[leftover.count] = batch->y[k];
            leftover.at[leftover.count++] = k;
            continue;
        }
        pair value = horner(patch, spot.s, spot.t);
        batch->x[k] = value[0];
        batch->y[k] = value[1];
        batch->off_grid[k] = patch->off_grid;
    }
    return leftover.count == 0 || transform_leftover(lattice, &leftover, batch, error);
}

bool lattice_points(struct lattice *lattice, const struct lattice_batch *points, size_t *off_grid,
                    struct error *error)
{
    bool flags[BATCH] = {false};
    for (size_t begin = 0; begin < points->count; begin += BATCH) {
        size_t count = points->count - begin < BATCH ? points->count - begin : BATCH;
        struct lattice_batch batch = {points->x + begin, points->y + begin, flags, count};
        if (!transform_batch(lattice, &batch, error))
            return false;
        for (size_t k = 0; k < count; k++)
            *off_grid += flags[k];
    }
    return true;
}

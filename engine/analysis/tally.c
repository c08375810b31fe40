/* Takes points for the sums of a kernel at the centres of a raster's cells, as many as come, in
 * memory that does not grow with them. */
#include "engine/analysis/tally.h"

#include "engine/analysis/counts.h"
#include "engine/analysis/mesh.h"
#include "engine/analysis/refine.h"
#include "engine/analysis/spread.h"
#include "engine/analysis/stamps.h"

#include <math.h>

static const double NODES_MOST = 2e7; /* of 8 bytes */

/* Fractions get fewer bits below the point, since they may be large. */
static const double WHOLE_UNIT = MESH_UNIT, FRACTION_UNIT = 1048576;

struct tally {
    struct frame frame, coarse;
    size_t step; /* of the coarse frame; 1: it is the frame itself */
    double unit, enough;
    double weight, weight_most; /* all, and what sums of 64 bits hold */
    struct mesh mesh;
    struct stamps stamps;
    struct counts *counts;
};

/* The ways */

struct way {
    bool counts, stamps;
    size_t step, parts; /* cells a node, or nodes a cell: one of them is 1 */
};

static struct way way_of(const struct frame *frame)
{
    double cells = frame->bandwidth / frame->cell, reach = sqrt(frame->reach2) / frame->cell;
    struct way way = {.counts = frame->kernel == KERNEL_UNIFORM, .step = 1, .parts = 1};
    if (cells >= 2 * TALLY_COARSE)
        way.step = (size_t)fmin(cells / TALLY_COARSE, 1e6);
    if (cells < TALLY_FINE)
        way.parts = (size_t)fmin(ceil(TALLY_FINE / cells), 1e6);
    bool large = mesh_nodes(frame, way.parts) > NODES_MOST && way.step == 1;
    way.stamps = reach < 4 || (reach < 8 && large);
    while (!way.stamps && way.parts > 1 && mesh_nodes(frame, way.parts) > NODES_MOST)
        way.parts--;
    return way;
}

double tally_cost(const struct frame *frame)
{
    struct way way = way_of(frame);
    struct frame coarse = way.step > 1 ? refine_coarse(frame, way.step) : *frame;
    double cells = (double)frame->columns * (double)frame->rows;
    double reach = sqrt(coarse.reach2) / coarse.cell * (double)way.parts;
    if (way.counts || way.stamps)
        return cells;
    double sums = frame->kernel == KERNEL_TRIANGULAR ? reach * reach / 5 : reach / 2;
    return mesh_nodes(&coarse, way.parts) * (sums + 8) + 2 * cells; /* as measured */
}

double tally_reach(const struct frame *frame)
{
    const double nodes = 8; /* around a mesh and around a coarse frame, and one for rounding up */
    return sqrt(frame->reach2) + nodes * frame->cell * (double)way_of(frame).step;
}

static bool open_way(struct tally *tally, const struct way *way, struct error *error)
{
    if (way->counts) {
        tally->counts = counts_open(&tally->frame, tally->unit, tally->enough, error);
        return tally->counts != NULL;
    }
    if (way->stamps) {
        tally->stamps = stamps_of(&tally->frame, tally->unit);
        return field_new(&tally->stamps.field, error);
    }
    tally->step = way->step;
    tally->coarse = way->step > 1 ? refine_coarse(&tally->frame, way->step) : tally->frame;
    tally->mesh = mesh_of(&tally->coarse, way->parts);
    return field_new(&tally->mesh.field, error);
}

struct tally *tally_open(const struct frame *frame, const struct tally_options *options,
                         struct error *error)
{
    struct tally *tally;
    struct way way = way_of(frame);
    if (!array_new(&tally, 1, sizeof *tally, error))
        return NULL;
    tally->frame = *frame;
    tally->enough = options->enough;
    tally->unit = options->fractions ? FRACTION_UNIT : way.counts ? 1 : WHOLE_UNIT;
    tally->weight_most = 0x1p62 / tally->unit;
    if (open_way(tally, &way, error))
        return tally;
    tally_close(tally);
    return NULL;
}

void tally_close(struct tally *tally)
{
    if (tally == NULL)
        return;
    field_free(&tally->mesh.field);
    field_free(&tally->stamps.field);
    counts_close(tally->counts);
    array_free(&tally);
}

bool tally_add(struct tally *tally, const struct points *points, const double *weights,
               struct error *error)
{
    if (weights == NULL)
        tally->weight += (double)points->count;
    for (size_t i = 0; weights != NULL && i < points->count; i++)
        tally->weight += weights[i];
    if (!(tally->weight < tally->weight_most))
        return error_set(error, ERROR_DATA,
                         "weights that add up to %.3g are more than a density can hold; make them "
                         "smaller, all by the same factor",
                         tally->weight);
    if (tally->counts != NULL)
        return counts_add(tally->counts, points, weights, error);
    if (tally->stamps.field.cells != NULL)
        return stamps_add(&tally->stamps, points, weights, error);
    return mesh_add(&tally->mesh, points, weights, tally->unit, tally->frame.thread_count, error);
}

/* Through the coarse frame's own values. */
static bool sum_coarse(double *values, const struct tally *tally, double factor,
                       struct error *error)
{
    double *coarse;
    if (!array_new_raw(&coarse, tally->coarse.columns * tally->coarse.rows, sizeof *coarse, error))
        return false;
    bool done = spread_run(coarse, &tally->mesh, &tally->coarse, factor, error)
                && refine_run(values, &tally->frame, coarse, tally->step, error);
    array_free(&coarse);
    return done;
}

bool tally_sum(double *values, struct tally *tally, double factor, struct error *error)
{
    double of_unit = factor / tally->unit; /* a power of two, so that nothing is rounded here */
    if (tally->counts != NULL)
        return counts_sum(values, tally->counts, of_unit, error);
    if (tally->stamps.field.cells != NULL)
        return stamps_sum(values, &tally->stamps, of_unit, error);
    if (tally->step > 1)
        return sum_coarse(values, tally, of_unit, error);
    return spread_run(values, &tally->mesh, &tally->frame, of_unit, error);
}

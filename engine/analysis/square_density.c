/* Kernel density of counts that are known by squares, each spread evenly over its square. */
#include "engine/analysis/square_density.h"

#include <stdlib.h>

enum { PARTS_MOST = 100, SIDE_MOST = 5 };

static const double WEIGHT_MOST = 4e9; /* what a sum of many points holds, see tally.h */

/* ---- weights ---- */

/* How much a point of a square of 100 m weighs for one incident, so that in larger ones it is a
 * whole number too: 1, 4, 25 or 100. */
static uint32_t unit_of(const struct counted_squares *squares)
{
    uint32_t unit = 1;
    bool is_there[SIDE_MOST + 1] = {false};
    for (size_t i = 0; i < squares->count; i++)
        is_there[squares->items[i].square.size] = true;
    for (uint32_t size = 2; size <= SIDE_MOST; size++)
        unit *= is_there[size] ? size * size : 1;
    return unit;
}

static uint32_t common_divisor(uint32_t a, uint32_t b)
{
    while (b != 0) {
        uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Of all counts, which are often multiples of five: the lattice can be so much finer. */
static uint32_t divisor_of(const struct counted_squares *squares)
{
    uint32_t divisor = 0;
    for (size_t i = 0; i < squares->count; i++)
        divisor = common_divisor(divisor, squares->items[i].incidents);
    return divisor > 0 ? divisor : 1;
}

static double total_of(const struct counted_squares *squares)
{
    double total = 0;
    for (size_t i = 0; i < squares->count; i++)
        total += squares->items[i].incidents;
    return total * unit_of(squares) / divisor_of(squares);
}

int square_density_parts(const struct counted_squares *squares, enum kernel kernel,
                         double bandwidth_m)
{
    static const int PARTS[] = {PARTS_MOST, 50, 20, 10};
    const double fine = kernel == KERNEL_UNIFORM ? 100 : 10, total = total_of(squares);
    int parts = PARTS[0];
    for (size_t i = 1; i < sizeof PARTS / sizeof *PARTS; i++) {
        bool enough = SQUARE_M * fine <= bandwidth_m * PARTS[i];
        bool too_many = total * parts * parts >= WEIGHT_MOST;
        if (enough || too_many)
            parts = PARTS[i];
    }
    return parts;
}

/* ---- points ---- */

struct lattice {
    int32_t *x, *y;
    uint32_t *weights;
    int parts;
    uint32_t unit, divisor;
};

static bool add_square(struct density_sum *sum, struct lattice *lattice,
                       const struct counted_square *counted, const struct grid *grid,
                       struct error *error)
{
    const struct square *square = &counted->square;
    size_t side = (size_t)square->size * (size_t)lattice->parts;
    double step = (double)SQUARE_M / lattice->parts;
    uint32_t area = (uint32_t)(square->size * square->size);
    uint32_t weight = counted->incidents / lattice->divisor * (lattice->unit / area);
    for (size_t row = 0; row < side; row++) {
        int32_t y = grid_y(grid, square->north * (double)SQUARE_M + ((double)row + 0.5) * step);
        for (size_t column = 0; column < side; column++) {
            size_t at = row * side + column;
            lattice->x[at] =
                grid_x(grid, square->east * (double)SQUARE_M + ((double)column + 0.5) * step);
            lattice->y[at] = y;
            lattice->weights[at] = weight;
        }
    }
    const struct weighted_points points = {{lattice->x, lattice->y, side * side}, lattice->weights};
    return density_add(sum, &points, error);
}

static bool add_all(struct density_sum *sum, struct lattice *lattice,
                    const struct counted_squares *squares, const struct grid *grid,
                    struct error *error)
{
    size_t side = 1;
    for (size_t i = 0; i < squares->count; i++) {
        size_t own = (size_t)squares->items[i].square.size * (size_t)lattice->parts;
        side = own > side ? own : side;
    }
    bool done = array_new_raw(&lattice->x, side * side, sizeof *lattice->x, error)
                && array_new_raw(&lattice->y, side * side, sizeof *lattice->y, error)
                && array_new_raw(&lattice->weights, side * side, sizeof *lattice->weights, error);
    for (size_t i = 0; done && i < squares->count; i++)
        if (squares->items[i].incidents > 0)
            done = add_square(sum, lattice, &squares->items[i], grid, error);
    array_free(&lattice->x);
    array_free(&lattice->y);
    array_free(&lattice->weights);
    return done;
}

static bool finish(struct raster *raster, struct density_sum *sum, double factor,
                   struct error *error)
{
    struct raster own = *raster;
    bool done = array_new(&own.values, raster->columns * raster->rows, sizeof *own.values, error)
                && density_finish(&own, sum, factor, error);
    for (size_t i = 0; done && i < raster->columns * raster->rows; i++)
        raster->values[i] += own.values[i];
    raster_free(&own);
    return done;
}

bool square_density_add(struct raster *raster, const struct counted_squares *squares,
                        const struct grid *grid, const struct density_options *options,
                        bool is_support, struct error *error)
{
    const enum kernel kernel = is_support ? KERNEL_UNIFORM : options->kernel;
    struct lattice lattice = {.parts = square_density_parts(squares, kernel, options->bandwidth_m),
                              .unit = unit_of(squares),
                              .divisor = divisor_of(squares)};
    double each = (double)lattice.parts * lattice.parts * lattice.unit;
    if (total_of(squares) * 100 >= WEIGHT_MOST)
        return error_set(error, ERROR_DATA, "squares tell of more incidents than a density holds");
    struct density_sum *sum = is_support ? density_open_support(raster, grid, options, error)
                                         : density_open(raster, grid, options, error);
    bool done = sum != NULL && add_all(sum, &lattice, squares, grid, error)
                && finish(raster, sum, lattice.divisor / each, error);
    density_close(sum);
    return done;
}

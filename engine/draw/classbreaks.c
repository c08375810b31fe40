/* Limits between classes by the usual methods of thematic maps, in figures that people can read. */
#include "engine/draw/classbreaks.h"

#include <math.h>
#include <stdlib.h>

enum { SAMPLE_MOST = 1 << 16, FISHER_MOST = 1024 };

/* Values that are coloured, rising. */
struct coloured {
    double *values;
    size_t count;
};

static int compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static bool take_coloured(struct coloured *coloured, const struct raster *raster, double lowest,
                          struct error *error)
{
    size_t cells = raster->columns * raster->rows, step = cells / SAMPLE_MOST + 1;
    if (!array_new_raw(&coloured->values, cells / step + 1, sizeof *coloured->values, error))
        return false;
    for (size_t i = 0; i < cells; i += step)
        if (isfinite(raster->values[i]) && raster->values[i] >= lowest)
            coloured->values[coloured->count++] = raster->values[i];
    qsort(coloured->values, coloured->count, sizeof *coloured->values, compare_doubles);
    return true;
}

/* ---- Fisher's groups ---- */

/* Sums of the first values and of their squares, taken about their mean, where they lose least. */
struct sums {
    double *first, *second;
};

static void fill_sums(struct sums *sums, const double *values, size_t n)
{
    double mean = 0;
    for (size_t i = 0; i < n; i++)
        mean += values[i] / (double)n;
    for (size_t i = 0; i < n; i++) {
        double value = values[i] - mean;
        sums->first[i + 1] = sums->first[i] + value;
        sums->second[i + 1] = sums->second[i] + value * value;
    }
}

/* Of values begin .. end - 1: the sum of squared distances to their mean. */
static double spread(const struct sums *sums, size_t begin, size_t end)
{
    double sum = sums->first[end] - sums->first[begin];
    return sums->second[end] - sums->second[begin] - sum * sum / (double)(end - begin);
}

/* cost[j] becomes that of the first j values in one group more than `before` has them in; start[j]
 * is where the last group begins. */
static void add_group(double *cost, size_t *start, const double *before, const struct sums *sums,
                      size_t n, size_t groups)
{
    for (size_t end = groups; end <= n; end++) {
        cost[end] = INFINITY;
        for (size_t begin = groups - 1; begin < end; begin++) {
            double all = before[begin] + spread(sums, begin, end);
            if (all < cost[end]) {
                cost[end] = all;
                start[end] = begin;
            }
        }
    }
}

static void divide(size_t *starts, size_t count, size_t n, const struct sums *sums, double *costs,
                   size_t *begins)
{
    double *before = costs, *cost = costs + n + 1;
    for (size_t end = 1; end <= n; end++)
        before[end] = spread(sums, 0, end);
    for (size_t groups = 2; groups <= count; groups++) {
        add_group(cost, begins + groups * (n + 1), before, sums, n, groups);
        double *full = before;
        before = cost;
        cost = full;
    }
    size_t end = n;
    for (size_t groups = count; groups > 1; groups--)
        end = starts[groups - 1] = begins[groups * (n + 1) + end];
    starts[0] = 0;
}

bool classes_fisher(size_t *starts, size_t count, const double *values, size_t n,
                    struct error *error)
{
    struct sums sums = {0};
    double *costs = NULL;
    size_t *begins = NULL;
    bool done = array_new(&sums.first, n + 1, sizeof *sums.first, error)
                && array_new(&sums.second, n + 1, sizeof *sums.second, error)
                && array_new(&costs, 2 * (n + 1), sizeof *costs, error)
                && array_new(&begins, (count + 1) * (n + 1), sizeof *begins, error);
    if (done) {
        fill_sums(&sums, values, n);
        divide(starts, count, n, &sums, costs, begins);
    }
    array_free(&sums.first);
    array_free(&sums.second);
    array_free(&costs);
    array_free(&begins);
    return done;
}

/* ---- methods ---- */

static void break_equal(double *limits, size_t count, const struct coloured *coloured)
{
    double step = (coloured->values[coloured->count - 1] - limits[0]) / (double)count;
    for (size_t i = 1; i < count; i++)
        limits[i] = limits[0] + (double)i * step;
}

static void break_quantile(double *limits, size_t count, const struct coloured *coloured)
{
    for (size_t i = 1; i < count; i++)
        limits[i] = coloured->values[coloured->count * i / count];
}

static double power(double base, size_t exponent)
{
    double product = 1;
    for (size_t i = 0; i < exponent; i++)
        product *= base;
    return product;
}

/* By halving rather than by pow, whose last figure differs between machines. */
static double root(double value, size_t degree)
{
    double low = 1, high = value;
    for (int i = 0; i < 100; i++) {
        double middle = low + (high - low) / 2;
        if (power(middle, degree) <= value)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static void break_geometric(double *limits, size_t count, const struct coloured *coloured)
{
    double times = root(coloured->values[coloured->count - 1] / limits[0], count);
    for (size_t i = 1; i < count; i++)
        limits[i] = limits[i - 1] * times;
}

/* Of many values as many as Fisher's way can take, at even ranks, the highest among them. */
static bool break_jenks(double *limits, size_t count, const struct coloured *coloured,
                        struct error *error)
{
    size_t n = coloured->count < FISHER_MOST ? coloured->count : FISHER_MOST;
    double *values;
    size_t starts[CLASSES_MOST];
    if (!array_new(&values, n, sizeof *values, error))
        return false;
    for (size_t i = 0; i < n; i++)
        values[i] = coloured->values[n > 1 ? i * (coloured->count - 1) / (n - 1) : 0];
    size_t groups = count < n ? count : n;
    bool done = classes_fisher(starts, groups, values, n, error);
    for (size_t i = 1; done && i < count; i++)
        limits[i] = i < groups ? values[starts[i]] : limits[i - 1];
    array_free(&values);
    return done;
}

/* ---- readable figures ---- */

static double round_to(double value, int figures)
{
    double unit = 1;
    while (value / unit >= power(10, (size_t)figures))
        unit *= 10;
    if (unit > 1)
        return floor(value / unit + 0.5) * unit;
    double parts = 1;
    while (value * parts < power(10, (size_t)figures - 1))
        parts *= 10;
    return floor(value * parts + 0.5) / parts;
}

/* Takes over those limits that rise, each in as few figures as keep it above the one before. */
static void set_readable(struct classes *classes, const double *limits, size_t count)
{
    const int most = 6;
    classes->count = 1;
    classes->limits[0] = limits[0];
    for (size_t i = 1; i < count; i++) {
        double last = classes->limits[classes->count - 1];
        double next = i + 1 < count ? limits[i + 1] : INFINITY;
        for (int figures = 2; figures <= most; figures++) {
            double limit = round_to(limits[i], figures);
            if (limit > last && (limit < next || !(limits[i] < next))) {
                classes->limits[classes->count++] = limit;
                break;
            }
        }
    }
}

bool classes_by(struct classes *classes, const struct raster *raster, enum class_method method,
                size_t count, struct error *error)
{
    struct coloured coloured = {0};
    double limits[CLASSES_MOST];
    if (!classes_choose(classes, raster, count, error))
        return false;
    if (method == CLASSES_ROUND)
        return true;
    bool done = take_coloured(&coloured, raster, classes->limits[0], error);
    limits[0] = classes->limits[0];
    if (done && coloured.count > 0) {
        if (method == CLASSES_EQUAL)
            break_equal(limits, count, &coloured);
        else if (method == CLASSES_QUANTILE)
            break_quantile(limits, count, &coloured);
        else if (method == CLASSES_GEOMETRIC)
            break_geometric(limits, count, &coloured);
        else
            done = break_jenks(limits, count, &coloured, error);
        if (done)
            set_readable(classes, limits, count);
    }
    array_free(&coloured.values);
    return done;
}

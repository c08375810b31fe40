/* The limits between the classes of a map, in figures that people can read. */
#include "engine/draw/classes.h"

#include <math.h>
#include <stdlib.h>

enum { SAMPLE_MOST = 1 << 16 };

/* The known values of a raster, sorted; of a large one an even sample. */
struct sample {
    double *values;
    size_t count;
};

static int compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static bool take_sample(struct sample *sample, const struct raster *raster, struct error *error)
{
    size_t cells = raster->columns * raster->rows;
    size_t step = cells / SAMPLE_MOST + 1;
    if (!array_new(&sample->values, cells / step + 1, sizeof *sample->values, error))
        return false;
    for (size_t i = 0; i < cells; i += step)
        if (isfinite(raster->values[i]))
            sample->values[sample->count++] = raster->values[i];
    qsort(sample->values, sample->count, sizeof *sample->values, compare_doubles);
    return true;
}

/* The share of the sample that lies below `value`. */
static double share_below(const struct sample *sample, double value)
{
    size_t low = 0, high = sample->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sample->values[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return sample->count > 0 ? (double)low / (double)sample->count : 1;
}

/* 1, 2, 5, 10, 20, 50, ... for step 0, 1, 2, ...; also below 1 for negative steps. Powers are built
 * by exact products, so that 0.2 is the double that "0.2" reads as. */
static double one_two_five(int step)
{
    static const double figures[3] = {1, 2, 5};
    int tens = step >= 0 ? step / 3 : -((2 - step) / 3);
    double power = 1;
    for (int i = 0; i < abs(tens); i++)
        power *= 10;
    double figure = figures[step - 3 * tens];
    return tens < 0 ? figure / power : figure * power;
}

static void fill_series(struct classes *classes, int start, bool doubling, size_t count)
{
    classes->count = count;
    double limit = one_two_five(start);
    for (size_t i = 0; i < count; i++) {
        classes->limits[i] = doubling ? limit : one_two_five(start + (int)i);
        limit *= 2;
    }
}

/* How far the limits are from what is wanted; 0 is perfect. */
static double misfit(const struct classes *classes, const struct sample *sample)
{
    double empty = share_below(sample, classes->limits[0]);
    double top = 1 - share_below(sample, classes->limits[classes->count - 1]);
    double misfit = fmax(0, 0.75 - empty) * 4 + fmax(0, empty - 0.90) * 4;
    misfit += fmax(0, top - 0.01) * 20;
    if (!(top > 0))
        misfit +=
            0.15; /* a highest class that nothing reaches says less than one that something does */
    return misfit;
}

static void choose_series(struct classes *classes, const struct sample *sample, size_t count)
{
    const int lowest = -18, highest = 18; /* a millionth to a million per hectare */
    double best = INFINITY;
    for (int start = lowest; start <= highest; start++)
        for (int doubling = 1; doubling >= 0; doubling--) {
            struct classes candidate;
            fill_series(&candidate, start, doubling, count);
            double off = misfit(&candidate, sample);
            if (off < best) {
                best = off;
                *classes = candidate;
            }
        }
}

bool classes_choose(struct classes *classes, const struct raster *raster, size_t count,
                    struct error *error)
{
    if (count < 1 || count > CLASSES_MOST)
        return error_set(error, ERROR_USAGE, "%zu classes cannot be made; take 1 to %d", count,
                         CLASSES_MOST);
    struct sample sample = {0};
    bool done = take_sample(&sample, raster, error);
    if (done && sample.count > 0 && sample.values[sample.count - 1] > 0)
        choose_series(classes, &sample, count);
    else
        fill_series(classes, 2, true, count);
    array_free(&sample.values);
    return done;
}

bool classes_set(struct classes *classes, const double *limits, size_t count, struct error *error)
{
    if (count < 1 || count > CLASSES_MOST)
        return error_set(error, ERROR_USAGE, "%zu classes cannot be made; take 1 to %d", count,
                         CLASSES_MOST);
    *classes = (struct classes){.count = count};
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(limits[i]) || !(limits[i] > (i > 0 ? limits[i - 1] : 0)))
            return error_set(error, ERROR_USAGE,
                             "class limit %zu is %g; the limits must be above 0 and rise", i + 1,
                             limits[i]);
        classes->limits[i] = limits[i];
    }
    return true;
}

size_t classes_of(const struct classes *classes, double value)
{
    size_t rank = 0;
    while (rank < classes->count && value >= classes->limits[rank])
        rank++;
    return rank;
}

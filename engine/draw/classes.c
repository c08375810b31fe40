/* The limits between the classes of a map, in figures that people can read. */
#include "engine/draw/classes.h"

#include <math.h>
#include <stdlib.h>

enum { SAMPLE_MOST = 1 << 16 };
enum { LOWEST = -18, HIGHEST = 18 }; /* a millionth to a million per hectare */
enum { MARKS_MOST = 3 * (HIGHEST - LOWEST + 1) };

/* How many of a raster's known values lie below each limit that a series may begin or end with; of
 * a large raster an even sample is counted. */
struct tally {
    double marks[MARKS_MOST]; /* rising */
    size_t below[MARKS_MOST + 1];
    size_t mark_count, count;
    double peak;
};

static int compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
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
    *classes = (struct classes){.count = count};
    double limit = one_two_five(start);
    for (size_t i = 0; i < count; i++) {
        classes->limits[i] = doubling ? limit : one_two_five(start + (int)i);
        limit *= 2;
    }
}

static void add_mark(struct tally *tally, double mark)
{
    tally->marks[tally->mark_count++] = mark;
}

static void make_marks(struct tally *tally, size_t count)
{
    struct classes series;
    for (int start = LOWEST; start <= HIGHEST; start++)
        for (int doubling = 0; doubling < 2; doubling++) {
            fill_series(&series, start, doubling, count);
            add_mark(tally, series.limits[count - 1]);
            if (doubling)
                add_mark(tally, series.limits[0]);
        }
    qsort(tally->marks, tally->mark_count, sizeof *tally->marks, compare_doubles);
}

/* How many marks lie at or below the value. */
static size_t marks_up_to(const struct tally *tally, double value)
{
    size_t low = 0, high = tally->mark_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tally->marks[middle] <= value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void tally_values(struct tally *tally, const struct raster *raster)
{
    size_t cells = raster->columns * raster->rows, step = cells / SAMPLE_MOST + 1;
    for (size_t i = 0; i < cells; i += step) {
        double value = raster->values[i];
        if (!isfinite(value))
            continue;
        tally->below[marks_up_to(tally, value)]++; /* below that mark and all above it */
        tally->peak = fmax(tally->peak, value);
        tally->count++;
    }
    for (size_t mark = 1; mark <= tally->mark_count; mark++)
        tally->below[mark] += tally->below[mark - 1];
}

/* The share of the values that lie below one of the marks. */
static double share_below(const struct tally *tally, double mark)
{
    size_t below = tally->below[marks_up_to(tally, mark) - 1];
    return tally->count > 0 ? (double)below / (double)tally->count : 1;
}

/* How far the limits are from what is wanted; 0 is perfect. */
static double misfit(const struct classes *classes, const struct tally *tally)
{
    double empty = share_below(tally, classes->limits[0]);
    double top = 1 - share_below(tally, classes->limits[classes->count - 1]);
    double misfit = fmax(0, 0.75 - empty) * 4 + fmax(0, empty - 0.90) * 4;
    misfit += fmax(0, top - 0.01) * 20;
    if (!(top > 0))
        misfit +=
            0.15; /* a highest class that nothing reaches says less than one that something does */
    return misfit;
}

static void choose_series(struct classes *classes, const struct tally *tally, size_t count)
{
    double best = INFINITY;
    for (int start = LOWEST; start <= HIGHEST; start++)
        for (int doubling = 1; doubling >= 0; doubling--) {
            struct classes candidate;
            fill_series(&candidate, start, doubling, count);
            double off = misfit(&candidate, tally);
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
    struct tally tally = {0};
    make_marks(&tally, count);
    tally_values(&tally, raster);
    if (tally.peak > 0)
        choose_series(classes, &tally, count);
    else
        fill_series(classes, 2, true, count);
    return true;
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

size_t classes_fine(double limits[CLASSES_FINE_MOST], const struct classes *classes)
{
    size_t steps = classes->smooth ? CLASSES_STEPS : 1, count = 0;
    for (size_t i = 0; i < classes->count; i++) {
        bool last = i + 1 == classes->count;
        double low = classes->limits[i], high = last ? low : classes->limits[i + 1];
        for (size_t step = 0; step < (last ? 1 : steps); step++)
            limits[count++] = low + (high - low) * (double)step / (double)steps;
    }
    return count;
}

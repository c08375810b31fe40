/* Limits between classes by the usual methods of thematic maps, in figures that people can read. */
#ifndef PLEIN_DRAW_CLASSBREAKS_H
#define PLEIN_DRAW_CLASSBREAKS_H

#include "engine/draw/classes.h"

enum class_method {
    CLASSES_ROUND,     /* as classes_choose has it */
    CLASSES_EQUAL,     /* equal widths up to the highest value */
    CLASSES_QUANTILE,  /* as many cells in each class */
    CLASSES_JENKS,     /* the least squares within classes: Fisher (1958), "On grouping for maximum
                          homogeneity"; natural breaks, Jenks (1967) */
    CLASSES_GEOMETRIC, /* each limit the same number of times the one before */
};

/* Chooses at most `count` limits (1 to CLASSES_MOST). The lowest is that of classes_choose, so that
 * as much of the map stays uncoloured whatever the method; the others divide the cells from there
 * up, of a large raster an even sample of them. Each is rounded to as few figures, two at least, as
 * keep it apart from the one before; where there are too few different values there are fewer
 * limits. */
bool classes_by(struct classes *classes, const struct raster *raster, enum class_method method,
                size_t count, struct error *error);

/* The first value of each of `count` groups of rising values that leaves the least sum of squared
 * distances to the groups' means; of equally good ones that with the lower starts. starts[0] is 0.
 * Time O(count n^2), for n up to a few thousand. `count` is 1 to n. */
bool classes_fisher(size_t *starts, size_t count, const double *values, size_t n,
                    struct error *error);

#endif

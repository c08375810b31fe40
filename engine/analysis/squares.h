/* Squares of 100 m and more: their names, those that are joined so that less is withheld, and the
 * clusters that they make. */
#ifndef PLEIN_ANALYSIS_SQUARES_H
#define PLEIN_ANALYSIS_SQUARES_H

#include "engine/core/base.h"

enum { SQUARE_M = 100 };

/* Its south-western corner and its side, in hundreds of metres of the study's system. */
struct square {
    int32_t east, north, size; /* size 1, 2 or 5; the corner is a multiple of it */
};
/* The square of 100 m that a place lies in, corners and western and southern sides included. */
struct square square_at(double x, double y);
/* By east, north, size: an order for qsort. */
int square_compare(const void *left, const void *right);
/* The square of that size that its corner lies in. */
struct square square_around(const struct square *square, int32_t size);
bool square_holds(const struct square *outer, const struct square *inner);
/* Those of a list, in the order of square_compare, that lie within one: how many, and where they
 * stand in the list. A square that is not of size 1 overlaps none of the others. */
enum { SQUARES_WITHIN = 25 };
size_t squares_within(size_t parts[SQUARES_WITHIN], const struct square *squares, size_t count,
                      const struct square *outer);

/* As Statistics Netherlands names its squares, "E1034N5020" for the one whose corner is at
 * 103,400 m east and 502,000 m north; larger ones by their corner too. */
enum { SQUARE_NAME = 32 };
void square_name(char name[SQUARE_NAME], const struct square *square);
/* False unless the whole text is such a name; size becomes 1. */
bool square_parse(struct square *square, const char *name);

/* What is counted in squares of 100 m, a source at a time. */
struct square_counts {
    const struct square *squares; /* of size 1, in the order of square_compare, each once */
    size_t count, source_count;
    const uint32_t *counts; /* counts[source * count + square] */
};
/* Whether the counts of the sources may be published. */
typedef bool square_test(const void *state, const uint32_t *by_source, size_t source_count);

/* Squares as they are published. */
struct square_pieces {
    struct square *items; /* in the order of square_compare */
    size_t count;
    size_t *piece_of; /* for each square of 100 m */
};
/* Joins squares to one of 200 m, and then to one of 500 m, where none of those within may be
 * published and their sum may. A sum that stays below the limit is never joined, and no square that
 * may stand is lost in a larger one, so that taking an incident from a square that is withheld in
 * the end leaves the pieces as they are. */
bool squares_join(struct square_pieces *pieces, const struct square_counts *counts,
                  square_test *test, const void *state, struct error *error);
void square_pieces_free(struct square_pieces *pieces);

/* Clusters of squares: at least so many incidents per hectare, touching by a side or a corner. */
struct square_clusters {
    size_t *cluster_of; /* for each piece: 1 .. count, or 0 */
    size_t count;       /* by falling number of incidents, then by their first square */
};
struct square_densities {
    const struct square *squares; /* pieces */
    const uint32_t *incidents;    /* as published; 0 for what is withheld */
    size_t count;
    double least_per_ha;
};
bool squares_cluster(struct square_clusters *clusters, const struct square_densities *densities,
                     struct error *error);
void square_clusters_free(struct square_clusters *clusters);

#endif

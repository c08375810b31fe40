/* Polygon work by GEOS: repair, union, hulls, buffers, areas of overlaps and gaps. */
#ifndef PLEIN_SPACE_POLYGONS_H
#define PLEIN_SPACE_POLYGONS_H

#include "engine/core/jurisdictions.h"

struct polygons; /* a GEOS context of its own; not to be used by two threads at one time */

struct polygons *polygons_open(struct error *error);
void polygons_close(struct polygons *polygons); /* NULL is fine */

/* Makes the shape valid when it is not (GEOS MakeValid, method STRUCTURE, in bounded time);
 * *repaired says whether, `why` what was wrong and where. Shells come out counter-clockwise, holes
 * clockwise, each shell before its holes. A shape without area comes out empty. */
bool polygons_repair(struct polygons *polygons, struct shape *shape, char why[160],
                     struct error *error); /* why[0] == '\0': it was valid */
/* The union of several shapes. */
bool polygons_union(struct polygons *polygons, struct shape *into, const struct shape *shapes,
                    size_t count, struct error *error);
/* Area in square metres. */
double polygons_area(const struct shape *shape);

/* A hull of points (metres): concave (GEOS ConcaveHull by ratio) or convex, then widened by
 * buffer_m with round joins and simplified to whole decimetres: the outline of a cluster. One or
 * two points give a circle or a capsule. */
bool polygons_outline(struct polygons *polygons, struct shape *outline, const double *x,
                      const double *y, size_t count, double buffer_m, struct error *error);

/* What is wrong between two neighbours, for `check`. */
struct border_quality {
    size_t a, b;       /* indexes of the pair, a < b */
    double overlap_m2; /* area claimed by both */
    double gap_m2;     /* area of slivers between them that neither (nor anyone) has */
    double
        shared_m; /* length of the shared border, where they lie within tolerance_m of each other */
    double longest_straight_m; /* longest segment of a's side along it */
    double vertices_per_km;
};
/* Fills *pairs (caller frees) with every pair that touches, overlaps, or lies within tolerance_m.
 */
bool polygons_borders(struct polygons *polygons, struct border_quality **pairs, size_t *count,
                      const struct jurisdictions *jurisdictions, double tolerance_m,
                      struct error *error);

/* The part of every jurisdiction's outline that separates it from another one: lines, for drawing
 * the shared border. */
bool polygons_shared_border(struct polygons *polygons, struct shape *lines,
                            const struct jurisdictions *jurisdictions, double tolerance_m,
                            struct error *error);

#endif

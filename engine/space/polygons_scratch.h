/* Steps with GEOS that need no look at the error each time. Only files called polygons* include
 * this. */
#ifndef PLEIN_SPACE_POLYGONS_SCRATCH_H
#define PLEIN_SPACE_POLYGONS_SCRATCH_H

#include "engine/space/polygons_geos.h"

/* Owns what the steps make; once one fails, the others give NULL, 0 or false at once. */
struct scratch {
    struct polygons *polygons;
    struct gathered made;
    struct error *error;
    bool failed;
};

enum { SCRATCH_QUADRANT_SIDES = 8 }; /* of a round corner */

/* Takes `geometry` over; NULL is a failure of GEOS. */
GEOSGeometry *scratch_keep(struct scratch *scratch, GEOSGeometry *geometry);
/* Frees what was made. */
void scratch_clear(struct scratch *scratch);
/* True after a failure too. */
bool scratch_is_empty(struct scratch *scratch, const GEOSGeometry *geometry);

/* The lines (1) or polygons (2) of a mixed answer, which GEOS itself takes no further. */
GEOSGeometry *scratch_only(struct scratch *scratch, GEOSGeometry *mixed, int dimension);
GEOSGeometry *scratch_common(struct scratch *scratch, const GEOSGeometry *a, const GEOSGeometry *b,
                             int dimension);
GEOSGeometry *scratch_without(struct scratch *scratch, const GEOSGeometry *a,
                              const GEOSGeometry *b);
GEOSGeometry *scratch_together(struct scratch *scratch, const GEOSGeometry *a,
                               const GEOSGeometry *b);
GEOSGeometry *scratch_around(struct scratch *scratch, const GEOSGeometry *geometry, double by_m,
                             int quadrant_sides);
/* Corners keep their angles, so that going out and back in leaves them where they were. */
GEOSGeometry *scratch_mitred(struct scratch *scratch, const GEOSGeometry *geometry, double by_m);

double scratch_area(struct scratch *scratch, const GEOSGeometry *geometry);
/* The widest of its polygons, each taken as a strip: twice its area by its outline's length. */
double scratch_width(struct scratch *scratch, const GEOSGeometry *polygons);
double scratch_length(struct scratch *scratch, const GEOSGeometry *geometry);
bool scratch_within(struct scratch *scratch, const GEOSGeometry *a, const GEOSGeometry *b,
                    double distance_m);

#endif

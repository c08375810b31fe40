/* Where two jurisdictions meet: the line between them, and the slivers along it that are nobody's.
 * Only files called polygons* include this. */
#ifndef PLEIN_SPACE_POLYGONS_MEETING_H
#define PLEIN_SPACE_POLYGONS_MEETING_H

#include "engine/core/jurisdictions.h"
#include "engine/space/polygons_scratch.h"

/* A jurisdiction as GEOS sees it; all but the number is NULL until it is needed, and where it has
 * no area, all but the number and `area` stays so. */
struct territory {
    size_t number;
    GEOSGeometry *area, *outline;
    const GEOSPreparedGeometry *prepared; /* the area */
    GEOSGeometry *touched;                /* the area and a grid's rounding around it */
    GEOSGeometry *reached;                /* the area and the tolerance around it */
};

/* The jurisdictions, for one thread: GEOS fills in its geometries while they are read. */
struct land {
    struct polygons *polygons;
    const struct jurisdictions *jurisdictions;
    struct territory *items;
    struct box *boxes, *wide; /* of each, as it is and with the tolerance around it */
    double tolerance_m;
};
/* The caller has set polygons, jurisdictions and tolerance, and zeroed the rest. */
bool land_open(struct land *land, struct error *error);
void land_free(struct land *land);
/* NULL and an error when GEOS fails. */
const struct territory *land_territory(const struct land *land, size_t number, struct error *error);
/* Whether their boxes are within the tolerance. */
bool land_may_meet(const struct land *land, size_t a, size_t b);

struct pair {
    const struct land *land;
    const struct territory *a, *b;
};
/* Whether they touch, overlap or lie within the tolerance. */
bool pair_is_near(const struct pair *pair);

struct meeting {
    GEOSGeometry *line; /* of the scratch */
    double gap_m2;      /* what lies between */
    double gap_width_m; /* of the widest part of it */
};
bool pair_meet(struct meeting *meeting, struct scratch *scratch, const struct pair *pair);

#endif

/* What the polygon rooms share: a GEOS context, and shapes as GEOS geometries and back. Only files
 * called polygons* include this. */
#ifndef PLEIN_SPACE_POLYGONS_GEOS_H
#define PLEIN_SPACE_POLYGONS_GEOS_H

#include "engine/core/geometry.h"
#include "engine/space/polygons_library.h"

struct polygons {
    GEOSContextHandle_t geos;       /* NULL until polygons_ready */
    GEOSMakeValidParams *structure; /* how to make valid */
    char message[256];              /* what GEOS last complained of */
};

/* Opens GEOS unless that is done; whoever calls GEOS has called this. */
bool polygons_ready(struct polygons *polygons, struct error *error);
/* Sets the error to what GEOS complained of, and returns false. */
bool polygons_failed(struct polygons *polygons, struct error *error);
/* NULL is fine, unlike with GEOS itself. */
void polygons_drop(struct polygons *polygons, GEOSGeometry *geometry);

/* Rings in their right places. */
struct nest {
    struct shape rings; /* closed, without repeated corners; shells counter-clockwise, each before
                           its holes, which are clockwise */
    bool *is_hole;      /* one a ring */
    bool dropped;       /* a ring had fewer than three corners and is gone */
    bool simple;        /* for certain: rings_are_simple */
};
/* Sorts rings of any order and orientation: a ring in an odd number of others is a hole of the
 * smallest of them. GEOS is called only where they are not simple, or many. ERROR_DATA for corners
 * that are no places, and for rings that nest so deeply that it would take minutes. */
bool nest_new(struct nest *nest, struct polygons *polygons, const struct shape *shape,
              struct error *error);
void nest_free(struct nest *nest);

/* A multipolygon, valid or not; NULL and an error when GEOS fails. */
GEOSGeometry *polygons_of_nest(struct polygons *polygons, const struct nest *nest,
                               struct error *error);
/* Takes over `area` and gives a valid one; refuses what would take minutes. */
GEOSGeometry *polygons_made_valid(struct polygons *polygons, GEOSGeometry *area,
                                  const struct shape *rings, struct error *error);
/* A valid multipolygon of any shape. */
GEOSGeometry *polygons_of_shape(struct polygons *polygons, const struct shape *shape,
                                struct error *error);
/* The polygons of a geometry that have an area, as a nest's rings are. */
bool polygons_to_shape(struct shape *into, struct polygons *polygons, const GEOSGeometry *geometry,
                       struct error *error);
/* The lines of a geometry. */
bool polygons_to_lines(struct shape *into, struct polygons *polygons, const GEOSGeometry *geometry,
                       struct error *error);

/* Geometries to be put together. */
struct gathered {
    GEOSGeometry **items; /* owned; none is empty */
    size_t count, capacity;
};
/* Takes `geometry` over, also on failure; an empty or NULL one is left out. */
bool gather(struct gathered *gathered, struct polygons *polygons, GEOSGeometry *geometry,
            struct error *error);
/* Their union, which frees them; an empty collection for none. */
GEOSGeometry *gathered_union(struct gathered *gathered, struct polygons *polygons,
                             struct error *error);
void gathered_free(struct gathered *gathered, struct polygons *polygons);

#endif

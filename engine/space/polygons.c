/* Polygon work by GEOS: repair, union, area. */
#include "engine/space/polygons.h"

#include "engine/space/polygons_geos.h"
#include "engine/space/polygons_intricacy.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the context ---- */

static void keep_message(const char *message, void *state)
{
    struct polygons *polygons = state;
    snprintf(polygons->message, sizeof polygons->message, "%s", message);
}

static void drop_message(const char *message, void *state)
{
    (void)message;
    (void)state;
}

struct polygons *polygons_open(struct error *error)
{
    struct polygons *polygons = NULL;
    array_new(&polygons, 1, sizeof *polygons, error);
    return polygons;
}

bool polygons_ready(struct polygons *polygons, struct error *error)
{
    if (polygons->structure != NULL)
        return true;
    if (!polygons_library_load(error))
        return false;
    if (polygons->geos == NULL)
        polygons->geos = GEOS_init_r();
    if (polygons->geos != NULL) {
        GEOSContext_setErrorMessageHandler_r(polygons->geos, keep_message, polygons);
        GEOSContext_setNoticeMessageHandler_r(polygons->geos, drop_message, NULL);
        polygons->structure = GEOSMakeValidParams_create_r(polygons->geos);
    }
    /* The other method, linework, takes 44 s for a star of 200 corners. */
    return (polygons->structure != NULL
            && GEOSMakeValidParams_setMethod_r(polygons->geos, polygons->structure,
                                               GEOS_MAKE_VALID_STRUCTURE)
                   != 0)
           || polygons_failed(polygons, error);
}

void polygons_close(struct polygons *polygons)
{
    if (polygons == NULL)
        return;
    if (polygons->structure != NULL)
        GEOSMakeValidParams_destroy_r(polygons->geos, polygons->structure);
    if (polygons->geos != NULL)
        GEOS_finish_r(polygons->geos);
    free(polygons);
}

/* ---- repair and union ---- */

enum { WHY_LENGTH = 160 };

/* What GEOS says and where, "Self-intersection at 104512.000 502231.000"; 1 when valid, 0 when not,
 * 2 when GEOS failed. */
static char ask_validity(struct polygons *polygons, const GEOSGeometry *area, char why[WHY_LENGTH])
{
    char *reason = NULL;
    GEOSGeometry *place = NULL;
    double x = NAN, y = NAN;
    char valid = GEOSisValidDetail_r(polygons->geos, area, 0, &reason, &place);
    if (valid == 0) {
        if (place != NULL) {
            GEOSGeomGetX_r(polygons->geos, place, &x);
            GEOSGeomGetY_r(polygons->geos, place, &y);
        }
        snprintf(why, WHY_LENGTH, "%.100s at %.3f %.3f", reason != NULL ? reason : "invalid", x, y);
    }
    if (reason != NULL)
        GEOSFree_r(polygons->geos, reason);
    polygons_drop(polygons, place);
    return valid;
}

static bool mend(struct shape *shape, struct polygons *polygons, GEOSGeometry *area,
                 const struct nest *nest, struct error *error)
{
    GEOSGeometry *valid = polygons_made_valid(polygons, area, &nest->rings, error);
    bool done = valid != NULL && polygons_to_shape(shape, polygons, valid, error);
    polygons_drop(polygons, valid);
    return done;
}

static void take_rings(struct shape *shape, struct nest *nest)
{
    shape_free(shape);
    *shape = nest->rings;
    nest->rings = (struct shape){0};
}

/* By GEOS, for rings that may not be valid as they stand. */
static bool ask_and_mend(struct polygons *polygons, struct shape *shape, struct nest *nest,
                         char why[WHY_LENGTH], struct error *error)
{
    GEOSGeometry *area = rings_can_be_asked(&nest->rings, error) && polygons_ready(polygons, error)
                             ? polygons_of_nest(polygons, nest, error)
                             : NULL;
    if (area == NULL)
        return false;
    char valid = ask_validity(polygons, area, why);
    if (valid == 0)
        return mend(shape, polygons, area, nest, error); /* takes the area over */
    polygons_drop(polygons, area);
    if (valid != 1)
        return polygons_failed(polygons, error);
    take_rings(shape, nest);
    return true;
}

bool polygons_repair(struct polygons *polygons, struct shape *shape, char why[WHY_LENGTH],
                     struct error *error)
{
    struct nest nest;
    why[0] = '\0';
    if (!nest_new(&nest, polygons, shape, error))
        return false;
    if (nest.dropped)
        snprintf(why, WHY_LENGTH, "Ring of fewer than three corners");
    bool done = true;
    if (nest.simple)
        take_rings(shape, &nest);
    else
        done = ask_and_mend(polygons, shape, &nest, why, error);
    nest_free(&nest);
    return done;
}

bool polygons_union(struct polygons *polygons, struct shape *into, const struct shape *shapes,
                    size_t count, struct error *error)
{
    struct gathered gathered = {0};
    GEOSGeometry *whole = NULL;
    bool done = polygons_ready(polygons, error);
    for (size_t i = 0; done && i < count; i++) {
        GEOSGeometry *area = polygons_of_shape(polygons, &shapes[i], error);
        done = area != NULL && gather(&gathered, polygons, area, error);
    }
    if (done)
        whole = gathered_union(&gathered, polygons, error);
    done = whole != NULL && polygons_to_shape(into, polygons, whole, error);
    polygons_drop(polygons, whole);
    gathered_free(&gathered, polygons);
    return done;
}

double polygons_area(const struct shape *shape)
{
    double area2 = 0;
    for (size_t r = 0; r < shape->ring_count; r++)
        area2 += shape_ring_area2(shape, r);
    return area2 / 2;
}

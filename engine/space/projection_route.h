/* Which operations lead from one reference system to another. */
#ifndef PLEIN_SPACE_PROJECTION_ROUTE_H
#define PLEIN_SPACE_PROJECTION_ROUTE_H

#include "engine/space/lattice.h"
#include "engine/space/projection_library.h"
#include "engine/space/projection_ready.h"

enum { ROUTE_LEGS = 2 };

/* One operation: a ready pipeline, or one that PROJ's database gave. */
struct leg {
    struct ready ready;
    bool inverse;
    PJ *given; /* never used itself, only cloned; NULL for a ready pipeline */
};

/* From one system to another, by way of ETRS89's longitude and latitude when there are two legs. */
struct route {
    PJ_CONTEXT *context; /* holds what the legs were given; NULL when PROJ gave nothing */
    struct leg legs[ROUTE_LEGS];
    int leg_count;     /* 0: the systems are the same */
    bool from_degrees; /* so that a latitude has bounds */
    double accuracy_m; /* NaN: not stated */
    char method[256];
    struct lattice_frame frame; /* without a cell when patches do not serve here */
};

/* A zeroed struct is empty and may be closed. */
bool route_open(struct route *route, const char *from, const char *to, struct error *error);
void route_close(struct route *route);

/* A ready pipeline in a context; NULL when PROJ cannot use it or its grid. */
PJ *route_pipeline(PJ_CONTEXT *context, const struct ready *ready);

#endif

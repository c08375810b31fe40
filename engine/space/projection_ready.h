/* Ready pipelines for the systems that most studies are in, so that PROJ's database stays shut. */
#ifndef PLEIN_SPACE_PROJECTION_READY_H
#define PLEIN_SPACE_PROJECTION_READY_H

#include "engine/space/lattice.h"

/* From longitude and latitude in degrees (WGS 84 and ETRS89 alike) to metres. */
struct ready {
    char name[48];       /* "Amersfoort / RD New" */
    char pipeline[1024]; /* with `%s` of the grid filled in when there is one */
    char fallback[768];  /* for points off the grid; "" when the pipeline has no grid */
    bool gridded;
    struct lattice_frame frame; /* where patches are worth their while */
};

/* False when there is none for this code. `grid` is the path of nl_nsgi_rdtrans2018.tif, or NULL
 * for RD New without it. */
bool ready_find(struct ready *ready, const char *code, const char *grid);
bool ready_is_lonlat(const char *code); /* EPSG:4326 or EPSG:4258 */
bool ready_is_rd_new(const char *code);

/* A frame of cells of 1/20 degree, anchored at 0, over a box of degrees; without a cell when the
 * box is too wide for one. */
struct lattice_frame ready_frame(double west, double south, double east, double north);

/* How far the projection of a ready system is from true to scale at a place in it, |scale - 1|; NaN
 * when it is not ready. */
double ready_scale_error(const char *code, double x, double y);

#endif

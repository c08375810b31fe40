/* From one reference system to another, by PROJ on a fixed lattice. */
#ifndef PLEIN_SPACE_PROJECTION_H
#define PLEIN_SPACE_PROJECTION_H

#include "engine/core/base.h"
#include "engine/space/projection_crs.h" /* crs_describe, crs_choose, crs_wkt */

struct projection;

/* Systems are given as "EPSG:28992", a PROJ string or WKT; x is always the easting or the
 * longitude, y the northing or the latitude. EPSG:4326 (and OGC:CRS84, EPSG:4258, WKT of either) is
 * taken as ETRS89. ERROR_DATA when a text names no system. Files and URLs inside the text are
 * refused. */
struct projection *projection_open(const char *from, const char *to, struct error *error);
void projection_close(struct projection *projection); /* NULL is fine */

/* Transforms in place. A point that cannot be transformed, or is NaN, becomes NaN. Threads may call
 * at one time with the same projection; a point's result depends on nothing but the point. Within
 * 0.2 mm of PROJ. */
bool projection_points(const struct projection *projection, double *x, double *y, size_t count,
                       struct error *error);
/* The same by PROJ itself, point for point: for boundaries and as the oracle of tests. */
bool projection_points_exact(const struct projection *projection, double *x, double *y,
                             size_t count, struct error *error);

/* How far the result may be off, in metres, as the operation states it (0: exact, NaN: not stated).
 */
double projection_accuracy_m(const struct projection *projection);
/* One phrase for the user: "ETRS89 to RD New with nl_nsgi_rdtrans2018.tif" or "... without the
 * correction grid". */
const char *projection_method(const struct projection *projection);
/* Points so far that the correction grid did not cover. */
size_t projection_without_grid(const struct projection *projection);

#endif

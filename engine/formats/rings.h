/* The rings of one record: closing them, and telling shells from holes the way a shapefile means
 * it.
 */
#ifndef PLEIN_FORMATS_RINGS_H
#define PLEIN_FORMATS_RINGS_H

#include "engine/core/geometry.h"

/* What was mended, added up over records. */
struct rings_report {
    size_t closed;  /* rings whose first point was not repeated at the end */
    size_t dropped; /* rings with fewer than three corners or without area */
};

/* Closes open rings and drops those without area, in place. The shape must have room for
 * ring_count points more than it counts. */
void rings_clean(struct shape *shape, struct rings_report *report);

/* Sets shell_of[r] for each ring: r itself when the ring is a shell, else the shell it is a hole
 * of. A clockwise ring is a shell; a counter-clockwise one is a hole of the smallest shell around
 * it, and a shell when there is none. Where only one ring is clockwise, the others are its holes,
 * wherever they lie. So reads GDAL 3.6 (its METHOD=ONLY_CCW) with one exception: a record whose
 * largest ring runs the other way is taken as wound the other way throughout. Time O(rings log
 * rings + points): a search that takes more than a fixed number of steps a point ends, and the
 * holes left are believed to lie in the largest shell. */
bool rings_shells(size_t *shell_of, const struct shape *shape, struct error *error);

/* The area of the record as it stands, before any repair: the shells' minus the holes'. */
bool rings_area(double *area, const struct shape *shape, struct error *error);

#endif

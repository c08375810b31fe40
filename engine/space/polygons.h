/* Polygon work by GEOS: repair, union, area; borders and outlines in headers of their own. */
#ifndef PLEIN_SPACE_POLYGONS_H
#define PLEIN_SPACE_POLYGONS_H

#include "engine/core/geometry.h"
#include "engine/space/polygons_outline.h"

/* A GEOS context of its own, which is opened when first needed; not to be used by two threads at
 * one time. */
struct polygons;

struct polygons *polygons_open(struct error *error);
void polygons_close(struct polygons *polygons); /* NULL is fine */

/* Puts the shape's rings in order, whatever their order and orientation: shells counter-clockwise,
 * each before its holes, which are clockwise. A shape that is invalid even so is made valid (GEOS
 * MakeValid, method STRUCTURE), and `why` tells what was wrong and where; "" when nothing was. A
 * shape without area comes out empty. ERROR_DATA for corners that are not finite, and for what
 * would take more than some seconds: then the shape is as it was. */
bool polygons_repair(struct polygons *polygons, struct shape *shape, char why[160],
                     struct error *error);
/* The union of several shapes, which are repaired on the way. */
bool polygons_union(struct polygons *polygons, struct shape *into, const struct shape *shapes,
                    size_t count, struct error *error);
/* Area in square metres of a repaired shape: shells less holes. */
double polygons_area(const struct shape *shape);

#endif

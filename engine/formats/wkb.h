/* Reads well-known binary (ISO 19125 and SQL/MM, with heights and measures; EWKB of PostGIS too)
 * from bytes that nobody vouches for. */
#ifndef PLEIN_FORMATS_WKB_H
#define PLEIN_FORMATS_WKB_H

#include "engine/core/geometry.h"

enum wkb_kind {
    WKB_EMPTY,
    WKB_POINT, /* one point */
    WKB_POINTS,
    WKB_LINES,
    WKB_POLYGONS,
    WKB_OTHER, /* a collection of several kinds, or curves: nothing is filled */
};

/* Fills *shape with the points as one part, the lines, or the rings of all polygons as they stand,
 * with room to close each (see rings_clean). ERROR_DATA, of which the message is to stand behind
 * the name of the row: counts that do not fit the bytes, nesting over 8 deep, numbers that are none
 * (a point of NaN is empty), bytes left over. */
bool wkb_read(struct shape *shape, enum wkb_kind *kind, const unsigned char *bytes, size_t length,
              struct error *error);

#endif

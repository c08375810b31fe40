/* Reads the plain WKT 1 of a .prj file into its numbers, so that the few systems that most files
 * are in are known without a database. */
#ifndef PLEIN_SPACE_CRS_WKT1_H
#define PLEIN_SPACE_CRS_WKT1_H

#include <stdbool.h>

enum crs_wkt1_parameter {
    CRS_WKT1_FALSE_EASTING,
    CRS_WKT1_FALSE_NORTHING,
    CRS_WKT1_CENTRAL_MERIDIAN,
    CRS_WKT1_SCALE_FACTOR,
    CRS_WKT1_LATITUDE_OF_ORIGIN,
    CRS_WKT1_PARAMETERS
};

/* Names are folded to lower case letters and digits. */
struct crs_wkt1 {
    bool projected;
    char datum[64], projection[64];
    double semi_major, flattening; /* the inverse flattening, as WKT has it */
    double meridian, angle_unit, length_unit;
    double parameters[CRS_WKT1_PARAMETERS]; /* NaN when not given */
};

/* False when the text is anything but a PROJCS or GEOGCS of the plainest kind: no datum shift, no
 * extension, axes east and north, no parameter beyond these five. */
bool crs_wkt1_read(struct crs_wkt1 *into, const char *text);

#endif

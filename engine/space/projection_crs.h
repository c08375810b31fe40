/* What a reference system is, and which one a study takes. */
#ifndef PLEIN_SPACE_PROJECTION_CRS_H
#define PLEIN_SPACE_PROJECTION_CRS_H

#include "engine/core/layer.h"

enum crs_kind { CRS_GEOGRAPHIC, CRS_PROJECTED, CRS_OTHER };
struct crs_facts {
    enum crs_kind kind;
    char name[128];     /* "Amersfoort / RD New" */
    char authority[32]; /* "EPSG:28992", or "" when the text matches no entry well enough */
    bool in_metres;     /* axis unit is the metre */
    double scale_error; /* largest |scale - 1| of the projection at the place asked; NaN when not
                           projected */
};
/* What a system is, at a place given in that system (the scale depends on it). ERROR_DATA: no
 * system. */
bool crs_describe(struct crs_facts *facts, const char *crs, double x, double y,
                  struct error *error);
/* WKT for a .prj or .aux.xml file (WKT1 GDAL, one line). The caller frees it. */
char *crs_wkt(const char *crs, struct error *error);
/* Name, WKT of both kinds and EPSG code, for files that tell what system they are in. */
bool crs_reference(struct reference *reference, const char *crs, struct error *error);
/* The study's system (DESIGN.md 4, --crs): writes "EPSG:n" or the boundaries' own text into
 * `chosen` (caller frees). `box` is the boundaries' box in their own system. */
bool crs_choose(char **chosen, const char *boundaries_crs, struct box box, struct error *error);

#endif

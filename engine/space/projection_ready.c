/* Ready pipelines for the systems that most studies are in. */
#include "engine/space/projection_ready.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TO_RADIANS "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
#define RD_NEW                                                                                     \
    "+step +proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 +k=0.9999079 "             \
    "+x_0=155000 +y_0=463000 +ellps=bessel"
/* EPSG:4830, "Amersfoort to ETRS89 (8)". */
#define HELMERT                                                                                    \
    "+step +proj=push +v_3 +step +proj=cart +ellps=GRS80 "                                         \
    "+step +inv +proj=helmert +x=565.7381 +y=50.4018 +z=465.2904 +rx=0.395025981036064 "           \
    "+ry=-0.330772431242031 +rz=1.87607329462821 +s=4.07244 +convention=coordinate_frame "         \
    "+step +inv +proj=cart +ellps=bessel +step +proj=pop +v_3 "

/* The cells of the correction grid over land and shelf: 0.02 by 0.0125 degrees from 2.5 E 50 N to 8
 * E 54 N, in Bessel's longitude and latitude. Its values are interpolated bilinearly, so there is a
 * kink at each cell's edge, and a patch that fits a cell has none inside. This plane takes ETRS89
 * to Bessel's degrees to 3 m over the Netherlands, which lays the edges well enough: the kinks bend
 * by a few mm a km. */
static const struct lattice_frame rd_grid_frame = {
    .column = {8.086e-05 / 0.02, 1.000144322 / 0.02, -8.167e-06 / 0.02},
    .row = {-0.004783976 / 0.0125, -2.807e-06 / 0.0125, 1.000110854 / 0.0125},
    .first_column = 125,
    .first_row = 4000,
    .columns = 275,
    .rows = 320,
};

struct lattice_frame ready_frame(double west, double south, double east, double north)
{
    double cells_a_degree = 20;
    struct lattice_frame frame = {
        .column = {0, cells_a_degree, 0},
        .row = {0, 0, cells_a_degree},
    };
    bool sensible =
        west >= -180 && south >= -90 && east <= 181 && north <= 91 && west < east && south < north;
    double columns = ceil((east - west) * cells_a_degree);
    double rows = ceil((north - south) * cells_a_degree);
    if (!sensible || columns * rows > LATTICE_MOST_CELLS)
        return frame;
    frame.first_column = (int)floor(west * cells_a_degree);
    frame.first_row = (int)floor(south * cells_a_degree);
    frame.columns = (int)columns;
    frame.rows = (int)rows;
    return frame;
}

bool ready_is_lonlat(const char *code)
{
    return strcmp(code, "EPSG:4326") == 0 || strcmp(code, "EPSG:4258") == 0;
}

bool ready_is_rd_new(const char *code)
{
    return strcmp(code, "EPSG:28992") == 0;
}

struct utm {
    int zone; /* 0: not a UTM system */
    bool south, etrs89;
};

static struct utm utm_of(const char *code)
{
    if (strncmp(code, "EPSG:", 5) != 0)
        return (struct utm){0};
    long number = strtol(code + 5, NULL, 10);
    if (number > 32600 && number <= 32660)
        return (struct utm){.zone = (int)number - 32600};
    if (number > 32700 && number <= 32760)
        return (struct utm){.zone = (int)number - 32700, .south = true};
    if (number >= 25828 && number <= 25838)
        return (struct utm){.zone = (int)number - 25800, .etrs89 = true};
    return (struct utm){0};
}

static void fill_utm(struct ready *ready, struct utm utm)
{
    snprintf(ready->name, sizeof ready->name, "%s / UTM zone %d%c",
             utm.etrs89 ? "ETRS89" : "WGS 84", utm.zone, utm.south ? 'S' : 'N');
    snprintf(ready->pipeline, sizeof ready->pipeline,
             TO_RADIANS "+step +proj=utm +zone=%d%s +ellps=%s", utm.zone,
             utm.south ? " +south" : "", utm.etrs89 ? "GRS80" : "WGS84");
    double middle = 6.0 * utm.zone - 183;
    ready->frame =
        ready_frame(fmax(middle - 4, -180), utm.south ? -81 : -1, middle + 4, utm.south ? 1 : 85);
}

static void fill_rd_new(struct ready *ready, const char *grid)
{
    snprintf(ready->name, sizeof ready->name, "Amersfoort / RD New");
    ready->gridded = grid != NULL;
    char *plain = grid ? ready->fallback : ready->pipeline;
    snprintf(plain, sizeof ready->fallback, TO_RADIANS HELMERT RD_NEW);
    if (grid)
        snprintf(ready->pipeline, sizeof ready->pipeline,
                 TO_RADIANS "+step +inv +proj=hgridshift +grids=%s " RD_NEW, grid);
    ready->frame = grid ? rd_grid_frame : ready_frame(1, 49, 9, 57);
}

bool ready_find(struct ready *ready, const char *code, const char *grid)
{
    *ready = (struct ready){0};
    struct utm utm = utm_of(code);
    if (ready_is_rd_new(code))
        fill_rd_new(ready, grid);
    else if (utm.zone)
        fill_utm(ready, utm);
    return ready->pipeline[0] != '\0';
}

/* Snyder (1987), eq. 8-7 for the transverse Mercator and the like for the stereographic: to second
 * order, which is plenty for telling 1 %. */
double ready_scale_error(const char *code, double x, double y)
{
    const double radius = 6378000;
    double east, north = 0, scale, share;
    if (ready_is_rd_new(code)) {
        east = (x - 155000) / radius;
        north = (y - 463000) / radius;
        scale = 0.9999079;
        share = 4;
    } else if (utm_of(code).zone) {
        east = (x - 500000) / radius;
        scale = 0.9996;
        share = 2;
    } else {
        return NAN;
    }
    return fabs(scale * (1 + (east * east + north * north) / share) - 1);
}

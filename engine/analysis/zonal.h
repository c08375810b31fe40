/* Zonal statistics: sums of rasters over the cells that lie in a polygon.
 *
 * A cell lies in it when its centre does, by the rule of shape_holds (geometry.h), whose arithmetic
 * this repeats to the bit; so two polygons that share a line share no cell. Rows are walked from
 * the south and cells from the west, whatever the order of the rings: a sum is the same for any.
 *
 * Source: Tomlin, Geographic Information Systems and Cartographic Modeling (1990), ch. 5. */
#ifndef PLEIN_ANALYSIS_ZONAL_H
#define PLEIN_ANALYSIS_ZONAL_H

#include "engine/core/geometry.h"
#include "engine/core/raster.h"

/* Rasters to sum, and room to work in that one polygon leaves to the next; zeroed but for the
 * rasters at first. */
struct zonal {
    const struct raster *const *rasters; /* all of one frame; borrowed */
    size_t count;
    size_t cells; /* out: how many lie in the last polygon */
    double *crossings;
    size_t capacity;
};

/* `sums`: one for each raster, in the raster's unit times cells. */
bool zonal_sum(struct zonal *zonal, const struct shape *shape, double *sums, struct error *error);
void zonal_free(struct zonal *zonal);

#endif

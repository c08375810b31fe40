/* The density surface of a study: extent, cell and unit as the options say, or as is usual. */
#ifndef PLEIN_STUDY_SURFACE_H
#define PLEIN_STUDY_SURFACE_H

#include "engine/core/raster.h"
#include "engine/study/gather.h"

/* The box of the selected jurisdictions, or --extent. */
bool surface_extent(struct box *extent, const struct study *study, struct error *error);
/* The cell's side for an extent: --cell, else a tenth of the bandwidth, coarser above 4 million
 * cells (a note says so). */
double surface_cell_m(struct study *study, struct box extent);
/* Density per hectare (or as --unit and --per-year say) over a raster made by raster_new. */
bool surface_density(struct raster *raster, const struct study *study,
                     const struct gathered *gathered, struct error *error);
/* How many incidents lie within the kernel's support of each cell. */
bool surface_support(struct raster *raster, const struct study *study,
                     const struct gathered *gathered, struct error *error);

#endif

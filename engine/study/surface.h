/* The density surface of a study: extent, cell and unit as the options say, or as is usual. */
#ifndef PLEIN_STUDY_SURFACE_H
#define PLEIN_STUDY_SURFACE_H

#include "engine/analysis/density.h"
#include "engine/study/gather.h"

/* The box of the selected jurisdictions, or --extent. */
bool surface_extent(struct box *extent, const struct study *study, struct error *error);
/* The cell's side for an extent: --cell, else a tenth of the bandwidth, coarser above 4 million
 * cells (a note says so). */
double surface_cell_m(struct study *study, struct box extent);

/* A surface of incidents that come part by part, in any order, and may be forgotten. Zeroed is
 * empty; it must stay where it is until it is closed. */
struct surface {
    const struct study *study;
    struct shape window; /* of an edge correction */
    struct density_sum *density, *support;
    bool takes_squares; /* set by the caller: those of packages, each spread over its square */
};
/* For a raster like this one, made by raster_new. */
bool surface_open(struct surface *surface, const struct raster *raster, const struct study *study,
                  struct error *error);
/* How many incidents lie within the kernel's support of each cell is counted too. Where that
 * matters no longer from `enough` on, they may be fewer than there are (density.h); 0: it always
 * does. */
bool surface_open_support(struct surface *surface, const struct raster *raster, double enough,
                          struct error *error);
/* The take of gather_parts, whose state is the surface. */
bool surface_take(void *surface, const struct gathered *part, struct error *error);
/* Writes what surface_density does of all parts; `gathered` tells of their times. */
bool surface_finish(struct raster *raster, struct surface *surface, const struct gathered *gathered,
                    struct error *error);
bool surface_finish_support(struct raster *raster, struct surface *surface, struct error *error);
void surface_close(struct surface *surface);

/* Density per hectare (or as --unit and --per-year say) over a raster made by raster_new. */
bool surface_density(struct raster *raster, const struct study *study,
                     const struct gathered *gathered, struct error *error);
/* How many incidents lie within the kernel's support of each cell. */
bool surface_support(struct raster *raster, const struct study *study,
                     const struct gathered *gathered, struct error *error);
/* Makes cells unknown whose support, a raster of the same cells, is less than `least`. */
void surface_blank(struct raster *raster, const struct raster *support, double least);

#endif

/* Layers of an export besides the incidents: jurisdictions with counts, clusters, density. */
#ifndef PLEIN_REPORT_EXPORT_LAYERS_H
#define PLEIN_REPORT_EXPORT_LAYERS_H

#include "engine/core/raster.h"
#include "engine/report/export_common.h"

/* The selected jurisdictions with counts per domain and per category of the vocabulary. */
bool export_jurisdictions(struct layer *layer, const struct export_source *from,
                          struct error *error);
/* What `plein clusters` writes. */
bool export_clusters(struct layer *layer, const struct export_source *from, struct error *error);
/* The density, unknown where fewer than --min-count incidents lie within the kernel's reach. */
bool export_raster(struct raster *raster, const struct export_source *from, struct error *error);
/* Its cells that are not 0 and known, as squares. */
bool export_cells(struct layer *layer, const struct raster *raster, struct error *error);

#endif

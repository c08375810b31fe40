/* Writes what a study has found into one file of a format that others work with. */
#ifndef PLEIN_REPORT_EXPORT_H
#define PLEIN_REPORT_EXPORT_H

#include "engine/study/study.h"

/* Which layers: those of --layer; else all that the format has room for (gpkg, xlsx), the incidents
 * (geojson, shp, csv) or the density (geotiff). Incidents are counts by square, rows only with
 * --rows. ERROR_USAGE: no format, a layer that there is not, or more of them than the format holds.
 */
struct export_plan {
    enum export_format format;
    bool incidents, clusters, jurisdictions, density;
};
bool export_plan(struct export_plan *plan, const struct options *options, struct error *error);
/* Reads the incidents once and writes the file, whole or not at all. */
bool export_write(struct study *study, const struct export_plan *plan, struct error *error);

#endif

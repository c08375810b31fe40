/* The package for the neighbour: one zip with tables, a map, what they mean and what they may be
 * used for. */
#ifndef PLEIN_REPORT_HANDOVER_PACKAGE_H
#define PLEIN_REPORT_HANDOVER_PACKAGE_H

#include "engine/study/handover.h"

/* The rules by which a package is made and verified; a change of them gets a new number. */
#define HANDOVER_RULES "1"

/* Writes datapackage.json (Frictionless Data Package), README.txt, squares.csv, squares.geojson,
 * clusters.csv, map.png and table.xlsx into a zip, whole or not at all; under an agreement
 * incidents.csv too, of which manifest and letter speak first. The same counts give the same bytes.
 */
bool handover_package_write(const struct handover *handover, const char *path, struct error *error);

#endif

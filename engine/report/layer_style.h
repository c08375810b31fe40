/* The styles that a desktop GIS opens an exported layer with: QGIS's own, and SLD for others. */
#ifndef PLEIN_REPORT_LAYER_STYLE_H
#define PLEIN_REPORT_LAYER_STYLE_H

#include "engine/core/layer.h"

/* Fills layer->qml and layer->sld: jurisdictions as outlines with their names, squares and cells
 * of density in five classes of about as many, clusters as outlines with their incidents, rows by
 * domain. */
bool layer_style(struct layer *layer, struct error *error);

#endif

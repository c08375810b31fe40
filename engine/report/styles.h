/* The style that a map is drawn in: one of the folder styles/, or a file of the user's. */
#ifndef PLEIN_REPORT_STYLES_H
#define PLEIN_REPORT_STYLES_H

#include "engine/draw/style.h"
#include "engine/study/options.h"

/* Reads what --style names into *style; the default without one. */
bool styles_choose(struct style *style, const struct options *options, struct error *error);
/* The same for what is more than one map: ERROR_USAGE for a style without a sheet. */
bool styles_choose_sheet(struct style *style, const struct options *options, struct error *error);

#endif
